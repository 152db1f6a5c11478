"""The store as it was after a revision: temporary views under the tables' own names, so that no query needs to know.

A row version held at revision R when it was opened at or before R and not yet closed. Each view has two arms, the
rows that still stand and those closed since, so that both find their index. The roll-ups of posts are of now: where
posts changed since R they are counted anew, in temporary tables of the same names.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqdash import periods
from sqdash.errors import DataError
from sqdash.periods import Period
from sqdash.store import database, locks, rollups
from sqdash.tables import TABLES

_KEPT = ("version_id", "batch", "source_row", "given", "opened_revision")


@contextmanager
def reading(path: Path, revision: int | None = None) -> Iterator[database.Connection]:
    """One read of the store as it is, or as it was after that revision."""
    with database.reading(path) as connection:
        if revision is not None:
            shadow(connection, revision)
        yield connection


@contextmanager
def of_period(
    path: Path, period: Period, revision: int | None = None
) -> Iterator[tuple[database.Connection, locks.Lock | None]]:
    """One read of the store as a period is shown: a locked year, or a part of one, as its lock found it; any other as
    the store is (or was after ``revision``, by which the year may have been locked).

    Roll-ups of posts are not those of a lock, for counting takes long in a large store: whoever needs figures as a
    lock found them asks :func:`reading`, once for ever.
    """
    with database.reading(path) as connection:
        lock = locks.of_period(connection, period, revision)
        if lock:
            shadow(connection, lock.revision, count=False)
        elif revision is not None:
            shadow(connection, revision)
        yield connection, lock


def revision_on(path: Path, day: date) -> int:
    """The last revision made before the end of a past Taipei day, 0 for none; :class:`DataError` for a later day."""
    if day >= periods.today():
        raise DataError(f"{periods.roc_day(day)} 還沒有過完，請選今天以前的日期，或不指定日期看現在。")
    end = datetime.combine(day + timedelta(days=1), time(), periods.TAIPEI).astimezone(periods.now().tzinfo)
    with database.reading(path) as connection:
        found = connection.execute(
            "SELECT ifnull(max(revision), 0) FROM revisions WHERE at < ?", (end.isoformat(timespec="milliseconds"),)
        ).fetchone()
    return int(found[0])


def shadow(connection: sqlite3.Connection, revision: int, *, count: bool = True) -> None:
    """Let this connection see the store as of the revision from now on; it may only read.

    Without ``count`` the roll-ups of posts stay those of now.
    """
    recount = count and _posts_changed(connection, revision)
    for table in TABLES:
        columns = ", ".join((*table.names, *_KEPT))
        arm = f"SELECT {columns}, NULL AS closed_revision FROM main.{table.name} WHERE opened_revision <= {revision} "  # noqa: S608
        connection.execute(
            f"CREATE TEMP VIEW {table.name} AS {arm} AND closed_revision IS NULL "
            f"UNION ALL {arm} AND closed_revision > {revision}"
        )
    _shadow_batches(connection, revision)
    connection.execute(  # a pull may say after its batch was opened which days it states whole
        "CREATE TEMP VIEW coverage AS SELECT * FROM main.coverage "  # noqa: S608
        "WHERE 'batch ' || batch || ' ' || day_from || ' ' || day_to || ' ' || page_id NOT IN "
        f"(SELECT subject || ' ' || detail FROM main.audit_log WHERE action = 'cover' AND revision > {revision})"
    )
    connection.execute(
        f"CREATE TEMP VIEW revisions AS SELECT * FROM main.revisions WHERE revision <= {revision}"  # noqa: S608
    )
    connection.execute("CREATE TEMP VIEW metric_states AS SELECT * FROM main.metric_states WHERE false")  # only of now
    if recount:
        _recount(connection)


def _posts_changed(connection: sqlite3.Connection, revision: int) -> bool:
    """Whether a version of a post, a snapshot or a page was opened or closed since: versions are numbered in order."""
    return any(
        connection.execute(
            f"SELECT ifnull((SELECT opened_revision FROM {table} ORDER BY version_id DESC LIMIT 1), 0) > ? "  # noqa: S608
            f"OR EXISTS (SELECT 1 FROM {table} WHERE closed_revision > ?)",
            (revision, revision),
        ).fetchone()[0]
        for table in (*rollups.OF_POSTS, "pages")
    )


def _shadow_batches(connection: sqlite3.Connection, revision: int) -> None:
    """The batches known then; whether one stood then is for the audit log to say: it may have changed twice since."""
    names = [row[1] for row in connection.execute("PRAGMA main.table_info(imports)")]
    columns = ", ".join(f"i.{name}" if name != "undone_revision" else f"u.{name}" for name in names)
    connection.execute(
        f"CREATE TEMP TABLE imports AS SELECT {columns} FROM main.imports i LEFT JOIN "  # noqa: S608
        "(SELECT subject, CASE action WHEN 'undo' THEN revision END AS undone_revision, max(id) FROM main.audit_log "
        f"WHERE action IN ('undo', 'redo') AND revision <= {revision} GROUP BY subject) u "
        f"ON u.subject = 'batch ' || i.batch WHERE i.revision <= {revision}"
    )
    connection.execute("CREATE UNIQUE INDEX temp.imports_batch ON imports (batch)")


def _recount(connection: sqlite3.Connection) -> None:
    """The roll-ups as they were, from the posts and snapshots that held then."""
    rollups.beside(connection)
    rollups.begin(connection)
    connection.execute(f"INSERT INTO temp.{rollups.TOUCHED} SELECT post_id FROM posts")  # noqa: S608
    rollups.refresh_touched(connection)
