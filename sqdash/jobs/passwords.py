"""Passwords: which are taken, how they are kept, how a first one is made. Nothing here shows or logs one.

Kept as argon2id (RFC 9106, second choice of parameters). A password is compared in Unicode's NFKC form, so that
full-width and composed signs of different keyboards are the same; no composition is asked for, only length.
"""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from sqdash.errors import AccountError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST, MOST = 12, 256
"""Characters of a password."""
NOT_AGAIN = 3
"""So many last passwords, the present one included, may not be chosen again."""
_FIRST = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread on paper


@cache
def hasher() -> PasswordHasher:
    """The one setting of argon2id for all: 64 MiB, 3 passes, 4 lanes."""
    from argon2 import PasswordHasher  # loads a compiled library: only where a password is handled

    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)


@cache
def dummy() -> str:
    """A hash of nobody's password, so that an unknown name takes the time of a known one."""
    return hashed(secrets.token_urlsafe(32))


def hashed(password: str) -> str:
    """What is kept of a password."""
    return hasher().hash(_bytes(password))


def fits(kept: str, password: str) -> bool:
    """Whether the password is the one of which ``kept`` is the hash."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return hasher().verify(kept, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return hasher().check_needs_rehash(kept)


def first() -> str:
    """A random first password (79 bits) in groups that can be read out: ``k7wq-…``."""
    signs = [secrets.choice(_FIRST) for _ in range(16)]
    return "-".join("".join(signs[at : at + 4]) for at in range(0, 16, 4))


def require(password: str, *, names: tuple[str, ...]) -> None:
    """:class:`AccountError` where the password may not be chosen by whoever has these names."""
    text = unicodedata.normalize("NFKC", password)
    folded = text.casefold()
    if len(text) < LEAST:
        raise AccountError(f"密碼至少要 {LEAST} 個字元，請加長，例如用幾個不相干的詞。")
    if len(text) > MOST:
        raise AccountError(f"密碼最多 {MOST} 個字元，請縮短。")
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise AccountError("密碼裡有無法輸入的控制字元，請重新輸入。")
    if len(set(folded)) == 1:
        raise AccountError("密碼不能只有同一個字元，請改用別的密碼。")
    if any(name and not folded.replace(unicodedata.normalize("NFKC", name).casefold(), "") for name in names):
        raise AccountError("密碼不能是帳號或姓名，請改用別的密碼。")


def _bytes(password: str) -> bytes:
    """What is hashed; of a text too long to be a password only what tells that it is none."""
    text = unicodedata.normalize("NFKC", password[: 4 * MOST])
    return text.encode("utf-8", "surrogatepass")
