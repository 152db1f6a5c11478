"""Answers of Meta that are neither right nor wrong: refused fields, empty days, limits of lists, odd errors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sqdash.errors import SettingsError, StoreBusy
from sqdash.jobs import page_state, pull_rules, sources, tokens
from sqdash.jobs.pull_record import Record
from sqdash.store import gate, pulls
from sqdash.store.queries import pulls as queries
from tests.fake_graph import BENCHMARK_ID, PAGE_ID, errors, scenarios
from tests.jobs.pulling import Desk, desk
from tests.making import is_one_sentence, looking, put, row

Copy = Callable[[str], Path]
UNIQUE, PLAIN = "page_daily_follows_unique", "page_daily_follows"


@pytest.fixture
def refused33(monkeypatch: pytest.MonkeyPatch) -> str:
    """Graph's answer for a post that is gone or may not be read: it does not say which."""
    monkeypatch.setitem(errors.ERRORS, "refused33", errors.unsupported("x"))
    monkeypatch.setitem(scenarios.NAMES, "refused33", "fault")
    return "refused33"


def texts(at: Desk) -> dict[str, tuple[object, ...]]:
    return {one["post_id"]: tuple(one[name] for name in ("type", "message", "permalink")) for one in at.rows("posts")}


def test_a_field_that_meta_refuses_leaves_what_is_stored(at: Desk) -> None:
    at.pull()
    before = texts(at)
    for name in ("message", "permalink_url", "attachments"):
        at.server.scenarios.on("field_dead", field=name)
    at.later(minutes=30)
    at.pull()
    assert {post: before[post] for post in before} == {post: texts(at)[post] for post in before}
    assert any(message for _, message, _ in before.values())


@pytest.mark.parametrize(
    ("name", "how"),
    [("insights_empty", {}), ("metric_left_out", {"metric": "page_media_view"})],
)
def test_days_that_stayed_empty_longer_than_the_look_back_come_later(at: Desk, name: str, how: dict[str, str]) -> None:
    at.pull()
    filled = at.states()["page_media_view"].filled_to
    at.server.scenarios.on(name, **how)
    at.later(days=12)
    at.pull()
    assert at.states()["page_media_view"].filled_to == filled
    at.server.scenarios.clear()
    at.later(days=1)
    at.pull()
    days = sorted(at.days("views"))
    assert len(days) == (days[-1] - days[0]).days + 1
    assert days[-1] == date(2026, 12, 5)


def test_a_post_that_always_fails_is_not_the_first_in_every_run(at: Desk) -> None:
    at.pull()
    post = at.world.truth.posts()[-1].id
    at.server.scenarios.on("server_error", object=post)
    at.change("UPDATE post_reads SET due_at = '2026-11-24T04:00:01+00:00', read_at = '2026-11-01T04:00:00+00:00'")
    at.later(days=1)
    began = at.clock.now()
    at.pull()
    (due,) = at.ask("SELECT due_at FROM post_reads WHERE post_id = ?", post)
    assert due == (began + pull_rules.BARRED).isoformat(timespec="seconds")


@pytest.mark.parametrize("also", ["", "permission_10"])
def test_posts_are_gone_only_where_others_can_be_read(copy: Copy, refused33: str, also: str) -> None:
    with desk(copy("empty"), posts=120) as at:
        at.pull()
        at.later(days=29)
        at.server.scenarios.on(refused33, edge="post")
        if also:
            at.server.scenarios.on(also, edge="posts")
        at.pull()
        assert at.gone() == set()


