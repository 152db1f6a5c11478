"""What is known about every indicator for one period: a handful of queries whatever the store's size."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from sqdash.figures import Evidence, Interval, LedgerFigure, Mark, Opening, Reading
from sqdash.freshness import FIGURE_DAYS
from sqdash.indicators import INDICATORS, Indicator
from sqdash.periods import Period
from sqdash.store.queries import post_figures, statements
from sqdash.store.queries.sources import Batches, listed_sources, load_batches, source


def load(connection: sqlite3.Connection, period: Period, as_of: date | None = None) -> Evidence:
    """All evidence for the period; with ``as_of``, rows and statements about later days are left out."""
    batches = load_batches(connection)
    known = _known(period, as_of)
    posts, post_count = post_figures.load(connection, known, batches) if known else ({}, 0)
    return Evidence(
        readings=_readings(connection, period, batches, as_of),
        targets=statements.targets(connection, _first_of_year(period), period.end.isoformat(), batches),
        marks=_marks(connection, period, batches),
        ledgers=_ledgers(connection, period, known, batches, as_of) if known else {},
        posts=posts,
        post_count=post_count,
        opening=_opening(connection, known or period),
        report_years=frozenset(
            year for (year,) in connection.execute("SELECT year FROM plan_years WHERE closed_revision IS NULL")
        ),
    )


def _first_of_year(period: Period) -> str:
    """Targets of the year before the period tell where the line of those in it begins."""
    return date(period.start.year, 1, 1).isoformat()


def _known(period: Period, as_of: date | None) -> Period | None:
    """The part of the period that has passed on the day."""
    if as_of is None or as_of >= period.end:
        return period
    return Period(period.start, as_of) if as_of >= period.start else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _readings(
    connection: sqlite3.Connection, period: Period, batches: Batches, as_of: date | None
) -> dict[str, tuple[Reading, ...]]:
    """Statements for the period or dated inside it. One without a day is about the period's last day, or, where it says
    how things stood before, about its first."""
    start, end = period.start.isoformat(), period.end.isoformat()
    found = defaultdict(list)
    for r in connection.execute(
        "SELECT indicator, period_from, period_to, moment, value, low, high, qualifier, basis, as_of, as_of_words, "
        "note, batch, source_row, source_place FROM readings WHERE closed_revision IS NULL "
        "AND ((period_from = ? AND period_to = ?) OR as_of BETWEEN ? AND ?) "
        "AND coalesce(as_of, iif(moment = 'before', period_from, period_to)) <= ? "
        "ORDER BY indicator, moment, ordinal",
        (start, end, start, end, (as_of or date.max).isoformat()),
    ):
        found[r[0]].append(
            Reading(
                r[0],
                date.fromisoformat(r[1]),
                date.fromisoformat(r[2]),
                r[3],
                Interval(*r[4:8]),
                r[8],
                _day(r[9]),
                r[10],
                r[11],
                source(batches, *r[12:15]),
            )
        )
    return {key: tuple(rows) for key, rows in found.items()}


def _marks(connection: sqlite3.Connection, period: Period, batches: Batches) -> dict[str, tuple[Mark, ...]]:
    found = statements.marks(connection, period.start.isoformat(), period.end.isoformat(), batches)
    covered = _covered(connection, period, batches)
    for indicator in INDICATORS:
        if covered and indicator.ledger and indicator.ledger.table == "posts":
            found[indicator.key] += covered
    return {key: tuple(rows) for key, rows in found.items()}


def _covered(connection: sqlite3.Connection, period: Period, batches: Batches) -> list[Mark]:
    """Spans whose posts exports of every own page state whole: nobody has to mark them complete. A page that began
    later has nothing to cover."""
    pages: dict[str, list[Mark]] = {page: [] for page in _own_pages(connection)}
    for page, batch, start, end in connection.execute(
        "SELECT c.page_id, c.batch, c.day_from, c.day_to FROM coverage c JOIN imports i ON i.batch = c.batch "
        "WHERE i.undone_revision IS NULL AND c.day_from <= ? AND c.day_to >= ? ORDER BY c.batch, c.day_from",
        (period.end.isoformat(), period.start.isoformat()),
    ):
        if page in pages:
            mark = Mark(date.fromisoformat(start), date.fromisoformat(end), True, source(batches, batch))
            pages[page].append(mark)
    if not any(pages.values()):
        return []
    spans = [marks for page, marks in pages.items() if marks or _has_posts(connection, page, period.months[-1])]
    common, *others = spans or [[]]
    for marks in others:
        common = [
            Mark(max(a.period_from, b.period_from), min(a.period_to, b.period_to), True, a.source)
            for a in common
            for b in marks
            if max(a.period_from, b.period_from) <= min(a.period_to, b.period_to)
        ]
    return common


def _has_posts(connection: sqlite3.Connection, page: str, until: str) -> bool:
    """Whether it has a post of that month or an earlier one."""
    found = connection.execute(
        "SELECT 1 FROM post_months WHERE measure = 'posts' AND page_id = ? AND month <= ? LIMIT 1", (page, until)
    )
    return found.fetchone() is not None


# For each dated ledger: its day column and what can be added up.
_DATED = {
    "activities": ("held_on", ("sessions", "attendees")),
    "checks": ("checked_on", ("people",)),
}


def _ledgers(
    connection: sqlite3.Connection, period: Period, known: Period, batches: Batches, as_of: date | None
) -> dict[str, LedgerFigure]:
    by_table: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in INDICATORS:
        if indicator.ledger:
            by_table[indicator.ledger.table].append(indicator)
    found: dict[str, LedgerFigure] = {}
    for table in _DATED:
        found |= _dated(connection, table, by_table[table], known, batches)
    found |= _surveys(connection, by_table["surveys"], period, known, batches, as_of)
    found |= _petitions(connection, by_table["petitions"], known, batches)
    found |= _innovations(connection, by_table["innovation_items"], period, batches)
    found |= _page_days(connection, by_table["page_days"], known, batches)
    return found


def _dated(
    connection: sqlite3.Connection, table: str, indicators: Iterable[Indicator], period: Period, batches: Batches
) -> dict[str, LedgerFigure]:
    """Rows of a dated ledger by kind: how many, on how many days, and the sums of its columns."""
    day, columns = _DATED[table]
    sums = "".join(f", sum({c}), count({c})" for c in columns)
    by_kind = {
        row[0]: row
        for row in connection.execute(
            f"SELECT kind, count(*), count(DISTINCT {day}), min({day}), max({day}), group_concat(DISTINCT batch){sums} "  # noqa: S608
            f"FROM {table} WHERE closed_revision IS NULL AND {day} BETWEEN ? AND ? GROUP BY kind",
            (period.start.isoformat(), period.end.isoformat()),
        )
    }
    found = {}
    for indicator in indicators:
        ledger = indicator.ledger
        if not ledger or ledger.kind not in by_kind:
            continue
        _, rows, days, first, last, listed, *added = by_kind[ledger.kind]
        if ledger.measure in columns:
            at = columns.index(ledger.measure) * 2
            value, missing = added[at], rows - added[at + 1]
        else:
            value, missing = (days if ledger.measure == "day" else rows), 0
        found[indicator.key] = LedgerFigure(
            value, rows, missing, _day(first), _day(last), listed_sources(batches, listed)
        )
    return found


def _surveys(
    connection: sqlite3.Connection,
    indicators: Iterable[Indicator],
    period: Period,
    known: Period,
    batches: Batches,
    as_of: date | None,
) -> dict[str, LedgerFigure]:
    """Surveys of the year that are over (also those without dates, and one that ended after New Year), or those that
    ended inside a shorter period."""
    where, values = "held_to BETWEEN ? AND ?", tuple[object, ...]((known.start.isoformat(), known.end.isoformat()))
    if period.kind == "year":
        where, values = "year = ? AND ifnull(held_to, '') <= ?", (period.roc_year, (as_of or date.max).isoformat())
    rows = connection.execute(
        "SELECT indicator, satisfaction, held_to, batch, source_row, source_place FROM surveys "  # noqa: S608
        f"WHERE closed_revision IS NULL AND {where} ORDER BY held_to, survey_id",
        values,
    ).fetchall()
    found = {}
    for indicator in indicators:
        kind = indicator.ledger.kind if indicator.ledger else ""
        mine = [r for r in rows if not kind or r[0] == kind]
        if not mine:
            continue
        sources = tuple(source(batches, *r[3:]) for r in mine)
        days = [d for r in mine if (d := _day(r[2]))]
        first, last = (min(days), max(days)) if days else (None, None)
        if not kind:
            found[indicator.key] = LedgerFigure(len(mine), len(mine), 0, first, last, sources)
            continue
        given = [r for r in mine if r[1] is not None]
        value = given[-1][1] if given else None
        found[indicator.key] = LedgerFigure(value, len(mine), len(mine) - len(given), first, last, sources[-1:])
    return found


def _petitions(
    connection: sqlite3.Connection, indicators: Iterable[Indicator], period: Period, batches: Batches
) -> dict[str, LedgerFigure]:
    """Sums over months that lie wholly inside the period."""
    months = period.months
    rows, received, closed, first, last, listed = connection.execute(
        "SELECT count(*), sum(received), sum(closed), min(month), max(month), group_concat(DISTINCT batch) "
        "FROM petitions WHERE closed_revision IS NULL AND month BETWEEN ? AND ? "
        "AND month || '-01' >= ? AND date(month || '-01', '+1 month', '-1 day') <= ?",
        (months[0], months[-1], period.start.isoformat(), period.end.isoformat()),
    ).fetchone()
    if not rows:
        return {}
    end = date.fromisoformat(f"{last}-01")
    end = (end.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return {
        indicator.key: LedgerFigure(
            received if indicator.ledger and indicator.ledger.measure == "received" else closed,
            rows,
            0,
            date.fromisoformat(f"{first}-01"),
            end,
            listed_sources(batches, listed),
        )
        for indicator in indicators
    }


def _innovations(
    connection: sqlite3.Connection, indicators: Iterable[Indicator], period: Period, batches: Batches
) -> dict[str, LedgerFigure]:
    """The items of the year; they have no day, and so belong to no shorter period."""
    if period.kind != "year":
        return {}
    rows, listed = connection.execute(
        "SELECT count(*), group_concat(DISTINCT batch) FROM innovation_items "
        "WHERE closed_revision IS NULL AND year = ?",
        (period.roc_year,),
    ).fetchone()
    if not rows:
        return {}
    figure = LedgerFigure(rows, rows, 0, None, None, listed_sources(batches, listed))
    return {indicator.key: figure for indicator in indicators}


def _own_pages(connection: sqlite3.Connection) -> dict[str, str]:
    """Id → name."""
    own = "SELECT page_id, label FROM pages WHERE kind = 'own' AND closed_revision IS NULL"
    return dict(connection.execute(own).fetchall())


def own_page(connection: sqlite3.Connection, measure: str, day: str) -> str | None:
    """The own page with the newest figure up to the day; of several whose figures are not stale beside it the first by
    its id, so that a pull that failed, or has not come yet today, puts no other page's figure in its place."""
    found = connection.execute(
        "WITH own AS (SELECT p.page_id, (SELECT max(d.day) FROM page_days d WHERE d.page_id = p.page_id "
        "AND d.measure = ? AND d.day <= ? AND d.closed_revision IS NULL) AS newest FROM pages p "
        "WHERE p.kind = 'own' AND p.closed_revision IS NULL) SELECT page_id FROM own "
        "ORDER BY newest >= (SELECT date(max(newest), ?) FROM own) DESC, page_id LIMIT 1",
        (measure, day, f"-{FIGURE_DAYS} days"),
    ).fetchone()
    return found[0] if found else None


