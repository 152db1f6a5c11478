"""What the evidence of a period means: the laws of the data and the rules of states."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqdash.analysis import results
from sqdash.figures import Evidence, Interval, LedgerFigure, Mark, Opening, PostFigure, Reading, Result, Source, Target
from sqdash.indicators import BY_KEY, INDICATORS
from sqdash.periods import parse_period

FILE = Source(1, "a.csv", 2)
OTHER_FILE = Source(2, "b.csv", 3)
AFTER = date(2030, 1, 1)
SUM, COUNT, LAST, MEAN, REACH = "training_sessions", "press_releases", "fans", "likes_per_post", "reach_per_post"
RATE, CLOSED, RECEIVED = "petition_closure_rate", "petitions_closed", "petitions_received"
OPENING = Opening(12_000.0, date(2013, 12, 31))
NEW_DEFINITION = "指標的定義已改變，原目標尚未確認適用於新定義"
VALUES = st.lists(st.integers(0, 300), max_size=40)


# --- making evidence


def reading(key: str, value: float | None = None, code: str = "103", **given_: Any) -> Reading:
    period = parse_period(code)
    bounds = {name: given_.pop(name, None) for name in ("low", "high", "qualifier")}
    rest = {"moment": "result", "basis": "reported", "as_of": None, "as_of_words": None, "note": None, "source": FILE}
    stated = Interval(value, **bounds)
    return Reading(indicator=key, period_from=period.start, period_to=period.end, stated=stated, **{**rest, **given_})


def target(key: str, value: float | None, comparator: Any = ">=", **given_: Any) -> Target:
    dates = {"kind": "target", "definition": 1, "valid_from": date(2014, 1, 1), "valid_to": date(2014, 12, 31)}
    rest = {"every_months": None, "every_days": None, "words": None, "note": None, "source": FILE}
    return Target(indicator=key, comparator=comparator, value=value, **{**dates, **rest, **given_})


def ledger(value: float | None, rows: int = 3, not_given: int = 0) -> LedgerFigure:
    return LedgerFigure(value, rows, not_given, date(2014, 2, 3), date(2014, 11, 4), (OTHER_FILE,))


def posts(measure: str, values: list[int], of: int | None = None) -> PostFigure:
    """A measure's figure over ``of`` posts, those with a figure having these values."""
    counts = tuple(sorted(Counter(values).items()))
    observed, months = "2014-12-20T09:00:00+08:00", (("2014-06", len(values), sum(values)),)
    n = len(values)
    return PostFigure(measure, n if of is None else of, n, sum(values), counts, months, observed, (OTHER_FILE,))


def mark(code: str, complete: bool = True) -> Mark:
    return Mark(parse_period(code).start, parse_period(code).end, complete)


def evidence(
    *stated: Reading | Target,
    ledgers: dict[str, LedgerFigure] | None = None,
    marks: dict[str, tuple[Mark, ...]] | None = None,
    figures: tuple[PostFigure, ...] = (),
    **more: Any,
) -> Evidence:
    readings, goals = [s for s in stated if isinstance(s, Reading)], [s for s in stated if isinstance(s, Target)]
    return Evidence(
        readings={s.indicator: tuple(r for r in readings if r.indicator == s.indicator) for s in readings},
        targets={s.indicator: tuple(t for t in goals if t.indicator == s.indicator) for s in goals},
        marks=marks or {},
        ledgers=ledgers or {},
        posts={f.measure: f for f in figures},
        **more,
    )


def worked(key: str, known: Evidence, code: str = "103", as_of: date = AFTER) -> Result:
    return results.work_out_all(parse_period(code), known, as_of)[key]


def state(key: str, *known: Reading | Target, code: str = "103", as_of: date = AFTER, **more: Any) -> str:
    return worked(key, evidence(*known, **more), code, as_of).state


def shown(result: Result) -> tuple[Interval | None, str, str | None, str | None]:
    return result.figure, result.state, result.missing, result.basis


# --- one result for every indicator


def test_every_indicator_is_worked_out_in_the_catalogue_s_order() -> None:
    found = results.work_out_all(parse_period("103"), Evidence(), AFTER)
    assert list(found) == [i.key for i in INDICATORS]
    assert all(found[key].key == key for key in found)


@pytest.mark.parametrize("key", [i.key for i in INDICATORS])
def test_nothing_known_is_no_data_and_never_zero(key: str) -> None:
    assert shown(worked(key, Evidence())) == (None, "no_data", "no_rows", None)


