"""Dates as people and programs write them, to the stored form. Which reading counts is decided for a whole column.

A number such as 41912 is a valid month (419/12), a valid Excel serial (103/09/30) and a valid count: one cell cannot
tell. The reading is the one that fits every cell of the column and the reporting year; where that leaves a choice, a
person is asked.
A slip (105/525, month 17, 103/2/30, 12/10/11) is an error of its own cell and never sways the column.
Knows forms (:mod:`sqdash.importers.date_forms`), no files and no tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from sqdash.importers.cells import CellError
from sqdash.importers.date_forms import Cell, Kind, clean, shape, span
from sqdash.importers.date_parts import EXAMPLES, UNDECIDED, UNREADABLE, Precision, Said, fault, shown, stored
from sqdash.importers.moments import moment, taipei
from sqdash.periods import ROC_OFFSET

__all__ = ["ORDERS", "Precision", "Reader", "Undecided", "decide", "is_span", "moment", "taipei"]

ORDERS: dict[str, str] = {
    "roc": "民國年",
    "western": "西元年",
    "serial": "Excel 日期序號",
    "month_first": "月在前",
    "day_first": "日在前",
}
"""The answers to "how are this column's dates written", and what a person reads for them."""
_ORDERS_OF: dict[Kind, tuple[str, ...]] = {
    "five": ("roc", "serial"),
    "six": ("roc", "western"),
    "slash": ("month_first", "day_first"),
}
_WORTH_SEEING = {"serial": "以 Excel 日期序號", "month_first": "以月在前", "day_first": "以日在前"}


class Undecided(ValueError):
    """A column that only a person can decide: what to ask, which option answers it, and its choices.

    ``option`` is "dates", with ``choices`` of :data:`ORDERS`, each shown by an example, or "year", without choices.
    """

    def __init__(self, reason: str, option: str, choices: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(reason)
        self.reason, self.option, self.choices = reason, option, choices


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the cells of one column; made by :func:`decide`.

    ``note`` is a sentence about a reading that a person should see, or None.
    """

    precision: Precision
    year: int | None
    chosen: Mapping[Kind, str]
    bounded: frozenset[Kind]  # decided by the column's numbers, which therefore also tell a stray one
    note: str | None = None
    _seen: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def read(self, text: str) -> str:
        """``2014-11-22``, ``2014-11`` or the ROC year ``103``, by the column's precision.

        :class:`CellError` "not_date", "no_such_day", "undecidable_date", "year_zero", "missing_day", and "range".
        """
        found = self._seen.get(text)
        if found is None:
            found = self._seen[text] = self._read(text)
        return found

    def _read(self, text: str) -> str:
        bare = clean(text)
        if cell := shape(bare, self.precision):
            return stored(self.settled(cell), self.precision)
        if span(bare, self.precision):
            raise CellError("是一段期間，請分別填寫開始與結束。", "range")
        raise CellError(UNREADABLE[self.precision], "not_date")

    def read_span(self, text: str) -> tuple[str, str | None]:
        """First and last of ``103/6/10-12`` or ``6/10~6/12``; a single date has no last. Errors as in :meth:`read`."""
        bare = clean(text)
        if cell := shape(bare, self.precision):
            return stored(self.settled(cell), self.precision), None
        if not (ends := span(bare, self.precision)):
            raise CellError(UNREADABLE[self.precision], "not_date")
        first, last = self.settled(ends[0]), self.settled(ends[1])
        if _in_order(last) < _in_order(first):
            raise CellError("結束早於開始，請檢查這段期間。", "range")
        return stored(first, self.precision), stored(last, self.precision)

    def settled(self, cell: Cell) -> Said:
        """The date that a cell is in this column; :class:`CellError` as :meth:`read`."""
        order = self.chosen.get(cell.kind, "roc" if cell.kind == "short" else "")
        said = cell.readings.get(order)
        if said is None and cell.kind in self.chosen:
            raise self._only_fault(cell) or CellError(UNREADABLE[self.precision], "not_date")
        if said is None or (cell.kind == "short" and not _fits(said, self.year, 1)):
            raise CellError(UNDECIDED[self.precision], "undecidable_date")
        said = _filled(said, self.year)
        if problem := fault(said, self.precision):
            raise problem
        if cell.kind in self.bounded:
            self._refuse_stray(cell, order, said)
        return said

    def _only_fault(self, cell: Cell) -> CellError | None:
        """What is wrong with the cell's one reading, which is not the column's: 10399 among serials has no month 99."""
        faults = [fault(_filled(said, self.year), self.precision) for said in cell.readings.values()]
        return faults[0] if len(faults) == 1 else None

    def _refuse_stray(self, cell: Cell, order: str, said: Said) -> None:
        """A number outside the reporting year that nobody vouched for, where another reading is inside it or serials
        are meant."""
        if self.year is None or _fits(said, self.year, _slack(cell.kind, order)):
            return
        inside = _inside(cell, self.year)
        for other in inside - _possible(cell, self.precision):
            if problem := fault(cell.readings[other], self.precision):
                raise problem
        if inside or order == "serial":
            why = f"這個數字的日期寫法與同欄不同，請寫成 {EXAMPLES[self.precision]}。"
            raise CellError(why, "undecidable_date")


