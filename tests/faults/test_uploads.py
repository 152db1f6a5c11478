"""Spoilt files of every format: each is taken whole or refused in one sentence, and costs little time and memory."""

from __future__ import annotations

import hashlib
import resource
import shutil
import sqlite3
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sqdash.errors import SqdashError
from sqdash.importers.sources import Bytes
from sqdash.jobs import upload
from sqdash.tables import TABLES
from tests.faults import mutating, originals
from tests.faults.killing import needs_fork
from tests.faults.many import alone
from tests.faults.memory import Memory
from tests.faults.shares import Share
from tests.jobs.meta_files import export, post, seen
from tests.making import beside, is_one_sentence, looking

pytestmark = [needs_fork, pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="measures by /proc")]
Copy = Callable[[str], Path]
SECONDS, MEGABYTES = 2.0, 150.0


@pytest.fixture
def store(made: Copy, tmp_path: Path) -> Path:
    """The report's store with some posts, in a folder of its own."""
    (tmp_path / "made").mkdir()
    path = Path(shutil.copy(made("report"), tmp_path / "made" / "sqdash.db"))
    upload.import_file(path, export(*(post(n) for n in range(1, 10))), by="x", answers=seen(20, year=2015))
    return path


def digest(store: Path) -> str:
    return hashlib.sha256(store.read_bytes()).hexdigest()


def rows(store: Path) -> int:
    """How many versions of rows there are."""
    with looking(store) as connection:
        return sum(connection.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0] for table in TABLES)


def cpu() -> float:
    """Seconds that this process and those it waited for have worked."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def tried(store: Path, spoilt: mutating.Spoilt) -> dict[str, Any]:
    """Look at the file and import it; what was said, and what it cost: the longer of both, by the clock and at work."""
    file, answers = Bytes(spoilt.name, spoilt.data), spoilt.answers
    said: dict[str, Any] = {"kind": "taken", "text": ""}
    seconds = worked = 0.0
    memory = Memory()
    for attempt in (
        lambda: upload.look(store, file, answers),
        lambda: upload.import_file(store, file, by="x", answers=answers, skip_rejected=True),
    ):
        begun, work = time.perf_counter(), cpu()
        try:
            outcome = attempt()
        except SqdashError as error:
            said = {"kind": "refused" if is_one_sentence(error) else "badly said", "text": str(error)[:300]}
            break
        except BaseException:
            said = {"kind": "traceback", "text": traceback.format_exc()[-600:]}
            break
        finally:
            seconds, worked = max(seconds, time.perf_counter() - begun), max(worked, cpu() - work)
    else:
        said["batch"], said["rows"] = outcome.batch, outcome.added + outcome.changed
        said["again"] = outcome.again
    return said | {"seconds": seconds, "worked": worked, "megabytes": memory.most()}


def is_partial(store: Path, before: tuple[str, int], said: dict[str, Any]) -> bool:
    """Whether something was written that should not have been, or less than was said."""
    if said.get("batch") is None or said.get("again"):
        return digest(store) != before[0]
    with closing(sqlite3.connect(store)) as connection:
        sound = connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        logged = connection.execute("SELECT added + changed FROM imports WHERE batch = ?", (said["batch"],)).fetchone()
    return not sound or logged != (said["rows"],) or not before[1] <= rows(store) - said["rows"]


def test_a_spoilt_file_is_taken_whole_or_refused_in_a_sentence(
    store: Path, tmp_path: Path, share: Share, tell: Callable[..., None]
) -> None:
    before = digest(store), rows(store)
    folder = beside(store)
    counts = dict.fromkeys(("taken", "refused", "badly said", "traceback"), 0)
    partial: list[str] = []
    slow: list[str] = []
    large: list[str] = []
    bad: list[str] = []
    longest = work = most = 0.0
    numbers = range(share.number, share(48, 10_000) * share.of, share.of)
    for number in numbers:
        spoilt = mutating.file(number)
        copied = Path(shutil.copytree(store.parent, tmp_path / "copy")) / store.name
        said = alone(lambda: tried(copied, spoilt))  # noqa: B023 - run at once
        counts[said["kind"]] += 1
        offender = f"{spoilt.about}: {said['text']} {said['worked']:.1f} s {said['megabytes']:.0f} MB"
        bad += [offender] if said["kind"] in ("badly said", "traceback") else []
        partial += [offender] if is_partial(copied, before, said) or beside(copied) - folder > {"originals"} else []
        slow += [offender] if said["worked"] > SECONDS else []
        large += [offender] if said["megabytes"] > MEGABYTES else []
        longest, work = max(longest, said["seconds"]), max(work, said["worked"])
        most = max(most, said["megabytes"])
        shutil.rmtree(copied.parent)
    tell(
        files=len(numbers),
        **{kind.replace(" ", "_"): count for kind, count in counts.items()},
        partial_writes=len(partial),
        over_2_seconds=len(slow),
        over_150_MB=len(large),
        seconds_at_most=longest,
        seconds_of_work_at_most=work,
        MB_at_most=most,
    )
    print(*("slow " + one for one in slow), *("large " + one for one in large), sep="\n")
    assert (bad, partial) == ([], [])


def test_unspoilt_they_are_understood(store: Path) -> None:
    """Else the spoilt ones would all be refused for the same reason."""
    refused = []
    for one in originals.all_of_them():
        if one.kind == originals.TEXT:
            try:
                upload.look(store, Bytes(one.name, one.data), one.answers)
            except SqdashError as error:
                refused.append(f"{one.name}: {error}")
    assert refused == []
