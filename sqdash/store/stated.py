"""What the standing batches state of one key, column by column.

A batch states the columns that its source has (``given``); the others it leaves as they are. So a row is what the
batches that are not undone state of it, each column by the last that gives it, after the last strike that stands.
The last is the latest batch. Posts and the days of a page come from several sources and in exports of any age: there a
value typed by a person counts before any other, and of the others the latest observation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqdash import periods
from sqdash.tables import Table

OBSERVED = "ifnull(i.observed_at, strftime('%Y-%m-%dT%H:%M:%S+08:00', i.at, '+8 hours'))"
"""When a batch (``i`` of imports) saw what it states; a source without a time of its own: when it came in."""
BY_OBSERVATION = ("posts", "page_days")
"""Tables of which what is typed counts first, then the latest observation and not the latest batch."""
RANK = f"(i.kind = 'entry') || ' ' || {OBSERVED}"
"""The rank of a batch (``i`` of imports) among those of such a table, as text."""

_LAST, _HIGHEST = 2**62, "9"


def rank(observed_at: str | None) -> str:
    """The :data:`RANK` of a source other than a person's typing, seen at that time (ISO, Taipei; None: now)."""
    seen = observed_at or periods.stored(periods.now())
    return f"0 {seen}"


def mask(table: Table, given: Sequence[str]) -> int | None:
    """The columns given as a number, bit n for the catalogue's column n; None for all of them.

    Stored masks keep their meaning because the catalogue adds columns at the end only.
    """
    whole = set(given) >= set(table.names)
    return None if whole else sum(1 << n for n, name in enumerate(table.names) if name in given)


def has(given: int | None, n: int) -> bool:
    """Whether the mask has the catalogue's column n."""
    return given is None or bool(given >> n & 1)


def required(table: Table) -> tuple[int, ...]:
    """The places of the columns without which there is no row."""
    return tuple(n for n, column in enumerate(table.columns) if column.required)


def version_of_key(table: Table) -> str:
    """The query of the current version of a key: no row where none stands."""
    return f"SELECT version_id FROM {table.name} WHERE {where_key(table)} AND closed_revision IS NULL"  # noqa: S608


def current_of_key(connection: sqlite3.Connection, table: Table, key: Sequence[object]) -> tuple[Any, ...] | None:
    """The current version of a key: its number, its batch, then its values; None where none stands."""
    found: tuple[Any, ...] | None = connection.execute(
        f"SELECT version_id, batch, {', '.join(table.names)} FROM {table.name} "  # noqa: S608
        f"WHERE {where_key(table)} AND closed_revision IS NULL",
        tuple(key),
    ).fetchone()
    return found


def where_key(table: Table, prefix: str = "") -> str:
    """Equality on the key; a nullable part is compared as the unique index keeps it."""
    return " AND ".join(
        f"{prefix}{c.name} = ?" if c.required else f"ifnull({prefix}{c.name}, '') = ifnull(?, '')"
        for c in table.columns
        if c.key
    )


def same_key(table: Table) -> str:
    """Equality of the key in rows ``h`` and ``v`` of the table, compared as :func:`where_key` does."""
    return " AND ".join(
        f"h.{c.name} = v.{c.name}" if c.required else f"ifnull(h.{c.name}, '') = ifnull(v.{c.name}, '')"
        for c in table.columns
        if c.key
    )


def alone(table: Table) -> str:
    """The query of a batch's current versions that no other batch knows of; its values: the batch, the table's name."""
    return (
        f"SELECT v.version_id FROM {table.name} v WHERE v.batch = ? AND v.closed_revision IS NULL "  # noqa: S608
        f"AND NOT EXISTS (SELECT 1 FROM {table.name} h WHERE {same_key(table)} AND h.closed_revision IS NOT NULL) "
        "AND NOT EXISTS (SELECT 1 FROM confirmations c WHERE c.table_name = ? AND c.version_id = v.version_id)"
    )


class Statement(NamedTuple):
    """What one standing batch says of a key: ``values``, of the version ``version``, count where ``given`` has them.

    ``row``: whether the batch put or confirmed a row at this key; else it saw the figures of an older row again at
    this time (see :mod:`sqdash.store.observed`). ``rank`` is :data:`RANK`.
    """

    version: int
    batch: int
    number: int | None
    given: int | None
    values: tuple[Any, ...]
    row: bool
    rank: str


class Folded(NamedTuple):
    """The row that the standing batches make of a key: ``last`` has the last word, ``covers`` are the columns that any
    of them gives, ``row`` whether one of them put it at this key."""

    last: Statement
    values: tuple[Any, ...]
    covers: int | None
    row: bool


