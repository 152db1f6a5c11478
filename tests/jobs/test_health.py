"""The check: each finding good, worth a notice or bad, with what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sqdash import periods
from sqdash.errors import SettingsError
from sqdash.jobs import (
    accounts,
    alerts,
    backup,
    health,
    health_data,
    health_people,
    health_store,
    leader,
    tokens,
    upload,
    way_out,
)
from sqdash.jobs.health import Finding
from sqdash.people import Role
from sqdash.secret import Secret
from sqdash.settings import GraphSettings, Settings
from sqdash.store import database, gate, originals, pulls
from tests import pulled
from tests.fake_graph import PAGE_ID
from tests.making import beside, is_one_sentence

Copy = Callable[[str], Path]
Usage = namedtuple("Usage", "total used free")
NAMES = [
    "SQLite",
    "資料庫檔案",
    "完整性",
    "內容",
    "來源",
    "時鐘",
    "帳號",
    "原始檔",
    "擷取",
    "提醒檢查",
    "寫入",
    "磁碟空間",
    "備份",
    "設定",
]


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, 123_400_000_000))


def found(store: Path, name: str, *, look: bool = True) -> Finding:
    """The one finding of that name."""
    (one,) = (one for one in health.check(store, look=look) if one.name == name)
    return one


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A moment of a Monday, later than every file that the tests make."""
    now = datetime.now(UTC) + timedelta(seconds=30)
    monkeypatch.setattr(periods, "now", lambda: now)
    return now


def test_a_sound_store_has_nothing_bad(made: Copy, monday: datetime) -> None:
    path = made("report")
    listed = health.check(path)
    assert [one.name for one in listed] == NAMES
    by_name = {one.name: one for one in listed}
    assert by_name["SQLite"] == Finding(
        "SQLite", "good", f"{sqlite3.sqlite_version}，日誌模式 {database.JOURNAL.upper()}"
    )
    assert by_name["內容"].found == "正式資料；修訂 23；年度 102、103"
    assert by_name["來源"].found == "粉絲數最新 無；貼文數據最新 無"
    assert by_name["完整性"].found.startswith(f"{periods.roc_moment(monday)} 檢查（逐列核對），")
    assert by_name["時鐘"].found == f"系統時間 {periods.roc_moment(monday)}（臺北），沒有比它晚的紀錄"
    assert by_name["帳號"].found == "沒有帳號，只能在這台電腦上使用（不需登入）"
    assert by_name["原始檔"].found == "還沒有匯入過檔案"
    assert by_name["擷取"].found == "沒有設定粉絲專頁與權杖，數據由檔案上傳"
    assert by_name["磁碟空間"].found == "剩 123.4 GB"
    assert by_name["備份"].found.startswith("還沒有備份；資料庫如果現在損毀，最多會遺失")
    assert {name: one.level for name, one in by_name.items() if one.level != "good"} == {"提醒檢查": "notice"}


def test_everything_but_good_says_what_to_do_and_every_found_is_short(made: Copy) -> None:
    for kind in ("report", "demo", "empty"):
        for one in health.check(made(kind)):
            assert bool(one.remedy) == (one.level != "good"), one
            assert "\n" not in one.found + one.remedy


def test_a_demonstration_is_called_one_and_an_empty_store_knows_no_year(made: Copy) -> None:
    assert found(made("demo"), "內容").found.startswith("示範資料；")
    assert found(made("demo"), "擷取").found == "示範資料庫不擷取"
    assert found(made("empty"), "內容").found == "正式資料；修訂 0；年度 無"


def test_looking_changes_nothing_but_the_note_of_the_check(copy: Copy) -> None:
    path = copy("demo")
    before = path.read_bytes(), beside(path)
    health.check(path)
    assert (path.read_bytes(), beside(path)) == before


def test_without_looking_the_last_verdict_is_told(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path, now = copy("report"), periods.now()
    assert found(path, "完整性", look=False) == Finding(
        "完整性", "notice", "還沒有檢查過", "按「立即檢查」，或執行 python -m sqdash check。"
    )
    health.check(path)
    assert found(path, "完整性", look=False).level == "good"
    monkeypatch.setattr(periods, "now", lambda: now + timedelta(days=3))
    assert found(path, "完整性", look=False).level == "notice"


def test_a_store_that_may_not_be_written_says_so(copy: Copy) -> None:
    path = copy("report")
    path.chmod(0o444)
    assert [one for one in health.check(path) if one.level == "bad"] == [
        Finding("寫入", "bad", "唯讀：可以看，不能上傳、登錄或擷取", "檢查檔案與資料夾權限。")
    ]


@pytest.mark.parametrize(("free", "level"), [(499_999_999, "bad"), (500_000_000, "good")])
def test_a_disk_that_is_nearly_full_says_so(made: Copy, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, free))
    assert found(made("report"), "磁碟空間").level == level


