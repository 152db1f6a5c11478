"""Streamlit's own script asks the page first for each part, and is otherwise as it was."""

from __future__ import annotations

import re

from sqdash.ui import bundle, parts

OWN = (bundle.FILES / "js" / bundle.entry()).read_bytes()
ASKED = re.compile(rb"window\.sqPart\?\.\((`[^`]+`)\)\|\|")


def test_every_part_is_asked_of_the_page_first_and_nothing_else_changes() -> None:
    hooked = parts.hooked(OWN)
    assert ASKED.sub(b"", hooked) == OWN
    asked = {name.decode().strip("`./") for name in ASKED.findall(hooked)}
    for page in bundle.PAGES:
        drawn = {part for part in bundle.needed(page) if part != bundle.GRID}  # which brings a style of its own
        assert drawn <= {name.partition(".")[0] for name in asked}, page
    assert bundle.chart() in asked


def test_a_script_that_asks_in_another_way_is_left_alone() -> None:
    assert parts.hooked(b"const a=lazy(()=>import('./Html.js'));") == b"const a=lazy(()=>import('./Html.js'));"


def test_the_part_for_charts_waits_for_its_width_and_is_otherwise_as_it_was() -> None:
    own = (bundle.FILES / "js" / bundle.chart()).read_bytes()
    ours = parts.measured(own)
    assert len(ours) == len(own) + len(b">0")
    at = next(place for place, (one, other) in enumerate(zip(own, ours, strict=False)) if one != other)
    assert re.search(rb"width:(\w+)\}=\w+\(\w+\);return \1$", own[:at])
    assert ours == own[:at] + b">0" + own[at:]


def test_a_page_begins_with_the_parts_it_draws_but_charts_and_what_has_a_style_of_its_own() -> None:
    (named,) = re.findall(r"sqNeed\(\[(.*?)\]\)", bundle.head("posts"))
    found = {name.strip('"./').partition(".")[0] for name in named.split(",")}
    assert found == set(bundle.needed("posts")) - {bundle.CHART, bundle.GRID}
    for name in named.split(","):
        assert (bundle.FILES / "js" / name.strip('"').removeprefix("./")).is_file()
