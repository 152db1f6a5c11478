"""Alerts as Streamlit draws them: on the overview without saying anything twice, and in 設定 with rules and log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sqdash import periods
from sqdash.jobs import alerts
from sqdash.settings import GraphSettings
from tests.apps import Opens, folded, links, opening, press, said, starting, tables, words
from tests.jobs.receivers import webhook
from tests.making import current, put, row

Copy = Callable[[str], Path]


@pytest.fixture
def screen(made: Copy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    for name in ("SMTP_HOST", "SMTP_TO", "WEBHOOK_URL", "QUIET_HOURS", "GRAPH_TOKEN", "GRAPH_PAGE_ID"):
        monkeypatch.setenv(f"SQDASH_{name}", "")
    with opening(made, monkeypatch) as opens:
        yield opens


def overdue(store: Path, count: int = 1, first: int = 0) -> None:
    """So many contributions that are overdue, each with an alert, numbered from the first."""
    due = (periods.today() - timedelta(days=4)).isoformat()
    unit = current(store, "units")[0]["unit"]
    rows = (
        row("contributions", contribution_id=f"c{n}", due_on=due, unit=unit, title=f"稿 {n}", state="planned")
        for n in range(first, first + count)
    )
    put(store, "contributions", *rows)
    alerts.evaluate(store, GraphSettings())


def table(app: AppTest, *headings: str) -> list[dict[str, str]]:
    (found,) = (rows for rows in tables(app) if rows and set(headings) <= set(rows[0]))
    return found


def test_the_overview_adds_what_its_list_does_not_say(screen: Opens, store: Path) -> None:
    before = list(links(screen(store)))
    overdue(store)
    app = screen(store)
    assert [e.value for e in app.exception] == []
    assert sorted(links(app)) == sorted([*before, "⚠ 注意 供稿逾期"])
    assert "「稿 0」應於" in words(app)
    assert list(links(app)).index("⚠ 注意 供稿逾期") > next(
        n for n, text in enumerate(list(links(app))) if "每篇平均觸及未達" in text
    )


def test_many_alerts_stay_behind_one_click(screen: Opens, store: Path) -> None:
    overdue(store, 9)
    app = screen(store)
    total = int(words(app).split("需要注意（")[1].split("）")[0])
    assert folded(app) == [f"其餘 {total - 5} 項"]


@pytest.mark.parametrize("kind", ["empty", "report", "demo"])
def test_the_settings_show_rules_channels_and_an_empty_log(screen: Opens, kind: str) -> None:
    app = screen(kind, "settings")
    assert [e.value for e in app.exception] == []
    assert table(app, "規則", "門檻")[-1] == {
        "規則": "權杖到期或失效",
        "狀態": "✔ 啟用",
        "門檻": "14 天",
        "說明": "到期前幾天開始提醒",
    }
    text = words(app)
    assert "電子郵件未設定" in text
    assert "通知網址未設定" in text
    assert "20:00 至 08:00 不發送" in text
    assert "還沒有發送過摘要。" in text
    assert ("示範資料庫不發送摘要。" in text) is (kind == "demo")


def test_a_rule_is_changed_and_the_log_follows(screen: Opens, store: Path) -> None:
    alerts.evaluate(store, GraphSettings())
    app = screen(store, "settings")
    assert [line["時間"].endswith("起，未解除") for line in table(app, "提醒", "時間")] == [True, True]
    starting(app.toggle, "alert_on_missed").set_value(False)
    press(app, "儲存規則")
    assert said(app.success) == ["已儲存「指標未達」的提醒規則。"]
    assert [(r["rule"], r["enabled"]) for r in current(store, "alert_rules")] == [("missed", 0)]
    assert not any(line["時間"].endswith("未解除") for line in table(app, "提醒", "時間"))


def test_a_rule_that_another_set_meanwhile_is_not_set_back_unseen(screen: Opens, store: Path) -> None:
    app = screen(store, "settings")
    app.selectbox(key="alert_rule").set_value("token").run()
    put(store, "alert_rules", row("alert_rules", rule="token", enabled=0, threshold=30, note="換權杖"))
    starting(app.text_input, "alert_threshold_token").set_value("7")
    app = press(app, "儲存規則")
    assert said(app.error) == ["這一列提醒規則在您開啟後已由別人更動，請重新整理後再做一次。"]
    assert [text[:13] for text in said(app.warning)] == ["這項規則剛由別人更動，下面"]
    assert starting(app.text_input, "alert_threshold_token").value == "7"  # what was typed is not lost
    assert [(r["enabled"], r["threshold"]) for r in current(store, "alert_rules")] == [(0, 30)]
    app = press(app, "改用現在的內容")
    shown = (
        starting(app.toggle, "alert_on_token"),
        *(starting(app.text_input, f"alert_{what}_token") for what in ("threshold", "note")),
    )
    assert ([widget.value for widget in shown], said(app.warning)) == ([False, "30", "換權杖"], [])
    starting(app.text_input, "alert_threshold_token").set_value("7")
    press(app, "儲存規則")
    assert [(r["enabled"], r["threshold"], r["note"]) for r in current(store, "alert_rules")] == [(0, 7, "換權杖")]


def test_a_rule_and_a_row_that_are_open_together_are_each_kept_as_they_were_opened(screen: Opens, store: Path) -> None:
    app = screen(store, "settings")
    app.selectbox(key="alert_rule").set_value("token").run()
    put(store, "alert_rules", row("alert_rules", rule="token", enabled=0, threshold=30))
    starting(app.selectbox, "correct_table").select("holidays").run()
    starting(app.selectbox, "correct_table").select("readings").run()
    assert [text[:13] for text in said(app.warning)] == ["這項規則剛由別人更動，下面"]


def test_a_threshold_that_is_no_number_is_one_sentence(screen: Opens, store: Path) -> None:
    app = screen(store, "settings")
    app.selectbox(key="alert_rule").set_value("token").run()
    starting(app.text_input, "alert_threshold_token").set_value("很久")
    press(app, "儲存規則")
    assert len(said(app.error)) == 1
    assert "門檻" in said(app.error)[0]
    assert current(store, "alert_rules") == []


def test_looking_now_says_what_moved_and_the_log_can_be_filtered(screen: Opens, store: Path) -> None:
    app = press(screen(store, "settings"), "立即檢查")
    assert said(app.success) == ["檢查完成：新增 2 則、解除 0 則。"]
    assert len(table(app, "提醒", "時間")) == 2
    app.selectbox(key="alert_log_rule").set_value("token").run()
    assert "沒有符合的提醒。" in words(app)


@pytest.mark.parametrize(("fault", "good"), [("", True), ("500", False)])
def test_a_test_message_is_told_in_one_sentence_and_shows_the_host_only(
    screen: Opens, store: Path, monkeypatch: pytest.MonkeyPatch, fault: str, good: bool
) -> None:
    with webhook(fault) as hook:
        monkeypatch.setenv("SQDASH_WEBHOOK_URL", hook.url)
        app = press(screen(store, "settings"), "試寄通知網址")
    (told,) = said(app.success if good else app.error)
    assert ("送出試寄（127.0.0.1）" if good else "回覆 HTTP 500") in told
    assert "canary" not in words(app) + str(app.session_state)
