"""File formats: bytes in, rows out. One module a format behind one registry; knows no store.

Today's formats are the tables of the catalogue themselves, as ``data/`` and exports write them.
"""

from __future__ import annotations

from sqdash.errors import FileNotRecognised
from sqdash.importers import native, posts_file
from sqdash.records import Row
from sqdash.tables import Table

__all__ = ["identify", "parse", "read"]


def identify(name: str, data: bytes) -> Table:
    """The table whose columns the file's heading row names; :class:`FileNotRecognised` for none."""
    head = native.headings(name, data)
    found = posts_file.TABLE if posts_file.matches(head) else native.identify(head)
    if found is None:
        raise FileNotRecognised(f"{name} 的欄名不是任何一種已知格式，請對照範本的欄名後再試。")
    return found


def parse(name: str, data: bytes, table: Table) -> list[Row]:
    """The file's rows for that table; the first bad cell raises :class:`sqdash.errors.BadCell`."""
    return native.parse(name, data, table)


def read(name: str, data: bytes) -> tuple[str, list[tuple[Table, list[Row]]]]:
    """The format's name and the file's rows for each table that it carries."""
    table = identify(name, data)
    rows = parse(name, data, table)
    return table.name, posts_file.split(rows) if table is posts_file.TABLE else [(table, rows)]
