"""Texts that hold figures by name, so that the number in a sentence is the number in the store.

``{training_sessions}`` reads 55 場次, ``{likes_per_post.before}`` 約 30–50 人, ``{fans.target}`` 13,000 人,
``{fans.also}`` 逾 16,000 人, ``{six_s_audits.last_year}`` the
figure of the year before; a fact's code reads its value and unit, or its words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from sqdash import formats
from sqdash.errors import DataError
from sqdash.figures import Interval, Result
from sqdash.indicators import BY_KEY

PARTS: dict[str | None, str] = {
    None: "",
    "before": "計畫執行前",
    "also": "另有陳報",
    "target": "目標",
    "last_year": "去年",
}
"""What stands after the code of an indicator → what it is called on screen."""
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)(?:\.([a-z_]*))?\}")
# In braces of either width, which an input method may give, or a code with one brace lost.
_BRACES = re.compile(r"[{｛][^{}｛｝\n]*[}｝]|[{｛][A-Za-z0-9_.]{3,}|[A-Za-z0-9_.]{3,}[}｝]")


def unknown(text: str, facts: Collection[str]) -> str | None:
    """The first thing in braces that is neither an indicator's placeholder nor one of these facts'; None for none.

    What is written in another way (``{Fans}``, ``｛fans｝``, ``{fans``) would print with its braces: it is a slip, too.
    """
    for braces in _BRACES.finditer(text):
        match = PLACEHOLDER.fullmatch(braces[0])
        name, part = (match[1], match[2]) if match else ("", None)
        if not (name in BY_KEY and part in PARTS) and not (name in facts and part is None):
            return braces[0]
    return None


def fault(wrong: str) -> str:
    """What is wrong with what :func:`unknown` found; braces of the other width look the same in many faces."""
    return "的大括號是全形" if _is_broad(wrong) else "不是任何指標或數字的代碼"


def remedy(wrong: str) -> str:
    """What to do with what :func:`unknown` found."""
    return "請改用半形的 { }，或從清單挑選。" if _is_broad(wrong) else "請從清單挑選。"


def _is_broad(wrong: str) -> bool:
    return "｛" in wrong or "｝" in wrong


def names(text: str) -> frozenset[str]:
    """The codes of all indicators and facts that the text binds."""
    return frozenset(match[1] for match in PLACEHOLDER.finditer(text))


def bind(
    text: str,
    results: Mapping[str, Result],
    last_year: Mapping[str, Result],
    facts: Mapping[str, Mapping[str, Any]],
) -> str:
    """The text with its figures; :class:`DataError` names a placeholder of nothing known."""

    def figure(match: re.Match[str]) -> str:
        name, part = match[1], match[2]
        if name in results and part == "last_year":
            return formats.figure_as_measured(last_year[name])
        if name in results and part in (None, "before", "target", "also"):
            return _indicator(results[name], part)
        if name in facts and part is None:
            return fact(facts[name])
        raise DataError(f"文字裡的「{match[0]}」{fault(match[0])}，{remedy(match[0])}")

    return PLACEHOLDER.sub(figure, text)


def gaps(
    text: str,
    results: Mapping[str, Result],
    last_year: Mapping[str, Result],
    facts: Mapping[str, Mapping[str, Any]],
) -> tuple[str, ...]:
    """What each placeholder is called in whose place the text prints that there is no figure."""
    words = set(formats.MISSING.values())
    found = {
        _called(match, facts): None
        for match in PLACEHOLDER.finditer(text)
        if unknown(match[0], facts) is None and bind(match[0], results, last_year, facts) in words
    }
    return tuple(found)


def _called(match: re.Match[str], facts: Mapping[str, Mapping[str, Any]]) -> str:
    name, part = match[1], match[2]
    if name not in BY_KEY:
        return str(facts[name]["label"])
    return BY_KEY[name].label + (f"（{PARTS[part]}）" if part else "")


def _indicator(result: Result, part: str | None) -> str:
    indicator = BY_KEY[result.key]
    match part:
        case "before":
            stated = result.before
        case "also":
            stated = result.also[0].stated if result.also else None
        case "target":
            stated = Interval(result.applied.value) if result.applied else None
        case _:
            return formats.figure_as_measured(result)
    if stated is None or stated == Interval():
        return formats.MISSING["not_stated"]
    return formats.with_unit(formats.interval(stated, formats.decimals_of(result)), indicator.unit)


def fact(row: Mapping[str, Any]) -> str:
    """A fact as a text shows it: its words, or its value with unit."""
    if row["text"]:
        return str(row["text"])
    stated = Interval(row["value"], row["low"], row["high"], row["qualifier"])
    given = [value for value in (row["value"], row["low"], row["high"]) if value is not None]
    if not given:
        return formats.MISSING["not_stated"]
    places = max(len(f"{value:.2f}".rstrip("0").partition(".")[2]) for value in given)
    text = formats.interval(stated, places)
    return formats.with_unit(text, row["unit"]) if row["unit"] else text


def offers(
    results: Mapping[str, Result], last_year: Mapping[str, Result], facts: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """Placeholder → its name and what it shows now: what a writer picks from, in the catalogue's order."""
    found = {}
    for key, result in results.items():
        label = BY_KEY[key].label
        found[f"{{{key}}}"] = f"{label}　{formats.figure_as_measured(result)}"
        for part, there in (
            ("before", result.before is not None),
            ("also", bool(result.also)),
            ("target", result.applied is not None and result.applied.value is not None),
            ("last_year", key in last_year and last_year[key].figure is not None),
        ):
            if there:
                name = f"{{{key}.{part}}}"
                found[name] = f"{label}（{PARTS[part]}）　{bind(name, results, last_year, facts)}"
    return found | {f"{{{code}}}": f"{row['label']}　{fact(row)}" for code, row in facts.items()}
