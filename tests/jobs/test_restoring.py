"""Restoring: what a backup must be, what becomes of what stands, what screens and writers notice."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from sqdash.errors import BackupError, DataError, SignInRefused, SqdashError, StoreBusy, StoreTooNew, StoreUnusable
from sqdash.jobs import accounts, alert_digest, alerts, backup, backup_folder, restoring, sessions, upload
from sqdash.jobs.backup_folder import Backup
from sqdash.secret import Secret
from sqdash.settings import AlertSettings, GraphSettings
from sqdash.store import copying, database, digests, gate, originals, save, swapping
from sqdash.store.queries import accounts as account_queries
from sqdash.store.queries import alerts as alert_queries
from sqdash.store.queries import base
from sqdash.tables import BY_NAME
from tests.jobs.backups import backed_up, change, folder_of, respell
from tests.jobs.files import write_file
from tests.jobs.receivers import webhook
from tests.jobs.test_alerts import NOON
from tests.making import BY, beside, holidays_in, is_one_sentence, looking, row

Copy = Callable[[str], Path]
Usage = namedtuple("Usage", "total used free")


def restore(store: Path, given: Path | Backup, *, dry_run: bool = False) -> restoring.Restored:
    path = given.folder if isinstance(given, Backup) else given
    return restoring.restore(store, path, by=BY, reason="匯入了錯的檔案", dry_run=dry_run)


def state_of(store: Path) -> str:
    with database.reading(store) as connection:
        return base.state(connection)


def visible(store: Path) -> set[str]:
    """What stands beside the store, locks left out."""
    return {name for name in beside(store) if not name.endswith(".lock")}


# --- what comes back


def test_a_restored_store_is_what_it_was_and_what_stood_is_a_backup(store: Path) -> None:
    change(store, 1)
    one = backed_up(store)
    change(store, 2)
    late = copying.facts(store)
    done = restore(store, one)
    assert holidays_in(store) == {"2014-01-01": "元旦"}
    assert (done.facts.revision, done.standing, done.aside, done.notes) == (one.manifest.revision, "whole", None, ())
    kept = backup_folder.listed(folder_of(store))[0]
    assert (kept.folder, kept.manifest.why, kept.manifest.revision) == (done.kept, "restore", late.revision)
    again = restore(store, kept)
    assert set(holidays_in(store)) == {"2014-01-01", "2014-01-02"}
    assert again.sentence.startswith(f"已還原「{kept.name}」（")
    assert visible(store) == {"report.db", "backups"}


def test_a_revision_that_screens_have_seen_is_never_taken_again(store: Path) -> None:
    one = backed_up(store)
    seen = {state_of(store)}
    change(store, 1)
    seen.add(state_of(store))
    change(store, 2)
    seen.add(state_of(store))
    newest = copying.facts(store).revision
    done = restore(store, one)
    assert done.revision == newest + 1
    assert copying.facts(store).revision == newest + 1
    assert state_of(store) not in seen
    change(store, 3)
    assert copying.facts(store).revision == newest + 2


def test_who_restored_what_and_why_is_in_the_audit_log(store: Path) -> None:
    one = backed_up(store)
    restore(store, one)
    with looking(store) as connection:
        line = connection.execute(
            "SELECT by, action, subject, detail, revision FROM audit_log ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert line == (BY, "restore", f"backup {one.name}", f"還原備份 {one.name}：匯入了錯的檔案", 24)
    with pytest.raises(DataError, match="原因"):
        restoring.restore(store, one.folder, by=BY, reason=" ")


def test_nobody_is_signed_in_after_a_restore(store: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS sessions (token TEXT)")
        columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(sessions)")]
        if columns == ["token"]:
            connection.execute("INSERT INTO sessions VALUES ('x')")
            connection.commit()
    one = backed_up(store)
    restore(store, one)
    with looking(store) as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (0,)


def test_a_restore_lets_nobody_in_again_and_brings_no_password_back(store: Path) -> None:
    first = {
        name: accounts.add(store, name, shown=name, role="viewer", unit=None, by="測試")
        for name in ("boss", "left", "found-out")
    }
    one = backed_up(store)
    accounts.disable(store, "left", reason="離職", by="測試")
    accounts.reset_password(store, "found-out", by="測試")
    accounts.change(store, "boss", shown="主任", role="admin", unit=None, by="測試")
    accounts.add(store, "later", shown="新同仁", role="reviewer", unit=None, by="測試")
    with looking(store) as connection:
        before = account_queries.people(connection)
    restore(store, one)
    with looking(store) as connection:
        assert account_queries.people(connection) == before
    copying.check(store)
    for name in ("left", "found-out"):
        with pytest.raises(SignInRefused):
            sessions.sign_in(store, name, first[name], address="10.0.0.1")


def test_what_was_changed_of_accounts_since_the_backup_stays_in_the_audit_log(store: Path) -> None:
    for name in ("boss", "left"):
        accounts.add(store, name, shown=name, role="viewer", unit=None, by="測試")
    one = backed_up(store)
    accounts.disable(store, "left", reason="離職", by="測試")
    accounts.change(store, "boss", shown="主任", role="admin", unit=None, by="測試")
    with looking(store) as connection:
        before = account_queries.changes(connection)
    for _ in range(2):  # a second time nothing is there twice
        restore(store, one)
        with looking(store) as connection:
            assert account_queries.changes(connection) == before
    assert [(action, subject) for _, _, action, subject, *_ in before] == [
        ("add account", "boss"),
        ("add account", "left"),
        ("disable account", "left"),
        ("change account", "boss"),
    ]
    copying.check(store)


def test_whoever_got_the_name_of_another_since_the_backup_has_no_batch_of_theirs_after_a_restore(store: Path) -> None:
    accounts.add(store, "idle", shown="預備", role="editor", unit="personnel", by="測試")
    with gate.write(store, by="甲（第六課）", reason="試") as begun:
        batch = save.open_batch(begun, kind="entry", format="holidays", file_name="人工登錄：假日")
    one = backed_up(store)
    accounts.change(store, "idle", by="測試", shown="甲", unit="section-6")
    restore(store, one)
    with looking(store) as connection:
        _, since = account_queries.changed_around(connection, "idle", batch)
    assert since.startswith("預備")


def test_accounts_that_the_store_does_not_have_come_with_the_backup(store: Path, made: Copy, tmp_path: Path) -> None:
    accounts.add(store, "boss", shown="主任", role="admin", unit=None, by="測試")
    one = backed_up(store)
    other = Path(shutil.copy(made("report"), tmp_path / "other.db"))
    accounts.add(other, "clerk", shown="承辦", role="reviewer", unit=None, by="測試")
    restore(other, one)
    with looking(other) as connection:
        assert [row[0] for row in account_queries.people(connection)[0]] == ["boss", "clerk"]
    copying.check(other)


def test_what_was_sent_on_a_day_is_not_sent_again_after_a_restore(store: Path) -> None:
    one = backed_up(store)
    alerts.evaluate(store, GraphSettings(), NOON)
    with webhook() as hook:
        settings = AlertSettings(webhook=Secret(hook.url))
        assert [outcome.sent for outcome in alert_digest.send_due(store, settings, NOON)] == [True]
        late = restore(store, one).kept
        assert late is not None
        alerts.evaluate(store, GraphSettings(), NOON)
        assert alert_digest.send_due(store, settings, NOON) == []
        assert len(alert_digest.send_due(store, settings, NOON + timedelta(days=1))) == 1
        restore(store, late)
        assert alert_digest.send_due(store, settings, NOON + timedelta(days=1)) == []
    assert len(hook.bodies) == 2
    copying.check(store)


def test_a_digest_that_went_out_counts_whichever_of_the_two_stores_knows_of_it(store: Path) -> None:
    alerts.evaluate(store, GraphSettings(), NOON)
    with webhook("500") as hook:
        settings = AlertSettings(webhook=Secret(hook.url))
        assert not alert_digest.send_due(store, settings, NOON)[0].sent
        failed = backed_up(store)
        hook.fault = ""
        restore(store, failed)
        assert alert_digest.send_due(store, settings, NOON)[0].sent
        sent = backed_up(store)
        with gate.write(store, by=BY, reason="x") as begun:
            begun.note()
            begun.connection.execute("UPDATE alert_digests SET state = 'failed'")
        restore(store, sent)
        assert alert_digest.send_due(store, settings, NOON) == []


def test_a_store_restored_while_a_digest_is_on_its_way_has_it_as_sent(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = backed_up(store)
    alerts.evaluate(store, GraphSettings(), NOON)

    def hand_over(*_: object) -> str:
        restore(store, one)
        return ""

    channel = alert_digest.Channel("webhook", "x", hand_over)
    monkeypatch.setattr(alert_digest, "channel_of", lambda name, _: channel if name == "webhook" else None)
    assert [outcome.sent for outcome in alert_digest.send_due(store, AlertSettings(), NOON)] == [True]
    alerts.evaluate(store, GraphSettings(), NOON)
    with looking(store) as connection:
        assert [one["state"] for one in alert_queries.digests(connection, 5)] == ["sent"]
        assert len(alert_queries.standing(connection, untold_on="webhook")) == 2


@pytest.mark.parametrize("what", ["folder", "copy", "manifest"])
def test_a_backup_may_be_named_in_three_ways(store: Path, what: str) -> None:
    one = backed_up(store)
    given = {"folder": one.folder, "copy": one.file, "manifest": one.folder / "manifest.json"}[what]
    assert restore(store, given, dry_run=True).manifest == one.manifest


def test_a_bare_copy_of_a_store_restores_too(store: Path, tmp_path: Path) -> None:
    shutil.copy(store, tmp_path / "carried.db")
    change(store)
    done = restore(store, tmp_path / "carried.db")
    assert (done.manifest, done.sentence) == (None, "已還原「carried.db」，現在是修訂 25。")
    assert holidays_in(store) == {}


def test_on_an_empty_machine_the_store_and_its_originals_come_back(store: Path, tmp_path: Path) -> None:
    upload.import_file(store, write_file(tmp_path, "假日.csv", "day,label,working", "2014-01-01,元旦,0"), by=BY)
    (sha256,) = (path.name for path in originals.folder(store).iterdir())
    one = backed_up(store)
    carried = tmp_path / "carried"
    shutil.copytree(folder_of(store), carried)
    machine = tmp_path / "new" / "machine" / "sqdash.db"
    done = restore(machine, carried / one.name)
    assert (done.standing, done.kept, done.missing) == ("nothing", None, 0)
    assert holidays_in(machine) == {"2014-01-01": "元旦"}
    content = originals.read(machine, sha256)
    assert content == (originals.folder(store) / sha256).read_bytes()
    assert visible(machine) == {"sqdash.db", "originals"}


def test_originals_that_did_not_come_along_are_counted(store: Path, tmp_path: Path) -> None:
    upload.import_file(store, write_file(tmp_path, "假日.csv", "day,label,working", "2014-01-01,元旦,0"), by=BY)
    one = backed_up(store)
    carried = shutil.copytree(one.folder, tmp_path / "carried" / one.name)
    done = restore(tmp_path / "machine" / "new.db", carried)
    assert done.missing == 1
    assert done.notes == ("有 1 個當時的原始檔不在備份裡，數字不受影響，但不能再下載。",)


def test_an_older_backup_is_brought_up_to_date_and_itself_stays(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.faults.further import one_version_further

    one = backed_up(store)
    before = one.file.read_bytes()
    with monkeypatch.context() as later:
        one_version_further(later)
        store.unlink()
        restore(store, one)
        assert database.inspect_file(store) == database.SCHEMA_VERSION == one.manifest.schema + 1
    assert one.file.read_bytes() == before


def test_a_look_changes_nothing(store: Path) -> None:
    one = backed_up(store)
    change(store)
    before = store.read_bytes()
    done = restore(store, one, dry_run=True)
    assert done.revision is None
    assert done.sentence.endswith("完好，可以還原；這次沒有變更任何資料。")
    assert store.read_bytes() == before
    assert backup_folder.listed(folder_of(store)) == [one]


# --- backups that are none


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (name TEXT)")


def torn(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 40] = bytes(4096 * 37)
    path.write_bytes(content)


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


BAD: dict[str, tuple[Callable[[Path], object], bool, str]] = {
    "0 bytes": (lambda path: path.write_bytes(b""), False, "是 0 位元組的空檔，資料庫沒有變更，請改選另一個備份。"),
    "text": (lambda path: path.write_text("備份" * 99), False, "不是資料庫檔案，資料庫沒有變更，請改選另一個備份。"),
    "cut": (cut, False, "已損壞或不完整，資料庫沒有變更，請改選另一個備份。"),
    "torn": (torn, False, "已損壞或不完整，資料庫沒有變更，請改選另一個備份。"),
    "foreign": (foreign, False, "是別的程式的資料庫，資料庫沒有變更，請改選另一個備份。"),
    "newer": (newer, False, "是較新的程式做的，資料庫沒有變更，請改用較新的程式還原。"),
    "flipped": (flipped, True, "與清單的 SHA-256 不符，已損壞或被改過，資料庫沒有變更，請改選另一個備份。"),
    "cut, with its manifest": (cut, True, "與清單的 SHA-256 不符，已損壞或被改過，資料庫沒有變更，請改選另一個備份。"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_sound_backup_is_refused_in_a_sentence_and_the_store_stays(store: Path, name: str) -> None:
    spoil, with_manifest, words = BAD[name]
    one = backed_up(store)
    change(store)
    spoil(one.file)
    if not with_manifest:
        (one.folder / "manifest.json").unlink()
    before = store.read_bytes()
    with pytest.raises(BackupError) as raised:
        restore(store, one)
    assert str(raised.value) == f"備份「{one.file}」{words}"
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before
    assert visible(store) == {"report.db", "backups"}


def test_a_path_without_a_backup_and_a_manifest_from_a_newer_program_are_refused(store: Path) -> None:
    with pytest.raises(BackupError, match="找不到備份"):
        restore(store, store.parent / "none")
    one = backed_up(store)
    respell(one, format=2)
    with pytest.raises(BackupError, match="較新的程式") as raised:
        restore(store, one)
    assert is_one_sentence(raised.value)


def test_a_demonstration_never_takes_the_place_of_real_figures(copy: Copy) -> None:
    real, demo = copy("report"), copy("demo")
    one, other = backed_up(real), backed_up(demo)
    before = real.read_bytes()
    with pytest.raises(BackupError, match="這個備份是示範資料") as raised:
        restore(real, other)
    assert is_one_sentence(raised.value)
    with pytest.raises(BackupError, match="這個備份是正式資料"):
        restore(demo, one)
    assert real.read_bytes() == before


def test_too_little_space_is_found_before_anything_is_written(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = backed_up(store)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, 1000))
    with pytest.raises(BackupError, match=r"^磁碟只剩 0\.0 MB，還原至少需要 .*請清出空間後再試；資料庫沒有變更。$"):
        restore(store, one)
    assert backup_folder.listed(folder_of(store)) == [one]


# --- what stands


def test_a_damaged_store_is_set_aside_and_never_deleted(store: Path) -> None:
    one = backed_up(store)
    change(store)
    seen = copying.facts(store).revision
    backed_up(store)
    torn(store)
    before = store.read_bytes()
    done = restore(store, one)
    assert done.kept is None
    assert done.aside is not None
    assert done.aside.read_bytes() == before
    assert done.notes == (f"原來的檔案已損壞，無法先備份，已移到「{done.aside}」，沒有刪除。",)
    database.quick_check(store)
    assert done.revision == seen + 1  # a backup knows of a revision that screens may have seen


@pytest.mark.parametrize("gone", [True, False])
def test_whoever_restores_without_a_whole_store_is_told_that_accounts_are_the_backups(store: Path, gone: bool) -> None:
    first = accounts.add(store, "left", shown="承辦", role="viewer", unit=None, by="測試")
    one = backed_up(store)
    accounts.disable(store, "left", reason="離職", by="測試")
    store.unlink() if gone else torn(store)
    assert restore(store, one).notes[-1].startswith("帳號與密碼是備份當時的，")
    assert sessions.sign_in(store, "left", first, address="10.0.0.1")


@pytest.mark.parametrize("content", [b"", b"no database at all"])
def test_a_file_that_is_no_database_is_set_aside_too(store: Path, content: bytes) -> None:
    one = backed_up(store)
    store.write_bytes(content)
    done = restore(store, one)
    assert done.aside is not None
    assert done.aside.read_bytes() == content
    database.quick_check(store)


def test_another_programs_database_a_newer_store_and_a_folder_are_left_alone(store: Path) -> None:
    one = backed_up(store)
    newer(store)
    with pytest.raises(StoreTooNew):
        restore(store, one)
    foreign(store)
    before = store.read_bytes()
    with pytest.raises(StoreUnusable, match="別的程式"):
        restore(store, one)
    assert store.read_bytes() == before
    store.unlink()
    store.mkdir()
    with pytest.raises(StoreUnusable, match="是資料夾"):
        restore(store, one)


def test_without_the_backup_of_what_stands_nothing_is_restored(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = backed_up(store)
    change(store)

    def full(*_: object, **__: object) -> backup.Made:
        raise BackupError("磁碟滿了。")

    monkeypatch.setattr(backup, "make", full)
    before = store.read_bytes()
    with pytest.raises(BackupError, match="磁碟滿了"):
        restore(store, one)
    assert store.read_bytes() == before


def test_a_change_that_comes_between_is_backed_up_too(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = backed_up(store)
    make, days = backup.make, iter((5,))

    def late(*given: Path, **more: str) -> backup.Made:
        made = make(*given, **more)  # type: ignore[arg-type]
        for day in days:
            change(store, day)
        return made

    monkeypatch.setattr(backup, "make", late)
    done = restore(store, one)
    assert done.kept is not None
    with looking(done.kept / "store.db") as connection:
        assert connection.execute("SELECT count(*) FROM holidays WHERE day = '2014-01-05'").fetchone() == (1,)
    assert holidays_in(store) == {}


def test_a_store_that_never_rests_is_not_restored(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = backed_up(store)
    make, day = backup.make, iter(range(1, 30))

    def late(*given: Path, **more: str) -> backup.Made:
        made = make(*given, **more)  # type: ignore[arg-type]
        change(store, next(day))
        return made

    monkeypatch.setattr(backup, "make", late)
    with pytest.raises(StoreBusy, match="一直有新的變更"):
        restore(store, one)
    assert len(holidays_in(store)) == 3


def test_only_one_restore_is_at_work(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = backed_up(store)
    make = backup.make

    def second(*given: Path, **more: str) -> backup.Made:
        with pytest.raises(StoreBusy, match="正在還原"):
            restore(store, one)
        return make(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "make", second)
    assert restore(store, one).revision == 24


@pytest.mark.parametrize("stood", [True, False])
def test_a_store_that_appears_or_is_exchanged_meanwhile_is_left_alone(
    store: Path, copy: Copy, monkeypatch: pytest.MonkeyPatch, stood: bool
) -> None:
    one = backed_up(store)
    other = copy("empty")
    content = other.read_bytes()
    if not stood:
        store.unlink()
    look = swapping.standing

    def exchanged(path: Path) -> swapping.Standing:
        found = look(path)
        other.replace(store)
        return found

    monkeypatch.setattr(swapping, "standing", exchanged)
    with pytest.raises(StoreBusy, match="剛剛被換過") as raised:
        restore(store, one)
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == content


# --- who is at work meanwhile


def test_a_writer_that_was_opened_on_the_old_file_is_told_and_writes_nothing(store: Path) -> None:
    one = backed_up(store)
    with gate.opened(store) as connection:
        restore(store, one)
        with (
            pytest.raises(StoreBusy, match="剛剛由備份還原") as raised,
            gate.change(store, connection, by=BY, reason="放入") as late,
        ):
            save.put(late, BY_NAME["holidays"], [row("holidays", day="2014-01-01", label="元旦", working=0)], 1)
    assert is_one_sentence(raised.value)
    change(store, 2)
    assert set(holidays_in(store)) == {"2014-01-02"}


def test_readers_see_the_old_state_or_the_new_one_and_never_an_error(store: Path) -> None:
    change(store, 1)
    one = backed_up(store)
    change(store, 2)
    two = backed_up(store)
    seen: set[tuple[int, int]] = set()
    failed: list[SqdashError] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                with database.reading(store) as connection:
                    revision = base.revision(connection)
                    (days,) = connection.execute(
                        "SELECT count(*) FROM holidays WHERE closed_revision IS NULL"
                    ).fetchone()
                    seen.add((revision, days))
            except SqdashError as error:
                failed.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for chosen in (one, two, one, two):
            restore(store, chosen)
    finally:
        done.set()
        reader.join()
    assert failed == []
    first = two.manifest.revision
    assert seen <= {(first, 2), (first + 1, 1), (first + 2, 2), (first + 3, 1), (first + 4, 2)}
    assert (first + 4, 2) in seen or len(seen) > 1


def kill_a_writer(store: Path, *, synced: bool = True) -> None:
    """What stands there when a writer is killed in the middle of a change: the store half written, and its journal."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA cache_size = {1 if synced else 9999}")  # what spills is synced first
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE readings SET note = 'half ' || version_id")
        for table in ("methods", "result_texts", "method_units", "targets", "units", "facts") if synced else ():
            connection.execute(f"UPDATE {table} SET source_row = 99, closed_reason = 'half'")
        assert Path(f"{store}-journal").read_bytes()[:1] == (b"\xd9" if synced else b"\x00")
        kept = {end: Path(f"{store}{end}").read_bytes() for end in ("", "-journal")}
        connection.execute("ROLLBACK")
    for end, content in kept.items():
        Path(f"{store}{end}").write_bytes(content)


