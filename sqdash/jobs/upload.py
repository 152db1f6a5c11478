"""Files into the store: looked at first, then each one batch in one transaction that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqdash.errors import BadRow, DataError, RowsRejected, SqdashError, YearLocked
from sqdash.importers import registry
from sqdash.importers.base import Answers, Findings
from sqdash.importers.sources import Bytes
from sqdash.jobs import checks, layouts, recognition, whose
from sqdash.jobs.entries import reason_of
from sqdash.jobs.outcomes import Changed, Outcome, Preview
from sqdash.store import database, gate, locks, originals, save, staged_changes, stated
from sqdash.store.queries import rows as row_queries
from sqdash.store.staging import Stage, transient
from sqdash.tables import TABLES

if TYPE_CHECKING:
    from sqdash.store.outlook import Outlook

Progress = Callable[[int], None]
SHOWN_ROWS, SHOWN_CHANGES = 8, 20
MANY_ROWS = 10_000
"""An import of more rows than this is not begun without a backup of what stands."""


@dataclass(slots=True)
class _Read:
    """A file read into a stage."""

    outcome: Outcome
    opened: registry.Opened
    findings: Findings
    stage: Stage
    units: frozenset[str] | None


def look(
    store: Path,
    source: Bytes,
    answers: Answers = checks.NO_ANSWERS,
    progress: Progress | None = None,
    *,
    units: frozenset[str] | None = None,
    tables: frozenset[str] | None = None,
) -> Preview:
    """Read and compare without writing; raises as :func:`import_file` does, but for rows that are refused."""
    with gate.opened(store) as connection:
        earlier = row_queries.batch_of_hash(connection, source.sha256(), answers.format, answers.sheet)
        read = _read(connection, source, answers, progress, units, tables)
        with transient(connection):
            _settle(read)
        stage, findings, opened = read.stage, read.findings, read.opened
        shown = {t.name: stage.first(t.name, SHOWN_ROWS) for t in stage.tables if stage.rows(t.name)}
        return Preview(
            read.outcome,
            opened.format.label,
            opened.sheet.sheet,
            opened.sheet.sheets,
            findings.zone,
            findings.observed_at,
            findings.first_day,
            findings.last_day,
            shown,
            _changes(stage),
            earlier[0] if earlier else None,
            layout=findings.layout,
            remembered=findings.layout is not None and answers.layout is None,
            headings=opened.found.head.cells,
            sample=opened.sample,
            locked=locks.refusal(connection, stage.moved),
        )


def import_file(
    store: Path,
    file: Path | Bytes,
    *,
    by: str,
    answers: Answers = checks.NO_ANSWERS,
    skip_rejected: bool = False,
    keep_original: bool = True,
    progress: Progress | None = None,
    units: frozenset[str] | None = None,
    tables: frozenset[str] | None = None,
) -> Outcome:
    """Import one file whole or not at all.

    ``units``: for which units the person may write; rows of others are refused rows. ``tables``: which tables the
    person may change; a file with another is :class:`NotAllowed`. None for either: all.

    Raises a :class:`DataError`: :class:`RowsRejected` with every row that cannot be taken (unless they may be
    left out), :class:`Unanswered` with what a person must say first, others for the file as a whole. The same
    bytes again are no new batch: the earlier one is named and nothing changes.
    """
    source = file if isinstance(file, Bytes) else Bytes(file)
    digest = source.sha256()
    with gate.opened(store) as connection:
        if earlier := row_queries.batch_of_hash(connection, digest, answers.format, answers.sheet):
            return Outcome(source.name, earlier[1], batch=earlier[0], again=True)
        read = _read(connection, source, answers, progress, units, tables)
        if not read.stage.filled() and not read.findings.rejected:  # headings alone say nothing and change nothing
            return read.outcome
        with _telling(read):
            _back_up_first(store, read.stage, by)
        with _telling(read), gate.change(store, connection, by=by, reason=f"匯入 {source.name}") as change:
            if earlier := row_queries.batch_of_hash(connection, digest, read.outcome.format, answers.sheet):
                return Outcome(source.name, earlier[1], batch=earlier[0], again=True)
            outcome = _store(change, read, digest, answers, skip_rejected=skip_rejected)
            if (
                keep_original and outcome.batch is not None
            ):  # last, so that a file that is refused leaves nothing behind
                with source.open() as stream:
                    originals.keep(store, digest, stream)
            return outcome


def in_order(files: Sequence[Path]) -> list[Path]:
    """The files in the order in which to import them: those named after our tables, as an export has them, so that what
    a row names comes before it and a year is locked last; every other file keeps its turn."""
    names = [table.name for table in TABLES if table.name != "year_locks"] + ["year_locks"]
    place = {name: n for n, name in enumerate(names)}
    ours = iter(sorted((file for file in files if file.stem in place), key=lambda file: place[file.stem]))
    return [next(ours) if file.stem in place else file for file in files]


def refused(source: Bytes, error: SqdashError) -> Outcome:
    """The outcome of a file that ``error`` kept out, with what had been learnt of it until then."""
    known = error.understood if isinstance(error.understood, Outcome) else Outcome(source.name, "")
    rejected = error.rejected if isinstance(error, RowsRejected) else ()
    return Outcome(known.file, known.format, known.encoding, known.rows, rejected=rejected, error=error.in_command)


@contextmanager
def _telling(read: _Read) -> Iterator[None]:
    """An error from within carries what is known of the file, so that nobody has to read it again."""
    try:
        yield
    except SqdashError as error:
        error.understood = read.outcome
        raise


def require_accepted(outcome: Outcome, *, skip_rejected: bool) -> None:
    """:class:`RowsRejected` where rows cannot be taken and may not be left out, or where none would be left."""
    taken = outcome.added + outcome.changed + outcome.unchanged
    if outcome.rejected and (not skip_rejected or not taken):
        error = RowsRejected(outcome.file, outcome.rejected)
        error.understood = outcome
        raise error


def require_open(preview: Preview) -> None:
    """:class:`YearLocked` where importing would change a locked year."""
    if preview.locked:
        error = YearLocked(preview.locked)
        error.understood = preview.outcome
        raise error


def _read(
    connection: database.Connection,
    source: Bytes,
    answers: Answers,
    progress: Progress | None,
    units: frozenset[str] | None,
    tables: frozenset[str] | None,
) -> _Read:
    known = checks.known(connection)
    if answers.page and answers.page not in known.pages:
        raise DataError(f"沒有專頁「{answers.page[:40]}」，請先在設定新增，或改用已登記的專頁編號。")
    opened = registry.look(source, answers, known)
    outcome = Outcome(source.name, opened.format.name, opened.sheet.encoding)
    read = _Read(outcome, opened, Findings(), Stage(connection), units)
    with _telling(read):
        with transient(connection):
            read.findings = findings = registry.read(opened, answers, known, read.stage, progress)
        whose.require_tables(read.stage, tables)
    read.stage.thin = findings.thin
    read.outcome = read.outcome._replace(notes=tuple(findings.notes))
    return read


def _back_up_first(store: Path, stage: Stage, by: str) -> None:
    """A file of many rows goes into a store with something in it only once that is backed up."""
    if sum(stage.rows(table.name) for table in stage.tables) > MANY_ROWS:
        from sqdash.jobs import backup  # most files are small, and start the sooner without it

        backup.before_import(store, by=by)


def _settle(read: _Read) -> None:
    """Check the staged rows against the store and count what they would do."""
    stage, findings = read.stage, read.findings
    recognition.recognise(stage, findings)
    whose.check(stage, findings, read.units)
    checks.check(stage, findings)
    stage.rank = stated.rank(findings.observed_at)
    stage.compare()
    checks.warn(stage, findings)
    added, changed, unchanged = stage.counts()
    refused = len({rejected.row for rejected in findings.rejected})
    read.outcome = read.outcome._replace(
        rows=added + changed + unchanged + refused,
        added=added,
        changed=changed,
        unchanged=unchanged,
        rejected=tuple(sorted(findings.rejected, key=lambda r: r.row or 0)),
        notes=tuple(findings.notes),
        warnings=tuple(findings.warnings),
    )


def _store(change: gate.Change, read: _Read, digest: str, answers: Answers, *, skip_rejected: bool) -> Outcome:
    _settle(read)
    outcome, findings = read.outcome, read.findings
    require_accepted(outcome, skip_rejected=skip_rejected)
    if not read.stage.filled():  # the checks found nothing to take: no batch, so that the file may come again
        return outcome
    batch = save.open_batch(
        change,
        kind="file",
        format=outcome.format,
        file_name=outcome.file,
        sha256=digest,
        encoding=outcome.encoding,
        observed_at=findings.observed_at,
        zone=findings.zone,
        sheet=answers.sheet,
    )
    try:
        save.put_staged(change, read.stage, batch)
    except BadRow as error:
        raise DataError(f"{outcome.file} {error}") from error
    save.close_batch(change, batch, save.Counts(outcome.added, outcome.changed, outcome.unchanged), outcome.rejected)
    if not outcome.rejected:
        for page, first, last in findings.coverage:
            save.cover(change, batch, page, first, last)
    if answers.layout:
        save.remember_layout(change, read.opened.found.head.signature, layouts.as_json(answers.layout))
    return outcome._replace(batch=batch)


def _changes(stage: Stage) -> list[Changed]:
    """The first rows that change, old beside new, posts' figures first."""
    found = [
        Changed(number, "snapshots", post, figures)
        for number, post, figures in staged_changes.moves(stage, SHOWN_CHANGES)
    ]
    for table in stage.tables:
        if table.name == "snapshots":
            continue
        for number, old, new in staged_changes.changes(stage, table.name, SHOWN_CHANGES):
            if pairs := {name: (old[name], new[name]) for name in new if old[name] != new[name]}:
                found.append(Changed(number, table.name, old | new, pairs))
    return found[:SHOWN_CHANGES]


def undo(store: Path, batch: int, *, by: str, reason: str = "還原匯入") -> dict[str, int]:
    """Take a batch back; the number of keys touched per table."""
    from sqdash.store import restore  # here and below: the import of a file starts the sooner without it

    why = reason_of(reason, of="還原")
    with gate.write(store, by=by, reason=f"還原匯入批次 {batch}：{why}") as change:
        return restore.undo(change, batch, why)


def redo(store: Path, batch: int, *, by: str, reason: str) -> dict[str, int]:
    """Let a batch that was taken back stand again; the number of keys touched per table."""
    from sqdash.store import restore

    why = reason_of(reason, of="恢復")
    with gate.write(store, by=by, reason=f"恢復匯入批次 {batch}：{why}") as change:
        return restore.redo(change, batch, why)


def outlook(store: Path, batch: int) -> Outlook:
    """What taking the batch back would do, and which later batches touched the same rows."""
    from sqdash.store import outlook as foretold

    with database.reading(store) as connection:
        return foretold.of(connection, batch)
