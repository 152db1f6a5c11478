"""The report's appendices: every indicator with where it came from, the fan page's charts, why targets were missed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from sqdash import formats, periods
from sqdash.analysis.attention import SHORT
from sqdash.figures import Interval, Result
from sqdash.indicators import BY_KEY, GROUPS, INDICATORS, Indicator
from sqdash.report import wording
from sqdash.report.document import Block, Cell, Chart, Paragraph, Point, Row, Table, plain_table, text_cell

if TYPE_CHECKING:
    from sqdash.report.contents import Material

INDICATOR_HEAD = ("指標", "目標", "成果", "去年同期", "狀態", "資料時間", "出處")
CHARTED = ("fans", "likes_per_post", "reach_per_post")
_MOST_SOURCES = 3
_MANY = 6  # periods from which a table of figures has two halves


def build(material: Material) -> Iterator[Block]:
    """Three appendices, the last one only where a target was not reached; of a period shorter than a year named so."""
    of = "" if material.period.kind == "year" else f"（{material.period.label}）"
    yield Paragraph(f"附錄一、指標總表{of}", "appendix")
    yield indicators(material)
    yield Paragraph(f"附錄二、粉絲專頁圖表{of}", "appendix")
    for key in CHARTED:
        chart = chart_of(material, key)
        yield chart
        yield _behind(chart, BY_KEY[key])
    short = [result for result in material.results.values() if result.state in SHORT]
    if short:
        yield Paragraph(f"附錄三、未達目標的原因與下一步{of}", "appendix")
        yield reasons(material, short)


# --- the table of indicators


def indicators(material: Material) -> Table:
    """Every indicator under its group's name."""
    rows: list[Row] = []
    for group, label in GROUPS.items():
        rows.append((Cell((), label, columns=len(INDICATOR_HEAD)), *[None] * (len(INDICATOR_HEAD) - 1)))
        rows += [
            _indicator_row(
                indicator,
                material.results[indicator.key],
                material.before[indicator.key],
                material.tree.notes.get(indicator.key),
            )
            for indicator in INDICATORS
            if indicator.group == group
        ]
    return Table("指標總表", INDICATOR_HEAD, (2.6, 2.2, 2.4, 1.6, 1.8, 1.7, 4.7), tuple(rows), small=True)


def _indicator_row(indicator: Indicator, result: Result, before: Result, note: str | None) -> Row:
    cells = (
        indicator.label,
        formats.target(indicator, result.applied).removeprefix("目標").strip() + formats.unaimed(result),
        "\n".join(
            [formats.figure_with_unit(result), *_how(indicator, result), *([f"（首長註記：{note}）"] if note else [])]
        ),
        formats.earlier(before, result),
        formats.state(result),
        as_of(result),
        _sources(result),
    )
    return tuple(text_cell(cell) for cell in cells)


def _how(indicator: Indicator, result: Result) -> Iterator[str]:
    """Whether it was reported or worked out, and then over how much."""
    if result.basis is None:
        return
    of = f"，{result.n:,} 篇" if indicator.rollup == "mean_per_post" and result.n is not None else ""
    way = formats.measured_by(result)
    yield f"（{formats.BASES[result.basis]}{of}{way and f'，{way}'}）"
    if result.basis != "computed" and result.ledger and result.ledger.value is not None:
        yield f"（已登錄 {formats.number(result.ledger.value, indicator.decimals)}）"


def as_of(result: Result) -> str:
    """The day, or the words, of which a figure is."""
    if result.as_of:
        return periods.roc_day(result.as_of)
    return result.as_of_words or ("" if result.figure is None else "未載明")


def _sources(result: Result) -> str:
    """Where the figure came from, or the sentence that implies it."""
    said = [source.text for source in result.sources[:_MOST_SOURCES]]
    if len(result.sources) > _MOST_SOURCES:
        said.append(f"等 {len(result.sources)} 處")
    if result.basis == "derived" and result.note:
        said.append(f"推得：{result.note}")
    return "\n".join(said)


# --- charts


