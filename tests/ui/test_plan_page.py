"""計畫與成果 as people use it: write, hand in, approve, see what is missing, lock, open a year."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from sqdash import periods, plan_views, views
from sqdash.analysis.completeness import Completeness
from sqdash.errors import DataError
from sqdash.figures import Interval
from sqdash.jobs import entries, open_year, plan_texts, year_lock
from sqdash.report import writers
from sqdash.tables import BY_NAME, Table
from sqdash.ui import loads, who
from sqdash.ui.panels import plan_check, plan_print, plan_write, plan_years
from sqdash.ui.panels.plan import TABS
from tests.apps import Opens, cleared, headings, opening, press, said, starting, tables, unmarked, words
from tests.apps import links as ways_of
from tests.making import current, put, row
from tests.rights import ADMIN, OWN, VIEWER, Door, settle

Copy = Callable[[str], Path]
KEY = ("1.1.1.1", 1)


@pytest.fixture
def screen(made: Copy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    with opening(made, monkeypatch) as opens:
        yield opens


def at(app: AppTest, tab: str) -> AppTest:
    """The page with that tab open."""
    app.query_params["plan_tab"] = tab
    app.session_state["plan_tab"] = tab
    app.run()
    assert [e.value for e in app.exception] == []
    return app


def box(app: AppTest, key: tuple[str, int] = KEY) -> Any:
    return starting(app.text_area, f"plan_text_103_{key[0]}_{key[1]}_")


def write(app: AppTest, text: str) -> None:
    box(app).input(text).run()


def stored(store: Path) -> str:
    return plan_views.desk(store, 103).texts[KEY]


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize(("kind", "period"), [("report", "103"), ("demo", "103")])
def test_every_tab_opens(screen: Opens, kind: str, period: str, tab: str) -> None:
    app = at(screen(kind, "plan", period), tab)
    assert [e.value for e in app.error] == []


def test_a_strategy_says_before_it_is_opened_how_many_of_its_indicators_are_short(screen: Opens) -> None:
    labels = [expander.label for expander in screen("report", "plan").expander if expander.label.startswith("（")]
    assert len(labels) == 7
    assert [label.split("　") for label in labels if "指標" in label] == [
        ["（一）有價值的創新服務（2 項）", "✖ 未達 2 項指標"]
    ]


@pytest.mark.parametrize("tab", [tab for tab in TABS if tab != "列印"])
def test_a_tab_of_the_year_says_so_where_a_part_of_it_is_chosen(screen: Opens, tab: str) -> None:
    """Activities of the half stand on another page: the plan's would else seem to be other numbers of the same."""
    told = "這裡的文字與數字都是 103 年度全年的，不是上方所選的「103 年上半年」"
    app = at(screen("demo", "plan", "103H1"), tab)
    assert [text for text in said(app.info) if text.startswith(told)]
    assert not [text for text in said(at(screen("demo", "plan", "103"), tab).info) if "全年的" in text]


@pytest.mark.parametrize(("tab", "figure"), [("成果", "55 場次"), ("列印", "無資料")])
def test_sources_are_those_of_the_figures_above_them(screen: Opens, tab: str, figure: str) -> None:
    app = at(screen("report", "plan", "103H1"), tab)
    (listed,) = (table for table in tables(app) if table and "依據" in table[0])
    assert {row["指標"]: row["數值"] for row in listed}["教育訓練"] == figure


def test_a_year_without_a_plan_offers_to_open_it(screen: Opens) -> None:
    app = screen("demo", "plan", "104")
    assert "還沒有 104 年度的計畫" in words(app)
    assert "開立 104 年度" in headings(app)
    assert [e.value for e in app.exception] == []


def test_an_empty_store_offers_nothing_to_open(screen: Opens) -> None:
    app = screen("empty", "plan")
    assert "開立" not in words(app)
    assert [e.value for e in app.exception] == []


def test_a_text_is_shown_as_it_will_print_and_what_contradicts_the_store_is_pointed_out(
    screen: Opens, copy: Copy
) -> None:
    store = copy("report")
    app = at(screen(store, "plan"), "撰寫")
    key = next(k for k, t in plan_views.desk(store, 103).texts.items() if "{training_sessions}" in t)
    app.query_params["text"] = f"{key[0]}-{key[1]}"
    app.run()
    box(app, key).input("全年 {training_sessions}，另說 54 場次。").run()
    assert "全年 55 場次，另說 54 場次。" in words(app)
    assert [w for w in said(app.warning) if "54 場次" in w] == [
        "文字寫「54 場次」，資料庫的教育訓練是 55 場次，請核對，或改用 {training_sessions}。"
    ]


