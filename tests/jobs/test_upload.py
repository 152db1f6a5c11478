"""Files: each whole or not at all, with its batch; looked at first, taken back and let stand again with reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sqdash.errors import DataError, FileNotRecognised, RowsRejected, StoreError, Unanswered
from sqdash.importers import registry
from sqdash.importers.sources import Bytes
from sqdash.jobs import entries, upload
from sqdash.jobs.outcomes import Changed, Outcome
from sqdash.records import Rejected
from sqdash.store import originals
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME
from tests.jobs.files import BY, refused, rejected, write_file
from tests.making import beside, current, holidays_in, is_one_sentence, last_import, looking, revisions

Copy = Callable[[str], Path]
HOLIDAYS = BY_NAME["holidays"]


@pytest.fixture
def holidays(tmp_path: Path) -> Path:
    return write_file(tmp_path, "假日.csv", "day,label,working", "2014-01-01,元旦,0", "2014-02-28,和平紀念日,0")


# --- files


def test_a_file_is_one_batch_of_one_revision(store: Path, holidays: Path) -> None:
    before = revisions(store)
    outcome = upload.import_file(store, holidays, by=BY)
    batch = before + 1
    assert outcome.as_dict() == {
        "file": "假日.csv",
        "format": "holidays",
        "encoding": "utf-8",
        "rows": 2,
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "rejected": [],
        "batch": batch,
        "error": None,
        "notes": [],
        "warnings": [],
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
    again = Outcome("假日.csv", "holidays", batch=first.batch, again=True)
    assert upload.import_file(store, holidays, by=BY) == again
    assert upload.import_file(store, renamed, by="別人") == again._replace(file="改名.csv")
    assert (again.rows, again.added, again.changed, again.unchanged, again.error) == (0, 0, 0, 0, None)
    assert store.read_bytes() == before


def test_an_undone_file_can_be_imported_again(store: Path, holidays: Path) -> None:
    first = upload.import_file(store, holidays, by=BY)
    assert first.batch is not None
    upload.undo(store, first.batch, by=BY)
    again = upload.import_file(store, holidays, by=BY)
    assert (again.added, again.batch) == (2, first.batch + 1)
    assert holidays_in(store) == {"2014-01-01": "元旦", "2014-02-28": "和平紀念日"}


def test_a_newer_file_counts_what_it_adds_changes_and_leaves(store: Path, holidays: Path, tmp_path: Path) -> None:
    upload.import_file(store, holidays, by=BY)
    newer = write_file(
        tmp_path, "b.csv", "label,working,day", "元旦,0,2014-01-01", "二二八,0,2014-02-28", "兒童節,0,2014-04-04"
    )
    outcome = upload.import_file(store, newer, by=BY)
    assert (outcome.rows, outcome.added, outcome.changed, outcome.unchanged) == (3, 1, 1, 1)
    assert holidays_in(store) == {"2014-01-01": "元旦", "2014-02-28": "二二八", "2014-04-04": "兒童節"}


def test_a_file_that_cannot_be_read_is_named(store: Path, tmp_path: Path) -> None:
    assert "無法讀取檔案" in str(refused(store, tmp_path / "none.csv"))
    assert "無法讀取檔案" in str(refused(store, tmp_path))


def test_a_file_of_no_known_format_is_refused(store: Path, tmp_path: Path) -> None:
    error = refused(store, write_file(tmp_path, "x.csv", "甲,乙", "1,2"))
    assert isinstance(error, FileNotRecognised)
    assert "x.csv" in str(error)


def test_bad_cells_refuse_the_whole_file_and_each_is_named(store: Path, tmp_path: Path) -> None:
    file = write_file(
        tmp_path, "x.csv", "day,label,working", "2014-01-01,元旦,0", "2014-02-30,和平紀念日,0", "2014-04-04,,或許"
    )
    assert rejected(store, file) == (
        Rejected(3, "day", "2014-02-30", "no_such_day", "沒有這一天，請檢查月與日。"),
        Rejected(4, "label", "", "required", "這一欄必填，請補上。"),
        Rejected(4, "working", "或許", "not_flag", "只能是「是」或「否」。"),
    )


def test_the_sentence_of_a_refused_file_names_its_first_bad_cell_and_how_many_rows_there_are(
    store: Path, tmp_path: Path
) -> None:
    one = write_file(tmp_path, "一.csv", "day,label,working", "2014-04-04,,0")
    assert str(refused(store, one)) == "一.csv 第 2 列「label」無法採用：這一欄必填，請補上。"
    two = write_file(tmp_path, "二.csv", "day,label,working", "2014-04-04,,0", "2014-04-05,,0")
    several = "二.csv 第 2 列「label」無法採用：這一欄必填，請補上（共 2 列不能採用，可修正後重傳，或{}匯入其餘）。"
    error = refused(store, two)
    assert (str(error), error.in_command) == (several.format(""), several.format("以 --skip-rejected "))


def test_a_bad_cell_of_several_lines_is_one_sentence_on_one_line(store: Path, tmp_path: Path) -> None:
    error = refused(store, write_file(tmp_path, "x.csv", "day,label,working", '"一\n二\n三",元旦,0'))
    assert "「一 二 三」" in str(error)


def test_the_rest_of_a_file_is_taken_on_a_persons_word_and_what_was_left_out_stays_in_the_log(
    store: Path, tmp_path: Path
) -> None:
    file = write_file(
        tmp_path, "x.csv", "day,label,working", "2014-01-01,元旦,0", "2014-02-30,,0", "2014-04-04,兒童節,0"
    )
    outcome = upload.import_file(store, file, by=BY, skip_rejected=True)
    assert (outcome.rows, outcome.added, outcome.error) == (3, 2, None)
    assert [(r.row, r.column) for r in outcome.rejected] == [(3, "day"), (3, "label")]
    assert holidays_in(store) == {"2014-01-01": "元旦", "2014-04-04": "兒童節"}
    assert last_import(store, "rows", "added", "rejected") == (3, 2, 1)
    with looking(store) as connection:
        assert rows.rejections(connection, outcome.batch or 0) == [
            (3, "day", "2014-02-30", "no_such_day", "沒有這一天，請檢查月與日。"),
            (3, "label", "", "required", "這一欄必填，請補上。"),
        ]
        audit = connection.execute("SELECT detail FROM audit_log ORDER BY id DESC").fetchone()
    assert audit == ("2 added, 0 changed, 1 rejected",)


def test_a_file_of_which_nothing_would_be_left_is_refused_all_the_same(store: Path, tmp_path: Path) -> None:
    file = write_file(tmp_path, "x.csv", "day,label,working", "2014-02-30,和平紀念日,0")
    assert [r.row for r in rejected(store, file, skip_rejected=True)] == [2]


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
    ("snapshots", "post_id,observed_at,likes", "nobody,2014-01-01T09:00:00+08:00,1", "post_id", "貼文"),
    ("contributions", "contribution_id,due_on,unit,state", "c,2014-01-01,nobody,planned", "unit", "單位"),
    (
        "contributions",
        "contribution_id,due_on,unit,state,post_id",
        "c,2014-01-01,section-1,published,nobody",
        "post_id",
        "貼文",
    ),
    ("meeting_decisions", "meeting,number,decision", "nobody,1,決議", "meeting", "活動紀錄"),
]


@pytest.mark.parametrize(("table", "head", "line", "column", "label"), REFERENCES)
def test_a_row_that_names_something_unknown_is_refused_with_row_column_and_value(
    store: Path, tmp_path: Path, table: str, head: str, line: str, column: str, label: str
) -> None:
    file = write_file(tmp_path, f"{table}.csv", head, line)
    assert rejected(store, file) == (
        Rejected(2, column, "nobody", "unknown_reference", f"在已登錄的{label}裡找不到，請改正名稱或編號，或先建立。"),
    )


def test_two_units_in_one_cell_are_refused_with_the_word_that_a_cell_is_for_one(store: Path, tmp_path: Path) -> None:
    file = write_file(tmp_path, "訓練.csv", "類別,日期,名稱,主辦單位", "教育訓練,103/06/10,研習,第一課、第二課")
    [wrong] = rejected(store, file)
    assert (wrong.value, wrong.reason) == ("第一課、第二課", "在已登錄的單位裡找不到，一格只填一個單位。")


def test_an_unknown_reference_is_named_by_the_heading_that_the_file_has(store: Path, tmp_path: Path) -> None:
    file = write_file(tmp_path, "訓練.csv", "類別,日期,名稱,承辦單位", "教育訓練,103/06/10,研習,第九課")
    assert [(r.row, r.column, r.value) for r in rejected(store, file)] == [(2, "承辦單位", "第九課")]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("post_id,page_id,published_at", "77_1,77,2014-01-01T09:00:00+08:00"),
        ("page_id,day,day_zone,measure,value", "77,2014-01-01,Asia/Taipei,fans,1"),
    ],
    ids=["posts", "page days"],
)
def test_a_page_that_nobody_knows_is_kept_as_unassigned_and_said(
    store: Path, tmp_path: Path, head: str, line: str
) -> None:
    outcome = upload.import_file(store, write_file(tmp_path, "x.csv", head, line), by=BY)
    assert (outcome.rows, outcome.added) == (1, 1)
    assert outcome.warnings == ("粉絲專頁「77」還沒有登記，先列為未歸類；在設定標為本分局或標竿專頁後才會計入。",)
    assert [(p["kind"], p["label"]) for p in current(store, "pages") if p["page_id"] == "77"] == [("unassigned", "77")]


def test_an_unassigned_page_stays_while_a_file_that_names_it_stands(store: Path, tmp_path: Path) -> None:
    head = "page_id,day,day_zone,measure,value"
    first = upload.import_file(store, write_file(tmp_path, "a.csv", head, "77,2014-01-01,Asia/Taipei,fans,1"), by=BY)
    later = upload.import_file(store, write_file(tmp_path, "b.csv", head, "77,2014-01-02,Asia/Taipei,fans,2"), by=BY)
    assert (later.added, later.warnings) == (1, ())
    upload.undo(store, first.batch or 0, by=BY)
    assert "77" in {p["page_id"] for p in current(store, "pages")}
    upload.undo(store, later.batch or 0, by=BY)
    assert "77" not in {p["page_id"] for p in current(store, "pages")}


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
        ("post_id,page_id,published_at", "x_1,xiaoanxin,0001-01-01T00:00:00+14:00"),
        ("page_id,kind,label", "demo-x,own,示範專頁"),
    ],
    ids=[
        "low above high",
        "no figure at all",
        "reading ends before it begins",
        "target ends before it begins",
        "mark ends before it begins",
        "before the calendar",
        "generated page",
    ],
)
def test_values_that_the_store_would_refuse_are_refused_in_a_sentence_that_names_the_row(
    store: Path, tmp_path: Path, head: str, line: str
) -> None:
    file = write_file(tmp_path, "值.csv", head, line)
    assert [r.row for r in rejected(store, file)] == [2]
    assert "值.csv 第 2 列" in str(refused(store, file))


def test_full_width_digits_are_digits(store: Path, tmp_path: Path) -> None:
    upload.import_file(store, write_file(tmp_path, "值.csv", "month,received,closed", "２０１４-０１,１２,3"), by=BY)
    (found,) = current(store, "petitions")
    assert (found["month"], found["received"], found["closed"]) == ("2014-01", 12, 3)


@pytest.mark.parametrize(
    "lines",
    [
        ("day,label,working",),
        ("日期,專頁編號,粉絲人數", "103/01/01,77,", "103/01/02,77,－"),
        tuple(",".join(columns) for columns in (rows.IMPORT_COLUMNS, [""] * len(rows.IMPORT_COLUMNS))),
    ],
    ids=["headings alone", "rows that give nothing", "the import log"],
)
def test_a_file_that_states_nothing_leaves_no_batch(store: Path, tmp_path: Path, lines: tuple[str, ...]) -> None:
    file = write_file(tmp_path, "空.csv", *lines)
    before = store.read_bytes(), beside(store)
    outcome = upload.import_file(store, file, by=BY)
    assert (outcome.rows, outcome.batch, outcome.error) == (0, None, None)
    assert (store.read_bytes(), beside(store)) == before


@pytest.mark.parametrize("state", ["", "供稿狀態"], ids=["no column", "an empty column"])
def test_a_rota_that_comes_again_leaves_how_far_its_slots_have_come(store: Path, tmp_path: Path, state: str) -> None:
    head, slots = "供稿日,供稿單位,主題", ["104/07/05,第一課,檢驗標識", "104/07/12,第二課,捕蚊燈"]
    upload.import_file(store, write_file(tmp_path, "輪值.csv", head, *slots), by=BY)
    table = BY_NAME["contributions"]
    first = next(row for row in current(store, "contributions") if row["title"] == "檢驗標識")
    texts = {name: str(value) for name, value in first.items() if value is not None}
    entries.enter(store, table, texts | {"state": "已供稿", "submitted_on": "104/07/04"}, reason="已收到", by=BY)

    comma = "," if state else ""
    longer = [f"{slot}{comma}" for slot in (*slots, "104/07/19,第一課,玩具")]
    file = write_file(tmp_path, "輪值到七月.csv", f"{head}{comma}{state}", *longer)
    assert upload.look(store, Bytes(file)).changes == []
    outcome = upload.import_file(store, file, by=BY)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 0, 2)
    assert {row["title"]: (row["state"], row["submitted_on"]) for row in current(store, "contributions")} == {
        "檢驗標識": ("submitted", "2015-07-04"),
        "捕蚊燈": ("planned", None),
        "玩具": ("planned", None),
    }


def test_an_interval_takes_the_place_of_a_single_figure(store: Path, tmp_path: Path) -> None:
    row = "粉絲人數,104/01/01,104/12/31"
    single = write_file(tmp_path, "一.csv", "指標,期間起,期間迄,數值,出處", f"{row},55,報告")
    upload.import_file(store, single, by=BY)
    ends = write_file(tmp_path, "二.csv", "指標,期間起,期間迄,下限,上限,出處", f"{row},60,70,報告")
    upload.import_file(store, ends, by=BY)
    [found] = [r for r in current(store, "readings") if r["period_from"] == "2015-01-01"]
    assert (found["value"], found["low"], found["high"]) == (None, 60.0, 70.0)


POST = "9001_101"
POST_HEAD = "貼文編號,專頁編號,發布時間,類型,內容,連結,觀測時間,按讚,主題,供稿單位,付費推廣"


def posts_in(store: Path) -> dict[str, dict[str, Any]]:
    return {str(row["post_id"]): row for row in current(store, "posts")}


def test_a_sheet_of_posts_that_leaves_their_texts_empty_leaves_them_as_they_are(store: Path, tmp_path: Path) -> None:
    known = f"{POST},9001,103/06/01 09:00,相片,認明標識,https://x/1,103/06/02 09:00,5,,,"
    upload.import_file(store, write_file(tmp_path, "貼文.csv", POST_HEAD, known), by=BY)
    before = posts_in(store)[POST]

    topic = f"{POST},9001,103/06/01 09:00,,,,103/06/03 09:00,6,商品安全,第六課,"
    batch = upload.import_file(store, write_file(tmp_path, "主題.csv", POST_HEAD, topic), by=BY).batch
    assert posts_in(store)[POST] == before | {"topic": "商品安全", "unit": "section-6"}

    other = "9001_102,9001,103/06/01 10:00,文字,新的一篇,,103/06/03 09:00,1,,,是"
    mixed = f"{POST},9001,103/06/01 09:00,,,,103/06/04 09:00,7,,－,"
    outcome = upload.import_file(store, write_file(tmp_path, "又一次.csv", POST_HEAD, mixed, other), by=BY)
    assert (outcome.added, outcome.changed) == (1, 1)
    assert posts_in(store)[POST] == before | {"topic": "商品安全", "unit": "section-6"}
    assert (posts_in(store)["9001_102"]["message"], posts_in(store)["9001_102"]["permalink"]) == ("新的一篇", None)

    upload.undo(store, batch or 0, by=BY, reason="主題有誤")
    assert posts_in(store)[POST]["message"] == "認明標識"


def test_what_a_rota_leaves_empty_stays_as_the_screens_have_it(store: Path, tmp_path: Path) -> None:
    head, slot = "供稿日,供稿單位,主題,承辦角色,貼文編號,備註,實際供稿日", "104/07/05,第一課,檢驗標識,撰稿,,,"
    upload.import_file(store, write_file(tmp_path, "輪值.csv", head, slot), by=BY)
    [made] = current(store, "contributions")
    texts = {name: str(value) for name, value in made.items() if value is not None}
    more = {"state": "已供稿", "submitted_on": "104/07/04", "note": "附圖兩張"}
    entries.enter(store, BY_NAME["contributions"], texts | more, reason="已收到", by=BY)
    [before] = current(store, "contributions")
    later = [slot.replace("撰稿", ""), "104/07/12,第二課,捕蚊燈,撰稿,,,"]
    upload.import_file(store, write_file(tmp_path, "輪值到七月.csv", head, *later), by=BY)
    assert before in current(store, "contributions")


# --- the original


def test_the_original_is_kept_under_its_hash_and_can_be_read_again(store: Path, holidays: Path) -> None:
    upload.import_file(store, holidays, by=BY)
    digest = hashlib.sha256(holidays.read_bytes()).hexdigest()
    assert last_import(store, "sha256") == (digest,)
    assert [path.name for path in originals.folder(store).iterdir()] == [digest]
    assert originals.has(store, digest)
    assert originals.read(store, digest) == holidays.read_bytes()


def test_a_refused_file_is_not_kept(store: Path, tmp_path: Path) -> None:
    refused(store, write_file(tmp_path, "x.csv", "day,label,working", "2014-02-30,和平紀念日,0"))
    assert not originals.folder(store).exists()


def test_when_the_original_cannot_be_kept_nothing_is_imported(store: Path, holidays: Path) -> None:
    originals.folder(store).write_text("在路上")
    before = store.read_bytes()
    with pytest.raises(StoreError, match="無法把原始檔存到") as raised:
        upload.import_file(store, holidays, by=BY)
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


@pytest.mark.parametrize("name", ["../../逃.csv", "/etc/passwd", "C:\\Windows\\win.ini", "..", "a\x00b.csv", "CON"])
def test_a_name_from_outside_is_never_a_path(store: Path, holidays: Path, name: str) -> None:
    before = beside(store)
    upload.import_file(store, Bytes(name, holidays.read_bytes()), by=BY)
    (shown,) = last_import(store, "file_name")
    assert not set(shown) & set("/\\\x00")
    assert beside(store) == before | {"originals"}
    assert [len(path.name) for path in originals.folder(store).iterdir()] == [64]


@pytest.mark.parametrize("digest", [None, "", "../store.db", "a" * 63, "A" * 64, "a" * 64 + "/../x", "a" * 64])
def test_only_a_hash_that_was_kept_finds_an_original(store: Path, holidays: Path, digest: str | None) -> None:
    upload.import_file(store, holidays, by=BY)
    assert originals.read(store, digest) is None
    assert not originals.has(store, digest)


# --- looking


def test_looking_says_what_would_happen_and_writes_nothing(store: Path, holidays: Path, tmp_path: Path) -> None:
    upload.import_file(store, holidays, by=BY)
    lines = ("2014-01-01,元旦,0", "2014-02-28,二二八,0", "2014-04-04,兒童節,0", "2014-04-31,沒有,0")
    file = write_file(tmp_path, "新.csv", "day,label,working", *lines)
    before = store.read_bytes(), beside(store)
    seen = upload.look(store, Bytes(file))
    assert (store.read_bytes(), beside(store)) == before
    found = seen.outcome
    assert (found.rows, found.added, found.changed, found.unchanged, found.batch) == (4, 1, 1, 1, None)
    assert [(r.row, r.code) for r in found.rejected] == [(5, "no_such_day")]
    assert (seen.label, seen.first_day, seen.last_day, seen.earlier_batch) == ("假日", "2014-01-01", "2014-04-04", None)
    assert seen.tables == {
        "holidays": [
            {"source_row": 2, "day": "2014-01-01", "label": "元旦", "working": 0},
            {"source_row": 3, "day": "2014-02-28", "label": "二二八", "working": 0},
            {"source_row": 4, "day": "2014-04-04", "label": "兒童節", "working": 0},
        ]
    }
    assert seen.changes == [
        Changed(
            3,
            "holidays",
            {"day": "2014-02-28", "label": "二二八", "working": 0},
            {"label": ("和平紀念日", "二二八")},
        )
    ]


def test_looking_at_a_file_that_is_in_already_names_its_batch(store: Path, holidays: Path) -> None:
    batch = upload.import_file(store, holidays, by=BY).batch
    seen = upload.look(store, Bytes(holidays))
    assert (seen.earlier_batch, seen.outcome.unchanged, seen.outcome.added) == (batch, 2, 0)


def test_the_outcome_of_a_refused_file_counts_every_row_once(store: Path, tmp_path: Path) -> None:
    lines = ("c1,wifi,2014-01-01,nobody", "c2,wifi,2014-01-32,", "c3,wifi,2014-01-03,")
    source = Bytes(write_file(tmp_path, "c.csv", "check_id,kind,checked_on,unit", *lines))
    with pytest.raises(RowsRejected) as raised:
        upload.import_file(store, source, by=BY)
    outcome = upload.refused(source, raised.value)
    assert (outcome.format, outcome.encoding, outcome.rows, outcome.batch) == ("checks", "utf-8", 3, None)
    assert [(r.row, r.code) for r in outcome.rejected] == [(2, "unknown_reference"), (3, "no_such_day")]
    assert outcome.error == raised.value.in_command


def test_an_error_tells_what_was_learnt_of_the_file_and_nobody_reads_it_again(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Bytes(write_file(tmp_path, "m.csv", "訓練別,月份,受理件數,辦結件數", "甲,十月,1,1"))
    with pytest.raises(RowsRejected) as raised:
        upload.import_file(store, source, by=BY)
    monkeypatch.setattr(registry, "look", lambda *_: pytest.fail("the file was read again"))
    outcome = upload.refused(source, raised.value)
    assert (outcome.file, outcome.format, outcome.encoding, outcome.rows) == ("m.csv", "petitions", "utf-8", 1)


def test_a_question_and_an_unknown_file_tell_as_much_as_was_learnt(store: Path, tmp_path: Path) -> None:
    days = Bytes(write_file(tmp_path, "d.csv", "日期,粉絲人數", "103/12/31,1"))
    with pytest.raises(Unanswered) as asked:
        upload.import_file(store, days, by=BY)
    assert (upload.refused(days, asked.value).format, upload.refused(days, asked.value).rows) == ("fan_days", 0)
    unknown = Bytes(write_file(tmp_path, "u.csv", "甲,乙", "1,2"))
    with pytest.raises(FileNotRecognised) as raised:
        upload.import_file(store, unknown, by=BY)
    assert (upload.refused(unknown, raised.value).file, upload.refused(unknown, raised.value).format) == ("u.csv", "")


def test_rows_that_contradict_each_other_are_left_out_though_the_first_was_handed_over_long_before(
    store: Path, tmp_path: Path
) -> None:
    lines = [f"{date(2100, 1, 1) + timedelta(days=n)},假日,0" for n in range(2_700)]
    file = write_file(tmp_path, "假.csv", "day,label,working", *lines, "2100-01-01,除夕,0", lines[1])
    outcome = upload.import_file(store, file, by=BY, skip_rejected=True)
    assert [(r.row, r.value) for r in outcome.rejected] == [(2, "2100-01-01"), (2702, "2100-01-01")]
    assert (outcome.rows, outcome.added) == (2_701, 2_699)
    assert "1 列重複（內容相同），只計一次。" in outcome.notes
    assert "2100-01-01" not in holidays_in(store)


# --- undoing


def enter(store: Path, reason: str = "新增", **texts: str) -> int:
    return entries.enter(store, HOLIDAYS, texts, reason=reason, by=BY)


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


def test_a_covered_batch_that_is_let_stand_again_stands(store: Path) -> None:
    """Standing again changes no row while a later entry covers it, but it must not be lost."""
    first = enter(store, day="2014-02-28", label="和平日", working="0")
    second = enter(store, "更正", day="2014-02-28", label="和平紀念日", working="0")
    upload.undo(store, first, by=BY, reason="填錯")
    upload.redo(store, first, by=BY, reason="沒有填錯")
    upload.undo(store, second, by=BY, reason="填錯")
    assert [row["label"] for row in current(store, "holidays")] == ["和平日"]
