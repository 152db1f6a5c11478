"""Lists of posts: whatever is asked for, what a plain sort of all posts gives, and never a look outside the period."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sqdash import periods
from sqdash.periods import Period
from sqdash.store import post_texts
from sqdash.store.queries import post_find, post_groups, post_list
from sqdash.store.queries.post_list import PostFilter, Reached
from tests.making import add, open_copy, row

Copy = Callable[[str], Path]
YEAR = periods.year_period(103)
SEEN = "2016-01-01T08:00:00+08:00"


@pytest.fixture(scope="module")
def memory(made: Copy) -> Iterator[sqlite3.Connection]:
    with closing(open_copy(made("empty"))) as connection:
        add(
            connection,
            "pages",
            row("pages", page_id="p", kind="own", label="本分局"),
            row("pages", page_id="q", kind="own", label="第二頁"),
            row("pages", page_id="b", kind="benchmark", label="標竿"),
        )
        add(connection, "units", row("units", unit="u1", label="第一課", kind="unit", implementing=1, position=1))
        posts, shots = [], []
        for n in range(240):
            page, day = "pqb"[n % 3], date.fromordinal(date(2013, 11, 20).toordinal() + n * 2)
            figures = {"likes": n * 7 % 11, "reach": 100 + n % 5 if n % 4 else None, "shares": n % 3 or None}
            if n % 10 == 0:
                figures = {"viewers": n % 40}
            posts.append(
                row(
                    "posts",
                    post_id=f"{page}_{n}",
                    page_id=page,
                    published_at=f"{day}T{n % 24:02d}:30:00+08:00",
                    type=("photo", "video", None)[n % 7 % 3],
                    topic=None if n % 2 else "計量",
                    unit="u1" if n % 5 == 0 else None,
                    message=("ＬＥＤ燈具", "磅秤，安全", "Straße", None)[n % 4],
                )
            )
            if n % 6:
                shots.append(row("snapshots", post_id=f"{page}_{n}", observed_at=SEEN, **figures))
        add(connection, "posts", *posts)
        add(connection, "snapshots", *shots)
        yield connection


def plain(memory: sqlite3.Connection, period: Period, order: str, descending: bool) -> list[str]:
    """Ids of all own posts of the period, sorted in the plainest way; unknown last, equal ones newest first."""
    found = [
        one
        for one in memory.execute(f"SELECT post_id, published_at, {order} FROM post_now WHERE page_id <> 'b'")
        if period.contains(date.fromisoformat(one[1][:10]))
    ]
    found.sort()
    found.sort(key=lambda one: one[1], reverse=True)
    known = sorted((one for one in found if one[2] is not None), key=lambda one: one[2], reverse=descending)
    return [one[0] for one in known + [one for one in found if one[2] is None]]


PERIODS = (
    YEAR,
    Period(date(2013, 1, 1), date(2016, 12, 31)),
    periods.month_period("2014-03"),
    Period(date(2013, 12, 15), date(2014, 4, 14)),
    Period(date(2014, 2, 3), date(2014, 2, 20)),
    periods.year_period(90),
)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.code)
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("order", post_list.ORDERS)
@pytest.mark.parametrize("ties", [0, 10])
def test_a_screenful_is_the_same_as_sorting_every_post(
    memory: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, period: Period, descending: bool, order: str, ties: int
) -> None:
    monkeypatch.setattr(post_find, "_TIES", ties)
    wanted = plain(memory, period, order, descending)
    for offset, limit in ((0, 3), (4, 5), (0, 500)):
        found, posts = post_list.page(memory, PostFilter(period), order, descending, limit, offset)
        assert [one["post_id"] for one in found] == wanted[offset : offset + limit]
        assert posts == len(wanted)


WORDS = ("", "led", "ＬｅＤ", "秤", "，安", ",安", "STRASSE", "ss", "沒有", " ")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    period=st.sampled_from(PERIODS),
    search=st.sampled_from(WORDS),
    types=st.lists(st.sampled_from(["photo", "video", None]), max_size=2, unique=True),
    topics=st.lists(st.sampled_from(["計量", None, "別的"]), max_size=1),
    units=st.lists(st.sampled_from(["u1", None]), max_size=1),
    reached=st.none() | st.builds(Reached, st.just("likes"), st.sampled_from([">=", ">"]), st.just(5), st.booleans()),
    order=st.sampled_from(post_list.ORDERS),
    few=st.sampled_from([0, 10, 500]),
    common=st.sampled_from([1, 4]),
)
@example(YEAR, "led", [], [], [], Reached("likes", ">", 5, False), "likes", 0, 1)
@example(PERIODS[3], "安", [], [], [], None, "published_at", 0, 4)
@example(PERIODS[1], "led", [], [], [], None, "reach", 10, 1)
def test_filters_and_a_search_leave_what_fits_in_the_same_order(
    memory: sqlite3.Connection,
    period: Period,
    search: str,
    types: list[str | None],
    topics: list[str | None],
    units: list[str | None],
    reached: Reached | None,
    order: str,
    few: int,
    common: int,
) -> None:
    def fits(one: dict[str, Any]) -> bool:
        if reached and (one["likes"] is None or goal_met(one["likes"], reached) != reached.met):
            return False
        asked = ((types, one["type"]), (topics, one["topic"]), (units, one["unit_code"]))
        text = post_texts.fold(search).strip()
        return text in post_texts.fold(one["message"] or "") and all(not w or v in w for w, v in asked)

    filter = PostFilter(period, search, tuple(types), tuple(topics), tuple(units), reached)
    everything, _ = post_list.page(memory, PostFilter(period), order, True, 500)
    wanted = [one["post_id"] for one in everything if fits(one)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(post_find, "_FEW", few)
        patch.setattr(post_find, "_COMMON", common)
        found, total = post_list.page(memory, filter, order, True, 20)
    assert ([one["post_id"] for one in found], total) == (wanted[:20], len(wanted))


def goal_met(value: int, goal: Reached) -> bool:
    return value > goal.value if goal.comparator == ">" else value >= goal.value


def test_a_row_says_what_its_rate_is_over(made: Copy) -> None:
    with closing(open_copy(made("empty"))) as memory:
        add(memory, "pages", row("pages", page_id="p", kind="own", label="本分局"))
        given = (
            {"likes": 3, "reactions": 5, "comments": 2, "reach": 70, "viewers": 10},
            {"likes": 3, "shares": 1, "viewers": 8},
            {"reach": 70},
            {"likes": 3},
            {"likes": 3, "reach": 0, "viewers": 8},
            {"comments": 0, "reach": 50},
        )
        for n, figures in enumerate(given):
            add(
                memory,
                "posts",
                row("posts", post_id=f"p_{n}", page_id="p", published_at=f"2014-05-01T08:0{n}:00+08:00"),
            )
            add(memory, "snapshots", row("snapshots", post_id=f"p_{n}", observed_at=SEEN, **figures))
        found, _ = post_list.page(memory, PostFilter(periods.month_period("2014-05")), descending=False)
        assert [(one["interactions"], one["engagement_over"], one["engagement"]) for one in found] == [
            (7, "reach", 0.1),
            (4, "viewers", 0.5),
            (None, None, None),
            (3, None, None),
            (3, None, None),
            (0, "reach", 0.0),
        ]


def test_choices_count_what_is_not_stated_too(memory: sqlite3.Connection) -> None:
    month = periods.month_period("2014-03")
    found = post_list.choices(post_groups.summary(memory, month))
    assert sum(posts for _, posts in found.types) == post_list.page(memory, PostFilter(month))[1]
    assert {value for value, _ in found.topics} == {"計量", None}
    assert [value for value, _ in found.units] == [None, "u1"]


def test_growth_shows_every_observation_and_those_that_found_nothing_new(made: Copy) -> None:
    from tests.store.observing import at, likes, observe

    with closing(open_copy(made("empty"))) as memory:
        for day, figures in ((1, 3), (2, 3), (3, 5)):
            observe(memory, at(day), likes(a=figures), file_name=f"{day}.csv")
        found = post_list.growth(memory, "77_1")
        assert [(one["observed_at"], one["likes"], one["again"], one["file_name"]) for one in found] == [
            (at(1), 3, 0, "1.csv"),
            (at(2), 3, 1, "2.csv"),
            (at(3), 5, 0, "3.csv"),
        ]


@pytest.mark.parametrize("basis", [0, 7, 28])
@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.code)
def test_groups_of_a_part_of_a_month_and_of_whole_months_add_up_to_the_same(
    memory: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, period: Period, basis: int
) -> None:
    kept = post_groups.summary(memory, period, basis)
    counts = post_groups.counts(memory, period, "likes", basis)
    total = post_groups.total(memory, period)
    end = date.fromordinal(period.end.toordinal() + 1)
    monkeypatch.setattr(post_groups, "parts", lambda _: ([], [(period.start.isoformat(), end.isoformat())]))
    assert post_groups.summary(memory, period, basis) == kept
    assert post_groups.counts(memory, period, "likes", basis) == counts == kept.counts["likes"]
    assert post_groups.total(memory, period) == total
    if not basis:
        assert {sum(group.posts for group in found) for found in kept.groups.values()} == {total}


@pytest.mark.parametrize("few", [0, 500])
def test_no_query_reads_outside_the_period(
    memory: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Every table of posts is searched by an index whose bounds include time, or by the keys of posts found so."""
    monkeypatch.setattr(post_find, "_FEW", few)
    asked: list[str] = []
    memory.set_trace_callback(asked.append)
    period = Period(date(2013, 12, 15), date(2014, 4, 14))
    goal = Reached("likes", ">=", 5)
    for order in post_list.ORDERS:
        post_list.page(memory, PostFilter(period, "led", ("photo",), reached=goal), order)
        post_list.page(memory, PostFilter(period), order, False)
    for basis in (0, 7):
        post_groups.summary(memory, period, basis)
        post_groups.counts(memory, period, "likes", basis)
    post_list.growth(memory, "p_0")
    memory.set_trace_callback(None)
    seen = {detail for sql in set(asked) for *_, detail in memory.execute(f"EXPLAIN QUERY PLAN {sql}")}
    of_posts = {one for one in seen if re.match(r"(SCAN|SEARCH) (n|a|p|s|t|post_\w+)\b", one)}
    assert len(of_posts) > 5
    bounded = r"published_at>|month>|span=|post_id=|version_id=|rowid=|INTEGER PRIMARY KEY \(rowid=\?\)"
    assert not [one for one in of_posts if not one.startswith("SEARCH") or not re.search(bounded, one)]


