"""Who is let in: what the address listened on asks for, and who somebody is by what a request carries.

Plain rules without a server: the door of the web server (``sqdash/ui/door.py``) and the screens both ask here, so that
a rerun is judged like a request.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqdash import settings
from sqdash.errors import NobodySignsIn, NotAllowed, SettingsError
from sqdash.jobs import accounts
from sqdash.people import PUBLIC, Person
from sqdash.settings import PeopleSettings

COOKIE, SECURE_COOKIE = "sqdash_session", "__Host-sqdash_session"
FORWARDING = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
"""Headers that a proxy adds: whoever sends one speaks for somebody on another machine."""
BEHIND_A_PROXY = (
    "這個儀表板只供本機使用，不接受代理伺服器轉來的連線；要讓其他電腦使用，請設定 SQDASH_SIGN_IN=1 開啟登入後重新啟動。"
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")
_IP_AND_PORT = re.compile(r"(?P<four>[0-9.]+):\d+|\[(?P<six>[0-9A-Fa-f:.]+)\](?::\d+)?")
_QUERY = re.compile(r"[A-Za-z0-9_.~%=&+,:-]{1,1000}")


@dataclass(frozen=True, slots=True)
class Entrance:
    """The rules in force: ``address`` is what the server listens on, ``hosts`` the names it answers to."""

    address: str
    people: PeopleSettings
    store: Path
    hosts: frozenset[str] = frozenset()

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches the server."""
        return is_loopback(self.address)

    @property
    def signs_in(self) -> bool:
        """Whether people have to say who they are; a proxy that does it for them says that there are others."""
        return not self.loopback or self.people.sign_in or self.people.trusted_user_header is not None

    def knows(self, host: str | None) -> bool:
        """Whether a ``Host`` header names this server; another name is somebody else's (DNS rebinding)."""
        return _name_of(host) in self.hosts


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a request comes from; ``token`` is their session's, empty where there is none."""

    person: Person
    token: str = ""
    must_change: bool = False

    @property
    def mark(self) -> str:
        """Tells two visitors apart and says nothing about them; the same person has the same mark each time."""
        return hashlib.sha256(f"{self.person.how}\n{self.person.name}".encode()).hexdigest()


def current(address: str | None, allowed: Iterable[str] = ()) -> Entrance:
    """The rules for a server that listens on ``address`` (None: on every one); ``allowed`` names come on top."""
    found = settings.load()
    listens = (address or "::").strip().lower()
    own = () if _is_any(listens) else (listens.strip("[]"),)
    names = {name.strip().lower().rstrip(".").strip("[]") for name in (*allowed, *own, *found.people.allowed_hosts)}
    return Entrance(listens, found.people, found.db, frozenset(names - {""}))


def is_loopback(address: str) -> bool:
    """Whether nobody but this machine can reach a server on that address."""
    try:
        found = ipaddress.ip_address("127.0.0.1" if address == "localhost" else address.strip("[]"))
    except ValueError:
        return False
    return found == ipaddress.ip_address("::1") or (found.version == 4 and found.is_loopback)


def _is_any(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.strip("[]")).is_unspecified
    except ValueError:
        return False


def require_guarded(entrance: Entrance) -> None:
    """:class:`SettingsError` where other machines would reach a server that nobody can sign in to, or under no name, or
    be believed whatever they say of where they are."""
    if others := [one for one in entrance.people.forwarders if not is_loopback(one)]:
        raise SettingsError(
            f"環境變數 FORWARDED_ALLOW_IPS 的「{others[0]}」不是本機位址，別台電腦就能冒稱任何登入位址，"
            "請移除這個變數或改為 127.0.0.1。"
        )
    if entrance.signs_in and not accounts.has_admin(entrance.store):
        where = "已設定要登入" if entrance.loopback else f"「{entrance.address}」不是本機位址，其他電腦連得到"
        raise NobodySignsIn(where)
    if _is_any(entrance.address) and not any(not is_loopback(name) for name in entrance.hosts):
        raise SettingsError(
            f"「{entrance.address}」會在所有網路位址上開放，請以 SQDASH_ALLOWED_HOSTS 指定同仁連線用的主機名稱。"
        )


def forwarded(names: Iterable[str]) -> bool:
    """Whether header names (lower case) show that a proxy stands between."""
    return not FORWARDING.isdisjoint(names)