# --- five kinds of nothing


def test_year_with_a_report_that_says_nothing_is_not_stated() -> None:
    known = evidence(report_years=frozenset({103}))
    assert worked(SUM, known).missing == "not_stated"
    assert worked(SUM, known, "104").missing == "no_rows"


@pytest.mark.parametrize("code", ["103H1", "103Q4", "103-12", "2014-01-01..2014-12-30"])
def test_report_of_a_year_does_not_speak_of_its_parts(code: str) -> None:
    assert worked(SUM, evidence(report_years=frozenset({103})), code).missing == "no_rows"


def test_rows_without_the_column_are_not_given() -> None:
    known = evidence(ledgers={SUM: ledger(None, rows=3, not_given=3)}, report_years=frozenset({103}))
    assert shown(worked(SUM, known)) == (None, "no_data", "not_given", None)


def test_posts_without_the_figure_are_not_given() -> None:
    found = worked(MEAN, evidence(figures=(posts("comments", [1, 2], of=5),)))
    assert (found.missing, found.n, found.expected_n) == ("not_given", 0, 5)


@pytest.mark.parametrize("why", ["not_permitted", "not_served"])
def test_posts_of_which_meta_refuses_the_figure_are_not_said_to_be_left_out_by_anybody(why: str) -> None:
    figures = (posts("comments", [1, 2], of=5),)
    refused = worked(MEAN, evidence(figures=figures, refused={"likes": why, "shares": "not_served"}))
    assert (refused.missing, refused.n, refused.expected_n) == (why, 0, 5)
    assert worked(MEAN, evidence(figures=figures, refused={"shares": why})).missing == "not_given"
    assert worked(MEAN, evidence(refused={"likes": why})).missing == "no_rows"


@pytest.mark.parametrize("key", [SUM, COUNT, LAST])
def test_zero_in_a_ledger_is_a_value(key: str) -> None:
    found = worked(key, evidence(ledgers={key: ledger(0)}))
    assert shown(found) == (Interval(0), "no_target", None, "computed")


def test_zero_that_is_reported_is_a_value() -> None:
    found = worked(SUM, evidence(reading(SUM, 0), target(SUM, 1)))
    assert shown(found) == (Interval(0), "missed", None, "reported")


def test_mean_of_posts_that_nobody_liked_is_zero() -> None:
    assert worked(MEAN, evidence(figures=(posts("likes", [0, 0]),))).figure == Interval(0)


def test_no_data_wins_over_no_target_and_over_a_target() -> None:
    assert state(SUM) == "no_data"
    assert state(SUM, target(SUM, 40)) == "no_data"


def test_target_is_named_beside_what_is_missing() -> None:
    applied = worked(SUM, evidence(target(SUM, 40))).applied
    assert applied is not None
    assert applied.value == 40


# --- reported or computed


def test_reported_figure_counts_and_the_ledger_stands_beside_it() -> None:
    found = worked(SUM, evidence(reading(SUM, 55), ledgers={SUM: ledger(3)}))
    assert (found.figure, found.basis, found.sources, found.n) == (Interval(55), "reported", (FILE,), None)
    assert found.ledger == ledger(3)


def test_complete_ledger_counts_and_the_reported_figure_stands_beside_it() -> None:
    stated = reading(SUM, 55)
    found = worked(SUM, evidence(stated, ledgers={SUM: ledger(54, rows=20)}, marks={SUM: (mark("103"),)}))
    assert (found.figure, found.basis, found.sources) == (Interval(54), "computed", (OTHER_FILE,))
    assert (found.reading, found.n, found.expected_n, found.as_of) == (stated, 20, 20, date(2014, 11, 4))


def test_ledger_marked_partial_does_not_count_before_the_reported_figure() -> None:
    known = evidence(reading(SUM, 55), ledgers={SUM: ledger(3)}, marks={SUM: (mark("103", complete=False),)})
    assert worked(SUM, known).figure == Interval(55)


@pytest.mark.parametrize("code", ["103H1", "103H2", "102", "103Q1"])
def test_ledger_complete_for_another_span_does_not_count(code: str) -> None:
    known = evidence(reading(SUM, 55), ledgers={SUM: ledger(3)}, marks={SUM: (mark(code),)})
    assert worked(SUM, known).figure == Interval(55)


