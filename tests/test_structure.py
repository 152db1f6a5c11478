"""The drawn structure is that of the source: every import leads down, every module belongs somewhere."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tools import structure

PACKAGES = frozenset({"sqdash.store"})


def test_the_picture_is_that_of_the_source() -> None:
    assert structure.PICTURE.read_text("utf-8") == structure.svg(structure.read()), "run python -m tools.structure"


def test_the_picture_names_every_part_and_says_in_words_what_it_draws() -> None:
    tree = ET.fromstring(structure.PICTURE.read_text("utf-8"))  # noqa: S314 - our own file
    texts = [node.text or "" for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert [part.name for part in structure.PARTS if part.name not in texts] == []
    (said,) = (node.text or "" for node in tree.iter("{http://www.w3.org/2000/svg}desc"))
    assert "pages · dashboard.py uses ground, ui;" in said
    assert "store uses ground;" in said


def test_an_import_that_leads_up_is_refused_by_its_line() -> None:
    with pytest.raises(SystemExit) as caught:
        structure.arrows({"sqdash.store.gate": "\nfrom sqdash.jobs import upload", "sqdash.jobs.upload": ""}, PACKAGES)
    assert str(caught.value) == "sqdash.store.gate:2 imports sqdash.jobs.upload: store stands no higher than jobs"


def test_parts_of_one_row_do_not_know_each_other() -> None:
    with pytest.raises(SystemExit, match="importers stands no higher than store"):
        structure.arrows({"sqdash.importers.texts": "from sqdash.store import gate", "sqdash.store.gate": ""}, PACKAGES)


def test_a_module_that_belongs_to_no_part_is_named() -> None:
    with pytest.raises(SystemExit, match=r"sqdash\.weather belongs to no part"):
        structure.part_of("sqdash.weather")


def test_what_is_not_ours_has_no_part() -> None:
    assert structure.part_of("streamlit.runtime") is None
    assert structure.part_of("sqdash") is None


def test_an_arrow_that_others_make_up_for_is_not_needed() -> None:
    assert structure.needed({("a", "b"), ("b", "c"), ("a", "c")}) == {("a", "b"), ("b", "c")}
