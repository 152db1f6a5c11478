"""The post measures that indicators judge, over the posts of a period: from roll-ups where it is of whole months."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import timedelta

from sqdash.figures import Missing, PostFigure, Source
from sqdash.periods import Period
from sqdash.store.queries import post_groups
from sqdash.store.queries.sources import Batches, source
from sqdash.store.rollups import JUDGED, POSTS
from sqdash.tables import BY_NAME

Found = tuple[dict[str, PostFigure], int]
_NEWEST = 10
"""Posts that are asked when they were last seen."""
_SEEN_AGAIN = (  # CROSS JOIN keeps this order: beginning at the batch would read all its confirmations
    "CROSS JOIN confirmations k ON k.table_name = 'snapshots' AND k.version_id = x.version_id "
    "AND k.observed_at IS NOT NULL CROSS JOIN imports i ON i.batch = k.batch AND i.undone_revision IS NULL"
)


def load(connection: sqlite3.Connection, period: Period, batches: Batches) -> Found:
    """Each judged measure over own pages' posts of the period, and how many posts there are."""
    if period.whole_months == len(period.months):
        return _posts_by_month(connection, period, batches)
    return _posts_by_day(connection, period, batches)


_OWN = "page_id IN (SELECT page_id FROM pages WHERE kind = 'own' AND closed_revision IS NULL)"


def refused(connection: sqlite3.Connection, period: Period) -> dict[str, Missing]:
    """Measures that Meta refuses to an own page with posts in the months of the period, and gives by no other name."""
    found = connection.execute(
        f"SELECT s.measure, s.status FROM metric_states s WHERE s.{_OWN} AND s.period = 'lifetime' "  # noqa: S608
        "AND s.status IN ('not_served', 'not_permitted') AND NOT EXISTS (SELECT 1 FROM metric_states o WHERE "
        "(o.page_id, o.period, o.measure) = (s.page_id, s.period, s.measure) AND o.status IN ('ok', 'empty')) "
        "AND EXISTS (SELECT 1 FROM post_months m WHERE m.page_id = s.page_id AND m.measure = ? "
        "AND m.month BETWEEN ? AND ?) ORDER BY s.status DESC",  # what a permission would bring is said before the rest
        (POSTS, period.months[0], period.months[-1]),
    )
    return dict(found.fetchall())


def _posts_by_month(connection: sqlite3.Connection, period: Period, batches: Batches) -> Found:
    months = post_groups.by_month(connection, period.months)
    all_posts = sum(found[POSTS][0] for found in months.values())
    found = {}
    for measure in JUDGED:
        known = tuple((month, *sums[measure]) for month, sums in months.items() if sums[measure][0])
        if known:
            found[measure] = PostFigure(
                measure,
                all_posts,
                sum(n for _, n, _ in known),
                sum(total for _, _, total in known),
                tuple(post_groups.counts(connection, period, measure)),
                known,
                *_observed(connection, period, batches, measure, _seen(connection, period, measure)),
            )
    return found, all_posts


def _seen(connection: sqlite3.Connection, period: Period, measure: str) -> str | None:
    """When the newest of the figures was observed."""
    found: tuple[str | None] = connection.execute(
        f"SELECT max(observed_to) FROM post_months WHERE measure = ? AND {_OWN} AND month BETWEEN ? AND ?",  # noqa: S608
        (measure, period.months[0], period.months[-1]),
    ).fetchone()
    return found[0]


def _observed(
    connection: sqlite3.Connection, period: Period, batches: Batches, measure: str, seen: str | None
) -> tuple[str | None, tuple[Source, ...]]:
    """When the figures were last observed, ``seen`` or later, and where that of the newest post comes from.

    Figures found unchanged have no row of their own. Whatever reads posts reads the newest ones, so that those tell.
    """
    newest = connection.execute(
        f"SELECT post_id FROM post_now WHERE {_OWN} AND published_at >= ? AND published_at < ? "  # noqa: S608
        f"AND {measure} IS NOT NULL ORDER BY published_at DESC LIMIT {_NEWEST}",
        (period.start.isoformat(), (period.end + timedelta(days=1)).isoformat()),
    ).fetchall()
    if not newest:
        return seen, ()
    standing = f"x.closed_revision IS NULL AND x.{measure} IS NOT NULL"
    brought = connection.execute(
        f"SELECT x.batch FROM snapshots x WHERE x.post_id = ? AND {standing} ORDER BY x.observed_at DESC LIMIT 1",  # noqa: S608
        newest[0],
    ).fetchone()
    (again,) = connection.execute(
        f"SELECT max(k.observed_at) FROM snapshots x {_SEEN_AGAIN} "  # noqa: S608
        f"WHERE x.post_id IN ({', '.join('?' * len(newest))}) AND {standing} AND (k.given IS NULL OR k.given >> ? & 1)",
        (*(post for (post,) in newest), BY_NAME["snapshots"].names.index(measure)),
    ).fetchone()
    return max(filter(None, (seen, again)), default=None), ((source(batches, brought[0]),) if brought else ())


def _posts_by_day(connection: sqlite3.Connection, period: Period, batches: Batches) -> Found:
    values: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    months: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    posts = 0
    seen: dict[str, str] = {}
    for month, observed, *figures in connection.execute(
        f"SELECT month, observed_at, {', '.join(JUDGED)} FROM post_now "  # noqa: S608
        f"WHERE {_OWN} AND published_at >= ? AND published_at < ? ORDER BY published_at",
        (period.start.isoformat(), (period.end + timedelta(days=1)).isoformat()),
    ):
        posts += 1
        for name, value in zip(JUDGED, figures, strict=True):
            if value is not None:
                values[name][value] += 1
                months[name][month].append(value)
                seen[name] = max(seen.get(name, ""), observed)
    if not posts:
        return {}, 0
    found = {
        name: PostFigure(
            name,
            posts,
            sum(counts.values()),
            sum(value * n for value, n in counts.items()),
            tuple(sorted(counts.items())),
            tuple((month, len(v), sum(v)) for month, v in months[name].items()),
            *_observed(connection, period, batches, name, seen[name]),
        )
        for name, counts in values.items()
    }
    return found, posts
