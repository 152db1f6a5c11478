"""How much anybody may hand over by HTTP: uploads by what is held already, everything else a little.

Streamlit bounds each file and keeps as many as come, in memory, until their screen is closed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

MB = 1024 * 1024
MOST_A_SCREEN, MOST_AT_ALL = 250 * MB, 1000 * MB
MOST_FILES = 200  # of one screen; a file without content takes memory too
MOST_ELSEWHERE = MB // 16
FULL = f"這個畫面上還沒匯入的檔案合計超過 {MOST_A_SCREEN // MB} MB，請先匯入或移除一些，再上傳其他檔案。"
ALL_FULL = "伺服器上還沒匯入的檔案太多，請稍候幾分鐘再上傳。"
TOO_MANY = f"這個畫面上的檔案超過 {MOST_FILES} 個，請先移除一些，再上傳其他檔案。"
TOO_LONG = "送來的內容太長，已經拒絕。"
UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)")
"""The address of an uploaded file: its screen's session and its id."""


class Held(Protocol):
    """What is known of a file that Streamlit holds."""

    @property
    def data(self) -> bytes:
        """What it holds."""


Files = Callable[[str, Sequence[str]], Sequence[Held]]
"""The files that are still held, of a screen's session and ids: Streamlit's ``get_files``."""


class TooMuch(Exception):
    """More came than may come; the sentence says what to do."""


class Ledger:
    """Which files each screen handed over, and how much is on its way.

    How much is held is asked of Streamlit each time: a file that was removed, imported or whose screen was closed
    weighs nothing any more.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self.known: dict[str, set[str]] = {}
        self.coming: Counter[str] = Counter()

    def held(self, session: str) -> int:
        """Bytes of a screen's files, in the store of uploads and on their way."""
        return (
            sum(len(one.data) for one in self.files(session, sorted(self.known.get(session, ()))))
            + self.coming[session]
        )

    def let_in(self, session: str, size: int) -> None:
        """Count bytes as on their way; :class:`TooMuch` where the screen or the server holds too many."""
        if self.held(session) + size > MOST_A_SCREEN:
            raise TooMuch(FULL)
        if sum(self.held(one) for one in {*self.known, *self.coming}) + size > MOST_AT_ALL:
            raise TooMuch(ALL_FULL)
        self.coming[session] += size

    def begin(self, session: str, file: str) -> None:
        """A file is about to come; :class:`TooMuch` for one more than a screen may have."""
        for gone in [one for one, ids in self.known.items() if not self.files(one, sorted(ids))]:
            if not self.coming[gone]:
                del self.known[gone]
        ids = self.known.setdefault(session, set())
        if len(ids) >= MOST_FILES:
            ids.intersection_update(one for one in list(ids) if self.files(session, [one]))
        if len(ids) >= MOST_FILES and file not in ids:
            raise TooMuch(TOO_MANY)
        ids.add(file)

    def end(self, session: str, size: int) -> None:
        """What was on its way has come or will never come."""
        self.coming[session] -= size
        if not self.coming[session]:
            del self.coming[session]


class Bounds:
    """ASGI middleware: an answer of 413 with a sentence to whoever hands over more than may be held."""

    def __init__(self, app: ASGIApp, files: Files | None = None) -> None:
        self.app, self.ledger = app, Ledger(files or _streamlits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request that is too large, or let it through."""
        if scope["type"] != "http" or not (sent := _announced(scope)):
            await self.app(scope, receive, send)
            return
        found = UPLOAD.fullmatch(scope["path"]) if scope["method"] == "PUT" else None
        body = _Upload(self.ledger, *found.groups()) if found else _Small()
        begun = False

        async def noticed(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            body.begin(int(sent) if sent.isdigit() else 0)
            await self.app(scope, body.counting(receive), noticed)
        except TooMuch as refusal:
            if begun:
                raise
            await PlainTextResponse(str(refusal), 413, {"connection": "close"})(scope, receive, send)
        finally:
            body.end()


def _announced(scope: Scope) -> bytes:
    """The length that the request announces, ``?`` for a body of unknown length, nothing for no body."""
    headers: Mapping[bytes, bytes] = dict(scope["headers"])
    return headers.get(b"content-length", b"?" if b"transfer-encoding" in headers else b"").strip(b" 0")


class _Small:
    """A body of anything but an upload."""

    def __init__(self) -> None:
        self.came = 0

    def begin(self, announced: int) -> None:
        self.check(announced)

    def more(self, size: int) -> None:
        self.came += size
        self.check(self.came)

    def check(self, size: int) -> None:
        if size > MOST_ELSEWHERE:
            raise TooMuch(TOO_LONG)

    def end(self) -> None:
        """Nothing of it is kept."""

    def counting(self, receive: Receive) -> Receive:
        async def counted() -> Message:
            message = await receive()
            self.more(len(message.get("body", b"")))
            return message

        return counted


class _Upload(_Small):
    """A file on its way to a screen; the announced length is reserved, what comes beyond it is counted too."""

    def __init__(self, ledger: Ledger, session: str, file: str) -> None:
        super().__init__()
        self.ledger, self.session, self.file, self.reserved = ledger, session, file, 0

    def begin(self, announced: int) -> None:
        self.ledger.begin(self.session, self.file)
        self.check(announced)

    def check(self, size: int) -> None:
        if size > self.reserved:
            self.ledger.let_in(self.session, size - self.reserved)
            self.reserved = size

    def end(self) -> None:
        self.ledger.end(self.session, self.reserved)


def let_go(screen_file: str, name: str) -> None:
    """Free the bytes of an uploaded file that is done with; its name stays where the person sees it."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        empty = UploadedFileRec(screen_file, name, "application/octet-stream", b"")
        context.uploaded_file_mgr.add_file(context.session_id, empty)


def _streamlits(session: str, ids: Sequence[str]) -> Sequence[Held]:
    """The files that Streamlit holds."""
    return runtime.get_instance().uploaded_file_mgr.get_files(session, ids)
