"""What the year's plan and its report are made of: figures, texts and plan of one moment, joined once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqdash import periods, views
from sqdash.analysis import completeness as checking
from sqdash.errors import DataError
from sqdash.periods import Period
from sqdash.report import binding, contradictions, reviews, tree
from sqdash.report.contents import Material
from sqdash.store import asof, database
from sqdash.store.queries import base, changes, plan, series
from sqdash.store.queries import rows as row_queries
from sqdash.tables import BY_NAME


def report(store: Path, year: int, as_of: date | None = None, known: date | None = None) -> tree.ReportTree:
    """The year's report; see :func:`material`."""
    return material(store, periods.year_period(year), as_of, known).tree


def no_report(period: Period, where: str) -> str:
    """Why a period has no report, and what to change ``where``; empty for one that has."""
    if period.start.year == period.end.year:
        return ""
    return f"報告依一個年度的計畫寫成，{period.label} 跨了年度，請把{where}改成一個年度內的期間。"


def material(store: Path, period: Period, as_of: date | None = None, known: date | None = None) -> Material:
    """What documents of a period are made of, read at one moment; :class:`DataError` when its year has no plan.

    Of a locked year, and of its parts, they are as of the lock. ``as_of`` and ``known`` as in
    :func:`sqdash.views.board`.
    """
    revision = asof.revision_on(store, known) if known else None
    day = as_of or known or periods.today()
    with asof.of_period(store, period, revision) as (connection, lock):  # text and figures are of the same moment
        worked = views.board_at(store, connection, period, day, lock, revision)
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
        raise DataError(
            f"資料庫裡沒有 {year} 年度的計畫，請先在「計畫與成果」開立這個年度，或匯入計畫，或改選有計畫的年度。"
        )
    return found


@dataclass(frozen=True, slots=True)
class Desk:
    """What a writer or reviewer of a year's texts works with: the plan, its figures, what became of each text.

    ``texts`` and ``reviews`` by (owner, number); ``facts`` by code; ``locked`` the year.
    """

    board: views.Board
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
        worked = views.board_at(store, connection, period, as_of or periods.today(), lock)
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

    ``known`` as in :func:`sqdash.views.board`.
    """
    revision = asof.revision_on(store, known) if known else None
    period = periods.year_period(year)
    with asof.of_period(store, period, revision) as (connection, lock):
        worked = views.board_at(store, connection, period, as_of or known or periods.today(), lock, revision)
        rows = _plan(connection, year, known)
        until = lock.revision if lock else revision
        changed = changes.facts(connection, year, until) | changes.figures(connection, period, until)
        written = changes.texts(connection, year)
    figures = worked.results, worked.before
    built = tree.build(rows, worked.results, figures, [])
    otherwise = contradictions.of_texts(built, rows, figures)
    methods = [
        _written(
            method, rows, figures, written, otherwise, strategy.strategy if method is strategy.methods[0] else None
        )
        for dimension in built.dimensions
        for strategy in dimension.strategies
        for method in strategy.methods
    ]
    alone = [
        _written_alone(strategy, rows, figures, written)
        for dimension in built.dimensions
        for strategy in dimension.strategies
        if not strategy.methods
    ]
    unheld = [key for key in written if key[0] not in built.owners]
    leads = {result.key: (m.units, m.unit_codes) for m in reversed(built.methods) for result in m.indicators}
    return checking.check(
        year,
        methods,
        worked.results,
        worked.reasons,
        worked.next_steps,
        worked.attention,
        changed,
        leads,
        unheld,
        alone,
        {row["fact"]: row["label"] for row in rows.facts},
    )


def _written(
    method: tree.MethodNode,
    rows: plan.PlanRows,
    figures: tree.Figures,
    written: Mapping[tuple[str, int], int],
    otherwise: Mapping[tuple[str, int], frozenset[str]],
    first_of: str | None,
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
    return checking.Written(
        method.method,
        f"{method.method} {method.label}",
        method.units,
        method.unit_codes,
        tree.NO_TEXT not in method.result.split("\n"),
        _bound(texts, written, otherwise),
        next((key for key in linked if key not in written), None),
        _unbound(texts, rows),
        _gaps(texts, rows, figures),
    )


def _written_alone(
    strategy: tree.StrategyNode, rows: plan.PlanRows, figures: tree.Figures, written: Mapping[tuple[str, int], int]
) -> checking.Written:
    """A strategy without methods, which has a row of its own in the report, as if it were one."""
    texts = {(r["owner"], r["number"]): r["text"] for r in rows.result_texts if r["owner"] == strategy.strategy}
    return checking.Written(
        strategy.strategy,
        f"{strategy.strategy} {strategy.label}（未列執行方法）",
        (),
        frozenset(),
        bool(texts),
        _bound(texts, written, {}),
        unbound=_unbound(texts, rows),
        gaps=_gaps(texts, rows, figures),
    )


_Texts = Mapping[tuple[str, int], str]


def _bound(
    texts: _Texts, written: Mapping[tuple[str, int], int], otherwise: Mapping[tuple[str, int], frozenset[str]]
) -> tuple[tuple[str, int, int, frozenset[str]], ...]:
    """Each text with the revision that brought it, and what it binds or says ``otherwise`` by hand."""
    return tuple(
        (*key, written[key], binding.names(text) | otherwise.get(key, frozenset())) for key, text in texts.items()
    )


def _unbound(texts: _Texts, rows: plan.PlanRows) -> tuple[tuple[str, int, str], ...]:
    """Each text that binds nothing known, with what is in its braces and wrong with it."""
    facts = frozenset(row["fact"] for row in rows.facts)
    return tuple(
        (*key, f"「{wrong[:40]}」{binding.fault(wrong)}")
        for key, text in texts.items()
        if (wrong := binding.unknown(text, facts))
    )


def _gaps(texts: _Texts, rows: plan.PlanRows, figures: tree.Figures) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    """Each text in which a figure is missing, with what those figures are called."""
    facts = {row["fact"]: row for row in rows.facts}
    return tuple((*key, names) for key, text in texts.items() if (names := binding.gaps(text, *figures, facts)))


def compare(
    store: Path, years: Sequence[int], as_of: date | None = None
) -> tuple[dict[int, views.Board], dict[int, tree.ReportTree]]:
    """The boards of several ROC years, and the reports of those that have a plan."""
    boards = {year: views.board(store, periods.year_period(year), as_of) for year in years}
    with database.reading(store) as connection:
        planned = {row["year"] for row in row_queries.current(connection, BY_NAME["plan_years"])}
    return boards, {year: report(store, year, as_of) for year in years if year in planned}


def _whole_year(
    store: Path, connection: database.Connection, worked: views.Board, revision: int | None
) -> tree.Figures:
    """The figures of the year that the board is of or within."""
    if worked.period.kind == "year":
        return worked.results, worked.before
    year, day, lock = periods.year_period(worked.period.roc_year), worked.as_of, worked.lock
    found = views.as_locked(store, lock, year, day) if lock else views.work_out(connection, year, day)
    return found, views.year_before(store, connection, year, day, lock.revision if lock else revision)
