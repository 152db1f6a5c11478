"""The report's texts: written with placeholders by the lead unit, handed in, approved by research & evaluation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqdash import periods
from sqdash.errors import DataError
from sqdash.jobs import entries
from sqdash.report import binding, reviews
from sqdash.report.reviews import ReviewState
from sqdash.store import asof, database
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME
from sqdash.unseen import CONTROL

LONGEST = 20_000
_TEXTS, _REVIEWS = BY_NAME["result_texts"], BY_NAME["text_reviews"]
# State asked for → the states it may follow, and what a person is told otherwise.
_FOLLOWS: dict[str, tuple[tuple[str, ...], str]] = {
    "submitted": (("draft",), "只有草稿可以送審"),
    "approved": (("submitted",), "只有已送審的文字可以核定，請先送審"),
    "draft": (("submitted", "approved"), "這段文字已經是草稿，不必退回"),
}


def checked(text: str, facts: frozenset[str]) -> str:
    """The text as it may be stored; :class:`DataError` says in one sentence why it may not.

    ``facts``: codes of the year's facts, which a text may bind besides indicators.
    """
    if len(text) > LONGEST:
        raise DataError(f"內容有 {len(text):,} 字，最多 {LONGEST:,} 字，請縮短後再儲存。")
    clean = text.replace("\r\n", "\n").strip()
    if found := CONTROL.search(clean):
        line = clean.count("\n", 0, found.start()) + 1
        place = found.start() - (clean.rfind("\n", 0, found.start()) + 1) + 1
        raise DataError(f"第 {line} 行第 {place} 個字是看不見的控制字元，請刪去後再儲存。")
    if not clean:
        raise DataError("內容是空的，請填寫成果後再儲存。")
    if wrong := binding.unknown(clean, facts):
        raise DataError(f"「{wrong[:40]}」{binding.fault(wrong)}，{binding.remedy(wrong)}")
    return clean


def save(store: Path, year: int, owner: str, number: int, text: str, *, seen: str | None, reason: str, by: str) -> int:
    """Store a text as a new version; its batch.

    ``seen``: the text that the writer began from (None: there was none); where another has changed it meanwhile,
    nothing is stored (:class:`DataError`).
    """
    with asof.reading(store) as connection:
        facts = frozenset(r["fact"] for r in rows.current(connection, BY_NAME["facts"], "year = ?", (year,)))
        standing = _text(connection, year, owner, number)
    clean = checked(text, facts)
    if (standing["text"] if standing else None) != seen:
        raise DataError("這段文字剛被別人改過，沒有覆寫，請複製您的文字、重新整理後再儲存。")
    key = {"year": str(year), "owner": owner, "number": str(number)}
    given = key | {"text": clean, "source_place": (standing or {}).get("source_place") or ""}
    return entries.enter(store, _TEXTS, given, reason=reason, by=by, seen={} if seen is None else {"text": seen})


def review(
    store: Path, year: int, owner: str, number: int, state: ReviewState, *, seen: str, by: str, note: str = ""
) -> int:
    """Hand a text in, approve it or send it back (which needs a note); the batch.

    ``seen``: the words that the reviewer looked at; other words are not what was reviewed (:class:`DataError`).
    """
    with asof.reading(store) as connection:
        text = _text(connection, year, owner, number)
        last = _one(connection, "text_reviews", year, owner, number)
    if text is None or text["text"] != seen:
        raise DataError("這段文字剛被別人改過，請重新整理、看過新的內容再審核。")
    allowed, otherwise = _FOLLOWS[state]
    if reviews.standing(text["text"], last).state not in allowed:
        raise DataError(f"{otherwise}。")
    if state == "draft" and not note.strip():
        raise DataError("退回須寫明意見，請補上。")
    given = {"year": str(year), "owner": owner, "number": str(number), "state": state, "note": " ".join(note.split())}
    given["digest"] = reviews.digest(text["text"])
    why = f"{reviews.STATES[state]}：{given['note']}" if given["note"] else reviews.STATES[state]
    return entries.enter(store, _REVIEWS, given, reason=why[:500], by=by)


def note_figure(store: Path, indicator: str, code: str, text: str, *, by: str) -> int:
    """Store management's note on an indicator's figure of a period (its code, such as 103); the batch."""
    period = periods.parse_period(code)
    given = {"indicator": indicator, "period_from": period.start.isoformat(), "period_to": period.end.isoformat()}
    given["text"] = checked(text, frozenset())
    if found := binding.PLACEHOLDER.search(given["text"]):
        raise DataError(f"註記照字面顯示，「{found[0]}」不會換成數字，請直接寫出內容。")
    return entries.enter(store, BY_NAME["figure_notes"], given, reason="首長註記", by=by)


def _text(connection: database.Connection, year: int, owner: str, number: int) -> dict[str, Any] | None:
    return _one(connection, "result_texts", year, owner, number)


def _one(connection: database.Connection, table: str, year: int, owner: str, number: int) -> dict[str, Any] | None:
    where = "year = ? AND owner = ? AND number = ?"
    return next(rows.current(connection, BY_NAME[table], where, (year, owner, number)), None)
