"""One question to Graph and its answer: sending, bounds, retries, usage. Knows no page, post or metric.

Errors hold neither request nor answer, so that nothing secret hangs on a traceback.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any
from urllib.parse import quote

import requests
from urllib3.exceptions import HTTPError

from sqdash.errors import GraphError, LimitReached, TokenError, Transient, Unreadable
from sqdash.graph.access import Access
from sqdash.graph.clock import Clock
from sqdash.graph.failures import NOTHING, Asked, classify
from sqdash.graph.session import new_session, trouble_of
from sqdash.graph.usage import NO_USAGE, Usage, read_usage
from sqdash.graph.wire import DEADLINE

_PIECE = 65_536
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_QUOTED = {n: quote(chr(n), safe="") for n in range(128)}
"""For ``str.translate``: quotes a whole batch in one pass, which ``urlencode`` does character by character."""
_NO_JSON = object()
_VERSION_HEADER = "facebook-api-version"
_WRONG_TOKEN_KIND = "page access token"  # noqa: S105 - Meta's words


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one client may use up. Seconds are real ones for sockets, the clock's for waits.

    ``total`` holds for one HTTP call whatever drips; ``retries`` after a passing fault, waiting ``first_wait``
    doubled each time up to ``longest_wait``, each by a random 0.5–1.5; ``pages`` list calls a listing; ``body`` bytes
    of one answer, unpacked; ``batch`` items a batch; ``window_days`` days of insights a call.
    """

    connect: float = 5.0
    read: float = 30.0
    total: float = 60.0
    body: int = 32 * 1024 * 1024
    retries: int = 4
    first_wait: float = 1.0
    longest_wait: float = 30.0
    pages: int = 2000
    batch: int = 50
    window_days: int = 90


@dataclass(frozen=True, slots=True)
class _Again:
    """A failure that may pass: ``error`` is what to raise when it does not."""

    error: GraphError


