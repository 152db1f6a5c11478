"""Patterns compiled at their first use."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.patterns import later

ROOT = Path(__file__).resolve().parents[1]


@given(st.text(alphabet="ab1２ \n", max_size=12))
def test_it_finds_what_the_pattern_finds(text: str) -> None:
    late, plain = later(r"(?P<a>a+)(b?)", re.IGNORECASE), re.compile(r"(?P<a>a+)(b?)", re.IGNORECASE)
    for method in ("match", "fullmatch", "search"):
        found, expected = getattr(late, method)(text), getattr(plain, method)(text)
        assert (found and (found.span(), found.groups())) == (expected and (expected.span(), expected.groups()))
    assert late.findall(text) == plain.findall(text)
    assert late.sub("x", text) == plain.sub("x", text)


def test_a_bad_pattern_is_told_when_it_is_used() -> None:
    bad = later("(")
    with pytest.raises(re.error, match="missing"):
        bad.match("a")


def test_nothing_is_compiled_for_being_declared() -> None:
    probe = (
        "import re, re._compiler as c; n = []; real = c.compile\n"
        "def counted(p, f=0): n.append(p); return real(p, f)\n"
        "c.compile = counted; from sqdash.patterns import later; before = len(n)\n"
        "p = later('never-met-before'); declared = len(n) - before; p.match('x'); print(declared, len(n) - before)"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1"]
