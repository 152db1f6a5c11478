"""Files whose headings name a table of ours: templates that people filled in, and files that ``export`` wrote.

Rows under the catalogue's own column names (exports, ``data/``) are exact; rows under Chinese headings are read
as people write: ROC dates decided per column, numbers with marks and units, names of units, totals and notes
below the table. One module for all of them, because the columns are declared in :mod:`specs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqdash.errors import DataError
from sqdash.importers import data_rows, emit, native, personal, rules
from sqdash.importers.base import Layout, Task, observation_question, page_question
from sqdash.importers.cells import CellError
from sqdash.importers.columns import Converter, converter
from sqdash.importers.headings import Head, Numbered, fold, folded, named
from sqdash.importers.specs import BY_SPEC, NATIVE, Spec
from sqdash.indicators import BY_KEY
from sqdash.periods import TAIPEI
from sqdash.records import Value

_DECIDED = ("date", "month", "year")


@dataclass(frozen=True, slots=True)
class LedgerFormat:
    """The format of one table; see :class:`sqdash.importers.base.Format`."""

    name: str
    label: str
    vocabulary: frozenset[str]

    def claims(self, head: Head) -> bool:
        """Under the catalogue's own names exactly, or under Chinese headings with what is required."""
        if native.identify(head.cells) == self.name:
            return True
        spec = BY_SPEC.get(self.name)
        return spec is not None and not native.identify(head.cells) and _is_filled_in(spec, head)

    def read(self, task: Task) -> None:
        """Fill the sink with the table's rows."""
        exact = native.identify(task.head.cells) == self.name
        spec = NATIVE[self.name] if exact else BY_SPEC.get(self.name) or NATIVE[self.name]
        places = _places(spec, task.head)
        if task.answers.layout:
            places = _assigned(task, spec, task.answers.layout)
        elif missing := spec.required - set(places):
            labels = "、".join(f"「{c.label}」" for c in spec.table.columns if c.name in missing)
            raise DataError(f"{task.file} 沒有{labels}欄，不能讀成「{spec.label}」，請補上這些欄或改用別的格式。")
        Reader(task, spec, places, exact=exact).run()


FORMATS = tuple(
    LedgerFormat(
        spec.name,
        spec.label,
        frozenset(n for c in spec.table.columns for n in (BY_SPEC.get(spec.name) or spec).folded(c.name)),
    )
    for spec in {**NATIVE, **BY_SPEC}.values()
)


def _is_filled_in(spec: Spec, head: Head) -> bool:
    places = _places(spec, head)
    known = head.known_as
    return spec.required <= set(places) and bool(known & folded(*spec.telling)) and not known & folded(*spec.foreign)


def _places(spec: Spec, head: Head) -> dict[str, int]:
    """Column → its place in the file; each place serves one column, those named first first."""
    places: dict[str, int] = {}
    for column in spec.table.columns:
        at = next(
            (
                at
                for name in spec.folded(column.name)
                if (at := head.at((name,))) is not None and at not in places.values()
            ),
            None,
        )
        if at is not None:
            places[column.name] = at
    return places


def _assigned(task: Task, spec: Spec, layout: Layout) -> dict[str, int]:
    """Places by a person's assignment; :class:`DataError` for what does not fit."""
    places: dict[str, int] = {}
    for heading, column in layout.columns.items():
        at = task.head.at((fold(heading),))
        if at is None:
            raise DataError(f"{task.file} 沒有「{heading[:40]}」這一欄，請改正欄位對應。")
        if column not in spec.table.names:
            raise DataError(f"「{spec.label}」沒有「{column[:40]}」這個欄位，請改正欄位對應。")
        if column in places:
            raise DataError(f"欄位對應把兩個欄都指給「{spec.table.column(column).label}」，請只留一個。")
        places[column] = at
    missing = spec.required - set(places) - set(layout.constants)
    if missing:
        labels = "、".join(c.label for c in spec.table.columns if c.name in missing)
        raise DataError(f"欄位對應還缺 {labels}，請指定對應的欄或填固定值。")
    for column in layout.constants:
        if column not in spec.table.names:
            raise DataError(f"「{spec.label}」沒有「{column[:40]}」這個欄位，請改正固定值。")
    return places


