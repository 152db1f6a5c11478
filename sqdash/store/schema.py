"""The schema's history, read downwards: ordered, named migrations, each with its SQL in ``migrations/``.

Every table that files can carry keeps row versions: ``opened_revision`` and ``closed_revision`` say between
which changes a row held, ``closed_as`` and ``closed_reason`` why it ended, ``batch`` and ``source_row`` where
it came from. Nothing is overwritten or deleted. A released migration is never edited; later ones add.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Migrations
from sqlite_utils.db import Database

from sqdash.store import rollups
from sqdash.store.database import APPLICATION_ID, SCHEMA_VERSION

migrations = Migrations("sqdash")
_FOLDER = Path(__file__).with_name("migrations")


def _statements(name: str) -> Iterator[str]:
    """The file's statements one by one: a script run whole would end the migration's transaction."""
    statement = ""
    for line in (_FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise AssertionError(f"{name}.sql ends in the middle of a statement")


def _run(db: Database, name: str, version: int) -> None:
    for statement in _statements(name):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {version}")


def allow(connection: sqlite3.Connection, table: str, column: str, word: str) -> None:
    """For a migration: one more word in a column of choices.

    The check is widened in the schema's own text, as SQLite describes it for a constraint that lets more through than
    before: no row is copied. The table must have exactly one check that lists the column's words.
    """
    (sql,) = connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchone()
    words = f"CHECK ({column} IN ("
    if sql.count(words) != 1:
        raise AssertionError(f"{table} has no one list of words for {column}")
    (version,) = connection.execute("PRAGMA schema_version").fetchone()
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?",
        (sql.replace(words, f"{words}'{word}', "), table),
    )
    connection.execute(f"PRAGMA schema_version = {version + 1}")
    connection.execute("PRAGMA writable_schema = RESET")


@migrations()
def m001_base(db: Database) -> None:
    """Book-keeping, the versioned tables, look-ups and roll-ups of the first release."""
    _run(db, "m001_base", 1)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@migrations()
def m002_imports(db: Database) -> None:
    """What imports understood, refused and cover; remembered layouts; contributions."""
    _run(db, "m002_imports", 2)


@migrations()
def m003_given(db: Database) -> None:
    """Which columns each statement gives, so that undoing takes back those and no others."""
    _run(db, "m003_given", 3)


@migrations()
def m004_pulls(db: Database) -> None:
    """Runs of pulls, the state of metrics, when posts are read again, what is known of tokens."""
    _run(db, "m004_pulls", 4)


@migrations()
def m005_posts(db: Database) -> None:
    """What is kept beside posts laid out for lists, groups and searches, and filled from the rows."""
    _run(db, "m005_posts", 5)
    rollups.refresh_all(db.conn)


@migrations()
def m006_rota(db: Database) -> None:
    """When contributions were submitted, and the decisions of review meetings."""
    _run(db, "m006_rota", 6)


@migrations()
def m007_alerts(db: Database) -> None:
    """Rules of alerts, the log of alerts, the digests that went out."""
    _run(db, "m007_alerts", 7)


@migrations()
def m008_topics(db: Database) -> None:
    """The rules by which topics are proposed for posts."""
    _run(db, "m008_topics", 8)


@migrations()
def m009_plan(db: Database) -> None:
    """Reviews of texts, locks of years, notes on figures."""
    _run(db, "m009_plan", 9)


@migrations()
def m010_people(db: Database) -> None:
    """Accounts, sessions, failed sign-ins, the desk; from where something was done, and when audit lines may leave."""
    _run(db, "m010_people", 10)


def apply(connection: sqlite3.Connection) -> None:
    """Bring a store to ``SCHEMA_VERSION``; each migration is one transaction, so a failure changes nothing."""
    migrations.apply(Database(connection))
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found != SCHEMA_VERSION:
        raise AssertionError(f"schema is {found}, expected {SCHEMA_VERSION}")
