"""A digest of every stored row, kept in the transaction that writes the row: SQLite itself has no checksums.

The digest of a part of a table is the sum of its rows' CRC-32. A sum needs no order, so what changes is taken from it
and added to it without reading the rest; and a changed byte always changes its row's CRC, so it always changes the sum.
It finds accidents of disks, not a person who means to deceive: whoever can write the file could write the sum as well.

Every table has them but the library's list of migrations, to which it adds a row once a migration is through, and what
rolls posts up, which is worked out anew to be compared. What a table's rows need so that the sums stay true is said
once, in :data:`KEPT`. Rows that only come at the end of a table and small tables need nothing (:class:`Writer` sees
which tables are written on); whatever alters, removes or slips in other rows does so inside :func:`altering`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, repeat
from marshal import dumps
from operator import itemgetter
from typing import Any, Literal, NamedTuple
from zlib import crc32

from sqdash.patterns import later
from sqdash.store.database import Handle
from sqdash.tables import TABLES

What = Literal["rows", "ends"]
Part = tuple[str, What, int]
"""Table, whether of its rows or of how they ended, and the revision, batch or run of the part (0: all)."""
Sum = tuple[int, int]
"""How many rows, and the sum of their digests."""
FIRST = 11
"""The version of the schema that first has digests."""
_ENDS = ("closed_revision", "closed_as", "closed_reason")
_PLACED = ("rootpage",)
"""Says where in the file something is: a copy has it elsewhere."""
_FORMAT = 2
"""Of ``marshal``: plain values alone, the same in every version of Python."""
_AT_ONCE = 2_000
_WRITES = later(r"(?:INSERT (?:OR \w+ )?INTO|REPLACE INTO|UPDATE|DELETE FROM) (?:main\.)?(\w+)(?!\.)\b")


class Kept(NamedTuple):
    """How a table's digests are kept: ``part`` is the column that says to which part a row belongs (none: all are one).

    ``ends``: rows are versions, of which nothing but their end is ever set. ``grows``: rows come at the end, by rowid.
    ``small``: digested anew, whole, whenever anything in it changed. Of other changes :func:`altering` must know.
    """

    name: str
    part: str = ""
    ends: bool = False
    grows: bool = False
    small: bool = False


KEPT: tuple[Kept, ...] = (
    *(Kept(table.name, "opened_revision", ends=True, grows=True) for table in TABLES),
    Kept("revisions", grows=True),
    Kept("audit_log", grows=True),
    Kept("imports", "batch", grows=True),
    Kept("import_rejections", "batch"),
    Kept("confirmations", "batch"),
    Kept("coverage", "batch"),
    Kept("layouts", grows=True),
    Kept("pulls", "pull", grows=True),
    Kept("pull_parts", "pull"),
    Kept("post_reads"),
    Kept("alerts", grows=True),
    *(Kept(name, small=True) for name in ("store_info", "metric_states", "measure_breaks", "page_reads")),
    *(Kept(name, small=True) for name in ("alert_digests", "alert_sent", "accounts", "account_passwords")),
    *(Kept(name, small=True) for name in ("sessions", "sign_in_failures", "desk")),
    Kept("sqlite_schema"),
)
BY_NAME = {kept.name: kept for kept in KEPT}
_columns: dict[tuple[int, str], tuple[str, ...]] = {}


class Writer(Handle):
    """A connection that knows which tables a change writes on, where each ended before, and what else moved."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.ended: dict[str, int] = {}
        """The last rowid of each table before the first statement that wrote on it; -1 where that is not needed."""
        self.moved: dict[Part, Sum] = {}
        self.told: set[str] = set()

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """As ever, once it is known what the statement writes into."""
        self._see(sql)
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """As ever, once it is known what the statement writes into."""
        self._see(sql)
        return super().executemany(sql, parameters)

    def _see(self, sql: str) -> None:
        if sql[:1] in "IUDR" and (found := _WRITES.match(sql)):
            self.begin(found[1])

    def begin(self, table: str) -> None:
        """From now on rows of the table may come."""
        kept = BY_NAME.get(table)
        if kept and table not in self.ended:
            self.ended[table] = _last(self, table) if kept.grows else -1

    def forget(self) -> None:
        """A new transaction begins."""
        self.ended, self.moved, self.told = {}, {}, set()

    def add(self, part: Part, rows: int, digest: int) -> None:
        """Rows came to a part, or (negative) left it."""
        before = self.moved.get(part, (0, 0))
        self.moved[part] = before[0] + rows, before[1] + digest


def _last(connection: sqlite3.Connection, table: str) -> int:
    found = connection.execute(f"SELECT ifnull(max(rowid), 0) FROM main.{table}").fetchone()  # noqa: S608
    return int(found[0])


@contextmanager
def altering(connection: sqlite3.Connection, table: str, where: str, values: Sequence[object] = ()) -> Iterator[None]:
    """The block alters, removes or adds rows of which ``where`` is true before and after it, and no others."""
    _tell(connection, table, where, values, -1)
    yield
    _tell(connection, table, where, values, 1)


def added(connection: sqlite3.Connection, table: str, where: str, values: Sequence[object] = ()) -> None:
    """Rows of which ``where`` is true, and none of which it was true before, have just come in."""
    _tell(connection, table, where, values, 1)


def _tell(connection: sqlite3.Connection, table: str, where: str, values: Sequence[object], sign: int) -> None:
    if not isinstance(connection, Writer):
        return
    connection.begin(table)
    connection.told.add(table)
    kept = BY_NAME[table]
    older = f"AND rowid <= {connection.ended[table]}" if kept.grows else ""  # later ones are counted at the end
    for part, (rows, digest) in rows_of(connection, kept, f"WHERE ({where}) {older}", values).items():
        connection.add((table, "rows", part), sign * rows, sign * digest)


