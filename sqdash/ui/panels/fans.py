"""Blocks of 粉絲人數: what was stated, the daily line, the months, and followers as the other measure they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from markupsafe import Markup

from sqdash import formats, periods
from sqdash.analysis.day_series import END_WITHIN, MonthGain, Series
from sqdash.fan_view import FanView
from sqdash.figures import Applied, DayFigure, Result
from sqdash.importers import registry
from sqdash.ui import blocks, cards, charts, drawn, frame, loads, tables
from sqdash.ui.charts import Chart
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept

_WAYS = {"pull": "擷取", "entry": "人工登錄", "generated": "示範資料"}
_DAYS, _MONTHS = "每日走勢", "每月淨增"
_TOLD = 4  # marks of a chart of which each is told
_WHY = {"no_end": "沒有月底數據", "no_before": "沒有上月底數據", "break": "來源改變，不相減"}


@drawn.kept
def standing(screen: Screen, keys: tuple[str, ...]) -> Markup:
    """The target, and beside it every statement about fans of this period, as stated."""
    card = cards.indicator(screen, "fans", below=cards.gained(screen))
    return blocks.beside(card, _stated(screen, keys), widths="2-3")


def _stated(screen: Screen, keys: Sequence[str]) -> Markup:
    rows = [row for key in keys for row in _stated_rows(screen.result(key))]
    found = tables.table(rows, right=("數值",), alt="粉絲人數與帶動來源的陳報內容", empty="這個期間沒有陳報。")
    return blocks.box(blocks.heading(2, "陳報內容"), found)


def _stated_rows(result: Result) -> list[dict[str, str]]:
    name, rows = cards.label(result.key), []
    for reading in ([result.reading] if result.reading else []) + list(result.also):
        as_of = periods.roc_day(reading.as_of) if reading.as_of else (reading.as_of_words or "")
        text = formats.with_unit(formats.interval(reading.stated), cards.unit(result.key))
        rows.append({"項目": name, "數值": text, "截至": as_of, "出處": reading.source.place or ""})
    for further in result.further:
        rows.append(
            {"項目": "進一步目標", "數值": _goal(further, result.key), "截至": "", "出處": further.target.note or ""}
        )
    return rows


def _goal(applied: Applied, key: str) -> str:
    if applied.value is None:
        return "未定數值"
    more = "超過 " if applied.target.comparator == ">" else ""
    return more + formats.with_unit(formats.number(applied.value), cards.unit(key))


def days(screen: Screen, view: FanView, *above: Markup) -> Markup:
    """The daily line with target, pace and fan events, or why there is none, below what stands ``above``; what is to be
    told below it, which comes with the next block."""
    if len(view.days) == 1:
        only = view.days[0]
        said = f"只有 {periods.roc_day(only.day)} 一天的粉絲數：{only.value:,} 人，兩天以上才畫得出走勢。"
        return Markup().join((*above, blocks.headed(_DAYS, blocks.line(said))))
    if not view.days:
        blocks.draw(*above, blocks.headed(_DAYS))
        frame.nothing_yet("每日粉絲數")
        if (result := screen.result("fans")).figure:
            blocks.draw(blocks.line(f"目前只有陳報值：{formats.figure_with_unit(result)}。"))
        return Markup()
    charts.show(_days(screen), *above)
    return _notes(screen)


@Kept
def _days(screen: Screen) -> Chart:
    view, applied = loads.fans(screen.store, screen.state, screen.period), screen.result("fans").applied
    figure = charts.days_line(
        [_points(series) for series in view.series],
        name="粉絲人數",
        goal=applied.value if applied else None,
        events=[activity.first.isoformat() for activity in view.activities],
        breaks=_breaks(view.series),
        pace=[(day.isoformat(), round(due, 1)) for day, due in view.line or ()],
        palette=screen.palette,
    )
    return Chart(
        figure,
        finding=finding(view.series, "粉絲"),
        name="粉絲人數每日",
        rows=partial(_day_rows, view.days),
        right=("人數",),
        key="fans_days",
        section=_DAYS,
    )


def finding(runs: Sequence[Series], name: str) -> str:
    """From where to where the newest series went, and by how many people."""
    first, last = runs[-1][0], runs[-1][-1]
    if len(runs[-1]) == 1:
        said = f"{name}在 {periods.roc_day(last.day)} 是 {last.value:,} 人"
        if len(runs) == 1:
            return said
        said, before = f"{said}（來源或日界改變後的第一天）", runs[-2]
        span = f"{periods.roc_day(before[0].day)} 到 {periods.roc_day(before[-1].day)}"
        return said if len(before) == 1 else f"{said}，之前 {span} {_moved(before)}"
    return (
        f"{name}從 {periods.roc_day(first.day)} 的 {first.value:,} 人到 "
        f"{periods.roc_day(last.day)} 的 {last.value:,} 人，{_moved(runs[-1])}"
    )


def _moved(run: Series) -> str:
    move = run[-1].value - run[0].value
    return f"增加 {move:,} 人" if move >= 0 else f"減少 {-move:,} 人"


def _points(series: Series) -> list[tuple[str, int]]:
    return [(figure.day.isoformat(), figure.value) for figure in series]


def _breaks(runs: Sequence[Series]) -> list[str]:
    """First day of each series after the first."""
    return [series[0].day.isoformat() for series in runs[1:]]


def _told_breaks(runs: Sequence[Series]) -> Iterator[str]:
    """What the marks of a line stand for, each with how it was counted from there on."""
    if not (newer := runs[1:]):
        return
    said = "、".join(f"{periods.roc_day(one[0].day)} 起{way(one[0])}" for one in newer[-_TOLD:])
    more = f"（共 {len(newer)} 處，列出最近 {_TOLD} 處）" if len(newer) > _TOLD else ""
    yield f"直線處來源或日界改變，前後不相接，也不相減：{said}{more}。"


def way(figure: DayFigure) -> str:
    """How a figure came in, and by whose days where they are not Taipei's."""
    known = registry.BY_FORMAT.get(figure.way)
    word = known.label if known else _WAYS.get(figure.way, figure.way)
    return word if figure.zone == periods.TAIPEI.key else f"{word}（Meta 日）"


