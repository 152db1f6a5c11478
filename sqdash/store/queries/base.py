"""What the store is: its kind, its revision, the years it knows."""

from __future__ import annotations

import sqlite3


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
            "UNION SELECT substr(ifnull(valid_to, valid_from), 1, 4) - 1911 FROM targets WHERE closed_revision IS NULL "
            "UNION SELECT DISTINCT substr(day, 1, 4) - 1911 FROM page_days WHERE closed_revision IS NULL"
        )
        if year is not None
    }
    return sorted((year for year in found if 1 <= year <= 999), reverse=True)


def revision(connection: sqlite3.Connection) -> int:
    """The store's counter of committed changes; 0 when nothing has been stored."""
    return int(connection.execute("SELECT ifnull(max(revision), 0) FROM revisions").fetchone()[0])


def state(connection: sqlite3.Connection) -> str:
    """Which store this is and what it holds: another file at the same path never has the same word."""
    made = connection.execute("SELECT value FROM store_info WHERE name = 'made_at'").fetchone()[0]
    last = connection.execute("SELECT at FROM revisions ORDER BY revision DESC LIMIT 1").fetchone()
    return f"{revision(connection)} {made} {last[0] if last else ''}"


def changed_at(connection: sqlite3.Connection) -> str:
    """When the store last changed (ISO, with offset); when it was made, where nothing has been stored."""
    last = connection.execute("SELECT at FROM revisions ORDER BY revision DESC LIMIT 1").fetchone()
    made = connection.execute("SELECT value FROM store_info WHERE name = 'made_at'").fetchone()
    return str((last or made)[0])


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
