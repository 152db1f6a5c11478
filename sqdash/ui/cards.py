"""Cards: one indicator with its target, and the quiet row of counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from markupsafe import Markup

from sqdash import formats, periods
from sqdash.analysis.alerts import LABELS, SEVERITIES, not_shown
from sqdash.analysis.attention import Item
from sqdash.figures import Opening, Result
from sqdash.freshness import ICONS
from sqdash.indicators import BY_KEY
from sqdash.periods import Period
from sqdash.records import Alert
from sqdash.ui import blocks, drawn, pictures
from sqdash.ui.frame import Screen, freshness_of, way
from sqdash.ui.memory import Kept
from sqdash.ui.menu import is_page
from sqdash.ui.palette import ALERT_LOOK, FRESHNESS_COLOR, STATE_LOOK
from sqdash.ui.tables import table


def badge(result: Result) -> Markup:
    """State as icon, word and colour."""
    return blocks.badge(state_text(result), STATE_LOOK[result.state][1])


def figure(result: Result, level: Literal[3, 4]) -> Markup:
    """The figure as a heading of that level, its unit small beside it; the word for what is missing alone."""
    unit = BY_KEY[result.key].unit
    if result.figure is None:
        return blocks.heading(level, blocks.colored(formats.figure(result), "gray"))
    lead = (blocks.small(result.figure.qualifier, "gray"), " ") if result.figure.qualifier else ()
    number = formats.figure(result, qualified=False)
    small = (blocks.small(unit),) if unit == "%" else (" ", blocks.small(unit, "gray"))
    return blocks.heading(level, *lead, number, *small)


def indicator(
    screen: Screen, key: str, *, below: str, onward: Markup | None = None, trend: Sequence[float | None] = ()
) -> Markup:
    """One target in ten seconds: state, figure, gap in words, before → after, small trend, where to look.

    Cards side by side stretch to the highest, and their last lines stand side by side too.
    """
    result, name = screen.result(key), BY_KEY[key].label
    goal = result.applied.value if result.applied else None
    gap, bar = formats.gap(result), pictures.bar(result.figure, goal, screen.palette)
    spoken = f"{name} {formats.figure_with_unit(result)}，{gap}，{formats.state(result)}"
    line = pictures.trend(trend, goal, screen.palette)
    last = [blocks.picture(line, alt=_trend_words(name, trend))] if line else []
    last += [blocks.onward(onward)] if onward else []
    return blocks.box(
        blocks.head(name, badge(result)),
        figure(result, 3),
        *([blocks.picture(bar, alt=spoken)] if bar else []),
        blocks.line(gap),
        blocks.line(below, dim=True),
        _basis_line(screen, result),
        *_moved_and_note(screen, key),
        *([blocks.low(*last)] if last else []),
        key=key,
    )


def onward(screen: Screen, page: str, label: str) -> Markup:
    """To another page for the same period."""
    return way(page, label, icon="arrow_forward", period=screen.period.code)


def _basis_line(screen: Screen, result: Result) -> Markup:
    """Basis and day; where the figure arrives day by day, how new it is."""
    fresh = freshness_of(screen.board, result)
    how_new = ("　", blocks.whole(blocks.colored(fresh.text, FRESHNESS_COLOR[fresh.level]))) if fresh else ()
    return blocks.line(basis_and_day(result), *how_new, dim=True)


def basis_and_day(result: Result) -> str:
    """陳報值・截至 103/12/31: what kind of figure it is and how new."""
    if result.basis is None:
        return "沒有數字"
    as_of = f"截至 {periods.roc_day(result.as_of)}" if result.as_of else result.as_of_words or "未註明截至日"
    words = [formats.BASES[result.basis], as_of]
    if measured := formats.measured_by(result):
        words.append(measured)
    return "・".join(words + ([result.note] if result.note else []))


def _trend_words(name: str, values: Sequence[float | None]) -> str:
    known = [v for v in values if v is not None]
    return f"{name}各月走勢：從 {formats.number(known[0])} 到 {formats.number(known[-1])}"


def counts(
    screen: Screen, keys: Iterable[str], *, across: Literal[3, 4, 5, 6], labels: Mapping[str, str] | None = None
) -> Markup:
    """Counts side by side, each with its plan and last year under it, where there is one."""
    return _counts(screen, tuple((key, (labels or {}).get(key) or label(key)) for key in keys), across)


@Kept
def _counts(screen: Screen, names: tuple[tuple[str, str], ...], across: Literal[3, 4, 5, 6]) -> Markup:
    return blocks.boxes([blocks.box(*_count(screen, key, name)) for key, name in names], across)


def _count(screen: Screen, key: str, name: str) -> list[Markup]:
    result = screen.result(key)
    before = screen.board.before[key]
    lines = [blocks.line(name, dim=True), figure(result, 4)]
    if result.applied and result.applied.value is not None:
        goal = formats.target(BY_KEY[key], result.applied)
        lines.append(blocks.line(colored_state(result), f"　{goal}", small=True))
    if before.figure:
        lines.append(blocks.line(f"去年 {formats.figure_with_unit(before)}", dim=True))
    return [*lines, *_moved_and_note(screen, key)]


def _moved_and_note(screen: Screen, key: str) -> list[Markup]:
    """Under a figure of a locked year what it is today, where that is otherwise; management's note on it."""
    lines = []
    if now := screen.board.now.get(key):
        lines.append(blocks.line(blocks.colored(moved_text(screen.result(key), now), "blue"), small=True))
    if text := screen.board.notes.get(key):
        lines.append(blocks.line(f"首長註記：{text}", dim=True))
    return lines


