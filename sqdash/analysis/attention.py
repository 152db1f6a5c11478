"""What needs attention in a period: missed or behind with its reason, not judged, not stated, gone stale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqdash import formats, freshness
from sqdash.figures import Applied, Result
from sqdash.indicators import BY_KEY
from sqdash.periods import Period, roc_day

SHORT: Final = ("missed", "partly", "behind")
"""States that fall short of a target: of these a reason and a next step are asked."""
STALE_DAYS = freshness.FIGURE_DAYS
_WORST_FIRST = ("missed", "behind", "partly", "unconfirmed", "unstated", "stale")
# The page on which a group of indicators is looked at and mended.
PAGE_OF_GROUP = {
    "fan_page": "posts",
    "activities": "activities",
    "satisfaction": "service",
    "petitions": "service",
    "checks": "service",
    "information": "service",
    "innovation": "plan",
}


@dataclass(frozen=True, slots=True)
class Item:
    """What is the matter in a few words, the rest in sentences, the units in charge, the page where it is mended."""

    kind: Literal["missed", "behind", "partly", "unconfirmed", "unstated", "stale"]
    key: str
    text: str
    detail: str
    units: tuple[str, ...]
    page: str


def items(
    results: Mapping[str, Result],
    reasons: Mapping[str, tuple[str, ...]],
    next_steps: Mapping[str, tuple[str, ...]],
    units: Mapping[str, tuple[str, ...]],
    period: Period,
    as_of: date,
    *,
    locked: int | None = None,
) -> tuple[Item, ...]:
    """Everything that needs attention, worst first, in the indicators' order. ``locked``: the year, where it is."""
    found = []
    for key, result in results.items():
        item = _item(result, reasons.get(key, ()), next_steps.get(key, ()), units.get(key, ()), period, as_of)
        if item:
            found.append(item)
        if result.unconfirmed:
            found.append(_unconfirmed(result, result.unconfirmed, units.get(key, ()), locked))
    return tuple(sorted(found, key=lambda item: _WORST_FIRST.index(item.kind)))


def _item(
    result: Result,
    reasons: tuple[str, ...],
    next_steps: tuple[str, ...],
    units: tuple[str, ...],
    period: Period,
    as_of: date,
) -> Item | None:
    indicator = BY_KEY[result.key]
    page = "fans" if result.key.startswith("fan") else PAGE_OF_GROUP[indicator.group]
    label = indicator.label
    if result.state in SHORT:
        why = f"原因：{'；'.join(r.rstrip('。') for r in reasons)}。" if reasons else "原因待填。"
        then = f"下一步：{'；'.join(s.rstrip('。') for s in next_steps)}。" if next_steps else "下一步待訂。"
        gap = formats.gap(result)
        return Item(result.state, result.key, f"{label}{formats.state(result)}", f"{gap}。{why}{then}", units, page)
    if result.state == "no_data" and (result.applied or result.missing == "not_stated"):
        rule = formats.target(indicator, result.applied) if result.applied else ""
        text = f"{label}：{period.label}{formats.state(result)}"
        return Item("unstated", result.key, text, rule, units, page)
    # Only what the fan page brings day by day can go stale; a yearly survey is new for a year.
    arriving = indicator.ledger is not None and indicator.ledger.table in ("page_days", "posts")
    if arriving and period.contains(as_of) and result.basis == "computed" and result.as_of:
        age = (as_of - result.as_of).days
        if age > STALE_DAYS:
            text = f"{label}截至 {roc_day(result.as_of)}，已 {age} 天沒有更新"
            return Item("stale", result.key, text, "", units, page)
    return None


def _unconfirmed(result: Result, first: Applied, units: tuple[str, ...], locked: int | None) -> Item:
    """A target that was set for another way of measuring judges nothing, which must not read as if none were set. No
    target of a locked year is taken."""
    indicator = BY_KEY[result.key]
    was, now = (way.label if (way := indicator.way(n)) else "" for n in (first.target.definition, result.definition))
    text = f"{indicator.label}：目標尚未確認適用於{now}"
    unlock = f"先解除 {locked} 年度的鎖定，再" if locked else ""
    detail = (
        f"原{formats.target(indicator, first)} 以{was}訂定，現以{now}計，所以不判斷；"
        f"仍適用時，請{unlock}到「設定」的「目標與規律」以定義版本 {result.definition} 再登錄一次。"
    )
    return Item("unconfirmed", result.key, text, detail, units, "settings")