def test_a_search_counts_each_message_once_and_reads_ids_only_of_the_months_asked_for(made: Copy) -> None:
    with closing(open_copy(made("empty"))) as memory:
        add(memory, "pages", row("pages", page_id="p", kind="own", label="本分局"))
        messages = (("01-05", "安全，安全"), ("01-06", None), ("01-07", "不安"), ("01-08", "安全"), ("02-01", "[安全]"))
        for n, (day, message) in enumerate(messages):
            at = f"2014-{day}T08:00:00+08:00"
            add(memory, "posts", row("posts", post_id=f"p_{n}", page_id="p", published_at=at, message=message))
        before = memory.execute("PRAGMA cache_size").fetchone()
        found = post_texts.Search(memory, " 安全 ", "2014-01", "2014-02")
        assert (found.total, found.counts) == (3, {("p", "2014-01"): 2, ("p", "2014-02"): 1})
        assert found.ids([("p", "2014-01"), ("p", "2014-03")]) == ["p_0", "p_3"]
        assert found.among(["p_0", "p_1", "p_4"], [("p", "2014-01")]) == {"p_0"}
        assert post_texts.Search(memory, "[安", "2014-01", "2014-02").counts == {("p", "2014-02"): 1}  # not a pattern
        assert post_texts.Search(memory, "安全", "2014-03", "2014-09").total == 0
        assert memory.execute("PRAGMA cache_size").fetchone() == before


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＬＥＤ！（１０）", "led!(10)"),
        ("ﾊﾝｶｸ", "ハンカク"),
        ("Straße", "strasse"),
        ("㎏", "kg"),
        ("度量衡", "度量衡"),
        ("", ""),
    ],
)
def test_folding_is_normalizing_and_case_folding(text: str, folded: str) -> None:
    assert post_texts.fold(text) == folded


@given(st.lists(st.none() | st.text() | st.text("，。！Ａaß \x1e")))
def test_folding_many_at_once_ends_in_the_same(messages: list[str | None]) -> None:
    plain = [post_texts.fold((message or "").replace("\x1e", " ")) for message in messages]
    assert post_texts.fold_all(messages) == plain
