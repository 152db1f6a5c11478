"""備份與還原 as Streamlit runs it: what there is, what could be lost, making one, putting one back in two steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sqdash import periods
from sqdash.jobs import backup, backup_folder, backup_state
from sqdash.ui import memory
from tests.apps import links, opening, press, said, starting, tables, words
from tests.jobs.backups import backed_up, change, folder_of, respell
from tests.making import holidays_in

Copy = Callable[[str], Path]
Opens = Callable[[Path], AppTest]
SCRIPT = """
from sqdash.ui import forms, frame
from sqdash.ui.panels import admin_backups
screen = frame.start("settings")
forms.said()
admin_backups.show(screen)
"""


@pytest.fixture
def panel(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    memory.forget()

    def opened(store: Path) -> AppTest:
        monkeypatch.setenv("SQDASH_DB", str(store))
        return AppTest.from_string(SCRIPT, default_timeout=60).run()

    yield opened
    memory.forget()


def choose(app: AppTest, name: str) -> AppTest:
    return starting(app.selectbox, "restore_name").select(name).run()


def test_without_a_backup_the_panel_says_so_and_makes_one(panel: Opens, store: Path) -> None:
    app = panel(store)
    assert not app.exception
    assert "還沒有備份。" in words(app)
    assert "第二份：沒有設定（SQDASH_BACKUP_COPY 可指定另一個磁碟或網路資料夾）" in words(app)
    app = press(app, "立即備份")
    assert said(app.success) == ["已備份（修訂 23）。"]
    (one,) = backup_folder.listed(folder_of(store))
    at = periods.roc_moment(one.manifest.moment)
    assert f"最近一次備份 {at}，之後沒有變更，現在不會遺失任何資料。" in words(app)
    (row,) = tables(app)[0]
    assert list(row) == ["時間", "原因與經手", "修訂", "大小", "檢查"]
    shown = [row[name] for name in ("時間", "原因與經手", "檢查")]
    assert shown == [at, f"手動（{one.manifest.by}）", "✔ 完好"]


def test_an_empty_store_has_the_panel_too(panel: Opens, copy: Copy) -> None:
    app = panel(copy("empty"))
    assert not app.exception
    assert "還沒有備份，之後沒有變更，現在不會遺失任何資料。" in words(app)


@pytest.mark.parametrize(("kind", "word"), [("report", "等候第一份備份"), ("empty", "備份正常"), ("demo", "不必備份")])
def test_nothing_is_called_backed_up_that_is_not(panel: Opens, copy: Copy, kind: str, word: str) -> None:
    badges = [word for word in ("備份正常", "等候第一份備份", "不必備份") if word in words(panel(copy(kind)))]
    assert badges == [word]


def test_what_could_be_lost_for_longer_than_an_hour_is_a_warning(
    panel: Opens, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss = backup_state.Loss(61, periods.now(), None, needed=True)
    monkeypatch.setattr(backup_state, "could_be_lost", lambda _: loss)
    assert said(panel(store).warning) == ["該備份了：還沒有備份；資料庫如果現在損毀，最多會遺失 61 分鐘的變更。"]


def test_the_newest_is_tested_on_demand(panel: Opens, store: Path) -> None:
    backed_up(store)
    app = press(panel(store), "測試最新的備份")
    assert "還原測試：✔ 通過（" in words(app)
    assert [row["檢查"] for row in tables(app)[0]] == ["✔ 還原過"]


def test_a_restore_takes_a_look_a_word_and_a_reason(panel: Opens, store: Path) -> None:
    one = backed_up(store)
    change(store)
    app = choose(panel(store), one.name)
    assert not [button for button in app.button if button.label == "還原這個備份"]
    app = press(app, "先檢查這個備份")
    assert any("完好，可以還原" in text for text in said(app.success))
    app = press(app, "還原這個備份")
    assert said(app.error) == ["請在確認欄輸入「還原」兩字；資料庫沒有變更。"]
    starting(app.text_input, "restore_word").input("還原")
    app = press(app, "還原這個備份")
    assert any("原因" in text for text in said(app.error))
    assert set(holidays_in(store)) == {"2014-01-01"}
    starting(app.text_input, "restore_word").input("還原")
    starting(app.text_input, "restore_reason").input("匯入了錯的檔案")
    app = press(app, "還原這個備份")
    assert not app.exception
    assert any(text.startswith(f"已還原「{one.name}」") for text in said(app.success))
    assert holidays_in(store) == {}
    assert [row["原因與經手"].split("（")[0] for row in tables(app)[0]] == ["還原前", "手動"]
    assert not [button for button in app.button if button.label == "還原這個備份"]


def test_backups_of_one_minute_are_told_apart_and_the_chosen_one_is_put_back(panel: Opens, store: Path) -> None:
    older, newer = backed_up(store), backed_up(store)
    for second, one in enumerate((older, newer)):
        respell(one, made_at=f"2026-11-24T01:00:0{second}+00:00")
    app = panel(store)
    options = starting(app.selectbox, "restore_name").options
    assert options == [f"115/11/24 09:00　手動　修訂 {newer.manifest.revision}（{n}）" for n in (1, 2)]
    app = press(choose(app, older.name), "先檢查這個備份")
    assert older.name in said(app.success)[0]


def spoil(store: Path) -> None:
    whole = store.read_bytes()
    store.write_bytes(whole[: 5 * 4096] + bytes(4096) + whole[6 * 4096 :])


def test_at_the_desk_a_damaged_store_is_restored_on_its_page(
    store: Path, made: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = backed_up(store)
    spoil(store)
    with opening(made, monkeypatch) as opens:
        app = opens(store, "admin")
        assert [text.startswith("資料庫「") and "已損壞" in text for text in said(app.error)] == [True]
        assert not [button for button in app.button if button.label == "立即備份"]
        app = press(choose(app, one.name), "先檢查這個備份")
        assert any("損壞的檔案會移到旁邊，不會刪除" in text for text in said(app.warning))
        starting(app.text_input, "restore_word").input("還原")
        starting(app.text_input, "restore_reason").input("磁碟故障")
        app = press(app, "還原這個備份")
        assert not app.exception
        assert any(text.startswith(f"已還原「{one.name}」") for text in said(app.success))
        assert not app.error
    assert len(list(store.parent.glob(f"{store.name}.damaged-*"))) == 1


def test_without_a_backup_the_page_of_a_damaged_store_says_so(
    store: Path, made: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(store)
    with opening(made, monkeypatch) as opens:
        app = opens(store, "admin")
    assert "還沒有備份。" in words(app)
    assert not app.selectbox
    assert not app.exception


def test_where_people_sign_in_a_damaged_store_is_restored_by_command_alone(
    store: Path, made: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may do it stands in the store that cannot be read."""
    backed_up(store)
    spoil(store)
    monkeypatch.setenv("SQDASH_SIGN_IN", "1")
    with opening(made, monkeypatch) as opens:
        app = opens(store)
    assert app.error
    assert not app.selectbox
    assert not links(app)


