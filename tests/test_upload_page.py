"""資料登錄與上傳 as Streamlit runs it: a file is looked at, asked about, taken, taken back; rows are typed by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from sqdash import periods
from sqdash.errors import StoreBusy
from sqdash.importers.specs import SPECS
from sqdash.jobs import accounts, apart, entries, year_lock
from sqdash.store import database, gate
from sqdash.store.queries import audit, base
from sqdash.tables import TABLES
from tests.apps import Opens, headings, links, opening, press, said, starting, tables, unmarked, words
from tests.importers import workbook_files as files
from tests.making import current, is_one_sentence, looking, put, row

GOLDEN = Path(__file__).parent / "importers" / "golden"
META = (GOLDEN / "meta_posts" / "summary_2026.csv").read_bytes()
MONTHS = "月份,受理件數,辦結件數\n103/06,18,18\n103/07,20,21\n"
WITH_BAD_ROWS = "月份,受理件數,辦結件數\n103/06,18,18\n103/13,20,21\n103/08,很多,3\n103/09,5,9\n"
OWN_HEADINGS = "哪一天,做了什麼,來了幾位\n"
HOSTILE = ("![x](//elsewhere.example/a.png)", "<img src=//elsewhere.example/b.png>", ":material/delete: **粗** $x$ `y`")
NOW, TYPED = "剛剛匯出（現在）", "確定匯出時間"


@pytest.fixture
def screen(made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """Opens the upload page over a store (a kind, or a path)."""
    with opening(made, monkeypatch) as opens:
        yield lambda store: opens(store, "upload")


@pytest.fixture
def store(copy: Callable[[str], Path]) -> Path:
    """A store of year 103 that the test may change."""
    return copy("report")


def drop(app: AppTest, *files: tuple[str, bytes | str]) -> AppTest:
    """Give the page these files, in place of those it had."""
    given = [(name, data.encode() if isinstance(data, str) else data, "text/csv") for name, data in files]
    app.file_uploader(key="upload_files").set_value(given).run()
    assert_whole(app)
    return app


def assert_whole(app: AppTest) -> None:
    assert [e.value for e in app.exception] == []
    assert "未預期的問題" not in words(app)


def counts(app: AppTest) -> dict[str, str]:
    """The preview's figures."""
    return {metric.label: str(metric.value) for metric in app.metric}


def buttons(app: AppTest) -> list[str]:
    return [unmarked(b.label) for b in app.button]


def day(app: AppTest) -> Any:
    """Where the day of the export is typed."""
    return next(t for t in app.text_input if t.label == "或匯出日期")


def choose(app: AppTest, kind: str, label: str, value: Any) -> AppTest:
    """Choose a value in the one widget of that kind whose label begins so, by what it is and not by what it shows."""
    (widget,) = (w for w in getattr(app, kind) if unmarked(w.label).startswith(label))
    return widget.set_value(value).run()


def facts(store: Path) -> dict[str, list[dict[str, Any]]]:
    """Every current row of every table."""
    return {table.name: current(store, table.name) for table in TABLES}


