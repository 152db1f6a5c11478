"""Taking batches back and letting them stand again.

A key's state is what the batches that are not undone did to it, in their order: put a version or strike it.
So an import can be undone whatever came later, and undoing twice in any order ends in the same state.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqdash.errors import BadRow, DataError
from sqdash.records import Row
from sqdash.store import observed, rollups
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
    alone = _close_alone(change, table, batch, reason)
    keys = change.connection.execute(
        f"SELECT DISTINCT {', '.join(table.key)} FROM {table.name} WHERE batch = ? AND closed_revision IS NOT ? "  # noqa: S608
        f"UNION SELECT {', '.join(table.key)} FROM {table.name} WHERE closed_revision = ? "
        f"UNION SELECT {', '.join('t.' + name for name in table.key)} FROM confirmations c "
        f"JOIN {table.name} t ON t.version_id = c.version_id WHERE c.batch = ? AND c.table_name = ?",
        (batch, change.revision, revision, batch, table.name),
    ).fetchall()
    touched = sum([_restore(change, table, key, reason) for key in keys])
    if table.name in rollups.OF_POSTS:
        rollups.touch(change.connection, [*keys, *alone])
        if table.name == "snapshots":
            observed.settle(change)
        rollups.refresh_touched(change.connection)
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
    """The batch that decides a key, and the row it states."""

    batch: int
    row: Row


def _wanted(change: Change, table: Table, key: Sequence[object]) -> _Wanted | None:
    """The last standing batch that states the key, and the row it states; None where it is struck or unstated.

    Figures seen again at another time are another key's business: see :mod:`sqdash.store.observed`.
    """
    columns = f"version_id, batch, source_row, closed_revision, closed_as, {', '.join(table.names)}"
    where = where_key(table)
    versions = change.connection.execute(  # two halves, because each has its own partial index
        f"SELECT {columns} FROM {table.name} WHERE {where} AND closed_revision IS NULL UNION ALL "  # noqa: S608
        f"SELECT {columns} FROM {table.name} WHERE {where} AND closed_revision IS NOT NULL ORDER BY version_id",
        (*key, *key),
    ).fetchall()
    stated: dict[int, _Wanted] = {}
    struck = 0
    for version, batch, row, closed, closed_as, *values in versions:
        rests_on = change.connection.execute(
            "SELECT batch, source_row FROM confirmations "
            "WHERE table_name = ? AND version_id = ? AND observed_at IS NULL",
            (table.name, version),
        ).fetchall()
        for stating, number in [(batch, row), *rests_on]:
            if _stands(change, stating):
                stated[stating] = _Wanted(stating, Row(number, tuple(values)))
        if closed_as == "struck":
            struck = max(struck, _standing_batch_of(change, closed))
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
    try:
        change.connection.execute(
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
            (*wanted.row.values, wanted.batch, wanted.row.number, change.revision),
        )
    except sqlite3.IntegrityError as error:
        raise BadRow(wanted.row.number, refusal(error)) from error


@dataclass(frozen=True, slots=True)
class Outlook:
    """What undoing a batch will do: rows that go, rows that return to what was before, rows that stay because a later
    batch states them; ``later`` are (batch, file name, rows) of those batches. All zero for a batch taken back."""

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
            parts.append(f"{self.stays:,} 列因後來的{named}{'等' if len(self.later) > 5 else ''}而維持現況")
        return f"還原批次 {self.batch} 將{'、'.join(parts) if parts else '不改變任何列'}。"


def outlook(connection: sqlite3.Connection, batch: int) -> Outlook:
    """See :class:`Outlook`; :class:`DataError` for an unknown batch."""
    found = connection.execute(
        "SELECT file_name, revision, undone_revision FROM imports WHERE batch = ?", (min(max(batch, 0), 2**62),)
    ).fetchone()
    if not found:
        raise DataError(f"沒有編號 {batch} 的匯入批次，請從匯入紀錄選取。")
    gone = returned = 0
    later: Counter[int] = Counter()
    for table in TABLES if found[2] is None else ():
        for put, event, keys in connection.execute(_last_events(table), {"batch": batch, "revision": found[1]}):
            other, struck = divmod(event or 0, 2)
            if other > batch:
                later[other] += keys
            elif other and not struck:
                returned += keys
            elif put:
                gone += keys
    names = dict(connection.execute("SELECT batch, file_name FROM imports WHERE batch > ?", (batch,)))
    listed = tuple((number, names[number], keys) for number, keys in sorted(later.items()))
    return Outlook(batch, found[0], gone, returned, later.total(), listed)


def _last_events(table: Table) -> str:
    """Of the keys that a batch put or else struck: the last other standing batch that says something of them, and how
    many they are.

    An event is twice the batch's number, one more where it struck the row; NULL where no other batch speaks.
    """
    key = ", ".join(table.key)
    of_mine = ", ".join(f"v.{name}" for name in table.key)
    of_every = ", ".join(f"e.{name}" for name in table.key)
    state = "h.version_id, h.batch, h.closed_revision, h.closed_as"
    own = f"FROM {table.name} WHERE"
    every = f"SELECT {of_mine}, v.put, {state} FROM mine v CROSS JOIN {table.name} h ON {_same_key(table)}"  # noqa: S608
    return (
        f"WITH mine AS MATERIALIZED (SELECT DISTINCT {key}, 1 AS put {own} batch = :batch UNION ALL "  # noqa: S608
        f"SELECT {key}, 0 {own} closed_revision = :revision AND closed_as = 'struck'), "
        f"every AS MATERIALIZED ({every} AND h.closed_revision IS NULL UNION ALL "
        f"{every} AND h.closed_revision IS NOT NULL), "
        f"events AS (SELECT {key}, put, batch AS b, 0 AS struck FROM every UNION ALL "
        f"SELECT {of_every}, put, c.batch, 0 FROM every e CROSS JOIN confirmations c "
        f"ON c.table_name = '{table.name}' AND c.version_id = e.version_id UNION ALL "
        f"SELECT {of_every}, put, s.batch, 1 FROM every e JOIN imports s ON s.revision = e.closed_revision "
        "WHERE e.closed_as = 'struck'), "
        "lasts AS (SELECT put, max(CASE WHEN b <> :batch AND i.undone_revision IS NULL THEN b * 2 + struck END) event "
        f"FROM events e JOIN imports i ON i.batch = b GROUP BY {of_every}) "
        "SELECT put, event, count(*) FROM lasts GROUP BY put, event"
    )
