"""貼文成效: statistics at a stated age, what would reach the target, reasons, breakdowns, the list, topics."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sqdash.jobs import entries
from sqdash.store import gate
from sqdash.tables import BY_NAME, Table
from sqdash.ui.panels import posts_growth, posts_list, posts_numbers
from tests import pulled
from tests.apps import DASHBOARD, Opens, opening, press, said, starting, tables, words
from tests.making import current, last_import, put, row

Copy = Callable[[str], Path]


@pytest.fixture
def screen(made: Copy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    with opening(made, monkeypatch) as opens:
        yield opens


def listed(app: AppTest) -> list[dict[Any, Any]]:
    """The rows of the list that is shown."""
    found = next(frame.value for frame in app.dataframe if "計法" in frame.value)
    return found.to_dict("records")


def shown(app: AppTest, column: str) -> list[dict[str, str]]:
    """The rows of the first table with that column as they are displayed, columns that are flush right included."""
    return next(rows for rows in tables(app) if rows and column in rows[0])


def tabs_of(app: AppTest) -> list[str]:
    """The page's tabs; those of the forms for reasons are called as the measures are."""
    return [tab.label for tab in app.tabs if not tab.label.startswith("每篇平均")]


def group(app: AppTest, key: str) -> Any:
    """The picker with that key."""
    (found,) = (one for one in app.get("button_group") if one.key == key)
    return found


def test_a_topic_is_not_cut_off_where_the_newest_posts_have_none(screen: Opens) -> None:
    app = screen("demo", "posts")
    grid = next(frame for frame in app.dataframe if "主題" in frame.value)
    assert json.loads(grid.proto.columns)["主題"]["width"] >= 100  # six characters of 14 pixels, and the blank about