def _has_days(connection: sqlite3.Connection, page: str | None, measure: str, until: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM page_days WHERE page_id = ? AND measure = ? AND day <= ? AND closed_revision IS NULL LIMIT 1",
        (page, measure, until),
    )
    return found.fetchone() is not None


def _page_days(
    connection: sqlite3.Connection, indicators: Iterable[Indicator], period: Period, batches: Batches
) -> dict[str, LedgerFigure]:
    """The last value inside the period; a stock is never added up, and one of several own pages counts."""
    found = {}
    own = _own_pages(connection)
    for indicator in indicators:
        measure = indicator.ledger.kind if indicator.ledger else ""
        page = own_page(connection, measure, period.end.isoformat())
        last = connection.execute(
            "SELECT value, day, batch, source_row FROM page_days WHERE page_id = ? AND measure = ? "
            "AND day BETWEEN ? AND ? AND closed_revision IS NULL "
            "ORDER BY day DESC, day_zone = 'Asia/Taipei' DESC LIMIT 1",
            (page, measure, period.start.isoformat(), period.end.isoformat()),
        ).fetchone()
        if last:
            day = date.fromisoformat(last[1])
            found[indicator.key] = LedgerFigure(
                last[0],
                1,
                0,
                day,
                day,
                (source(batches, last[2], last[3]),),
                page=own.get(page or "", "") if len(own) > 1 else "",
            )
    return found


