"""What taking a batch back would do, worked out and not done: for a person, before they decide."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqdash.store import agreement, left_behind, locks, restore
from sqdash.store.stated import BY_OBSERVATION, RANK, alone, current_of_key, folded, required, same_key, struck_by
from sqdash.store.turns import Key, Turn
from sqdash.tables import TABLES, Table


@dataclass(frozen=True, slots=True)
class Outlook:
    """What undoing a batch will do: rows that go, rows that return to what was before, rows that stay because a later
    batch states them; ``later`` are (batch, file name, rows) of those batches. ``partly``: of the rows that stay, those
    of which a column that only this batch gives goes. ``refused`` is what will be said instead where it cannot be
    undone; all zero for a batch taken back. ``behind``: (table, rows) of other batches that name rows which go."""

    batch: int
    file_name: str
    gone: int
    returned: int
    stays: int
    later: tuple[tuple[int, str, int], ...]
    partly: int = 0
    refused: str = ""
    behind: left_behind.Left = ()

    @property
    def sentence(self) -> str:
        """For a person, before they decide."""
        if self.refused:
            return f"批次 {self.batch} 現在不能還原：{self.refused}"
        parts = []
        if self.gone:
            parts.append(f"移除 {self.gone:,} 列")
        if self.returned:
            parts.append(f"使 {self.returned:,} 列回到先前的內容")
        if self.stays:
            named = "、".join(f"批次 {batch}（{name}）" for batch, name, _ in self.later[:5])
            but = f"（其中 {self.partly:,} 列由本批次提供的欄位會改回或移除）" if self.partly else ""
            parts.append(f"使 {self.stays:,} 列因後來的{named}{'等' if len(self.later) > 5 else ''}而維持現況{but}")
        return f"還原批次 {self.batch} 將{'、'.join(parts) if parts else '不改變任何列'}{self.named}。"

    @property
    def named(self) -> str:
        """What follows where rows of others name some that go: 「；活動紀錄 1 列提到…」; else empty."""
        named = left_behind.told(self.behind)
        return f"；{named}提到移除的列，之後就找不到所指的內容，請一併還原或更正" if named else ""


def of(connection: sqlite3.Connection, batch: int) -> Outlook:
    """See :class:`Outlook`; :class:`DataError` for an unknown batch."""
    file_name, revision, undone = restore.batch_of(connection, batch)
    if undone is not None:
        return Outlook(batch, file_name, 0, 0, 0, (), refused=restore.already_undone(batch))
    tally = _Tally()
    turns: dict[str, dict[Key, Turn]] = {}
    going: dict[str, int] = {}
    for table in TABLES:
        keys = _keys_of_others(connection, table, batch, revision)
        if len(keys) > MOST_EXACT:
            _estimate(connection, table, batch, revision, tally)
            continue
        going[table.name] = _rows_alone(connection, table, batch)
        tally.gone += going[table.name]
        found_of = {key: _foretell(connection, table, key, batch, tally) for key in keys}
        if table.name in _MAY_REFUSE:
            turns[table.name] = found_of | _turns_alone(connection, table, batch)
    names = dict(connection.execute("SELECT batch, file_name FROM imports"))
    listed = tuple((number, names[number], keys) for number, keys in sorted(tally.later.items()))
    refused = agreement.foretold(connection, turns) or locks.foretold(connection, turns)
    behind = left_behind.by_undo(connection, batch, going)
    return Outlook(
        batch, file_name, tally.gone, tally.returned, tally.later.total(), listed, tally.partly, refused, behind
    )


MOST_EXACT = 2_000
"""Keys of a table that are worked out one by one; of more the counts are those of whole rows, as one statement, and
no refusal because of them is foretold."""
_MAY_REFUSE = frozenset({*agreement.LOOKED_AT, *locks.HELD, "year_locks"})


@dataclass(slots=True)
class _Tally:
    gone: int = 0
    returned: int = 0
    partly: int = 0
    later: Counter[int] = field(default_factory=Counter)


def _rows_alone(connection: sqlite3.Connection, table: Table, batch: int) -> int:
    found = connection.execute(f"SELECT count(*) FROM ({alone(table)})", (batch, table.name)).fetchone()  # noqa: S608
    return int(found[0])


def _turns_alone(connection: sqlite3.Connection, table: Table, batch: int) -> dict[Key, Turn]:
    keys = len(table.key)
    found = connection.execute(
        f"SELECT {', '.join((*table.key, *table.names))} FROM {table.name} WHERE version_id IN ({alone(table)})",  # noqa: S608
        (batch, table.name),
    )
    return {row[:keys]: Turn(row[keys:], None) for row in found}


def _keys_of_others(
    connection: sqlite3.Connection, table: Table, batch: int, revision: int
) -> list[tuple[object, ...]]:
    """The keys that the batch put, confirmed or struck, but those of rows of which no other batch knows."""
    return connection.execute(
        f"SELECT DISTINCT {', '.join(table.key)} FROM {table.name} WHERE batch = ? "  # noqa: S608
        f"AND version_id NOT IN ({alone(table)}) "
        f"UNION SELECT {', '.join(table.key)} FROM {table.name} WHERE closed_revision = ? AND closed_as = 'struck' "
        f"UNION SELECT {', '.join('t.' + name for name in table.key)} FROM confirmations c "
        f"JOIN {table.name} t ON t.version_id = c.version_id WHERE c.batch = ? AND c.table_name = ? "
        f"LIMIT {MOST_EXACT + 1}",
        (batch, batch, table.name, revision, batch, table.name),
    ).fetchall()


def _foretell(connection: sqlite3.Connection, table: Table, key: Sequence[object], batch: int, tally: _Tally) -> Turn:
    """What taking the batch back does to one key: the same fold as the undo's, without the batch."""
    current = current_of_key(connection, table, key)
    after = folded(connection, table, key, without=batch)
    if after and not after.row:
        after = None
    if current is None:
        if after:
            tally.returned += 1
        elif (striker := struck_by(connection, table, key, batch)) > batch:
            tally.later[striker] += 1
        return Turn(None, after.values if after else None)
    version, holder, *values = current
    if after is None:
        if again := _seen_again_by(connection, table, version, batch):
            tally.later[again] += 1  # its figures stay current, under the later time
        else:
            tally.gone += 1
        return Turn(tuple(values), None)
    differs = after.values != tuple(values)
    if after.last.batch > batch and (holder != batch or not differs):
        tally.later[after.last.batch] += 1
        tally.partly += differs
    else:
        tally.returned += differs
    return Turn(tuple(values), after.values)


