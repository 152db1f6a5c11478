"""撰寫: a text of the report edited with placeholders, shown as it will print, with what contradicts the store."""

from __future__ import annotations

import streamlit as st

from sqdash import periods
from sqdash.errors import DataError
from sqdash.figures import Result
from sqdash.jobs import plan_texts
from sqdash.people import Action
from sqdash.plan_views import Desk
from sqdash.report import binding, contradictions
from sqdash.report.reviews import Standing
from sqdash.report.tree import MethodNode, unlinked
from sqdash.ui import blocks, forms, loads, refusals, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.panels.plan import lead_unit
from sqdash.ui.panels.plan_text import Key, about, history, methods_of, name_of, standing_line


def desk_of(screen: Screen) -> Desk:
    """The desk of the year shown."""
    return loads.desk(screen.store, screen.state, screen.period.roc_year, periods.today())


def draw(screen: Screen) -> None:
    """Choose a text, write it, store it, hand it in; its history below."""
    desk = desk_of(screen)
    if not who.may(Action.WRITE):
        who.without(Action.WRITE)
    elif desk.locked:
        st.info("這個年度已鎖定，文字只能看，不能改；要改請先到「年度」解除鎖定。", icon=":material/lock:")
    figures = "鎖定時的數字" if desk.locked else "資料庫現在的數字"
    st.caption(f"已填寫 {len(desk.texts)} 段。數字請從清單挑選，文字裡是代碼，印出時換成{figures}。")
    key = _chosen(screen, desk)
    if key is None:
        st.info("沒有符合的執行方法，請改選單位。", icon=":material/filter_alt_off:")
        return
    about(desk, key)
    box = f"plan_text_{screen.period.roc_year}_{key[0]}_{key[1]}_{forms.round_()}"
    stored = desk.texts.get(key)
    standing_line(desk.reviews.get(key))
    units = units_of(desk, key)
    closed = desk.locked or not who.may(Action.WRITE, units)
    if closed and not desk.locked and who.may(Action.WRITE):
        st.caption("這段文字由其他單位主辦，您的帳號只能撰寫本單位的成果。")
    began, text = _box(box, stored, closed=closed)
    if not closed:
        _picker(desk, key, box)
    preview(desk, key, text)
    if not closed:
        _actions(screen, key, text, began, desk.reviews.get(key), units)
    history(screen, key)


def _box(box: str, stored: str | None, *, closed: bool) -> tuple[str | None, str]:
    """The text that the writer began from, and what stands in the box now.

    What is typed is kept beside the widget, which is forgotten while another tab is open; what it began from is kept,
    so that a text changed by another meanwhile is not overwritten.
    """
    typed, began = f"{box}_typed", f"{box}_began"
    untouched = st.session_state.get(typed) == (st.session_state.get(began) or "")
    if untouched and st.session_state[began] != stored:  # another changed it while nothing was typed here
        st.session_state[box] = stored or ""
        st.session_state[began] = stored
    st.session_state.setdefault(began, stored)
    st.session_state.setdefault(box, st.session_state.get(typed, stored or ""))
    text = st.text_area("成果文字", key=box, height=220, disabled=closed)
    st.session_state[typed] = text
    return st.session_state[began], text


def _chosen(screen: Screen, desk: Desk) -> Key | None:
    asked = _asked()
    first = None if asked else who.own_unit()  # others' texts can only be read
    unit = lead_unit(screen, desk.tree, key="plan_write_unit", width=240, first=first)
    labels = texts_of(desk, unit)
    if not labels:
        return None
    keys = list(labels)
    chosen: Key | None = st.selectbox(
        "執行方法",
        keys,
        index=keys.index(asked) if asked in keys else 0,
        format_func=labels.__getitem__,
        key=f"plan_write_key_{unit}_{asked}",
        placeholder="請選擇",
    )
    return chosen


def ask(key: Key) -> None:
    """Open this tab with that text: for buttons of other tabs, since a link to the same page moves no tab."""
    st.session_state["plan_tab"] = "撰寫"
    st.session_state["plan_asked"] = key


def _asked() -> Key | None:
    """The text that a button asked for, or that the address names (``text=1.1.1.1-1``)."""
    if "plan_asked" in st.session_state:
        asked: Key = st.session_state["plan_asked"]
        return asked
    owner, _, number = str(st.query_params.get("text", "")).rpartition("-")
    return (owner, int(number)) if owner and number.isascii() and number.isdigit() else None