@pytest.mark.parametrize("synced", [True, False])
def test_a_journal_that_a_killed_writer_left_is_not_applied_to_the_restored_store(store: Path, synced: bool) -> None:
    one = backed_up(store)
    kill_a_writer(store, synced=synced)
    restore(store, one)
    assert not Path(f"{store}-journal").exists()
    database.quick_check(store)
    with looking(store) as connection:
        assert connection.execute("SELECT count(*) FROM readings WHERE note LIKE 'half %'").fetchone() == (0,)


def test_a_journal_of_a_store_that_is_gone_is_not_applied_to_the_restored_one_and_is_kept(store: Path) -> None:
    one = backed_up(store)
    kill_a_writer(store)
    store.unlink()
    left = Path(f"{store}-journal").read_bytes()
    assert restore(store, one).aside is None
    copying.check(store)
    assert [path.read_bytes() for path in store.parent.glob(f"{store.name}.damaged-*-journal")] == [left]
    assert not Path(f"{store}-journal").exists()


def test_with_a_write_ahead_log_nothing_of_it_is_left_to_the_restored_store(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "JOURNAL", "wal")
    change(store, 1)
    one = backed_up(store)
    change(store, 2)
    with closing(sqlite3.connect(store, isolation_level=None)) as killed:  # what a killed writer leaves
        killed.execute("PRAGMA wal_autocheckpoint = 0")
        killed.execute("UPDATE readings SET note = 'in the log'")
        digests.lay(killed)
        left = {end: Path(f"{store}{end}").read_bytes() for end in ("", "-wal")}
    for end, content in left.items():
        Path(f"{store}{end}").write_bytes(content)
    done = restore(store, one)
    assert done.kept is not None
    with looking(done.kept / "store.db") as connection:
        assert connection.execute("SELECT count(*) FROM readings WHERE note = 'in the log'").fetchone() > (0,)
    assert visible(store) == {"report.db", "backups"}
    assert set(holidays_in(store)) == {"2014-01-01"}
    with looking(store) as connection:
        assert connection.execute("SELECT count(*) FROM readings WHERE note = 'in the log'").fetchone() == (0,)
    change(store, 3)
    database.quick_check(store)


def test_a_reader_that_never_ends_keeps_a_write_ahead_log_and_so_the_store(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "JOURNAL", "wal")
    monkeypatch.setattr("sqdash.store.swapping._QUIET_WITHIN", 0.1)
    one = backed_up(store)
    change(store, 2)
    with closing(sqlite3.connect(store, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM readings").fetchone()
        with pytest.raises(StoreBusy, match="一直有人在讀取") as raised:
            restore(store, one)
    assert is_one_sentence(raised.value)
    assert set(holidays_in(store)) == {"2014-01-02"}


def test_a_store_behind_a_link_is_replaced_and_the_link_stays(store: Path, tmp_path: Path) -> None:
    link = tmp_path / "linked" / "sqdash.db"
    link.parent.mkdir()
    link.symlink_to(store)
    one = backed_up(link)
    change(link)
    restore(link, one)
    assert link.is_symlink()
    assert holidays_in(store) == {}
