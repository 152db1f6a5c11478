"""Swapping a store: what belongs to the old file never reaches the new one, and leftovers are cleared by who may."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.errors import StoreBusy, StoreError
from sqdash.store import database, swapping
from tests.making import is_one_sentence

Copy = Callable[[str], Path]


def test_what_stands_is_told_apart(copy: Copy, tmp_path: Path) -> None:
    store = copy("empty")
    assert swapping.standing(tmp_path / "none.db") == "nothing"
    assert swapping.standing(store) == "whole"
    store.write_bytes(store.read_bytes()[:5000])
    assert swapping.standing(store) == "damaged"


def test_a_damaged_file_keeps_what_belongs_to_it_under_its_new_name(copy: Copy, tmp_path: Path) -> None:
    store, successor = copy("empty"), copy("report")
    content = store.read_bytes()
    Path(f"{store}-journal").write_bytes(b"its journal")
    aside = swapping.swap(successor, store, "damaged")
    assert aside is not None
    assert aside.read_bytes() == content
    assert Path(f"{aside}-journal").read_bytes() == b"its journal"
    assert not Path(f"{store}-journal").exists()
    database.quick_check(store)


def test_a_disk_without_hard_links_gets_a_copy(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    store, successor = copy("empty"), copy("report")
    content = store.read_bytes()

    def none(*_: object) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(os, "link", none)
    aside = swapping.swap(successor, store, "damaged")
    assert aside is not None
    assert aside.read_bytes() == content


def test_a_file_that_somebody_holds_open_is_said_to_be_so(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    store, successor = copy("empty"), copy("report")
    before = store.read_bytes()

    def held(*_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(StoreBusy, match="請關閉儀表板後再試") as raised:
        swapping.swap(successor, store, "whole")
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


def test_leftovers_are_cleared_but_not_those_of_a_restore_at_work(copy: Copy) -> None:
    store = copy("empty")
    left = store.parent / f".{store.name}.abc.restoring"
    other = store.parent / f".{store.name}.x.y.restoring"  # of a store with a longer name
    for folder in (left, other):
        (folder / "half").mkdir(parents=True)
    swapping.clear_leftovers(store)
    assert (left.exists(), other.exists()) == (False, True)
    with swapping.place(store) as working:
        swapping.clear_leftovers(store)
        assert working.is_dir()
        with pytest.raises(StoreBusy, match="正在還原"), swapping.place(store):
            pass
    assert not working.exists()


def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="準備還原") as raised, swapping.place(tmp_path / "file" / "store.db"):
        pass
    assert is_one_sentence(raised.value)
