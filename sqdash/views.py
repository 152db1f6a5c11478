"""What a screen, a report or a command asks for: the store's queries joined with the analysis, once.

Every caller gets its figures from :func:`board`, so two screens can never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqdash import formats, periods
from sqdash.analysis import attention, results
from sqdash.analysis import completeness as checking
from sqdash.errors import DataError
from sqdash.figures import Evidence, Interval, Result
from sqdash.indicators import BY_KEY, INDICATORS
from sqdash.periods import Period
from sqdash.report import binding, reviews, tree
from sqdash.report.contents import Material
from sqdash.store import asof, database, locks
from sqdash.store.queries import base, changes, evidence, plan, series
from sqdash.store.queries import rows as row_queries
from sqdash.tables import BY_NAME


@dataclass(frozen=True, slots=True)
class Board:
    """All indicators of a period and of the same period a year earlier, with what needs attention."""

    period: Period
    as_of: date
    revision: int
    kind: str
    results: Mapping[str, Result]
    before: Mapping[str, Result]
    units: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, tuple[str, ...]]
    next_steps: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str] = field(default_factory=dict)
    """Indicator → management's note on its figure of the period."""
    lock: locks.Lock | None = None
    """Of a locked year everything above is as its lock found it."""
    now: Mapping[str, Result] = field(default_factory=dict)
    """Of a locked year: what is otherwise today, by indicator."""

    @property
    def attention(self) -> tuple[attention.Item, ...]:
        """What is behind and why, the most important first."""
        return attention.items(self.results, self.reasons, self.next_steps, self.units, self.period, self.as_of)


def board(store: Path, period: Period, as_of: date | None = None, known: date | None = None) -> Board:
    """The board of a period as judged on a Taipei day (today unless given).

    ``known``: what the store knew at the end of that past day, judged on it unless another is given. A locked year,
    or a part of one, is shown as its lock found it and judged no later than on the lock's day.
    """
    revision = asof.revision_on(store, known) if known else None
    day = as_of or known or periods.today()
    with asof.of_period(store, period, revision) as (connection, lock):
        found = _board(store, connection, period, day, lock, revision)
    return replace(found, now=_otherwise(store, found, day, revision)) if lock else found


def _board(
    store: Path,
    connection: database.Connection,
    period: Period,
    day: date,
    lock: locks.Lock | None,
    revision: int | None = None,
) -> Board:
    """The board of a period as this connection of :func:`sqdash.store.asof.of_period` sees the store."""
    start, end = period.start.isoformat(), period.end.isoformat()
    written = plan.explanations(connection, start, end)
    judged = min(lock.day, day) if lock else day
    worked = _as_locked(store, lock, period, judged) if lock else _work_out(connection, period, judged)
    return Board(
        period=period,
        as_of=judged,
        revision=base.revision(connection),
        kind=base.kind(connection),
        results=worked,
        before=_year_before(store, connection, period, judged, lock.revision if lock else revision),
        units=plan.lead_units(connection, period.roc_year),
        reasons=_texts(written, "reason"),
        next_steps=_texts(written, "next_step"),
        notes=plan.figure_notes(connection, start, end),
        lock=lock,
    )


def _work_out(connection: database.Connection, period: Period, day: date) -> Mapping[str, Result]:
    return results.work_out_all(period, evidence.load(connection, period, day), day)


@lru_cache(maxsize=256)
def _as_locked(store: Path, lock: locks.Lock, period: Period, day: date) -> Mapping[str, Result]:
    """The results as the lock found them: never others for the same lock, slow to find where posts changed since."""
    with asof.reading(store, lock.revision) as connection:
        return _work_out(connection, period, day)