def _day_rows(points: Sequence[DayFigure]) -> list[dict[str, str]]:
    """The newest days first, since a table shows the first fifty."""
    return [
        {"日期": periods.roc_day(f.day), "人數": f"{f.value:,}", "計法": way(f), "出處": f.origin}
        for f in reversed(points)
    ]


@Kept
def _notes(screen: Screen) -> Markup:
    """What the marks stand for, and what must be known to read the line rightly."""
    return blocks.remarks(_told(screen, loads.fans(screen.store, screen.state, screen.period)))


def _told(screen: Screen, view: FanView) -> Iterator[str]:
    if view.activities:
        listed = "、".join(f"{n} {a.title}（{periods.roc_day(a.first)}）" for n, a in enumerate(view.activities, 1))
        yield f"有編號的直線是粉絲活動：{listed}。"
    yield from _told_breaks(view.series)
    yield from _zone(view.days)
    if screen.result("fans").applied and view.line is None:
        yield "沒有前一年底的人數，畫不出進度線；補登前一年底的粉絲數後就會畫出。"


def _zone(figures: Series) -> Iterator[str]:
    """That days are Meta's, where some are."""
    if any(figure.zone != periods.TAIPEI.key for figure in figures):
        yield "標明「Meta 日」的數據以美國太平洋時間為一天，比臺北日晚 15 或 16 小時結束。"