def test_a_picked_figure_goes_to_the_end_of_the_text_as_its_placeholder(screen: Opens, copy: Copy) -> None:
    app = at(screen(copy("report"), "plan"), "撰寫")
    write(app, "場次：")
    picker = starting(app.selectbox, "plan_pick_")
    at_ = next(i for i, text in enumerate(picker.options) if text.endswith("{training_sessions}"))
    assert picker.options[at_] == "教育訓練　55 場次　{training_sessions}"
    picker.select_index(at_).run()
    press(app, "加到文末")
    assert box(app).value == "場次：{training_sessions}"


def test_a_text_is_stored_handed_in_and_approved(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    app = at(screen(store, "plan"), "撰寫")
    write(app, "全年辦理 {training_sessions}。")
    press(app, "儲存草稿")
    assert [s.value for s in app.success] == ["已儲存 1.1.1.1 的成果文字。"]
    assert stored(store) == "全年辦理 {training_sessions}。"
    press(app, "送審")
    app = at(app, "審核")
    assert "已送審 1 段" in words(app)
    press(app, "核定")
    assert plan_views.desk(store, 103).reviews[KEY].words == "已核定"
    app = at(app, "審核")
    press(app, "退回")
    assert said(app.error) == ["退回須寫明意見，請補上。"]


def test_a_text_that_is_too_long_is_refused_and_stays_in_the_box(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    before = stored(store)
    app = at(screen(store, "plan"), "撰寫")
    write(app, "字" * 100_000)
    press(app, "儲存草稿")
    assert said(app.error) == ["內容有 100,000 字，最多 20,000 字，請縮短後再儲存。"]
    assert len(box(app).value) == 100_000
    assert stored(store) == before


def test_a_placeholder_of_nothing_is_said_before_and_when_storing(screen: Opens, copy: Copy) -> None:
    app = at(screen(copy("report"), "plan"), "撰寫")
    write(app, "辦理 {trainings}。")
    assert len(app.error) == 1
    press(app, "儲存草稿")
    assert "「{trainings}」不是任何指標或數字的代碼，請從清單挑選。" in said(app.error)


def test_what_is_missing_is_listed_by_kind_and_by_unit(screen: Opens) -> None:
    app = at(screen("report", "plan"), "完整性")
    text = words(app)
    assert "還有 6 件待補　48 項執行方法，已有成果 48 項" in text
    assert {"未達目標而沒有下一步（2）", "數字未陳報（4）"} < set(headings(app))
    app.selectbox(key="plan_check_unit").select("section-1").run()
    assert "還有 1 件待補" in words(app)


def test_a_next_step_is_written_where_it_is_missed(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    app = at(screen(store, "plan"), "完整性")
    app.radio[0].set_value("next_step")
    starting(app.text_area, "plan_explain_text").input("建立投稿獎勵。")
    press(app, "儲存")
    assert [s.value for s in app.success] == ["已儲存每篇平均按讚的下一步。"]
    assert views.board(store, periods.year_period(103)).next_steps == {"likes_per_post": ("建立投稿獎勵。",)}


def test_a_locked_year_says_so_everywhere_and_can_only_be_read(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    app = at(screen(store, "plan"), "年度")
    starting(app.checkbox, "plan_lock_anyway_103").check().run()
    reason = next(t for t in app.text_input if t.label == "原因（必填）")
    reason.input("成果報告已公布")
    press(app, "鎖定 103 年度")
    assert [s.value for s in app.success] == ["已鎖定 103 年度。"]
    assert "103 年度已鎖定" in unmarked(words(at(app, "年度")))
    assert any("103 年度已於" in text for text in said(at(app, "成果").info))
    app = at(app, "撰寫")
    assert any("已鎖定" in text for text in said(app.info))
    assert [b.label for b in app.button if b.label in ("儲存草稿", "送審")] == []
    assert "核定" not in [b.label for b in at(app, "審核").button]


def test_a_year_that_lacks_something_is_locked_only_by_whoever_says_so(screen: Opens) -> None:
    app = at(screen("report", "plan"), "年度")
    assert "▼ 還有 6 件待補，詳見「完整性」" in words(app)
    assert [b.disabled for b in app.button if b.label == "鎖定 103 年度"] == [True]
    box = starting(app.checkbox, "plan_lock_anyway_103")
    assert box.label == "仍要鎖定"
    box.check().run()
    assert [b.disabled for b in app.button if b.label == "鎖定 103 年度"] == [False]


def test_a_year_that_lacks_nothing_is_locked_without_further_words(
    screen: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loads, "completeness", lambda *_: Completeness(103, 48, 48, ()))
    app = at(screen("report", "plan"), "年度")
    assert "件待補" not in words(app)
    assert [b.disabled for b in app.button if b.label == "鎖定 103 年度"] == [False]
    assert [c.label for c in app.checkbox if c.label == "仍要鎖定"] == []


def test_unlocking_asks_for_nothing_that_is_missing(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    year_lock.lock(store, 103, reason="公布", by="研考")
    app = at(screen(store, "plan"), "年度")
    assert [b.disabled for b in app.button if b.label == "解除鎖定 103 年度"] == [False]


def test_unlocking_without_a_reason_is_refused(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    year_lock.lock(store, 103, reason="公布", by="研考")
    app = at(screen(store, "plan"), "年度")
    press(app, "解除鎖定 103 年度")
    assert len(app.error) == 1
    assert plan_views.desk(store, 103).locked


def test_the_next_year_is_opened_with_edited_targets(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    app = at(screen(store, "plan"), "年度")
    field = starting(app.text_input, "plan_target_104_fans_")
    assert field.value == "16,000"
    field.input("17000")
    press(app, "開立 104 年度")
    assert "已開立 104 年度" in app.success[0].value
    assert len(plan_views.report(store, 104).methods) == 48
    applied = views.board(store, periods.year_period(104)).results["fans"].applied
    assert applied is not None
    assert applied.value == 17_000


def test_a_target_that_is_no_number_is_refused_and_nothing_is_opened(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    app = at(screen(store, "plan"), "年度")
    starting(app.text_input, "plan_target_104_fans_").input("很多")
    press(app, "開立 104 年度")
    assert said(app.error) == ["粉絲人數的目標「很多」不是數字，請寫成例如 13000。"]


def test_years_stand_side_by_side(screen: Opens) -> None:
    app = at(screen("demo", "plan", "103"), "年度")
    (rows,) = [t for t in tables(app) if t and "103 年狀態" in t[0]]
    fans = next(row for row in rows if row["指標"] == "粉絲人數")
    assert fans["103 年狀態"] == "✔ 達標"
    assert fans["104 年狀態"].split()[-1] in ("達標", "未達", "進度內", "落後")
    assert list(fans) == ["指標", "102 年（前一年）", "103 年", "103 年狀態", "104 年", "104 年狀態"]


@pytest.mark.parametrize(("year", "other"), [(106, 103), (108, 106), (103, 106)])
def test_a_year_is_set_beside_the_last_one_with_a_plan(screen: Opens, copy: Copy, year: int, other: int) -> None:
    store = copy("report")
    put(store, "plan_years", *(row("plan_years", year=one, title="計畫", goal="目標") for one in (106, 108)))
    put(store, "petitions", row("petitions", month="2018-05", received=1, closed=1))  # of a year without a plan
    app = at(screen(store, "plan", str(year)), "年度")
    assert app.selectbox(key=f"plan_other_{year}").value == other


def test_the_year_before_stands_beside_each_figure(made: Copy) -> None:
    boards, _ = plan_views.compare(made("demo"), (103, 104))
    assert plan_years._indicator("six_s_audits", boards, [103]) == {
        "指標": "6S 稽核",
        "102 年（前一年）": "6 次",
        "103 年": "6 次",
        "103 年狀態": "✔ 達標",
        "104 年": "6 次",
        "104 年狀態": "✔ 達標",
    }
    assert plan_years._indicator("wifi_hotspots", boards, [103])["104 年"] == "6 處"
    newest = boards[104]
    viewers = newest.results["reach_per_post"]._replace(figure=Interval(800.0), definition=2)
    seen = replace(newest, results={**newest.results, "reach_per_post": viewers})
    row_of = plan_years._indicator("reach_per_post", {103: boards[103], 104: seen}, [])
    assert (row_of["103 年"], row_of["104 年"]) == ("約 700–800 人\n（定義不同，不能比較）", "800 人\n（以瀏覽者計）")


def test_a_year_without_a_figure_says_so_once(screen: Opens) -> None:
    app = at(screen("report", "plan", "103"), "年度")
    (rows,) = [t for t in tables(app) if t and "103 年狀態" in t[0]]
    (six,) = [one for one in rows if one["指標"] == "6S 稽核"]
    assert (six["102 年狀態"], six["103 年狀態"]) == ("✔ 達標", "")  # the figure itself is 未陳報


def test_each_of_two_years_apart_has_the_year_before_it(screen: Opens) -> None:
    app = at(screen("demo", "plan", "103"), "年度")
    app.selectbox(key="plan_other_103").select(102).run()
    (rows,) = [t for t in tables(app) if t and "103 年狀態" in t[0]]
    assert list(rows[0]) == ["指標", "102 年", "102 年狀態", "103 年", "103 年狀態"]


def test_what_a_text_went_through_stands_in_two_columns_each_thing_named(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    before = stored(store)
    plan_texts.save(store, 103, *KEY, "改過的。", seen=before, reason="補充", by="陳小姐")
    plan_texts.review(store, 103, *KEY, "submitted", seen="改過的。", by="陳小姐")
    app = at(screen(store, "plan", "103"), "審核")
    texts, reviewed = [t for t in tables(app) if t and any(name.startswith("時間") for name in t[0])]
    assert [(row["時間、經手、原因"].split("\u3000")[1:], row["內容"]) for row in texts] == [
        (["陳小姐", "補充"], "改過的。"),
        (["系統初始化", "匯入 result_texts.csv"], before),
    ]
    assert [list(row) for row in reviewed] == [["時間、經手、結果"]]  # nobody has said anything yet
    plan_texts.review(store, 103, *KEY, "draft", seen="改過的。", by="林研考", note="請附照片。")
    app = at(screen(store, "plan", "103"), "撰寫")
    (_, reviewed) = [t for t in tables(app) if t and any(name.startswith("時間") for name in t[0])]
    assert [row["意見"] for row in reviewed] == ["請附照片。", ""]


def test_whoever_reviews_reads_the_whole_method_and_who_leads_it(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    plan_texts.review(store, 103, *KEY, "submitted", seen=stored(store), by="陳小姐")
    said_of = "執行方法：設置全功能櫃檯，提供整合服務\u3000主辦："
    for tab in ("撰寫", "審核"):
        (caption,) = [
            c.value for c in at(screen(store, "plan", "103"), tab).caption if c.value.startswith("執行方法：")
        ]
        assert unmarked(caption).startswith(said_of)


def test_a_way_to_what_is_missing_opens_the_form_that_it_speaks_of(screen: Opens) -> None:
    found = ways_of(at(screen("report", "plan", "103"), "完整性"))
    ways = {text: parse_qs(urlsplit(way).query) for text, way in found.items() if way.startswith("./upload")}
    assert ways["登錄：無線網路連線測試"]["by_hand_table"] == ["查核與測試"]
    assert {one["by_hand_table"][0] for one in ways.values()} <= {"活動紀錄", "查核與測試", "陳報值"}
    assert {one["upload_tab"][0] for one in ways.values()} == {"人工登錄"}
    asked = {name: given[0] for name, given in ways["登錄：無線網路連線測試"].items()}
    app = screen("report").switch_page("pages/upload.py")
    app.query_params.update(asked)
    assert app.run().segmented_control(key="by_hand_table").value == "checks"


@pytest.mark.parametrize(("name", "links", "unit"), [(VIEWER, 0, None), (OWN, 4, "section-6"), (ADMIN, 4, None)])
def test_what_is_missing_begins_with_one_s_own_and_offers_no_way_that_is_closed(
    screen: Opens, copy: Copy, monkeypatch: pytest.MonkeyPatch, name: str, links: int, unit: str | None
) -> None:
    store = copy("report")
    door = Door(monkeypatch, settle(store))
    door.stands(name)
    app = at(screen(store, "plan", "103"), "完整性")
    ways = [text for text in ways_of(app) if text.startswith("登錄：")]
    assert len(ways) == links
    assert not [m for m in app.markdown if m.value.startswith("登錄：")]
    assert app.selectbox(key="plan_check_unit").value == unit
    cleared(app.selectbox(key="plan_check_unit")).run()
    assert app.selectbox(key="plan_check_unit").value is None
    assert "全部單位共" not in words(app)


def test_every_text_that_is_printed_can_be_written_and_reviewed(made: Copy) -> None:
    desk = plan_views.desk(made("report"), 103)
    assert set(plan_write.texts_of(desk)) == set(desk.texts)
    assert [key for key in desk.texts if not plan_write.units_of(desk, key)] == []
    leading = {code for method in desk.tree.methods if method.method.startswith("3.3.") for code in method.unit_codes}
    assert (
        plan_write.units_of(desk, ("3.3", 5)) == leading
    )  # no method has it for a result: the strategy's units write it
    assert ("3.3", 5) in plan_write.texts_of(desk, "section-6")
    assert ("3.3", 5) not in plan_write.texts_of(desk, "personnel")


def test_a_year_that_was_just_opened_says_that_nothing_is_written_yet(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    new = open_year.look(store, 104)
    targets = {one.name: one.value for one in new.proposals}
    open_year.open_year(store, 104, targets, title=new.title, reason="開立", by="測試")
    app = at(screen(store, "plan", "104"), "審核")
    assert "尚未填寫 53 段\u3000草稿 0 段\u3000已送審 0 段\u3000已核定 0 段" in said(app.caption)
    assert "各段文字的狀態（53 段）" in [one.label for one in app.expander]
    app = at(screen(store, "plan", "104"), "撰寫")
    assert "寫好文字後先儲存草稿，再送審。" in [one.value for one in app.caption]
    app = at(screen(store, "plan", "104"), "完整性")
    assert "還有 82 件待補" in words(app)
    assert "全部單位共" not in words(app)
    app.selectbox(key="plan_check_unit").select("section-3").run()
    assert "全部單位共 82 件，48 項執行方法" in words(app)


def test_a_note_stands_beside_the_figure(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    plan_texts.note_figure(store, "fans", "103", "年底活動帶動。", by="首長")
    assert "首長註記：年底活動帶動。" in words(screen(store))
    assert "首長註記：年底活動帶動。" in words(screen(store, "plan"))


def test_a_past_day_can_be_printed_and_a_day_to_come_cannot(screen: Opens) -> None:
    app = at(screen("report", "plan"), "列印")
    app.text_input(key="plan_known").input("999/12/31").run()
    assert "還沒有過完" in said(app.error)[0]
    app.text_input(key="plan_known").input("110/01/01").run()
    assert "110/01/01 結束時資料庫裡還沒有 103 年度的計畫" in said(app.error)[0]


@pytest.mark.parametrize(("period", "label"), [("103H2", "103 年下半年"), ("103Q1", "103 年第 1 季")])
def test_a_half_or_quarter_is_printed_as_such(screen: Opens, period: str, label: str) -> None:
    app = at(screen("report", "plan", period), "列印")
    assert f"（{label}）" in words(app)
    assert f"文字是 103 年度全年成果，並逐項列出 {label}的數字；要印全年，請把上方的期間改為全年。" in said(app.info)


def test_a_whole_year_says_nothing_of_a_part(screen: Opens) -> None:
    assert "印出的是" not in words(at(screen("report", "plan", "103"), "列印"))


def test_a_period_over_two_years_is_not_printed_as_the_first_of_them(screen: Opens) -> None:
    app = at(screen("report", "plan", "2014-06-01..2015-06-30"), "列印")
    assert unmarked(app.error[0].value) == (
        "報告依一個年度的計畫寫成，103/06/01–104/06/30 跨了年度，請把上方的期間改成一個年度內的期間。"
    )
    assert downloads(app) == []
    assert downloads(screen("report", "plan", "2014-02-01..2014-06-30")) != []


def test_what_was_typed_is_still_there_after_a_look_at_another_tab(screen: Opens, copy: Copy) -> None:
    app = at(screen(copy("report"), "plan"), "撰寫")
    write(app, "還沒存的。")
    app = at(at(app, "完整性"), "撰寫")
    assert box(app).value == "還沒存的。"


def test_a_text_that_another_changed_meanwhile_is_not_overwritten(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    app = at(screen(store, "plan"), "撰寫")
    write(app, "我寫的。")
    plan_texts.save(store, 103, *KEY, "別人寫的。", seen=stored(store), reason="修訂", by="第六課")
    press(app, "儲存草稿")
    assert said(app.error) == ["這段文字剛被別人改過，沒有覆寫，請複製您的文字、重新整理後再儲存。"]
    assert (stored(store), box(app).value) == ("別人寫的。", "我寫的。")


def test_approving_is_for_the_words_that_were_on_the_screen(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    plan_texts.review(store, 103, *KEY, "submitted", seen=stored(store), by="第六課")
    app = at(screen(store, "plan"), "審核")
    batch = plan_texts.save(store, 103, *KEY, "換了。", seen=stored(store), reason="修訂", by="第六課")
    assert batch
    plan_texts.review(store, 103, *KEY, "submitted", seen="換了。", by="第六課")
    press(app, "核定")
    assert plan_views.desk(store, 103).reviews[KEY].words == "已送審"


def test_a_box_in_which_nothing_was_typed_follows_what_another_wrote(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    app = at(screen(store, "plan"), "撰寫")
    plan_texts.save(store, 103, *KEY, "別人寫的。", seen=stored(store), reason="修訂", by="第六課")
    app.run()
    assert box(app).value == "別人寫的。"


def test_figures_that_moved_after_the_lock_are_told(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    year_lock.lock(store, 103, reason="公布", by="研考")
    put(store, "activities", row("activities", activity_id="late", kind="seminar", held_on="2014-05-01", title="補登",
                                 sessions=13))  # fmt: skip
    mark = row("ledger_marks", indicator="seminars", period_from="2014-01-01", period_to="2014-12-31", state="complete")
    put(store, "ledger_marks", mark)
    app = at(screen(store, "plan"), "年度")
    assert said(app.warning) == ["鎖定後有 1 項數字因補登而不同；畫面與報告以鎖定時為準，現在的數字註在旁邊。"]
    (moved,) = [t for t in tables(app) if t and "鎖定時" in t[0]]
    assert moved == [{"指標": "座談、說明、研討會", "鎖定時": "12 場次", "現在": "13 場次"}]


def test_a_second_target_of_an_indicator_has_a_field_of_its_own_when_a_year_is_opened(
    screen: Opens, copy: Copy
) -> None:
    store = copy("report")
    target = {"indicator": "likes_per_post", "kind": "target", "comparator": ">", "valid_from": "2014-01-01"}
    put(store, "targets", row("targets", **target, definition=2, valid_to="2014-12-31", value=120))
    app = at(screen(store, "plan"), "年度")
    labels = [t.label for t in app.text_input if t.label.startswith("每篇平均按讚")]
    assert labels == ["每篇平均按讚（超過，人）", "每篇平均按讚（超過，人，心情（按讚未知時））"]


def test_years_in_the_plans_words_are_listed_old_and_new_and_stored_as_typed(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    app = at(screen(store, "plan"), "年度")
    (label,) = open_year.look(store, 104).labels
    assert f"103 年度：{label.old}" in said(app.text)
    (box_,) = [area for area in app.text_area if area.label == f"104 年度的{label.what}"]
    assert box_.value == label.new
    box_.input("預計 104 年達到 16,000 人。")
    press(app, "開立 104 年度")
    code = label.name.rpartition("/")[2]
    assert [m["label"] for m in current(store, "methods") if (m["year"], m["method"]) == (104, code)] == [
        "預計 104 年達到 16,000 人。"
    ]


@pytest.mark.parametrize(
    ("tab", "key"), [("成果", "plan_unit"), ("撰寫", "plan_write_unit"), ("完整性", "plan_check_unit")]
)
def test_of_two_units_of_one_name_the_methods_of_the_chosen_one_are_shown(
    screen: Opens, copy: Copy, tab: str, key: str
) -> None:
    store = copy("report")
    for unit in ("section-5", "section-6"):
        (line,) = (one for one in current(store, "units") if one["unit"] == unit)
        put(store, "units", row("units", **line | {"label": "檢驗課"}))
    app = at(screen(store, "plan"), tab)
    options = [option for option in app.selectbox(key=key).options if option.startswith("檢驗課")]
    assert options == ["檢驗課（1）", "檢驗課（2）"]
    app.selectbox(key=key).select("section-6").run()
    assert app.selectbox(key=key).value == "section-6"


def test_a_lead_unit_that_has_ended_is_named_and_another_can_go_on_for_it(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    (line,) = (one for one in current(store, "units") if one["unit"] == "section-6")
    put(store, "units", row("units", **line | {"valid_to": "2014-12-31"}))
    app = at(screen(store, "plan"), "年度")
    assert said(app.warning) == ["第六課在 104 年度之前已經結束，不再沿用為主辦單位；請在下方選擇由哪個單位接續。"]
    assert any(text.startswith("第六課（103/12/31 止）主辦：1.1.1.1、1.1.1.2") for text in said(app.text))
    (which,) = [one for one in app.selectbox if one.label == "接續第六課的單位"]
    assert (which.value, "第六課" in which.options, "第五課" in which.options) == (None, False, True)
    which.select("section-5")
    press(app, "開立 104 年度")
    assert [e.value for e in app.exception] == []
    found = {one["unit"] for one in current(store, "method_units") if (one["year"], one["method"]) == (104, "1.1.1.1")}
    assert found == {"section-5", "chiayi", "douliu"}


def test_what_is_missing_leads_to_the_text_to_write(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    open_year.open_year(store, 104, {}, title="104 年度", reason="開立", by="研考")
    app = at(screen(store, "plan", "104"), "完整性")
    press(app, "填寫：1.1.1.3")
    assert [e.value for e in app.exception] == []
    assert [t.key.startswith("plan_text_104_1.1.1.3_1_") for t in app.text_area] == [True]


def test_two_texts_of_one_method_have_buttons_of_two_names(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    for number in (1, 2):
        put(store, "result_texts", row("result_texts", year=103, owner=KEY[0], number=number, text="{nothing}"))
    app = at(screen(store, "plan"), "完整性")
    labels = [unmarked(b.label) for b in app.button if b.label.startswith("改正文字")]
    assert labels == ["改正文字：1.1.1.1 第 1 段", "改正文字：1.1.1.1 第 2 段"]
    press(app, "改正文字：1.1.1.1 第 2 段")
    (which,) = [s for s in app.selectbox if s.label == "執行方法"]
    assert which.value == (KEY[0], 2)
    shown = [option for option in which.options if option.startswith("1.1.1.1 ")]
    assert [option.partition("　")[0] for option in shown] == ["1.1.1.1 第 1 段", "1.1.1.1 第 2 段"]


def test_a_reason_that_another_wrote_at_the_same_moment_is_not_replaced(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter = entries.enter

    def after_another(store: Path, table: Table, texts: dict[str, str], **how: Any) -> int:
        enter(store, table, texts | {"text": "別人的下一步"}, reason="填寫", by="別人")
        return enter(store, table, texts, **how)

    monkeypatch.setattr(entries, "enter", after_another)
    screen: Any = SimpleNamespace(store=store, state="before", period=periods.year_period(103))
    with pytest.raises(DataError, match="已由別人更動"):
        plan_check._store(screen, "likes_per_post", "next_step", "我的下一步")
    assert [r["text"] for r in current(store, "explanations") if r["kind"] == "next_step"] == ["別人的下一步"]


def test_two_texts_of_a_method_older_than_the_same_figure_are_both_told(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    for number in (2, 3):
        plan_texts.save(store, 103, "1.1.1.1", number, "{seminars}。", seen=None, reason="填寫", by="第六課")
    late = row("activities", activity_id="late", kind="seminar", held_on="2014-05-01", title="補登", sessions=13)
    put(store, "activities", late)
    app = at(screen(store, "plan"), "完整性")
    assert [label for b in app.button if (label := unmarked(b.label)).startswith("檢視文字：")] == [
        "檢視文字：1.1.1.1 第 2 段",
        "檢視文字：1.1.1.1 第 3 段",
    ]


LONG = "字" * 100_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LONG, "內容有 100,000 字，最多 20,000 字，請縮短後再儲存。"),
        ("辦理 {nothing_at_all}。", "「{nothing_at_all}」不是任何指標或數字的代碼，請從清單挑選。"),
        ("第一行\n第二\x07行", "第 2 行第 3 個字是看不見的控制字元，請刪去後再儲存。"),
        ("   \n ", "內容是空的，請填寫成果後再儲存。"),
    ],
)
def test_what_cannot_be_stored_is_told_in_a_sentence_and_stays_in_the_box(
    screen: Opens, copy: Copy, text: str, told: str
) -> None:
    store = copy("report")
    before = stored(store)
    app = at(screen(store, "plan"), "撰寫")
    write(app, text)
    press(app, "儲存草稿")
    assert [e.value for e in app.exception] == []
    assert told in said(app.error)
    assert (box(app).value, stored(store)) == (text, before)


def test_markup_in_a_text_is_stored_and_shown_as_it_was_typed(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    text = "<b>粗</b> **重** ![x](http://example.org/x.png) :red[紅] $x$ =1+1"
    app = at(screen(store, "plan"), "撰寫")
    write(app, text)
    assert text in [node.value for node in app.text]
    press(app, "儲存草稿")
    assert stored(store) == text
    assert text in [node.value for node in at(app, "撰寫").text]


def test_a_text_that_nothing_can_hold_is_told_and_leads_nowhere(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    put(store, "result_texts", row("result_texts", year=103, owner="9.9", number=1, text="沒有人要的文字。"))
    app = at(screen(store, "plan"), "完整性")
    assert "文字沒有地方可印（1）" in words(app)
    assert "「9.9」的第 1 段文字：計畫裡沒有這個方法或策略" in words(app)
    assert [button for button in app.button if "9.9" in button.label] == []


def test_buttons_of_the_summary_are_told_apart_from_those_of_the_report(screen: Opens) -> None:
    app = screen("report", "plan", "103")
    app = at(app, "列印")
    labels = [one.proto.label for one in app.get("download_button") if one.proto.label.startswith("下載")]
    assert len(labels) == len(set(labels)) == (8 if writers.has_slides() else 7)
    assert "下載摘要 ODT（公文格式）" in labels


def downloads(app: AppTest) -> list[str]:
    return [one.proto.label for one in at(app, "列印").get("download_button") if one.proto.label.startswith("下載")]


@pytest.mark.parametrize("installed", [True, False])
def test_slides_are_offered_where_their_library_is_installed(
    screen: Opens, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    monkeypatch.setattr(writers, "has_slides", lambda: installed)
    assert ("下載摘要 PPTX（投影片）" in downloads(screen("report", "plan", "103"))) is installed


@pytest.mark.parametrize(
    ("kind", "period", "known", "summary", "name"),
    [
        ("report", "103", None, False, "提升服務品質成果報告_103"),
        ("demo", "103H1", None, True, "示範_成果摘要_103H1"),
        ("report", "103", date(2014, 12, 31), True, "成果摘要_103_1031231所知"),
        ("report", "2014-06-10..2014-12-31", None, False, "提升服務品質成果報告_2014-06-10_2014-12-31"),
    ],
)
def test_a_printed_file_is_called_by_what_it_is_and_of_when(
    made: Copy, kind: str, period: str, known: date | None, summary: bool, name: str
) -> None:
    material = plan_views.material(made(kind), periods.parse_period(period))
    assert plan_print.file_name(material, known, summary=summary) == name


def test_years_in_the_words_of_a_target_are_proposed_anew_and_stored_as_typed(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    target = {"indicator": "fans", "kind": "target", "definition": 1, "comparator": ">=", "value": 13_000}
    days = {"valid_from": "2014-01-01", "valid_to": "2014-12-31"}
    put(store, "targets", row("targets", **target, **days, words="103 年底前達成"))
    app = at(screen(store, "plan"), "年度")
    (box_,) = [area for area in app.text_area if area.label == "104 年度的粉絲人數目標的說法"]
    assert box_.value == "104 年底前達成"
    box_.input("104 年 11 月底前達成")
    press(app, "開立 104 年度")
    assert [
        t["words"] for t in current(store, "targets") if (t["indicator"], t["valid_from"]) == ("fans", "2015-01-01")
    ] == ["104 年 11 月底前達成"]


def test_the_print_tab_leads_to_what_is_missing(screen: Opens) -> None:
    app = at(screen("report", "plan", "103"), "列印")
    assert "還有 6 件待補" in words(app)
    press(app, "看缺什麼")
    assert app.session_state["plan_tab"] == "完整性"


@pytest.mark.parametrize(("reasons", "kind"), [(True, "next_step"), (False, "reason")])
def test_what_is_missing_is_what_the_form_asks_for_first(screen: Opens, copy: Copy, reasons: bool, kind: str) -> None:
    store = copy("report")
    if not reasons:
        table = BY_NAME["explanations"]
        for one in current(store, "explanations"):
            entries.strike(store, table, [one[part] for part in table.key], reason="重寫", by="研考")
    assert at(screen(store, "plan"), "完整性").radio[0].value == kind


def test_who_writes_for_one_unit_begins_with_its_texts(screen: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who, "own_unit", lambda: "section-1")
    app = at(screen("report", "plan"), "撰寫")
    assert app.selectbox(key="plan_write_unit").value == "section-1"
    texts = plan_views.desk(Path(os.environ["SQDASH_DB"]), 103).texts
    (which,) = [s for s in app.selectbox if s.label == "執行方法"]
    assert 0 < len(which.options) < len(texts)
    cleared(app.selectbox(key="plan_write_unit")).run()  # others' texts are one choice away
    (which,) = [s for s in app.selectbox if s.label == "執行方法"]
    assert len(which.options) == len(texts)
