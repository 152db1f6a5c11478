"""Signing in at an identity provider (OpenID Connect), which Streamlit's ``/auth/login`` and ``/oauth2callback`` do.

Streamlit would remember the identity in a cookie of its own that works for 30 days, also after signing out. That
cookie is taken from its answer here, read once and never reaches the browser: what the browser gets is a session of
ours, which ends like any other. Set up in ``[auth]`` of the secrets file, as Streamlit documents it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope
from streamlit import auth_util
from streamlit.web.server.server_util import AUTH_COOKIE_NAME, get_cookie_secret
from streamlit.web.server.starlette import starlette_app_utils

from sqdash.errors import SettingsError

LOGIN, BACK = "/auth/login", "/oauth2callback"


def offered() -> bool:
    """Whether an identity provider is set up."""
    return bool(auth_util.get_secrets_auth_section())


def require_usable() -> None:
    """:class:`SettingsError` where a provider is set up and the library that speaks to it is missing."""
    if offered() and not auth_util.is_authlib_installed():
        raise SettingsError(
            "設定檔有 [auth]，但沒有安裝 Authlib，請在專案資料夾以 requirements-oidc.txt 安裝後再啟動。"
        )


def way() -> str:
    """Where the browser goes to sign in there; good for a few minutes."""
    return f"{LOGIN}?provider={quote(auth_util.encode_provider_token('default'))}"


async def back(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[tuple[str, ...], list[tuple[bytes, bytes]]]:
    """Let Streamlit see to the end of the sign-in; the names by which the provider knows the person, best first and
    none where it failed, and the headers that forget the attempt."""
    headers: list[tuple[bytes, bytes]] = []

    async def caught(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers.extend(message["headers"])

    await app(scope, receive, caught)
    set_to = [value for name, value in headers if name.lower() == b"set-cookie"]
    kept = [(b"set-cookie", value) for value in set_to if not value.startswith(AUTH_COOKIE_NAME.encode())]
    return names_of(_identity(value.decode("latin-1") for value in set_to)), kept


def names_of(identity: dict[str, Any]) -> tuple[str, ...]:
    """The names of accounts that an identity may stand for: a confirmed mail address before the @, then its name."""
    if identity.get("is_logged_in") is not True:
        return ()
    mail, name = identity.get("email"), identity.get("preferred_username")
    before = mail.partition("@")[0] if isinstance(mail, str) and identity.get("email_verified") is not False else ""
    return tuple(dict.fromkeys(one for one in (before, name) if isinstance(one, str) and one.strip()))


def _identity(set_cookies: Iterable[str]) -> dict[str, Any]:
    """What Streamlit signed of the person."""
    found: dict[str, str] = {}
    for text in set_cookies:
        found |= cookie_parser(text.partition(";")[0])

    def single(name: str) -> bytes | None:
        value = found.get(name)
        if not value:
            return None
        return starlette_app_utils.decode_signed_value(get_cookie_secret(), name, value.encode("latin-1"))

    signed = auth_util.get_cookie_with_chunks(single, AUTH_COOKIE_NAME)
    identity = json.loads(signed) if signed else {}
    return identity if isinstance(identity, dict) else {}
