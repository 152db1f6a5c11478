"""Opening a new year from the last: the plan's tree, units, legal bases and links, and targets as a person set them."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from sqdash import periods, views
from sqdash.analysis import next_leads, next_targets
from sqdash.analysis.next_leads import Ended
from sqdash.analysis.next_targets import Proposal
from sqdash.analysis.targets import beats
from sqdash.errors import DataError
from sqdash.figures import Target
from sqdash.indicators import BY_KEY
from sqdash.jobs import year_labels
from sqdash.jobs.entries import reason_of
from sqdash.jobs.year_labels import Changed, Label
from sqdash.store import asof, database, gate, save
from sqdash.store.queries import plan, rows, sources, statements
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
    indicators that have a target of the year already; ``labels`` are texts whose years would move, which name a target
    that is another by then, or units that have ended or have another name.

    ``ended`` are lead units that have ended by then, ``units`` those that there are (by code, with their names) and
    that may go on for them; ``renamed``: the name of a lead unit in the last plan → its name by then.
    """

    year: int
    last: int
    title: str
    methods: int
    proposals: tuple[Proposal, ...]
    standing: tuple[str, ...]
    labels: tuple[Label, ...] = ()
    ended: tuple[Ended, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


def look(store: Path, year: int) -> NewYear:
    """What opening the ROC year would do; :class:`DataError` when it has a plan or no earlier year has one."""
    with asof.reading(store) as connection:
        last = _last(connection, year)
        head = next(_rows_of(connection, "plan_years", last))
        methods = sum(1 for _ in _rows_of(connection, "methods", last))
        leads = _Leads.of(connection, last, year)
        old, new = (_targets(connection, of) for of in (last, year))
        standing = {target.indicator for target in new}
        proposals = _proposals(store, [t for t in old if t.indicator not in standing], last, year)
        then = [*new, *(replace(one.target, value=one.value) for one in proposals)]
        changed = _changed(_rows_of(connection, "method_indicators", last), old, then)
        rows_of = partial(_rows_of, connection, year=last)
        labels = list(year_labels.of_plan(rows_of, last, year, leads.reworded, changed))
        labels += year_labels.of_leads(next_leads.shared(leads.rows, leads.ended, leads.units))
    labels += year_labels.of_targets(proposals, last, year)
    return NewYear(
        year,
        last,
        _next(head["title"], last, year),
        methods,
        tuple(proposals),
        tuple(sorted(standing)),
        tuple(labels),
        leads.ended,
        next_leads.renamed(leads.rows, leads.units, leads.now),
        {unit: label for unit, (label, _) in leads.now.items()},
    )


def open_year(
    store: Path,
    year: int,
    values: Mapping[str, float | None],
    *,
    title: str,
    reason: str,
    by: str,
    labels: Mapping[str, str] | None = None,
    successors: Mapping[str, str | None] | None = None,
) -> int:
    """Open the ROC year in one batch that can be undone; the batch.

    ``values``: the value by name of those proposed (:func:`look`); one that is left out is not carried on.
    ``labels``: the new text by name; one that is left out stays as it is.
    ``successors``: for each lead unit that has ended the one that goes on with its methods, or None for no unit; where
    one is left out nothing is opened, so that no method keeps or loses a unit that nobody was asked about.
    """
    why = reason_of(reason, of="開立年度")
    if not title.strip():
        raise DataError("新年度的標題是空的，請填寫。")
    found = look(store, year)
    title = year_labels.checked(Label("title", "新年度的標題", found.title, found.title), title)
    for one in found.proposals:
        value = values.get(one.name)
        if value is not None and not 0 <= value < math.inf:
            raise DataError(f"{BY_KEY[one.target.indicator].label}的目標須為 0 以上的數字，請改正。")
        if value is not None and one.target.has_rhythm:
            _require_its_beat(one, value, year)
    told = {
        one.name: year_labels.checked(one, labels[one.name]) for one in found.labels if labels and one.name in labels
    }
    with gate.write(store, by=by, reason=why) as change:
        last = _last(change.connection, year)  # once more, now that nobody else can write
        stage = Stage(change.connection)
        leads = _Leads.of(change.connection, last, year).carried(successors or {}, year)
        for name in COPIED:
            given = BY_NAME[name].names
            lines = leads if name == "method_units" else list(_rows_of(change.connection, name, last))
            if lines:
                stage.add(name, given, ((None, *_carried(name, line, year, title, told)) for line in lines))
        if targets := list(_rows(found.proposals, values, told, year, last)):
            stage.add("targets", BY_NAME["targets"].names, targets)
        batch = save.open_batch(
            change, kind="entry", format="plan_years", file_name=f"開立 {year} 年度（沿用 {last} 年度）", note=why
        )
        save.close_batch(change, batch, save.put_staged(change, stage, batch, by_source_row=False))
    return batch


@dataclass(frozen=True, slots=True)
class _Leads:
    """Who leads the methods of the last plan (``rows``) and all that is known of ``units``; when the new year begins
    some have ``ended``, and the others have the names of ``now``."""

    rows: list[dict[str, Any]]
    units: list[dict[str, Any]]
    now: next_leads.Names
    ended: tuple[Ended, ...]

    @classmethod
    def of(cls, connection: database.Connection, last: int, year: int) -> _Leads:
        leads, units = (
            list(_rows_of(connection, "method_units", last)),
            list(rows.current(connection, BY_NAME["units"])),
        )
        day = periods.year_period(year).start.isoformat()
        return cls(leads, units, plan.units_named(connection, day), next_leads.ended(leads, units, day))

    def reworded(self, text: str) -> tuple[str, bool]:
        """The text with the names of units by then, and whether it names one that has ended."""
        return next_leads.reworded(text, self.units, self.now), next_leads.names_ended(text, self.ended, self.units)

    def carried(self, successors: Mapping[str, str | None], year: int) -> list[dict[str, Any]]:
        """The rows of the new year; :class:`DataError` where it was not said who goes on for a unit that has ended."""
        for one in self.ended:
            if one.unit not in successors:
                raise DataError(
                    f"{one.name}在 {year} 年度之前已經結束，還主辦 {len(one.methods)} 項執行方法，"
                    "請重新整理後選擇由哪個單位接續。"
                )
            if (unit := successors[one.unit]) is not None and unit not in self.now:
                raise DataError(f"要接續{one.name}的單位「{unit}」在 {year} 年度開始時不存在，請改選別的單位。")
        told = {one.unit: successors[one.unit] for one in self.ended}
        return list(next_leads.carried(self.rows, self.units, self.now, told))


def _rows_of(connection: database.Connection, table: str, year: int) -> Iterator[dict[str, Any]]:
    """The current rows of a year's plan."""
    return rows.current(connection, BY_NAME[table], "year = ?", (year,))


def _proposals(store: Path, targets: Sequence[Target], last: int, year: int) -> list[Proposal]:
    period = periods.year_period(last)
    results = views.board(store, period).results
    named = "" if last == year - 1 else f"{last} 年"
    found = next_targets.propose(targets, results, period.end, named)
    return [replace(one, value=_expected(one, year)) if _counted(one) else one for one in found]


def _changed(
    links: Iterable[Mapping[str, Any]], old: Sequence[Target], new: Sequence[Target]
) -> dict[str, list[Changed]]:
    """Of each method the targets of its indicators that are others in the new year, which its text may name."""
    before, after = (
        {(t.indicator, t.definition): t.value for t in sorted(some, key=lambda t: t.valid_from) if t.kind == "target"}
        for some in (old, new)
    )
    changed: dict[str, list[Changed]] = defaultdict(list)
    for key, value in after.items():
        last = before.get(key)
        if last is not None and value not in (None, last):
            changed[key[0]].append(Changed(last, value, BY_KEY[key[0]].unit))
    found: dict[str, list[Changed]] = defaultdict(list)
    for link in links:
        found[link["method"]] += changed.get(link["indicator"], ())
    return found


def _counted(proposal: Proposal) -> bool:
    """Whether it is a rhythm of which a count is expected."""
    return proposal.target.has_rhythm and proposal.value is not None


def _expected(proposal: Proposal, year: int) -> float:
    """The count that the proposed rhythm gives in the year."""
    period = periods.year_period(year)
    rhythm = replace(proposal.target, value=1.0, valid_from=period.start, valid_to=period.end)
    return float(sum(count for _, count in beats(rhythm, period)))


def _require_its_beat(proposal: Proposal, value: float, year: int) -> None:
    """Screens and reports go by the rhythm: another number beside it would be stored and count in nothing."""
    if value == (expected := _expected(proposal, year)):
        return
    target, unit = proposal.target, BY_KEY[proposal.target.indicator].unit
    raise DataError(
        f"{BY_KEY[target.indicator].label}的 {value:g} {unit}與規律不合，{target.words or '這個規律'}在 {year} 年度是 "
        f"{expected:g} {unit}，請改回 {expected:g}；要改規律請開立後到設定變更。"
    )


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
    found = statements.targets(connection, *period.stored, sources.load_batches(connection))
    return [target for targets in found.values() for target in targets]


def _next(title: str, last: int, year: int) -> str:
    return re.sub(rf"(?<![0-9]){last}(?![0-9])", str(year), title)


def _carried(name: str, row: Mapping[str, Any], year: int, title: str, labels: Mapping[str, str]) -> Sequence[Any]:
    """The row as the new year has it, with the words that a person changed; where it was printed is the old year's."""
    new = {**row, "year": year, "source_place": f"沿用 {row['year']} 年度計畫"}
    new |= year_labels.told(name, row, labels)
    if name == "plan_years":
        new["title"] = title
    return [new[column] for column in BY_NAME[name].names]


def _rows(
    proposals: Sequence[Proposal], values: Mapping[str, float | None], told: Mapping[str, str], year: int, last: int
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
            told.get(year_labels.of_target(proposal), target.words),
            None,
            f"由 {last} 年度的目標與結果提出",
        )
