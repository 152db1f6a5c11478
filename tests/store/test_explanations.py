"""Reasons and next steps with who wrote them when, for periods that share a day."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sqdash.store.queries import explanations
from tests.making import BY, add, open_copy, row


@pytest.fixture
def memory(made: Callable[[str], Path]) -> Iterator[sqlite3.Connection]:
    with closing(open_copy(made("report"))) as connection:
        yield connection


def written(memory: sqlite3.Connection, start: str, end: str) -> list[tuple[str, str, str]]:
    found = explanations.written(memory, "fans", start, end)
    return [(row["kind"], row["text"], row["period_to"]) for row in found]


def put(memory: sqlite3.Connection, kind: str, text: str, start: str, end: str, ordinal: int = 1) -> None:
    span: dict[str, Any] = {"period_from": start, "period_to": end}
    add(memory, "explanations", row("explanations", indicator="fans", kind=kind, ordinal=ordinal, text=text, **span))


def test_what_shares_a_day_is_found_shorter_periods_first_and_reasons_before_next_steps(
    memory: sqlite3.Connection,
) -> None:
    put(memory, "next_step", "步", "2014-01-01", "2014-12-31")
    put(memory, "reason", "因", "2014-01-01", "2014-12-31")
    put(memory, "reason", "半年", "2014-01-01", "2014-06-30")
    put(memory, "reason", "次年", "2015-01-01", "2015-12-31")
    assert written(memory, "2014-06-01", "2014-12-31") == [
        ("reason", "半年", "2014-06-30"),
        ("reason", "因", "2014-12-31"),
        ("next_step", "步", "2014-12-31"),
    ]
    assert written(memory, "2014-07-01", "2014-07-31") == [
        ("reason", "因", "2014-12-31"),
        ("next_step", "步", "2014-12-31"),
    ]


def test_each_says_who_wrote_it_when_and_where_it_stands(memory: sqlite3.Connection) -> None:
    put(memory, "reason", "因", "2014-01-01", "2014-12-31")
    (found,) = explanations.written(memory, "fans", "2014-01-01", "2014-12-31")
    assert (found["by"], found["file_name"], found["source_row"], found["unit"]) == (BY, "手做.csv", 2, None)
    assert found["at"].endswith("+00:00")


def test_a_unit_is_named_as_it_was_called_at_the_end_of_the_period(memory: sqlite3.Connection) -> None:
    span: dict[str, Any] = {"period_from": "2014-01-01", "period_to": "2014-12-31"}
    add(
        memory,
        "explanations",
        row("explanations", indicator="fans", kind="reason", ordinal=1, text="因", unit="section-6", **span),
    )
    (found,) = explanations.written(memory, "fans", "2014-01-01", "2014-12-31")
    assert found["unit"] == "第六課"


def test_nothing_of_another_indicator_is_found(memory: sqlite3.Connection) -> None:
    assert explanations.written(memory, "fans", "2014-01-01", "2014-12-31") == []
    assert len(explanations.written(memory, "likes_per_post", "2014-01-01", "2014-12-31")) == 3
