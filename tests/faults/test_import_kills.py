"""An import that is killed has happened whole or not at all, and can be done again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.importers.sources import Bytes
from sqdash.jobs import upload
from sqdash.jobs.outcomes import Outcome
from sqdash.store import originals
from tests.faults.killing import killed, moments, needs_fork
from tests.faults.shares import Share
from tests.faults.standing import Standing, standing
from tests.jobs.meta_files import export, post, seen

pytestmark = needs_fork
Copy = Callable[[str], Path]
POSTS = 100
FIRST = export(*(post(n) for n in range(1, POSTS // 2)))
SECOND = export(*(post(n, Reach=2_000 + n) for n in range(POSTS // 4, POSTS + 1)), name="再一次.csv")


def bring(store: Path, file: Bytes = SECOND) -> Outcome:
    return upload.import_file(store, file, by="x", answers=seen(20 if file is SECOND else 10, year=2015))


class Fresh:
    """Copies of a store into which one file was imported, each in a folder of its own."""

    def __init__(self, made: Path, folder: Path) -> None:
        self.folder, self.count = folder, 0
        self.path = self._copy(made, "first")
        bring(self.path, FIRST)
        self.before = standing(self.path)
        self.after = self._after()

    def __call__(self) -> Path:
        self.count += 1
        return self._copy(self.path, f"copy-{self.count}")

    def _copy(self, store: Path, name: str) -> Path:
        (self.folder / name).mkdir()
        return Path(shutil.copy(store, self.folder / name / "store.db"))

    def _after(self) -> Standing:
        store = self()
        assert bring(store).added == 51
        return standing(store)


@pytest.fixture
def fresh(made: Copy, tmp_path: Path) -> Fresh:
    return Fresh(made("empty"), tmp_path)


def test_a_killed_import_has_happened_whole_or_not_at_all(
    fresh: Fresh, share: Share, tell: Callable[..., None]
) -> None:
    kills = whole = unheard = half = lost = 0
    counted = fresh()
    for moment in moments(lambda: bring(counted), share(25, 1_000), share.luck):
        store = fresh()
        ended = killed(lambda: bring(store), moment)  # noqa: B023 - run at once
        found = standing(store)
        committed = found == fresh.after
        half += not committed and found != fresh.before
        lost += ended.done and not committed
        kills, whole, unheard = kills + ended.killed, whole + committed, unheard + (committed and not ended.done)
        assert bring(store).again == committed
        assert standing(store) == fresh.after
        assert [len(path.name) for path in originals.folder(store).iterdir()] == [64]
        shutil.rmtree(store.parent)
    tell(kills=kills, committed=whole, committed_but_not_said=unheard, lost=lost, half=half)
    assert (lost, half) == (0, 0)