def coming(table: Table, given: Sequence[str], row: Sequence[Any], number: int | None, rank: str | None) -> Statement:
    """The statement of a row that is not stored yet: after every batch, of this rank (None: the highest)."""
    found = dict(zip(given, row, strict=True))
    values = tuple(found.get(name) for name in table.names)
    return Statement(_LAST, _LAST, number, mask(table, given), values, True, rank or _HIGHEST)


def folded(
    connection: sqlite3.Connection,
    table: Table,
    key: Sequence[object],
    *,
    more: Statement | None = None,
    without: int | None = None,
) -> Folded | None:
    """See :class:`Folded`; with a statement ``more``, or ``without`` a batch.

    None where no standing batch states the key after it was last struck, or where what they state is no row: a required
    column came only from a batch that was taken back.
    """
    struck = struck_by(connection, table, key, without)
    standing = [one for one in _statements(connection, table, key) if one.batch > struck and one.batch != without] + (
        [more] if more else []
    )
    if not standing:
        return None
    by_observation = table.name in BY_OBSERVATION
    standing.sort(key=lambda one: (one.rank if by_observation else "", one.batch, one.version))
    values: list[Any] = [None] * len(table.columns)
    covers: int | None = 0
    for one in standing:
        covers = None if covers is None or one.given is None else covers | one.given
        for n, value in enumerate(one.values):
            if has(one.given, n):
                values[n] = value
    if not all(has(covers, n) for n in required(table)):
        return None
    return Folded(standing[-1], tuple(values), covers, any(one.row for one in standing))


def _statements(connection: sqlite3.Connection, table: Table, key: Sequence[object]) -> Iterator[Statement]:
    names = ", ".join(f"t.{name}" for name in table.names)
    stands = "i.undone_revision IS NULL AND i.batch"
    for state in ("IS NULL", "IS NOT NULL"):  # each has its own partial index
        own = f"main.{table.name} t WHERE {where_key(table, 't.')} AND t.closed_revision {state}"
        for version, batch, number, given, rank, *values in connection.execute(
            f"WITH t AS MATERIALIZED (SELECT * FROM {own}) "  # noqa: S608
            f"SELECT t.version_id, t.batch, t.source_row, t.given, {RANK}, {names} FROM t "
            f"CROSS JOIN imports i ON {stands} = t.batch "
            f"UNION ALL SELECT t.version_id, c.batch, c.source_row, c.given, {RANK}, {names} FROM t "
            f"CROSS JOIN confirmations c ON c.table_name = '{table.name}' AND c.version_id = t.version_id "
            f"AND c.observed_at IS NULL CROSS JOIN imports i ON {stands} = c.batch",
            tuple(key),
        ):
            yield Statement(version, batch, number, given, tuple(values), True, rank)
        if table.name == "snapshots":
            yield from _seen_again(connection, names, key, state)


def _seen_again(connection: sqlite3.Connection, names: str, key: Sequence[object], state: str) -> Iterator[Statement]:
    """Figures of an older row of the post that a batch saw again, unchanged, at this very time."""
    post, time = key
    for version, batch, number, given, _, _, *figures in connection.execute(
        f"SELECT t.version_id, c.batch, c.source_row, c.given, {names} FROM main.snapshots t "  # noqa: S608
        "CROSS JOIN confirmations c ON c.table_name = 'snapshots' AND c.version_id = t.version_id "
        "CROSS JOIN imports i ON i.batch = c.batch AND i.undone_revision IS NULL "
        f"WHERE t.post_id = ? AND t.observed_at < ? AND t.closed_revision {state} AND c.observed_at = ? "
        # A person who struck the row struck what was seen of it before.
        "AND NOT EXISTS (SELECT 1 FROM main.snapshots h JOIN main.imports s ON s.revision = h.closed_revision "
        "WHERE h.post_id = t.post_id AND h.observed_at = t.observed_at AND h.closed_revision IS NOT NULL "
        "AND h.closed_as = 'struck' AND s.undone_revision IS NULL AND s.batch > c.batch)",
        (post, time, time),
    ):
        yield Statement(version, batch, number, given, (post, time, *figures), False, str(time))


def struck_by(connection: sqlite3.Connection, table: Table, key: Sequence[object], without: int | None = None) -> int:
    """The last standing batch (but the one left out) that struck the key, else 0."""
    found = connection.execute(
        f"SELECT max(i.batch) FROM main.{table.name} t CROSS JOIN imports i ON i.revision = t.closed_revision "  # noqa: S608
        f"AND i.undone_revision IS NULL WHERE {where_key(table, 't.')} AND t.closed_revision IS NOT NULL "
        "AND t.closed_as = 'struck' AND i.batch IS NOT ?",
        (*key, without),
    ).fetchone()[0]
    return int(found or 0)