def months(screen: Screen, view: FanView, *above: Markup) -> Markup:
    """The net gain of each month below what stands ``above``; what is to be told below it. Nothing where there are no
    days, which the line has said."""
    if not view.days:
        return Markup().join(above)
    if all(m.gain is None for m in view.months):
        none = blocks.line("這個期間沒有前後兩個月底都有數據的月份，算不出淨增。")
        return Markup().join((*above, blocks.headed(_MONTHS, none)))
    if len(view.months) == 1:  # one bar compares with nothing
        end = "月底人數" if view.months[0].whole else "最新人數"
        only = blocks.line(f"{months_finding(view.months)}（{end}減上月底人數）。")
        return Markup().join((*above, blocks.headed(_MONTHS, only)))
    charts.show(_months(screen), *above)
    return blocks.line(f"淨增是月底人數減上月底人數；月底最後 {END_WITHIN} 天都沒有數據的月份留空，不推估。", dim=True)


@Kept
def _months(screen: Screen) -> Chart:
    view = loads.fans(screen.store, screen.state, screen.period)
    figure = charts.months_change(
        [m.month for m in view.months],
        [m.gain for m in view.months],
        unit="人",
        breaks=[day[:7] for day in _breaks(view.series)],
        palette=screen.palette,
    )
    return Chart(
        figure,
        finding=months_finding(view.months),
        name="粉絲人數每月淨增",
        rows=lambda: [_month_row(m) for m in view.months],
        right=("月底人數", "淨增"),
        key="fans_months",
        section=_MONTHS,
    )


def months_finding(months: Sequence[MonthGain]) -> str:
    """Which months gained most and least; one that is not over is in no comparison with those that are."""
    known = [m for m in months if m.gain is not None]
    told = [_most_and_least(whole)] if (whole := [m for m in known if m.whole]) else []
    return "；".join(told + [_so_far(m) for m in known if not m.whole])


def _so_far(month: MonthGain) -> str:
    day = periods.roc_day(month.end_day) if month.end_day else ""
    return f"{periods.roc_month(month.month)} 未滿月，至 {day} 淨增 {_signed(month.gain)} 人"


def _most_and_least(known: Sequence[MonthGain]) -> str:
    best, least = max(known, key=lambda m: m.gain or 0), min(known, key=lambda m: m.gain or 0)
    if best.gain == least.gain:
        return f"{periods.roc_month(best.month)} 淨增 {_signed(best.gain)} 人"
    return (
        f"{periods.roc_month(best.month)} 淨增最多（{_signed(best.gain)} 人），"
        f"{periods.roc_month(least.month)} 最少（{_signed(least.gain)} 人）"
    )


def _signed(value: int | None) -> str:
    return "" if value is None else f"{value:+,}".replace("-", "−")


def _month_row(month: MonthGain) -> dict[str, str]:
    note = _WHY[month.why] if month.why else ""
    if month.end_day and not month.whole:
        note = "、".join(part for part in (f"至 {periods.roc_day(month.end_day)}，未滿月", note) if part)
    return {
        "月份": periods.roc_month(month.month),
        "月底人數": "" if month.end is None else f"{month.end:,}",
        "淨增": _signed(month.gain),
        "備註": note,
    }


def followers(screen: Screen, view: FanView) -> None:
    """Followers, where there are any: another measure, in a chart of its own."""
    points = tuple(figure for series in view.followers for figure in series)
    if len(points) < 2:
        return
    charts.show(_followers(screen))
    apart = "追蹤與粉絲（按讚）是兩種定義，不相接，也不與粉絲目標比較。"
    blocks.draw(blocks.remarks([*_told_breaks(view.followers), apart, *_zone(points)]))


@Kept
def _followers(screen: Screen) -> Chart:
    view = loads.fans(screen.store, screen.state, screen.period)
    figure = charts.days_line(
        [_points(series) for series in view.followers],
        name="追蹤人數",
        goal=None,
        events=(),
        breaks=_breaks(view.followers),
        palette=screen.palette,
    )
    return Chart(
        figure,
        finding=finding(view.followers, "追蹤"),
        name="追蹤人數每日",
        rows=partial(_day_rows, [figure for series in view.followers for figure in series]),
        right=("人數",),
        key="followers",
        section="追蹤人數",
    )
