"""What a person is told to do about a damaged store: restore the newest good backup, by its name where there is one."""

from __future__ import annotations

from pathlib import Path

from sqdash.errors import SqdashError
from sqdash.jobs import backup_folder, backup_state
from sqdash.store import damage


def tell() -> None:
    """From now on the sentence about a damaged store names the backup; for each process that people read from."""
    if words not in damage.ways_out:
        damage.ways_out.append(words)


def words(store: Path) -> str:
    """As a clause; the damaged store itself is not asked. A backup that failed its restore test is passed over."""
    try:
        folder = backup_folder.places(store).first
        tested = backup_state.tested(folder)
        failed = tested.backup if tested and not tested.good else None
        newest = next((one.name for one in backup_folder.listed(folder) if one.name != failed), None)
    except (SqdashError, OSError):
        return ""
    return f"還原最近的備份「{newest}」" if newest else "保留檔案並請維護人員搶救（沒有找到備份）"