def test_mark_of_another_indicator_does_not_count() -> None:
    known = evidence(reading(SUM, 55), ledgers={SUM: ledger(3)}, marks={COUNT: (mark("103"),)})
    assert worked(SUM, known).figure == Interval(55)


@pytest.mark.parametrize(("as_of", "value"), [(date(2014, 6, 30), 3), (date(2014, 7, 1), 55)])
def test_running_ledger_is_complete_as_far_as_its_mark_reaches(as_of: date, value: int) -> None:
    known = evidence(reading(SUM, 55), ledgers={SUM: ledger(3)}, marks={SUM: (mark("103H1"),)})
    assert worked(SUM, known, as_of=as_of).figure == Interval(value)


def test_ledger_counts_where_nothing_is_reported_with_its_coverage() -> None:
    found = worked(SUM, evidence(ledgers={SUM: ledger(9, rows=5, not_given=2)}))
    assert (found.figure, found.basis, found.n, found.expected_n) == (Interval(9), "computed", 3, 5)
    assert found.note == "2 筆未填，未計入"


def test_of_several_own_pages_the_figure_says_by_which_it_is() -> None:
    days = LedgerFigure(13_120, 1, 0, date(2014, 12, 31), date(2014, 12, 31), (OTHER_FILE,), page="小安心")
    assert worked("fans", evidence(ledgers={"fans": days})).note == "以「小安心」計"
    some = replace(ledger(9, rows=5, not_given=2), page="小安心")
    assert worked(SUM, evidence(ledgers={SUM: some})).note == "以「小安心」計；2 筆未填，未計入"


@pytest.mark.parametrize("key", [SUM, COUNT])
def test_complete_ledger_without_rows_is_zero(key: str) -> None:
    found = worked(key, evidence(reading(key, 2), marks={key: (mark("103"),)}))
    assert (found.figure, found.basis) == (Interval(0), "computed")


@pytest.mark.parametrize(("as_of", "figure"), [(date(2014, 11, 30), None), (date(2014, 12, 1), Interval(0))])
def test_complete_ledger_says_nothing_of_a_period_that_has_not_begun(as_of: date, figure: Interval | None) -> None:
    known = evidence(target(SUM, 12), marks={SUM: (mark("103"),)})
    assert worked(SUM, known, "103-12", as_of).figure == figure


def test_derived_figure_keeps_its_basis_its_note_and_its_days_in_words() -> None:
    stated = reading(COUNT, 12, basis="derived", note="由敘述推得", as_of_words="計畫執行完畢")
    found = worked(COUNT, evidence(stated))
    assert (found.basis, found.note, found.as_of_words) == ("derived", "由敘述推得", "計畫執行完畢")


def test_reading_for_another_span_does_not_count_for_a_sum() -> None:
    known = evidence(reading(SUM, 20, "103H1", as_of=date(2014, 6, 30)))
    assert worked(SUM, known).missing == "no_rows"


def test_last_value_dated_inside_the_period_counts() -> None:
    stated = reading(LAST, 16300, as_of=date(2014, 12, 31))
    assert worked(LAST, evidence(stated), "103Q4").figure == Interval(16300)
    assert worked(LAST, evidence(stated), "103Q3").figure is None


def test_newest_of_the_dated_last_values_counts() -> None:
    old, new = (reading(LAST, v, c, as_of=parse_period(c).end) for v, c in ((1, "103-03"), (2, "103-05")))
    assert worked(LAST, evidence(new, old)).figure == Interval(2)


def test_value_stated_for_the_period_counts_before_one_only_dated_in_it() -> None:
    whole, part = reading(LAST, 16300), reading(LAST, 15000, "103-12", as_of=date(2014, 12, 31))
    assert worked(LAST, evidence(whole, part)).figure == Interval(16300)


def test_value_only_dated_in_the_period_does_not_hide_a_newer_computed_one() -> None:
    stated = reading(LAST, 12000, "103-03", as_of=date(2014, 3, 31))
    assert worked(LAST, evidence(stated, ledgers={LAST: ledger(15000)})).figure == Interval(15000)


def test_figures_before_the_plan_and_further_statements_stand_beside() -> None:
    before, also = reading(LAST, 9000, moment="before"), reading(LAST, 16000, moment="also", qualifier="逾")
    found = worked(LAST, evidence(before, also, reading(LAST, 16300)))
    assert (found.figure, found.before, found.also) == (Interval(16300), Interval(9000), (also,))


