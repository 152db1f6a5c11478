"""The list of components is that of the lock, and the SBOM names each once."""

from __future__ import annotations

import re
from pathlib import Path

from tools import components

ROW = re.compile(r"^\| (\S+) \| (\S+) \| (run|test|indirect) \| (.+) \|$", re.MULTILINE)


def test_the_page_lists_the_lock() -> None:
    rows = ROW.findall(components.PAGE.read_text("utf-8"))
    assert [(name, version) for name, version, _, _ in rows] == components.pins(), "run python -m tools.components"
    assert all(licence for *_, licence in rows)


def test_what_is_asked_for_is_told_from_what_comes_with_it() -> None:
    uses = {found.name: found.use for found in components.components()}
    assert (uses["streamlit"], uses["pytest"], uses["click"]) == ("run", "test", "indirect")


def test_the_sbom_has_every_component_once() -> None:
    found = list(components.components())
    listed = components.cyclonedx(found)["components"]
    assert isinstance(listed, list)
    assert [one["purl"] for one in listed] == [one.purl for one in found]
    assert len({one.purl for one in found}) == len(found)


def test_a_lock_is_read_line_by_line(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("# note\nA_b==1.0 ; python_version > '3'\nc.d==2!1.post1\n\n", "utf-8")
    assert components.pins(lock) == [("A_b", "1.0"), ("c.d", "2!1.post1")]