def test_posts_that_count_in_nothing_are_told_before_that_there_are_none(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    put(store, "pages", row("pages", page_id="9", kind="unassigned", label="小安心"))
    put(store, "posts", row("posts", post_id="9_1", page_id="9", published_at="2014-08-05T09:00:00+08:00"))
    told = words(screen(store, "posts"))
    assert told.index("另有 1 篇貼文屬於未歸類的專頁") < told.index("還沒有逐篇貼文的數據")
    assert "到設定標明專頁的種類" in told


def test_of_two_units_of_one_name_the_posts_of_the_chosen_one_are_listed(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    named = {"label": "第一課", "kind": "unit", "implementing": 1, "position": 1}
    put(store, "units", row("units", unit="section-1b", valid_from="2014-08-01", **named))
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    for number, unit in enumerate(("section-1", "section-1b")):
        post = {"page_id": "1", "published_at": f"2014-0{number + 8}-05T09:00:00+08:00", "unit": unit}
        put(store, "posts", row("posts", post_id=f"1_{number}", message=f"{unit} 的貼文", **post))
    box = screen(store, "posts", "103").multiselect(key="units")
    assert sorted(box.options) == ["第一課（1）（1）", "第一課（1）（2）"]
    app = box.select(box.options[0]).run()
    (first,) = [one["內容"] for one in listed(app)]
    app = app.multiselect(key="units").set_value([]).run()
    app = app.multiselect(key="units").select(box.options[1]).run()
    (second,) = [one["內容"] for one in listed(app)]
    assert {first, second} == {"section-1 的貼文", "section-1b 的貼文"}


def choose(app: AppTest, key: str, value: object) -> AppTest:
    group(app, key).set_value(value).run()
    assert [e.value for e in app.exception] == []
    return app


# --- statistics


def test_statistics_say_of_which_age_they_are_and_how_many_posts_have_it(screen: Opens) -> None:
    app = screen("demo", "posts")
    newest = shown(app, "中位數")
    assert [row["指標"] for row in newest] == ["按讚（人）", "觸及（人）"]
    assert newest[0]["有數據的篇數"] == "267／共 267"
    assert newest[1]["有數據的篇數"] == "261／共 267"
    assert newest[0]["平均"] == "84.9"
    assert newest[0]["各月平均"] == "約 70–110"
    assert newest[1]["各月平均"] == "約 800–1,000"
    assert "以每篇最近一次的數據計算" in words(app)
    aged = shown(choose(app, "basis", 28), "中位數")
    has, whole = (int(part) for part in aged[0]["有數據的篇數"].split("／共 "))
    assert 0 < has < whole  # the newest posts are not 28 days old
    assert "各月平均" not in aged[0]
    assert "以每篇發布滿 28 天（前後 3 天內）的數據計算" in words(app)


def test_a_single_month_has_no_range_of_months(screen: Opens) -> None:
    app = screen("demo", "posts", "104-12")
    assert [row["各月平均"] for row in shown(app, "中位數")] == ["—", "—"]
    assert "只有 104/12 有數據，平均 105.8 人" in words(screen("demo", "posts", "2015-12-01..2016-01-31"))


@pytest.mark.parametrize(
    ("store", "period", "tabs"),
    [
        ("demo", "104", ["各月走勢", "分布", "哪些做得好", "貼文清單"]),
        ("demo", "104-12", ["分布", "哪些做得好", "貼文清單"]),  # of one month the card has said the mean
        ("report", "103", []),
    ],
)
def test_a_tab_is_there_where_there_is_something_in_it(screen: Opens, store: str, period: str, tabs: list[str]) -> None:
    assert tabs_of(screen(store, "posts", period)) == tabs


def test_posts_without_any_figure_are_listed_and_said_to_be_all_there_is(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    put(store, "posts", row("posts", post_id="1_1", page_id="1", published_at="2014-08-05T09:00:00+08:00"))
    app = screen(store, "posts", "103")
    assert tabs_of(app) == ["貼文清單"]
    assert len(listed(app)) == 1
    assert any("還沒有逐篇貼文的數據" in text for text in said(app.info))


def test_a_long_name_in_the_numbers_behind_a_chart_is_broken(screen: Opens, copy: Copy) -> None:
    store, topic = copy("report"), "很長的主題" * 8
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    for number in range(1, 8):
        post = {"post_id": f"1_{number}", "page_id": "1", "published_at": f"2014-08-0{number}T09:00:00+08:00"}
        put(store, "posts", row("posts", **post, topic=topic))
        seen = {"post_id": f"1_{number}", "observed_at": "2014-08-20T09:00:00+08:00", "likes": number}
        put(store, "snapshots", row("snapshots", **seen))
    app = screen(store, "posts", "103")
    group(app, "by").set_value("topic").run()
    (kinds,) = re.findall(rf'<td class="([^"]*)">{topic}</td>', "".join(str(node.value) for node in app.get("html")))
    assert "sq-whole" not in kinds


# --- what would reach the target, and why it was missed


def test_a_missed_target_says_what_goes_with_the_differences_and_what_would_reach_it(screen: Opens) -> None:
    told = words(screen("demo", "posts"))
    assert "目標超過 100，每篇還差" in told
    assert "各篇的差異與「類型」最有關" in told
    assert "若各篇都像類型中最好的「影片」" in told
    assert "假設各類維持現在的平均" in told


def across(app: AppTest) -> list[list[str]]:
    """The first lines of the cards in each row of cards that stand two side by side."""
    (found,) = (node.value for node in app.main.get("html") if "怎樣能達標" in node.value)
    return [re.findall(r'"sq-box"[^>]*>(?:<[^>]+>)*([^<]+)', row) for row in found.split("sq-halves")[1:]]


def test_where_both_measures_are_short_what_would_help_stands_under_each_card(screen: Opens) -> None:
    names = ("每篇平均按讚", "每篇平均觸及")
    assert across(screen("demo", "posts")) == [
        [first for name in names for first in (name, f"{name}怎樣能達標", "原因")]
    ]


def test_where_one_is_short_what_would_help_and_why_stand_side_by_side_across_the_page(screen: Opens) -> None:
    app = screen("demo", "posts", "2015-10-16..2015-11-15")
    assert across(app) == [["每篇平均按讚", "每篇平均觸及"], ["每篇平均觸及怎樣能達標", "原因"]]


def test_without_posts_nothing_is_worked_out(screen: Opens) -> None:
    assert "怎樣能達標" not in words(screen("report", "posts"))


def test_a_next_step_is_asked_for_written_and_shown_with_who_and_when(copy: Copy, screen: Opens) -> None:
    store = copy("report")
    app = screen(store, "posts")
    assert "填寫原因與下一步" in [e.label for e in app.expander]
    assert "還沒有人訂下一步" in words(app)
    form = "why_form_likes_per_post"
    starting(app.text_area, form).input("每月辦一次有獎徵答")
    starting(app.selectbox, form).select("section-6")
    next(b for b in app.button if b.label == "存入").click().run()
    assert any("已存入每篇平均按讚的下一步" in text for text in said(app.success))
    assert "每月辦一次有獎徵答" in words(app)
    assert "第六課，本機" in words(app)
    (row,) = (r for r in current(store, "explanations") if r["kind"] == "next_step")
    assert (row["indicator"], row["period_from"], row["period_to"], row["ordinal"], row["unit"]) == (
        "likes_per_post",
        "2014-01-01",
        "2014-12-31",
        1,
        "section-6",
    )
    assert last_import(store, "kind", "note") == ("entry", "103 年的下一步")


def test_an_empty_reason_is_refused_in_a_sentence_and_changes_nothing(copy: Copy, screen: Opens) -> None:
    store = copy("report")
    app = screen(store, "posts")
    before = store.read_bytes()
    next(b for b in app.button if b.label == "存入").click().run()
    (error,) = said(app.error)
    assert "內容" in error
    assert error.endswith("。")
    assert store.read_bytes() == before


def test_what_another_person_writes_at_the_same_moment_is_not_replaced(
    copy: Copy, screen: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, enter = copy("report"), entries.enter

    def after_another(store: Path, table: Table, texts: dict[str, str], **how: Any) -> int:
        enter(store, table, texts | {"text": "別人的下一步"}, reason="填寫", by="別人")
        return enter(store, table, texts, **how)

    app = screen(store, "posts")
    starting(app.text_area, "why_form_likes_per_post").input("我的下一步")
    monkeypatch.setattr(entries, "enter", after_another)
    next(b for b in app.button if b.label == "存入").click().run()
    (error,) = said(app.error)
    assert "已由別人更動，請重新整理後再做一次" in error
    assert [r["text"] for r in current(store, "explanations") if r["kind"] == "next_step"] == ["別人的下一步"]


def test_what_was_written_for_the_year_is_not_shown_as_that_of_a_half_year(screen: Opens) -> None:
    app = screen("report", "posts", "103H1")
    assert "分局缺少美編人才。" not in words(app)


def test_an_address_with_what_is_looked_for_opens_the_list(made: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQDASH_DB", str(made("demo")))
    app = AppTest.from_file(str(DASHBOARD), default_timeout=60)
    app.query_params["q"] = "安全"
    app.run().switch_page("pages/posts.py").run()
    assert [tab.label for tab in app.tabs if tab.children] == ["貼文清單"]
    (box,) = (one for one in app.text_input if one.key == "q")
    assert box.value == "安全"


# --- breakdowns


@pytest.mark.parametrize(("by", "finding"), [("topic", "各主題之中以"), ("unit", "各供稿單位之中以"), ("hour", "以週")])
def test_one_dimension_at_a_time_is_compared(screen: Opens, by: str, finding: str) -> None:
    app = choose(screen("demo", "posts"), "by", by)
    assert finding in words(app)
    assert app.get("plotly_chart")[-1].key == f"chart_by_{by}_likes_per_post"
    assert "，以發布 28 天的數據" in words(choose(app, "basis", 28))


# --- the list


def test_the_list_has_fifty_posts_and_says_how_many_there_are(screen: Opens) -> None:
    app = screen("demo", "posts")
    rows = listed(app)
    assert len(rows) == 50
    assert "符合 267 篇，每頁 50 篇" in words(app)


def test_the_list_is_sorted_both_ways(screen: Opens) -> None:
    app = screen("demo", "posts")
    app.selectbox(key="order").select("likes").run()
    likes = [row["按讚"] for row in listed(app)]
    assert likes == sorted(likes, reverse=True)
    fewest = [row["按讚"] for row in listed(choose(app, "direction", "小到大"))]
    assert fewest == sorted(fewest)
    assert fewest[0] < likes[-1]


def test_the_list_is_searched_whatever_the_width_and_filtered(screen: Opens) -> None:
    app = screen("demo", "posts")
    app.text_input(key="q").input("＜Ｂ＞小提醒").run()
    assert listed(app)
    assert all("<b>小提醒" in str(row["內容"]) for row in listed(app))
    app.text_input(key="q").input("沒有這種貼文").run()
    assert any("沒有符合的貼文" in text for text in said(app.info))
    app.text_input(key="q").input("").run()
    app.multiselect(key="types").select("影片").run()
    app.selectbox(key="judged").select("likes_met").run()
    rows = listed(app)
    assert {row["類型"] for row in rows} == {"影片"}
    assert {row["按讚對照目標"] for row in rows} == {"✔ 達標"}


def test_only_what_a_target_holds_for_is_offered_to_filter_by(copy: Copy, screen: Opens) -> None:
    store = copy("demo")
    kept = [one for one in current(store, "targets") if one["indicator"] != "reach_per_post"]
    for one in (one for one in current(store, "targets") if one not in kept):
        key = [one[column.name] for column in BY_NAME["targets"].columns if column.key]
        entries.strike(store, BY_NAME["targets"], key, reason="不設目標", by="測試員")
    assert screen(store, "posts").selectbox(key="judged").options == ["不限", "按讚達標", "按讚未達"]


def test_a_chosen_post_opens_with_its_text_figures_and_growth(screen: Opens) -> None:
    app = screen("demo", "posts")
    starting(app.multiselect, "posts_picked").select(20).run()
    assert [e.value for e in app.exception] == []
    assert "發布的貼文" in words(app)
    assert [chart.key for chart in app.get("plotly_chart")][-1] == "chart_growth_likes"
    facts = next({row["項目"]: row["內容"] for row in rows} for rows in tables(app) if "項目" in rows[0])
    assert facts["計法"] == "觸及"
    assert facts["互動率"].endswith("%")
    assert facts["來源"].startswith("示範資料：貼文數據")
    observed = next(rows for rows in tables(app) if "觀測" in rows[0])
    assert len(observed) == 3
    assert list(observed[0]) == ["觀測", "按讚", "心情", "留言", "分享", "觸及", "來源"]


@pytest.mark.parametrize(
    ("compared", "said"),
    [
        ((True, True), "類型、主題都看不出與差異有關，沒有可以據以調配的分類。"),
        (
            (True, False),
            "類型看不出與差異有關，沒有可以據以調配的分類；主題還不能比較（未註明，或各類篇數太少）。",
        ),
    ],
)
def test_of_what_could_not_be_compared_nothing_is_claimed(compared: tuple[bool, bool], said: str) -> None:
    assert posts_numbers.unrelated(dict(zip(("類型", "主題"), compared, strict=True))) == said


def test_what_no_post_has_is_no_chart_of_one_bar_and_says_how_it_is_given(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    for number in range(1, 7):
        post = {"post_id": f"1_{number}", "page_id": "1", "published_at": f"2014-08-0{number}T09:00:00+08:00"}
        put(store, "posts", row("posts", **post))
        seen = {"post_id": f"1_{number}", "observed_at": "2014-08-20T09:00:00+08:00", "likes": number}
        put(store, "snapshots", row("snapshots", **seen))
    app = screen(store, "posts", "103")
    for dimension, said_ in (("topic", "都還沒有註明主題。在「貼文清單」"), ("unit", "都還沒有註明供稿單位。可上傳")):
        group(app, "by").set_value(dimension).run()
        assert said_ in words(app)
        assert not any(str(chart.key).startswith("chart_by_") for chart in app.get("plotly_chart"))


def test_of_posts_without_figures_at_an_age_it_is_not_said_that_they_have_no_topic(screen: Opens, copy: Copy) -> None:
    store = copy("report")
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    for number in range(1, 7):
        post = {"page_id": "1", "published_at": f"2014-08-0{number}T09:00:00+08:00", "type": "相片", "topic": "檢驗"}
        put(store, "posts", row("posts", post_id=f"1_{number}", **post))
        seen = {"post_id": f"1_{number}", "observed_at": "2014-08-20T09:00:00+08:00", "likes": number}
        put(store, "snapshots", row("snapshots", **seen))
    app = screen(store, "posts", "103")
    group(app, "basis").set_value(28).run()
    for dimension in ("type", "topic"):
        group(app, "by").set_value(dimension).run()
        assert "都還沒有註明" not in words(app)
        assert "都不到 5 篇，還不能比較。" in words(app)


def test_a_post_that_facebook_no_longer_has_says_so_in_place_of_a_link(screen: Opens, pulled_store: Copy) -> None:
    def opened(text: str) -> AppTest:
        app = screen(pulled_store(""), "posts", "115")
        app.text_input(key="q").set_value(text).run()
        starting(app.multiselect, "posts_picked").select(0).run()
        assert [e.value for e in app.exception] == []
        return app

    (warning,) = said(opened(pulled.HOSTILE).warning)
    assert re.fullmatch(r"Facebook 上已不存在這篇貼文（11\d/\d\d/\d\d 發現），已有的數據保留，不再更新。", warning)
    there = opened("")
    assert said(there.warning) == []
    assert len(there.get("link_button")) == 1


def test_viewers_of_a_post_are_people_and_have_the_line_of_the_target_that_holds_for_them(
    screen: Opens, copy: Copy
) -> None:
    store = copy("report")
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    put(store, "posts", row("posts", post_id="1_1", page_id="1", published_at="2026-07-01T09:00:00+08:00"))
    figures = {"post_id": "1_1", "observed_at": "2026-07-05T09:00:00+08:00", "reach": 400, "viewers": 900}
    put(store, "snapshots", row("snapshots", **figures))

    def grown(measure: str) -> tuple[str, str]:
        app = screen(store, "posts", "115")
        starting(app.multiselect, "posts_picked").select(0).run()
        group(app, "grow_1_1").set_value(measure).run()
        assert [e.value for e in app.exception] == []
        chart = next(c for c in app.get("plotly_chart") if c.key == f"chart_growth_{measure}")
        return words(app), str(json.loads(chart.proto.spec))

    assert "發布 4 天時瀏覽者 900 人" in grown("viewers")[0]
    goal = {"indicator": "reach_per_post", "kind": "target", "definition": 2, "valid_from": "2026-01-01"}
    put(store, "targets", row("targets", **goal, comparator=">", value=1_000))
    assert "目標 1,000" in grown("viewers")[1]
    assert "目標" not in grown("reach")[1]


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([(7.1, 80)], "發布 7 天時按讚 80 人"),
        ([(0.9, 60), (30.0, 80)], "發布 30 天時按讚 80 人，其中 75% 在前 1 天得到"),
        ([(2.2, 299), (30.0, 300)], "發布 30 天時按讚 300 人，其中超過 99% 在前 2 天得到"),
        ([(2.2, 84), (30.0, 80)], "發布 30 天時按讚 80 人，比前 2 天的 84 人少"),
    ],
)
def test_what_a_post_got_early_is_never_more_than_all_that_it_has(points: list[tuple[float, int]], said: str) -> None:
    assert posts_growth.grown(points, "按讚", "人") == said


def test_an_address_that_leads_elsewhere_is_no_link(copy: Copy, screen: Opens) -> None:
    store = copy("demo")
    kept = listed(screen("demo", "posts"))
    assert all(str(row["連結"]).startswith("https://www.facebook.com/") for row in kept)
    with gate.write(store, by="測試員", reason="改") as change:
        change.note()
        change.connection.execute("UPDATE posts SET permalink = 'javascript:alert(1)'")
    app = screen(store, "posts")
    assert {row["連結"] for row in listed(app)} == {None}
    starting(app.multiselect, "posts_picked").select(0).run()
    assert [e.value for e in app.exception] == []
    assert not app.get("link_button")
    assert "不是 Facebook 網址，不能點開：javascript:alert(1)" in words(app)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"reactions": 9, "comments": 1, "shares": 0}, "觸及"),
        ({"likes": 9, "comments": 1, "shares": 0}, "觸及"),
        ({"likes": 9}, "觸及（未含留言、分享）"),
        ({"comments": 1, "shares": 0}, "觸及（未含心情或按讚）"),
        ({}, None),
    ],
)
def test_a_rate_names_its_denominator_and_what_it_lacks(figures: dict[str, int], said: str | None) -> None:
    row = dict.fromkeys(("likes", "reactions", "comments", "shares")) | figures
    rate = {"engagement": 0.1, "engagement_over": "reach"} if figures else {"engagement": None, "engagement_over": None}
    assert posts_list.rate_of(row | rate) == said


