"""The rows of a file of one table, cells to values, column by column and chunk by chunk. Knows no format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqdash.errors import DataError
from sqdash.importers import data_rows, emit, numbers, personal, rules
from sqdash.importers.base import Task, observation_question, page_question
from sqdash.importers.cells import CellError
from sqdash.importers.columns import FIGURES, SPANS, Converter, Errors, SpanReader, converter, in_unit_of, span_reader
from sqdash.importers.headings import Numbered, fold, named
from sqdash.importers.ids import Ids, cleaned, doubt, is_post_number
from sqdash.importers.repeats import DISPUTED, Repeats, Said
from sqdash.importers.specs import Spec
from sqdash.records import Value
from sqdash.tables import Column

_DECIDED = ("date", "month", "year")
_IDS = ("page_id", "post_id")
_ENDS = frozenset({"low", "high"})
_BY_A_PERSON = "；重複請刪去，確為兩筆請加「編號」欄並填不同編號。"


class Reader:
    """Reads one table: whole where dates must be decided per column or notes found, else as a stream."""

    def __init__(self, task: Task, spec: Spec, places: Mapping[str, int], *, exact: bool) -> None:
        self.task, self.spec, self.places, self.exact = task, spec, dict(places), exact
        self.layout = task.answers.layout
        constants = dict(self.layout.constants) if self.layout else {}
        self.constants = {**spec.defaults, **constants} if not exact else constants
        self.kept = () if exact else spec.kept
        self.by_default = {*self.constants, *self.kept} - {*constants, *spec.table.key}
        if spec.name == "readings" and not exact and not _ENDS.isdisjoint({*places, *self.constants}):
            self.constants.setdefault("value", "")  # an interval takes the place of a single figure that stands
        self.columns = [
            c for c in spec.table.columns if c.name in places or c.name in self.constants or c.name == spec.derived
        ]
        self.repeats = Repeats(task)
        self.people = {c.name: personal.Tally() for c in self.columns if exact and _is_said(c)}
        self.generated: set[int] = set()  # rows whose key was derived
        self.exceeding: list[int] = []
        self.ids = Ids()
        self.start, self.end = SPANS.get(spec.table.name, ("", ""))
        self.spans: SpanReader | None = None
        self.figures = FIGURES.get(spec.table.name, frozenset()) if not exact else frozenset()
        self.key = spec.table.key
        self._shown = next((name for name in self.key if name in places), self.key[0])
        self._twice = (
            f"的{self._labels(self.key)}相同但內容不同{DISPUTED}",
            f"的{self._labels(spec.made_of)}都相同{_BY_A_PERSON}",
        )

    def run(self) -> None:
        """Read everything into the sink."""
        self._read()
        for name, tally in self.people.items():
            tally.check(self.task.file, self._cell(name, self.task.head.cells, None)[0])
        if self.exceeding:
            rows = data_rows.listed(self.exceeding)
            self.task.findings.warnings.append(f"{rows}的辦結件數多於受理件數，若不含先前受理的案件，請更正。")

    def _read(self) -> None:
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
                self._leave_unsaid(rows)
                self._meet_ids(rows)
            converters = self._converters(rows)
            for start in range(0, len(rows), 2_000):
                self._chunk(rows[start : start + 2_000], converters)
            return
        converters = self._converters([])
        for chunk in self.task.chunks():
            self._chunk(chunk, converters)

    def _leave_unsaid(self, rows: Sequence[Numbered]) -> None:
        """A column of which no row says anything is left to what stands, as one that the file does not have."""
        at = {name: self.places[name] for name in self.kept if name in self.places and name not in self.constants}
        unsaid = {name for name, place in at.items() if all(numbers.not_given(cells[place]) for _, cells in rows)}
        self.columns = [column for column in self.columns if column.name not in unsaid]

    def _meet_ids(self, rows: Sequence[Numbered]) -> None:
        """What the whole file shows of the ids of its posts and, once each, of pages that nobody knows yet."""
        at, seen = self.places.get("post_id"), set(self.task.known.pages)
        if self.spec.name != "posts_file" or at is None:
            return
        for _, cells in rows:
            page = cleaned(cells[self.places["page_id"]]) if "page_id" in self.places else ""
            self.ids.meet([cleaned(cells[at])] if page in seen else [page, cleaned(cells[at])])
            seen.add(page)
        self.ids.close()
        if doubtful := [(number, cells[at]) for number, cells in rows if self.ids.is_doubtful(cleaned(cells[at]))]:
            where = data_rows.listed([number for number, _ in doubtful])
            self.task.findings.warnings.append(doubt(self.task.head.cells[at], where, cleaned(doubtful[0][1])))

    def _questions(self) -> None:
        questions = []
        said = {*self.places, *(name for name, text in self.constants.items() if text.strip())}
        if self.spec.name == "fan_days" and "page_id" not in said and not self.task.answers.page:
            questions.append(page_question(self.task.known, "數據"))
        if self.spec.name == "posts_file" and "observed_at" not in said and not self.task.answers.observed_at:
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
            if column.name == self.start and (spans := span_reader(column, texts, self.task)):
                self.spans = spans
                names = self._labels((self.start, self.end))
                self.task.note(f"「{self.task.head.cells[self.places[self.start]]}」裡的一段期間已分成{names}。")
                continue
            found[column.name] = converter(column, texts, self.task, self.spec, exact=self.exact)
        return found

    def _chunk(self, rows: Sequence[Numbered], converters: Mapping[str, Converter]) -> None:
        if not rows:
            return
        bad: set[int] = set()
        values, extra = self._converted(rows, converters, bad)
        for name, tally in self.people.items():
            tally.meet(values[name])
        self._agree(rows, values, extra, bad)
        self._agree_on_figures(rows, values, extra, bad)
        for name, column_values in extra.items():  # what a figure says beside its value stands where no column says it
            own = values.get(name)
            values[name] = (
                column_values
                if own is None
                else [o if o is not None else v for o, v in zip(own, column_values, strict=True)]
            )
        if self.spec.name == "posts_file":
            self._refuse_foreign(rows, values, bad)
            values["post_id"] = emit.post_keys(values)
        elif self.spec.name == "fan_days":
            values["page_id"] = emit.day_pages(self.task, values)
        self._refuse_damaged(rows, values, bad)
        self._derive(rows, values, bad)
        self._rules(rows, values, bad)
        self._unique(rows, values, bad)
        good = [i for i in range(len(rows)) if i not in bad]
        columns = {name: [column[i] for i in good] for name, column in values.items()}
        self.exceeding += [rows[good[i]][0] for i in rules.exceeding(self.spec.name, columns)]

        def written(place: int, name: str) -> tuple[str, str]:
            return self._cell(name, rows[good[place]][1], columns[name][place])

        emit.rows(self.task, self.spec, [rows[i][0] for i in good], columns, written)

    def _converted(
        self, rows: Sequence[Numbered], converters: Mapping[str, Converter], bad: set[int]
    ) -> tuple[dict[str, list[Value]], dict[str, list[Value]]]:
        """Every column's values, and what a column's cells say of others; rows with a refused cell are ``bad``."""
        values: dict[str, list[Value]] = {}
        extra: dict[str, list[Value]] = {}
        for column in self.columns:
            at, constant = self.places.get(column.name), self.constants.get(column.name, "")
            texts = [constant] * len(rows) if at is None else [cells[at] for _, cells in rows]
            if column.name in self.by_default:
                blank = {rows[i][0] for i, text in enumerate(texts) if at is None or numbers.not_given(text)}
                self.task.findings.unsaid.setdefault(column.name, set()).update(blank)
            if at is not None and constant:
                texts = [text if text.strip() else constant for text in texts]
            if self.spec.name == "readings" and column.name == "value" and not self.exact:
                values["value"] = self._stated(rows, texts, values["indicator"], extra, bad)
                continue
            if column.name in self.figures:
                found, errors = self._in_units(column, texts, values["indicator"])
            elif self.spans and column.name == self.start:
                found, extra[self.end], errors = self.spans(texts)
            else:
                found, errors = converters[column.name](texts)
            values[column.name] = found
            heading = self.task.head.cells[at] if at is not None else column.label
            for i, error in errors.items():
                self._refuse(rows, bad, i, (heading, texts[i]), str(error), error.code)
        return values, extra

    def _in_units(self, column: Column, texts: Sequence[str], keys: Sequence[Value]) -> tuple[list[Value], Errors]:
        """Figures, each in the unit of its row's indicator."""
        found: list[Value] = [None] * len(texts)
        errors: Errors = {}
        for key in dict.fromkeys(keys):
            at = [i for i, other in enumerate(keys) if other == key]
            read = converter(column, [], self.task, in_unit_of(key, self.spec), exact=False)
            some, wrong = read([texts[i] for i in at])
            for i, value in zip(at, some, strict=True):
                found[i] = value
            errors |= {at[i]: error for i, error in wrong.items()}
        return found, errors

    def _stated(
        self,
        rows: Sequence[Numbered],
        texts: Sequence[str],
        keys: Sequence[Value],
        extra: dict[str, list[Value]],
        bad: set[int],
    ) -> list[Value]:
        """A figure as the office writes it: 55, 約 30–50, 逾 1,000."""
        found: list[tuple[Value, Value, Value, Value]] = []
        units = {key: in_unit_of(key, self.spec).units["value"] for key in dict.fromkeys(keys)}
        for i, text in enumerate(texts):
            try:
                found.append(numbers.stated(text, units[keys[i]]) if text.strip() else (None, None, None, None))
            except CellError as error:
                self._refuse(rows, bad, i, self._cell("value", rows[i][1], None), str(error), error.code)
                found.append((None, None, None, None))
        value, low, high, qualifier = (list(column) for column in zip(*found, strict=True))
        extra |= {"low": low, "high": high, "qualifier": qualifier}
        return value

    def _agree(
        self,
        rows: Sequence[Numbered],
        values: Mapping[str, Sequence[Value]],
        extra: Mapping[str, Sequence[Value]],
        bad: set[int],
    ) -> None:
        """A span says when it ends; a column of its own may say the same and nothing else."""
        stated = values.get(self.end, ()) if self.spans else ()
        for i, (own, last) in enumerate(zip(stated, extra.get(self.end, ()), strict=False)):
            if i not in bad and own is not None and last is not None and own != last:
                begin, span = self._cell(self.start, rows[i][1], None)
                why = f"與「{begin}」的「{span.strip()[:40]}」不是同一天結束，請改成一致。"
                self._refuse(rows, bad, i, self._cell(self.end, rows[i][1], own), why, "range")

    def _agree_on_figures(
        self,
        rows: Sequence[Numbered],
        values: Mapping[str, Sequence[Value]],
        extra: Mapping[str, Sequence[Value]],
        bad: set[int],
    ) -> None:
        """A figure and the ends of its interval in columns of their own must not say two things."""
        for name in sorted(_ENDS & set(extra) & set(values)):
            for i, (end, own) in enumerate(zip(extra[name], values[name], strict=True)):
                figure, beyond = values["value"][i], False
                if isinstance(figure, float) and isinstance(own, float):
                    beyond = figure < own if name == "low" else figure > own
                if i not in bad and (beyond or (None not in (end, own) and end != own)):
                    heading, _ = self._cell(name, rows[i][1], own)
                    why = f"與同一列的「{heading}」不一致，請改正其中之一。"
                    self._refuse(rows, bad, i, self._cell("value", rows[i][1], figure), why, "contradiction")

    def _refuse_foreign(self, rows: Sequence[Numbered], values: Mapping[str, Sequence[Value]], bad: set[int]) -> None:
        """A post whose id names another page than its row: nobody can tell which of the two is meant."""
        for i, (post, page) in enumerate(zip(values["post_id"], values["page_id"], strict=True)):
            said, _, number = str(post or "").rpartition("_")
            if i not in bad and said and page and said != page and is_post_number(f"{said}_{number}"):
                why = f"的前段不是這一列的專頁「{page}」，請改正其中之一，或只填底線後的貼文編號。"
                self._refuse(rows, bad, i, self._cell("post_id", rows[i][1], post), why, "other_page")

    def _refuse_damaged(self, rows: Sequence[Numbered], values: Mapping[str, Sequence[Value]], bad: set[int]) -> None:
        """An id that Excel damaged is no key, of a page neither; exports of ours give only posts with their figures."""
        names = [name for name in _IDS if name in values] if self.spec.name == "posts_file" or not self.exact else []
        for name in names:
            for i, value in enumerate(values[name]):
                if value is not None and i not in bad and self.ids.is_damaged(str(value)):
                    why = "編號已被 Excel 改壞（只留 15 位數），請以文字格式重新填寫。"
                    self._refuse(rows, bad, i, self._cell(name, rows[i][1], value), why, "damaged_id")

    def _derive(self, rows: Sequence[Numbered], values: dict[str, list[Value]], bad: set[int]) -> None:
        derived, derive = self.spec.derived, self.spec.derive
        if derived is None or derive is None or self.exact:
            return
        for i in range(len(rows)):
            if values[derived][i] is None and i not in bad:
                self.generated.add(rows[i][0])
                values[derived][i] = derive({name: column[i] for name, column in values.items()})

    def _rules(self, rows: Sequence[Numbered], values: Mapping[str, Sequence[Value]], bad: set[int]) -> None:
        table, now = self.spec.table.name, self.task.known.now
        if not rules.has(table) or rules.surely_kept(table, values, now):
            return
        for i in [i for i in range(len(rows)) if i not in bad]:
            row = {name: column[i] for name, column in values.items()}
            if broken := rules.broken(table, row, now):
                column, why, code = broken
                self._refuse(rows, bad, i, self._cell(column, rows[i][1], row.get(column)), why, code)

    def _unique(self, rows: Sequence[Numbered], values: Mapping[str, Sequence[Value]], bad: set[int]) -> None:
        """A key stands once in a file. Where it was derived, the same row again may be another event: a person says."""
        empty: list[Value] = [None] * len(rows)
        keys = list(zip(*(values.get(name, empty) for name in self.key), strict=True))
        whole = list(zip(*values.values(), strict=True))
        fresh = [i for i in range(len(rows)) if i not in bad]
        for i in fresh:
            number, cells = rows[i]
            derived = number in self.generated
            heading, text = self._cell(self.spec.made_of[0] if derived else self._shown, cells, keys[i][0])
            said = Said(number, hash(repr(whole[i])), heading, text)
            if not self.repeats.is_first(keys[i], said, self._twice[derived], merge=not derived):
                bad.add(i)
        bad |= {i for i in fresh if self.repeats.disputed(keys[i])}

    def _refuse(
        self, rows: Sequence[Numbered], bad: set[int], place: int, cell: tuple[str, str], why: str, code: str
    ) -> None:
        """The row at that place of the chunk cannot be taken, because of that cell (its heading and text)."""
        self.task.reject(rows[place][0], *cell, code, why)
        bad.add(place)

    def _labels(self, names: Sequence[str]) -> str:
        return "、".join(self.spec.table.column(name).label for name in names)

    def _cell(self, column: str, cells: Sequence[str], value: Value) -> tuple[str, str]:
        """The heading and the text of a column as the file has them; else its label and the value."""
        at = self.places.get(column, self.places.get(self.start) if column == self.end else None)
        if at is None:
            return self.spec.table.column(column).label, self.constants.get(column) or str(value or "")
        return self.task.head.cells[at], cells[at]


def _is_said(column: Column) -> bool:
    """Whether people write in it what they like. Keys and the ids of pages and posts are numbers that may look like
    telephones."""
    return column.type == "text" and not column.key and not column.choices and column.name not in _IDS
