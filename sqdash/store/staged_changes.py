"""What staged rows would change, as a person sees it before: rows old and new, figures that move or fall.

Where it says "changed", the stage was compared with the store first.
"""

from __future__ import annotations

from typing import Any

from sqdash.store import observed, stated
from sqdash.store.staging import CHANGED, UNCHANGED, Stage
from sqdash.tables import BY_NAME, Table


def changes(stage: Stage, name: str, limit: int) -> list[tuple[int | None, dict[str, Any], dict[str, Any]]]:
    """(source row, the whole row as it stands, the given columns as they will be) of changed rows."""
    given, whole = stage.given[name], BY_NAME[name].names
    columns = ", ".join([*(f"t.{c}" for c in whole), *(f"s.{c}" for c in given)])
    found = stage.connection.execute(
        f"SELECT c.n, c.fold, {columns} FROM temp.compared_{name} c "  # noqa: S608
        f"JOIN temp.staged_{name} s ON s.rowid = c.r JOIN main.{name} t ON t.version_id = c.standing "
        f"WHERE c.state = {CHANGED} ORDER BY c.r LIMIT ?",
        (limit,),
    ).fetchall()
    width = len(whole)
    rows = []
    for n, fold, *row in found:
        old, new = dict(zip(whole, row[:width], strict=True)), dict(zip(given, row[width:], strict=True))
        rows.append((n, old, _will_be(stage, BY_NAME[name], new, n) if fold else new))
    return rows


def _will_be(stage: Stage, table: Table, new: dict[str, Any], number: int | None) -> dict[str, Any]:
    """The given columns as they will stand once the other batches have had their say."""
    more = stated.coming(table, tuple(new), tuple(new.values()), number, stage.rank)
    will = stated.folded(stage.connection, table, [new.get(part) for part in table.key], more=more)
    return {name: value for name, value in zip(table.names, will.values, strict=True) if name in new} if will else new


def moves(stage: Stage, limit: int) -> list[tuple[int | None, dict[str, Any], dict[str, tuple[Any, Any]]]]:
    """(source row, the post, measure → (figure as it stands, to come)) of posts whose figures move.

    Of the post there is what a person knows it by: id, text, permalink, moment. A figure that is not given moves
    none.
    """
    measures = _measures(stage)
    if not measures:
        return []
    differ = " OR ".join(f"n.{m} IS NOT ifnull(s.{m}, n.{m})" for m in measures)
    columns = ", ".join(f"n.{m}, s.{m}" for m in measures)
    known = ("post_id", "message", "permalink", "published_at")
    found = stage.connection.execute(
        "SELECT s.source_row, s.post_id, p.message, p.permalink, p.published_at, "  # noqa: S608
        f"{columns} FROM temp.staged_snapshots s "
        "JOIN main.post_now n ON n.post_id = s.post_id "
        "LEFT JOIN main.posts p ON p.post_id = s.post_id AND p.closed_revision IS NULL "
        f"WHERE n.observed_at <= s.observed_at AND NOT {observed.LATER} AND ({differ}) ORDER BY s.rowid LIMIT ?",
        (limit,),
    ).fetchall()
    return [
        (
            n,
            dict(zip(known, row, strict=False)),
            {m: (a, b) for m, a, b in zip(measures, row[4::2], row[5::2], strict=True) if b not in (None, a)},
        )
        for n, *row in found
    ]


def falling(stage: Stage) -> list[tuple[int | None, str, int, int]]:
    """(source row, measure, figure as it stands, smaller figure to come): lifetime totals that fall."""
    measures = _measures(stage)
    if not measures:
        return []
    smaller = " OR ".join(f"s.{m} < n.{m}" for m in measures)
    found = stage.connection.execute(
        f"SELECT s.source_row, {', '.join(f'n.{m}, s.{m}' for m in measures)} FROM temp.staged_snapshots s "  # noqa: S608
        "JOIN main.post_now n ON n.post_id = s.post_id "
        f"WHERE n.observed_at < s.observed_at AND ({smaller}) AND NOT {observed.LATER} ORDER BY s.rowid"
    ).fetchall()
    return [
        (number, measure, old, new)
        for at, measure in enumerate(measures)
        for number, old, new in ((n, *figures[2 * at : 2 * at + 2]) for n, *figures in found)
        if None not in (old, new) and new < old
    ]


def below(stage: Stage) -> list[int]:
    """The source rows of posts of which any staged figure is smaller than the one that stands, whenever seen."""
    smaller = " OR ".join(f"s.{m} < n.{m}" for m in _measures(stage))
    if not smaller:
        return []
    found = stage.connection.execute(
        "SELECT s.source_row FROM temp.staged_snapshots s JOIN main.post_now n ON n.post_id = s.post_id "  # noqa: S608
        f"WHERE {smaller} ORDER BY s.rowid"
    )
    return [row for (row,) in found]


def late(stage: Stage) -> int:
    """How many posts were observed later than the staged observation: their figures stay. An observation that stands
    already, as a file of ``export`` brings it back, says nothing new and counts for none."""
    if "snapshots" not in stage.given:
        return 0
    return int(
        stage.connection.execute(
            "SELECT count(DISTINCT s.post_id) FROM temp.compared_snapshots c "  # noqa: S608
            "CROSS JOIN temp.staged_snapshots s ON s.rowid = c.r JOIN main.post_now n ON n.post_id = s.post_id "
            f"LEFT JOIN main.snapshots t ON c.state = {UNCHANGED} AND t.version_id = c.standing "
            "AND t.observed_at = s.observed_at "
            f"WHERE t.version_id IS NULL AND (n.observed_at > s.observed_at OR {observed.LATER})"
        ).fetchone()[0]
    )


def _measures(stage: Stage) -> list[str]:
    return [c for c in stage.given.get("snapshots", ()) if c not in ("post_id", "observed_at")]