def test_posts_that_a_stated_figure_was_not_worked_out_from_are_not_said_as_its_basis(
    copy: Copy, screen: Opens
) -> None:
    store = copy("report")
    put(store, "pages", row("pages", page_id="88", kind="own", label="本分局"))
    for n, likes in enumerate((40, 50), 1):
        put(store, "posts", row("posts", post_id=f"88_{n}", page_id="88", published_at=f"2014-07-0{n}T09:00:00+08:00"))
        put(
            store,
            "snapshots",
            row("snapshots", post_id=f"88_{n}", observed_at="2014-08-01T09:00:00+08:00", likes=likes),
        )
    for page in ("overview", "posts"):
        assert "計畫後 60–70；已登錄 2 篇的全期平均 45（陳報值另計）" in words(screen(store, page))


# --- topics


def test_chosen_posts_are_given_a_topic_at_once(copy: Copy, screen: Opens) -> None:
    store = copy("demo")
    app = screen(store, "posts")
    starting(app.multiselect, "posts_picked").select(0).select(1).run()
    starting(app.selectbox, "topic_").select("商品安全")
    press(app, "標註主題")
    assert any("已標註 2 篇貼文的主題" in text for text in said(app.success))
    assert last_import(store, "file_name", "changed") == ("人工標註：貼文主題", 2)


