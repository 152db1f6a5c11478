"""A live connection whose session is looked up again before each message reaches the screen behind it.

Every rerun and every timed look of a fragment begins with a message of the browser, so that none runs for a session
that has ended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import UserInfoType

ENDED = 4401
"""The code by which the browser is told that the session has ended (4000–4999 are free for such)."""
_DONE_BY_ITSELF = ("app_heartbeat", "load_git_info", "set_run_on_save", None)
Look = Callable[[bool], Awaitable[bool]]
"""Whether the session still holds; given whether to count this as something the person did."""


async def serve(app: ASGIApp, scope: Scope, receive: Receive, send: Send, look: Look) -> None:
    """Serve the connection as long as ``look`` says yes."""
    watched = _Watched(receive, send, look)
    await app(scope, watched.receive, watched.send)


class _Watched:
    """Both directions of one connection."""

    def __init__(self, receive: Receive, send: Send, look: Look) -> None:
        self._receive, self._send, self._look = receive, send, look
        self._begun = self._ended = False

    async def receive(self) -> Message:
        """The next message, or the end of the connection once the session has ended."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        # The first rerun is the browser's own, also when a connection comes back by itself.
        touch, self._begun = self._begun and is_activity(message.get("bytes") or b""), True
        if await self._look(touch):
            return message
        self._ended = True
        await self._send({"type": "websocket.close", "code": ENDED})
        return {"type": "websocket.disconnect", "code": ENDED}

    async def send(self, message: Message) -> None:
        """What the screen says; nothing more once the session has ended."""
        if not self._ended:
            await self._send(message)


def may_be_of(screen: str, owner: UserInfoType) -> bool:
    """Whether the screen of that number was opened by ``owner``, or is none that is open."""
    found = runtime.get_instance()._session_mgr.get_session_info(screen)
    return found is None or found.session.matches_user_info(owner)


def is_activity(data: bytes) -> bool:
    """Whether a message is something a person did, and not the browser's timer or heartbeat."""
    asked = BackMsg()
    try:
        asked.ParseFromString(data)
    except DecodeError:
        return False
    kind = asked.WhichOneof("type")
    return not (kind in _DONE_BY_ITSELF or (kind == "rerun_script" and asked.rerun_script.is_auto_rerun))
