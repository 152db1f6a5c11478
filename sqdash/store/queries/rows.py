"""Rows of the catalogue's tables as they stand, their history, and the batches that brought them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqdash.store.rollups import MEASURES
from sqdash.tables import POSTS_FILE, Table

Codes = tuple[tuple[str, tuple[str, ...]], ...]
"""Column → values that it may have."""


def batch_of_hash(
    connection: sqlite3.Connection, sha256: str, format: str | None, sheet: str | None
) -> tuple[int, str] | None:
    """The batch that stands and came from this sheet of a file of these bytes, as this format (None: any); and its
    format."""
    found = connection.execute(
        "SELECT batch, format FROM imports WHERE sha256 = ? AND ifnull(?, format) = format AND sheet IS ? "
        "AND undone_revision IS NULL ORDER BY batch DESC LIMIT 1",
        (sha256, format, sheet),
    ).fetchone()
    return (int(found[0]), str(found[1])) if found else None


FORGOTTEN = "null"
"""The assignment (JSON) of headings for which nothing is remembered any more."""


def layouts(connection: sqlite3.Connection) -> list[tuple[str, str, str, str, str]]:
    """(signature of headings, assignment of their columns as JSON, file, time, person) of what is remembered.

    Of each signature the newest one whose import stands, the newest first; none where that was to forget it.
    """
    newest = {
        str(row[0]): row
        for row in connection.execute(
            "SELECT l.signature, l.assignment, i.file_name, r.at, r.by FROM layouts l "
            "JOIN revisions r ON r.revision = l.revision LEFT JOIN imports i ON i.revision = l.revision "
            "WHERE i.undone_revision IS NULL ORDER BY l.layout"
        )
    }
    return sorted((row for row in newest.values() if row[1] != FORGOTTEN), key=lambda row: row[3], reverse=True)


def units(connection: sqlite3.Connection) -> list[tuple[str, str, str | None]]:
    """(code, name, short name) of every unit's current rows."""
    return connection.execute("SELECT unit, label, short FROM units WHERE closed_revision IS NULL").fetchall()


