"""Files that other people read: each appears whole or not at all, and what stood there before stays until then."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqdash.errors import DataError


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; it takes ``path``'s place when the block ends well, else nothing changed.

    A link goes on pointing where it did, permissions stay those of the file replaced, and what is no file (a pipe, a
    terminal) is written to as it is. :class:`DataError` for whatever the system refuses.
    """
    target = Path(os.path.realpath(path))
    device = target.exists() and not target.is_file() and not target.is_dir()
    making = target if device else target.with_name(f".{target.name}.{os.getpid()}.making")
    try:
        yield making
        if not device:
            _take_place(making, target)
    except OSError as error:
        raise DataError(f"無法寫入「{path}」，請檢查路徑、權限與磁碟空間，或關閉正開著它的程式。") from error
    finally:
        if not device:
            with suppress(OSError):
                making.unlink(missing_ok=True)


def _take_place(making: Path, target: Path) -> None:
    """On the disk before it has the name: a machine that stops in between leaves the old file, not an empty one."""
    with making.open("rb+") as file:
        os.fsync(file.fileno())
    if target.exists():
        shutil.copymode(target, making)
    making.replace(target)


def write(path: Path, data: bytes) -> None:
    """The bytes as the file; as :func:`appearing`."""
    with appearing(path) as making:
        making.write_bytes(data)
