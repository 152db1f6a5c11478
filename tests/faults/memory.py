"""How much memory a job takes, with the programs it starts."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

_EVERY = 0.005  # seconds between two looks at the programs


class Memory:
    """Measures from its making on. Linux only; resets what the kernel has noted of this process."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")
        self._before = self._own()
        self._programs = 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def most(self) -> float:
        """The most in MB: what this process came to hold more than it did, and the largest program at its largest.

        What the system says of programs that have ended counts them as large as whoever started them, so they are
        looked at while they run.
        """
        self._over.set()
        self._watch.join()
        return self._own() - self._before + self._programs

    def _look(self) -> None:
        us = Path(f"/proc/{os.getpid()}/task")
        while not self._over.wait(_EVERY):
            with suppress(OSError):
                for task in us.iterdir():
                    for program in (task / "children").read_text().split():
                        if _line(program) != _line("self"):  # until it has begun it looks as large as we are
                            self._programs = max(self._programs, _highest(program))

    def _own(self) -> float:
        return _highest("self")


def _line(process: str) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


def _highest(process: str) -> float:
    with suppress(OSError):
        _, _, rest = Path(f"/proc/{process}/status").read_text().partition("VmHWM:")
        return int(rest.split()[0]) / 1000 if rest else 0.0
    return 0.0