def _year_before(
    store: Path, connection: database.Connection, period: Period, day: date, revision: int | None
) -> Mapping[str, Result]:
    """The same period a year earlier, as its own screen shows it; before ROC year 1 there is nothing.

    ``revision``: the one that the connection sees, None for the store as it is.
    """
    if period.roc_year <= 1:
        return results.work_out_all(period, Evidence(), day)
    earlier = period.previous()
    if lock := locks.of_period(connection, earlier, revision):
        return _as_locked(store, lock, earlier, min(lock.day, day))
    if own := locks.of_period(connection, period, revision):  # what it was compared with when it was locked
        return _as_locked(store, own, earlier, day)
    return _work_out(connection, earlier, day)


def _otherwise(store: Path, locked: Board, day: date, revision: int | None) -> Mapping[str, Result]:
    """The results of a locked year that read otherwise as the store is (or was after the revision)."""
    with asof.reading(store, revision) as connection:
        found = _work_out(connection, locked.period, day)
    return {key: now for key, now in found.items() if formats.differ(locked.results[key], now)}


def _whole_year(store: Path, connection: database.Connection, worked: Board, revision: int | None) -> tree.Figures:
    """The figures of the year that the board is of or within."""
    if worked.period.kind == "year":
        return worked.results, worked.before
    year, day, lock = periods.year_period(worked.period.roc_year), worked.as_of, worked.lock
    found = _as_locked(store, lock, year, day) if lock else _work_out(connection, year, day)
    return found, _year_before(store, connection, year, day, lock.revision if lock else revision)


def _texts(written: Mapping[tuple[str, str], list[dict[str, Any]]], kind: str) -> dict[str, tuple[str, ...]]:
    return {key: tuple(row["text"] for row in rows) for (key, k), rows in written.items() if k == kind}


def default_year(store: Path) -> int:
    """The newest ROC year with any reading, row or target; this year when the store is empty."""
    with database.reading(store) as connection:
        found = base.years(connection)
    return found[0] if found else periods.today().year - periods.ROC_OFFSET


def report(store: Path, year: int, as_of: date | None = None, known: date | None = None) -> tree.ReportTree:
    """The year's report; see :func:`material`."""
    return material(store, periods.year_period(year), as_of, known).tree


def material(store: Path, period: Period, as_of: date | None = None, known: date | None = None) -> Material:
    """What documents of a period are made of, read at one moment; :class:`DataError` when its year has no plan.

    Of a locked year, and of its parts, they are as of the lock. ``as_of`` and ``known`` as in :func:`board`.
    """
    revision = asof.revision_on(store, known) if known else None
    day = as_of or known or periods.today()
    with asof.of_period(store, period, revision) as (connection, lock):  # text and figures are of the same moment
        worked = _board(store, connection, period, day, lock, revision)
        year = _whole_year(store, connection, worked, revision)
        rows = _plan(connection, period.roc_year, known)
        units = plan.implementing_units(connection, period.end.isoformat())
        fans = series.fans_by_month(connection, period)
        changed = base.changed_at(connection)
    made = tree.build(rows, worked.results, year, units)
    title = made.title if period.kind == "year" else f"{made.title}（{period.label}）"
    return Material(
        tree=replace(
            made,
            title=title,
            notes=worked.notes,
            period=period.code,
            as_of=worked.as_of,
            locked=lock is not None,
        ),
        period=period,
        results=worked.results,
        before=worked.before,
        reasons=worked.reasons,
        next_steps=worked.next_steps,
        units=worked.units,
        attention=worked.attention,
        fans=tuple(fans),
        revision=worked.revision,
        made=datetime.fromisoformat(changed),
        demonstration=worked.kind == "demonstration",
    )


def _plan(connection: database.Connection, year: int, known: date | None = None) -> plan.PlanRows:
    found = plan.load(connection, year)
    if found is None and known:
        day = periods.roc_day(known)
        raise DataError(f"{day} 結束時資料庫裡還沒有 {year} 年度的計畫，請改選較晚的日期或別的年度。")
    if found is None:
        raise DataError(f"資料庫裡沒有 {year} 年度的計畫，請先匯入計畫，或改選有計畫的年度。")
    return found


