"""The single gate through which every change goes, and how a store is made.

A change is: file lock → fresh connection → BEGIN IMMEDIATE → rows, their batch, the revision and an audit
line → COMMIT. A change that turned out to change nothing leaves no revision behind.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from sqdash import __version__, periods
from sqdash.errors import StoreBusy, StoreError, StoreUnusable
from sqdash.store import audit, database, digests, locks, wholeness

WAIT_SECONDS = 30.0
origin: ContextVar[str] = ContextVar("origin", default="")
"""The address from where the present task writes, for the audit log; empty for a command."""


@dataclass(slots=True)
class Change:
    """One open write transaction. ``revision`` is taken at the first row that is really changed."""

    connection: sqlite3.Connection
    by: str
    reason: str
    _revision: int | None = field(default=None)
    noted: bool = False
    """Whether book-keeping that takes no revision was written."""
    _audited: bool = False
    _told: bool = False
    """Whether a line of the audit log was added, and whether one says what the revision was for."""
    after: int = 0
    """The revision follows this number too: a restore never takes one that screens have seen."""

    @property
    def revision(self) -> int:
        """Its revision, which is taken when it is first asked for."""
        if self._revision is None:
            cursor = self.connection.execute(
                "INSERT INTO revisions (revision, at, by, reason) "
                "SELECT max(ifnull(max(revision), 0), ?) + 1, ?, ?, ? FROM revisions",
                (self.after, periods.now().isoformat(timespec="milliseconds"), self.by, self.reason),
            )
            self._revision = int(cursor.lastrowid or 0)
        return self._revision

    @property
    def changed(self) -> bool:
        """Whether it took a revision."""
        return self._revision is not None

    def note(self) -> None:
        """Commit even where no data row changed: what a pull learnt is kept, and no screen need be redrawn for it."""
        self.noted = True

    def audit(self, action: str, subject: str, detail: str = "") -> None:
        """Add one line to the audit log, made fit for it (:func:`sqdash.store.audit.clean`). A line alone commits
        nothing: see :meth:`note`."""
        self._audited, self._told = True, self._told or self.changed
        self._line(self.by, action, subject, detail, self._revision)

    def audit_as(self, by: str, action: str, subject: str, detail: str = "") -> None:
        """A line of somebody else's doing than the change's, which says nothing of its revision."""
        self._audited = True
        self._line(by, action, subject, detail, None)

    def complete_audit(self) -> None:
        """What is to be in the audit log before the commit: a line of the change, and of lines that left the log."""
        if self.changed and not self._told:
            self.audit("change", self.reason)
        if self._audited:
            gone, last = audit.rotate(self.connection, periods.now())
            if gone:
                self.audit_as("系統", "rotate", f"{gone} lines", f"to {last}")

    def _line(self, by: str, action: str, subject: str, detail: str, revision: int | None) -> None:
        at = periods.now().isoformat(timespec="milliseconds")
        who, what, more, where = (audit.clean(text) for text in (by, subject, detail, origin.get()))
        self.connection.execute(
            "INSERT INTO audit_log (at, by, action, subject, detail, revision, address) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (at, who, action, what, more, revision, where),
        )


@contextmanager
def lock(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the store's write lock; :class:`StoreBusy` after 30 s, or at once for who does not ``wait``."""
    gate = FileLock(f"{path}.write.lock", timeout=WAIT_SECONDS if wait else 0)
    try:
        gate.acquire()
    except Timeout as error:
        raise StoreBusy("另一個程序正在寫入資料庫，等了 30 秒仍未結束，請稍後再試。") from error
    except OSError as error:
        raise StoreError(f"無法在「{path.parent}」建立鎖定檔，請檢查資料夾權限。") from error
    try:
        yield
    finally:
        gate.release()


@contextmanager
def write(path: Path, *, by: str, reason: str, wait: bool = True) -> Iterator[Change]:
    """One transaction: committed when the block ends and changed or noted something, else rolled back.

    Who does not ``wait`` gets :class:`StoreBusy` at once where anybody writes, or still reads at the commit.
    """
    with (
        opened(path, wait=wait) as connection,
        change(path, connection, by=by, reason=reason, wait=wait) as begun,
    ):
        yield begun


@contextmanager
def opened(path: Path, *, wait: bool = True) -> Iterator[sqlite3.Connection]:
    """A connection that may write later: what can be prepared in temporary tables needs no lock yet.

    :class:`StoreUnusable` where the store is damaged: what is written on it makes what can be saved of it less.
    """
    database.inspect_file(path)
    database.require_writable(path)
    wholeness.require(path, look=wait)
    with database.translated(path), closing(_connect(path, wait=wait)) as connection:
        yield connection


