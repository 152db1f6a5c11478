"""Where Graph is, in which version, and with what token: checked once, before anything is sent.

A configured URL must not lead anywhere else than to Meta or to this machine.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqdash.errors import GraphSetup
from sqdash.secret import Redactor, Secret

META = "graph.facebook.com"
_VERSION = re.compile(r"v[0-9]{1,3}\.[0-9]{1,2}")
_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Access:
    """Checked on creation; :class:`GraphSetup` says what is wrong. ``base_url`` is kept as scheme, host and port only.

    ``proof`` is the ``appsecret_proof`` (lower-case hex HMAC-SHA256 of the token under the app secret) or None.
    """

    base_url: str
    version: str
    token: Secret
    app_id: str | None = None
    app_secret: Secret | None = None
    proof: Secret | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", checked_base(self.base_url))
        if not _VERSION.fullmatch(self.version):
            raise GraphSetup("設定的 Graph API 版本不正確，請檢查 SQDASH_GRAPH_VERSION，請用例如 v25.0。")
        if not _TOKEN.fullmatch(self.token.reveal()):
            raise GraphSetup("存取權杖是空的或含有空白與中文，請重新貼上完整的權杖。")
        if self.app_id and not re.fullmatch(r"[0-9]{1,40}", self.app_id):
            raise GraphSetup("應用程式編號應全為數字，請檢查 SQDASH_GRAPH_APP_ID。")
        if self.app_secret and not _TOKEN.fullmatch(self.app_secret.reveal()):
            raise GraphSetup("應用程式密鑰含有空白、中文或無法辨識的字元，請檢查 SQDASH_GRAPH_APP_SECRET。")
        object.__setattr__(self, "proof", proof_of(self.token, self.app_secret) if self.app_secret else None)

    @property
    def app_token(self) -> Secret | None:
        """The app's own token ``{app-id}|{app-secret}``; None when either is not set."""
        if not self.app_id or not self.app_secret:
            return None
        return Secret(f"{self.app_id}|{self.app_secret.reveal()}")

    def redactor(self) -> Redactor:
        """What takes all of this access's secrets out of a text."""
        app = self.app_token
        proofs = (self.proof, proof_of(app, self.app_secret) if app and self.app_secret else None)
        return Redactor((self.token, self.app_secret, app, *proofs))


def proof_of(token: Secret, app_secret: Secret) -> Secret:
    """The ``appsecret_proof`` of that very token."""
    key, message = app_secret.reveal().encode(), token.reveal().encode()
    return Secret(hmac.new(key, message, hashlib.sha256).hexdigest())


def checked_base(url: str) -> str:
    """``https://graph.facebook.com`` or ``http://`` loopback with its port; :class:`GraphSetup` for anything else.

    What is returned is put together anew, so that no other reader of URLs can take the given text differently.
    """
    refused = GraphSetup(
        "Graph API 的網址不被允許，SQDASH_GRAPH_BASE_URL 只可為 https://graph.facebook.com 或本機的 http://127.0.0.1:埠號。"
    )
    if not re.fullmatch(r"[A-Za-z]+://[A-Za-z0-9.:\[\]-]+/?", url):
        raise refused
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme == "https" and host == META and port in (None, 443):
        return f"https://{META}"
    if parts.scheme == "http" and is_loopback(host) and port != 0:
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}" + (f":{port}" if port else "")
    raise refused


def is_loopback(host: str) -> bool:
    """Whether the host (a name or an address) is this machine."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback if address.version == 4 else address == ipaddress.IPv6Address("::1")
