"""下載本頁資料 on every page: a sheet a table that is shown, read only when asked for, nothing kept afterwards."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest

from sqdash import periods
from sqdash.jobs import year_lock
from sqdash.ui import drawn, folds, loads_posts, screen_export
from sqdash.ui.menu import entries
from tests.apps import DASHBOARD, Opens, opening, words
from tests.making import current, put, row

Copy = Callable[[str], Path]
PAGES = [entry.name for entry in entries()]
Book = dict[str, list[list[Any]]]


@pytest.fixture
def screen(made: Copy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    with opening(made, monkeypatch) as opens:
        yield opens


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[tuple[str, str]], tuple[drawn.Drawn, ...]]]:
    """What each page drawn meanwhile would put into its file."""
    found: list[tuple[list[tuple[str, str]], tuple[drawn.Drawn, ...]]] = []
    taken, about = drawn.taken, screen_export.about

    def keep() -> tuple[drawn.Drawn, ...]:
        found.append(([], taken()))
        return found[-1][1]

    def tell(screen: Any) -> list[tuple[str, str]]:
        found[-1] = (about(screen), found[-1][1])
        return found[-1][0]

    monkeypatch.setattr(drawn, "taken", keep)
    monkeypatch.setattr(screen_export, "about", tell)
    return found


def workbook(offered: list[Any], kind: Any = "xlsx") -> Book:
    """The file of the page drawn last, as a spreadsheet has it: sheet → rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(screen_export.make(*offered[-1], kind)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def buttons(app: AppTest) -> dict[str, str]:
    """Label → file name of the buttons that give this page's data."""
    return {
        one.proto.label: one.proto.url
        for one in app.get("download_button")
        if one.proto.label.startswith("本頁 ")
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["demo", "empty"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_offers_its_tables_in_three_kinds(screen: Opens, offered: list[Any], page: str, kind: str) -> None:
    app = screen(kind, page)
    assert [e.value for e in app.exception] == []
    _, tables = offered[-1]
    if not tables:
        assert kind == "empty" or page in ("sources", "admin")  # never pulled, and without accounts
        assert "這一頁目前沒有表格可以下載。" in words(app).splitlines()
        return
    assert list(buttons(app)) == ["本頁 XLSX", "本頁 ODS", "本頁 CSV"]
    book = workbook(offered)
    assert next(iter(book)) == "說明"
    assert len(book) == len(tables) + 1
    assert all(rows[0] and len(rows) > 1 for rows in book.values())


def test_a_page_whose_open_tab_has_no_table_offers_those_of_the_others(
    made: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQDASH_DB", str(made("report")))
    app = AppTest.from_file(str(DASHBOARD), default_timeout=60).run().switch_page("pages/admin.py").run()
    assert [tab.label for tab in app.tabs if len(tab.children)] == ["帳號"]  # of which there are none at a desk
    assert [one.label for one in app.expander if one.label == "下載本頁資料"] == ["下載本頁資料"]
    app.session_state[f"fold_{folds.FILE}"] = True
    assert list(buttons(app.run())) == ["本頁 XLSX", "本頁 ODS", "本頁 CSV"]


def test_the_first_sheet_says_what_the_screen_was(screen: Opens, offered: list[Any]) -> None:
    screen("demo", "service", "104")
    rows = workbook(offered)["說明"]
    assert rows[:4] == [
        ["項目", "內容"],
        ["畫面", "服務品質"],
        ["期間", "104 年"],
        ["判斷日", f"{periods.roc_day(periods.today())}（{periods.today().isoformat()}）"],
    ]
    assert ["注意", "示範資料，非真實數據"] in rows
    listed = [item for item, _ in rows if str(item).startswith("工作表")]
    assert listed == [f"工作表「{name}」" for name in workbook(offered) if name != "說明"]


@pytest.mark.parametrize(("tab", "period"), [("成果", "103 年"), ("列印", "103 年上半年")])
def test_the_plans_file_names_the_period_of_its_figures(
    screen: Opens, offered: list[Any], tab: str, period: str
) -> None:
    app = screen("report", "plan", "103H1")
    app.query_params["plan_tab"] = app.session_state["plan_tab"] = tab
    app.run()
    assert ["期間", period] in workbook(offered)["說明"]


def test_every_figure_of_the_cards_is_in_it_with_target_state_and_exact_value(
    screen: Opens, offered: list[Any]
) -> None:
    screen("report", "overview", "103")
    head, *rows = workbook(offered)["指標與數字出處"]
    found = {row_[0]: dict(zip(head, row_, strict=True)) for row_ in rows}
    fans, likes = found["fans"], found["likes_per_post"]
    assert (fans["數值"], fans["數值（數值）"], fans["目標值"], fans["狀態"]) == (
        "已達 16,300 人",
        16_300,
        13_000,
        "達標",
    )
    assert (likes["數值"], likes["數值（數值）"], likes["數值（下限）"], likes["數值（上限）"]) == (
        "60–70 人",
        "",
        60,
        70,
    )
    assert (fans["截至"], fans["截至（民國）"]) == (date(2014, 12, 31), "103/12/31")
    assert (likes["截至"], likes["截至（民國）"]) == ("", "計畫執行完畢")


def test_the_attention_list_is_in_it(screen: Opens, offered: list[Any]) -> None:
    app = screen("report", "overview", "103")
    rows = workbook(offered)["需要注意"]
    assert rows[0] == ["事項", "說明", "主辦"]
    assert f"需要注意（{len(rows) - 1}）" in words(app)


def test_ledger_rows_have_days_as_days(screen: Opens, offered: list[Any]) -> None:
    screen("demo", "activities", "104")
    (name,) = [name for name in workbook(offered) if name.startswith("活動紀錄")]
    head, first, *_ = workbook(offered)[name]
    cells = dict(zip(head, first, strict=True))
    assert isinstance(cells["日期"], date)
    assert cells["日期（民國）"] == periods.roc_day(cells["日期"])


def test_sheets_of_charts_are_told_apart_by_what_is_measured(screen: Opens, offered: list[Any]) -> None:
    screen("demo", "posts", "104")
    names = list(workbook(offered))
    assert {"每篇平均按讚各月", "每篇平均觸及各月", "每篇平均按讚分布", "每篇平均觸及分布"} <= set(names)
    assert not [name for name in names if name.endswith(" 2")]


# --- posts


def test_all_posts_that_fit_are_in_it_though_the_screen_shows_fifty(screen: Opens, offered: list[Any]) -> None:
    app = screen("demo", "posts", "104")
    count = len([one for one in current_posts(screen) if one["published_at"] >= "2015"])
    rows = workbook(offered)["貼文清單"]
    assert len(rows) - 1 == count > loads_posts.POSTS_A_SCREEN
    head = rows[0]
    assert head[:3] == ["貼文編號", "發布", "發布（民國）"]
    assert all(isinstance(one[0], str) and isinstance(one[1], datetime) for one in rows[1:])
    assert [one[1] for one in rows[1:]] == sorted((one[1] for one in rows[1:]), reverse=True)
    assert [e.value for e in app.exception] == []


def test_a_pulled_pages_tables_are_in_it(
    screen: Opens, offered: list[Any], pulled_store: Callable[[str], Path]
) -> None:
    screen(pulled_store(""), "sources")
    _, tables = offered[-1]
    assert len(workbook(offered)) == len(tables) + 1 > 2


def current_posts(screen: Opens) -> list[dict[str, Any]]:
    import os

    store = Path(os.environ["SQDASH_DB"])
    own = {one["page_id"] for one in current(store, "pages") if one["kind"] == "own"}
    return [one for one in current(store, "posts") if one["page_id"] in own and one["published_at"] < "2016"]


def test_a_longer_list_is_cut_where_it_says(screen: Opens, offered: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loads_posts, "POSTS_A_FILE", 60)
    screen("demo", "posts", "104")
    book = workbook(offered)
    assert len(book["貼文清單"]) == 61
    (line,) = [text for item, text in book["說明"] if item == "工作表「貼文清單」"]
    assert "60 列；依發布時間由大到小，只列前 60 篇，共 " in line


def test_posts_are_not_read_before_somebody_asks(
    screen: Opens, offered: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, listed = loads_posts.posts, loads_posts.posts_for_a_file
    asked: list[int] = []
    written: list[int] = []

    def on_the_screen(*given: Any, limit: int, **named: Any) -> Any:
        asked.append(limit)
        return shown(*given, limit=limit, **named)

    def in_the_file(*given: Any) -> Any:
        written.append(len(rows := listed(*given)))
        return rows

    monkeypatch.setattr(loads_posts, "posts", on_the_screen)
    monkeypatch.setattr(loads_posts, "posts_for_a_file", in_the_file)
    screen("demo", "posts", "104")
    assert set(asked) == {loads_posts.POSTS_A_SCREEN}
    assert written == []
    workbook(offered)
    assert len(written) == 1
    assert written[0] > loads_posts.POSTS_A_SCREEN


# --- kinds and safety


def test_ods_and_csv_hold_the_same_rows(screen: Opens, offered: list[Any]) -> None:
    screen("report", "service", "103")
    assert workbook(offered, "ods") == workbook(offered, "xlsx")
    with zipfile.ZipFile(io.BytesIO(screen_export.make(*offered[-1], "csv"))) as archive:
        names = archive.namelist()
        assert [name.partition("_")[0] for name in names] == [f"{n:02d}" for n in range(len(offered[-1][1]) + 1)]
        assert all(archive.read(name).startswith(b"\xef\xbb\xbf") for name in names)


def test_no_cell_is_a_formula(screen: Opens, offered: list[Any], copy: Copy) -> None:
    store = copy("empty")
    put(store, "holidays", row("holidays", day="2014-01-01", label="=cmd|' /C calc'!A0", working=0))
    screen(store, "settings", "103")
    book = workbook(offered)
    assert ["2014-01-01", "=cmd|' /C calc'!A0"] in [[str(r[0]), r[2]] for r in book["假日與補行上班日"]]
    with zipfile.ZipFile(io.BytesIO(screen_export.make(*offered[-1], "csv"))) as archive:
        (name,) = [name for name in archive.namelist() if "假日" in name]
        assert "'=cmd|' /C calc'!A0" in archive.read(name).decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(screen_export.make(*offered[-1], "xlsx"))) as packed:
        assert not any(b"<f>" in packed.read(part) for part in packed.namelist() if "sheets/" in part)


def test_the_import_log_has_its_moments_and_counts(screen: Opens, offered: list[Any], copy: Copy) -> None:
    store = copy("empty")
    put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0), file_name="假日.csv")
    screen(store, "upload", "103")
    head, first = workbook(offered)["匯入紀錄"]
    cells = dict(zip(head, first, strict=True))
    assert (cells["批次"], cells["來源"], cells["新增"], cells["變更"], cells["狀態"]) == (
        "1",
        "假日.csv",
        1,
        0,
        "有效",
    )
    assert isinstance(cells["時間"], datetime)


def test_a_locked_year_says_so_and_has_todays_beside(screen: Opens, offered: list[Any], copy: Copy) -> None:
    store = copy("report")
    year_lock.lock(store, 103, reason="公布", by="研考")
    put(store, "activities", row("activities", activity_id="late", kind="seminar", held_on="2014-05-01", title="補登",
                                 sessions=13))  # fmt: skip
    mark = row("ledger_marks", indicator="seminars", period_from="2014-01-01", period_to="2014-12-31", state="complete")
    put(store, "ledger_marks", mark)
    screen(store, "plan", "103")
    book = workbook(offered)
    day = periods.roc_day(periods.today())
    assert ["鎖定", f"103 年度已於 {day} 鎖定，指標以鎖定時為準"] in book["說明"]
    head, *rows = book["指標與數字出處"]
    (seminars,) = [dict(zip(head, one, strict=True)) for one in rows if one[0] == "seminars"]
    assert (seminars["數值（數值）"], seminars["現在"], seminars["現在（數值）"]) == (12, "13 場次", 13)
    assert len(book["執行方法與成果"]) == 49


# --- noting


def test_tables_are_noted_between_begin_and_taken_only() -> None:
    drawn.add("前", [{"甲": 1}])
    assert drawn.taken() == ()
    drawn.begin()
    drawn.add("空", [])
    drawn.add("一", [{"甲": 1}], ("甲",), note="註")
    drawn.add("二", lambda: [{"乙": 2}])
    first, second = drawn.taken()
    assert (first.title, first.load(), first.figures, first.note) == ("一", [{"甲": 1}], frozenset({"甲"}), "註")
    assert second.load() == [{"乙": 2}]
    drawn.add("後", [{"甲": 1}])
    assert drawn.taken() == ()


def test_a_page_that_begins_anew_forgets_what_was_drawn() -> None:
    drawn.begin()
    drawn.add("一", [{"甲": 1}])
    drawn.begin()
    assert drawn.taken() == ()
