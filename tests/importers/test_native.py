"""Files under the catalogue's own column names: what ``export`` writes comes back exactly, bad cells are told."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sqdash.errors import DataError
from sqdash.importers import native
from sqdash.importers.personal import looks_like
from sqdash.quoting import guard
from sqdash.tables import POSTS_FILE, TABLES, Table
from tests.importers.reading import PAGE, Read, read_file
from tests.making import is_one_sentence

HEAD = "month,received,closed,source_place"
DAYS = "page_id,day,day_zone,measure,value"
TURNING = "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Signs that turn the direction of a text: refused, as other control signs are."""
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=TURNING) | st.sampled_from('",\n\t='),
    min_size=1,
    max_size=20,
)


def read(text: str | bytes) -> Read:
    return read_file("a.csv", text)


def values(text: str) -> list[tuple[object, ...]]:
    """The values of every petition."""
    return [tuple(row.values())[1:] for row in read(text).rows.get("petitions", [])]


def refused(text: str | bytes) -> str:
    with pytest.raises(DataError) as caught:
        read(text)
    return str(caught.value)


def outcome(data: bytes) -> tuple[list[int], str]:
    """The numbers of the rows, or the sentence that refuses the file."""
    try:
        return read(data).column("petitions", "row"), ""
    except DataError as error:
        return [], str(error)


def written(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head, *rows])
    return out.getvalue()


# --- which table a file is for


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_all_columns_name_their_table_in_any_order(table: Table) -> None:
    assert native.identify(table.names) == table.name
    assert native.identify(table.names[::-1]) == table.name


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_required_columns_and_key_suffice(table: Table) -> None:
    assert native.identify([c.name for c in table.columns if c.required or c.key]) == table.name


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_unknown_heading_names_no_table(table: Table) -> None:
    assert native.identify([*table.names, "unheard_of"]) is None


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_doubled_heading_names_no_table(table: Table) -> None:
    assert native.identify([*table.names, table.names[-1]]) is None


@pytest.mark.parametrize("head", [[], [""], ["month"], ["month", "received"], ["Month", "received", "closed"]])
def test_headings_without_all_required_columns_name_no_table(head: list[str]) -> None:
    assert native.identify(head) is None


def test_posts_file_is_told_from_the_table_of_posts() -> None:
    assert native.identify(POSTS_FILE) == "posts_file"
    assert native.identify(["post_id", "page_id", "published_at"]) == "posts"


def test_import_log_is_told_by_its_headings() -> None:
    assert native.is_import_log(["batch", "kind", "format", "file_name", "sha256", "revision", "undone_revision", "by"])
    assert not native.is_import_log(["batch", "kind", "format"])


# --- what a file may look like


def test_row_has_its_number_and_the_values_of_the_columns_that_are_given() -> None:
    found = read("closed,month,received\n5,2014-01,6\n")
    assert found.format == "petitions"
    assert found.rows == {"petitions": [{"row": 2, "month": "2014-01", "received": 6, "closed": 5}]}


