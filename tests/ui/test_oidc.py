"""Signing in at an identity provider: a real one for tests, a real server, and no trace of Streamlit's own cookie."""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from sqdash.jobs import accounts
from sqdash.ui import oidc
from tests.servers import Answer, Server, free_port, serving
from tests.ui.door_visits import PAGE, Client


def ask(url: str, body: bytes | None = None) -> Answer:
    """One request to the provider, following nothing."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    try:
        connection.request("POST" if body is not None else "GET", f"{parts.path}?{parts.query}", body, headers)
        answer = connection.getresponse()
        sent = tuple((name.lower(), value) for name, value in answer.getheaders())
        return Answer(answer.status, sent, answer.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's address; three people are known to it."""
    port = free_port()
    claims = [
        '{"sub": "1", "email": "Boss@bureau.example", "email_verified": true}',
        '{"sub": "2", "email": "nobody@bureau.example"}',
        '{"sub": "3", "email": "gone@bureau.example"}',
    ]
    known = [word for claim in claims for word in ("--user-claims", claim)]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *known]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            url, give_up = f"http://127.0.0.1:{port}", time.monotonic() + 60
            while time.monotonic() < give_up and process.poll() is None:
                with suppress(OSError):
                    if ask(f"{url}/.well-known/openid-configuration").status == 200:
                        break
                time.sleep(0.1)
            yield url
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def server(
    provider: str, made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Path]]:
    """The dashboard with the provider set up, and its store."""
    folder = tmp_path_factory.mktemp("oidc")
    store, port = Path(shutil.copy(made("report"), folder / "people.db")), free_port()
    for name in ("boss", "spare", "gone"):
        accounts.add(store, name, shown=f"{name} 同仁", role="admin", unit=None, by="測試")
    accounts.disable(store, "gone", reason="離職", by="測試")
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{"c" * 40}"\n'
        f'client_id = "dash"\nclient_secret = "{"s" * 40}"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n',
        "utf-8",
    )
    given = {"SQDASH_SIGN_IN": "1", "STREAMLIT_SECRETS_FILES": str(secrets)}
    with serving(store, folder / "log.txt", port=port, **given) as running:
        yield running, store


class Browser(Client):
    """Keeps every cookie, as a browser does."""

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        sent = {"Cookie": self.cookie} if self.cookie else {}
        answer = self.server.ask(method, path, body, **(sent | headers))
        jar = dict(pair.split("=", 1) for pair in self.cookie.split("; ") if pair)
        for name, value in answer.headers:
            if name == "set-cookie":
                key, _, kept = value.partition(";")[0].partition("=")
                jar[key] = kept
        self.cookie = "; ".join(f"{key}={kept}" for key, kept in jar.items() if kept not in ("", '""', "null"))
        return answer


def come_back(server: Server, sub: str) -> tuple[Browser, Answer, str]:
    """Sign in at the provider as ``sub``; the browser, the answer to its return, the address by which it returned."""
    browser = Browser(server)
    assert "/login-provider" in browser.get("/login", **PAGE).body.decode()
    there = str(browser.get("/login-provider", **PAGE).header("location"))
    assert there.startswith("/auth/login?provider=")
    asked = str(browser.get(there, **PAGE).header("location"))
    back = urlsplit(str(ask(asked, urlencode({"sub": sub}).encode()).header("location")))
    path = f"{back.path}?{back.query}"
    return browser, browser.get(path, **PAGE), path


def test_who_has_an_account_gets_a_session_of_ours_and_nothing_of_streamlits(server: tuple[Server, Path]) -> None:
    browser, answer, path = come_back(server[0], "1")
    assert (answer.status, answer.header("location") if answer.status == 303 else answer.body.decode()) == (303, "/")
    set_to = [value.partition("=")[0] for name, value in answer.headers if name == "set-cookie"]
    assert "sqdash_session" in set_to
    assert not any(name.startswith("_streamlit_user") for name in set_to)
    page = browser.get("/account", **PAGE).body.decode()
    assert "boss 同仁" in page
    assert "更換密碼" not in page
    with browser.screen() as screen:
        assert len(screen.rerun()) > 10

    kept = browser.cookie
    assert browser.send("/logout", {"form": browser.form()}).status == 200
    assert Browser(server[0], kept).get("/session").status == 401
    assert Browser(server[0], kept).get(path, **PAGE).status == 401  # the same return once more


@pytest.mark.parametrize("sub", ["2", "3"])
def test_who_has_no_usable_account_is_told_so(server: tuple[Server, Path], sub: str) -> None:
    browser, answer, _ = come_back(server[0], sub)
    assert answer.status == 403
    assert "沒有對應的可用帳號" in answer.body.decode()
    assert browser.get("/", **PAGE).status == 303


def test_a_return_that_nobody_began_lets_nobody_in(server: tuple[Server, Path]) -> None:
    for query in ("", "?code=x&state=y", "?error=access_denied"):
        answer = Browser(server[0]).get(f"/oauth2callback{query}", **PAGE)
        assert (answer.status, "沒有完成登入" in answer.body.decode()) == (401, True)
    assert server[0].ask("POST", "/oauth2callback").status == 401
    assert server[0].get("/auth/logout").status == 401


def test_a_mail_address_that_is_not_confirmed_names_nobody() -> None:
    known = {"is_logged_in": True, "email": "boss@bureau.example"}
    assert oidc.names_of(known) == ("boss",)
    assert oidc.names_of(known | {"email_verified": False}) == ()
    assert oidc.names_of(known | {"preferred_username": "chen"}) == ("boss", "chen")
    assert oidc.names_of(known | {"is_logged_in": False}) == ()
    assert oidc.names_of({"is_logged_in": True, "email": 5, "preferred_username": " "}) == ()
    assert not re.search("boss", str(oidc.names_of({})))
