"""Posts: when their figures are read, what happens to those that go, come back or cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sqdash import periods, views
from sqdash.errors import StoreBusy
from sqdash.jobs import pull_blocks, pull_posts, pull_rules
from sqdash.store import asof
from sqdash.store.queries import evidence
from sqdash.store.queries import pulls as queries
from tests.fake_graph import PAGE_ID
from tests.jobs.pulling import Desk, desk, true_figures, true_posts
from tests.making import is_one_sentence, looking, put, row

Copy = Callable[[str], Path]
VIEWS = "post_media_view"


def now_of(at: Desk, post_id: str, measure: str) -> object:
    """The figure that the screens show."""
    return at.ask(f"SELECT {measure} FROM post_now WHERE post_id = ?", post_id)[0]


# --- when figures are read


def test_a_new_post_is_followed_densely_and_then_less_and_less(copy: Copy) -> None:
    with desk(copy("empty"), posts=1, new_post_every=3600) as at:
        at.later(hours=2)
        post = at.world.truth.posts()[0]
        at.world.page.posts._next = 10**12  # no more of them
        born = datetime.fromtimestamp(post.created, UTC)
        reads: set[str] = set()
        while at.clock.now() < born + timedelta(days=33):
            (due,) = at.ask("SELECT min(due_at) FROM post_reads") if at.runs() else (None,)
            if due is None or due <= at.clock.now().isoformat():
                at.pull()
                reads |= set(at.ask("SELECT read_at FROM post_reads WHERE post_id = ?", post.id))
            at.later(hours=4)
        ages = [datetime.fromisoformat(read) - born for read in reads]
        assert len([age for age in ages if age < timedelta(days=3)]) >= 15
        assert 14 <= len([age for age in ages if timedelta(days=4) <= age < timedelta(days=14)]) <= 22
        assert len([age for age in ages if age >= timedelta(days=15)]) <= 8
        for ripe in pull_rules.AGES:
            assert min(age for age in ages if age >= ripe) <= ripe + timedelta(hours=4)


def test_of_old_posts_a_run_reads_so_many_and_the_next_ones_in_the_next(copy: Copy) -> None:
    with desk(copy("empty"), posts=300, new_post_every=10**9) as at:
        at.pull()
        at.later(days=29)  # the whole list is not due yet
        at.change("UPDATE post_reads SET due_at = '2026-12-01T00:00:00+00:00'")
        old = "SELECT count(*) FROM post_reads WHERE read_at = ? AND published_at < '2026-11-25'"
        read = []
        for _ in range(4):
            at.later(minutes=30)
            calls = at.server.calls
            at.pull()
            assert at.server.calls - calls <= 12
            read += at.ask(old, at.clock.now().isoformat(timespec="seconds"))
        assert read == [100, 100, 100, 0]


def test_the_whole_list_is_read_again_after_30_days(at: Desk) -> None:
    at.pull()
    hidden = at.world.truth.posts()[40]
    at.change("DELETE FROM post_reads WHERE post_id = ?", hidden.id)  # as if it had been dated back
    at.later(days=29)
    at.pull()
    assert at.ask("SELECT count(*) FROM post_reads WHERE post_id = ?", hidden.id) == [0]
    at.later(days=2)
    at.pull()
    assert at.ask("SELECT count(*) FROM post_reads WHERE post_id = ?", hidden.id) == [1]


def test_a_clock_that_was_ahead_does_not_put_off_the_whole_list(at: Desk) -> None:
    at.pull()
    at.change("UPDATE page_reads SET all_listed_at = '2039-01-01T00:00:00+00:00'")
    at.clock.move(60)
    at.pull()
    assert at.ask("SELECT all_listed_at FROM page_reads") == [at.clock.now().isoformat(timespec="seconds")]


def test_ranked_lists_and_empty_pages_lose_no_post(copy: Copy) -> None:
    with desk(copy("empty"), posts=130) as at:
        at.server.scenarios.on("ranked")
        at.server.scenarios.on("empty_page", once=True)
        assert at.pull().state == "done"
        assert at.rows("posts") == true_posts(at.world)


def test_posts_that_changed_are_changed(at: Desk) -> None:
    at.pull()
    edited = next(post for post in at.world.truth.posts() if post.edited)
    at.later(days=5)
    at.pull()
    assert at.rows("posts") == true_posts(at.world)
    assert edited.text_at(at.world.now) == next(r["message"] for r in at.rows("posts") if r["post_id"] == edited.id)


def test_what_people_added_to_a_post_stays(at: Desk) -> None:
    at.pull()
    post = at.world.truth.posts()[0]
    stands = next(found for found in at.rows("posts") if found["post_id"] == post.id)
    put(at.store, "posts", row("posts", **(stands | {"topic": "度量衡", "unit": None})))
    at.later(days=3)
    at.pull()
    assert next(found for found in at.rows("posts") if found["post_id"] == post.id)["topic"] == "度量衡"


# --- posts that go


def test_a_deleted_post_is_marked_and_keeps_its_history(at: Desk) -> None:
    at.pull()
    post = at.world.truth.posts()[0]
    before = [found for found in at.rows("snapshots") if found["post_id"] == post.id]
    at.world.delete(post.id)
    at.later(hours=1)
    done = at.pull()
    assert done.state == "done"
    assert at.gone() == {post.id}
    assert at.ask("SELECT gone_at FROM post_reads WHERE post_id = ?", post.id) == ["2026-11-24T05:00:00+00:00"]
    assert [found for found in at.rows("snapshots") if found["post_id"] == post.id] == before
    assert post.id in {found["post_id"] for found in at.rows("posts")}
    assert "1 篇在 Facebook 已不存在" in str(done.parts[-1]["detail"])
    calls = at.server.calls
    at.later(hours=1)
    at.pull()
    assert all(post.id not in seen.target + str(seen.form) for seen in at.server.requests_seen[calls:])


def test_an_old_post_that_is_deleted_is_found_out_when_it_is_due(at: Desk) -> None:
    at.pull()
    post = at.world.truth.posts()[-1]
    at.world.delete(post.id)
    at.later(days=1)
    at.pull()
    assert at.gone() == set()
    at.later(days=30)
    at.pull()
    assert at.gone() == {post.id}


def test_a_post_that_comes_back_is_no_longer_marked(at: Desk) -> None:
    at.pull()
    post = at.world.truth.posts()[0]
    at.world.delete(post.id)
    at.later(hours=1)
    at.pull()
    at.world.page.posts.deleted.clear()
    at.later(hours=1)
    at.pull()
    assert at.gone() == set()
    assert at.figures()[post.id] == true_figures(at.world, post.id)


def test_a_post_deleted_between_list_and_figures_keeps_what_the_list_said(at: Desk) -> None:
    post = at.world.truth.posts()[0]
    at.server.scenarios.on("post_deleted", object=post.id, edge="post_insights")
    assert at.pull().state == "done"
    known = at.figures()[post.id]
    assert known == {name: true_figures(at.world, post.id)[name] for name in known}
    assert set(known) == {"likes", "reactions", "comments", "shares"}


def test_a_post_that_only_a_file_knows_is_never_marked(at: Desk) -> None:
    put(
        at.store,
        "posts",
        row("posts", post_id=f"{PAGE_ID}_5", page_id=PAGE_ID, published_at="2026-11-20T09:00:00+08:00"),
        row("posts", post_id="lost:1", page_id=PAGE_ID, published_at="2025-03-01T09:00:00+08:00"),
    )
    for _ in range(3):
        assert at.pull().state == "done"
        at.later(days=31)
    assert at.gone() == set()


def test_a_list_that_dies_marks_nothing(at: Desk) -> None:
    at.pull()
    at.later(hours=1)
    at.server.scenarios.on("server_error", edge="posts")
    at.pull()
    assert at.gone() == set()
    assert at.ask("SELECT count(*) FROM post_reads WHERE due_at = ?", "2026-11-24T05:00:00+00:00") == [0]


def figures_said(at: Desk) -> object:
    """What the last run's record says of older posts."""
    return next(part["detail"] for part in at.runs()[0]["parts"] if part["part"] == "figures")