def moved_text(locked: Result, now: Result) -> str:
    """≠ 現在 57 場次，達標（鎖定後有變）."""
    return f"≠ {formats.beside(locked, now)}（鎖定後有變）"


def moved_cell(screen: Screen, key: str) -> dict[str, str]:
    """The column of a table for what is otherwise today, where anything of a locked year is."""
    if not screen.board.now:
        return {}
    return {"現在": formats.today(screen.result(key), screen.board.now.get(key))}


def label(key: str) -> str:
    """The indicator's name."""
    return BY_KEY[key].label


def unit(key: str) -> str:
    """The indicator's unit."""
    return BY_KEY[key].unit


def state_text(result: Result) -> str:
    """The state as icon and word, for table cells."""
    return f"{STATE_LOOK[result.state][0]} {formats.state(result)}"


def colored_state(result: Result) -> Markup:
    """The state as coloured icon and word, for a line of a block."""
    return blocks.colored(state_text(result), STATE_LOOK[result.state][1])


def gained(screen: Screen) -> str:
    """The year's opening figure where it is known; what people reported of where fans came from."""
    result = screen.result("fans")
    parts = [f"{_opened(result.opening)} → {formats.figure(result)}"] if result.opening else []
    for key, words in (("fans_gained_events", "活動帶動"), ("fans_gained_promotion", "推廣小組帶動")):
        result = screen.result(key)
        if result.figure:
            parts.append(f"{words}{formats.figure_with_unit(result)}")
    return "，".join(parts) or "帶動來源未陳報"


def _opened(opening: Opening) -> str:
    """年初 16,300; 103/06/30 16,300 where nothing later is known of the year before."""
    when = "年初" if opening.day.month == 12 else periods.roc_day(opening.day)
    return f"{when} {opening.value:,.0f}"


def before_after(screen: Screen, key: str) -> str:
    """計畫前 → 計畫後 as stated; the share over target where posts are known."""
    result = screen.result(key)
    parts = []
    if result.basis == "computed" and result.n is not None:
        among = f"{result.n:,} 篇" + (f"（共 {result.expected_n:,} 篇）" if result.expected_n != result.n else "")
        share = f"{formats.of_all(result.over_target)} 達標" if result.over_target is not None else ""
        parts.append(f"{among}{share}，中位數 {formats.number(result.median or 0, 1)}")
    stated = result.reading.stated if result.reading else None
    if result.before and stated:
        word = "陳報：計畫前" if result.basis == "computed" else "計畫前"
        parts.append(f"{word} {formats.interval(result.before)} → 計畫後 {formats.interval(stated)}")
    if result.basis != "computed" and (posts := result.posts):
        mean = formats.number(posts.total / posts.n, 1)
        beside = "（陳報值另計）" if result.basis else ""  # they are no basis of what is stated
        parts.append(f"已登錄 {posts.n:,} 篇的全期平均 {mean}{beside}")
    if result.basis != "computed":
        parts += [f"{r.note or '另有'}{formats.interval(r.stated)}" for r in result.also]
    return "；".join(parts) or "前期未陳報"


def monthly_means(result: Result, period: Period) -> list[float | None]:
    """Mean per month of the period, None where there is none, for a small trend."""
    if not result.posts:
        return []
    known = {month: total / n for month, n, total in result.posts.months if n}
    return [known.get(month) for month in period.months]