def test_where_no_posts_figures_came_the_part_says_why(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(errors.ERRORS, "weird100", errors.bad_parameter("Something is not supported."))
    monkeypatch.setitem(scenarios.NAMES, "weird100", "fault")
    at.server.scenarios.on("weird100", edge="post_insights")
    done = at.pull()
    assert done.state == "partly"
    (part,) = [one for one in done.parts if one["part"] == "posts"]
    assert part["state"] == "error"
    assert is_one_sentence(part["detail"])
    assert at.states()["post_media_view"].status == "error"
    assert len(at.rows("posts")) == len(at.world.truth.posts())


def test_a_clock_that_was_ahead_puts_off_no_post(at: Desk) -> None:
    at.pull()
    at.change("UPDATE post_reads SET read_at = '2027-06-01T00:00:00+00:00', due_at = '2027-12-01T00:00:00+00:00'")
    at.later(days=1)
    at.pull()
    now = at.clock.now().isoformat(timespec="seconds")
    assert set(at.ask("SELECT read_at FROM post_reads")) == {now}


def test_posts_of_a_batch_that_was_taken_back_are_due_whatever_a_clock_said(at: Desk) -> None:
    batch = at.pull().batch
    assert batch
    at.change("UPDATE post_reads SET read_at = '2027-06-01T00:00:00+00:00'")
    with gate.write(at.store, by="測試", reason="還原") as change:
        change.note()
        pulls.forget(change, batch)
    assert set(at.ask("SELECT due_at FROM post_reads")) == {"1970-01-01T00:00:00+00:00"}


def test_a_list_that_ends_at_the_limit_of_pages_is_taken_as_listed(copy: Copy) -> None:
    with desk(copy("empty"), posts=900) as at:
        at.server.scenarios.on("cursor_limit", edge="posts", after=3)
        done = at.pull()
        assert done.state == "done"
        said = [part["detail"] for part in done.parts if "匯出檔" in (part["detail"] or "")]
        assert len(said) == 1
        assert at.ask("SELECT all_listed_at FROM page_reads") == ["2026-11-24T04:00:00+00:00"]
        oldest = min(one["published_at"] for one in at.rows("posts"))[:10]
        (first,) = at.ask("SELECT min(day_from) FROM coverage")
        assert first > oldest


def test_a_metric_that_comes_back_after_a_stand_in_keeps_both_breaks(copy: Copy) -> None:
    with desk(copy("empty"), posts=5) as at:
        at.pull()
        at.later(days=3)
        at.world.gone_metrics.add(UNIQUE)
        at.pull()
        at.later(days=6)
        at.pull()
        at.world.gone_metrics.clear()
        for _ in range(4):
            at.later(days=3)
            at.pull()
        with looking(at.store) as connection:
            feeds = queries.feeds(connection, PAGE_ID)
        assert [name for _, name in feeds["day", "new_followers"]] == [UNIQUE, PLAIN, UNIQUE]
        assert len(page_state.breaks(feeds)) == 2
        for (begun, name), end in zip(
            feeds["day", "new_followers"], [*(d for d, _ in feeds["day", "new_followers"][1:]), "9999"], strict=True
        ):
            stored = {day: value for day, value in at.days("new_followers").items() if begun <= day.isoformat() < end}
            assert stored == {day: at.world.truth.page_day(name, day) or stored[day] for day in stored}


def test_the_days_that_a_metric_gave_are_its_own_from_the_first_to_the_last() -> None:
    fed = pull_rules.fed_by([], "a", date(2026, 3, 1), date(2026, 3, 31))
    fed = pull_rules.fed_by(fed, "a", date(2026, 1, 1), date(2026, 2, 28))
    assert fed == [("2026-01-01", "a")]
    fed = pull_rules.fed_by(fed, "b", date(2026, 4, 1), date(2026, 4, 30))
    fed = pull_rules.fed_by(fed, "a", date(2026, 5, 1), date(2026, 5, 2))
    assert fed == [("2026-01-01", "a"), ("2026-04-01", "b"), ("2026-05-01", "a")]
    assert pull_rules.fed_by(fed, "a", date(2026, 1, 1), date(2026, 5, 2)) == [("2026-01-01", "a")]
    assert pull_rules.fed_by(fed, "c", date(2026, 4, 5), date(2026, 4, 9))[2:4] == [
        ("2026-04-05", "c"),
        ("2026-04-10", "b"),
    ]


# --- several pages


def test_a_token_file_that_cannot_be_used_fails_its_page_only(at: Desk) -> None:
    tokens.keep(at.store, "123", "EAAx").write_text("有 空白", "utf-8")
    found = {done.page: done for done in at.pull_all()}
    assert found[PAGE_ID].state == "done"
    assert (found["123"].state, found["123"].kind) == ("failed", "SettingsError")


def test_one_page_alone_does_not_pass_the_limit_of_its_token(at: Desk) -> None:
    put(at.store, "pages", row("pages", page_id=BENCHMARK_ID, kind="benchmark", label="標竿"))
    at.server.scenarios.on("app_limit")
    at.pull_all()
    calls = at.server.calls
    (done,) = at.pull_all(page_id=BENCHMARK_ID)
    assert (done.state, at.server.calls) == ("limited", calls)


def test_a_page_id_that_may_be_a_token_is_not_quoted(at: Desk) -> None:
    for work in (
        lambda: tokens.path_of(at.store, "EAAsecret"),
        lambda: sources.targets(at.store, at.settings, "EAAsecret"),
    ):
        with pytest.raises(SettingsError) as caught:
            work()
        assert "EAA" not in str(caught.value)


# --- the record


def test_the_first_sentence_comes_through_when_the_end_cannot_be_noted(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(record: Record, state: str) -> None:
        raise StoreBusy("第二句。")

    def first(*_: object, **__: object) -> None:
        raise StoreBusy("第一句。")

    monkeypatch.setattr(Record, "end", busy)
    monkeypatch.setattr(Record, "note", first)
    with pytest.raises(StoreBusy) as caught:
        at.pull()
    assert str(caught.value) == "第一句。"


def test_progress_is_told_after_the_commit(at: Desk) -> None:
    seen: list[tuple[int, int]] = []
    at.pull(progress=lambda _, number: seen.append((number, at.ask("SELECT count(*) FROM pull_parts")[0])))
    assert seen
    assert all(number == stored for number, stored in seen)
