"""The post measures that indicators judge, over the posts of a period: from roll-ups where it is of whole months."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import chain

from sqdash.figures import Missing, PostFigure, Source
from sqdash.periods import Period
from sqdash.store.queries import post_groups
from sqdash.store.queries.sources import Batches, source
from sqdash.store.rollups import JUDGED, OWN, POSTS
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


_OWN = f"page_id IN ({OWN})"


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
    known = {m: tuple((month, *sums[m]) for month, sums in months.items() if sums[m][0]) for m in JUDGED}
    observed = _observed(connection, period, batches, _seen(connection, period, [m for m in JUDGED if known[m]]))
    found = {
        measure: PostFigure(
            measure,
            all_posts,
            sum(n for _, n, _ in known[measure]),
            sum(total for _, _, total in known[measure]),
            tuple(post_groups.counts(connection, period, measure)),
            known[measure],
            *last,
        )
        for measure, last in observed.items()
    }
    return found, all_posts


def _seen(connection: sqlite3.Connection, period: Period, measures: Sequence[str]) -> dict[str, str | None]:
    """When the newest of the figures was observed, by measure."""
    found = connection.execute(
        f"SELECT measure, max(observed_to) FROM post_months WHERE measure IN ({', '.join('?' * len(measures))}) "  # noqa: S608
        f"AND {_OWN} AND month BETWEEN ? AND ? GROUP BY measure",
        (*measures, period.months[0], period.months[-1]),
    )
    return dict.fromkeys(measures) | dict(found.fetchall())


def _observed(
    connection: sqlite3.Connection, period: Period, batches: Batches, seen: Mapping[str, str | None]
) -> dict[str, tuple[str | None, tuple[Source, ...]]]:
    """Measure → when its figures were last observed, ``seen`` or later, and where that of the newest post comes from.

    Figures found unchanged have no row of their own. Whatever reads posts reads the newest ones, so that those tell.
    """
    if not seen:
        return {}
    newest = _newest(connection, period, list(seen))
    again = _seen_again(connection, list(dict.fromkeys(chain(*newest.values()))), list(seen))
    found: dict[str, tuple[str | None, tuple[Source, ...]]] = {}
    for measure, at in seen.items():
        brought = _brought(connection, newest[measure][0], measure) if newest[measure] else None
        sources = () if brought is None else (source(batches, brought),)
        found[measure] = max(filter(None, (at, again[measure])), default=None), sources
    return found


def _newest(connection: sqlite3.Connection, period: Period, measures: Sequence[str]) -> dict[str, list[str]]:
    """The newest posts that have each of the measures: mostly the period's newest have them all."""
    select = (
        f"SELECT post_id, {', '.join(f'{m} IS NOT NULL' for m in JUDGED)} FROM post_now "  # noqa: S608
        f"WHERE {_OWN} AND published_at >= ? AND published_at < ? {{}} ORDER BY published_at DESC LIMIT {_NEWEST}"
    )
    within = (period.start.isoformat(), (period.end + timedelta(days=1)).isoformat())
    newest = connection.execute(select.format(""), within).fetchall()
    found = {}
    for measure in measures:
        having = [row[0] for row in newest if row[1 + JUDGED.index(measure)]]
        if len(having) < len(newest):
            rows = connection.execute(select.format(f"AND {measure} IS NOT NULL"), within)
            having = [row[0] for row in rows]
        found[measure] = having
    return found


def _brought(connection: sqlite3.Connection, post: str, measure: str) -> int | None:
    """The batch of a post's newest figure."""
    found = connection.execute(
        f"SELECT batch FROM snapshots WHERE post_id = ? AND closed_revision IS NULL AND {measure} IS NOT NULL "  # noqa: S608
        "ORDER BY observed_at DESC LIMIT 1",
        (post,),
    ).fetchone()
    return found[0] if found else None


def _seen_again(connection: sqlite3.Connection, posts: Sequence[str], measures: Sequence[str]) -> dict[str, str | None]:
    """When figures of these posts were last found unchanged, by measure."""
    names = BY_NAME["snapshots"].names
    last = ", ".join(
        f"max(iif(x.{m} IS NOT NULL AND (k.given IS NULL OR k.given >> {names.index(m)} & 1), k.observed_at, NULL))"
        for m in measures
    )
    found = connection.execute(
        f"SELECT {last} FROM snapshots x {_SEEN_AGAIN} "  # noqa: S608
        f"WHERE x.post_id IN ({', '.join('?' * len(posts))}) AND x.closed_revision IS NULL",
        posts,
    ).fetchone()
    return dict(zip(measures, found, strict=True))


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
    observed = _observed(connection, period, batches, seen)
    found = {
        name: PostFigure(
            name,
            posts,
            sum(counts.values()),
            sum(value * n for value, n in counts.items()),
            tuple(sorted(counts.items())),
            tuple((month, len(v), sum(v)) for month, v in months[name].items()),
            *observed[name],
        )
        for name, counts in values.items()
    }
    return found, posts