def test_figure_before_the_plan_is_no_result() -> None:
    found = worked(MEAN, evidence(reading(MEAN, low=30, high=50, moment="before")))
    assert (found.figure, found.state, found.before) == (None, "no_data", Interval(low=30, high=50))


def test_statements_beside_belong_to_exactly_their_period() -> None:
    known = evidence(reading(LAST, 9000, moment="before"), reading(LAST, 1, moment="also"))
    found = worked(LAST, known, "103Q4")
    assert (found.before, found.also) == (None, ())


# --- states of a period that is over


@pytest.mark.parametrize(
    ("bounds", "comparator", "expected"),
    [
        ({"low": 60, "high": 70}, ">", "missed"),
        ({"low": 90, "high": 100}, ">", "missed"),
        ({"low": 90, "high": 100}, ">=", "partly"),
        ({"low": 90, "high": 110}, ">", "partly"),
        ({"low": 100, "high": 110}, ">", "partly"),
        ({"low": 100, "high": 110}, ">=", "reached"),
        ({"value": 100}, ">=", "reached"),
        ({"value": 100}, ">", "missed"),
        ({"value": 100, "qualifier": "逾"}, ">", "reached"),
        ({"value": 99, "qualifier": "逾"}, ">", "partly"),
    ],
)
def test_interval_is_judged_as_an_interval(bounds: dict[str, Any], comparator: str, expected: str) -> None:
    assert state(MEAN, reading(MEAN, **bounds), target(MEAN, 100, comparator)) == expected


@pytest.mark.parametrize(("value", "expected"), [(40, "reached"), (39, "missed"), (41, "reached")])
def test_sum_of_a_year_is_compared_with_the_year_s_target(value: int, expected: str) -> None:
    assert state(SUM, target(SUM, 40), ledgers={SUM: ledger(value)}) == expected


def test_figure_without_a_target_has_no_target() -> None:
    assert state(SUM, reading(SUM, 55)) == "no_target"


def test_target_of_other_years_does_not_apply() -> None:
    assert state(SUM, target(SUM, 40), ledgers={SUM: ledger(3)}, code="104") == "no_target"


def test_further_target_stands_beside_and_decides_nothing() -> None:
    known = evidence(reading(LAST, 14000), target(LAST, 13000), target(LAST, 16000, kind="further"))
    found = worked(LAST, known)
    assert found.state == "reached"
    assert [(a.value, a.target.kind) for a in found.further] == [(16000, "further")]


def test_further_target_alone_is_no_target() -> None:
    assert state(LAST, reading(LAST, 14000), target(LAST, 16000, kind="further")) == "no_target"


def test_target_that_changes_in_mid_year_counts_from_its_day() -> None:
    old = target(MEAN, 50, valid_to=date(2014, 6, 30))
    new = target(MEAN, 100, valid_from=date(2014, 7, 1))
    known, figure = (old, new), (posts("likes", [70]),)
    codes = ("103H1", "103-06", "103-07", "103H2", "103")
    assert [state(MEAN, *known, code=c, figures=figure) for c in codes] == [
        "reached",
        "reached",
        "missed",
        "missed",
        "missed",
    ]
    assert state(MEAN, *known, figures=figure, as_of=date(2014, 6, 30)) == "reached"
    assert state(MEAN, *known, figures=figure, as_of=date(2014, 7, 1)) == "behind"


# --- norms


@pytest.mark.parametrize(
    ("code", "count", "expected"),
    [
        ("103", 6, "reached"),
        ("103", 5, "missed"),
        ("103H1", 3, "reached"),
        ("103H1", 2, "missed"),
        ("103Q1", 1, "reached"),
        ("103Q1", 0, "missed"),
        ("103-05", 1, "no_target"),
    ],
)
def test_two_monthly_norm_is_judged_in_any_period(code: str, count: int, expected: str) -> None:
    norm = target("six_s_audits", 6, kind="norm", every_months=2)
    assert state("six_s_audits", norm, ledgers={"six_s_audits": ledger(count)}, code=code) == expected


@pytest.mark.parametrize(("code", "count", "expected"), [("103-05", 31, "reached"), ("103-05", 30, "missed")])
def test_daily_norm_expects_each_day_of_the_period(code: str, count: int, expected: str) -> None:
    norm = target("wifi_checks", 365, kind="norm", every_days=1)
    assert state("wifi_checks", norm, ledgers={"wifi_checks": ledger(count)}, code=code) == expected


