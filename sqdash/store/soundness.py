"""Is every stored value what was stored? Rows against their digests, what is kept beside them against the rows.

SQLite's own check sees a page that is no page; a value that became another value it cannot see. This reads each table
once, in pieces, so memory does not grow with the store. What it finds it tells in words: which table, and of which
change or batch.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from sqdash import periods
from sqdash.store import digests, rollups
from sqdash.store.digests import Kept
from sqdash.store.queries import base
from sqdash.tables import TABLES

_LABELS = {table.name: table.label for table in TABLES} | {
    "revisions": "修訂紀錄",
    "audit_log": "稽核紀錄",
    "imports": "匯入紀錄",
    "import_rejections": "未採用的列",
    "confirmations": "重複陳述的紀錄",
    "coverage": "完整涵蓋的日期",
    "layouts": "記住的欄位對應",
    "pulls": "擷取紀錄",
    "pull_parts": "擷取步驟",
    "post_reads": "貼文擷取時程",
    "alerts": "警示紀錄",
    "store_info": "資料庫資訊",
    "metric_states": "指標供應狀態",
    "measure_breaks": "指標更換日",
    "page_reads": "粉絲專頁擷取狀態",
    "alert_digests": "警示通知紀錄",
    "alert_sent": "已通知的警示",
    "accounts": "帳號",
    "account_passwords": "帳號密碼",
    "sessions": "登入紀錄",
    "sign_in_failures": "登入失敗紀錄",
    "desk": "使用者姓名",
    "sqlite_schema": "資料庫結構",
    "post_now": "貼文最新數字",
    "post_aged": "貼文滿 7 日與 28 日的數字",
    "post_months": "貼文每月合計",
    "post_texts": "貼文搜尋文字",
    "counted_pages": "計入的粉絲專頁",
    "post_groups": "貼文分組合計",
    "post_values": "貼文數字分布",
}
_OF_YEAR = {
    "post_now": ("page_id, published_at, post_id", "published_at >= ?1 AND published_at < ?2"),
    "post_aged": ("basis, page_id, published_at, post_id", "published_at >= ?1 AND published_at < ?2"),
    "post_months": ("measure, page_id, month", "month >= ?1 AND month < ?2"),
    "post_texts": ("page_id, month", "month >= ?1 AND month < ?2"),
    "post_groups": ("basis, dimension, span, value", "span >= ?1 AND span < ?2"),
    "post_values": ("basis, measure, span, value", "span >= ?1 AND span < ?2"),
}
"""The roll-ups of posts: in which order they are read, and which of their rows are of a year."""
_AT_ONCE, _PIECE = 2_000, 100_000


def fault(connection: sqlite3.Connection, *, derived: bool = True) -> str:
    """The first stored value that is not what was stored, as a clause; empty for none, and for a store from before
    there were digests. Not ``derived``: without what is worked out of posts, which takes as long again.

    The connection reads for as long as a piece takes, not the whole look: writers get in between.
    """
    if connection.execute("PRAGMA main.user_version").fetchone()[0] < digests.FIRST:
        return ""
    if not connection.in_transaction:
        connection.execute("BEGIN")
    found = next(_rows(connection), "") or next(_strays(connection), "")
    return found or (_rolled_up(connection) if derived else "")


# --- rows


def _rows(connection: sqlite3.Connection) -> Iterator[str]:
    for kept in digests.present(connection):
        was = digests.stored(connection, kept.name)
        now = _sums(connection, kept)
        if was != now:
            what, part = min(spot for spot in was.keys() | now.keys() if was.get(spot) != now.get(spot))
            more = now.get((what, part), (0, 0))[0] - was.get((what, part), (0, 0))[0]
            how = f"{'多' if more > 0 else '少'}了 {abs(more)} 列" if more else "與存入時不同"
            yield f"{_where(connection, kept, what, part)}{how}"
        _let_in(connection)


def _sums(connection: sqlite3.Connection, kept: Kept) -> dict[tuple[str, int], digests.Sum]:
    """What the table's digests should be. Versions are read in several pieces: of those that there are now, nothing but
    their end changes, and how some ended by now neither."""
    if not kept.ends:
        return {("rows", part): found for part, found in digests.rows_of(connection, kept).items()}
    now = {("ends", part): found for part, found in digests.ends_of(connection, kept.name).items()}
    (last,) = connection.execute(f"SELECT ifnull(max(version_id), 0) FROM main.{kept.name}").fetchone()  # noqa: S608
    (first,) = connection.execute(f"SELECT ifnull(min(version_id), 0) FROM main.{kept.name}").fetchone()  # noqa: S608
    for low in range(min(first, 1) - 1, last, _PIECE):
        high = min(low + _PIECE, last)
        for part, found in digests.rows_of(connection, kept, "WHERE rowid > ? AND rowid <= ?", (low, high)).items():
            rows, digest = now.get(("rows", part), (0, 0))
            now["rows", part] = rows + found[0], digest + found[1]
        if high < last:
            _let_in(connection)
    return now


def _let_in(connection: sqlite3.Connection) -> None:
    """Whoever waits to write may do so now."""
    connection.execute("COMMIT")
    connection.execute("BEGIN")


def _where(connection: sqlite3.Connection, kept: Kept, what: str, part: int) -> str:
    label = f"「{_LABELS[kept.name]}」"
    if kept.part == "batch":
        return f"{label}批次 {part} 的內容"
    if kept.part == "pull":
        return f"{label}第 {part} 次擷取的內容"
    if not kept.ends:
        return f"{label}的內容"
    when, batch = _change(connection, part)
    by = "、".join(found for found in (f"批次 {batch}" if batch else "", when) if found)
    return f"{label}修訂 {part}{f'（{by}）' if by else ''}{'終止的列' if what == 'ends' else '的內容'}"


def _change(connection: sqlite3.Connection, revision: int) -> tuple[str, int | None]:
    """When a revision was made, in words, and the batch that it brought; as far as that can still be read."""
    when, batch = "", None
    with suppress(sqlite3.DatabaseError, UnicodeDecodeError, ValueError, TypeError):
        found = connection.execute("SELECT batch FROM imports WHERE revision = ?", (revision,)).fetchone()
        batch = found[0] if found else None
        (at,) = connection.execute("SELECT at FROM revisions WHERE revision = ?", (revision,)).fetchone()
        when = periods.roc_moment(datetime.fromisoformat(at))
    return when, batch


def _strays(connection: sqlite3.Connection) -> Iterator[str]:
    """Digests of a table that there is not: the digests themselves changed."""
    before, connection.text_factory = connection.text_factory, bytes
    try:
        names = {name for (name,) in connection.execute("SELECT DISTINCT table_name FROM main.digests")}
    finally:
        connection.text_factory = before
    if names - {kept.name.encode() for kept in digests.present(connection)}:
        yield "摘要表的內容與存入時不同"


# --- what is rolled up of posts


def _rolled_up(connection: sqlite3.Connection) -> str:
    """What is kept beside posts, worked out anew year by year in temporary tables of the same names."""
    rollups.beside(connection)
    begun = base.revision(connection)
    seen = dict.fromkeys(_OF_YEAR, 0)
    for year in _years(connection):
        _work_out(connection, year)
        for table in _OF_YEAR:
            same, rows = _same(connection, table, year)
            seen[table] += rows
            if not same:
                return f"「{_LABELS[table]}」{int(year) - periods.ROC_OFFSET} 年的內容與貼文不符"
        _let_in(connection)
    if base.revision(connection) != begun:
        return ""  # what was counted so far is of several states; each year was looked at in one
    rest = [table for table, rows in seen.items() if _count(connection, f"main.{table}") != rows]
    if _count(connection, "main.posts WHERE closed_revision IS NULL") != seen["post_now"]:
        rest.append("post_now")
    if not _same_pages(connection):
        rest.append("counted_pages")
    return f"「{_LABELS[rest[0]]}」的內容與貼文不符" if rest else ""


def _years(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT DISTINCT CAST(substr(month, 1, 4) AS INTEGER) FROM main.post_months").fetchall()
    return [f"{year:04d}" for (year,) in sorted(found)]


def _bounds(year: str) -> tuple[str, str]:
    return year, f"{int(year) + 1:04d}"


def _work_out(connection: sqlite3.Connection, year: str) -> None:
    for table in _OF_YEAR:
        connection.execute(f"DELETE FROM temp.{table}")  # noqa: S608
    rollups.begin(connection)
    connection.execute(
        f"INSERT INTO temp.{rollups.TOUCHED} SELECT post_id FROM "  # noqa: S608
        "(SELECT DISTINCT page_id FROM main.post_months WHERE month >= ?1 AND month < ?2) m CROSS JOIN main.post_now n "
        "ON n.page_id = m.page_id AND n.published_at >= ?1 AND n.published_at < ?2",
        _bounds(year),
    )
    rollups.refresh_touched(connection)


def _same(connection: sqlite3.Connection, table: str, year: str) -> tuple[bool, int]:
    """Whether the rows of a year are those worked out, and how many were compared."""
    order, of_year = _OF_YEAR[table]
    kept, found = (
        connection.execute(f"SELECT * FROM {schema}.{table} WHERE {of_year} ORDER BY {order}", _bounds(year))  # noqa: S608
        for schema in ("main", "temp")
    )
    rows = 0
    while True:
        some = kept.fetchmany(_AT_ONCE)
        if some != found.fetchmany(_AT_ONCE):
            return False, rows
        if not some:
            return True, rows
        rows += len(some)


def _same_pages(connection: sqlite3.Connection) -> bool:
    """Whether the pages that count are our own; of those without posts it is not asked, nothing counts of them."""
    kept = _pages(connection, "main.counted_pages")
    with_posts = _pages(connection, "main.post_months")
    own = {page for (page,) in connection.execute(rollups.OWN)}
    return kept & with_posts == own & with_posts and kept <= _pages(connection, "main.pages")


def _pages(connection: sqlite3.Connection, table: str) -> set[str]:
    return {page for (page,) in connection.execute(f"SELECT DISTINCT page_id FROM {table}")}  # noqa: S608


def _count(connection: sqlite3.Connection, source: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {source}").fetchone()[0])  # noqa: S608