def test_a_large_file_goes_in_by_a_process_of_its_own(
    store: Path, screen: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    done = apart._done

    def noted(store: Path, source: Any, does: str, *given: Any, **more: Any) -> Any:
        begun.append(does)
        gate.origin.set("")  # without a browser there is a stand-in for an address
        return done(store, source, does, *given, **more)

    monkeypatch.setattr(apart, "LARGE", len(MONTHS.encode()))
    monkeypatch.setattr(apart, "_done", noted)
    app = drop(screen(store), ("陳情.csv", MONTHS))
    press(app, "匯入 2 列")
    assert_whole(app)
    assert "已匯入" in words(app)
    assert begun == ["look", "import_file"]
    assert [row["received"] for row in current(store, "petitions")][-2:] == [18, 20]


def revision(store: Path) -> int:
    with database.reading(store) as connection:
        return base.revision(connection)


def log(app: AppTest) -> list[dict[str, str]]:
    """The list of the import log, newest first."""
    return next(table for table in tables(app) if table and "批次" in table[0])


def newest_batch(app: AppTest) -> AppTest:
    """Look at the newest batch in the import log."""
    starting(app.selectbox, "batch").select_index(0).run()
    return app


# --- the page


@pytest.mark.parametrize("kind", ["empty", "report", "demo"])
def test_every_tab_opens_over_every_store(screen: Opens, kind: str) -> None:
    app = screen(kind)
    assert_whole(app)
    assert [e.value for e in app.error] == []
    labels = [tab.label for tab in app.tabs]
    assert labels == ["我的單位，本月", "上傳檔案", "人工登錄", "範本下載", "匯入紀錄", "催報"]
    assert [len(tab.children) > 0 for tab in app.tabs] == [True] * len(labels)


@pytest.mark.parametrize("kind", ["empty", "report"])
def test_opening_the_page_and_looking_at_a_file_write_nothing(
    screen: Opens, copy: Callable[[str], Path], kind: str
) -> None:
    store = copy(kind)
    before = revision(store)
    app = drop(screen(store), ("陳情.csv", MONTHS))
    assert "匯入 2 列" in buttons(app)
    assert revision(store) == before


def test_every_template_can_be_had_in_three_kinds(screen: Opens) -> None:
    offered = [b.label for b in screen("empty").download_button if str(b.key).startswith("template_")]
    assert offered == ["XLSX", "ODS", "CSV"] * len(SPECS)


# --- the journey of a file


@pytest.mark.parametrize("kind", ["empty", "report", "demo"])
def test_a_known_file_is_asked_about_looked_at_taken_and_taken_back(
    screen: Opens, copy: Callable[[str], Path], kind: str
) -> None:
    store = copy(kind)
    before = facts(store)
    app = drop(screen(store), ("summary_2026.csv", META))
    assert "這份數據是什麼時候匯出的（較晚匯出的數字才會取代較早的）" in words(app)
    assert counts(app) == {}
    press(app, NOW)
    assert counts(app) == {"新增": "1 列", "變更": "0 列", "未變": "0 列", "不能採用": "0 列"}
    assert "Meta 內容匯出（每篇一列）" in words(app)
    press(app, "匯入 1 列")
    (done,) = (text for text in said(app.success) if text.startswith("已匯入"))
    assert done.endswith("：新增 1、變更 0、未變 0。")
    assert [post["message"] for post in current(store, "posts") if post["post_id"].endswith("654")] == ["摘要"]
    press(app, "還原")
    assert any(text.startswith("已還原批次") for text in said(app.success))
    assert any(text.endswith("已還原。") for text in said(app.info))
    assert facts(store) == before


def test_the_moment_of_the_export_can_be_typed_as_a_roc_day(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("summary_2026.csv", META))
    day(app).set_value("114/10/20").run()
    assert counts(app) == {}  # there may be an hour to come
    press(app, TYPED)
    assert "匯出時間 114/10/20 23:59" in words(app)
    press(app, "匯入 1 列")
    (snapshot,) = current(store, "snapshots")
    assert snapshot["observed_at"] == "2025-10-20T23:59:00+08:00"


def test_the_hour_of_the_export_can_be_typed_after_its_day(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("summary_2026.csv", META))
    day(app).set_value("114/10/20").run()
    choose(app, "text_input", "時間", "09:30")
    press(app, TYPED)
    assert "匯出時間 114/10/20 09:30" in words(app)


@pytest.mark.parametrize("text", ["昨天", "114/13/40", "999999999", ""])
def test_a_moment_that_cannot_be_read_is_said_and_asked_again(screen: Opens, store: Path, text: str) -> None:
    app = drop(screen(store), ("summary_2026.csv", META))
    day(app).set_value(text).run()
    press(app, TYPED)
    assert_whole(app)
    assert said(app.error) == ["看不懂匯出時間，請用 115/11/24 與 09:00 的寫法。"]
    assert NOW in buttons(app)


def test_after_a_wrong_answer_there_is_a_way_back_to_the_question(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("summary_2026.csv", META))
    day(app).set_value("199/01/01").run()
    press(app, TYPED)
    (sentence,) = said(app.error)
    assert "還沒到" in sentence
    assert "--" not in sentence
    press(app, "重新回答所有問題")
    assert said(app.error) == []
    assert NOW in buttons(app)


def test_the_same_file_again_is_said_to_be_in_and_offers_nothing(screen: Opens, store: Path) -> None:
    app = press(drop(screen(store), ("陳情.csv", MONTHS)), "匯入 2 列")
    before = revision(store)
    drop(app, ("另名.csv", MONTHS))
    (sentence,) = (text for text in said(app.info) if "已匯入" in text)
    assert sentence.startswith("這個檔案已匯入（批次 ")
    assert not any(label.startswith("匯入") for label in buttons(app))
    assert revision(store) == before


def test_the_other_sheets_of_a_workbook_can_be_taken_once_the_first_is_in(screen: Opens, store: Path) -> None:
    head = ["月份", "受理件數", "辦結件數"]
    book = files.ods(("上半年", [head, ["103/06", 18, 18]]), ("下半年", [head, ["103/07", 20, 21]]))
    app = press(drop(screen(store), ("陳情.ods", book)), "匯入 1 列")
    drop(app, ("再一次.ods", book))
    (sentence,) = (text for text in said(app.info) if "已匯入" in text)
    assert sentence.startswith("工作表「上半年」已匯入（批次 ")
    press(choose(app, "selectbox", "工作表", "下半年"), "匯入 1 列")
    assert_whole(app)
    assert [row["month"] for row in current(store, "petitions")] == ["2014-06", "2014-07"]


@pytest.mark.parametrize("cover", [[["臺南分局"], ["民眾陳情統計"]], [["機關", "臺南分局"], ["承辦", "秘書室"]]])
def test_a_workbook_that_begins_with_a_cover_lets_its_table_be_chosen(
    screen: Opens, store: Path, cover: list[list[str]]
) -> None:
    table = [["月份", "受理件數", "辦結件數"], ["103/06", 18, 18]]
    app = drop(screen(store), ("陳情.ods", files.ods(("封面", cover), ("資料", table))))
    press(choose(app, "selectbox", "工作表", "資料"), "匯入 1 列")
    assert_whole(app)
    assert [row["month"] for row in current(store, "petitions")] == ["2014-06"]


def test_a_file_of_a_locked_year_says_so_and_offers_no_import(screen: Opens, store: Path) -> None:
    year_lock.lock(store, 103, reason="公布", by="研考")
    app = drop(screen(store), ("成果.csv", "year,owner,number,text\n103,1.1.1.1,1,新的成果。\n"))
    (told,) = said(app.error)
    assert told == "103 年度已鎖定，不能變更績效與成果，請先到計畫與成果的年度分頁解除鎖定並寫明原因。"
    assert not [label for label in buttons(app) if label.startswith("匯入")]
    assert counts(app)["變更"] == "1 列"
    assert "新的成果。" in str(tables(app))


def test_a_form_of_a_locked_year_says_so_before_anything_is_typed(screen: Opens, store: Path) -> None:
    choosing = "要登錄什麼"
    app = choose(screen(store), "segmented_control", choosing, "readings")
    assert "鎖定" not in words(app)
    year_lock.lock(store, 103, reason="公布", by="研考")
    app = choose(screen(store), "segmented_control", choosing, "readings")
    assert "103 年度已鎖定，該年度的陳報值不能新增或變更；要改請先到計畫與成果的「年度」解除鎖定。" in said(app.info)
    app = choose(app, "segmented_control", choosing, "activities")
    assert "不能新增或變更" not in words(app)


def test_a_newer_file_shows_old_and_new_before_it_is_taken(screen: Opens, store: Path) -> None:
    app = press(drop(screen(store), ("陳情.csv", MONTHS)), "匯入 2 列")
    drop(app, ("更正.csv", MONTHS.replace("20,21", "25,21")))
    assert counts(app) == {"新增": "0 列", "變更": "1 列", "未變": "1 列", "不能採用": "0 列"}
    (changes,) = (table for table in tables(app) if table and "變更" in table[0] and "對象" in table[0])
    assert "期間 103/06–103/07　" in words(app)
    assert [(row["對象"], row["變更"]) for row in changes] == [("103/07", "受理件數 20 件 → 25 件")]


def test_several_files_are_looked_at_each_by_itself(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("一.csv", MONTHS), ("二.xls", "<html><table></table></html>"), ("三.csv", META))
    assert [heading for heading in headings(app) if heading.endswith((".csv", ".xls"))] == [
        "一.csv",
        "二.xls",
        "三.csv",
    ]
    assert len(app.error) == 1
    press(app, "匯入 2 列")
    assert [text.startswith("已匯入（批次 ") for text in said(app.success)] == [True]
    press(app, NOW)
    press(app, "匯入 1 列")
    assert [row["來源"] for row in log(app)[:2]] == ["三.csv", "一.csv"]


# --- rows that cannot be taken


def test_rows_that_cannot_be_taken_are_listed_and_the_rest_is_taken_on_a_click(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("陳情.csv", WITH_BAD_ROWS))
    assert said(app.error) == ["2 列不能採用，所以整個檔案還沒有匯入；請修正後重傳，或匯入其餘。"]
    (listed,) = (table for table in tables(app) if table and "原因與補救" in table[0])
    assert [(row["欄"], row["內容"], row["原因與補救"]) for row in listed] == [
        ("月份", "103/13", "沒有這個月份，請改成 1 至 12 月。"),
        ("受理件數", "很多", "不是數字，請只填數字，例如 1234。"),
    ]
    assert [b.label for b in app.download_button if str(b.key).startswith("rejected_")] == ["XLSX", "ODS", "CSV"]
    press(app, "匯入其餘 2 列（略過 2 列）")
    (done,) = said(app.success)
    assert done.endswith("：新增 2、變更 0、未變 0，略過 2 列。")
    assert [row["month"] for row in current(store, "petitions")] == ["2014-06", "2014-09"]


def test_the_log_lists_what_a_batch_left_out_by_row_column_value_and_reason(screen: Opens, store: Path) -> None:
    app = press(drop(screen(store), ("陳情.csv", WITH_BAD_ROWS)), "匯入其餘 2 列（略過 2 列）")
    newest_batch(app)
    (left_out,) = (table for table in tables(app) if table and list(table[0]) == ["列", "欄", "內容", "原因"])
    assert [tuple(row.values()) for row in left_out] == [
        ("3", "月份", "103/13", "沒有這個月份，請改成 1 至 12 月。"),
        ("4", "受理件數", "很多", "不是數字，請只填數字，例如 1234。"),
    ]


def test_a_file_of_bad_rows_alone_offers_no_rest(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("陳情.csv", "月份,受理件數,辦結件數\n103/13,20,21\n"))
    assert len(app.error) == 1
    assert not any(label.startswith("匯入") for label in buttons(app))


def test_a_file_of_headings_alone_says_so(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("陳情.csv", "月份,受理件數,辦結件數\n"))
    assert "檔案沒有資料列，沒有可以匯入的內容。" in said(app.info)
    assert not any(label.startswith("匯入") for label in buttons(app))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("下載.xls", b"<html><body><table><tr><td>1</td></tr></table></body></html>"),
        ("照片.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("空白.csv", b""),
        ("壞掉.xlsx", b"PK\x03\x04 not a workbook"),
        ("名單.csv", "月份,受理件數,辦結件數,身分證字號\n103/06,1,1,A123456789\n".encode()),
    ],
    ids=["a web page named xls", "a picture", "an empty file", "a broken workbook", "identity numbers"],
)
def test_a_refused_file_is_one_sentence_and_nothing_else(screen: Opens, store: Path, name: str, data: bytes) -> None:
    before = revision(store)
    plain = buttons(screen(store))
    app = drop(screen(store), (name, data))
    (sentence,) = said(app.error)
    assert is_one_sentence(sentence)
    assert sentence.startswith(name)
    assert counts(app) == {}
    assert buttons(app) == plain
    assert revision(store) == before