def test_norm_whose_count_is_not_known_sets_no_target() -> None:
    norm = target("review_meetings", None, kind="norm", every_months=1, words="每月 1 次")
    found = worked("review_meetings", evidence(norm, ledgers={"review_meetings": ledger(4)}))
    assert found.state == "no_target"
    assert found.applied is not None
    assert found.applied.target.words == "每月 1 次"


def test_norm_without_figures_is_no_data() -> None:
    assert state("six_s_audits", target("six_s_audits", 6, kind="norm", every_months=2)) == "no_data"


# --- pace: a year that runs, or a part of the target's year


@pytest.mark.parametrize(
    ("value", "as_of", "expected"),
    [
        (40, date(2014, 2, 1), "reached"),
        (20, date(2014, 6, 30), "on_track"),
        (19, date(2014, 6, 30), "behind"),
        (39, date(2014, 12, 31), "behind"),
        (39, date(2015, 1, 1), "missed"),
    ],
)
def test_sum_of_a_running_year_is_judged_by_pace_until_the_year_is_over(value: int, as_of: date, expected: str) -> None:
    assert state(SUM, target(SUM, 40), ledgers={SUM: ledger(value)}, as_of=as_of) == expected


@pytest.mark.parametrize(
    ("value", "as_of", "due"),
    [
        (19, date(2014, 6, 30), 40 * 181 / 365),
        (20, date(2014, 6, 30), None),  # on its way
        (39, date(2015, 1, 1), None),  # nothing is to come
    ],
)
def test_a_sum_that_is_behind_in_a_running_year_says_what_is_due(value: int, as_of: date, due: float | None) -> None:
    found = worked(SUM, evidence(target(SUM, 40), ledgers={SUM: ledger(value)}), as_of=as_of).applied
    assert found is not None
    assert found.due == (None if due is None else pytest.approx(due))


def test_a_rate_that_is_behind_owes_no_count() -> None:
    found = worked(
        RATE, evidence(target(RATE, 95), ledgers={CLOSED: ledger(94), RECEIVED: ledger(100)}), as_of=date(2014, 3, 1)
    )
    assert (found.state, found.applied and found.applied.due) == ("behind", None)


@pytest.mark.parametrize(
    ("value", "opening", "expected"),
    [
        (12600, {LAST: OPENING}, "on_track"),
        (12400, {LAST: OPENING}, "behind"),
        (12600, {}, "behind"),
        (13000, {}, "reached"),
    ],
)
def test_last_value_of_a_running_year_is_judged_from_its_opening(
    value: int, opening: dict[str, Opening], expected: str
) -> None:
    day = date(2014, 6, 30)
    assert state(LAST, target(LAST, 13000), ledgers={LAST: ledger(value)}, opening=opening, as_of=day) == expected


@pytest.mark.parametrize(("values", "expected"), [([101], "reached"), ([100], "behind"), ([1], "behind")])
def test_mean_of_a_running_period_compares_as_it_stands(values: list[int], expected: str) -> None:
    day = date(2014, 1, 2)
    assert state(MEAN, target(MEAN, 100, ">"), figures=(posts("likes", values),), as_of=day) == expected


def test_a_year_marked_complete_says_nothing_of_parts_of_which_its_rows_cannot_tell() -> None:
    marked = evidence(marks={key: (mark("103"),) for key in ("innovation_items", COUNT)})
    assert [worked("innovation_items", marked, code).figure for code in ("103", "103Q2")] == [Interval(0), None]
    assert [worked(COUNT, marked, code).figure for code in ("103", "103Q2")] == [Interval(0), Interval(0)]


def test_a_period_shorter_than_one_beat_is_not_judged_and_says_so() -> None:
    norm = target("six_s_audits", 6, kind="norm", every_months=2)
    found = worked("six_s_audits", evidence(norm, ledgers={"six_s_audits": ledger(1)}), "103-02")
    assert (found.state, found.applied, found.unaimed) == ("no_target", None, "期間比規律的一次還短，不判斷")


@pytest.mark.parametrize(("code", "due"), [("103", None), ("103H1", 56 * 181 / 365), ("103-02", 56 * 28 / 365)])
def test_a_sum_over_a_part_of_its_targets_days_says_what_is_due_of_it(code: str, due: float | None) -> None:
    found = worked(SUM, evidence(target(SUM, 56), ledgers={SUM: ledger(4)}), code)
    assert found.applied is not None
    assert found.applied.due == pytest.approx(due)


