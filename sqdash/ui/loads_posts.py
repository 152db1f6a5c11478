"""What screens load of posts, kept as :mod:`sqdash.ui.loads` keeps everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqdash.store import database
from sqdash.store.queries import post_groups, post_list, pulls, series
from sqdash.ui.loads import of_period, of_store

POSTS_A_SCREEN = 50
POSTS_A_FILE = 5_000
"""The most posts that a screen's file lists; the whole store is exported by the command."""

posts = of_store(post_list.page)
post_growth = of_store(post_list.growth)
unassigned_posts = of_store(series.unassigned_posts)
_post_summary = of_period(post_groups.summary)


def posts_in_groups(store: Path, state: str, code: str, dimension: str, basis: int) -> list[post_groups.Group]:
    """The period's posts by a dimension: newest figures, or those at an age in days."""
    summary = _post_summary(store, state, code, basis) if basis else _newest_summary(store, state, code)
    return summary.groups[dimension]


def post_counts(store: Path, state: str, code: str, measure: str, age: int) -> list[tuple[int, int]]:
    """How often each figure of a judged measure at an age occurs; of newest figures a ``PostFigure`` has them."""
    return _post_summary(store, state, code, age).counts[measure]


def post_choices(store: Path, state: str, code: str) -> post_list.Choices:
    """The types, topics and unit codes of the period's posts."""
    return post_list.choices(_newest_summary(store, state, code))


def _newest_summary(store: Path, state: str, code: str) -> post_groups.Summary:
    return _post_summary(store, state, code, post_groups.LATEST, ())


def gone_since(store: Path, post_id: str) -> str | None:
    """When a pull found that Facebook no longer has the post; read anew, for that takes no revision."""
    with database.reading(store) as connection:
        return pulls.gone_since(connection, post_id)


def posts_for_a_file(store: Path, filter: post_list.PostFilter, order: str, descending: bool) -> list[dict[str, Any]]:
    """At most :data:`POSTS_A_FILE` posts as the store is now; not kept in memory, for a file is made once."""
    with database.reading(store) as connection:
        return post_list.page(connection, filter, order, descending, POSTS_A_FILE, counted=False)[0]
