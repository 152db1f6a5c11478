"""Figures of posts at a stated age, so that old and young posts compare fairly.

A post's figure at 7 or 28 days is that of the observation nearest to its publication + so many days, within the
tolerance of :data:`AGES`; of two equally near the later. Figures that were seen again unchanged were observed too, else
only posts that still grow would have a figure. A measure that the nearest observation does not give is taken from the
next one, as everywhere (see :mod:`sqdash.store.rollups`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqdash.store.post_sums import MEASURES
from sqdash.store.stated import has
from sqdash.tables import BY_NAME

AGES = {7: 1, 28: 3}
"""Age in days → how many days before or after still count."""
OLDEST = max(age + tolerance for age, tolerance in AGES.items())
"""Observations of posts older than this many days change nothing here."""

_PLACES = [BY_NAME["snapshots"].names.index(name) for name in MEASURES]
_SEEN_YOUNG = f"n.first_at < date(substr(n.published_at, 1, 10), '+{OLDEST + 1} days')"
_YOUNG = (
    "SELECT n.page_id, n.published_at, n.post_id FROM temp.touched_posts w CROSS JOIN post_now n "  # noqa: S608
    f"ON n.post_id = w.post_id WHERE {_SEEN_YOUNG}"
)


def clear(connection: sqlite3.Connection) -> None:
    """Forget the touched posts' figures, while ``post_now`` still says where they are."""
    young = connection.execute(_YOUNG).fetchall()
    connection.executemany(
        "DELETE FROM post_aged WHERE basis = ? AND page_id = ? AND published_at = ? AND post_id = ?",
        ((age, *post) for age in AGES for post in young),
    )


def fill(connection: sqlite3.Connection) -> None:
    """Find the touched posts' figures, once ``post_now`` is up to date."""
    figures = ", ".join(f"s.{name}" for name in MEASURES)
    standing = "CROSS JOIN snapshots s ON s.post_id = y.post_id AND s.closed_revision IS NULL"
    found = connection.execute(
        f"WITH y AS MATERIALIZED ({_YOUNG}) "  # noqa: S608
        f"SELECT y.page_id, y.published_at, y.post_id, s.observed_at AS seen, NULL, {figures} FROM y {standing} "
        f"UNION ALL SELECT y.page_id, y.published_at, y.post_id, k.observed_at, k.given, {figures} FROM y {standing} "
        "CROSS JOIN confirmations k ON k.table_name = 'snapshots' AND k.version_id = s.version_id "
        "AND k.observed_at IS NOT NULL CROSS JOIN imports i ON i.batch = k.batch AND i.undone_revision IS NULL "
        "ORDER BY 3, seen DESC"
    )
    marks = ", ".join("?" * (5 + len(MEASURES)))
    connection.executemany(
        f"INSERT INTO post_aged VALUES ({marks})",  # noqa: S608
        (row for post, seen in groupby(found, key=lambda row: row[:3]) for row in _aged(post, list(seen))),
    )


def _aged(post: tuple[str, str, str], seen: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    rows = []
    published = datetime.fromisoformat(post[1])
    for age, tolerance in AGES.items():
        wanted, most = published + timedelta(days=age), timedelta(days=tolerance)
        near = [(away, row) for row in seen if (away := abs(datetime.fromisoformat(row[3]) - wanted)) <= most]
        if near:
            near.sort(key=lambda one: one[0])  # stable: the later of two first
            rows.append((age, *post, near[0][1][3], *_figures([row for _, row in near])))
    return rows


def _figures(rows: Sequence[tuple[Any, ...]]) -> list[int | None]:
    """Each measure from the first of the observations that gives it."""
    given = [
        [value if has(row[4], place) else None for place, value in zip(_PLACES, row[5:], strict=True)] for row in rows
    ]
    return [next((value for value in column if value is not None), None) for column in zip(*given, strict=True)]
