"""Writing rows: batches, row versions, correction, strike and undo.

A key's state is what the batches that are not undone did to it, in their order: put a version or strike it.
So an import can be undone whatever came later, and undoing twice in any order ends in the same state.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqdash.errors import BadRow, DataError
from sqdash.records import KEEP, Row, Value
from sqdash.store import rollups
from sqdash.store.gate import Change
from sqdash.tables import BY_NAME, TABLES, Table


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
) -> int:
    """Start a batch (file, entry, pull or generated) in this change; its number."""
    cursor = change.connection.execute(
        "INSERT INTO imports (kind, format, file_name, sha256, encoding, at, by, revision, note) "
        "SELECT ?, ?, ?, ?, ?, at, by, revision, ? FROM revisions WHERE revision = ?",
        (kind, format, file_name, sha256, encoding, note, change.revision),
    )
    return int(cursor.lastrowid or 0)


def close_batch(change: Change, batch: int, counts: Counts) -> None:
    """Note what the batch did."""
    change.connection.execute(
        "UPDATE imports SET rows = ?, added = ?, changed = ?, unchanged = ? WHERE batch = ?",
        (counts.rows, counts.added, counts.changed, counts.unchanged, batch),
    )
    change.audit("import", f"batch {batch}", f"{counts.added} added, {counts.changed} changed")


def put(change: Change, table: Table, rows: Iterable[Row], batch: int) -> Counts:
    """Store rows as current versions; an identical current version is left alone, and noted to rest on this batch too.

    A cell that is ``KEEP`` takes what the store has. :class:`BadRow` names a row whose values the schema refuses.
    """
    counts = Counts()
    touched: list[tuple[object, ...]] = []
    names = table.names
    key_at = [names.index(name) for name in table.key]
    find = f"SELECT version_id, {_list(names)} FROM {table.name} WHERE {_where_key(table)} AND closed_revision IS NULL"  # noqa: S608 - names come from the catalogue
    for row in rows:
        key = tuple(row.values[i] for i in key_at)
        found = change.connection.execute(find, key).fetchone()
        row = _filled(row, found[1:] if found else None)
        if found and tuple(found[1:]) == row.values:
            counts.unchanged += 1
            _confirm(change, table, found[0], row, batch)
            continue
        if found:
            _close(change, table, found[0], "replaced", change.reason)
        _insert(change, table, row, batch)
        touched.append(key)
        counts.added += not found
        counts.changed += bool(found)
    rollups.refresh(change.connection, table.name, touched)
    return counts


def _filled(row: Row, stands: Sequence[Value] | None) -> Row:
    """The row with what the store has wherever its source has no column."""
    if KEEP not in row.values:
        return row
    old = stands or (None,) * len(row.values)
    return Row(row.number, tuple(o if new is KEEP else new for new, o in zip(row.values, old, strict=True)))


def _confirm(change: Change, table: Table, version: int, row: Row, batch: int) -> None:
    """Note that this batch states the version as well, so that it outlives the undoing of the batch that made it."""
    change.connection.execute(
        "INSERT INTO confirmations (batch, table_name, version_id, source_row) "  # noqa: S608
        f"SELECT ?, ?, version_id, ? FROM {table.name} WHERE version_id = ? AND batch <> ?",
        (batch, table.name, row.number, version, batch),
    )


def strike(change: Change, table: Table, key: Sequence[object], reason: str) -> None:
    """Close a current row without a successor; :class:`DataError` when there is none."""
    found = change.connection.execute(
        f"SELECT version_id FROM {table.name} WHERE {_where_key(table)} AND closed_revision IS NULL",  # noqa: S608
        tuple(key),
    ).fetchone()
    if not found:
        raise DataError(f"「{table.label}」裡沒有這一列（{'、'.join(map(str, key))}），可能已被更正，請重新整理。")
    _close(change, table, found[0], "struck", reason)
    rollups.refresh(change.connection, table.name, [tuple(key)])


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
    keys = change.connection.execute(
        f"SELECT DISTINCT {_list(table.key)} FROM {table.name} WHERE batch = ? "  # noqa: S608
        f"UNION SELECT {_list(table.key)} FROM {table.name} WHERE closed_revision = ?",
        (batch, revision),
    ).fetchall()
    for key in keys:
        _restore(change, table, key, reason)
    rollups.refresh(change.connection, table.name, keys)
    return len(keys)


def _restore(change: Change, table: Table, key: Sequence[object], reason: str) -> None:
    """Make the key's current version what the batches that stand say it is."""
    wanted = _wanted(change, table, key)
    current = change.connection.execute(
        f"SELECT version_id, batch FROM {table.name} WHERE {_where_key(table)} AND closed_revision IS NULL",  # noqa: S608
        tuple(key),
    ).fetchone()
    if current and wanted and current[1] == wanted[0]:
        return
    if current:
        _close(change, table, current[0], "undone", reason)
    if wanted:
        _insert(change, table, wanted[1], wanted[0])


