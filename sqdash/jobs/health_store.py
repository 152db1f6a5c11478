"""Findings about the store's file: which SQLite, whether it is whole, the clock, writing, the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqdash import formats, freshness, periods
from sqdash.errors import SqdashError, StoreMissing
from sqdash.jobs import way_out
from sqdash.jobs.health import Finding, finding
from sqdash.store import database, wholeness
from sqdash.store.queries import base
from sqdash.store.wholeness import Verdict

LEAST_FREE = 500_000_000
TIMES = 3
"""So many times the store's size should be free: a backup, a restore and the journal of a large change need room."""
AHEAD = timedelta(minutes=5)
"""Clocks of two machines may differ by so much."""
_LATE = timedelta(days=2)
_SLOW = 1.0
"""Seconds from which on a look is worth telling how long it took."""


def file(store: Path, *, look: bool) -> Iterator[Finding]:
    """Which SQLite, whose file, whether it is whole. Ends with the sentence that says why it cannot be opened."""
    yield finding("SQLite", f"{database.SQLITE}，日誌模式 {database.JOURNAL.upper()}")
    try:
        schema = database.inspect_file(store)
        size = store.stat().st_size
        yield finding("資料庫檔案", f"{store}（{_size(size)}，結構版本 {schema}）")
        yield _whole(store, wholeness.renew(store) if look else wholeness.last(store))
        with database.reading(store):
            pass
    except StoreMissing as error:
        found, _, remedy = error.in_command.partition("，請")
        yield Finding("資料庫檔案", "bad", found, f"{remedy.removesuffix('。')}；有備份時依「備份」一項還原。")
    except (SqdashError, OSError) as error:
        yield Finding("資料庫檔案檢查", "bad", str(error), "依訊息處理後再檢查一次。")


def _whole(store: Path, verdict: Verdict | None) -> Finding:
    if verdict is None:
        return finding("完整性", "還沒有檢查過", notice="按「立即檢查」，或執行 python -m sqdash check。")
    at = periods.roc_moment(verdict.at)
    took = f"費時 {formats.number(verdict.seconds, 1)} 秒，" if verdict.seconds >= _SLOW else ""
    how = f"{at} 檢查{'（逐列核對）' if verdict.full else ''}，{took}"
    if not verdict.good:
        remedy = f"停止使用，{way_out.words(store) or '還原備份'}；損壞的檔案會移到旁邊，不會刪除。"
        return finding("完整性", f"{how}已損壞：{verdict.found}", bad=remedy)
    late = not wholeness.fresh(verdict, _LATE)
    remedy = "按「立即檢查」；儀表板執行中每天會自動檢查一次。" if late else ""
    return finding("完整性", f"{how}沒有發現損壞", notice=remedy)


def clock(store: Path) -> Iterator[Finding]:
    """This machine's clock against what was written before: nothing can have been made in the future."""
    now = periods.now()
    with database.reading(store) as connection:
        noted = {name: datetime.fromisoformat(at) for name, at in base.newest_moments(connection).items()}
    files = [path for path in store.parent.glob(f"{store.name}*") if path.is_file()]
    changed = [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in files]
    moments = {"檔案": max(changed, default=now), **noted}
    ahead = {name: at for name, at in moments.items() if at - now > AHEAD}
    if ahead:
        name, at = max(ahead.items(), key=lambda one: one[1])
        found = f"{name}最新的時間是 {periods.roc_moment(at)}，比現在的系統時間晚 {freshness.span(at - now)}"
        yield finding("時鐘", found, bad="校正這台電腦的時間（開啟自動對時），再檢查一次。")
    else:
        yield finding("時鐘", f"系統時間 {periods.roc_moment(now)}（臺北），沒有比它晚的紀錄")


def writing(store: Path) -> Iterator[Finding]:
    """Whether the file and its folder can be written."""
    if store.exists():
        can = database.writable(store)
        found = "可以寫入" if can else "唯讀：可以看，不能上傳、登錄或擷取"
        yield finding("寫入", found, bad="" if can else "檢查檔案與資料夾權限。")


def disk(store: Path) -> Iterator[Finding]:
    """Free space, also against the size of the store."""
    folder = next(path for path in (store.parent, *store.parent.parents) if path.is_dir())
    free, size = shutil.disk_usage(folder).free, store.stat().st_size if store.is_file() else 0
    need = max(LEAST_FREE, TIMES * size)
    remedy = "" if free >= need else f"清出空間，至少要有 {_size(need)}（資料庫的 {TIMES} 倍，且不少於 0.5 GB）。"
    yield finding("磁碟空間", f"剩 {_size(free)}", bad=remedy)


def _size(count: float) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e8 else f"{count / 1e6:,.1f} MB"
