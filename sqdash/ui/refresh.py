"""Open screens follow the store by themselves: a timed look at its state, and the page anew when that moved.

The look is one small read that all sessions of the process share; a pause is the visitor's, and kept for the visit.
Rerunning keeps every widget as it is, typed text included; nothing takes the focus.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import streamlit as st

from sqdash import freshness, periods
from sqdash.errors import SqdashError, StoreUnusable
from sqdash.jobs import leader
from sqdash.ui import blocks, loads
from sqdash.ui.loads import Seen

EVERY = timedelta(seconds=15)
_ON, _MOVED = "refresh_on", "refresh_moved"
_BUSY = ("upload_files",)
"""Widgets that, while they hold something, keep the page as it is: a large file would be read again each time."""


class Shared:
    """The newest answer about each store, read at most once a tick however many sessions ask."""

    def __init__(self, read: Callable[[Path], Seen], clock: Callable[[], float] = time.monotonic) -> None:
        self._read, self._clock = read, clock
        self._kept: dict[Path, tuple[int, Seen]] = {}
        self._lock = threading.Lock()

    def now(self, store: Path, tick: timedelta) -> Seen:
        """Read afresh, for a page that is drawn; sessions that look within the same tick get this answer."""
        found = self._read(store)
        with self._lock:
            self._kept[store] = (self._tick(tick), found)
        return found

    def within(self, store: Path, tick: timedelta) -> Seen:
        """The answer of the present tick; the first who asks reads it."""
        with self._lock:
            number = self._tick(tick)
            kept = self._kept.get(store)
            if kept is None or kept[0] != number:
                kept = self._kept[store] = (number, self._read(store))
            return kept[1]

    def _tick(self, tick: timedelta) -> int:
        return int(self._clock() / tick.total_seconds())


def _as_it_stands(store: Path) -> Seen:
    """The store's state, and of a pull whose process died that it was broken off: judged as it is read, since a pull
    may be over by the time at which another session gets the answer."""
    found = loads.seen(store)
    if found.last_pull == "running" and leader.broken_off(store, lambda: loads.seen(store).last_pull == "running"):
        return replace(found, last_pull="broken")
    return found


_shared = Shared(_as_it_stands)


def seen(store: Path) -> Seen:
    """What the store is like now, for a page that is about to be drawn from it."""
    return _shared.now(store, EVERY)


def switch() -> None:
    """The visitor's switch in the side bar."""
    st.sidebar.toggle("自動更新", value=True, key=_ON)


def watch(store: Path, drawn: Seen) -> None:
    """Follow the store from now on; ``drawn`` is what the page shows. Says politely that something moved."""
    if st.session_state.pop(_MOVED, False):
        st.toast("剛更新", icon=":material/sync:")
    on = bool(st.session_state.get(_ON, True))
    with st.sidebar:
        (_ticking if on else _still)(store, drawn, on, iter((False,)))


def _look(store: Path, drawn: Seen, on: bool, ticks: Iterator[bool]) -> None:
    """One look. The first is part of drawing the page, which must not begin anew before it is whole: while a pull
    writes, each drawing would be overtaken by the next change."""
    ticking = next(ticks, True)
    try:
        found = _shared.within(store, EVERY)
    except SqdashError as error:
        if ticking and isinstance(error, StoreUnusable) and error.damage:
            st.rerun(scope="app")  # figures of a store that is damaged stay on no screen; the page says what is wrong
        blocks.note("暫時讀不到資料庫，稍後再看。")
        return
    busy = any(st.session_state.get(key) for key in _BUSY)
    if ticking and on and not busy and found != drawn:
        st.session_state[_MOVED] = found.state != drawn.state
        st.rerun(scope="app")
    blocks.note(_line(found, on=on, busy=busy))


_ticking, _still = st.fragment(_look, run_every=EVERY), st.fragment(_look)


def _line(found: Seen, *, on: bool, busy: bool) -> str:
    """What the side bar says under the switch: always one line, so that nothing jumps."""
    if not on:
        return "已暫停，畫面不會自己改變"
    if busy:
        return "檔案預覽中，暫不更新"
    if found.last_pull == "running":
        return "擷取中…"
    failed = found.last_pull in ("failed", "limited", "broken")
    if found.pulled_at is None:
        return "⚠ 最近一次擷取未成" if failed else f"每 {EVERY.total_seconds():g} 秒查看一次"
    age = max(timedelta(0), periods.now() - datetime.fromisoformat(found.pulled_at))
    ago = "剛剛" if age < timedelta(minutes=1) else f"{freshness.span(age)}前"
    return f"{'⚠ 最近一次未成，' if failed else ''}上次擷取 {ago}"
