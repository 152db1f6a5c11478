"""Open screens follow the store: one read a tick for all of them, each query once a change, nothing typed lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sqdash import periods, views
from sqdash.errors import StoreBusy
from sqdash.jobs import leader
from sqdash.store import damage, gate, pulls
from sqdash.store.queries import evidence
from sqdash.ui import loads, refresh
from sqdash.ui.loads import Seen
from sqdash.ui.refresh import Shared
from tests.apps import Opens, lines, opening, said, words
from tests.making import put, row

TICK = timedelta(seconds=15)
STORE = Path("s.db")


class Reader:
    """A store that counts how often it is read."""

    def __init__(self) -> None:
        self.state, self.reads = "1", 0

    def __call__(self, store: Path) -> Seen:
        self.reads += 1
        return Seen(self.state, None, None)


class Watch:
    """A stopwatch in the test's hand."""

    seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


# --- the shared look


def test_twenty_sessions_cost_one_read_a_tick() -> None:
    reader, watch = Reader(), Watch()
    shared = Shared(reader, watch)
    start = watch.seconds
    for tick in range(10):
        for session in range(20):
            watch.seconds = start + 15 * tick + 0.7 * session
            shared.within(STORE, TICK)
    assert reader.reads <= 11  # the first tick began before the first session looked


def test_a_session_alone_sees_a_change_at_its_next_look() -> None:
    reader, watch = Reader(), Watch()
    shared = Shared(reader, watch)
    for tick in range(5):
        reader.state = str(tick)
        assert shared.within(STORE, TICK).state == str(tick)
        watch.seconds += 15


def test_what_a_page_was_drawn_from_is_never_older_than_what_a_look_says() -> None:
    reader, watch = Reader(), Watch()
    shared = Shared(reader, watch)
    shared.within(STORE, TICK)
    reader.state = "2"
    drawn = shared.now(STORE, TICK)
    assert shared.within(STORE, TICK) == drawn == Seen("2", None, None)
    assert reader.reads == 2


def test_stores_are_told_apart() -> None:
    reader = Reader()
    shared = Shared(reader, Watch())
    shared.within(STORE, TICK)
    shared.within(Path("other.db"), TICK)
    assert reader.reads == 2


