"""Days that are missing: which, how many a month, and which days are not due at all."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sqdash import periods
from sqdash.jobs import page_gaps

TODAY = date(2026, 11, 24)


def days(first: date, last: date) -> list[str]:
    return [day.isoformat() for day in periods.days_between(first, last)]


def test_missing_days_are_counted_by_month_and_listed_as_spans() -> None:
    known = set(days(date(2026, 9, 1), date(2026, 11, 23)))
    known -= {"2026-09-03", "2026-09-04", "2026-09-05", "2026-10-31", "2026-11-01"}
    found = page_gaps.of(known, "2026-09-01", TODAY, meta=False)
    assert {month: count for month, count in found.months.items() if count is not None} == {
        "2026-09": 3,
        "2026-10": 1,
        "2026-11": 1,
    }
    assert found.spans == "115/09/03–115/09/05、115/10/31–115/11/01"
    assert list(found.months) == [f"2025-{m:02d}" for m in (12,)] + [f"2026-{m:02d}" for m in range(1, 12)]


def test_today_is_not_due_yet_and_metas_days_have_their_lag() -> None:
    known = days(date(2026, 11, 1), date(2026, 11, 20))
    assert page_gaps.of(known, "2026-11-01", TODAY, meta=False).spans == "115/11/21–115/11/23"
    assert page_gaps.of(known, "2026-11-01", TODAY, meta=True).spans == "115/11/21"


def test_before_the_first_figure_nothing_is_missing() -> None:
    found = page_gaps.of(["2026-11-24"], "2026-11-24", TODAY, meta=False)
    assert set(found.months.values()) == {None}
    assert (found.missing, found.due, found.spans) == ((), False, "")


def test_what_is_older_than_the_window_is_not_looked_at() -> None:
    found = page_gaps.of([], "2020-01-01", TODAY, meta=False)
    assert found.missing[0] == date(2025, 12, 1)
    assert sum(count or 0 for count in found.months.values()) == len(found.missing) == (TODAY - date(2025, 12, 1)).days


@settings(deadline=None)
@given(st.sets(st.integers(1, 300)))
def test_known_and_missing_days_are_together_all_that_were_due(ages: set[int]) -> None:
    known = {(TODAY - timedelta(days=age)).isoformat() for age in ages}
    first = min(known, default="2026-11-24")
    found = page_gaps.of(known, first, TODAY, meta=False)
    missing = {day.isoformat() for day in found.missing}
    assert not missing & known
    assert missing | known == set(days(date.fromisoformat(first), TODAY - timedelta(days=1)) if known else [])