def test_three_times_the_store_must_be_free(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy("report")
    monkeypatch.setattr(health_store, "LEAST_FREE", 1)
    size = path.stat().st_size
    for free, level in ((3 * size - 1, "bad"), (3 * size, "good")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: Usage(10**12, 10**12, free))
        assert found(path, "磁碟空間").level == level


@pytest.mark.parametrize(("behind", "level"), [(timedelta(minutes=4), "good"), (timedelta(hours=2), "bad")])
def test_a_clock_that_is_behind_what_was_written_says_so(
    copy: Copy, monkeypatch: pytest.MonkeyPatch, behind: timedelta, level: str
) -> None:
    path, now = copy("report"), periods.now()
    with gate.write(path, by="測試", reason="測試") as change:
        assert change.revision
    monkeypatch.setattr(periods, "now", lambda: now - behind)
    one = found(path, "時鐘")
    assert one.level == level
    assert ("比現在的系統時間晚 2 小時" in one.found) == (level == "bad")


def test_a_file_from_the_future_is_told(copy: Copy) -> None:
    path = copy("report")
    ahead = datetime.now(UTC).timestamp() + 3600
    os.utime(path, (ahead, ahead))
    assert found(path, "時鐘").found.startswith("檔案最新的時間是 ")
    assert found(path, "時鐘").level == "bad"


def test_an_original_that_is_gone_is_told(copy: Copy, tmp_path: Path) -> None:
    path = copy("report")
    file = tmp_path / "新聞稿.csv"
    file.write_text("活動編號,類別,日期,名稱\nx1,新聞稿,103/5/6,甲\n", "utf-8")
    outcome = upload.import_file(path, file, by="測試")
    assert found(path, "原始檔") == Finding("原始檔", "good", "1 個匯入批次的原始檔都在")
    for kept in originals.folder(path).iterdir():
        kept.unlink()
    one = found(path, "原始檔")
    assert one.level == "notice"
    assert f"有 1 個的原始檔不在（例如批次 {outcome.batch}「新聞稿.csv」）" in one.found


def test_alerts_tell_when_they_were_evaluated_and_why_not(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path, now = copy("report"), periods.now()
    monkeypatch.setattr(periods, "now", lambda: now)  # or a second may pass before it is written down
    alerts.evaluate(path, GraphSettings())
    assert found(path, "提醒檢查").found.startswith(f"{periods.roc_moment(now)} 檢查；未解除 ")
    assert found(path, "提醒檢查").level == "good"
    monkeypatch.setattr(periods, "now", lambda: now + timedelta(hours=4))
    assert found(path, "提醒檢查").found.endswith("；已 4 小時沒有檢查")
    assert found(path, "提醒檢查").level == "notice"

    def refused() -> Settings:
        raise SettingsError("設定檔不對，請改正。")

    alerts.keep_up(path, refused)
    assert found(path, "提醒檢查").found.endswith("；最近一次沒有完成：設定檔不對，請改正")
    assert found(path, "提醒檢查").level == "bad"


def test_a_button_that_a_remedy_names_is_on_a_screen() -> None:
    """The same remedies stand below ``check``, where there is no button: there the command is named too."""
    house = Path(health.__file__).parents[1]
    screens = "".join(path.read_text("utf-8") for path in (house / "ui").rglob("*.py"))
    for path in (house / "jobs").glob("health*.py"):
        for line in path.read_text("utf-8").splitlines():
            for name in re.findall("按「([^」]+)」", line):
                assert f'"{name}"' in screens, (path.name, name)
                assert "python -m sqdash " in line or "自動" in line, (path.name, line)


def test_the_last_pull_of_each_page_is_told_with_its_state(pulled_store: Copy, tmp_path: Path) -> None:
    for scenario, level in (("", "good"), ("token_expired", "bad")):
        path = Path(shutil.copy(pulled_store(scenario), tmp_path / f"{level}.db"))
        assert found(path, "最近擷取").level == level
        assert "示範分局，" in found(path, "最近擷取").found
        assert re.search(r" [0-9]{2}:[0-9]{2}，\D", found(path, "最近擷取").found)
        assert found(path, "定時擷取").level == "notice"
        assert "python -m sqdash pull" not in found(path, "定時擷取").remedy  # that alone is one pull and the end


def test_a_pull_whose_process_died_was_broken_off(pulled_store: Copy, tmp_path: Path) -> None:
    path = Path(shutil.copy(pulled_store(""), tmp_path / "s.db"))
    with gate.write(path, by="x", reason="x") as change:
        pulls.begin(change, PAGE_ID, periods.noted(periods.now()), "v25.0")
    with leader.leading(path):
        assert found(path, "最近擷取").level == "good"
    one = found(path, "最近擷取")
    assert (one.level, one.found.endswith("，中途中斷")) == ("bad", True)


def test_a_token_that_does_not_serve_or_ends_soon_is_told_of_a_page_that_was_never_pulled_too(
    pulled_store: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(pulled_store(""), tmp_path / "s.db"))
    pulled.connect(monkeypatch, GraphSettings("http://127.0.0.1:9", page_id=PAGE_ID, token_text=Secret("EAAx")))
    one = found(path, "權杖")
    assert one.level == "notice"
    assert one.found.startswith("示範分局，剩 11 天：資料存取授權到 ")
    kept = tokens.keep(path, "555", "EAAy")
    assert "專頁 555" not in found(path, "權杖").found
    kept.write_text("兩個 字", "utf-8")
    told = [one for one in health_data.pulls(path) if one.name == "權杖" and one.level == "bad"]
    assert [one.found.startswith("專頁 555，無法使用：") for one in told] == [True]
    assert "兩個" not in told[0].found


def test_a_token_that_failed_the_last_pull_is_told_once(
    pulled_store: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(pulled_store("token_expired"), tmp_path / "s.db"))
    pulled.connect(monkeypatch, GraphSettings("http://127.0.0.1:9", page_id=PAGE_ID, token_text=Secret("EAAx")))
    told = [one.name for one in health_data.pulls(path) if "存取權杖已過期" in one.found]
    assert told == ["最近擷取"]


def test_settings_are_named_and_never_told(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy("report")
    monkeypatch.setenv("SQDASH_GRAPH_TOKEN", "EAAcanary0123456789")
    monkeypatch.setenv("SQDASH_SMTP_PASSWORD", "canary-password")
    told = json.dumps([one.as_dict() for one in health.check(path)], ensure_ascii=False)
    assert "SQDASH_GRAPH_TOKEN、" in found(path, "設定").found
    assert "canary" not in told


@pytest.mark.parametrize(
    ("name", "value", "label"),
    [
        ("SQDASH_QUIET_HOURS", "20-8", "靜音時段"),
        ("SQDASH_SMTP_PORT", "x", "電子郵件"),
        ("SQDASH_SMTP_SECURITY", "tls", "電子郵件"),
        ("SQDASH_SMTP_TO", "nobody", "電子郵件"),
        ("SQDASH_WEBHOOK_URL", "http://hooks.example/canary", "通知網址"),
    ],
)
def test_a_way_of_telling_alerts_that_cannot_be_used_is_bad_before_there_is_one_to_tell(
    made: Copy, monkeypatch: pytest.MonkeyPatch, name: str, value: str, label: str
) -> None:
    path = made("report")
    monkeypatch.setenv("SQDASH_SMTP_HOST", "mail.example")
    monkeypatch.setenv("SQDASH_SMTP_FROM", "a@mail.example")
    monkeypatch.setenv("SQDASH_SMTP_TO", "b@mail.example")
    monkeypatch.setenv("SQDASH_WEBHOOK_URL", "https://hooks.example/canary")
    assert not any(one.name == label for one in health.check(path, look=False))
    monkeypatch.setenv(name, value)
    one = found(path, label, look=False)
    assert one.level == "bad"
    assert name in one.found
    assert "canary" not in one.found


def test_a_password_file_that_cannot_be_read_is_told_once(
    made: Copy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (("HOST", "mail.example"), ("FROM", "a@b.example"), ("TO", "a@b.example"), ("USER", "a")):
        monkeypatch.setenv(f"SQDASH_SMTP_{name}", value)
    monkeypatch.setenv("SQDASH_SMTP_PASSWORD_FILE", str(tmp_path / "none"))
    path = made("report")
    assert found(path, "郵件密碼檔", look=False).level == "bad"
    assert not any(one.name == "電子郵件" for one in health.check(path, look=False))


def test_a_token_file_that_cannot_be_used_is_bad(copy: Copy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SQDASH_GRAPH_TOKEN_FILE", str(tmp_path / "none"))
    one = found(copy("report"), "權杖檔")
    assert one.level == "bad"
    assert "無法讀取" in one.found


def test_accounts_are_counted(copy: Copy) -> None:
    path = copy("report")
    for name in ("one", "two"):
        accounts.add(path, name, shown=name, role=Role.ADMIN, unit=None, by="測試")
    accounts.add(path, "three", shown="三", role=Role.VIEWER, unit=None, by="測試")
    accounts.disable(path, "three", reason="離職", by="測試")
    assert found(path, "帳號") == Finding("帳號", "good", "可登入 2 個，其中管理者 2 個；停用 1 個")
    accounts.disable(path, "two", reason="離職", by="測試")
    assert found(path, "帳號").level == "notice"


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("SQDASH_SIGN_IN", "1", "bad"),
        ("SQDASH_SIGN_IN", "0", "good"),
        ("SQDASH_TRUSTED_USER_HEADER", "X-Remote-User", "bad"),
        ("SQDASH_ALLOWED_HOSTS", "dashboard.example.gov.tw", "notice"),
    ],
)
def test_settings_that_let_others_in_without_an_account_are_told(
    made: Copy, monkeypatch: pytest.MonkeyPatch, name: str, value: str, level: str
) -> None:
    monkeypatch.setenv(name, value)
    one = found(made("report"), "帳號")
    assert one.level == level
    assert ("user add" in one.remedy) == (level != "good")


def missing(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def damaged(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes(8192) + whole[len(whole) // 2 + 8192 :])


def blank_page(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: 5 * 4096] + bytes(4096) + whole[6 * 4096 :])


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [(missing, "找不到"), (emptied, "0 位元組"), (damaged, "已損壞"), (blank_page, "已損壞"), (newer, "版本是 99")],
)
def test_a_store_that_cannot_be_used_says_so_first_and_what_can_be_known_without_it(
    copy: Copy, spoil: Callable[[Path], None], words: str
) -> None:
    path = copy("report")
    spoil(path)
    listed = health.check(path)
    bad = next(one for one in listed if one.level == "bad")
    assert words in bad.found
    assert bad.remedy
    names = {one.name for one in listed}
    assert {"磁碟空間", "設定"} <= names
    assert ("備份" in names) == (spoil is not missing)  # nothing is lost that has not been made
    assert not names & {"內容", "來源", "帳號", "原始檔"}
    assert not [one for one in listed if "\n" in one.found + one.remedy]


def test_where_there_is_no_store_it_is_to_be_made_or_brought_back(copy: Copy) -> None:
    path = copy("report")
    made = backup.make(path, why="hand", by="測試").backup
    missing(path)
    by_name = {one.name: one for one in health.check(path)}
    make = f"python -m sqdash init --db {path}"
    assert by_name["資料庫檔案"].remedy == f"改正路徑，或執行 {make} 建立；有備份時依「備份」一項還原。"
    assert by_name["備份"].level == "notice"
    assert made.name in by_name["備份"].remedy


def test_a_changed_value_is_bad_and_names_where_it_is(copy: Copy) -> None:
    path = copy("report")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE targets SET value = value + 1")
    found = next(one for one in health.check(path) if one.name == "完整性")
    assert (found.level, "「目標與規律」修訂 14" in found.found) == ("bad", True)


def test_a_damaged_store_names_the_newest_good_backup(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy("report")
    monkeypatch.setenv("SQDASH_DB", str(path))
    made = backup.make(path, why="hand", by="測試").backup
    damaged(path)
    way = way_out.words(path)
    assert way.startswith(f"還原最近的備份「{made.name}」（")
    assert way.endswith(f"，執行 python -m sqdash restore {made.folder}")
    assert found(path, "完整性").level == "bad"
    assert way in found(path, "完整性").remedy


def test_the_way_out_of_a_store_that_is_not_the_set_one_names_it(
    copy: Copy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The command as it stands would put this backup in the place of the other store."""
    path = copy("report")
    made = backup.make(path, why="hand", by="測試").backup
    monkeypatch.setenv("SQDASH_DB", str(tmp_path / "other.db"))
    assert way_out.words(path).endswith(f"，執行 python -m sqdash restore {made.folder} --db {path}")


def test_where_not_even_the_header_is_left_the_backup_is_named(copy: Copy) -> None:
    path = copy("report")
    made = backup.make(path, why="hand", by="測試").backup
    emptied(path)
    assert made.name in found(path, "備份").found
    assert found(path, "備份").level == "bad"


def test_without_a_backup_the_way_out_says_so(copy: Copy) -> None:
    assert way_out.words(copy("report")) == "保留檔案並請維護人員搶救（沒有找到備份）"


def test_a_store_that_another_program_keeps_locked_is_a_finding(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy("report")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.02)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        one = found(path, "資料庫檔案檢查")
    assert one.level == "bad"
    assert is_one_sentence(one.found)


def test_a_finding_is_a_plain_dictionary_for_other_programs() -> None:
    assert Finding("名", "notice", "所見", "作法").as_dict() == {
        "name": "名",
        "good": True,
        "level": "notice",
        "found": "所見",
        "remedy": "作法",
    }


def test_what_keeps_one_part_from_looking_leaves_the_others(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> list[Finding]:
        raise SettingsError("設定不對，請改正。")

    monkeypatch.setattr(health_people, "settings", refused)
    listed = health.check(copy("report"))
    assert listed[-1] == Finding("檢查", "bad", "設定不對，請改正。", "依訊息處理後再檢查一次。")
    assert "備份" in {one.name for one in listed}
