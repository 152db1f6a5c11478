"""Cells that a spreadsheet must not run as formulas: an apostrophe goes on at export and comes off at import.

A cell is guarded when it begins with = + - @ (also full-width, also behind blanks), a tab or a line break, as
OWASP's page on CSV injection advises; one that already begins with apostrophes before such a sign gets one
more, so that :func:`unguard` gives back every text exactly.
"""

from __future__ import annotations

from sqdash.patterns import later

_RUNS = later(r"'*(?:[\t\r\n]|[\s\ufeff]*[=+\-@＝＋－＠])")


def guard(text: str) -> str:
    """The text as a cell that stays text."""
    return "'" + text if _RUNS.match(text) else text


def unguard(text: str) -> str:
    """The text that :func:`guard` was given."""
    return text[1:] if text.startswith("'") and _RUNS.match(text[1:]) else text
