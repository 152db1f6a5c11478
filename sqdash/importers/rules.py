"""Rules that the values of one row must keep together; the store's schema holds them too.

They are checked here as well, so that a preview names the row before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqdash.records import Value

# Table → (first, last, what a person is told): the first must not come after the last.
_ORDERED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "readings": (
        ("low", "high", "的下限高於上限，請對調。"),
        ("period_from", "period_to", "的期間結束早於開始，請對調。"),
    ),
    "facts": (("low", "high", "的下限高於上限，請對調。"),),
    "targets": (("valid_from", "valid_to", "的失效日早於生效日，請改正。"),),
    "explanations": (("period_from", "period_to", "的期間結束早於開始，請對調。"),),
    "ledger_marks": (("period_from", "period_to", "的期間結束早於開始，請對調。"),),
    "activities": (("held_on", "ended_on", "的結束日早於開始日，請對調。"),),
    "surveys": (("held_from", "held_to", "的調查迄日早於起日，請對調。"),),
}
_PERCENT = {"surveys": "satisfaction"}
_PAST = {
    "petitions": "month",
    "checks": "checked_on",
    "contributions": "submitted_on",
    "meeting_decisions": "done_on",
}
"""Columns of what has happened: a day or month to come is a slip."""
_FARTHEST = "是一年以後的日期，請檢查年份。"


def has(table: str) -> bool:
    """Whether the table has any rule."""
    return table in _ORDERED or table in _PAST


def exceeding(table: str, columns: Mapping[str, Sequence[Value]]) -> list[int]:
    """Places of the months in which more petitions were closed than received.

    Cases of an earlier month may be among them, so such a month is worth a look and nothing more.
    """
    if table != "petitions":
        return []
    pairs = zip(columns["received"], columns["closed"], strict=True)
    return [i for i, (a, b) in enumerate(pairs) if isinstance(a, int) and isinstance(b, int) and b > a]


def broken(table: str, row: Mapping[str, Value], today: date) -> tuple[str, str] | None:
    """The column to look at and the reason of the first rule that the row breaks; ``today`` is the Taipei day."""
    column = _PAST.get(table, "")
    if (day := str(row.get(column) or "")) > today.isoformat()[: len(day)]:
        return column, "還沒到，請檢查年份與月份。"
    if table == "activities" and str(row.get("held_on") or "") > (today + timedelta(days=366)).isoformat():
        return "held_on", _FARTHEST
    for first, last, why in _ORDERED.get(table, ()):
        a, b = row.get(first), row.get(last)
        if a is not None and b is not None and a > b:  # type: ignore[operator]
            return last, why.removeprefix("的")
    if table == "readings" and all(row.get(name) is None for name in ("value", "low", "high")):
        return "value", "沒有值也沒有上下限，請至少填一個。"
    if isinstance(limit := row.get("threshold"), int | float) and limit < 0:
        return "threshold", "門檻不可小於 0，請改正。"
    if table == "contributions" and row.get("state") == "planned" and row.get("submitted_on"):
        return "submitted_on", "狀態仍是「已排定」，請改狀態，或清空實際供稿日。"
    share = row.get(_PERCENT.get(table, ""))
    if isinstance(share, int | float) and not 0 <= share <= 100:
        return _PERCENT[table], "滿意度須在 0 至 100 之間，請改正。"
    return None
