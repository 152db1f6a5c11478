"""What is known of a page's token, in words: where it is, how long it holds, what it may not do. Never the token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqdash import periods
from sqdash.errors import SettingsError
from sqdash.freshness import Level
from sqdash.graph.answers import SCOPES
from sqdash.jobs import tokens
from sqdash.settings import GraphSettings

WARN = timedelta(days=14)
"""Time left below which a new token should be fetched."""
PERMISSIONS = SCOPES
"""What each permission that a pull needs is for."""
OF_TOKEN = ("TokenError", "ProofError")
"""Kinds of errors that say the token itself is wrong."""


def permission(name: str) -> str:
    """A permission with what it is for: read_insights（讀取每日數據…）."""
    return f"{name}（{PERMISSIONS[name]}）" if name in PERMISSIONS else name


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """``level`` and ``word`` in short, ``lines`` in full; ``in_file``: whether the page has a token file of ours;
    ``left``: the time until a token that serves ends, None where none is known or there is no end."""

    level: Level
    word: str
    lines: tuple[str, ...]
    in_file: bool = False
    there: bool = True
    left: timedelta | None = None


def facts(
    store: Path, page_id: str, settings: GraphSettings, read: Mapping[str, Any], runs: Sequence[Mapping[str, Any]]
) -> TokenFacts:
    """The state of the page's token as of the last check and the last run."""
    now = periods.now()
    try:
        in_file = tokens.path_of(store, page_id).is_file()
        if tokens.token_of(store, page_id, settings) is None:
            return TokenFacts("none", "未設定", ("這個專頁還沒有權杖，只會有上傳檔案的數據。",), in_file, there=False)
    except SettingsError as error:
        return TokenFacts("stale", "無法使用", (str(error),), in_file=page_id in tokens.pages(store))
    where = "權杖存在資料庫外的檔案，只有本機的擁有者能讀取。" if in_file else "權杖來自環境設定。"
    since = tokens.set_at(store, page_id) if in_file else None
    last = next((run for run in runs if run["state"] != "running"), None)
    if last and last["kind"] in OF_TOKEN and (since is None or _moment(last["ended_at"] or last["started_at"]) > since):
        return TokenFacts("stale", "已失效", (str(last["error"]), where), in_file)
    level, word, lines, left = _checked(read, since, now)
    return TokenFacts(level, word, (*lines, where), in_file, left=left)


def _checked(
    read: Mapping[str, Any], since: datetime | None, now: datetime
) -> tuple[Level, str, list[str], timedelta | None]:
    checked = read["token_checked_at"]
    if not checked or (since and _moment(checked) < since):
        return "aging", "尚未查驗", ["下一次擷取時會向 Meta 查驗到期日與權限。"], None
    at = f"（{periods.roc_moment(_moment(checked))} 查驗）"
    if read["token_valid"] is None:
        why = (
            "到期日與權限未知：Meta 只告知設有應用程式編號與密鑰的程式，"
            "請設定 SQDASH_GRAPH_APP_ID 與 SQDASH_GRAPH_APP_SECRET。"
        )
        return "aging", "可用，到期日未知", [why], None
    if not read["token_valid"]:
        return "stale", "已失效", [f"Meta 表示權杖已無效{at}，請重新取得並保存。"], None
    lines, left = ends(read, now)
    if missing := [permission(name) for name in (read["token_missing"] or "").split()]:
        lines.insert(0, f"缺少權限：{'、'.join(missing)}，請重新取得權杖時勾選。")
    lines.append(f"查驗時間 {periods.roc_moment(_moment(checked))}。")
    if left <= timedelta(0):
        return "stale", "已到期", lines, None
    if left <= WARN:
        return "stale", f"剩 {left.days} 天", lines, left
    if missing:
        return "stale", f"缺 {len(missing)} 項權限", lines, None
    known = left < timedelta.max
    return "fresh", f"有效，剩 {left.days:,} 天" if known else "有效", lines, left if known else None


def ends(read: Mapping[str, Any], now: datetime) -> tuple[list[str], timedelta]:
    """When a token and its access to data end, what ends first said first, and the time until that."""
    told: list[tuple[timedelta, str]] = []
    for name, never, until in (
        ("token_expires_at", "權杖沒有到期日。", "權杖於 {} 到期，剩 {} 天。"),
        ("token_access_until", "資料存取沒有期限。", "資料存取授權到 {}，剩 {} 天，之後須重新授權。"),
    ):
        left = _moment(read[name]) - now if read[name] else timedelta.max
        told.append((left, until.format(*_until(read[name], now)) if read[name] else never))
    told.sort(key=lambda one: one[0])  # what ends first is said first
    return [line for _, line in told], told[0][0]


def _until(text: str, now: datetime) -> tuple[str, str]:
    moment = _moment(text)
    return periods.roc_day(moment.astimezone(periods.TAIPEI).date()), f"{max(0, (moment - now).days):,}"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
