"""Taking batches back and letting them stand again.

A key's state is what the batches that are not undone did to it, in their order: put a version or strike it.
So an import can be undone whatever came later, and undoing twice in any order ends in the same state.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from sqdash.errors import BadRow, DataError
from sqdash.records import Row
from sqdash.store import rollups
from sqdash.store.gate import Change
from sqdash.store.save import close, refusal, where_key
from sqdash.tables import TABLES, Table


def undo(change: Change, batch: int, reason: str) -> dict[str, int]:
    """Take a batch back: keys it changed return to what the other batches left. Rows touched by table."""
    found = None
    if 0 < batch < 2**63:
        found = change.connection.execute(
            "SELECT revision, undone_revision FROM imports WHERE batch = ?", (batch,)
        ).fetchone()
    if not found:
        raise DataError(f"沒有編號 {batch} 的匯入批次，請從匯入紀錄選取。")
    if found[1] is not None:
        raise DataError(f"匯入批次 {batch} 已經還原過，不必再還原。")
    change.connection.execute("UPDATE imports SET undone_revision = ? WHERE batch = ?", (change.revision, batch))
    touched = _restore_batch(change, batch, found[0], reason)
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
        change.connection.execute("UPDATE imports SET undone_revision = NULL WHERE batch = ?", (batch,))
    except sqlite3.IntegrityError as error:
        raise DataError(f"匯入批次 {batch} 的檔案已經重新匯入，不必恢復。") from error
    _ = change.revision  # a batch that later ones cover changes no row by standing again: it is a change all the same
    touched = _restore_batch(change, batch, found[0], reason)
    change.audit("redo", f"batch {batch}", reason)
    return touched


def _restore_batch(change: Change, batch: int, revision: int, reason: str) -> dict[str, int]:
    """Bring every key that the batch touched to what the standing batches say; keys by table."""
    return {table.name: count for table in TABLES if (count := _restore_table(change, table, batch, revision, reason))}


def _restore_table(change: Change, table: Table, batch: int, revision: int, reason: str) -> int:
    rollups.begin(change.connection)
    alone = _close_alone(change, table, batch, reason)
    keys = change.connection.execute(
        f"SELECT DISTINCT {', '.join(table.key)} FROM {table.name} WHERE batch = ? AND closed_revision IS NOT ? "  # noqa: S608
        f"UNION SELECT {', '.join(table.key)} FROM {table.name} WHERE closed_revision = ? "
        f"UNION SELECT {', '.join('t.' + name for name in table.key)} FROM confirmations c "
        f"JOIN {table.name} t ON t.version_id = c.version_id WHERE c.batch = ? AND c.table_name = ?",
        (batch, change.revision, revision, batch, table.name),
    ).fetchall()
    touched = sum([_restore(change, table, key, reason) for key in keys])
    rollups.refresh(change.connection, table.name, [*keys, *alone])
    return len(alone) + touched


def _close_alone(change: Change, table: Table, batch: int, reason: str) -> list[tuple[object, ...]]:
    """Close the batch's current rows of which no other batch knows, as one statement; their keys."""
    only = (
        f"SELECT v.version_id FROM {table.name} v WHERE v.batch = ? AND v.closed_revision IS NULL "  # noqa: S608
        f"AND NOT EXISTS (SELECT 1 FROM {table.name} h WHERE {_same_key(table)} AND h.closed_revision IS NOT NULL) "
        "AND NOT EXISTS (SELECT 1 FROM confirmations c WHERE c.table_name = ? AND c.version_id = v.version_id)"
    )
    if _stands(change, batch):
        return []
    change.connection.execute(
        f"UPDATE {table.name} SET closed_revision = ?, closed_as = 'undone', closed_reason = ? "  # noqa: S608
        f"WHERE version_id IN ({only})",
        (change.revision, reason, batch, table.name),
    )
    return change.connection.execute(
        f"SELECT {', '.join(table.key)} FROM {table.name} WHERE batch = ? AND closed_revision = ?",  # noqa: S608
        (batch, change.revision),
    ).fetchall()


def _same_key(table: Table) -> str:
    return " AND ".join(
        f"h.{c.name} = v.{c.name}" if c.required else f"ifnull(h.{c.name}, '') = ifnull(v.{c.name}, '')"
        for c in table.columns
        if c.key
    )


