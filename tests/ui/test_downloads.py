"""A file that cannot be made when it is asked for: a sentence of ours, never Streamlit's words or a traceback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from sqdash.errors import DataError
from sqdash.store import wholeness
from sqdash.ui import downloads
from tests.making import is_one_sentence


def asked(make: Callable[[], bytes], file: str = "") -> BackendOperationResponse:
    """The answer to a click on a button whose file ``make`` makes; of a button that is no more under that number."""
    files = MediaFileManager(MemoryMediaFileStorage("/media"))
    number = files.add_deferred(make, "text/plain", "0", file_name="a.txt")
    request = BackendOperationRequest(request_id="7")
    request.deferred_file.file_id = file or number
    handler = DeferredFileHandler(lambda: files)
    with ThreadPoolExecutor(1) as thread:  # a browser of other tests has a loop in this one
        return thread.submit(asyncio.run, handler.handle(request, session_id="s")).result()


@pytest.fixture(autouse=True)
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DeferredFileHandler, "handle", DeferredFileHandler.handle)  # put back afterwards
    downloads.speak()


def test_a_file_that_is_made_is_handed_out() -> None:
    answer = asked(lambda: b"text")
    assert (answer.request_id, answer.error_msg) == ("7", "")
    assert answer.deferred_file.url.startswith("/media/")


def test_a_damaged_store_gives_no_file_and_says_why(copy: Callable[[str], Path]) -> None:
    path = copy("report")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes(8192) + whole[len(whole) // 2 + 8192 :])

    def make() -> bytes:
        wholeness.require(path, whole=True)
        return b"figures"

    answer = asked(make)
    assert "已損壞" in answer.error_msg
    assert is_one_sentence(answer.error_msg)
    assert answer.deferred_file.url == ""


def test_what_is_refused_is_said_as_it_was_refused() -> None:
    def make() -> bytes:
        raise DataError("沒有可以印的內容。")

    assert asked(make).error_msg == "沒有可以印的內容。"


def test_what_nobody_foresaw_has_a_code_and_the_log_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    def make() -> bytes:
        raise ValueError("/srv/secret/path")

    said = asked(make).error_msg
    code = said.partition("代碼 ")[2][:8]
    assert is_one_sentence(said)
    assert "/srv" not in said
    assert f"unforeseen error {code} (download)" in caplog.text
    assert "ValueError: /srv/secret/path" in caplog.text


def test_a_button_of_a_screen_that_was_drawn_anew_is_pressed_once_more() -> None:
    assert asked(lambda: b"text", "0" * 32).error_msg == "這個畫面剛更新過，請再按一次下載。"
