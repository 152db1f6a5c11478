"""The frame around every page: navigation, title, period, the demonstration mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import streamlit as st
from markupsafe import Markup
from streamlit.navigation.page import Page

from sqdash import freshness, periods, settings
from sqdash.errors import SqdashError, StoreUnusable
from sqdash.figures import Result
from sqdash.freshness import Freshness
from sqdash.indicators import BY_KEY
from sqdash.people import Action, Person
from sqdash.periods import Period
from sqdash.ui import blocks, drawn, filters, identity, loads, menu, refresh, tables, who
from sqdash.ui.palette import DARK, FRESHNESS_COLOR, LIGHT, Palette
from sqdash.ui.server import TITLE
from sqdash.views import Board

PAGES = settings.ROOT / "pages"
_KEPT, _TITLE = "menu_kept", "menu_title"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """What a page works with. Two are the same where all that is drawn of them is, so that what was worked out for one
    serves the other (:class:`sqdash.ui.memory.Kept`). From where the ``person`` comes is no matter of what is drawn."""

    store: Path
    state: str
    period: Period
    board: Board
    palette: Palette
    name: str
    person: Person

    @property
    def told(self) -> tuple[object, ...]:
        """All that a block of the page depends on that is made of the board and of who looks at it."""
        return self.store, self.state, self.period.code, self.board.day, self.palette, self.name, self.person

    def __eq__(self, other: object) -> bool:
        """Whether the same is drawn of both."""
        return isinstance(other, Screen) and self.told == other.told

    def __hash__(self) -> int:
        """Of the same."""
        return hash(self.told)

    def so_far(self, load: Callable[[Path, str, str], list[T]]) -> list[T]:
        """What a load gives of the part of the period of which its results are; nothing where it has not begun."""
        part = self.period.until(self.board.as_of)
        return load(self.store, self.state, part.code) if part else []

    def result(self, key: str) -> Result:
        """The result of an indicator in the period."""
        return self.board.results[key]


def run() -> None:
    """Draw the navigation and the chosen page; of a page that the person may not open nothing is run."""
    before = st.session_state.get(_TITLE, TITLE)
    st.set_page_config(page_title=before, page_icon="📊", layout="wide")  # first, or a page's icon is asked for abroad
    try:
        person = who.begin()
    except SqdashError as error:
        st.navigation([st.Page(_nothing, title=TITLE)], position="hidden")
        _entitle(TITLE, before)
        identity.entrance(str(error))
        return
    chosen = st.navigation(_pages(menu.open_to(person)), position="sidebar")
    _entitle(f"{chosen.title}｜{TITLE}", before)
    identity.card(person)
    refresh.switch()
    entry = menu.entry(chosen.url_path or menu.FIRST)
    if person.may(entry.action):
        chosen.run()
    else:
        blocks.draw(blocks.page_head(entry.title))
        identity.closed(person, entry.title)


def _entitle(title: str, before: str) -> None:
    """What the browser's tab says, where it said something else before."""
    if title != before:
        st.session_state[_TITLE] = title
        st.set_page_config(page_title=title)


def _pages(shown: dict[str, list[menu.Entry]]) -> dict[str, list[Page]]:
    """The pages of the menu as Streamlit knows them: made once a visit, for each looks its file up on the disk.

    The others stand hidden behind the first part: an address that Streamlit has no page for opens a window in English.
    """
    kept: tuple[dict[str, list[menu.Entry]], dict[str, list[Page]]] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] != shown:
        pages = {section: [_page(entry) for entry in some] for section, some in shown.items()}
        offered = {entry for some in shown.values() for entry in some}
        next(iter(pages.values())).extend(_page(one, "hidden") for one in menu.entries() if one not in offered)
        kept = st.session_state[_KEPT] = (shown, pages)
    return kept[1]


def _page(entry: menu.Entry, visibility: Literal["visible", "hidden"] = "visible") -> Page:
    file, first = PAGES / f"{entry.name}.py", entry.name == menu.FIRST
    return st.Page(file, title=entry.title, icon=entry.icon, url_path=entry.name, default=first, visibility=visibility)


