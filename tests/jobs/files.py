"""Files that a test brings in, and what kept one out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sqdash.errors import DataError, RowsRejected
from sqdash.jobs import upload
from sqdash.records import Rejected
from tests.making import beside, is_one_sentence

BY = "測試員"


def write_file(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def refused(store: Path, file: Path, **more: Any) -> DataError:
    """The error; the store and its folder are as they were."""
    before = store.read_bytes(), beside(store)
    with pytest.raises(DataError) as raised:
        upload.import_file(store, file, by=BY, **more)
    assert (store.read_bytes(), beside(store)) == before
    assert is_one_sentence(raised.value)
    return raised.value


def rejected(store: Path, file: Path, **more: Any) -> tuple[Rejected, ...]:
    """The rows that kept the file out."""
    error = refused(store, file, **more)
    assert isinstance(error, RowsRejected)
    assert error.file == file.name
    return error.rejected