def texts_of(desk: Desk, unit: str | None = None) -> dict[Key, str]:
    """Every text there is or should be, by key, with what a person reads; those of a unit's methods where one is given.

    A text of a strategy stands with the methods that rest on it, else, as in the report, with its first.
    """
    linked: dict[str, list[Key]] = {}
    for row in desk.plan.result_links:
        linked.setdefault(row["method"], []).append((row["owner"], row["number"]))
    found: dict[Key, str] = {}
    silent = {s["strategy"] for s in desk.plan.strategies if any(owner == s["strategy"] for owner, _ in desk.texts)}
    alone = [key for key in desk.texts if key in unlinked(desk.plan)]
    strategy_of = {row["method"]: row["strategy"] for row in desk.plan.methods}
    for method in desk.tree.methods:
        if unit and unit not in method.unit_codes:
            continue
        own = [key for key in desk.texts if key[0] == method.method] or linked.get(method.method, [])
        strategy = strategy_of[method.method]
        if not own and strategy not in silent:
            own = [(method.method, 1)]
        for key in (*own, *(one for one in alone if one[0] == strategy)):
            found.setdefault(key, _label(desk, method, key))
    return found


def _label(desk: Desk, method: MethodNode, key: Key) -> str:
    standing = desk.reviews.get(key)
    state = standing.words if standing else "尚未填寫"
    several = key[0] != method.method or (key[0], 2) in desk.texts
    return f"{name_of(key, several=several)}　{state}　{method.label}"


def units_of(desk: Desk, key: Key) -> frozenset[str]:
    """The codes of the lead units of the methods whose result the text is: each of them may write it."""
    return frozenset().union(*(method.unit_codes for method in methods_of(desk, key)))


def indicators_of(desk: Desk, key: Key) -> list[Result]:
    """The indicators linked to the text's methods, each once."""
    return list({result.key: result for m in methods_of(desk, key) for result in m.indicators}.values())


def preview(desk: Desk, key: Key, text: str) -> None:
    """The text as it will print, and the numbers in it that say something else than the store."""
    if not text.strip():
        return
    blocks.section("印出的樣子")
    try:
        shown = binding.bind(text, desk.board.results, desk.board.before, desk.facts)
    except DataError as error:
        st.error(tables.plain(error))
        return
    with st.container(border=True):
        st.text(shown)
    for one in contradictions.find(text, indicators_of(desk, key), desk.board.before, desk.facts.values()):
        st.warning(tables.plain(one.sentence), icon=":material/rule:")


def _picker(desk: Desk, key: Key, box: str) -> None:
    """Choose a figure by its name; its placeholder goes to the end of the text."""
    offers = binding.offers(desk.board.results, desk.board.before, desk.facts)
    mine = [result.key for result in indicators_of(desk, key)]
    first = [name for name in offers if name[1:-1].partition(".")[0] in mine]
    names = [*first, *(name for name in offers if name not in first)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "要放進文字的數字",
            names,
            index=None,
            format_func=lambda name: f"{offers[name]}　{name}",
            placeholder="依名稱挑選",
            key=f"plan_pick_{box}",
        )
        st.button("加到文末", on_click=_append, args=(box, chosen), disabled=chosen is None, key="plan_append")


def _append(box: str, placeholder: str | None) -> None:
    st.session_state[box] = f"{st.session_state[box]}{placeholder or ''}"


def _actions(
    screen: Screen, key: Key, text: str, stored: str | None, standing: Standing | None, units: frozenset[str]
) -> None:
    reason = st.text_input("原因（必填）", value="填寫成果", key=f"plan_reason_{key}_{forms.round_()}")
    changed = text != (stored or "")
    with st.container(horizontal=True):
        save = st.button("儲存草稿", type="primary", key="plan_save", disabled=not changed)
        hand = st.button("送審", key="plan_submit", disabled=changed or standing is None or standing.state != "draft")
    if changed:
        st.caption("有未儲存的變更；儲存後才能送審。")
    elif standing is None:
        st.caption("寫好文字後先儲存草稿，再送審。")
    elif standing.state != "draft":
        st.caption(f"內容{standing.words}，沒有未儲存的變更；再修改會回到草稿。")
    if save:
        _save(screen, key, text, stored, reason, units)
    if hand and stored is not None:
        _hand_in(screen, key, stored, units)


def _save(screen: Screen, key: Key, text: str, stored: str | None, reason: str, units: frozenset[str]) -> None:
    year = screen.period.roc_year
    with refusals.told():
        plan_texts.save(screen.store, year, *key, text, seen=stored, reason=reason, by=who.acting(Action.WRITE, units))
        forms.done(f"已儲存 {name_of(key)} 的成果文字。")


def _hand_in(screen: Screen, key: Key, stored: str, units: frozenset[str]) -> None:
    year = screen.period.roc_year
    with refusals.told():
        plan_texts.review(screen.store, year, *key, "submitted", seen=stored, by=who.acting(Action.WRITE, units))
        forms.done(f"已將 {name_of(key)} 的成果文字送審。")