def test_posts_that_move_up_in_the_list_are_not_chosen_in_place_of_others(copy: Copy, screen: Opens) -> None:
    app = screen(copy("demo"), "posts")
    starting(app.multiselect, "topics").select(None).run()
    first = starting(app.multiselect, "posts_picked")
    left = first.options[1]
    first.select(0).run()
    starting(app.selectbox, "topic_").select("商品安全")
    press(app, "標註主題")
    picked = starting(app.multiselect, "posts_picked")
    assert picked.options[0] == left
    assert picked.value == []


def test_no_topic_chosen_is_asked_for_and_takes_none_away(copy: Copy, screen: Opens) -> None:
    store = copy("demo")
    app = screen(store, "posts")
    starting(app.multiselect, "posts_picked").select(0).run()
    before = store.read_bytes()
    press(app, "標註主題")
    assert said(app.error) == ["還沒有選主題，請選一個或輸入新主題再按標註。"]
    assert store.read_bytes() == before


def test_rules_propose_with_their_phrase_and_only_what_is_taken_is_assigned(copy: Copy, screen: Opens) -> None:
    store = copy("demo")
    app = screen(store, "posts")
    bare = [post for post in current(store, "posts") if post["topic"] is None]
    proposed = next(frame.value for frame in app.dataframe if "依據詞句" in frame.value)
    assert 0 < len(proposed) <= len(bare)
    assert all(row["依據詞句"] in row["內容"] for row in proposed.to_dict("records"))
    taken = int(proposed["採用"].sum())
    press(app, "採用勾選的建議")
    assert any(f"已標註 {taken} 篇貼文的主題" in text for text in said(app.success))
    assert len([post for post in current(store, "posts") if post["topic"] is None]) == len(bare) - taken


