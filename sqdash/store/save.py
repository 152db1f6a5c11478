"""Writing rows: batches, row versions, strikes.

A key's state is what the batches that are not undone did to it: put a version or strike it (see
:mod:`sqdash.store.stated`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqdash.errors import BadRow, DataError
from sqdash.records import KEEP, Rejected, Row
from sqdash.store import agreement, digests, observed, post_ages, rollups, stated
from sqdash.store.gate import Change
from sqdash.store.queries import rows as row_queries
from sqdash.store.staging import CHANGED, UNCHANGED, Stage
from sqdash.store.stated import version_of_key
from sqdash.store.versions import close, keep, refusal, settle
from sqdash.tables import Table


@dataclass(slots=True)
class Counts:
    """What a batch did: rows added, changed (an older version was closed) and left as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __iadd__(self, other: Counts) -> Counts:
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        return self

    @property
    def rows(self) -> int:
        """All rows that were looked at."""
        return self.added + self.changed + self.unchanged


def open_batch(
    change: Change,
    *,
    kind: str,
    format: str,
    file_name: str,
    sha256: str | None = None,
    encoding: str | None = None,
    note: str | None = None,
    observed_at: str | None = None,
    zone: str | None = None,
    sheet: str | None = None,
) -> int:
    """Start a batch (file, entry, pull or generated) in this change; its number."""
    cursor = change.connection.execute(
        "INSERT INTO imports (kind, format, file_name, sha256, encoding, at, by, revision, note, observed_at, zone, "
        "sheet) SELECT ?, ?, ?, ?, ?, at, by, revision, ?, ?, ?, ? FROM revisions WHERE revision = ?",
        (kind, format, file_name, sha256, encoding, note, observed_at, zone, sheet, change.revision),
    )
    return int(cursor.lastrowid or 0)


def close_batch(change: Change, batch: int, counts: Counts, rejected: Sequence[Rejected] = ()) -> None:
    """Note what the batch did, and which rows it left out on the person's word."""
    left = len({r.row for r in rejected})
    with digests.altering(change.connection, "imports", *_of(batch)):
        change.connection.execute(
            "UPDATE imports SET rows = ?, added = ?, changed = ?, unchanged = ?, rejected = ? WHERE batch = ?",
            (counts.rows + left, counts.added, counts.changed, counts.unchanged, left, batch),
        )
    if rejected:
        change.connection.executemany(
            "INSERT INTO import_rejections VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((batch, n, r.row, r.column, r.value, r.code, r.reason) for n, r in enumerate(rejected, 1)),
        )
        digests.added(change.connection, "import_rejections", *_of(batch))
    left_out = f", {left} rejected" if left else ""
    change.audit("import", f"batch {batch}", f"{counts.added} added, {counts.changed} changed{left_out}")


def add_to_batch(change: Change, batch: int, counts: Counts) -> None:
    """Add what a further part of the batch did: a pull's parts are committed one by one."""
    with digests.altering(change.connection, "imports", *_of(batch)):
        change.connection.execute(
            "UPDATE imports SET rows = rows + ?, added = added + ?, changed = changed + ?, unchanged = unchanged + ? "
            "WHERE batch = ?",
            (counts.rows, counts.added, counts.changed, counts.unchanged, batch),
        )


def _of(batch: int) -> tuple[str, tuple[int]]:
    return "batch = ?", (batch,)


def cover(change: Change, batch: int, page_id: str, day_from: str, day_to: str) -> None:
    """Note that the batch states every post of the page published on these whole Taipei days (ISO).

    A pull learns it in a change later than the one that opened its batch, and figures change by it: it takes a
    revision, and the audit log says which.
    """
    _ = change.revision
    with digests.altering(change.connection, "coverage", *_of(batch)):
        change.connection.execute("INSERT INTO coverage VALUES (?, ?, ?, ?)", (batch, page_id, day_from, day_to))
    change.audit("cover", f"batch {batch}", f"{day_from} {day_to} {page_id}")


def remember_layout(change: Change, signature: str, assignment: str | None) -> None:
    """Keep how the columns of headings with this signature were assigned (JSON); the newest counts.

    None: nothing is remembered for them from now on.
    """
    change.connection.execute(
        "INSERT INTO layouts (signature, assignment, revision) VALUES (?, ?, ?)",
        (signature, assignment or row_queries.FORGOTTEN, change.revision),
    )


