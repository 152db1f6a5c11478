"""The one function that works out an indicator; page, chart, export, report and command all call it.

Which figure counts (design section 3): a reported value until the lead unit marks the indicator's ledger
complete for the period; then, or where nothing was reported, the computed value with its coverage. The other
one stands beside it. Nothing known is ``no_data`` with the reason, never 0.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from operator import itemgetter
from typing import Literal

from sqdash.analysis import targets
from sqdash.figures import (
    Applied,
    Evidence,
    Interval,
    LedgerFigure,
    Missing,
    PostFigure,
    Reading,
    Result,
    State,
)
from sqdash.indicators import BY_KEY, INDICATORS, Indicator
from sqdash.periods import Period

_HOW_MANY = itemgetter(1)
"""Of a value and how many posts have it."""
_TOO_SHORT = "期間比規律的一次還短，不判斷"
_UNCONFIRMED = "指標的定義已改變，原目標尚未確認適用於新定義"


def work_out_all(period: Period, evidence: Evidence, as_of: date) -> dict[str, Result]:
    """Every indicator for the period as known on the Taipei day ``as_of``, by key, in catalogue order."""
    results: dict[str, Result] = {}
    for indicator in INDICATORS:
        results[indicator.key] = work_out(indicator, period, evidence, as_of, results)
    return results


def work_out(
    indicator: Indicator, period: Period, evidence: Evidence, as_of: date, others: Mapping[str, Result] | None = None
) -> Result:
    """One indicator for one period.

    ``others`` holds the results of a ratio's parts. ``as_of`` decides whether the period is over: until its
    last day has passed it is running.
    """
    readings = evidence.readings.get(indicator.key, ())
    reported = _counting_reading(readings, period)
    computed = _computed(indicator, period, evidence, others or {}, as_of)
    if _computed_counts(indicator, period, evidence, as_of, computed, reported):
        note = computed.note or (reported.note if reported and computed.basis == "derived" else None)
        result = computed._replace(reading=reported, note=note)
    elif reported is not None:
        result = computed._replace(
            figure=reported.stated,
            basis=reported.basis,
            missing=None,
            reading=reported,
            n=None,
            as_of=reported.as_of,
            as_of_words=reported.as_of_words,
            note=reported.note,
            sources=(reported.source,),
            definition=definition.version if (definition := indicator.definition_on(period.end)) else None,
        )
    else:
        result = computed
    result = result._replace(
        before=next((r.stated for r in readings if r.moment == "before" and _is_for(r, period)), None),
        also=tuple(r for r in readings if r.moment == "also" and _is_for(r, period)),
        opening=evidence.opening.get(indicator.key),
    )
    return _judged(indicator, result, period, evidence, as_of)


def _computed_counts(
    indicator: Indicator, period: Period, evidence: Evidence, as_of: date, computed: Result, reported: Reading | None
) -> bool:
    """Whether the computed figure counts and not the reported one; see the module for the rule."""
    if computed.figure is None or reported is None:
        return computed.figure is not None
    if indicator.parts:  # a rate that the report only implies is worked out from its parts, so that they agree
        return computed.basis == "computed" or reported.basis == "derived"
    if _marked_complete(indicator, period, evidence, as_of):
        return True
    # A last value stated on some day inside the period gives way to a later one.
    newer = computed.as_of and reported.as_of and computed.as_of > reported.as_of
    return bool(newer) and not _is_for(reported, period)


def _is_for(reading: Reading, period: Period) -> bool:
    return (reading.period_from, reading.period_to) == (period.start, period.end)


def _counting_reading(readings: tuple[Reading, ...], period: Period) -> Reading | None:
    """The statement for exactly this period; for a last value also one dated inside it."""
    stated = [r for r in readings if r.moment == "result"]
    exact = [r for r in stated if _is_for(r, period)]
    if exact:
        return exact[-1]
    if stated and BY_KEY[stated[0].indicator].rollup == "last":
        dated = [r for r in stated if r.as_of is not None and period.contains(r.as_of)]
        return max(dated, key=lambda r: r.as_of or date.min, default=None)
    return None


def _marked_complete(indicator: Indicator, period: Period, evidence: Evidence, as_of: date) -> bool:
    """Every day up to the last one judged is covered by a complete mark, and none by one that says otherwise. Of a
    period that has not begun nothing is complete."""
    if as_of < period.start:
        return False
    day, last = period.start, min(period.end, as_of)
    marks = evidence.marks.get(indicator.key, ())
    if any(not mark.complete and period.overlap(mark.period_from, min(mark.period_to, last)) for mark in marks):
        return False
    for mark in sorted((mark for mark in marks if mark.complete), key=lambda mark: mark.period_from):
        if mark.period_from <= day <= mark.period_to:
            if mark.period_to >= last:
                return True
            day = mark.period_to + timedelta(days=1)
    return False


def _missing(period: Period, evidence: Evidence) -> Missing:
    """A year that has a report and no figure was not stated; otherwise there are simply no rows."""
    return "not_stated" if period.roc_year in evidence.report_years and period.kind == "year" else "no_rows"


def _computed(
    indicator: Indicator, period: Period, evidence: Evidence, others: Mapping[str, Result], as_of: date
) -> Result:
    empty = Result(indicator.key, None, "no_data", _missing(period, evidence), None, None)
    if indicator.parts:
        return _ratio(indicator.parts, empty, others)
    if indicator.rollup == "mean_per_post":
        return _mean_per_post(indicator, period, empty, evidence)
    ledger = evidence.ledgers.get(indicator.key)
    if ledger is None or not ledger.rows:
        rows_tell = indicator.ledger is not None and (period.kind == "year" or not indicator.ledger.of_year)
        counted = indicator.rollup in ("sum", "count") and rows_tell
        if counted and _marked_complete(indicator, period, evidence, as_of):  # complete and empty is zero
            sources = tuple(mark.source for mark in evidence.marks[indicator.key] if mark.source)
            return empty._replace(
                figure=Interval(0), missing=None, basis="computed", n=0, expected_n=0, sources=sources
            )
        return empty
    if ledger.value is None:
        return empty._replace(missing="not_given", ledger=ledger, sources=ledger.sources)
    return empty._replace(
        figure=Interval(ledger.value),
        missing=None,
        basis="computed",
        ledger=ledger,
        n=ledger.rows - ledger.not_given,
        expected_n=ledger.rows,
        as_of=ledger.last,
        sources=ledger.sources,
        note=_note(indicator, ledger, period),
    )


def _note(indicator: Indicator, ledger: LedgerFigure, period: Period) -> str | None:
    """What must be known of the rows to read the figure rightly."""
    by_month = indicator.ledger is not None and indicator.ledger.table == "petitions"
    said = (
        "按月登錄，期間頭尾不滿一個月的不計" if by_month and period.cuts_months else "",
        f"以「{ledger.page}」計" if ledger.page else "",
        f"{ledger.not_given} 筆未填，未計入" if ledger.not_given else "",
    )
    return "；".join(filter(None, said)) or None


def _ratio(parts: tuple[str, str], empty: Result, others: Mapping[str, Result]) -> Result:
    """Total over total; no value without a denominator, and none from figures that are not single values.

    From ledgers it is computed; from totals that a report states it is derived. A total of the one is never set over
    one of the other: they count other things.
    """
    top, bottom = (others.get(key) for key in parts)
    if not top or not bottom or not top.figure or not bottom.figure:
        return empty
    if (top.basis == "computed") != (bottom.basis == "computed"):
        return _alike(top, bottom, empty)
    return _quotient(top, bottom, "computed" if top.basis == bottom.basis == "computed" else "derived", empty)


def _alike(top: Result, bottom: Result, empty: Result) -> Result:
    """The ratio where one part counts as computed and the other as reported: of the totals that are stated for both,
    else of the ledgers; no value where neither has both."""
    if top.reading and bottom.reading:
        return _quotient(_stated(top.reading, top), _stated(bottom.reading, bottom), "derived", empty)
    if top.ledger and bottom.ledger:
        return _quotient(_counted(top.ledger, top), _counted(bottom.ledger, bottom), "computed", empty)
    return empty


def _stated(reading: Reading, result: Result) -> Result:
    return result._replace(figure=reading.stated, as_of=reading.as_of, sources=(reading.source,))


def _counted(ledger: LedgerFigure, result: Result) -> Result:
    figure = None if ledger.value is None else Interval(ledger.value)
    return result._replace(figure=figure, as_of=ledger.last, sources=ledger.sources)


def _quotient(top: Result, bottom: Result, basis: Literal["computed", "derived"], empty: Result) -> Result:
    if not top.figure or not bottom.figure or top.figure.value is None or not bottom.figure.value:
        return empty
    return empty._replace(
        figure=Interval(round(top.figure.value / bottom.figure.value * 100, 6)),
        missing=None,
        basis=basis,
        n=int(bottom.figure.value),
        as_of=bottom.as_of,
        sources=tuple(dict.fromkeys((*top.sources, *bottom.sources))),
    )


def _definition(indicator: Indicator, period: Period, evidence: Evidence) -> tuple[int, PostFigure] | None:
    """The definition version that measures the period, and its figure; never a splice of two.

    The dated version in force on the period's last day is tried first; one without a date stands in where
    the earlier has no figures at all.
    """
    dated = indicator.definition_on(period.end)
    order = sorted(indicator.definitions, key=lambda d: (d is not dated, d.since is not None, d.version))
    for definition in order:
        figure = evidence.posts.get(definition.measure)
        if figure and figure.n and (definition is dated or definition.since is None):
            return definition.version, figure
    return None


def _mean_per_post(indicator: Indicator, period: Period, empty: Result, evidence: Evidence) -> Result:
    found = _definition(indicator, period, evidence)
    if found is None:
        posts = max([evidence.post_count, *(figure.posts for figure in evidence.posts.values())])
        dated = indicator.definition_on(period.end)
        why = evidence.refused.get(dated.measure) if dated else None
        missing: Missing | None = why or "not_given" if posts else empty.missing
        return empty._replace(missing=missing, n=0 if posts else None, expected_n=posts or None)
    version, figure = found
    observed = date.fromisoformat(figure.observed_to[:10]) if figure.observed_to else None
    return empty._replace(
        figure=Interval(figure.total / figure.n),
        missing=None,
        basis="computed",
        posts=figure,
        definition=version,
        n=figure.n,
        expected_n=figure.posts,
        median=median(figure.counts),
        as_of=observed,
        sources=figure.sources,
    )


def median(counts: tuple[tuple[int, int], ...]) -> float | None:
    """The median of values given as (value, how many), ascending; None for none."""
    seen = list(accumulate(map(_HOW_MANY, counts)))
    if not seen or not seen[-1]:
        return None
    ranks = (seen[-1] - 1) // 2, seen[-1] // 2
    return sum(counts[bisect_right(seen, rank)][0] for rank in ranks) / 2


def share_over(counts: tuple[tuple[int, int], ...], comparator: str, goal: float) -> float | None:
    """Share (0–1) of values, given in the same way, that meet the goal; None for none."""
    n = sum(map(_HOW_MANY, counts))
    first = bisect_left(counts, True, key=lambda one: targets.meets(one[0], comparator, goal))  # whatever is more, too
    return sum(map(_HOW_MANY, counts[first:])) / n if n else None


def _judged(indicator: Indicator, result: Result, period: Period, evidence: Evidence, as_of: date) -> Result:
    day = period.nearest(as_of)
    known = evidence.targets.get(indicator.key, ())
    version = result.definition if indicator.definitions else None
    target = targets.in_force(known, day, targets.MAIN, version)
    applied = targets.apply(indicator, target, period, known, day) if target else None
    further = tuple(
        a
        for t in known
        if targets.in_force([t], day, targets.FURTHER, version)
        if (a := targets.apply(indicator, t, period, known, day))
    )
    result = result._replace(applied=applied, further=further)
    if result.figure is None:
        return result._replace(state="no_data")
    if applied is None or applied.value is None:
        first = targets.in_force(known, day, targets.MAIN, 1) if target is None and version and version > 1 else None
        unconfirmed = targets.apply(indicator, first, period, known, day) if first else None
        why = _UNCONFIRMED if unconfirmed else _TOO_SHORT if target and applied is None else None
        return result._replace(state="no_target", unconfirmed=unconfirmed, unaimed=why)
    share = None
    if result.posts and _is_measure(indicator, result.posts, result.definition):
        share = share_over(result.posts.counts, applied.target.comparator, applied.value)
    state = _state(indicator, result.figure, applied, period, evidence, as_of)
    if (state == "behind" or not applied.whole) and indicator.rollup not in {"last", *targets.RATES}:
        applied = replace(applied, due=_due(indicator, applied, period, as_of))
    return result._replace(applied=applied, over_target=share, state=state)


def _due(indicator: Indicator, applied: Applied, period: Period, as_of: date) -> float | None:
    """What a sum owes by the day judged, also of the target of more days than the period has."""
    span = targets.own_span(applied.target, period.nearest(as_of))
    return targets.due(indicator, applied, span, min(period.end, as_of), None, period.start)


def _is_measure(indicator: Indicator, posts: PostFigure, version: int | None) -> bool:
    """Whether the posts' figure is measured as the definition version says: a target never judges another measure."""
    way = indicator.way(version)
    return way is not None and way.measure == posts.measure


def _state(
    indicator: Indicator, figure: Interval, applied: Applied, period: Period, evidence: Evidence, as_of: date
) -> State:
    if applied.value is None:
        return "no_target"
    if as_of > period.end and applied.whole:
        return targets.compare(figure, applied.target.comparator, applied.value)
    span = (
        period
        if applied.target.has_rhythm or indicator.rollup in targets.RATES
        else targets.own_span(applied.target, period.nearest(as_of))
    )
    day = min(period.end, as_of)
    opening = evidence.opening.get(indicator.key)
    return targets.pace(indicator, figure, applied, span, day, opening.value if opening else None, period.start)
