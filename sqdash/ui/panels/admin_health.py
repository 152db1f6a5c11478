"""健康狀態: every finding of the check, the worst first, each with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from sqdash.jobs import health
from sqdash.jobs.health import Finding, Level
from sqdash.people import Action
from sqdash.ui import blocks, refusals, tables, who
from sqdash.ui.forms import done, round_
from sqdash.ui.frame import Screen

_COLORS: dict[Level, Literal["green", "orange", "red"]] = {"good": "green", "notice": "orange", "bad": "red"}
_TOLD: dict[Level, str] = {"bad": "需要處理", "notice": "值得注意", "good": "一切正常"}


def show(screen: Screen) -> None:
    """The whole panel. Drawing it reads the last verdict on the file; the button has the file looked through now."""
    found = health.check(screen.store, look=False)
    counts = health.counts(found)
    worst: Level = next(level for level in ("bad", "notice", "good") if counts[level] or level == "good")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(f"{health.ICONS[worst]} {_TOLD[worst]}", color=_COLORS[worst])
        st.caption("　".join(f"{health.WORDS[level]} {count} 項" for level, count in counts.items()), width="content")
        asked = st.button("立即檢查", icon=":material/health_and_safety:", key=f"health_now_{round_()}")
    if asked:
        _again(screen)
    for level in ("bad", "notice"):
        _to_do([one for one in found if one.level == level], level)
    blocks.section("全部項目")
    tables.show(
        [
            {"狀態": f"{health.ICONS[one.level]} {health.WORDS[one.level]}", "項目": one.name, "所見": one.found}
            for one in found
        ],
        whole=("狀態", "項目"),
        alt="每個檢查項目的狀態與所見",
    )


def _again(screen: Screen) -> None:
    with refusals.told():
        who.acting(Action.HEALTH)
        with st.spinner("檢查中…"):
            again = health.counts(health.check(screen.store))
        done(f"已檢查：{'、'.join(f'{health.WORDS[level]} {n} 項' for level, n in again.items())}。")


def _to_do(found: Sequence[Finding], level: Level) -> None:
    """What somebody should do, each in a box of its own: what was found and the remedy."""
    draw, icon = {
        "bad": (st.error, ":material/error:"),
        "notice": (st.warning, ":material/warning:"),
    }[level]
    for one in found:
        found_ = one.found.rstrip("。")
        draw(tables.plain(f"{health.WORDS[level]}　{one.name}：{found_}。{one.remedy}"), icon=icon)
