"""A file that others read: whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sqdash.errors import DataError
from sqdash.jobs import whole_files
from tests.making import is_one_sentence


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "報告.odt"
    for text in (b"first", b"second"):
        whole_files.write(path, text)
        assert path.read_bytes() == text
        assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_fails_halfway_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "報告.odt"
    path.write_bytes(b"old")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DataError, match=r"無法寫入「.*報告\.odt」") as caught:
        whole_files.write(path, b"new and longer")
    assert is_one_sentence(caught.value)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_ends_badly_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    def stop() -> None:
        with whole_files.appearing(path) as making:
            making.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_or_a_missing_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "a.odt"):
        with pytest.raises(DataError, match="無法寫入"):
            whole_files.write(path, b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX")
def test_a_link_stays_one_and_the_file_keeps_who_may_read_it(tmp_path: Path) -> None:
    real, link = tmp_path / "real.odt", tmp_path / "link.odt"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    whole_files.write(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        whole_files.write(pipe, b"through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
