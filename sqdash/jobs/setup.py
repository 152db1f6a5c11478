"""Making a store: empty, with the year-103 data, or the demonstration."""

from __future__ import annotations

from pathlib import Path

from sqdash.errors import DataError, StoreMissing, StoreUnusable
from sqdash.jobs import backup, backup_folder, upload, way_out
from sqdash.jobs.outcomes import Outcome
from sqdash.store import database, gate, save, wholeness
from sqdash.store.queries import base
from sqdash.tables import TABLES

REPORT_FOLDER = Path(__file__).resolve().parents[2] / "data" / "report_103"
BY = "系統初始化"


def init(store: Path, *, empty: bool = False, demonstration: bool = False) -> bool:
    """Make the store unless it is there; bring an older one up to date. True when one was made.

    The year-103 files go in one by one through the same import as any upload. A store of the other kind
    than asked for is refused, and so is beginning anew where a lost store's backups are.
    """
    if store.exists() or store.is_symlink():
        database.inspect_file(store)
        database.require_writable(store)
        gate.migrate(store, lambda: backup.before(store, "升級資料庫", why="migration", by=BY))
        wholeness.require(store)
        _same_kind(store, demonstration)
        return False

    if not demonstration:
        _require_no_backup(store)

    def fill(making: Path) -> None:
        if not empty:
            load_report(making)
        if demonstration:
            _load_demo(making)

    gate.create(store, "demonstration" if demonstration else "real", fill)
    return True


def _require_no_backup(store: Path) -> None:
    """A store that is gone is not begun anew in silence: its figures would be missing on every screen, unnoticed."""
    folder = backup_folder.places(store).first
    if any(one.manifest.kind == "real" for one in backup_folder.listed(folder)):
        raise StoreMissing(
            f"資料庫「{store}」不見了，但有它的備份，請{way_out.words(store)}；"
            f"要放棄先前的資料、重新開始，請先移走備份資料夾「{folder}」。"
        )


def _same_kind(store: Path, demonstration: bool) -> None:
    with database.reading(store) as connection:
        found = base.kind(connection) == "demonstration"
    if found != demonstration:
        words = ("示範資料庫", "正式資料庫") if found else ("正式資料庫", "示範資料庫")
        raise StoreUnusable(f"「{store}」是{words[0]}，不能當作{words[1]}使用，請改用別的路徑。")


def load_report(store: Path) -> list[Outcome]:
    """Import the year-103 files in the catalogue's order, each its own batch."""
    outcomes = []
    for table in TABLES:
        file = REPORT_FOLDER / f"{table.name}.csv"
        if file.exists():
            outcomes.append(upload.import_file(store, file, by=BY, keep_original=False))
    if not outcomes:
        raise DataError(f"找不到 103 年度資料（{REPORT_FOLDER}），請重新取得完整的程式。")
    return outcomes


def _load_demo(store: Path) -> None:
    """Generated rows, one batch a table, in a store that says on every screen what it is."""
    from sqdash import demo  # never loaded for a real store

    rows = demo.generate()
    for table in TABLES:
        if table.name not in rows:
            continue
        with gate.write(store, by="示範產生器", reason=f"產生示範資料：{table.label}") as change:
            batch = save.open_batch(
                change,
                kind="generated",
                format=table.name,
                file_name=f"示範資料：{table.label}",
                note="產生的資料，不是事實",
            )
            save.close_batch(change, batch, save.put(change, table, rows[table.name], batch))