def test_a_backup_that_is_damaged_gets_no_further_than_the_look(panel: Opens, store: Path) -> None:
    one = backed_up(store)
    one.file.write_bytes(b"x")
    app = press(choose(panel(store), one.name), "先檢查這個備份")
    assert any("SHA-256 不符" in text for text in said(app.error))
    assert not [button for button in app.button if button.label == "還原這個備份"]


def test_a_broken_backup_and_a_failed_second_copy_are_said(
    panel: Opens, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").write_text("no folder")
    monkeypatch.setenv("SQDASH_BACKUP_COPY", str(tmp_path / "share"))
    backup.make(store, why="hand", by="x")
    bad = backed_up(store)
    respell(bad, why="boredom")
    app = panel(store)
    assert f"「{bad.name}」不完整，不能還原，也不會自動刪除。" in said(app.warning)
    assert "第二份：✖ 未完成（" in words(app)
    app = press(app, "立即備份")
    assert any("第二份沒有完成：無法把備份寫入" in text for text in said(app.success))


def test_what_cannot_be_backed_up_is_a_sentence(panel: Opens, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (store.parent / "backups").write_text("no folder")
    app = press(panel(store), "立即備份")
    assert any(text.startswith("無法把備份寫入「") for text in said(app.error))


def test_the_rule_is_said_whole(panel: Opens, store: Path) -> None:
    """Whoever backs up before an upgrade by hand must know how long that backup stays."""
    assert "手動的至少留 24 小時，升級與還原前的留 30 天" in words(panel(store))


def test_a_second_copy_on_the_stores_own_disk_says_so(
    panel: Opens, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQDASH_BACKUP_COPY", str(tmp_path / "nas"))
    app = press(panel(store), "立即備份")
    assert "第二份：✔ 完成（" in words(app)
    assert "第二份和資料庫在同一個磁碟：請確認網路資料夾已經掛上" in words(app)
    assert [row["檢查"] for row in tables(app)[0]] == ["✔ 完好、有第二份"]


def test_a_backup_is_no_second_copy_of_itself(panel: Opens, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQDASH_BACKUP_COPY", str(store.parent / "backups"))
    app = press(panel(store), "立即備份")
    assert "第二份：✖ 未完成（" in words(app)
    assert [row["檢查"] for row in tables(app)[0]] == ["✔ 完好"]