def agreeing(at: Desk, runs: int) -> None:
    """Runs that find no post at all, and mark none for it."""
    for _ in range(runs):
        at.later(hours=1)
        assert at.pull().state == "done"
        assert figures_said(at) == pull_posts.NO_POST
        assert at.gone() == set()


def test_a_page_of_which_every_post_is_deleted_has_them_marked_when_three_runs_agree(copy: Copy) -> None:
    with desk(copy("empty"), posts=60, new_post_every=10**9) as at:
        at.pull()
        every = {post.id for post in at.world.truth.posts()}
        for post in every:
            at.world.delete(post)
        agreeing(at, 2)
        at.later(hours=1)
        at.pull()
        first = at.gone()
        assert first
        assert figures_said(at) == f"0 篇，讀取 0 篇的數據，{len(first)} 篇在 Facebook 已不存在"
        at.later(days=31)
        at.pull()
        assert at.gone() == every
        assert {found["post_id"] for found in at.rows("posts")} == every


def test_a_post_that_is_read_meanwhile_lets_the_count_begin_anew(at: Desk) -> None:
    assert is_one_sentence(pull_posts.NO_POST)
    at.pull()
    every = [post.id for post in at.world.truth.posts()]
    for post in every:
        at.world.delete(post)
    agreeing(at, 2)
    at.world.page.posts.deleted.clear()
    at.later(hours=1)
    at.pull()
    for post in every:
        at.world.delete(post)
    agreeing(at, 2)
    at.later(hours=1)
    at.pull()
    assert at.gone()


