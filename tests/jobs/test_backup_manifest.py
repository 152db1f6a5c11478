"""Manifests: what is written is read again, and what is none is refused in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqdash.errors import BackupError
from sqdash.jobs import backup_folder, backup_manifest
from tests.jobs.backups import backed_up, change, folder_of, respell
from tests.making import is_one_sentence

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def test_what_is_written_is_read_again(store: Path) -> None:
    one = backed_up(store)
    assert backup_manifest.read(one.folder) == one.manifest


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"format": 2}, "較新的程式"),
        ({"made_at": "yesterday"}, "無法讀取或不完整"),
        ({"made_at": "2026-11-29T03:00:00"}, "無法讀取或不完整"),
        ({"why": "boredom"}, "無法讀取或不完整"),
        ({"revision": "7"}, "無法讀取或不完整"),
        ({"results": {"year": 103}}, "無法讀取或不完整"),
        ({"originals": ["../../sqdash.db"]}, "無法讀取或不完整"),
        ({"not_kept": 7}, "無法讀取或不完整"),
    ],
)
def test_a_manifest_that_says_what_none_says_is_refused(store: Path, said: dict[str, Any], words: str) -> None:
    one = backed_up(store)
    respell(one, **said)
    with pytest.raises(BackupError, match=words) as raised:
        backup_manifest.read(one.folder)
    assert is_one_sentence(raised.value)
    assert backup_folder.listed(folder_of(store)) == []
    assert backup_folder.broken(folder_of(store)) == [one.name]


@given(JSON)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_content_at_all_makes_it_fail_otherwise(tmp_path: Path, said: Any) -> None:
    (tmp_path / backup_manifest.FILE).write_text(json.dumps(said), "utf-8")
    with pytest.raises(BackupError):
        backup_manifest.read(tmp_path)


@given(st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nor_do_any_bytes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / backup_manifest.FILE).write_bytes(content)
    with pytest.raises(BackupError):
        backup_manifest.read(tmp_path)


def test_results_are_those_of_the_day_and_year_they_were_worked_out_for(store: Path) -> None:
    before = backup_manifest.results(store, 9)
    assert before == backup_manifest.results(store, 9)
    assert before.year == 103
    assert backup_manifest.results(store, 9, year=102).sha256 != before.sha256
    change(store)  # a holiday is no figure
    assert backup_manifest.results(store, 9) == before