def put(change: Change, table: Table, rows: Iterable[Row], batch: int) -> Counts:
    """Store rows as current versions; an identical current version is left alone, and noted to rest on this batch too.

    A cell that is ``KEEP`` takes what the store has. :class:`BadRow` names a row whose values the schema refuses.
    """
    counts = Counts()
    for given, alike in groupby(rows, key=lambda row: tuple(value is not KEEP for value in row.values)):
        stage = Stage(change.connection)
        names = [name for name, has in zip(table.names, given, strict=True) if has]
        stage.add(table.name, names, ((row.number, *(v for v in row.values if v is not KEEP)) for row in alike))
        counts += put_staged(change, stage, batch, by_source_row=False)
    return counts


def put_staged(change: Change, stage: Stage, batch: int, *, by_source_row: bool = True) -> Counts:
    """Store what is staged as :func:`put` does, as sets; counts are those of :meth:`Stage.counts`."""
    if not stage.compared:
        stage.compare()
    counts = Counts(*stage.counts(by_source_row=by_source_row))
    rollups.begin(change.connection)
    for table in stage.tables:
        _confirm(change, stage, table, batch)
        _close_changed(change, table)
        _insert_staged(change, stage, table, batch)
        _put_folded(change, stage, table, batch)
        if table.name in rollups.OF_POSTS:
            change.connection.execute(
                f"INSERT OR IGNORE INTO temp.{rollups.TOUCHED} SELECT s.post_id FROM temp.compared_{table.name} c "  # noqa: S608
                f"JOIN temp.staged_{table.name} s ON s.rowid = c.r WHERE c.state <> {UNCHANGED}"
            )
    if "snapshots" in stage.given:
        _touch_young(change, stage)
        observed.settle(change)
    rollups.refresh_touched(change.connection)
    return counts


def _touch_young(change: Change, stage: Stage) -> None:
    """Posts seen again unchanged while they were young have figures at that age all the same."""
    (first,) = change.connection.execute("SELECT min(observed_at) FROM temp.staged_snapshots").fetchone()
    if not stage.thin or first is None:
        return
    since = (datetime.fromisoformat(first) - timedelta(days=post_ages.OLDEST + 1)).isoformat()
    change.connection.execute(
        f"INSERT OR IGNORE INTO temp.{rollups.TOUCHED} SELECT s.post_id FROM temp.compared_snapshots c "  # noqa: S608
        f"CROSS JOIN temp.staged_snapshots s ON s.rowid = c.r WHERE c.state = {UNCHANGED} AND s.post_id IN (SELECT "
        "n.post_id FROM (SELECT DISTINCT page_id FROM main.post_months WHERE measure = 'posts') m "
        "CROSS JOIN main.post_now n ON n.page_id = m.page_id AND n.published_at >= ?)",
        (since,),
    )


def _confirm(change: Change, stage: Stage, table: Table, batch: int) -> None:
    """Note that this batch states rows as they stand, so that they outlive the undoing of the batch that made them."""
    alike = f"SELECT standing FROM temp.compared_{table.name} WHERE state = {UNCHANGED}"  # noqa: S608
    if not change.connection.execute(f"{alike} LIMIT 1").fetchone():
        return
    thin = stage.thin and table.name == "snapshots"
    seen = "CASE WHEN t.observed_at <> s.observed_at THEN s.observed_at END" if thin else "NULL"
    with _confirming(change.connection, table, batch, alike):
        change.connection.execute(
            "INSERT OR REPLACE INTO confirmations (batch, table_name, version_id, source_row, observed_at, given) "  # noqa: S608
            f"SELECT ?, ?, c.standing, c.n, {seen}, ? FROM temp.compared_{table.name} c "
            f"JOIN main.{table.name} t ON t.version_id = c.standing AND t.batch <> ? "
            f"JOIN temp.staged_{table.name} s ON s.rowid = c.r WHERE c.state = {UNCHANGED}",
            (batch, table.name, stated.mask(table, stage.given[table.name]), batch),
        )


