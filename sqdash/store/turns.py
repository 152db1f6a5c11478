"""Changes of rows that are worked out and not made: what rows they would leave, for whoever says if they may be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqdash.tables import BY_NAME

Key = tuple[object, ...]
Values = Sequence[object]
"""All columns of a table's row, in the catalogue's order."""


class Turn(NamedTuple):
    """What stands at a key and what would; None for no row."""

    now: Values | None
    then: Values | None


Turns = Mapping[str, Mapping[Key, Turn]]
"""Table → what becomes of the keys that a change touches."""


def set_beside(beside: sqlite3.Connection, name: str, called: str, rows: Iterable[Values | None]) -> None:
    """Put current rows of the table into another database, under that name."""
    names = BY_NAME[name].names
    beside.execute(f"CREATE TABLE {called} ({', '.join(names)}, closed_revision)")
    beside.executemany(
        f"INSERT INTO {called} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
        (row for row in rows if row is not None),
    )
