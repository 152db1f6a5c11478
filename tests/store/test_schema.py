"""The migrated schema: the catalogue's tables, each strict, each value checked; migrations all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Migrations
from sqlite_utils.db import Database

from sqdash.errors import BadRow
from sqdash.records import Row, Value
from sqdash.store import database, gate, save, schema
from sqdash.tables import BY_NAME, TABLES, Column, Table
from tests.making import add, changing, current, looking, row

Copy = Callable[[str], Path]
BOOK_KEEPING = (
    "version_id",
    "batch",
    "source_row",
    "opened_revision",
    "closed_revision",
    "closed_as",
    "closed_reason",
)
ADDED_LATER = {"posts": ("published_text",)}
"""Columns of a later migration stand behind the book-keeping."""
ADDED_LAST = {"contributions": ("submitted_on",)}
"""And those that came after every table had learnt which columns its batches give, behind that."""
OTHER_TABLES = {
    "alerts",
    "alert_digests",
    "alert_sent",
    "pulls",
    "pull_parts",
    "metric_states",
    "measure_breaks",
    "post_reads",
    "page_reads",
    "store_info",
    "revisions",
    "imports",
    "confirmations",
    "coverage",
    "import_rejections",
    "layouts",
    "audit_log",
    "accounts",
    "account_passwords",
    "sessions",
    "sign_in_failures",
    "desk",
    "post_now",
    "post_months",
    "post_aged",
    "post_texts",
    "post_groups",
    "post_values",
    "counted_pages",
    "_sqlite_migrations",
}
SQL_TYPES = {
    "text": "TEXT",
    "int": "INTEGER",
    "number": "REAL",
    "date": "TEXT",
    "moment": "TEXT",
    "month": "TEXT",
    "year": "INTEGER",
    "flag": "INTEGER",
}
ACTIVITY = {"activity_id": "a", "held_on": "2014-06-14", "title": "櫃台引導"}
GOOD: dict[str, Value] = {
    "text": "文字",
    "int": 7,
    "number": 90.8,
    "date": "2014-11-22",
    "moment": "2014-11-22T09:00:00+08:00",
    "month": "2014-11",
    "year": 103,
    "flag": 1,
}
BAD: dict[str, tuple[Any, ...]] = {
    "text": (),
    "int": (-1, 1.5, "七", float("inf")),
    "number": ("九十", 1e16, -1e16, float("inf")),
    "date": ("2014-13-01", "2014-01-32", "2014-2-3", "20140203", "103/02/03", "2014", 20140203),
    "moment": ("2014-11-22", "2014-11-22T09:00:00", "2014-11-22T09:00:00+09:00", "2014-11-22 09:00:00+08:00", 1),
    "month": ("2014-13", "2014-1", "2014", "2014-11-22"),
    "year": (0, 1000, 103.5, "一百零三"),
    "flag": (2, -1, "是"),
}


def good(column: Column) -> Value:
    return column.choices[0][0] if column.choices else GOOD[column.type]


def good_row(table: Table, **values: Any) -> Row:
    return row(table.name, **{column.name: good(column) for column in table.columns} | values)


def insert(memory: sqlite3.Connection, table: Table, **values: Any) -> None:
    """Straight into the table, past everything that looks at a row before it gets there."""
    change = changing(memory)
    batch = save.open_batch(change, kind="file", format=table.name, file_name="直接")
    names = (*table.names, "batch", "opened_revision")
    memory.execute(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        (*good_row(table, **values).values, batch, change.revision),
    )


# --- shape


def test_the_store_has_the_catalogues_tables_and_the_book_keeping_and_no_other(memory: sqlite3.Connection) -> None:
    found = {name for (name,) in memory.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert found == {table.name for table in TABLES} | OTHER_TABLES


def test_every_table_is_strict(memory: sqlite3.Connection) -> None:
    loose = {
        name
        for _, name, kind, _, _, strict in memory.execute("PRAGMA table_list")
        if kind == "table" and not strict and not name.startswith("sqlite_")
    }
    assert loose == {"_sqlite_migrations"}  # the library's own


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_the_catalogues_columns_in_order_and_the_book_keeping(
    memory: sqlite3.Connection, table: Table
) -> None:
    found = memory.execute(f"PRAGMA table_info({table.name})").fetchall()
    names = [column[1] for column in found]
    later, last = ADDED_LATER.get(table.name, ()), ADDED_LAST.get(table.name, ())
    assert names == [*(n for n in table.names if n not in later + last), *BOOK_KEEPING, *later, "given", *last]
    kinds = {name: (kind, bool(required)) for _, name, kind, required, _, _ in found}
    for column in table.columns:
        assert kinds[column.name] == (SQL_TYPES[column.type], column.required), column.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_names_its_batch_and_its_revisions(memory: sqlite3.Connection, table: Table) -> None:
    found = {(f[3], f[2]) for f in memory.execute(f"PRAGMA foreign_key_list({table.name})")}
    assert found == {("batch", "imports"), ("opened_revision", "revisions"), ("closed_revision", "revisions")}


def test_the_header_says_whose_file_it_is_and_of_which_version(made: Copy) -> None:
    header = made("empty").read_bytes()[:100]
    assert header[68:72] == b"SQDS"
    assert int.from_bytes(header[60:64], "big") == schema.SCHEMA_VERSION == 10


# --- values


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_row_of_good_values_is_taken(memory: sqlite3.Connection, table: Table) -> None:
    add(memory, table.name, good_row(table))
    assert memory.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (1,)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_column_takes_a_value_that_is_not_of_its_kind(memory: sqlite3.Connection, table: Table) -> None:
    taken = []
    for column in table.columns:
        bad = list(BAD[column.type])
        if column.choices:
            bad = ["亂寫", column.choices[0][1], ""]
        if column.required:
            bad += [None, *([""] if column.type == "text" else [])]
        for value in bad:
            with suppress(sqlite3.IntegrityError):
                insert(memory, table, **{column.name: value})
                taken.append((column.name, value))
    assert taken == []


def test_a_day_that_its_month_does_not_have_is_refused(memory: sqlite3.Connection) -> None:
    taken = []
    for table in TABLES:
        for column in table.columns:
            if column.type == "date":
                day = "2014-02-30" if column.name.endswith("_from") else "2015-02-29"
                with suppress(sqlite3.IntegrityError):
                    insert(memory, table, **{column.name: day})
                    taken.append((table.name, column.name))
    assert taken == []


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("facts", {"low": 50.0, "high": 30.0}),
        ("readings", {"low": 50.0, "high": 30.0}),
        ("readings", {"value": None, "low": None, "high": None}),
        ("readings", {"period_from": "2014-12-31", "period_to": "2014-01-01"}),
        ("explanations", {"period_from": "2014-12-31", "period_to": "2014-01-01"}),
        ("ledger_marks", {"period_from": "2014-12-31", "period_to": "2014-01-01"}),
        ("targets", {"valid_from": "2014-12-31", "valid_to": "2014-01-01"}),
        ("units", {"valid_from": "2014-12-31", "valid_to": "2014-01-01"}),
    ],
)
def test_values_that_contradict_each_other_are_refused(
    memory: sqlite3.Connection, table: str, values: dict[str, Any]
) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        insert(memory, BY_NAME[table], **values)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_key_has_one_current_version_at_most(memory: sqlite3.Connection, table: Table) -> None:
    add(memory, table.name, good_row(table))
    names = ", ".join((*table.names, "batch", "source_row", "opened_revision"))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        memory.execute(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {table.name}")


def test_a_unit_without_a_first_day_has_one_current_version_too(memory: sqlite3.Connection) -> None:
    add(memory, "units", good_row(BY_NAME["units"], valid_from=None, valid_to=None))
    names = ", ".join((*BY_NAME["units"].names, "batch", "source_row", "opened_revision"))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        memory.execute(f"INSERT INTO units ({names}) SELECT {names} FROM units")


def test_a_version_ends_with_the_way_it_ended_or_not_at_all(memory: sqlite3.Connection) -> None:
    add(memory, "petitions", row("petitions", month="2014-01", received=3, closed=3))
    for change in ("closed_revision = 1", "closed_as = 'struck'", "closed_revision = 1, closed_as = 'gone'"):
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            memory.execute(f"UPDATE petitions SET {change}")


# --- migrations


def test_applying_again_changes_nothing(copy: Copy) -> None:
    path = copy("report")
    before = path.read_bytes()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema.apply(connection)
    assert not gate.migrate(path, lambda: None)
    assert path.read_bytes() == before


def test_a_first_migration_that_fails_at_its_end_leaves_no_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = schema._statements

    def broken(name: str) -> Iterator[str]:
        yield from whole(name)
        yield "CREATE TABLE broken ("

    monkeypatch.setattr(schema, "_statements", broken)
    with closing(sqlite3.connect(tmp_path / "new.db", isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            schema.apply(connection)
        assert connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall() == [
            ("_sqlite_migrations",)
        ]
        assert connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (0,)
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)
        assert connection.execute("PRAGMA application_id").fetchone() == (0,)


def next_version(monkeypatch: pytest.MonkeyPatch, *, fails: bool) -> None:
    """A program whose schema is one version further."""
    migrations = Migrations("sqdash")
    migrations()(schema.m001_base)
    migrations()(schema.m002_imports)
    migrations()(schema.m003_given)
    migrations()(schema.m004_pulls)
    migrations()(schema.m005_posts)
    migrations()(schema.m006_rota)
    migrations()(schema.m007_alerts)
    migrations()(schema.m008_topics)
    migrations()(schema.m009_plan)
    migrations()(schema.m010_people)

    @migrations()
    def m011_next(db: Database) -> None:
        db.execute("CREATE TABLE next (name TEXT NOT NULL) STRICT")
        db.execute("DROP INDEX petitions_batch")
        db.execute("PRAGMA user_version = 11")
        if fails:
            raise RuntimeError("power went out")

    monkeypatch.setattr(schema, "migrations", migrations)
    for module in (schema, database):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 11)


def schema_of(path: Path) -> list[tuple[str]]:
    with looking(path) as connection:
        return connection.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall()


def test_a_later_migration_that_fails_in_the_middle_leaves_the_old_store(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy("report")
    before = schema_of(path), current(path, "readings")
    with monkeypatch.context() as later:
        next_version(later, fails=True)
        with pytest.raises(RuntimeError):
            gate.migrate(path, lambda: None)
    assert (schema_of(path), current(path, "readings")) == before
    assert database.inspect_file(path) == 10
    database.quick_check(path)


def test_an_older_store_is_brought_up_to_date_with_its_rows(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy("report")
    before = current(path, "readings")
    next_version(monkeypatch, fails=False)
    assert gate.migrate(path, lambda: None)
    assert database.inspect_file(path) == 11
    assert current(path, "readings") == before
    assert not gate.migrate(path, lambda: None)


def test_a_word_that_is_allowed_later_is_taken_beside_the_others_and_no_row_is_touched(copy: Copy) -> None:
    path = copy("report")
    before = current(path, "activities")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        schema.allow(connection, "activities", "kind", "volunteer")
        connection.execute("COMMIT")
        add(connection, "activities", row("activities", **ACTIVITY, kind="volunteer"))
        with pytest.raises(BadRow):
            add(connection, "activities", row("activities", **ACTIVITY | {"activity_id": "b"}, kind="volunteers"))
    database.quick_check(path)
    assert [one for one in current(path, "activities") if one["kind"] != "volunteer"] == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_column_without_one_list_of_words_is_not_widened(memory: sqlite3.Connection) -> None:
    with pytest.raises(AssertionError, match="activities has no one list of words for title"):
        schema.allow(memory, "activities", "title", "x")


def test_what_was_typed_on_a_post_before_columns_were_noted_states_only_what_it_changed() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        db = Database(connection)
        schema.m001_base(db)
        schema.m002_imports(db)
        connection.executemany("INSERT INTO revisions VALUES (?, '2026-01-01T00:00:00+00:00', 'x', 'x')", [(1,), (2,)])
        connection.executemany(
            "INSERT INTO imports (batch, kind, format, file_name, at, by, revision) "
            "VALUES (?, ?, 'posts', 'x', '2026-01-01T00:00:00+00:00', 'x', ?)",
            [(1, "file", 1), (2, "entry", 2)],
        )
        connection.executemany(
            "INSERT INTO posts (post_id, page_id, published_at, message, topic, batch, opened_revision, "
            "closed_revision, closed_as) VALUES ('7_1', '7', '2014-11-05T09:00:00+08:00', '開放日', ?, ?, ?, ?, ?)",
            [(None, 1, 1, 2, "replaced"), ("活動", 2, 2, None, None)],
        )
        schema.m003_given(db)
        names = BY_NAME["posts"].names
        assert connection.execute("SELECT batch, given FROM posts ORDER BY batch").fetchall() == [
            (1, None),
            (2, 1 << names.index("post_id") | 1 << names.index("topic")),
        ]


def test_a_store_of_before_accounts_keeps_its_audit_log_and_gets_the_new_rules(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema.migrations.apply(Database(connection), stop_before="m010_people")
        connection.execute("INSERT INTO store_info VALUES ('kind', 'real'), ('made_at', '')")
        connection.execute(
            "INSERT INTO audit_log (at, by, action, subject) VALUES (?, 'x', 'import', 'y')",
            ("2020-01-01T00:00:00.000+00:00",),
        )
    assert database.inspect_file(path) == 9
    assert gate.migrate(path, lambda: None)
    line = ("2020-01-01T00:00:00.000+00:00", "x", "import", "y", None, None, None)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        found = connection.execute("SELECT at, by, action, subject, detail, revision, address FROM audit_log")
        assert found.fetchall() == [line]
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("UPDATE audit_log SET by = 'y'")
        assert connection.execute("DELETE FROM audit_log").rowcount == 1


PEOPLE_INSERT = {
    "accounts": (
        "INSERT INTO accounts (name, shown, role, hash, must_change, idle_from, password_at, made_at, made_by) "
        "VALUES (:name, 'x', :role, :hash, :must_change, :at, :at, :at, 'x')",
        {"name": "x", "role": "viewer", "hash": "$argon2id$x", "must_change": 1, "at": "2026-01-01T00:00:00+00:00"},
    ),
    "sessions": (
        "INSERT INTO sessions (token, account, how, made_at, seen_at, ends_at, ended_at, why, address) "
        "VALUES (:token, 1, :how, :at, :at, :at, :ended, :why, '')",
        {"token": "0" * 64, "how": "account", "at": "2026-01-01T00:00:00+00:00", "ended": None, "why": None},
    ),
}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("accounts", "name", ""),
        ("accounts", "name", "x" * 65),
        ("accounts", "role", "boss"),
        ("accounts", "hash", "plain text"),
        ("accounts", "must_change", 2),
        ("accounts", "at", "2026-01-01T08:00:00+08:00"),
        ("sessions", "token", "0" * 63),
        ("sessions", "token", "A" * 64),
        ("sessions", "how", "desk"),
        ("sessions", "at", "yesterday"),
        ("sessions", "why", "signed_out"),
        ("sessions", "ended", "2026-01-01T00:00:00+00:00"),
    ],
)
def test_accounts_and_sessions_hold_nothing_odd(
    memory: sqlite3.Connection, table: str, column: str, value: object
) -> None:
    for statement, good_values in PEOPLE_INSERT.values():
        memory.execute(statement, good_values)
    memory.execute("DELETE FROM sessions")
    if table == "accounts":
        memory.execute("DELETE FROM accounts")
    statement, values = PEOPLE_INSERT[table]
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        memory.execute(statement, values | {column: value})
