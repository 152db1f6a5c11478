"""Figures of a page, one a day and measure: what may be a day, what comes twice, how they are handed over.

Shared by the formats that hold a page's days. Meta's days are US Pacific unless a person says otherwise; the zone
is kept with each figure. Knows no format.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqdash.importers import dates, numbers
from sqdash.importers.base import Task, ask_about_wan, page_question
from sqdash.importers.cells import CellError
from sqdash.importers.repeats import DISPUTED, Repeats, Said
from sqdash.importers.rules import EARLIEST, TOO_EARLY
from sqdash.periods import PACIFIC

_GIVEN = ("page_id", "day", "day_zone", "measure", "value")
_SAME_DAY = f"是同一天但數字不同{DISPUTED}"
_BAD = "bad"
Cell = tuple[str, str]
"""A heading and what stands below it."""


def require_page(task: Task) -> str:
    """The page that a file without a page is about; asked where nobody said."""
    if not task.answers.page:
        task.ask(page_question(task.known, "數據"))
    return task.answers.page or ""


class DayRows:
    """Collects the rows of days; see :class:`sqdash.importers.repeats.Repeats` for a day that comes again."""

    def __init__(self, task: Task, page: str) -> None:
        self.task, self.page, self.zone = task, page, task.zone(PACIFIC)
        self.today = datetime.astimezone(task.known.now, self.zone).date().isoformat()
        self.repeats = Repeats(task)
        self.found: dict[tuple[str, ...], tuple[int, dict[str, int]]] = {}

    def day(self, number: int, heading: str, text: str, reader: dates.Reader) -> str | None:
        """The row's day (ISO); None for one that is refused."""
        if numbers.not_given(text):
            self.task.reject(number, heading, text, "required", "這一欄必填，請補上。")
            return None
        try:
            day = reader.read(text)
        except CellError as error:
            self.task.reject(number, heading, text, error.code, str(error))
            return None
        if day < EARLIEST:
            self.task.reject(number, heading, text, "before_facebook", TOO_EARLY)
        elif day > self.today:
            self.task.reject(number, heading, text, "future", "是還沒到的日子，請檢查。")
        else:
            return day
        return None

    def add(self, number: int, written: Cell, day: str, figures: Mapping[str, Cell]) -> None:
        """A row: its day, as ``written`` and in ISO, and its cells by measure; what is not given leaves no figure.

        A row with a bad cell is left out whole, so that it stands in the way of no other row.
        """
        values = {measure: self._value(number, *cell) for measure, cell in figures.items()}
        given = {measure: value for measure, value in values.items() if isinstance(value, int)}
        if _BAD in values.values() or not given:
            return
        key = (day, *figures)
        if self.repeats.is_first(key, Said(number, hash(tuple(given.items())), *written), _SAME_DAY):
            self.found[key] = (number, given)

    def _value(self, number: int, heading: str, text: str) -> int | str | None:
        try:
            return numbers.whole(text, wan=self.task.answers.wan)
        except CellError as error:
            if error.code == "abbreviation":
                ask_about_wan(self.task, text)
            self.task.reject(number, heading, text, error.code, str(error))
            return _BAD

    def give(self) -> None:
        """Hand everything to the sink, but for days that the file itself disputes."""
        found = [(key[0], *row) for key, row in self.found.items() if not self.repeats.disputed(key)]
        if not found:
            return
        self.task.findings.pages.setdefault(self.page, "")
        self.task.findings.days(min(day for day, *_ in found), max(day for day, *_ in found))
        self.task.sink.add(
            "page_days",
            _GIVEN,
            [
                (number, self.page, day, self.zone.key, measure, value)
                for day, number, values in found
                for measure, value in values.items()
            ],
        )