# --- questions


def test_an_encoding_that_cannot_be_told_is_asked_with_what_each_would_give(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("cités.csv", "ciudad,página,años\nMálaga,3,120\n".encode("latin-1")))
    (radio,) = app.radio
    assert unmarked(radio.label) == "文字編碼無法確定"
    assert [unmarked(option).partition("：")[0] for option in radio.options] == [
        "西歐（Windows-1252）",
        "CP950（Big5）",
        "GBK（簡體中文）",
    ]
    radio.set_value("cp1252").run()
    assert_whole(app)
    assert len(app.radio) == 0
    assert any("欄名不是任何一種已知格式" in text for text in said(app.warning))
    (sample,) = (table for table in tables(app) if table and "ciudad" in table[0])
    assert sample == [{"ciudad": "Málaga", "página": "3", "años": "120"}]


def test_the_page_and_the_year_of_a_file_without_them_are_asked_one_after_the_other(screen: Opens, store: Path) -> None:
    own = next(page for page in current(store, "pages") if page["kind"] == "own")
    app = drop(screen(store), ("粉絲.csv", "日期,粉絲人數\n3/4,100\n3/5,101\n"))
    (radio,) = app.radio
    assert own["label"] in [unmarked(option) for option in radio.options]
    radio.set_value(own["page_id"]).run()
    starting(app.text_input, "ask_").set_value("一百").run()
    assert said(app.error) == ["「一百」不是民國年，請輸入例如 103。"]
    starting(app.text_input, "ask_").set_value("104").run()
    assert "期間 104/03/04–104/03/05" in words(app)
    press(app, "匯入 2 列")
    assert [(row["day"], row["value"]) for row in current(store, "page_days")] == [
        ("2015-03-04", 100),
        ("2015-03-05", 101),
    ]


