"""Upload templates: for each table that people fill in, a sheet with headings and examples and one that explains it.

What stands in them comes from :mod:`sqdash.importers.specs`, so that a template says what the reader takes. Also the
rows that an upload refused, as a sheet to work through. Knows no file format and no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqdash.errors import DataError
from sqdash.importers.columns import UNIT_COLUMNS
from sqdash.importers.data_rows import EXAMPLE
from sqdash.importers.sheet import GUIDE
from sqdash.importers.specs import BY_SPEC, Spec
from sqdash.indicators import INDICATORS, SURVEYED, Indicator
from sqdash.jobs.sheet_shapes import Cell, Column, Kind, Sheet, width
from sqdash.jobs.sheets import write
from sqdash.records import Rejected
from sqdash.tables import Column as Field

BLANK_ROWS = 1_000
_ABOUT_EXAMPLES = f"以「{EXAMPLE}」開頭的列是範例，不會匯入，可以留著或刪去。"
_ABOUT_NEEDED = "底色為黃色的欄必填，其餘可空白；欄名請勿更改，欄的順序可調整。"
_STATED = ("readings", "value")  # a figure with its interval and qualifier, see numbers.stated
_FILLED_WITH = {
    "text": "文字",
    "int": "0 或正整數",
    "number": "數字",
    "date": "日期，例如 103/11/22",
    "month": "月份，例如 103/06",
    "year": "民國年，例如 103",
    "moment": "日期與時間，例如 103/11/22 09:00",
}


def file_name(name: str, kind: Kind) -> str:
    """``範本_活動紀錄.xlsx``; :class:`DataError` for an unknown name."""
    return f"範本_{_short(_spec(name))}.{kind}"


def make(name: str, kind: Kind) -> bytes:
    """The template as a file; a CSV has its explanation below the examples. :class:`DataError` for an unknown name."""
    spec = _spec(name)
    if kind == "csv":
        return write([_form(spec, _remarks(spec))], kind)
    return write([_form(spec), _guide(spec)], kind)


def rejected_sheet(rejected: Sequence[Rejected], kind: Kind) -> bytes:
    """The refused rows with their reasons, in the order given; what stood in the cells stays text."""
    columns = (
        Column("列", 8, text=False),
        Column("欄", width(*(one.column for one in rejected))),
        Column("內容", width(*(one.value for one in rejected))),
        Column("原因", 60),
    )
    rows = tuple((one.row, one.column, one.value, one.reason) for one in rejected)
    return write([Sheet("未匯入的列", columns, rows, wrap=True)], kind)


def _spec(name: str) -> Spec:
    if name not in BY_SPEC:
        raise DataError(f"沒有「{name[:40]}」這種範本，請用 {'、'.join(BY_SPEC)} 之一。")
    return BY_SPEC[name]


def _short(spec: Spec) -> str:
    """The label without its explanation in brackets: a name for a sheet (31 characters at most) and a file."""
    return spec.label.partition("（")[0][:31]


# --- the sheet to fill in


def _form(spec: Spec, below: Iterable[str] = ()) -> Sheet:
    columns = tuple(_column(spec, field) for field in spec.filled)
    examples = tuple(_example(spec, columns, at) for at in range(len(spec.examples)))
    rest = (None,) * (len(columns) - 1)
    return Sheet(_short(spec), columns, (*examples, *((text, *rest) for text in below)), blank=BLANK_ROWS, faint=True)


def _column(spec: Spec, field: Field) -> Column:
    heading = _heading(spec, field)
    required = field.name in spec.required
    return Column(
        heading,
        width(heading, *(example.get(field.name, "") for example in spec.examples)),
        _is_text(spec, field),
        required,
        f"必填：{_filled_with(spec, field)}" if required else "",
        _words(spec, field),
        _indicators_at(spec) if field.name == "indicator" else "",
    )


def _heading(spec: Spec, field: Field) -> str:
    return spec.headings[field.name][0]


def _is_text(spec: Spec, field: Field) -> bool:
    """Whether a spreadsheet must leave it as typed: it would make 6/10 of an interval a day, and 0.944 of 94.4%."""
    if (spec.name, field.name) == _STATED or "%" in spec.units.get(field.name, ()):
        return True
    return field.type not in ("int", "number")


def _words(spec: Spec, field: Field) -> tuple[str, ...]:
    if field.name == "indicator":
        return tuple(indicator.label for indicator in _indicators(spec))
    return tuple(shown for _, shown in field.words)


def _example(spec: Spec, columns: Sequence[Column], at: int) -> tuple[Cell, ...]:
    """The example as a row whose first filled cell says that it is one."""
    texts = [spec.examples[at].get(field.name, "") for field in spec.filled]
    first = next(i for i, text in enumerate(texts) if text)
    cells = [_typed(text, column) for text, column in zip(texts, columns, strict=True)]
    cells[first] = EXAMPLE + texts[first]
    return tuple(cells)


def _typed(text: str, column: Column) -> Cell:
    if not text:
        return None
    if column.text:
        return text
    value = float(text.replace(",", ""))
    return int(value) if value.is_integer() else value


# --- what explains it


def _guide(spec: Spec) -> Sheet:
    columns = (Column("欄名", 16), Column("必填", 10), Column("填什麼", 70), Column("例", 36))
    return Sheet(GUIDE, columns, (*_explained(spec), *_below(spec)), wrap=True)


def _explained(spec: Spec) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for field in spec.filled:
        example = next((e[field.name] for e in spec.examples if e.get(field.name)), None)
        needed = "必填" if field.name in spec.required else "可空白"
        rows.append((_heading(spec, field), needed, _filled_with(spec, field), example))
    return rows


def _below(spec: Spec) -> list[tuple[Cell, ...]]:
    """The notes, then the indicators that may be chosen."""
    rows: list[tuple[Cell, ...]] = [("說明", None, note, None) for note in _notes(spec)]
    if "indicator" in spec.headings:
        rows += [("指標名稱", None, indicator.label, None) for indicator in _indicators(spec)]
    return rows


def _notes(spec: Spec) -> tuple[str, ...]:
    return _ABOUT_NEEDED, _ABOUT_EXAMPLES, *spec.notes


def _indicators(spec: Spec) -> Sequence[Indicator]:
    """Those that may be chosen in the table."""
    return SURVEYED if spec.name == "surveys" else INDICATORS


def _indicators_at(spec: Spec) -> str:
    """Where the guide has the indicators' names; row 1 is its heading."""
    first = 2 + len(spec.filled) + len(_notes(spec))
    return f"'{GUIDE}'!$C${first}:$C${first + len(_indicators(spec)) - 1}"


