"""What a block of HTML says, read as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_LINES = {"p", "h1", "h2", "h3", "h4", "li", "div", "ul", "summary"}


@dataclass
class Block:
    """Lines of text outside tables, those of a page's title, of headings, of each card and of lines that fold something
    again, tables as rows of heading → text, names of tables, texts in place of pictures, links as text → address."""

    lines: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    boxes: list[list[str]] = field(default_factory=list)
    cards: dict[str, list[str]] = field(default_factory=dict)
    folds: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    tables: list[list[dict[str, str]]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Block()
        self._text = ""
        self._divs: list[bool] = []
        self._link: tuple[str, int] = ("", 0)
        self._heads: list[str] = []
        self._cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LINES:
            self._end_line()
        given = dict(attrs)
        if tag == "div":
            self._divs.append(box := "sq-box" in (given.get("class") or "").split())
            if box:
                self.found.boxes.append([])
                self.found.cards |= {name: self.found.boxes[-1]} if (name := given.get("data-card")) else {}
        elif tag == "a":
            self._link = (given["href"] or "", len(self._text))
        elif tag == "img":
            self.found.pictures.append(given["alt"] or "")
        elif tag == "table":
            self._heads = []
            self.found.names.append(given["aria-label"] or "")
            self.found.tables.append([])
        elif tag == "tr":
            self._cells = []
        elif tag in ("td", "th"):
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "th":
            self._heads.append(self._text)
        elif tag == "td":
            self._cells.append(self._text)
        elif tag == "tr" and self._cells:
            self.found.tables[-1].append(dict(zip(self._heads, self._cells, strict=True)))
        elif tag == "a":
            address, begun = self._link
            self.found.links[self._text[begun:]] = address
        if tag in ("th", "td", "table"):
            self._text = ""
        elif tag in _LINES:
            self._end_line(tag)
            if tag == "div":
                self._divs.pop()

    def _end_line(self, tag: str = "") -> None:
        if self._text.strip():
            self.found.lines.append(self._text)
            self.found.titles += [self._text] if tag == "h1" else []
            self.found.headings += [self._text] if tag in ("h2", "h3", "h4") else []
            self.found.folds += [self._text] if tag == "summary" else []
            if any(self._divs):
                self.found.boxes[-1].append(self._text)
        self._text = ""


def read(body: str) -> Block:
    """All of it."""
    reader = _Reader()
    reader.feed(str(body))
    reader.close()
    return reader.found
