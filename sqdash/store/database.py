"""Opening the store: which files are accepted, how a connection is set, how SQLite's errors read.

One connection per operation; readers open read-only. The journal is WAL only where SQLite has the fix for
the write-ahead-log reset fault (3.44.6, 3.50.7, 3.51.3 and later); elsewhere it is DELETE with a large cache,
because two writers or checkpointers at once could otherwise lose a commit (sqlite.org/wal.html#walresetbug).
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqdash import periods
from sqdash.errors import StoreBusy, StoreError, StoreReadOnly, StoreTooNew, StoreUnusable
from sqdash.store import damage

Connection = sqlite3.Connection
APPLICATION_ID = 0x53514453  # "SQDS"
SCHEMA_VERSION = 11
BUSY_SECONDS = 30.0
JOURNALS = ("-journal", "-wal", "-shm")
"""What ends the names of the files that SQLite keeps beside a store."""

_MAGIC = b"SQLite format 3\x00"
_CACHE_KIB = {"wal": 65_536, "delete": 204_800}


def journal_for(version: tuple[int, int, int]) -> str:
    """``wal`` or ``delete``: the journal this SQLite version can be trusted with."""
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)
    return "wal" if fixed else "delete"


SQLITE = sqlite3.sqlite_version
JOURNAL = journal_for(sqlite3.sqlite_version_info)


def inspect_file(path: Path) -> int:
    """The schema version in the file's header; a typed :class:`StoreError` when it is not a store of ours."""
    try:
        with path.open("rb", buffering=0) as file:
            header = file.read(100)
    except (FileNotFoundError, NotADirectoryError):
        raise damage.missing(path) from None
    except OSError as error:
        if path.is_dir():
            raise StoreUnusable(f"資料庫路徑「{path}」是資料夾，請指定檔案，例如 {path / 'sqdash.db'}。") from error
        raise StoreUnusable(f"無法讀取資料庫「{path}」，請檢查檔案權限。") from error
    if not header:
        way = damage.way(path)
        raise StoreUnusable(f"資料庫「{path}」是 0 位元組的空檔，請{way}；要重新開始，請移走它再執行 init。")
    if not header.startswith(_MAGIC) or len(header) < 100:
        way = damage.way(path)
        raise StoreUnusable(f"「{path}」不是資料庫檔案，請改指正確的路徑；它原本是資料庫時，請{way}。")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise StoreUnusable(
            f"「{path}」是別的程式的資料庫，未做任何更動，請改指正確的路徑；它原本是本程式的資料庫時，請移走它再還原備份。"
        )
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"資料庫「{path}」的版本是 {version}，本程式只認得到 {SCHEMA_VERSION}，請改用較新的程式，"
            "或移走它再還原升級前的備份；檔案未更動。"
        )
    return version


def is_foreign(path: Path) -> bool:
    """Whether the file is a database that another program made for itself."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError:
        return False
    found = int.from_bytes(header[68:72], "big")
    return header.startswith(_MAGIC) and len(header) == 100 and found != APPLICATION_ID


class Handle(sqlite3.Connection):
    """A connection that knows which file it was opened on, for the path may come to name another (a restore)."""

    file: tuple[int, int] | None = None


def identity(path: Path) -> tuple[int, int]:
    """Device and number of the file that stands at the path now."""
    stands = path.stat()
    return stands.st_dev, stands.st_ino


def aside(store: Path) -> Path:
    """Under which name a damaged store, or what is left of one, is kept."""
    return store.with_name(f"{store.name}.damaged-{periods.now():%Y%m%dT%H%M%S%f}")


def move_journals(store: Path, to: Path) -> None:
    """Give what SQLite keeps beside a store (a killed writer's journal, a WAL) the name of another file: it would be
    applied to whatever comes to stand at the store's path next."""
    for end in JOURNALS:
        beside = Path(f"{store}{end}")
        if beside.exists():
            beside.replace(f"{to}{end}")


def writable(path: Path) -> bool:
    """Whether the file and its folder (which holds the journal) can be written.

    A file without any write permission counts as read-only for the superuser too: someone marked it so.
    """

    try:
        if not path.stat().st_mode & 0o222:
            return False
        with path.open("r+b"):
            pass
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError:
        return False
    return True


def require_writable(path: Path) -> None:
    """:class:`StoreReadOnly` where the store cannot be written."""
    if not writable(path):
        raise StoreReadOnly(f"資料庫「{path}」或其資料夾是唯讀的，無法寫入，請檢查權限後再試。")


def connect(
    path: Path, *, write: bool = False, wait: bool = True, factory: type[Handle] | None = None
) -> sqlite3.Connection:
    """A fresh connection with our settings; the caller closes it. See :func:`inspect_file` for what is refused. Who
    does not ``wait`` is refused at once where another has a lock."""
    version = inspect_file(path)
    if version < SCHEMA_VERSION:
        raise StoreError(f"資料庫「{path}」是舊版 {version}，請先執行 python -m sqdash init 升級到 {SCHEMA_VERSION}。")
    if write:
        require_writable(path)
    mode = "rw" if write else "ro"
    file = identity(path)  # before opening: taken afterwards it could be a successor's
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS if wait else 0,
        isolation_level=None,
        factory=factory or Handle,
    )
    connection.file = file
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB[JOURNAL]}")
    connection.execute("PRAGMA foreign_keys = ON")
    if write:
        connection.execute(f"PRAGMA journal_mode = {JOURNAL}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_size_limit = 67108864")
    return connection


