"""完整性: what is missing before the report is printed, by unit, each a link to where it is mended."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from sqdash import periods
from sqdash.analysis.completeness import KINDS, Completeness, Finding
from sqdash.indicators import BY_KEY
from sqdash.jobs import entries
from sqdash.people import Action
from sqdash.tables import BY_NAME
from sqdash.tables.words import EXPLANATIONS
from sqdash.ui import blocks, choices, drawn, forms, frame, loads, refusals, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.panels import plan_text, plan_write

_LOOK = {
    "no_text": ("✖", "red"),
    "unbound": ("✖", "red"),
    "unheld": ("✖", "red"),
    "gap": ("◔", "gray"),
    "no_reason": ("✖", "red"),
    "no_next_step": ("▼", "orange"),
    "unstated": ("◔", "gray"),
    "stale": ("▼", "orange"),
    "outdated": ("▼", "orange"),
}
GO = {
    "no_text": "填寫",
    "unbound": "改正文字",
    "gap": "檢視文字",
    "outdated": "檢視文字",
    "unstated": "登錄",
    "stale": "更新",
}
"""What the link of a finding is called; a reason or next step is written in the form of the same tab."""
_MOST = 20


def draw(screen: Screen) -> None:
    """Counts, then each kind of finding with its links; the form for reasons and next steps below."""
    found = loads.completeness(screen.store, screen.state, screen.period.roc_year, periods.today())
    names = loads.unit_names(screen.store, screen.state, screen.period.end.isoformat())
    asked = {code for one in found.findings for code in one.unit_codes}
    unit = choices.optional(
        "主辦單位",
        {code: name for code, name in names.items() if code in asked},
        begins=who.own_unit(),  # what others owe is one choice away
        placeholder="全部單位",
        key="plan_check_unit",
        width=240,
    )
    shown = [one for one in found.findings if unit is None or unit in one.unit_codes]
    _summary(found, shown)
    drawn.add("待補事項", [{"種類": KINDS[one.kind], "事項": one.text, "主辦": "、".join(one.units)} for one in shown])
    several = {one.owner for one in found.findings if one.number and one.number > 1}
    for kind, label in KINDS.items():
        of_kind = [one for one in shown if one.kind == kind]
        if of_kind:
            blocks.section(f"{label}（{len(of_kind)}）")
        for one in of_kind[:_MOST]:
            _finding(screen, one, several)
        if len(of_kind) > _MOST:
            with st.expander(f"其餘 {len(of_kind) - _MOST} 件"):
                for one in of_kind[_MOST:]:
                    _finding(screen, one, several)
    if loads.desk(screen.store, screen.state, screen.period.roc_year, periods.today()).locked:
        st.info(
            "這個年度已鎖定，文字、原因與下一步都不能再改；要補請先到「年度」解除鎖定。補登的數字不影響這份報告。",
            icon=":material/lock:",
        )
    else:
        _explain(screen, shown)


def _summary(found: Completeness, shown: list[Finding]) -> None:
    words = f"{found.methods} 項執行方法，已有成果 {found.filled} 項"
    whole = f"全部單位共 {len(found.findings)} 件，" if len(shown) < len(found.findings) else ""
    if shown:
        st.markdown(f"{lacking(len(shown))}　{whole}{words}")
    else:
        st.markdown(f":green[✔ 沒有待補的事項]　{whole}{words}")


def lacking(number: int) -> str:
    """The mark of a year that lacks so many things, wherever it is shown."""
    return f":orange[▼ 還有 {number:,} 件待補]"


def _finding(screen: Screen, one: Finding, several: Collection[str | None]) -> None:
    """What is missing and the button or link to where it is mended; ``several`` are owners with more than one text,
    whose buttons would else read alike."""
    icon, color = _LOOK[one.kind]
    with st.container(gap=None):
        st.markdown(f":{color}[{icon}] {tables.plain(one.text)}")  # a link's label would be cut on a narrow screen
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(tables.plain(f"主辦：{'、'.join(one.units) or '未填'}"), width="content")
            if one.owner and one.number is not None:
                _to_text(one, (one.owner, one.number), several)
            elif one.page != "plan" and frame.may_open(one.page):  # the others are mended by the form below
                indicator = BY_KEY[one.key or ""]
                form = forms.typed(indicator) if one.page == "upload" else {}
                label = f"{GO[one.kind]}：{indicator.label}"
                frame.link(one.page, label, icon="arrow_forward", period=screen.period.code, **form)


def _to_text(one: Finding, key: plan_text.Key, several: Collection[str | None]) -> None:
    """To the text that is to be mended, for those who write."""
    if who.may(Action.WRITE):
        st.button(
            tables.plain(f"{GO[one.kind]}：{plan_text.name_of(key, several=key[0] in several)}"),
            key=f"plan_go_{one.kind}_{key[0]}_{key[1]}_{one.text}",
            on_click=plan_write.ask,
            args=(key,),
        )


def _explain(screen: Screen, shown: list[Finding]) -> None:
    """A reason or next step of a target that was missed."""
    end = periods.year_period(screen.period.roc_year).end.isoformat()
    asked = dict.fromkeys(one.key for one in shown if one.kind in ("no_reason", "no_next_step") and one.key)
    keys = [key for key in asked if who.may(Action.EXPLAIN, *forms.leads(screen, key, end))]
    if not keys:
        return
    blocks.section("填寫原因或下一步")
    with st.form(key=f"plan_explain_{forms.round_()}", border=True):
        key = st.selectbox("指標", keys, format_func=lambda k: BY_KEY[k].label, placeholder="請選擇")
        kinds = dict(EXPLANATIONS)
        first = "reason" if any(one.kind == "no_reason" for one in shown) else "next_step"
        kind = st.radio(
            "種類", list(kinds), index=list(kinds).index(first), format_func=kinds.__getitem__, horizontal=True
        )
        text = st.text_area("內容", height=90, key=f"plan_explain_text_{forms.round_()}")
        if st.form_submit_button("儲存", type="primary"):
            with refusals.told():
                _store(screen, key, kind, text)
                forms.done(f"已儲存{BY_KEY[key].label}的{dict(EXPLANATIONS)[kind]}。")


def _store(screen: Screen, key: str, kind: str, text: str) -> None:
    period = periods.year_period(screen.period.roc_year)
    days = {"period_from": period.start.isoformat(), "period_to": period.end.isoformat()}
    known = loads.current_rows(screen.store, screen.state, "explanations")
    alike = [r["ordinal"] for r in known if (r["indicator"], r["kind"]) == (key, kind) and days.items() <= r.items()]
    given = {"indicator": key, "kind": kind, "ordinal": str(max(alike, default=0) + 1), "text": text} | days
    entries.enter(
        screen.store,
        BY_NAME["explanations"],
        given,
        reason="補填原因與下一步",
        by=who.acting(Action.EXPLAIN, *forms.leads(screen, key, days["period_to"])),
        seen={},
        units=who.reach(),
    )
