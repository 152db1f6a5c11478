"""The posts in figures at a stated age, and what would reach a target that is missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from markupsafe import Markup, escape

from sqdash import formats
from sqdash.analysis import posts, reach_target
from sqdash.analysis.attention import SHORT
from sqdash.analysis.reach_target import Goal
from sqdash.figures import PostFigure, Result
from sqdash.indicators import BY_KEY
from sqdash.ui import blocks, cards, drawn, loads_posts, tables
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept
from sqdash.ui.panels import posts_groups, reasons

_BASES = {0: "最新", 7: "發布 7 天", 28: "發布 28 天"}
_WORDS = {
    0: "以每篇最近一次的數據計算，新貼文的數字還會長",
    7: "以每篇發布滿 7 天（前後 1 天內）的數據計算，各篇一樣久",
    28: "以每篇發布滿 28 天（前後 3 天內）的數據計算，各篇一樣久",
}
_STEPS = {"likes_per_post": 10, "reach_per_post": 100}


def goal(result: Result) -> Goal | None:
    """What the mean should reach; None where no target holds for what is measured."""
    if not result.applied or result.applied.value is None or result.over_target is None:
        return None
    return Goal(result.applied.target.comparator, result.applied.value)


def statistics(screen: Screen, keys: Sequence[str]) -> int:
    """Mean, median, share over target and n of each measure at the chosen age; the age in days (0: newest)."""
    known = [(key, figure) for key in keys if (figure := screen.result(key).posts)]
    if not known:
        return 0
    blocks.section("每篇成效")
    basis = st.segmented_control(
        "數據時點", list(_BASES), default=0, format_func=_BASES.__getitem__, key="basis", required=True
    )
    rows = [_row(screen, key, figure, basis or 0) for key, figure in known]
    found = tables.table(
        rows,
        alt=f"每篇平均、中位數與達標比率，{_WORDS[basis or 0]}",
        right=[name for name in rows[0] if name != "指標"],
        whole=("指標",),
    )
    note = f"{_WORDS[basis or 0]}；沒有這個時點數據的貼文不計入。付費推廣的貼文也在內，清單中另有標示。"
    blocks.draw(found, blocks.line(note, dim=True))
    return basis or 0


def _row(screen: Screen, key: str, figure: PostFigure, basis: int) -> dict[str, str]:
    result, unit = screen.result(key), BY_KEY[key].unit
    judged = goal(result)
    counts = figure.counts
    if basis:
        counts = tuple(loads_posts.post_counts(screen.store, screen.state, screen.period.code, figure.measure, basis))
    found = posts.statistics(
        counts, figure.posts, judged.comparator if judged else ">=", judged.value if judged else None
    )
    measured = "，".join(filter(None, (unit, formats.measured_by(result))))
    row = {
        "指標": BY_KEY[key].label.removeprefix("每篇平均") + f"（{measured}）",
        "平均": _number(found.mean),
        "中位數": _number(found.median),
        "達標比率": "—" if found.share is None else formats.percent(found.share),
        "有數據的篇數": f"{found.n:,}／共 {found.posts:,}",
    }
    if not basis:
        row["各月平均"] = _monthly(figure, _STEPS[key])
    return row


def _monthly(figure: PostFigure, step: int) -> str:
    """The range of the months' means as the yearly report writes it, and so named about; of one month there is none."""
    spread = posts.monthly_range(figure.months, step) if len(figure.months) > 1 else None
    return "—" if spread is None else "約 " + "–".join(f"{value:,}" for value in dict.fromkeys(spread))


def _number(value: float | None) -> str:
    return "無資料" if value is None else formats.number(value, 1)


