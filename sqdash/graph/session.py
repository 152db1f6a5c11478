"""The HTTP session: what it sends along, what it never does, and what may be said of its failures.

The token goes into the Authorization header only, and what urllib3 logs is cleaned: its lines quote whole URLs.
"""

from __future__ import annotations

import http.cookiejar
import logging
from weakref import WeakSet

import requests
import urllib3.exceptions
from requests.auth import AuthBase

from sqdash.graph.wire import TimedAdapter
from sqdash.secret import Redactor, Secret


class _LogCleaner(logging.Filter):
    """Takes secrets out of what urllib3 logs: addresses at DEBUG, headers that it could not read at WARNING."""

    def __init__(self) -> None:
        super().__init__()
        self.known: WeakSet[Redactor] = WeakSet()
        self._by_key = Redactor()

    def filter(self, record: logging.LogRecord) -> bool:
        text = self._by_key.clean(record.getMessage())
        for redactor in list(self.known):
            text = redactor.clean(text)
        record.msg, record.args = text, ()
        record.exc_info = record.exc_text = None  # quotes the same once more
        return True


_CLEANER = _LogCleaner()
for _name in ("urllib3.connectionpool", "urllib3.connection"):
    logging.getLogger(_name).addFilter(_CLEANER)


class _Bearer(AuthBase):
    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request


def new_session(token: Secret | None, redactor: Redactor) -> requests.Session:
    """No proxies or passwords from the environment, no cookies; ``redactor`` cleans the log while it lives."""
    _CLEANER.known.add(redactor)
    session = requests.Session()
    session.trust_env = False
    session.auth = _Bearer(token) if token else None
    session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "sqdash"})
    for scheme in ("https://", "http://"):
        session.mount(scheme, TimedAdapter())
    return session


def trouble_of(error: Exception) -> str:
    """What to say of a failed call, without quoting it: it holds the URL."""
    links = (error, error.__cause__, error.__context__, *error.args[:1])
    timed_out = any(
        isinstance(link, TimeoutError | requests.Timeout | urllib3.exceptions.TimeoutError) for link in links
    )
    if timed_out:
        return "逾時"
    if isinstance(error, requests.ConnectionError):
        return "無法連線或連線中斷"
    return "傳輸中斷"
