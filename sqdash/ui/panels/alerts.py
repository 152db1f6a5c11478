"""Blocks about alerts: those that stand, for the overview, and in 設定 the rules, the channels and the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from sqdash import formats, periods, settings
from sqdash.analysis.alerts import LABELS, SEVERITIES, Rule, in_force
from sqdash.errors import SqdashError
from sqdash.jobs import alert_digest, alerts, entries
from sqdash.people import Action
from sqdash.records import Alert, Severity
from sqdash.tables import BY_NAME
from sqdash.ui import blocks, folds, loads, opened, refusals, tables, who
from sqdash.ui.forms import done, moment, round_
from sqdash.ui.frame import Screen
from sqdash.ui.palette import ALERT_LOOK

_RULES = BY_NAME["alert_rules"]
_DIGEST = {"sending": "▲ 未確認送達", "sent": "✔ 已送出", "failed": "✖ 未送出"}


def standing(screen: Screen) -> tuple[Alert, ...]:
    """The alerts that are open now."""
    return tuple(one.said for one in loads.standing_alerts(screen.store))


def tab(screen: Screen) -> None:
    """Rules, channels and log."""
    _rules(screen)
    _channels(screen)
    _log(screen)


# --- rules


def _rules(screen: Screen) -> None:
    blocks.section("提醒規則")
    stand = {row["rule"]: row for row in loads.current_rows(screen.store, screen.state, _RULES.name)}
    found = in_force(stand.values())
    tables.show(
        [
            {
                "規則": rule.label,
                "狀態": "✔ 啟用" if rule.enabled else "– 停用",
                "門檻": _threshold(rule),
                "說明": rule.asks,
            }
            for rule in found.values()
        ],
        whole=("規則", "狀態", "門檻"),
        alt="每項提醒規則的狀態、門檻與說明",
    )
    if not who.may(Action.RULES):
        who.without(Action.RULES)
        return
    place, asked = folds.fold("變更規則", "alert_rules", icon=":material/tune:")
    if not asked:
        return
    with place:
        afresh = "alert_rule" not in st.session_state
        key = st.selectbox("規則", list(found), format_func=LABELS.__getitem__, key="alert_rule", placeholder="請選擇")
        _rule_form(screen, key, stand.get(key), afresh=afresh)


def _threshold(rule: Rule) -> str:
    return "—" if rule.threshold is None else formats.with_unit(f"{rule.threshold:g}", rule.unit)


def _rule_form(screen: Screen, key: str, stands: Mapping[str, Any] | None, *, afresh: bool) -> None:
    """The rule as the person opened it, with what is set of it (None: nothing)."""
    row = {name: stands[name] for name in _RULES.names} if stands else {}
    seen = opened.look("alert_rule", f"{key}_{round_()}", row, afresh=afresh, of="這項規則", shown="上表")
    rule, mark = in_force([seen.row] if seen.row else [])[key], seen.key
    with st.form(key=f"alert_rule_{mark}", border=False):
        enabled = st.toggle("啟用這項提醒", value=rule.enabled, key=f"alert_on_{mark}")
        threshold = ""
        if rule.threshold is not None:
            threshold = st.text_input(
                f"門檻（{rule.unit}）：{rule.asks}", value=f"{rule.threshold:g}", key=f"alert_threshold_{mark}"
            )
        note = st.text_input(
            "備註（可空白）",
            value=seen.row.get("note") or "",
            key=f"alert_note_{mark}",
            placeholder="例如：年底前暫停",
        )
        if st.form_submit_button("儲存規則", type="primary"):
            texts = {"enabled": "1" if enabled else "0", "threshold": threshold, "note": note}
            _save(screen, rule, texts, seen.row)


def _save(screen: Screen, rule: Rule, texts: Mapping[str, str], seen: Mapping[str, Any] | None) -> None:
    """``seen`` as in :func:`sqdash.jobs.entries.enter`."""
    with refusals.told():
        entries.enter(
            screen.store,
            _RULES,
            {"rule": rule.key, **texts},
            reason="調整提醒規則",
            by=who.acting(Action.RULES),
            seen=seen,
        )
        alerts.evaluate(screen.store, settings.load().graph)
        done(f"已儲存「{rule.label}」的提醒規則。")


# --- channels


def _channels(screen: Screen) -> None:
    blocks.section("發送管道")
    given = settings.load().alerts
    with refusals.told():
        st.caption(f"每天每個管道最多一則摘要，只寫新的提醒；{alert_digest.quiet_of(given).text}（臺北時間）。")
    if screen.board.kind == "demonstration":
        st.caption("示範資料庫不發送摘要。")
    for name, label in alert_digest.CHANNELS.items():
        _channel(name, label, given)
    tables.show(
        [
            {
                "日期": periods.roc_day_of(row["day"]),
                "管道": alert_digest.CHANNELS[row["channel"]],
                "狀態": _DIGEST[row["state"]],
                "則數": f"{row['count']:,}",
                "結果": row["outcome"] or "",
            }
            for row in loads.digests(screen.store)
        ],
        right=("則數",),
        whole=("日期", "管道", "狀態", "則數"),
        alt="最近發送的摘要：日期、管道、狀態、則數與結果",
        empty="還沒有發送過摘要。",
    )


def _channel(name: str, label: str, given: settings.AlertSettings) -> None:
    try:
        channel = alert_digest.channel_of(name, given)
    except SqdashError as error:
        st.warning(tables.plain(f"{label}：{error}"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if channel is None:
            st.markdown(f":gray[–] {label}未設定", width="content")
            return
        st.markdown(f":green[✔] {tables.plain(f'{label}：{channel.to}')}", width="content")
        asked = who.may(Action.RULES) and st.button(f"試寄{label}", icon=":material/send:", key=f"alert_try_{name}")
    if asked:
        _try(name, given)


def _try(name: str, given: settings.AlertSettings) -> None:
    with refusals.told():
        who.acting(Action.RULES)
        outcome = alert_digest.attempt(name, given)
        (st.success if outcome.sent else st.error)(tables.plain(outcome.sentence))


# --- log


def _log(screen: Screen) -> None:
    blocks.section("提醒紀錄")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rule = st.selectbox(
            "篩選規則",
            ["", *LABELS],
            format_func=lambda key: LABELS.get(key, "全部規則"),
            key="alert_log_rule",
            placeholder="請選擇",
            width=220,
        )
        only_open = st.toggle("只看未解除", key="alert_log_open")
        if who.may(Action.RULES) and st.button("立即檢查", icon=":material/refresh:", key="alert_check"):
            _check(screen)
    rows = loads.alert_log(screen.store, rule or None)
    tables.show(
        [_log_row(row) for row in rows if not (only_open and row["cleared_at"])],
        alt="提醒紀錄：規則與等級、內容、起迄與通知過的管道",
        empty="沒有符合的提醒。",
    )


def _check(screen: Screen) -> None:
    with refusals.told():
        who.acting(Action.RULES)
        moved = alerts.evaluate(screen.store, settings.load().graph)
        done(f"檢查完成：新增 {len(moved.arose):,} 則、解除 {len(moved.went):,} 則。")


def _log_row(row: Mapping[str, Any]) -> dict[str, str]:
    severity: Severity = row["severity"]
    told = [alert_digest.CHANNELS[name] for name in (row["told"] or "").split(",") if name]
    times = [f"{moment(row['first_at'])} 起"]
    times.append(f"{moment(row['cleared_at'])} 解除" if row["cleared_at"] else "未解除")
    if told:
        times.append(f"已由{'、'.join(told)}通知")
    return {
        "提醒": f"{ALERT_LOOK[severity][0]} {LABELS.get(row['rule'], row['rule'])}（{SEVERITIES[severity]}）",
        "內容": row["text"],
        "時間": "，".join(times),
    }
