"""The page of the rota over the demonstration, year 103 and an empty store, and its forms."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sqdash import periods
from sqdash.jobs import rota
from sqdash.records import Row
from sqdash.store import database
from sqdash.tables import BY_NAME
from tests.apps import Opens, headings, links, opening, press, said, starting, tables, words
from tests.making import current, put, row
from tests.rights import OWN, Door, settle

PAGE = "editorial"


@pytest.fixture
def screen(made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    with opening(made, monkeypatch) as opens:
        yield opens


@pytest.fixture
def slot(store: Path) -> Path:
    """A store of year 103 with one contribution, due in July and not submitted."""
    put(
        store,
        "contributions",
        row("contributions", contribution_id="a", due_on="2014-07-05", unit="section-1", title="標識", state="planned"),
    )
    return store


@pytest.mark.parametrize("kind", ["empty", "report"])
def test_without_a_slot_the_page_says_how_to_begin(screen: Opens, kind: str) -> None:
    app = screen(kind, PAGE)
    assert [e.value for e in app.exception] == []
    assert any(text.startswith("還沒有供稿輪值。可在「排定一個月」") for text in said(app.info))


def test_a_period_without_slots_names_the_days_that_have_some(screen: Opens) -> None:
    app = screen("demo", PAGE, "103Q1")
    assert "這個期間沒有供稿；輪值紀錄自 103/10/03 至 104/12/28，請改選期間。" in said(app.info)


def test_the_demonstration_has_units_with_timeliness_over_its_formula(screen: Opens) -> None:
    app = screen("demo", PAGE, "104")
    (found,) = [table for table in tables(app) if table and "準時率" in table[0]]
    assert [line["單位"] for line in found][-1] == "合計"
    assert len(found) == 9
    assert "準時率＝供稿日（含）以前供稿的篇數÷供稿日已過的篇數" in words(app)


def test_of_posts_that_are_not_linked_yet_a_sentence_stands_in_place_of_a_table_of_dashes(
    screen: Opens, slot: Path
) -> None:
    put(
        slot,
        "contributions",
        row("contributions", contribution_id="b", due_on="2014-07-12", unit="section-1", state="published"),
    )
    app = screen(slot, PAGE, "103")
    assert "已刊登 1 篇，都還沒有連結貼文" in words(app)
    assert not [table for table in tables(app) if table and "平均按讚（篇數）" in table[0]]
    linked = screen("demo", PAGE, "104")
    assert [table for table in tables(linked) if table and "平均按讚（篇數）" in table[0]]


def test_units_see_the_viewers_of_posts_that_have_no_reach(screen: Opens, slot: Path) -> None:
    """Of posts of the API that is all there is: 觸及 was a column of dashes."""

    def post(number: int, **figures: int) -> None:
        name = f"xiaoanxin_{number}"
        day = f"2014-07-{number + 10}"
        put(slot, "posts", row("posts", post_id=name, page_id="xiaoanxin", published_at=f"{day}T09:00:00+08:00"))
        seen = {"post_id": name, "observed_at": f"{day}T20:00:00+08:00"}
        put(slot, "snapshots", row("snapshots", **seen, **figures))
        own = {"contribution_id": name, "due_on": day, "unit": "section-1", "state": "published", "post_id": name}
        put(slot, "contributions", row("contributions", **own))

    def results() -> dict[str, str]:
        app = screen(slot, PAGE, "103")
        (found,) = [table for table in tables(app) if table and "平均按讚（篇數）" in table[0]]
        read.append(words(app))
        return found[-1]

    read: list[str] = []
    post(1, likes=60, viewers=900)
    post(2, likes=80, viewers=1_100)
    assert results() == {
        "單位": "合計",
        "已刊登": "2",
        "平均按讚（篇數）": "70.0（2）",
        "平均瀏覽者（篇數）": "1,000.0（2）",
    }
    assert "平均按讚（人）與平均瀏覽者（人）是已連結貼文" in read[-1]
    assert "觸及" not in read[-1]
    post(3, likes=70, reach=500)
    both = results()
    assert (both["平均觸及（篇數）"], both["平均瀏覽者（篇數）"]) == ("500.0（1）", "1,000.0（2）")
    assert "其中 2 篇只有瀏覽者人數，定義不同，未併入平均觸及。" in read[-1]


def test_a_contribution_whose_post_facebook_no_longer_has_says_so(
    screen: Opens, pulled_store: Callable[[str], Path], tmp_path: Path
) -> None:
    store = Path(shutil.copy(pulled_store(""), tmp_path / "s.db"))
    with database.reading(store) as connection:
        (post,) = connection.execute("SELECT min(post_id) FROM post_reads WHERE gone_at IS NOT NULL").fetchone()
    own = {"contribution_id": "a", "due_on": "2026-07-12", "unit": "section-1", "state": "published", "post_id": post}
    put(store, "contributions", row("contributions", **own))
    app = screen(store, PAGE, "115")
    app.selectbox(key="rota_slot").select("a").run()
    assert any(text.startswith("Facebook 上已不存在這篇貼文") for text in said(app.warning))
    assert len(app.get("link_button")) == 0


def test_what_is_to_be_done_stands_before_what_was_published(screen: Opens) -> None:
    app = screen("demo", PAGE, "104")
    offered = [label.rsplit("　", 1)[1] for label in app.selectbox(key="rota_slot").options]
    (listed,) = [grid.value for grid in app.dataframe if "實際供稿日" in grid.value]
    for states in (offered, list(listed["狀態"])):
        done = [state == "✔ 已刊登" for state in states]
        assert len(done) > done.count(True) > 0
        assert done == sorted(done)


def test_two_units_that_went_by_one_name_have_a_line_each(screen: Opens, slot: Path) -> None:
    named = {"label": "第一課", "kind": "unit", "implementing": 1, "position": 1}
    put(slot, "units", row("units", unit="section-1b", valid_from="2014-08-01", **named))
    later = {"due_on": "2014-09-05", "unit": "section-1b", "state": "submitted", "submitted_on": "2014-09-01"}
    put(slot, "contributions", row("contributions", contribution_id="b", **later))
    (found,) = [table for table in tables(screen(slot, PAGE, "103")) if table and "準時率" in table[0]]
    lines = [(line["單位"], line["已到期"], line["準時"], line["未供稿"]) for line in found]
    assert lines == [("第一課", "1", "0", "1"), ("第一課", "1", "1", "0"), ("合計", "2", "1", "1")]


def test_the_month_marks_what_is_overdue_with_a_word(screen: Opens, slot: Path) -> None:
    app = screen(slot, PAGE, "103-07")
    assert "逾期未供稿 1 篇" in words(app)


def test_days_of_the_next_month_in_the_last_week_show_what_is_due_on_them(screen: Opens, slot: Path) -> None:
    later = {"due_on": "2014-08-01", "unit": "section-2", "title": "開學", "state": "planned"}
    put(slot, "contributions", row("contributions", contribution_id="b", **later))
    app = screen(slot, PAGE, "103-07")
    told = words(app)
    assert "排定 1 篇" in told, "of July"
    assert "8/1（五）\n第二課" in told
    assert "period=103-08&slot=b" in links(app)["第二課"], "where it can be opened"


@pytest.mark.parametrize(
    ("today", "month"), [("2014-06-20", "2014-07"), ("2014-07-01", "2014-07"), ("2014-09-09", "2014-09")]
)
def test_the_month_without_a_slot_gives_way_to_the_next_that_has_one(
    screen: Opens, slot: Path, monkeypatch: pytest.MonkeyPatch, today: str, month: str
) -> None:
    monkeypatch.setattr(periods, "today", lambda: date.fromisoformat(today))
    (box,) = (one for one in screen(slot, PAGE, "103").selectbox if str(one.key).startswith("rota_month_"))
    assert box.value == month


def test_a_unit_that_has_ended_since_is_still_called_by_its_name(screen: Opens, slot: Path) -> None:
    put(
        slot,
        "units",
        row("units", unit="section-1", label="第一課", kind="unit", implementing=1, position=1, valid_to="2014-07-20"),
    )
    told = words(screen(slot, PAGE, "103-07"))
    assert "第一課" in told
    assert "section-1" not in told


def test_a_contribution_is_opened_moved_on_and_says_who_moved_it(screen: Opens, slot: Path) -> None:
    app = screen(slot, PAGE, "103")
    app.selectbox(key="rota_slot").select("a").run()
    starting(app.text_input, "rota_on_").input("103/07/04")
    press(app, "改為「已供稿」")
    assert [e.value for e in app.exception] == []
    (found,) = current(slot, "contributions")
    assert (found["state"], found["submitted_on"]) == ("submitted", "2014-07-04")
    assert app.query_params["slot"] in ("a", ["a"])
    (moves,) = [table for table in tables(app) if table and "由誰" in table[0]]
    assert [(move["由誰"], move["變更"]) for move in moves] == [
        ("測試員", "登錄為已排定"),
        ("本機", "已排定 → 已供稿"),
    ]


def test_going_back_asks_for_a_reason(screen: Opens, slot: Path) -> None:
    app = screen(slot, PAGE, "103")
    app.selectbox(key="rota_slot").select("a").run()
    press(app, "改為「已供稿」")
    starting(app.get("button_group"), "rota_do_a_submitted").set_value("退回").run()
    press(app, "退回「已排定」")
    assert said(app.error) == ["退回前一步須寫明原因，請補上。"]
    assert current(slot, "contributions")[0]["state"] == "submitted"


def test_a_form_that_shows_older_words_does_not_put_them_back(screen: Opens, slot: Path) -> None:
    app = screen(slot, PAGE, "103")
    app.selectbox(key="rota_slot").select("a").run()
    starting(app.get("button_group"), "rota_do_a_planned").set_value("主題與角色").run()
    put(
        slot,
        "contributions",
        row("contributions", contribution_id="a", due_on="2014-07-05", unit="section-1", title="新題", state="planned"),
    )
    starting(app.text_input, "rota_as_").input("小編")
    press(app, "存入")
    assert [e.value for e in app.exception] == []
    (found,) = current(slot, "contributions")
    assert (found["title"], found["role"]) == ("新題", None)
    assert starting(app.text_input, "rota_title_").value == "新題"
    warned = "這篇供稿在您開啟後已由別人更動；下面是現在的內容，請看過再填一次。"
    assert warned in said(app.info)
    starting(app.text_input, "rota_as_").input("小編")
    press(app, "存入")
    (found,) = current(slot, "contributions")
    assert (found["title"], found["role"]) == ("新題", "小編")
    assert warned not in said(app.info)


def test_a_month_is_planned_in_one_batch_from_what_is_proposed(screen: Opens, store: Path) -> None:
    app = screen(store, PAGE)
    (chosen,) = (box for box in app.selectbox if str(box.key).startswith("rota_plan_month_"))
    month = str(chosen.value)
    (button,) = (b for b in app.button if "的輪值" in b.label)
    button.click().run()
    assert [e.value for e in app.exception] == []
    found = current(store, "contributions")
    assert len(found) in (4, 5)
    assert {line["due_on"][:7] for line in found} == {month}
    assert {date.fromisoformat(line["due_on"]).weekday() for line in found} == {1}
    assert {line["state"] for line in found} == {"planned"}
    assert not any("的輪值" in b.label for b in app.button), "a second click would put a second slot on each day"
    assert any("那幾天不再列出" in text for text in said(app.info))
    assert "已排的日子與輪到其他單位的日子不列出" in words(app)


def in_turn(app: AppTest) -> list[str]:
    """The units that the next month's proposals begin with."""
    (chosen,) = (box for box in app.multiselect if str(box.key).startswith("rota_units_"))
    return list(chosen.value)


