"""The annual report in the office's form, as blocks: four chapters, a table a dimension, two appendices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqdash import formats, periods
from sqdash.analysis.attention import Item
from sqdash.figures import Result
from sqdash.indicators import BY_KEY
from sqdash.periods import Period
from sqdash.report import appendix, wording
from sqdash.report.document import Block, Cell, Document, Paragraph, Row, Table, text_cell
from sqdash.report.tree import NO_TEXT, DimensionNode, MethodNode, ReportTree, StrategyNode

FOUR = ("執行策略", "執行方法", "主辦單位", "執行績效與成果")
THREE = ("執行策略", "執行方法及具體作法", "執行績效與成果")
_WIDTHS_OF_FOUR, _WIDTHS_OF_THREE = (2.4, 4.6, 3.0, 7.0), (2.4, 5.2, 9.4)
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
        *_opening(material.tree, material.period),
        *_plan(material.tree, material.period),
        *appendix.build(material),
        *_origin(material),
    )
    mark = DEMONSTRATION if material.demonstration else ""
    return Document(material.tree.title, material.made, blocks, mark)


def _opening(tree: ReportTree, period: Period) -> Iterator[Block]:
    yield Paragraph(tree.title, "title")
    yield Paragraph(f"{wording.formal(1)}、計畫依據", "heading")
    for base in tree.legal_bases:
        yield Paragraph(f"{wording.numeral(base['number'])}、{wording.legal_base(base)}。")
    if not tree.legal_bases:
        yield Paragraph("未填。")
    yield Paragraph(f"{wording.formal(2)}、計畫目標{_whole_year(period, '目標')}", "heading")
    yield Paragraph(tree.goal)
    yield Paragraph(f"{wording.formal(3)}、實施對象", "heading")
    yield Paragraph(f"{'、'.join(tree.units)}，共 {len(tree.units)} 個單位。" if tree.units else "未填。")


def _whole_year(period: Period, what: str) -> str:
    """What a heading of something written for the year says beside a shorter period's figures."""
    return "" if period.kind == "year" else f"（{period.roc_year} 年度全年{what}）"


def _plan(tree: ReportTree, period: Period) -> Iterator[Block]:
    yield Paragraph(f"{wording.formal(4)}、執行策略及方法", "heading")
    if period.kind != "year":
        yield Paragraph(
            f"以下文字是 {tree.year} 年度全年成果，文中的數字也是全年的；"
            f"{period.label}的數字另列一行，以「{period.label}：」開頭。",
            "note",
        )
    for dimension in tree.dimensions:
        kind = f"（{dimension.service_class}）" if dimension.service_class else ""
        name = f"構面{wording.numeral(dimension.number)}、{dimension.label}{kind}"
        yield Paragraph(name, "subheading")
        if dimension.measure:
            yield Paragraph(f"創新服務措施：{dimension.measure}", "lead")
            yield Paragraph(f"主辦單位：{dimension.units or '未填'}", "lead")
        rows = tuple(row for strategy in dimension.strategies for row in _rows(strategy, period, dimension))
        head, widths = (THREE, _WIDTHS_OF_THREE) if dimension.measure else (FOUR, _WIDTHS_OF_FOUR)
        head = (*head[:-1], f"{head[-1]}{_whole_year(period, '文字')}")
        yield Table(name, head, widths, rows, grouped=bool(dimension.measure))


def _origin(material: Material) -> Iterator[Block]:
    changed = periods.roc_moment(material.made)
    yield Paragraph(f"本文件的文字與數字取自資料庫修訂 {material.revision}（{changed} 的內容）。", "note")


# --- the two tables


def _rows(strategy: StrategyNode, period: Period, dimension: DimensionNode) -> Iterator[Row]:
    """A row a method; results that belong to an innovative strategy stand once, beside all of its methods."""
    group = None
    for at, method in enumerate(strategy.methods):
        first = method.group is not None and method.group != group
        group = method.group
        left = (_strategy(strategy, at), _method(method, first=first))
        if not dimension.measure:
            yield *left, Cell(method.units or ("未填",)), _result(strategy, at, period)
        elif strategy.results:
            yield *left, None if at else _results(strategy, period)
        else:
            yield *left, _result(strategy, at, period)
    if not strategy.methods:
        unit = () if dimension.measure else (text_cell(""),)
        said = text_cell("\n".join(_numbered(strategy.results)) or NO_TEXT)
        yield _strategy(strategy, 0), text_cell("未列執行方法"), *unit, said


def _strategy(strategy: StrategyNode, at: int) -> Cell | None:
    if at:
        return None
    return text_cell(f"({wording.numeral(strategy.number)}){strategy.label}", rows=max(1, len(strategy.methods)))


def _method(method: MethodNode, *, first: bool) -> Cell:
    """The first method of a group has the group's name above it; a group that is one method has one number."""
    alone = bool(method.group) and str(method.group).startswith(f"{method.number} ")
    text = method.label if alone else f"{method.number} {method.label}"
    return Cell(tuple(text.split("\n")), heading=method.group or "" if first else "")


def _result(strategy: StrategyNode, at: int, period: Period) -> Cell:
    """A method's result; texts of its strategy that no method shows follow that of the first one."""
    method = strategy.methods[at]
    lines = [f"{method.number} {method.result}"]
    if at == 0 and strategy.unlinked:
        lines += ["本項策略的成果：", *_numbered(strategy.unlinked)]
    return text_cell("\n".join([*lines, *_figures((method,), period)]))


def _results(strategy: StrategyNode, period: Period) -> Cell:
    lines = _numbered(strategy.results)
    lines += [f"執行方法 {method.number} {method.result}" for method in strategy.methods if method.own]
    return text_cell("\n".join([*lines, *_figures(strategy.methods, period)]), rows=len(strategy.methods))


def _numbered(texts: tuple[str, ...]) -> list[str]:
    return [f"{number}. {text}" for number, text in enumerate(texts, 1)]


def _figures(methods: tuple[MethodNode, ...], period: Period) -> list[str]:
    """The figures of a period shorter than the year that the texts are of; those of the year stand in the texts."""
    if period.kind == "year":
        return []
    known = {result.key: result for method in methods for result in method.indicators}
    said = [f"{BY_KEY[key].label} {formats.figure_as_measured(result)}" for key, result in known.items()]
    return [f"{period.label}：{'；'.join(said)}。"] if said else []