def _seen_again_by(connection: sqlite3.Connection, table: Table, version: int, batch: int) -> int | None:
    """The last standing batch that saw the figures of a row again at another time."""
    found = connection.execute(
        "SELECT max(c.batch) FROM confirmations c JOIN imports i ON i.batch = c.batch AND i.undone_revision IS NULL "
        "WHERE c.table_name = ? AND c.version_id = ? AND c.observed_at IS NOT NULL AND c.batch <> ?",
        (table.name, version, batch),
    ).fetchone()[0]
    return int(found) if found else None


def _estimate(connection: sqlite3.Connection, table: Table, batch: int, revision: int, tally: _Tally) -> None:
    for put, other, is_later, struck, whole, complete, keys in connection.execute(
        _last_words(table), {"batch": batch, "revision": revision}
    ):
        if other and not struck and not complete:
            tally.gone += keys
        elif is_later:
            tally.later[other] += keys
            tally.partly += 0 if struck or whole else keys
        elif other and not struck:
            tally.returned += keys
        elif put:
            tally.gone += keys


def _last_words(table: Table) -> str:
    """Of the keys that a batch put or else struck: which other standing batch says the last word of them, whether it
    comes after this one, whether it struck the row or else gives every column that this batch gave, whether
    the others have every column that a row needs, and how many keys. The batch is NULL where no other one speaks."""
    key = ", ".join(table.key)
    of_mine = ", ".join(f"v.{name}" for name in table.key)
    of_every = ", ".join(f"e.{name}" for name in table.key)
    mine = f"{of_mine}, v.put, v.gave"
    state = "h.version_id, h.batch, h.closed_revision, h.closed_as, ifnull(h.given, -1) AS given"
    own = f"FROM {table.name} WHERE"
    every = f"SELECT {mine}, {state} FROM mine v CROSS JOIN {table.name} h ON {same_key(table)}"  # noqa: S608
    complete = " AND ".join(f"max(b <> :batch AND given >> {n} & 1)" for n in required(table))
    order = RANK if table.name in BY_OBSERVATION else "0"
    event = f"{of_every}, e.put, e.gave"
    return (
        f"WITH places AS MATERIALIZED (SELECT batch, row_number() OVER (ORDER BY {order}, batch) AS place "  # noqa: S608
        "FROM imports i WHERE undone_revision IS NULL), "
        "here AS MATERIALIZED (SELECT place AS mine FROM places WHERE batch = :batch), "
        f"mine AS MATERIALIZED (SELECT {key}, 1 AS put, max(ifnull(given, -1)) AS gave {own} batch = :batch "
        f"GROUP BY {key} UNION ALL "
        f"SELECT {key}, 0, 0 {own} closed_revision = :revision AND closed_as = 'struck'), "
        f"every AS MATERIALIZED ({every} AND h.closed_revision IS NULL UNION ALL "
        f"{every} AND h.closed_revision IS NOT NULL), "
        f"events AS (SELECT {event}, batch AS b, 0 AS struck, given FROM every e UNION ALL "
        f"SELECT {event}, c.batch, 0, ifnull(c.given, -1) FROM every e CROSS JOIN confirmations c "
        f"ON c.table_name = '{table.name}' AND c.version_id = e.version_id UNION ALL "
        f"SELECT {event}, s.batch, 1, -1 FROM every e JOIN imports s ON s.revision = e.closed_revision "
        "WHERE e.closed_as = 'struck'), "
        "lasts AS (SELECT put, max(CASE WHEN b <> :batch THEN place * 2 + struck END) AS event, "
        "max(place > here.mine AND gave & ~given = 0) AS whole, "
        f"{complete} AS complete "
        f"FROM events e JOIN places p ON p.batch = b CROSS JOIN here GROUP BY {of_every}) "
        "SELECT put, q.batch, ifnull(event / 2 > here.mine, 0), event % 2, whole, complete, count(*) FROM lasts "
        "CROSS JOIN here LEFT JOIN places q ON q.place = event / 2 GROUP BY put, event, whole, complete"
    )