def address_of(entrance: Entrance, peer: str, forwarded_for: str) -> str:
    """Where a person is who comes by way of ``peer``: what a proxy on this machine added last to ``X-Forwarded-For``.

    What stands before that anybody may have sent. A web server that has looked itself hands in the person as ``peer``.
    """
    if not (entrance.loopback and entrance.signs_in and is_loopback(peer)):
        return peer
    last = forwarded_for.rpartition(",")[2].strip()
    with_port = _IP_AND_PORT.fullmatch(last)
    try:
        return str(ipaddress.ip_address((with_port["four"] or with_port["six"]) if with_port else last))
    except ValueError:
        return peer


def visitor(
    entrance: Entrance, cookies: Mapping[str, str], headers: Mapping[str, str], address: str, *, touch: bool = False
) -> Visitor | None:
    """Who a request comes from, None where nobody is known; header names are in lower case.

    ``touch`` counts it as something the person did. At a desk everybody is the desk.
    """
    if not entrance.signs_in:
        if forwarded(headers):
            return None
        return Visitor(accounts.desk(entrance.store)._replace(address=address))
    if person := _by_proxy(entrance, headers, address):
        return Visitor(person)
    token = token_of(cookies, entrance.people)
    idle = timedelta(minutes=entrance.people.idle_minutes)
    if token and (seen := accounts.seen(entrance.store, token, address=address, touch=touch, idle=idle)):
        # Whom a provider has signed in has no password here to change.
        return Visitor(seen.person, token, seen.must_change and seen.person.how == "account")
    return Visitor(PUBLIC._replace(address=address)) if entrance.people.public_viewing else None


def person(entrance: Entrance, cookies: Mapping[str, str], headers: Mapping[str, str], address: str) -> Person:
    """Who sits in front of a screen that is being drawn; :class:`NotAllowed` where that is nobody."""
    lower = {name.lower(): value for name, value in headers.items()}
    found = visitor(entrance, cookies, lower, address)
    if found is None:
        raise NotAllowed("您的登入已結束，請重新整理這個網頁後再登入。")
    if found.must_change:
        raise NotAllowed("請先更換密碼，再繼續使用。")
    return found.person


def _by_proxy(entrance: Entrance, headers: Mapping[str, str], address: str) -> Person | None:
    """Whom the proxy on this machine has signed in. From anywhere else the header is anybody's claim."""
    named = entrance.people.trusted_user_header
    if not (named and entrance.loopback):
        return None
    name = _as_sent(headers.get(named, "")).strip()
    return accounts.person(entrance.store, name, how="proxy", address=address) if name else None


def _as_sent(header: str) -> str:
    """Servers read headers byte by byte; proxies write names in UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


# --- cookies, forms and addresses


def token_of(cookies: Mapping[str, str], people: PeopleSettings) -> str:
    """The session's token that a request carries, empty for none.

    Where people come by https only, a cookie that plain http could have planted does not count.
    """
    token = cookies.get(SECURE_COOKIE) or ("" if people.https else cookies.get(COOKIE, ""))
    return token if _TOKEN.fullmatch(token) else ""


def form_token(token: str) -> str:
    """What a form of that session carries, so that no other site can send it; tells nothing of the token."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def form_fits(token: str, given: str) -> bool:
    """Whether a form that came in was one of that session's."""
    return bool(token) and hmac.compare_digest(form_token(token).encode(), given.encode())


def own_origin(entrance: Entrance, origin: str | None, host: str | None) -> bool:
    """Whether an ``Origin`` (or the start of a ``Referer``) is this server itself.

    Behind a proxy ``Host`` may be the proxy's word for us; then the name that people use counts, on its usual port.
    """
    try:
        parts = urlsplit(origin or "")
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc:
        return False
    if host and parts.netloc.lower() == host.lower():
        return True
    return parts.netloc.lower().strip("[]") in entrance.people.allowed_hosts


def own_path(text: str, pages: Collection[str]) -> str:
    """Where to go after signing in: one of our pages with its query, else the first page. Never another host."""
    path, _, query = text.partition("?")
    if not path.startswith("/") or path[1:] not in pages:
        return "/"
    return f"{path}?{query}" if _QUERY.fullmatch(query) else path


def _name_of(host: str | None) -> str:
    """The name in a ``Host`` header, without port; empty where it is none."""
    try:
        parts = urlsplit(f"//{host or ''}")
        _ = parts.port
    except ValueError:
        return ""
    if parts.username is not None or parts.password is not None or parts.path or parts.query or parts.fragment:
        return ""
    return (parts.hostname or "").rstrip(".")