def test_a_rule_of_a_topic_that_no_post_can_be_given_proposes_nothing_and_is_named(copy: Copy, screen: Opens) -> None:
    store = copy("demo")
    phrase = current(store, "topic_rules")[0]["phrase"]
    put(store, "topic_rules", row("topic_rules", topic="長" * 41, phrase=phrase))
    app = screen(store, "posts")
    proposed = next(frame.value for frame in app.dataframe if "依據詞句" in frame.value)
    assert not [topic for topic in (*proposed["建議主題"], *proposed["也符合"]) if "長長" in topic]
    told = f"有規則不能建議主題：主題「{'長' * 20}…」超過 40 個字，請縮短。"
    assert told in said(app.warning)


def test_a_rule_is_added_and_taken_out_of_force(copy: Copy, screen: Opens) -> None:
    store = copy("demo")
    app = screen(store, "posts")
    starting((t for t in app.text_input if t.label == "主題"), "rule_").input("度量衡")
    starting((t for t in app.text_input if t.label == "貼文裡的詞句"), "rule_").input("磅秤")
    press(app, "加規則")
    assert any("已加規則：含「磅秤」建議「度量衡」" in text for text in said(app.success))
    rules = [(r["topic"], r["phrase"]) for r in current(store, "topic_rules")]
    assert ("度量衡", "磅秤") in rules
    starting(app.selectbox, "rule_out_").select(rules.index(("度量衡", "磅秤"))).run()
    press(app, "停用")
    assert ("度量衡", "磅秤") not in [(r["topic"], r["phrase"]) for r in current(store, "topic_rules")]


