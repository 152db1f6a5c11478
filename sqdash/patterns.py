"""Regular expressions that are compiled when first used: a short command uses few of those that are declared."""

from __future__ import annotations

import re
from typing import Any, cast


class _Later:
    """Becomes the pattern, method by method, as its methods are asked for."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._given), name)  # re keeps what it has compiled
        self.__dict__[name] = found
        return found


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, to be used by its methods; ``re.error`` for a bad one comes at its first use."""
    return cast("re.Pattern[str]", _Later(pattern, flags))
