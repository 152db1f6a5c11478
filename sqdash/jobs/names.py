"""Names of accounts and people: how they are read, which are taken."""

from __future__ import annotations

import unicodedata

from sqdash.errors import AccountError
from sqdash.people import SAID

MOST = 64
RESERVED = frozenset({"命令列", "系統", "系統初始化", "未登入", "訪客", "本機", "排程", "示範產生器", "提醒"})
"""How records are signed that no person made."""


def folded(name: str) -> str:
    """The name by which an account is found: NFKC, without case, blanks at the ends and double ones."""
    found = name
    for _ in range(4):  # folding may undo the normal form and the other way round; two rounds do for every sign known
        before, found = found, _once(found)
        if found == before:
            break
    return found


def _once(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def account_name(name: str) -> str:
    """The folded name of a new account; :class:`AccountError` for one that nobody can type or read."""
    return _taken(folded(name), "帳號名稱")


def shown_name(shown: str) -> str:
    """What colleagues read of a person, on one line; :class:`AccountError` as for names, and for those by which the
    program itself signs."""
    found = _taken(" ".join(unicodedata.normalize("NFKC", shown).split()), "姓名")
    if folded(found) in RESERVED:
        raise AccountError(f"「{found}」是程式自己用的名稱，請填寫本人的姓名。")
    if SAID in found:
        raise AccountError(f"「{SAID}」是程式用來註記未登入者的，請填寫本人的姓名。")
    return found


def _taken(name: str, what: str) -> str:
    if not name:
        raise AccountError(f"{what}是空的，請填寫 1 至 {MOST} 個字。")
    if len(name) > MOST:
        raise AccountError(f"{what}超過 {MOST} 個字，請縮短。")
    if not name.isprintable():
        raise AccountError(f"{what}含有看不見的控制字元，請重新輸入。")
    return name