@pytest.mark.parametrize(("closed", "expected"), [(95, "reached"), (94, "behind")])
def test_ratio_of_a_running_period_compares_as_it_stands(closed: int, expected: str) -> None:
    ledgers = {CLOSED: ledger(closed), RECEIVED: ledger(100)}
    assert state(RATE, target(RATE, 95), ledgers=ledgers, as_of=date(2014, 3, 1)) == expected


@pytest.mark.parametrize(("code", "value", "expected"), [("103Q1", 12300, "on_track"), ("103Q1", 12200, "behind")])
def test_last_value_of_a_quarter_is_judged_by_the_year_s_pace(code: str, value: int, expected: str) -> None:
    known = {"ledgers": {LAST: ledger(value)}, "opening": {LAST: OPENING}}
    assert state(LAST, target(LAST, 13000), code=code, **known) == expected


@pytest.mark.parametrize("code", ["103Q1", "103Q2", "103Q3", "103Q4"])
@pytest.mark.parametrize(("value", "expected"), [(11, "on_track"), (9, "behind"), (40, "reached")])
def test_sum_of_a_quarter_is_judged_by_the_quarter_s_share(code: str, value: int, expected: str) -> None:
    assert state(SUM, target(SUM, 40), ledgers={SUM: ledger(value)}, code=code) == expected


@pytest.mark.parametrize(("code", "value", "expected"), [("103-12", 4, "on_track"), ("103H2", 19, "behind")])
def test_sum_of_the_year_s_last_part_is_not_held_against_the_whole_year(code: str, value: int, expected: str) -> None:
    assert state(SUM, target(SUM, 40), ledgers={SUM: ledger(value)}, code=code) == expected


def test_target_of_half_a_year_has_the_pace_of_that_half() -> None:
    half = target(SUM, 20, valid_to=date(2014, 6, 30))
    ledgers = {SUM: ledger(5)}
    assert state(SUM, half, ledgers=ledgers, code="103Q1") == "behind"
    assert state(SUM, half, ledgers={SUM: ledger(20)}, code="103H1") == "reached"


def test_period_to_come_is_on_track() -> None:
    assert state(SUM, target(SUM, 40), ledgers={SUM: ledger(0)}, as_of=date(2013, 12, 1)) == "on_track"


# --- ratios


def test_ratio_is_total_over_total() -> None:
    found = worked(RATE, evidence(ledgers={CLOSED: ledger(5), RECEIVED: ledger(6)}))
    assert (found.figure, found.n, found.basis) == (Interval(83.333333), 6, "computed")
    assert found.sources == (OTHER_FILE,)


@pytest.mark.parametrize("received", [0, None])
def test_ratio_without_a_denominator_has_no_value(received: int | None) -> None:
    found = worked(RATE, evidence(target(RATE, 95), ledgers={CLOSED: ledger(0), RECEIVED: ledger(received)}))
    assert (found.figure, found.state) == (None, "no_data")


def test_ratio_of_nothing_closed_is_zero() -> None:
    assert worked(RATE, evidence(ledgers={CLOSED: ledger(0), RECEIVED: ledger(6)})).figure == Interval(0)


def test_ratio_of_stated_totals_is_derived() -> None:
    found = worked(RATE, evidence(reading(CLOSED, 209), reading(RECEIVED, 209)))
    assert (found.figure, found.basis, found.sources) == (Interval(100), "derived", (FILE,))


def test_ratio_of_a_stated_interval_has_no_value() -> None:
    assert worked(RATE, evidence(reading(CLOSED, low=200, high=209), reading(RECEIVED, 209))).figure is None


def test_ratio_never_sets_a_total_of_the_ledger_over_a_stated_one() -> None:
    rows = {CLOSED: ledger(190), RECEIVED: ledger(200)}
    stated = reading(CLOSED, 209), reading(RECEIVED, 210)
    both = evidence(*stated, ledgers=rows, marks={RECEIVED: (mark("103"),)})
    assert (worked(RECEIVED, both).basis, worked(CLOSED, both).basis) == ("computed", "reported")
    found = worked(RATE, both)
    assert (found.figure, found.n, found.basis) == (Interval(99.52381), 210, "derived")
    counted = worked(RATE, evidence(reading(CLOSED, 209), ledgers=rows))
    assert (counted.figure, counted.n, counted.basis) == (Interval(95), 200, "computed")
    alone = evidence(reading(CLOSED, 209), ledgers={RECEIVED: ledger(200)})
    assert worked(RATE, alone).figure is None