def slots_in_turn(*units: str) -> list[Row]:
    """A slot a week, the last of them this week."""
    days = [periods.today() - timedelta(days=7 * weeks) for weeks in reversed(range(len(units)))]
    return [
        row("contributions", contribution_id=f"{nth}", due_on=f"{day}", unit=unit, state="planned")
        for nth, (day, unit) in enumerate(zip(days, units, strict=True))
    ]


def test_a_unit_whose_turn_did_not_come_last_month_is_not_left_out_of_the_next(screen: Opens, store: Path) -> None:
    everybody = in_turn(screen(store, PAGE))
    put(store, "contributions", *slots_in_turn("section-1", "section-2", "section-3"))
    assert in_turn(screen(store, PAGE)) == everybody
    put(store, "contributions", *slots_in_turn(*(f"section-{n}" for n in (1, 2, 3, 4, 5, 6, 1, 2, 3))))
    app = screen(store, PAGE)
    assert in_turn(app) == [f"section-{n}" for n in range(1, 7)]
    assert next(box for box in app.selectbox if str(box.key).startswith("rota_line_")).value == "section-4"


def test_who_plans_for_one_unit_is_proposed_its_own_turns_and_not_every_day(
    screen: Opens, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Door(monkeypatch, settle(store)).stands(OWN)
    put(store, "contributions", *slots_in_turn(*(f"section-{n}" for n in (1, 2, 3, 4, 5, 6, 1, 2, 3))))
    app = screen(store, PAGE)
    assert in_turn(app) == ["section-6"]
    lines = [box for box in app.selectbox if str(box.key).startswith("rota_line_")]
    assert len(lines) == 1, "of the four or five days of the month the third: 4, 5, 6"
    (day,) = (one for one in app.text_input if str(one.key).endswith("_on") and "rota_line_" in str(one.key))
    assert day.label.startswith("第 1 篇供稿日")


def test_a_meeting_and_its_decision_are_entered_and_marked_done(screen: Opens, store: Path) -> None:
    app = screen(store, PAGE, "103")
    starting(app.get("button_group"), "rota_meeting_do").set_value("新的會議").run()
    starting(app.text_input, "rota_held_0").input("103/07/25")
    press(app, "登錄會議")
    (meeting,) = [line for line in current(store, "activities") if line["kind"] == "review_meeting"]
    assert (meeting["held_on"], meeting["title"], meeting["sessions"]) == ("2014-07-25", "7 月審稿會議", 1)
    starting(app.get("button_group"), "rota_meeting_do").set_value("決議").run()
    starting(app.text_area, "rota_decide_text_").input("每篇附一張圖解")
    press(app, "登錄決議")
    starting(app.get("button_group"), "rota_meeting_do").set_value("決議完成").run()
    starting(app.text_input, "rota_finish_on_").input("103/08/01")
    press(app, "註記完成")
    (decision,) = current(store, "meeting_decisions")
    assert (decision["number"], decision["decision"], decision["done_on"]) == (1, "每篇附一張圖解", "2014-08-01")


def test_what_is_left_to_do_of_all_meetings_comes_first_what_is_due_soonest_on_top(screen: Opens, store: Path) -> None:
    for on in (date(2014, 7, 25), date(2014, 8, 29)):
        rota.hold(store, on, "", by="研考")
    first, second = sorted(
        one["activity_id"] for one in current(store, "activities") if one["kind"] == "review_meeting"
    )
    decisions = {
        (first, 1): {"decision": "附圖解", "unit": "section-6", "due_on": "2014-09-30"},
        (first, 2): {"decision": "已做", "done_on": "2014-08-01"},
        (second, 1): {"decision": "改標題", "due_on": "2014-09-15"},
        (second, 2): {"decision": "試辦直播"},
    }

    def decide(**more: str) -> None:
        keys = ({"meeting": meeting, "number": number} for meeting, number in decisions)
        given = (key | one | more for key, one in zip(keys, decisions.values(), strict=True))
        put(store, "meeting_decisions", *(row("meeting_decisions", **one) for one in given))

    decide()
    app = screen(store, PAGE, "103")
    assert "待辦決議（3）" in headings(app)
    (left,) = (table for table in tables(app) if table and "會議）" in table[0].get("決議", ""))
    assert [list(row.values()) for row in left] == [
        ["改標題（103/08/29 會議）", "未指定", "✖ 逾期未完成（期限 103/09/15）"],
        ["附圖解（103/07/25 會議）", "第六課", "✖ 逾期未完成（期限 103/09/30）"],
        ["試辦直播（103/08/29 會議）", "未指定", "◔ 辦理中"],
    ]
    decide(done_on="2014-10-01")
    assert not [line for line in headings(screen(store, PAGE, "103")) if line.startswith("待辦決議")]


def test_a_decision_of_last_year_stays_until_it_is_done(screen: Opens, store: Path) -> None:
    rota.hold(store, date(2014, 12, 26), "", by="研考")
    (meeting,) = [one["activity_id"] for one in current(store, "activities") if one["kind"] == "review_meeting"]
    rota.decide(store, meeting, "附圖解", by="研考")
    assert "待辦決議（1）" not in headings(screen(store, PAGE, "103H1"))
    app = screen(store, PAGE, "104")
    assert "待辦決議（1）" in headings(app)
    assert any(text.startswith("這個期間沒有登錄審稿會議") for text in said(app.info))
    doing = starting(app.get("button_group"), "rota_meeting_do")
    assert list(doing.options) == ["新的會議", "決議完成"]
    doing.set_value("決議完成").run()
    starting(app.text_input, "rota_finish_on_").input("104/01/05")
    press(app, "註記完成")
    assert [one["done_on"] for one in current(store, "meeting_decisions")] == ["2015-01-05"]
    assert not [line for line in headings(screen(store, PAGE, "104")) if line.startswith("待辦決議")]


def test_of_two_decisions_in_the_same_words_the_one_that_was_chosen_is_done(screen: Opens, store: Path) -> None:
    for on in (date(2014, 7, 25), date(2014, 8, 29)):
        rota.hold(store, on, "", by="研考")
    meetings = {
        one["held_on"]: one["activity_id"] for one in current(store, "activities") if one["kind"] == "review_meeting"
    }
    for meeting in meetings.values():
        rota.decide(store, meeting, "持續辦理", by="研考")
    app = screen(store, PAGE, "103")
    starting(app.get("button_group"), "rota_meeting_do").set_value("決議完成").run()
    box = starting(app.selectbox, "rota_finish_which_")
    assert box.options == ["103/08/29　1. 持續辦理", "103/07/25　1. 持續辦理"]
    box.select_index(0)
    starting(app.text_input, "rota_finish_on_").input("103/09/01")
    press(app, "註記完成")
    done = {one["meeting"]: one["done_on"] for one in current(store, "meeting_decisions")}
    assert done == {meetings["2014-08-29"]: "2014-09-01", meetings["2014-07-25"]: None}


def test_of_posts_and_contributions_that_read_the_same_the_chosen_one_counts(screen: Opens, slot: Path) -> None:
    put(slot, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    at = "2014-07-06T09:00:00+08:00"
    put(slot, "posts", *(row("posts", post_id=f"1_{n}", page_id="1", published_at=at) for n in (1, 2)))
    same = {"due_on": "2014-07-05", "unit": "section-1", "title": "標識"}
    put(slot, "contributions", *(row("contributions", contribution_id=k, state="meeting", **same) for k in "ab"))
    app = screen(slot, PAGE, "103")
    slots = app.selectbox(key="rota_slot")
    assert [text[-3:] for text in slots.options] == ["（1）", "（2）"]
    slots.select_index(0).run()
    posts = starting(app.selectbox, "rota_post_")
    assert posts.options == ["103/07/06　沒有文字（1）", "103/07/06　沒有文字（2）"]
    posts.select_index(0)
    press(app, "改為「已刊登」")
    linked = {one["contribution_id"]: one["post_id"] for one in current(slot, "contributions")}
    assert linked == {"a": "1_1", "b": None}


def test_a_decision_is_not_given_to_a_unit_that_has_ended(screen: Opens, store: Path) -> None:
    rota.hold(store, date(2014, 7, 25), "", by="研考")
    (found,) = [one for one in current(store, "units") if one["unit"] == "section-6"]
    put(
        store,
        "units",
        row("units", **{name: found[name] for name in BY_NAME["units"].names} | {"valid_to": "2014-06-30"}),
    )
    app = screen(store, PAGE, "103")
    starting(app.get("button_group"), "rota_meeting_do").set_value("決議").run()
    offered = starting(app.selectbox, "rota_decide_unit_").options
    assert "第五課" in offered
    assert "第六課" not in offered


def test_the_calendar_file_is_not_made_before_somebody_asks_for_it(
    screen: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr("sqdash.ics.calendar", lambda *given: made.append(given))
    app = screen("demo", PAGE, "104")
    assert app.get("download_button")[0].proto.label == "下載行事曆檔（可匯入手機與電腦的行事曆）"
    assert made == []