def test_without_any_page_the_page_is_typed_and_an_unknown_one_can_be_taken_back(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    app = drop(screen(copy("empty")), ("粉絲.csv", "日期,粉絲人數\n103/03/04,100\n"))
    starting(app.text_input, "ask_").set_value("沒有這頁").run()
    (sentence,) = said(app.error)
    assert sentence.startswith("沒有專頁「沒有這頁」")
    press(app, "重新回答所有問題")
    assert said(app.error) == []
    assert starting(app.text_input, "ask_").value == ""


def test_abbreviated_figures_are_taken_on_a_persons_word(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("陳情.csv", "月份,受理件數,辦結件數\n103/06,1.2萬,1.2萬\n"))
    (asked,) = (box for box in app.checkbox if "1.2萬" in unmarked(box.label))
    asked.check().run()
    press(app, "匯入 1 列")
    assert [row["received"] for row in current(store, "petitions")] == [12_000]


# --- headings that nobody knows


def assign(app: AppTest, table: str, columns: Mapping[str, str]) -> AppTest:
    """Say what the file is and which of its columns each of ours is; the kind is the same for all rows."""
    choose(app, "selectbox", "這個檔案是什麼資料", table)
    for ours, theirs in columns.items():
        (box,) = (s for s in app.selectbox if str(s.key).startswith("layout_") and s.label.startswith(ours))
        box.set_value(theirs)
    return app


def test_unknown_headings_are_assigned_on_the_screen_and_remembered_for_the_next_file(
    screen: Opens, store: Path
) -> None:
    app = drop(screen(store), ("甲.csv", OWN_HEADINGS + "103/06/10,量測課程,35\n"))
    assert any("欄名不是任何一種已知格式" in text for text in said(app.warning))
    assign(app, "activities", {"日期": "哪一天", "名稱": "做了什麼", "人次": "來了幾位"})
    (kind,) = (s for s in app.selectbox if s.label == "類別：固定值")
    kind.set_value("教育訓練")
    press(app, "套用欄位對應")
    assert_whole(app)
    assert counts(app)["新增"] == "1 列"
    press(app, "匯入 1 列")
    drop(app, ("乙.csv", OWN_HEADINGS + "103/07/10,另一課程,20\n"))
    assert not any("欄名不是任何一種已知格式" in text for text in said(app.warning))
    assert "- 沿用上次為這種欄名指定的欄位對應。" in words(app)
    press(app, "匯入 1 列")
    added = [row for row in current(store, "activities") if row["title"] in ("量測課程", "另一課程")]
    assert sorted((row["held_on"], row["kind"], row["attendees"]) for row in added) == [
        ("2014-06-10", "training", 35),
        ("2014-07-10", "training", 20),
    ]


def test_an_assignment_without_what_is_required_names_it(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("甲.csv", OWN_HEADINGS + "103/06/10,量測課程,35\n"))
    assign(app, "activities", {"名稱": "做了什麼"})
    press(app, "套用欄位對應")
    assert said(app.error) == ["還缺必填的類別、日期，請指定對應的欄或固定值。"]
    assert counts(app) == {}


def test_a_heading_is_offered_as_it_stands_in_the_file(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("甲.csv", f"哪一天,做了什麼,{HOSTILE[0]}\n103/06/10,課程,3\n"))
    choose(app, "selectbox", "這個檔案是什麼資料", "activities")
    (box,) = (s for s in app.selectbox if str(s.key).startswith("layout_") and s.label.startswith("人次"))
    assert box.options == [
        "沒有這一欄",
        "哪一天",
        "做了什麼",
        HOSTILE[0],
    ]  # a selectbox draws its options as text, not as markdown


# --- the log


def test_a_batch_of_the_log_is_told_in_full_and_its_original_can_be_had(screen: Opens, store: Path) -> None:
    app = newest_batch(press(drop(screen(store), ("陳情.csv", MONTHS)), "匯入 2 列"))
    (line,) = (unmarked(c.value) for c in app.caption if "內容雜湊" in c.value)
    assert line.startswith("格式 人民陳情（每月）　編碼 UTF-8　內容雜湊 ")
    assert [b.label for b in app.download_button if str(b.key).startswith("original_")] == ["下載原始檔"]
    assert any(text.startswith("還原批次") for text in said(app.info))


def test_a_batch_without_a_file_says_so(screen: Opens, store: Path) -> None:
    app = screen(store)
    newest_batch(app)
    assert any(c.value.startswith("這個批次沒有保存原始檔") for c in app.caption)


# --- by hand

TOMORROW = periods.roc_day(periods.today() + timedelta(days=1))
ROWS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "activities": (
        "活動紀錄",
        {"held_on": "103/11/22", "title": "量測推廣", "sessions": "2", "attendees": "1,035"},
        {"held_on": "2014-11-22", "kind": "training", "title": "量測推廣", "sessions": 2, "attendees": 1035},
    ),
    "petitions": (
        "人民陳情",
        {"month": "103/11", "received": "18", "closed": "17"},
        {"month": "2014-11", "received": 18, "closed": 17},
    ),
    "checks": (
        "查核與測試",
        {"checked_on": "103/11/22", "people": "22"},
        {"checked_on": "2014-11-22", "kind": "six_s", "people": 22},
    ),
    "readings": (
        "陳報值",
        {
            "period_from": "104/01/01",
            "period_to": "104/12/31",
            "ordinal": "1",
            "value": "17,000",
            "source_place": "104 年成果報告",
        },
        {"indicator": "fans", "period_from": "2015-01-01", "value": 17000, "source_place": "104 年成果報告"},
    ),
}
WRONG = {
    "activities": ("attendees", "很多", "人次"),
    "petitions": ("month", "103/13", "月份"),
    "checks": ("checked_on", "昨天", "日期"),
    "readings": ("value", "一大堆", "值"),
}


