"""Which rows below the headings are data: without examples, totals, notes, signatures and further tables.

Nothing is left out silently: what was, and where, is told; a grand total is used as a check first.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from contextlib import suppress

from sqdash.errors import DataError
from sqdash.importers import numbers
from sqdash.importers.base import Task
from sqdash.importers.cells import CellError
from sqdash.importers.headings import Numbered, fold, is_grand_total, is_note, is_total
from sqdash.importers.specs import VOCABULARY, Spec

EXAMPLE = "（範例）"
"""How the example rows of our templates begin; they are never taken for data."""
_CODE = re.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*|")  # a second line of headings, as some offices' systems write it
_LISTED = 6
_MOST_FILLED = 200_000
_DATED = ("date", "month", "year", "moment")
Places = Mapping[str, int]


def of(task: Task, spec: Spec, places: Places, rows: list[Numbered]) -> list[Numbered]:
    """The rows of data, texts and days of merged cells filled down; ``places`` has the column of each field."""
    _fill_down(task, spec, places, rows)
    kept: list[Numbered] = []
    totals: list[Numbered] = []
    left: dict[str, list[int]] = {}
    heads = {fold(cell) for cell in task.head.cells if cell}
    last = _last_of_data(spec, places, rows) if len(places) > 1 else len(rows)
    before = 0
    for index, (number, cells) in enumerate(rows):
        filled = [fold(cell) for cell in cells if cell.strip()]
        if not filled:
            continue
        above, before = before, number
        complete = _is_complete(spec, places, cells)
        if why := _no_data(index, cells, filled, heads, complete=complete):
            left.setdefault(why, []).append(number)
            totals += [(number, cells)] if is_grand_total(cells) else []
        elif index > last and _is_remark(cells):
            left.setdefault("表格外的文字", []).append(number)
        elif kept and not complete and number > above + 1 and _is_second_table(filled):
            task.findings.warnings.append(f"第 {number} 列起是另一個表格，沒有讀取；需要時請另存成一個檔案。")
            break
        else:
            kept.append((number, cells))
    for words, numbers_ in left.items():
        task.note(f"略過{words}：{listed(numbers_)}。")
    if task.head.above:
        task.note(f"欄名在第 {task.head.number} 列，其上的標題列沒有讀取。")
    _check_totals(task, spec, places, kept, totals)
    return kept


def _is_complete(spec: Spec, places: Places, cells: Sequence[str]) -> bool:
    """Whether the row has all that is required of one, days with a digit: whatever its words, it is data then."""
    required = [name for name in spec.required if name in places]
    dated = [cells[places[name]] for name in required if spec.table.column(name).type in _DATED]
    return (
        bool(required)
        and not (is_note(cells) and sum(bool(cell.strip()) for cell in cells) == 1)
        and all(cells[places[name]].strip() for name in required)
        and all(any(sign.isdigit() for sign in cell) and not is_total([cell]) for cell in dated)
    )


def _no_data(index: int, cells: Sequence[str], filled: Sequence[str], heads: set[str], *, complete: bool) -> str | None:
    """What the row is where it is no data."""
    if set(filled) <= heads:
        return "重複的欄名"
    if any(cell.strip().startswith(EXAMPLE) for cell in cells):
        return "範例"
    if index == 0 and all(_CODE.fullmatch(cell.strip()) for cell in cells if cell.strip()):
        return "英文欄名"
    if complete:
        return None
    if is_total(cells):
        return "合計"
    return "附註或簽核" if is_note(cells) else None


def _last_of_data(spec: Spec, places: Places, rows: Sequence[Numbered]) -> int:
    """The index of the last row that is more than a single text, a note or a total; -1 for none."""
    for index in range(len(rows) - 1, -1, -1):
        cells = rows[index][1]
        single = sum(bool(cell.strip()) for cell in cells) <= 1
        if _is_complete(spec, places, cells) or not (single or is_note(cells) or is_total(cells)):
            return index
    return -1


def _is_remark(cells: Sequence[str]) -> bool:
    """A single text that begins with no number and no day."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 and not any(sign.isdigit() for sign in filled[0][:12])


def _is_second_table(filled: Sequence[str]) -> bool:
    """Texts alone, two known headings among them."""
    return sum(cell in VOCABULARY for cell in filled) >= 2 and not any(
        any(sign.isdigit() for sign in cell) for cell in filled
    )


def _check_totals(task: Task, spec: Spec, places: Places, rows: Sequence[Numbered], totals: Sequence[Numbered]) -> None:
    """A grand total that is not the sum of its column is told. Columns are added up once, however many totals a file
    repeats."""
    if not totals:
        return
    sums: dict[int, tuple[int, Sequence[str]]] = {}
    for column in spec.table.columns:
        at = places.get(column.name)
        if at is None or column.type != "int":
            continue
        units = spec.units.get(column.name, ())
        with suppress(CellError):  # the cell itself is told where it is a row of data
            sums[at] = sum(numbers.whole(row[at], units=units) or 0 for _, row in rows), units
    wrong: list[str] = []
    for number, cells in totals:
        for at, (summed, known) in sums.items():
            try:
                stated = numbers.whole(cells[at], units=known)
            except CellError:
                continue
            if stated is not None and stated != summed:
                total = f"第 {number} 列的合計「{task.head.cells[at]}」是 {stated:,}"
                wrong.append(f"{total}，各列相加是 {summed:,}，請確認有沒有漏列。")
    more = [f"另有 {len(wrong) - _LISTED:,} 處合計也與各列相加不符。"] if len(wrong) > _LISTED else []
    task.findings.warnings.extend(wrong[:_LISTED] + more)


def _fill_down(task: Task, spec: Spec, places: Places, rows: Sequence[Numbered]) -> None:
    """A text or a day in a merged range holds for all its rows; numbers are never filled.

    Only rows that exist are walked, a bounded number of them: ranges that overlap down to the last row of a sheet
    cost a few bytes each. :class:`DataError` beyond the bound.
    """
    labels = {at for name, at in places.items() if spec.table.column(name).type in ("text", *_DATED)}
    by_number = dict(rows)
    existing = [number for number, _ in rows]
    walked = 0
    for top, left, bottom, right in task.merged:
        if bottom == top or top <= task.head.number or left != right or left not in labels:
            continue
        value = by_number[top][left] if top in by_number else ""
        below = range(bisect_right(existing, top), bisect_left(existing, bottom + 1))
        walked += len(below)
        if walked > _MOST_FILLED:
            raise DataError(f"{task.file} 合併儲存格涵蓋超過 {_MOST_FILLED:,} 格，請取消合併並逐列填寫後再上傳。")
        for index in below:
            if not rows[index][1][left].strip():
                rows[index][1][left] = value


def listed(rows: Sequence[int]) -> str:
    """``第 3、7 列``; of many rows the first few."""
    shown = "、".join(str(number) for number in rows[:_LISTED])
    return f"第 {shown} 列" if len(rows) <= _LISTED else f"第 {shown} 等 {len(rows)} 列"
