"""The process that reads a workbook: it may run out of memory or time without harm to the one that asked.

``python -m sqdash.importers.workbooks_child JOB``, JOB being JSON with path, sheet (or null), memory (bytes) and
seconds. Writes JSON lines to standard output: the head (kind, sheet, others, merged, unchecked, hidden), then
``[row number, cells]`` for each row; ``{"refused": …}`` at any place ends it. Exit code 3: out of memory. Never imports
a screen or a store.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqdash.importers import workbooks_excel, workbooks_ods, workbooks_packed
from sqdash.importers.workbooks_grid import Grid, Refused

OUT_OF_MEMORY = 3


def main(job: dict[str, Any]) -> int:
    """Write the lines for the job; the exit code."""
    _limit(int(job["memory"]), int(job["seconds"]))
    out, encode = sys.stdout.buffer, json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    try:
        for message in _messages(Path(job["path"]), job["sheet"]):
            out.write(encode(message).encode() + b"\n")
        out.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def _messages(path: Path, sheet: str | None) -> Iterator[object]:
    try:
        kind = workbooks_packed.kind(path)
        grid = _ods(path, sheet) if kind == "ods" else workbooks_excel.read(path, kind, sheet)
        head = {"kind": kind, "sheet": grid.name, "others": grid.others, "merged": grid.merged}
        yield head | {"unchecked": grid.unchecked, "hidden": list(grid.hidden)}
        yield from grid.rows
    except Refused as refusal:
        yield {"refused": str(refusal), "option": refusal.option}


def _ods(path: Path, sheet: str | None) -> Grid:
    with workbooks_packed.opened(path) as packed:
        return workbooks_ods.read(packed, sheet)


def _limit(memory: int, seconds: int) -> None:
    """Bound memory and processor time where the system can (not on Windows), and leave no core file."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
