"""Figures kept beside posts: after any change they equal what all posts and snapshots, read plainly, give."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils.db import Database

from sqdash.errors import DataError
from sqdash.store import post_sums, restore, rollups, save, schema
from sqdash.store.staging import Stage
from sqdash.tables import BY_NAME, POST_MEASURES
from tests.making import add, changing, current_in, looking, open_copy, row

Copy = Callable[[str], Path]
MEASURES = [name for name, _ in POST_MEASURES]
POSTS = ("p_1", "p_2", "p_3")
PAGES = ("p", "q")
MOMENTS = (
    "2014-01-31T23:59:59+08:00",
    "2014-02-01T00:00:00+08:00",
    "2014-02-28T12:00:00+08:00",
    "2015-02-01T00:00:00+08:00",
)
SEEN = (
    "2014-02-08T08:00:00+08:00",
    "2014-02-09T08:00:00+08:00",
    "2014-02-27T08:00:00+08:00",
    "2014-03-02T08:00:00+08:00",
    "2015-03-01T08:00:00+08:00",
)


TABLES = ("post_now", "post_aged", "post_months", "post_texts", "post_groups", "post_values")
GROUPED = ("likes", "reactions", "comments", "shares", "reach", "viewers")


def kept(memory: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: sorted(memory.execute(f"SELECT * FROM {table}").fetchall(), key=repr)  # one row a key
        for table in TABLES
    }


def parts_of(figures: dict[str, Any]) -> int | None:
    """The numerator of the engagement rate."""
    love = figures.get("reactions")
    love = figures.get("likes") if love is None else love
    known = [n for n in (love, figures.get("comments"), figures.get("shares")) if n is not None]
    return sum(known) if known else None


def rate_of(figures: dict[str, Any]) -> tuple[str, int, int] | None:
    """(denominator, numerator, audience)."""
    over = "viewers" if figures.get("reach") is None else "reach"
    numerator, audience = parts_of(figures), figures.get(over)
    return (over, numerator, audience) if numerator is not None and audience else None


def observations(memory: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    """Every standing snapshot by post, oldest first, and each time at which a standing batch saw it again."""
    found = defaultdict(list)
    for snapshot in current_in(memory, "snapshots"):
        found[snapshot["post_id"]].append(snapshot)
    names = BY_NAME["snapshots"].names
    for at, mask, *values in memory.execute(
        f"SELECT k.observed_at, k.given, {', '.join('s.' + name for name in names)} FROM confirmations k "
        "JOIN snapshots s USING (version_id) JOIN imports i ON i.batch = k.batch "
        "WHERE k.table_name = 'snapshots' AND k.observed_at IS NOT NULL AND i.undone_revision IS NULL "
        "AND s.closed_revision IS NULL"
    ):
        seen = {name: v for n, (name, v) in enumerate(zip(names, values, strict=True)) if mask is None or mask >> n & 1}
        found[values[0]].append(seen | {"post_id": values[0], "observed_at": at})
    return {post: sorted(seen, key=lambda one: one["observed_at"]) for post, seen in found.items()}


def at_age(post: dict[str, Any], seen: list[dict[str, Any]], days: int, tolerance: int) -> dict[str, Any]:
    """The post's figures at that age; empty where nobody looked."""

    def away(one: dict[str, Any]) -> float:
        moments = [datetime.fromisoformat(x) for x in (post["published_at"], one["observed_at"])]
        return abs((moments[1] - moments[0]).total_seconds() / 86400 - days)

    near = sorted((one for one in reversed(seen) if away(one) <= tolerance), key=away, reverse=True)
    figures: dict[str, Any] = {}
    for one in near:
        figures |= {name: value for name, value in one.items() if value is not None}
    return figures


