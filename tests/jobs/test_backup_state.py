"""How much could be lost: minutes since the first change that no good backup has."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sqdash import periods
from sqdash.jobs import backup_folder, backup_state, health_data, way_out
from sqdash.jobs.health import Finding
from sqdash.store import copying
from tests.jobs.backups import backed_up, change, folder_of

Copy = Callable[[str], Path]


def changed_at(store: Path, revision: int = 0, audited: int = 0) -> datetime:
    first = copying.changed_after(store, revision, audited)
    assert first is not None
    return first


def test_without_a_backup_everything_since_the_first_change_could_be_lost(store: Path) -> None:
    since = changed_at(store)
    loss = backup_state.could_be_lost(store, now=since + timedelta(minutes=61, seconds=59))
    assert (loss.minutes, loss.since, loss.newest, loss.good) == (61, since, None, False)
    assert loss.sentence == "還沒有備份；資料庫如果現在損毀，最多會遺失 61 分鐘的變更。"
    assert backup_state.could_be_lost(store, now=since + timedelta(minutes=60, seconds=59)).good


def test_nothing_could_be_lost_where_nothing_changed_since(store: Path) -> None:
    one = backed_up(store)
    loss = backup_state.could_be_lost(store, now=periods.now() + timedelta(days=9))
    assert (loss.minutes, loss.since, loss.newest, loss.good) == (0, None, one, True)
    at = periods.roc_moment(one.manifest.moment)
    assert loss.sentence == f"最近一次備份 {at}，之後沒有變更，現在不會遺失任何資料。"


def test_the_first_change_counts_not_the_last(store: Path) -> None:
    one = backed_up(store)
    change(store, 1)
    first = changed_at(store, one.manifest.revision, one.manifest.audited)
    change(store, 2)
    loss = backup_state.could_be_lost(store, now=first + timedelta(seconds=59))
    assert (loss.minutes, loss.since) == (0, first)
    assert loss.sentence.endswith("；資料庫如果現在損毀，最多會遺失不到 1 分鐘的變更。")
    assert backup_state.could_be_lost(store, now=first + timedelta(minutes=1500)).minutes == 1500


def test_a_backup_that_did_not_restore_does_not_count(store: Path) -> None:
    one = backed_up(store)
    two = backed_up(store)
    said = {"at": "2026-11-29T03:00:00+00:00", "backup": two.name, "good": False, "found": "還原測試沒有通過：壞了。"}
    backup_folder.note(folder_of(store), two.manifest.born, tested=said)
    assert backup_state.could_be_lost(store).newest == one


def test_stores_that_share_a_folder_have_their_own_notes(store: Path, copy: Copy) -> None:
    folder = folder_of(store)
    mine, theirs = backed_up(store), copying.state(copy("empty")).born
    bad = {"at": "2026-11-29T03:00:00+00:00", "backup": mine.name, "good": False, "found": "壞了。"}
    good = {"at": "2026-11-29T04:00:00+00:00", "backup": "20261129T040000000Z-hourly", "good": True, "found": "完好。"}
    backup_folder.note(folder, mine.manifest.born, tested=bad)
    backup_folder.note(folder, theirs, tested=good)
    of_mine, of_theirs, of_any = (backup_state.tested(folder, of) for of in (store, copy("empty"), folder / "none.db"))
    assert [one and one.found for one in (of_mine, of_theirs, of_any)] == ["壞了。", "完好。", "完好。"]
    assert backup_folder.good(folder) == []
    assert way_out.words(store) == "保留檔案並請維護人員搶救（沒有找到備份）"


def test_a_note_from_before_stores_were_told_apart_is_everybodys_until_the_next_one(store: Path) -> None:
    folder, one = folder_of(store), backed_up(store)
    old = {"at": "2026-11-29T03:00:00+00:00", "backup": one.name, "good": False, "found": "壞了。"}
    (folder / "state.json").write_text(json.dumps({"tested": old}), "utf-8")
    found = backup_state.tested(folder, store)
    assert found is not None
    assert (found.found, backup_folder.good(folder)) == ("壞了。", [])
    backup_folder.note(folder, one.manifest.born, tested=old | {"good": True, "found": "完好。"})
    assert list(backup_folder.noted(folder, "tested")) == [one.manifest.born]


def test_a_demonstration_can_be_made_again(copy: Copy) -> None:
    loss = backup_state.could_be_lost(copy("demo"), now=periods.now() + timedelta(days=9))
    assert (loss.good, loss.sentence) == (True, "示範資料可以重新產生，不必備份。")


def test_an_empty_store_has_nothing_to_lose(copy: Copy) -> None:
    loss = backup_state.could_be_lost(copy("empty"), now=periods.now() + timedelta(days=9))
    assert (loss.minutes, loss.sentence) == (0, "還沒有備份，之後沒有變更，現在不會遺失任何資料。")


@pytest.mark.parametrize("said", ["", "[]", '{"tested": 3, "second": []}', '{"tested": {"at": "x"}, "second": {}}'])
def test_notes_that_cannot_be_read_are_as_if_there_were_none(store: Path, said: str) -> None:
    one = backed_up(store)
    (folder_of(store) / "state.json").write_text(said)
    assert backup_state.tested(folder_of(store), store) is None
    assert backup_state.second(folder_of(store), store) is None
    assert backup_state.could_be_lost(store).newest == one


def test_a_second_copy_on_the_stores_own_disk_is_told(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the share is not mounted and its empty place takes the copy."""
    monkeypatch.setenv("SQDASH_BACKUP_COPY", str(tmp_path / "nas"))
    backed_up(store)
    found = next(one for one in health_data.backups(store) if one.name == "第二份備份")
    assert (found.level, found.found[-len("第二份已寫入，但它和資料庫在同一個磁碟") :]) == (
        "notice",
        "第二份已寫入，但它和資料庫在同一個磁碟",
    )
    assert "確認網路資料夾已經掛上" in found.remedy
    monkeypatch.setattr(backup_state, "of_one_disk", lambda *_: False)
    assert next(one for one in health_data.backups(store) if one.name == "第二份備份").level == "good"


def test_the_check_says_it_with_a_remedy(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    since = changed_at(store)
    monkeypatch.setattr(periods, "now", lambda: since + timedelta(minutes=90))
    assert list(health_data.backups(store)) == [
        Finding(
            "備份",
            "bad",
            "還沒有備份；資料庫如果現在損毀，最多會遺失 90 分鐘的變更。",
            "按「立即備份」，或執行 python -m sqdash backup，並確認定時備份的服務在運作。",
        )
    ]


def test_the_check_tells_of_the_restore_test_and_the_second_copy(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = backed_up(store)
    at = "2026-11-29T03:00:00+00:00"
    backup_folder.note(
        folder_of(store),
        one.manifest.born,
        tested={"at": at, "backup": one.name, "good": True, "found": "還原完好。"},
        second={"at": at, "backup": one.name, "error": "網路資料夾不見了。"},
    )
    monkeypatch.setattr(periods, "now", lambda: datetime(2026, 11, 29, 4, tzinfo=UTC))
    assert list(health_data.backups(store))[1:] == [
        Finding("還原測試", "good", "115/11/29 11:00，還原完好。"),
        Finding("第二份備份", "bad", "115/11/29 11:00，網路資料夾不見了。", "檢查第二個備份資料夾能否寫入。"),
    ]
