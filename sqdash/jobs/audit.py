"""The audit log for screens and commands: adding a line of something that is no change, reading lines with words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqdash import periods
from sqdash.errors import DataError
from sqdash.patterns import later
from sqdash.store import database, gate
from sqdash.store.queries import audit as queries
from sqdash.store.queries.audit import Choices, Line, Page, Wanted

__all__ = [
    "ACTIONS",
    "Choices",
    "Line",
    "Page",
    "Wanted",
    "action",
    "choices",
    "every",
    "lines",
    "note",
    "said",
    "word",
]

ACTIONS: Mapping[str, str] = {
    "change": "變更資料",
    "import": "匯入或登錄",
    "undo": "還原批次",
    "redo": "恢復批次",
    "strike": "刪除列",
    "cover": "擷取完整的日期",
    "token": "專頁權杖",
    "forget layout": "忘記欄位對應",
    "sign-in": "登入",
    "sign-in failed": "登入失敗",
    "lock": "鎖定",
    "sign-out": "登出",
    "sign-out everywhere": "登出所有裝置",
    "password": "變更密碼",
    "password failed": "變更密碼失敗",
    "reset password": "重設密碼",
    "add account": "新增帳號",
    "change account": "變更帳號",
    "disable account": "停用帳號",
    "enable account": "啟用帳號",
    "desk": "填寫使用者",
    "export": "匯出",
    "download": "下載原始檔",
    "backup": "備份",
    "restore": "還原備份",
    "rotate": "清除逾期紀錄",
}
"""What stands in the log → what a person reads. Keys are kept for good: lines are never written anew."""


_NOUNS = {"batch": "批次", "page": "專頁"}
_SUBJECT = later(r"^(batch|page) (\S+)$")
_COUNTS = later(r"^([0-9]+) added, ([0-9]+) changed")
_UNTIL = later(r"^to (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*\+00:00)$")
_DAYS = later(r"^(\d{4}-\d\d-\d\d) (\d{4}-\d\d-\d\d) (.+)$")
_LEFT = later(r", ([0-9]+) rejected$")


def word(action: str) -> str:
    """The action in words; as it stands where it has none."""
    return ACTIONS.get(action, action)


def action(text: str) -> str:
    """The action that was named as it stands or in words; :class:`DataError` for none of that name."""
    found = next((name for name, told in ACTIONS.items() if text in (name, told)), None)
    if found is None:
        raise DataError(f"稽核紀錄沒有「{text[:40]}」這種動作，請用{'、'.join(ACTIONS.values())}其中之一。")
    return found


def said(line: Line) -> str:
    """What the line is about, in words: 批次 12（posts.csv）：新增 3 列、變更 2 列."""
    subject = _SUBJECT.sub(lambda found: f"{_NOUNS[found[1]]} {found[2]}", line.subject)
    detail = line.detail
    if line.action == "restore":
        subject = line.subject.replace("backup", "備份", 1)
        detail = detail.removeprefix(f"還原{subject}：")  # what the revision is called, too
    if line.action == "rotate":
        subject, detail = f"{line.subject.split()[0]} 筆", _UNTIL.sub(_until, detail)
    if line.action == "cover":
        detail = _DAYS.sub(_days, detail)
    if line.action == "import" and line.file:
        subject += f"（{line.file}）"
    detail = _COUNTS.sub(_counted, detail)
    detail = _LEFT.sub(lambda found: f"、拒收 {int(found[1]):,} 列", detail)
    return "：".join(part for part in (subject, detail) if part)


def _until(found: re.Match[str]) -> str:
    """到 103/01/01 08:00 為止: the moment of the last line that left."""
    return f"到 {periods.roc_moment(datetime.fromisoformat(found[1]))} 為止"


def _days(found: re.Match[str]) -> str:
    """專頁 123 自 103/01/01 至 103/01/31: of which page a batch states which days whole."""
    first, last = (periods.roc_day_of(day) for day in found.groups()[:2])
    return f"專頁 {found[3]} 自 {first} 至 {last}"


def _counted(found: re.Match[str]) -> str:
    """新增 3 列、變更 2 列; what there was none of is left out."""
    counts = [
        f"{word} {int(number):,} 列"
        for word, number in zip(("新增", "變更"), found.groups(), strict=True)
        if number != "0"
    ]
    return "、".join(counts) or "沒有變更"


def note(store: Path, by: str, action: str, subject: str, detail: str = "") -> None:
    """Add a line of something that changed no data: an export, a download, a backup. ``action`` is a key of
    :data:`ACTIONS`; :class:`sqdash.errors.StoreReadOnly` where the store cannot be written."""
    with gate.write(store, by=by, reason=word(action)) as change:
        change.audit(action, subject, detail)
        change.note()


def lines(store: Path, wanted: Wanted | None = None, *, page: int = 1, size: int = 50) -> Page:
    """One page of the lines that are wanted, newest first, and how many there are in all."""
    with database.reading(store) as connection:
        return queries.lines(connection, wanted or Wanted(), page=page, size=size)


def every(store: Path, wanted: Wanted) -> list[Line]:
    """All lines that are wanted, newest first."""
    with database.reading(store) as connection:
        return list(queries.stream(connection, wanted))


def choices(store: Path) -> Choices:
    """Who and which actions are in the log, for filters."""
    with database.reading(store) as connection:
        return queries.choices(connection)
