"""Single rows typed by a person: new, corrected or struck, each a batch of its own with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqdash import periods
from sqdash.errors import BadCell, BadCells, BadReference, BadRow, DataError, NotAllowed, Unanswered
from sqdash.importers import headings, numbers, personal, row_checks, rules
from sqdash.importers.base import Findings, Known, Task
from sqdash.importers.cells import CellError
from sqdash.importers.columns import UNIT_COLUMNS, in_unit_of, read_one
from sqdash.importers.specs import NATIVE
from sqdash.jobs import checks, whose
from sqdash.records import Kept, Row, Value
from sqdash.store import database, gate, save, stated
from sqdash.store.queries import rows as row_queries
from sqdash.store.staging import Stage
from sqdash.tables import Table
from sqdash.unseen import CONTROL

_LONGEST_REASON = 500
_IN_DIGITS = "請寫出完整的數字，例如 12000。"
_OTHERWISE = "與「值」裡寫的不一致，請改正其中之一。"
_WRITE_OUT = {
    "date": "看不出是哪一天，請連年份寫完整，例如 103/11/22。",
    "month": "看不出是哪個月，請連年份寫完整，例如 103/11。",
    "year": "看不出是哪一年，請寫民國年，例如 103。",
}


def enter(
    store: Path,
    table: Table,
    texts: Mapping[str, str],
    *,
    reason: str,
    by: str,
    seen: Mapping[str, Value] | None = None,
    units: frozenset[str] | None = None,
    new: bool = False,
) -> int:
    """Store one row typed by a person (a new one, or a correction of the row with that key); its batch.

    ``texts`` has a text per column name, written as in a file (ROC dates, thousands marks, names of units).
    A key that can be made from the row may be left out. :class:`BadCell` names the field, :class:`BadCells` several.
    A correction closes the old version with the reason; nothing is overwritten. ``seen`` are values of the row that the
    person had before them (empty: that there was none): where others stand by now, :class:`DataError` says so.
    ``units``: those for which the person may write (None: all); a row of others, before or after, is
    :class:`NotAllowed`. ``new``: the person thinks that nothing stands under the key, and is told where something does.
    """
    return _enter(store, table, [texts], reason, by, f"人工登錄：{table.label}", seen, units, new=new)


def doubts(store: Path, table: Table, texts: Mapping[str, str]) -> str:
    """What is worth a look in a typed row that can be taken, in sentences; empty for nothing. Texts and errors as in
    :func:`enter`."""
    with database.reading(store) as connection:
        values = _values(table, texts, checks.known(connection))
    found = rules.doubts(table.name, {name: [value] for name, value in values.items()}, periods.now())
    return "".join(f"這一列{why}" for why, places in found.items() if places)


def enter_all(
    store: Path, table: Table, many: Sequence[Mapping[str, str]], *, reason: str, by: str, called: str
) -> int:
    """Store several rows as :func:`enter` does, in one batch that is ``called`` so: all of them or none."""
    if not many:
        raise DataError(f"沒有任何一列{table.label}可以存入，請至少填一列。")
    return _enter(store, table, many, reason, by, called, None, None)


def _enter(
    store: Path,
    table: Table,
    many: Sequence[Mapping[str, str]],
    reason: str,
    by: str,
    called: str,
    seen: Mapping[str, Value] | None,
    units: frozenset[str] | None,
    *,
    new: bool = False,
) -> int:
    why = reason_of(reason)
    with database.reading(store) as connection:
        known = checks.known(connection)
        rows = [_row(table, texts, known) for texts in many]
        for number, (texts, row) in enumerate(zip(many, rows, strict=True), 1):
            _refuse_again(connection, table, texts, row, f"第 {number} 列的" if len(rows) > 1 else "")
    _refuse_twice(table, rows)
    with gate.write(store, by=by, reason=why) as change:
        if seen is not None:
            names = dict(zip(table.names, rows[0].values, strict=True))
            _refuse_moved(change.connection, table, [names[name] for name in table.key], seen)
        if new:
            _refuse_known(change.connection, table, rows[0])
        stage = Stage(change.connection)
        given = table.names
        if table.name in stated.BY_OBSERVATION:  # what is typed stays there, so the rest must follow its sources
            given = row_queries.differing(change.connection, table, rows[0].values)
        stage.add(table.name, given, [(None, *(row.values[table.names.index(n)] for n in given)) for row in rows])
        findings = Findings()
        whose.check(stage, findings, units)
        checks.check(stage, findings)
        if findings.rejected:
            wrong = findings.rejected[0]
            if wrong.code == whose.CODE:
                raise NotAllowed(f"{table.label}「{wrong.column}」的值「{wrong.value}」{wrong.reason}")
            raise BadReference(f"{table.label}「{wrong.column}」的值「{wrong.value}」{wrong.reason}")
        batch = save.open_batch(change, kind="entry", format=table.name, file_name=called, note=why)
        try:
            counts = save.put_staged(change, stage, batch, by_source_row=False)
        except BadRow as error:
            raise DataError(f"這一列{error.reason}") from error
        if not counts.added and not counts.changed:
            raise DataError("內容與現有的一列相同，沒有變更。")
        save.close_batch(change, batch, counts)
    return batch


def _refuse_twice(table: Table, rows: Sequence[Row]) -> None:
    """Two rows of one entry with the same key: nobody can tell a slip from two events."""
    places = [table.names.index(name) for name in table.key]
    keys = [tuple(row.values[at] for at in places) for row in rows]
    for number, key in enumerate(keys, 1):
        if (first := keys.index(key) + 1) < number:
            raise DataError(f"第 {first} 列與第 {number} 列的{table.label}相同，請改正或刪去一列。")


def _refuse_moved(
    connection: database.Connection, table: Table, key: Sequence[Value | Kept], seen: Mapping[str, Value]
) -> None:
    """The row must stand as the person saw it, or not at all where there was none."""
    stands = row_queries.of_key(connection, table, key) or {}
    if bool(stands) != bool(seen) or any(stands[name] != value for name, value in seen.items()):
        raise DataError(f"這一列{table.label}在您開啟後已由別人更動，請重新整理後再做一次。")


def _refuse_known(connection: database.Connection, table: Table, row: Row) -> None:
    """A slip in the month or the period of a new row must not put it in another one's place unseen."""
    key = [row.values[table.names.index(name)] for name in table.key]
    if row_queries.of_key(connection, table, key) and not row_queries.stands(connection, table, row.values):
        alike = "、".join(table.column(name).label for name in table.key)
        raise DataError(f"{table.label}已有{alike}相同而內容不同的一列；要更正請到設定的更正單列。")


