"""What a table and a column are. Knows no table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

ColumnType = Literal["text", "int", "number", "date", "moment", "month", "year", "flag"]

_FLAG = (("1", "是"), ("0", "否"))


class Column(NamedTuple):
    """One column.

    ``type``: text; int (whole, 0 or more); number (finite); date (ISO ``2014-11-22``); moment (ISO with
    offset); month (``2014-11``); year (ROC, 103); flag (0 or 1). ``choices`` maps each allowed word to
    what a screen shows for it.
    """

    name: str
    label: str
    type: ColumnType = "text"
    required: bool = False
    key: bool = False
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """What it can be and what a screen shows for each: its choices, or yes and no; empty for other columns."""
        return _FLAG if self.type == "flag" else self.choices

    @property
    def is_typed(self) -> bool:
        """Whether people write in it what they like."""
        return self.type == "text" and not self.choices

    def shown(self, value: object) -> str:
        """What a screen shows for one of its :attr:`words`; other values are their own text."""
        return dict(self.words).get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class Table:
    """One table: ``columns`` in file order; ``names`` are theirs, ``key`` of those that identify a row."""

    name: str
    label: str
    columns: tuple[Column, ...]
    names: tuple[str, ...] = field(init=False, compare=False, repr=False)
    key: tuple[str, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(c.name for c in self.columns))
        object.__setattr__(self, "key", tuple(c.name for c in self.columns if c.key))

    def column(self, name: str) -> Column:
        """The column of that name; ``KeyError`` if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def key(name: str, label: str, type: ColumnType = "text", choices: tuple[tuple[str, str], ...] = ()) -> Column:
    """A column that identifies the row."""
    return Column(name, label, type, required=True, key=True, choices=choices)


def must(name: str, label: str, type: ColumnType = "text", choices: tuple[tuple[str, str], ...] = ()) -> Column:
    """A column that every row fills in."""
    return Column(name, label, type, required=True, choices=choices)


def may(name: str, label: str, type: ColumnType = "text", choices: tuple[tuple[str, str], ...] = ()) -> Column:
    """A column that a row may leave empty."""
    return Column(name, label, type, choices=choices)


YEAR = key("year", "年度", "year")
PLACE = may("source_place", "出處")
