"""The rota moved on: a month planned, a contribution handed over or back, linked to its post, cancelled; decisions.

Each is one batch with its author and reason, so that the row's versions tell who moved what and when, and undo works.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqdash import periods
from sqdash.contributions import STATE_WORDS, STATES, Contribution, Decision
from sqdash.errors import DataError
from sqdash.jobs import entries
from sqdash.periods import Period
from sqdash.store import database
from sqdash.store.queries import rota as queries
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME

_TABLE, _DECISIONS, _ACTIVITIES = BY_NAME["contributions"], BY_NAME["meeting_decisions"], BY_NAME["activities"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of a month's plan; ``unit`` is a code or a name, ``role`` a person's role and never a name."""

    due_on: date
    unit: str
    title: str = ""
    role: str = ""


def plan(store: Path, month: Period, slots: Sequence[Slot], *, by: str) -> int:
    """Put a month's slots on the rota as one batch; its number.

    :class:`DataError` where a day is outside the month, a line stands twice, or nothing is new.
    """
    for number, slot in enumerate(slots, 1):
        if not month.contains(slot.due_on):
            raise DataError(f"第 {number} 列的供稿日 {periods.roc_day(slot.due_on)} 不在 {month.label}，請改正。")
    texts = [
        {
            "due_on": slot.due_on.isoformat(),
            "unit": slot.unit,
            "title": slot.title,
            "role": slot.role,
            "state": "planned",
        }
        for slot in slots
    ]
    called = f"供稿排程：{month.label}"
    return entries.enter_all(store, _TABLE, texts, reason=f"排定 {month.label}供稿", by=by, called=called)


def move(
    store: Path,
    seen: Contribution,
    to: str,
    *,
    by: str,
    reason: str = "",
    on: date | None = None,
    post: str = "",
) -> int:
    """Hand a contribution over to its next state, or back to the one before (with a reason); the batch.

    ``seen`` is the contribution as the person saw it. Submitting notes the day ``on`` (today unless given) and going
    back to planned forgets it; publishing links the post where one is named (:func:`link`), going back from it unlinks.
    """
    _refuse_jump(seen, to, reason)
    changed: dict[str, str] = {"state": to}
    if to == "submitted" and seen.state == "planned":
        changed["submitted_on"] = (on or periods.today()).isoformat()
    if to == "planned":
        changed["submitted_on"] = ""
    if to == "published" and post.strip():
        changed["post_id"] = _post_id(store, post)
    if seen.state == "published":
        changed["post_id"] = ""
    said = f"供稿狀態：{STATE_WORDS[seen.state]} → {STATE_WORDS[to]}"
    return _change(store, seen, changed, f"{said}（{reason.strip()}）" if reason.strip() else said, by)


def _refuse_jump(seen: Contribution, to: str, reason: str) -> None:
    if to not in STATES:
        raise DataError(f"沒有「{to[:20]}」這種供稿狀態，請從清單選擇。")
    at, there = STATES.index(seen.state), STATES.index(to)
    if there == at:
        raise DataError(f"這篇供稿已是「{STATE_WORDS[to]}」，沒有變更。")
    if abs(there - at) > 1:
        step = STATES[at + 1] if there > at else STATES[at - 1]
        raise DataError(
            f"這篇供稿目前是「{STATE_WORDS[seen.state]}」，不能直接改為「{STATE_WORDS[to]}」，"
            f"請先改為「{STATE_WORDS[step]}」。"
        )
    if there < at and not reason.strip():
        raise DataError("退回前一步須寫明原因，請補上。")


def link(store: Path, seen: Contribution, post: str, *, by: str) -> int:
    """Link a published contribution to its post, named by its id or address; the batch."""
    if seen.state != "published":
        raise DataError(f"這篇供稿目前是「{STATE_WORDS[seen.state]}」，請先改為「已刊登」再連結貼文。")
    return _change(store, seen, {"post_id": _post_id(store, post)}, "連結供稿與貼文", by)


