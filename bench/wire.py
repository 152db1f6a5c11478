"""A screen over the raw connection that a browser would have, without the browser: asks for runs and waits for them.

As a browser does, it keeps the large parts of a page for two runs and says at each run which it has, Streamlit sends
their names then; and asks with what the page has put into its address.
"""

from __future__ import annotations

import time
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from bench import alike

WITHIN = 120.0
"""Seconds that a run may take."""
RUNS = 2
"""How many runs a browser keeps what it was not sent again (Streamlit's ``global.maxCachedMessageAge``)."""
_ASKED_AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN


class ScreenError(Exception):
    """A run ended otherwise than whole; the text says what came."""


class Screen:
    """One open tab at a page of a server on this machine."""

    def __init__(self, port: int, page: str = "", query: str = "") -> None:
        self._page, self._query, self._hash = page, query, ""
        self.bytes = 0
        self.drawn: list[alike.Drawn] = []
        self.menu = 0
        self.errors: list[str] = []
        self._run = 0
        self._kept: dict[str, tuple[int, ForwardMsg]] = {}
        self._socket = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            origin=Origin(f"http://127.0.0.1:{port}"),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            proxy=None,
        ).__enter__()

    def __enter__(self) -> Screen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.__exit__(kind, error, trace)

    def run(self) -> float:
        """Ask for a run of the page; seconds until the last of it came. :class:`ScreenError` for one that failed."""
        self.bytes, self.drawn = 0, []
        self._run += 1
        begun = time.perf_counter()
        self._socket.send(self._asked())
        while True:
            data = self._socket.recv(timeout=WITHIN)
            if isinstance(data, str):
                raise ScreenError(data[:200])
            self.bytes += len(data)
            message = self._whole(ForwardMsg.FromString(data))
            kind = message.WhichOneof("type")
            if kind == "navigation":
                self._hash, self.menu = message.navigation.page_script_hash, len(message.navigation.app_pages)
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "delta":
                self.drawn.append(alike.drawn(message))
                self._look_for_errors(message)
            elif kind == "script_finished" and message.script_finished != _ASKED_AGAIN:
                if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    raise ScreenError(f"ended with status {message.script_finished}")
                self._kept = {name: kept for name, kept in self._kept.items() if kept[0] > self._run - RUNS}
                return time.perf_counter() - begun

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        """The message, or the kept one that it names; kept in its turn where Streamlit says that it can be."""
        if message.WhichOneof("type") == "ref_hash":
            named, place = message.ref_hash, message.metadata
            message = ForwardMsg()
            message.CopyFrom(self._kept[named][1])
            message.metadata.CopyFrom(place)
            self._kept[named] = self._run, message
        elif message.metadata.cacheable:
            self._kept[message.hash] = self._run, message
        return message

    def _asked(self) -> bytes:
        asked = BackMsg()
        asked.rerun_script.query_string = self._query
        asked.rerun_script.page_script_hash = self._hash
        if not self._hash:
            asked.rerun_script.page_name = self._page
        asked.rerun_script.cached_message_hashes.extend(self._kept)
        asked.rerun_script.context_info.timezone = "Asia/Taipei"
        return bytes(asked.SerializeToString())

    def _look_for_errors(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.WhichOneof("type") == "alert" and element.alert.format == element.alert.ERROR:
            self.errors.append(element.alert.body)
        elif element.WhichOneof("type") == "exception":
            self.errors.append(element.exception.message)
