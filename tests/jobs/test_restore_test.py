"""The newest backup is restored by itself and its results are worked out anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.errors import BackupError
from sqdash.jobs import backup_state, restore_test
from sqdash.store import database
from tests.jobs.backups import backed_up, change, folder_of, names, respell
from tests.making import is_one_sentence
from tests.store.test_audit_log import aged


def test_a_good_backup_passes_and_it_is_noted(store: Path) -> None:
    one = backed_up(store)
    before = store.read_bytes()
    assert restore_test.due(store, folder_of(store))
    noted = restore_test.run(store)
    rows = sum(one.manifest.counts.values())
    assert (noted.backup, noted.good) == (one.name, True)
    assert noted.found == f"還原完好，{rows:,} 列相符，103 年度指標結果相同。"
    assert backup_state.tested(folder_of(store), store) == noted
    assert not restore_test.due(store, folder_of(store))
    assert names(folder_of(store)) == {one.name, "state.json"}
    assert store.read_bytes() == before


def test_only_the_newest_is_tested(store: Path) -> None:
    first = backed_up(store)
    assert restore_test.run(store).backup == first.name
    change(store)
    second = backed_up(store)
    assert restore_test.run(store).backup == second.name


def test_of_stores_that_share_a_folder_each_has_its_own_newest_tested(
    copy: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQDASH_BACKUP_DIR", str(tmp_path / "all"))
    one = copy("report")
    (tmp_path / "other").mkdir()
    other = Path(shutil.copy(copy("empty"), tmp_path / "other" / one.name))
    ours, theirs = backed_up(one), backed_up(other)
    assert (restore_test.run(one).backup, restore_test.run(other).backup) == (ours.name, theirs.name)
    other.unlink()
    assert restore_test.run(other).backup == theirs.name


def test_figures_that_come_out_otherwise_do_not_pass(store: Path) -> None:
    one = backed_up(store)
    assert one.manifest.results is not None
    results = {name: getattr(one.manifest.results, name) for name in one.manifest.results.__dataclass_fields__}
    respell(one, results=results | {"sha256": "0" * 64})
    noted = restore_test.run(store)
    assert (noted.good, noted.found) == (False, "還原測試沒有通過：還原後 103 年度的指標結果與備份時不同。")
    respell(one, results=results | {"sha256": "0" * 64, "program": "0.9"})
    assert restore_test.run(store).found.endswith("備份與現在的程式版本不同，指標結果沒有比對。")


def test_a_spoilt_copy_does_not_pass(store: Path) -> None:
    one = backed_up(store)
    content = bytearray(one.file.read_bytes())
    content[-100] ^= 1
    one.file.write_bytes(content)
    noted = restore_test.run(store)
    assert not noted.good
    assert "SHA-256 不符" in noted.found
    assert is_one_sentence(noted.found)
    database.quick_check(store)


def test_lines_that_leave_the_audit_log_as_it_is_restored_are_no_lost_rows(copy: Callable[[str], Path]) -> None:
    store = copy("empty")
    for _ in range(3):
        aged(store, 731.5)
    one = backed_up(store)
    assert one.manifest.counts["audit_log"] == 3
    noted = restore_test.run(store)
    assert noted.good
    assert noted.found.startswith("還原完好，3 列相符，")


def test_a_backup_without_a_line_that_its_manifest_counts_does_not_pass(store: Path) -> None:
    one = backed_up(store)
    respell(one, counts={**one.manifest.counts, "audit_log": one.manifest.counts["audit_log"] + 1})
    assert restore_test.run(store).found == "還原測試沒有通過：還原後的列數與備份清單不符。"


def test_without_a_backup_there_is_nothing_to_test(store: Path) -> None:
    assert not restore_test.due(store, folder_of(store))
    with pytest.raises(BackupError, match="還沒有備份可以測試"):
        restore_test.run(store)