def chart_of(material: Material, key: str) -> Chart:
    """An indicator by month where the period has such figures, else before, after and a year earlier."""
    indicator, result = BY_KEY[key], material.results[key]
    monthly = _months(material, key)
    known = sum(point.low is not None for point in monthly)
    upright = known > 1 and len(monthly) <= 12
    points = monthly if upright else tuple(_stages(material, indicator, result))
    of = "" if material.period.kind == "year" else material.period.label
    title = f"{of}{indicator.label}：{formats.figure_as_measured(result)}，{formats.gap(result)}"
    alt = f"{title}。{'；'.join(f'{point.label} {point.words}' for point in points)}。"
    goal = result.applied.value if result.applied else None
    return Chart(title, alt, indicator.unit, points, goal, formats.target(indicator, result.applied), upright)


def _behind(chart: Chart, indicator: Indicator) -> Table:
    """The chart's figures; those of many periods in two halves side by side, or they would take a page of their own."""
    head = ("期間", f"{indicator.label}（{indicator.unit}）")
    rows = [(point.label, point.words) for point in chart.points]
    if not chart.upright or len(rows) < _MANY:
        return plain_table(chart.title, head, (5.0, 5.0), rows, whole=True)
    half = -(-len(rows) // 2)
    pairs = [(*left, *right) for left, right in zip_longest(rows[:half], rows[half:], fillvalue=("", ""))]
    return plain_table(chart.title, (*head, *head), (2.5, 5.0, 2.5, 5.0), pairs, whole=True)


def _months(material: Material, key: str) -> tuple[Point, ...]:
    """A month's last count of fans, or the mean over the posts of a month: total over number, measured as the figure
    is that stands above it."""
    indicator, result = BY_KEY[key], material.results[key]
    if key == "fans":
        found = dict(zip(material.period.months, material.fans, strict=True))
    else:
        way = indicator.way(result.definition)
        posts = result.posts if way and result.posts and result.posts.measure == way.measure else None
        found = {month: total / n if n else None for month, n, total in (posts.months if posts else ())}
    labels = ((month, f"{int(month[5:])} 月") for month in material.period.months)
    return tuple(_point(label, found.get(month), formats.places_of(indicator)) for month, label in labels)


def _point(label: str, value: float | None, places: int) -> Point:
    if value is None:
        return Point(label, formats.MISSING["no_rows"])
    return Point(label, formats.number(value, places), value, value)


def _stages(material: Material, indicator: Indicator, result: Result) -> Iterator[Point]:
    earlier = material.before[indicator.key]
    if earlier.figure and earlier.definition == result.definition:
        yield _stage(material.period.previous().label, earlier.figure, indicator)
    if result.before:
        yield _stage("計畫執行前", result.before, indicator)
    if result.figure:
        yield _stage(
            as_of(result) if result.as_of or result.as_of_words else material.period.label, result.figure, indicator
        )
    else:
        yield Point(material.period.label, formats.figure(result))


def _stage(label: str, stated: Interval, indicator: Indicator) -> Point:
    low, high = stated.bounds
    low = max(low, 0.0)
    return Point(
        label, formats.interval(stated, formats.places_of(indicator)), low, low if high == float("inf") else high
    )


# --- what was missed


def reasons(material: Material, short: Sequence[Result]) -> Table:
    """Each target that was not reached, with its reasons and next steps as written."""
    head = ("指標與主辦單位", "狀態與差距", "原因", "下一步")
    return plain_table("未達目標的原因與下一步", head, (3.5, 4.0, 5.0, 4.5), reason_rows(material, short))


def reason_rows(material: Material, short: Sequence[Result]) -> list[tuple[str, str, str, str]]:
    """Indicator and units, state and gap, reasons, next steps."""
    return [
        (
            f"{BY_KEY[result.key].label}\n{'、'.join(material.units.get(result.key, ()))}",
            f"{formats.state(result)}：{formats.figure_as_measured(result)}\n{formats.gap(result)}",
            _numbered(material.reasons.get(result.key, ())) or "待填",
            _numbered(material.next_steps.get(result.key, ())) or "待訂",
        )
        for result in short
    ]


def _numbered(texts: tuple[str, ...]) -> str:
    return "\n".join(f"({wording.numeral(number)}){text}" for number, text in enumerate(texts, 1))
