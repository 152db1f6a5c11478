"""Tokens that do not show themselves, and the cleaning of any text that may hold one.

Knows nothing of what a token is for. A secret must appear in no log, message, URL or file.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Iterable, Iterator
from typing import NoReturn
from urllib.parse import quote, quote_plus

HIDDEN = "…"
_LEAST = 8
"""Parts of a coded secret shorter than this are too common to look for."""
_KEYS = r"access_token|appsecret_proof|input_token|fb_exchange_token|client_secret"
# In a query (plain or quoted once more), in JSON (also JSON inside JSON) and in Python's repr.
_BY_KEY = re.compile(
    rf"(?i)((?:{_KEYS})(?:=|%3D|\\*[\"']\s*[:,]\s*\\*[\"']))(?:(?!%26)[^&\s\"'\\<>])+",
)
_BEARER = re.compile(r"(?i)\b(bearer(?:\s|\+|%20)+)[^\s\"',;\\<>]+")


class Secret:
    """A text that only :meth:`reveal` gives; it cannot be printed, formatted, pickled or compared by timing."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self._text), _bytes(other._text))

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not written anywhere")

    __reduce__ = __reduce_ex__  # type: ignore[assignment]


class Redactor:
    """Takes secrets out of texts: the known ones in every usual form, unknown ones by the key before them."""

    __slots__ = ("__weakref__", "_known")

    def __init__(self, secrets: Iterable[Secret | None] = ()) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret.reveal())}
        longest_first = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def clean(self, text: str) -> str:
        """The text with ``…`` in place of every secret. Clean before cutting: half a token is not found."""
        if self._known:
            text = self._known.sub(HIDDEN, text)
        return _BEARER.sub(rf"\1{HIDDEN}", _BY_KEY.sub(rf"\1{HIDDEN}", text))


def _forms(text: str) -> Iterator[str]:
    """The secret raw, URL-quoted (also twice), in JSON (also twice, also with ``\\/``), in repr and in base64."""
    for quoted in {text, quote(text, safe=""), quote(text), quote_plus(text)}:
        yield quoted
        yield quote(quoted, safe="")
        yield re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), quoted)
    for plain in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]):
        for escaped in (plain, plain.replace("/", "\\/")):
            yield escaped
            yield json.dumps(escaped)[1:-1]
    yield from _base64_forms(_bytes(text))


def _base64_forms(raw: bytes) -> Iterator[str]:
    """Base64 of the secret wherever it starts in the coded bytes, less the characters that its neighbours share."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw).decode()
        whole = (before + len(raw)) * 8 // 6
        core = coded[-(-before * 8 // 6) : whole]
        if len(core) >= _LEAST:
            yield core
            yield core.translate(str.maketrans("+/", "-_"))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