class Transport:
    """A connection that is kept open, with the counts of what went over it.

    ``calls`` HTTP requests made, ``items`` what Meta counts (each item of a batch is one), ``retries`` requests made
    again, ``waited`` seconds slept, ``usage`` the newest known, ``version_answered`` the version that last answered,
    ``clock_ahead`` how far our clock was ahead of the date on the last answer (None where it had none).
    ``until`` ends a run: no call or wait goes beyond it.
    """

    def __init__(
        self, access: Access, clock: Clock, rng: random.Random, bounds: Bounds, until: datetime | None = None
    ) -> None:
        self.access, self.clock, self.bounds, self.until = access, clock, bounds, until
        self.redactor = access.redactor()
        self.calls = self.items = self.retries = 0
        self.waited = 0.0
        self.usage: Usage = NO_USAGE
        self.version_answered: str | None = None
        self.clock_ahead: timedelta | None = None
        self._rng = rng
        self._root = f"{access.base_url}/{access.version}/"
        self._session = new_session(access.token, self.redactor)

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def __enter__(self) -> Transport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, path: str, params: Mapping[str, str], asked: Asked = NOTHING) -> Mapping[str, Any]:
        """The JSON object at ``path``; a :class:`GraphError` of the kind that fits otherwise."""
        answer = self._call("GET", path, params, None, asked)
        if not isinstance(answer, dict):
            raise _unreadable("不是物件")
        return answer

    def batch(self, relative_urls: Sequence[str]) -> list[Any]:
        """The JSON list that answers a batch of GETs, one entry each."""
        items = [{"method": "GET", "relative_url": url} for url in relative_urls]
        form = "include_headers=false&batch=" + json.dumps(items, separators=(",", ":")).translate(_QUOTED)
        answer = self._call("POST", "", {}, form, NOTHING, weight=len(items))
        if not isinstance(answer, list) or len(answer) != len(items):
            raise _unreadable("與批次的項目不符")
        return answer

    def decode(self, status: int, body: bytes | str, asked: Asked) -> Any:
        """The JSON value of an answer or of a batch's item; the error that stands in it is raised."""
        found = self._read(status, body, asked)
        if isinstance(found, _Again):
            raise found.error
        return found

    @property
    def over(self) -> bool:
        """Whether the run's time is up."""
        return self.until is not None and self.clock.now() >= self.until

    @staticmethod
    def passing(error: GraphError) -> bool:
        """Whether a right token was refused as one of another kind, which was seen to pass when asked again."""
        return isinstance(error, TokenError) and _WRONG_TOKEN_KIND in error.detail.lower()

    def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, str],
        form: str | None,
        asked: Asked,
        weight: int = 1,
    ) -> Any:
        """Ask until there is an answer, a failure that stays, or no try left."""
        another_kind = 1
        for attempt in range(self.bounds.retries + 1):
            self._may_ask()
            self.calls += 1
            self.items += weight
            found = self._once(method, path, params, form, asked)
            if not isinstance(found, _Again):
                return found
            if isinstance(found.error, TokenError):  # asked again at once
                if not another_kind:
                    break
                another_kind = 0
            elif attempt < self.bounds.retries:
                self._rest(min(self.bounds.first_wait * 2**attempt, self.bounds.longest_wait), found.error)
            if attempt < self.bounds.retries:
                self.retries += 1
        raise found.error

    def _may_ask(self) -> None:
        """Keep to the allowance and to the end of the run before a call."""
        now = self.clock.now()
        if self.usage.resume_at and now < self.usage.resume_at:
            raise LimitReached("Meta 的用量已接近上限，將於恢復時間之後繼續擷取。", resume_at=self.usage.resume_at)
        if self.over:
            raise Transient("這次擷取已到時限，下次將從中斷處繼續。")
        if self.usage.resume_at:
            self.usage = NO_USAGE
        if self.usage.pause:
            self._sleep(self.usage.pause)

    def _rest(self, seconds: float, because: GraphError) -> None:
        """Wait about so long, unless the run would be over by then."""
        wait = seconds * self._rng.uniform(0.5, 1.5)
        if self.until and self.clock.now() + timedelta(seconds=wait) >= self.until:
            raise because
        self._sleep(wait)

    def _sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)
        self.waited += seconds

    def _once(self, method: str, path: str, params: Mapping[str, str], form: str | None, asked: Asked) -> Any:
        """One HTTP call; network trouble comes back as :class:`_Again`, made here and not within an except block."""
        query = dict(params)
        if self.access.proof:
            query["appsecret_proof"] = self.access.proof.reveal()
        trouble = ""
        mark = DEADLINE.set(time.monotonic() + self.bounds.total)
        try:
            with self._session.request(
                method,
                self._root + path,
                params=query,
                data=form,
                headers=_FORM if form else None,
                timeout=(self.bounds.connect, self.bounds.read),
                allow_redirects=False,
                stream=True,
            ) as response:
                status, headers, body = response.status_code, response.headers, self._body(response)
        except (requests.RequestException, HTTPError, OSError) as error:
            trouble = trouble_of(error)
        finally:
            DEADLINE.reset(mark)
        if trouble:
            return _Again(Transient(f"向 Meta 擷取時{trouble}，請檢查網路後再更新。"))
        return self._answer(status, headers, body, asked)

    def _body(self, response: requests.Response) -> bytes | None:
        """The unpacked body; None when it is larger than it may be."""
        pieces, size = [], 0
        for piece in response.iter_content(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > self.bounds.body:
                return None
        return b"".join(pieces)

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes | None, asked: Asked) -> Any:
        self.usage = read_usage(headers, self.clock.now()) or self.usage
        self.version_answered = headers.get(_VERSION_HEADER) or self.version_answered
        sent = _date(headers.get("date"))
        self.clock_ahead = self.clock.now() - sent if sent else None
        if body is None:
            raise _unreadable("超過大小上限")
        if 300 <= status < 400:
            raise _unreadable("是轉址")
        return self._read(status, body, asked)

    def _read(self, status: int, body: bytes | str, asked: Asked) -> Any:
        """The JSON value; :class:`_Again` for what may pass, the error otherwise."""
        value = _json(body)
        if value is _NO_JSON:  # raised here and not where it was found out: that exception holds the whole body
            return self._no_json(status, body, asked)
        error = value.get("error") if isinstance(value, dict) else None
        if error is None and status == 200:
            return value
        if not isinstance(error, dict):
            error = {}
            if status < 500 and status != 429:
                raise _unreadable(f"是 HTTP {status} 而沒有錯誤說明")
        return self._refused(status, error, asked)

    def _refused(self, status: int, error: Mapping[str, Any], asked: Asked) -> _Again:
        resume_at = self.usage.resume_at
        failure = classify(
            status, error, now=self.clock.now(), redactor=self.redactor, asked=asked, resume_at=resume_at
        )
        if isinstance(failure, LimitReached):
            self.usage = Usage(self.usage.percent, failure.resume_at)
        if isinstance(failure, Transient) or self.passing(failure):
            return _Again(failure)
        raise failure

    def _no_json(self, status: int, body: bytes | str, asked: Asked) -> _Again:
        """Servers in trouble send pages of HTML or nothing; JSON that was cut may come whole the next time."""
        if status >= 500 or status == 429:
            return self._refused(status, {}, asked)
        start = body[:1] if isinstance(body, str) else body[:1].decode("latin-1")
        if start in ("{", "[", ""):
            return _Again(_unreadable("不完整"))
        raise _unreadable("不是 JSON")


def _date(header: str | None) -> datetime | None:
    """The moment of an HTTP date (RFC 9110, 5.6.7); None where there is none or it cannot be read."""
    try:
        found = parsedate_to_datetime(header) if header else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def _json(body: bytes | str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return _NO_JSON


def _unreadable(how: str) -> Unreadable:
    return Unreadable(f"Meta 的回覆{how}，沒有採用，請稍後再更新，一再發生時請通知維護人員。")
