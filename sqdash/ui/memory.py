"""What was worked out once is kept for all sessions, under the arguments it was worked out for.

Streamlit's own cache hashes every argument anew at each call, which costs a page with fifty loads several milliseconds;
ours are short immutable values, which know their hash.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
MOST = 128
_all: list[Kept[Any, Any]] = []


class Kept(Generic[P, T]):
    """A function that keeps its newest :data:`MOST` results; every caller gets the same object, to be read only.

    Two who ask for the same at once wait for one answer. An error is not kept.
    """

    def __init__(self, function: Callable[P, T]) -> None:
        self._function = function
        self._found: OrderedDict[Hashable, T] = OrderedDict()
        self._working: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        update_wrapper(self, function)
        _all.append(self)

    def __call__(self, *given: P.args, **named: P.kwargs) -> T:
        """The result for these arguments, all of them hashable."""
        key = (given, tuple(sorted(named.items())))
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
            working = self._working.setdefault(key, threading.Lock())
        with working:
            with self._lock:
                if key in self._found:
                    return self._found[key]
            try:
                found = self._function(*given, **named)
                self._keep(key, found)
            finally:
                with self._lock:
                    self._working.pop(key, None)
        return found

    def _keep(self, key: Hashable, found: T) -> None:
        with self._lock:
            self._found[key] = found
            if len(self._found) > MOST:
                self._found.popitem(last=False)

    def forget(self) -> None:
        """Work everything out anew."""
        with self._lock:
            self._found.clear()


def forget() -> None:
    """All of it, of every function."""
    for kept in _all:
        kept.forget()
