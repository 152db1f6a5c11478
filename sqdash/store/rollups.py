"""Figures kept beside posts and snapshots: newest figures, figures at a stated age, sums and counts, messages.

They are refreshed in the transaction that changed the rows, only for the posts and months touched, so no
screen ever reads all posts or snapshots. A post counts in the Taipei month in which it was published. Its figure is
the newest that was given: an export without a column says nothing about that measure.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from sqdash.indicators import INDICATORS
from sqdash.store import post_ages, post_sums, post_texts
from sqdash.tables import POST_MEASURES

MEASURES = tuple(name for name, _ in POST_MEASURES)
JUDGED = tuple(name for name in MEASURES if any(name == d.measure for i in INDICATORS for d in i.definitions))
"""Measures that an indicator judges: only of these are value counts kept."""
POSTS = "posts"
"""The measure under which a month's number of posts is kept, whatever figures they have."""
RANKED = (*MEASURES, "engagement")
"""What posts are ordered by: of these the least and the greatest of a month are kept."""
OF_POSTS = ("posts", "snapshots")
"""The tables that the roll-ups are made of."""
TABLES = ("post_now", "post_aged", "post_months", "post_texts", "counted_pages", "post_groups", "post_values")
"""The roll-ups themselves."""
TOUCHED = "touched_posts"
"""Temporary table with the ``post_id`` of every post to refresh; see :func:`begin`."""
_MOST_MONTHS = 12
OWN = "SELECT page_id FROM pages WHERE kind = 'own' AND closed_revision IS NULL"


