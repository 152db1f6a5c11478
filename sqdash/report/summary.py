"""One page for the director's meeting: the three targets, the year's counts, what is behind, why, and what is next."""

from __future__ import annotations

from collections.abc import Iterator

from sqdash import formats
from sqdash.analysis.attention import SHORT
from sqdash.indicators import BY_KEY, INDICATORS
from sqdash.periods import Period
from sqdash.report import appendix, contents
from sqdash.report.contents import Material
from sqdash.report.document import Block, Document, Paragraph, plain_table

STYLE = (
    "body { font-size: 11pt; line-height: 1.35; } h1 { font-size: 16pt; } h2 { font-size: 12pt; margin: .6em 0 .2em; }"
)
_COUNTED = ("activities", "satisfaction", "petitions", "checks")
_ACROSS = 3


def build(material: Material) -> Document:
    """The page."""
    said = title(material.period)
    mark = contents.DEMONSTRATION if material.demonstration else ""
    return Document(said, material.made, tuple(_blocks(material, said)), mark)


def title(period: Period) -> str:
    """What the page is called."""
    return f"{period.label}服務品質成果摘要"


def _blocks(material: Material, said: str) -> Iterator[Block]:
    yield Paragraph(said, "title")
    yield Paragraph("粉絲專頁三項目標", "heading")
    results = [material.results[key] for key in appendix.CHARTED]
    rows = [
        (
            BY_KEY[r.key].label,
            formats.state(r),
            formats.figure_as_measured(r),
            formats.gap(r),
            appendix.as_of(r),
        )
        for r in results
    ]
    yield plain_table("三項目標", ("指標", "狀態", "成果", "目標與差距", "資料時間"), (3, 2, 3.5, 6, 2.5), rows)
    yield Paragraph("活動、滿意度、陳情與查核", "heading")
    yield plain_table("其他成果", ("成果", "成果", "成果"), (17 / _ACROSS,) * _ACROSS, counts(material))
    yield Paragraph("未達目標、原因與下一步", "heading")
    short = [r for r in material.results.values() if r.state in SHORT]
    yield appendix.reasons(material, short) if short else Paragraph(none_short(material))
    yield Paragraph(unstated(material), "note")


def counts(material: Material) -> list[list[str]]:
    """The year's other figures, three to a row."""
    cells = [
        f"{indicator.label}：{formats.figure_with_unit(material.results[indicator.key])}"
        for indicator in INDICATORS
        if indicator.group in _COUNTED
    ]
    cells += [""] * (-len(cells) % _ACROSS)
    return [cells[at : at + _ACROSS] for at in range(0, len(cells), _ACROSS)]


def unstated(material: Material) -> str:
    """Which indicators have no figure."""
    found = [BY_KEY[r.key].label for r in material.results.values() if r.state == "no_data"]
    return f"沒有資料的指標（{len(found)} 項）：{'；'.join(found)}。" if found else "每項指標都有資料。"


def none_short(material: Material) -> str:
    """What is known where no target was missed: a figure that is not there has reached nothing, nor has one whose
    target nobody has confirmed for how it is measured."""
    aimed = [r for r in material.results.values() if r.applied and r.applied.value is not None]
    known = sum(result.state in ("reached", "on_track") for result in aimed)
    unconfirmed = sum(result.unconfirmed is not None for result in material.results.values())
    rest = f"；另有 {unconfirmed} 項的原目標尚未確認適用於新定義，不判斷" if unconfirmed else ""
    if not aimed and unconfirmed:
        return f"設有目標的 {unconfirmed} 項指標，原目標都尚未確認適用於新定義，無法判斷是否達成。"
    if known == len(aimed):
        return f"設有目標的指標都已達到或在進度內{rest}。" if aimed else "沒有指標設有目標。"
    if not known:
        return f"設有目標的 {len(aimed)} 項指標都沒有資料，無法判斷是否達成{rest}。"
    missing = len(aimed) - known
    return f"設有目標且有資料的 {known} 項指標都已達到或在進度內；另有 {missing} 項沒有資料，無法判斷{rest}。"
