"""What every reader of a cell shares: why a cell is refused, and the bounds of any text. Knows no column."""

from __future__ import annotations

MAX_TEXT = 65_536
"""Characters of a cell."""


class CellError(ValueError):
    """Why a cell cannot be taken: one clause in Chinese, with the remedy.

    ``code`` is the same for all cells refused for the same cause, so that they can be counted together.
    """

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(reason)
        self.code = code