def begin(connection: sqlite3.Connection) -> None:
    """An empty :data:`TOUCHED` of this connection."""
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {TOUCHED} (post_id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute(f"DELETE FROM temp.{TOUCHED}")  # noqa: S608


def refresh(connection: sqlite3.Connection, table: str, keys: Iterable[Sequence[object]]) -> None:
    """Bring roll-ups up to date after rows of ``table`` with these keys changed."""
    if table in OF_POSTS:
        touch(connection, keys)
        refresh_touched(connection)
    elif table == "pages":
        begin(connection)
        refresh_touched(connection)


def touch(connection: sqlite3.Connection, keys: Iterable[Sequence[object]]) -> None:
    """Put the posts of these keys, and no others, into :data:`TOUCHED`."""
    begin(connection)
    connection.executemany(f"INSERT OR IGNORE INTO temp.{TOUCHED} VALUES (?)", ((key[0],) for key in keys))  # noqa: S608


def beside(connection: sqlite3.Connection) -> None:
    """Empty roll-ups in temporary tables of the same names: from now on this connection reads and refreshes those."""
    for table in TABLES:
        (sql,) = connection.execute("SELECT sql FROM main.sqlite_schema WHERE name = ?", (table,)).fetchone()
        connection.execute(sql.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
    connection.execute("CREATE UNIQUE INDEX temp.post_now_post ON post_now (post_id)")


def refresh_all(connection: sqlite3.Connection) -> None:
    """Bring the roll-ups of every post up to date: what a migration does after it has laid them out anew."""
    begin(connection)
    connection.execute(f"INSERT INTO temp.{TOUCHED} SELECT post_id FROM posts WHERE closed_revision IS NULL")  # noqa: S608
    refresh_touched(connection)


def refresh_touched(connection: sqlite3.Connection) -> None:
    """Bring roll-ups up to date for the posts in :data:`TOUCHED`, and for pages that became or ceased to be our own."""
    _touch_pages_that_changed_sides(connection)
    if not connection.execute(f"SELECT 1 FROM temp.{TOUCHED} LIMIT 1").fetchone():  # noqa: S608
        return
    months = set(_months(connection))
    delta = post_sums.Delta(JUDGED)
    if months:
        _sum_up(connection, delta, f"SELECT page_id FROM {post_sums.COUNTED}", -1)  # noqa: S608
        post_ages.clear(connection)
        connection.execute(f"DELETE FROM post_now WHERE post_id IN (SELECT post_id FROM temp.{TOUCHED})")  # noqa: S608
    _fill_now(connection)
    post_ages.fill(connection)
    connection.execute(f"DELETE FROM {post_sums.COUNTED}")  # noqa: S608
    connection.execute(f"INSERT INTO {post_sums.COUNTED} {OWN}")
    _sum_up(connection, delta, OWN, 1)
    delta.write(connection)
    months.update(_months(connection))
    _refresh_months(connection, sorted(months))


def _touch_pages_that_changed_sides(connection: sqlite3.Connection) -> None:
    counted = f"SELECT page_id FROM {post_sums.COUNTED}"  # noqa: S608
    changed = connection.execute(
        f"SELECT page_id FROM ({OWN}) WHERE page_id NOT IN ({counted}) "  # noqa: S608
        f"UNION ALL {counted} WHERE page_id NOT IN ({OWN})"
    ).fetchall()
    connection.executemany(
        f"INSERT OR IGNORE INTO temp.{TOUCHED} SELECT post_id FROM post_now WHERE page_id = ?",  # noqa: S608
        changed,
    )


def _sum_up(connection: sqlite3.Connection, delta: post_sums.Delta, pages: str, sign: int) -> None:
    for basis in (post_sums.LATEST, *post_ages.AGES):
        delta.add(post_sums.read(connection, basis, pages), basis, sign)


def _fill_now(connection: sqlite3.Connection) -> None:
    measures = ", ".join(f"{_newest_given(name)} AS {name}" for name in MEASURES)
    nth = "(SELECT x.version_id FROM snapshots x WHERE x.post_id = w.post_id AND x.closed_revision IS NULL "
    nth += "ORDER BY x.observed_at DESC LIMIT 1 OFFSET {})"
    interactions = post_sums.INTERACTIONS.format("f")
    connection.execute(
        "INSERT INTO post_now SELECT page_id, published_at, post_id, substr(published_at, 1, 7), type, topic, unit, "  # noqa: S608
        f"first_at, observed_at, {', '.join(MEASURES)}, {interactions}, "
        f"{interactions} * 1.0 / nullif(ifnull(f.reach, f.viewers), 0), batch FROM (SELECT p.post_id, p.page_id, "
        "p.published_at, p.type, p.topic, p.unit, CASE WHEN e.version_id IS NULL THEN s.observed_at ELSE (SELECT "
        "min(x.observed_at) FROM snapshots x WHERE x.post_id = w.post_id AND x.closed_revision IS NULL) END "
        f"AS first_at, s.observed_at, {measures}, ifnull(s.batch, p.batch) AS batch FROM temp.{TOUCHED} w "
        "CROSS JOIN posts p ON p.post_id = w.post_id AND p.closed_revision IS NULL "
        f"LEFT JOIN snapshots s ON s.version_id = {nth.format(0)} "
        f"LEFT JOIN snapshots e ON e.version_id = {nth.format(1)}) f"
    )


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


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def _stretches(months: Sequence[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Months of one page that follow one another, a year at most: each stretch is read at once."""
    page, stretch = "", list[str]()
    for of_page, month in months:
        if stretch and (of_page != page or len(stretch) == _MOST_MONTHS or _month_after(stretch[-1]) != month):
            yield page, stretch
            stretch = []
        page = of_page
        stretch.append(month)
    if stretch:
        yield page, stretch


def _refresh_months(connection: sqlite3.Connection, months: Sequence[tuple[str, str]]) -> None:
    """Sums of each month, and its messages: counted here, since one pass over a month is less than one a measure."""
    sums: list[tuple[object, ...]] = []
    for page, stretch in _stretches(months):
        span = (page, f"{stretch[0]}-01", f"{stretch[-1]}-32")
        rows = connection.execute(
            f"SELECT month, post_id, observed_at, {', '.join(RANKED)} FROM post_now "  # noqa: S608
            "WHERE page_id = ? AND published_at >= ? AND published_at < ? ORDER BY published_at, post_id",
            span,
        ).fetchall()
        of_month = {month: list(found) for month, found in groupby(rows, key=itemgetter(0))}
        messages = connection.execute(
            f"SELECT n.post_id, p.message FROM post_now n CROSS JOIN temp.{TOUCHED} w ON w.post_id = n.post_id "  # noqa: S608
            "CROSS JOIN posts p ON p.post_id = n.post_id AND p.closed_revision IS NULL "
            "WHERE n.page_id = ? AND n.published_at >= ? AND n.published_at < ?",
            span,
        ).fetchall()
        folded = post_texts.fold_all([message for _, message in messages])
        new = {post: text for (post, _), text in zip(messages, folded, strict=True)}
        posts = {month: [row[1] for row in of_month.get(month, ())] for month in stretch}
        post_texts.refresh(connection, page, posts, new)
        connection.executemany(
            "DELETE FROM post_months WHERE measure = ? AND page_id = ? AND month BETWEEN ? AND ?",
            ((measure, page, stretch[0], stretch[-1]) for measure in (POSTS, *RANKED)),
        )
        for month, found in of_month.items():
            sums += _counted(page, month, found)
    connection.executemany("INSERT INTO post_months VALUES (?, ?, ?, ?, ?, ?, ?, ?)", sums)


def _counted(page: str, month: str, rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    _, _, seen, *figures = zip(*rows, strict=True)
    found: list[tuple[object, ...]] = [(POSTS, page, month, len(rows), None, None, None, _newest(seen, seen))]
    for name, column in zip(RANKED, figures, strict=True):
        known = [value for value in column if value is not None]
        if known:
            total = None if name == "engagement" else sum(known)
            newest = _newest(seen, column)
            found.append((name, page, month, len(known), total, min(known), max(known), newest))
    return found


def _newest(seen: Sequence[str | None], column: Sequence[object]) -> str | None:
    """The newest observation among the posts that have the figure."""
    if None not in column and None not in seen:
        return max(seen, default=None)  # type: ignore[type-var]
    return max((at for at, value in zip(seen, column, strict=True) if value is not None and at), default=None)
