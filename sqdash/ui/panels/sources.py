"""Blocks of 資料來源 about pulls: the page that is looked at, its last runs, a pull now and how far it is."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from sqdash import periods, settings
from sqdash.jobs import leader, page_state, pull_now, token_state, tokens
from sqdash.jobs.leader import Leader
from sqdash.jobs.pull_record import PARTS
from sqdash.jobs.sources import STATES
from sqdash.jobs.token_state import TokenFacts
from sqdash.people import Action
from sqdash.settings import GraphSettings
from sqdash.store.pulls import MetricState
from sqdash.ui import blocks, choices, refusals, tables, who
from sqdash.ui.frame import Screen

_RUNS = 10
_EVERY_SECONDS, _SAID_FOR = 1.5, 60.0
_ASKED, _SAID = "pull_asked", "pull_said"
_STATE_ICON = {"running": "▲", "done": "✔", "partly": "◑", "failed": "✖", "limited": "◔", "broken": "✖"}
_PART_STATE = {"done": "✔ 完成", "not_permitted": "✖ 沒有權限", "error": "✖ 出錯"}


@dataclass(frozen=True, slots=True)
class Source:
    """The chosen page and what pulls noted of it."""

    page: str
    name: str
    kind: str | None
    feeds: Mapping[tuple[str, str], Sequence[tuple[str, str]]]
    states: list[MetricState]
    read: Mapping[str, Any]
    runs: list[dict[str, Any]]
    gone: list[tuple[str, str | None, str | None]]
    token: TokenFacts
    leader: Leader | None
    graph: GraphSettings

    @property
    def every(self) -> timedelta:
        """How often the page is pulled."""
        return timedelta(seconds=self.leader.every) if self.leader and self.leader.every else page_state.USUAL

    @property
    def running(self) -> bool:
        """Whether a run is going on; one whose process died is not."""
        return bool(self.runs) and self.runs[0]["state"] == "running" and self.leader is not None


def choose(screen: Screen) -> Source | None:
    """The page to look at, chosen where there are several; None where there is none."""
    graph = settings.load().graph
    names = choices.apart(page_state.pages(screen.store, graph), by_itself=True)
    if not names:
        return None
    page = next(iter(names))
    if len(names) > 1:
        page = st.selectbox(
            "粉絲專頁", list(names), format_func=names.__getitem__, key="source_page", placeholder="請選擇", width=320
        )
    found = page_state.facts(screen.store, page, _RUNS)
    token = token_state.facts(screen.store, page, graph, found["read"], found["runs"])
    return Source(page, names[page], leader=leader.current(screen.store), token=token, graph=graph, **found)


def set_up(screen: Screen) -> bool:
    """Whether any page can be pulled."""
    return tokens.configured(screen.store, settings.load().graph)


# --- runs


def runs(source: Source) -> None:
    """The last runs, and the parts of the newest."""
    tables.show(
        [_run_row(source, run, newest=number == 0) for number, run in enumerate(source.runs)],
        right=("新增", "變更", "呼叫"),
        whole=("開始", "狀態", "新增", "變更", "呼叫", "等候", "下次", "由"),
        alt="最近 10 次擷取的時間、狀態、結果與錯誤",
        empty="還沒有擷取過這個專頁。",
    )
    for run in source.runs:
        if run["error"]:
            at = periods.roc_moment(datetime.fromisoformat(run["started_at"]))
            st.markdown(f"- {at}　{tables.plain(run['error'])}")
    if source.runs:
        blocks.section("最近一次的各部分")
        parts(source.runs[0])


def _run_row(source: Source, run: Mapping[str, Any], *, newest: bool) -> dict[str, str]:
    state = "broken" if run["state"] == "running" and not (newest and source.running) else run["state"]
    added, changed = (sum(part[name] for part in run["parts"]) for name in ("added", "changed"))
    then = run["resume_at"] or (_next(source, run) if newest else None)
    return {
        "開始": periods.roc_moment(datetime.fromisoformat(run["started_at"])),
        "狀態": f"{_STATE_ICON[state]} {STATES[state]}",
        "新增": f"{added:,}",
        "變更": f"{changed:,}",
        "呼叫": f"{run['calls']:,}",
        "等候": f"{run['waited']:,.0f} 秒" if run["waited"] else "—",
        "下次": periods.roc_moment(datetime.fromisoformat(then)) if then else "",
        "由": run["by"],
    }


def _next(source: Source, run: Mapping[str, Any]) -> str | None:
    if not source.leader or not source.leader.every or run["state"] == "running":
        return None
    return (datetime.fromisoformat(run["started_at"]) + source.every).isoformat()


def parts(run: Mapping[str, Any]) -> None:
    """The finished parts of a run, those of one kind added up."""
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for part in run["parts"]:
        rows.setdefault((part["part"], part["state"]), []).append(part)
    tables.show(
        [
            {
                "部分": PARTS.get(name, name) + (f"（{len(some)} 段）" if len(some) > 1 else ""),
                "狀態": _PART_STATE.get(state, state),
                **{
                    label: f"{sum(one[column] for one in some):,}"
                    for label, column in (("新增", "added"), ("變更", "changed"), ("相同", "unchanged"))
                },
            }
            for (name, state), some in rows.items()
        ],
        right=("新增", "變更", "相同"),
        whole=("部分", "狀態", "新增", "變更", "相同"),
        alt="這次擷取各部分的狀態與列數",
        empty="還沒有完成的部分。",
    )
    for (name, _), some in rows.items():
        if detail := some[-1]["detail"]:
            last = "，最後一段" if len(some) > 1 else ""
            st.caption(tables.plain(f"{PARTS.get(name, name)}{last}：{detail}"))


# --- a pull now


def update(screen: Screen, source: Source) -> None:
    """The button, and while a pull runs its parts so far."""
    if source.token.level == "stale":
        st.warning(tables.plain(f"權杖{source.token.word}：{source.token.lines[0]}"), icon=":material/key_off:")
    _say()
    asked = st.session_state.get(_ASKED)
    if asked is None and source.running:
        asked = pull_now.Asked("running", source.runs[0]["pull"] - 1)
    if asked:
        st.fragment(_follow, run_every=_EVERY_SECONDS)(screen.store, source.page, asked)
        return
    limited = pull_now.limited_until(source.runs, periods.now())
    lacking = not source.token.there and source.kind != "benchmark"  # whose counts the default page's token reads
    off = limited is not None or lacking or not set_up(screen)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("立即更新", icon=":material/sync:", type="primary", disabled=off, key="pull_now"):
            _ask(screen, source)
        if lacking:
            st.caption("這個專頁沒有權杖，不會擷取，請先在「專頁與權杖」設定。", width="content")
        elif limited:
            st.caption(f"Meta 的用量上限到 {periods.roc_moment(limited)} 才解除，之後才能再擷取。", width="content")


def _say() -> None:
    """The word for the pull that ended: for a while, because the screen is drawn anew for what the pull brought."""
    said = st.session_state.get(_SAID)
    if said is None or time.monotonic() - said[0] > _SAID_FOR:
        st.session_state.pop(_SAID, None)
        return
    (st.success if said[2] else st.warning)(tables.plain(said[1]))


def _ask(screen: Screen, source: Source) -> None:
    with refusals.told():
        asked = pull_now.ask(screen.store, source.page, source.graph, by=who.acting(Action.PULL))
        st.session_state[_ASKED] = asked
        st.session_state.pop(_SAID, None)
        st.rerun()


def _follow(store: Any, page: str, asked: pull_now.Asked) -> None:
    """One look at how far the pull is; ends itself."""
    found = pull_now.progress(store, page, asked)
    if found.over:
        st.session_state.pop(_ASKED, None)
        st.session_state[_SAID] = (time.monotonic(), found.sentence, found.good)
        st.rerun(scope="app")
    with st.container(border=True, key="pull_progress"):
        if found.run is None:
            st.markdown("**已要求擷取**　等候擷取程序開始…")
            return
        st.markdown(f"**擷取中**　{_so_far(found.run['parts'])}")
        parts(found.run)


def _so_far(done: Sequence[Mapping[str, Any]]) -> str:
    rows = sum(part["added"] + part["changed"] for part in done)
    last = f"，剛完成{PARTS.get(done[-1]['part'], done[-1]['part'])}" if done else ""
    return f"已完成 {len(done)} 個部分{last}，新增或變更 {rows:,} 列"
