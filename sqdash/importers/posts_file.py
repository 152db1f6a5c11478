"""``posts.csv`` as ``export`` writes it: a post and its newest figures in one row, read back as two tables' rows.

Columns of a post that the file does not have (topic, unit, boosted) stay as the store has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqdash.records import KEEP, Row
from sqdash.tables import BY_NAME, POSTS_FILE, Table

_POSTS, _SNAPSHOTS = BY_NAME["posts"], BY_NAME["snapshots"]
_COLUMNS = {column.name: column for table in (_SNAPSHOTS, _POSTS) for column in table.columns}
# A post without any observation has no time of one.
_COLUMNS["observed_at"] = replace(_COLUMNS["observed_at"], required=False, key=False)
TABLE = Table("posts_file", "貼文與最新數據", tuple(_COLUMNS[name] for name in POSTS_FILE))


def matches(head: Sequence[str]) -> bool:
    """Whether the heading row is exactly that of ``posts.csv``, in any order."""
    return len(head) == len(POSTS_FILE) and set(head) == set(POSTS_FILE)


def split(rows: Sequence[Row]) -> list[tuple[Table, list[Row]]]:
    """Rows of :data:`TABLE` as rows of posts and of snapshots."""
    return [
        (_POSTS, [_row(_POSTS, row) for row in rows]),
        (_SNAPSHOTS, [_row(_SNAPSHOTS, row) for row in rows if row.values[TABLE.names.index("observed_at")]]),
    ]


def _row(table: Table, row: Row) -> Row:
    given = dict(zip(TABLE.names, row.values, strict=True))
    return Row(row.number, tuple(given.get(name, KEEP) for name in table.names))
