"""What a page is made of, and as much of the same drawn by Streamlit alone: the floor of its rerun.

The menu has as many pages and the timer of a fragment ticks as often; widgets, folds, tabs, columns and boxes are what
they are on the page, with as many options, for Streamlit makes them anew at each run; whatever it only shows is one
word, as if it cost nothing. No data and no code of ours is in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache, partial
from itertools import count
from typing import Any

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

Drawn = tuple[tuple[int, ...], str, int]
"""Where something stands (main part or side bar first), what it is, and how many options it has."""
Node = tuple[str, int, "tuple[Node, ...]"]
WORD = "<p>word</p>"
FRAGMENT = "fragment"
_ROOTS = {0: "main", 1: "sidebar"}
_MENU = "menu"
_EVERY = 15  # seconds


def drawn(message: ForwardMsg) -> Drawn:
    """What a delta draws."""
    delta = message.delta
    if delta.WhichOneof("type") == "add_block":
        kind = FRAGMENT if delta.fragment_id else delta.add_block.WhichOneof("type") or "vertical"
        return tuple(message.metadata.delta_path), kind, 0
    kind = delta.new_element.WhichOneof("type") or ""
    element = getattr(delta.new_element, kind, None)
    return tuple(message.metadata.delta_path), kind, len(getattr(element, "options", ()))


def told(things: Iterable[Drawn], menu: int) -> str:
    """All of a page, as :func:`draw` reads it: JSON of the number of pages of the ``menu``, then of kind, options and
    what is inside, part by part."""
    nodes: dict[tuple[int, ...], list[Any]] = {(root,): [name, 0, []] for root, name in _ROOTS.items()}
    for path, kind, options in sorted(things):
        nodes[path] = [kind, options, []]
        nodes[path[:-1]][2].append(nodes[path])
    return json.dumps([menu, [nodes[root,] for root in _ROOTS]], separators=(",", ":"))


def draw(text: str) -> None:
    """Draw what :func:`told` told."""
    pages, roots = _read(text)
    st.set_page_config(page_title="word", page_icon="📊", layout="wide")
    if _MENU not in st.session_state:  # made once a visit, as ours are
        icon, drawn_here = ":material/insights:", partial(_draw_roots, roots)
        st.session_state[_MENU] = [
            st.Page(drawn_here, title=f"word {n}", icon=icon, url_path=f"p{n}", default=not n) for n in range(pages)
        ]
    st.navigation(st.session_state[_MENU]).run()


def _draw_roots(roots: Sequence[Node]) -> None:
    number = count()
    for root in roots:
        with st.sidebar if root[0] == _ROOTS[1] else nullcontext():
            _draw_all(root[2], number)


@lru_cache(maxsize=64)
def _read(text: str) -> tuple[int, tuple[Node, ...]]:
    def node(kind: str, options: int, inside: list[Any]) -> Node:
        return kind, options, tuple(node(*one) for one in inside)

    pages, roots = json.loads(text)
    return pages, tuple(node(*root) for root in roots)


def _draw_all(nodes: Sequence[Node], number: Iterator[int]) -> None:
    for kind, options, inside in nodes:
        key = f"w{next(number)}"
        kinds = {one[0] for one in inside}
        if "column" in kinds or kind == "tab_container":
            labels = [f"{key}_{place}" for place in range(len(inside))]
            parts = st.tabs(labels) if kind == "tab_container" else st.columns(len(inside))
            for part, one in zip(parts, inside, strict=True):
                with part:
                    _draw_all(one[2], number)
        elif kind == FRAGMENT:
            _fragment(inside, number)
        elif kind in _BOXES:
            with _BOXES[kind](key):
                _draw_all(inside, number)
        elif kind in _WIDGETS:
            _WIDGETS[kind](key, [str(one) for one in range(options)])
        else:
            st.html(WORD)  # what our pages are mostly made of; nothing from outside is in it


@st.fragment(run_every=_EVERY)
def _fragment(inside: Sequence[Node], number: Iterator[int]) -> None:
    _draw_all(inside, number)


_BOXES: dict[str, Callable[[str], AbstractContextManager[object]]] = {
    "expandable": lambda key: st.expander("word", key=key, on_change="rerun"),
    "form": lambda key: st.form(key),
    "flex_container": lambda key: st.container(),
    "grid_container": lambda key: st.container(),
    "vertical": lambda key: st.container(),
}
_WIDGETS: dict[str, Callable[[str, list[str]], object]] = {
    "selectbox": lambda key, options: st.selectbox("word", options, key=key),
    "multiselect": lambda key, options: st.multiselect("word", options, key=key),
    "button_group": lambda key, options: st.pills("word", options, key=key),
    "checkbox": lambda key, options: st.toggle("word", key=key),
    "text_input": lambda key, options: st.text_input("word", key=key),
    "text_area": lambda key, options: st.text_area("word", key=key),
    "file_uploader": lambda key, options: st.file_uploader("word", key=key),
    "download_button": lambda key, options: st.download_button("word", b"word", key=key, on_click="ignore"),
}
