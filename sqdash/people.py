"""Who may do what: roles, the actions of the house and one matrix of both.

Every page of the menu and every write asks here; nothing else decides. A person who is not signed in has no
role, and where viewing is public the role of a viewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

from sqdash.errors import NotAllowed


class Role(StrEnum):
    """What an account is for; each may do what the one before may, an editor within the unit of the account."""

    VIEWER = "viewer"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ADMIN = "admin"


ROLES: Mapping[Role, str] = {
    Role.VIEWER: "檢視",
    Role.EDITOR: "登錄（本單位）",
    Role.REVIEWER: "研考審核",
    Role.ADMIN: "系統管理",
}


class Action(StrEnum):
    """Something that changes data or hands out more than figures."""

    VIEW = "view"
    ENTER = "enter"
    """Single rows, files and corrections: of the own unit where a row names one."""
    WRITE = "write"
    """A method's result text, as its lead unit."""
    EXPLAIN = "explain"
    """Reason and next step of a missed target."""
    ROTA = "rota"
    """The editorial calendar: contributions of the own unit, moves, meetings."""
    TOPICS = "topics"
    """Topics of posts and their rules."""
    PULL = "pull"
    """Ask the fan page's figures now."""
    ORIGINALS = "originals"
    """Download the files as they came, and the import log's rejected rows."""
    UNDO = "undo"
    """Take back a batch: an editor only one of their own."""
    REVIEW = "review"
    """Approve or return texts, note figures, decide on contributions."""
    TARGETS = "targets"
    """Targets, readings, plan, new years, locks of years."""
    RULES = "rules"
    """Rules of alerts."""
    SOURCES = "sources"
    """Pages, tokens, remembered layouts."""
    ACCOUNTS = "accounts"
    AUDIT = "audit"
    BACKUPS = "backups"
    HEALTH = "health"


_EDITOR = frozenset(
    {Action.ENTER, Action.WRITE, Action.EXPLAIN, Action.ROTA, Action.TOPICS, Action.PULL, Action.ORIGINALS, Action.UNDO}
)
_REVIEWER = _EDITOR | {Action.REVIEW, Action.TARGETS, Action.RULES}
MAY: Mapping[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset({Action.VIEW}),
    Role.EDITOR: frozenset({Action.VIEW}) | _EDITOR,
    Role.REVIEWER: frozenset({Action.VIEW}) | _REVIEWER,
    Role.ADMIN: frozenset(Action),
}
"""The matrix. An editor's actions are bound to the editor's unit where what is changed has one."""

WORDS: Mapping[Action, str] = {
    Action.VIEW: "檢視",
    Action.ENTER: "登錄與上傳",
    Action.WRITE: "撰寫成果",
    Action.EXPLAIN: "填寫原因與下一步",
    Action.ROTA: "安排供稿與審稿",
    Action.TOPICS: "設定貼文主題",
    Action.PULL: "立即更新",
    Action.ORIGINALS: "下載原始檔",
    Action.UNDO: "還原批次",
    Action.REVIEW: "審核",
    Action.TARGETS: "設定目標、陳報值與計畫",
    Action.RULES: "設定提醒規則",
    Action.SOURCES: "設定資料來源",
    Action.ACCOUNTS: "管理帳號",
    Action.AUDIT: "查閱稽核紀錄",
    Action.BACKUPS: "備份與還原",
    Action.HEALTH: "查閱系統健康狀態",
}

How = Literal["desk", "account", "oidc", "proxy", "public"]
"""How somebody is known: at the one desk of this machine, by an account, by an identity provider, by a proxy that
signed them in, or not at all where viewing is public."""


class Person(NamedTuple):
    """Who sits in front of a screen. ``name`` is the account's (empty for none), ``shown`` what colleagues read,
    ``unit`` the code of their unit, ``address`` where they come from."""

    name: str
    shown: str
    role: Role
    how: How
    unit: str | None = None
    unit_name: str | None = None
    address: str = ""

    @property
    def signature(self) -> str:
        """Who is recorded as having done something; what is only said by the person is marked so."""
        within = [part for part in (self.unit_name, SAID if self.how == "desk" and self.name else "") if part]
        return f"{self.shown}（{'，'.join(within)}）" if within else self.shown

    def may(self, action: Action, units: frozenset[str] | None = None) -> bool:
        """Whether this person may do it to what belongs to ``units`` (None: to nobody in particular)."""
        if action not in MAY[self.role]:
            return False
        bound = self.role == Role.EDITOR and units is not None
        return not bound or self.unit in (units or ())

    def require(self, action: Action, units: frozenset[str] | None = None) -> None:
        """:class:`NotAllowed` where :meth:`may` says no."""
        if self.may(action, units):
            return
        if action not in MAY[self.role]:
            raise NotAllowed(f"您的帳號（{ROLES[self.role]}）不能{WORDS[action]}，需要時請洽系統管理者。")
        raise NotAllowed(
            f"您的帳號只能{WORDS[action]}本單位（{self.unit_name or '未設定單位'}）的資料，請改由主辦單位處理。"
        )


HERE = "127.0.0.1"
"""The address of whoever sits at the server's own machine."""
SAID = "自報"
"""Marks a name that is only said by the person: no name of an account has it."""
DESK = Person(name="", shown="本機", role=Role.ADMIN, how="desk")
"""Who changes something where there is no sign-in and nobody has given a name."""
PUBLIC = Person(name="", shown="訪客", role=Role.VIEWER, how="public")
"""Who looks where viewing is public."""
