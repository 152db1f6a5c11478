"""What stands beside each copy of a store: what it is, what it holds, why it was made, what is left out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqdash import __version__, periods, status_view, views
from sqdash.errors import BackupError
from sqdash.store import copying, originals

FORMAT = 1
FILE, STORE = "manifest.json", "store.db"
WHYS: Mapping[str, str] = {
    "hand": "手動",
    "hourly": "定時",
    "migration": "升級結構前",
    "import": "大量匯入前",
    "restore": "還原前",
}
LEFT_OUT = "權杖與密碼檔、.streamlit/secrets.toml、環境變數的設定、程式本身"


@dataclass(frozen=True, slots=True)
class Results:
    """A digest of every indicator's result: of which ROC year, judged on which day (ISO), by which program and schema.

    Another program may rightly come to other results, so digests are compared only between equal ones.
    """

    year: int
    as_of: str
    program: str
    schema: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``made_at`` is UTC (ISO); ``originals`` the hashes of the files kept with it, ``not_kept`` of imported files
    that were not beside the store (the program's own among them); ``sha256`` and ``size`` (bytes) are the copy's."""

    made_at: str
    why: str
    by: str
    store: str
    kind: str
    born: str
    revision: int
    audited: int
    schema: int
    changed_at: str
    sha256: str
    size: int
    counts: Mapping[str, int]
    originals: tuple[str, ...]
    not_kept: tuple[str, ...]
    program: str
    results: Results | None

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)

    def write(self, folder: Path) -> None:
        """Write it where the copy is; it is on the disk when this returns."""
        taipei = self.moment.astimezone(periods.TAIPEI).isoformat(timespec="seconds")
        about = {"format": FORMAT, "made_at_taipei": taipei, **asdict(self), "left_out": LEFT_OUT}
        (folder / FILE).write_text(json.dumps(about, ensure_ascii=False, indent=2), "utf-8")
        copying.flush(folder / FILE)


def read(folder: Path) -> Manifest:
    """The manifest of a backup; :class:`BackupError` where it is missing or is not one."""
    path = folder / FILE
    try:
        said = json.loads(path.read_text("utf-8"))
        if said["format"] > FORMAT:
            raise BackupError(f"備份清單「{path}」是較新的程式寫的，請改用較新的程式還原。")
        return _manifest(said)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"備份清單「{path}」無法讀取或不完整，請改選另一個備份。") from error


def _manifest(said: Mapping[str, Any]) -> Manifest:
    given = {name: said[name] for name in Manifest.__dataclass_fields__}
    results = Results(**given["results"]) if given["results"] else None
    found = Manifest(**given)
    moment = datetime.fromisoformat(found.made_at)
    if moment.tzinfo is None or found.why not in WHYS or not isinstance(found.revision, int):
        raise ValueError(found.made_at)
    of_files = (*found.originals, *found.not_kept)
    if not all(originals.NAME.fullmatch(name) for name in of_files):
        raise ValueError("originals")
    return replace(
        found,
        counts=dict(given["counts"]),
        originals=tuple(map(str, given["originals"])),
        not_kept=tuple(map(str, given["not_kept"])),
        results=results,
    )


def results(store: Path, schema: int, *, as_of: date | None = None, year: int | None = None) -> Results:
    """Work every indicator out by analysis, of the newest year unless told otherwise, and digest what came out."""
    day, of = as_of or periods.today(), year or views.default_year(store)
    rows = status_view.status(views.board(store, periods.year_period(of), day))["indicators"]
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True)
    return Results(of, day.isoformat(), __version__, schema, hashlib.sha256(text.encode()).hexdigest())


def digest(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
