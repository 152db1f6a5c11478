"""Every error that this project raises on purpose, in one tree.

SqdashError                  one sentence for a person: what is wrong, where, what to do
├── PeriodError              a year, date or period that cannot be read
├── SettingsError            a setting that is missing or not allowed
├── DataError                something in a file or an entry is not acceptable
│   ├── FileNotRecognised    no known format has these headings
│   ├── BadCell              one value in one row cannot be taken
│   ├── BadRow               the values of one row do not go together
│   └── BadReference         a row names something the store does not have
└── StoreError               the store cannot be used as it is
    ├── StoreMissing         there is no store at this path
    ├── StoreUnusable        a directory, an empty, foreign or damaged file
    ├── StoreTooNew          written by a newer version of this program
    ├── StoreReadOnly        may be read, not written
    └── StoreBusy            another process holds the write gate

Messages are in Traditional Chinese because they reach people as they stand.
"""

from __future__ import annotations


class SqdashError(Exception):
    """Base of all expected errors. ``str(error)`` is one complete sentence."""


class PeriodError(SqdashError):
    """A ROC year, date or period that cannot be read."""


class SettingsError(SqdashError):
    """A setting that is missing or not allowed."""


class DataError(SqdashError):
    """A file or an entry that cannot be taken."""


class FileNotRecognised(DataError):
    """No known format has these headings."""


class BadCell(DataError):
    """One value that cannot be taken.

    ``file``, ``row`` (1 is the heading row, None for an entry), ``column`` and ``value`` say where; ``reason`` says why
    and what to do.
    """

    def __init__(self, file: str, row: int | None, column: str, value: str, reason: str) -> None:
        self.file, self.row, self.column, self.value, self.reason = file, row, column, value, reason
        shown = value if len(value) <= 40 else value[:40] + "…"
        where = f" 第 {row} 列" if row else ""
        super().__init__(f"{file}{where}「{column}」的值「{shown}」無法採用：{reason}")


class BadRow(DataError):
    """The values of one row do not go together; ``number`` is the row's (None for an entry), ``reason`` says why."""

    def __init__(self, number: int | None, reason: str) -> None:
        self.number, self.reason = number, reason
        super().__init__(f"第 {number} 列{reason}" if number else reason)


class BadReference(DataError):
    """A row names something the store does not have."""


class StoreError(SqdashError):
    """The store cannot be used as it is."""


class StoreMissing(StoreError):
    """There is no store at this path."""


class StoreUnusable(StoreError):
    """A directory, an empty file, another program's file or a damaged one."""


class StoreTooNew(StoreError):
    """The file was written by a newer version of this program."""


class StoreReadOnly(StoreError):
    """The store may be read, but not written."""


class StoreBusy(StoreError):
    """Another process holds the write gate for longer than the waiting time."""
