"""Finding the heading row: past titles, over two lines, in any spelling; and telling data from totals and notes.

Headings are compared folded: NFKC, case-blind, without blanks. Knows no format.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from sqdash.patterns import later
from sqdash.unseen import WITHOUT_WIDTH

SEARCHED = 15
"""How many rows are searched for the headings."""
_SAMPLE = 45  # rows kept below them, enough for tables of ages and cities above a table of days
_NUMBER = later(r"[+-]?[\d,]*\.?\d+%?|\d{1,4}([/.-]\d{1,2}){1,2}")
_UNIT = later(r"[(\[](單位:)?(人|人次|件|場|場次|次|份|篇|則|個|項|日|%|百分比)[)\]]$")
"""Brackets that may be left out of a heading; any others say that it is another figure (預計, 男, organic)."""
Numbered = tuple[int, list[str]]


def fold(text: str) -> str:
    """A heading or name as it is compared: NFKC, case-blind, no blanks, no signs without width."""
    return "".join(WITHOUT_WIDTH.sub("", unicodedata.normalize("NFKC", text)).casefold().split())


def folded(*names: str) -> frozenset[str]:
    """Several names at once."""
    return frozenset(fold(name) for name in names)


def named(cells: Sequence[str]) -> str:
    """Some headings for a sentence: 「甲」、「乙」等."""
    return "、".join(f"「{cell[:40]}」" for cell in cells[:8]) + ("等" if len(cells) > 8 else "")


class Head(NamedTuple):
    """The headings: row ``number`` (of the lower line of two), ``cells`` as they stand, ``names`` the spellings
    (folded) under which each column may be known, ``above`` the rows before, ``sample`` some rows after."""

    number: int
    cells: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    above: tuple[Numbered, ...] = ()
    sample: tuple[Numbered, ...] = ()
    lines: int = 1

    @property
    def known_as(self) -> frozenset[str]:
        """Every spelling of every column."""
        return frozenset(name for names in self.names for name in names)

    @property
    def signature(self) -> str:
        """The same for the same set of headings in whatever order."""
        return hashlib.sha256("\x1f".join(sorted(fold(cell) for cell in self.cells)).encode()).hexdigest()

    def at(self, wanted: Iterable[str]) -> int | None:
        """The column known under one of the folded names, those named first first.

        One that is spelled so comes before those known so without their unit or with the line above. Several whose
        whole headings differ leave open which is meant: none is taken.
        """
        for name in wanted:
            known = [index for index, names in enumerate(self.names) if name in names]
            known = [index for index in known if self.names[index][0] == name] or known
            if len({fold(self.cells[index]) for index in known}) == 1:
                return known[0]
        return None

    def repeated(self) -> list[str]:
        """Headings that stand twice or more."""
        seen: dict[str, int] = {}
        for cell in self.cells:
            if key := fold(cell):
                seen[key] = seen.get(key, 0) + 1
        return [cell for cell in dict.fromkeys(self.cells) if seen.get(fold(cell), 0) > 1]


@dataclass(slots=True)
class Found:
    """The headings and the stream of rows after them."""

    head: Head
    rows: Iterator[Numbered]
    matches: int = field(default=0)


def find(rows: Iterable[Numbered], vocabulary: frozenset[str], merged: Sequence[tuple[int, ...]] = ()) -> Found | None:
    """The first row (or two lines) with at least two known headings and no number among them.

    Without one, the first row of texts alone, so that a person can assign its columns; None for a file
    without any. The remaining rows stay a stream.
    """
    stream = iter(rows)
    first = list(islice(stream, SEARCHED + _SAMPLE))
    best: tuple[int, Head] | None = None
    for at in range(min(len(first), SEARCHED)):
        for head in _candidates(first, at, merged):
            matches = _matches(head.names, vocabulary)
            if head.lines == 2 and matches >= 2 and _continues(first, at, merged, vocabulary):
                best = matches, head
                break
            if head.lines == 2 and _stands_alone(first[at][1], first[at + 1][1], matches, vocabulary):
                continue  # it comes next, and what is above it is a title
            if matches >= 2 and (
                best is None or (matches > best[0] and head.lines == 2 and at == _row_of(best[1], first))
            ):
                best = matches, head
        if best:
            break
    if best is None:
        texts = next((at for at in range(len(first)) if _only_texts(first[at][1])), None)
        if texts is None:
            return None
        best = 0, _head(first, texts, [(fold(c),) for c in first[texts][1]], first[texts][1], 1)
    matches, head = best
    after = [row for row in first if row[0] > head.number]
    return Found(head, chain(after, stream), matches)


def _matches(names: Iterable[tuple[str, ...]], vocabulary: frozenset[str]) -> int:
    return sum(not vocabulary.isdisjoint(spellings) for spellings in names)


def _stands_alone(upper: Sequence[str], lower: Sequence[str], matches: int, vocabulary: frozenset[str]) -> bool:
    """Whether the lower of two lines says as much alone, and the upper heads nothing that the lower leaves open."""
    alone = _matches(map(_spellings, lower), vocabulary) >= matches
    filled = [at for at, cell in enumerate(upper) if cell.strip()]
    return alone and (len(filled) == 1 or all(at < len(lower) and lower[at].strip() for at in filled))


def _continues(
    rows: Sequence[Numbered], at: int, merged: Sequence[tuple[int, ...]], vocabulary: frozenset[str]
) -> bool:
    """Whether the second row only divides some headings of the first (參加人次 into 男 and 女).

    Two known headings at least have nothing below them: because they are merged over both rows, or because all
    that the second row holds stands below headings that reach over empty cells to their right.
    """
    (number, upper), (_, lower) = rows[at], rows[at + 1]
    filled = {index for index, cell in enumerate(lower) if cell.strip()}
    known = {index for index, cell in enumerate(upper) if not vocabulary.isdisjoint(_spellings(cell))}
    tall = {left for top, left, bottom, right in merged if left == right and top <= number < bottom}
    if len(known & tall) >= 2 and not filled & tall:
        return True
    starts = [index for index, cell in enumerate(upper) if cell.strip()]
    ends = [*starts[1:], max(len(upper), len(lower))]
    groups = [filled & set(range(start, end)) for start, end in zip(starts, ends, strict=True) if start in filled]
    divided: set[int] = set().union(*(group for group in groups if len(group) > 1))
    return divided == filled and len(known - filled) >= 2


def _row_of(head: Head, rows: Sequence[Numbered]) -> int:
    numbers = [number for number, _ in rows]
    return numbers.index(head.number) - (head.lines - 1)


def _candidates(rows: Sequence[Numbered], at: int, merged: Sequence[tuple[int, ...]]) -> Iterator[Head]:
    upper = rows[at][1]
    if not _no_number(upper):
        return
    yield _head(rows, at, [_spellings(cell) for cell in upper], upper, 1)
    if at + 1 < len(rows) and _no_number(rows[at + 1][1]) and rows[at + 1][0] == rows[at][0] + 1:
        lower = rows[at + 1][1]
        width = max(len(upper), len(lower))
        over = _filled_across(upper, width, rows[at][0], merged)
        lower = [*lower, *[""] * (width - len(lower))]
        names = [_two_lines(o, u, low) for o, u, low in zip(over, [*upper, *[""] * width], lower, strict=False)]
        cells = [
            (low.strip() and o.strip() and f"{o.strip()} {low.strip()}") or low or o
            for o, low in zip(over, lower, strict=True)
        ]
        yield _head(rows, at + 1, names, cells, 2)


def _head(
    rows: Sequence[Numbered], at: int, names: Sequence[tuple[str, ...]], cells: Sequence[str], lines: int
) -> Head:
    cut = len(cells)
    while cut and not cells[cut - 1].strip():
        cut -= 1  # an empty last column comes from a trailing comma
    return Head(
        rows[at][0],
        tuple(" ".join(cell.split()) for cell in cells[:cut]),
        tuple(names[:cut]),
        tuple(rows[: at + 1 - lines]),
        tuple(rows[at + 1 :]),
        lines,
    )


def _filled_across(cells: Sequence[str], width: int, row: int, merged: Sequence[tuple[int, ...]]) -> list[str]:
    """The upper line with each heading standing over all columns that it heads."""
    filled, last = [], ""
    ends = {left: right for top, left, bottom, right in merged if top <= row <= bottom}
    until = width
    for index in range(width):
        cell = cells[index] if index < len(cells) else ""
        if cell.strip():
            last, until = cell, ends.get(index, index if ends else width)
        filled.append(last if index <= until else "")
    return filled


def _two_lines(over: str, own: str, lower: str) -> tuple[str, ...]:
    """A column is known by its lower line, by both, or by the upper one where the lower is empty."""
    if not lower.strip():
        return _spellings(own)
    return (*_spellings(lower), *_spellings(over + lower))


def _spellings(cell: str) -> tuple[str, ...]:
    whole = fold(cell)
    short = _UNIT.sub("", whole)
    return (whole, short) if short and short != whole else (whole,)


def _no_number(cells: Sequence[str]) -> bool:
    filled = [unicodedata.normalize("NFKC", cell).strip() for cell in cells if cell.strip()]
    return bool(filled) and not any(_NUMBER.fullmatch(cell) for cell in filled)


def _only_texts(cells: Sequence[str]) -> bool:
    return sum(bool(cell.strip()) for cell in cells) >= 2 and _no_number(cells)


# --- rows that are no data

_OF_A_YEAR = r"\d{2,3}年度?|[本全]年度?"
_OF_A_PART = (
    rf"(({_OF_A_YEAR})?(第?[1-4一二三四]季|[上下]半年度?|[\d一二三四五六七八九十月、~〜–—至到-]+月份?|本[月季]))"
)
_OF_THE_WHOLE = rf"(\(\w+\)|{_OF_A_YEAR}|年度)"
_TOTAL = later(
    rf"({_OF_A_PART}|{_OF_THE_WHOLE})?(總計|合計|共計|小計|平均|總和|累計|total|subtotal|average)[::]?$|計[::]?$",
    re.IGNORECASE,
)
_GRAND = later(rf"{_OF_THE_WHOLE}?(總計|合計|共計|總和|total)[::]?$|計[::]?$", re.IGNORECASE)
_NOTE = later(
    r"(註|注|備註|附註|說明|資料來源|來源|填表說明|(單位)?主管|機關首長|核章"
    r"|(製表|填表|承辦|經辦|審核|覆核|複核)(人員?|單位|日期)?)[\d一二三四五]?\s*[::、.]|※|\*\s*註"
)


def is_total(cells: Sequence[str]) -> bool:
    """Whether the row's first text says that it adds up or averages the others."""
    first = next((cell for cell in cells if cell.strip()), "")
    return bool(_TOTAL.match(fold(first)))


def is_grand_total(cells: Sequence[str]) -> bool:
    """A total of the whole table, that can be used as a check."""
    first = next((cell for cell in cells if cell.strip()), "")
    return bool(_GRAND.match(fold(first)))


def is_note(cells: Sequence[str]) -> bool:
    """Whether the row is a remark or a signature below the table."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and bool(_NOTE.match(unicodedata.normalize("NFKC", filled[0])))
