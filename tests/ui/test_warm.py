"""Libraries come once a server is up, and no page runs with half of one."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bench.wire import Screen
from sqdash import periods, views
from sqdash.ui import loads, memory, server, smaller, warm
from tests.servers import serving

SLOW_LIBRARY = """
import sys, time
from importlib.abc import MetaPathFinder

class Slow(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "pandas.core.api":  # what came before it is there already, but no part of this
            sys.meta_path.remove(self)
            time.sleep(3)

sys.meta_path.insert(0, Slow())
"""


def test_a_page_that_is_asked_for_while_libraries_are_loaded_waits_for_them(
    made: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW_LIBRARY, encoding="utf-8")
    with (
        serving(made("demo"), tmp_path / "log.txt", afresh=True, PYTHONPATH=str(tmp_path)) as early,
        Screen(early.port, "fans") as screen,
    ):
        screen.run()
        assert screen.errors == []


def test_nobody_waits_where_nothing_is_loaded() -> None:
    waiting = threading.Thread(target=warm.wait, daemon=True)
    waiting.start()
    waiting.join(10)
    assert not waiting.is_alive()


def test_what_could_not_be_loaded_holds_up_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, told = threading.Event(), []

    def fails() -> None:
        begun.wait()
        raise ImportError("no such library")

    monkeypatch.setattr(warm, "_load", fails)
    monkeypatch.setattr(threading, "excepthook", lambda found: told.append(str(found.exc_value)))
    warm.begin()
    waiting = threading.Thread(target=warm.wait)
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    begun.set()
    waiting.join(10)
    assert not waiting.is_alive()
    for thread in threading.enumerate():
        if thread.name == "warm-up":
            thread.join(10)
    assert told == ["no such library"]


NOTED = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sqdash.ui import server, warm

if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, **server.options([]))
else:
    warm.wait()
    with open({drawn!r}, "a", encoding="ascii") as file:
        file.write("drawn ")
"""


def test_the_first_page_is_drawn_once_before_anybody_asks(made: Callable[[str], Path], tmp_path: Path) -> None:
    script, drawn = tmp_path / "script.py", tmp_path / "drawn.txt"
    script.write_text(NOTED.format(drawn=str(drawn)), encoding="utf-8")
    with serving(made("report"), tmp_path / "log.txt", script=script) as server:
        give_up = time.monotonic() + 20
        while not (drawn.exists() and drawn.read_text("ascii")) and time.monotonic() < give_up:
            time.sleep(0.05)
        assert drawn.read_text("ascii") == "drawn "
        with Screen(server.port) as screen:
            screen.run()
        assert drawn.read_text("ascii") == "drawn drawn "


def ended(work: Coroutine[Any, Any, None]) -> None:
    """The work to its end, in a thread: in this one the browser of other tests may have a loop that runs."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


class AtTheDoor:
    """Stands in for Streamlit where people sign in: nobody is shown the first page."""

    def __init__(self) -> None:
        self.runs = 0

    async def does_script_run_without_error(self) -> tuple[bool, str]:
        self.runs += 1
        return True, "ok"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> AtTheDoor:
    """A server on which nobody sits."""
    found = AtTheDoor()
    monkeypatch.setattr(warm, "get_instance", lambda: found)
    memory.forget()
    return found


def test_where_people_sign_in_the_figures_of_the_first_page_are_worked_out_all_the_same(
    made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, door: AtTheDoor
) -> None:
    store = made("report")
    monkeypatch.setenv("SQDASH_DB", str(store))
    ended(warm.rehearse())
    assert door.runs == 1

    def asked_again(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(views, "board", asked_again)
    seen = loads.seen(store)
    assert loads.board(store, seen.state, periods.year_period(103)).results["fans"].figure
    with pytest.raises(AssertionError):
        loads.board(store, seen.state, periods.year_period(102))
    memory.forget()


@pytest.mark.parametrize("content", [None, b"no database"], ids=["missing", "foreign"])
def test_a_store_that_cannot_be_read_stops_no_rehearsal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, door: AtTheDoor, content: bytes | None
) -> None:
    store = tmp_path / "bad.db"
    if content is not None:
        store.write_bytes(content)
    monkeypatch.setenv("SQDASH_DB", str(store))
    ended(warm.rehearse())
    assert door.runs == 1


@pytest.mark.parametrize("fault", [None, "no such page"])
def test_what_takes_the_processor_comes_after_the_rehearsal_whatever_becomes_of_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: str | None
) -> None:
    done: list[str] = []

    async def rehearse() -> None:
        await asyncio.sleep(0.05)
        done.append("rehearsed")
        if fault:
            raise RuntimeError(fault)

    monkeypatch.setattr(warm, "rehearse", rehearse)
    monkeypatch.setattr(smaller, "prepare", lambda: done.append("packed"))
    monkeypatch.setattr(server, "_look_through", lambda ended: done.append("looked through"))
    ended(server._prepare(threading.Event()))
    for thread in threading.enumerate():
        if thread.name in ("pack", "look-through"):
            thread.join(10)
    assert (done[0], sorted(done[1:])) == ("rehearsed", ["looked through", "packed"])
    assert [record.getMessage() for record in caplog.records] == (
        ["the first page could not be drawn ahead"] if fault else []
    )
    assert (fault or "") in caplog.text
