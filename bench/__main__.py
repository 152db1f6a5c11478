"""``python -m bench [PART …]``: what each thing costs beside its floor, as lines, and with ``--json`` as a file.

Without a name all parts. A part that fails is told and the others go on. Only ratios carry to another machine.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

from bench import backups, big_store, browser, data, imports, insight, pages, pulls, report, results, server, tabs
from bench.measure import Finding
from sqdash.jobs import setup

RESULTS = Path(__file__).parent / "results"
Row = Finding | str


@dataclass(frozen=True)
class Bench:
    """Where a run keeps its files, and its stores, each made when it is first needed."""

    folder: Path
    kept: Path
    quick: bool

    def runs(self, number: int) -> int:
        """How often: a third of it where it must be quick."""
        return max(2, number // 3) if self.quick else number

    @cached_property
    def report(self) -> Path:
        """Year 103 as it is reported."""
        return self._made("report")

    @cached_property
    def demonstration(self) -> Path:
        """The made-up years 103 and 104."""
        return self._made("demo", demonstration=True)

    @cached_property
    def empty(self) -> Path:
        """A store in which there is nothing yet."""
        return self._made("empty", empty=True)

    @cached_property
    def pulled(self) -> Path:
        """A small store that a fan page was pulled into."""
        store = self.folder / "pulled" / "sqdash.db"
        store.parent.mkdir()
        pulls.make(store)
        with pulls.fake(100) as settings:
            pulls.pull(store, settings)
        return store

    @cached_property
    def big(self) -> Path:
        """1,000,000 posts; kept from run to run, since it takes minutes to make."""
        return big_store.path(self.kept)

    def _made(self, name: str, **kind: bool) -> Path:
        store = self.folder / name / "sqdash.db"
        store.parent.mkdir()
        setup.init(store, **kind)
        return store


def _imports(bench: Bench) -> Iterator[Row]:
    yield from imports.many(bench.folder, bench.runs(5))
    yield from imports.few(bench.folder, bench.runs(9))
    yield from imports.preview(bench.folder)


def _pulls(bench: Bench) -> Iterator[Row]:
    with pulls.fake(pulls.MANY) as settings:
        yield from pulls.first(bench.folder, settings, bench.runs(5))
        yield pulls.quiet(bench.folder, settings, pulls.MANY)
    with pulls.fake(pulls.FEW) as settings:
        yield pulls.quiet(bench.folder, settings, pulls.FEW)


def _printed(main: Callable[[], None]) -> Iterator[Row]:
    """The lines that a part prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        main()
    yield from said.getvalue().splitlines()


def _data(bench: Bench) -> Iterator[Row]:
    # A quick run reads the large store where it stands already, and does not make it.
    big = None if bench.quick and not big_store.stands(bench.kept) else bench.big
    yield from data.main(bench.report, bench.demonstration, bench.empty, big, bench.runs(15))


def _large(bench: Bench) -> Iterator[Row]:
    if bench.quick and not big_store.stands(bench.kept):
        yield "left out: the large store is not there yet, and a quick run does not make it"
        return
    yield from pages.large(bench.demonstration, bench.pulled, bench.big, bench.runs(9))


PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "data": _data,
    "pages": lambda b: pages.main(b.folder, b.demonstration, b.runs(60)),
    "large": _large,
    "server": lambda b: server.main(b.folder, b.demonstration, b.runs(15)),
    "browser": lambda b: browser.main(b.folder, b.demonstration, b.runs(9)),
    "start": lambda b: server.start(b.folder, b.demonstration, b.runs(5)),
    "tabs": lambda b: tabs.main(b.folder, b.demonstration, *((20_000, 6.0) if b.quick else ())),
    "imports": _imports,
    "pulls": _pulls,
    "report": lambda b: _printed(lambda: report.main(b.folder)),
    "backups": lambda b: _printed(lambda: backups.main(b.folder)),
    "insight": lambda b: _printed(lambda: insight.main(b.folder, b.big)),
}
SLOW = ("insight", "backups")
"""Parts that a quick run leaves out unless they are named."""


def run(bench: Bench, names: list[str], out: TextIO = sys.stdout) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """The rows of each part, and the names of parts that failed; each row is printed as it comes."""
    parts: dict[str, list[dict[str, Any]]] = {}
    failed = []
    for name in names:
        begun, rows = time.monotonic(), parts.setdefault(name, [])
        print(f"[{name}]", file=out, flush=True)
        try:
            for row in PARTS[name](bench):
                print(f"  {row}", file=out, flush=True)
                rows.append(results.of_finding(row) if isinstance(row, Finding) else results.read_line(row.strip()))
        except Exception:  # told, and the next part runs
            failed.append(name)
            print(f"  FAILED: {traceback.format_exc(limit=-3)}", file=out, flush=True)
        print(f"  ({time.monotonic() - begun:.0f} s)", file=out, flush=True)
    return parts, failed


def verdicts(parts: dict[str, list[dict[str, Any]]]) -> str:
    """One line: how many goals are met, and which are not."""
    judged = [(part, row) for part, rows in parts.items() for row in rows if row.get("met") is not None]
    missed = [f"{part}: {row['name']}" for part, row in judged if not row["met"]]
    return f"{len(judged) - len(missed)} of {len(judged)} goals met" + (
        f"; missed: {'; '.join(missed)}" if missed else ""
    )


def main(given: list[str] | None = None) -> int:
    """Measure, print, save, compare; 1 where a part failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--json", type=Path, help="write what was found to this file")
    parser.add_argument("--before", type=Path, help="a run to compare with; else the file of --json as it was")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, and without the slowest parts")
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()), help="folder of the large store")
    asked = parser.parse_args(given)
    if wrong := [name for name in asked.parts if name not in PARTS]:
        parser.error(f"no part named {wrong[0]}: there are {', '.join(PARTS)}")
    names = asked.parts or [name for name in PARTS if not (asked.quick and name in SLOW)]
    last = sorted(RESULTS.glob("*.json"))
    before = results.load(asked.before or asked.json or (last[-1] if last else Path()))
    with tempfile.TemporaryDirectory() as folder:
        parts, failed = run(Bench(Path(folder), asked.kept, asked.quick), names)
    print(verdicts(parts))
    if before:
        print("\n".join(results.compared(before, parts)) or "nothing moved by a quarter since the run before")
    if asked.json:
        results.save(asked.json, parts, failed, quick=asked.quick)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
