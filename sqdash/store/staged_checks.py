"""Staged rows held against the store: what they point to, whose they are, which rows they mean and leave standing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqdash.store.queries import unit_rows
from sqdash.store.staging import Stage
from sqdash.tables import BY_NAME


def unknown_values(stage: Stage, name: str, column: str, other: str, wanted: str) -> list[tuple[int | None, Any]]:
    """(source row, value) whose value is in no current row of the other table, staged ones included."""
    staged = f"AND value NOT IN (SELECT {wanted} FROM temp.staged_{other})" if other in stage.given else ""  # noqa: S608
    return stage.connection.execute(
        f"WITH given (value) AS (SELECT DISTINCT {column} FROM temp.staged_{name} WHERE {column} IS NOT NULL), "  # noqa: S608
        f"unknown AS (SELECT value FROM given WHERE NOT EXISTS (SELECT 1 FROM main.{other} o "
        f"WHERE o.{wanted} = value AND o.closed_revision IS NULL) {staged}) "
        f"SELECT source_row, {column} FROM temp.staged_{name} "
        f"WHERE {column} IN (SELECT value FROM unknown) ORDER BY rowid"
    ).fetchall()


def of_others(stage: Stage, name: str, units: Collection[str]) -> list[tuple[int | None, str, bool]]:
    """(source row, unit, whether it stands so) of rows that name another unit, or would change another's row."""
    table, mine = BY_NAME[name], json.dumps(sorted(units))
    foreign = "IS NOT NULL AND {0}.unit NOT IN (SELECT value FROM json_each(?))"
    found: list[tuple[int | None, str, bool]] = []
    if "unit" in stage.given[name]:
        found += stage.connection.execute(
            f"SELECT s.source_row, s.unit, 0 FROM temp.staged_{name} s "  # noqa: S608
            f"WHERE s.unit {foreign.format('s')} ORDER BY s.rowid",
            (mine,),
        )
    found += stage.connection.execute(
        f"SELECT s.source_row, t.unit, 1 FROM temp.staged_{name} s JOIN main.{name} t ON {stage.key_join(table)} "  # noqa: S608
        f"AND t.closed_revision IS NULL WHERE t.unit {foreign.format('t')} ORDER BY s.rowid",
        (mine,),
    )
    return [(number, unit, bool(stands)) for number, unit, stands in found]


def above_themselves(stage: Stage) -> list[tuple[int | None, str]]:
    """(source row, name of the parent) of units that would be their own parent, or above it, on any day."""
    table, given = BY_NAME["units"], stage.given["units"]
    columns = ("unit", "valid_from", "valid_to", "parent", "label")
    coming = ", ".join(f"{'s' if name in given else 't'}.{name}" for name in columns)
    return stage.connection.execute(
        f"WITH RECURSIVE coming AS (SELECT s.rowid AS at, s.source_row, {coming} FROM temp.staged_units s "  # noqa: S608
        f"LEFT JOIN main.units t ON {stage.key_join(table)} AND t.closed_revision IS NULL), "
        f"units AS (SELECT {', '.join(columns)}, NULL AS closed_revision FROM coming "  # as they would stand
        f"UNION ALL SELECT {', '.join(columns)}, NULL FROM main.units t WHERE t.closed_revision IS NULL "
        f"AND NOT EXISTS (SELECT 1 FROM temp.staged_units s WHERE {stage.key_join(table)})), "
        f"{unit_rows.up()}"
        "SELECT source_row, ifnull((SELECT n.label FROM units n WHERE n.unit = c.parent "
        "ORDER BY ifnull(n.valid_from, '') DESC LIMIT 1), c.parent) FROM coming c WHERE c.parent IS NOT NULL "
        "AND EXISTS (SELECT 1 FROM up WHERE up.unit = c.unit AND up.above = c.unit) ORDER BY c.at"
    ).fetchall()


def merged(stage: Stage, name: str) -> Iterator[tuple[int | None, dict[str, Any]]]:
    """(source row, the whole row as it would stand) of staged rows whose key has a row, one at a time."""
    table, given = BY_NAME[name], stage.given[name]
    columns = ", ".join(f"{'s' if column in given else 't'}.{column}" for column in table.names)
    for number, *row in stage.connection.execute(
        f"SELECT s.source_row, {columns} FROM temp.staged_{name} s JOIN main.{name} t ON {stage.key_join(table)} "  # noqa: S608
        "AND t.closed_revision IS NULL ORDER BY s.rowid"
    ):
        yield number, dict(zip(table.names, row, strict=True))


def units_to_be(stage: Stage) -> tuple[list[tuple[str, str, str | None]], list[tuple[str, str, str | None]]]:
    """(code, name, short name) of the units that come, and of those that stay as they are."""
    table, given = BY_NAME["units"], stage.given["units"]
    columns = ", ".join(f"{'s' if name in given else 't'}.{name}" for name in ("unit", "label", "short"))
    come = stage.connection.execute(
        f"SELECT {columns} FROM temp.staged_units s LEFT JOIN main.units t ON {stage.key_join(table)} "  # noqa: S608
        "AND t.closed_revision IS NULL ORDER BY s.rowid"
    )
    stay = stage.connection.execute(
        "SELECT unit, label, short FROM main.units t WHERE closed_revision IS NULL "  # noqa: S608
        f"AND NOT EXISTS (SELECT 1 FROM temp.staged_units s WHERE {stage.key_join(table)})"
    )
    return come.fetchall(), stay.fetchall()


