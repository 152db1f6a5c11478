"""Taking batches back and letting them stand again.

A key's state is what the batches that are not undone make of it (see :mod:`sqdash.store.stated`). So an import can be
undone whatever came later, and undoing twice in any order ends in the same state; but not where the rows left would
contradict each other (:mod:`sqdash.store.agreement`) or change a locked year (:mod:`sqdash.store.locks`).
"""

from __future__ import annotations

import sqlite3

from sqdash.errors import DataError
from sqdash.store import agreement, digests, observed, pulls, rollups, stated
from sqdash.store.gate import Change
from sqdash.store.versions import settle
from sqdash.tables import TABLES, Table


def undo(change: Change, batch: int, reason: str) -> dict[str, int]:
    """Take a batch back: keys it changed return to what the other batches left. Rows touched by table."""
    _, revision, undone = batch_of(change.connection, batch)
    if undone is not None:
        raise DataError(already_undone(batch))
    with digests.altering(change.connection, "imports", "batch = ?", (batch,)):
        change.connection.execute("UPDATE imports SET undone_revision = ? WHERE batch = ?", (change.revision, batch))
    with agreement.kept(change.connection):
        touched = _restore_batch(change, batch, revision, reason)
    pulls.forget(change, batch)
    change.audit("undo", f"batch {batch}", reason)
    return touched


def redo(change: Change, batch: int, reason: str) -> dict[str, int]:
    """Let an undone batch stand again; keys go to what the standing batches say. Rows touched by table."""
    found = change.connection.execute(
        "SELECT revision FROM imports WHERE batch = ? AND undone_revision IS NOT NULL", (batch,)
    ).fetchone()
    if not found:
        raise DataError(f"匯入批次 {batch} 沒有被還原，不必恢復。")
    try:
        with digests.altering(change.connection, "imports", "batch = ?", (batch,)):
            change.connection.execute("UPDATE imports SET undone_revision = NULL WHERE batch = ?", (batch,))
    except sqlite3.IntegrityError as error:
        raise DataError(f"匯入批次 {batch} 的檔案已經重新匯入，不必恢復。") from error
    _ = change.revision  # a batch that later ones cover changes no row by standing again: it is a change all the same
    with agreement.kept(change.connection):
        touched = _restore_batch(change, batch, found[0], reason)
    change.audit("redo", f"batch {batch}", reason)
    return touched


def batch_of(connection: sqlite3.Connection, batch: int) -> tuple[str, int, int | None]:
    """A batch's file name, its revision, and that in which it was taken back; :class:`DataError` for no such batch."""
    found: tuple[str, int, int | None] | None = connection.execute(
        "SELECT file_name, revision, undone_revision FROM imports WHERE batch = ?", (min(max(batch, 0), 2**62),)
    ).fetchone()
    if not found:
        raise DataError(f"沒有編號 {batch} 的匯入批次，請從匯入紀錄選取。")
    return found


def already_undone(batch: int) -> str:
    """Why a batch that was taken back is not taken back again."""
    return f"匯入批次 {batch} 已經還原過，不必再還原。"


def _restore_batch(change: Change, batch: int, revision: int, reason: str) -> dict[str, int]:
    """Bring every key that the batch touched to what the standing batches say; keys by table."""
    return {table.name: count for table in TABLES if (count := _restore_table(change, table, batch, revision, reason))}


def _restore_table(change: Change, table: Table, batch: int, revision: int, reason: str) -> int:
    alone = _close_alone(change, table, batch, reason)
    keys = change.connection.execute(
        f"SELECT DISTINCT {', '.join(table.key)} FROM {table.name} WHERE batch = ? AND closed_revision IS NOT ? "  # noqa: S608
        f"UNION SELECT {', '.join(table.key)} FROM {table.name} WHERE closed_revision = ? "
        f"UNION SELECT {', '.join('t.' + name for name in table.key)} FROM confirmations c "
        f"JOIN {table.name} t ON t.version_id = c.version_id WHERE c.batch = ? AND c.table_name = ?",
        (batch, change.revision, revision, batch, table.name),
    ).fetchall()
    if table.name == "snapshots":  # figures seen again at a time of their own
        keys += change.connection.execute(
            "SELECT DISTINCT t.post_id, c.observed_at FROM confirmations c JOIN snapshots t "
            "ON t.version_id = c.version_id WHERE c.batch = ? AND c.table_name = 'snapshots' "
            "AND c.observed_at IS NOT NULL AND EXISTS (SELECT 1 FROM snapshots y WHERE y.post_id = t.post_id "
            "AND y.observed_at = c.observed_at AND y.closed_revision IS NULL)",
            (batch,),
        ).fetchall()
    touched = sum([settle(change, table, key, "undone", reason) for key in keys])
    if table.name in rollups.OF_POSTS:
        rollups.touch(change.connection, [*keys, *alone])
        if table.name == "snapshots":
            observed.settle(change)
        rollups.refresh_touched(change.connection)
    elif table.name == "pages":
        rollups.refresh(change.connection, table.name, keys)
    return len(alone) + touched


def _close_alone(change: Change, table: Table, batch: int, reason: str) -> list[tuple[object, ...]]:
    """Close the batch's current rows of which no other batch knows, as one statement; their keys."""
    if _stands(change, batch):
        return []
    change.connection.execute(
        f"UPDATE {table.name} SET closed_revision = ?, closed_as = 'undone', closed_reason = ? "  # noqa: S608
        f"WHERE version_id IN ({stated.alone(table)})",
        (change.revision, reason, batch, table.name),
    )
    return change.connection.execute(
        f"SELECT {', '.join(table.key)} FROM {table.name} WHERE batch = ? AND closed_revision = ?",  # noqa: S608
        (batch, change.revision),
    ).fetchall()


def _stands(change: Change, batch: int) -> bool:
    found = change.connection.execute(
        "SELECT undone_revision IS NULL FROM imports WHERE batch = ?", (batch,)
    ).fetchone()
    return bool(found[0])
