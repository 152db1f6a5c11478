"""How figures, targets and gaps are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqdash import formats
from sqdash.figures import Applied, Interval, Missing, Result, Source, State, Target
from sqdash.indicators import BY_KEY
from sqdash.periods import parse_period

YEAR = parse_period("103")
LIKES, FANS, AUDITS, RATE = "likes_per_post", "fans", "six_s_audits", "petition_closure_rate"


def goal(value: float | None, comparator: Any = ">=", kind: Any = "target", words: str | None = None) -> Applied:
    source = Source(1, "targets.csv")
    start, end = date(2014, 1, 1), date(2014, 12, 31)
    return Applied(
        Target("any", kind, 1, start, end, comparator, value, None, None, words, None, source), value, whole=True
    )


def result(key: str, figure: Interval | None, state: State, applied: Applied | None = None, **more: Any) -> Result:
    more = {"missing": None, "basis": "computed", **more}
    return Result(key, figure, state, applied=applied, **more)


def gap(key: str, figure: Interval, state: State, applied: Applied | None) -> str:
    return formats.gap(result(key, figure, state, applied))


def test_a_target_that_does_not_count_is_told_behind_the_gap_and_among_the_remarks_of_the_figure() -> None:
    known = result("reach_per_post", Interval(300), "no_target", note="2 筆未填", unaimed="尚未確認", definition=2)
    assert formats.gap(known) == "未設目標（尚未確認）"
    assert formats.remarks(known) == "2 筆未填；尚未確認"
    assert formats.remarks(known._replace(note=None, unaimed=None)) == ""


def test_a_locked_figure_that_is_measured_otherwise_today_is_another_and_says_so() -> None:
    locked = result("likes_per_post", Interval(60), "no_target", definition=1)
    now = locked._replace(definition=2)
    assert formats.differ(locked, now)
    assert formats.beside(locked, now) == "現在 60 人（以心情（按讚未知時）計）"


# --- numbers and intervals


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (16300, 0, "16,300"),
        (0, 0, "0"),
        (999, 0, "999"),
        (1_234_567, 0, "1,234,567"),
        (90.8, 1, "90.8"),
        (100.0, 1, "100"),
        (66.666, 1, "66.7"),
        (1234.5, 1, "1,234.5"),
        (66.666, 0, "67"),
        (-3, 0, "-3"),
        (0, 1, "0"),
        (0.25, 2, "0.25"),
    ],
)
def test_number_has_commas_and_only_the_decimals_it_needs(value: float, decimals: int, text: str) -> None:
    assert formats.number(value, decimals) == text


@given(st.integers(-(10**12), 10**12), st.integers(0, 2))
@settings(deadline=None)
def test_whole_number_never_shows_decimals(value: int, decimals: int) -> None:
    assert formats.number(float(value), decimals) == f"{value:,}"


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        (Interval(16300), "16,300"),
        (Interval(0), "0"),
        (Interval(16000, qualifier="逾"), "逾 16,000"),
        (Interval(low=30, high=50, qualifier="約"), "約 30–50"),
        (Interval(low=1000, high=2000), "1,000–2,000"),
        (Interval(low=700), "至少 700"),
        (Interval(high=50, qualifier="約"), "約 至多 50"),
        (Interval(), "未陳報"),
    ],
)
def test_interval_is_written_as_stated(stated: Interval, text: str) -> None:
    assert formats.interval(stated) == text


def test_interval_may_go_without_its_qualifier() -> None:
    assert formats.interval(Interval(low=30, high=50, qualifier="約"), qualified=False) == "30–50"


@pytest.mark.parametrize(("unit", "text"), [("%", "90.8%"), ("人", "90.8 人"), ("場次", "90.8 場次")])
def test_percent_is_attached_and_other_units_are_not(unit: str, text: str) -> None:
    assert formats.with_unit("90.8", unit) == text


# --- figures and states


@pytest.mark.parametrize(
    ("key", "figure", "text"),
    [
        (FANS, Interval(16300, qualifier="已達"), "已達 16,300 人"),
        (LIKES, Interval(66.666), "66.7 人"),
        (LIKES, Interval(low=60, high=70), "60–70 人"),
        (RATE, Interval(100), "100%"),
        (RATE, Interval(98.76), "98.8%"),
        (AUDITS, Interval(0), "0 次"),
    ],
)
def test_figure_is_written_with_its_unit(key: str, figure: Interval, text: str) -> None:
    assert formats.figure_with_unit(result(key, figure, "no_target")) == text


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (1, 1, "700 人"),
        (1, 2, "700 人\n（定義不同，不能比較）"),
    ],
)
def test_an_earlier_figure_of_another_definition_says_so(before: int, after: int, text: str) -> None:
    old, new = (
        result("reach_per_post", Interval(value), "missed", definition=definition)
        for value, definition in ((700.0, before), (900.0, after))
    )
    assert formats.earlier(old, new) == text


def test_an_earlier_figure_that_is_not_there_breaks_nothing() -> None:
    none = result("reach_per_post", None, "no_data", missing="no_rows", definition=1)
    assert formats.earlier(none, result("reach_per_post", Interval(900.0), "missed", definition=2)) == "無資料"


def test_figure_may_go_without_its_qualifier() -> None:
    assert formats.figure(result(FANS, Interval(16300, qualifier="已達"), "reached"), qualified=False) == "16,300"


@pytest.mark.parametrize(
    ("missing", "word"),
    [
        ("not_stated", "未陳報"),
        ("no_rows", "無資料"),
        ("not_served", "來源停供"),
        ("not_permitted", "未獲授權"),
        ("not_given", "未填"),
        (None, "無資料"),
    ],
)
def test_what_is_missing_is_named_without_a_unit(missing: Missing | None, word: str) -> None:
    nothing = result(FANS, None, "no_data", missing=missing, basis=None)
    assert formats.figure(nothing) == formats.figure_with_unit(nothing) == formats.state(nothing) == word


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("reached", "達標"),
        ("partly", "部分達標"),
        ("missed", "未達"),
        ("on_track", "進度內"),
        ("behind", "落後"),
        ("no_target", "未設目標"),
    ],
)
def test_state_has_its_word(state: State, word: str) -> None:
    assert formats.state(result(FANS, Interval(1), state)) == word


def test_every_state_every_kind_of_absence_and_every_basis_has_a_word() -> None:
    assert set(formats.STATES) == set(get_args(State))
    assert set(formats.MISSING) == set(get_args(Missing))
    assert formats.BASES == {"computed": "計算值", "reported": "陳報值", "derived": "推得值"}


# --- targets


@pytest.mark.parametrize(
    ("key", "applied", "text"),
    [
        (FANS, None, "未設目標"),
        (FANS, goal(13000), "目標 13,000"),
        (LIKES, goal(100, ">"), "目標超過 100"),
        (RATE, goal(97.5), "目標 97.5"),
        (FANS, goal(None), "目標未定數值"),
        (FANS, goal(0), "目標 0"),
        (AUDITS, goal(6, kind="norm", words="每 2 個月 1 次"), "規律每 2 個月 1 次（6 次）"),
        (AUDITS, goal(None, kind="norm", words="每月 1 次"), "規律每月 1 次"),
        (AUDITS, goal(6, kind="norm"), "規律（6 次）"),
        (AUDITS, goal(None, kind="norm"), "規律"),
    ],
)
def test_target_is_written_with_its_comparator_or_rhythm(key: str, applied: Applied | None, text: str) -> None:
    assert formats.target(BY_KEY[key], applied) == text


def test_target_of_a_mean_keeps_its_decimal() -> None:
    assert formats.target(BY_KEY[LIKES], goal(100.5, ">")) == "目標超過 100.5"


@pytest.mark.parametrize(
    ("met", "of", "text", "behind"),
    [
        (0, 300, "0%", "中 0%"),
        (1, 300, "不到 1%", "中不到 1%"),
        (2, 3, "67%", "中 67%"),
        (299, 300, "超過 99%", "中超過 99%"),
        (199, 200, "超過 99%", "中超過 99%"),
        (3, 3, "100%", "中 100%"),
    ],
)
def test_a_share_is_called_all_or_nothing_only_where_it_is(met: int, of: int, text: str, behind: str) -> None:
    assert formats.percent(met / of) == text
    assert formats.of_all(met / of) == behind


# --- gaps


@pytest.mark.parametrize(
    ("key", "figure", "applied", "text"),
    [
        (FANS, Interval(16300), goal(13000), "目標 13,000，超出 3,300（125%）"),
        (FANS, Interval(13020), goal(13000), "目標 13,000，超出 20"),  # and no （100%）
        (LIKES, Interval(120.5), goal(100, ">"), "目標超過 100，每篇超出 20.5（120%）"),
        (LIKES, Interval(low=120, high=150), goal(100), "目標 100，每篇超出 20（120%）"),
        (FANS, Interval(13000), goal(13000), "目標 13,000，剛好達到"),
        (LIKES, Interval(100), goal(100), "目標 100，每篇剛好達到"),
        (FANS, Interval(5), goal(0), "目標 0"),
        (
            AUDITS,
            Interval(7),
            goal(6, kind="norm", words="每 2 個月 1 次"),
            "規律每 2 個月 1 次（6 次），超出 1（117%）",
        ),
    ],
)
def test_reached_target_says_by_how_much(key: str, figure: Interval, applied: Applied, text: str) -> None:
    assert gap(key, figure, "reached", applied) == text


@pytest.mark.parametrize("state", ["missed", "behind", "on_track"])
@pytest.mark.parametrize(
    ("key", "figure", "applied", "text"),
    [
        (FANS, Interval(12999), goal(13000), "目標 13,000，還差 1"),
        (FANS, Interval(12999), goal(13000, ">"), "目標超過 13,000，還差 1 以上"),
        (FANS, Interval(13000), goal(13000, ">"), "目標超過 13,000，剛好 13,000，須再多"),
        (LIKES, Interval(65.5), goal(100), "目標 100，每篇還差 34.5"),
        (LIKES, Interval(low=60, high=70), goal(100, ">"), "目標超過 100，每篇還差 30 以上"),
        (LIKES, Interval(low=60, high=70), goal(100), "目標 100，每篇還差 30 以上"),
        (LIKES, Interval(low=60, high=100), goal(100, ">"), "目標超過 100，每篇上限剛好 100，須再多"),
        (FANS, Interval(high=13000), goal(13000, ">"), "目標超過 13,000，上限剛好 13,000，須再多"),
    ],
)
def test_target_not_reached_says_what_is_wanting(
    key: str, figure: Interval, applied: Applied, state: State, text: str
) -> None:
    assert gap(key, figure, state, applied) == text


@pytest.mark.parametrize(
    ("figure", "applied", "text"),
    [
        (Interval(low=80, high=120), goal(100, ">"), "目標超過 100，下限還差 20"),
        (Interval(low=80, high=100), goal(100), "目標 100，下限還差 20"),
        (Interval(low=80), goal(100), "目標 100，下限還差 20"),
    ],
)
def test_target_partly_reached_says_what_the_low_end_wants(figure: Interval, applied: Applied, text: str) -> None:
    assert gap(LIKES, figure, "partly", applied) == text


def test_more_than_a_figure_below_the_target_is_partly_reached() -> None:
    assert gap(FANS, Interval(12000, qualifier="逾"), "partly", goal(13000)) == "目標 13,000，下限還差 1,000"


@pytest.mark.parametrize(
    ("figure", "state", "due", "text"),
    [
        (4, "behind", 13 / 3, "全年目標 56，這段期間照天數應有 4.3，少 0.3"),
        (45, "on_track", 28.2, "全年目標 56，這段期間照天數應有 28.2，多 16.8"),
        (5, "on_track", 5.0, "全年目標 56，這段期間照天數應有 5，剛好"),
        (58, "reached", 28.2, "全年目標 56，超出 2（104%）"),
    ],
)
def test_a_part_of_the_targets_days_is_set_against_its_share_and_not_the_whole(
    figure: int, state: State, due: float, text: str
) -> None:
    part = replace(goal(56), whole=False, due=due, line=((YEAR, 56.0),))
    assert gap("training_sessions", Interval(figure), state, part) == text


def test_a_sum_that_is_behind_says_what_there_should_be_by_now_beside_what_is_left() -> None:
    running = replace(goal(56), due=27.77)
    assert gap("training_sessions", Interval(20), "behind", running) == "目標 56，還差 36（至今應有 27.8）"


def test_a_part_of_which_only_the_most_is_stated_has_no_distance() -> None:
    part = replace(goal(56), whole=False, due=14.1, line=((YEAR, 56.0),))
    words = gap("training_sessions", Interval(high=10), "behind", part)
    assert words == "全年目標 56，這段期間照天數應有 14.1，下限未陳報"


def test_a_target_of_less_than_a_year_is_not_called_the_years() -> None:
    part = replace(goal(12), whole=False, due=2.0, line=((parse_period("103H1"), 12.0),))
    assert formats.target(BY_KEY["company_visits"], part) == "全期目標 12"
    assert formats.target(BY_KEY["company_visits"], replace(part, whole=True)) == "目標 12"


def test_a_distance_too_small_to_read_is_not_called_none() -> None:
    part = replace(goal(53), whole=False, due=13.02, line=((YEAR, 53.0),))
    words = gap("training_sessions", Interval(13), "behind", part)
    assert words == "全年目標 53，這段期間照天數應有 13.0，少不到 0.1"


def test_norm_without_a_count_says_its_rhythm_only() -> None:
    norm = goal(None, kind="norm", words="每月 1 次")
    assert gap("review_meetings", Interval(3), "no_target", norm) == "規律每月 1 次"


def test_without_a_target_or_a_figure_there_is_no_gap() -> None:
    assert gap(FANS, Interval(3), "no_target", None) == "未設目標"
    assert formats.gap(result(FANS, None, "no_data", goal(13000), missing="no_rows")) == "目標 13,000"


@pytest.mark.parametrize(("key", "bound"), [(FANS, 13000), (LIKES, 100)])
def test_figure_without_a_low_end_has_a_gap_in_words(key: str, bound: float) -> None:
    text = gap(key, Interval(high=bound + 5), "partly", goal(bound))
    assert text.startswith(f"目標 {bound:,}")
    assert "inf" not in text


@pytest.mark.parametrize(
    ("key", "figure", "state", "applied"),
    [
        (LIKES, Interval(low=100, high=120), "partly", goal(100, ">")),
        (FANS, Interval(16000, qualifier="逾"), "reached", goal(16000, ">")),
        (LIKES, Interval(99.97), "missed", goal(100)),
    ],
)
def test_gap_is_never_written_as_nothing(key: str, figure: Interval, state: State, applied: Applied) -> None:
    text = gap(key, figure, state, applied)
    assert not any(nothing in text for nothing in ("還差 0", "超出 0"))


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from([">=", ">"]))
@settings(deadline=None)
def test_gap_of_whole_figures_is_their_exact_distance(value: int, wanted: int, comparator: str) -> None:
    met = value > wanted if comparator == ">" else value >= wanted
    text = gap(FANS, Interval(value), "reached" if met else "missed", goal(wanted, comparator))
    more = "超過 " if comparator == ">" else " "
    assert text.startswith(f"目標{more}{wanted:,}")
    assert f"{abs(value - wanted):,}" in text or value == wanted or wanted == 0


@pytest.mark.parametrize(
    ("text", "shown"), [("", ""), ("字" * 24, "字" * 24), ("字" * 25, "字" * 24 + "…"), ("一二三四", "一二三四")]
)
def test_a_long_text_is_shortened_and_says_so(text: str, shown: str) -> None:
    assert formats.shortened(text) == shown


@pytest.mark.parametrize(
    ("name", "said"),
    [("小安心", "專頁「小安心」"), ("專頁 555", "專頁 555 "), ("專頁 555 號", "專頁「專頁 555 號」"), ("", "專頁「」")],
)
def test_a_page_is_named_once(name: str, said: str) -> None:
    assert formats.page(name) == said
    assert formats.nameless_page("555") == "專頁 555"
