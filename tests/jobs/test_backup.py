"""Backups: what they hold, that they appear whole or not at all, where they go, when there must be one."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sqdash import __version__, periods
from sqdash.errors import BackupError, StoreMissing, StoreUnusable
from sqdash.jobs import backup, backup_folder, backup_manifest, backup_state, upload
from sqdash.store import copying, gate, originals
from tests.jobs.backups import backed_up, change, folder_of, names
from tests.jobs.files import write_file
from tests.jobs.meta_files import export, post, seen
from tests.making import BY, beside, is_one_sentence, looking

Copy = Callable[[str], Path]
Usage = namedtuple("Usage", "total used free")
HOLIDAY = ("day,label,working", "2014-01-01,元旦,0")


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second folder, as set."""
    monkeypatch.setenv("SQDASH_BACKUP_COPY", str(tmp_path / "share"))
    return tmp_path / "share"


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(periods, "now", lambda: moment)


# --- what a backup is


def test_a_backup_is_a_folder_with_the_stores_copy_and_what_it_is(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload.import_file(store, write_file(tmp_path, "假日.csv", *HOLIDAY), by=BY)
    (sha256,) = (path.name for path in originals.folder(store).iterdir())
    at(monkeypatch, datetime(2026, 11, 29, 3, 10, 13, 42_000, tzinfo=UTC))
    one = backed_up(store)
    assert one.folder == store.parent / "backups" / "report.db" / "20261129T031013042Z-hand"
    assert names(one.folder) == {"store.db", "manifest.json"}
    assert names(folder_of(store)) == {one.name, "originals"}
    facts = copying.facts(store)
    assert copying.facts(one.file) == facts
    said = json.loads((one.folder / "manifest.json").read_text("utf-8"))
    assert said.pop("results") == {
        "year": 103,
        "as_of": "2026-11-29",
        "program": __version__,
        "schema": facts.schema,
        "sha256": backup_manifest.results(store, facts.schema).sha256,
    }
    assert said == {
        "format": 1,
        "made_at": "2026-11-29T03:10:13.042+00:00",
        "made_at_taipei": "2026-11-29T11:10:13+08:00",
        "why": "hand",
        "by": BY,
        "store": "report.db",
        "kind": "real",
        "born": facts.born,
        "revision": facts.revision,
        "audited": facts.audited,
        "schema": facts.schema,
        "changed_at": facts.changed_at,
        "sha256": hashlib.sha256(one.file.read_bytes()).hexdigest(),
        "size": one.file.stat().st_size,
        "counts": facts.counts,
        "originals": [sha256],
        "not_kept": [h for h in facts.originals if h != sha256],  # the program's own files
        "program": __version__,
        "left_out": "權杖與密碼檔、.streamlit/secrets.toml、環境變數的設定、程式本身",
    }
    assert backup_folder.listed(folder_of(store)) == [one]


def test_originals_are_kept_once_and_those_that_are_gone_or_spoilt_are_named(store: Path, tmp_path: Path) -> None:
    for n in (1, 2, 3):
        file = write_file(tmp_path, f"{n}.csv", "day,label,working", f"2014-01-0{n},元旦,0")
        upload.import_file(store, file, by=BY)
    gone, spoilt, whole = sorted(path.name for path in originals.folder(store).iterdir())
    ours = set(copying.facts(store).originals) - {gone, spoilt, whole}
    (originals.folder(store) / gone).unlink()
    (originals.folder(store) / spoilt).write_text("other")
    one = backed_up(store)
    assert (one.manifest.originals, set(one.manifest.not_kept)) == ((whole,), {gone, spoilt} | ours)
    (originals.folder(store) / whole).unlink()  # the backups have it: it is not looked for again
    assert backed_up(store).manifest.originals == (whole,)
    assert names(folder_of(store) / "originals") == {whole}


def test_no_token_file_setting_or_secret_is_in_a_backup(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = "EAAcanary0123456789"
    for name in (f"{store.name}.token", "token.txt", "secrets.toml"):
        (store.parent / name).write_text(canary)
        (store.parent / name).chmod(0o600)
    monkeypatch.setenv("SQDASH_GRAPH_TOKEN", canary)
    monkeypatch.setenv("SQDASH_GRAPH_APP_SECRET", canary)
    upload.import_file(store, write_file(tmp_path, "假日.csv", *HOLIDAY), by=BY)
    backed_up(store)
    files = [path for path in (store.parent / "backups").rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"store.db", "manifest.json"}
    assert [path for path in files if canary.encode() in path.read_bytes()] == []


# --- where backups go


def test_backups_go_where_the_settings_say(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQDASH_BACKUP_DIR", str(tmp_path / "else where"))
    assert backed_up(store).folder.parent == tmp_path / "else where" / "report.db"
    assert "backups" not in beside(store)


def test_a_second_folder_gets_the_same(store: Path, tmp_path: Path, second: Path) -> None:
    upload.import_file(store, write_file(tmp_path, "假日.csv", *HOLIDAY), by=BY)
    made = backup.make(store, why="hand", by=BY)
    assert made.second is None
    (copied,) = backup_folder.listed(second / "report.db")
    assert copied.manifest == made.backup.manifest
    assert copied.file.read_bytes() == made.backup.file.read_bytes()
    assert names(second / "report.db" / "originals") == set(made.backup.manifest.originals)
    noted = backup_state.second(folder_of(store), store)
    assert noted is not None
    assert (noted.backup, noted.good, noted.found) == (made.backup.name, True, "第二份已寫入。")


def test_a_second_folder_that_fails_is_said_and_the_first_stands(store: Path, second: Path) -> None:
    second.write_text("a file where the folder should be")
    made = backup.make(store, why="hand", by=BY)
    assert backup_folder.listed(folder_of(store)) == [made.backup]
    assert made.second is not None
    assert made.second.startswith(f"無法把備份寫入「{second / 'report.db'}」（路徑上有一個不是資料夾），")
    assert is_one_sentence(made.second)
    noted = backup_state.second(folder_of(store), store)
    assert noted is not None
    assert (noted.good, noted.found) == (False, made.second)


def test_a_second_folder_that_is_the_first_is_said_and_not_waited_for(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waited for itself for half a minute, before each backup's end, and then blamed another process."""
    monkeypatch.setenv("SQDASH_BACKUP_COPY", f"{store.parent}/../{store.parent.name}/backups")
    monkeypatch.setattr(backup_folder, "_WAIT_SECONDS", 0.01)
    made = backup.make(store, why="hand", by=BY)
    assert made.second == "第二個備份資料夾就是第一個，請把 SQDASH_BACKUP_COPY 改到另一個磁碟或網路資料夾。"
    assert backup_folder.listed(folder_of(store)) == [made.backup]
    noted = backup_state.second(folder_of(store), store)
    assert noted is not None
    assert (noted.good, noted.found) == (False, made.second)


def test_the_rule_is_applied_in_both_folders(store: Path, second: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = datetime(2026, 11, 29, 3, 5, tzinfo=UTC)
    made = []
    for minutes in (0, 10, 70):
        at(monkeypatch, start + timedelta(minutes=minutes))
        made.append(backed_up(store, "hourly").name)
    for folder in (folder_of(store), second / "report.db"):
        assert [one.name for one in backup_folder.listed(folder)] == [made[2], made[1]]
        assert not any(name.startswith(".making") for name in names(folder))


# --- what cannot be backed up


def test_too_little_space_is_found_before_anything_is_written(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need = int(store.stat().st_size * 1.2)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, need - 1))
    with pytest.raises(BackupError) as raised:
        backed_up(store)
    assert str(raised.value) == (
        f"備份資料夾「{folder_of(store)}」所在的磁碟只剩 {(need - 1) / 1e6:,.1f} MB，至少需要 {need / 1e6:,.1f} MB，"
        "請清出空間，或以設定 SQDASH_BACKUP_DIR 改用別的磁碟。"
    )
    assert names(folder_of(store)) == set()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, need))
    assert backed_up(store)


def test_a_disk_that_fills_up_meanwhile_leaves_nothing_behind(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copying, "flush", full)
    with pytest.raises(BackupError, match="（磁碟已滿）") as raised:
        backed_up(store)
    assert is_one_sentence(raised.value)
    assert names(folder_of(store)) == set()


def test_a_damaged_or_missing_store_is_said_to_be_so(store: Path, tmp_path: Path) -> None:
    content = bytearray(store.read_bytes())
    content[4096 * 3 : 4096 * 40] = bytes(4096 * 37)
    store.write_bytes(content)
    with pytest.raises(StoreUnusable, match="已損壞"):
        backed_up(store)
    assert names(folder_of(store)) == set()
    with pytest.raises(StoreMissing):
        backed_up(tmp_path / "none.db")
    assert not (tmp_path / "backups" / "none.db").exists()


def test_what_a_killed_backup_left_is_cleared_away(store: Path) -> None:
    folder = folder_of(store)
    (folder / ".making-abc" / "backup").mkdir(parents=True)
    (folder / ".making-state.json").write_text("{")
    (folder / "originals").mkdir()
    (folder / "originals" / ".making-123").write_text("half")
    one = backed_up(store)
    assert names(folder) == {one.name, "originals"}
    assert names(folder / "originals") == set()


def test_a_backup_during_an_import_is_a_whole_state(copy: Copy) -> None:
    store = copy("empty")
    rows = 300
    done = threading.Event()
    made = []

    def back_up() -> None:
        while not done.is_set():
            made.append(backed_up(store))

    beside_it = threading.Thread(target=back_up)
    beside_it.start()
    try:
        for n in range(6):
            upload.import_file(
                store, export(*(post(n * rows + k) for k in range(1, rows + 1))), by=BY, answers=seen(20, year=2025)
            )
    finally:
        done.set()
        beside_it.join()
    assert len(made) > 1
    counted = [(one.manifest.revision, one.manifest.counts["posts"], one.manifest.counts["snapshots"]) for one in made]
    assert all(posts == snapshots == revision * rows for revision, posts, snapshots in counted)
    assert counted == sorted(counted)


# --- when there must be one


def test_a_store_has_moved_with_a_revision_or_an_audit_line(store: Path) -> None:
    folder = folder_of(store)
    assert backup.moved(store, folder)
    backed_up(store)
    assert not backup.moved(store, folder)
    with gate.write(store, by=BY, reason="記下") as noted:
        noted.audit("sign-in", "somebody")
        noted.note()
    assert backup.moved(store, folder)
    backed_up(store)
    change(store)
    assert backup.moved(store, folder)


def test_another_store_of_the_same_name_has_no_share_in_the_folders_backups(
    copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQDASH_BACKUP_DIR", str(tmp_path / "all"))
    one = copy("report")
    backed_up(one)
    (tmp_path / "other").mkdir()
    other = Path(shutil.copy(copy("empty"), tmp_path / "other" / one.name))
    assert backup.newest(other, folder_of(other)) is None
    assert backup.moved(other, folder_of(other))


def test_the_rule_counts_each_stores_backups_by_themselves(
    copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQDASH_BACKUP_DIR", str(tmp_path / "all"))
    one = copy("report")
    (tmp_path / "other").mkdir()
    other = Path(shutil.copy(copy("empty"), tmp_path / "other" / one.name))
    made = []
    for minutes, store in ((0, one), (5, one), (10, other)):
        at(monkeypatch, datetime(2026, 11, 29, 3, 5, tzinfo=UTC) + timedelta(minutes=minutes))
        made.append(backed_up(store, "hourly").name)
    assert [found.name for found in backup_folder.listed(folder_of(one))] == [made[2], made[1]]


def many(count: int) -> upload.Bytes:
    return export(*(post(n) for n in range(1, count + 1)))


def test_a_large_import_is_backed_up_first_where_something_stands(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MANY_ROWS", 5)
    before = copying.facts(store)
    upload.import_file(store, many(2), by=BY, answers=seen(20))  # two posts with two figures are four rows
    assert backup_folder.listed(folder_of(store)) == []
    before = copying.facts(store)
    upload.import_file(store, many(3), by=BY, answers=seen(21))
    (one,) = backup_folder.listed(folder_of(store))
    assert (one.manifest.why, one.manifest.revision, one.manifest.by) == ("import", before.revision, BY)


def test_a_large_import_needs_no_second_backup_of_the_same_state(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MANY_ROWS", 5)
    one = backed_up(store)
    upload.import_file(store, many(3), by=BY, answers=seen(20))
    assert backup_folder.listed(folder_of(store)) == [one]


@pytest.mark.parametrize("kind", ["empty", "demo"])
def test_an_empty_store_or_a_demonstration_needs_none(copy: Copy, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MANY_ROWS", 0)
    store = copy(kind)
    backup.before_import(store, by=BY)
    assert not folder_of(store).exists()


def test_a_large_import_is_not_begun_without_its_backup(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MANY_ROWS", 5)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, 0))
    before = store.read_bytes()
    with pytest.raises(BackupError, match=r"^匯入前的備份沒有完成，因此沒有匯入：備份資料夾.*請清出空間") as raised:
        upload.import_file(store, many(3), by=BY, answers=seen(20))
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before
    with looking(store) as connection:
        assert connection.execute("SELECT count(*) FROM posts").fetchone() == (0,)
