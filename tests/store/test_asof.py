"""The store as it was: whatever came later, a reader as of a revision sees what held then."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sqdash import periods, status_view, views
from sqdash.errors import DataError
from sqdash.jobs import entries, upload
from sqdash.store import asof, database, gate, save
from sqdash.store.queries import base, rows
from sqdash.tables import BY_NAME, TABLES
from tests.making import is_one_sentence, put, row

Copy = Callable[[str], Path]
DAY = date(2026, 11, 24)


def everything(store: Path, revision: int | None = None) -> dict[str, list[Any]]:
    with asof.reading(store, revision) as connection:
        return {table.name: list(rows.stream(connection, table)) for table in TABLES}


def figures(store: Path, revision: int | None = None) -> dict[str, Any]:
    with asof.reading(store, revision) as connection:
        worked = views.board_at(store, connection, periods.year_period(104), DAY, None, revision)
        return status_view.status(worked) | {"revision": base.revision(connection)}


def now(store: Path) -> int:
    with database.reading(store) as connection:
        return base.revision(connection)


def holiday(store: Path, label: str) -> int:
    return put(store, "holidays", row("holidays", day="2015-01-01", label=label, working=0))


def test_changed_struck_and_undone_rows_are_seen_as_they_were(copy: Copy) -> None:
    store = copy("report")
    seen = {0: {table.name: [] for table in TABLES}, now(store): everything(store)}
    holiday(store, "元旦")
    seen[now(store)] = everything(store)
    second = holiday(store, "開國紀念日")
    seen[now(store)] = everything(store)
    upload.undo(store, second, by="測試員", reason="改回")
    seen[now(store)] = everything(store)
    upload.redo(store, second, by="測試員", reason="再來")
    assert {revision: everything(store, revision) for revision in seen} == seen


def test_figures_of_posts_are_counted_anew_where_posts_changed_since(copy: Copy) -> None:
    store = copy("demo")
    before, revision = figures(store), now(store)
    with database.reading(store) as connection:
        where = "published_at >= '2015-06-01' AND page_id IN (SELECT page_id FROM pages WHERE kind = 'own')"
        post = next(rows.current(connection, BY_NAME["posts"], where))
    late = row("snapshots", post_id=post["post_id"], observed_at="2026-11-01T09:00:00+08:00", likes=99_999)
    put(store, "snapshots", late)
    assert figures(store)["indicators"] != before["indicators"]
    assert figures(store, revision) == before


def test_the_roll_ups_are_taken_as_they_are_where_no_post_changed(copy: Copy) -> None:
    store = copy("demo")
    before, revision = figures(store), now(store)
    holiday(store, "元旦")
    with asof.reading(store, revision) as connection:
        made = {name for (name,) in connection.execute("SELECT name FROM temp.sqlite_schema WHERE type = 'table'")}
    assert made == {"imports"}
    assert figures(store, revision) == before


def test_an_undone_batch_stood_when_it_stood(copy: Copy) -> None:
    store = copy("empty")
    batch = holiday(store, "元旦")
    revision = now(store)
    upload.undo(store, batch, by="測試員", reason="試")
    undone = now(store)
    upload.redo(store, batch, by="測試員", reason="試")

    def stands(at: int) -> bool:
        with asof.reading(store, at) as connection:
            found = connection.execute("SELECT undone_revision FROM imports WHERE batch = ?", (batch,)).fetchone()
            return bool(found[0] is None)

    assert [stands(at) for at in (revision, undone, now(store))] == [True, False, True]


KINDS = ("own", "own", "benchmark", "unassigned")


def change_post(store: Path, dice: Random, posts: list[str], batches: list[int]) -> None:
    """A new post of the year."""
    page = dice.choice(("page-a", "page-b"))
    posts.append(f"{page}_{len(posts)}")
    day = date(2015, 1, 1) + timedelta(days=dice.randrange(365))
    published: dict[str, Any] = {"page_id": page, "published_at": f"{day}T10:00:00+08:00", "type": "photo"}
    batches.append(put(store, "posts", row("posts", post_id=posts[-1], **published)))


def change_anything(store: Path, dice: Random, posts: list[str], batches: list[int]) -> None:
    """One change of what figures of posts are made of: a new post, figures, a page of another kind, undo or redo."""
    match dice.choice(("post", "post", "figures", "figures", "figures", "page", "strike", "undo", "redo")):
        case "post":
            change_post(store, dice, posts, batches)
        case "figures":
            seen = f"2016-01-{dice.randrange(1, 29):02d}T10:00:00+08:00"
            given: dict[str, Any] = {"likes": dice.randrange(300), "reach": dice.choice((None, dice.randrange(2_000)))}
            batches.append(
                put(store, "snapshots", row("snapshots", post_id=dice.choice(posts), observed_at=seen, **given))
            )
        case "page":
            made = row("pages", page_id=dice.choice(("page-a", "page-b")), label="頁", kind=dice.choice(KINDS))
            batches.append(put(store, "pages", made))
        case "strike":
            entries.strike(store, BY_NAME["posts"], (dice.choice(posts),), reason="試", by="測試員")
        case "undo":
            upload.undo(store, dice.choice(batches), by="測試員", reason="試")
        case "redo":
            upload.redo(store, dice.choice(batches), by="測試員", reason="試")


@pytest.mark.parametrize("seed", [3, 4])
def test_a_view_of_the_past_is_the_copy_taken_then(copy: Copy, seed: int) -> None:
    store, dice = copy("report"), Random(seed)  # noqa: S311 - to be repeated, not to be secret
    posts: list[str] = []
    batches = [put(store, "pages", row("pages", page_id="page-a", label="頁", kind="own"))]
    then: dict[int, tuple[Any, Any]] = {}
    while len(posts) < 4:
        change_post(store, dice, posts, batches)
    for _ in range(30):
        then.setdefault(now(store), (everything(store), figures(store)))
        with suppress(DataError):  # undone twice, struck twice: nothing changes
            change_anything(store, dice, posts, batches)
    assert len({str(seen["indicators"]) for _, seen in then.values()}) > 3
    assert [r for r, seen in then.items() if (everything(store, r), figures(store, r)) != seen] == []


def test_days_that_a_pull_states_whole_later_than_its_first_rows_were_not_known_before(copy: Copy) -> None:
    store = copy("demo")
    batch = holiday(store, "元旦")
    revision = now(store)

    def covered(at: int) -> list[Any]:
        with asof.reading(store, at) as connection:
            return connection.execute("SELECT day_from, day_to FROM coverage WHERE batch = ?", (batch,)).fetchall()

    with gate.write(store, by="測試員", reason="擷取貼文清單") as change:
        save.cover(change, batch, "p", "2015-01-01", "2015-01-31")
    assert now(store) == revision + 1
    assert [covered(revision), covered(revision + 1)] == [[], [("2015-01-01", "2015-01-31")]]


def test_the_views_find_their_indexes(copy: Copy) -> None:
    store = copy("demo")
    with asof.reading(store, 5) as connection:
        plan = [
            row[3]
            for row in connection.execute(
                "EXPLAIN QUERY PLAN SELECT value FROM page_days WHERE page_id = 'p' AND measure = 'fans' "
                "AND day BETWEEN '2014-01-01' AND '2014-12-31' AND closed_revision IS NULL"
            )
        ]
    assert any("page_days_measure" in step or "page_days_current" in step for step in plan), plan
    assert any("page_days_closed" in step or "page_days_history" in step for step in plan), plan


def test_the_last_revision_of_a_day_is_found_by_the_taipei_day(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    store = copy("report")
    today = periods.today()
    assert asof.revision_on(store, today - timedelta(days=1)) == 0
    monkeypatch.setattr(periods, "today", lambda: today + timedelta(days=1))
    assert asof.revision_on(store, today) == now(store)


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_day_that_is_not_over_is_refused(copy: Copy, ahead: int) -> None:
    with pytest.raises(DataError, match="還沒有過完") as raised:
        asof.revision_on(copy("empty"), periods.today() + timedelta(days=ahead))
    assert is_one_sentence(raised.value)
