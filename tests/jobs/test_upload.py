"""Files and entries: each whole or not at all, with its batch; corrections, strikes and undoing with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from sqdash.errors import BadCell, BadReference, DataError, FileNotRecognised
from sqdash.jobs import upload
from sqdash.jobs.upload import Outcome
from sqdash.tables import BY_NAME
from tests.making import current, is_one_sentence, looking, revisions

Copy = Callable[[str], Path]
BY = "測試員"
HOLIDAYS = BY_NAME["holidays"]


@pytest.fixture
def store(copy: Copy) -> Path:
    return copy("report")


def write_file(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def holidays(tmp_path: Path) -> Path:
    return write_file(tmp_path, "假日.csv", "day,label,working", "2014-01-01,元旦,0", "2014-02-28,和平紀念日,0")


def last_import(store: Path, *columns: str) -> tuple[Any, ...]:
    with looking(store) as connection:
        found: tuple[Any, ...] = connection.execute(
            f"SELECT {', '.join(columns)} FROM imports ORDER BY batch DESC LIMIT 1"
        ).fetchone()
        return found


def state(store: Path) -> dict[str, str]:
    return {found["day"]: found["label"] for found in current(store, "holidays")}


# --- files


def test_a_file_is_one_batch_of_one_revision(store: Path, holidays: Path) -> None:
    before = revisions(store)
    outcome = upload.import_file(store, holidays, by=BY)
    batch = before + 1
    assert outcome.as_dict() == {
        "file": "假日.csv",
        "format": "holidays",
        "rows": 2,
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "batch": batch,
    }
    assert revisions(store) == before + 1
    assert last_import(store, "kind", "format", "file_name", "encoding", "by", "rows", "undone_revision") == (
        "file",
        "holidays",
        "假日.csv",
        "utf-8",
        BY,
        2,
        None,
    )
    assert current(store, "holidays") == [
        {"day": "2014-01-01", "label": "元旦", "working": 0},
        {"day": "2014-02-28", "label": "和平紀念日", "working": 0},
    ]
    with looking(store) as connection:
        rows = connection.execute("SELECT batch, source_row FROM holidays ORDER BY day").fetchall()
        audit = connection.execute("SELECT by, action, subject, detail FROM audit_log ORDER BY id DESC").fetchone()
    assert rows == [(batch, 2), (batch, 3)]
    assert audit == (BY, "import", f"batch {batch}", "2 added, 0 changed")


def test_an_identical_file_names_the_earlier_batch_and_changes_nothing(
    store: Path, holidays: Path, tmp_path: Path
) -> None:
    first = upload.import_file(store, holidays, by=BY)
    before = store.read_bytes()
    renamed = tmp_path / "改名.csv"
    renamed.write_bytes(holidays.read_bytes())
    assert upload.import_file(store, holidays, by=BY) == Outcome("假日.csv", "holidays", 0, 0, 0, 0, first.batch)
    assert upload.import_file(store, renamed, by="別人") == Outcome("改名.csv", "holidays", 0, 0, 0, 0, first.batch)
    assert store.read_bytes() == before


def test_an_undone_file_can_be_imported_again(store: Path, holidays: Path) -> None:
    first = upload.import_file(store, holidays, by=BY)
    assert first.batch is not None
    upload.undo(store, first.batch, by=BY)
    again = upload.import_file(store, holidays, by=BY)
    assert (again.added, again.batch) == (2, first.batch + 1)
    assert state(store) == {"2014-01-01": "元旦", "2014-02-28": "和平紀念日"}


def test_a_newer_file_counts_what_it_adds_changes_and_leaves(store: Path, holidays: Path, tmp_path: Path) -> None:
    upload.import_file(store, holidays, by=BY)
    newer = write_file(
        tmp_path, "b.csv", "label,working,day", "元旦,0,2014-01-01", "二二八,0,2014-02-28", "兒童節,0,2014-04-04"
    )
    outcome = upload.import_file(store, newer, by=BY)
    assert (outcome.rows, outcome.added, outcome.changed, outcome.unchanged) == (3, 1, 1, 1)
    assert state(store) == {"2014-01-01": "元旦", "2014-02-28": "二二八", "2014-04-04": "兒童節"}


def refused(store: Path, file: Path) -> DataError:
    """The error; the store is as it was."""
    before = store.read_bytes()
    with pytest.raises(DataError) as raised:
        upload.import_file(store, file, by=BY)
    assert store.read_bytes() == before
    assert is_one_sentence(raised.value)
    return raised.value


def test_a_file_that_cannot_be_read_is_named(store: Path, tmp_path: Path) -> None:
    assert "無法讀取檔案" in str(refused(store, tmp_path / "none.csv"))
    assert "無法讀取檔案" in str(refused(store, tmp_path))


def test_a_file_of_no_known_format_is_refused(store: Path, tmp_path: Path) -> None:
    error = refused(store, write_file(tmp_path, "x.csv", "甲,乙", "1,2"))
    assert isinstance(error, FileNotRecognised)
    assert "x.csv" in str(error)


def test_one_bad_cell_refuses_the_whole_file_and_is_named(store: Path, tmp_path: Path) -> None:
    file = write_file(tmp_path, "x.csv", "day,label,working", "2014-01-01,元旦,0", "2014-02-30,和平紀念日,0")
    error = refused(store, file)
    assert isinstance(error, BadCell)
    assert (error.file, error.row, error.column, error.value) == ("x.csv", 3, "day", "2014-02-30")


REFERENCES = [
    ("unit_members", "collective,member", "nobody,section-1", "collective", "單位"),
    ("unit_members", "collective,member", "all-units,nobody", "member", "單位"),
    ("method_units", "year,method,position,printed,unit,role", "103,1.1.1.1,9,某室,nobody,lead", "unit", "單位"),
    (
        "method_units",
        "year,method,position,printed,unit,role",
        "103,nobody,9,第一課,section-1,lead",
        "method",
        "執行方法",
    ),
    ("methods", "year,method,strategy,number,label,position", "103,9,nobody,(1),方法,99", "strategy", "執行策略"),
    ("plan_groups", "year,strategy,number,label", "103,nobody,1,項", "strategy", "執行策略"),
    ("result_links", "year,method,owner,number", "103,nobody,3.1,1", "method", "執行方法"),
    ("method_indicators", "year,method,indicator,position", "103,nobody,fans,1", "method", "執行方法"),
    ("activities", "activity_id,kind,held_on,title,unit", "a,training,2014-01-01,訓練,nobody", "unit", "單位"),
    ("checks", "check_id,kind,checked_on,unit", "c,wifi,2014-01-01,nobody", "unit", "單位"),
    ("surveys", "survey_id,year,title,unit", "s,103,調查,nobody", "unit", "單位"),
    ("posts", "post_id,page_id,published_at,unit", "p_1,xiaoanxin,2014-01-01T09:00:00+08:00,nobody", "unit", "單位"),
    ("posts", "post_id,page_id,published_at", "p_1,nobody,2014-01-01T09:00:00+08:00", "page_id", "粉絲專頁"),
    (
        "page_days",
        "page_id,day,day_zone,measure,value",
        "nobody,2014-01-01,Asia/Taipei,fans,1",
        "page_id",
        "粉絲專頁",
    ),
    ("snapshots", "post_id,observed_at,likes", "nobody,2014-01-01T09:00:00+08:00,1", "post_id", "貼文"),
]


@pytest.mark.parametrize(("table", "head", "line", "column", "label"), REFERENCES)
def test_a_row_that_names_something_unknown_is_refused_with_row_column_and_value(
    store: Path, tmp_path: Path, table: str, head: str, line: str, column: str, label: str
) -> None:
    error = refused(store, write_file(tmp_path, f"{table}.csv", head, line))
    assert isinstance(error, BadReference)
    assert str(error) == f"{table}.csv 第 2 列「{column}」的值「nobody」不在{label}裡，請先建立或改正。"


def test_a_reference_that_is_not_given_is_no_reference(store: Path, tmp_path: Path) -> None:
    file = write_file(tmp_path, "c.csv", "check_id,kind,checked_on,unit", "c,wifi,2014-01-01,")
    assert upload.import_file(store, file, by=BY).added == 1


READING = "indicator,period_from,period_to,moment,ordinal,value,low,high,basis,source_place"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (READING, "fans,2014-01-01,2014-12-31,result,1,,50,30,reported,某處"),
        (READING, "fans,2014-01-01,2014-12-31,result,1,,,,reported,某處"),
        (READING, "fans,2014-12-31,2014-01-01,result,1,5,,,reported,某處"),
        (
            "indicator,kind,definition,valid_from,valid_to,comparator,value",
            "fans,target,1,2015-01-01,2014-01-01,>=,5",
        ),
        ("indicator,period_from,period_to,state", "fans,2014-12-31,2014-01-01,complete"),
        ("month,received,closed", "２０１４-01,1,1"),
        ("post_id,page_id,published_at", "x_1,xiaoanxin,0001-01-01T00:00:00+14:00"),
        ("page_id,kind,label", "demo-x,own,示範專頁"),
    ],
    ids=[
        "low above high",
        "no figure at all",
        "reading ends before it begins",
        "target ends before it begins",
        "mark ends before it begins",
        "full-width month",
        "before the calendar",
        "generated page",
    ],
)
def test_values_that_the_store_would_refuse_are_refused_in_a_sentence_that_names_the_row(
    store: Path, tmp_path: Path, head: str, line: str
) -> None:
    error = refused(store, write_file(tmp_path, "值.csv", head, line))
    assert "值.csv 第 2 列" in str(error)


def test_digits_that_are_not_ascii_are_refused(store: Path, tmp_path: Path) -> None:
    error = refused(store, write_file(tmp_path, "值.csv", "month,received,closed", "2014-01,１２,3"))
    assert isinstance(error, BadCell)


def test_a_file_with_headings_alone_leaves_no_batch(store: Path, tmp_path: Path) -> None:
    before = revisions(store)
    file = write_file(tmp_path, "空.csv", "day,label,working")
    with suppress(DataError):
        upload.import_file(store, file, by=BY)
    assert revisions(store) == before


# --- entries


def enter(store: Path, reason: str = "新增", **texts: str) -> int:
    return upload.enter(store, HOLIDAYS, texts, reason=reason, by=BY)


def test_an_entry_is_a_batch_that_carries_its_reason(store: Path) -> None:
    batch = enter(store, "公告  新增\n一日", day="2014-01-01", label="元旦", working=" 0 ")
    assert last_import(store, "batch", "kind", "format", "file_name", "sha256", "note", "added") == (
        batch,
        "entry",
        "holidays",
        "人工登錄：假日",
        None,
        "公告 新增 一日",
        1,
    )
    assert current(store, "holidays") == [{"day": "2014-01-01", "label": "元旦", "working": 0}]


def test_a_correction_closes_the_old_version_and_can_be_undone(store: Path) -> None:
    enter(store, day="2014-02-28", label="和平紀念日", working="0")
    batch = enter(store, "名稱有誤", day="2014-02-28", label="二二八", working="0")
    with looking(store) as connection:
        found = connection.execute("SELECT label, closed_as FROM holidays ORDER BY version_id").fetchall()
    assert found == [("和平紀念日", "replaced"), ("二二八", None)]
    assert upload.undo(store, batch, by=BY, reason="改回") == {"holidays": 1}
    assert state(store) == {"2014-02-28": "和平紀念日"}


def test_an_entry_that_says_what_is_there_already_is_refused(store: Path) -> None:
    enter(store, day="2014-01-01", label="元旦", working="0")
    before = store.read_bytes()
    with pytest.raises(DataError, match="沒有變更") as raised:
        enter(store, day="2014-01-01", label="元旦", working="0")
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


def test_a_field_that_cannot_be_taken_is_named_as_the_screen_names_it(store: Path) -> None:
    with pytest.raises(BadCell) as raised:
        enter(store, day="明天", label="元旦", working="0")
    assert (raised.value.file, raised.value.column, raised.value.value) == ("假日", "日期", "明天")
    with pytest.raises(BadCell, match="必填") as missing:
        enter(store, day="2014-01-01", working="0")
    assert missing.value.column == "名稱"


def test_an_entry_that_names_something_unknown_is_refused(store: Path) -> None:
    texts = {"check_id": "c", "kind": "wifi", "checked_on": "2014-01-01", "unit": "nobody"}
    with pytest.raises(BadReference, match="「nobody」不在單位裡"):
        upload.enter(store, BY_NAME["checks"], texts, reason="新增", by=BY)


def test_an_entry_that_the_store_would_refuse_is_refused_in_a_sentence(store: Path) -> None:
    texts = {"indicator": "fans", "period_from": "2014-01-01", "period_to": "2014-12-31", "moment": "result"}
    texts |= {"ordinal": "9", "low": "50", "high": "30", "basis": "reported", "source_place": "某處"}
    before = store.read_bytes()
    with pytest.raises(DataError) as raised:
        upload.enter(store, BY_NAME["readings"], texts, reason="新增", by=BY)
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


# --- reasons, strikes and undoing


@pytest.mark.parametrize(
    ("reason", "words"), [("", "須寫明原因"), (" \n\t　", "須寫明原因"), ("長" * 501, "超過 500 字")]
)
def test_a_change_by_hand_needs_a_reason_of_bearable_length(store: Path, reason: str, words: str) -> None:
    batch = enter(store, day="2014-01-01", label="元旦", working="0")
    before = store.read_bytes()
    attempts: list[Callable[[], object]] = [
        lambda: enter(store, reason, day="2014-02-28", label="和平紀念日", working="0"),
        lambda: upload.strike(store, HOLIDAYS, ["2014-01-01"], reason=reason, by=BY),
        lambda: upload.undo(store, batch, by=BY, reason=reason),
    ]
    for attempt in attempts:
        with pytest.raises(DataError, match=words) as raised:
            attempt()
        assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


def test_a_reason_of_500_characters_is_taken_whole(store: Path) -> None:
    enter(store, "長" * 500, day="2014-01-01", label="元旦", working="0")
    assert last_import(store, "note") == ("長" * 500,)


def test_a_struck_row_is_gone_until_the_strike_is_undone(store: Path) -> None:
    enter(store, day="2014-01-01", label="元旦", working="0")
    batch = upload.strike(store, HOLIDAYS, ["2014-01-01"], reason="重複登錄", by=BY)
    assert state(store) == {}
    assert last_import(store, "batch", "kind", "file_name", "note") == (batch, "entry", "人工刪列：假日", "重複登錄")
    with looking(store) as connection:
        audit = connection.execute("SELECT by, action, subject, detail FROM audit_log ORDER BY id DESC").fetchone()
    assert audit == (BY, "strike", f"batch {batch}", "重複登錄")
    upload.undo(store, batch, by=BY)
    assert state(store) == {"2014-01-01": "元旦"}


def test_striking_a_row_that_is_not_there_leaves_no_batch(store: Path) -> None:
    before = store.read_bytes()
    with pytest.raises(DataError, match="可能已被更正"):
        upload.strike(store, HOLIDAYS, ["2014-01-01"], reason="重複", by=BY)
    assert store.read_bytes() == before


def test_undoing_a_year_103_file_takes_its_rows_out_and_says_how_many(store: Path) -> None:
    with looking(store) as connection:
        (batch,) = connection.execute("SELECT batch FROM imports WHERE format = 'readings'").fetchone()
    assert upload.undo(store, batch, by=BY) == {"readings": 35}
    assert current(store, "readings") == []
    with looking(store) as connection:
        reason = connection.execute("SELECT by, reason FROM revisions ORDER BY revision DESC").fetchone()
    assert reason == (BY, f"還原匯入批次 {batch}：還原匯入")


def test_a_batch_that_is_undone_or_unknown_cannot_be_undone(store: Path) -> None:
    upload.undo(store, 1, by=BY)
    before = store.read_bytes()
    for batch in (1, 999):
        with pytest.raises(DataError, match=str(batch)) as raised:
            upload.undo(store, batch, by=BY)
        assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


# --- letting a batch stand again


def test_a_batch_taken_back_can_be_let_stand_again(store: Path) -> None:
    batch = enter(store, day="2014-02-28", label="和平紀念日", working="0")
    upload.undo(store, batch, by=BY, reason="填錯")
    assert current(store, "holidays") == []
    assert upload.redo(store, batch, by=BY, reason="沒有填錯") == {"holidays": 1}
    assert [row["label"] for row in current(store, "holidays")] == ["和平紀念日"]


def test_a_batch_that_stands_cannot_be_let_stand_again(store: Path) -> None:
    batch = enter(store, day="2014-02-28", label="和平紀念日", working="0")
    with pytest.raises(DataError) as raised:
        upload.redo(store, batch, by=BY, reason="試試")
    assert str(raised.value) == f"匯入批次 {batch} 沒有被還原，不必恢復。"


def test_a_batch_whose_file_came_again_cannot_be_let_stand_again(store: Path, tmp_path: Path) -> None:
    file = write_file(tmp_path, "假日.csv", "day,label,working", "2014-02-28,和平紀念日,0")
    first = upload.import_file(store, file, by=BY).batch
    assert first
    upload.undo(store, first, by=BY, reason="填錯")
    upload.import_file(store, file, by=BY)
    with pytest.raises(DataError, match="已經重新匯入"):
        upload.redo(store, first, by=BY, reason="沒有填錯")


def test_a_text_that_binds_nothing_known_is_refused(store: Path) -> None:
    texts = {"year": "103", "owner": "1.1.1.1", "number": "1", "text": "共 {training}。"}
    with pytest.raises(BadReference) as raised:
        upload.enter(store, BY_NAME["result_texts"], texts, reason="試填", by=BY)
    assert str(raised.value) == "績效與成果文字裡的「{training}」不是任何指標或數字的代碼，請從清單挑選。"


def test_a_covered_batch_that_is_let_stand_again_stands(store: Path) -> None:
    """Standing again changes no row while a later entry covers it, but it must not be lost."""
    first = enter(store, day="2014-02-28", label="和平日", working="0")
    second = enter(store, "更正", day="2014-02-28", label="和平紀念日", working="0")
    upload.undo(store, first, by=BY, reason="填錯")
    upload.redo(store, first, by=BY, reason="沒有填錯")
    upload.undo(store, second, by=BY, reason="填錯")
    assert [row["label"] for row in current(store, "holidays")] == ["和平日"]
