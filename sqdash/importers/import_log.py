"""The import log that ``export`` writes: recognised, so that a whole export can be uploaded again; never read in."""

from __future__ import annotations

from sqdash.importers import native
from sqdash.importers.base import Task
from sqdash.importers.headings import Head, folded

name = "imports"
label = "匯入紀錄"
vocabulary: frozenset[str] = folded(*native.IMPORT_LOG)


def claims(head: Head) -> bool:
    """See :class:`sqdash.importers.base.Format`."""
    return native.is_import_log(head.cells)


def read(task: Task) -> None:
    """Nothing: the store writes this log itself."""
    task.note("匯入紀錄由系統自己記，這個檔案不需匯入，沒有任何變更。")
