"""The rows of a file of one table, cells to values, column by column and chunk by chunk. Knows no format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqdash.errors import DataError
from sqdash.importers import data_rows, emit, numbers, personal, row_checks, rules
from sqdash.importers.base import Task, observation_question, page_question
from sqdash.importers.cells import CellError
from sqdash.importers.chunks import Chunk, Written
from sqdash.importers.columns import FIGURES, SPANS, Converter, Errors, SpanReader, converter, in_unit_of, span_reader
from sqdash.importers.headings import Numbered, fold, named
from sqdash.importers.ids import Ids, cleaned, doubt
from sqdash.importers.repeats import DISPUTED, Repeats, Said
from sqdash.importers.specs import Spec
from sqdash.records import Value
from sqdash.tables import Column

_DECIDED = ("date", "month", "year")
_IDS = ("page_id", "post_id")
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
        if spec.name == "readings" and not exact and not row_checks.INTERVAL.isdisjoint({*places, *self.constants}):
            self.constants.setdefault("value", "")  # an interval takes the place of a single figure that stands
        self.columns = [
            c for c in spec.table.columns if c.name in places or c.name in self.constants or c.name == spec.derived
        ]
        self.repeats = Repeats(task)
        self.alike: dict[int, tuple[Value, ...]] = {}  # of rows whose key was derived: what they are known by → key
        self.people = {c.name: personal.Tally() for c in self.columns if exact and _is_said(c)}
        self.doubts: dict[str, list[int]] = defaultdict(list)  # what is to be said behind the rows → their numbers
        self.ids = Ids()
        span = SPANS.get(spec.table.name, ("", ""))
        self.start, self.end = span
        self.written = Written(spec.table, task.head.cells, self.places, self.constants, span)
        self.spans: SpanReader | None = None
        self.figures = FIGURES.get(spec.table.name, frozenset()) if not exact else frozenset()
        self.key = spec.table.key
        self._shown = next((name for name in self.key if name in places), self.key[0])
        self._twice = (
            f"的{self.written.labels(self.key)}相同但內容不同{DISPUTED}",
            f"的{self.written.labels(spec.made_of)}都相同{_BY_A_PERSON}",
        )

    def run(self) -> None:
        """Read everything into the sink."""
        self._read()
        for name, tally in self.people.items():
            tally.check(self.task.file, self.written.cell(name, self.task.head.cells, None)[0])
        self.task.findings.warnings += [f"{data_rows.listed(rows)}{why}" for why, rows in self.doubts.items() if rows]

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

    def _leave_ends(self, chunk: Chunk) -> None:
        """The same of the end that a cell of the beginning may say: where neither says one, what stands is left."""
        for name in chunk.beside.keys() & self.by_default:
            unsaid = self.task.findings.unsaid.setdefault(name, set())
            for (number, _), value in zip(chunk.rows, chunk.values[name], strict=True):
                (unsaid.add if value is None else unsaid.discard)(number)

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
                names = self.written.labels((self.start, self.end))
                self.task.note(f"「{self.task.head.cells[self.places[self.start]]}」裡的一段期間已分成{names}。")
                continue
            found[column.name] = converter(column, texts, self.task, self.spec, exact=self.exact)
        return found

    def _chunk(self, rows: Sequence[Numbered], converters: Mapping[str, Converter]) -> None:
        if not rows:
            return
        chunk = Chunk(self.task, self.written, rows)
        self._convert(chunk, converters)
        for name, tally in self.people.items():
            tally.meet(chunk.values[name])
        row_checks.spans_agree(chunk)
        row_checks.figures_agree(chunk)
        chunk.settle()
        self._leave_ends(chunk)
        if self.spec.name == "posts_file":
            row_checks.of_their_pages(chunk)
            chunk.values["post_id"] = emit.post_keys(chunk.values)
        elif self.spec.name == "fan_days":
            chunk.values["page_id"] = emit.day_pages(self.task, chunk.values)
        if not self.exact or self.spec.name == "posts_file":  # of our own exports, only posts come with their figures
            row_checks.undamaged(chunk, self.ids, _IDS)
        self._derive(chunk)
        row_checks.by_the_rules(chunk)
        self._unique(chunk)
        self._give(chunk)

    def _give(self, chunk: Chunk) -> None:
        """Hand over the rows that can be taken."""
        good = chunk.good()
        columns = {name: [column[i] for i in good] for name, column in chunk.values.items()}
        numbers = [chunk.rows[i][0] for i in good]
        for why, places in rules.doubts(self.spec.name, columns, self.task.known.now).items():
            self.doubts[why] += [numbers[i] for i in places]

        def written(place: int, name: str) -> tuple[str, str]:
            return chunk.cell(good[place], name, columns[name][place])

        emit.rows(self.task, self.spec, numbers, columns, written)

    def _convert(self, chunk: Chunk, converters: Mapping[str, Converter]) -> None:
        """Every column's values, and what a column's cells say of others."""
        for column in self.columns:
            at, constant = self.places.get(column.name), self.constants.get(column.name, "")
            texts = [constant] * len(chunk.rows) if at is None else [cells[at] for _, cells in chunk.rows]
            if column.name in self.by_default:
                blank = {chunk.rows[i][0] for i, text in enumerate(texts) if at is None or numbers.not_given(text)}
                self.task.findings.unsaid.setdefault(column.name, set()).update(blank)
            if at is not None and constant:
                texts = [text if text.strip() else constant for text in texts]
            if self.spec.name == "readings" and column.name == "value" and not self.exact:
                self._state(chunk, texts)
                continue
            if column.name in self.figures:
                found, errors = self._in_units(column, texts, chunk.values["indicator"])
            elif self.spans and column.name == self.start:
                found, chunk.beside[self.end], errors = self.spans(texts)
            else:
                found, errors = converters[column.name](texts)
            chunk.values[column.name] = found
            heading = self.task.head.cells[at] if at is not None else column.label
            for i, error in errors.items():
                chunk.refuse(i, (heading, texts[i]), str(error), error.code)

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

    def _state(self, chunk: Chunk, texts: Sequence[str]) -> None:
        """Figures as the office writes them: 55, 約 30–50, 逾 1,000."""
        found: list[tuple[Value, Value, Value, Value]] = []
        keys = chunk.values["indicator"]
        units = {key: in_unit_of(key, self.spec).units["value"] for key in dict.fromkeys(keys)}
        for i, text in enumerate(texts):
            try:
                found.append(numbers.stated(text, units[keys[i]]) if text.strip() else (None, None, None, None))
            except CellError as error:
                chunk.refuse(i, chunk.cell(i, "value"), str(error), error.code)
                found.append((None, None, None, None))
        chunk.values["value"], low, high, qualifier = (list(column) for column in zip(*found, strict=True))
        chunk.beside |= {"low": low, "high": high, "qualifier": qualifier}

    def _derive(self, chunk: Chunk) -> None:
        derived, derive = self.spec.derived, self.spec.derive
        if derived is None or derive is None or self.exact:
            return
        for i in chunk.good():
            if chunk.values[derived][i] is None:
                self.task.findings.generated.add(chunk.rows[i][0])
                chunk.values[derived][i] = derive({name: column[i] for name, column in chunk.values.items()})

    def _unique(self, chunk: Chunk) -> None:
        """A key stands once in a file. Where it was derived, the same row again may be another event: a person says."""
        empty: list[Value] = [None] * len(chunk.rows)
        keys = list(zip(*(chunk.values.get(name, empty) for name in self.key), strict=True))
        whole = list(zip(*chunk.values.values(), strict=True))
        fresh = chunk.good()
        for i in fresh:
            number = chunk.rows[i][0]
            derived = number in self.task.findings.generated
            heading, text = chunk.cell(i, self.spec.made_of[0] if derived else self._shown, keys[i][0])
            said = Said(number, hash(repr(whole[i])), heading, text)
            if derived:  # a name in another width is the same one
                keys[i] = self.alike.setdefault(self._known_by(chunk, i), keys[i])
            if not self.repeats.is_first(keys[i], said, self._twice[derived], merge=not derived):
                chunk.bad.add(i)
        chunk.bad |= {i for i in fresh if self.repeats.disputed(keys[i])}

    def _known_by(self, chunk: Chunk, i: int) -> int:
        """A mark that rows share whose derived key means the same event, however their texts are typed."""
        said = [chunk.values[name][i] if name in chunk.values else None for name in self.spec.made_of]
        return hash(tuple(fold(value) if isinstance(value, str) else value for value in said))


def _is_said(column: Column) -> bool:
    """Whether people write in it what they like. Keys and the ids of pages and posts are numbers that may look like
    telephones."""
    return column.is_typed and not column.key and column.name not in _IDS
