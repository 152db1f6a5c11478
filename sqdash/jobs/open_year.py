"""Opening a new year from the last: the plan's tree, units, legal bases and links, and targets as a person set them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqdash import periods, views
from sqdash.analysis import next_targets
from sqdash.analysis.next_targets import Proposal
from sqdash.errors import DataError
from sqdash.figures import Target
from sqdash.indicators import BY_KEY
from sqdash.jobs.entries import reason_of
from sqdash.store import asof, database, gate, save
from sqdash.store.queries import rows, sources, statements
from sqdash.store.staging import Stage
from sqdash.tables import BY_NAME

COPIED = (
    "plan_years",
    "legal_bases",
    "dimensions",
    "strategies",
    "plan_groups",
    "methods",
    "method_units",
    "result_links",
    "method_indicators",
)
"""What a new year takes over; texts, facts and figures are its own."""


@dataclass(frozen=True, slots=True)
class NewYear:
    """A year that can be opened: from which one, how many methods, which targets are proposed; ``standing`` are
    indicators that have a target of the year already."""

    year: int
    last: int
    title: str
    methods: int
    proposals: tuple[Proposal, ...]
    standing: tuple[str, ...]


def look(store: Path, year: int) -> NewYear:
    """What opening the ROC year would do; :class:`DataError` when it has a plan or no earlier year has one."""
    with asof.reading(store) as connection:
        last = _last(connection, year)
        plan = next(rows.current(connection, BY_NAME["plan_years"], "year = ?", (last,)))
        methods = sum(1 for _ in rows.current(connection, BY_NAME["methods"], "year = ?", (last,)))
        old, new = (_targets(connection, of) for of in (last, year))
    standing = {target.indicator for target in new}
    results = views.board(store, periods.year_period(last)).results
    proposals = next_targets.propose((t for t in old if t.indicator not in standing), results)
    return NewYear(year, last, _next(plan["title"], last, year), methods, tuple(proposals), tuple(sorted(standing)))


def open_year(store: Path, year: int, values: Mapping[str, float | None], *, title: str, reason: str, by: str) -> int:
    """Open the ROC year in one batch that can be undone; the batch.

    ``values``: the value by name of those proposed (:func:`look`); one that is left out is not carried on.
    """
    why = reason_of(reason)
    if not title.strip():
        raise DataError("新年度的標題是空的，請填寫。")
    found = look(store, year)
    for one in found.proposals:
        value = values.get(one.name)
        if value is not None and not 0 <= value < math.inf:
            raise DataError(f"{BY_KEY[one.target.indicator].label}的目標須為 0 以上的數字，請改正。")
    with gate.write(store, by=by, reason=why) as change:
        last = _last(change.connection, year)  # once more, now that nobody else can write
        stage = Stage(change.connection)
        for name in COPIED:
            given = BY_NAME[name].names
            lines = list(rows.current(change.connection, BY_NAME[name], "year = ?", (last,)))
            if lines:
                stage.add(name, given, ((None, *_carried(name, line, year, title.strip())) for line in lines))
        if targets := list(_rows(found.proposals, values, year, last)):
            stage.add("targets", BY_NAME["targets"].names, targets)
        batch = save.open_batch(
            change, kind="entry", format="plan_years", file_name=f"開立 {year} 年度（沿用 {last} 年度）", note=why
        )
        save.close_batch(change, batch, save.put_staged(change, stage, batch, by_source_row=False))
    return batch


def _last(connection: database.Connection, year: int) -> int:
    known = [row["year"] for row in rows.current(connection, BY_NAME["plan_years"])]
    if year in known:
        raise DataError(f"{year} 年度已經有計畫，不會覆寫，請改選還沒有計畫的年度。")
    earlier = [one for one in known if one < year]
    if not earlier:
        raise DataError(f"{year} 年度之前沒有任何年度的計畫可以沿用，請先匯入計畫。")
    return int(max(earlier))


def _targets(connection: database.Connection, year: int) -> list[Target]:
    period = periods.year_period(year)
    found = statements.targets(
        connection, period.start.isoformat(), period.end.isoformat(), sources.load_batches(connection)
    )
    return [target for targets in found.values() for target in targets]


def _next(title: str, last: int, year: int) -> str:
    return re.sub(rf"(?<![0-9]){last}(?![0-9])", str(year), title)


def _carried(name: str, row: Mapping[str, Any], year: int, title: str) -> Sequence[Any]:
    """The row as the new year has it; where it was printed is the old year's alone."""
    new = {**row, "year": year, "source_place": f"沿用 {row['year']} 年度計畫"}
    if name == "plan_years":
        new["title"] = title
    return [new[column] for column in BY_NAME[name].names]


def _rows(
    proposals: Sequence[Proposal], values: Mapping[str, float | None], year: int, last: int
) -> Iterator[tuple[Any, ...]]:
    period = periods.year_period(year)
    for proposal in proposals:
        target = proposal.target
        if proposal.name not in values or (target.valid_to is None or target.valid_to >= period.end):
            continue
        yield (
            None,
            target.indicator,
            target.kind,
            target.definition,
            period.start.isoformat(),
            period.end.isoformat(),
            target.comparator,
            values[proposal.name],
            target.every_months,
            target.every_days,
            target.words,
            None,
            f"由 {last} 年度的目標與結果提出",
        )