def is_span(text: str, precision: Precision) -> bool:
    """Whether the cell has the form of a range of dates, whatever :meth:`Reader.read_span` makes of it."""
    try:
        bare = clean(text)
    except CellError:
        return False
    return shape(bare, precision) is None and span(bare, precision) is not None


# --- readings


def _filled(said: Said, year: int | None) -> Said:
    return said._replace(year=year + ROC_OFFSET) if said.year is None and year is not None else said


def _in_order(said: Said) -> list[int]:
    return [part or 0 for part in said]


def _fits(said: Said, year: int | None, slack: int) -> bool:
    return year is not None and said.year is not None and abs(said.year - ROC_OFFSET - year) <= slack


def _slack(kind: Kind, order: str) -> int:
    """Years by which a reading may miss the reporting year: one where nothing else in the cell tells the year."""
    return int(order == "serial" or (kind, order) == ("six", "roc"))


def _possible(cell: Cell, precision: Precision = "year") -> set[str]:
    """The orders in which the cell is a date of that precision."""
    return {order for order, said in cell.readings.items() if not fault(said, precision)}


def _inside(cell: Cell, year: int | None) -> set[str]:
    """The orders in which the cell is a date that fits the reporting year."""
    return {o for o in _possible(cell) if _fits(cell.readings[o], year, _slack(cell.kind, o))}


# --- the column

_Cells = list[tuple[str, Cell]]


def decide(texts: Iterable[str], precision: Precision, *, year: int | None = None, order: str | None = None) -> Reader:
    """The reader of a column, from all its non-empty cells.

    ``year`` is the ROC reporting year, if known; ``order`` a person's answer out of :data:`ORDERS`, ``ValueError``
    for another word. :class:`Undecided` where several readings are left, or a date without a year needs one.
    """
    if order is not None and order not in ORDERS:
        raise ValueError(order)
    cells = list(_cells(texts, precision))
    if year is None:
        _refuse_without_year(cells)
    chosen: dict[Kind, str] = {}
    bounded: set[Kind] = set()
    for kind, orders in _ORDERS_OF.items():
        if not (alike := [(text, cell) for text, cell in cells if cell.kind == kind]):
            continue
        if order in orders:
            chosen[kind] = order
            continue
        left, by_year = _left(alike, precision, year)
        chosen[kind] = _only(alike, left, precision, unsure=year is not None and not by_year)
        if by_year or year is None:
            bounded.add(kind)
    reader = Reader(precision, year, chosen, frozenset(bounded))
    return replace(reader, note=_note(reader, cells))


def _cells(texts: Iterable[str], precision: Precision) -> Iterator[tuple[str, Cell]]:
    """Every distinct cell that is a date, and both ends of every range; slips are left to be told when read."""
    for text in dict.fromkeys(texts):
        try:
            bare = clean(text)
        except CellError:
            continue
        if cell := shape(bare, precision):
            yield text, cell
        else:
            yield from ((text, end) for end in span(bare, precision) or ())


