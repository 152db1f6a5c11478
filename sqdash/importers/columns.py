"""A column's texts to stored values, many cells at a time; what cannot be taken keeps its reason per cell.

Whole columns are checked with one pattern where possible, since a call per cell costs most of an import.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NoReturn, cast

from sqdash import quoting
from sqdash.errors import Question
from sqdash.importers import dates, ids, numbers
from sqdash.importers.base import Task, ask_about_wan
from sqdash.importers.cells import MAX_TEXT, CellError
from sqdash.importers.headings import fold
from sqdash.importers.specs import Spec
from sqdash.indicators import BY_KEY, INDICATORS
from sqdash.periods import TAIPEI
from sqdash.records import Value
from sqdash.tables import Column
from sqdash.unseen import CONTROL

Errors = dict[int, CellError]
Converter = Callable[[Sequence[str]], tuple[list[Value], Errors]]
_EXACT_MOMENTS = re.compile(r"(?:\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\+08:00\n)*")
_YES = frozenset({"1", "是", "有", "y", "yes", "true", "正常", "v", "✓", "○"})
_NO = frozenset({"0", "否", "無", "n", "no", "false", "異常", "不正常", "x", "×"})
SPANS: Mapping[str, tuple[str, str]] = {"activities": ("held_on", "ended_on"), "surveys": ("held_from", "held_to")}
"""Tables whose rows may last for days → the columns of the first and the last; a cell of the first may hold both."""
FIGURES: Mapping[str, frozenset[str]] = {
    "readings": frozenset({"value", "low", "high"}),
    "targets": frozenset({"value"}),
}
"""Tables whose figures are in the unit of their row's indicator → the columns of these."""
SpanReader = Callable[[Sequence[str]], tuple[list[Value], list[Value], Errors]]
_IDS = frozenset({"post_id", "page_id"})
UNIT_COLUMNS = frozenset({"unit", "parent", "collective", "member"})
_INDICATORS: Mapping[str, str] = {fold(name): i.key for i in INDICATORS for name in (i.key, i.label)}
_REQUIRED = CellError("這一欄必填，請補上。", "required")
_FORCED = re.compile("'[0-9]")  # how spreadsheets are told that a number is text


def converter(column: Column, texts: Sequence[str], task: Task, spec: Spec, *, exact: bool) -> Converter:
    """The reader of one column.

    ``texts`` are all of its cells where dates must be decided for the whole column. ``exact``: the file is one
    of ours, so texts keep every blank. A question about the column stops the reading
    (:class:`sqdash.errors.Unanswered`).
    """
    one = _reader(column, texts, task, spec, exact=exact)
    required = column.required and column.name != spec.derived
    whole = _whole_reader(column, exact=exact)

    def convert(given: Sequence[str]) -> tuple[list[Value], Errors]:
        quick = whole(given) if whole else None
        values: list[Value] = quick if quick is not None else []
        errors: Errors = {}
        if quick is None:
            for i, text in enumerate(given):
                try:
                    values.append(one(text))
                except CellError as error:
                    if error.code == "abbreviation" and not task.answers.wan:
                        ask_about_wan(task, text)
                    errors[i] = error
                    values.append(None)
        if required and None in values:
            errors |= {i: _REQUIRED for i, value in enumerate(values) if value is None and i not in errors}
        return values, errors

    return convert


def in_unit_of(indicator: Value, spec: Spec) -> Spec:
    """The table with its figures in the unit of that indicator; without any where it is unknown."""
    units = (BY_KEY[str(indicator)].unit,) if indicator in BY_KEY else ()
    return spec._replace(units={**spec.units, **dict.fromkeys(FIGURES.get(spec.table.name, ()), units)})


def _whole_reader(column: Column, *, exact: bool) -> Callable[[Sequence[str]], list[Value] | None] | None:
    """A reader of whole columns that gives None where a cell needs a closer look."""
    if column.choices or column.name == "indicator":
        return None
    if column.type == "int":
        return lambda texts: cast("list[Value] | None", numbers.whole_column(texts))
    if column.type == "moment":
        return _exact_moments
    if column.type == "text" and exact and column.name not in UNIT_COLUMNS:
        return _exact_texts
    return None


def _exact_moments(texts: Sequence[str]) -> list[Value] | None:
    if not _EXACT_MOMENTS.fullmatch("\n".join(texts) + "\n"):
        return None
    try:
        for day in {text[:10] for text in texts}:
            if date.fromisoformat(day).year < 1912:
                return None
    except ValueError:
        return None
    return list(texts)


def _exact_texts(texts: Sequence[str]) -> list[Value] | None:
    if CONTROL.search("".join(texts)) or any(len(text) > MAX_TEXT for text in texts):
        return None
    return [quoting.unguard(text) if text.strip() else None for text in texts]


def _reader(column: Column, texts: Sequence[str], task: Task, spec: Spec, *, exact: bool) -> Callable[[str], Value]:
    """From one cell to its value."""
    if column.choices:
        return _chosen(column)
    if column.name == "indicator":
        return _indicator
    match column.type:
        case "int":
            units, wan = spec.units.get(column.name, ()), task.answers.wan
            return lambda text: numbers.whole(text, units=units, wan=wan)
        case "number":
            units = spec.units.get(column.name, ())
            number, wan = numbers.percentage if "%" in units else numbers.decimal, task.answers.wan
            return lambda text: number(text, units=units, wan=wan)
        case "date" | "month" | "year":
            return _dated(column, texts, task)
        case "moment":
            return _moment(task)
        case "flag":
            return _flag
    if column.name in UNIT_COLUMNS and (spec.table.name, column.name) != ("units", "unit"):
        return lambda text: _unit(text, task)
    if column.name in _IDS and not exact:
        return lambda text: ids.cleaned(_text(text) or "") or None
    return _exact_text if exact else _text


