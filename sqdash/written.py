"""Texts that know the value they write, so that a file of what a screen shows has the exact value beside it.

A :class:`Written` is a text like any other: joined or formatted with others it becomes a plain one and forgets.
"""

from __future__ import annotations

from datetime import date, datetime

Value = int | float | date | datetime | tuple[float | None, float | None]
"""A number, a day, an aware moment, or the low and high end of an interval."""


class Written(str):
    """A text as people read it, and the exact ``value`` it was written from."""

    value: Value

    def __new__(cls, text: str, value: Value) -> Written:
        """The text, with its value."""
        made = super().__new__(cls, text)
        made.value = value
        return made

    def __getnewargs__(self) -> tuple[str, Value]:  # type: ignore[override]
        """What a copy is made of: screens keep what stands in their fields as copies."""
        return str(self), self.value


def value_of(text: object) -> Value | None:
    """The value that the text was written from; None where it was not."""
    return text.value if isinstance(text, Written) else None


def like(text: str, original: object) -> str:
    """The text with the value of the one that it was made of, such as a number with its unit."""
    value = value_of(original)
    return text if value is None else Written(text, value)
