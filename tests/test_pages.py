"""Every screen over every kind of store, run as Streamlit runs it but without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sqdash import periods
from sqdash.indicators import INDICATORS
from sqdash.jobs import entries
from sqdash.records import Row
from sqdash.store import database
from sqdash.store.queries import base, rows
from sqdash.tables import BY_NAME
from sqdash.ui import drawn, menu
from tests.apps import (
    TITLES,
    Opens,
    card,
    cleared,
    counts,
    field,
    folded,
    headings,
    opening,
    press,
    starting,
    tables,
    titles,
    unmarked,
    words,
)
from tests.making import current, put, row

NEWEST = {"empty": None, "report": "103", "demo": "104"}
UNFORESEEN = "未預期的問題"


@pytest.fixture
def screen(made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """Opens a page over a store (a kind, or a path), with a period in the address if one is given."""
    with opening(made, monkeypatch) as opens:
        yield opens


def address(app: AppTest) -> str | None:
    found = app.query_params.get("period")
    return found[0] if isinstance(found, list) else found


# --- every page, every store


@pytest.mark.parametrize("kind", NEWEST)
@pytest.mark.parametrize("page", TITLES)
def test_a_page_opens_with_its_title_its_period_in_the_address_and_says_what_a_demonstration_is(
    screen: Opens, page: str, kind: str
) -> None:
    app = screen(kind, page)
    assert [e.value for e in app.exception] == []
    assert [e.value for e in app.error] == []
    assert titles(app) == [TITLES[page]]
    assert UNFORESEEN not in words(app)
    code = address(app)
    assert code
    assert code == (NEWEST[kind] or code)
    shows_period = menu.entry(page).of_period
    assert [box.key for box in app.selectbox if str(box.key).startswith("period_")] == (
        ["period_year", "period_part"] if shows_period else []
    )
    assert (f"{code} 年" in words(app)) or not shows_period
    assert words(app).count("示範資料，非真實數據") == (1 if kind == "demo" else 0)


PERIODS = ("103H1", "103Q4", "103-06", "2014-06-10..2014-12-31", "98")


@pytest.mark.parametrize(
    ("page", "code"),
    [
        pytest.param(page, code, marks=[] if page == "overview" or at % len(PERIODS) == kind else pytest.mark.long)
        for at, page in enumerate(TITLES)
        for kind, code in enumerate(PERIODS)
    ],
)
def test_every_kind_of_period_can_be_asked_for_by_address(screen: Opens, page: str, code: str) -> None:
    app = screen("demo", page, code)
    assert [e.value for e in app.exception] == []
    assert [e.value for e in app.error] == []
    own = ("先前月份尚缺", "提醒檢查")  # of the entries and the system's health, not of the address
    assert [w.value for w in app.warning if not any(words in w.value for words in own)] == []
    assert address(app) == code


@pytest.mark.parametrize("code", ["999X", "103H3", "103-13", "0", "2014-12-31..2014-06-10", "<b>", "一〇三"])
def test_a_period_that_cannot_be_read_is_answered_with_a_sentence_and_the_newest_year(screen: Opens, code: str) -> None:
    app = screen("report", "overview", code)
    assert [e.value for e in app.exception] == []
    (warning,) = app.warning
    assert re.search(r"[\u4e00-\u9fff].*。$", unmarked(warning.value))
    assert address(app) == "103"
    assert "103 年" in words(app)
    assert [w.value for w in app.run().warning] == []  # said once


def test_choosing_a_part_of_the_year_moves_the_address_and_the_next_page(screen: Opens) -> None:
    app = screen("demo")
    app.selectbox(key="period_part").select("H2").run()
    assert address(app) == "104H2"
    assert "104 年下半年" in words(app)
    app.switch_page("pages/posts.py").run()
    assert address(app) == "104H2"
    assert app.selectbox(key="period_part").value == "H2"


def test_a_page_that_shows_no_period_hands_it_on(screen: Opens) -> None:
    app = screen("demo", period="103H2")
    app.switch_page("pages/settings.py").run()
    assert address(app) == "103H2"
    app.switch_page("pages/fans.py").run()
    assert address(app) == "103H2"
    assert app.selectbox(key="period_part").value == "H2"


def test_the_boxes_of_the_period_are_given_their_values_at_every_run(screen: Opens) -> None:
    app = screen("demo", period="103H1").run()
    boxes = [app.selectbox(key=key).proto for key in ("period_year", "period_part")]
    assert [(box.set_value, box.raw_value) for box in boxes] == [(True, "103 年"), (True, "上半年")]


def test_a_free_period_is_typed_as_roc_days(screen: Opens) -> None:
    app = screen("report")
    app.selectbox(key="period_part").select("free").run()
    app.text_input(key="period_from").input("103/06/10").run()
    assert address(app) == "2014-06-10..2014-12-31"
    assert "103/06/10–103/12/31" in words(app)
    app.text_input(key="period_to").input("昨天").run()
    assert len(app.warning) == 1
    assert [e.value for e in app.exception] == []
    assert address(app) == "2014-06-10..2014-12-31"


# --- overview


@pytest.mark.parametrize(
    ("key", "figure", "state", "gap"),
    [
        ("fans", "已達 16,300 人", "達標", "目標 13,000，超出 3,300（125%）"),
        ("likes_per_post", "60–70 人", "未達", "目標超過 100，每篇還差 30 以上"),
        ("reach_per_post", "約 700–800 人", "未達", "目標超過 1,000，每篇還差 200 以上"),
    ],
)
def test_a_card_has_figure_state_and_distance_to_the_target(
    screen: Opens, key: str, figure: str, state: str, gap: str
) -> None:
    said = card(screen("report"), key)
    assert figure in said
    assert [line.split()[-1] for line in said if line[:1] in "✔✖◑▲▼–◔"] == [state]
    assert gap in said


@pytest.mark.parametrize(("name", "figure"), [("教育訓練", "55 場次"), ("新聞稿", "30 則")])
def test_counts_of_year_103_are_on_the_overview(screen: Opens, name: str, figure: str) -> None:
    assert counts(screen("report"))[name][0] == figure


def test_an_empty_store_says_not_stated_and_never_nought(screen: Opens) -> None:
    app = screen("empty")
    for key in ("fans", "likes_per_post", "reach_per_post"):
        said = "\n".join(card(app, key))
        assert re.search(r"^(未陳報|無資料)$", said, re.MULTILINE), said
        assert not re.search(r"\b0\b", said), said


def test_every_figure_of_the_overview_has_its_source_below(screen: Opens) -> None:
    rows_shown = {row["指標"]: row for row in tables(screen("report"))[-1]}
    assert rows_shown["粉絲人數"]["出處"].startswith("readings.csv 第 2 列")
    assert rows_shown["粉絲人數"]["截至"] == "103/12/31"
    assert rows_shown["每篇平均按讚"]["數值"] == "60–70 人"
    stated = [row for row in rows_shown.values() if row["依據"] == "陳報值"]
    assert len(stated) >= 10
    assert all(re.search(r"\.csv 第 \d+ 列", row["出處"]) and row["登錄者"] for row in stated)


# --- posts


def test_without_posts_the_page_says_so_and_shows_the_stated_intervals(screen: Opens) -> None:
    app = screen("report", "posts")
    said = words(app)
    assert any("還沒有逐篇貼文的數據" in info.value for info in app.info)
    assert "60–70 人" in said
    assert "約 700–800 人" in said
    assert "計畫前 約 30–50 → 計畫後 60–70" in said
    assert "分局缺少美編人才。" in said
    assert len(app.dataframe) == 0
    assert len(app.get("plotly_chart")) == 0


def test_with_posts_the_page_draws_months_distribution_and_a_breakdown(screen: Opens) -> None:
    app = screen("demo", "posts")
    assert [chart.key for chart in app.get("plotly_chart")] == [
        "chart_months_likes_per_post",
        "chart_months_reach_per_post",
        "chart_spread_likes_per_post",
        "chart_spread_reach_per_post",
        "chart_by_type_likes_per_post",
    ]


@pytest.mark.parametrize(("page", "chart"), [("activities", "activities_months"), ("service", "petitions_months")])
def test_one_month_is_no_chart_of_months(screen: Opens, page: str, chart: str) -> None:
    def drawn(code: str) -> list[str]:
        return [one.key for one in screen("demo", page, code).get("plotly_chart")]

    assert (drawn("104-11"), drawn("104Q4")) == ([], [f"chart_{chart}"])


def test_of_petitions_of_which_one_month_is_known_the_month_is_named(screen: Opens, store: Path) -> None:
    put(store, "petitions", row("petitions", month="2026-01", received=17, closed=16))
    assert "各月件數只有 115/01 的。" in words(screen(store, "service", "115"))
    assert "各月件數" not in words(screen(store, "service", "115-01"))


def test_of_a_period_that_cuts_months_it_is_said_which_petitions_are_counted(screen: Opens, store: Path) -> None:
    months = ("2026-01", "2026-02", "2026-03")
    put(store, "petitions", *(row("petitions", month=month, received=17, closed=16) for month in months))
    said = "按月登錄，期間頭尾不滿一個月的不計；上面只有 115/02 的件數。"
    assert said in words(screen(store, "service", "2026-01-10..2026-03-20"))
    assert "頭尾" not in words(screen(store, "service", "115"))
    assert "按月登錄，這個期間沒有整月的件數。" in words(screen(store, "service", "2026-01-10..2026-01-20"))


# --- plan


def shown_methods(app: AppTest) -> int:
    (line,) = (c.value for c in app.caption if "項執行方法" in c.value)
    return int(line.split()[0])


def leaders(app: AppTest) -> list[str]:
    """Who leads each method that is shown."""
    return [line for line in words(app).splitlines() if line.startswith("主辦：")]


def test_the_plan_has_its_dimensions_and_every_method(screen: Opens) -> None:
    app = screen("report", "plan")
    assert shown_methods(app) == len(leaders(app)) == 48
    assert re.findall(r"^構面([一二三])、", "\n".join(headings(app)), re.MULTILINE) == ["一", "二", "三"]


def test_the_plan_is_filtered_by_unit(screen: Opens) -> None:
    app = screen("report", "plan")
    everything = leaders(app)
    app.selectbox(key="plan_unit").select("section-6").run()
    kept = leaders(app)
    assert 0 < shown_methods(app) == len(kept) < len(everything)
    named = sum("第六課" in line for line in everything)
    assert sum("第六課" in line for line in kept) == named > 0
    others = [line for line in kept if "第六課" not in line]
    assert all(re.search("各單位|單位|課", line) for line in others), "a method led by someone else alone"
    assert not any(line in ("主辦：人事室", "主辦：資訊室") for line in kept)


@pytest.mark.parametrize(
    ("state", "kept", "dropped"),
    [("missed", "✖ 未達", "✔ 達標"), ("reached", "✔ 達標", None), ("no_data", "未陳報", None)],
)
def test_the_plan_is_filtered_by_state(screen: Opens, state: str, kept: str, dropped: str | None) -> None:
    app = screen("report", "plan")
    whole = shown_methods(app)
    app.selectbox(key="plan_state").select(state).run()
    assert [e.value for e in app.exception] == []
    few = shown_methods(app)
    assert few < whole
    said = words(app)
    if few:
        assert kept in said
    else:
        assert "沒有符合篩選的執行方法" in said
    assert dropped is None or few == 0 or said.count(kept) >= 1


def test_methods_without_an_indicator_can_be_asked_for(screen: Opens) -> None:
    app = screen("report", "plan")
    app.selectbox(key="plan_state").select("none").run()
    assert 0 < shown_methods(app) < 48
    assert not re.search("[✔✖] ", words(app))


def test_a_year_without_a_plan_says_so(screen: Opens) -> None:
    app = screen("report", "plan", "102")
    assert any("還沒有" in info.value and "102 年度的計畫" in info.value for info in app.info)


# --- settings


def choose_fans(app: AppTest) -> AppTest:
    """Choose the stated number of fans of year 103 among the rows to be corrected."""
    picker = app.selectbox(key="correct_row_readings")
    at = next(i for i, text in enumerate(picker.options) if text.startswith("粉絲人數") and "結果" in text)
    return picker.select_index(at).run()


def correct_fans(app: AppTest, value: str, reason: str) -> AppTest:
    """Correct the stated number of fans of year 103 on the settings page."""
    choose_fans(app)
    field(app, "correct_readings", "值").input(value)
    field(app, "correct_readings", "原因").input(reason)
    return press(app, "更正這一列")


def stored_fans(store: Path) -> float:
    with database.reading(store) as connection:
        found = list(rows.current(connection, BY_NAME["readings"]))
    (row,) = (r for r in found if r["indicator"] == "fans" and r["moment"] == "result")
    return float(row["value"])


def revision(store: Path) -> int:
    with database.reading(store) as connection:
        return base.revision(connection)


def test_a_correction_with_a_reason_is_stored_and_shown_everywhere(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    app = correct_fans(screen(store, "settings"), "16301", "依 103 年 12 月公文更正")
    assert [e.value for e in app.exception] == []
    assert [e.value for e in app.error] == []
    (done,) = app.success
    assert "已存入" in done.value
    assert stored_fans(store) == 16301
    history = next(t for t in tables(app) if t and "原因" in t[0])  # of the row just corrected, not of another
    assert [row["迄"] == "現行" for row in history] == [True, False]
    assert "16,301" in history[0]["內容"]
    assert "16,300" in history[1]["內容"]
    assert history[1]["原因"] == "依 103 年 12 月公文更正"
    app.switch_page("pages/overview.py").run()
    assert "已達 16,301 人" in "\n".join(card(app, "fans"))


def corrected_row(app: AppTest) -> tuple[str, str, str]:
    """The row that is chosen, and the value and reason that stand in its form."""
    picker = app.selectbox(key="correct_row_readings")
    value, reason = (field(app, "correct_readings", label).value for label in ("值", "原因"))
    return picker.options[picker.index], value, reason


def test_after_a_correction_the_same_row_stays_chosen_with_an_empty_reason(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    app = correct_fans(screen(copy("report"), "settings"), "16301", "依公文更正")
    row, value, reason = corrected_row(app)
    assert row.startswith("粉絲人數")
    assert "結果" in row
    assert (value, reason) == ("16301", "")


def test_after_taking_a_batch_back_the_form_holds_the_row_as_it_stands(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    app = correct_fans(screen(copy("report"), "settings"), "16301", "填錯")
    app.switch_page("pages/upload.py").run()
    starting(app.selectbox, "batch").select_index(0).run()
    starting(app.text_input, "turn_reason").input("填錯")
    press(app, "還原這個批次")
    app.switch_page("pages/settings.py").run()
    app = choose_fans(app)
    row, value, _ = corrected_row(app)
    assert row.startswith("粉絲人數")
    assert value == "16300"


def another_corrects(store: Path, value: float) -> None:
    """Somebody else states another number of fans of year 103."""
    table = BY_NAME["readings"]
    with database.reading(store) as connection:
        (row,) = (r for r in rows.current(connection, table) if r["indicator"] == "fans" and r["moment"] == "result")
    put(store, "readings", Row(None, tuple((row | {"value": value})[name] for name in table.names)))


def test_a_row_that_another_corrected_meanwhile_is_not_corrected_unseen(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    store = copy("report")
    app = choose_fans(screen(store, "settings"))
    another_corrects(store, 16500)
    before = revision(store)
    field(app, "correct_readings", "值").input("16301")
    field(app, "correct_readings", "原因").input("依公文更正")
    app = press(app, "更正這一列")
    assert [unmarked(e.value) for e in app.error] == ["這一列陳報值在您開啟後已由別人更動，請重新整理後再做一次。"]
    assert [w.value[:11] for w in app.warning] == ["這一列剛由別人更動，下"]
    assert (stored_fans(store), revision(store)) == (16500, before)
    assert field(app, "correct_readings", "值").value == "16301"  # what was typed is not lost
    app = press(app, "改用現在的內容")
    assert (corrected_row(app)[1:], [w.value for w in app.warning]) == (("16500", ""), [])
    field(app, "correct_readings", "值").input("16301")
    field(app, "correct_readings", "原因").input("依公文更正")
    assert "已存入" in press(app, "更正這一列").success[0].value
    assert stored_fans(store) == 16301


def test_a_row_that_another_corrected_meanwhile_is_not_struck_unseen(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    store = copy("report")
    app = choose_fans(screen(store, "settings"))
    another_corrects(store, 16500)
    starting(app.text_input, "strike_reason_readings").input("重複")
    app = press(app, "刪去")
    assert [unmarked(e.value) for e in app.error] == ["這一列陳報值在您開啟後已由別人更動，請重新整理後再做一次。"]
    assert stored_fans(store) == 16500


def test_a_row_that_another_struck_is_told_and_one_struck_here_is_not(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    store = copy("report")
    app = choose_fans(screen(store, "settings"))
    key = app.selectbox(key="correct_row_readings").value
    entries.strike(store, BY_NAME["readings"], key, reason="重複", by="別人")
    app.run()
    assert [w.value for w in app.warning] == ["剛才選的一列已不在清單中，可能已由別人刪去，請重新選擇。"]
    assert [w.value for w in app.run().warning] == []
    starting(app.text_input, "strike_reason_readings").input("重複")
    app = press(app, "刪去")
    assert "已刪去陳報值的一列" in app.success[0].value
    assert [w.value for w in app.warning] == []


def test_a_row_that_others_name_says_so_before_it_is_struck(screen: Opens) -> None:
    app = screen("report", "settings")
    app.selectbox(key="correct_table").select("單位").run()
    picker = app.selectbox(key="correct_row_units")
    at = next(i for i, text in enumerate(picker.options) if text.startswith("第六課"))
    app = picker.select_index(at).run()
    assert [unmarked(w.value) for w in app.warning] == [
        "現有集合所含單位 2 列、方法主辦單位 44 列提到這一列，刪去後就找不到所指的內容，請一併更正。"
    ]
    app.selectbox(key="correct_table").select("陳報值").run()
    assert [w.value for w in choose_fans(app).warning] == []


def test_a_stored_yes_or_no_is_corrected_as_a_choice(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    app = screen(store, "settings")
    app.selectbox(key="correct_table").select("單位").run()
    picker = app.selectbox(key="correct_row_units")
    app = picker.select_index(next(i for i, text in enumerate(picker.options) if text.startswith("第六課"))).run()
    (box,) = (one for one in app.selectbox if str(one.key).startswith("correct_units") and one.label == "實施對象")
    assert (box.options, box.value) == (["是", "否"], "1")
    box.select("0")
    field(app, "correct_units", "原因").input("誤植")
    assert "已存入單位" in press(app, "更正這一列").success[0].value
    assert [row["implementing"] for row in current(store, "units") if row["unit"] == "section-6"] == [0]


def test_a_new_row_presumes_no_yes_or_no(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("empty")
    app = screen(store, "settings")
    field(app, "new_holidays", "日期").input("115/01/01")
    field(app, "new_holidays", "名稱").input("開國紀念日")
    field(app, "new_holidays", "原因").input("行事曆")
    (button,) = (b for b in app.button if b.label == "儲存" and str(b.form_id).startswith("new_holidays"))
    (sentence,) = (unmarked(e.value) for e in button.click().run().error)
    assert "補行上班" in sentence
    assert current(store, "holidays") == []


def test_a_row_opened_again_after_another_page_is_as_it_stands(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    app = choose_fans(screen(store, "settings"))
    app.switch_page("pages/overview.py").run()
    another_corrects(store, 16500)
    app = choose_fans(app.switch_page("pages/settings.py").run())
    assert (corrected_row(app)[1], [w.value for w in app.warning]) == ("16500", [])


@pytest.mark.parametrize("reason", ["", "  　 "])
def test_a_correction_without_a_reason_is_refused_with_a_sentence(
    screen: Opens, copy: Callable[[str], Path], reason: str
) -> None:
    store = copy("report")
    before = revision(store)
    app = correct_fans(screen(store, "settings"), "1", reason)
    assert [e.value for e in app.exception] == []
    assert [unmarked(e.value) for e in app.error] == ["更正或刪列須寫明原因，請補上。"]
    assert [s.value for s in app.success] == []
    assert (stored_fans(store), revision(store)) == (16300, before)


def test_a_value_that_cannot_be_taken_is_refused_naming_its_field(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    before = revision(store)
    app = correct_fans(screen(store, "settings"), "很多", "試填")
    (error,) = app.error
    assert "值" in error.value
    assert "很多" in error.value
    assert revision(store) == before


def test_a_batch_is_taken_back_only_when_one_is_chosen_and_a_reason_given(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    store = copy("report")
    app = correct_fans(screen(store, "settings"), "16301", "試填")
    app.switch_page("pages/upload.py").run()
    assert [b.label for b in app.button if b.label.endswith("這個批次")] == []
    starting(app.selectbox, "batch").select_index(0).run()
    press(app, "還原這個批次")
    assert len(app.error) == 1
    assert "原因" in app.error[0].value
    assert stored_fans(store) == 16301
    starting(app.text_input, "turn_reason").input("填錯")
    press(app, "還原這個批次")
    assert [e.value for e in app.error] == []
    assert "已還原批次" in app.success[0].value
    assert stored_fans(store) == 16300


def test_a_batch_that_cannot_be_taken_back_says_why_and_has_no_button(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    store = copy("report")
    held = {"activity_id": "m", "kind": "review_meeting", "title": "會議", "sessions": 1}
    put(store, "activities", row("activities", held_on="2014-07-25", **held))
    put(store, "activities", row("activities", held_on="2014-07-18", **held))
    done = {"meeting": "m", "number": 1, "decision": "附圖", "done_on": "2014-07-20"}
    put(store, "meeting_decisions", row("meeting_decisions", **done))
    app = screen(store, "upload")
    starting(app.selectbox, "batch").select_index(1).run()
    assert "現在不能還原：這樣決議「附圖」的完成日（103/07/20）會早於" in app.warning[-1].value.replace("\\", "")
    assert [b.label for b in app.button if b.label.endswith("這個批次")] == []


def test_a_batch_taken_back_by_mistake_can_be_let_stand_again(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    app = correct_fans(screen(store, "settings"), "16301", "試填")
    app.switch_page("pages/upload.py").run()
    for verb, stands in (("還原", 16300), ("恢復", 16301)):
        starting(app.selectbox, "batch").select_index(0).run()
        starting(app.text_input, "turn_reason").input("試")
        press(app, f"{verb}這個批次")
        assert f"已{verb}批次" in app.success[0].value
        assert stored_fans(store) == stands


# --- stores that cannot be used


@pytest.mark.parametrize("page", TITLES)
def test_a_folder_in_place_of_the_store_is_one_sentence_and_no_traceback(
    screen: Opens, tmp_path: Path, page: str
) -> None:
    app = screen(tmp_path, page)
    assert [e.value for e in app.exception] == []
    (error,) = app.error
    assert "是資料夾" in error.value
    assert error.value.count("。") == 1
    assert "Traceback" not in words(app)
    assert tables(app) == []
    assert len(app.dataframe) == 0


def test_a_missing_store_names_the_command_that_makes_one(screen: Opens, tmp_path: Path) -> None:
    (error,) = screen(tmp_path / "none.db").error
    assert "python -m sqdash init" in unmarked(error.value)


def test_a_path_with_marks_is_shown_as_it_is(screen: Opens, tmp_path: Path) -> None:
    folder = tmp_path / "![x](a_b_c) *d*"
    folder.mkdir(parents=True)
    (error,) = screen(folder).error
    assert str(folder) in unmarked(error.value)
    assert not re.search(r"(?<!\\)[][*_!()]", error.value)


# --- what is read first


def test_counts_of_a_whole_year_without_a_year_before_have_one_column(screen: Opens) -> None:
    found = next(t for t in tables(screen("report")) if t and t[0].get("項目") == "分局服務滿意度")
    assert list(found[0]) == ["項目", "結果"]
    assert "去年沒有資料可以對照。" in card(screen("report"), "service")
    found = next(t for t in tables(screen("demo", "overview", "104")) if t and t[0].get("項目") == "分局服務滿意度")
    assert list(found[0]) == ["項目", "結果", "去年"]


def test_a_month_too_short_for_a_rhythm_says_so_in_the_table_of_checks(screen: Opens) -> None:
    found = next(t for t in tables(screen("demo", "service", "104-02")) if t and t[0].get("項目") == "6S 稽核")
    assert found[0]["目標或規律"] == "期間比規律的一次還短，不判斷"


def test_a_target_among_the_checks_has_its_unit(screen: Opens) -> None:
    found = next(t for t in tables(screen("demo", "service", "104")) if t and t[0].get("項目") == "6S 稽核")
    assert {row_["項目"]: row_["目標或規律"] for row_ in found[:2]} == {
        "6S 稽核": "規律每 2 個月 1 次（6 次）",
        "電話禮貌測試": "目標 3 次",
    }


def test_what_is_noted_of_a_count_is_no_rule_of_it(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    for check_id, people in (("1", None), ("2", 8)):
        put(
            store,
            "checks",
            row("checks", check_id=check_id, kind="phone_test", checked_on="2026-02-03", people=people),
        )
    found = next(t for t in tables(screen(store, "service", "115")) if t and "目標或規律" in t[0])
    of_people = next(line for line in found if line["項目"] == "電話禮貌測試人次")
    assert (of_people["結果"], of_people["目標或規律"]) == ("8 人次", "—")


@pytest.mark.parametrize(
    ("given", "finding", "people"),
    [
        ({}, "已登錄 0 場次（則），登錄的活動場次未填或為 0", "未填"),
        ({"attendees": 0, "sessions": 2}, "已登錄 2 場次（則），最多是 115/01 的 2", "0"),
    ],
)
def test_of_activities_what_is_not_filled_in_is_no_nought_and_a_nought_is_filled_in(
    screen: Opens, store: Path, given: dict[str, int], finding: str, people: str
) -> None:
    visit = {"activity_id": "a", "kind": "visit", "held_on": "2026-01-12", "title": "甲", "unit": "section-1"}
    put(store, "activities", row("activities", **visit, **given))
    app = screen(store, "activities", "115")
    assert finding in words(app)
    assert [one["人次"] for rows in tables(app) for one in rows if one.get("單位") == "第一課"] == [people]


def test_attendances_of_the_ledger_have_thousands_marks_as_above_it(screen: Opens) -> None:
    (grid,) = (
        one for one in screen("demo", "activities", "104").dataframe if "人次" in one.value and "名稱" in one.value
    )
    columns = json.loads(grid.proto.columns)
    assert [columns[name]["type_config"]["format"] for name in ("場次", "人次")] == ["localized"] * 2


def test_what_is_dated_later_counts_no_more_by_month_and_unit_than_on_the_cards(screen: Opens, store: Path) -> None:
    now, later = periods.today(), periods.today() + timedelta(days=40)
    span = f"{date(now.year, 1, 1)}..{later}"
    training = {"kind": "training", "title": "甲", "unit": "section-1"}
    put(
        store,
        "activities",
        row("activities", activity_id="a", held_on=f"{now}", sessions=3, **training),
        row("activities", activity_id="b", held_on=f"{later}", sessions=2, **training),
    )
    months = (f"{now.year - 1}-11", f"{now.year - 1}-12", f"{later:%Y-%m}")
    put(store, "petitions", *(row("petitions", month=month, received=10, closed=9) for month in months))
    app = screen(store, "activities", span)
    assert "已登錄 3 場次（則）" in words(app)
    assert [one["場次（則）"] for rows in tables(app) for one in rows if one.get("單位") == "第一課"] == ["3"]
    assert f"其中 1 筆在 {periods.roc_day(now)} 之後，到了那一天才計入上面的數字。" in words(app)
    both_years = f"{now.year - 1}-01-01..{later + timedelta(days=31)}"
    assert "2 個月受理 20 件，辦結 18 件" in words(screen(store, "service", both_years))
    ahead = screen(store, "activities", f"{later}..{later}")
    assert "1 筆" in words(ahead)
    assert not [one for rows in tables(ahead) for one in rows if "單位" in one]


def test_a_year_without_targets_is_not_told_to_be_well(screen: Opens, store: Path) -> None:
    put(
        store,
        "activities",
        row("activities", activity_id="a", kind="training", held_on="2026-01-12", title="甲", sessions=1),
    )
    said = "\n".join(card(screen(store, "overview", "115"), "attention"))
    assert "115 年沒有可以判斷的目標或規律。" in said
    assert "✔" not in said


def test_one_line_more_than_the_list_has_room_for_is_shown_and_not_hidden(screen: Opens) -> None:
    app = screen("report")
    assert "需要注意（6）" in card(app, "attention")
    assert folded(app) == []


def test_the_overviews_file_has_its_tables_also_where_the_page_is_repeated(
    screen: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[list[str]] = []
    taken = drawn.taken

    def noted() -> tuple[drawn.Drawn, ...]:
        tables = taken()
        found.append([table.title for table in tables])
        return tables

    monkeypatch.setattr(drawn, "taken", noted)
    screen("demo", "overview", "104").run()
    assert len(found) == 2
    assert found[0] == found[1]
    assert {"需要注意", "服務滿意度與人民陳情的結果及去年數值", "指標與數字出處"} <= set(found[1])


def test_a_target_of_whole_years_says_so(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    target = {"indicator": "seminars", "kind": "target", "definition": 1, "comparator": ">=", "value": 5}
    put(store, "targets", row("targets", **target, valid_from="2014-07-01", valid_to="2014-12-31"))
    put(store, "targets", row("targets", **target | {"indicator": "outreach_events"}, valid_from="2014-07-01"))
    shown = next(t for t in tables(screen(store, "settings")) if t and "內容" in t[0])
    held = {line["指標"]: line["期間"] for line in shown if line["種類"] != "進一步目標"}
    assert held["粉絲人數"] == "103 年"
    assert held["6S 稽核"] == "102–103 年"
    assert held["座談、說明、研討會"] == "103/07/01–103/12/31"
    assert held["業務推廣活動"] == "103/07/01 起"


def test_the_target_that_is_newest_stands_before_the_older_ones_of_its_indicator(screen: Opens) -> None:
    (shown,) = (table for table in tables(screen("demo", "settings")) if table and "出處與備註" in table[0])
    labels = [line["指標"] for line in shown]
    order = [one.label for one in INDICATORS if one.label in labels]
    assert list(dict.fromkeys(labels)) == order
    held = [line["期間"] for line in shown if line["指標"] == "粉絲人數"]
    assert held == sorted(held, reverse=True)
    assert {"104 年", "103 年"} <= set(held)


def test_units_are_listed_in_their_order_and_under_the_names_of_their_parents(screen: Opens) -> None:
    shown = next(t for t in tables(screen("report", "settings")) if t and "上層單位" in t[0])
    assert [line["順序"] for line in shown] == [str(n) for n in range(1, len(shown) + 1)]
    assert {line["上層單位"] for line in shown} == {"", "秘書室"}


def test_marks_name_the_unit_that_made_them(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    days = {"period_from": "2014-01-01", "period_to": "2014-12-31"}
    put(store, "ledger_marks", row("ledger_marks", indicator="fans", state="complete", unit="section-6", **days))
    shown = next(t for t in tables(screen(store, "settings")) if t and "註記單位" in t[0])
    assert [line["註記單位"] for line in shown] == ["第六課"]


def test_marks_of_the_newest_period_come_first_in_the_order_of_the_cards(screen: Opens) -> None:
    shown = next(t for t in tables(screen("demo", "settings")) if t and "註記單位" in t[0])
    ends, labels = [line["期間迄"] for line in shown], [line["指標"] for line in shown]
    assert ends == sorted(ends, reverse=True)
    assert labels[:3] == ["粉絲人數", "每篇平均按讚", "每篇平均觸及"]


def test_what_is_typed_most_is_offered_first_to_be_corrected(screen: Opens) -> None:
    box = screen("report", "settings").selectbox(key="correct_table")
    assert sorted(box.options[:4]) == sorted(["活動紀錄", "人民陳情", "查核與測試", "陳報值"])
    assert box.value == "readings"


def correcting(app: AppTest, search: str) -> AppTest:
    """設定, with an activity looked for to be corrected."""
    app.selectbox(key="correct_table").select("activities").run()
    return app.text_input(key="correct_search_activities").input(search).run()


def test_a_row_to_be_corrected_and_its_history_are_in_a_persons_words(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    store = copy("report")
    days = {"kind": "training", "held_on": "2014-11-12", "title": "資安研習", "unit": "section-1"}
    put(store, "activities", row("activities", activity_id="training-2014-11-12-0d390657ae", **days))
    app = correcting(screen(store, "settings"), "資安研習")
    assert app.selectbox(key="correct_row_activities").options == ["資安研習、103/11/12、教育訓練、第一課"]
    history = next(t for t in tables(app) if t and "原因" in t[0])
    assert "主辦單位 第一課" in history[0]["內容"]


def test_a_choice_that_may_be_empty_can_be_taken_out_of_a_row(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    days = {"kind": "training", "held_on": "2014-11-12", "title": "資安研習", "unit": "section-1"}
    put(store, "activities", row("activities", activity_id="training-2014-11-12-0d390657ae", **days))
    app = correcting(screen(store, "settings"), "資安研習")
    (unit,) = [b for b in app.selectbox if str(b.key).startswith("correct_activities") and str(b.key).endswith("_unit")]
    assert unit.value == "section-1"
    cleared(unit)
    field(app, "correct_activities", "原因").input("不是第一課辦的")
    press(app, "更正這一列")
    (found,) = [one for one in current(store, "activities") if one["activity_id"].endswith("0d390657ae")]
    assert (found["title"], found["unit"]) == ("資安研習", None)


def test_a_unit_that_has_ended_is_called_by_its_name_where_a_row_of_it_is_corrected(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    store = copy("report")
    days = {"kind": "training", "held_on": "2014-03-12", "title": "資安研習", "unit": "section-6"}
    put(store, "activities", row("activities", activity_id="a-1", **days))
    (found,) = [one for one in current(store, "units") if one["unit"] == "section-6"]
    ended = {name: found[name] for name in BY_NAME["units"].names} | {"valid_to": "2014-06-30"}
    put(store, "units", row("units", **ended))
    app = correcting(screen(store, "settings"), "資安研習")
    (unit,) = [b for b in app.selectbox if str(b.key).startswith("correct_activities") and str(b.key).endswith("_unit")]
    assert (unit.value, unit.options[-1]) == ("section-6", "第六課")


def test_rows_to_be_corrected_that_read_the_same_are_told_apart_by_their_key(
    screen: Opens, copy: Callable[[str], Path]
) -> None:
    store = copy("report")
    same = {"kind": "training", "held_on": "2014-11-12", "title": "資安研習"}
    put(store, "activities", *(row("activities", activity_id=key, **same) for key in ("a-1", "a-2")))
    app = correcting(screen(store, "settings"), "資安研習")
    name = "資安研習、103/11/12、教育訓練"
    assert sorted(app.selectbox(key="correct_row_activities").options) == [f"{name}（a-1）", f"{name}（a-2）"]


def test_a_row_is_found_by_its_day_as_people_write_it(screen: Opens) -> None:
    app = screen("report", "settings")
    app.selectbox(key="correct_table").select("activities").run()
    app.text_input(key="correct_search_activities").input("103/11/27").run()
    assert "列出最近登錄的 1 列" in words(app)


def test_a_row_is_found_by_what_it_is_called_in_the_list(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    days = {"held_on": "2014-11-12", "title": "資安研習"}
    put(
        store,
        "activities",
        row("activities", activity_id="a", kind="training", unit="section-1", **days),
        row("activities", activity_id="b", kind="outreach", unit="section-6", **days | {"held_on": "2014-12-01"}),
        row("activities", activity_id="c", kind="outreach", **days | {"held_on": "2014-06-03", "title": "103/5 補辦"}),
    )
    app = screen(store, "settings")
    app.selectbox(key="correct_table").select("activities").run()
    for search, expected in (
        ("第一課", "第一課"),
        ("業務推廣", "業務推廣"),
        ("103/12", "103/12/01"),
        ("103/6", "103/06/03"),
        ("103/5", "103/5 補辦"),
    ):
        app.text_input(key="correct_search_activities").input(search).run()
        found = app.selectbox(key="correct_row_activities").options
        assert found, search
        assert all(expected in name for name in found), found


def test_a_row_is_found_by_a_number_that_reads_like_a_day(screen: Opens) -> None:
    app = screen("report", "settings")
    app.selectbox(key="correct_table").select("methods").run()
    app.text_input(key="correct_search_methods").input("1.1.1").run()
    found = app.selectbox(key="correct_row_methods").options
    assert found == [f"103、{method}" for method in ("2.1.1.1", "1.1.1.4", "1.1.1.3", "1.1.1.2", "1.1.1.1")]


def test_the_number_that_makes_itself_is_asked_for_last(screen: Opens) -> None:
    app = screen("report", "upload")
    labels = [t.label for t in app.text_input if (t.key or "").startswith("by_hand_activities_")]
    assert "編號（空白時自動編）" in labels
    assert labels.index("編號（空白時自動編）") > labels.index("日期")


def test_a_correction_says_which_fields_stay_and_promises_no_number_that_makes_itself(screen: Opens) -> None:
    app = screen("report", "settings")
    app.selectbox(key="correct_table").select("activities").run()
    (number,) = (t for t in app.text_input if t.label.startswith("編號"))
    assert (number.label, number.disabled) == ("編號", True)
    assert "灰色的欄位用來認出這一列，不能更正；填錯時請刪去這一列，再登錄一列。" in [c.value for c in app.caption]


def test_the_place_among_statements_of_a_figure_is_the_first_until_another_is_typed(screen: Opens) -> None:
    app = screen("report", "upload")
    app.segmented_control(key="by_hand_table").set_value("readings").run()
    (place,) = (t for t in app.text_input if t.label == "順序")
    assert place.value == "1"