def test_of_a_page_without_new_posts_a_deleted_one_is_marked_at_once(copy: Copy) -> None:
    with desk(copy("empty"), posts=3, new_post_every=10**9) as at:
        at.pull()
        at.later(days=31)
        at.pull()
        post = at.world.truth.posts()[0]
        at.world.delete(post.id)
        at.later(days=28)
        at.change("UPDATE post_reads SET due_at = '2027-12-01T00:00:00+00:00'")
        at.change("UPDATE post_reads SET due_at = '2026-12-01T00:00:00+00:00' WHERE post_id = ?", post.id)
        at.pull()
        assert at.gone() == {post.id}


# --- figures that are not given


def test_a_metric_that_dies_leaves_older_figures_and_says_since_when(at: Desk) -> None:
    at.pull()
    post = at.world.truth.posts()[0]
    before = now_of(at, post.id, "views")
    at.world.gone_metrics.add(VIEWS)
    at.later(days=2)
    assert at.pull().state == "done"
    state = at.states()[VIEWS]
    assert (state.status, state.since) == ("not_served", at.clock.now().isoformat(timespec="seconds"))
    assert now_of(at, post.id, "views") == before
    assert now_of(at, post.id, "likes") == true_figures(at.world, post.id)["likes"]
    newest = max(found["observed_at"] for found in at.rows("snapshots") if found["post_id"] == post.id)
    assert [f["views"] for f in at.rows("snapshots") if (f["post_id"], f["observed_at"]) == (post.id, newest)] == [None]
    at.world.gone_metrics.clear()
    at.later(days=7)
    at.pull()
    assert at.states()[VIEWS].status == "ok"
    assert now_of(at, post.id, "views") == true_figures(at.world, post.id)["views"]


def test_a_metric_left_out_without_a_word_is_unknown_and_not_0(at: Desk) -> None:
    at.server.scenarios.on("metric_left_out", metric=VIEWS)
    assert at.pull().state == "done"
    assert {found["views"] for found in at.rows("snapshots")} == {None}
    assert None not in {found["viewers"] for found in at.rows("snapshots")}
    assert at.states()[VIEWS].status == "empty"


