"""What the store is: its kind, its revision, the years it knows."""

from __future__ import annotations

import sqlite3
from typing import Any


def years(connection: sqlite3.Connection) -> list[int]:
    """ROC years with any plan, reading, target or row, newest first."""
    found = {
        int(year)
        for (year,) in connection.execute(
            "SELECT year FROM plan_years WHERE closed_revision IS NULL "
            "UNION SELECT substr(period_to, 1, 4) - 1911 FROM readings WHERE closed_revision IS NULL "
            "UNION SELECT substr(valid_from, 1, 4) - 1911 FROM targets WHERE closed_revision IS NULL "
            "UNION SELECT substr(held_on, 1, 4) - 1911 FROM activities WHERE closed_revision IS NULL "
            "UNION SELECT substr(checked_on, 1, 4) - 1911 FROM checks WHERE closed_revision IS NULL "
            "UNION SELECT substr(month, 1, 4) - 1911 FROM petitions WHERE closed_revision IS NULL "
            "UNION SELECT year FROM surveys WHERE closed_revision IS NULL "
            "UNION SELECT substr(month, 1, 4) - 1911 FROM post_months WHERE measure = 'posts' "
            "UNION SELECT substr(ifnull(valid_to, valid_from), 1, 4) - 1911 FROM targets WHERE closed_revision IS NULL"
        )
        if year is not None
    } | _years_of_days(connection)
    return sorted((year for year in found if 1 <= year <= 999), reverse=True)


def _years_of_days(connection: sqlite3.Connection) -> set[int]:
    """ROC years with a day of any page: from the first day of each page's year on to the next, one seek each."""
    found, after = set(), ("", "")
    while row := connection.execute(
        "SELECT page_id, day FROM page_days WHERE closed_revision IS NULL AND (page_id, day) >= (?, ?) "
        "ORDER BY page_id, day LIMIT 1",
        after,
    ).fetchone():
        year = int(row[1][:4])
        found.add(year - 1911)
        after = row[0], f"{year + 1:04d}-01-01"
    return found


def revision(connection: sqlite3.Connection) -> int:
    """The store's counter of committed changes; 0 when nothing has been stored."""
    return int(connection.execute("SELECT ifnull(max(revision), 0) FROM revisions").fetchone()[0])


def state(connection: sqlite3.Connection) -> str:
    """Which store this is and what it holds: another file at the same path never has the same word."""
    return f"{revision(connection)} {born(connection)} {_last_at(connection) or ''}"


def changed_at(connection: sqlite3.Connection) -> str:
    """When the store last changed (ISO, with offset); when it was made, where nothing has been stored."""
    return _last_at(connection) or born(connection)


def _last_at(connection: sqlite3.Connection) -> str | None:
    found = connection.execute("SELECT at FROM revisions ORDER BY revision DESC LIMIT 1").fetchone()
    return str(found[0]) if found else None


def born(connection: sqlite3.Connection) -> str:
    """When the store was made: what tells one store from another that reached the same revision."""
    return str(connection.execute("SELECT value FROM store_info WHERE name = 'made_at'").fetchone()[0])


def audited(connection: sqlite3.Connection) -> int:
    """The number of the newest line of the audit log: some changes take a line and no revision."""
    return int(connection.execute("SELECT ifnull(max(id), 0) FROM audit_log").fetchone()[0])


def changed_after(connection: sqlite3.Connection, revision: int, line: int) -> str | None:
    """When the store first changed after that revision and line of the audit log (ISO, UTC); None where it has not."""
    found = connection.execute(
        "SELECT min(at) FROM (SELECT at FROM revisions WHERE revision > ? UNION ALL "
        "SELECT at FROM audit_log WHERE id > ?)",
        (revision, line),
    ).fetchone()[0]
    return None if found is None else str(found)


def newest_moments(connection: sqlite3.Connection) -> dict[str, str]:
    """What was last written when (ISO, with offset), by the clock of then; what never was is left out."""
    found = connection.execute(
        "SELECT (SELECT max(at) FROM revisions), (SELECT max(started_at) FROM pulls), (SELECT max(at) FROM audit_log)"
    ).fetchone()
    return {name: str(at) for name, at in zip(("修訂", "擷取", "稽核紀錄"), found, strict=True) if at}


def standing_files(connection: sqlite3.Connection, but: str) -> list[tuple[int, str, str]]:
    """(batch, file name, SHA-256) of the imported files that stand, but for those that ``but`` brought."""
    return connection.execute(
        "SELECT batch, file_name, sha256 FROM imports "
        "WHERE kind = 'file' AND sha256 IS NOT NULL AND undone_revision IS NULL "
        "AND by <> ? ORDER BY batch",
        (but,),
    ).fetchall()


def schema(connection: sqlite3.Connection) -> int:
    """The schema version."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def tables(connection: sqlite3.Connection) -> set[str]:
    """The names of the store's tables."""
    return {name for (name,) in connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")}


def count(connection: sqlite3.Connection, table: str) -> int:
    """How many rows a table of ours has, versions that ended included."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def dictionaries(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    """The rows of an answer by the names of their columns."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def hashes(connection: sqlite3.Connection) -> list[str]:
    """The SHA-256 of every file that was imported, in order."""
    found = connection.execute("SELECT DISTINCT sha256 FROM imports WHERE sha256 IS NOT NULL ORDER BY sha256")
    return [str(sha256) for (sha256,) in found]


def newest_days(connection: sqlite3.Connection) -> tuple[str | None, str | None]:
    """The newest day with a fans figure, and the newest day on which posts were observed (ISO)."""
    fans = "SELECT max(day) FROM page_days WHERE measure = 'fans' AND closed_revision IS NULL"
    posts = (  # an export that found every figure unchanged has observed them all the same
        "SELECT substr(max(at), 1, 10) FROM (SELECT max(observed_to) AS at FROM post_months "
        "WHERE measure = 'posts' UNION ALL "
        "SELECT max(i.observed_at) FROM imports i WHERE i.undone_revision IS NULL "
        "AND EXISTS (SELECT 1 FROM post_months))"
    )
    return connection.execute(fans).fetchone()[0], connection.execute(posts).fetchone()[0]


def kind(connection: sqlite3.Connection) -> str:
    """``real`` or ``demonstration``."""
    return str(connection.execute("SELECT value FROM store_info WHERE name = 'kind'").fetchone()[0])