def _filled_with(spec: Spec, field: Field) -> str:
    """What to write into a column, as one clause."""
    said = _kind_of(spec, field)
    if field.name == spec.derived:
        return f"{said}，空白時自動編號"
    if field.name in spec.defaults:
        stands = "" if field.key else "，已有的列不變"
        return f"{said}，空白時為「{field.shown(spec.defaults[field.name])}」{stands}"
    return said


def _kind_of(spec: Spec, field: Field) -> str:
    units = spec.units.get(field.name, ())
    if field.name == "indicator":
        return "指標名稱，從清單挑選"
    if words := _words(spec, field):
        return "、".join(f"「{word}」" for word in words) + "之一"
    if (spec.name, field.name) == _STATED:
        return "數字或區間，可加語氣，例如 60–70、約 30–50、逾 1,000"
    if "%" in units:
        return "百分比，例如 94.4%"
    if field.name in UNIT_COLUMNS:
        return "單位的名稱或簡稱，例如 第六課、嘉辦"
    unit = f"，單位是{units[0]}" if 0 < len(units) < 3 else ""  # more than two are what a reader forgives
    return _FILLED_WITH[field.type] + unit


def _remarks(spec: Spec) -> list[str]:
    """The explanation as rows of a CSV, which the reader takes for notes."""
    needed = "、".join(_heading(spec, field) for field in spec.filled if field.name in spec.required)
    chosen = [f"「{_heading(spec, field)}」填{_filled_with(spec, field)}。" for field in spec.filled if field.words]
    remarks = (f"必填的欄是 {needed}；其餘可空白。欄名請勿更改。", _ABOUT_EXAMPLES, *chosen, *spec.notes)
    return [f"說明：{remark}" for remark in remarks]
