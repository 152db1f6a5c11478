"""The tables drawn on the screen being made, noted as they are drawn, so that a page can offer them as one file.

Noted between :func:`begin` and :func:`taken` of one run of a page, in its own thread; outside of that nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqdash.ui.memory import Kept

P = ParamSpec("P")
T = TypeVar("T")
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table: its title, its rows or what loads them, the columns whose texts are figures, a word about its bounds."""

    title: str
    rows: Rows | Callable[[], Rows]
    figures: frozenset[str] = field(default_factory=frozenset)
    note: str = ""

    def load(self) -> Rows:
        """The rows; a list too long for a screen is read only now."""
        return self.rows() if callable(self.rows) else self.rows


_found: ContextVar[list[Drawn] | None] = ContextVar("drawn", default=None)


def begin() -> None:
    """A page begins: what an earlier one drew is forgotten."""
    _found.set([])


def add(title: str, rows: Rows | Callable[[], Rows], figures: Iterable[str] = (), note: str = "") -> None:
    """Note a table that is on the screen, or what stands there otherwise; empty ones are left out."""
    found = _found.get()
    if found is not None and rows:
        found.append(Drawn(title, rows, frozenset(figures), note))


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """Worked out once for the same arguments, as a screen (:class:`sqdash.ui.memory.Kept`), while the tables that it
    notes are noted at each call. ``make`` gives back what is to be drawn, and draws nothing itself."""

    @Kept
    def worked_out(*given: P.args, **named: P.kwargs) -> tuple[T, tuple[Drawn, ...]]:
        before = _found.set([])
        try:
            return make(*given, **named), tuple(_found.get() or ())
        finally:
            _found.reset(before)

    @wraps(make)
    def call(*given: P.args, **named: P.kwargs) -> T:
        result, noted = worked_out(*given, **named)
        found = _found.get()
        if found is not None:
            found.extend(noted)
        return result

    return call


def taken() -> tuple[Drawn, ...]:
    """What the page has drawn; from now on nothing is noted."""
    found = _found.get() or ()
    _found.set(None)
    return tuple(found)
