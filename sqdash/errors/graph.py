"""Errors of Meta's Graph API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqdash.errors.base import SqdashError


class GraphError(SqdashError):
    """The Graph API refused.

    ``code``, ``subcode`` and ``trace`` (``fbtrace_id``) are Meta's, None where it gave none; ``detail`` is Meta's own
    message with every secret taken out, empty where there is none.
    """

    def __init__(
        self,
        sentence: str,
        *,
        code: int | None = None,
        subcode: int | None = None,
        trace: str | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(sentence)
        self.code, self.subcode, self.trace, self.detail = code, subcode, trace, detail


class TokenError(GraphError):
    """The access token is invalid: nothing can be asked with it any more."""


class ProofError(TokenError):
    """The proof that the app secret makes of the token is wrong or missing."""


class PermissionMissing(GraphError):
    """The token may not read this; ``permission`` is the one that Meta names, if any."""

    def __init__(self, sentence: str, *, permission: str | None = None, **meta: Any) -> None:
        super().__init__(sentence, **meta)
        self.permission = permission


class LimitReached(GraphError):
    """Too many calls; ``resume_at`` (aware, UTC) is when one may be made again."""

    def __init__(self, sentence: str, *, resume_at: datetime, **meta: Any) -> None:
        super().__init__(sentence, **meta)
        self.resume_at = resume_at


class DeadMetric(GraphError):
    """A metric is not served, or no longer; ``metrics`` are all that were asked for together."""

    def __init__(self, sentence: str, *, metrics: tuple[str, ...] = (), **meta: Any) -> None:
        super().__init__(sentence, **meta)
        self.metrics = metrics


class DeadObject(GraphError):
    """``object_id`` is deleted or not to be seen with this token; Meta does not tell which."""

    def __init__(self, sentence: str, *, object_id: str | None = None, **meta: Any) -> None:
        super().__init__(sentence, **meta)
        self.object_id = object_id


class BadField(GraphError):
    """``field`` is not one that the object has."""

    def __init__(self, sentence: str, *, field: str | None = None, **meta: Any) -> None:
        super().__init__(sentence, **meta)
        self.field = field


class TooMuchData(GraphError):
    """The answer would be too large; less must be asked for at a time."""


class Transient(GraphError):
    """Network, time or server trouble that outlasted the retries."""


class Unreadable(GraphError):
    """An answer that is not what Graph answers: nothing of it is used."""


class ClockWrong(GraphError):
    """This machine's clock is too far from Graph's to say on which day a figure was seen."""


class GraphSetup(GraphError):
    """A setting or a request of ours is wrong."""