def type_in(app: AppTest, table: str, texts: Mapping[str, str]) -> AppTest:
    """Choose the table, type the texts, press 新增."""
    app.get("button_group")[0].set_value(table).run()
    fill_in(app, texts)
    press(app, "新增")
    assert_whole(app)
    return app


def fill_in(app: AppTest, texts: Mapping[str, str]) -> None:
    """Type the texts, column → text."""
    for name, text in texts.items():
        (box,) = (t for t in app.text_input if str(t.key).startswith("by_hand_") and t.key.endswith(f"_{name}"))
        box.input(text)


@pytest.mark.parametrize("table", ROWS)
def test_a_row_is_typed_by_hand(screen: Opens, store: Path, table: str) -> None:
    label, texts, stored = ROWS[table]
    before = current(store, table)
    app = type_in(screen(store), table, texts)
    assert said(app.error) == []
    (sentence,) = said(app.success)
    assert sentence.startswith(f"已存入{label}（批次 ")
    (new,) = (row for row in current(store, table) if row not in before)
    assert {name: new[name] for name in stored} == stored
    newest = log(app)[0]
    assert (newest["來源"], newest["結果"], newest["備註"]) == (f"人工登錄：{label}", "新增 1", "人工登錄")
    assert newest["時間與經手"].endswith(" 本機")


