"""The catalogue of tables holds together."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from sqdash.tables import BY_NAME, POST_MEASURES, TABLES, Column, ColumnType, Table

# (table, column) → the earlier table whose key it names.
REFERENCES = {
    ("unit_members", "collective"): "units",
    ("unit_members", "member"): "units",
    ("legal_bases", "year"): "plan_years",
    ("dimensions", "year"): "plan_years",
    ("strategies", "dimension"): "dimensions",
    ("plan_groups", "strategy"): "strategies",
    ("methods", "strategy"): "strategies",
    ("method_units", "method"): "methods",
    ("method_units", "unit"): "units",
    ("result_texts", "owner"): "methods",
    ("result_links", "method"): "methods",
    ("result_links", "owner"): "strategies",
    ("result_links", "number"): "result_texts",
    ("method_indicators", "method"): "methods",
    ("activities", "unit"): "units",
    ("surveys", "unit"): "units",
    ("checks", "unit"): "units",
    ("posts", "page_id"): "pages",
    ("posts", "unit"): "units",
    ("snapshots", "post_id"): "posts",
    ("page_days", "page_id"): "pages",
    ("contributions", "unit"): "units",
    ("contributions", "post_id"): "posts",
    ("meeting_decisions", "meeting"): "activities",
    ("meeting_decisions", "contribution_id"): "contributions",
    ("meeting_decisions", "unit"): "units",
}
ORDER = [table.name for table in TABLES]
COLUMNS = [pytest.param(t, c, id=f"{t.name}.{c.name}") for t in TABLES for c in t.columns]
CHOICES = [pytest.param(c, id=f"{t.name}.{c.name}") for t in TABLES for c in t.columns if c.choices]


def test_table_names_and_labels_are_unique() -> None:
    assert len(BY_NAME) == len({t.label for t in TABLES}) == len(TABLES)
    assert all(BY_NAME[t.name] is t for t in TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_table_has_a_key_and_unique_columns(table: Table) -> None:
    assert table.key
    assert len(set(table.names)) == len(table.names)
    assert len({c.label for c in table.columns}) == len(table.columns)


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_table_is_found_by_its_columns_alone(table: Table) -> None:
    assert [t.name for t in TABLES if set(t.names) == set(table.names)] == [table.name]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_names_are_plain_words_and_labels_are_given(table: Table, column: Column) -> None:
    assert re.fullmatch(r"[a-z][a-z_]*", table.name)
    assert re.fullmatch(r"[a-z][a-z_]*", column.name)
    assert column.label.strip() == column.label != ""
    assert column.type in get_args(ColumnType)


def test_only_the_first_day_of_a_unit_may_be_empty_in_a_key() -> None:
    loose = [(t.name, c.name) for t in TABLES for c in t.columns if c.key and not c.required]
    assert loose == [("units", "valid_from")]


@pytest.mark.parametrize("column", CHOICES)
def test_choices_are_text_with_unique_codes_and_words(column: Column) -> None:
    codes, words = [code for code, _ in column.choices], [word for _, word in column.choices]
    assert column.type == "text"
    assert len(set(codes)) == len(codes)
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("column", CHOICES)
def test_no_word_of_a_choice_is_the_code_of_another(column: Column) -> None:
    codes = dict(column.choices)
    assert all(codes.get(word, word) == word for word in codes.values())


@pytest.mark.parametrize(("place", "earlier"), REFERENCES.items(), ids=lambda p: ".".join(p) if p[1:] else None)
def test_references_point_to_earlier_tables(place: tuple[str, str], earlier: str) -> None:
    table, column = place
    assert BY_NAME[table].column(column)
    assert ORDER.index(earlier) < ORDER.index(table)


def test_columns_of_a_reference_have_the_type_of_what_they_name() -> None:
    for (table, column), earlier in REFERENCES.items():
        wanted = {c.type for c in BY_NAME[earlier].columns if c.key}
        assert BY_NAME[table].column(column).type in wanted


def test_snapshots_have_every_post_measure_in_order() -> None:
    measures = tuple(name for name, _ in POST_MEASURES)
    assert BY_NAME["snapshots"].names == ("post_id", "observed_at", *measures)


def test_column_is_found_by_name() -> None:
    assert BY_NAME["petitions"].column("month").label == "月份"


def test_column_of_another_name_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="nothing"):
        BY_NAME["petitions"].column("nothing")


def test_key_is_in_column_order() -> None:
    assert BY_NAME["page_days"].key == ("page_id", "day", "day_zone", "measure")
    assert BY_NAME["readings"].key == ("indicator", "period_from", "period_to", "moment", "ordinal")


def test_a_choice_is_shown_in_words_and_any_other_value_as_it_is() -> None:
    column = BY_NAME["activities"].column("kind")
    assert column.shown("training") == "教育訓練"
    assert column.shown("unheard") == "unheard"
    assert BY_NAME["petitions"].column("received").shown(3) == "3"


def test_indicator_columns_hold_keys_as_text() -> None:
    named = [c for t in TABLES for c in t.columns if c.name == "indicator"]
    assert {c.type for c in named} == {"text"}
    assert not any(c.choices for c in named)
    assert len(named) == 7
