"""What would reach the target of a mean per post, worked out from the posts there are and never invented.

Everything here is arithmetic on observed groups: what the mean would be if all posts did as well as one group does,
and how many posts of that group it would take. That a group keeps its mean when there are more of it is an assumption,
and every sentence says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqdash import formats
from sqdash.analysis import targets
from sqdash.analysis.posts import LEAST, Group

ASSUMED = "（假設各類維持現在的平均）"


@dataclass(frozen=True, slots=True)
class Goal:
    """What the mean should reach: ``comparator`` is >= or >."""

    comparator: str
    value: float

    def met(self, mean: float) -> bool:
        """Whether a mean meets the target."""
        return targets.meets(mean, self.comparator, self.value)


@dataclass(frozen=True, slots=True)
class Mix:
    """How many of ``n`` posts of the group ``label`` would bring the mean to the goal (``needed``; None: not even all
    of them), how many there are now, and the group's own mean."""

    label: str
    mean: float
    now: int
    needed: int | None
    n: int


def mean_of(groups: Sequence[Group]) -> float | None:
    """Total over total; None without a figure."""
    n = sum(group.n for group in groups)
    return sum(group.total for group in groups) / n if n else None


def best(groups: Sequence[Group]) -> Group | None:
    """The named group with the highest mean among those with enough posts; None where fewer than two have."""
    enough = [group for group in groups if group.label is not None and group.n >= LEAST]
    return max(enough, key=lambda g: (g.total / g.n, g.n)) if len(enough) > 1 else None


def mix(groups: Sequence[Group], goal: Goal) -> Mix | None:
    """The change of mix that reaches the goal with the best group; None where no group stands out.

    With k of n posts in the best group (mean b) and the others as they are (mean o), the mean is (k·b + (n−k)·o) ÷ n;
    ``needed`` is the smallest whole k for which it meets the goal. b is the highest mean of any mix of the groups with
    enough posts, so where b misses the goal no mix of them reaches it.
    """
    top = best(groups)
    if top is None or top.label is None:
        return None
    n = sum(group.n for group in groups)
    own = top.total / top.n
    rest = [group for group in groups if group is not top]
    others = mean_of(rest)
    if others is None or others >= own:
        return None
    if not goal.met(own):
        return Mix(top.label, own, top.n, None, n)
    needed = max(0, math.floor((goal.value - others) / (own - others) * n) - 1)
    while not goal.met((needed * own + (n - needed) * others) / n):
        needed += 1
    return Mix(top.label, own, top.n, needed, n)


def gap_sentence(mean: float, n: int, goal: Goal, unit: str, *, reported: bool = False) -> str:
    """以 287 篇計算，平均 88.3 人，每篇還差 11.7 人以上. Only for a goal that is missed; ``reported`` where a reported
    value counts and the posts stand beside it."""
    more = "超過" if goal.comparator == ">" else "至少"
    rest = goal.value - mean
    amount = f" {formats.number(rest, 1)}" if rest >= 0.05 else "不到 0.1"
    over = f"以已登錄的 {n:,} 篇計算（陳報值另計）" if reported else f"以 {n:,} 篇計算"
    return (
        f"{over}，平均 {formats.number(mean, 1)} {unit}，目標{more} {formats.number(goal.value, 1)}，"
        f"每篇還差{amount} {unit}{'以上' if goal.comparator == '>' else ''}。"
    )


def mix_sentence(dimension: str, found: Mix, goal: Goal, unit: str) -> str:
    """What the best group of a dimension would bring, and how many posts of it would reach the goal."""
    name = f"「{found.label}」"
    like = f"若各篇都像{dimension}中最好的{name}（{found.now:,} 篇），平均會是 {formats.number(found.mean, 1)} {unit}"
    if found.needed is None:
        word = "也不會超過" if goal.comparator == ">" else "仍不到"
        return f"{like}，{word} {formats.number(goal.value, 1)}；現有各類{dimension}怎麼調配都達不到目標{ASSUMED}。"
    return f"{like}；{found.n:,} 篇中{name}由 {found.now:,} 篇增為 {found.needed:,} 篇，其餘照舊，就達到目標{ASSUMED}。"


@dataclass(frozen=True, slots=True)
class Rest:
    """What the posts still to come must average: ``posts`` of them at the rhythm so far, ``mean`` each."""

    posts: int
    mean: float


def rest(n: int, total: int, goal: Goal, days_done: int, days_left: int) -> Rest | None:
    """The mean that the posts still to come need, at the rhythm so far; None where none are to be expected.

    m = round(n ÷ days done × days left) more posts; they need (goal · (n + m) − total) ÷ m each.
    """
    more = round(n / days_done * days_left) if days_done > 0 else 0
    if more <= 0:
        return None
    return Rest(more, max(0.0, (goal.value * (n + more) - total) / more))


def rest_sentence(found: Rest, goal: Goal, unit: str) -> str:
    """照目前步調期末前約再有 40 篇，這些篇平均要超過 130.5 人才追得上."""
    more = "超過" if goal.comparator == ">" else "達"
    return (
        f"照目前步調，期末前約再有 {found.posts:,} 篇，這些篇平均要{more} "
        f"{formats.number(math.ceil(found.mean * 10) / 10, 1)} {unit}才追得上。"
    )