# What SQLite says → what a person is told.
_SENTENCES: tuple[tuple[tuple[str, ...], type[StoreError], str], ...] = (
    (("disk is full", "disk I/O"), StoreError, "磁碟空間不足或無法寫入，「{path}」沒有變更，請檢查磁碟後再試。"),
    (("readonly",), StoreReadOnly, "資料庫「{path}」是唯讀的，無法寫入，請檢查權限後再試。"),
    (("locked", "busy"), StoreBusy, "資料庫「{path}」正由另一個程式使用，無法讀取或寫入，請關閉那個程式或稍後再試。"),
    (("unable to open",), StoreError, "無法開啟資料庫「{path}」或它的日誌，請檢查資料夾權限。"),
)
_DAMAGE = ("malformed", "not a database", "unsupported file format", "Could not decode")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's own errors into sentences; errors of ours pass."""
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite hands out whatever bytes a damaged page holds
        raise damage.damaged(path) from error
    except sqlite3.DatabaseError as error:
        if any(word in str(error) for word in _DAMAGE):
            raise damage.damaged(path, str(error)) from error
        for words, kind, sentence in _SENTENCES:
            if any(word in str(error) for word in words):
                raise kind(sentence.format(path=path)) from error
        raise


@contextmanager
def reading(path: Path, *, wait: bool = True) -> Iterator[sqlite3.Connection]:
    """One read: a connection that sees a single state from first to last query. Who does not ``wait`` gets
    :class:`StoreBusy` at once while somebody commits."""
    with translated(path):
        try:
            connection = _begin_read(path, wait)
        except sqlite3.OperationalError as error:
            if "readonly" not in str(error) and "unable to open" not in str(error):
                raise
            # A writer died and left a journal that only a writing connection may roll back.
            connect(path, write=True).close()
            connection = _begin_read(path, wait)
        with closing(connection):
            yield connection


def _begin_read(path: Path, wait: bool) -> sqlite3.Connection:
    connection = connect(path, wait=wait)
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM store_info").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def quick_check(path: Path) -> None:
    """Read every page once; :class:`StoreUnusable` when SQLite finds damage."""
    with reading(path) as connection:
        require_sound(connection, path)


def require_sound(connection: sqlite3.Connection, path: Path) -> None:
    """As :func:`quick_check`, on an open connection to the store at ``path``."""
    if found := faults(connection, path):
        raise damage.damaged(path, found)


def faults(connection: sqlite3.Connection, path: Path, *, full: bool = False) -> str:
    """The first damage that SQLite finds in the file, on one line; empty for none. ``full``: indexes are compared with
    the rows."""
    check = "integrity_check" if full else "quick_check"
    (found,) = connection.execute(f"PRAGMA {check}(1)").fetchone()
    found = " ".join(str(found).split())
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    whole = JOURNAL == "wal" or path.stat().st_size == pages * size  # SQLite overlooks a cut last page
    return (found if found != "ok" else "") or ("" if whole else "檔案長度不符")
