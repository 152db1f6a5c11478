"""Figures kept beside posts and snapshots: the current figures, month sums and month value counts.

They are refreshed in the transaction that changed the rows, only for the posts and months touched, so no
screen ever reads all posts or snapshots. A post counts in the Taipei month in which it was published. Its figure is
the newest that was given: an export without a column says nothing about that measure.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

from sqdash.indicators import INDICATORS
from sqdash.tables import POST_MEASURES

MEASURES = tuple(name for name, _ in POST_MEASURES)
JUDGED = tuple(name for name in MEASURES if any(name == d.measure for i in INDICATORS for d in i.definitions))
"""Measures that an indicator judges: only of these are the value counts of a month kept."""
POSTS = "posts"
"""The measure under which a month's number of posts is kept, whatever figures they have."""
OF_POSTS = ("posts", "snapshots")
"""The tables that the roll-ups are made of."""
TOUCHED = "touched_posts"
"""Temporary table with the ``post_id`` of every post to refresh; see :func:`begin`."""


def begin(connection: sqlite3.Connection) -> None:
    """An empty :data:`TOUCHED` of this connection."""
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {TOUCHED} (post_id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute(f"DELETE FROM temp.{TOUCHED}")  # noqa: S608


def refresh(connection: sqlite3.Connection, table: str, keys: Iterable[Sequence[object]]) -> None:
    """Bring roll-ups up to date after rows of ``table`` with these keys changed."""
    if table in OF_POSTS:
        touch(connection, keys)
        refresh_touched(connection)


def touch(connection: sqlite3.Connection, keys: Iterable[Sequence[object]]) -> None:
    """Put the posts of these keys, and no others, into :data:`TOUCHED`."""
    begin(connection)
    connection.executemany(f"INSERT OR IGNORE INTO temp.{TOUCHED} VALUES (?)", ((key[0],) for key in keys))  # noqa: S608


def refresh_touched(connection: sqlite3.Connection) -> None:
    """Bring roll-ups up to date for the posts in :data:`TOUCHED`, whatever changed of them."""
    months = set(_months(connection))
    connection.execute(f"DELETE FROM post_now WHERE post_id IN (SELECT post_id FROM temp.{TOUCHED})")  # noqa: S608
    measures = ", ".join(map(_newest_given, MEASURES))
    nth = "(SELECT x.version_id FROM snapshots x WHERE x.post_id = w.post_id AND x.closed_revision IS NULL "
    nth += "ORDER BY x.observed_at DESC LIMIT 1 OFFSET {})"
    connection.execute(
        f"INSERT INTO post_now SELECT p.post_id, p.page_id, p.published_at, substr(p.published_at, 1, 7), "  # noqa: S608
        f"s.observed_at, {measures}, ifnull(s.batch, p.batch) FROM temp.{TOUCHED} w "
        "CROSS JOIN posts p ON p.post_id = w.post_id AND p.closed_revision IS NULL "
        f"LEFT JOIN snapshots s ON s.version_id = {nth.format(0)} "
        f"LEFT JOIN snapshots e ON e.version_id = {nth.format(1)}"
    )
    months.update(_months(connection))
    _refresh_months(connection, sorted(months))


def _newest_given(measure: str) -> str:
    """The measure in the newest snapshot that has it; older ones are asked only where there are any (``e``)."""
    return (
        f"coalesce(s.{measure}, CASE WHEN e.version_id IS NOT NULL THEN (SELECT x.{measure} FROM snapshots x "  # noqa: S608
        f"WHERE x.post_id = w.post_id AND x.closed_revision IS NULL AND x.{measure} IS NOT NULL "
        "ORDER BY x.observed_at DESC LIMIT 1) END)"
    )


def _months(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute(
        f"SELECT DISTINCT n.page_id, n.month FROM temp.{TOUCHED} w CROSS JOIN post_now n ON n.post_id = w.post_id"  # noqa: S608
    ).fetchall()


def _refresh_months(connection: sqlite3.Connection, months: Sequence[tuple[str, str]]) -> None:
    """Sums and value counts: counted here, since one pass over a month's posts is less than one a measure."""
    sums: list[tuple[object, ...]] = []
    values: list[tuple[object, ...]] = []
    for page, month in months:
        rows = connection.execute(
            f"SELECT observed_at, {', '.join(MEASURES)} FROM post_now "  # noqa: S608
            "WHERE page_id = ? AND published_at >= ? AND published_at < ?",
            (page, f"{month}-01", f"{month}-32"),
        ).fetchall()
        if rows:
            _count(page, month, rows, sums, values)
    for table in ("post_months", "post_month_values"):
        connection.executemany(f"DELETE FROM {table} WHERE page_id = ? AND month = ?", months)  # noqa: S608
    connection.executemany("INSERT INTO post_months VALUES (?, ?, ?, ?, ?, ?)", sums)
    connection.executemany("INSERT INTO post_month_values VALUES (?, ?, ?, ?, ?)", values)


def _count(
    page: str,
    month: str,
    rows: Sequence[tuple[object, ...]],
    sums: list[tuple[object, ...]],
    values: list[tuple[object, ...]],
) -> None:
    seen, *figures = zip(*rows, strict=True)
    sums.append((page, month, POSTS, len(rows), None, _newest(seen, seen)))
    for name, column in zip(MEASURES, figures, strict=True):
        counts = Counter(column)
        counts.pop(None, None)
        if not counts:
            continue
        total = sum(value * posts for value, posts in counts.items())
        sums.append((page, month, name, counts.total(), total, _newest(seen, column)))
        if name in JUDGED:
            values += ((page, month, name, value, posts) for value, posts in sorted(counts.items()))


def _newest(seen: Sequence[str | None], column: Sequence[object]) -> str | None:
    """The newest observation among the posts that have the figure."""
    return max((at for at, value in zip(seen, column, strict=True) if value is not None and at), default=None)
