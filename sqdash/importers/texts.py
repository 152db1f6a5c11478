"""CSV and TSV files as a stream of rows of text cells, in any usual encoding and with any usual separator.

Bounds keep a hostile or broken file from costing more than a sentence: the file is looked through once by its bytes
before a row is made of it, and rows are made one by one. What the columns mean is not known here; workbooks are not
read here.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

from sqdash.errors import DataError, Question, Unanswered
from sqdash.importers import encodings
from sqdash.importers.decoding import open_text
from sqdash.importers.sheet import MOST_BYTES, MOST_CELL, MOST_COLUMNS, MOST_ROWS, Sheet
from sqdash.importers.sources import Bytes

_MOST_LINE = 2_000_000  # bytes between two line ends, and about the most characters of one record
_BATCH = 1 << 18
_MOST_BLANK = 1_048_576  # what a spreadsheet program can write below its table when whole columns were formatted
_HEAD, _LOOKED_AT = 1 << 16, 20
_HTML = re.compile(rb"<(!doctype html|html|head|meta|style|table)\b", re.I)
_SEPARATOR_LINE = re.compile(r'("?)sep=([^\w"\s]|\t)\1\n?', re.I)


def read(source: Bytes, encoding: str | None = None) -> Sheet:
    """The table in a text file; ``encoding`` is a person's own answer.

    :class:`DataError`: empty, too large, not text, not a table. :class:`Unanswered`: the encoding must be chosen.
    """
    _look_through(source)
    decision = encodings.decide(source, encoding)
    if not decision.sure:
        raise _which_encoding(source, decision)
    with open_text(source, decision.encoding) as stream:
        declared = _SEPARATOR_LINE.fullmatch(stream.readline(_HEAD))
    separator = declared[2] if declared else _commonest(source, decision.encoding)
    rows = _rows(source, decision.encoding, separator, skip_first=bool(declared))
    sheet = Sheet("tsv" if separator == "\t" else "csv", decision.encoding, rows)
    if decision.user_defined:
        sheet.notes.append(f"檔案有 {decision.user_defined:,} 個造字無法辨認，已以 □ 保留原碼。")
    return sheet


def _which_encoding(source: Bytes, decision: encodings.Decision) -> Unanswered:
    choices = tuple(
        (name, f"{encodings.NAMES[name]}：{' ／ '.join(encodings.sample(source, name))}")
        for name in decision.candidates
    )
    return Unanswered(source.name, (Question("encoding", "文字編碼無法確定", choices),))


# --- what the bytes say before they are text


def _look_through(source: Bytes) -> None:
    if source.size > MOST_BYTES:
        raise DataError(f"{source.name} 有 {source.size / 1e6:,.0f} MB，超過上限 100 MB，請分成幾個檔案。")
    with source.open() as stream:
        head = stream.read(4096)
    if head.startswith(b"%PDF"):
        raise DataError(f"{source.name} 是 PDF，不是資料表，請改用原始的試算表或 CSV。")
    markup = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")  # UTF-16 markup too
    if markup.startswith(b"<") and _HTML.search(markup):
        raise DataError(f"{source.name} 的內容是 HTML 網頁表格，請以試算表軟體開啟後另存為 XLSX 或 ODS。")
    if markup.startswith(b"<?xml"):
        raise DataError(f"{source.name} 的內容是 XML，不是 CSV，請以試算表軟體開啟後另存為 XLSX 或 ODS。")
    if _longest_line(source) > _MOST_LINE:
        raise DataError(f"{source.name} 有一行超過 2 MB，不像資料表，請確認檔案是否選錯或重新匯出。")
    if not any(chunk.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n") for chunk in source.chunks()):
        raise DataError(f"{source.name} 是空的檔案，請確認是否選錯。")


def _longest_line(source: Bytes) -> int:
    """Bytes between two line ends, exact only where it is more than a piece of the file."""
    longest = running = 0
    for chunk in source.chunks():
        ends = [at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0]
        longest = max(longest, running + min(ends, default=len(chunk)))
        running = len(chunk) - 1 - max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) if ends else running + len(chunk)
    return max(longest, running)


# --- the separator


def _commonest(source: Bytes, encoding: str) -> str:
    """The separator that cuts most of the first records into equally many cells; of several the one with most cells.

    The first two records, where the headings are, count twice. A mere count would let captions full of commas win
    over the tabs between them.
    """
    with open_text(source, encoding) as stream:
        head = stream.read(_HEAD)
    return max(",;\t", key=lambda separator: _agreement(head, separator))


def _agreement(head: str, separator: str) -> tuple[int, int]:
    """How many of the first records have the same number of separators outside quotes, and which number."""
    counts: Counter[int] = Counter()
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    try:
        for number, row in enumerate(islice(filter(None, reader), _LOOKED_AT)):
            counts[len(row) - 1] += 2 if number < 2 else 1
    except csv.Error:  # an overlong cell: what was seen before it decides
        pass
    del counts[0]
    return max(((agreeing, count) for count, agreeing in counts.items()), default=(0, 0))


# --- the rows


class _Lines:
    """The lines of a text in batches, so that no Python code runs for each line; the reader resets ``batches``.

    A record that goes on over more batches than a line may be long is refused before it becomes one huge list.
    """

    def __init__(self, name: str, stream: io.TextIOWrapper) -> None:
        self.name, self.stream, self.batches = name, stream, 0

    def __iter__(self) -> Iterator[list[str]]:
        while lines := self.stream.readlines(_BATCH):
            self.batches += 1
            if self.batches * _BATCH > _MOST_LINE + _BATCH:
                raise DataError(f"{self.name} 有一列超過 2 MB，請檢查引號是否成對。")
            yield lines


def _rows(source: Bytes, encoding: str, separator: str, *, skip_first: bool) -> Iterator[tuple[int, list[str]]]:
    # One more than the most: the apostrophe that our export puts before a formula comes off again.
    csv.field_size_limit(MOST_CELL + 1)
    with open_text(source, encoding) as stream:
        if skip_first:
            stream.readline()
        lines = _Lines(source.name, stream)
        reader = csv.reader(chain.from_iterable(lines), delimiter=separator, strict=True)
        kept = line = 0
        try:
            for number, row in enumerate(reader, start=1 + skip_first):
                lines.batches = 0
                line = reader.line_num
                if len(row) > MOST_COLUMNS:
                    raise _too_wide(source.name, number, len(row))
                if (row and row[0].strip()) or "".join(row).strip():
                    kept += 1
                    if kept > MOST_ROWS + 1:  # and the headings
                        raise DataError(f"{source.name} 超過 {MOST_ROWS:,} 列，請分成幾個檔案。")
                    yield number, row
                elif number - kept > _MOST_BLANK:
                    raise DataError(f"{source.name} 的空白列超過 {_MOST_BLANK:,} 列，請刪除空白列再試。")
        except csv.Error as error:
            raise _broken(source.name, str(error), line + skip_first, reader.line_num + skip_first) from error
        except UnicodeDecodeError as error:
            raise DataError(f"{source.name} 在讀取途中被改動，請存好檔案後再試。") from error


def _too_wide(name: str, number: int, columns: int) -> DataError:
    return DataError(f"{name} 第 {number} 列有 {columns:,} 欄，超過上限 {MOST_COLUMNS:,} 欄，請確認分隔符號。")


def _broken(name: str, reason: str, last_good: int, line: int) -> DataError:
    """``last_good`` is the line that ends the last whole record, ``line`` the one at which reading stopped."""
    if "field larger" in reason:
        return DataError(f"{name} 第 {last_good + 1} 行起有超過 64 KB 的儲存格，請檢查引號是否成對，或縮短內容。")
    if "unexpected end" in reason:
        return DataError(f"{name} 第 {last_good + 1} 行起的引號沒有結束，請檢查引號是否成對。")
    return DataError(f"{name} 第 {line} 行的引號後面還有文字，請檢查引號是否成對。")
