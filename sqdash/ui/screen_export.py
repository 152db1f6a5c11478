"""下載本頁資料: the tables shown on a screen as one file, a sheet each, made only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqdash import periods
from sqdash.jobs import screen_sheets
from sqdash.jobs.sheet_shapes import Kind
from sqdash.ui import blocks, menu, tables
from sqdash.ui.drawn import Drawn
from sqdash.ui.frame import Screen

_ABOUT = "說明"


def offer(screen: Screen, found: Sequence[Drawn]) -> None:
    """The tables of the page as XLSX, ODS and CSV."""
    if not found:
        blocks.note("這一頁目前沒有表格可以下載。")
        return
    demonstration = "示範_" if screen.board.kind == "demonstration" else ""
    entry = menu.entry(screen.name)
    of_period = f"_{screen.period.code.replace('..', '_')}" if entry.of_period else ""
    blocks.note(f"{len(found)} 張表，各一個工作表；CSV 是一張一檔的壓縮檔。數字與日期可以計算，旁邊是畫面上的樣子。")
    tables.downloads(
        "下載本頁資料",
        "screen_export_as",
        f"{demonstration}{entry.title}{of_period}",
        partial(make, about(screen), found),
        button="本頁 ",
        archive=True,
    )


def about(screen: Screen) -> list[tuple[str, str]]:
    """What the first sheet says of the screen."""
    board, entry = screen.board, menu.entry(screen.name)
    lines = [
        ("畫面", entry.title),
        *([("期間", screen.period.label)] if entry.of_period else []),
        ("判斷日", f"{periods.roc_day(board.as_of)}（{board.as_of.isoformat()}）"),
        ("資料庫修訂", str(board.revision)),
    ]
    if board.lock:
        lines.append(("鎖定", f"{board.lock.year} 年度已於 {periods.roc_day(board.lock.day)} 鎖定，指標以鎖定時為準"))
    if board.kind == "demonstration":
        lines.append(("注意", "示範資料，非真實數據"))
    return lines


def make(lines: Sequence[tuple[str, str]], found: Sequence[Drawn], kind: Kind) -> bytes:
    """The file; lists that are longer than the screen are read now."""
    loaded = [(one, one.load()) for one in found]
    made = screen_sheets.named(screen_sheets.sheet(one.title, rows, one.figures) for one, rows in loaded)
    contents = [
        (f"工作表「{sheet.name}」", f"{one.title}，{len(rows):,} 列{f'；{one.note}' if one.note else ''}")
        for sheet, (one, rows) in zip(made, loaded, strict=True)
    ]
    first = [{"項目": item, "內容": text} for item, text in (*lines, *contents)]
    return screen_sheets.book([screen_sheets.sheet(_ABOUT, first), *made], kind)
