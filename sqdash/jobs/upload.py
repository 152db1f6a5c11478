"""Files and entries into the store: each is one batch in one transaction, and can be undone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqdash import importers
from sqdash.errors import BadCell, BadReference, BadRow, DataError
from sqdash.importers import cells
from sqdash.records import KEEP, Row, Value
from sqdash.report import binding
from sqdash.store import gate, save
from sqdash.store.gate import Change
from sqdash.store.queries import rows as row_queries
from sqdash.tables import Table


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; ``batch`` is the earlier one for the same file again, None for no rows."""

    file: str
    format: str
    rows: int
    added: int
    changed: int
    unchanged: int
    batch: int | None

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def import_file(store: Path, file: Path, *, by: str) -> Outcome:
    """Import one file whole or not at all.

    Raises a :class:`DataError` naming file, row and column where something cannot be taken. The same bytes
    again are no new batch: the earlier one is named and nothing changes.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise DataError(f"無法讀取檔案「{file}」，請檢查路徑與權限。") from error
    digest = hashlib.sha256(data).hexdigest()
    format, parts = importers.read(file.name, data)
    if not any(rows for _, rows in parts):  # headings alone say nothing and change nothing
        return Outcome(file.name, format, 0, 0, 0, 0, None)
    with gate.write(store, by=by, reason=f"匯入 {file.name}") as change:
        if earlier := row_queries.batch_of_hash(change.connection, digest, format):
            return Outcome(file.name, format, 0, 0, 0, 0, earlier)
        batch = save.open_batch(
            change, kind="file", format=format, file_name=file.name, sha256=digest, encoding="utf-8"
        )
        counts = save.Counts()
        for table, rows in parts:
            _check_references(change, table, file.name, rows)
            _check_texts(change, table, file.name, rows)
            try:
                counts += save.put(change, table, rows, batch)
            except BadRow as error:
                raise DataError(f"{file.name} {error}") from error
        save.close_batch(change, batch, counts)
    return Outcome(file.name, format, counts.rows, counts.added, counts.changed, counts.unchanged, batch)


# Columns that name a row of another table: (table, column) → (table, column) it must exist in.
_REFERENCES = {
    ("unit_members", "collective"): ("units", "unit"),
    ("unit_members", "member"): ("units", "unit"),
    ("method_units", "unit"): ("units", "unit"),
    ("method_units", "method"): ("methods", "method"),
    ("methods", "strategy"): ("strategies", "strategy"),
    ("plan_groups", "strategy"): ("strategies", "strategy"),
    ("result_links", "method"): ("methods", "method"),
    ("method_indicators", "method"): ("methods", "method"),
    ("activities", "unit"): ("units", "unit"),
    ("checks", "unit"): ("units", "unit"),
    ("surveys", "unit"): ("units", "unit"),
    ("posts", "unit"): ("units", "unit"),
    ("explanations", "unit"): ("units", "unit"),
    ("ledger_marks", "unit"): ("units", "unit"),
    ("posts", "page_id"): ("pages", "page_id"),
    ("page_days", "page_id"): ("pages", "page_id"),
    ("snapshots", "post_id"): ("posts", "post_id"),
}


def _check_references(change: Change, table: Table, file: str, rows: Sequence[Row]) -> None:
    for (name, column), (other, wanted) in _REFERENCES.items():
        if name != table.name:
            continue
        known = row_queries.current_values(change.connection, other, wanted)
        at = table.names.index(column)
        for row in rows:
            value = row.values[at]
            if value is not None and value is not KEEP and value not in known:
                label = save.table_named(other).label
                named = column if row.number else table.column(column).label
                raise BadReference(f"{file}{_row_words(row)}「{named}」的值「{value}」不在{label}裡，請先建立或改正。")


def _row_words(row: Row) -> str:
    """Which row of a file; nothing for an entry, which has none."""
    return f" 第 {row.number} 列" if row.number else ""


def _check_texts(change: Change, table: Table, file: str, rows: Sequence[Row]) -> None:
    """A text of the report may bind indicators and facts only."""
    if table.name != "result_texts":
        return
    facts = {str(fact) for fact in row_queries.current_values(change.connection, "facts", "fact")}
    at = table.names.index("text")
    for row in rows:
        if wrong := binding.unknown(str(row.values[at]), facts):
            raise BadReference(f"{file}{_row_words(row)}文字裡的「{wrong}」不是任何指標或數字的代碼，請從清單挑選。")


def enter(store: Path, table: Table, texts: Mapping[str, str], *, reason: str, by: str) -> int:
    """Store one row typed by a person (a new one, or a correction of the row with that key); its batch.

    ``texts`` has a text per column name. :class:`BadCell` names the field. A correction closes the old
    version with the reason; nothing is overwritten.
    """
    why = _reason(reason)
    values: list[Value] = []
    for column in table.columns:
        text = texts.get(column.name, "")
        try:
            values.append(cells.read(column, text.strip()))
        except cells.CellError as error:
            raise BadCell(table.label, None, column.label, text, str(error)) from error
    row = Row(None, tuple(values))
    with gate.write(store, by=by, reason=why) as change:
        _check_references(change, table, table.label, [row])
        _check_texts(change, table, table.label, [row])
        batch = save.open_batch(change, kind="entry", format=table.name, file_name=f"人工登錄：{table.label}", note=why)
        try:
            counts = save.put(change, table, [row], batch)
        except BadRow as error:
            raise DataError(f"這一列{error.reason}") from error
        if not counts.added and not counts.changed:
            raise DataError("內容與現有的一列相同，沒有變更。")
        save.close_batch(change, batch, counts)
    return batch


def strike(store: Path, table: Table, key: Sequence[Value], *, reason: str, by: str) -> int:
    """Take one row out of force with a reason; its history stays, and the batch can be undone."""
    why = _reason(reason)
    with gate.write(store, by=by, reason=why) as change:
        batch = save.open_batch(change, kind="entry", format=table.name, file_name=f"人工刪列：{table.label}", note=why)
        save.strike(change, table, key, why)
        change.audit("strike", f"batch {batch}", why)
    return batch


def _reason(reason: str) -> str:
    why = " ".join(reason.split())
    if not why:
        raise DataError("更正或刪列須寫明原因，請補上。")
    if len(why) > 500:
        raise DataError("原因超過 500 字，請縮短。")
    return why


def undo(store: Path, batch: int, *, by: str, reason: str = "還原匯入") -> dict[str, int]:
    """Take a batch back; the number of keys touched per table."""
    why = _reason(reason)
    with gate.write(store, by=by, reason=f"還原匯入批次 {batch}：{why}") as change:
        return save.undo(change, batch, why)


def redo(store: Path, batch: int, *, by: str, reason: str) -> dict[str, int]:
    """Let a batch that was taken back stand again; the number of keys touched per table."""
    why = _reason(reason)
    with gate.write(store, by=by, reason=f"恢復匯入批次 {batch}：{why}") as change:
        return save.redo(change, batch, why)
