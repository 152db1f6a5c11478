"""The address leads to Meta or to this machine, and to nothing that only looks like them."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from sqdash.errors import GraphSetup
from sqdash.graph.access import Access, checked_base
from sqdash.secret import HIDDEN, Secret

TOKEN = Secret("EAAcanary0123456789")
META = "https://graph.facebook.com"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (META, META),
        (f"{META}/", META),
        (f"{META}:443", META),
        ("HTTPS://Graph.Facebook.COM", META),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://localhost:99/", "http://localhost:99"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_meta_and_loopback_are_allowed(given: str, kept: str) -> None:
    assert checked_base(given) == kept


@pytest.mark.parametrize(
    "url",
    [
        "",
        "graph.facebook.com",
        "//graph.facebook.com",
        "http://graph.facebook.com",
        "https://graph.facebook.com:8443",
        "https://graph.facebook.com.",
        "https://graph.facebook.com.evil.example",
        "https://graph-facebook.com",
        "https://evil.example/graph.facebook.com",
        "https://evil.example#graph.facebook.com",
        "https://evil.example?graph.facebook.com",
        "https://graph.facebook.com@evil.example",
        "https://user:pass@graph.facebook.com",
        "https://evil.example\\@graph.facebook.com",
        "https://graph.facebook.com\\.evil.example",
        "https://graph.facebook.com/v25.0",
        "https://graph.facebook.com/?x=1",
        "https://graph.facebook.com\n",
        " https://graph.facebook.com",
        "https://graph.faceb\u043eok.com",
        "https://xn--graph-facebook.com",
        "https://127.0.0.1",
        "http://127.0.0.1.evil.example",
        "http://127.1",
        "http://2130706433",
        "http://0x7f.0.0.1",
        "http://0177.0.0.1",
        "http://0.0.0.0",
        "http://169.254.169.254",
        "http://10.0.0.1",
        "http://[::ffff:127.0.0.1]",
        "http://[::]",
        "http://[::1",
        "http://localhost.evil.example",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://127.0.0.1:x",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "javascript://127.0.0.1",
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(GraphSetup) as caught:
        checked_base(url)
    assert str(caught.value) == (
        "Graph API 的網址不被允許，SQDASH_GRAPH_BASE_URL 只可為 https://graph.facebook.com 或本機的 http://127.0.0.1:埠號。"
    )


@pytest.mark.parametrize("version", ["", "25.0", "v25", "v25.0/", "v25.0?x", "v25.0 ", "../v25.0"])
def test_a_version_that_is_none_is_refused(version: str) -> None:
    with pytest.raises(GraphSetup, match=r"請用例如 v25\.0。$"):
        Access(META, version, TOKEN)


@pytest.mark.parametrize("token", ["", "EAA canary", "EAAcanary\r\nX-Evil: 1", "EAAcanary權杖", "EAAcanary\0"])
def test_a_token_that_would_break_the_header_is_refused_without_quoting_it(token: str) -> None:
    with pytest.raises(GraphSetup) as caught:
        Access(META, "v25.0", Secret(token))
    assert str(caught.value) == "存取權杖是空的或含有空白與中文，請重新貼上完整的權杖。"


def test_an_app_id_that_is_no_number_is_refused() -> None:
    with pytest.raises(GraphSetup, match="SQDASH_GRAPH_APP_ID"):
        Access(META, "v25.0", TOKEN, "12|34", Secret("s"))


@pytest.mark.parametrize("secret", ["shh\udcff", "密鑰", "a b", "a\n"], ids=ascii)
def test_an_app_secret_that_is_none_is_refused_without_quoting_it(secret: str) -> None:
    with pytest.raises(GraphSetup) as caught:
        Access(META, "v25.0", TOKEN, "123", Secret(secret))
    assert str(caught.value) == "應用程式密鑰含有空白、中文或無法辨識的字元，請檢查 SQDASH_GRAPH_APP_SECRET。"


def test_a_token_in_place_of_a_version_is_not_quoted() -> None:
    with pytest.raises(GraphSetup) as caught:
        Access(META, TOKEN.reveal(), TOKEN)
    assert str(caught.value) == "設定的 Graph API 版本不正確，請檢查 SQDASH_GRAPH_VERSION，請用例如 v25.0。"


def test_the_proof_is_the_hex_hmac_of_the_token_under_the_app_secret() -> None:
    access = Access(META, "v25.0", TOKEN, "123", Secret("shh"))
    assert access.proof is not None
    assert access.proof.reveal() == hmac.new(b"shh", TOKEN.reveal().encode(), hashlib.sha256).hexdigest()
    assert Access(META, "v25.0", TOKEN).proof is None


@pytest.mark.parametrize(("app_id", "secret"), [(None, Secret("s")), ("1", None), ("1", Secret("")), ("", Secret("s"))])
def test_the_app_has_a_token_only_with_both_its_parts(app_id: str | None, secret: Secret | None) -> None:
    assert Access(META, "v25.0", TOKEN, app_id, secret).app_token is None
    app_token = Access(META, "v25.0", TOKEN, "1", Secret("s")).app_token
    assert app_token is not None
    assert app_token.reveal() == "1|s"


def test_an_access_shows_no_secret_and_its_redactor_knows_them_all() -> None:
    access = Access(META, "v25.0", TOKEN, "123", Secret("app-secret"))
    shown = repr(access)
    assert (TOKEN.reveal() in shown, "app-secret" in shown, HIDDEN in shown) == (False, False, True)
    assert access.proof is not None
    text = f"{TOKEN.reveal()} 123|app-secret app-secret {access.proof.reveal()}"
    assert access.redactor().clean(text) == "… … … …"