class Reader:
    """Reads one table: whole where dates must be decided per column or notes found, else as a stream."""

    def __init__(self, task: Task, spec: Spec, places: Mapping[str, int], *, exact: bool) -> None:
        self.task, self.spec, self.places, self.exact = task, spec, dict(places), exact
        self.layout = task.answers.layout
        constants = dict(self.layout.constants) if self.layout else {}
        self.constants = {**spec.defaults, **constants} if not exact else constants
        self.columns = [
            c for c in spec.table.columns if c.name in places or c.name in self.constants or c.name == spec.derived
        ]
        self.first_row: dict[tuple[Value, ...], int] = {}
        self.generated: set[int] = set()  # rows whose key was derived
        self.key = [c.name for c in spec.table.columns if c.key]

    def run(self) -> None:
        """Read everything into the sink."""
        repeated = self.task.head.repeated()
        wanted = {self.task.head.cells[at] for at in self.places.values()}
        if twice := [cell for cell in repeated if fold(cell) in {fold(w) for w in wanted}]:
            raise DataError(f"{self.task.file} 的欄名「{twice[0]}」出現兩次，無法判斷用哪一欄，請改名或刪去一欄。")
        self.task.findings.headings = {name: self.task.head.cells[at] for name, at in self.places.items()}
        self._questions()
        streamed = self.exact and not any(c.type in _DECIDED for c in self.columns)
        if not streamed:
            rows = [row for chunk in self.task.chunks() for row in chunk]
            if not self.exact:
                personal.check(self.task.file, self.task.head, rows)
                rows = data_rows.of(self.task, self.spec, self.places, rows)
                self._say_unused()
            converters = self._converters(rows)
            for start in range(0, len(rows), 2_000):
                self._chunk(rows[start : start + 2_000], converters)
            return
        converters = self._converters([])
        for chunk in self.task.chunks():
            self._chunk(chunk, converters)

    def _questions(self) -> None:
        questions = []
        if self.spec.name == "fan_days" and "page_id" not in self.places and not self.task.answers.page:
            questions.append(page_question(self.task.known, "數據"))
        if self.spec.name == "posts_file" and "observed_at" not in self.places and not self.task.answers.observed_at:
            questions.append(observation_question())
        if questions:
            self.task.ask(*questions)

    def _say_unused(self) -> None:
        used = set(self.places.values())
        unused = [c for at, c in enumerate(self.task.head.cells) if at not in used and c]
        if unused:
            self.task.note(f"{len(unused)} 個欄位沒有用到：{named(unused)}。")

    def _converters(self, rows: Sequence[Numbered]) -> dict[str, Converter]:
        found = {}
        for column in self.columns:
            at = self.places.get(column.name)
            texts = [cells[at] for _, cells in rows] if at is not None else []
            found[column.name] = converter(column, texts, self.task, self.spec, exact=self.exact)
        return found

    def _chunk(self, rows: Sequence[Numbered], converters: Mapping[str, Converter]) -> None:
        if not rows:
            return
        bad: set[int] = set()
        values: dict[str, list[Value]] = {}
        extra: dict[str, list[Value]] = {}
        for column in self.columns:
            at, constant = self.places.get(column.name), self.constants.get(column.name, "")
            texts = [constant] * len(rows) if at is None else [cells[at] for _, cells in rows]
            if at is not None and constant:
                texts = [text if text.strip() else constant for text in texts]
            if self.spec.name == "readings" and column.name == "value" and not self.exact:
                values["value"] = self._stated(rows, texts, values["indicator"], extra, bad)
                continue
            found, errors = converters[column.name](texts)
            values[column.name] = found
            heading = self.task.head.cells[at] if at is not None else column.label
            for i, error in errors.items():
                self.task.reject(rows[i][0], heading, texts[i], error.code, str(error))
                bad.add(i)
        for name, column_values in extra.items():  # what a figure says beside its value stands where no column says it
            own = values.get(name)
            values[name] = (
                column_values
                if own is None
                else [o if o is not None else v for o, v in zip(own, column_values, strict=True)]
            )
        if self.spec.name == "posts_file":
            values["post_id"] = emit.post_keys(values)
        self._derive(rows, values, bad)
        self._rules(rows, values, bad)
        self._unique(rows, values, bad)
        good = [i for i in range(len(rows)) if i not in bad]
        emit.rows(
            self.task, self.spec, [rows[i][0] for i in good], {n: [v[i] for i in good] for n, v in values.items()}
        )

    def _stated(
        self,
        rows: Sequence[Numbered],
        texts: Sequence[str],
        keys: Sequence[Value],
        extra: dict[str, list[Value]],
        bad: set[int],
    ) -> list[Value]:
        """A figure as the office writes it: 55, 約 30–50, 逾 1,000."""
        from sqdash.importers import numbers

        found: list[tuple[Value, Value, Value, Value]] = []
        for i, text in enumerate(texts):
            try:
                found.append(numbers.stated(text, _units(keys[i])) if text.strip() else (None, None, None, None))
            except CellError as error:
                self.task.reject(rows[i][0], self.task.head.cells[self.places["value"]], text, error.code, str(error))
                bad.add(i)
                found.append((None, None, None, None))
        value, low, high, qualifier = (list(column) for column in zip(*found, strict=True))
        extra |= {"low": low, "high": high, "qualifier": qualifier}
        return value

    def _derive(self, rows: Sequence[Numbered], values: dict[str, list[Value]], bad: set[int]) -> None:
        derived, derive = self.spec.derived, self.spec.derive
        if derived is None or derive is None or self.exact:
            return
        for i in range(len(rows)):
            if values[derived][i] is None and i not in bad:
                self.generated.add(rows[i][0])
                values[derived][i] = derive({name: column[i] for name, column in values.items()})

    def _rules(self, rows: Sequence[Numbered], values: Mapping[str, Sequence[Value]], bad: set[int]) -> None:
        today = self.task.known.now.astimezone(TAIPEI).date()
        for i in [i for i in range(len(rows)) if i not in bad] if rules.has(self.spec.table.name) else []:
            row = {name: column[i] for name, column in values.items()}
            if broken := rules.broken(self.spec.table.name, row, today):
                column, why = broken
                at = self.places.get(column)
                heading = self.task.head.cells[at] if at is not None else self.spec.table.column(column).label
                shown = rows[i][1][at] if at is not None else str(row.get(column) or "")
                self.task.reject(rows[i][0], heading, shown, "rule", why)
                bad.add(i)

    def _unique(self, rows: Sequence[Numbered], values: Mapping[str, Sequence[Value]], bad: set[int]) -> None:
        """A key stands once in a file; the second row with it is refused."""
        empty: list[Value] = [None] * len(rows)
        parts = [values.get(name, empty) for name in self.key]
        shown = next((c for c in self.key if c in self.places), self.key[0])
        for i, key in enumerate(zip(*parts, strict=True)):
            if i in bad:
                continue
            first = self.first_row.setdefault(key, rows[i][0])
            if first != rows[i][0]:
                at = self.places.get(shown)
                heading = self.task.head.cells[at] if at is not None else self.spec.table.column(shown).label
                why = f"與第 {first} 列的鍵值相同，請刪去重複的一列。"
                if rows[i][0] in self.generated:
                    same = f"與第 {first} 列的類別、日期與名稱（或地點）都相同"
                    why = f"{same}；重複請刪去，確為兩筆請加「編號」欄並填不同編號。"
                self.task.reject(rows[i][0], heading, str(key[0] or ""), "duplicate", why)
                bad.add(i)


def _units(indicator: Value) -> tuple[str, ...]:
    """The unit in which an indicator's figures may be written."""
    return (BY_KEY[str(indicator)].unit,) if indicator in BY_KEY else ()