@dataclass(frozen=True, slots=True)
class Desk:
    """What a writer or reviewer of a year's texts works with: the plan, its figures, what became of each text.

    ``texts`` and ``reviews`` by (owner, number); ``facts`` by code; ``locked`` the year.
    """

    board: Board
    plan: plan.PlanRows
    tree: tree.ReportTree
    texts: Mapping[tuple[str, int], str]
    reviews: Mapping[tuple[str, int], reviews.Standing]
    facts: Mapping[str, Mapping[str, Any]]
    locked: bool


def desk(store: Path, year: int, as_of: date | None = None) -> Desk:
    """The desk of a ROC year, a locked one as its lock found it; :class:`DataError` when there is no plan for it."""
    period = periods.year_period(year)
    with asof.of_period(store, period) as (connection, lock):
        worked = _board(store, connection, period, as_of or periods.today(), lock)
        rows = _plan(connection, year)
        newest = {
            (row["owner"], row["number"]): row
            for row in row_queries.current(connection, BY_NAME["text_reviews"], "year = ?", (year,))
        }
    texts = {(row["owner"], row["number"]): row["text"] for row in rows.result_texts}
    return Desk(
        worked,
        rows,
        tree.build(rows, worked.results, (worked.results, worked.before), []),
        texts,
        {key: reviews.standing(text, newest.get(key)) for key, text in texts.items()},
        {row["fact"]: row for row in rows.facts},
        lock is not None,
    )


def completeness(store: Path, year: int, as_of: date | None = None, known: date | None = None) -> checking.Completeness:
    """What is missing before the year's report is printed; :class:`DataError` when there is no plan for it.

    ``known`` as in :func:`board`.
    """
    revision = asof.revision_on(store, known) if known else None
    period = periods.year_period(year)
    with asof.of_period(store, period, revision) as (connection, lock):
        worked = _board(store, connection, period, as_of or known or periods.today(), lock, revision)
        rows = _plan(connection, year, known)
        changed = changes.figures(connection, period, lock.revision if lock else revision)
        written = changes.texts(connection, year)
    built = tree.build(rows, worked.results, (worked.results, worked.before), [])
    methods = [
        _written(method, rows, written, strategy.strategy if method is strategy.methods[0] else None)
        for dimension in built.dimensions
        for strategy in dimension.strategies
        for method in strategy.methods
    ]
    unheld = [key for key in written if key[0] not in built.owners]
    leads = {result.key: (m.units, m.unit_codes) for m in reversed(built.methods) for result in m.indicators}
    return checking.check(
        year, methods, worked.results, worked.reasons, worked.next_steps, worked.attention, changed, leads, unheld
    )


def _written(
    method: tree.MethodNode, rows: plan.PlanRows, written: Mapping[tuple[str, int], int], first_of: str | None
) -> checking.Written:
    """The method as completeness looks at it: with its own texts and those of its strategy that it rests on.

    ``first_of``: the strategy whose first method it is, so that texts that no method rests on are printed with it.
    """
    linked = [(r["owner"], r["number"]) for r in rows.result_links if r["method"] == method.method]
    beside = {key for key in tree.unlinked(rows) if key[0] == first_of}
    texts = {
        (r["owner"], r["number"]): r["text"]
        for r in rows.result_texts
        if r["owner"] == method.method or (r["owner"], r["number"]) in (*linked, *beside)
    }
    facts = frozenset(row["fact"] for row in rows.facts)
    return checking.Written(
        method.method,
        f"{method.method} {method.label}",
        method.units,
        method.unit_codes,
        tree.NO_TEXT not in method.result.split("\n"),
        tuple((*key, written[key], binding.names(text)) for key, text in texts.items()),
        next((key for key in linked if key not in written), None),
        tuple((*key, wrong) for key, text in texts.items() if (wrong := binding.unknown(text, facts))),
    )


