"""Meta's creator-style tables of a page: viewers a day, and followers a day, with days that carry no year.

``Followers`` is a stock: each day's value stands for itself and is never added up. New and returning viewers have no
place in the store. The year is asked; a table that crosses the new year rolls over at its months.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqdash.errors import Question
from sqdash.importers import dates, numbers
from sqdash.importers.base import Task, page_question, place
from sqdash.importers.cells import CellError
from sqdash.importers.day_rows import DayRows
from sqdash.importers.headings import Head, fold, folded
from sqdash.periods import roc_day

_DATE = folded("Date")
_VIEWERS, _FOLLOWERS = fold("Total Viewers"), fold("Followers")
_DIFFERENCE = fold("Difference in followers from previous day")
_MEASURES = {_VIEWERS: "viewers", _FOLLOWERS: "followers"}
_WITHOUT_PLACE = folded("New Viewers", "Returning Viewers") | {_DIFFERENCE}
_LEAP = 89  # ROC year of 2000: every day without a year is one of its days
_HALF_A_YEAR = 6

name = "creator_tables"
label = "創作者每日表"
vocabulary: frozenset[str] = _DATE | _WITHOUT_PLACE | frozenset(_MEASURES)


def claims(head: Head) -> bool:
    """See :class:`sqdash.importers.base.Format`."""
    known = head.known_as
    return not known.isdisjoint(_DATE) and (_VIEWERS in known or {_FOLLOWERS, _DIFFERENCE} <= known)


def read(task: Task) -> None:
    """The page's viewers or followers of each day."""
    at = place(task, _DATE, "Date")
    places = {measure: found for word, measure in _MEASURES.items() if (found := task.head.at((word,))) is not None}
    rows = [row for chunk in task.chunks() for row in chunk]
    texts = [cells[at] for _, cells in rows]
    _ask(task, texts)
    readers = _readers(task, texts)
    days = DayRows(task, task.answers.page or "")
    for (number, cells), reader in zip(rows, readers, strict=True):
        if day := days.day(number, task.head.cells[at], cells[at], reader):
            figures = {measure: (task.head.cells[column], cells[column]) for measure, column in places.items()}
            days.add(number, (task.head.cells[at], cells[at]), day, figures)
    days.give()
    _say(task)


def _ask(task: Task, texts: Sequence[str]) -> None:
    """The page and the year, in one question to the person."""
    questions = [] if task.answers.page else [page_question(task.known, "數據")]
    try:
        dates.decide(_given(texts), "day", year=task.answers.year, order=task.answers.dates)
    except dates.Undecided as error:
        if error.option == "year":
            first = _given(texts)[0].strip()[:20]
            questions.append(Question("year", f"日期沒有寫年份，第一列的「{first}」是民國幾年", kind="year"))
        else:
            questions.append(Question("dates", error.reason, error.choices))
    if questions:
        task.ask(*questions)


def _given(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if not numbers.not_given(text)]


def _readers(task: Task, texts: Sequence[str]) -> list[dates.Reader]:
    """The reader of each row: the year asked is that of the first one, and changes where the months leap."""
    given = _given(texts)
    first = dates.decide(given, "day", year=task.answers.year, order=task.answers.dates)
    if task.answers.year is None:
        return [first] * len(texts)
    leap = _of_year(_LEAP, given, task, first)
    by_year = {task.answers.year: first}
    year, before, found = task.answers.year, None, []
    for text in texts:
        month = _month(text, leap)
        if month and before:
            year += (month - before < -_HALF_A_YEAR) - (month - before > _HALF_A_YEAR)
        before = month or before
        if year not in by_year:
            by_year[year] = _of_year(year, given, task, first)
        found.append(by_year[year])
    return found


def _of_year(year: int, given: Sequence[str], task: Task, otherwise: dates.Reader) -> dates.Reader:
    """The reader of days of another year than the one asked; that one's where they tell their year themselves."""
    try:
        return dates.decide(given, "day", year=year, order=task.answers.dates)
    except dates.Undecided:
        return otherwise


def _month(text: str, leap: dates.Reader) -> int | None:
    try:
        return None if numbers.not_given(text) else int(leap.read(text)[5:7])
    except CellError:
        return None  # told when its day is read


def _say(task: Task) -> None:
    if task.findings.first_day and task.answers.year is not None:
        first, last = (
            roc_day(date.fromisoformat(str(day))) for day in (task.findings.first_day, task.findings.last_day)
        )
        task.note(f"沒有寫年份的日期讀作 {first} 至 {last}。")
    unused = [cell for cell, names in zip(task.head.cells, task.head.names, strict=True) if names[0] in _WITHOUT_PLACE]
    if unused:
        task.note(f"沒有用到{'、'.join(f'「{cell}」' for cell in unused)}欄。")
