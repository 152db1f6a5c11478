"""Rows of a file without a number of their own: which of those that stand each of them is."""

from __future__ import annotations

from sqdash.importers.base import Findings
from sqdash.importers.data_rows import listed
from sqdash.importers.headings import fold, named
from sqdash.importers.specs import NATIVE
from sqdash.jobs.checks import heading_of
from sqdash.store import staged_keys
from sqdash.store.staging import Stage


def recognise(stage: Stage, findings: Findings) -> None:
    """A row without a key is the one that stands with the same name and day, whoever gave that a key of its own, or
    typed the name in another width."""
    numbers = findings.generated - {rejected.row for rejected in findings.rejected}
    for table in stage.tables if numbers else ():
        spec = NATIVE[table.name]
        if not spec.derived:
            continue
        labels = "、".join(table.column(name).label for name in spec.made_of)
        alike = staged_keys.known_otherwise(stage, table.name, spec.made_of, numbers, fold)
        known = {number: keys[0] for number, keys in alike if len(keys) == 1}
        for number, keys in alike:
            if number not in known:
                why = f"與已有的{named(keys)}的{labels}都相同，無法判斷是哪一筆，請填編號。"
                findings.reject(number, heading_of(findings, table.name, spec.derived), "", "duplicate", why)
        if known:
            staged_keys.rename(stage, table.name, known)
            which = named(list(known.values()))
            findings.notes.append(
                f"{listed(list(known))}的{labels}與已有的{which}相同，認作同一筆；另有其事請自填編號。"
            )