def _connect(path: Path, *, wait: bool) -> sqlite3.Connection:
    return database.connect(path, write=True, wait=wait, factory=digests.Writer)


@contextmanager
def change(path: Path, connection: sqlite3.Connection, *, by: str, reason: str, wait: bool = True) -> Iterator[Change]:
    """One transaction on a connection of :func:`opened`, alone behind the file lock; see :func:`write`.

    :class:`StoreBusy` where a backup was restored since the connection was opened: the row would go into the old file.
    """
    with lock(path, wait=wait):
        if isinstance(connection, database.Handle) and connection.file != database.identity(path):
            raise StoreBusy("資料庫剛剛由備份還原，這次的變更沒有存入，請重新整理後再做一次。")
        connection.execute("BEGIN IMMEDIATE")
        digests.begin(connection)
        begun = Change(connection, by, reason)
        try:
            yield begun
            if begun.changed:
                locks.require_open(connection, begun.revision)
            begun.complete_audit()
            if begun.changed or begun.noted:
                digests.settle(connection, begun.revision if begun.changed else None)
        except BaseException:
            if connection.in_transaction:  # SQLite rolls back by itself when the disk is full
                connection.execute("ROLLBACK")
            raise
        _finish(connection, keep=begun.changed or begun.noted)
        if database.JOURNAL == "wal":
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _finish(connection: sqlite3.Connection, *, keep: bool) -> None:
    try:
        connection.execute("COMMIT" if keep else "ROLLBACK")
    except BaseException:
        if connection.in_transaction:  # a reader kept a commit waiting for too long
            connection.execute("ROLLBACK")
        raise


def create(path: Path, kind: str, fill: Callable[[Path], None]) -> None:
    """Make a store of ``kind`` (real, demonstration) at a path where there is nothing.

    It is made and filled under another name and appears whole or not at all; an existing file is never
    touched (:class:`StoreUnusable`).
    """
    if path.exists():
        raise StoreUnusable(f"「{path}」已經存在，不會覆寫，請改用別的路徑或先移走它。")
    import tempfile  # only where a store is made

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            lock(path),
            tempfile.TemporaryDirectory(prefix=f".{path.name}.", suffix=".making", dir=path.parent) as folder,
        ):
            _clear_leftovers(path, but=Path(folder))
            making = Path(folder) / path.name
            with database.translated(path):
                _lay_schema(making, kind)
                fill(making)
                _publish(making, path)
    except OSError as error:
        raise StoreError(f"無法在「{path.parent}」建立資料庫，請檢查資料夾權限與磁碟空間。") from error


def _clear_leftovers(path: Path, *, but: Path) -> None:
    """Remove what killed processes left of this store's making; the lock says that none is at it now."""
    ours = re.compile(rf"\.{re.escape(path.name)}\.[^.]+\.making")  # a longer name's folder is another store's
    for sibling in path.parent.iterdir():
        if sibling != but and ours.fullmatch(sibling.name):
            if sibling.is_dir():
                shutil.rmtree(sibling, ignore_errors=True)
            else:
                sibling.unlink(missing_ok=True)


def _lay_schema(path: Path, kind: str) -> None:
    from sqdash.store import schema  # sqlite-utils loads pandas: only when a store is made or migrated

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema.apply(connection)
        connection.executemany(
            "INSERT INTO store_info (name, value) VALUES (?, ?)",
            [
                ("kind", kind),
                ("made_at", periods.now().isoformat(timespec="milliseconds")),
                ("made_by", f"sqdash {__version__}"),
            ],
        )
        digests.lay(connection)


def _publish(making: Path, path: Path) -> None:
    with closing(sqlite3.connect(making, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    if not path.exists():  # whoever moved a damaged store away may have left its journal
        database.move_journals(path.resolve(), database.aside(path.resolve()))
    try:
        os.link(making, path)  # fails where a store has appeared meanwhile
    except FileExistsError as error:
        raise StoreUnusable(f"「{path}」已由另一個程序建立，這次沒有動作。") from error
    except OSError:  # a file system without hard links; rename refuses to overwrite on Windows only
        if path.exists():
            raise StoreUnusable(f"「{path}」已由另一個程序建立，這次沒有動作。") from None
        making.rename(path)


def migrate(path: Path, safeguard: Callable[[], object]) -> bool:
    """Bring an older store up to date; True when something was done.

    ``safeguard`` makes the backup without which nothing is migrated: what it raises stops the migration. It is called
    before the lock is taken, which it needs itself.
    """
    if database.inspect_file(path) == database.SCHEMA_VERSION:
        return False
    safeguard()
    from sqdash.store import schema

    with database.translated(path), lock(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema.apply(connection)
    return True
