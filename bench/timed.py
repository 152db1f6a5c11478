"""The dashboard, served as ever, with a clock around each run of its script.

``python -m bench.timed run dashboard.py …`` is ``streamlit run dashboard.py …``; ``SQDASH_BENCH_TIMES`` names the file
that gets a line a run: the page's own seconds on the clock and on the processor.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from streamlit.web import cli

from sqdash.ui import frame


def timed(run: Callable[[], None], path: str) -> Callable[[], None]:
    """The same run, noted in the file."""

    def noting() -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            run()
        finally:
            line = f"{time.perf_counter() - wall:.6f} {time.thread_time() - cpu:.6f}\n"
            with open(path, "a", encoding="ascii") as file:
                file.write(line)

    return noting


if __name__ == "__main__":
    frame.run = timed(frame.run, os.environ["SQDASH_BENCH_TIMES"])
    cli.main()
