"""Who is let in, as far as it can be told without a server: addresses, names, cookies, forms, where to go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash import entrance, people
from sqdash.entrance import Entrance, Visitor
from sqdash.errors import SettingsError
from sqdash.settings import PeopleSettings

PAGES = {"", "fans", "posts", "account"}
TOKEN = "t" * 43


def rules(address: str = "127.0.0.1", *, hosts: tuple[str, ...] = ("127.0.0.1",), **set_to: object) -> Entrance:
    return Entrance(address, PeopleSettings(**set_to), Path("none.db"), frozenset(hosts))  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_on_loopback_there_is_one_desk_unless_sign_in_is_set(address: str) -> None:
    assert not rules(address).signs_in
    assert rules(address, sign_in=True).signs_in
    assert rules(address, trusted_user_header="x-remote-user").signs_in


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "::", "192.168.1.5", "::ffff:127.0.0.1", "dash.example", "localhost.example", "", "127.1"],  # noqa: S104
)
def test_wherever_others_may_come_from_people_sign_in(address: str) -> None:
    assert rules(address).signs_in
    assert rules(address, sign_in=False).signs_in


def test_a_server_without_an_address_listens_on_every_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQDASH_ALLOWED_HOSTS", "dash.example")
    found = entrance.current(None, ["Localhost", "[::1]"])
    assert (found.address, found.hosts) == ("::", {"localhost", "::1", "dash.example"})
    assert found.signs_in
    assert entrance.current("10.0.0.1", []).hosts == {"10.0.0.1", "dash.example"}


@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        ("127.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("::1", "10.0.0.9", "10.0.0.9"),
        ("127.0.0.1", "192.0.2.1, 10.0.0.9", "10.0.0.9"),
        ("127.0.0.1", "192.0.2.1,10.0.0.9:51234", "10.0.0.9"),
        ("127.0.0.1", "[2001:db8::1]:51234", "2001:db8::1"),
        ("127.0.0.1", "2001:DB8::1", "2001:db8::1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.9,", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("10.0.0.9", "192.0.2.1", "10.0.0.9"),
    ],
)
def test_where_somebody_is_the_last_proxy_says_and_only_one_on_this_machine(peer: str, said: str, address: str) -> None:
    assert entrance.address_of(rules(sign_in=True), peer, said) == address
    assert entrance.address_of(rules(), peer, said) == peer
    assert entrance.address_of(rules("10.0.0.1"), peer, said) == peer


@pytest.mark.parametrize("forwarder", ["*", "10.0.0.1", "127.0.0.1/8", "0.0.0.0/0", "proxy.example"])
def test_a_web_server_that_would_believe_other_machines_does_not_start(forwarder: str) -> None:
    with pytest.raises(SettingsError, match="FORWARDED_ALLOW_IPS"):
        entrance.require_guarded(rules(forwarders=("127.0.0.1", forwarder)))
    entrance.require_guarded(rules(forwarders=("127.0.0.1", "::1", "localhost")))


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:8501", True),
        ("DASH.example.", True),
        ("[::1]:8501", True),
        ("evil.example", False),
        ("dash.example.evil", False),
        ("dash.example@evil", False),
        ("evil@dash.example", False),
        ("dash.example/x", False),
        ("dash.example:http", False),
        ("[::1", False),
        ("", False),
        (None, False),
    ],
)
def test_a_host_name_is_known_or_somebody_elses(host: str | None, known: bool) -> None:
    assert rules(hosts=("127.0.0.1", "dash.example", "::1")).knows(host) is known


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://127.0.0.1:8501", True),
        ("http://127.0.0.1:8501/login?next=/", True),
        ("https://dash.example", True),
        ("http://127.0.0.1:3000", False),
        ("http://localhost:8501", False),
        ("https://dash.example:444", False),
        ("https://dash.example.evil", False),
        ("https://evil@dash.example", False),
        ("null", False),
        ("file://", False),
        ("http://[::1", False),
        ("", False),
        (None, False),
    ],
)
def test_an_origin_is_this_server_or_another_site(origin: str | None, own: bool) -> None:
    assert entrance.own_origin(rules(allowed_hosts=("dash.example",)), origin, "127.0.0.1:8501") is own


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/", "/"),
        ("/fans", "/fans"),
        ("/fans?period=103H2&unit=%E7%A0%94%E8%80%83", "/fans?period=103H2&unit=%E7%A0%94%E8%80%83"),
        ("/?period=103", "/?period=103"),
        ("/account", "/account"),
        ("/fans?next=//evil.example", "/fans"),
        ("/fans?a=b\r\nSet-Cookie: x", "/fans"),
        ("/fans#x", "/"),
        ("/fans/", "/"),
        ("/nowhere", "/"),
        ("fans", "/"),
        ("", "/"),
        ("//evil.example", "/"),
        ("//evil.example/fans", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/%5cevil.example", "/"),
        ("https://evil.example/", "/"),
        ("https:evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/fans\r\nLocation: //evil.example", "/"),
        ("\t//evil.example", "/"),
        ("/.//evil.example", "/"),
        ("/@evil.example", "/"),
    ],
)
def test_the_way_on_is_one_of_our_pages(wanted: str, goes_to: str) -> None:
    assert entrance.own_path(wanted, PAGES) == goes_to


@given(st.text(alphabet="/\\?#:@.%&=\r\n\t fans0-evil") | st.text())
def test_whatever_is_asked_for_the_way_on_stays_here(wanted: str) -> None:
    found = entrance.own_path(wanted, PAGES)
    path, _, query = found.partition("?")
    assert path[:1] == "/"
    assert path[1:] in PAGES
    assert query.isascii()
    assert not set(query) & set("/\\#\r\n\t ")


def test_a_cookie_that_plain_http_could_plant_does_not_count_where_people_come_by_https() -> None:
    both = {"sqdash_session": TOKEN, "__Host-sqdash_session": "s" * 43}
    assert entrance.token_of(both, PeopleSettings()) == "s" * 43
    assert entrance.token_of({"sqdash_session": TOKEN}, PeopleSettings()) == TOKEN
    assert entrance.token_of({"sqdash_session": TOKEN}, PeopleSettings(https=True)) == ""


@pytest.mark.parametrize("token", ["", "short", "x" * 201, "t" * 42 + "\n", "t" * 30 + " ", "權" * 43])
def test_a_cookie_that_is_no_token_is_as_if_not_there(token: str) -> None:
    assert entrance.token_of({"sqdash_session": token}, PeopleSettings()) == ""


def test_a_form_fits_the_session_it_was_made_for_only() -> None:
    made = entrance.form_token(TOKEN)
    assert entrance.form_fits(TOKEN, made)
    assert not entrance.form_fits("s" * 43, made)
    assert not entrance.form_fits(TOKEN, "")
    assert not entrance.form_fits(TOKEN, "權")
    assert not entrance.form_fits("", entrance.form_token(""))  # a visitor without a session has no forms
    assert TOKEN not in made


def test_visitors_are_told_apart_by_how_and_as_whom_they_come() -> None:
    def mark(name: str, how: people.How, token: str = "") -> str:
        return Visitor(people.Person(name, name, people.Role.VIEWER, how), token).mark

    assert mark("a", "account", "x") == mark("a", "account", "y")
    assert len({mark("a", "account"), mark("b", "account"), mark("a", "proxy"), mark("", "public")}) == 4
