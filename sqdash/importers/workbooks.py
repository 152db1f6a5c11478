"""Workbooks (XLSX, ODS, XLS) as rows of text cells, read in a process of their own with bounds on memory and time.

A hostile or broken workbook costs a sentence and never this process: it starts the child, reads its lines as they are
asked for and ends it. What is inside a workbook is known only to the child's modules.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqdash.errors import DataError
from sqdash.importers.data_rows import listed
from sqdash.importers.sheet import GUIDE, MOST_BYTES, Sheet
from sqdash.importers.sources import Bytes
from sqdash.importers.workbooks_grid import named

MOST_MEMORY = 1_500_000_000  # bytes of address space
MOST_SECONDS = 60
_ROOT = Path(__file__).resolve().parents[2]
_CHILD = "sqdash.importers.workbooks_child"
_PIPE = 1 << 18
_OUT_OF_MEMORY = (3, -6)  # the child's own word, and the abort of a failed allocation below Python
_OUT_OF_TIME = tuple(-number for name in ("SIGXCPU", "SIGKILL") if (number := getattr(signal, name, 0)))
_TOO_LARGE = "展開後超過記憶體上限，請刪去多餘的列與欄，或分成幾個檔案再上傳。"
_TOO_SLOW = "讀取超過時間上限，請刪去多餘的列與欄，或分成幾個檔案再上傳。"
_DAMAGED = "無法讀取，可能已損壞，請以試算表軟體開啟後另存再上傳。"
_NO_PROCESS = "無法暫存或啟動讀取程序，請檢查磁碟空間與記憶體後再試。"
_XLS_NOTE = "XLS 舊格式不會顯示計算錯誤或尚未計算的公式，請核對空白處，或另存為 XLSX 或 ODS 再上傳。"

Messages = Generator[Any, None, None]


def read(source: Bytes, sheet: str | None = None) -> Sheet:
    """The sheet of that name, else the first visible one that has cells; kind xlsx, ods or xls.

    Rows stream from the child, which ends with the stream or when that is dropped. :class:`DataError`, here or at any
    row: not a workbook, a bomb, damaged, protected, without content, no such sheet, or more than the bounds allow.
    """
    if source.size > MOST_BYTES:
        raise DataError(f"{source.name} 超過 {MOST_BYTES // 1_000_000} MB，請分成幾個檔案再上傳。")
    messages = _messages(source, sheet)
    head = next(messages)
    return Sheet(
        kind=head["kind"],
        encoding=head["kind"],
        rows=_rows(messages),
        notes=_notes(head["others"], head.get("hidden", []), unchecked=head.get("unchecked", False)),
        sheet=head["sheet"],
        sheets=tuple(name for name in (head["sheet"], *head["others"]) if name != GUIDE),
        merged=tuple((top, left, bottom, right) for top, left, bottom, right in head["merged"]),
    )


def _rows(messages: Messages) -> Iterator[tuple[int, list[str]]]:
    yield from map(tuple, messages)


def _notes(others: list[str], hidden: list[int], *, unchecked: bool) -> list[str]:
    others = [name for name in others if name != GUIDE]
    notes = [f"另有工作表{named(others)}未讀取，要讀取請改選工作表。"] if others else []
    if hidden:  # who filtered a sheet sees her own rows only
        notes.append(f"{listed(hidden)}在檔案裡是隱藏或篩選掉的，仍一併讀取，不要的請刪去後再上傳。")
    return [*notes, _XLS_NOTE] if unchecked else notes


def _messages(source: Bytes, sheet: str | None) -> Messages:
    """What the child says: head, then rows. Begun by the first ``next``, so that dropping it ends the child."""
    with as_file(source) as path, _started(source.name, path, sheet) as (child, complaints):
        watch = _Watch(child, MOST_SECONDS)
        try:
            for line in watch.lines():
                message = json.loads(line)
                if isinstance(message, dict) and "refused" in message:
                    raise DataError(f"{source.name} {message['refused']}", option=message["option"])
                yield message
            _check_end(source.name, child, watch, complaints)
        finally:
            watch.stop()


def _check_end(name: str, child: subprocess.Popen[bytes], watch: _Watch, complaints: IO[bytes]) -> None:
    """Nothing if the child said everything; otherwise why not. Its last words go with the error, not on a screen."""
    code = child.wait()
    if code == 0:
        return
    complaints.seek(0)
    why = ChildProcessError(code, complaints.read(1 << 20)[-2_000:].decode(errors="replace"))
    if watch.expired or code in _OUT_OF_TIME:
        raise DataError(f"{name} {_TOO_SLOW}") from why
    raise DataError(f"{name} {_TOO_LARGE if code in _OUT_OF_MEMORY else _DAMAGED}") from why


@contextmanager
def as_file(source: Bytes) -> Iterator[Path]:
    """The file itself, or a private copy of an upload that is removed afterwards."""
    if source.path is not None:
        yield source.path.resolve()
        return
    try:
        handle, name = tempfile.mkstemp(prefix="sqdash-")
    except OSError as error:
        raise DataError(f"{source.name} {_NO_PROCESS}") from error
    try:
        with os.fdopen(handle, "wb") as copy:
            copy.writelines(source.chunks())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _started(name: str, path: Path, sheet: str | None) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The child at work and the file of its complaints; ended however this is left."""
    job = {"path": str(path), "sheet": sheet, "memory": MOST_MEMORY, "seconds": MOST_SECONDS}
    command = [sys.executable, "-m", _CHILD, json.dumps(job)]
    with tempfile.TemporaryFile() as complaints:
        try:
            child = subprocess.Popen(  # noqa: S603 - this very program, and no shell
                command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints, bufsize=_PIPE
            )
        except OSError as error:
            raise DataError(f"{name} {_NO_PROCESS}") from error
        with child:
            try:
                yield child, complaints
            finally:
                child.kill()


class _Watch:
    """Kills the child once its reader has waited ``seconds`` for it in all; the reader's own time does not count."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: float) -> None:
        self.expired = False
        self._child, self._seconds = child, seconds
        self._waited, self._since = 0.0, time.monotonic()
        self._waiting, self._done = False, threading.Event()
        threading.Thread(target=self._look, name="workbook-watch", daemon=True).start()

    def lines(self) -> Iterator[bytes]:
        """The child's whole lines; one cut off by its end is left out."""
        stdout = self._child.stdout
        while stdout is not None:
            self._since, self._waiting = time.monotonic(), True
            line = stdout.readline()
            self._waiting = False
            self._waited += time.monotonic() - self._since
            if not line.endswith(b"\n"):
                return
            yield line

    def stop(self) -> None:
        """Look no longer."""
        self._done.set()

    def _look(self) -> None:
        while not self._done.wait(0.1):
            waiting = time.monotonic() - self._since if self._waiting else 0.0
            if self._waited + waiting > self._seconds:
                self.expired = True
                self._child.kill()
                return
