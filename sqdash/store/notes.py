"""Small notes beside the store, one file a subject: what is worth knowing of the store even where it cannot be read.

A note that cannot be written or read is as none; nothing rests on it but a time shown and a check spared.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def put(store: Path, subject: str, what: Mapping[str, Any]) -> None:
    """Write ``what`` (anything JSON has) as the store's note on that subject, whole or not at all."""
    target = _file(store, subject)
    making = target.with_name(f".{target.name}.{os.getpid()}.making")
    try:
        making.write_text(json.dumps(what, ensure_ascii=False), "utf-8")
        making.replace(target)
    except OSError:
        with suppress(OSError):
            making.unlink(missing_ok=True)


def get(store: Path, subject: str) -> Mapping[str, Any]:
    """The note on that subject; empty where there is none that can be read."""
    try:
        found = json.loads(_file(store, subject).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def stamp(store: Path, subject: str) -> tuple[int, int] | None:
    """What changes when the note does, at little cost; None where there is none."""
    try:
        found = _file(store, subject).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _file(store: Path, subject: str) -> Path:
    return Path(f"{store}.{subject}.json")