def _wanted(change: Change, table: Table, key: Sequence[object]) -> tuple[int, Row] | None:
    """The last standing batch that states the key, and the row it states; None where it is struck or unstated."""
    columns = f"version_id, batch, source_row, closed_revision, closed_as, {_list(table.names)}"
    where = _where_key(table)
    versions = change.connection.execute(  # two halves, because each has its own partial index
        f"SELECT {columns} FROM {table.name} WHERE {where} AND closed_revision IS NULL UNION ALL "  # noqa: S608
        f"SELECT {columns} FROM {table.name} WHERE {where} AND closed_revision IS NOT NULL ORDER BY version_id",
        (*key, *key),
    ).fetchall()
    stated: dict[int, Row] = {}
    struck = 0
    for version, batch, row, closed, closed_as, *values in versions:
        rests_on = change.connection.execute(
            "SELECT batch, source_row FROM confirmations WHERE table_name = ? AND version_id = ?", (table.name, version)
        ).fetchall()
        for stating, number in [(batch, row), *rests_on]:
            if _stands(change, stating):
                stated[stating] = Row(number, tuple(values))
        if closed_as == "struck":
            struck = max(struck, _standing_batch_of(change, closed))
    last = max(stated, default=0)
    return (last, stated[last]) if last > struck else None


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


def _insert(change: Change, table: Table, row: Row, batch: int) -> None:
    names = (*table.names, "batch", "source_row", "opened_revision")
    try:
        change.connection.execute(
            f"INSERT INTO {table.name} ({_list(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
            (*row.values, batch, row.number, change.revision),
        )
    except sqlite3.IntegrityError as error:
        reason = next(
            (told for rule, told in _RULES.items() if rule in str(error)), "的內容不符合這張表的規則，請檢查。"
        )
        raise BadRow(row.number, reason) from error


# What a rule of the schema is called in SQLite's message → what a person is told.
_RULES = {
    "low <= high": "的下限高於上限，請對調。",
    "value IS NOT NULL OR": "沒有值也沒有上下限，請至少填一個。",
    "period_from <= period_to": "的期間結束早於開始，請對調。",
    "valid_from <= valid_to": "的失效日早於生效日，請改正。",
    "held_on <= ended_on": "的結束日早於開始日，請對調。",
    "held_from <= held_to": "的調查迄日早於起日，請對調。",
    "generated rows": "是示範資料，不能放進正式資料庫。",
}


def _close(change: Change, table: Table, version: int, how: str, reason: str) -> None:
    change.connection.execute(
        f"UPDATE {table.name} SET closed_revision = ?, closed_as = ?, closed_reason = ? WHERE version_id = ?",  # noqa: S608
        (change.revision, how, reason, version),
    )


def _list(names: Sequence[str], prefix: str = "") -> str:
    return ", ".join(prefix + name for name in names)


def _where_key(table: Table, prefix: str = "") -> str:
    """Equality on the key; a nullable part is compared as the unique index keeps it."""
    return " AND ".join(
        f"{prefix}{c.name} = ?" if c.required else f"ifnull({prefix}{c.name}, '') = ifnull(?, '')"
        for c in table.columns
        if c.key
    )


def table_named(name: str) -> Table:
    """The catalogue's table of that name; :class:`DataError` for an unknown one."""
    try:
        return BY_NAME[name]
    except KeyError as error:
        raise DataError(f"沒有名為「{name[:40]}」的資料表。") from error