def _restore(change: Change, table: Table, key: Sequence[object], reason: str) -> bool:
    """Make the key's current version what the batches that stand say it is; whether it had to change."""
    wanted = _wanted(change, table, key)
    current = change.connection.execute(
        f"SELECT version_id, batch FROM {table.name} WHERE {where_key(table)} AND closed_revision IS NULL",  # noqa: S608
        tuple(key),
    ).fetchone()
    if current and wanted and current[1] == wanted.batch:
        return False
    if not current and not wanted:
        return False
    if current:
        close(change, table, current[0], "undone", reason)
    if wanted:
        _insert(change, table, wanted)
    return True


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The batch that decides a key, and the row it states; ``moved_from`` is the version whose figures were only
    observed again by it, at another time."""

    batch: int
    row: Row
    moved_from: int | None = None


def _wanted(change: Change, table: Table, key: Sequence[object]) -> _Wanted | None:
    """The last standing batch that states the key, and the row it states; None where it is struck or unstated.

    Figures that later batches observed again without a change move to the first of those that stand.
    """
    columns = f"version_id, batch, source_row, closed_revision, closed_as, {', '.join(table.names)}"
    where = where_key(table)
    versions = change.connection.execute(  # two halves, because each has its own partial index
        f"SELECT {columns} FROM {table.name} WHERE {where} AND closed_revision IS NULL UNION ALL "  # noqa: S608
        f"SELECT {columns} FROM {table.name} WHERE {where} AND closed_revision IS NOT NULL ORDER BY version_id",
        (*key, *key),
    ).fetchall()
    stated: dict[int, _Wanted] = {}
    again: list[tuple[str, _Wanted]] = []
    struck = 0
    for version, batch, row, closed, closed_as, *values in versions:
        rests_on = change.connection.execute(
            "SELECT batch, source_row, observed_at FROM confirmations WHERE table_name = ? AND version_id = ?",
            (table.name, version),
        ).fetchall()
        for stating, number, seen in [(batch, row, None), *rests_on]:
            if not _stands(change, stating):
                continue
            if seen is None:
                stated[stating] = _Wanted(stating, Row(number, tuple(values)))
            else:
                moved = [seen if name == "observed_at" else v for name, v in zip(table.names, values, strict=True)]
                again.append((seen, _Wanted(stating, Row(number, tuple(moved)), version)))
        if closed_as == "struck":
            struck = max(struck, _standing_batch_of(change, closed))
    if not stated and again and not struck:
        return min(again, key=lambda found: (found[0], found[1].batch))[1]
    last = max(stated, default=0)
    return stated[last] if last > struck else None


def _stands(change: Change, batch: int) -> bool:
    found = change.connection.execute(
        "SELECT undone_revision IS NULL FROM imports WHERE batch = ?", (batch,)
    ).fetchone()
    return bool(found[0])


def _standing_batch_of(change: Change, revision: int) -> int:
    """The batch of that revision while it stands, else 0."""
    found = change.connection.execute(
        "SELECT batch FROM imports WHERE revision = ? AND undone_revision IS NULL", (revision,)
    ).fetchone()
    return int(found[0]) if found else 0


def _insert(change: Change, table: Table, wanted: _Wanted) -> None:
    names = (*table.names, "batch", "source_row", "opened_revision")
    if wanted.moved_from is not None and _find(change, table, wanted.row) is not None:
        return  # another batch observed at that very time
    try:
        change.connection.execute(
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
            (*wanted.row.values, wanted.batch, wanted.row.number, change.revision),
        )
    except sqlite3.IntegrityError as error:
        raise BadRow(wanted.row.number, refusal(error)) from error
    if wanted.moved_from is not None:
        change.connection.execute(
            "INSERT OR IGNORE INTO confirmations (batch, table_name, version_id, source_row, observed_at) "
            "SELECT batch, table_name, ?, source_row, observed_at FROM confirmations "
            "WHERE table_name = ? AND version_id = ? AND batch <> ? AND observed_at IS NOT NULL",
            (_find(change, table, wanted.row), table.name, wanted.moved_from, wanted.batch),
        )


def _find(change: Change, table: Table, row: Row) -> int | None:
    """The current version with the row's key."""
    key = [row.values[table.names.index(name)] for name in table.key]
    found = change.connection.execute(
        f"SELECT version_id FROM {table.name} WHERE {where_key(table)} AND closed_revision IS NULL",  # noqa: S608
        key,
    ).fetchone()
    return int(found[0]) if found else None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What undoing a batch will do: rows that go, rows that return to what was before, rows that stay because a later
    batch states them; ``later`` are (batch, file name, rows) of those batches."""

    batch: int
    file_name: str
    gone: int
    returned: int
    stays: int
    later: tuple[tuple[int, str, int], ...]

    @property
    def sentence(self) -> str:
        """For a person, before they decide."""
        parts = []
        if self.gone:
            parts.append(f"移除 {self.gone:,} 列")
        if self.returned:
            parts.append(f"{self.returned:,} 列回到先前的內容")
        if self.stays:
            named = "、".join(f"批次 {batch}（{name}）" for batch, name, _ in self.later[:5])
            parts.append(f"{self.stays:,} 列因後來的{named}而維持現況")
        return f"還原批次 {self.batch} 將{'、'.join(parts) if parts else '不改變任何列'}。"


def outlook(connection: sqlite3.Connection, batch: int) -> Outlook:
    """See :class:`Outlook`; :class:`DataError` for an unknown batch."""
    found = connection.execute(
        "SELECT file_name FROM imports WHERE batch = ?", (min(max(batch, 0), 2**62),)
    ).fetchone()
    if not found:
        raise DataError(f"沒有編號 {batch} 的匯入批次，請從匯入紀錄選取。")
    gone = returned = stays = 0
    later: dict[int, tuple[str, int]] = {}
    for table in TABLES:
        first, total = connection.execute(
            "SELECT ifnull(sum(NOT EXISTS (SELECT 1 FROM "  # noqa: S608
            f"{table.name} h WHERE {_same_key(table)} AND h.version_id < v.version_id) AND NOT EXISTS (SELECT 1 FROM "
            "confirmations c WHERE c.table_name = ? AND c.version_id = v.version_id)), 0), count(*) "
            f"FROM {table.name} v WHERE v.batch = ? AND v.closed_revision IS NULL",
            (table.name, batch),
        ).fetchone()
        gone, returned = gone + first, returned + total - first
        for number, name, rows in connection.execute(
            f"SELECT i.batch, i.file_name, count(*) FROM {table.name} v JOIN imports i ON i.revision = v.closed_revision "  # noqa: S608
            "WHERE v.batch = ? AND i.undone_revision IS NULL GROUP BY i.batch ORDER BY i.batch",
            (batch,),
        ):
            later[number] = (name, later.get(number, ("", 0))[1] + rows)
            stays += rows
    listed = tuple((number, name, rows) for number, (name, rows) in sorted(later.items()))
    return Outlook(batch, found[0], gone, returned, stays, listed)