def done_early(stage: Stage) -> list[tuple[int | None, str, str]]:
    """(source row, day, day of the meeting) of decisions that would be done before the meeting that took them."""
    return stage.connection.execute(
        "SELECT s.source_row, s.done_on, m.held_on FROM temp.staged_meeting_decisions s JOIN main.activities m "
        "ON m.activity_id = s.meeting AND m.closed_revision IS NULL WHERE s.done_on < m.held_on ORDER BY s.rowid"
    ).fetchall()


def moved_past(stage: Stage) -> list[tuple[int | None, str, int, str]]:
    """(source row, day, number and day of the decision that was done first) of meetings that would be moved to a day
    after one of their decisions was done."""
    return stage.connection.execute(
        "SELECT s.source_row, s.held_on, d.number, min(d.done_on) FROM temp.staged_activities s "
        "JOIN main.meeting_decisions d ON d.meeting = s.activity_id AND d.closed_revision IS NULL "
        "WHERE d.done_on < s.held_on AND NOT EXISTS (SELECT 1 FROM main.activities t "
        "WHERE t.activity_id = s.activity_id AND t.closed_revision IS NULL AND t.held_on >= s.held_on) "
        "GROUP BY s.rowid ORDER BY s.rowid"
    ).fetchall()


def keep_unsaid(stage: Stage, column: str, numbers: Collection[int]) -> None:
    """Give rows of the source that do not say the column what stands of their key; new ones keep what they have."""
    for table in stage.tables:
        if column in stage.given[table.name]:
            stage.connection.execute(
                f"UPDATE temp.staged_{table.name} AS s SET {column} = t.{column} FROM main.{table.name} t "  # noqa: S608
                f"WHERE {stage.key_join(table)} AND t.closed_revision IS NULL "
                "AND s.source_row IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(numbers)),),
            )
            stage.compared = False


def generated(stage: Stage, name: str) -> list[tuple[int | None, Any]]:
    """(source row, key) of rows of the demonstration; a real store takes none of them."""
    key = BY_NAME[name].key[0]
    return stage.connection.execute(
        f"SELECT source_row, {key} FROM temp.staged_{name} WHERE {key} GLOB 'demo-*' "  # noqa: S608
        "AND (SELECT value FROM main.store_info WHERE name = 'kind') <> 'demonstration' ORDER BY rowid"
    ).fetchall()


def find_lost(stage: Stage) -> tuple[int, list[int]]:
    """Give posts whose id was lost (``lost:…``) the id of the stored post with their permalink or time.

    How many were found, and the source rows of those that were not.
    """
    c, link = stage.connection, "permalink" if "permalink" in stage.given["posts"] else "NULL AS permalink"
    c.execute("DROP TABLE IF EXISTS temp.lost")
    c.execute(
        f"CREATE TEMP TABLE lost AS SELECT source_row AS n, {link}, page_id, published_at, NULL AS post_id "  # noqa: S608
        "FROM temp.staged_posts WHERE post_id GLOB 'lost:*'"
    )
    for found in (  # both agree, or else the page's one post of that moment, if no link says otherwise
        "SELECT l.n, min(p.post_id), count(*) FROM main.posts p JOIN temp.lost l ON l.permalink = p.permalink "
        "AND l.published_at = p.published_at WHERE p.closed_revision IS NULL GROUP BY l.n",
        "SELECT l.n, min(p.post_id), count(*) FROM temp.lost l JOIN main.post_now p ON p.page_id = l.page_id "
        "AND p.published_at = l.published_at JOIN main.posts q ON q.post_id = p.post_id "
        "AND q.closed_revision IS NULL WHERE l.post_id IS NULL GROUP BY l.n "
        "HAVING NOT max(l.permalink IS NOT NULL AND q.permalink IS NOT NULL)",
    ):
        matches = [(post, n) for n, post, posts in c.execute(found).fetchall() if posts == 1]
        c.executemany("UPDATE temp.lost SET post_id = ? WHERE n = ?", matches)
    for name in ("posts", "snapshots"):
        if name in stage.given:
            c.execute(
                f"UPDATE temp.staged_{name} SET post_id = l.post_id FROM temp.lost l "  # noqa: S608
                f"WHERE l.n = staged_{name}.source_row AND l.post_id IS NOT NULL"
            )
    twice = "SELECT post_id FROM temp.staged_posts GROUP BY post_id HAVING count(*) > 1"
    unfound = [
        n
        for (n,) in c.execute(f"SELECT n FROM temp.lost WHERE post_id IS NULL OR post_id IN ({twice}) ORDER BY n")  # noqa: S608
    ]
    return int(c.execute("SELECT count(*) FROM temp.lost").fetchone()[0]) - len(unfound), unfound