def pages(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """(id, name) of every page, those of our own first."""
    return connection.execute(
        "SELECT page_id, label FROM pages WHERE closed_revision IS NULL ORDER BY kind <> 'own', page_id"
    ).fetchall()


def rejections(connection: sqlite3.Connection, batch: int) -> list[tuple[int | None, str, str, str, str]]:
    """(row, column, value, code, reason) of the rows that a batch left out."""
    return connection.execute(
        "SELECT source_row, column_name, value, code, reason FROM import_rejections WHERE batch = ? ORDER BY ordinal",
        (batch,),
    ).fetchall()


def current_values(connection: sqlite3.Connection, table: str, column: str) -> set[object]:
    """The distinct values of a column in current rows."""
    return {
        value
        for (value,) in connection.execute(f"SELECT DISTINCT {column} FROM {table} WHERE closed_revision IS NULL")  # noqa: S608
    }


def has(connection: sqlite3.Connection, table: Table, key: object) -> bool:
    """Whether a current row has this value in the table's first key column."""
    query = f"SELECT 1 FROM {table.name} WHERE closed_revision IS NULL AND {table.key[0]} = ?"  # noqa: S608
    return connection.execute(query, (key,)).fetchone() is not None


def keys_of(
    connection: sqlite3.Connection, table: Table, values: Mapping[str, Any], fold: Callable[[str], str]
) -> list[Any]:
    """The first key column of every current row with these values; texts are the same that ``fold`` makes so."""
    typed = [name for name in values if table.column(name).is_typed]
    exact = {name: value for name, value in values.items() if name not in typed}
    query = f"SELECT {', '.join((table.key[0], *typed))} FROM {table.name} WHERE closed_revision IS NULL"  # noqa: S608
    found = connection.execute(" AND ".join((query, *(f"{name} IS ?" for name in exact))), tuple(exact.values()))
    wanted = [fold(values[name] or "") for name in typed]
    return [key for key, *texts in found if [fold(text or "") for text in texts] == wanted]


def stands(connection: sqlite3.Connection, table: Table, values: Sequence[Any]) -> bool:
    """Whether exactly this row stands."""
    same = " AND ".join(f"{name} IS ?" for name in table.names)
    query = f"SELECT 1 FROM {table.name} WHERE closed_revision IS NULL AND {same}"  # noqa: S608
    return connection.execute(query, tuple(values)).fetchone() is not None


def differing(connection: sqlite3.Connection, table: Table, values: Sequence[Any]) -> tuple[str, ...]:
    """The key columns and those in which this row differs from the one that stands; all where none stands."""
    row = dict(zip(table.names, values, strict=True))
    where = " AND ".join(f"{name} IS ?" for name in table.key)
    found = connection.execute(
        f"SELECT {', '.join(table.names)} FROM {table.name} WHERE closed_revision IS NULL AND {where}",  # noqa: S608
        tuple(row[name] for name in table.key),
    ).fetchone()
    if not found:
        return table.names
    return tuple(n for n, old in zip(table.names, found, strict=True) if n in table.key or old != row[n])


def current(
    connection: sqlite3.Connection, table: Table, where: str = "1", values: Sequence[Any] = ()
) -> Iterator[dict[str, Any]]:
    """Current rows in key order, as dictionaries of the catalogue's columns plus ``batch`` and ``source_row``."""
    names = (*table.names, "batch", "source_row")
    for row in connection.execute(
        f"SELECT {', '.join(names)} FROM {table.name} WHERE closed_revision IS NULL AND {where} "  # noqa: S608
        f"ORDER BY {', '.join(table.key)}",
        tuple(values),
    ):
        yield dict(zip(names, row, strict=True))


def of_key(connection: sqlite3.Connection, table: Table, key: Sequence[Any]) -> dict[str, Any] | None:
    """The current row with this whole key, as a dictionary of the catalogue's columns; None for none."""
    where = " AND ".join(f"{name} IS ?" for name in table.key)
    found = next(current(connection, table, where, key), None)
    return None if found is None else {name: found[name] for name in table.names}


def newest(
    connection: sqlite3.Connection, table: Table, limit: int, searches: Sequence[str] = (), codes: Codes = ()
) -> Iterator[dict[str, Any]]:
    """Current rows, those that came in last first; with ``searches`` those of which a text or key contains one of them,
    or a column has one of these ``codes``."""
    texts = [c.name for c in table.columns if c.key or c.type in ("text", "date", "month", "moment", "year")]
    found = [f"instr(lower(ifnull({name}, '')), lower(?)) > 0" for _ in searches for name in texts]
    found += [f"{name} IN ({', '.join('?' * len(some))})" for name, some in codes]
    given = (*(one for one in searches for _ in texts), *(code for _, some in codes for code in some))
    for row in connection.execute(
        f"SELECT {', '.join(table.names)} FROM {table.name} WHERE closed_revision IS NULL "  # noqa: S608
        f"AND ({' OR '.join(found) or 'TRUE'}) ORDER BY version_id DESC LIMIT ?",
        (*given, limit),
    ):
        yield dict(zip(table.names, row, strict=True))


def stream(connection: sqlite3.Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """Current rows in key order as tuples of the catalogue's columns: for exports, memory flat."""
    yield from connection.execute(
        f"SELECT {', '.join(table.names)} FROM {table.name} "  # noqa: S608
        f"WHERE closed_revision IS NULL ORDER BY {', '.join(table.key)}"
    )


def stream_posts(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """Current posts with their newest snapshot as it is, as ``posts.csv`` has them: what it leaves open stays open."""
    observed = {"observed_at", *MEASURES}
    columns = ", ".join(("s." if name in observed else "p.") + name for name in POSTS_FILE)
    yield from connection.execute(
        f"SELECT {columns} FROM posts p LEFT JOIN snapshots s ON s.version_id = (SELECT x.version_id "  # noqa: S608
        "FROM snapshots x WHERE x.post_id = p.post_id AND x.closed_revision IS NULL ORDER BY x.observed_at DESC "
        "LIMIT 1) WHERE p.closed_revision IS NULL ORDER BY p.post_id"
    )


IMPORT_COLUMNS = (
    "batch",
    "kind",
    "format",
    "file_name",
    "sha256",
    "encoding",
    "at",
    "by",
    "revision",
    "rows",
    "added",
    "changed",
    "unchanged",
    "rejected",
    "undone_revision",
    "note",
    "observed_at",
    "zone",
)


def imports(connection: sqlite3.Connection, limit: int = -1) -> list[tuple[Any, ...]]:
    """Batches, newest first."""
    return connection.execute(
        f"SELECT {', '.join(IMPORT_COLUMNS)} FROM imports ORDER BY batch DESC LIMIT ?",  # noqa: S608
        (limit,),
    ).fetchall()


def history(connection: sqlite3.Connection, table: Table, key: Sequence[object]) -> list[dict[str, Any]]:
    """Every version of one row, newest first, with who, when and why it began and ended."""
    where = " AND ".join(f"v.{name} IS ?" for name in table.key)
    cursor = connection.execute(
        f"SELECT {', '.join('v.' + name for name in table.names)}, o.at AS opened_at, o.by AS opened_by, "  # noqa: S608
        "o.reason AS opened_reason, c.at AS closed_at, c.by AS closed_by, v.closed_as, v.closed_reason "
        f"FROM {table.name} v JOIN revisions o ON o.revision = v.opened_revision "
        f"LEFT JOIN revisions c ON c.revision = v.closed_revision WHERE {where} ORDER BY v.version_id DESC",
        tuple(key),
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