def _refuse_without_year(cells: _Cells) -> None:
    for text, cell in cells:
        said = cell.readings.get("")
        # 2000 is a leap year: 2/29 is a date until its year is known.
        if said and said.year is None and not fault(said._replace(year=2000), "year"):
            raise Undecided(f"「{text.strip()}」沒有寫年份，請指定這份資料的民國年度。", "year")


def _left(cells: _Cells, precision: Precision, year: int | None) -> tuple[list[set[str]], bool]:
    """For each cell that tells something, its orders; and whether the reporting year told them.

    The reporting year counts before the form: 10305 is no day, but in year 103 it is not one of 1928 either.
    """
    inside = [_inside(cell, year) for _, cell in cells]
    whole = [orders & _possible(cell, precision) for orders, (_, cell) in zip(inside, cells, strict=True)]
    for sets in (whole, inside):
        if told := [orders for orders in sets if orders]:
            return told, True
    possible = [(_possible(cell), _possible(cell, precision)) for _, cell in cells]
    told = [orders for orders, whole in possible if whole] or [orders for orders, _ in possible if orders]
    return told, False


def _only(cells: _Cells, left: list[set[str]], precision: Precision, *, unsure: bool) -> str:
    """The one order that reads every cell; :class:`Undecided` shows the first cell in each order otherwise.

    ``unsure``: the reporting year is known and no cell is in it, which serials alone do not survive.
    """
    orders = _ORDERS_OF[cells[0][1].kind]
    if not left:
        return next(order for order in orders if order in cells[0][1].readings)
    common = set.intersection(*left)
    if "month_first" in common:
        return "month_first"  # spreadsheets that end a date in its year put the month first
    if len(common) == 1 and not (unsure and common == {"serial"}):
        return common.pop()
    asked = [order for order in orders if any(order in found for found in left)]
    choices = tuple((order, _example(cells, order, precision)) for order in asked)
    text = next((text for text, cell in cells if len(_possible(cell)) > 1), cells[0][0])
    raise Undecided(f"「{text.strip()}」無法確定是哪一種日期寫法，請指定這一欄的讀法。", "dates", choices)


def _example(cells: _Cells, order: str, precision: Precision) -> str:
    readable = [(text, cell) for text, cell in cells if order in _possible(cell)]
    text, cell = next((pair for pair in readable if len(_possible(pair[1])) > 1), readable[0])
    lacking = "（缺日）" if precision == "day" and cell.readings[order].day is None else ""
    return f"{ORDERS[order]}：「{text.strip()}」讀作 {shown(cell.readings[order], precision)}{lacking}"


def _note(reader: Reader, cells: _Cells) -> str | None:
    read: dict[str, list[tuple[str, Said]]] = {}
    for text, cell in cells:
        if manner := _manner(cell, reader.chosen):
            with suppress(CellError):
                read.setdefault(manner, []).append((text, reader.settled(cell)))
    parts = [_note_of(manner, pairs, reader.precision) for manner, pairs in read.items() if pairs]
    return "；".join(parts) + "。" if parts else None


def _manner(cell: Cell, chosen: Mapping[Kind, str]) -> str:
    """How a cell is read, where a person should see it; otherwise empty."""
    if cell.kind == "sure":
        return "沒有寫年份，" if cell.readings[""].year is None else ""
    order = chosen.get(cell.kind, "")
    return _WORTH_SEEING.get(order, "")


def _note_of(manner: str, read: list[tuple[str, Said]], precision: Precision) -> str:
    """The first cell as it is read; where others differ, from when to when, so that a wrong reading shows."""
    first, last = (pick((said for _, said in read), key=_in_order) for pick in (min, max))
    part = f"「{read[0][0].strip()}」{manner}讀作 {shown(read[0][1], precision)}"
    if shown(first, precision) == shown(last, precision):
        return part
    return f"{part}，這類儲存格在 {shown(first, precision)} 至 {shown(last, precision)} 之間"