def service(screen: Screen, keys: Sequence[str]) -> Markup:
    """Satisfaction and petitions in one quiet table, this period and last year."""
    known = any(screen.board.before[key].figure for key in keys)
    rows = [
        {"項目": label(key), "結果": formats.figure_with_unit(screen.result(key))}
        | ({"去年": formats.figure_with_unit(screen.board.before[key])} if known else {})
        | moved_cell(screen, key)
        for key in keys
    ]
    right = ("結果", "去年") if known else ("結果",)
    alt = "服務滿意度與人民陳情的結果及去年數值" if known else "服務滿意度與人民陳情的結果"
    return blocks.box(
        blocks.head("服務品質", blocks.onward(onward(screen, "service", "看調查、陳情與查核"))),
        table(rows, right=right, alt=alt),
        *([] if known else [blocks.line("去年沒有資料可以對照。", dim=True)]),
        key="service",
    )


def matters(screen: Screen, standing: Iterable[Alert]) -> list[Item | Alert]:
    """What is missed, behind, not stated or stale, and of the ``standing`` alerts those that say something else; noted
    for the page's file.

    The most important first: what is missed, urgent alerts, then the rest in turn.
    """
    items = screen.board.attention
    together: list[Item | Alert] = [*items, *not_shown(standing, items, screen.period)]
    lines = sorted(together, key=_importance)
    drawn.add("需要注意", [_attention_row(line) for line in lines])
    return lines


def attention(screen: Screen, lines: Sequence[Item | Alert], most: int = 5) -> Markup:
    """These :func:`matters`, each a link to where it is mended; what is beyond the first ones folded away."""
    shown = most if len(lines) > most + 1 else len(lines)  # one line more takes no more room than saying so
    first, rest = ([_matter(screen, line) for line in some] for some in (lines[:shown], lines[shown:]))
    return blocks.box(
        blocks.heading(2, f"需要注意（{len(lines)}）"),
        *_nothing_to_mend(screen),
        *([blocks.matters(*first)] if first else []),
        *([blocks.more(f"其餘 {len(rest)} 項", blocks.matters(*rest))] if rest else []),
        key="attention",
    )


def _nothing_to_mend(screen: Screen) -> list[Markup]:
    period = screen.period.label
    if not any(result.figure for result in screen.board.results.values()):
        return [
            blocks.line(blocks.colored("◔", "gray"), f" {period}還沒有任何資料。"),
            blocks.onward(way("upload", "到資料登錄與上傳", icon="upload_file")),
        ]
    if screen.board.attention:
        return []
    if all(result.state in ("no_target", "no_data") for result in screen.board.results.values()):
        return [
            blocks.line(blocks.colored("◔", "gray"), f" {period}沒有可以判斷的目標或規律。"),
            blocks.onward(way("settings", "到「設定」看目標與規律", icon="tune")),
        ]
    text = f" {period}設有目標的各項都達標或依進度（{periods.roc_day(screen.board.as_of)} 判斷）。"
    return [blocks.line(blocks.colored("✔", "green"), text)]


def _attention_row(line: Item | Alert) -> dict[str, str]:
    """The line for the page's file."""
    if isinstance(line, Item):
        return {"事項": line.text, "說明": line.detail, "主辦": "、".join(line.units)}
    return {"事項": f"{SEVERITIES[line.severity]}：{LABELS[line.rule]}", "說明": line.text, "主辦": ""}


def _importance(line: Item | Alert) -> int:
    """The place in a director's list; lines of one place keep their order."""
    if isinstance(line, Item):
        return {"missed": 0, "behind": 2, "partly": 3, "unconfirmed": 4, "unstated": 5, "stale": 6}[line.kind]
    return {"urgent": 1, "warning": 4, "notice": 7}[line.severity]


def _matter(screen: Screen, line: Item | Alert) -> list[Markup]:
    """What it is, as a link to where it is mended, and what is said of it."""
    if isinstance(line, Item):
        icon, color = _ATTENTION_LOOK[line.kind]
        units = f"主辦：{'、'.join(line.units)}" if line.units else ""
        said = "　".join(part for part in (line.detail, units) if part)
        link = way(line.page, blocks.colored(icon, color), f" {line.text}", period=screen.period.code)
    else:
        icon, color = ALERT_LOOK[line.severity]
        head = blocks.colored(f"{icon} {SEVERITIES[line.severity]}", color)
        said = line.text
        link = way(line.page if is_page(line.page) else "upload", head, f" {LABELS[line.rule]}")
    return [blocks.line(link), *([blocks.line(said, dim=True)] if said else [])]


_ATTENTION_LOOK = {
    "missed": STATE_LOOK["missed"],
    "behind": STATE_LOOK["behind"],
    "partly": STATE_LOOK["partly"],
    "unconfirmed": STATE_LOOK["no_target"],
    "unstated": STATE_LOOK["no_data"],
    "stale": (ICONS["stale"], FRESHNESS_COLOR["stale"]),
}