def test_an_empty_store_is_kind(screen: Opens) -> None:
    app = screen("empty", "posts")
    assert [e.value for e in app.exception] == []
    assert any("還沒有逐篇貼文的數據" in text for text in said(app.info))
    assert len(app.get("plotly_chart")) == len(app.dataframe) == 0


def test_another_page_asks_for_the_reasons_of_what_is_missed_on_it(screen: Opens) -> None:
    app = screen("demo", "service")
    (asked,) = (fold for fold in app.expander if fold.label == "填寫原因與下一步")
    assert [tab.label for tab in asked.tabs] == ["無線網路連線測試", "未更新網頁提報"]


def test_what_was_written_on_another_page_is_said_there(screen: Opens, copy: Copy) -> None:
    app = screen(copy("demo"), "service")
    starting(app.text_area, "why_form_wifi").input("線路更換")
    next(b for b in app.button if b.label == "存入").click().run()
    assert any("已存入無線網路連線測試的原因" in text for text in said(app.success))


def test_a_page_with_nothing_missed_asks_for_no_reason(screen: Opens) -> None:
    assert [box.label for box in screen("demo", "activities").expander if box.label == "填寫原因與下一步"] == []


@pytest.mark.parametrize(("measure", "marked"), [("viewers", False), ("reach", True)])
def test_a_line_that_is_of_one_measure_throughout_has_no_mark_as_if_it_changed(
    screen: Opens, store: Path, measure: str, marked: bool
) -> None:
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    for month in (2, 8):
        day = f"2026-0{month}-05T09:00:00+08:00"
        put(store, "posts", row("posts", post_id=f"1_{month}", page_id="1", published_at=day))
        seen = {"post_id": f"1_{month}", "observed_at": "2026-09-05T09:00:00+08:00", measure: month * 100}
        put(store, "snapshots", row("snapshots", **seen))
    app = screen(store, "posts", "115")
    (chart,) = (one for one in app.get("plotly_chart") if one.key == "chart_months_reach_per_post")
    assert ("此後以瀏覽者計" in str(json.loads(chart.proto.spec))) == marked
    assert ("各月平均在 200–800 人之間（以瀏覽者計）" in words(app)) == (not marked)