@pytest.mark.parametrize(
    ("table", "texts", "told"),
    [
        ("activities", {"held_on": TOMORROW}, "這一列的日期還沒到，到了那一天才計入；若不是排定的，請更正。"),
        ("petitions", {"closed": "19"}, "這一列的辦結件數多於受理件數，若不含先前受理的案件，請更正。"),
        ("activities", {}, ""),
    ],
)
def test_a_typed_row_that_is_worth_a_look_is_taken_and_says_so(
    screen: Opens, store: Path, table: str, texts: dict[str, str], told: str
) -> None:
    (sentence,) = said(type_in(screen(store), table, ROWS[table][1] | texts).success)
    assert sentence.partition("）。")[2] == told


def test_a_typed_row_begins_with_the_unit_of_the_desk(screen: Opens, store: Path) -> None:
    accounts.name_desk(store, "王小明", "section-6", by="本機")
    type_in(screen(store), "activities", ROWS["activities"][1])
    assert [one["unit"] for one in current(store, "activities") if one["title"] == "量測推廣"] == ["section-6"]


def test_an_empty_field_shows_an_example_of_this_year(screen: Opens) -> None:
    app = type_in(screen("report"), "petitions", {})
    (box,) = (t for t in app.text_input if str(t.key).endswith("_month"))
    assert box.placeholder == f"例如 {periods.today().year - 1911}/11"


