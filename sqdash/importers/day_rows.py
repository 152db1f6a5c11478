"""Figures of a page, one a day and measure: what may be a day, what comes twice, how they are handed over.

Shared by the formats that hold a page's days. Meta's days are US Pacific unless a person says otherwise; the zone
is kept with each figure. Knows no format.
"""

from __future__ import annotations

from datetime import datetime

from sqdash.importers import dates, numbers
from sqdash.importers.base import Task, ask_about_wan, page_question
from sqdash.importers.cells import CellError
from sqdash.importers.post_rows import EARLIEST
from sqdash.periods import PACIFIC

_GIVEN = ("page_id", "day", "day_zone", "measure", "value")


def require_page(task: Task) -> str:
    """The page that a file without a page is about; asked where nobody said."""
    if not task.answers.page:
        task.ask(page_question(task.known, "數據"))
    return task.answers.page or ""


class DayRows:
    """Collects figures; the first of a day and measure counts, the same again is passed over, another one refused."""

    def __init__(self, task: Task, page: str) -> None:
        self.task, self.page, self.zone = task, page, task.zone(PACIFIC)
        self.today = datetime.astimezone(task.known.now, self.zone).date().isoformat()
        self.found: dict[tuple[str, str], tuple[int, int]] = {}

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
            self.task.reject(number, heading, text, "before_facebook", "早於 Facebook 啟用的 93/02/04，請檢查。")
        elif day > self.today:
            self.task.reject(number, heading, text, "future", "是還沒到的日子，請檢查。")
        else:
            return day
        return None

    def add(self, number: int, heading: str, day: str, measure: str, text: str) -> None:
        """One figure as it is written; what is not given leaves no row."""
        try:
            value = numbers.whole(text, wan=self.task.answers.wan)
        except CellError as error:
            if error.code == "abbreviation":
                ask_about_wan(self.task, text)
            self.task.reject(number, heading, text, error.code, str(error))
            return
        if value is None:
            return
        row, before = self.found.setdefault((day, measure), (number, value))
        if row == number:
            return
        if before == value:
            self.task.findings.repeated += 1
        else:
            why = f"與第 {row} 列是同一天但數字不同，無法判斷哪一列正確，請刪去其中一列。"
            self.task.reject(number, heading, text, "duplicate", why)

    def give(self) -> None:
        """Hand everything to the sink."""
        if not self.found:
            return
        self.task.findings.pages.setdefault(self.page, "")
        self.task.findings.days(min(day for day, _ in self.found), max(day for day, _ in self.found))
        self.task.sink.add(
            "page_days",
            _GIVEN,
            [
                (number, self.page, day, self.zone.key, measure, value)
                for (day, measure), (number, value) in self.found.items()
            ],
        )