def test_a_metric_that_no_post_has_any_more_gives_way_to_the_next(at: Desk) -> None:
    at.pull()
    at.server.scenarios.on("metric_left_out", metric="post_clicks")
    at.later(days=13)
    at.pull()
    assert at.states()["post_clicks"].status == "ok"  # these posts have none; others had
    at.later(days=1)
    at.pull()
    silent = at.states()["post_clicks"]
    assert (silent.status, silent.since) == ("empty", at.clock.now().isoformat(timespec="seconds"))
    assert "post_clicks_by_type" not in at.states()
    at.later(days=14)
    at.pull()
    assert at.states()["post_clicks_by_type"].status == "ok"
    post = at.world.truth.posts()[0]
    by_type = at.world.truth.post_metric(post.id, "post_clicks_by_type")
    assert isinstance(by_type, dict)
    assert now_of(at, post.id, "clicks") == sum(by_type.values())
    with looking(at.store) as connection:
        feeds = queries.feeds(connection, PAGE_ID)["lifetime", "clicks"]
    assert [name for _, name in feeds] == ["post_clicks", "post_clicks_by_type"]


def test_real_zeros_are_zeros(at: Desk) -> None:
    at.server.scenarios.on("insights_zero")
    at.pull()
    assert {found["views"] for found in at.rows("snapshots")} == {0}
    assert set(at.days("views").values()) == {0}
    assert at.states()[VIEWS].status == "ok"


def test_without_the_permission_for_reactions_they_are_unknown(at: Desk) -> None:
    at.world.tokens[at.world.token].scopes.discard("pages_read_user_content")
    done = at.pull()
    assert done.state == "done"
    assert len(at.rows("posts")) == 60
    rows = at.rows("snapshots")
    assert {found[name] for found in rows for name in ("likes", "reactions", "comments")} == {None}
    assert None not in {found[name] for found in rows for name in ("views", "shares")}
    (note,) = done.notes
    assert note.startswith("Meta 沒有提供心情（reactions）、按讚（like）、留言（comments）：存取權杖缺少權限")
    assert [(part["state"], part["detail"]) for part in done.parts if part["part"] == "answers"] == [
        ("not_permitted", note)
    ]
    with looking(at.store) as connection:
        (run,) = queries.runs(connection, PAGE_ID, 1)
    assert run["parts"][-1]["detail"] == note
    at.world.tokens[at.world.token].scopes.add("pages_read_user_content")
    at.later(minutes=30)
    assert "answers" not in [part["part"] for part in at.pull().parts]


def missing(at: Desk, year: int) -> list[str | None]:
    """Why likes and reach of a year have no figure."""
    worked = views.board(at.store, periods.year_period(year), date(2026, 11, 24)).results
    return [worked[key].missing for key in ("likes_per_post", "reach_per_post")]


def test_what_the_token_may_not_read_is_not_permitted_and_nobody_is_said_to_have_left_it_out(at: Desk) -> None:
    scopes = at.world.tokens[at.world.token].scopes
    barred = {"pages_read_user_content", "read_insights"}
    scopes -= barred
    at.pull()
    assert {at.states()[name].status for name in ("reactions", "like", "comments")} == {"not_permitted"}
    assert "shares" not in at.states()
    assert missing(at, 115) == ["not_permitted", "not_permitted"]
    assert missing(at, 103) == ["no_rows", "no_rows"]
    with asof.reading(at.store, at.revision()) as connection:
        assert evidence.load(connection, periods.year_period(115)).refused == {}
    scopes |= barred
    at.later(days=8)
    at.pull()
    assert at.states()["like"].status == "ok"
    assert missing(at, 115) == [None, None]


def test_reach_that_meta_gives_of_no_post_any_more_is_not_served(at: Desk) -> None:
    """Viewers count from June 2026 on; of a month before that nobody left reach out."""
    at.pull()
    worked = views.board(at.store, periods.parse_period("115-05"), date(2026, 11, 24)).results["reach_per_post"]
    assert (worked.missing, worked.n) == ("not_served", 0)
    assert worked.expected_n


def test_without_insights_the_figures_of_the_list_come(at: Desk) -> None:
    at.world.tokens[at.world.token].scopes.discard("read_insights")
    assert at.pull().state == "done"
    assert at.states()[VIEWS].status == "not_permitted"
    for post in at.world.truth.posts():
        known = true_figures(at.world, post.id)
        assert at.figures()[post.id] == {name: known[name] for name in ("likes", "reactions", "comments", "shares")}