def test_stated_ratio_counts_before_a_derived_one_and_not_before_a_computed_one() -> None:
    stated = reading(RATE, 99)
    totals = evidence(stated, reading(CLOSED, 5), reading(RECEIVED, 10))
    rows = evidence(stated, ledgers={CLOSED: ledger(5), RECEIVED: ledger(10)})
    assert worked(RATE, totals).figure == Interval(99)
    assert worked(RATE, rows).figure == Interval(50)


# --- means over posts


def test_mean_says_over_how_many_posts_and_as_of_when() -> None:
    found = worked(MEAN, evidence(figures=(posts("likes", [10, 20, 60], of=5),)))
    assert (found.figure, found.median, found.n, found.expected_n) == (Interval(30), 20, 3, 5)
    assert (found.as_of, found.basis, found.definition) == (date(2014, 12, 20), "computed", 1)


def test_share_over_target_stands_beside_the_mean() -> None:
    known = evidence(target(MEAN, 20, ">"), figures=(posts("likes", [10, 20, 60, 70]),))
    assert worked(MEAN, known).over_target == 0.5


def test_share_over_target_needs_a_target() -> None:
    assert worked(MEAN, evidence(figures=(posts("likes", [10]),))).over_target is None


def test_reported_mean_keeps_the_posts_beside_it() -> None:
    known = evidence(reading(MEAN, low=60, high=70), target(MEAN, 100, ">"), figures=(posts("likes", [50, 150]),))
    found = worked(MEAN, known)
    assert (found.figure, found.state, found.over_target) == (Interval(low=60, high=70), "missed", 0.5)
    assert found.posts == posts("likes", [50, 150])


@given(VALUES)
@settings(deadline=None)
def test_median_is_the_middle_of_all_values(values: list[int]) -> None:
    counts = tuple(sorted(Counter(values).items()))
    assert results.median(counts) == (statistics.median(values) if values else None)


@given(VALUES, st.sampled_from([">", ">="]), st.integers(0, 300))
@settings(deadline=None)
def test_share_over_counts_the_values_that_meet_the_goal(values: list[int], comparator: str, goal: int) -> None:
    counts = tuple(sorted(Counter(values).items()))
    over = [v for v in values if (v > goal if comparator == ">" else v >= goal)]
    assert results.share_over(counts, comparator, goal) == (len(over) / len(values) if values else None)


@given(VALUES.filter(bool), st.integers(0, 300))
@settings(deadline=None)
def test_mean_of_posts_is_their_total_over_their_number(values: list[int], goal: int) -> None:
    found = worked(MEAN, evidence(target(MEAN, goal), figures=(posts("likes", values),)))
    assert found.figure == Interval(sum(values) / len(values))
    assert found.state == ("reached" if sum(values) >= goal * len(values) else "missed")


# --- definitions: a break, never a splice

REACHED = (posts("reach", [500, 700]), posts("viewers", [2000, 4000]))
FROM_2026 = {"valid_from": date(2026, 1, 1), "valid_to": None}


@pytest.mark.parametrize(
    ("code", "version", "value"),
    [
        ("115H1", 2, 3000),
        ("115-05", 1, 600),
        ("2026-01-01..2026-06-14", 1, 600),
        ("115-06", 2, 3000),
        ("115", 2, 3000),
        ("114", 1, 600),
    ],
)
def test_period_has_the_definition_of_its_last_day(code: str, version: int, value: int) -> None:
    found = worked(REACH, evidence(figures=REACHED), code)
    assert (found.definition, found.figure, found.n) == (version, Interval(value), 2)


def test_new_definition_has_no_target_until_one_is_confirmed_for_it() -> None:
    old = target(REACH, 1000, ">", **FROM_2026)
    found = worked(REACH, evidence(old, figures=REACHED), "116")
    assert (found.state, found.applied, found.unaimed) == ("no_target", None, NEW_DEFINITION)
    assert found.over_target is None
    assert found.unconfirmed
    assert (found.unconfirmed.target, found.unconfirmed.value) == (old, 1000)


def test_target_of_the_first_definition_that_has_ended_waits_for_nobody() -> None:
    ended = target(REACH, 1000, ">", valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))
    found = worked(REACH, evidence(ended, figures=REACHED), "115")
    assert (found.state, found.unconfirmed, found.unaimed) == ("no_target", None, None)


