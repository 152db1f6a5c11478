"""Findings about who gets in and what is set. Of settings only their names are shown, never what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from sqdash import settings as all_settings
from sqdash.errors import SettingsError
from sqdash.jobs import accounts as account_jobs
from sqdash.jobs import alert_digest
from sqdash.jobs.health import Finding, finding
from sqdash.people import Role
from sqdash.settings import AlertSettings, PeopleSettings

_ORIGINS = {"environment": "環境變數", "file": "設定檔"}


def accounts(store: Path) -> Iterator[Finding]:
    """How many accounts can sign in, and how many of them are administrators."""
    all_ = account_jobs.all_accounts(store)
    enabled = [one for one in all_ if one.disabled is None]
    admins = sum(one.role is Role.ADMIN for one in enabled)
    remedy = "" if admins else "執行 python -m sqdash user add 建立一個管理者。"
    if not all_:
        yield _nobody(all_settings.load().people, remedy)
        return
    found = f"可登入 {len(enabled):,} 個，其中管理者 {admins:,} 個；停用 {len(all_) - len(enabled):,} 個"
    one = "建議至少有兩個管理者，以免一人離職或忘記密碼時無人能管理。" if admins == 1 else ""
    yield finding("帳號", found, bad=remedy, notice=one)


def _nobody(people: PeopleSettings, remedy: str) -> Finding:
    """Without an account the store is for one desk, unless the settings say that others are to come."""
    if people.sign_in or people.trusted_user_header:
        return finding("帳號", "已設定要登入，但還沒有帳號，儀表板不會啟動", bad=remedy)
    if people.allowed_hosts:
        return finding("帳號", "設定了同仁連線的主機名稱，但還沒有帳號，其他電腦連不上", notice=remedy)
    return finding("帳號", "沒有帳號，只能在這台電腦上使用（不需登入）")


def settings(store: Path) -> Iterator[Finding]:
    """Which settings are in force and where each comes from; whether files that hold secrets can be used."""
    given = all_settings.named()
    parts = [
        f"{label}：{'、'.join(names)}"
        for origin, label in _ORIGINS.items()
        if (names := [name for name, where in given.items() if where == origin])
    ]
    yield finding("設定", "；".join([*parts, "其餘用預設值" if parts else "全部用預設值"]))
    found = all_settings.load()
    if found.graph.token_file:
        yield _readable("權杖檔", lambda: found.graph.token)
    unread = False
    if found.alerts.password_file:
        yield (readable := _readable("郵件密碼檔", lambda: found.alerts.password))
        unread = not readable.good
    yield from _telling(found.alerts, ("webhook",) if unread else tuple(alert_digest.CHANNELS))


def _telling(alerts: AlertSettings, channels: Sequence[str]) -> Iterator[Finding]:
    """What of the settings keeps digests of alerts from being sent; otherwise only the first that is due would tell."""
    looks: list[tuple[str, Callable[[], object]]] = [("靜音時段", lambda: alert_digest.quiet_of(alerts))]
    looks += [(alert_digest.CHANNELS[name], partial(alert_digest.channel_of, name, alerts)) for name in channels]
    for label, look in looks:
        try:
            look()
        except SettingsError as error:
            yield finding(label, str(error), bad="依訊息改正設定；改好之前，提醒的摘要送不出去。")


def _readable(label: str, read: Callable[[], object]) -> Finding:
    try:
        read()
    except SettingsError as error:
        return finding(label, str(error), bad="依訊息處理；檔案內容不會顯示在任何畫面或紀錄裡。")
    return finding(label, "可以讀取")