@drawn.kept
def targets(screen: Screen, keys: tuple[str, ...]) -> Markup:
    """Each measure against its target; where it is short what would reach it, and why it is so.

    Of one alone that is short these stand side by side across the page: under its card they would leave the other half
    of the screen empty.
    """
    shown = {key: cards.indicator(screen, key, below=cards.before_after(screen, key)) for key in keys}
    short = [key for key in keys if screen.result(key).state in SHORT]
    if len(short) == 1 and _wanted(screen.result(short[0])):
        beside = blocks.halves(way(screen, short[0]), reasons.why(screen, short[0]))
        return blocks.halves(*shown.values()) + beside
    whole = (blocks.stacked(card, way(screen, key), reasons.why(screen, key)) for key, card in shown.items())
    return blocks.halves(*whole)


def _wanted(result: Result) -> Goal | None:
    """What the posts' mean should reach and does not; None where that is not asked."""
    wanted, figure = goal(result), result.posts
    if result.state not in SHORT or figure is None or wanted is None:
        return None
    return None if wanted.met(figure.total / figure.n) else wanted


@Kept
def way(screen: Screen, key: str) -> Markup:
    """What the gap is, what the differences go with and what would reach the target; nothing where it is reached."""
    result, figure = screen.result(key), screen.result(key).posts
    wanted = _wanted(result)
    if wanted is None or figure is None:
        return Markup()
    unit = BY_KEY[key].unit
    lines = [
        reach_target.gap_sentence(figure.total / figure.n, figure.n, wanted, unit, reported=result.basis != "computed"),
        *_mixes(screen, figure, wanted, unit),
    ]
    if screen.board.as_of < screen.period.end:
        done = (screen.board.as_of - screen.period.start).days + 1
        left = reach_target.rest(figure.n, figure.total, wanted, done, screen.period.days - done)
        lines += [reach_target.rest_sentence(left, wanted, unit)] if left else []
    box = (
        blocks.heading(2, f"{BY_KEY[key].label}怎樣能達標"),
        blocks.listed(*map(escape, lines)),
        blocks.notes("怎麼算的", _HOW),
    )
    return blocks.box(*box, key=f"way_{key}")


def unrelated(compared: Mapping[str, bool]) -> str:
    """That no dimension goes with the differences; of one whose groups could not be compared nothing is claimed."""
    seen, rest = ([name for name, able in compared.items() if able is which] for which in (True, False))
    said = f"{'、'.join(seen)}{'都' if len(seen) > 1 else ''}看不出與差異有關，沒有可以據以調配的分類"
    return f"{said}；{'、'.join(rest)}還不能比較（未註明，或各類篇數太少）。" if rest else f"{said}。"


_HOW = (
    "解釋比率是分組間平方和占總平方和的比率（η²），扣除組數多寡的影響（ε²）後比大小，看哪一種分類與差異最有關；"
    "這是一起出現，不一定是原因。",
    "調配的算法：最好的一類維持其平均，其餘各篇維持其餘的平均，求達到目標最少要幾篇。",
)


def _mixes(screen: Screen, figure: PostFigure, wanted: Goal, unit: str) -> list[str]:
    """The dimension that explains most, and a change of mix by it; by another where that one reaches the target."""
    found = posts_groups.explained(screen, figure.measure, figure.counts)
    telling = posts.most_telling(found)
    if not any(found.values()):
        return ["各類的篇數太少或沒有差異，還不能比較，沒有可以據以調配的分類。"]
    words = posts_groups.DIMENSIONS
    if telling is None:
        return [unrelated({words[n]: e is not None for n, e in found.items()})]
    told = found[telling]
    lines = (
        [f"各篇的差異與「{words[telling]}」最有關：解釋 {told.eta2:.0%}（扣除組數影響後 {told.adjusted:.0%}）。"]
        if told
        else []
    )
    order = sorted(
        (n for n, e in found.items() if e and e.adjusted > 0), key=lambda n: -(e.adjusted if (e := found[n]) else 0)
    )
    mixes = {n: m for n in order if (m := reach_target.mix(posts_groups.groups(screen, n, figure.measure), wanted))}
    reaching = next((n for n, m in mixes.items() if m.needed is not None), None)
    shown = [n for n in dict.fromkeys((telling, reaching)) if n in mixes]
    return lines + [reach_target.mix_sentence(words[n], mixes[n], wanted, unit) for n in shown if n]