@contextmanager
def _confirming(connection: sqlite3.Connection, table: Table, batch: int, alike: str) -> Iterator[None]:
    """A batch of a file states a table once, so that nothing is replaced; that of a pull does time and again."""
    its = "table_name = ? AND batch = ?"
    stated_before = f"SELECT 1 FROM confirmations WHERE {its} LIMIT 1"  # noqa: S608
    if connection.execute(stated_before, (table.name, batch)).fetchone():
        with digests.altering(connection, "confirmations", f"{its} AND version_id IN ({alike})", (table.name, batch)):
            yield
    else:
        yield
        digests.added(connection, "confirmations", its, (table.name, batch))


def _close_changed(change: Change, table: Table) -> None:
    standing = f"SELECT standing FROM temp.compared_{table.name} WHERE state = {CHANGED} AND fold = 0"  # noqa: S608
    if change.connection.execute(f"{standing} LIMIT 1").fetchone():
        change.connection.execute(
            f"UPDATE {table.name} SET closed_revision = ?, closed_as = 'replaced', closed_reason = ? "  # noqa: S608
            f"WHERE version_id IN ({standing})",
            (change.revision, change.reason),
        )


def _insert_staged(change: Change, stage: Stage, table: Table, batch: int) -> None:
    given = stage.given[table.name]
    columns = ", ".join(f"s.{name}" if name in given else f"o.{name}" for name in table.names)
    insert = (
        f"INSERT INTO {table.name} ({', '.join(table.names)}, given, batch, source_row, opened_revision) "  # noqa: S608
        f"SELECT {columns}, ?, ?, s.source_row, ? FROM temp.compared_{table.name} c "
        f"CROSS JOIN temp.staged_{table.name} s ON s.rowid = c.r "
        f"LEFT JOIN main.{table.name} o ON o.version_id = c.standing WHERE c.state > {UNCHANGED} AND c.fold = 0"
    )
    if not change.connection.execute(
        f"SELECT 1 FROM temp.compared_{table.name} WHERE state > {UNCHANGED} AND fold = 0 LIMIT 1"  # noqa: S608
    ).fetchone():
        return
    values = (stated.mask(table, stage.given[table.name]), batch, change.revision)
    try:
        change.connection.execute(insert, values)
    except sqlite3.IntegrityError:
        _find_refused(change, table, insert, values)
        raise


def _put_folded(change: Change, stage: Stage, table: Table, batch: int) -> None:
    """Rows of which other batches have a say: each is kept as it is stated, and what stands is worked out anew."""
    given = stage.given[table.name]
    rows = change.connection.execute(
        f"SELECT s.* FROM temp.compared_{table.name} c CROSS JOIN temp.staged_{table.name} s ON s.rowid = c.r "  # noqa: S608
        "WHERE c.fold = 1 ORDER BY c.r"
    ).fetchall()
    for number, *row in rows:
        found = dict(zip(given, row, strict=True))
        key = [found.get(name) for name in table.key]
        will = stated.folded(change.connection, table, key, more=stated.coming(table, given, row, number, stage.rank))
        if will is None:
            raise BadRow(number, "缺少必填的欄位，請補上。")
        stands = [found.get(name, value) for name, value in zip(table.names, will.values, strict=True)]
        keep(change, table, stands, stated.mask(table, given), batch, number, "與其他批次的內容合併")
        settle(change, table, key, "replaced", change.reason)


def _find_refused(change: Change, table: Table, insert: str, values: tuple[int | None, int, int]) -> None:
    """Put the rows one by one to learn which one the schema refuses; :class:`BadRow` names it."""
    rows = change.connection.execute(
        f"SELECT r, n FROM temp.compared_{table.name} WHERE state > {UNCHANGED} AND fold = 0 ORDER BY r"  # noqa: S608
    ).fetchall()
    for r, number in rows:
        try:
            change.connection.execute(f"{insert} AND c.r = ?", (*values, r))
        except sqlite3.IntegrityError as error:
            raise BadRow(number, refusal(error)) from error


def strike(change: Change, table: Table, key: Sequence[object], reason: str) -> None:
    """Close a current row without a successor; :class:`DataError` when there is none."""
    found = change.connection.execute(version_of_key(table), tuple(key)).fetchone()
    if not found:
        raise DataError(f"「{table.label}」裡沒有這一列（{'、'.join(map(str, key))}），可能已被更正，請重新整理。")
    with agreement.kept(change.connection):
        close(change, table, found[0], "struck", reason)
    rollups.refresh(change.connection, table.name, [tuple(key)])
