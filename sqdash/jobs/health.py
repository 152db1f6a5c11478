"""Is the store whole, and can it be used? Each finding has a remedy."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path

from sqdash import periods
from sqdash.errors import SqdashError
from sqdash.jobs import backup_folder, backup_state
from sqdash.store import database
from sqdash.store.queries import base

_LEAST_FREE = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``good`` or not, what was found and what to do."""

    name: str
    good: bool
    found: str
    remedy: str = ""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def check(store: Path) -> list[Finding]:
    """Look at everything; a store that cannot be opened ends the list with that sentence."""
    version = ".".join(map(str, sqlite3.sqlite_version_info))
    findings = [Finding("SQLite", True, f"{version}，日誌模式 {database.JOURNAL.upper()}")]
    try:
        schema = database.inspect_file(store)
        findings.append(Finding("資料庫檔案", True, f"{store}（結構版本 {schema}）"))
        database.quick_check(store)
        findings.append(Finding("完整性", True, "SQLite 檢查沒有發現損壞"))
        with database.reading(store) as connection:
            kind = "示範資料" if base.kind(connection) == "demonstration" else "正式資料"
            years = "、".join(str(year) for year in reversed(base.years(connection))) or "無"
            findings.append(Finding("內容", True, f"{kind}；修訂 {base.revision(connection)}；年度 {years}"))
            fans, posts = (day or "無" for day in base.newest_days(connection))
            findings.append(Finding("來源", True, f"粉絲數最新 {fans}；貼文數據最新 {posts}"))
            findings.append(Finding("設定", True, f"SQDASH_DB＝{store}"))
    except SqdashError as error:
        findings.append(Finding("資料庫檔案", False, str(error), "依訊息處理後再執行一次"))
        return findings
    writable = database.writable(store)
    findings.append(
        Finding("寫入", writable, "可以寫入" if writable else "唯讀", "" if writable else "檢查檔案與資料夾權限")
    )
    free = shutil.disk_usage(store.parent).free
    enough = free >= _LEAST_FREE
    findings.append(Finding("磁碟空間", enough, f"剩 {free / 1e9:,.1f} GB", "" if enough else "清出至少 0.5 GB"))
    return [*findings, *_backups(store)]


def _backups(store: Path) -> list[Finding]:
    """How much could be lost, whether the newest backup restores, whether the second folder got its copy."""
    folder = backup_folder.places(store).first
    loss = backup_state.could_be_lost(store)
    findings = [Finding("備份", loss.good, loss.sentence, "" if loss.good else "執行備份，並確認定時備份在運作")]
    if tested := backup_state.tested(folder):
        remedy = "" if tested.good else "立即再備份並測試一次，仍不通過請檢查磁碟"
        findings.append(Finding("還原測試", tested.good, f"{periods.roc_moment(tested.at)}，{tested.found}", remedy))
    if second := backup_state.second(folder):
        remedy = "" if second.good else "檢查第二個備份資料夾能否寫入"
        findings.append(Finding("第二份備份", second.good, f"{periods.roc_moment(second.at)}，{second.found}", remedy))
    return findings
