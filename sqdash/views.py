"""What a screen, a report or a command asks for: the store's queries joined with the analysis, once.

Every caller gets its figures from :func:`board`, so two screens can never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
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

    @property
    def attention(self) -> tuple[attention.Item, ...]:
        return attention.items(self.results, self.reasons, self.next_steps, self.units, self.period, self.as_of)


def board(store: Path, period: Period, as_of: date | None = None, known: date | None = None) -> Board:
    """The board of a period as judged on a Taipei day (today unless given).

    ``known``: what the store knew at the end of that past day, judged on it unless another is given.
    """
    revision = asof.revision_on(store, known) if known else None
    with asof.reading(store, revision) as connection:
        return _board(connection, period, as_of or known or periods.today())


def _board(connection: database.Connection, period: Period, day: date) -> Board:
    start, end = period.start.isoformat(), period.end.isoformat()
    written = plan.explanations(connection, start, end)
    return Board(
        period=period,
        as_of=day,
        revision=base.revision(connection),
        kind=base.kind(connection),
        results=results.work_out_all(period, evidence.load(connection, period, day), day),
        before=_year_before(connection, period, day),
        units=plan.lead_units(connection, period.roc_year),
        reasons=_texts(written, "reason"),
        next_steps=_texts(written, "next_step"),
        notes=plan.figure_notes(connection, start, end),
    )


def _year_before(connection: database.Connection, period: Period, day: date) -> Mapping[str, Result]:
    """The same period a year earlier; before ROC year 1 there is nothing."""
    if period.roc_year <= 1:
        return results.work_out_all(period, Evidence(), day)
    earlier = period.previous()
    return results.work_out_all(earlier, evidence.load(connection, earlier, day), day)


def _whole_year(connection: database.Connection, worked: Board) -> tree.Figures:
    """The figures of the year that the board is of or within."""
    if worked.period.kind == "year":
        return worked.results, worked.before
    year = periods.year_period(worked.period.roc_year)
    results_ = results.work_out_all(year, evidence.load(connection, year, worked.as_of), worked.as_of)
    return results_, _year_before(connection, year, worked.as_of)


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

    A locked year reads the store as of its lock and is judged on the lock's day. ``known`` as in :func:`board`.
    """
    revision = asof.revision_on(store, known) if known else None
    with database.reading(store) as connection:  # one read: text and figures are of the same moment
        locked = locks.locked(connection, revision).get(period.roc_year)
        if locked is not None:
            as_of = asof.day_of(connection, locked)
        if (seen := revision if locked is None else locked) is not None:
            asof.shadow(connection, seen)
        worked = _board(connection, period, as_of or known or periods.today())
        year = _whole_year(connection, worked)
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
            locked=locked is not None,
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
    """The desk of a ROC year as the store is now; :class:`DataError` when there is no plan for it."""
    with database.reading(store) as connection:
        worked = _board(connection, periods.year_period(year), as_of or periods.today())
        rows = _plan(connection, year)
        newest = {
            (row["owner"], row["number"]): row
            for row in row_queries.current(connection, BY_NAME["text_reviews"], "year = ?", (year,))
        }
        locked = year in locks.locked(connection)
    texts = {(row["owner"], row["number"]): row["text"] for row in rows.result_texts}
    return Desk(
        worked,
        rows,
        tree.build(rows, worked.results, (worked.results, worked.before), []),
        texts,
        {key: reviews.standing(text, newest.get(key)) for key, text in texts.items()},
        {row["fact"]: row for row in rows.facts},
        locked,
    )


def completeness(store: Path, year: int, as_of: date | None = None, known: date | None = None) -> checking.Completeness:
    """What is missing before the year's report is printed; :class:`DataError` when there is no plan for it.

    ``known`` as in :func:`board`.
    """
    revision = asof.revision_on(store, known) if known else None
    with asof.reading(store, revision) as connection:
        period = periods.year_period(year)
        worked = _board(connection, period, as_of or known or periods.today())
        rows = _plan(connection, year, known)
        changed, written = changes.figures(connection, period, revision), changes.texts(connection, year)
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
        "indicators": [_status_row(worked.results[i.key]) for i in INDICATORS],
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
