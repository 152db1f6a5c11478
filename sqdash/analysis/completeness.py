"""What is missing before a year's report is printed, by what it is, whose it is and where it is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqdash import formats
from sqdash.analysis.attention import PAGE_OF_GROUP, SHORT, Item
from sqdash.figures import Result
from sqdash.indicators import BY_KEY

Kind = Literal["no_text", "unbound", "unheld", "gap", "no_reason", "no_next_step", "unstated", "stale", "outdated"]
KINDS: Mapping[Kind, str] = {
    "no_text": "方法尚未填寫成果",
    "unbound": "文字引用不存在的代碼",
    "unheld": "文字沒有地方可印",
    "gap": "文字引用的數字還沒有",
    "no_reason": "未達目標而沒有原因",
    "no_next_step": "未達目標而沒有下一步",
    "unstated": "數字未陳報",
    "stale": "資料來源過舊",
    "outdated": "文字早於數字的變更",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A method as far as completeness looks at it; ``texts``: each (owner, number, revision, what it binds).

    ``unbound``: each text (owner, number) that would print what binds nothing, with that and its fault; ``gaps``: each
    that would print 未陳報 or the like in a figure's place, with what those figures are called.
    """

    method: str
    name: str
    units: tuple[str, ...]
    unit_codes: frozenset[str]
    filled: bool
    texts: tuple[tuple[str, int, int, frozenset[str]], ...] = ()
    missing: tuple[str, int] | None = None
    """The text to write where it is not the method's own first one."""
    unbound: tuple[tuple[str, int, str], ...] = ()
    gaps: tuple[tuple[str, int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing: what, of what, who leads it (as printed, and codes), the page where it is mended.

    ``owner`` and ``number`` name the text to write, ``key`` the indicator.
    """

    kind: Kind
    text: str
    units: tuple[str, ...]
    unit_codes: frozenset[str]
    page: str
    key: str | None = None
    owner: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """All findings of a year in the order of :data:`KINDS`; ``methods`` there are and how many are ``filled``."""

    year: int
    methods: int
    filled: int
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.findings

    @property
    def counts(self) -> dict[Kind, int]:
        """How many findings there are of each kind, none left out."""
        found = Counter(one.kind for one in self.findings)
        return {kind: found[kind] for kind in KINDS}


def check(
    year: int,
    methods: Sequence[Written],
    results: Mapping[str, Result],
    reasons: Mapping[str, Sequence[str]],
    next_steps: Mapping[str, Sequence[str]],
    attention: Sequence[Item],
    changed: Mapping[str, tuple[int, int]],
    leads: Mapping[str, tuple[tuple[str, ...], frozenset[str]]],
    unheld: Sequence[tuple[str, int]] = (),
    alone: Sequence[Written] = (),
    facts: Mapping[str, str] | None = None,
) -> Completeness:
    """``changed``: indicator or fact → (first, newest revision) of its figure; ``leads``: indicator → units and their
    codes; ``unheld``: texts (owner, number) of no method or strategy of the plan; ``alone``: strategies without
    methods; ``facts``: fact → what it is called.

    A figure that came after the text but was not there before it has not changed: the text shows it by itself.
    """
    nobody: tuple[tuple[str, ...], frozenset[str]] = ((), frozenset())
    found = []
    places = (*methods, *alone)
    for one in places:
        if not one.filled:
            owner, number = one.missing or (one.method, 1)
            found.append(Finding("no_text", one.name, one.units, one.unit_codes, "plan", owner=owner, number=number))
    found += _once("unbound", ((one, text[:2], f"文字裡的{text[2]}") for one in places for text in one.unbound))
    found += [Finding("unheld", _no_place(*key), *nobody, "plan") for key in unheld]
    found += _once("gap", ((one, text[:2], _without(text[2])) for one in places for text in one.gaps))
    for kind, written in (("no_reason", reasons), ("no_next_step", next_steps)):
        for key, result in results.items():
            if result.state in SHORT and not written.get(key):
                text = f"{BY_KEY[key].label}{formats.state(result)}（{formats.gap(result)}）"
                found.append(Finding(kind, text, *leads.get(key, nobody), "plan", key))  # type: ignore[arg-type]
    found += [
        Finding(item.kind, item.text, *leads.get(item.key, nobody), _page(item.key), item.key)
        for item in attention
        if item.kind in ("unstated", "stale")
    ]
    found += _outdated(places, changed, {**(facts or {}), **{key: one.label for key, one in BY_KEY.items()}})
    return Completeness(year, len(methods), sum(one.filled for one in methods), tuple(found))


def _page(key: str) -> str:
    """Where figures of the indicator are entered: readings and ledgers on the upload screen, pages at the sources."""
    return "sources" if PAGE_OF_GROUP[BY_KEY[key].group] == "posts" else "upload"


def _no_place(owner: str, number: int) -> str:
    return f"「{owner}」的第 {number} 段文字：計畫裡沒有這個方法或策略，請補上計畫，或還原帶入這段文字的批次"


def _once(kind: Kind, told: Iterable[tuple[Written, tuple[str, int], str]]) -> list[Finding]:
    """What is wrong with texts, each said once though several methods rest on it, beside the first of them."""
    found: dict[tuple[str, int], Finding] = {}
    for one, (owner, number), wrong in told:
        text = f"{one.name}：{wrong}"
        finding = Finding(kind, text, one.units, one.unit_codes, "plan", owner=owner, number=number)
        found.setdefault((owner, number), finding)
    return list(found.values())


def _without(names: Sequence[str]) -> str:
    return f"文字引用的{'、'.join(f'「{name}」' for name in names)}沒有數字，會印成「未陳報」等字"


def _outdated(
    methods: Sequence[Written], changed: Mapping[str, tuple[int, int]], called: Mapping[str, str]
) -> list[Finding]:
    found: dict[tuple[str, int], Finding] = {}
    for one in methods:
        for owner, number, written, bound in one.texts:
            moved = [
                key
                for key in called
                if key in bound and key in changed and changed[key][0] <= written < changed[key][1]
            ]
            if moved:
                text = f"{one.name}：{'、'.join(called[key] for key in moved)}的數字在文字寫好後有變更"
                key = next((key for key in moved if key in BY_KEY), None)
                finding = Finding("outdated", text, one.units, one.unit_codes, "plan", key, owner, number)
                found.setdefault((owner, number), finding)
    return list(found.values())
