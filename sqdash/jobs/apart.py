"""A large file is looked at, and imported, by a process of its own: no screen waits for the work on it.

:func:`look` and :func:`import_file` are those of :mod:`sqdash.jobs.upload`, with what they raise. The process is given
its job as a pickle and says ``(what, value)`` pickles until it is done; both ends are this very program.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from sqdash.errors import DataError, SqdashError
from sqdash.importers import workbooks
from sqdash.importers.base import Answers
from sqdash.importers.sources import Bytes
from sqdash.jobs import upload, way_out
from sqdash.jobs.outcomes import Outcome, Preview
from sqdash.jobs.upload import Progress
from sqdash.store import gate

LARGE = 256 << 10
"""Bytes from which on a file has a process: the work on a smaller one is done before a process has begun."""
_ROOT = Path(__file__).resolve().parents[2]


class _Job(NamedTuple):
    """What the process is to do: ``given`` is what the function takes besides store and source."""

    does: str
    store: Path
    path: Path
    name: str
    origin: str
    given: dict[str, Any]


def look(
    store: Path,
    source: Bytes,
    answers: Answers,
    progress: Progress | None = None,
    *,
    units: frozenset[str] | None = None,
    tables: frozenset[str] | None = None,
) -> Preview:
    """As :func:`upload.look`."""
    if source.size < LARGE:
        return upload.look(store, source, answers, progress, units=units, tables=tables)
    found: Preview = _done(store, source, "look", progress, answers=answers, units=units, tables=tables)
    return found


def import_file(store: Path, source: Bytes, *, progress: Progress | None = None, **given: Any) -> Outcome:
    """As :func:`upload.import_file`."""
    if source.size < LARGE:
        return upload.import_file(store, source, progress=progress, **given)
    found: Outcome = _done(store, source, "import_file", progress, **given)
    return found


def _done(store: Path, source: Bytes, does: str, progress: Progress | None, **given: Any) -> Any:
    with workbooks.as_file(source) as path, tempfile.TemporaryFile() as complaints:
        job = _Job(does, store, path, source.name, gate.origin.get(), given)
        with _started(source.name, complaints) as child:
            for what, value in _said(child, job):
                if what == "done":
                    return value
                if what == "error":
                    raise value
                if progress:
                    progress(value)
            code = child.wait()
        complaints.seek(0)  # its last words are for the log
        raise ChildProcessError(code, complaints.read(1 << 20)[-4_000:].decode(errors="replace"))


@contextmanager
def _started(name: str, complaints: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The process; it ends with the block, which is left early only where nobody wants its work any more."""
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "sqdash.jobs.apart"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
    except OSError as error:
        raise DataError(f"{name} 無法啟動匯入程序，請檢查記憶體後再試。") from error
    with child:
        try:
            yield child
        finally:
            if child.poll() is None:
                child.terminate()


def _said(child: subprocess.Popen[bytes], job: _Job) -> Iterator[tuple[str, Any]]:
    """What the process says, to its end or to where it broke off."""
    if child.stdin and child.stdout:
        try:
            with child.stdin:
                pickle.dump(job, child.stdin)
            while True:
                yield pickle.load(child.stdout)  # noqa: S301 # nosec B301
        except (EOFError, OSError, pickle.UnpicklingError):
            return


def _main() -> None:
    """Do the job that stands on standard input."""
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing else comes between
    job: _Job = pickle.load(sys.stdin.buffer)  # noqa: S301 # nosec B301

    def say(what: str, value: object) -> None:
        pickle.dump((what, value), out)
        out.flush()

    way_out.tell()
    gate.origin.set(job.origin)
    source = Bytes(job.path)
    source.name = job.name
    does = {"look": upload.look, "import_file": upload.import_file}[job.does]
    try:
        say("done", does(job.store, source, progress=lambda rows: say("rows", rows), **job.given))  # type: ignore[operator]
    except SqdashError as error:
        say("error", error)


if __name__ == "__main__":
    _main()
