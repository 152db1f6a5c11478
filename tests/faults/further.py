"""The program as its next version might be: a schema one step further."""

from __future__ import annotations

import pytest
from sqlite_utils import Migrations
from sqlite_utils.db import Database

from sqdash.store import database, digests, schema


def one_version_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program whose schema is one version further."""
    further = Migrations("sqdash")
    further._migrations = list(schema.migrations._migrations)
    version = database.SCHEMA_VERSION + 1

    @further()
    def m999_further(db: Database) -> None:
        for n in range(20):
            db.execute(f"CREATE TABLE further_{n} (name TEXT NOT NULL) STRICT")
            db.execute(f"INSERT INTO further_{n} SELECT label FROM methods")
        db.execute("ALTER TABLE readings ADD COLUMN further TEXT")
        db.execute(f"PRAGMA user_version = {version}")
        digests.lay(db.conn)

    monkeypatch.setattr(schema, "migrations", further)
    for module in (schema, database):
        monkeypatch.setattr(module, "SCHEMA_VERSION", version)