def _post_id(store: Path, text: str) -> str:
    if not text.strip():
        raise DataError("還沒有選貼文，請選一篇，或貼上貼文網址或編號。")
    with database.reading(store) as connection:
        found = queries.post_named(connection, text.strip())
    if found is None:
        raise DataError(
            f"本分局的專頁裡找不到貼文「{' '.join(text.split())[:60]}」，請先匯入貼文，或改貼完整的貼文網址或編號。"
        )
    return found


def describe(store: Path, seen: Contribution, *, title: str, role: str, note: str, by: str) -> int:
    """Change what a slot is about, whose role it is, or its note; the batch."""
    changed = {"title": title, "role": role, "note": note}
    return _change(store, seen, changed, "更改供稿主題、承辦角色或備註", by)


def cancel(store: Path, seen: Contribution, *, reason: str, by: str) -> int:
    """Take a slot off the rota with a reason; its history stays. What is published cannot be cancelled."""
    if seen.state == "published":
        raise DataError("已刊登的供稿不能取消，如果是登錄錯誤，請先退回前一步。")
    return entries.strike(store, _TABLE, [seen.contribution_id], reason=reason, by=by, seen=_as_seen(seen))


def _change(store: Path, seen: Contribution, changed: Mapping[str, str], reason: str, by: str) -> int:
    row = _row(store, _TABLE.name, [seen.contribution_id])
    return entries.enter(store, _TABLE, _texts(row) | dict(changed), reason=reason, by=by, seen=_as_seen(seen))


def _as_seen(seen: Contribution) -> dict[str, str | None]:
    """What of the row the person had on screen."""
    return {
        "due_on": seen.due_on.isoformat(),
        "unit": seen.unit,
        "title": seen.title,
        "role": seen.role,
        "state": seen.state,
        "post_id": seen.post_id,
        "note": seen.note,
        "submitted_on": seen.submitted_on.isoformat() if seen.submitted_on else None,
    }


def _row(store: Path, name: str, key: Sequence[Any]) -> dict[str, Any]:
    table = BY_NAME[name]
    with database.reading(store) as connection:
        found = rows.of_key(connection, table, key)
    if found is None:
        raise DataError(f"這一列{table.label}已被取消或還原，請重新整理。")
    return found


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in row.items()}


# --- review meetings


def hold(store: Path, held_on: date, title: str, *, attendees: str = "", by: str) -> int:
    """Note a review meeting (one activity of that kind); the batch. ``attendees`` is a count, empty for not stated."""
    texts = {
        "kind": "review_meeting",
        "held_on": held_on.isoformat(),
        "title": title.strip() or f"{held_on.month} 月審稿會議",
        "sessions": "1",
        "attendees": attendees,
    }
    return entries.enter(store, _ACTIVITIES, texts, reason="登錄審稿會議", by=by)


def decide(
    store: Path,
    meeting: str,
    decision: str,
    *,
    by: str,
    unit: str = "",
    due_on: date | None = None,
    contribution_id: str = "",
) -> int:
    """Add a decision to a meeting under the next number; the batch."""
    with database.reading(store) as connection:
        number = queries.last_decision(connection, meeting) + 1
    texts = {
        "meeting": meeting,
        "number": str(number),
        "decision": decision,
        "unit": unit,
        "due_on": due_on.isoformat() if due_on else "",
        "contribution_id": contribution_id,
    }
    return entries.enter(store, _DECISIONS, texts, reason="登錄審稿會議決議", by=by, seen={})


def finish(store: Path, seen: Decision, on: date, *, by: str) -> int:
    """Mark a decision done on a day; the batch."""
    row = _row(store, _DECISIONS.name, [seen.meeting, seen.number])
    texts = _texts(row) | {"done_on": on.isoformat()}
    as_seen = {"decision": seen.decision, "done_on": seen.done_on.isoformat() if seen.done_on else None}
    return entries.enter(store, _DECISIONS, texts, reason="審稿會議決議已完成", by=by, seen=as_seen)
