"""Who may do what, declared in one table and tried: every page, every action, everybody who may stand there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from sqdash import periods
from sqdash.errors import NotAllowed
from sqdash.importers.sources import Bytes
from sqdash.jobs import accounts, alerts, backup, health, pull_now, upload
from sqdash.jobs.audit import Wanted
from sqdash.people import DESK, Action
from sqdash.settings import GraphSettings
from sqdash.tables import BY_NAME
from sqdash.ui import folds, forms, frame, identity, loads, memory, menu, refusals, who
from sqdash.ui.palette import LIGHT
from sqdash.ui.panels import (
    admin_accounts,
    admin_audit,
    admin_backups,
    admin_health,
    batches,
    plan_review,
    plan_write,
    plan_years,
    posts_topics,
    reasons,
    rota_plan,
    sources,
)
from sqdash.ui.panels import (
    alerts as alert_panel,
)
from tests import blocks
from tests.apps import DASHBOARD, TITLES, cleared, links, press, said, starting, tables, titles, unmarked, words
from tests.making import current, looking, put, row
from tests.people_store import Clock, tell_time
from tests.rights import (
    ADDRESS,
    ADMIN,
    DISABLED,
    NOBODY,
    OTHER,
    OUT,
    OWN,
    PASSWORD,
    PUBLIC,
    REVIEWER,
    VIEWER,
    Door,
    arrived,
    settle,
)

README = Path(__file__).parents[1] / "README.md"
COLUMNS = {
    NOBODY: "未登入",
    PUBLIC: "公開訪客",
    VIEWER: "檢視",
    OWN: "登錄：本單位",
    OTHER: "登錄：他單位",
    REVIEWER: "研考審核",
    ADMIN: "系統管理",
    OUT: "已登出",
    DISABLED: "已停用",
}
_VIEWERS = (PUBLIC, VIEWER, OWN, OTHER, REVIEWER, ADMIN)
_EDITORS = (OWN, OTHER, REVIEWER, ADMIN)
_BOUND = (OWN, REVIEWER, ADMIN)
_REVIEWERS = (REVIEWER, ADMIN)
PAGES: dict[str, tuple[str, ...]] = {
    "overview": _VIEWERS,
    "fans": _VIEWERS,
    "posts": _VIEWERS,
    "activities": _VIEWERS,
    "service": _VIEWERS,
    "plan": _VIEWERS,
    "upload": _EDITORS,
    "editorial": _VIEWERS,
    "sources": _EDITORS,
    "settings": _EDITORS,
    "admin": (ADMIN,),
}
"""Page → who may open it."""
ACTIONS: dict[Action, tuple[str, tuple[str, ...]]] = {
    Action.VIEW: ("檢視", _VIEWERS),
    Action.ENTER: ("登錄與上傳（有單位的資料限本單位）", _BOUND),
    Action.WRITE: ("撰寫成果、送審（限主辦單位）", _BOUND),
    Action.EXPLAIN: ("填寫原因與下一步（限主辦單位）", _BOUND),
    Action.ROTA: ("安排供稿（限本單位）", _BOUND),
    Action.TOPICS: ("設定貼文主題與規則", _EDITORS),
    Action.PULL: ("立即更新", _EDITORS),
    Action.ORIGINALS: ("下載原始檔", _EDITORS),
    Action.UNDO: ("還原批次（登錄限自己的批次）", _BOUND),
    Action.REVIEW: ("審核文字、首長註記、會議決議", _REVIEWERS),
    Action.TARGETS: ("目標、陳報值、計畫、年度鎖定", _REVIEWERS),
    Action.RULES: ("提醒規則", _REVIEWERS),
    Action.SOURCES: ("粉絲專頁、權杖、欄位對應", (ADMIN,)),
    Action.ACCOUNTS: ("管理帳號", (ADMIN,)),
    Action.AUDIT: ("查閱與下載稽核紀錄", (ADMIN,)),
    Action.BACKUPS: ("備份與還原資料庫", (ADMIN,)),
    Action.HEALTH: ("查閱系統健康狀態", (ADMIN,)),
}
"""Action → what the table calls it, and who may: to things of the unit of "登錄：本單位", of a batch of theirs."""


@pytest.fixture(autouse=True)
def unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is folded away is drawn, as if somebody had unfolded it."""
    monkeypatch.setattr(folds, "asked", lambda key, *, unfolded: True)