def test_sessions_that_look_at_the_same_moment_wait_for_one_read() -> None:
    reader, begun = Reader(), threading.Barrier(20)

    def slow(store: Path) -> Seen:
        threading.Event().wait(0.05)
        return reader(store)

    shared = Shared(slow, Watch())

    def look() -> None:
        begun.wait(10)
        shared.within(STORE, TICK)

    threads = [threading.Thread(target=look) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert reader.reads == 1


# --- in the dashboard


@pytest.fixture
def screen(made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    with opening(made, monkeypatch) as opens:
        yield opens


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each was asked of the store."""
    count: Counter[str] = Counter()

    def counted(module: Any, name: str) -> None:
        inner = getattr(module, name)

        def call(*given: Any, **named: Any) -> Any:
            count[name] += 1
            return inner(*given, **named)

        monkeypatch.setattr(module, name, call)

    counted(views, "board")
    counted(evidence, "load")
    return count


def move(store: Path) -> None:
    """A change of the store, as another process makes it."""
    put(store, "holidays", row("holidays", day="2014-01-01", label=f"日{periods.now().timestamp()}", working=0))


def test_each_query_is_asked_once_a_change_however_many_tabs_are_open(
    screen: Opens, copy: Callable[[str], Path], asked: Counter[str]
) -> None:
    store = copy("report")
    tabs = [screen(store) for _ in range(20)]
    once = dict(asked)
    assert once == {"board": 1, "load": 2}  # the period and the one a year before
    move(store)
    for tab in tabs:
        tab.run()
    assert dict(asked) == {name: 2 * count for name, count in once.items()}


def looking(found: Seen, *, on: bool = True) -> AppTest:
    """A page drawn from the state "1" whose next look finds ``found``."""

    def page(found, on):  # type: ignore[no-untyped-def] # its text is run elsewhere, without our imports
        from pathlib import Path

        import streamlit as st

        from sqdash.ui import refresh
        from sqdash.ui.loads import Seen

        store, drawn = Path("s.db"), Seen("1", None, None)
        if st.session_state.get("drawn"):
            drawn = found
        st.session_state["drawn"] = True
        refresh._shared.within = lambda *_: found  # type: ignore[method-assign]
        refresh.watch(store, drawn)
        refresh._look(store, drawn, on, iter(()))

    return AppTest.from_function(page, args=(found, on), default_timeout=60).run()


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shared look is put back after a test that bends it."""
    monkeypatch.setattr(refresh, "_shared", Shared(loads.seen))


@pytest.mark.usefixtures("shared")
def test_a_look_that_finds_a_change_draws_the_page_anew_and_says_so_once() -> None:
    app = looking(Seen("2", None, None))
    assert [e.value for e in app.exception] == []
    assert [t.value for t in app.toast] == ["剛更新"]
    assert len(app.run().toast) == 0


@pytest.mark.usefixtures("shared")
def test_a_pull_that_brought_nothing_new_is_no_news() -> None:
    app = looking(Seen("1", "2026-11-24T00:00:00+00:00", "done"))
    assert [e.value for e in app.exception] == []
    assert len(app.toast) == 0


@pytest.mark.usefixtures("shared")
def test_a_pause_changes_nothing() -> None:
    app = looking(Seen("2", None, None), on=False)
    assert len(app.toast) == 0
    assert lines(app.main.get("html")[-1]) == ["已暫停，畫面不會自己改變"]


def test_the_look_that_draws_the_page_never_begins_it_anew(screen: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh._shared, "within", lambda *_: Seen("another", None, None))
    assert [e.value for e in screen("report").exception] == []


def test_the_switch_is_in_the_side_bar(screen: Opens) -> None:
    app = screen("report")
    assert lines(app.sidebar.get("html")[-1]) == ["每 15 秒查看一次"]
    app.sidebar.toggle(key="refresh_on").set_value(False).run()
    assert lines(app.sidebar.get("html")[-1]) == ["已暫停，畫面不會自己改變"]


@pytest.mark.parametrize(
    ("state", "pulled", "line"),
    [
        ("running", None, "擷取中…"),
        ("done", timedelta(seconds=5), "上次擷取 剛剛"),
        ("done", timedelta(minutes=5), "上次擷取 5 分鐘前"),
        ("failed", timedelta(days=12), "⚠ 最近一次未成，上次擷取 12 天前"),
        ("failed", None, "⚠ 最近一次擷取未成"),
        (None, None, "每 15 秒查看一次"),
    ],
)
def test_the_side_bar_says_how_pulls_stand(state: str | None, pulled: timedelta | None, line: str) -> None:
    at = (periods.now() - pulled).isoformat() if pulled is not None else None
    assert refresh._line(Seen("1", at, state), on=True, busy=False) == line


def test_a_pull_whose_process_died_is_not_said_to_go_on(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    with gate.write(store, by="x", reason="x") as change:
        pulls.begin(change, "1", periods.noted(periods.now()), "v25.0")
    with leader.leading(store):
        assert lines(screen(store).sidebar.get("html")[-1]) == ["擷取中…"]
    assert lines(screen(store).sidebar.get("html")[-1]) == ["⚠ 最近一次擷取未成"]


def test_a_pull_that_ended_since_it_was_looked_at_is_not_said_to_have_failed(
    copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sessions share one look a tick: whoever gets it later finds nobody who pulls any more."""
    store, told = copy("report"), list[str]()
    monkeypatch.setattr(refresh, "EVERY", timedelta(days=1_000))
    monkeypatch.setattr(refresh.blocks, "note", told.append)
    with leader.leading(store):
        with gate.write(store, by="x", reason="x") as change:
            number = pulls.begin(change, "1", periods.noted(periods.now()), "v25.0")
        drawn = refresh.seen(store)
        with gate.write(store, by="x", reason="x") as change:
            pulls.note_cost(change, number, state="done", ended_at=periods.noted(periods.now()))
    refresh._look(store, drawn, True, iter((False,)))
    assert told == ["擷取中…"]
    refresh._look(store, refresh.seen(store), True, iter((False,)))
    assert told[1:] == ["上次擷取 剛剛"]


def test_a_store_that_cannot_be_read_for_a_moment_is_no_fault(
    screen: Opens, made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> Seen:
        raise StoreBusy("資料庫正由另一個程式使用。")

    app = screen("report")
    monkeypatch.setattr(refresh._shared, "within", busy)
    app.run()
    assert [e.value for e in (*app.exception, *app.error)] == []
    assert lines(app.sidebar.get("html")[-1]) == ["暫時讀不到資料庫，稍後再看。"]


def test_an_open_screen_gives_its_figures_up_once_the_store_is_found_damaged(
    screen: Opens, copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = copy("report")
    app = screen(store)
    assert "16,300" in words(app)

    def found(*_: object) -> Seen:
        raise damage.damaged(store, "讀取時發現")

    monkeypatch.setattr(refresh._shared, "within", found)
    monkeypatch.setattr(refresh, "_ticking", lambda *given: refresh._look(*given[:3], iter(())))  # as at a tick
    app.run()
    assert [e.value for e in app.exception] == []
    (error,) = said(app.error)
    assert "已損壞" in error
    assert "16,300" not in words(app)


def test_a_file_that_is_looked_at_holds_the_page_and_is_kept(screen: Opens, copy: Callable[[str], Path]) -> None:
    store = copy("report")
    app = screen(store, "upload")
    data = "月份,受理件數,辦結件數\n103/06,18,18\n".encode()
    app.file_uploader(key="upload_files").set_value([("陳情.csv", data, "text/csv")]).run()
    preview = [m.value for m in app.metric]
    assert lines(app.sidebar.get("html")[-1]) == ["檔案預覽中，暫不更新"]
    move(store)
    app.run()
    assert [m.value for m in app.metric] == preview != []


def test_the_look_sees_data_pulls_and_nothing_else_in_one_read(copy: Callable[[str], Path]) -> None:
    store = copy("report")
    first = loads.seen(store)
    move(store)
    second = loads.seen(store)
    assert second.state != first.state
    with gate.write(store, by="排程", reason="試") as change:
        number = pulls.begin(change, "1", "2026-11-24T00:00:00+00:00", "v25.0")
    assert loads.seen(store) == Seen(second.state, None, "running")
    with gate.write(store, by="排程", reason="試") as change:
        pulls.note_cost(change, number, state="done", ended_at="2026-11-24T00:01:00+00:00")
    assert loads.seen(store) == Seen(second.state, "2026-11-24T00:01:00+00:00", "done")


def test_every_page_follows(screen: Opens) -> None:
    from tests.apps import TITLES

    for page in TITLES:
        app: AppTest = screen("report", page)
        assert lines(app.sidebar.get("html")[-1]) == ["每 15 秒查看一次"], page
        assert said(app.error) == []
        assert "未預期的問題" not in words(app)