def _chosen(column: Column) -> Callable[[str], Value]:
    known = {fold(word): stored for stored, shown in column.choices for word in (shown, stored)}

    def read(text: str) -> Value:
        if not text.strip():
            return None
        if (word := fold(text)) in known:
            return known[word]
        one = "、".join(f"「{shown}」" for _, shown in column.choices)  # a choice may itself hold a 、
        raise CellError(f"只能是{one}之一。", "unknown_choice")

    return read


def _indicator(text: str) -> Value:
    if not text.strip():
        return None
    if (word := fold(text)) in _INDICATORS:
        return _INDICATORS[word]
    raise CellError("沒有這個指標，請對照範本填寫說明裡的指標名稱。", "unknown_indicator")


def ask_how(label: str, undecided: dates.Undecided, task: Task) -> NoReturn:
    """Ask a person what the cells of a column of dates do not tell."""
    reason = f"「{label}」{undecided.reason}"
    by_year = undecided.option == "year"
    task.ask(Question("year", reason, kind="year") if by_year else Question("dates", reason, undecided.choices))


def decide(label: str, texts: Sequence[str], precision: dates.Precision, task: Task) -> dates.Reader:
    """The reader of a column of dates, from all its cells; asked where they do not tell how they are written."""
    given = [text for text in texts if not numbers.not_given(text)]
    try:
        decided = dates.decide(given, precision, year=task.answers.year, order=task.answers.dates)
    except dates.Undecided as error:
        ask_how(label, error, task)
    if decided.note:
        task.note(f"「{label}」{decided.note}")
    return decided


def _heading(column: Column, task: Task) -> str:
    """What the column is called in the file; else on screen."""
    return task.findings.headings.get(column.name) or column.label


def _dated(column: Column, texts: Sequence[str], task: Task) -> Callable[[str], Value]:
    precision = cast("dates.Precision", {"date": "day"}.get(column.type, column.type))
    decided = decide(_heading(column, task), texts, precision, task)

    def read(text: str) -> Value:
        if numbers.not_given(text):
            return None
        value = decided.read(text)
        return int(value) if precision == "year" else value

    return read


def span_reader(column: Column, texts: Sequence[str], task: Task) -> SpanReader | None:
    """The reader of days of which some are spans, to first and last days; None where no cell holds a span.

    A single day has no last. Questions as in :func:`converter`.
    """
    if not any(dates.is_span(text, "day") for text in texts):
        return None
    decided = decide(_heading(column, task), texts, "day", task)

    def read(given: Sequence[str]) -> tuple[list[Value], list[Value], Errors]:
        errors: Errors = {}
        found: list[tuple[str | None, str | None]] = []
        for i, text in enumerate(given):
            try:
                found.append((None, None) if numbers.not_given(text) else decided.read_span(text))
            except CellError as error:
                errors[i] = error
                found.append((None, None))
        if column.required:
            errors |= {i: _REQUIRED for i, (first, _) in enumerate(found) if first is None and i not in errors}
        return [first for first, _ in found], [last for _, last in found], errors

    return read


def _moment(task: Task) -> Callable[[str], Value]:
    zone = task.zone(TAIPEI)
    cache: dict[str, str] = {}

    def read(text: str) -> Value:
        return None if numbers.not_given(text) else dates.taipei(text, zone, cache)

    return read


def _flag(text: str) -> Value:
    word = fold(text)
    if numbers.not_given(text):
        return None
    if word in _YES:
        return 1
    if word in _NO:
        return 0
    raise CellError("只能是「是」或「否」。", "not_flag")


def _unit(text: str, task: Task) -> Value:
    if numbers.not_given(text):
        return None
    word = fold(text)
    if codes := task.known.shared.get(word):
        raise CellError(
            f"是 {len(codes)} 個單位的名稱，無法判斷是哪一個，請改填代碼 {'、'.join(codes)} 之一。", "shared_name"
        )
    return task.known.units.get(word) or text.strip()  # an unknown one is named when references are checked


def _exact_text(text: str) -> Value:
    return _checked(quoting.unguard(text)) if text.strip() else None


def _text(text: str) -> str | None:
    from sqdash.importers.folding import refuse_formula

    refuse_formula(text)
    stripped = quoting.unguard(text.strip())
    if stripped.startswith('="') and stripped.endswith('"') and len(stripped) > 3:
        stripped = stripped[2:-1]
    elif _FORCED.match(stripped):
        stripped = stripped[1:]
    return None if numbers.not_given(stripped) else _checked(stripped)


def _checked(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise CellError("超過 64 KB，請縮短。", "too_long")
    if CONTROL.search(text):
        raise CellError("含有控制字元，請刪除。", "control")
    return text


def read_one(column: Column, text: str, task: Task, spec: Spec) -> Value:
    """One value typed by a person, by the same rules as a file's; :class:`CellError` says why not."""
    values, errors = converter(column, [text], task, spec, exact=False)([text])
    if errors:
        raise errors[0]
    return values[0]
