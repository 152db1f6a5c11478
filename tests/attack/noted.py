"""What people and the program note beside the data, hostile: accounts, reviews, notes, alerts, backups, the log."""

from __future__ import annotations

from pathlib import Path

from sqdash import periods
from sqdash.analysis import alerts as rules
from sqdash.jobs import accounts, alerts, audit, backup, plan_texts, restoring, year_lock
from sqdash.people import Role
from sqdash.records import Alert
from sqdash.settings import GraphSettings
from sqdash.store import alerts as log_of
from sqdash.store import database, gate
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME

YEAR = 103
_PLACES = (
    *("帳號", "姓名", "停用", "使用者", "審核", "註記", "提醒", "備份", "還原", "經手", "對象", "內容"),
    "鎖定",
)
NOTED = {place: f"〔{place}〕<img src=x onerror=marked(1)>[x](//elsewhere.example)" for place in _PLACES}
"""Where it is noted → what; short enough for a name."""


def note(path: Path) -> None:
    """Note all of it but the lock, as the screens and commands do."""
    by = NOTED["經手"]
    with database.reading(path) as connection:
        unit = next(rows.current(connection, BY_NAME["units"]))["unit"]
        text = next(rows.current(connection, BY_NAME["result_texts"], "year = ?", (YEAR,)))
    accounts.add(path, NOTED["帳號"], shown=NOTED["姓名"], role=Role.VIEWER, unit=unit, by=by)
    accounts.disable(path, NOTED["帳號"], reason=NOTED["停用"], by=by)
    accounts.name_desk(path, NOTED["使用者"], unit, by=by)
    which = (YEAR, text["owner"], text["number"])
    plan_texts.review(path, *which, "submitted", seen=text["text"], by=by, note=NOTED["審核"])
    plan_texts.note_figure(path, "likes_per_post", str(YEAR), NOTED["註記"], by=by)
    _alert(path)
    made = backup.make(path, why="hand", by=NOTED["備份"]).backup
    restoring.restore(path, made.folder, by=by, reason=NOTED["還原"])
    audit.note(path, by, "export", NOTED["對象"], NOTED["內容"])


def lock(path: Path) -> None:
    """Lock the year, after which nothing of it can be reviewed."""
    year_lock.lock(path, YEAR, reason=NOTED["鎖定"], by=NOTED["經手"])


def _alert(path: Path) -> None:
    """What stands, and one that says what somebody else's server said."""
    now = periods.now()
    found = rules.found(alerts.gathered(path, GraphSettings(), now), alerts.in_force(path))
    said = Alert("hostile", "pull", "urgent", NOTED["提醒"], "sources")
    with gate.write(path, by=alerts.BY, reason="提醒更新") as change:
        log_of.put(change, [*found, said], periods.noted(now))
