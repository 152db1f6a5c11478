"""The digest of alerts: what it says, when it goes, and to whom; at most one a Taipei day and channel.

The day is claimed in the store before anything is sent, so that two processes never send twice; a process that dies
while sending leaves that day's digest as it is, and its alerts go with the next day's. What failed is tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from sqdash import periods
from sqdash.analysis.alerts import LABELS, SEVERITIES
from sqdash.errors import SettingsError, SqdashError
from sqdash.jobs import alert_mail
from sqdash.settings import AlertSettings
from sqdash.store import alerts as log_of
from sqdash.store import database, gate
from sqdash.store.queries import alerts as queries
from sqdash.store.queries import base
from sqdash.store.queries.alerts import Standing

CHANNELS = {"mail": "電子郵件", "webhook": "通知網址"}
QUIET = "20:00-08:00"
_OFFICE = "臺南分局服務品質儀表板"
_BY = "提醒"
_MOST = 50
"""Alerts written out in one digest; the others are counted."""
_QUIET = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\s*[-–~]\s*([01]?[0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one channel fared, in one sentence."""

    channel: str
    sent: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel in force: ``to`` is what may be shown of where it goes; ``hand_over`` takes subject, text and
    lines and gives what to know besides, mostly nothing."""

    name: str
    to: str
    hand_over: Callable[[str, str, list[dict[str, Any]]], str]


@dataclass(frozen=True, slots=True)
class Quiet:
    """Taipei hours in which nothing is sent; None: there are none. May go over midnight."""

    start: time | None
    end: time | None

    def holds(self, now: datetime) -> bool:
        """Whether nothing may be sent now (an aware moment)."""
        if self.start is None or self.end is None or self.start == self.end:
            return False
        at = now.astimezone(periods.TAIPEI).time()
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    @property
    def text(self) -> str:
        """As people read it."""
        if self.start is None or self.end is None or self.start == self.end:
            return "沒有靜音時段"
        return f"{self.start:%H:%M} 至 {self.end:%H:%M} 不發送"


def quiet_of(settings: AlertSettings) -> Quiet:
    """The quiet hours that are set, 20:00–08:00 without any; ``none`` for none. :class:`SettingsError` for others."""
    text = settings.quiet_hours or QUIET
    if text.lower() == "none":
        return Quiet(None, None)
    found = _QUIET.fullmatch(text)
    if not found:
        raise SettingsError("靜音時段須寫成例如 20:00-08:00，不要時段請寫 none，請檢查 SQDASH_QUIET_HOURS。")
    hours = [int(part) for part in found.groups()]
    return Quiet(time(hours[0], hours[1]), time(hours[2], hours[3]))


def channel_of(name: str, settings: AlertSettings) -> Channel | None:
    """The channel of that name, None where it is not set; :class:`SettingsError` where it cannot be used."""
    if name == "mail":
        if (mail := alert_mail.mail_of(settings)) is None:
            return None
        to = f"{mail.host}，收件人 {len(mail.recipients)} 位"
        return Channel(name, to, lambda subject, text, _: mail.send(subject, text))
    if settings.webhook is None:
        return None
    from sqdash.jobs import alert_webhook  # loads requests: only where there is an address

    if (hook := alert_webhook.webhook_of(settings)) is None:
        return None
    return Channel(name, hook.host, lambda subject, text, lines: hook.send(_as_json(subject, text, lines)))


def _as_json(subject: str, text: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """``text`` is what chat services show; ``alerts`` is for programs."""
    return {"title": subject, "text": f"{subject}\n{text}", "alerts": lines}


def send_due(store: Path, settings: AlertSettings, now: datetime | None = None) -> list[Outcome]:
    """Send each channel's digest where there is something new, the hour allows it and today's has not gone."""
    moment = now or periods.now()
    try:
        if quiet_of(settings).holds(moment):
            return []
    except SettingsError as error:
        return [Outcome("mail", False, str(error))]
    with database.reading(store) as connection:
        if base.kind(connection) == "demonstration":
            return []
    return [outcome for name in CHANNELS if (outcome := _send(store, name, settings, moment))]


def none_due(store: Path, settings: AlertSettings) -> str:
    """Why :func:`send_due` sends nothing and fails nowhere, in one sentence."""
    quiet = quiet_of(settings)
    channels = [name for name in CHANNELS if channel_of(name, settings)]
    with database.reading(store) as connection:
        if base.kind(connection) == "demonstration":
            return "示範資料庫不發送摘要。"
        if not channels:
            return "還沒有設定電子郵件或通知網址，請設定 SQDASH_SMTP_HOST 或 SQDASH_WEBHOOK_URL。"
        untold = any(queries.standing(connection, untold_on=name) for name in channels)
    if not untold:
        return "沒有還沒通知過的提醒。"
    if quiet.holds(periods.now()):
        return f"現在是靜音時段（臺北時間 {quiet.text}），過了才發送。"
    return "今天的摘要已經發送過，新的提醒隨下一天的摘要發送。"


def _send(store: Path, name: str, settings: AlertSettings, now: datetime) -> Outcome | None:
    try:
        channel = channel_of(name, settings)
    except SqdashError as error:
        return Outcome(name, False, str(error))
    if channel is None:
        return None
    day, at = now.astimezone(periods.TAIPEI).date().isoformat(), now.isoformat(timespec="seconds")
    with database.reading(store) as connection:
        today = queries.digest(connection, day, name)
        if not queries.standing(connection, untold_on=name) or (today and today["state"] != "failed"):
            return None
    with gate.write(store, by=_BY, reason="發送提醒") as change:  # what is told is read where the day is claimed
        new, standing = queries.standing(change.connection, untold_on=name), queries.standing(change.connection)
        if not new or not log_of.begin_digest(change, day, name, len(new), at):
            return None
    outcome = _hand_over(channel, new, len(standing) - len(new), now)
    with gate.write(store, by=_BY, reason="發送提醒") as change:
        log_of.end_digest(change, day, name, new, sent=outcome.sent, outcome=outcome.sentence)
    return outcome


def _hand_over(channel: Channel, new: Sequence[Standing], others: int, now: datetime) -> Outcome:
    day = periods.roc_day(now.astimezone(periods.TAIPEI).date())
    try:
        note = channel.hand_over(
            f"{_OFFICE}：{len(new)} 則提醒（{day}）", body(new, others), [as_dict(one) for one in new]
        )
    except SqdashError as error:
        return Outcome(channel.name, False, str(error))
    except Exception as error:  # the day is claimed: how it ended must be noted; nothing is quoted
        return Outcome(
            channel.name, False, f"{CHANNELS[channel.name]}發送時發生未預期的錯誤（{type(error).__name__}）。"
        )
    return Outcome(channel.name, True, f"已由{CHANNELS[channel.name]}送出 {len(new):,} 則提醒{note and f'，{note}'}。")


def body(new: Sequence[Standing], others: int) -> str:
    """The digest in words: the new alerts by how grave they are, and how many older ones still stand."""
    parts = []
    for severity, word in SEVERITIES.items():
        lines = [f"・{one.said.text}" for one in new[:_MOST] if one.said.severity == severity]
        if lines:
            parts.append(f"【{word}】\n" + "\n".join(lines))
    if len(new) > _MOST:
        parts.append(f"另有 {len(new) - _MOST:,} 則，請到儀表板的設定查看提醒紀錄。")
    if others:
        parts.append(f"先前通知過、仍未解除的提醒還有 {others:,} 則。")
    return "\n\n".join(parts) + "\n"


def as_dict(one: Standing) -> dict[str, Any]:
    """An alert as programs read it."""
    said = one.said
    return {
        "rule": said.rule,
        "label": LABELS[said.rule],
        "severity": said.severity,
        "text": said.text,
        "page": said.page,
        "since": one.first_at,
    }


def attempt(name: str, settings: AlertSettings) -> Outcome:
    """Send a test over a channel, whatever the hour; how it ended in one sentence."""
    try:
        channel = channel_of(name, settings)
        if channel is None:
            return Outcome(name, False, f"還沒有設定{CHANNELS[name]}，請在環境設定中填寫後再試。")
        note = channel.hand_over(f"{_OFFICE}：試寄", "這是試寄，收到表示提醒可以送達。\n", [])
    except SqdashError as error:
        return Outcome(name, False, str(error))
    return Outcome(name, True, f"已由{CHANNELS[name]}送出試寄（{channel.to}）{note and f'，{note}'}，請確認收到。")
