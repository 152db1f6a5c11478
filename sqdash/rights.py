"""Which action a row of each table needs, and by what it belongs to a unit.

Forms for single rows, corrections and files ask here; what a page's own buttons do names its action itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sqdash.people import Action, Person
from sqdash.tables import BY_NAME, TABLES

_PLAN = (
    *("units", "unit_members", "plan_years", "legal_bases", "dimensions", "strategies", "plan_groups", "methods"),
    *("method_units", "facts", "result_texts", "result_links", "method_indicators", "targets", "readings"),
    *("year_locks", "milestones", "innovation_items", "recognitions", "site_sections", "holidays"),
)
# A text of the report comes by its own form, which knows its lead units: as a row it is part of the plan.
NEEDS: Mapping[str, Action] = {
    **dict.fromkeys(("activities", "surveys", "petitions", "checks", "ledger_marks"), Action.ENTER),
    **dict.fromkeys(("posts", "snapshots", "page_days"), Action.ENTER),
    **dict.fromkeys(_PLAN, Action.TARGETS),
    **dict.fromkeys(("text_reviews", "figure_notes", "meeting_decisions"), Action.REVIEW),
    "explanations": Action.EXPLAIN,
    "contributions": Action.ROTA,
    "topic_rules": Action.TOPICS,
    "alert_rules": Action.RULES,
    "pages": Action.SOURCES,
}
"""Table → what a person must be allowed to do in order to enter, correct or strike its rows, by form or by file."""

Belongs = Literal["unit", "lead"]
BELONGS: Mapping[str, Belongs] = {
    **dict.fromkeys(("activities", "surveys", "checks", "contributions", "meeting_decisions"), "unit"),
    **dict.fromkeys(("explanations", "ledger_marks"), "lead"),
}
"""Table → by what its rows belong to somebody: the column ``unit``, or the lead units of the row's indicator (and the
unit that is named). Rows of other tables, and rows that name nobody, belong to all who may enter them."""


def tables_of(person: Person) -> frozenset[str]:
    """The tables whose rows the person may enter, be it those of one unit alone."""
    return frozenset(table.name for table in TABLES if person.may(NEEDS[table.name]))


def labels(names: frozenset[str]) -> str:
    """The tables as a person calls them, in the catalogue's order."""
    return "、".join(BY_NAME[table.name].label for table in TABLES if table.name in names)
