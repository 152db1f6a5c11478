"""How much may be handed over: in the ledger by itself, and over a real socket at every kind of route."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sqdash.ui.bounds import FULL, MB, MOST_A_SCREEN, MOST_ELSEWHERE, MOST_FILES, TOO_LONG, TOO_MANY, Ledger, TooMuch
from tests.servers import Server, serving
from tests.ui.door_visits import Client
from tests.ui.door_visits import Screen as Live


@dataclass(frozen=True)
class Size:
    """A file of a length, without the memory for it."""

    length: int

    @property
    def data(self) -> bytes:
        return range(self.length)  # type: ignore[return-value]  # only its length is asked for


class Streamlits:
    """What Streamlit holds, as far as the ledger asks."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], Size] = {}

    def __call__(self, session: str, ids: Sequence[str]) -> list[Size]:
        return [self.files[session, one] for one in ids if (session, one) in self.files]


@pytest.fixture
def streamlits() -> Streamlits:
    return Streamlits()


def upload(ledger: Ledger, held: Streamlits, session: str, file: str, size: int) -> None:
    ledger.begin(session, file)
    ledger.let_in(session, size)
    held.files[session, file] = Size(size)
    ledger.end(session, size)


def test_a_screen_holds_so_much_and_no_byte_more(streamlits: Streamlits) -> None:
    ledger = Ledger(streamlits)
    upload(ledger, streamlits, "s", "a", MOST_A_SCREEN - 1)
    upload(ledger, streamlits, "s", "b", 1)
    with pytest.raises(TooMuch) as refusal:
        upload(ledger, streamlits, "s", "c", 1)
    assert str(refusal.value) == FULL
    upload(ledger, streamlits, "other", "c", 1)


def test_what_is_on_its_way_counts_until_it_has_come(streamlits: Streamlits) -> None:
    ledger = Ledger(streamlits)
    ledger.begin("s", "a")
    ledger.let_in("s", MOST_A_SCREEN)
    with pytest.raises(TooMuch):
        ledger.let_in("s", 1)
    ledger.end("s", MOST_A_SCREEN)
    ledger.let_in("s", 1)


def test_room_is_free_again_once_a_file_was_taken_or_removed(streamlits: Streamlits) -> None:
    ledger = Ledger(streamlits)
    upload(ledger, streamlits, "s", "a", MOST_A_SCREEN)
    streamlits.files["s", "a"] = Size(0)  # imported: the name stays, the bytes go
    upload(ledger, streamlits, "s", "b", MOST_A_SCREEN)
    with pytest.raises(TooMuch):
        upload(ledger, streamlits, "s", "c", 1)
    del streamlits.files["s", "b"]
    upload(ledger, streamlits, "s", "c", MOST_A_SCREEN)
    assert ledger.held("s") == MOST_A_SCREEN


def test_all_screens_together_are_bounded(streamlits: Streamlits) -> None:
    ledger = Ledger(streamlits)
    for number in range(4):
        upload(ledger, streamlits, f"s{number}", "a", MOST_A_SCREEN)
    with pytest.raises(TooMuch, match="伺服器"):
        upload(ledger, streamlits, "s4", "a", 1)


def test_a_closed_screen_leaves_nothing_in_the_ledger(streamlits: Streamlits) -> None:
    ledger = Ledger(streamlits)
    upload(ledger, streamlits, "gone", "a", 5)
    streamlits.files.clear()
    ledger.begin("s", "a")
    assert set(ledger.known) == {"s"}
    assert not ledger.coming


def test_a_screen_has_so_many_files_and_not_one_more(streamlits: Streamlits) -> None:
    ledger = Ledger(streamlits)
    for number in range(MOST_FILES):
        upload(ledger, streamlits, "s", str(number), 0)
    with pytest.raises(TooMuch) as refusal:
        ledger.begin("s", "more")
    assert str(refusal.value) == TOO_MANY
    ledger.begin("s", "0")  # the same file again
    del streamlits.files["s", "0"]
    ledger.begin("s", "more")


# --- over a socket


