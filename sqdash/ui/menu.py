"""The menu: every page with its name, address and title, and who may open it. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqdash.people import Action, Person


class Entry(NamedTuple):
    """A page of the menu: file name and URL path, title, icon, and what one must be allowed to do to open it."""

    name: str
    title: str
    icon: str
    action: Action = Action.VIEW


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
        Entry("sources", "資料來源", ":material/sync:", Action.PULL),
        Entry("settings", "設定", ":material/settings:", Action.ENTER),
        Entry("admin", "系統管理", ":material/admin_panel_settings:", Action.ACCOUNTS),
    ),
}
"""Section → its pages. The first page is the one that opens."""
FIRST = "overview"


def entries() -> Iterator[Entry]:
    """Every page of the menu."""
    return (entry for section in MENU.values() for entry in section)


def addresses() -> list[str]:
    """Every page's part of the address; the first page's is empty."""
    return [entry.name for entry in entries() if entry.name != FIRST]


def open_to(person: Person) -> dict[str, list[Entry]]:
    """The part of the menu that the person may open."""
    allowed = {section: [e for e in some if person.may(e.action)] for section, some in MENU.items()}
    return {section: some for section, some in allowed.items() if some}


def title_of(name: str) -> str:
    """The title of a page of the menu."""
    return next(entry.title for entry in entries() if entry.name == name)


def is_page(name: str) -> bool:
    """Whether the menu has a page of that name."""
    return any(entry.name == name for entry in entries())