def _refuse_again(
    connection: database.Connection, table: Table, texts: Mapping[str, str], row: Row, which: str
) -> None:
    """A new row whose key was made from it must not turn into the correction of an older one unseen, nor stand beside
    one that says the same under a key of its own, or with its name typed in another width."""
    derived, made_of = NATIVE[table.name].derived, [table.column(name) for name in NATIVE[table.name].made_of]
    if derived is None or texts.get(derived, "").strip():
        return
    key = row.values[table.names.index(derived)]
    same = {column.name: row.values[table.names.index(column.name)] for column in made_of}
    another = any(other != key for other in row_queries.keys_of(connection, table, same, headings.fold))
    known = row_queries.has(connection, table, key) and not row_queries.stands(connection, table, row.values)
    if known or another:
        alike = "、".join(column.label for column in made_of)
        free = next(c.label for c in made_of if c.is_typed and c.name not in UNIT_COLUMNS)
        raise DataError(
            f"{which}{table.label}已有{alike}都相同的一列；要更正請到設定的更正單列，確為另一筆請填不同的{free}或編號。"
        )


def _row(table: Table, texts: Mapping[str, str], known: Known) -> Row:
    values = _values(table, texts, known)
    return Row(None, tuple(values[name] for name in table.names))


def _values(table: Table, texts: Mapping[str, str], known: Known) -> dict[str, Value]:
    """The typed texts as values; :class:`BadCell` names the field that cannot be taken, :class:`BadCells` several."""
    spec = NATIVE[table.name]
    head = headings.Head(1, (), ())
    task = Task(table.label, head, iter(()), checks.NO_ANSWERS, known, checks.Nowhere(), Findings())
    values: dict[str, Value] = {}
    beside: dict[str, Value] = {}
    bad = []
    for column in table.columns:
        text = texts.get(column.name, "")
        unit, write_out = in_unit_of(values.get("indicator"), spec), _WRITE_OUT.get(column.type, _IN_DIGITS)
        values[column.name], why = None, ""
        try:
            if (table.name, column.name) == ("readings", "value"):
                values["value"], *rest = numbers.stated(text, unit.units["value"])
                beside = dict(zip(("low", "high", "qualifier"), rest, strict=True))
            else:
                values[column.name] = read_one(column, text.strip(), task, unit)
        except CellError as error:
            why = str(error)
        except Unanswered:  # a person who types can write it out, rather than be asked how it was meant
            why = write_out
        if task.findings.notes:  # what a file's reader tells beside its rows, a person who types would never see
            task.findings.notes.clear()
            why = write_out
        if column.type == "text" and not column.key and (what := personal.looks_like(text)):
            why = f"看起來是{what}，本系統只存件數與人次，請改寫。"
        if why:
            bad.append(BadCell(table.label, None, column.label, text, why))
    for name, said in beside.items():  # 約 30–50 in the one field says what has fields of its own
        if row_checks.disagree(name, values[name], said, values["value"]):
            bad.append(BadCell(table.label, None, table.column(name).label, texts[name], _OTHERWISE))
        values[name] = said if said is not None else values[name]
    if bad:
        raise BadCells(bad) if len(bad) > 1 else bad[0]
    if spec.derived and spec.derive and values[spec.derived] is None:
        values[spec.derived] = spec.derive(values)
    if wrong := rules.broken(table.name, values, periods.now()):
        raise DataError(f"這一列的{table.column(wrong.column).label}無法採用：{wrong.why}")
    return values


def strike(
    store: Path,
    table: Table,
    key: Sequence[Value],
    *,
    reason: str,
    by: str,
    seen: Mapping[str, Value] | None = None,
    units: frozenset[str] | None = None,
) -> int:
    """Take one row out of force with a reason; its history stays, and the batch can be undone. ``seen`` and ``units``
    as in :func:`enter`."""
    why = reason_of(reason)
    with gate.write(store, by=by, reason=why) as change:
        whose.require_own(change.connection, table, key, units)
        if seen is not None:
            _refuse_moved(change.connection, table, key, seen)
        batch = save.open_batch(change, kind="entry", format=table.name, file_name=f"人工刪列：{table.label}", note=why)
        save.strike(change, table, key, why)
        change.audit("strike", f"batch {batch}", why)
    return batch


def reason_of(reason: str, *, of: str = "更正或刪列") -> str:
    """The reason on one line; :class:`DataError` for none (which says what it is a reason ``of``), one of more than
    500 characters or with signs that nobody sees."""
    why = " ".join(reason.split())
    if not why:
        raise DataError(f"{of}須寫明原因，請補上。")
    if len(why) > _LONGEST_REASON:
        raise DataError("原因超過 500 字，請縮短。")
    if CONTROL.search(why):
        raise DataError("原因含有看不見的控制字元，請刪去後再儲存。")
    return why