def begin(connection: sqlite3.Connection) -> None:
    """A transaction begins on a connection that may write."""
    if isinstance(connection, Writer):
        connection.forget()


def settle(connection: sqlite3.Connection, revision: int | None) -> None:
    """Bring the digests to what the transaction wrote, before it is committed; ``revision`` is the one it took."""
    if not isinstance(connection, Writer):
        return
    whole: dict[Part, Sum] = {}
    for table, ended in connection.ended.items():
        kept = BY_NAME[table]
        if kept.small:
            whole |= {(table, "rows", part): found for part, found in rows_of(connection, kept).items()} or {
                (table, "rows", 0): (0, 0)
            }
        elif kept.grows:
            part = revision if kept.ends else None
            _add(connection, table, "rows", rows_of(connection, kept, f"WHERE rowid > {ended}", part=part))
        elif table not in connection.told:
            raise AssertionError(f"rows of {table} moved and no digest knows of it")
        if kept.ends:
            _add(connection, table, "ends", ends_of(connection, table, "= ?", (revision,)))
    _write(connection, connection.moved, "rows = rows + excluded.rows, digest = digest + excluded.digest")
    _write(connection, whole, "rows = excluded.rows, digest = excluded.digest")
    connection.forget()


def _add(connection: Writer, table: str, what: What, found: dict[int, Sum]) -> None:
    for part, (rows, digest) in found.items():
        connection.add((table, what, part), rows, digest)


def _write(connection: sqlite3.Connection, sums: dict[Part, Sum], then: str) -> None:
    connection.executemany(
        f"INSERT INTO digests VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET {then}",  # noqa: S608
        [(*part, *found) for part, found in sums.items()],
    )


def lay(connection: sqlite3.Connection) -> None:
    """Digest the store as it stands: what is there is taken as right. For a new store, and for a migration."""
    _columns.clear()  # a migration may have changed them
    connection.execute("DELETE FROM digests")
    for kept in present(connection):
        found: dict[Part, Sum] = {(kept.name, "rows", part): one for part, one in rows_of(connection, kept).items()}
        if kept.ends:
            found |= {(kept.name, "ends", part): one for part, one in ends_of(connection, kept.name).items()}
        _write(connection, found, "rows = excluded.rows")


def present(connection: sqlite3.Connection) -> list[Kept]:
    """The tables that this store has: an older one may lack some."""
    names = {name for (name,) in connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")}
    names.add("sqlite_schema")
    return [kept for kept in KEPT if kept.name in names]


def stored(connection: sqlite3.Connection, table: str) -> dict[tuple[str, int], Sum]:
    """(what, part) → what was kept of a table; a part that has no rows any more is none."""
    found = connection.execute("SELECT what, part, rows, digest FROM main.digests WHERE table_name = ?", (table,))
    return {(what, part): (rows, digest) for what, part, rows, digest in found if rows or digest}


def rows_of(
    connection: sqlite3.Connection,
    kept: Kept,
    which: str = "",
    values: Sequence[object] = (),
    *,
    part: int | None = None,
) -> dict[int, Sum]:
    """Part → sum of the rows as they stand (``which``: a WHERE) but for how versions ended. ``part``: all are of it."""
    names = _names(connection, kept.name)
    at = names.index(kept.part) if kept.part and part is None else None
    sql = f"SELECT {', '.join(names)} FROM main.{kept.name} {which}"  # noqa: S608
    return _sums(connection, sql, values, at, part or 0)


def ends_of(
    connection: sqlite3.Connection, table: str, revision: str = "IS NOT NULL", values: Sequence[object] = ()
) -> dict[int, Sum]:
    """Revision → sum of how the versions ended that it ended."""
    columns = "closed_revision, version_id, closed_as, closed_reason"
    sql = f"SELECT {columns} FROM main.{table} WHERE closed_revision {revision}"  # noqa: S608
    return _sums(connection, sql, values, 0)


def _names(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """The columns that are digested, in the order in which the table has them."""
    (version,) = connection.execute("PRAGMA main.user_version").fetchone()
    if (version, table) not in _columns:
        found = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
        _columns[version, table] = tuple(name for name in found if name not in (*_ENDS, *_PLACED))
    return _columns[version, table]


def _sums(
    connection: sqlite3.Connection, sql: str, values: Sequence[object], at: int | None, part: int = 0
) -> dict[int, Sum]:
    """Part (the column ``at``; None: all are of ``part``) → sum, read in pieces: memory stays flat.

    Texts are taken as the bytes that they are stored as: what is damaged may be no text any more.
    """
    found: dict[int, Sum] = {}
    before, connection.text_factory = connection.text_factory, bytes
    try:
        cursor = connection.execute(sql, values)
        while some := cursor.fetchmany(_AT_ONCE):
            for of, rows in [(part, some)] if at is None else _by(at, some):
                each = list(map(crc32, map(dumps, rows, repeat(_FORMAT))))
                count, digest = found.get(of, (0, 0))
                found[of] = count + len(each), digest + sum(each)
    finally:
        connection.text_factory = before
    return found


def _by(at: int, rows: list[tuple[Any, ...]]) -> Iterable[tuple[int, Iterable[tuple[Any, ...]]]]:
    of = itemgetter(at)
    parts = set(map(of, rows))
    return [(parts.pop(), rows)] if len(parts) == 1 else groupby(rows, key=of)
