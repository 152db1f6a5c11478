"""The files as they came, kept beside the store under the hash of their content; never under a name from outside."""

from __future__ import annotations

import glob
import re
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from sqdash.errors import StoreError

NAME = re.compile(r"[0-9a-f]{64}")
"""What an original is called: the SHA-256 of its content."""


def folder(store: Path) -> Path:
    """Where a store's originals are."""
    return store.parent / "originals"


def keep(store: Path, sha256: str, stream: BinaryIO) -> None:
    """Keep the content once; it appears whole or not at all. :class:`StoreError` when it cannot be written.

    The caller holds the store's write lock: what a killed process left half made is cleared away.
    """
    place = folder(store)
    target = place / sha256
    try:
        if target.exists():
            return
        place.mkdir(exist_ok=True)
        for left in place.glob(f".{glob.escape(store.name)}.*.making"):
            left.unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(dir=place, prefix=f".{store.name}.", suffix=".making", delete=False) as making:
            name = Path(making.name)
            try:
                shutil.copyfileobj(stream, making, 1 << 20)
            except BaseException:
                making.close()
                name.unlink(missing_ok=True)
                raise
        name.replace(target)
    except OSError as error:
        raise StoreError(f"無法把原始檔存到「{place}」，請檢查權限與磁碟空間；資料沒有變更。") from error


def read(store: Path, sha256: str | None) -> bytes | None:
    """The content; None when it was not kept."""
    if not sha256 or not NAME.fullmatch(sha256):
        return None
    path = folder(store) / sha256
    return path.read_bytes() if path.is_file() else None


def has(store: Path, sha256: str | None) -> bool:
    """Whether the content was kept."""
    return bool(sha256 and NAME.fullmatch(sha256) and (folder(store) / sha256).is_file())
