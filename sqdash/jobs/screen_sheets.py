"""Tables as a screen shows them as sheets of typed columns: what is read, and the exact value beside it.

A number is a number, a day a day with its ROC form beside it, everything else (an id, too) a text. Knows no screen.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqdash import packed, periods, written
from sqdash.jobs import sheets
from sqdash.jobs.sheet_shapes import Cell, Column, Kind, Sheet, legal, width

_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\'\n\t]")  # characters that Excel refuses in a sheet's name
_NOT_IN_A_FILE = re.compile(r"[^\w-]+")
_LONGEST_NAME = 31  # UTF-16 units that Excel takes
_FIGURE = re.compile(r"-?(0|[1-9]\d{0,2}(,\d{3})*)(\.\d+)?")


def sheet(title: str, rows: Sequence[Mapping[str, Any]], figures: Iterable[str] = ()) -> Sheet:
    """One table: a column a name of its rows, more where the exact value is not what is shown.

    Texts in the columns ``figures`` that read as :func:`sqdash.formats.number` writes are numbers; an id without
    separators in any other column stays a text. ``title`` names the sheet.
    """
    known = frozenset(figures)
    columns: list[Column] = []
    cells: list[list[Cell]] = []
    for name in dict.fromkeys(name for row in rows for name in row):
        for column, values in _columns(name, [row.get(name) for row in rows], figure=name in known):
            columns.append(replace(column, width=width(name, *(str(v) for v in values if v is not None))))
            cells.append(values)
    return Sheet(_name(title), tuple(columns), tuple(zip(*cells, strict=True)), wrap=True)


def _columns(name: str, values: Sequence[Any], *, figure: bool) -> Iterator[tuple[Column, list[Cell]]]:
    """What is shown, and what is exact where that is something else."""
    exact = [_exact(value, figure=figure) for value in values]
    known = [value for value in exact if value is not None]
    shown: list[Cell] = [_shown(value) for value in values]
    if known and all(isinstance(value, date) for value in known):
        days = any(isinstance(value, datetime) for value in known)
        yield Column(name, text=False, days="moment" if days else "day"), [_day(value) for value in exact]
        yield Column(f"{name}（民國）"), shown
    elif not known or any(isinstance(value, date) for value in known):
        yield Column(name), shown
    elif all(value is None or _reads_so(text, value) for text, value in zip(values, exact, strict=True)):
        yield Column(name, text=False), [_number(v) if v is not None else text for text, v in zip(shown, exact)]  # noqa: B905
    else:
        yield Column(name), shown
        yield from _exact_columns(name, exact)


def _exact_columns(name: str, exact: Sequence[Any]) -> Iterator[tuple[Column, list[Cell]]]:
    if any(isinstance(value, int | float) for value in exact):
        yield Column(f"{name}（數值）", text=False), [None if isinstance(v, tuple) else _number(v) for v in exact]
    if any(isinstance(value, tuple) for value in exact):
        for end, word in enumerate(("下限", "上限")):
            ends: list[Cell] = [_number(value[end]) if isinstance(value, tuple) else None for value in exact]
            yield Column(f"{name}（{word}）", text=False), ends


def _exact(value: Any, *, figure: bool) -> Any:
    """The exact value of a cell; None for words, and for nothing."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | date):
        return value
    if (known := written.value_of(value)) is not None:
        return known
    return float(str(value).replace(",", "")) if figure and _FIGURE.fullmatch(str(value)) else None


def _reads_so(text: Any, value: Any) -> bool:
    """Whether a cell shows the number itself, with no unit, word or rounding."""
    if isinstance(text, int | float):
        return True
    plain = str(text)
    return bool(_FIGURE.fullmatch(plain)) and float(plain.replace(",", "")) == value


def _shown(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return str(periods.roc_moment(value))
    return str(periods.roc_day(value)) if isinstance(value, date) else str(value)


def _number(value: Any) -> int | float | None:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _day(value: Any) -> date | datetime | None:
    """A moment as Taipei's clock has it: cells know no zone."""
    return value.astimezone(periods.TAIPEI).replace(tzinfo=None) if isinstance(value, datetime) else value


def _name(title: str) -> str:
    """The title cut to what workbooks allow."""
    return _cut(" ".join(_NOT_IN_A_NAME.sub(" ", legal(title)).split()), _LONGEST_NAME).strip() or "表"


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore")


def named(found: Iterable[Sheet]) -> list[Sheet]:
    """The sheets with names of their own: two tables may have one title."""
    taken: set[str] = set()
    made = []
    for one in found:
        name, number = one.name, 1
        while name.casefold() in taken:
            number += 1
            end = f" {number}"
            name = _cut(one.name, _LONGEST_NAME - len(end)) + end
        taken.add(name.casefold())
        made.append(replace(one, name=name))
    return made


def book(found: Iterable[Sheet], kind: Kind) -> bytes:
    """A sheet a table; as CSV a ZIP archive of a file each, in this order."""
    ready = named(found)
    return _archive(ready) if kind == "csv" else sheets.write(ready, kind)


def _archive(found: Sequence[Sheet]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, one in enumerate(found):
            name = f"{number:02d}_{_NOT_IN_A_FILE.sub('_', one.name)}.csv"
            entry = zipfile.ZipInfo(name, packed.EARLIEST.timetuple()[:6])
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, sheets.write([one], "csv"))
    return out.getvalue()
