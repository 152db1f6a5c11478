"""Many rows by few statements."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.store import many

_VALUE = st.none() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5)


@given(st.integers(1, 5), st.integers(0, 2500), st.data())
def test_the_table_has_the_rows_in_their_order(width: int, count: int, data: st.DataObject) -> None:
    few = [tuple(data.draw(_VALUE) for _ in range(width)) for _ in range(3)]
    rows = [few[n % 3] for n in range(count)]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute(f"CREATE TABLE t ({', '.join(f'c{n}' for n in range(width))})")
        many.insert(db, "INSERT INTO t", width, iter(rows))
        assert db.execute("SELECT * FROM t ORDER BY rowid").fetchall() == rows


def test_what_follows_the_values_holds_for_each_row() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("CREATE TABLE t (k PRIMARY KEY, n)")
        for _ in range(2):
            then = "ON CONFLICT DO UPDATE SET n = n + excluded.n"
            many.insert(db, "INSERT INTO t", 2, [(k, 1) for k in range(1500)], then)
        assert db.execute("SELECT count(*), min(n), max(n) FROM t").fetchone() == (1500, 2, 2)


def test_a_row_that_cannot_be_taken_is_told() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("CREATE TABLE t (k PRIMARY KEY)")
        with pytest.raises(sqlite3.IntegrityError):
            many.insert(db, "INSERT INTO t", 1, [(1,), (1,)])


def test_rows_of_another_width_never_shift_the_others() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("CREATE TABLE t (a, b)")
        with pytest.raises(ValueError, match="2 values"):
            many.insert(db, "INSERT INTO t", 2, [(1,), (1, 2, 3)])
        assert db.execute("SELECT count(*) FROM t").fetchone() == (0,)