def plain(memory: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The same tables, worked out from all current posts and snapshots."""
    batch_of = dict(memory.execute("SELECT post_id, batch FROM posts WHERE closed_revision IS NULL"))
    seen_by = {
        (post, at): batch
        for post, at, batch in memory.execute(
            "SELECT post_id, observed_at, batch FROM snapshots WHERE closed_revision IS NULL"
        )
    }
    own = {page["page_id"] for page in current_in(memory, "pages") if page["kind"] == "own"}
    snapshots = defaultdict(list)
    for snapshot in current_in(memory, "snapshots"):  # in order of post and time
        snapshots[snapshot["post_id"]].append(snapshot)
    seen = observations(memory)
    now, aged, months, texts = [], [], defaultdict(list), defaultdict(list)
    groups: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    values = Counter[tuple[Any, ...]]()
    for post in sorted(current_in(memory, "posts"), key=lambda p: (p["published_at"], p["post_id"])):
        name, page, month = post["post_id"], post["page_id"], post["published_at"][:7]
        figures: dict[str, Any] = {}
        for snapshot in snapshots[name]:
            figures |= {key: value for key, value in snapshot.items() if value is not None}
        at = figures.get("observed_at")
        first = snapshots[name][0]["observed_at"] if at else None
        rate = rate_of(figures)
        ratio = rate[1] / rate[2] if rate else None
        dims = (post["type"], post["topic"], post["unit"])
        batch = seen_by[name, at] if at else batch_of[name]
        shown = [figures.get(m) for m in MEASURES]
        now.append((page, post["published_at"], name, month, *dims, first, at, *shown, parts_of(figures), ratio, batch))
        texts[page, month].append((name, unicodedata.normalize("NFKC", post["message"] or "").casefold()))
        months["posts", page, month].append((None, at))
        for measure, value in [*((m, figures.get(m)) for m in MEASURES), ("engagement", ratio)]:
            if value is not None:
                months[measure, page, month].append((value, at))
        for basis, found in (
            (0, figures),
            *((days, at_age(post, seen.get(name, []), days, most)) for days, most in ((7, 1), (28, 3))),
        ):
            if basis and not found:
                continue
            if basis:
                aged.append((basis, page, post["published_at"], name, found["observed_at"], *map(found.get, GROUPED)))
            if page in own:
                add_up(groups, values, basis, post, found)
    return {
        "post_now": sorted(now, key=repr),
        "post_aged": sorted(aged, key=repr),
        "post_months": sorted(
            (
                (
                    *key,
                    len(found),
                    sum(value for value, _ in found) if key[0] not in ("posts", "engagement") else None,
                    min(float(value) for value, _ in found) if key[0] != "posts" else None,
                    max(float(value) for value, _ in found) if key[0] != "posts" else None,
                    max((at for _, at in found if at), default=None),
                )
                for key, found in months.items()
            ),
            key=repr,
        ),
        "post_texts": sorted(
            (
                (*key, json.dumps([post for post, _ in found]), "\x1e".join(text for _, text in found).encode())
                for key, found in texts.items()
            ),
            key=repr,
        ),
        "post_groups": sorted(
            ((*key, *(found[name] for name in post_sums.NUMBERS)) for key, found in groups.items()), key=repr
        ),
        "post_values": sorted(((*key, n) for key, n in values.items()), key=repr),
    }


def add_up(
    groups: dict[tuple[Any, ...], Counter[str]],
    values: Counter[tuple[Any, ...]],
    basis: int,
    post: dict[str, Any],
    figures: dict[str, Any],
) -> None:
    published = datetime.fromisoformat(post["published_at"])
    keys = {name: post[name] or "" for name in ("type", "topic", "unit")} | {"hour": f"{published:%w-%H}"}
    keys["hour"] = f"{published.weekday()}-{published:%H}"
    for span in (post["published_at"][:7], post["published_at"][:4]):
        for dimension, value in keys.items():
            sums = groups[basis, dimension, span, value]
            sums["posts"] += 1
            for measure in GROUPED:
                if (figure := figures.get(measure)) is not None:
                    sums[f"{measure}_posts"] += 1
                    sums[measure] += figure
            if rate := rate_of(figures):
                over, numerator, audience = rate
                sums[f"over_{over}_posts"] += 1
                sums[f"over_{over}_interactions"] += numerator
                sums[f"over_{over}"] += audience
        for measure in rollups.JUDGED:
            if (figure := figures.get(measure)) is not None:
                values[basis, measure, span, figure] += 1


def strike(memory: sqlite3.Connection, table: str, key: tuple[str, ...]) -> int:
    change = changing(memory)
    batch = save.open_batch(change, kind="entry", format=table, file_name="刪列")
    save.strike(change, BY_NAME[table], key, "刪")
    return batch


def test_the_newest_observation_is_a_posts_figure(memory: sqlite3.Connection) -> None:
    post = row("posts", post_id="p_1", page_id="p", published_at=MOMENTS[0])
    add(memory, "posts", post)
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[1], likes=9, reach=90))
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[0], likes=5, reach=50, shares=1))
    found = kept(memory)
    nothing = (None,) * 4
    assert found["post_now"] == [
        (
            "p",
            MOMENTS[0],
            "p_1",
            "2014-01",
            None,
            None,
            None,
            SEEN[0],
            SEEN[1],
            9,
            None,
            None,
            1,
            90,
            *nothing,
            10,
            10 / 90,
            2,
        )
    ]
    assert found["post_months"] == [
        ("engagement", "p", "2014-01", 1, None, 10 / 90, 10 / 90, SEEN[1]),
        ("likes", "p", "2014-01", 1, 9, 9.0, 9.0, SEEN[1]),
        ("posts", "p", "2014-01", 1, None, None, None, SEEN[1]),
        ("reach", "p", "2014-01", 1, 90, 90.0, 90.0, SEEN[1]),
        ("shares", "p", "2014-01", 1, 1, 1.0, 1.0, SEEN[1]),
    ]
    assert found["post_values"] == found["post_groups"] == []  # the page is not our own


def test_a_measure_that_a_later_export_does_not_give_keeps_its_newest_figure(memory: sqlite3.Connection) -> None:
    add(memory, "posts", row("posts", post_id="p_1", page_id="p", published_at=MOMENTS[0]))
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[0], reach=1100, likes=3))
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[1], reach=1200))
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[2], viewers=7))
    found = memory.execute("SELECT observed_at, likes, reach, viewers, views FROM post_now").fetchall()
    assert found == [(SEEN[2], 3, 1200, 7, None)]
    strike(memory, "snapshots", ("p_1", SEEN[1]))
    assert memory.execute("SELECT observed_at, likes, reach FROM post_now").fetchall() == [(SEEN[2], 3, 1100)]


def test_a_post_counts_in_the_taipei_month_of_its_publication(memory: sqlite3.Connection) -> None:
    for post, moment in zip(POSTS, MOMENTS, strict=False):
        add(memory, "posts", row("posts", post_id=post, page_id="p", published_at=moment))
    found = memory.execute("SELECT month, posts FROM post_months WHERE measure = 'posts'").fetchall()
    assert found == [("2014-01", 1), ("2014-02", 2)]


def test_a_post_that_moves_to_another_month_leaves_nothing_in_the_old_one(memory: sqlite3.Connection) -> None:
    add(memory, "posts", row("posts", post_id="p_1", page_id="p", published_at=MOMENTS[0]))
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[0], likes=5))
    add(memory, "posts", row("posts", post_id="p_1", page_id="q", published_at=MOMENTS[1]))
    assert {found[1:3] for found in kept(memory)["post_months"]} == {("q", "2014-02")}
    assert kept(memory) == plain(memory)


def test_figures_of_a_post_that_is_not_known_yet_count_once_it_is(memory: sqlite3.Connection) -> None:
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[0], likes=5))
    add(memory, "pages", row("pages", page_id="p", kind="own", label="本分局"))
    assert not any(kept(memory).values())
    add(memory, "posts", row("posts", post_id="p_1", page_id="p", published_at=MOMENTS[0]))
    assert kept(memory)["post_values"] == [
        (basis, "likes", span, 5, 1)
        for basis in (0, 7)  # seen a good week after it was published
        for span in ("2014", "2014-01")
    ]


def test_other_tables_leave_them_alone(memory: sqlite3.Connection) -> None:
    add(memory, "posts", row("posts", post_id="p_1", page_id="p", published_at=MOMENTS[0]))
    before = kept(memory)
    rollups.refresh(memory, "pages", [("p",)])
    add(
        memory,
        "page_days",
        row("page_days", page_id="p", day="2014-01-01", day_zone="Asia/Taipei", measure="fans", value=1),
    )
    assert kept(memory) == before


def test_the_demonstrations_figures_equal_a_plain_reading(made: Copy) -> None:
    with looking(made("demo")) as connection:
        assert len(kept(connection)["post_now"]) > 500
        assert kept(connection) == plain(connection)


def test_a_store_from_before_they_were_kept_has_them_after_it_is_brought_up_to_date() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        db = Database(memory)
        for migration in (schema.m001_base, schema.m002_imports, schema.m003_given, schema.m004_pulls):
            migration(db)
        memory.execute("INSERT INTO store_info VALUES ('kind', 'real')")
        memory.execute("INSERT INTO revisions VALUES (1, '2026-01-01T00:00:00+00:00', 'x', 'x')")
        memory.execute(
            "INSERT INTO imports (batch, kind, format, file_name, at, by, revision) "
            "VALUES (1, 'file', 'x', 'x', '2026-01-01T00:00:00+00:00', 'x', 1)"
        )
        for table, columns, rows in (
            ("pages", "page_id, kind, label", [("p", "own", "本分局"), ("q", "benchmark", "標竿")]),
            (
                "posts",
                "post_id, page_id, published_at, message",
                [("p_1", "p", MOMENTS[0], "Ａ"), ("q_1", "q", MOMENTS[1], None)],
            ),
            (
                "snapshots",
                "post_id, observed_at, likes",
                [("p_1", SEEN[0], 3), ("p_1", SEEN[2], 4), ("q_1", SEEN[2], 5)],
            ),
        ):
            marks = ", ".join("?" * len(rows[0]))
            memory.executemany(f"INSERT INTO {table} ({columns}, batch, opened_revision) VALUES ({marks}, 1, 1)", rows)
        schema.m005_posts(db)
        found = kept(memory)
        assert found == plain(memory)
        assert [row[0:4:3] for row in found["post_aged"]] == [(28, "p_1"), (28, "q_1"), (7, "p_1")]


FIGURE = st.none() | st.integers(0, 3)
WORD = st.none() | st.sampled_from(["Ａ", "b"])
FIGURES = st.fixed_dictionaries({}, optional=dict.fromkeys(GROUPED, FIGURE))
STEPS = st.one_of(
    st.tuples(
        st.just("posts"), st.sampled_from(POSTS), st.sampled_from(PAGES), st.sampled_from(MOMENTS), WORD, WORD, WORD
    ),
    st.tuples(st.just("snapshots"), st.sampled_from(POSTS), st.sampled_from(SEEN), FIGURES),
    st.tuples(st.just("export"), st.sampled_from(SEEN), st.sampled_from(["likes", "reach"]), st.integers(0, 3)),
    st.tuples(st.just("page"), st.sampled_from(PAGES), st.sampled_from(["own", "benchmark", "unassigned"])),
    st.tuples(st.just("strike posts"), st.sampled_from(POSTS)),
    st.tuples(st.just("strike snapshots"), st.sampled_from(POSTS), st.sampled_from(SEEN)),
    st.tuples(st.just("strike pages"), st.sampled_from(PAGES)),
    st.tuples(st.just("undo"), st.integers(0, 30)),
    st.tuples(st.just("redo"), st.integers(0, 30)),
)


def play(memory: sqlite3.Connection, step: tuple[Any, ...], standing: list[int], undone: list[int]) -> None:
    match step:
        case "posts", post, page, moment, word, topic, unit:
            values = {"published_at": moment, "type": word, "topic": topic, "unit": unit, "message": word}
            standing.append(add(memory, "posts", row("posts", post_id=post, page_id=page, **values)))
        case "snapshots", post, seen, figures:
            standing.append(add(memory, "snapshots", row("snapshots", post_id=post, observed_at=seen, **figures)))
        case "export", seen, measure, value:
            standing.append(thin_export(memory, seen, measure, value))
        case "page", page, kind:
            standing.append(add(memory, "pages", row("pages", page_id=page, kind=kind, label=page)))
        case "undo", n:
            if standing:
                undone.append(standing.pop(n % len(standing)))
                restore.undo(changing(memory), undone[-1], "還原")
        case "redo", n:
            if undone:
                standing.append(undone.pop(n % len(undone)))
                restore.redo(changing(memory), standing[-1], "恢復")
        case what, *key:
            standing.append(strike(memory, what.removeprefix("strike "), tuple(key)))


def thin_export(memory: sqlite3.Connection, seen: str, measure: str, value: int) -> int:
    """Figures of every post, stored as an upload does: what is seen again unchanged has no row of its own."""
    change = changing(memory)
    stage = Stage(memory, thin=True)
    stage.add("snapshots", ("post_id", "observed_at", measure), [(2, post, seen, value) for post in POSTS])
    batch = save.open_batch(change, kind="file", format="x", file_name="x", observed_at=seen)
    save.put_staged(change, stage, batch)
    return batch


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=15))
def test_after_any_import_correction_strike_undo_or_redo_they_equal_a_plain_reading(
    made: Copy, steps: list[tuple[Any, ...]]
) -> None:
    with closing(open_copy(made("empty"))) as memory:
        standing: list[int] = []
        undone: list[int] = []
        for page in PAGES:
            add(memory, "pages", row("pages", page_id=page, kind="own", label=page))
        for step in steps:
            try:
                play(memory, step, standing, undone)
            except DataError:
                assert step[0].startswith("strike")  # there was nothing to strike
            assert_alike(kept(memory), plain(memory))


def assert_alike(found: dict[str, list[tuple[Any, ...]]], wanted: dict[str, list[tuple[Any, ...]]]) -> None:
    for table in TABLES:
        assert found[table] == wanted[table], table
