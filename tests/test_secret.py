"""A secret shows itself to nobody, and no form of it stays in a text."""

from __future__ import annotations

import base64
import copy
import json
import pickle
import traceback
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.secret import HIDDEN, Redactor, Secret

TOKEN = "EAAB+canary/0123=very&long|token"
REDACTOR = Redactor([Secret(TOKEN)])


def test_only_reveal_gives_the_text() -> None:
    secret = Secret(TOKEN)
    assert secret.reveal() == TOKEN
    assert {repr(secret), str(secret), f"{secret}", f"{secret:>50}", f"{secret!r}", "%s" % secret} == {HIDDEN}  # noqa: UP031


def test_a_secret_is_not_pickled_and_copies_are_itself() -> None:
    secret = Secret(TOKEN)
    with pytest.raises(TypeError) as caught:
        pickle.dumps(secret)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_secrets_are_equal_by_their_text_and_to_nothing_else() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert Secret("名") == Secret("名")
    assert len({Secret("a"), Secret("a")}) == 1


def test_an_empty_secret_is_as_none_and_redacts_nothing() -> None:
    assert not Secret("")
    assert Redactor([Secret(""), None]).clean("abc") == "abc"


FORMS = {
    "raw": TOKEN,
    "quoted": quote(TOKEN, safe=""),
    "quoted with slashes": quote(TOKEN),
    "quoted as a form": quote_plus(TOKEN),
    "quoted in lower case": quote(TOKEN, safe="").replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d")
    .replace("%26", "%26").replace("%7C", "%7c"),
    "quoted twice": quote(quote(TOKEN, safe=""), safe=""),
    "JSON": json.dumps(TOKEN),
    "JSON with escaped slashes": json.dumps(TOKEN).replace("/", "\\/"),
    "JSON in JSON": json.dumps(json.dumps({"t": TOKEN})),
    "base64": base64.b64encode(TOKEN.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(TOKEN.encode()).decode(),
    "repr": repr(TOKEN),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_usual_form_is_taken_out(form: str) -> None:
    cleaned = REDACTOR.clean(f"before {form} after")
    assert "canary" not in cleaned
    assert form.strip("\"'=") not in cleaned
    assert cleaned.startswith("before ")
    assert cleaned.endswith(" after")


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "user:"])
def test_base64_is_found_wherever_the_secret_starts_in_it(before: str) -> None:
    coded = base64.b64encode(f"{before}{TOKEN};rest".encode()).decode()
    cleaned = REDACTOR.clean(coded)
    assert HIDDEN in cleaned
    assert len(cleaned) < len(coded) - 30


@pytest.mark.parametrize(
    "key", ["access_token", "appsecret_proof", "input_token", "fb_exchange_token", "client_secret"]
)
@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("/me?{key}=unknown%2Bone&limit=2", "/me?{key}=…&limit=2"),
        ("/me?limit=2&{key}=at-the-end", "/me?limit=2&{key}=…"),
        ("/me?{key}=odd.characters|~!*", "/me?{key}=…"),
        ("u=%2Fme%3F{key}%3Dquoted%26limit%3D2", "u=%2Fme%3F{key}%3D…%26limit%3D2"),
        ('{{"{key}":"in json","x":1}}', '{{"{key}":"… json","x":1}}'),
        ('"{{\\"{key}\\": \\"nested\\"}}"', '"{{\\"{key}\\": \\"…\\"}}"'),
        ("{{'{key}': 'in-repr'}}", "{{'{key}': '…'}}"),
        ("('{key}', 'in-a-pair')", "('{key}', '…')"),
    ],
)
def test_unknown_secrets_are_taken_out_by_the_key_before_them(key: str, text: str, cleaned: str) -> None:
    assert Redactor().clean(text.format(key=key)) == cleaned.format(key=key)


@pytest.mark.parametrize(
    "text", ["Authorization: Bearer abc.def", "{'Authorization': 'Bearer abc.def'}", "bearer+abc.def"]
)
def test_bearer_tokens_are_taken_out(text: str) -> None:
    assert Redactor().clean(text) == text.replace("abc.def", HIDDEN)


def test_a_text_without_secrets_stays_as_it_is() -> None:
    text = "(#100) The value must be a valid insights metric 開幕 100%"
    assert REDACTOR.clean(text) == text


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=80), st.text(max_size=20))
def test_no_token_survives_in_any_form(token: str, around: str) -> None:
    redactor = Redactor([Secret(token)])
    for form in (token, quote(token, safe=""), json.dumps(token)[1:-1], base64.b64encode(token.encode()).decode()):
        if form not in around + HIDDEN:
            assert form not in redactor.clean(f"{around} {form} {around}")
