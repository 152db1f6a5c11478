"""A file that is made when it is asked for, and cannot be made: what a person is told below its button.

Streamlit has words of its own for that, in English, whatever went wrong, and no option for others.
"""

from __future__ import annotations

import asyncio

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_storage import MediaFileStorageError

from sqdash import logs
from sqdash.errors import SqdashError

_STALE = "這個畫面剛更新過，請再按一次下載。"


def speak() -> None:
    """From now on this process answers in our words."""
    DeferredFileHandler.handle = _handle  # type: ignore[method-assign, assignment]


def sentence(error: Exception) -> str:
    """What to say of an error of making the file; one that nobody foresaw gets a code, and the log has the rest."""
    cause = error.__cause__ if isinstance(error, MediaFileStorageError) else error
    if cause is None:
        return _STALE
    if isinstance(cause, SqdashError):
        return str(cause)
    code = logs.unforeseen(cause, "download")
    return f"檔案沒有做成（代碼 {code}），請重新整理後再試；仍然不成，請把代碼交給維護人員。"


async def _handle(
    handler: DeferredFileHandler, request: BackendOperationRequest, session_id: str
) -> BackendOperationResponse:
    """As Streamlit's own, which makes the file in a thread and hands out its address."""
    make = handler._get_media_file_mgr().execute_deferred
    try:
        url = await asyncio.to_thread(make, request.deferred_file.file_id)
    except Exception as error:
        return BackendOperationResponse(request_id=request.request_id, error_msg=sentence(error))
    return BackendOperationResponse(request_id=request.request_id, deferred_file=DeferredFileResponsePayload(url=url))
