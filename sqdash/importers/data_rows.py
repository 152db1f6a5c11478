"""Which rows below the headings are data: without examples, totals, notes, signatures and further tables.

Nothing is left out silently: what was, and where, is told; a grand total is used as a check first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqdash.importers import numbers
from sqdash.importers.base import Task
from sqdash.importers.cells import CellError
from sqdash.importers.headings import Numbered, fold, is_grand_total, is_note, is_total
from sqdash.importers.specs import Spec

EXAMPLE = "（範例）"
"""How the example rows of our templates begin; they are never taken for data."""
_CODE = re.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*|")  # a second line of headings, as some offices' systems write it
_LISTED = 6
Places = Mapping[str, int]


def of(task: Task, spec: Spec, places: Places, rows: list[Numbered]) -> list[Numbered]:
    """The rows of data, texts of merged cells filled down; ``places`` has the column of each field."""
    kept: list[Numbered] = []
    totals: list[Numbered] = []
    left: dict[str, list[int]] = {}
    heads = {fold(cell) for cell in task.head.cells if cell}
    for index, (number, cells) in enumerate(rows):
        filled = [fold(cell) for cell in cells if cell.strip()]
        if not filled:
            continue
        if why := _no_data(index, cells, filled, heads):
            left.setdefault(why, []).append(number)
            totals += [(number, cells)] if is_grand_total(cells) else []
        elif len(places) > 1 and _is_remark(cells, rows[index + 1 :]):
            left.setdefault("表格外的文字", []).append(number)
        elif kept and _second_table(rows[index - 1][0], number, filled):
            task.findings.warnings.append(f"第 {number} 列起是另一個表格，沒有讀取；需要時請另存成一個檔案。")
            break
        else:
            kept.append((number, cells))
    for words, numbers_ in left.items():
        task.note(f"略過{words}：{_listed(numbers_)}。")
    if task.head.above:
        task.note(f"欄名在第 {task.head.number} 列，其上的標題列沒有讀取。")
    _check_totals(task, spec, places, kept, totals)
    _fill_down(task, spec, places, kept)
    return kept


def _no_data(index: int, cells: Sequence[str], filled: Sequence[str], heads: set[str]) -> str | None:
    """What the row is where it is no data."""
    if set(filled) <= heads:
        return "重複的欄名"
    if any(cell.strip().startswith(EXAMPLE) for cell in cells):
        return "範例"
    if index == 0 and all(_CODE.fullmatch(cell.strip()) for cell in cells if cell.strip()):
        return "英文欄名"
    if is_total(cells):
        return "合計"
    return "附註或簽核" if is_note(cells) else None


def _is_remark(cells: Sequence[str], after: Sequence[Numbered]) -> bool:
    """A single text below the last row of data that stands in no column with a number or a day."""
    filled = [at for at, cell in enumerate(cells) if cell.strip()]
    if len(filled) != 1 or any(ch.isdigit() for ch in cells[filled[0]][:12]):
        return False
    return all(sum(bool(c.strip()) for c in row) <= 1 or is_note(row) or is_total(row) for _, row in after)


def _second_table(before: int, number: int, filled: Sequence[str]) -> bool:
    """Texts alone below a blank row are the headings of another table."""
    return number > before + 1 and len(filled) >= 2 and not any(any(ch.isdigit() for ch in cell) for cell in filled)


def _check_totals(task: Task, spec: Spec, places: Places, rows: Sequence[Numbered], totals: Sequence[Numbered]) -> None:
    """A grand total that is not the sum of its column is told."""
    for number, cells in totals:
        for column in spec.table.columns:
            at = places.get(column.name)
            if at is None or column.type != "int":
                continue
            units = spec.units.get(column.name, ())
            try:
                stated = numbers.whole(cells[at], units=units)
                summed = sum(numbers.whole(row[at], units=units) or 0 for _, row in rows)
            except CellError:
                continue  # the cell itself is told where it is a row of data
            if stated is not None and stated != summed:
                task.findings.warnings.append(
                    f"第 {number} 列的合計「{column.label}」是 {stated:,}，各列相加是 {summed:,}，請確認有沒有漏列。"
                )


def _fill_down(task: Task, spec: Spec, places: Places, rows: Sequence[Numbered]) -> None:
    """A text in a merged range holds for all its rows; numbers are never filled."""
    text_places = {at for name, at in places.items() if spec.table.column(name).type == "text"}
    by_number = dict(rows)
    for top, left, bottom, right in task.merged:
        if bottom == top or top <= task.head.number or left != right or left not in text_places:
            continue
        value = by_number.get(top, [""] * (left + 1))[left]
        for number in range(top + 1, bottom + 1):
            if number in by_number and not by_number[number][left].strip():
                by_number[number][left] = value


def _listed(rows: Sequence[int]) -> str:
    shown = "、".join(str(number) for number in rows[:_LISTED])
    return f"第 {shown} 列" if len(rows) <= _LISTED else f"第 {shown} 等 {len(rows)} 列"
