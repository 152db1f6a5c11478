"""The annual report in the office's form, as blocks: four chapters, a table a dimension, two appendices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqdash import periods
from sqdash.analysis.attention import Item
from sqdash.figures import Result
from sqdash.periods import Period
from sqdash.report import appendix, wording
from sqdash.report.document import Block, Cell, Document, Paragraph, Row, Table, text_cell
from sqdash.report.tree import DimensionNode, MethodNode, ReportTree, StrategyNode

FOUR = ("執行策略", "執行方法", "主辦單位", "執行績效與成果")
THREE = ("執行策略", "執行方法及具體作法", "執行績效與成果")
DEMONSTRATION = "示範資料，不是正式成果"


@dataclass(frozen=True, slots=True)
class Material:
    """All that a document is made of, read at one moment; ``made`` (aware) is when the store last changed.

    ``before``: the same period a year earlier. ``fans``: the last figure of each month of the period.
    """

    tree: ReportTree
    period: Period
    results: Mapping[str, Result]
    before: Mapping[str, Result]
    reasons: Mapping[str, tuple[str, ...]]
    next_steps: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str, ...]]
    attention: tuple[Item, ...]
    fans: tuple[float | None, ...]
    revision: int
    made: datetime
    demonstration: bool


def build(material: Material) -> Document:
    """The whole report."""
    blocks = (
        *_opening(material.tree),
        *_plan(material.tree, material.period),
        *appendix.build(material),
        *_origin(material),
    )
    mark = DEMONSTRATION if material.demonstration else ""
    return Document(material.tree.title, material.made, blocks, mark)


def _opening(tree: ReportTree) -> Iterator[Block]:
    yield Paragraph(tree.title, "title")
    yield Paragraph(f"{wording.formal(1)}、計畫依據", "heading")
    for base in tree.legal_bases:
        yield Paragraph(f"{wording.numeral(base['number'])}、{wording.legal_base(base)}。")
    if not tree.legal_bases:
        yield Paragraph("未填。")
    yield Paragraph(f"{wording.formal(2)}、計畫目標", "heading")
    yield Paragraph(tree.goal)
    yield Paragraph(f"{wording.formal(3)}、實施對象", "heading")
    yield Paragraph(f"{'、'.join(tree.units)}，共 {len(tree.units)} 個單位。" if tree.units else "未填。")


def _plan(tree: ReportTree, period: Period) -> Iterator[Block]:
    yield Paragraph(f"{wording.formal(4)}、執行策略及方法", "heading")
    if period.kind != "year":
        yield Paragraph(
            f"各項文字為 {tree.year} 年度全年所寫，其中由資料庫帶入的數字是 {period.label}的；"
            "只有全年數字的指標在此顯示未陳報或無資料。",
            "note",
        )
    for dimension in tree.dimensions:
        kind = f"（{dimension.service_class}）" if dimension.service_class else ""
        name = f"構面{wording.numeral(dimension.number)}、{dimension.label}{kind}"
        yield Paragraph(name, "subheading")
        if dimension.measure:
            yield Paragraph(f"創新服務措施：{dimension.measure}", "lead")
            yield Paragraph(f"主辦單位：{dimension.units or '未填'}", "lead")
            yield _three_columns(name, dimension)
        else:
            yield _four_columns(name, dimension)


def _origin(material: Material) -> Iterator[Block]:
    changed = periods.roc_moment(material.made)
    yield Paragraph(f"本文件的文字與數字取自資料庫修訂 {material.revision}（{changed} 的內容）。", "note")


# --- the two tables


def _four_columns(name: str, dimension: DimensionNode) -> Table:
    rows: list[Row] = []
    for strategy in dimension.strategies:
        group = None
        for at, method in enumerate(strategy.methods):
            first = method.group is not None and method.group != group
            group = method.group
            units = Cell(method.units or ("未填",))
            rows.append((_strategy(strategy, at), _method(method, first=first), units, _result(method)))
    return Table(name, FOUR, (2.7, 4.9, 2.4, 7.0), tuple(rows))


def _three_columns(name: str, dimension: DimensionNode) -> Table:
    """Results that belong to a strategy stand once, beside all of its methods; a method's own text follows them."""
    rows: list[Row] = []
    for strategy in dimension.strategies:
        for at, method in enumerate(strategy.methods):
            own = _result(method) if not strategy.results else None if at else _results(strategy)
            rows.append((_strategy(strategy, at), _method(method, first=bool(method.group)), own))
    return Table(name, THREE, (2.7, 6.0, 8.3), tuple(rows), breaks=True)


def _strategy(strategy: StrategyNode, at: int) -> Cell | None:
    if at:
        return None
    return text_cell(f"({wording.numeral(strategy.number)}){strategy.label}", rows=len(strategy.methods))


def _method(method: MethodNode, *, first: bool) -> Cell:
    """The first method of a group has the group's name above it; a group that is one method has one number."""
    alone = bool(method.group) and str(method.group).startswith(f"{method.number} ")
    text = method.label if alone else f"{method.number} {method.label}"
    return Cell(tuple(text.split("\n")), heading=method.group or "" if first else "")


def _result(method: MethodNode) -> Cell:
    return text_cell(f"{method.number} {method.result}")


def _results(strategy: StrategyNode) -> Cell:
    lines = [f"{number}. {text}" for number, text in enumerate(strategy.results, 1)]
    lines += [f"執行方法 {method.number} {method.result}" for method in strategy.methods if method.own]
    return text_cell("\n".join(lines), rows=len(strategy.methods))