@pytest.fixture(scope="module")
def settled(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A store of year 103 with an account of every kind, not to be changed; the tokens of their sessions."""
    store = Path(shutil.copy(made("report"), tmp_path_factory.mktemp("rights") / "store.db"))
    return store, settle(store)


def as_the_server_does(make: Callable[..., None]) -> Callable[..., None]:
    """The pages of the folder are found through the menu alone; without a browser each run forgets it."""

    def made(self: PagesManager, *given: Any, **named: Any) -> None:
        PagesManager.uses_pages_directory = False
        make(self, *given, **named)

    return made


@pytest.fixture
def door(
    settled: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, Door]]:
    """A copy of that store which is the dashboard's, and the door before it.

    It is a minute after the accounts were made: what one brings in that very second is not counted as its own.
    """
    store, now = Path(shutil.copy(settled[0], tmp_path / "store.db")), periods.now
    monkeypatch.setattr(periods, "now", lambda: now() + timedelta(minutes=1))
    monkeypatch.setenv("SQDASH_DB", str(store))
    monkeypatch.setattr(PagesManager, "__init__", as_the_server_does(PagesManager.__init__))
    memory.forget()
    yield store, Door(monkeypatch, settled[1])
    memory.forget()


def test_the_tables_name_every_page_and_every_action() -> None:
    assert list(PAGES) == [entry.name for entry in menu.entries()]
    assert list(ACTIONS) == list(Action)


# --- pages


def opened(page: str, app: AppTest | None = None) -> AppTest:
    """The page asked for by its address, as a browser does, whether the menu has it or not."""
    app = app or AppTest.from_file(str(DASHBOARD), default_timeout=60)
    app._page_hash = calc_hash("" if page == menu.FIRST else page)
    app.run()
    assert [e.value for e in app.exception] == []
    return app


@pytest.mark.parametrize("name", COLUMNS)
def test_each_page_opens_to_those_who_may_open_it_and_its_address_tells_others_so(
    door: tuple[Path, Door], name: str
) -> None:
    door[1].stands(name)
    app = None
    for page, allowed in PAGES.items():
        app = opened(page, app)
        assert titles(app) == ([TITLES[page]] if name in _VIEWERS else []), page
        if name in _VIEWERS and name not in allowed:
            assert said(app.info) == [closed_to(name, TITLES[page])]
            assert [len(app.main.get(kind)) for kind in ("html", "tab", "button")] == [1, 0, 0]  # its title alone
            assert [m.value for m in app.main.markdown] == (["[前往登入](/login)"] if name == PUBLIC else [])


def closed_to(name: str, title: str) -> str:
    """What stands in place of a page for those who may not open it."""
    if name == PUBLIC:
        return f"「{title}」須登入才能開啟，請先登入。"
    return f"您的帳號不能開啟「{title}」，請洽系統管理者。"


def test_the_menu_follows_who_sits_there_within_one_visit(
    door: tuple[Path, Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, list[Page]]] = []
    navigation = st.navigation
    monkeypatch.setattr(st, "navigation", lambda pages, **named: given.append(pages) or navigation(pages, **named))
    app = None
    for name in (VIEWER, ADMIN, VIEWER):
        door[1].stands(name)
        app = opened("admin", app)
        shown = {head: [one.title for one in some if one.visibility == "visible"] for head, some in given[-1].items()}
        offered = menu.open_to(who.begin())
        assert shown == {head: [entry.title for entry in some] for head, some in offered.items()}
        assert {one.title for some in given[-1].values() for one in some} == set(TITLES.values())
        assert said(app.info)[:1] == ([closed_to(VIEWER, "系統管理")] if name == VIEWER else [])
        assert ("帳號" in [tab.label for tab in app.tabs]) == (name == ADMIN)


@pytest.mark.parametrize("name", _VIEWERS)
def test_the_menu_has_what_one_may_open_and_nothing_else(door: tuple[Path, Door], name: str) -> None:
    door[1].stands(name)
    offered = [entry.name for some in menu.open_to(who.begin()).values() for entry in some]
    assert offered == [page for page, allowed in PAGES.items() if name in allowed]


@pytest.mark.parametrize("name", [n for n in COLUMNS if n not in _VIEWERS])
def test_whoever_is_not_signed_in_sees_one_sentence_and_the_way_in(door: tuple[Path, Door], name: str) -> None:
    door[1].stands(name)
    app = opened("upload")
    assert said(app.error) == ["您的登入已結束，請重新整理這個網頁後再登入。"]
    assert [m.value for m in app.markdown] == ["[前往登入](/login)"]
    assert len(app.button) == len(tables(app)) == 0


# --- actions

Do = Callable[[frame.Screen, str], object]


def screen_of(store: Path) -> frame.Screen:
    state, period = loads.seen(store).state, periods.year_period(103)
    return frame.Screen(store, state, period, loads.board(store, state, period), LIGHT, "overview", DESK)


def enter(screen: frame.Screen, name: str) -> None:
    cells = {"kind": "training", "held_on": "103/06/09", "title": f"{name} 的課", "sessions": "1", "unit": "section-6"}
    forms._save(screen, BY_NAME["activities"], cells, "新增")


def write(screen: frame.Screen, name: str) -> None:
    desk = plan_write.desk_of(screen)
    key = next(key for key in desk.texts if {"section-6"} <= plan_write.units_of(desk, key) and no_personnel(desk, key))
    plan_write._save(screen, key, f"{name} 寫的。", desk.texts[key], "填寫", plan_write.units_of(desk, key))


def no_personnel(desk: plan_write.Desk, key: tuple[str, int]) -> bool:
    return "personnel" not in plan_write.units_of(desk, key)


def explain(screen: frame.Screen, name: str) -> None:
    here = [{"ordinal": 50 + list(COLUMNS).index(name), "kind": "reason"}]
    reasons._save(screen, "wifi_hotspots", here, "reason", f"{name} 的原因", "")


def rota(screen: frame.Screen, name: str) -> None:
    month = periods.month_period("2014-07")
    rota_plan._save(screen, month, [(f"103/07/{list(COLUMNS).index(name) + 1:02}", "section-6", name, "")])


def topics(screen: frame.Screen, name: str) -> None:
    with refusals.told():
        posts_topics._enter(screen, "主題", name)
        forms.done("已加規則")


def pull(screen: frame.Screen, name: str) -> None:
    source = type("Source", (), {"page": "1", "graph": GraphSettings()})()
    sources._ask(screen, source)


def original(screen: frame.Screen, name: str) -> None:
    who.later(partial(batches._given_out, screen.store, batch_of(screen)))()


def batch_of(screen: frame.Screen) -> dict[str, object]:
    """A batch that the editor of the unit has brought in."""
    return next(row for row in loads.imports(screen.store, screen.state) if row["by"].startswith("own 的人"))


def undo(screen: frame.Screen, name: str) -> None:
    row = batch_of(screen)
    batches._turn(screen, "恢復" if row["undone_revision"] else "還原", int(str(row["batch"])), "試")


def review(screen: frame.Screen, name: str) -> None:
    plan_review._keep_note(screen, "fans", f"{name} 的註記")


def target(screen: frame.Screen, name: str) -> None:
    plan_years._turn(screen, 103, "試", locked=bool(loads.locked_years(screen.store, screen.state, "targets")))


def rule(screen: frame.Screen, name: str) -> None:
    found = next(iter(alerts.in_force(screen.store).values()))
    alert_panel._save(screen, found, {"enabled": "1", "threshold": str(found.threshold or ""), "note": name}, None)


def page(screen: frame.Screen, name: str) -> None:
    cells = {"page_id": str(1000 + list(COLUMNS).index(name)), "kind": "benchmark", "label": name}
    forms._save(screen, BY_NAME["pages"], cells, "新增")


def account(screen: frame.Screen, name: str) -> None:
    admin_accounts._make(screen, f"new-{name}", f"{name} 加的人", admin_accounts.Role.VIEWER, None)


def audit_file(screen: frame.Screen, name: str) -> None:
    who.later(partial(admin_audit._file, screen.store, Wanted()))("csv")


def back_up(screen: frame.Screen, name: str) -> None:
    admin_backups._attempt(lambda: admin_backups._back_up(screen.store))


def look_through(screen: frame.Screen, name: str) -> None:
    admin_health._again(screen)


DOES: dict[Action, Do] = {
    Action.ENTER: enter,
    Action.WRITE: write,
    Action.EXPLAIN: explain,
    Action.ROTA: rota,
    Action.TOPICS: topics,
    Action.PULL: pull,
    Action.ORIGINALS: original,
    Action.UNDO: undo,
    Action.REVIEW: review,
    Action.TARGETS: target,
    Action.RULES: rule,
    Action.SOURCES: page,
    Action.ACCOUNTS: account,
    Action.AUDIT: audit_file,
    Action.BACKUPS: back_up,
    Action.HEALTH: look_through,
}


def lines(store: Path) -> list[tuple[str, str | None]]:
    """Who and from where, of every line of the audit log."""
    with looking(store) as connection:
        return connection.execute("SELECT by, address FROM audit_log ORDER BY id").fetchall()


@pytest.mark.parametrize("action", DOES)
def test_each_action_is_done_for_those_who_may_and_refused_by_the_server_to_all_others(
    door: tuple[Path, Door], action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The functions of the forms are called as by a widget that was drawn while the right was there."""
    store, at = door
    looked: list[str] = []  # what leaves no line of the log: a pull asked for, a check, a backup
    refused: list[str] = []
    monkeypatch.setattr(pull_now, "ask", lambda *_, by: looked.append(by) or pull_now.Asked("started", 0))
    made = SimpleNamespace(second=None, backup=SimpleNamespace(manifest=SimpleNamespace(revision=1)))
    monkeypatch.setattr(backup, "make", lambda *_, why, by: looked.append(by) or made)
    monkeypatch.setattr(health, "check", lambda *_: looked.append(f"{at.name} 的人") or [])
    monkeypatch.setattr(st, "error", lambda sentence, **_: refused.append(unmarked(sentence)))
    for panel in (forms, batches, alert_panel, admin_backups, admin_health):
        monkeypatch.setattr(panel, "done", lambda sentence: None)
    at.stands(OWN)
    months = Bytes("陳情.csv", "月份,受理件數,辦結件數\n103/06,18,18\n".encode())
    upload.import_file(store, months, by=who.acting(Action.ENTER))
    at.stands(ADMIN)
    for name in COLUMNS:
        screen, before, refused[:] = screen_of(store), len(lines(store)) + len(looked), []
        at.stands(name)
        try:
            DOES[action](screen, name)
        except NotAllowed as error:  # of a file that is made outside a rerun
            refused.append(str(error))
        after = len(lines(store)) + len(looked)
        if name in ACTIONS[action][1]:
            assert (name, refused, after > before) == (name, [], True)
        else:
            assert (name, len(refused), after - before) == (name, 1, 0)
            assert re.search(r"帳號|登入", refused[0]), refused
    if looked:
        assert [by.split()[0] for by in looked] == list(ACTIONS[action][1])
    else:
        assert {(by.split()[0], address) for by, address in lines(store)[-1:]} == {(ADMIN, ADDRESS)}


def test_what_has_no_action_of_its_own_to_try_is_looking_alone() -> None:
    assert set(Action) - set(DOES) == {Action.VIEW}


# --- a widget on the screen while the right is taken


def test_a_form_drawn_before_the_right_was_taken_is_refused_in_a_sentence(door: tuple[Path, Door]) -> None:
    store, at = door
    at.stands(ADMIN)
    at.drawn_for(ADMIN)
    app = opened("settings")
    before = len(lines(store))
    for widget in app.text_input:
        if str(widget.key).startswith("new_holidays"):
            widget.input(
                {"day": "103/10/10", "label": "國慶日", "working": "0"}.get(str(widget.key).split("_")[-1], "試")
            )
    at.stands(VIEWER)
    (button,) = [b for b in app.button if str(b.key).startswith("FormSubmitter:new_holidays")]
    button.click().run()
    assert said(app.error) == ["您的帳號（檢視）不能設定目標、陳報值與計畫，需要時請洽系統管理者。"]
    assert len(lines(store)) == before


def test_an_editor_is_offered_the_own_unit_and_what_names_it(door: tuple[Path, Door]) -> None:
    door[1].stands(OWN)
    app = opened("upload")
    (unit,) = [box for box in app.selectbox if str(box.key).startswith("by_hand_activities") and "單位" in box.label]
    assert (unit.value, unit.options) == ("section-6", ["第六課", "各單位", "第一課至第六課"])
    kinds = app.segmented_control(key="by_hand_table").options
    assert kinds == ["活動紀錄", "人民陳情", "查核與測試"]  # what a report states is research & evaluation's


def test_who_cannot_open_a_year_is_not_sent_to_upload_its_plan(door: tuple[Path, Door]) -> None:
    door[1].stands(OWN)
    put(door[0], "activities", row("activities", activity_id="a", kind="training", held_on="2015-03-01", title="研習"))
    told = words(opened("plan"))  # of the newest year with anything in it
    assert "由研考開立後會列在這裡，先前的計畫請改選上方的年度" in told
    assert "到資料登錄與上傳" not in told


@pytest.mark.parametrize(("name", "way"), [(VIEWER, False), (OWN, False), (REVIEWER, False), (ADMIN, True)])
def test_only_who_may_mark_a_page_is_sent_to_the_row_where_one_is_marked(
    door: tuple[Path, Door], name: str, *, way: bool
) -> None:
    store, at = door
    put(store, "pages", row("pages", page_id="9", kind="unassigned", label="小安心"))
    put(store, "posts", row("posts", post_id="9_1", page_id="9", published_at="2014-08-05T09:00:00+08:00"))
    at.stands(name)
    told = words(opened("posts"))
    assert "另有 1 篇貼文屬於未歸類的專頁" in told
    assert ("請洽系統管理者標明專頁" in told) is not way
    assert ("到設定標明專頁的種類" in told) is way


def test_an_own_unit_that_there_was_not_at_the_end_of_the_period_is_called_by_its_name(
    door: tuple[Path, Door],
) -> None:
    store, at = door
    (found,) = [one for one in current(store, "units") if one["unit"] == "section-6"]
    ended = {name: found[name] for name in BY_NAME["units"].names} | {"valid_to": "2014-06-30"}
    put(store, "units", row("units", **ended))
    at.stands(OWN)
    app = opened("upload")
    (unit,) = [box for box in app.selectbox if str(box.key).startswith("by_hand_activities") and "單位" in box.label]
    assert (unit.value, unit.options[-1]) == ("section-6", "第六課")


@pytest.mark.parametrize("public", [False, True])
def test_who_restores_is_told_what_came_of_it_though_the_session_ends(
    door: tuple[Path, Door], monkeypatch: pytest.MonkeyPatch, public: bool
) -> None:
    store, at = door
    one = backup.make(store, why="hand", by="管理者").backup
    at.stands(ADMIN)
    monkeypatch.setenv("SQDASH_PUBLIC_VIEWING", str(int(public)))
    app = opened("admin")
    app.session_state["admin_tab"] = "備份與還原"
    app.run()
    starting(app.selectbox, "restore_name").select(one.name).run()
    press(app, "先檢查這個備份")
    starting(app.text_input, "restore_word").input("還原")
    starting(app.text_input, "restore_reason").input("匯入了錯的檔案")
    press(app, "還原這個備份")
    (sentence,) = said(app.success)
    assert sentence.startswith(f"已還原「{one.name}」")
    assert "[前往登入](/login)" in [m.value for m in app.markdown]


def test_an_editor_sees_no_undo_for_a_batch_of_others(door: tuple[Path, Door]) -> None:
    store, at = door
    at.stands(OWN)
    upload.import_file(store, Bytes("陳情.csv", "月份,受理件數,辦結件數\n103/06,18,18\n".encode()), by="別人")
    app = opened("upload")
    starting(app.selectbox, "batch").select_index(0).run()
    assert [b.label for b in app.button if b.label.endswith("這個批次")] == []
    assert "這個批次由別人登錄，您的帳號只能還原自己的批次。" in said(app.caption)


def brought_by(store: Path, at: Door, name: str, month: str) -> int:
    """A batch that this person brings in now."""
    at.stands(name)
    content = f"月份,受理件數,辦結件數\n{month},18,18\n".encode()
    batch = upload.import_file(store, Bytes(f"陳情{month[-2:]}.csv", content), by=who.acting(Action.ENTER)).batch
    assert batch is not None
    return batch


def from_now_on(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands at the present moment until it is moved."""
    clock = tell_time(monkeypatch)
    clock.at = datetime.now(UTC)
    return clock


def called(store: Path, unit: str, label: str, since: str = "") -> None:
    """The unit goes by that name from a day on (none: its present row is corrected)."""
    (found,) = [row for row in current(store, "units") if row["unit"] == unit and row["valid_from"] is None]
    named = {name: found[name] for name in BY_NAME["units"].names} | {"label": label, "valid_from": since or None}
    put(store, "units", row("units", **named))


def may_undo(at: Door, name: str, batch: int) -> bool:
    """Whether the person may take the batch back, on the screen and at the moment of doing it."""
    at.stands(name)
    who.begin()
    drawn = who.may(Action.UNDO, of=batch)
    try:
        who.acting(Action.UNDO, of=batch)
    except NotAllowed:
        assert not drawn
    else:
        assert drawn
    return drawn


def test_an_editor_takes_back_own_batches_from_before_the_unit_got_another_name(door: tuple[Path, Door]) -> None:
    store, at = door
    first = brought_by(store, at, OWN, "103/06")
    called(store, "section-6", "度量衡課", since="2015-01-01")
    second = brought_by(store, at, OWN, "103/07")
    called(store, "section-6", "第六課（誤植）")  # the old name was wrong, and is corrected
    called(store, "section-6", "度量衡科", since="2016-01-01")
    assert [may_undo(at, OWN, batch) for batch in (first, second)] == [True, True]
    assert [may_undo(at, OTHER, batch) for batch in (first, second)] == [False, False]
    at.stands(OWN)
    app = opened("upload")
    starting(app.selectbox, "batch").select(first).run()
    assert [b.label for b in app.button if b.label.endswith("這個批次")] == ["還原這個批次"]


def test_a_name_that_another_unit_had_before_tells_two_people_of_one_name_apart(
    door: tuple[Path, Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, at = door
    clock = from_now_on(monkeypatch)
    at.tokens["twin"] = arrived(store, "twin", "own 的人", "personnel")
    clock.forward(minutes=1)
    before = brought_by(store, at, OWN, "103/06")
    called(store, "section-6", "度量衡課", since="2015-01-01")
    called(store, "personnel", "第六課", since="2015-01-01")
    after = brought_by(store, at, "twin", "103/07")
    assert [(may_undo(at, OWN, b), may_undo(at, "twin", b)) for b in (before, after)] == [(True, False), (False, True)]


def test_whoever_comes_into_an_account_of_the_same_name_later_has_no_batch_from_before(
    door: tuple[Path, Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, at = door
    batch = brought_by(store, at, OWN, "103/06")
    from_now_on(monkeypatch).forward(minutes=1)
    accounts.change(store, OWN, by="命令列", unit="personnel")
    at.tokens["later"] = arrived(store, "later", "own 的人", "section-6")
    assert [may_undo(at, name, batch) for name in (OWN, "later", REVIEWER)] == [False, False, True]


def test_whoever_takes_the_name_and_unit_of_another_has_no_batch_of_theirs(door: tuple[Path, Door]) -> None:
    store, at = door
    batch = brought_by(store, at, OWN, "103/06")
    accounts.change(store, OWN, by="命令列", unit="personnel")
    accounts.change(store, OTHER, by="命令列", shown="own 的人", unit="section-6")
    assert [may_undo(at, name, batch) for name in (OWN, OTHER, REVIEWER)] == [False, False, True]
    accounts.change(store, OTHER, by="命令列", shown="other 的人", unit="personnel")
    accounts.change(store, OWN, by="命令列", unit="section-6")
    assert may_undo(at, OWN, batch)


def test_an_account_that_nobody_used_yet_has_no_batch_of_the_one_whose_name_and_unit_it_gets(
    door: tuple[Path, Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, at = door
    clock = from_now_on(monkeypatch)
    first = accounts.add(store, "idle", shown="預備", role="editor", unit="personnel", by="命令列")
    clock.forward(minutes=1)
    batch = brought_by(store, at, OWN, "103/06")
    clock.forward(minutes=1)
    accounts.change(store, OWN, by="命令列", unit="personnel")
    accounts.change(store, "idle", by="命令列", shown="own 的人", unit="section-6")
    opened = accounts.sign_in(store, "idle", first, address=ADDRESS)
    at.tokens["idle"] = accounts.change_password(store, opened.token, first, PASSWORD).token
    assert not may_undo(at, "idle", batch)


def test_whose_name_is_corrected_meanwhile_takes_back_what_they_bring_without_signing_in_anew(
    door: tuple[Path, Door],
) -> None:
    store, at = door
    accounts.change(store, OWN, by="命令列", shown="own 的同仁")
    batch = brought_by(store, at, OWN, "103/06")
    assert [may_undo(at, name, batch) for name in (OWN, OTHER)] == [True, False]
    accounts.change(store, OWN, by="命令列", role="viewer")
    accounts.change(store, OWN, by="命令列", role="editor")
    at.tokens["again"] = accounts.sign_in(store, OWN, PASSWORD, address=ADDRESS).token
    assert may_undo(at, "again", batch)


def test_a_name_given_at_a_desk_is_no_account(door: tuple[Path, Door], monkeypatch: pytest.MonkeyPatch) -> None:
    store, at = door
    accounts.name_desk(store, "own 的人", "section-6", by="本機")
    by = accounts.desk(store).signature
    found = upload.import_file(store, Bytes("陳情.csv", "月份,受理件數,辦結件數\n103/06,18,18\n".encode()), by=by)
    assert found.batch is not None
    assert not may_undo(at, OWN, found.batch)


def test_a_viewer_sees_no_button_that_writes(door: tuple[Path, Door]) -> None:
    door[1].stands(VIEWER)
    app = None
    for page in [page for page, allowed in PAGES.items() if VIEWER in allowed]:
        app = opened(page, app)
        assert [b.label for b in app.button] == [], page


def unit_of_account(app: AppTest) -> Any:
    """The box of the unit in the form of the account that is open."""
    (found,) = (b for b in app.selectbox if re.fullmatch(r"admin_change_.+_unit", str(b.key)))
    return found


def test_an_account_keeps_its_unit_where_that_has_ended_and_another_thing_is_changed(door: tuple[Path, Door]) -> None:
    store, at = door
    (found,) = [one for one in current(store, "units") if one["unit"] == "section-6"]
    put(
        store,
        "units",
        row("units", **{name: found[name] for name in BY_NAME["units"].names} | {"valid_to": "2025-12-31"}),
    )
    at.stands(ADMIN)
    app = opened("admin")
    starting(app.selectbox, "admin_account_").select(VIEWER).run()
    starting(app.get("button_group"), f"admin_do_{VIEWER}").set_value("姓名、角色與單位").run()
    unit = unit_of_account(app)
    assert (unit.value, unit.options[-1]) == ("section-6", "第六課")
    starting(app.text_input, f"admin_change_{VIEWER}_0").input("改名的人")
    press(app, "存入")
    assert (accounts.account(store, VIEWER).shown, accounts.account(store, VIEWER).unit) == ("改名的人", "section-6")
    starting(app.selectbox, "admin_account_").select(VIEWER).run()
    starting(app.get("button_group"), f"admin_do_{VIEWER}").set_value("姓名、角色與單位").run()
    cleared(unit_of_account(app))
    press(app, "存入")
    assert accounts.account(store, VIEWER).unit is None


def test_a_form_of_an_account_does_not_put_back_what_another_has_changed(door: tuple[Path, Door]) -> None:
    store, at = door
    at.stands(ADMIN)
    app = opened("admin")
    starting(app.selectbox, "admin_account_").select(OWN).run()
    starting(app.get("button_group"), f"admin_do_{OWN}").set_value("姓名、角色與單位").run()
    accounts.change(store, OWN, role="viewer", by="命令列")
    starting(app.text_input, f"admin_change_{OWN}_0").input("改名的人")
    press(app, "存入")
    assert accounts.account(store, OWN).role == "viewer"
    starting(app.text_input, f"admin_change_{OWN}_0").input("改名的人")
    press(app, "存入")
    assert (accounts.account(store, OWN).shown, accounts.account(store, OWN).role) == ("改名的人", "viewer")


# --- the desk of a machine


def card(app: AppTest) -> list[str]:
    """Who one is, in the side bar, below whose dashboard it is."""
    (first, *_) = app.sidebar.get("html")
    house, branch, *mine = blocks.read(first.value).lines
    assert [house, branch] == list(identity.HOUSE)
    return mine


def test_whoever_sits_at_the_desk_says_once_who_they_are_and_is_named_from_then_on(
    copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = copy("report")
    monkeypatch.setenv("SQDASH_DB", str(store))
    memory.forget()
    app = opened("overview")
    assert card(app) == ["本機", "填寫姓名與單位"]
    (way,) = (way for text, way in links(app).items() if text == "填寫姓名與單位")
    assert way == "./settings?settings_tab=%E4%BD%BF%E7%94%A8%E8%80%85"
    app = opened("settings")
    app.session_state["settings_tab"] = "使用者"
    app.run().text_input(key="desk_shown").input("王小明")
    app.selectbox(key="desk_unit").select("section-1")
    press(app, "存入")
    assert said(app.success) == ["之後的登錄會註明是王小明（自報）。"]
    assert card(opened("overview")) == ["王小明", "第一課，自報"]
    assert accounts.desk(store).signature == "王小明（第一課，自報）"
    assert who.acting(Action.TARGETS) == "王小明（第一課，自報）"


def test_the_name_of_the_desk_is_text_in_what_is_said_of_it(
    copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQDASH_DB", str(copy("report")))
    memory.forget()
    app = opened("settings")
    app.session_state["settings_tab"] = "使用者"
    app.run().text_input(key="desk_shown").input("*王*")
    press(app, "存入")
    assert [box.value for box in app.success] == [r"之後的登錄會註明是\*王\*（自報）。"]


def test_the_unit_of_the_desk_stays_where_it_has_ended_and_only_the_name_is_changed(
    copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = copy("report")
    monkeypatch.setenv("SQDASH_DB", str(store))
    memory.forget()
    accounts.name_desk(store, "王小明", "section-6", by="本機")
    (found,) = [one for one in current(store, "units") if one["unit"] == "section-6"]
    ended = {name: found[name] for name in BY_NAME["units"].names} | {"valid_to": "2025-12-31"}
    put(store, "units", row("units", **ended))
    app = opened("settings")
    app.session_state["settings_tab"] = "使用者"
    app.run().text_input(key="desk_shown").input("王大明")
    press(app, "存入")
    assert accounts.desk(store).signature == "王大明（第六課，自報）"


# --- README


def written() -> dict[str, list[str]]:
    """What the README's table says: the first cell of each row → who may."""
    text = README.read_text("utf-8").split("## 誰可以看什麼、做什麼")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    head = rows[0][1:]
    return {row[0]: [name for name, cell in zip(head, row[1:], strict=True) if cell == "✔"] for row in rows[2:]}


def test_the_readme_has_the_same_table() -> None:
    pages = {TITLES[page]: [COLUMNS[name] for name in allowed] for page, allowed in PAGES.items()}
    actions = {label: [COLUMNS[name] for name in allowed] for label, allowed in ACTIONS.values()}
    assert written() == pages | actions
