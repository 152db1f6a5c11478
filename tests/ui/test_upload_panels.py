"""What the upload screen shows of a file and asks about it: words and not codes, questions and not options."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sqdash import periods
from sqdash.importers.base import Answers
from sqdash.jobs import layouts
from tests.apps import Opens, opening, press, said, starting, tables, unmarked, words
from tests.jobs.meta_files import HEAD, export, post
from tests.making import current
from tests.test_upload_page import MONTHS, NOW, OWN_HEADINGS, assert_whole, assign, buttons, counts, drop, facts

OWN_PAGE = "xiaoanxin"
ACTIVITIES = "類別,日期,名稱,主辦單位,人次\n"
LESSON = "教育訓練,103/06/10,量測課程,第六課,35\n"
LEGACY = "Post ID,Permalink,Posted,Lifetime Post Total Reach\n"


@pytest.fixture
def screen(made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """Opens the upload page over a store, with a period in the address if one is given."""
    with opening(made, monkeypatch) as opens:
        yield lambda store, period=None: opens(store, "upload", period)


@pytest.fixture
def store(copy: Callable[[str], Path]) -> Path:
    """A store of year 103 that the test may change."""
    return copy("report")


def meta(*posts: Mapping[str, object], without: str = "") -> bytes:
    with export(*posts, head=[name for name in HEAD if name != without]).open() as stream:
        return bytes(stream.read())


def changes(app: AppTest) -> list[tuple[str, str]]:
    """What each row that changes is, and how."""
    (found,) = (table for table in tables(app) if table and list(table[0]) == ["列", "對象", "變更"])
    return [(row["對象"], row["變更"]) for row in found]


def refused(app: AppTest) -> list[tuple[str, ...]]:
    """Heading and cell of each row that cannot be taken."""
    (found,) = (table for table in tables(app) if table and "原因與補救" in table[0])
    return [(row["欄"], row["內容"]) for row in found]


# --- old beside new


def test_changes_are_told_in_words_and_roc_days(screen: Opens, store: Path) -> None:
    app = press(drop(screen(store), ("一月.csv", ACTIVITIES + LESSON)), "匯入 1 列")
    drop(
        app,
        (
            "更正.csv",
            ACTIVITIES.strip() + ",結束日\n" + LESSON.strip().replace("第六課,35", "嘉辦,1035") + ",103/06/11\n",
        ),
    )
    ((name, change),) = changes(app)
    assert name == "量測課程、103/06/10、教育訓練、嘉義辦事處"
    assert change == "結束日 未填 → 103/06/11；主辦單位 第六課 → 嘉義辦事處；人次 35 人次 → 1,035 人次"


def test_a_post_whose_figures_move_is_named_by_its_text(screen: Opens, store: Path) -> None:
    app = press(press(drop(screen(store), ("一月.csv", meta(post(1)))), NOW), "匯入 1 列")
    press(drop(app, ("二月.csv", meta(post(1, Reach=1990)))), NOW)
    assert changes(app) == [("貼文 1", "觸及 901 → 1,990")]


# --- an assignment that is remembered


def remember(app: AppTest) -> AppTest:
    """Import a file of unknown headings by an assignment."""
    drop(app, ("甲.csv", OWN_HEADINGS + "103/06/10,量測課程,35\n"))
    assign(app, "activities", {"日期": "哪一天", "名稱": "做了什麼", "人次": "來了幾位"})
    (kind,) = (s for s in app.selectbox if s.label == "類別：固定值")
    kind.set_value("training")
    return press(press(app, "套用欄位對應"), "匯入 1 列")


def test_a_remembered_assignment_is_told_and_can_be_made_anew(screen: Opens, store: Path) -> None:
    app = drop(remember(screen(store)), ("乙.csv", OWN_HEADINGS + "103/07/10,另一課程,20\n"))
    assert (
        "沿用先前為這種欄名指定的欄位對應：活動紀錄：哪一天→日期、做了什麼→名稱、來了幾位→人次；類別 教育訓練。"
        in said(app.info)
    )
    press(app, "重新指定欄位")
    assert_whole(app)
    boxes = {s.label.partition("（")[0]: s for s in app.selectbox if str(s.key).startswith("layout_")}
    assert {label: box.value for label, box in boxes.items() if box.value} == {
        "這個檔案是什麼資料": "activities",
        "日期": "哪一天",
        "名稱": "做了什麼",
        "人次": "來了幾位",
    }
    (kind,) = (s for s in app.selectbox if s.label == "類別：固定值")
    assert kind.value == "training"
    kind.set_value("seminar")
    boxes["人次"].set_value("")
    boxes["場次"].set_value("來了幾位")
    press(app, "套用欄位對應")
    assert said(app.error) == []
    assert any(text.startswith("依這次指定的欄位對應：") for text in said(app.info))
    press(app, "匯入 1 列")
    assert [(one.layout.constants, one.layout.columns["來了幾位"]) for one in layouts.remembered(store)] == [
        ({"kind": "座談、說明、研討會"}, "sessions")
    ]
    drop(app, ("丙.csv", OWN_HEADINGS + "103/08/10,第三課程,2\n"))
    press(app, "匯入 1 列")
    added = {row["title"]: row for row in current(store, "activities")}
    assert [(added[t]["kind"], added[t]["sessions"], added[t]["attendees"]) for t in ("另一課程", "第三課程")] == [
        ("seminar", 20, None),
        ("seminar", 2, None),
    ]


def test_an_assignment_that_was_opened_can_be_left_as_it_is(screen: Opens, store: Path) -> None:
    app = drop(remember(screen(store)), ("乙.csv", OWN_HEADINGS + "103/07/10,另一課程,20\n"))
    press(press(app, "重新指定欄位"), "不修改")
    assert counts(app)["新增"] == "1 列"


def test_a_remembered_assignment_can_be_forgotten_and_is_asked_again(screen: Opens, store: Path) -> None:
    app = remember(screen(store))
    before = facts(store)
    press(app, "忘記")
    assert "已忘記這個欄位對應，下次上傳同樣欄名的檔案會再詢問。" in said(app.success)
    assert (layouts.remembered(store), "忘記" in buttons(app), facts(store)) == ([], False, before)
    drop(app, ("乙.csv", OWN_HEADINGS + "103/07/10,另一課程,20\n"))
    assert any("欄名不是任何一種已知格式" in text for text in said(app.warning))


def test_one_heading_is_not_assigned_twice_unseen(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("甲.csv", OWN_HEADINGS + "103/06/10,量測課程,35\n"))
    assign(app, "activities", {"日期": "哪一天", "結束日": "哪一天", "名稱": "做了什麼"})
    (kind,) = (s for s in app.selectbox if s.label == "類別：固定值")
    kind.set_value("training")
    press(app, "套用欄位對應")
    assert said(app.error) == ["「哪一天」同時指給日期、結束日，請只留一個。"]


def test_a_page_that_the_table_does_not_name_is_chosen_with_its_columns(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("貼文.csv", "哪一篇,何時發的,讚\n101,103/06/01 09:00,5\n"))
    assign(app, "posts_file", {"貼文編號": "哪一篇", "發布時間": "何時發的", "按讚": "讚"})
    (page,) = (s for s in app.selectbox if s.label == "專頁編號：固定值")
    page.set_value(OWN_PAGE)
    press(press(app, "套用欄位對應"), NOW)
    press(app, "匯入 1 列")
    assert [row["post_id"] for row in current(store, "posts")] == [f"{OWN_PAGE}_101"]


# --- what is refused is shown as it stands in the file


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (
            "月份,受理件數,辦結件數\n１０４年１月,1,1\n10401,2,2\n",
            [("月份", "１０４年１月"), ("月份", "10401")],
        ),
        (
            ACTIVITIES.replace("名稱", "活動名稱") + LESSON + LESSON.replace("35", "36"),
            [("活動名稱", "量測課程")],
        ),
        ("專頁編號,日期,粉絲人數\nxiaoanxin,92/1/5,3\n", [("日期", "92/1/5")]),
    ],
)
def test_a_refused_row_shows_the_cell_and_the_heading_of_the_file(
    screen: Opens, store: Path, data: str, cells: list[tuple[str, ...]]
) -> None:
    found = refused(drop(screen(store), ("甲.csv", data)))
    assert [cell for cell in cells if cell not in found] == []


def test_an_id_that_was_lost_is_shown_as_excel_left_it(screen: Opens, store: Path) -> None:
    lost = meta(post(1, **{"Post ID": "1.16E+15"}))
    assert refused(press(drop(screen(store), ("甲.csv", lost)), NOW)) == [("Post ID", "1.16E+15")]


# --- questions, and where to answer what a command takes as an option


def test_a_file_without_rows_shows_no_box_of_rows_to_come(screen: Opens, store: Path) -> None:
    app = drop(screen(store), ("訓練.csv", ACTIVITIES))
    assert "檔案沒有資料列，沒有可以匯入的內容。" in words(app)
    assert "將存入的前幾列" not in [unmarked(e.label) for e in app.expander]


@pytest.mark.parametrize(("period", "outside"), [("103", False), ("103H1", False), ("103H2", True), ("104", True)])
def test_rows_that_the_chosen_period_does_not_show_are_told_after_the_import(
    screen: Opens, store: Path, period: str, outside: bool
) -> None:
    app = press(drop(screen(store, period), ("訓練.csv", ACTIVITIES + LESSON)), "匯入 1 列")
    assert "已匯入（批次" in words(app)
    assert ("資料的期間是 103/06/10，不全在目前選的" in words(app)) is outside


def test_the_year_of_the_page_is_offered_and_taken_on_a_click_only(screen: Opens, store: Path) -> None:
    app = drop(screen(store, "104"), ("訓練.csv", "類別,日期,名稱\n教育訓練,6/10,研習\n"))
    box = starting(app.text_input, "ask_")
    assert (box.value, counts(app)) == ("104", {})
    press(app, "確定年度")
    assert "期間 104/06/10　" in words(app)


def test_another_year_than_the_offered_one_is_typed(screen: Opens, store: Path) -> None:
    app = drop(screen(store, "104"), ("訓練.csv", "類別,日期,名稱\n教育訓練,6/10,研習\n"))
    starting(app.text_input, "ask_").set_value("103").run()
    assert "期間 103/06/10　" in words(app)


@pytest.mark.parametrize(
    ("name", "data", "stored"),
    [
        ("粉絲.csv", f"日期,專頁編號,粉絲人數\n103/06/10,,1\n103/06/11,{OWN_PAGE},2\n".encode(), 2),
        ("舊.csv", f"{LEGACY}1015,x,11/22/2014 01:05:09 AM,1\n".encode(), 1),
        ("貼文.csv", meta(post(1, **{"Page ID": "1.0E+14"})), 1),
    ],
)
def test_rows_that_lack_only_their_page_are_let_in_by_one_answer(
    screen: Opens, store: Path, name: str, data: bytes, stored: int
) -> None:
    app = drop(screen(store), (name, data))
    if NOW in buttons(app):
        press(app, NOW)
    assert counts(app)["不能採用"] == "1 列"
    (radio,) = app.radio
    assert unmarked(radio.label) == "1 列沒有可用的專頁編號，這些列是哪一個專頁的"
    radio.set_value(OWN_PAGE).run()
    assert (counts(app)["不能採用"], counts(app)["新增"]) == ("0 列", f"{stored} 列")
    assert len(app.radio) == 0


UNSAID: dict[str, Any] = {
    "the time of the export": meta(post(1)),
    "the page and the time": meta(post(1), without="Page ID"),
    "the encoding": "ciudad,página\nMálaga,1\n".encode("cp1252"),
    "the page": "日期,粉絲人數\n103/12/31,16300\n",
    "the year": "類別,日期,名稱\n教育訓練,6/10,研習\n",
    "the order of dates": "類別,日期,名稱\n教育訓練,41912,研習\n",
    "abbreviated figures": ACTIVITIES + LESSON.replace("35", "1.2萬"),
    "the columns": OWN_HEADINGS + "103/06/10,量測課程,35\n",
    "the format": "月份,受理件數,辦結件數,類別,日期,名稱\n103/06,1,1,教育訓練,103/06/10,研習\n",
    "a page in one row": f"日期,專頁編號,粉絲人數\n103/06/10,,1\n103/06/11,{OWN_PAGE},2\n",
    "several rows": "月份,受理件數,辦結件數\n103/13,1,1\n103/06,很多,1\n103/08,1,1\n",
    "a required column": "類別,日期\n教育訓練,103/06/10\n",
    "an export of Instagram": "Account username,Post ID,Publish time\na,1,09/30/2025 21:13\n",
}


@pytest.mark.parametrize("data", UNSAID.values(), ids=UNSAID)
def test_no_question_and_no_refusal_on_the_screen_names_an_option(
    screen: Opens, store: Path, data: bytes | str
) -> None:
    app = drop(screen(store), ("甲.csv", data))
    assert "--" not in everything(app)
    if NOW in buttons(app):
        press(app, NOW)
        assert "--" not in everything(app)


@pytest.mark.parametrize(
    ("answer", "said_of_it"),
    [
        ({"format": "meta_posts"}, "請改用別的格式。"),
        ({"format": "creator_tables"}, "請改用別的格式。"),
        ({"page": "nobody"}, "沒有專頁「nobody」"),
        ({"zone": "Mars/Olympus"}, "沒有時區"),
    ],
)
def test_no_wrong_answer_is_met_with_an_option(
    screen: Opens, store: Path, answer: dict[str, str], said_of_it: str
) -> None:
    app = drop(screen(store), ("甲.csv", meta(post(1)) if "zone" in answer else MONTHS))
    if NOW in buttons(app):
        press(app, NOW)
    wrong_answer(app, answer)
    assert said_of_it in words(app)
    assert "--" not in everything(app)
    assert "重新回答所有問題" in buttons(app)


def wrong_answer(app: AppTest, answer: dict[str, Any]) -> None:
    """As if a person had said so of the one file that lies there."""
    (key,) = (str(b.key).removeprefix("take_") for b in app.button if str(b.key).startswith("take_"))
    app.session_state[f"answers_{key}"] = Answers(observed_at=periods.now(), **answer)
    app.run()
    assert_whole(app)


def everything(app: AppTest) -> str:
    """All that can be read: texts, labels, tables."""
    labels = [
        str(widget.label)
        for kind in ("button", "radio", "checkbox", "selectbox", "text_input", "expander")
        for widget in getattr(app, kind)
    ]
    cells = [text for table in tables(app) for row in table for pair in row.items() for text in pair]
    return "\n".join([words(app), *map(unmarked, labels), *cells])
