"""Keys of staged rows that the source does not state: which of the rows that stand they mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping

from sqdash.store.staging import Stage
from sqdash.tables import BY_NAME


def known_otherwise(
    stage: Stage, name: str, made_of: Collection[str], numbers: Collection[int], fold: Callable[[str], str]
) -> list[tuple[int, tuple[str, ...]]]:
    """(source row, keys) of these rows whose key, made of some columns, is new while rows stand that say the same there
    under keys of their own; texts are the same that ``fold`` makes so. Rows that the source states by such a key are
    not meant."""
    (key,), table, given = BY_NAME[name].key, BY_NAME[name], stage.given[name]
    stage.connection.create_function("folded", 1, lambda text: text and fold(text), deterministic=True)
    typed = {column for column in made_of if table.column(column).is_typed}
    theirs = ", ".join(f"folded({c}) AS {c}" if c in typed else c for c in made_of)
    mine = ", ".join(f"NULL AS {c}" if c not in given else f"folded({c}) AS {c}" if c in typed else c for c in made_of)
    found: dict[int, tuple[str, ...]] = {}
    for number, other in stage.connection.execute(
        f"WITH theirs AS MATERIALIZED (SELECT {key}, {theirs} FROM main.{name} WHERE closed_revision IS NULL "  # noqa: S608
        f"AND {key} NOT IN (SELECT {key} FROM temp.staged_{name})), "
        f"mine AS MATERIALIZED (SELECT rowid AS at, source_row, {mine} FROM temp.staged_{name} s "
        f"WHERE source_row IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM main.{name} o "
        f"WHERE o.{key} = s.{key} AND o.closed_revision IS NULL)) "
        f"SELECT m.source_row, t.{key} FROM mine m JOIN theirs t ON {' AND '.join(f't.{c} IS m.{c}' for c in made_of)} "
        f"ORDER BY m.at, t.{key}",
        (json.dumps(sorted(numbers)),),
    ):
        found[number] = (*found.get(number, ()), other)
    return list(found.items())


def rename(stage: Stage, name: str, keys: Mapping[int, str]) -> None:
    """Give rows of the source these keys."""
    (key,), c = BY_NAME[name].key, stage.connection
    stage.compared = False
    c.execute("DROP TABLE IF EXISTS temp.renamed")
    c.execute("CREATE TEMP TABLE renamed (n INTEGER PRIMARY KEY, key)")
    c.executemany("INSERT INTO temp.renamed VALUES (?, ?)", keys.items())
    c.execute(f"UPDATE temp.staged_{name} AS s SET {key} = r.key FROM temp.renamed r WHERE r.n = s.source_row")  # noqa: S608
