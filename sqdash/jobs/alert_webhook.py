"""A digest handed to a webhook: one JSON object by POST to an address that is itself a secret.

The address is never said; people see its host only. https with the certificate checked, or http on this machine; no
redirect is followed, and one deadline holds for the whole call whatever drips.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from urllib3.exceptions import HTTPError

from sqdash.errors import SendError, SettingsError
from sqdash.graph.access import is_loopback
from sqdash.graph.session import new_session, trouble_of
from sqdash.graph.wire import DEADLINE
from sqdash.secret import Redactor, Secret
from sqdash.settings import AlertSettings

TOTAL = 20.0
"""Seconds that one call may take."""
_LEAST = 4
"""Parts of the address shorter than this are no secret and too common to look for."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A checked address; ``host`` is what may be shown."""

    address: Secret
    host: str

    def send(self, body: Mapping[str, Any], total: float = TOTAL) -> str:
        """Hand the digest over; nothing more to know of it. :class:`SendError` says in one sentence why it was not
        taken."""
        trouble = self._post(body, total)
        if trouble:  # raised here and not where it was found out: that exception quotes the address
            raise SendError(f"通知網址（{self.host}）{trouble}，提醒沒有送出，下次會再試。")
        return ""

    def _post(self, body: Mapping[str, Any], total: float) -> str:
        redactor = Redactor(_parts(self.address))
        session = new_session(None, redactor)
        mark = DEADLINE.set(time.monotonic() + total)
        try:
            with session.post(
                self.address.reveal(), json=body, timeout=(min(5.0, total), total), allow_redirects=False, stream=True
            ) as answer:
                return _fault(answer.status_code)
        except (requests.RequestException, HTTPError, OSError) as error:
            return trouble_of(error)
        finally:
            DEADLINE.reset(mark)
            session.close()


def webhook_of(settings: AlertSettings) -> Webhook | None:
    """The webhook that is set, None without one; :class:`SettingsError` where its address is not allowed."""
    if settings.webhook is None:
        return None
    text = settings.webhook.reveal()
    parts = _split(text)
    host = parts.hostname if parts else None
    if not parts or not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise SettingsError("通知網址不被允許，SQDASH_WEBHOOK_URL 須為 https 網址，不可含帳號或空白，請檢查設定。")
    return Webhook(settings.webhook, host)


def _split(text: str) -> SplitResult | None:
    """The address in parts; None where another reader of URLs could take it differently."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:-]+(?:[/?][\x21-\x7e]*)?", text) or "\\" in text or "#" in text:
        return None
    try:
        parts = urlsplit(text)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _parts(address: Secret) -> list[Secret]:
    """What of the address must show nowhere: the whole, what comes behind the host, and each piece of that."""
    text = address.reveal()
    parts = urlsplit(text)
    behind = text.split(parts.netloc, 1)[1]
    return [Secret(part) for part in (text, behind, *re.split(r"[/?&=]", behind)) if len(part) >= _LEAST]


def _fault(status: int) -> str:
    if 200 <= status < 300:
        return ""
    return "回覆轉址而未被跟隨" if 300 <= status < 400 else f"回覆 HTTP {status}"