def compare(
    store: Path, years: Sequence[int], as_of: date | None = None
) -> tuple[dict[int, Board], dict[int, tree.ReportTree]]:
    """The boards of several ROC years, and the reports of those that have a plan."""
    boards = {year: board(store, periods.year_period(year), as_of) for year in years}
    with database.reading(store) as connection:
        planned = {row["year"] for row in row_queries.current(connection, BY_NAME["plan_years"])}
    return boards, {year: report(store, year, as_of) for year in years if year in planned}


def status(worked: Board) -> dict[str, Any]:
    """The contract of ``status --json``."""
    return {
        "as_of": worked.as_of.isoformat(),
        "revision": worked.revision,
        "period": worked.period.code,
        "locked_at": worked.lock.at if worked.lock else None,
        "indicators": [
            _status_row(worked.results[i.key]) | {"now": _status_now(worked.now.get(i.key))} for i in INDICATORS
        ],
    }


def _status_now(now: Result | None) -> dict[str, Any] | None:
    """What stands beside a locked figure that is otherwise today."""
    if now is None:
        return None
    figure = now.figure or Interval()
    return {
        "value": _plain(figure.value),
        "low": _plain(figure.low),
        "high": _plain(figure.high),
        "qualifier": figure.qualifier,
        "state": now.state,
        "text": formats.figure_with_unit(now),
    }


def _interval(stated: Interval | None) -> dict[str, Any] | None:
    if stated is None:
        return None
    return {"low": _plain(stated.low), "high": _plain(stated.high), "qualifier": stated.qualifier}


def _plain(value: float | None) -> float | int | None:
    """Whole numbers without a decimal point, so that 13000 reads 13000."""
    return int(value) if value is not None and float(value).is_integer() else value


def _status_row(result: Result) -> dict[str, Any]:
    indicator, figure, applied = BY_KEY[result.key], result.figure or Interval(), result.applied
    norm = applied.target if applied and applied.target.kind == "norm" else None
    return {
        "key": result.key,
        "label": indicator.label,
        "unit": indicator.unit,
        "value": _plain(figure.value),
        "low": _plain(figure.low),
        "high": _plain(figure.high),
        "qualifier": figure.qualifier,
        "n": result.n,
        "coverage": coverage(result),
        "before": _interval(result.before),
        "target": _plain(applied.value) if applied else None,
        "comparator": applied.target.comparator if applied else None,
        "norm": norm.words if norm else None,
        "further_targets": [
            {"target": _plain(a.value), "comparator": a.target.comparator, "note": a.target.note}
            for a in result.further
        ],
        "also": [
            {
                "value": _plain(r.stated.value),
                "low": _plain(r.stated.low),
                "high": _plain(r.stated.high),
                "qualifier": r.stated.qualifier,
                "as_of": r.as_of.isoformat() if r.as_of else r.as_of_words,
                "note": r.note,
            }
            for r in result.also
        ],
        "state": result.state,
        "missing": result.missing,
        "basis": "reported" if result.basis == "derived" else result.basis,
        "derived_from": result.note or "以受理與辦結的陳報值推得" if result.basis == "derived" else None,
        "source": "；".join(source.text for source in result.sources) or None,
        "as_of": result.as_of.isoformat() if result.as_of else result.as_of_words,
        "note": result.note,
        "text": formats.figure_with_unit(result),
    }


def coverage(result: Result) -> dict[str, Any] | None:
    """How much a computed figure covers, and what stands beside a reported one."""
    if result.basis == "computed":
        first = result.ledger.first if result.ledger else None
        last = result.ledger.last if result.ledger else None
        return {
            "counted": result.n,
            "expected": result.expected_n,
            "first": first.isoformat() if first else None,
            "last": last.isoformat() if last else None,
            "reported": _plain(result.reading.stated.value) if result.reading else None,
        }
    if result.ledger and result.ledger.rows:
        return {"ledger": _plain(result.ledger.value), "rows": result.ledger.rows}
    if result.posts:
        return {"ledger": result.posts.n, "rows": result.posts.posts}
    return None