@pytest.mark.parametrize(("chosen", "stored"), [("1", 1), ("0", 0), (None, None)])
def test_yes_or_no_is_chosen_and_may_be_left_open(
    screen: Opens, store: Path, chosen: str | None, stored: int | None
) -> None:
    app = screen(store)
    app.get("button_group")[0].set_value("checks").run()
    (box,) = (one for one in app.selectbox if str(one.key).endswith("_passed"))
    assert (box.options, box.value) == (["是", "否"], None)
    box.select(chosen)
    fill_in(app, ROWS["checks"][1])
    press(app, "新增")
    assert [row["passed"] for row in current(store, "checks") if row["people"] == 22] == [stored]


def test_a_row_typed_for_a_month_that_is_there_takes_nobodys_place(screen: Opens, store: Path) -> None:
    petitions = ROWS["petitions"][1]
    type_in(screen(store), "petitions", petitions)
    app = type_in(screen(store), "petitions", petitions | {"received": "5"})
    (sentence,) = said(app.error)
    assert sentence == "人民陳情已有月份相同而內容不同的一列；要更正請到設定的更正單列。"
    assert [row["received"] for row in current(store, "petitions") if row["month"] == "2014-11"] == [18]


def test_who_types_rows_finds_where_one_is_corrected(screen: Opens) -> None:
    app = screen("report")
    app.session_state["upload_tab"] = "人工登錄"
    way = links(app.run())["更正或刪去已登錄的活動紀錄"]
    asked = {"settings_tab": ["更正單列"], "correct_table": ["活動紀錄"]}
    assert parse_qs(urlsplit(way).query) == asked
    app.switch_page("pages/settings.py")
    app.query_params.update({name: texts[0] for name, texts in asked.items()})
    assert app.run().selectbox(key="correct_table").value == "activities"


@pytest.mark.parametrize("table", ROWS)
def test_a_wrong_value_is_refused_naming_its_field(screen: Opens, store: Path, table: str) -> None:
    label, texts, _ = ROWS[table]
    field, wrong, name = WRONG[table]
    before = revision(store)
    app = type_in(screen(store), table, texts | {field: wrong})
    (sentence,) = said(app.error)
    assert sentence.startswith(f"{label}「{name}」的值「{wrong}」無法採用：")
    assert is_one_sentence(sentence)
    assert said(app.success) == []
    assert revision(store) == before


# --- texts from outside


@pytest.mark.parametrize("name", [f"{text.replace('/', '_')}.csv" for text in HOSTILE])
def test_a_hostile_file_name_is_plain_wherever_it_stands(screen: Opens, store: Path, name: str) -> None:
    app = drop(screen(store), (name, MONTHS))
    assert name in headings(app)
    assert name not in [m.value for m in app.markdown]
    newest_batch(press(app, "匯入 2 列"))
    assert log(app)[0]["來源"] == name
    drop(app, (name, b""))
    assert any(text.startswith(name) for text in said(app.error))
    assert_nothing_live(app)


def test_hostile_cells_are_plain_wherever_they_stand(screen: Opens, store: Path) -> None:
    rows = "".join(f"103/06/1{n},教育訓練,{text},1\n" for n, text in enumerate(HOSTILE))
    app = drop(screen(store), ("甲.csv", "日期,類別,名稱,人次\n" + rows + f"103/06/20,{HOSTILE[0]},名,{HOSTILE[1]}\n"))
    (listed,) = (table for table in tables(app) if table and "原因與補救" in table[0])
    assert {row["內容"] for row in listed} >= {HOSTILE[1]}
    assert_nothing_live(app)
    press(app, "匯入其餘 3 列（略過 1 列）")
    assert [r["title"] for r in current(store, "activities") if r["held_on"].startswith("2014-06-1")] == list(HOSTILE)
    assert_nothing_live(app)


