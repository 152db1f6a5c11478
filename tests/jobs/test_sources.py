"""Which pages are pulled, with whose token, and in what they become; pulling all of them once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sqdash.errors import GraphSetup, SettingsError, StoreUnusable
from sqdash.jobs import sources, tokens
from sqdash.jobs.pull_record import Done
from sqdash.secret import Secret
from sqdash.settings import GraphSettings
from tests.fake_graph import BENCHMARK_ID, PAGE_ID, TOKEN
from tests.jobs.pulling import Desk, true_posts
from tests.making import is_one_sentence, put, row

Copy = Callable[[str], Path]
OTHER, OTHER_TOKEN = "300400500600", "EAAother"
ALONE = GraphSettings(page_id=PAGE_ID, token_text=Secret(TOKEN))


def page(store: Path, page_id: str, kind: str) -> None:
    put(store, "pages", row("pages", page_id=page_id, kind=kind, label=page_id))


@pytest.fixture
def both(at: Desk) -> Desk:
    """A desk with a second page of our own that has a token file."""
    at.world.add_page(OTHER, "分站", posts=12)
    at.world.add_token(OTHER_TOKEN, OTHER)
    tokens.keep(at.store, OTHER, OTHER_TOKEN)
    return at


def told(store: Path, given: GraphSettings, page_id: str | None = None) -> list[tuple[str, str, bool, str]]:
    found = sources.targets(store, given, page_id)
    return [(one.page_id, one.kind, one.public, one.token.reveal()) for one in found]


# --- which


def test_the_settings_name_the_default_page(copy: Copy) -> None:
    assert told(copy("empty"), ALONE) == [(PAGE_ID, "own", False, TOKEN)]


def test_pages_with_a_token_file_come_after_it(copy: Copy) -> None:
    store = copy("empty")
    tokens.keep(store, OTHER, OTHER_TOKEN)
    tokens.keep(store, "1", "EAAone")
    page(store, "1", "own")
    assert told(store, ALONE) == [
        (PAGE_ID, "own", False, TOKEN),
        ("1", "own", False, "EAAone"),
        (OTHER, "unassigned", False, OTHER_TOKEN),
    ]


def test_without_settings_the_first_file_is_our_own_page(copy: Copy) -> None:
    store = copy("empty")
    tokens.keep(store, OTHER, OTHER_TOKEN)
    assert told(store, GraphSettings()) == [(OTHER, "own", False, OTHER_TOKEN)]


def test_benchmark_pages_are_read_with_their_own_token_or_the_default_pages(copy: Copy) -> None:
    store = copy("empty")
    page(store, BENCHMARK_ID, "benchmark")
    page(store, OTHER, "benchmark")
    page(store, "page:103", "benchmark")  # Facebook knows no such number
    tokens.keep(store, OTHER, OTHER_TOKEN)
    assert told(store, ALONE) == [
        (PAGE_ID, "own", False, TOKEN),
        (OTHER, "benchmark", True, OTHER_TOKEN),
        (BENCHMARK_ID, "benchmark", True, TOKEN),
    ]


def test_one_page_can_be_asked_for(copy: Copy) -> None:
    store = copy("empty")
    tokens.keep(store, OTHER, OTHER_TOKEN)
    assert [target[0] for target in told(store, ALONE, OTHER)] == [OTHER]
    with pytest.raises(SettingsError) as caught:
        sources.targets(store, ALONE, "999")
    assert "999" in str(caught.value)
    assert is_one_sentence(caught.value)


@pytest.mark.parametrize("given", [GraphSettings(), GraphSettings(page_id="1"), GraphSettings(token_text=Secret("x"))])
def test_without_a_page_and_token_a_sentence_says_what_to_set(copy: Copy, given: GraphSettings) -> None:
    with pytest.raises(SettingsError) as caught:
        sources.targets(copy("empty"), given)
    assert str(caught.value) == sources.NOT_SET_UP
    assert is_one_sentence(caught.value)


def test_a_demonstration_is_never_pulled_into(copy: Copy) -> None:
    with pytest.raises(SettingsError) as caught:
        sources.targets(copy("demo"), ALONE)
    assert is_one_sentence(caught.value)


def test_an_address_that_is_not_allowed_is_refused_before_anything_is_sent(copy: Copy) -> None:
    given = GraphSettings("https://graph.facebook.com.evil.example", page_id=PAGE_ID, token_text=Secret(TOKEN))
    (target,) = sources.targets(copy("empty"), given)
    with pytest.raises(GraphSetup):
        sources.access(target, given)


# --- all of them


def test_every_page_is_pulled_once_each_with_its_own_token(both: Desk) -> None:
    page(both.store, BENCHMARK_ID, "benchmark")
    done = both.pull_all()
    assert [(one.page, one.state) for one in done] == [(PAGE_ID, "done"), (OTHER, "done"), (BENCHMARK_ID, "done")]
    assert both.rows("posts") == sorted(
        true_posts(both.world) + true_posts(both.world, OTHER), key=lambda found: str(found["post_id"])
    )
    assert both.days("fans", "Asia/Taipei", BENCHMARK_ID) == {date(2026, 11, 24): both.world.truth.fans(BENCHMARK_ID)}
    assert both.days("views", page_id=BENCHMARK_ID) == {}
    sent = {
        (seen.path.split("/")[2].split("_")[0], seen.headers["authorization"]) for seen in both.server.requests_seen
    }
    assert {(OTHER, f"Bearer {OTHER_TOKEN}"), (PAGE_ID, f"Bearer {TOKEN}")} <= sent
    assert (OTHER, f"Bearer {TOKEN}") not in sent
    assert both.server.tokens_in_urls() == []


def test_a_page_that_the_store_does_not_know_is_put_in_as_one_to_be_assigned(both: Desk) -> None:
    both.pull_all()
    assert {found["page_id"]: (found["kind"], found["label"]) for found in both.rows("pages")} == {
        PAGE_ID: ("own", "示範分局"),
        OTHER: ("unassigned", "分站"),
    }


def test_what_a_person_calls_a_page_stays(at: Desk) -> None:
    page(at.store, PAGE_ID, "own")
    at.pull_all()
    assert [found["label"] for found in at.rows("pages")] == [PAGE_ID]


def test_a_token_that_died_on_one_page_leaves_the_others(both: Desk) -> None:
    del both.world.tokens[TOKEN]
    assert [(one.page, one.state) for one in both.pull_all()] == [(PAGE_ID, "failed"), (OTHER, "done")]


def test_a_token_that_can_be_none_leaves_the_others(both: Desk) -> None:
    (tokens.folder(both.store) / f"{OTHER}.token").write_text("two words")
    first, second = both.pull_all()
    assert (first.page, first.state) == (PAGE_ID, "done")
    assert (second.page, second.state, second.kind) == (OTHER, "failed", "GraphSetup")
    assert is_one_sentence(second.error)


def test_for_a_damaged_store_nothing_is_asked(at: Desk) -> None:
    whole = at.store.read_bytes()
    at.store.write_bytes(whole[: 5 * 4096] + bytes(4096) + whole[6 * 4096 :])
    with pytest.raises(StoreUnusable, match="已損壞"):
        at.pull_all()
    assert at.server.calls == 0


def test_stop_is_asked_before_each_page(both: Desk) -> None:
    asked = iter([False, True])
    assert [one.page for one in both.pull_all(stop=lambda: next(asked))] == [PAGE_ID]


def test_since_is_a_day_of_taipei(at: Desk) -> None:
    at.pull_all(since=date(2026, 6, 1))
    wanted = [found for found in true_posts(at.world) if found["published_at"] >= "2026-06-01T00:00:00+08:00"]
    assert at.rows("posts") == wanted


# --- limits


def test_until_a_limit_is_over_nothing_is_asked(at: Desk) -> None:
    at.server.scenarios.on("page_limit", regain=19, after=4)
    (first,) = at.pull_all()
    assert (first.state, first.resume_at) == ("limited", "2026-11-24T04:19:00+00:00")
    at.server.scenarios.clear()
    calls = at.server.calls
    at.later(minutes=18)
    (second,) = at.pull_all()
    assert (second.state, second.calls, second.resume_at) == ("limited", 0, first.resume_at)
    assert is_one_sentence(second.error)
    assert at.server.calls == calls
    at.later(minutes=2)
    assert [one.state for one in at.pull_all()] == ["done"]
    assert at.rows("posts") == true_posts(at.world)


def test_a_limit_that_a_clock_ahead_noted_bars_nobody(at: Desk) -> None:
    at.clock.move(400 * 86_400)
    at.server.scenarios.on("page_limit", regain=19)
    at.pull_all()
    at.server.scenarios.clear()
    at.clock.move(-400 * 86_400)
    assert [one.state for one in at.pull_all()] == ["done"]


def test_an_allowance_nearly_used_up_ends_the_run_and_bars_the_next(at: Desk) -> None:
    at.server.scenarios.on("usage", percent=95, regain=0, after=6)
    (first,) = at.pull_all()
    assert (first.state, first.resume_at) == ("limited", "2026-11-24T05:00:00+00:00")
    calls = at.server.calls
    at.later(minutes=30)
    at.pull_all()
    assert at.server.calls == calls


def test_a_limit_holds_for_every_page_that_is_read_with_the_same_token(both: Desk) -> None:
    page(both.store, BENCHMARK_ID, "benchmark")
    both.server.scenarios.on("app_limit", object=PAGE_ID)
    states = [(one.page, one.state, one.calls) for one in both.pull_all()]
    assert states[0] == (PAGE_ID, "limited", 1)
    assert states[1][:2] == (OTHER, "done")
    assert states[2] == (BENCHMARK_ID, "limited", 0)
    both.later(minutes=5)
    assert [one.calls > 0 for one in both.pull_all()] == [False, True, False]
    both.server.scenarios.clear()
    both.later(hours=1)
    assert [one.state for one in both.pull_all()] == ["done"] * 3


# --- sentences


@pytest.mark.parametrize("state", sorted(sources.STATES))
def test_a_run_in_one_sentence(state: str) -> None:
    said = sources.sentence(Done("1", state, added=1234, calls=5, error="已達上限。"))
    assert is_one_sentence(said)
    assert "1,234" in said
    assert is_one_sentence(sources.sentence(Done("1", state)))
