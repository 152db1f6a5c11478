"""資料來源 as Streamlit runs it: over stores without a page, with one that was pulled, and with one in trouble."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape
from streamlit.testing.v1 import AppTest

from sqdash.indicators import BY_KEY
from sqdash.jobs import leader, pull_now, tokens
from sqdash.secret import Secret
from sqdash.settings import GraphSettings
from sqdash.store import gate, pulls
from sqdash.store.pulls import MetricState
from tests import pulled
from tests.apps import Opens, opening, press, said, tables, titles, unmarked, words
from tests.fake_graph import PAGE_ID, FakeGraph, World
from tests.making import current, put, row

Stores = Callable[[str], Path]
CANARY = "EAAcanary0123456789+/="
NOBODY = GraphSettings("http://127.0.0.1:9", page_id=PAGE_ID, token_text=Secret(CANARY))
"""A page is set up, and nobody answers."""


@pytest.fixture
def screen(made: Stores, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    """Opens 資料來源 over a store (a kind, or a path); ``graph`` is what the environment has set up."""
    with opening(made, monkeypatch) as opens:

        def opened(store: str | Path, graph: GraphSettings | None = None, page: str = "sources") -> AppTest:
            pulled.connect(monkeypatch, graph)
            return opens(store, page)

        yield opened


def assert_whole(app: AppTest) -> None:
    assert [e.value for e in app.exception] == []
    assert "未預期的問題" not in words(app)


def table(app: AppTest, *headings: str) -> list[dict[str, str]]:
    """The table with these headings among its own, as a reader sees it."""
    (found,) = (rows for rows in tables(app) if rows and set(headings) <= set(rows[0]))
    return found


def buttons(app: AppTest) -> dict[str, bool]:
    """Label → whether it can be pressed."""
    return {unmarked(b.label): not b.disabled for b in app.button}


# --- what could be lost


@pytest.mark.parametrize("kind", ["empty", "report", "demo"])
def test_the_screen_says_how_much_could_be_lost_now(screen: Opens, kind: str) -> None:
    text = {
        "empty": "還沒有備份，之後沒有變更，現在不會遺失任何資料。",
        "report": "還沒有備份；資料庫如果現在損毀，最多會遺失",
        "demo": "示範資料可以重新產生，不必備份。",
    }
    assert text[kind] in words(screen(kind))


# --- nothing set up


@pytest.mark.parametrize("kind", ["empty", "report"])
def test_without_a_page_the_screen_says_what_to_do_in_three_steps(screen: Opens, kind: str) -> None:
    app = screen(kind)
    assert_whole(app)
    text = words(app)
    assert "還沒有連線粉絲專頁" in text
    assert text.count("連線粉絲專頁之後，這裡會列出") == 3
    assert "這個期間還沒有" not in text
    assert [step for step in ("1. ", "2. ", "3. ") if f"\n{step}" not in f"\n{text}"] == []
    assert "read_insights" in text
    assert buttons(app) == {"測試": True, "測試並保存": True}
    assert "立即更新" not in buttons(app)


def test_a_demonstration_is_not_connected(screen: Opens) -> None:
    app = screen("demo", NOBODY)
    assert_whole(app)
    assert "示範資料庫" in said(app.info)[0]
    assert buttons(app) == {}


# --- a page that was pulled


def test_each_source_says_how_new_it_is(screen: Opens, pulled_store: Stores) -> None:
    app = screen(pulled_store(""), NOBODY)
    assert_whole(app)
    badges = [unmarked(m.value) for m in app.main.markdown if ":green-badge" in m.value or "-badge[" in m.value]
    assert "● 今天更新" in badges
    assert "○ 尚無資料" in badges  # no file was uploaded
    assert "⚠ 剩 11 天" in badges  # of the access to data
    assert len(table(app, "數據", "狀態", "Meta 名稱", "最新日")) == 7
    assert {row["狀態"][0] for row in table(app, "數據", "狀態", "Meta 名稱", "最新日")} == {"●"}
    assert "Graph API 擷取 3（排程）" in words(app)


def test_a_page_whose_token_is_gone_is_named_and_its_figures_stay(screen: Opens, pulled_store: Stores) -> None:
    app = screen(pulled_store(""))
    assert_whole(app)
    assert said(app.info)[0].startswith("沒有專頁「示範分局」的權杖，不會自動擷取；照下面三步設定後")
    assert len(table(app, "數據", "狀態", "Meta 名稱", "最新日")) == 7


def test_a_measure_that_meta_gives_no_day_of_does_not_hide_the_newest_day_of_the_others(
    screen: Opens, pulled_store: Stores, tmp_path: Path
) -> None:
    store = Path(shutil.copy(pulled_store(""), tmp_path / "s.db"))
    newest = max(row["最新日"] for row in table(screen(store, NOBODY), "數據", "Meta 名稱", "最新日"))
    with gate.write(store, by="排程", reason="試") as change:
        said = "2026-01-01T00:00:00+00:00"
        pulls.put_states(change, PAGE_ID, [MetricState("page_video_views", "day", "video_views", "empty", said, said)])
        change.connection.execute("DELETE FROM page_days WHERE measure = 'video_views'")
    app = screen(store, NOBODY)
    assert "—" in [row["最新日"] for row in table(app, "數據", "Meta 名稱", "最新日")]
    assert f"最新 {newest}（Meta 日，美國太平洋時間）" in words(app)


def test_figures_of_posts_that_the_token_may_not_read_are_told_beside_what_is_not_served(
    screen: Opens, pulled_store: Stores
) -> None:
    lacking = "Meta 沒有提供心情（reactions）、按讚（like）：存取權杖缺少權限「pages_read_user_content」"
    app = screen(pulled_store("reactions_refused"), NOBODY)
    assert [text for text in said(app.warning) if text.startswith(lacking)] != []
    assert "like：存取權杖缺少權限" not in words(app)  # said once, for all of them
    rows = {row["Meta 名稱"]: row for row in table(app, "下次再試")}
    assert [rows["like"][name] for name in ("數據", "狀態", "下次再試")] == ["貼文按讚", "✖ 權杖沒有權限", "每次擷取"]
    assert not any("沒有提供" in text for text in said(screen(pulled_store(""), NOBODY).warning))


def test_what_is_not_served_says_since_when_and_when_it_is_tried_again(screen: Opens, pulled_store: Stores) -> None:
    rows = {row["Meta 名稱"]: row for row in table(screen(pulled_store(""), NOBODY), "下次再試")}
    assert rows[pulled.DEAD]["數據"] == "影片觀看"
    assert rows[pulled.DEAD]["狀態"] == "✖ Meta 停供"
    assert rows[pulled.DEAD]["自"][:2] == "11"
    assert rows[pulled.DEAD]["下次再試"] != "—"
    assert rows["page_impressions_unique"] == {
        "數據": "觸及人數",
        "Meta 名稱": "page_impressions_unique",
        "狀態": "✖ Meta 已對所有專頁停供",
        "自": "115/06/15",
        "下次再試": "—",
    }
    assert rows["post_impressions_unique"]["數據"] == "貼文觸及"


def test_runs_gaps_differences_and_lost_posts_are_listed(screen: Opens, pulled_store: Stores) -> None:
    app = screen(pulled_store(""), NOBODY)
    assert [row["狀態"] for row in table(app, "開始", "呼叫")] == ["✔ 完成", "✔ 完成", "✔ 完成"]
    assert [row["部分"].partition("（")[0] for row in table(app, "部分", "相同")] == [
        "專頁人數",
        "權杖狀態",
        "每日數據",
        "貼文",
        "較早貼文的數據",
    ]
    gaps = {row["數據"]: row for row in table(app, "缺漏")}
    assert gaps["粉絲人數"]["缺漏"] == "46 天"
    assert gaps["瀏覽次數"]["缺漏"] == "✓ 無"
    assert any(e.label == "粉絲人數、追蹤人數：缺漏 46 天" for e in app.expander)
    (differs,) = table(app, "採用", "另一個")
    assert (differs["數據"], differs["採用的出處"]) == ("粉絲人數", "人工登錄：專頁每日數據")
    assert differs["另一個的出處"] == "Graph API 擷取 2"
    assert "人工登錄（更正）的數字優先，其餘以較晚觀測的為準；兩者都保留。" in words(app)


def test_days_of_one_measure_by_two_clocks_have_a_line_of_gaps_each(
    screen: Opens, pulled_store: Stores, tmp_path: Path
) -> None:
    store = Path(shutil.copy(pulled_store(""), tmp_path / "s.db"))
    newest = max(one["day"] for one in current(store, "page_days") if one["measure"] == "views")
    told = {"page_id": PAGE_ID, "day": newest, "day_zone": "Asia/Taipei", "measure": "views", "value": 7}
    put(store, "page_days", row("page_days", **told))
    gaps = [line["數據"] for line in table(screen(store, NOBODY), "缺漏")]
    assert [label for label in gaps if label.startswith("瀏覽次數")] == ["瀏覽次數（臺北日）", "瀏覽次數（Meta 日）"]
    assert "互動次數" in gaps


def test_the_text_of_a_post_is_text_and_nothing_else(screen: Opens, pulled_store: Stores) -> None:
    app = screen(pulled_store(""), NOBODY)
    gone = table(app, "發現", "內容")
    assert [pulled.HOSTILE in row["內容"] for row in gone] == [True, True]
    drawn = "".join(str(node.value) for node in app.get("html"))
    assert str(escape(pulled.HOSTILE)) in drawn
    assert pulled.HOSTILE not in drawn


def test_a_dead_token_is_said_first_and_in_the_list(screen: Opens, pulled_store: Stores) -> None:
    app = screen(pulled_store("token_expired"), NOBODY)
    assert_whole(app)
    assert said(app.warning) == ["權杖已失效：存取權杖已過期，請重新取得粉絲專頁的權杖。"]
    assert table(app, "開始", "呼叫")[0]["狀態"] == "✖ 未能擷取"


def test_while_meta_limits_the_page_nobody_can_ask_for_more(screen: Opens, pulled_store: Stores) -> None:
    app = screen(pulled_store("page_limit"), NOBODY)
    assert table(app, "開始", "呼叫")[0]["狀態"] == "◔ 用量已達上限"
    assert table(app, "開始", "呼叫")[0]["下次"]
    assert buttons(app)["立即更新"] is False
    assert "Meta 的用量上限到" in words(app)


def test_a_run_whose_process_died_is_not_shown_as_going_on(screen: Opens, pulled_store: Stores, tmp_path: Path) -> None:
    store = Path(shutil.copy(pulled_store(""), tmp_path / "s.db"))
    with gate.write(store, by="排程", reason="試") as change:
        pulls.begin(change, PAGE_ID, "2099-01-01T00:00:00+00:00", "v25.0")
    app = screen(store, NOBODY)
    assert table(app, "開始", "呼叫")[0]["狀態"] == "✖ 中途中斷"
    assert buttons(app)["立即更新"] is True
    with leader.leading(store, 1800.0):
        app = app.run()
        assert table(app, "開始", "呼叫")[0]["狀態"] == "▲ 擷取中"
        assert "立即更新" not in buttons(app)
        assert "擷取中" in words(app)


def test_with_several_pages_one_is_chosen(screen: Opens, pulled_store: Stores, tmp_path: Path) -> None:
    store = Path(shutil.copy(pulled_store(""), tmp_path / "s.db"))
    tokens.keep(store, "777", CANARY)
    app = screen(store, NOBODY)
    choice = app.selectbox(key="source_page")
    assert choice.options == ["示範分局", "專頁 777"]
    choice.select("777").run()
    assert_whole(app)
    (number,) = [box for box in app.text_input if box.label == "專頁編號"]
    assert number.value == "777"  # whose token is asked for
    assert "還沒有擷取過這個專頁。" in words(app)
    assert "移除權杖" in buttons(app)


def test_of_two_pages_of_one_name_the_one_that_was_chosen_is_looked_at(
    screen: Opens, pulled_store: Stores, tmp_path: Path
) -> None:
    store = Path(shutil.copy(pulled_store(""), tmp_path / "s.db"))
    put(store, "pages", row("pages", page_id="777", kind="own", label="示範分局"))
    app = screen(store, NOBODY)
    choice = app.selectbox(key="source_page")
    assert set(choice.options[:2]) == {f"示範分局（{PAGE_ID}）", "示範分局（777）"}
    choice.select_index(choice.options.index(f"示範分局（{PAGE_ID}）")).run()
    (number,) = [box for box in app.text_input if box.label == "專頁編號"]
    assert number.value == PAGE_ID


@pytest.mark.parametrize(("kind", "pulled_now"), [("own", False), ("benchmark", True)])
def test_a_page_without_a_token_beside_one_that_has_one_is_not_said_to_be_pulled(
    screen: Opens, pulled_store: Stores, tmp_path: Path, kind: str, pulled_now: bool
) -> None:
    """The button asked for a pull of all pages, waited for this one and said that it had not begun."""
    store = Path(shutil.copy(pulled_store(""), tmp_path / "s.db"))
    put(store, "pages", row("pages", page_id="777", kind=kind, label="第二頁"))
    app = screen(store, NOBODY)
    app.selectbox(key="source_page").select("777").run()
    assert buttons(app)["立即更新"] is pulled_now
    assert ("這個專頁沒有權杖，不會擷取，請先在「專頁與權杖」設定。" in words(app)) is not pulled_now


# --- a pull now


def test_a_leader_is_asked_and_the_screen_follows(
    screen: Opens, pulled_store: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Path(shutil.copy(pulled_store(""), tmp_path / "s.db"))
    monkeypatch.setattr(pull_now, "_start", lambda *_: pytest.fail("a second process"))
    with leader.leading(store, 1800.0):
        app = press(screen(store, NOBODY), "立即更新")
        assert leader.take_wish(store)
    assert_whole(app)
    assert "已要求擷取" in words(app)


def test_a_pull_by_the_button_ends_with_a_word(
    screen: Opens, made: Stores, copy: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = copy("report")
    with FakeGraph(World(posts=20)) as server:
        app = press(screen(store, pulled.settings(server)), "立即更新")
        for _ in range(200):
            if app.success:
                break
            app.run()
    assert_whole(app)
    assert said(app.success)[0].startswith("擷取完成：新增 ")
    assert len(current(store, "posts")) == 20
    assert "● 今天更新" in " ".join(unmarked(m.value) for m in app.main.markdown)


# --- setting up


def fill(app: AppTest, page: str, token: str) -> AppTest:
    field = {t.label: t for t in app.text_input if str(t.key).startswith("page_setup")}
    field["專頁編號"].input(page)
    field["粉絲專頁權杖"].input(token)
    return app


def everything(app: AppTest) -> str:
    """All that the server sent for the page, and what it keeps of the visit, but for the field that was typed into."""
    kept = {key: app.session_state[key] for key in app.session_state if "_token" not in key}
    return f"{[str(node) for node in app.main]}{kept!r}"


def test_a_page_is_tested_and_saved_and_the_token_said_nowhere(screen: Opens, copy: Stores) -> None:
    store = copy("empty")
    with FakeGraph(World(posts=10)) as server:
        app = screen(store, GraphSettings(server.base_url))
        token = server.world.token
        app = press(fill(app, PAGE_ID, token), "測試")
        assert_whole(app)
        assert "✔ 讀取專頁：「示範分局」" in words(app)
        assert "✔ 每日數據：可以讀取" in words(app)
        assert said(app.success) == ["可以保存了，請按「測試並保存」。"]
        assert tokens.pages(store) == ()
        assert token not in words(app)
        app = press(fill(app, PAGE_ID, token), "測試並保存")
    assert_whole(app)
    assert said(app.success) == [f"已保存專頁 {PAGE_ID} 的權杖；定時擷取啟用時會自動開始，也可以按「立即更新」。"]
    assert tokens.pages(store) == (PAGE_ID,)
    assert [p["kind"] for p in current(store, "pages")] == ["own"]
    assert token not in everything(app)
    assert [t.value for t in app.text_input if t.label == "粉絲專頁權杖"] == [""]
    assert buttons(app)["立即更新"] is True
    app = press(app, "移除權杖")
    assert tokens.pages(store) == ()
    assert said(app.success) == [f"已移除專頁 {PAGE_ID} 的權杖。"]


def test_a_refused_token_is_not_saved_and_not_said(screen: Opens, copy: Stores) -> None:
    store = copy("empty")
    with FakeGraph(World(posts=10)) as server:
        app = press(fill(screen(store, GraphSettings(server.base_url)), PAGE_ID, CANARY), "測試並保存")
    assert_whole(app)
    assert "✖ 讀取專頁：" in words(app)
    assert said(app.error) == ["專頁與貼文至少要能讀取才會保存，請依上面的說明處理後再試。"]
    assert tokens.pages(store) == ()
    assert CANARY not in words(app)


def test_an_empty_field_is_asked_for(screen: Opens) -> None:
    app = press(screen("empty"), "測試")
    assert said(app.error) == ["請填入專頁編號與權杖。"]


def test_elsewhere_than_on_this_machine_no_token_is_taken(screen: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqdash.ui.panels import sources_setup

    monkeypatch.setattr(sources_setup, "_on_loopback", lambda: False)
    app = screen("empty")
    assert buttons(app) == {}
    assert any("只能在執行儀表板的那台電腦上設定" in text for text in said(app.info))


def test_a_broken_setting_is_a_sentence(screen: Opens, pulled_store: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    graph: Any = GraphSettings("http://127.0.0.1:9", page_id="my.page", token_text=Secret(CANARY))
    app = screen(pulled_store(""), graph)
    assert_whole(app)
    assert PAGE_ID not in titles(app)


# --- how new figures are, elsewhere

CHECK = BY_KEY["web_review_rounds"].label
"""An indicator whose name has the words for what is not new."""


def test_the_overview_says_how_new_its_figures_are(screen: Opens, pulled_store: Stores) -> None:
    app = screen(pulled_store(""), NOBODY, "overview")
    text = words(app)
    assert text.count("● 今天更新") == 4  # beside the title and on three cards
    app.selectbox(key="period_year").select(103).run()
    assert "更新" not in words(app).replace("更新為", "").replace(CHECK, "")


@pytest.mark.parametrize("kind", ["report", "demo", "empty"])
def test_reported_figures_and_years_gone_by_have_no_such_word(screen: Opens, kind: str) -> None:
    text = words(screen(kind, None, "overview")).replace(CHECK, "")
    assert "天更新" not in text
    assert "未更新" not in text