@pytest.fixture(scope="module")
def server(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(made("empty"), tmp_path_factory.mktemp("bounds") / "log.txt") as running:
        yield running


@dataclass
class Screen:
    """An open screen, with what an upload to it needs."""

    server: Server
    session: str
    token: str

    def put(self, file: str, size: int, *, announce: bool = True) -> tuple[int, str]:
        """Status and words of an upload of so many bytes, announced or in pieces of unknown number."""
        head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
        tail = b"\r\n--x--\r\n"
        headers = {
            "Content-Type": "multipart/form-data; boundary=x",
            "X-Xsrftoken": self.token,
            "Cookie": f"_streamlit_xsrf={self.token}",
        }
        if announce:
            headers["Content-Length"] = str(len(head) + size + len(tail))

        def pieces() -> Iterator[bytes]:
            yield head
            for _ in range(size // MB):
                yield b"x" * MB
            yield b"x" * (size % MB)
            yield tail

        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            path = f"/_stcore/upload_file/{self.session}/{file}"
            body = (piece for piece in pieces() if piece)
            with suppress(OSError):  # refused while more was being sent; what it says has come
                connection.request("PUT", path, body, headers, encode_chunked=not announce)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def drop(self, file: str) -> int:
        path = f"/_stcore/upload_file/{self.session}/{file}"
        cookie = f"_streamlit_xsrf={self.token}"
        return self.server.ask("DELETE", path, X_Xsrftoken=self.token, Cookie=cookie).status


@pytest.fixture
def screen(server: Server) -> Iterator[Screen]:
    given = str(server.get("/_stcore/health").header("set-cookie"))
    token = given.partition("=")[2].partition(";")[0]
    with Client(server).screen() as live:
        yield Screen(server, begun(live), token)


def begun(live: Live) -> str:
    """The session of a screen that has been drawn."""
    return next(m.new_session.initialize.session_id for m in live.rerun() if m.HasField("new_session"))


def test_an_upload_is_refused_once_the_screen_holds_too_much_and_room_is_made_by_removing(screen: Screen) -> None:
    assert screen.put("a", 90 * MB)[0] == 204
    assert screen.put("b", 90 * MB)[0] == 204
    assert screen.put("c", 90 * MB) == (413, FULL)
    assert screen.put("c", 90 * MB, announce=False) == (413, FULL)
    assert screen.put("c", 60 * MB, announce=False)[0] == 204
    assert screen.drop("a") == 204
    assert screen.put("d", 90 * MB)[0] == 204


def _taken() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from sqdash.ui import bounds

    for file in st.file_uploader("檔案", accept_multiple_files=True, key="files"):
        bounds.let_go(file.file_id, file.name)
        (left,) = get_script_run_ctx().uploaded_file_mgr.get_files(get_script_run_ctx().session_id, [file.file_id])
        st.text(f"{file.name} {file.size} {left.name} {len(left.data)}")


def test_a_file_that_was_taken_keeps_its_name_and_gives_its_bytes_back() -> None:
    app = AppTest.from_function(_taken, default_timeout=30).run()
    app.file_uploader(key="files").set_value([("甲.csv", b"12345", "text/csv")]).run()
    assert [one.value for one in app.text] == ["甲.csv 5 甲.csv 0"]


POSTED = ("/", "/healthz", "/_stcore/health", "/_stcore/agent/interact", "/_stcore/agent/mcp", "/media/x", "/no/such")


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_long_body_goes_nowhere(server: Server, path: str, method: str) -> None:
    answer = server.ask(method, path, b"x" * (MOST_ELSEWHERE + 1))
    assert (answer.status, answer.body.decode()) == (413, TOO_LONG)
    assert server.ask(method, path, b"x" * 10).status in (200, 400, 403, 404, 405, 415)


def test_a_body_of_unknown_length_is_cut_off_where_it_is_read(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", "/_stcore/agent/interact", iter([b"x" * MOST_ELSEWHERE] * 3), encode_chunked=True)
    assert connection.getresponse().status in (403, 404, 405, 413)
    connection.close()
