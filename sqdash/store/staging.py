"""Checked rows on their way into the store: temporary tables of one connection, compared and moved as sets.

Rows are staged before the write gate is entered, so nobody waits while a file is read; a preview stages the
same way on a read-only connection and moves nothing. Knows no file and no format.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqdash.store import many, stated
from sqdash.tables import BY_NAME, TABLES, Table

LATE, UNCHANGED, CHANGED, ADDED = -1, 0, 1, 2


@contextmanager
def transient(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction over temporary tables alone: it locks nobody out, and one is faster than one a row."""
    connection.execute("BEGIN")
    yield
    connection.execute("COMMIT")


class Stage:
    """What a file states, table by table.

    ``given`` has, by table name, the columns that the source has; the other columns stay as the store has
    them. ``thin`` (for snapshots): a figure observed again without any change confirms the older observation
    instead of adding one.
    """

    def __init__(self, connection: sqlite3.Connection, *, thin: bool = False) -> None:
        self.connection = connection
        self.thin = thin
        self.given: dict[str, tuple[str, ...]] = {}
        self.lead: str | None = None
        """The first table staged: it decides whether a source row is new."""
        self.rank: str | None = None
        """The source's rank where an observation counts (see :func:`sqdash.store.stated.rank`); None: highest."""
        self.compared = False
        """Whether the staged rows, as they are now, were compared with the store."""
        connection.execute("PRAGMA temp.cache_size = -16384")  # what is beyond goes to a file: memory stays flat

    def add(self, name: str, given: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Stage rows of a table: each is (row number in the source or None, a value per given column)."""
        if name not in self.given:
            self._make(name, tuple(given))
        elif self.given[name] != tuple(given):
            raise ValueError(f"{name} is staged with other columns")
        self.compared = False
        many.insert(self.connection, f"INSERT INTO temp.staged_{name}", len(given) + 1, rows)

    def _make(self, name: str, given: tuple[str, ...]) -> None:
        table = BY_NAME[name]
        unknown = set(given) - set(table.names)
        if unknown or not set(table.key) <= set(given) | set(_optional_key(table)):
            raise ValueError(f"{name} cannot be staged with {given}")
        self.given[name] = given
        self.lead = self.lead or name
        self.connection.execute(f"DROP TABLE IF EXISTS temp.staged_{name}")
        self.connection.execute(f"CREATE TEMP TABLE staged_{name} (source_row, {', '.join(given)})")

    @property
    def tables(self) -> list[Table]:
        """The staged tables in the catalogue's order, each after those it points to."""
        return [table for table in TABLES if table.name in self.given]

    def rows(self, name: str) -> int:
        """How many rows are staged for the table."""
        if name not in self.given:
            return 0
        return int(self.connection.execute(f"SELECT count(*) FROM temp.staged_{name}").fetchone()[0])  # noqa: S608

    def filled(self) -> bool:
        """Whether anything is staged."""
        return any(
            self.connection.execute(f"SELECT 1 FROM temp.staged_{name} LIMIT 1").fetchone()  # noqa: S608
            for name in self.given
        )

    def first(self, name: str, limit: int) -> list[dict[str, Any]]:
        """The first staged rows as dictionaries of the given columns plus ``source_row``."""
        columns = ("source_row", *self.given[name])
        found = self.connection.execute(f"SELECT * FROM temp.staged_{name} ORDER BY rowid LIMIT ?", (limit,))  # noqa: S608
        return [dict(zip(columns, row, strict=True)) for row in found]

    def values(self, name: str, column: str) -> set[Any]:
        """The distinct staged values of a column."""
        found = self.connection.execute(f"SELECT DISTINCT {column} FROM temp.staged_{name}")  # noqa: S608
        return {value for (value,) in found}

    def drop_rows(self, numbers: Iterable[int | None]) -> None:
        """Take rows of the source out of every staged table."""
        self.compared = False
        c, wanted = self.connection, set(numbers)
        c.execute("DROP TABLE IF EXISTS temp.dropped")
        c.execute("CREATE TEMP TABLE dropped (n INTEGER PRIMARY KEY)")
        c.executemany("INSERT INTO temp.dropped VALUES (?)", ((n,) for n in wanted if n is not None))
        unplaced = " OR source_row IS NULL" if None in wanted else ""
        for name in self.given:
            c.execute(f"DELETE FROM temp.staged_{name} WHERE source_row IN (SELECT n FROM temp.dropped){unplaced}")  # noqa: S608

    # --- comparing with the store

    def compare(self) -> None:
        """Find out for every staged row which version stands and whether it differs; see :meth:`counts`."""
        self.compared = True
        for table in self.tables:
            self.connection.execute(f"DROP TABLE IF EXISTS temp.compared_{table.name}")
            standing = self._earlier() if self.thin and table.name == "snapshots" else self._standing(table)
            self.connection.execute(f"CREATE TEMP TABLE compared_{table.name} AS {standing}")
            self._fold_back(table)

    def _fold_back(self, table: Table) -> None:
        """Rows of which other batches have a say: what stands of them is worked out one by one.

        Those are rows that would replace what ranks higher, and new ones of which standing batches state something
        that was no row without them. ``fold`` marks them; a row that then changes nothing is ``LATE``.
        """
        c, given = self.connection, self.given[table.name]
        asked = self._outranked(table) if table.name in stated.BY_OBSERVATION and self.rank else []
        if c.execute(f"SELECT 1 FROM main.{table.name} WHERE closed_revision IS NOT NULL LIMIT 1").fetchone():  # noqa: S608
            asked += self._stated_before(table)
        at = [given.index(name) if name in given else None for name in table.key]
        for r in asked:
            number, *row = c.execute(f"SELECT * FROM temp.staged_{table.name} WHERE rowid = ?", (r,)).fetchone()  # noqa: S608
            key = [None if n is None else row[n] for n in at]
            more = stated.coming(table, given, row, number, self.rank)
            will = stated.folded(c, table, key, more=more)
            state, standing = c.execute(
                f"SELECT state, standing FROM temp.compared_{table.name} WHERE r = ?",  # noqa: S608
                (r,),
            ).fetchone()
            if will is None:
                continue  # not whole by itself either: storing it says why
            if standing is not None and will.values == self._values(table, standing):
                state = LATE
            c.execute(f"UPDATE temp.compared_{table.name} SET fold = 1, state = ? WHERE r = ?", (state, r))  # noqa: S608

    def _outranked(self, table: Table) -> list[int]:
        """Changed rows whose key a higher-ranking batch that stands states."""
        higher = f"{stated.RANK} > ?"
        if not self.connection.execute(
            f"SELECT 1 FROM main.imports i WHERE i.undone_revision IS NULL AND {higher} LIMIT 1",  # noqa: S608
            (self.rank,),
        ).fetchone():
            return []
        return self._of_state(table, CHANGED, ("IS NULL", "IS NOT NULL"), f"AND {higher}", (self.rank,) * 4)

    def _stated_before(self, table: Table) -> list[int]:
        """New rows of whose key a batch that stands states something."""
        return self._of_state(table, ADDED, ("IS NOT NULL",), "", ())

    def _of_state(
        self, table: Table, state: int, halves: tuple[str, ...], which: str, values: tuple[object, ...]
    ) -> list[int]:
        stands = f"CROSS JOIN main.imports i ON i.undone_revision IS NULL {which} AND i.batch ="
        said = " OR ".join(  # each half has its own partial index
            f"EXISTS (SELECT 1 FROM main.{table.name} t {join} WHERE {self.key_join(table)} "  # noqa: S608
            f"AND t.closed_revision {half})"
            for half in halves
            for join in (
                f"{stands} t.batch",
                f"CROSS JOIN main.confirmations k ON k.table_name = '{table.name}' AND k.version_id = t.version_id "
                f"{stands} k.batch",
            )
        )
        found = self.connection.execute(
            f"SELECT c.r FROM temp.compared_{table.name} c CROSS JOIN temp.staged_{table.name} s ON s.rowid = c.r "  # noqa: S608
            f"WHERE c.state = {state} AND ({said})",
            values,
        )
        return [r for (r,) in found]

    def _values(self, table: Table, version: int) -> tuple[Any, ...]:
        found: tuple[Any, ...] = self.connection.execute(
            f"SELECT {', '.join(table.names)} FROM main.{table.name} WHERE version_id = ?",  # noqa: S608
            (version,),
        ).fetchone()
        return found

    def _standing(self, table: Table) -> str:
        given = [c for c in self.given[table.name] if c not in table.key]
        same = " AND ".join(f"t.{c} IS s.{c}" for c in given) or "1"
        return (
            f"SELECT s.rowid AS r, s.source_row AS n, t.version_id AS standing, "  # noqa: S608
            f"CASE WHEN t.version_id IS NULL THEN {ADDED} WHEN {same} THEN {UNCHANGED} ELSE {CHANGED} END AS state, "
            f"0 AS fold FROM temp.staged_{table.name} s LEFT JOIN main.{table.name} t ON {self.key_join(table)} "
            "AND t.closed_revision IS NULL"
        )

    def key_join(self, table: Table) -> str:
        """SQL by which a stored row ``t`` of the table has the key of a staged one ``s``."""
        given = self.given[table.name]
        parts = []
        for column in table.columns:
            if not column.key:
                continue
            value = f"s.{column.name}" if column.name in given else "NULL"
            parts.append(
                f"t.{column.name} = {value}"
                if column.required
                else f"ifnull(t.{column.name}, '') = ifnull({value}, '')"
            )
        return " AND ".join(parts)

    def _earlier(self) -> str:
        """Snapshots: the last observation not later than the staged one; the same figures then are no new one."""
        given = [c for c in self.given["snapshots"] if c not in ("post_id", "observed_at")]
        same = " AND ".join(f"t.{c} IS s.{c}" for c in given) or "1"
        return (
            "SELECT s.rowid AS r, s.source_row AS n, "  # noqa: S608
            f"CASE WHEN {same} OR t.observed_at = s.observed_at THEN t.version_id END AS standing, "
            f"CASE WHEN t.version_id IS NULL THEN {ADDED} WHEN {same} THEN {UNCHANGED} "
            f"WHEN t.observed_at = s.observed_at THEN {CHANGED} ELSE {ADDED} END AS state, 0 AS fold "
            "FROM temp.staged_snapshots s LEFT JOIN main.snapshots t ON t.version_id = "
            "(SELECT x.version_id FROM main.snapshots x WHERE x.post_id = s.post_id AND x.closed_revision IS NULL "
            "AND x.observed_at <= s.observed_at ORDER BY x.observed_at DESC LIMIT 1)"
        )

    def counts(self, *, by_source_row: bool = True) -> tuple[int, int, int]:
        """Added, changed and unchanged rows, of the source or (else) of the tables.

        A source row that feeds several table rows is new when those of the first table are, unchanged when
        all of them are.
        """
        parts = " UNION ALL ".join(
            f"SELECT n, state, {int(table.name == self.lead)} AS lead FROM temp.compared_{table.name}"  # noqa: S608
            for table in self.tables
        )
        if not parts:
            return 0, 0, 0
        if by_source_row:
            parts = (
                "SELECT CASE WHEN min(CASE WHEN lead THEN state END) = 2 THEN 2 "  # noqa: S608
                "ELSE max(min(max(state), 1), 0) END AS state "
                f"FROM ({parts}) WHERE n IS NOT NULL GROUP BY n"
            )
        found = self.connection.execute(
            f"SELECT total(state = {ADDED}), total(state = {CHANGED}), total(state <= {UNCHANGED}) FROM ({parts})"  # noqa: S608
        ).fetchone()
        added, changed, unchanged = map(int, found)
        return added, changed, unchanged

    def moved(self, table: Table) -> tuple[str, str] | None:
        """Two queries with all columns of the table: rows as they stand that change, and all rows that come."""
        given = self.given.get(table.name)
        if given is None:
            return None
        columns = ", ".join(f"{'s' if name in given else 't'}.{name} AS {name}" for name in table.names)
        compared = f"FROM temp.compared_{table.name} c"
        standing = f"JOIN main.{table.name} t ON t.version_id = c.standing"
        return (
            f"SELECT t.* {compared} {standing} WHERE c.state = {CHANGED}",
            f"SELECT {columns} {compared} JOIN temp.staged_{table.name} s ON s.rowid = c.r LEFT {standing} "
            f"WHERE c.state IN ({ADDED}, {CHANGED})",
        )


def _optional_key(table: Table) -> tuple[str, ...]:
    return tuple(c.name for c in table.columns if c.key and not c.required)
