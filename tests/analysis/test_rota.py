"""What the rota says of time and results, on cases worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.analysis import rota
from sqdash.analysis.rota import Mean, Move, Timeliness
from sqdash.contributions import STATES, Contribution
from sqdash.periods import month_period

DUE = date(2014, 7, 5)
SLOT = Contribution("a", DUE, "section-1", "planned")


def slot(state: str, submitted_on: date | None = None, **more: Any) -> Contribution:
    return replace(SLOT, state=state, submitted_on=submitted_on, **more)


@pytest.mark.parametrize(
    ("state", "days", "expected"),
    [
        ("planned", 0, None),
        ("planned", 1, "overdue"),
        ("submitted", 30, None),
        ("submitted", 31, "stuck"),
        ("first_review", 31, "stuck"),
        ("meeting", 31, "stuck"),
        ("published", 400, None),
    ],
)
def test_a_slot_is_overdue_after_its_day_and_stuck_thirty_days_later(
    state: str, days: int, expected: str | None
) -> None:
    assert rota.lateness(slot(state), DUE + timedelta(days=days)) == expected


def test_timeliness_is_in_time_over_due_so_far_and_leaves_out_what_nobody_wrote_down() -> None:
    slots = [
        slot("published", DUE),
        slot("published", DUE - timedelta(days=3)),
        slot("submitted", DUE + timedelta(days=1)),
        slot("planned"),
        slot("meeting"),
        replace(SLOT, due_on=date(2014, 8, 1)),
    ]
    found = rota.timeliness(slots, date(2014, 7, 31))
    assert found == Timeliness(due=5, on_time=2, late=1, missing=1, unknown=1)
    assert found.judged == 4
    assert found.rate == 0.5


@pytest.mark.parametrize("slots", [[], [slot("meeting")], [replace(SLOT, due_on=date(2014, 8, 1))]])
def test_without_a_slot_to_judge_there_is_no_rate(slots: list[Contribution]) -> None:
    assert rota.timeliness(slots, date(2014, 7, 31)).rate is None


def test_a_slot_due_today_does_not_count_yet() -> None:
    assert rota.timeliness([slot("planned")], DUE).due == 0


@given(st.lists(st.tuples(st.sampled_from(STATES), st.one_of(st.none(), st.integers(-9, 9)))))
def test_every_slot_due_is_in_exactly_one_part(made: list[tuple[str, int | None]]) -> None:
    slots = [slot(state, None if days is None else DUE + timedelta(days=days)) for state, days in made]
    found = rota.timeliness(slots, DUE + timedelta(days=1))
    assert found.due == len(slots) == found.on_time + found.late + found.missing + found.unknown


def test_results_are_means_over_posts_that_have_the_figure_and_never_mix_viewers_with_reach() -> None:
    slots = [
        slot("published", post_id="p_1", likes=60, reach=700),
        slot("published", post_id="p_2", likes=70, reach=None, viewers=900),
        slot("published", post_id="p_3", likes=None, reach=800),
        slot("published"),
        slot("meeting", post_id="p_4", likes=1_000),
    ]
    found = rota.outcome(slots)
    assert (found.published, found.linked, found.viewers_only) == (4, 3, 1)
    assert found.likes == Mean(65.0, 2)
    assert found.reach == Mean(750.0, 2)
    assert found.viewers == Mean(900.0, 1)


def test_a_post_that_two_slots_link_counts_once() -> None:
    twice = [slot("published", post_id="p_1", likes=60), slot("published", post_id="p_1", likes=60)]
    assert rota.outcome([*twice, slot("published", post_id="p_2", likes=90)]).likes == Mean(75.0, 2)


def test_without_posts_there_is_no_mean() -> None:
    found = rota.outcome([slot("published")])
    assert (found.likes, found.reach, found.linked) == (None, None, 0)


def test_weeks_are_whole_and_cover_the_month() -> None:
    found = rota.weeks(month_period("2014-07"))
    assert [week[0] for week in found] == [date(2014, 6, 30) + timedelta(days=7 * n) for n in range(5)]
    assert {len(week) for week in found} == {7}
    assert found[-1][-1] == date(2014, 8, 3)


def test_days_are_those_weekdays_that_are_worked_on() -> None:
    off = {date(2014, 10, 10): False, date(2014, 10, 3): True}
    found = rota.days_of(month_period("2014-10"), {4}, off)
    assert found == [date(2014, 10, day) for day in (3, 17, 24, 31)]


@pytest.mark.parametrize(("last", "units"), [(None, "abca"), ("a", "bcab"), ("c", "abca"), ("gone", "abca")])
def test_units_take_turns_after_the_one_that_had_the_last_slot(last: str | None, units: str) -> None:
    days = [date(2014, 8, day) for day in (5, 12, 19, 26)]
    assert rota.propose(days, ["a", "b", "c"], last) == list(zip(days, units, strict=True))


@pytest.mark.parametrize(
    ("taken", "units"), [("", ""), ("abcd", ""), ("abcda", "abcd"), ("abcdab", "abcd"), ("abab", "ab"), ("aa", "a")]
)
def test_who_takes_turns_is_known_once_one_has_had_a_second(taken: str, units: str) -> None:
    assert rota.ring([replace(SLOT, unit=unit) for unit in taken]) == list(units)


def test_what_is_still_to_be_published_is_worked_on_first_and_what_was_published_last_is_looked_at_first() -> None:
    states = {"a": "published", "b": "planned", "c": "published", "d": "meeting"}
    slots = [replace(SLOT, contribution_id=key, state=state) for key, state in states.items()]
    assert [one.contribution_id for one in rota.to_do_first(slots)] == ["b", "d", "c", "a"]


def test_nobody_takes_turns_where_there_is_no_unit() -> None:
    assert rota.propose([DUE], [], None) == []


def version(state: str, at: str, closed_as: str | None = None) -> dict[str, Any]:
    return {
        "state": state,
        "opened_at": at,
        "opened_by": "甲",
        "opened_reason": f"到 {state}",
        "closed_as": closed_as,
        "closed_at": "9",
        "closed_by": "乙",
        "closed_reason": "重複" if closed_as == "struck" else None,
    }


def test_moves_are_read_from_the_versions_oldest_first() -> None:
    history = [version("submitted", "2", "struck"), version("planned", "1", "replaced")]
    assert rota.moves(history) == [
        Move("1", "甲", None, "planned", "到 planned"),
        Move("2", "甲", "planned", "submitted", "到 submitted"),
        Move("9", "乙", "submitted", None, "重複"),
    ]