def _opening(connection: sqlite3.Connection, period: Period) -> dict[str, Opening]:
    """The last known value of the year before the period's, per last-value indicator: a day's or a reading's. What is
    older says nothing of how a year began.

    Days are those of the page whose figures the period has; another's only where that page has none so early.
    """
    first, eve = (date(period.start.year - 1, *day).isoformat() for day in ((1, 1), (12, 31)))
    found: dict[str, Opening] = {}
    for indicator in INDICATORS:
        if indicator.rollup != "last" or not indicator.ledger or indicator.ledger.table != "page_days":
            continue
        measure = indicator.ledger.kind
        page = own_page(connection, measure, period.end.isoformat())
        if not _has_days(connection, page, measure, eve):
            page = own_page(connection, measure, eve)
        for query, values in (
            (
                "SELECT day, value FROM page_days WHERE page_id = ? AND measure = ? AND day BETWEEN ? AND ? "
                "AND closed_revision IS NULL ORDER BY day DESC, day_zone = 'Asia/Taipei' DESC LIMIT 1",
                (page, measure, first, eve),
            ),
            (
                "SELECT as_of, value FROM readings WHERE indicator = ? AND moment = 'result' AND as_of BETWEEN ? AND ? "
                "AND value IS NOT NULL AND closed_revision IS NULL ORDER BY as_of DESC LIMIT 1",
                (indicator.key, first, eve),
            ),
        ):
            if row := connection.execute(query, values).fetchone():
                one, known = Opening(float(row[1]), date.fromisoformat(row[0])), found.get(indicator.key)
                if known is None or one.day > known.day:
                    found[indicator.key] = one
    return found
