"""The menu: every page with its name, address and title, and who may open it. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from sqdash.people import Action, Person


class Entry(NamedTuple):
    """A page of the menu: file name and URL path, title, icon, what one must be allowed to do to open it, and whether
    it shows a period, which can be chosen then."""

    name: str
    title: str
    icon: str
    action: Action = Action.VIEW
    of_period: bool = True


MENU: Mapping[str, tuple[Entry, ...]] = {
    "看成果": (
        Entry("overview", "經營總覽", ":material/dashboard:"),
        Entry("fans", "粉絲人數", ":material/groups:"),
        Entry("posts", "貼文成效", ":material/thumb_up:"),
        Entry("activities", "活動與訓練", ":material/event:"),
        Entry("service", "服務品質", ":material/verified:"),
        Entry("plan", "計畫與成果", ":material/account_tree:"),
    ),
    "做工作": (
        Entry("upload", "資料登錄與上傳", ":material/upload_file:", Action.ENTER),
        Entry("editorial", "供稿與審稿", ":material/edit_calendar:"),
    ),
    "管理": (
        Entry("sources", "資料來源", ":material/sync:", Action.PULL, of_period=False),
        Entry("settings", "設定", ":material/settings:", Action.ENTER, of_period=False),
        Entry("admin", "系統管理", ":material/admin_panel_settings:", Action.ACCOUNTS, of_period=False),
    ),
}
"""Section → its pages. The first page is the one that opens."""
FIRST = "overview"


def entries() -> Iterator[Entry]:
    """Every page of the menu."""
    return (one for section in MENU.values() for one in section)


def addresses() -> list[str]:
    """Every page's part of the address; the first page's is empty."""
    return [one.name for one in entries() if one.name != FIRST]


def address(name: str, **query: str) -> str:
    """Where a link on any page finds the page of that name: ``./fans?period=103``."""
    place = f"./{'' if name == FIRST else name}"
    return f"{place}?{urlencode(query)}" if query else place


def open_to(person: Person) -> dict[str, list[Entry]]:
    """The part of the menu that the person may open."""
    allowed = {section: [e for e in some if person.may(e.action)] for section, some in MENU.items()}
    return {section: some for section, some in allowed.items() if some}


def entry(name: str) -> Entry:
    """The page of the menu of that name; StopIteration where there is none."""
    return next(one for one in entries() if one.name == name)


def is_page(name: str) -> bool:
    """Whether the menu has a page of that name."""
    return any(one.name == name for one in entries())
