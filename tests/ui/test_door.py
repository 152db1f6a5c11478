"""The door over real sockets: every path for everybody, the live connection, forms, cookies, proxies."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from sqdash import periods
from sqdash.entrance import form_token
from sqdash.jobs import accounts, attempts, passwords
from sqdash.store import gate
from tests.servers import ROOT, Answer, Server, free_port, serving
from tests.ui.door_visits import PAGE, Client, status_of_connecting
from tests.ui.idle import make_idle, seen_at

PASSWORD = "correct-horse-battery"
ROLES = {"boss": "admin", "clerk": "editor", "guest": "viewer", "gone": "reviewer", "locked": "viewer"}


@dataclass
class Door:
    """A server that asks for sign-in, the store behind it and first passwords that nobody has changed yet."""

    server: Server
    store: Path
    first: dict[str, str] = field(default_factory=dict)

    def client(self, name: str = "", password: str = PASSWORD) -> Client:
        """Somebody's browser, signed in where a name is given."""
        client = Client(self.server)
        if name:
            assert client.sign_in(name, password).status == 303
        return client


def with_accounts(store: Path) -> dict[str, str]:
    """One account a role with a password of its own, and ``new`` with a first password, handed back."""
    kept = passwords.hashed(PASSWORD)
    with patch.object(passwords, "hashed", return_value=kept):  # one hash for all: each takes its time on purpose
        for name, role in ROLES.items():
            accounts.add(store, name, shown=f"{name} 同仁", role=role, unit="secretariat", by="測試")
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE accounts SET must_change = 0")
    return {"new": accounts.add(store, "new", shown="新同仁", role="editor", unit="secretariat", by="測試")}