def test_target_confirmed_for_the_new_definition_judges_it() -> None:
    known = (target(REACH, 1000, ">", **FROM_2026), target(REACH, 2500, ">", definition=2, **FROM_2026))
    found = worked(REACH, evidence(*known, figures=REACHED), "116")
    assert (found.state, found.over_target) == ("reached", 0.5)
    assert found.applied is not None
    assert found.applied.value == 2500


def test_target_of_the_new_definition_does_not_judge_the_old_one() -> None:
    new = target(REACH, 100, definition=2, valid_from=date(2025, 1, 1), valid_to=None)
    assert state(REACH, new, figures=REACHED, code="114") == "no_target"


def test_figures_of_the_old_definition_stand_in_where_the_new_one_has_none() -> None:
    found = worked(REACH, evidence(figures=REACHED[:1]), "116")
    assert (found.definition, found.figure) == (1, Interval(600))


def test_viewers_never_stand_in_for_reach_before_the_break() -> None:
    assert worked(REACH, evidence(figures=REACHED[1:]), "114").missing == "not_given"


def test_reactions_stand_in_where_no_likes_are_known_and_are_not_judged_by_likes() -> None:
    known = evidence(target(MEAN, 100, ">"), figures=(posts("reactions", [150]),))
    found = worked(MEAN, known)
    assert (found.definition, found.figure) == (2, Interval(150))
    assert (found.state, found.unaimed) == ("no_target", NEW_DEFINITION)


def test_likes_and_reactions_are_never_mixed() -> None:
    found = worked(MEAN, evidence(figures=(posts("likes", [10], of=3), posts("reactions", [10, 90, 90]))))
    assert (found.definition, found.figure, found.n, found.expected_n) == (1, Interval(10), 1, 3)


def test_posts_of_one_definition_are_not_held_against_the_target_of_another() -> None:
    known = evidence(reading(MEAN, 65), target(MEAN, 100, ">"), figures=(posts("reactions", [150, 150]),))
    found = worked(MEAN, known)
    assert (found.figure, found.state) == (Interval(65), "missed")
    assert found.over_target is None


def test_figure_reported_after_the_break_has_the_new_definition() -> None:
    known = evidence(reading(REACH, 1200, "116"), target(REACH, 1000, ">", **FROM_2026))
    found = worked(REACH, known, "116")
    assert (found.definition, found.state, found.unaimed) == (2, "no_target", NEW_DEFINITION)


@pytest.mark.parametrize("note", [None, "年報第 3 頁"])
def test_what_is_noted_of_a_figure_is_not_why_no_target_judges_it(note: str | None) -> None:
    known = evidence(reading(REACH, 1200, "116", note=note), target(REACH, 1000, ">", **FROM_2026))
    found = worked(REACH, known, "116")
    assert (found.note, found.unaimed) == (note, NEW_DEFINITION)


def test_indicator_measured_in_one_way_is_judged_by_a_target_of_any_version() -> None:
    assert state(SUM, target(SUM, 40, definition=2), ledgers={SUM: ledger(40)}) == "reached"


# --- year 103 as reported


@pytest.mark.parametrize(
    ("key", "stated", "goal", "expected"),
    [
        (LAST, {"value": 16300, "qualifier": "已達"}, (13000, ">="), "reached"),
        (MEAN, {"low": 60, "high": 70}, (100, ">"), "missed"),
        (REACH, {"low": 700, "high": 800, "qualifier": "約"}, (1000, ">"), "missed"),
    ],
)
def test_targets_of_year_103_have_their_known_outcome(
    key: str, stated: dict[str, Any], goal: tuple[float, str], expected: str
) -> None:
    found = worked(key, evidence(reading(key, **stated), target(key, *goal)))
    assert (found.state, found.basis) == (expected, "reported")


def test_work_out_of_one_indicator_is_the_same_as_of_all() -> None:
    known, period = evidence(reading(SUM, 55), target(SUM, 40)), parse_period("103")
    one = results.work_out(BY_KEY[SUM], period, known, AFTER)
    assert one == results.work_out_all(period, known, AFTER)[SUM]


def test_months_that_a_period_cuts_are_said_not_to_be_counted() -> None:
    known = evidence(ledgers={RECEIVED: LedgerFigure(17, 1, 0, date(2014, 2, 1), date(2014, 2, 28), (FILE,))})
    cut = worked(RECEIVED, known, "2014-01-10..2014-03-20")
    assert cut.note == "按月登錄，期間頭尾不滿一個月的不計"
    assert worked(RECEIVED, known, "103Q1").note is None
