"""What stands around a text of the report, whether it is written or reviewed: its methods, its state, its history."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sqdash.plan_views import Desk
from sqdash.report.reviews import Standing
from sqdash.report.tree import MethodNode
from sqdash.ui import drawn, forms, loads, tables
from sqdash.ui.frame import Screen

Key = tuple[str, int]
"""Whose text (a method's or a strategy's code), and which part."""


def name_of(key: Key, *, several: bool = False) -> str:
    """What a person calls a text: the method's or strategy's code, and which part where it has ``several``."""
    return f"{key[0]} 第 {key[1]} 段" if several or key[1] > 1 else key[0]


def methods_of(desk: Desk, key: Key) -> list[MethodNode]:
    """The methods whose result the text is."""
    return desk.tree.methods_of(desk.plan, key)


def about(desk: Desk, key: Key) -> None:
    """The methods whole, whose names a narrow screen cuts in the list, and who leads them."""
    methods = methods_of(desk, key)
    labels = "；".join(method.label.rstrip("。") for method in methods)
    units = "、".join(dict.fromkeys(unit for method in methods for unit in method.units))
    st.caption(tables.plain(f"執行方法：{labels}　主辦：{units or '未填'}"))


def standing_line(standing: Standing | None) -> None:
    """What became of the text, and the reviewer's note."""
    st.markdown(f"狀態：**{tables.plain(standing.words if standing else '尚未填寫')}**")
    if standing and standing.note:
        st.caption(tables.plain(f"審核意見：{standing.note}"))


def history(screen: Screen, key: Key) -> None:
    """Every version of the text and every review, newest first, with who and when."""
    whole = (screen.period.roc_year, *key)
    texts = loads.history(screen.store, screen.state, "result_texts", whole)
    reviewed = loads.history(screen.store, screen.state, "text_reviews", whole)
    with st.expander(f"這段文字的歷史（{len(texts)} 版，審核 {len(reviewed)} 次）", icon=":material/history:"):
        _versions(texts, "原因", "內容", "text", alt="這段文字各版的內容、時間、經手與原因")
        if reviewed:
            _versions(reviewed, "結果", "意見", "note", alt="這段文字各次審核的意見、時間、經手與結果")


def _versions(versions: Sequence[dict[str, object]], why: str, what: str, content: str, *, alt: str) -> None:
    """Two columns, so that a narrow screen leaves the text room; the page's file has each thing in its own."""
    rows = [
        {
            "時間": forms.moment(str(version["opened_at"])),
            "經手": str(version["opened_by"]),
            why: str(version["opened_reason"]),
            what: str(version[content] or ""),
        }
        for version in versions
    ]
    drawn.add(alt, rows)
    said = any(row[what] for row in rows)
    shown = [
        {
            f"時間、經手、{why}": "　".join(row[name] for name in ("時間", "經手", why)),
            **({what: row[what]} if said else {}),
        }
        for row in rows
    ]
    tables.show(shown, alt=alt, empty="還沒有內容。", noted=False)