def test_hostile_headings_and_samples_are_plain(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("甲.csv", f"哪一天,做了什麼,{HOSTILE[0]}\n{HOSTILE[1]},{HOSTILE[2]},3\n"))
    (sample,) = (table for table in tables(app) if table and "哪一天" in table[0])
    assert sample == [{"哪一天": HOSTILE[1], "做了什麼": HOSTILE[2], HOSTILE[0]: "3"}]
    assert_nothing_live(app)


def assert_nothing_live(app: AppTest) -> None:
    """No mark of a hostile text is left unescaped in anything that Streamlit draws as markdown."""
    drawn = [
        str(node.value)
        for kind in ("markdown", "caption", "info", "warning", "error", "success")
        for node in app.get(kind)
    ]
    drawn += [str(node.label) for kind in ("button", "radio", "checkbox", "expander") for node in getattr(app, kind)]
    blocks_of_html = "".join(str(node.value) for node in app.get("html"))
    assert "<table" in blocks_of_html
    assert [tag for tag in ("<img", "<b>", "<script") if tag in blocks_of_html] == []
    for text in (re.sub(r"\\.", "", text) for text in drawn):
        for live in ("![x](", "<img", ":material/delete", "**粗", "$x$", "`y`"):
            assert live not in text, text


# --- whose page it is


def test_a_page_becomes_our_own_by_one_click_and_its_posts_count(screen: Opens, store: Path) -> None:
    app = press(press(drop(screen(store), ("summary_2026.csv", META)), NOW), "匯入 1 列")
    assert "「BSMI Tainan」還沒有歸類，其貼文尚未計入指標。" in said(app.info)
    app.query_params["period"] = "114"
    app.switch_page("pages/posts.py").run()
    assert len(app.dataframe) == 0
    app.switch_page("pages/upload.py").run()
    assert_whole(app)
    drop(app, ("另一個.csv", META.replace(b"654", b"655")))
    press(press(app, NOW), "匯入 1 列")
    press(app, "標為本分局專頁：BSMI Tainan")
    assert any(text.startswith("已把「BSMI Tainan」標為本分局專頁") for text in said(app.success))
    assert not any("還沒有歸類" in text for text in said(app.info))
    app.query_params["period"] = "114"
    app.switch_page("pages/posts.py").run()
    (listed,) = app.dataframe
    assert list(listed.value["內容"]) == ["摘要", "摘要"]


def test_a_page_to_be_assigned_is_asked_about_once_however_many_files_came(screen: Opens, store: Path) -> None:
    app = press(drop(screen(store), ("陳情.csv", MONTHS), ("summary_2026.csv", META)), NOW)
    press(press(app, "匯入 2 列"), "匯入 1 列")
    assert buttons(app).count("標為本分局專頁：BSMI Tainan") == 1


def test_a_page_that_cannot_be_assigned_now_leaves_the_others_on_the_screen(
    screen: Opens, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> int:
        raise StoreBusy("資料庫正在寫入，請稍候再試。")

    put(store, "pages", *(row("pages", page_id=one, kind="unassigned", label=one) for one in "12"))
    app = press(drop(screen(store), ("陳情.csv", MONTHS)), "匯入 2 列")
    monkeypatch.setattr(entries, "enter", busy)
    press(app, "標為本分局專頁：1")
    assert said(app.error) == ["資料庫正在寫入，請稍候再試。"]
    assert [f"標為本分局專頁：{one}" in buttons(app) for one in "12"] == [True, True]


def test_a_hostile_page_name_is_plain_on_its_button(screen: Opens, store: Path) -> None:
    named = META.replace(b"BSMI Tainan", b"![x](//e.ex/a) **b**")
    app = press(press(drop(screen(store), ("summary_2026.csv", named)), NOW), "匯入 1 列")
    assert "標為本分局專頁：![x](//e.ex/a) **b**" in buttons(app)
    assert_nothing_live(app)
    press(app, "標為本分局專頁：![x](//e.ex/a) **b**")
    assert_nothing_live(app)


def test_a_row_typed_at_the_servers_own_machine_comes_from_a_screen_there_and_not_from_a_command(
    screen: Opens, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ContextProxy, "ip_address", None)  # as a server knows it of its own machine
    type_in(screen(store), "petitions", ROWS["petitions"][1])
    with looking(store) as connection:
        newest, before, *_ = audit.lines(connection, audit.Wanted(), page=1, size=2).lines
    assert (newest.by, newest.origin) == ("本機", "本機")
    assert before.origin == "命令列"