def test_figures_of_viewers_are_never_shown_as_reach(screen: Opens, store: Path) -> None:
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    put(store, "posts", row("posts", post_id="1_8", page_id="1", published_at="2026-08-05T09:00:00+08:00"))
    put(store, "snapshots", row("snapshots", post_id="1_8", observed_at="2026-09-05T09:00:00+08:00", viewers=300))
    app = screen(store, "posts", "115")
    assert [line["指標"] for line in shown(app, "中位數")] == ["觸及（人，以瀏覽者計）"]
    assert "1 篇的中位數是 300 人（以瀏覽者計）" in words(app)


def test_a_target_that_is_not_confirmed_for_what_is_measured_is_a_matter_and_no_target_reached(
    screen: Opens, store: Path
) -> None:
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    put(store, "posts", row("posts", post_id="1_8", page_id="1", published_at="2026-08-05T09:00:00+08:00"))
    put(store, "snapshots", row("snapshots", post_id="1_8", observed_at="2026-09-05T09:00:00+08:00", viewers=3_000))
    goal = {"kind": "target", "valid_from": "2026-01-01", "comparator": ">", "value": 1_000}
    put(store, "targets", row("targets", indicator="reach_per_post", definition=1, **goal))
    app = screen(store, "overview", "115")
    assert "每篇平均觸及：目標尚未確認適用於瀏覽者" in words(app)
    assert "都達標" not in words(app)
    why = "指標的定義已改變，原目標尚未確認適用於新定義"
    assert (f"未設目標（{why}）" in words(app), words(app).count(why)) == (True, 1)
    put(store, "targets", row("targets", indicator="reach_per_post", definition=2, **goal))
    app = screen(store, "overview", "115")
    assert "尚未確認" not in words(app)
    asked = screen(store, "settings")
    assert "每篇平均觸及（以瀏覽者計）" in [line["指標"] for line in shown(asked, "出處與備註")]
