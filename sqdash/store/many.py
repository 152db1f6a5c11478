"""Many rows by few statements.

``executemany`` gives Python's lock away and takes it back for every row; beside a thread that reads answers of Graph
the taking back costs more than the row. Some hundred rows a statement are a few locks a block.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, islice

_VALUES = 2000
"""Values a statement: SQLite takes 32,766, and its compiled form should stay small."""


def insert(
    connection: sqlite3.Connection, into: str, width: int, rows: Iterable[Sequence[object]], then: str = ""
) -> None:
    """``into`` (``INSERT INTO name (…)``) rows of ``width`` values, in their order; ``then`` is what follows VALUES.

    ``ValueError`` for a row of another width, which would shift those behind it.
    """
    each, left = max(1, _VALUES // width), iter(rows)
    row = "(" + ", ".join("?" * width) + ")"
    while some := list(islice(left, each)):
        if set(map(len, some)) != {width}:
            raise ValueError(f"rows of {width} values are wanted")
        marks = ", ".join([row] * len(some))
        connection.execute(f"{into} VALUES {marks} {then}", list(chain.from_iterable(some)))
