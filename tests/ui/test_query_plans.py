"""What screens ask of the store finds its rows by an index: no page's cost may grow with the posts of ten years."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sqdash.jobs import upload
from sqdash.store import database, wholeness
from tests.apps import TITLES, Opens, opening
from tests.making import last_import, put, row

LARGE = frozenset({"posts", "snapshots", "post_now", "post_aged", "post_texts", "page_days"})
ALLOWED: dict[str, str] = {}
"""The beginning of a query that may read a large table from end to end → why."""
_NAMED = re.compile(
    r"(?:\bFROM|\bJOIN|,)\s+(?:main\.)?(\w+)(?:\s+(?:AS\s+)?(?!ON\b|WHERE\b|JOIN\b|LEFT\b)(\w+))?", re.I
)
_SCAN = re.compile(r"\bSCAN (?:TABLE )?(\w+)")


def scanned(sql: str, plan: list[str]) -> set[str]:
    """The large tables that a query with that plan reads from end to end."""
    tables = {(alias or table).lower(): table.lower() for table, alias in _NAMED.findall(sql)}
    tables |= {table.lower(): table.lower() for table, _ in _NAMED.findall(sql)}
    names = (found[1].lower() for line in plan if (found := _SCAN.search(line)))
    return {tables.get(name, name) for name in names} & LARGE


class Asked:
    """Every query of the screens with its plan, as SQLite says it when the query is asked."""

    def __init__(self) -> None:
        self.plans: dict[str, list[str]] = {}

    def connection(self) -> type[database.Handle]:
        plans = self.plans

        class Telling(database.Handle):
            def execute(self, sql: str, *given: Any) -> Any:
                if re.match(r"\s*(SELECT|WITH)\b", sql) and sql not in plans:
                    plans[sql] = [row[3] for row in super().execute(f"EXPLAIN QUERY PLAN {sql}", *given)]
                return super().execute(sql, *given)

        return Telling


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    found = Asked()
    monkeypatch.setattr(database, "Handle", found.connection())
    return found


@pytest.fixture
def screen(made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, asked: Asked) -> Iterator[Opens]:
    wholeness.require(made("demo"))  # that whole look reads all there is
    asked.plans.clear()
    with opening(made, monkeypatch) as opens:
        yield opens


@pytest.mark.parametrize("page", TITLES)
def test_no_query_of_a_page_reads_a_large_table_from_end_to_end(screen: Opens, asked: Asked, page: str) -> None:
    screen("demo", page)
    assert len(asked.plans) > 3
    wrong = {sql: found for sql, plan in asked.plans.items() if (found := scanned(sql, plan))}
    assert {sql: f for sql, f in wrong.items() if not any(sql.startswith(begin) for begin in ALLOWED)} == {}


def test_no_query_of_what_taking_a_batch_back_would_do_reads_a_large_table_from_end_to_end(
    copy: Callable[[str], Path], asked: Asked
) -> None:
    store = copy("report")
    put(store, "units", row("units", unit="new", label="新課", kind="unit", implementing=0, position=99))
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    put(store, "posts", row("posts", post_id="1_1", page_id="1", published_at="2026-08-05T09:00:00+08:00"))
    last = int(last_import(store, "batch")[0])
    asked.plans.clear()
    behind = [upload.outlook(store, batch).behind for batch in (last - 2, last)]
    assert (len(asked.plans) > 3, behind) == (True, [(), ()])
    assert {sql: found for sql, plan in asked.plans.items() if (found := scanned(sql, plan))} == {}


def test_a_scan_is_told_under_an_alias_and_through_an_index(copy: Callable[[str], Path]) -> None:
    with database.reading(copy("empty")) as connection:

        def found(sql: str) -> set[str]:
            return scanned(sql, [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")])

        assert found("SELECT count(*) FROM posts p JOIN pages g ON g.page_id = p.page_id") == {"posts"}
        assert found("SELECT sum(s.likes) FROM snapshots AS s WHERE s.likes > 3") == {"snapshots"}
        assert found("SELECT message FROM posts WHERE post_id = '1' AND closed_revision IS NULL") == set()
