"""The store as files: their form to the byte, safe cells, and that an import reads them again."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sqdash import quoting
from sqdash.errors import DataError
from sqdash.importers import workbooks
from sqdash.importers.sources import Bytes
from sqdash.jobs import entries, export, upload
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME, TABLES
from tests.making import current, is_one_sentence, looking, put, row

Copy = Callable[[str], Path]
POSTS_HEAD = (
    "post_id,page_id,published_at,type,message,permalink,observed_at,"
    "likes,reactions,comments,shares,reach,viewers,impressions,views,clicks"
)
PAGE_DAYS_HEAD = "page_id,day,day_zone,measure,value"
BOM = b"\xef\xbb\xbf"


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def test_every_table_is_one_file_with_mark_and_headings(made: Copy, tmp_path: Path) -> None:
    written = export.export(made("demo"), tmp_path / "new" / "out")
    folder = tmp_path / "new" / "out"
    heads = {f"{table.name}.csv": list(table.names) for table in TABLES if table.name != "posts"}
    heads |= {"posts.csv": POSTS_HEAD.split(","), "imports.csv": list(rows.IMPORT_COLUMNS)}
    assert {path.name for path in folder.iterdir()} == set(written) == set(heads)
    for name, head in heads.items():
        assert (folder / name).read_bytes()[:3] == BOM, name
        found = lines(folder / name)
        assert found[0] == head, name
        assert len(found) - 1 == written[name], name
        assert {len(line) for line in found} == {len(head)}, name


def test_the_number_of_rows_is_that_of_the_store(made: Copy, tmp_path: Path) -> None:
    written = export.export(made("demo"), tmp_path)
    for table in TABLES:
        assert written[f"{table.name}.csv"] == len(current(made("demo"), table.name)), table.name
    with looking(made("demo")) as connection:
        assert written["imports.csv"] == connection.execute("SELECT count(*) FROM imports").fetchone()[0]


def test_posts_have_the_contracts_columns_latest_figures_and_nothing_where_unknown(copy: Copy, tmp_path: Path) -> None:
    store = copy("empty")
    at = "2014-11-22T09:05:00+08:00"
    unseen = {"permalink": "https://example.org/1", "topic": "甲", "unit": "section-1", "boosted": 1}
    put(
        store,
        "posts",
        row("posts", post_id="p_2", page_id="p", published_at=at),
        row("posts", post_id="p_1", page_id="p", published_at=at, type="相片", message="第一行\n「第二」,行", **unseen),
    )
    put(  # the current figures keep the reactions and clicks of the first: the file says what the last one said
        store,
        "snapshots",
        row("snapshots", post_id="p_1", observed_at="2014-11-23T08:00:00+08:00", likes=1, reactions=2, clicks=3),
        row("snapshots", post_id="p_1", observed_at="2014-12-01T08:00:00+08:00", likes=0, reach=700, viewers=5),
    )
    export.export(store, tmp_path)
    assert text(tmp_path / "posts.csv").splitlines() == [
        POSTS_HEAD,
        f'p_1,p,{at},相片,"第一行',
        '「第二」,行",https://example.org/1,2014-12-01T08:00:00+08:00,0,,,,700,5,,,',
        f"p_2,p,{at},,,,,,,,,,,,,",
    ]
    assert text(tmp_path / "snapshots.csv").splitlines() == [
        "post_id,observed_at,likes,reactions,comments,shares,reach,viewers,impressions,views,clicks",
        "p_1,2014-11-23T08:00:00+08:00,1,2,,,,,,,3",
        "p_1,2014-12-01T08:00:00+08:00,0,,,,700,5,,,",
    ]


def test_page_days_have_the_contracts_columns_and_keep_their_zone(copy: Copy, tmp_path: Path) -> None:
    store = copy("empty")
    day = {"page_id": "p", "day": "2014-12-31", "value": 16_300}
    put(
        store,
        "page_days",
        row("page_days", **day, day_zone="Asia/Taipei", measure="fans"),
        row("page_days", **day, day_zone="America/Los_Angeles", measure="reach"),
    )
    export.export(store, tmp_path)
    assert text(tmp_path / "page_days.csv").splitlines() == [
        PAGE_DAYS_HEAD,
        "p,2014-12-31,America/Los_Angeles,reach,16300",
        "p,2014-12-31,Asia/Taipei,fans,16300",
    ]


def test_whole_numbers_have_no_decimal_point_and_others_keep_theirs(made: Copy, tmp_path: Path) -> None:
    export.export(made("report"), tmp_path)
    found = {(line[0], line[3]): line[5:9] for line in lines(tmp_path / "readings.csv")}
    assert found["fans", "result"] == ["16300", "", "", "已達"]
    assert found["satisfaction_branch", "result"] == ["90.8", "", "", ""]
    assert found["likes_per_post", "before"] == ["", "30", "50", "約"]


def test_struck_and_replaced_rows_are_not_exported(copy: Copy, tmp_path: Path) -> None:
    store = copy("empty")
    put(store, "holidays", row("holidays", day="2014-01-01", label="舊", working=0))
    put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))
    put(store, "holidays", row("holidays", day="2014-04-04", label="兒童節", working=0))
    entries.strike(store, BY_NAME["holidays"], ["2014-04-04"], reason="重複", by="x")
    export.export(store, tmp_path)
    assert lines(tmp_path / "holidays.csv")[1:] == [["2014-01-01", "元旦", "0"]]
    assert lines(tmp_path / "imports.csv")[1][:4] == ["4", "entry", "holidays", "人工刪列：假日"]


# --- safe cells


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(copy: Copy, tmp_path: Path, start: str) -> None:
    store = copy("empty")
    message = f"{start}cmd|' /C calc'!A0"
    post = row("posts", post_id="p_1", page_id="p", published_at="2014-11-22T09:05:00+08:00", message=message)
    put(store, "posts", post, file_name=f"{start}檔.csv")
    export.export(store, tmp_path)
    assert lines(tmp_path / "posts.csv")[1][4] == "'" + message
    assert lines(tmp_path / "imports.csv")[1][3] == f"'{start}檔.csv"


def test_numbers_are_never_touched(copy: Copy, tmp_path: Path) -> None:
    store = copy("empty")
    fact = {"year": 103, "label": "數字", "unit": "度"}
    put(store, "facts", row("facts", **fact, fact="below", value=-5.0), row("facts", **fact, fact="part", value=-0.25))
    export.export(store, tmp_path)
    assert [line[3] for line in lines(tmp_path / "facts.csv")[1:]] == ["-5", "-0.25"]


@given(st.text(max_size=20))
def test_no_text_leaves_as_a_formula_and_every_text_can_be_had_back(value: str) -> None:
    found = export.safe(value)
    assert not found.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert found in (value, "'" + value)
    assert quoting.unguard(found) == value


def test_no_cell_of_the_demonstration_leaves_as_a_formula(made: Copy, tmp_path: Path) -> None:
    export.export(made("demo"), tmp_path)
    cells = [cell for path in tmp_path.iterdir() for line in lines(path) for cell in line]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))] == []
    assert any(cell.startswith("'=") for cell in cells)


# --- files


def test_exporting_again_replaces_its_own_files_and_no_other(copy: Copy, tmp_path: Path) -> None:
    store = copy("empty")
    folder = tmp_path / "out"
    export.export(store, folder)
    (folder / "holidays.csv").write_text("手改", encoding="utf-8")
    (folder / "我的.txt").write_text("別動", encoding="utf-8")
    before = {path.name for path in folder.iterdir()}
    put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))
    export.export(store, folder)
    assert lines(folder / "holidays.csv") == [["day", "label", "working"], ["2014-01-01", "元旦", "0"]]
    assert (folder / "我的.txt").read_text(encoding="utf-8") == "別動"
    assert {path.name for path in folder.iterdir()} == before


def test_exporting_twice_gives_the_same_bytes(made: Copy, tmp_path: Path) -> None:
    export.export(made("demo"), tmp_path / "a")
    export.export(made("demo"), tmp_path / "b")
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_folder_that_cannot_be_made_is_named(made: Copy, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(DataError, match="無法建立匯出資料夾") as raised:
            export.export(made("empty"), folder)
        assert is_one_sentence(raised.value)


def test_a_file_that_cannot_be_replaced_is_named_and_nothing_is_left_beside_it(made: Copy, tmp_path: Path) -> None:
    (tmp_path / "units.csv").mkdir()
    with pytest.raises(DataError, match=r"無法寫入「.*units\.csv」") as raised:
        export.export(made("empty"), tmp_path)
    assert is_one_sentence(raised.value)
    assert [path.name for path in tmp_path.iterdir()] == ["units.csv"]


# --- round trip


def test_an_import_of_the_exported_tables_gives_the_same_store(made: Copy, copy: Copy, tmp_path: Path) -> None:
    store, again = made("report"), copy("empty")
    export.export(store, tmp_path)
    for table in TABLES:
        if current(store, table.name):
            upload.import_file(again, tmp_path / f"{table.name}.csv", by="x")
    assert {t.name: current(again, t.name) for t in TABLES} == {t.name: current(store, t.name) for t in TABLES}


def test_text_that_got_an_apostrophe_is_itself_again_after_an_import(copy: Copy, tmp_path: Path) -> None:
    store = copy("empty")
    titles = ["=3 分鐘看懂", "@大家", "-", "'引號", "普通"]
    for n, title in enumerate(titles):
        activity = row("activities", activity_id=f"a-{n}", kind="other", held_on="2014-01-01", title=title)
        put(store, "activities", activity)
    export.export(store, tmp_path)
    other = copy("report")
    upload.import_file(other, tmp_path / "activities.csv", by="x")
    assert [a["title"] for a in current(other, "activities") if a["activity_id"].startswith("a-")] == titles


def test_exported_posts_can_be_imported_again(copy: Copy, tmp_path: Path) -> None:
    store = copy("report")
    at = "2014-11-22T09:05:00+08:00"
    put(store, "posts", row("posts", post_id="xiaoanxin_1", page_id="xiaoanxin", published_at=at, message="甲"))
    put(store, "snapshots", row("snapshots", post_id="xiaoanxin_1", observed_at=at, likes=5))
    export.export(store, tmp_path)
    again = copy("demo")
    upload.import_file(again, tmp_path / "posts.csv", by="x")
    [found] = [post for post in current(again, "posts") if post["post_id"] == "xiaoanxin_1"]
    assert (found["published_at"], found["message"]) == (at, "甲")
    assert [s["likes"] for s in current(again, "snapshots") if s["post_id"] == "xiaoanxin_1"] == [5]


# --- one workbook


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_has_a_sheet_a_table_with_the_screens_headings(
    made: Copy, tmp_path: Path, kind: Literal["xlsx", "ods"]
) -> None:
    written = export.workbook(made("report"), tmp_path / "out", kind)
    assert written == {f"sqdash.{kind}": sum(len(current(made("report"), table.name)) for table in TABLES)}
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"sqdash.{kind}"]
    source = Bytes(tmp_path / "out" / f"sqdash.{kind}")
    head, first, *_ = [cells for _, cells in workbooks.read(source, BY_NAME["readings"].label).rows]
    assert head[:5] == ["指標", "期間起", "期間起（民國）", "期間迄", "期間迄（民國）"]
    assert first[1:5] == ["2014-01-01", "103/01/01", "2014-12-31", "103/12/31"]


def test_ids_are_texts_and_figures_numbers_under_a_frozen_heading(copy: Copy, tmp_path: Path) -> None:
    store = copy("empty")
    put(store, "holidays", row("holidays", day="2014-01-01", label="=cmd()", working=0))
    export.workbook(store, tmp_path, "xlsx")
    book = openpyxl.load_workbook(tmp_path / "sqdash.xlsx")
    page = book[BY_NAME["holidays"].label]
    assert page.freeze_panes == "A2"
    assert [(cell.value, cell.data_type) for cell in page[2]] == [
        (datetime(2014, 1, 1), "d"),
        ("103/01/01", "s"),
        ("=cmd()", "s"),
        (0, "n"),
    ]
    assert page["A2"].number_format == "yyyy-mm-dd"
    book.close()


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_days_and_moments_are_cells_of_that_kind_with_their_roc_form_beside(
    copy: Copy, tmp_path: Path, kind: Literal["xlsx", "ods"]
) -> None:
    store = copy("empty")
    at = "2014-11-22T09:05:00+08:00"
    put(store, "posts", row("posts", post_id="0012_7", page_id="0012", published_at=at, message="貼文"))
    export.workbook(store, tmp_path, kind)
    table = BY_NAME["posts"]
    sheet = CalamineWorkbook.from_path(tmp_path / f"sqdash.{kind}").get_sheet_by_name(table.label).to_python()
    found = dict(zip(sheet[0], sheet[1], strict=True))
    label = table.column("published_at").label
    assert (found[table.column("post_id").label], found[table.column("page_id").label]) == ("0012_7", "0012")
    assert (found[label], found[f"{label}（民國）"]) == (datetime(2014, 11, 22, 9, 5), "103/11/22 09:05")


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_words_and_indicators_read_in_a_workbook_as_on_screen_and_keep_their_codes_in_csv(
    made: Copy, tmp_path: Path, kind: Literal["xlsx", "ods"]
) -> None:
    export.workbook(made("report"), tmp_path, kind)
    found = {}
    for name in ("activities", "readings"):
        table = BY_NAME[name]
        head, *body = CalamineWorkbook.from_path(tmp_path / f"sqdash.{kind}").get_sheet_by_name(table.label).to_python()
        found[name] = [dict(zip(head, one, strict=True)) for one in body]
    assert {one["類別"] for one in found["activities"]} == {"產學合作簽署", "公會會員大會說明", "粉絲活動"}
    assert {(one["時點"], one["依據"]) for one in found["readings"] if one["指標"] == "電話禮貌測試"} == {
        ("結果", "由敘述推得")
    }
    export.export(made("report"), tmp_path)
    assert "phone_tests,2014-01-01,2014-12-31,result" in text(tmp_path / "readings.csv")


def test_a_workbook_that_cannot_be_written_is_one_sentence(made: Copy, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError) as caught:
        export.workbook(made("empty"), tmp_path / "file", "xlsx")
    assert is_one_sentence(caught.value)