@pytest.fixture(scope="module")
def peopled(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A store with accounts, for all servers of this module."""
    store = Path(shutil.copy(made("report"), tmp_path_factory.mktemp("door") / "people.db"))
    return store, with_accounts(store)


@pytest.fixture(scope="module")
def door(peopled: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """On loopback, with sign-in."""
    store, first = peopled
    with serving(store, tmp_path_factory.mktemp("door") / "log.txt", SQDASH_SIGN_IN="1") as server:
        yield Door(server, store, first)


@pytest.fixture(scope="module")
def boss(door: Door) -> Client:
    """An administrator who stays signed in."""
    return door.client("boss")


# --- every path for everybody

PAGES = ("/", "/fans?period=103H1", "/settings", "/nowhere", "/overview", "/auth", "/_stcore", "/oauth2callback")
STATIC = "static"
"""Stands for a script that the page loads; its name is known to the server only."""
OTHERS = (
    STATIC,
    "/static/",
    "/static/none.js",
    "/favicon.png",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/a/b",
    "/_stcore/agent/openapi.json",
    "/_stcore/stream",
    "/media/0123456789abcdef.png",
    "/component/x/index.html",
    "/_stcore/bidi-components/x/y.js",
    "/app/static/x.csv",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback/",
    "/healthz/",
    "/healthz/x",
    "//healthz",
    "/./healthz",
    "/login/",
    "/login/x",
    "/LOGIN/",
    "/healthz%2f..%2fstatic",
    "/static/..%2fhealthz",
    "//evil.example/x",
    "/login%3Fx/y",
    "/session/",
)
UPLOAD = "/_stcore/upload_file/0000/1111"


@pytest.fixture(scope="module")
def static(boss: Client) -> str:
    """Path of a script that the page loads."""
    found = re.search(r'src="\.?(/static/js/[^"]+\.js)"', boss.get("/", **PAGE).body.decode())
    assert found
    return found[1]


def signed_out(door: Door) -> Client:
    """A browser that replays the cookie of a session that was signed out."""
    client = door.client("guest")
    replayed = client.cookie
    assert client.send("/logout", {"form": client.form()}).status == 200
    return Client(door.server, replayed)


def disabled(door: Door) -> Client:
    """A browser whose account was disabled while it was signed in."""
    client = door.client("gone")
    assert client.get("/session").status == 200
    accounts.disable(door.store, "gone", reason="離職", by="測試")
    return client


@pytest.fixture(scope="module", params=["nobody", "signed out", "disabled", "made-up cookie"])
def outsider(request: pytest.FixtureRequest, door: Door) -> Client:
    """Everybody who has no session."""
    made = {
        "nobody": lambda: door.client(),
        "signed out": lambda: signed_out(door),
        "disabled": lambda: disabled(door),
        "made-up cookie": lambda: Client(door.server, f"sqdash_session={'x' * 43}"),
    }
    client: Client = made[request.param]()
    return client


def one_sentence(answer: Answer) -> str:
    """The text of a refusal, which is one Chinese sentence and kept by nobody."""
    text = answer.body.decode()
    assert text.count("。") == 1
    assert text.endswith("。")
    assert str(answer.header("content-type")).startswith("text/plain")
    assert answer.header("cache-control") == "no-store"
    return text


def test_without_a_session_a_page_leads_to_the_door_and_back(outsider: Client) -> None:
    for path in PAGES:
        answer = outsider.get(path, **PAGE)
        location = str(answer.header("location"))
        assert (answer.status, location.partition("?")[0], answer.body) == (303, "/login", b""), path
    assert outsider.get("/", **PAGE).header("location") == "/login"
    assert outsider.get("/fans?period=103H1", **PAGE).header("location") == "/login?next=/fans%3Fperiod%3D103H1"


def test_without_a_session_nothing_else_is_handed_out(outsider: Client, static: str) -> None:
    for path in OTHERS:
        for accept in ({}, PAGE):
            answer = outsider.get(static if path == STATIC else path, **accept)
            assert answer.status == 401, (path, answer.status)
            assert "登入" in one_sentence(answer)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_without_a_session_nothing_is_taken_in(outsider: Client, method: str) -> None:
    for path in (UPLOAD, "/", "/healthz", "/fans", "/media/x", "/_stcore/agent/interact"):
        answer = outsider.ask(method, path, b"x" * 100_000)
        assert answer.status == 401, (path, answer.status)
        one_sentence(answer)


def test_without_a_session_no_screen_is_connected(outsider: Client) -> None:
    for path in ("/_stcore/stream", "/", "/login", "/healthz", "/elsewhere"):
        assert status_of_connecting(outsider.server, path, Cookie=outsider.cookie) == 403
    with pytest.raises(InvalidStatus, match="403"), outsider.screen():
        pass


def test_without_a_session_the_page_that_asks_is_told_so(outsider: Client) -> None:
    assert outsider.get("/session").status == 401
    assert outsider.get("/account", **PAGE).header("location") == "/login?next=/account"
    assert outsider.get("/password", **PAGE).header("location") == "/login"
    assert outsider.send("/password", {"form": "x", "old": "x", "new": "x", "again": "x"}).status == 401
    assert outsider.send("/logout", {"form": "x"}).status == 401
    assert outsider.send("/logout-everywhere", {"form": "x"}).status == 401


def test_health_is_told_to_everybody_under_a_name_of_the_server(door: Door) -> None:
    assert (door.server.get("/healthz").status, door.server.get("/healthz").body) == (200, b"ok")
    assert door.server.get("/healthz", Host="10.1.2.3").status == 403


def test_with_a_session_everything_is_served_and_kept_by_nobody(boss: Client, static: str) -> None:
    for path in ("/", "/settings", "/fans?period=103H1"):
        answer = boss.get(path, **PAGE)
        assert (answer.status, answer.header("cache-control")) == (200, "no-store")
        assert b"/session" in answer.body
    assert (boss.get("/_stcore/health").status, boss.get("/session").status, boss.get(static).status) == (200, 200, 200)
    with boss.screen() as screen:
        assert len(screen.rerun()) > 10


# --- a first password


def test_with_a_first_password_only_a_new_one_may_be_set(door: Door, static: str) -> None:
    client = Client(door.server)
    assert client.sign_in("new", door.first["new"], next="/fans").header("location") == "/password?next=/fans"
    for path in PAGES:
        wanted = "" if path == "/" else f"?next={quote(path, safe='/')}"
        assert client.get(path, **PAGE).header("location") == f"/password{wanted}", path
    for path in OTHERS:
        assert client.get(static if path == STATIC else path).status == 403, path
    assert client.ask("PUT", UPLOAD, b"x").status == 403
    assert client.get("/session").status == 401
    assert client.get("/account", **PAGE).header("location") == "/password"
    assert status_of_connecting(door.server, Cookie=client.cookie) == 403
    form, before = client.form("/password"), client.cookie
    refused = {"不一樣": ("new-password-1", "new-password-2"), "12 個字元": ("short", "short")}
    for said, (new, again) in refused.items():
        answer = client.send("/password", {"form": form, "old": door.first["new"], "new": new, "again": again})
        assert (answer.status, said in answer.body.decode()) == (400, True)
    fields = {"form": form, "old": door.first["new"], "new": "another-horse-1", "again": "another-horse-1"}
    for wanted, goes_to in (("/fans?period=103H1", "/fans?period=103H1"), ("//elsewhere/fans", "/")):
        shown = client.get(f"/password?next={quote(wanted)}", **PAGE).body.decode()
        assert f'name="next" value="{goes_to}"' in shown
    fields["next"] = "/fans?period=103H1"
    assert client.send("/password", fields).header("location") == "/fans?period=103H1"
    assert client.cookie != before
    assert client.get("/", **PAGE).status == 200
    assert Client(door.server, before).get("/session").status == 401


# --- signing in and out


def test_a_browser_that_signs_in_gets_a_cookie_that_no_script_and_no_other_site_can_use(door: Door) -> None:
    client = Client(door.server)
    answer = client.sign_in("Clerk", PASSWORD, next="/fans?period=103H1")
    assert (answer.status, answer.header("location")) == (303, "/fans?period=103H1")
    cookie = str(answer.header("set-cookie"))
    assert re.fullmatch(r"sqdash_session=[\w-]{43}; HttpOnly; Path=/; SameSite=lax", cookie)
    assert client.get("/login", **PAGE).header("location") == "/"


def test_signing_in_ends_the_session_that_the_browser_had(door: Door) -> None:
    client = door.client("guest")
    before = client.cookie
    assert client.sign_in("clerk", PASSWORD).status == 303
    assert Client(door.server, before).get("/session").status == 401


@pytest.mark.parametrize(("name", "password"), [("boss", "wrong"), ("nobody", PASSWORD), ("", ""), ("boss\r\nx", "x")])
def test_whatever_is_wrong_the_answer_is_the_same(door: Door, name: str, password: str) -> None:
    client = Client(door.server)
    answer = client.sign_in(name, password)
    (said,) = re.findall(r'role="alert">⚠ ([^<]+)<', answer.body.decode())
    assert (answer.status, client.cookie) == (401, "")
    assert said == "帳號或密碼不正確，或帳號已停用，請重新輸入；忘記密碼請洽系統管理者。"


def test_a_name_that_is_tried_too_often_is_locked_and_told_when_to_try_again(door: Door) -> None:
    client = Client(door.server)
    tries = [client.sign_in("locked", "wrong") for _ in range(6)]
    assert [answer.status for answer in tries[:4]] == [401] * 4
    assert tries[-1].status == 429
    assert 0 < int(str(tries[-1].header("retry-after"))) <= 901
    assert client.sign_in("locked", PASSWORD).status == 429


def test_what_was_typed_comes_back_as_text(door: Door) -> None:
    answer = Client(door.server).sign_in('"><script>alert(1)</script>', "x", next='"><script>')
    assert answer.status == 401
    assert b"<script" not in answer.body
    assert b"&lt;script&gt;" in answer.body


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "https://evil.example/",
        "/fans\r\nSet-Cookie: a=b",
        "javascript:x",
    ],
)
def test_the_way_on_never_leads_to_another_host(door: Door, wanted: str) -> None:
    answer = Client(door.server).sign_in("guest", PASSWORD, next=wanted)
    assert (answer.status, answer.header("location")) == (303, "/")
    assert all(value != "a=b" for _, value in answer.headers)


def test_signing_out_ends_the_session_in_every_tab_at_its_next_rerun(door: Door) -> None:
    client = door.client("clerk")
    cookie = client.cookie
    with client.screen() as one, client.screen() as other:
        one.rerun()
        other.rerun()
        assert client.send("/logout", {"form": client.form()}).status == 200
        assert client.cookie == ""
        for screen, by_itself in ((one, False), (other, True)):
            with pytest.raises(ConnectionClosed) as closed:
                screen.rerun(by_itself=by_itself)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401
    assert status_of_connecting(door.server, Cookie=cookie) == 403


def test_signing_out_everywhere_ends_the_sessions_of_other_browsers_too(door: Door) -> None:
    here, there = door.client("guest"), door.client("guest")
    assert here.send("/logout-everywhere", {"form": here.form()}).status == 200
    assert there.get("/session").status == 401


def test_nobodys_screen_is_taken_up_by_another_person(door: Door, boss: Client) -> None:
    """Streamlit resumes a screen by its number; the number alone must not be enough."""
    with boss.screen() as screen:
        started = next(m for m in screen.rerun() if m.WhichOneof("type") == "new_session")
        number = started.new_session.initialize.session_id

    def taken_up(client: Client) -> str:
        with client.screen(resume=number) as screen:
            again = next(m for m in screen.rerun() if m.WhichOneof("type") == "new_session")
            return str(again.new_session.initialize.session_id)

    assert taken_up(door.client("guest")) != number
    assert taken_up(Client(door.server, boss.cookie)) == number


def test_nobody_puts_a_file_into_another_persons_screen_or_takes_one_out(door: Door, boss: Client) -> None:
    with boss.screen() as screen:
        started = next(m for m in screen.rerun() if m.WhichOneof("type") == "new_session")
        path = f"/_stcore/upload_file/{started.new_session.initialize.session_id}/1111"
        for method, status in (("PUT", 204), ("DELETE", 204)):
            foreign = upload(door.client("clerk"), method, path)
            assert (foreign.status, "不是由您的登入開啟" in one_sentence(foreign)) == (403, True)
            assert upload(Client(door.server, boss.cookie), method, path).status == status


def upload(client: Client, method: str, path: str) -> Answer:
    """A file as a screen hands it over, or takes it back."""
    given = client.get("/_stcore/health").header("set-cookie")
    assert given
    name, _, token = given.partition(";")[0].partition("=")
    kind = "multipart/form-data; boundary=b"
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\nx\r\n--b--\r\n'
    headers = {"Content_Type": kind, "X_Xsrftoken": token, "Cookie": f"{client.cookie}; {name}={token}"}
    return client.ask(method, path, body if method == "PUT" else None, Origin=client.server.url, **headers)


# --- forms come from us


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "", "Referer": "https://evil.example/login"},
        {"Origin": ""},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused(door: Door, boss: Client, headers: dict[str, str]) -> None:
    assert Client(door.server).send("/login", {"name": "guest", "password": PASSWORD}, **headers).status == 403
    assert Client(door.server, boss.cookie).send("/logout", {"form": boss.form()}, **headers).status == 403
    assert boss.get("/session").status == 200


def test_a_form_needs_the_token_of_its_own_session(door: Door, boss: Client) -> None:
    guest = door.client("guest")
    for token in ("", "x", guest.form()):
        assert Client(door.server, boss.cookie).send("/logout", {"form": token}).status == 403
    assert boss.get("/session").status == 200


def test_a_form_that_no_page_of_ours_sends_is_refused(door: Door) -> None:
    client = Client(door.server)
    assert client.send("/login", {"name": "a" * 9000, "password": "x"}).status == 413
    assert client.send("/login", {"name": "a"}, Content_Type="text/plain").status == 415
    form = {"Content_Type": "application/x-www-form-urlencoded", "Origin": door.server.url}
    for body in (
        b"name=%ff&password=x",
        b"name=\xff",
        b"name=a&name=b&password=x",
        b"&".join(b"a%d=1" % i for i in range(20)),
    ):
        assert client.ask("POST", "/login", body, **form).status == 400
    for method in ("PUT", "DELETE", "PATCH"):
        assert client.ask(method, "/login", b"x", Origin=door.server.url).status == 405
    assert client.send("/session", {}).status == 405


def test_a_live_connection_of_another_site_is_refused(door: Door, boss: Client) -> None:
    for origin in ("https://evil.example", "null", "http://localhost:1", "http://127.0.0.1:1"):
        assert status_of_connecting(door.server, Cookie=boss.cookie, Origin=origin) == 403
    assert status_of_connecting(door.server, Cookie=boss.cookie, Origin=door.server.url) == 101


def test_another_host_name_is_refused_on_every_path(door: Door, boss: Client, static: str) -> None:
    for path in ("/", "/login", static, "/_stcore/health", "/session"):
        assert boss.get(path, Host="evil.example").status == 403
    assert boss.ask("PUT", UPLOAD, b"x", Host="evil.example").status == 403
    assert status_of_connecting(door.server, Cookie=boss.cookie, Host="evil.example") == 403


def test_who_may_only_look_uploads_nothing(door: Door) -> None:
    guest = door.client("guest")
    for method in ("PUT", "DELETE", "POST", "PATCH"):
        answer = guest.ask(method, UPLOAD, b"x", Origin=door.server.url)
        assert (answer.status, "不能上傳" in one_sentence(answer)) == (403, True)
    assert door.client("clerk").ask("PUT", UPLOAD, b"x", Origin="https://evil.example").status == 403


# --- the pages themselves


@pytest.mark.parametrize("path", ["/login", "/account", "/password"])
def test_the_pages_of_the_door_allow_nothing_but_their_own_style_and_forms(door: Door, boss: Client, path: str) -> None:
    answer = (Client(door.server) if path == "/login" else boss).get(path, **PAGE)
    page = answer.body.decode()
    assert answer.status == 200
    assert answer.header("cache-control") == "no-store"
    policy = str(answer.header("content-security-policy"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert '<html lang="zh-Hant-TW">' in page
    assert not re.search(r"<script|<img|<link|\sstyle=|\son\w+=|https?:", page)
    for name in re.findall(r'<input id="(\w+)"', page):
        assert f'<label for="{name}">' in page
    assert all("autocomplete=" in tag for tag in re.findall(r"<input id[^>]+>", page))


def test_ones_account_tells_who_one_is_and_from_where_one_is_signed_in(boss: Client) -> None:
    page = boss.get("/account", **PAGE).body.decode()
    for text in ("boss 同仁", "系統管理", "秘書室", "127.0.0.1", "登出所有裝置", "更換密碼"):
        assert text in page, text
    assert boss.cookie.partition("=")[2] not in page


def test_activity_is_what_a_person_does_and_not_what_a_screen_does_by_itself(door: Door) -> None:
    """The timed look of a screen must not keep a session open whose person has left."""
    client = door.client("clerk")
    with client.screen() as screen:
        screen.rerun()
        stale = make_idle(door.store, "clerk")
        screen.rerun(by_itself=True)
        client.get("/session")
        client.get("/_stcore/health")
        assert seen_at(door.store, "clerk") == stale
        screen.rerun()
        assert seen_at(door.store, "clerk") > stale


# --- other kinds of doors


@pytest.fixture(scope="module")
def public(peopled: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("public") / "log.txt"
    with serving(peopled[0], log, SQDASH_SIGN_IN="1", SQDASH_PUBLIC_VIEWING="1", SQDASH_HTTPS="1") as server:
        yield server


def test_where_viewing_is_public_anybody_looks_and_nobody_uploads(public: Server) -> None:
    client = Client(public)
    assert client.get("/", **PAGE).status == 200
    assert client.get("/session").status == 200
    with client.screen() as screen:
        assert len(screen.rerun()) > 10
    assert client.ask("PUT", UPLOAD, b"x").status == 401
    assert client.ask("DELETE", UPLOAD).status == 401
    assert client.get("/account", **PAGE).header("location") == "/login?next=/account"
    assert "只檢視" in client.get("/login", **PAGE).body.decode()


def test_where_people_come_by_https_the_cookie_is_for_https_alone(public: Server) -> None:
    client = Client(public)
    answer = client.sign_in("boss", PASSWORD)
    cookie = str(answer.header("set-cookie"))
    assert re.fullmatch(r"__Host-sqdash_session=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure", cookie)
    assert client.get("/account", **PAGE).status == 200
    planted = Client(public, client.cookie.removeprefix("__Host-"))
    assert planted.get("/account", **PAGE).status == 303


def test_a_screen_that_was_somebodys_is_not_drawn_on_for_the_public(public: Server) -> None:
    client = Client(public)
    client.sign_in("clerk", PASSWORD)
    with client.screen() as screen:
        screen.rerun()
        client.send("/logout", {"form": client.form()})
        with pytest.raises(ConnectionClosed):
            screen.rerun(by_itself=True)


@pytest.fixture(scope="module")
def desk(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(made("report"), tmp_path_factory.mktemp("desk") / "log.txt") as server:
        yield server


def test_at_the_desk_nobody_signs_in(desk: Server) -> None:
    client = Client(desk)
    assert client.get("/", **PAGE).status == 200
    assert b"/session" not in client.get("/", **PAGE).body
    assert client.get("/login", **PAGE).header("location") == "/"
    with client.screen() as screen:
        assert len(screen.rerun()) > 10


@pytest.mark.parametrize("name", ["Forwarded", "X_Forwarded_For", "X_Real_IP", "X_Forwarded_Host", "x_forwarded_proto"])
def test_a_proxy_does_not_open_the_desk_to_everybody(desk: Server, name: str) -> None:
    for path in ("/", "/_stcore/health", "/login"):
        answer = desk.get(path, **PAGE, **{name: "10.0.0.9"})
        assert (answer.status, "SQDASH_SIGN_IN=1" in one_sentence(answer)) == (403, True)
    assert status_of_connecting(desk, **{name: "10.0.0.9"}) == 403
    assert desk.get("/healthz", **{name: "10.0.0.9"}).status == 200


def test_another_site_in_the_same_browser_reaches_nothing_at_the_desk(desk: Server) -> None:
    for origin in ("https://evil.example", "http://localhost:1"):
        assert status_of_connecting(desk, Origin=origin) == 403
        assert desk.ask("PUT", UPLOAD, b"x", Origin=origin).status == 403
    assert desk.get("/", **PAGE, Host="evil.example").status == 403


@pytest.fixture(scope="module")
def proxied(peopled: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("proxied") / "log.txt"
    with serving(peopled[0], log, SQDASH_TRUSTED_USER_HEADER="X-Remote-User") as server:
        yield server


def test_a_proxy_on_this_machine_may_say_who_somebody_is(proxied: Server) -> None:
    client = Client(proxied)
    assert client.get("/", **PAGE).status == 303
    page = client.get("/account", **PAGE, X_Remote_User="Boss").body.decode()
    assert "boss 同仁" in page
    assert "登出" not in page
    with client.screen(X_Remote_User="boss") as screen:
        assert len(screen.rerun()) > 10
    for path in ("/logout", "/logout-everywhere", "/password"):
        assert client.send(path, {"form": form_token("")}, X_Remote_User="boss").status == 409
    for nobody in ("nobody", "", "boss, clerk"):
        assert client.get("/", **PAGE, X_Remote_User=nobody).status == 303


@pytest.mark.parametrize("believed", ["127.0.0.1", ""], ids=["told", "not told"])
def test_behind_a_proxy_a_lock_holds_for_the_address_that_it_saw(
    peopled: tuple[Path, dict[str, str]], tmp_path: Path, believed: str
) -> None:
    """Whether the web server itself looks at what a proxy says or not; what a visitor has sent before it is nothing."""
    store = Path(shutil.copy(peopled[0], tmp_path / "people.db"))
    with serving(store, tmp_path / "log.txt", SQDASH_SIGN_IN="1", FORWARDED_ALLOW_IPS=believed) as server:
        for n in range(19):
            count_failure(store, f"nobody {n}", "10.0.0.9")
        guess = {"name": "nobody", "password": "wrong"}
        assert Client(server).send("/login", guess, X_Forwarded_For="192.0.2.1, 10.0.0.9").status == 429
        right = {"name": "clerk", "password": PASSWORD}
        assert Client(server).send("/login", right, X_Forwarded_For="192.0.2.2, 10.0.0.9").status == 429
        assert Client(server).send("/login", right, X_Forwarded_For="10.0.0.9, 10.0.0.8").status == 303
        assert Client(server).send("/login", right).status == 303


def count_failure(store: Path, name: str, address: str) -> None:
    """As if somebody had failed to sign in, without the time that a password's check takes."""
    with gate.write(store, by="未登入", reason="登入") as change:
        attempts.failed(change, attempts.subjects(name, address), name, periods.now())


def test_anybody_elses_claim_to_be_somebody_is_ignored(
    door: Door, peopled: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    assert Client(door.server).get("/", **PAGE, X_Remote_User="boss").status == 303
    assert Client(door.server).get("/", **PAGE, X_Sqdash_Visitor="boss").status == 303
    open_to_all = {"SQDASH_TRUSTED_USER_HEADER": "X-Remote-User", "SQDASH_ALLOWED_HOSTS": "dash.example"}
    everywhere = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}  # noqa: S104 - what is tested
    with serving(peopled[0], tmp_path / "log.txt", **open_to_all, **everywhere) as server:
        assert Client(server).get("/", **PAGE, X_Remote_User="boss").status == 303
        assert Client(server).sign_in("boss", PASSWORD).status == 303
        assert status_of_connecting(server, X_Remote_User="boss") == 403


# --- what is refused before it listens


def start(store: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(free_port()), *arguments]
    env = {**os.environ, "SQDASH_DB": str(store), "PYTHONUTF8": "1", **settings}
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False
    )


EVERYWHERE = ("--server.address", "0.0.0.0")  # noqa: S104


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (EVERYWHERE, {"SQDASH_ALLOWED_HOSTS": "dash.example"}, "user add 名稱 --role admin"),
        ((), {"SQDASH_SIGN_IN": "1"}, "user add 名稱 --role admin"),
        ((), {"SQDASH_SIGN_IN": "yes"}, "SQDASH_SIGN_IN"),
        ((), {"FORWARDED_ALLOW_IPS": "*"}, "FORWARDED_ALLOW_IPS"),
    ],
)
def test_a_server_that_nobody_can_sign_in_to_does_not_start(
    made: Callable[[str], Path], arguments: tuple[str, ...], given: dict[str, str], said: str
) -> None:
    done = start(made("report"), *arguments, **given)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_a_server_on_every_address_needs_a_name_that_people_use(peopled: tuple[Path, dict[str, str]]) -> None:
    done = start(peopled[0], *EVERYWHERE)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "SQDASH_ALLOWED_HOSTS" in done.stderr