def test_spaces_around_headings_are_passed_over_and_those_of_a_text_kept() -> None:
    assert values(" month , received,closed,source_place \n2014-01,6,5, 一 \n") == [("2014-01", 6, 5, " 一 ")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_ending_is_read(end: str) -> None:
    text = end.join([HEAD, "2014-01,6,5,甲", "2014-02,0,0,", ""])
    assert values(text) == [("2014-01", 6, 5, "甲"), ("2014-02", 0, 0, None)]
    assert read(text).column("petitions", "row") == [2, 3]


def test_quoted_cell_keeps_commas_quotes_and_lines() -> None:
    assert values(f'{HEAD}\n2014-01,6,5,"甲,""乙""\n丙"\n') == [("2014-01", 6, 5, '甲,"乙"\n丙')]


def test_empty_lines_are_passed_over_and_counted() -> None:
    assert read(f"{HEAD}\n\n2014-01,6,5,\n\n2014-02,6,5,\n").column("petitions", "row") == [3, 5]


def test_headings_alone_give_no_rows() -> None:
    assert values(f"{HEAD}\n") == []


def test_short_row_is_filled_up_with_what_is_not_given() -> None:
    assert values(f"{HEAD}\n2014-01,6,5\n") == [("2014-01", 6, 5, None)]


def test_dates_and_months_are_read_as_people_write_them_too() -> None:
    assert values(f"{HEAD}\n103/01,6,5,\n2014年2月,6,5,\n") == [("2014-01", 6, 5, None), ("2014-02", 6, 5, None)]


def test_posts_file_is_posts_and_their_figures() -> None:
    row = f"{PAGE}_1,{PAGE},2014-11-22T09:00:00+08:00,相片, a ,,2014-12-01T09:00:00+08:00,86,,4,11,920,,,,"
    found = read(",".join(POSTS_FILE) + "\n" + row)
    assert found.rows["posts"] == [
        {
            "row": 2,
            "post_id": f"{PAGE}_1",
            "page_id": PAGE,
            "published_at": "2014-11-22T09:00:00+08:00",
            "type": "相片",
            "message": " a ",
            "permalink": None,
        }
    ]
    assert [(shot["observed_at"], shot["likes"], shot["views"]) for shot in found.rows["snapshots"]] == [
        ("2014-12-01T09:00:00+08:00", 86, None)
    ]


def test_post_that_was_never_observed_has_no_snapshot() -> None:
    row = f"{PAGE}_1,{PAGE},2014-11-22T09:00:00+08:00" + "," * (len(POSTS_FILE) - 3)
    assert read(",".join(POSTS_FILE) + "\n" + row).rows["snapshots"] == []


# --- what is refused


def test_bad_cells_are_all_told_and_the_other_rows_kept() -> None:
    found = read(f"{HEAD}\n2014-01,6,5,\n2014-02,x1,-5,\n2014-13,6,5,\n,1,1,\n")
    assert found.column("petitions", "row") == [2]
    assert sorted(found.refused, key=lambda cell: (cell[1] or 0, cell[2])) == [
        ("negative", 3, "closed", "-5"),
        ("not_number", 3, "received", "x1"),
        ("no_such_day", 4, "month", "2014-13"),
        ("required", 5, "month", ""),
    ]


def test_long_row_is_refused() -> None:
    assert read(f"{HEAD}\n2014-01,6,5,甲,乙\n").refused == [("wrong_width", 2, "（整列）", "乙")]


def test_rows_of_one_key_that_contradict_each_other_are_both_refused_naming_the_other() -> None:
    found = read(f"{HEAD}\n2014-01,6,5,\n2014-02,6,5,\n 2014-01,7,7,別處\n")
    assert found.refused == [("duplicate", 2, "month", "2014-01"), ("duplicate", 4, "month", " 2014-01")]
    assert found.reasons == [
        f"與第 {other} 列的月份相同但內容不同，無法判斷哪一列正確，請刪去其中一列。" for other in (4, 2)
    ]


def test_key_whose_optional_part_is_empty_is_still_a_key() -> None:
    head = "unit,valid_from,label,kind,implementing,position"
    text = f"{head}\nu1,,甲,unit,1,1\nu1,2014-01-01,乙,unit,1,2\n"
    assert read(text).refused == []
    assert [cell[:2] for cell in read(f"{text}u1,,丙,unit,1,3\n").refused] == [("duplicate", 2), ("duplicate", 4)]


@pytest.mark.parametrize("cell", ["", "  ", "\u3000"])
def test_required_text_of_nothing_but_spaces_is_as_if_empty(cell: str) -> None:
    assert read(f"page_id,kind,label\np1,own,{cell}\n").refused == [("required", 2, "label", cell)]


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (
            "post_id,observed_at,likes\n1_1,2051-08-01T09:00:00+08:00,5\n",
            ("future", 2, "observed_at", "2051-08-01T09:00:00+08:00"),
        ),
        (
            "post_id,page_id,published_at\n1_1,1,2051-08-01T09:00:00+08:00\n",
            ("future", 2, "published_at", "2051-08-01T09:00:00+08:00"),
        ),
        (f"{DAYS}\n1,2031-05-07,Asia/Taipei,fans,5\n", ("future", 2, "day", "2031-05-07")),
        (f"{DAYS}\n1,1999-05-07,Asia/Taipei,fans,5\n", ("before_facebook", 2, "day", "1999-05-07")),
        (f"{DAYS}\n1,2014-05-07,Taipei,fans,5\n", ("unknown_zone", 2, "day_zone", "Taipei")),
    ],
)
def test_a_time_or_a_zone_that_cannot_be_is_refused(text: str, refused: tuple[str, int, str, str]) -> None:
    assert read(text).refused == [refused]


def test_of_many_rows_only_those_with_a_time_that_cannot_be_are_refused() -> None:
    rows = [f"1_{n},2014-08-01T09:00:00+08:00,{n}" for n in range(1, 5_000)]
    rows[2_500] = "1_2501,2051-08-01T09:00:00+08:00,7"
    found = read("\n".join(["post_id,observed_at,likes", *rows]))
    assert [cell[:2] for cell in found.refused] == [("future", 2_502)]
    assert len(found.rows["snapshots"]) == 4_998


def test_nul_is_refused() -> None:
    assert refused(f"{HEAD}\n2014-01,6,5,a\x00b\n") == "a.csv 含有 NUL 位元組，不是文字檔，請重新匯出。"


# --- whatever the file


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6, unique_by=lambda row: row[0]))
@example([('"', "=1+1")])
@settings(deadline=None)
def test_any_text_written_as_csv_reads_back(rows: list[tuple[str, str]]) -> None:
    rows = [(page, label) for page, label in rows if page.strip() and label.strip() and not looks_like(label)]
    text = written(["page_id", "kind", "label"], [(guard(page), "own", guard(label)) for page, label in rows])
    assert [(row["page_id"], row["label"]) for row in read(text).rows.get("pages", [])] == rows


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: f"{HEAD}\n{t}".encode()))
@example(b'"' + b"x" * 200_000)
@settings(deadline=None, max_examples=300)
def test_whatever_the_file_is_it_is_read_or_refused_in_one_sentence(data: bytes) -> None:
    rows, sentence = outcome(data)
    assert (sentence == "") or is_one_sentence(sentence)
    assert rows == sorted(set(rows))
