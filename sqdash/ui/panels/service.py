"""Blocks of 服務品質."""

from __future__ import annotations

from markupsafe import Markup

from sqdash import formats, periods
from sqdash.figures import Result
from sqdash.indicators import BY_KEY
from sqdash.tables import CHECK_KINDS
from sqdash.ui import blocks, cards, charts, drawn, folds, loads, tables
from sqdash.ui.charts import Chart
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept


def surveys(screen: Screen) -> None:
    """The surveys of the year behind the satisfaction figures."""
    held = formats.figure_with_unit(screen.result("surveys_held"))
    place, asked = folds.fold(f"民意調查（{held}）", "surveys", icon=":material/poll:")
    with place:
        tables.show(
            _surveys(screen),
            right=("發出", "有效", "滿意度"),
            alt="各項民意調查的期間、份數與結果",
            empty="沒有調查紀錄。",
            drawn_now=asked,
        )


@Kept
def _surveys(screen: Screen) -> list[dict[str, str]]:
    return [
        {
            "調查": row["title"],
            "期間": _span(row["held_from"], row["held_to"]),
            "發出": _count(row["asked"]),
            "有效": _count(row["valid"]),
            "滿意度": f"{row['satisfaction']}%" if row["satisfaction"] is not None else "未填",
            "來源": tables.source_text(row),
        }
        for row in loads.surveys(screen.store, screen.state, screen.period.roc_year)
    ]


def _span(start: str | None, end: str | None) -> str:
    days = [periods.roc_day_of(day) for day in (start, end) if day]
    return "–".join(dict.fromkeys(days)) or "未填"


def _count(value: int | None) -> str:
    return "未填" if value is None else f"{value:,}"


def petitions(screen: Screen, keys: list[str]) -> None:
    """Petitions in all and by month, or that only the whole figure or one month is known."""
    found = screen.so_far(loads.petitions)
    said = [blocks.headed("人民陳情", cards.counts(screen, keys, across=3))]
    if words := _of_months(screen, [month for month, *_ in found]):
        said.append(blocks.line(words, dim=True))
    if len(found) > 1:
        charts.show(_petitions(screen), *said)
    else:
        blocks.draw(*said)


def _of_months(screen: Screen, months: list[str]) -> str:
    """What must be known of the months in the figures; nothing where a chart has them all."""
    if not months:
        known = screen.result("petitions_received").figure
        none = "按月登錄，這個期間沒有整月的件數。" if screen.period.cuts_months else "這個期間還沒有陳情件數。"
        return "沒有各月件數，只有上面的全期數字。" if known else none
    if screen.period.cuts_months:
        named = "、".join(map(periods.roc_month, months))
        return f"按月登錄，期間頭尾不滿一個月的不計；上面只有 {named} 的件數。"
    only = len(months) == 1 and len(screen.period.months) > 1
    return f"各月件數只有 {periods.roc_month(months[0])} 的。" if only else ""


@Kept
def _petitions(screen: Screen) -> Chart:
    found = screen.so_far(loads.petitions)
    received, closed = sum(row[1] for row in found), sum(row[2] for row in found)
    series = {"受理": [float(row[1]) for row in found], "辦結": [float(row[2]) for row in found]}
    figure = charts.months_group([row[0] for row in found], series, unit="件", palette=screen.palette)
    finding = f"{len(found)} 個月受理 {received:,} 件，辦結 {closed:,} 件"
    return Chart(
        figure,
        finding=finding,
        name="人民陳情各月件數",
        rows=lambda: [{"月份": periods.roc_month(m), "受理": f"{r:,}", "辦結": f"{c:,}"} for m, r, c in found],
        right=("受理", "辦結"),
        key="petitions_months",
    )


def _rule(result: Result) -> str:
    """The target or rhythm, or why none applies, where that is known."""
    if not (applied := result.applied):
        return result.unaimed or "—"
    words = formats.target(BY_KEY[result.key], applied)
    bare = applied.value is not None and applied.target.kind != "norm"
    return formats.with_unit(words, BY_KEY[result.key].unit) if bare else words


def checks(screen: Screen, keys: list[str]) -> None:
    """The checks against their target or rhythm, and how often by month."""
    blocks.section("查核與測試", _checks(screen, tuple(keys)))
    months = _checks_by_month(screen)
    if not months:
        return
    place, asked = folds.fold("各月次數", "checks_by_month", icon=":material/table_view:")
    with place:
        tables.show(months, right=[*months[0]][1:], alt="各項查核與測試的各月次數", drawn_now=asked)


@drawn.kept
def _checks(screen: Screen, keys: tuple[str, ...]) -> Markup:
    rows = [
        {
            "項目": BY_KEY[key].label,
            "狀態": cards.state_text(screen.result(key)),
            "結果": formats.figure_with_unit(screen.result(key)),
            "目標或規律": _rule(screen.result(key)),
            "去年": formats.figure_with_unit(screen.board.before[key]),
        }
        | cards.moved_cell(screen, key)
        for key in keys
    ]
    alt = "各項查核與測試的結果、規律與狀態"
    return tables.table(rows, right=("結果", "去年"), whole=("項目", "狀態", "結果", "去年"), alt=alt)


@Kept
def _checks_by_month(screen: Screen) -> list[dict[str, str]]:
    found = screen.so_far(loads.checks_by_month)
    labels = dict(CHECK_KINDS)
    counts = {(kind, month): (rows_, failed) for kind, month, rows_, failed, _ in found}
    return [
        {"月份": periods.roc_month(month)} | {labels[kind]: _month_cell(counts.get((kind, month))) for kind in labels}
        for month in (screen.period.months if found else ())
    ]


def _month_cell(found: tuple[int, int] | None) -> str:
    if found is None:
        return "—"
    rows, failed = found
    return f"{rows:,}（異常 {failed:,}）" if failed else f"{rows:,}"


def recognitions(screen: Screen) -> None:
    """Marks obtained and roles held, as the year's report states them."""
    rows = [
        {
            "名稱": row["label"],
            "等級": row["level"] or "",
            "取得年度": f"{row['obtained_year']} 年度" if row["obtained_year"] else "未陳報",
            "說明": row["note"] or "",
        }
        for row in loads.rows_of_year(screen.store, screen.state, "recognitions", screen.period.roc_year)
    ]
    if rows:
        blocks.section("標章與角色", tables.table(rows, alt="取得的標章與擔任的角色"))