def test_a_post_whose_figures_could_not_be_read_is_read_in_the_next_run(at: Desk) -> None:
    """An old post would else be without them for half a year."""
    post = at.world.truth.posts()[-1]
    at.server.scenarios.on("server_error", edge="post_insights", object=post.id)
    at.pull()
    assert set(at.figures()[post.id]) == {"likes", "reactions", "comments", "shares"}
    at.server.scenarios.clear()
    at.later(minutes=30)
    at.pull()
    assert at.figures()[post.id] == true_figures(at.world, post.id)


def test_a_post_whose_figures_keep_failing_is_asked_less_and_less(at: Desk) -> None:
    post = at.world.truth.posts()[-1]
    at.server.scenarios.on("server_error", edge="post_insights", object=post.id)
    asked = []
    for run in range(25):
        seen = len(at.server.requests_seen)
        done = at.pull()
        assert done.state in ("done", "partly")  # where it is the only one due, its part has failed
        if any(
            post.id in f"{call.target}{call.form}" and "insights" in f"{call.target}{call.form}"
            for call in at.server.requests_seen[seen:]
        ):
            asked.append(run)
            assert any(post.id in str(part["detail"]) for part in done.parts)
        at.later(minutes=30)
    assert asked == [0, 1, 2, 5, 11, 23]  # a run lasts longer than its retries: no wait ends just in time
    at.server.scenarios.clear()
    at.later(days=1)
    at.pull()
    assert at.figures()[post.id] == true_figures(at.world, post.id)


def test_an_error_of_the_store_stops_the_reading_and_keeps_what_was_stored(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull_posts, "TOGETHER", 100)
    store, stored = pull_blocks.Storing.store, list[int]()

    def failing(self: pull_blocks.Storing, block: pull_blocks.Block) -> None:
        stored.append(len(block.nodes))
        if len(stored) == 2:
            raise StoreBusy("忙碌中。")
        store(self, block)

    monkeypatch.setattr(pull_blocks.Storing, "store", failing)
    with desk(copy("empty"), posts=500) as at:
        with pytest.raises(StoreBusy):
            at.pull()
        assert stored == [100, 100]
        assert len(at.rows("posts")) == len(at.rows("snapshots")) == 100
        monkeypatch.setattr(pull_blocks.Storing, "store", store)
        at.clock.move(60)
        assert at.pull().state == "done"
        assert at.rows("posts") == true_posts(at.world)


def test_a_post_that_has_no_figures_of_its_own_is_not_asked_in_every_run(at: Desk) -> None:
    post = at.world.truth.posts()[-1]
    at.server.scenarios.on("post_deleted", object=post.id, edge="post_insights")
    at.pull()
    at.later(minutes=30)
    seen = len(at.server.requests_seen)
    at.pull()
    assert all(post.id not in seen.target + str(seen.form) for seen in at.server.requests_seen[seen:])
    assert at.gone() == set()


def test_posts_that_can_never_be_read_do_not_keep_others_from_their_turn(copy: Copy) -> None:
    with desk(copy("empty"), posts=260, new_post_every=10**9) as at:
        at.pull()
        at.later(days=29)
        blocked = [post.id for post in at.world.truth.posts()[-120:]]
        for post in blocked:
            at.server.scenarios.on("permission_10", edge="post", object=post)
        at.change("UPDATE post_reads SET due_at = '2026-12-01T00:00:00+00:00'")
        at.change("UPDATE post_reads SET due_at = '2026-11-30T00:00:00+00:00' WHERE published_at < '2026-01-01'")
        for _ in range(4):
            at.later(minutes=30)
            assert at.pull().state in ("done", "partly")
        late = at.ask("SELECT post_id FROM post_reads WHERE read_at < '2026-12-20'")
        assert set(late) == set(blocked)
        at.server.scenarios.clear()
        for _ in range(2):
            at.later(days=1)
            at.pull()
        assert at.ask("SELECT post_id FROM post_reads WHERE read_at < '2026-12-20'") == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_part_of_a_batch_that_fails_is_asked_alone(at: Desk, count: int) -> None:
    for place in range(count):
        at.server.scenarios.on("batch_null", place=place, once=True)
    assert at.pull().state == "done"
    assert at.figures() == {post.id: true_figures(at.world, post.id) for post in at.world.truth.posts()}