def _nothing() -> None:
    """The page of somebody who may not look at any."""


def link(page: str, label: str, *, icon: str, **query: str) -> None:
    """Draw a link to a page of the menu; the label alone for a person who may not open it."""
    blocks.draw(blocks.onward(way(page, label, icon=icon, **query)), width="content")


def way(page: str, *parts: str, icon: str = "", **query: str) -> Markup:
    """A link to a page of the menu, with what follows in its address; the words alone for a person who may not open
    it."""
    if may_open(page):
        return blocks.link(menu.address(page, **query), *parts, icon=icon)
    return Markup().join(parts)


def may_open(page: str) -> bool:
    """Whether the page of the menu is there for this person."""
    return who.may(menu.entry(page).action)


def palette() -> Palette:
    """Colours that fit the theme the visitor sees."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def start(name: str, rescue: Callable[[Path], None] | None = None) -> Screen:
    """Title, period picker and marks of a page; stops with a sentence when the store cannot be used, or by this
    person, should the page ever be run past the menu. ``rescue`` draws what may then be done about a damaged store."""
    store, entry = who.store(), menu.entry(name)
    drawn.begin()
    head = st.container(horizontal=True, vertical_alignment="center", key="page_head")
    try:
        who.require(entry.action)
        seen = refresh.seen(store)
        years = loads.years(store, seen.state)
        period = filters.chosen(years, name) if entry.of_period else filters.kept(years)
        board = loads.board(store, seen.state, period)
    except SqdashError as error:
        with head:
            blocks.draw(blocks.page_head(entry.title))
            st.error(tables.plain(error))
        if isinstance(error, StoreUnusable) and not who.signs_in():  # whose accounts are in the store that is damaged
            _way_out(store, rescue)
        st.stop()
    with head:
        blocks.draw(blocks.page_head(entry.title, *_marks(board, of_period=entry.of_period)))
        if entry.of_period:
            filters.pick(years)
    refresh.watch(store, seen)
    if sentence := filters.refused():
        st.warning(tables.plain(sentence))
    return Screen(store, seen.state, period, board, palette(), name, who.current()._replace(address=""))


def _way_out(store: Path, rescue: Callable[[Path], None] | None) -> None:
    if rescue:
        rescue(store)
    else:
        link("admin", "到「系統管理」還原備份", icon="settings_backup_restore")


def _marks(board: Board, *, of_period: bool) -> Iterator[Markup]:
    """Whose data this is and, on a page that shows a period, how new."""
    if board.kind == "demonstration":
        yield blocks.badge("⚠ 示範資料，非真實數據", "orange")
    if of_period:
        yield from _age(board)


def _age(board: Board) -> Iterator[Markup]:
    fans = board.results["fans"]
    as_of = f"　粉絲數截至 {periods.roc_day(fans.as_of)}" if fans.as_of else ""
    yield blocks.small(f"{board.period.label}{as_of}", "gray")
    if fresh := freshness_of(board, fans):
        yield blocks.badge(fresh.text, FRESHNESS_COLOR[fresh.level])
    if board.lock:
        yield blocks.badge(f"▣ 以鎖定時為準（{periods.roc_day(board.lock.day)} 鎖定）", "blue")


def freshness_of(board: Board, result: Result) -> Freshness | None:
    """How new a figure is that the fan page brings day by day; None for reported figures and for periods gone by."""
    ledger = BY_KEY[result.key].ledger
    arriving = ledger is not None and ledger.table in ("page_days", "posts")
    if not arriving or result.basis != "computed" or not board.period.contains(board.as_of):
        return None
    return freshness.of_day(result.as_of, board.as_of, freshness.FIGURE_DAYS)


def nothing_yet(what: str) -> None:
    """The kind word for a store without anything for this page, with the way to where it is entered."""
    st.info(f"這個期間還沒有{what}。資料登錄後會顯示在這裡。", icon=":material/inbox:")
    if who.may(Action.ENTER):
        link("upload", "到資料登錄與上傳", icon="upload_file")
