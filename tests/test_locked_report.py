"""Every document of a locked year, through the command and through the view: the same bytes, whatever comes later."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sqdash import cli, periods, plan_views, status_view, views
from sqdash.errors import YearLocked
from sqdash.importers.sources import Bytes
from sqdash.jobs import entries, open_year, plan_texts, upload, year_lock
from sqdash.report import writers
from sqdash.store import database, gate, save
from sqdash.tables import BY_NAME, POSTS_FILE
from tests.jobs.meta_files import PAGE, export, post, seen
from tests.making import current, put, row

Copy = Callable[[str], Path]
BY = "研考"
TODAY = periods.today()
YEAR = periods.year_period(103)
DOCUMENTS: tuple[tuple[writers.Format, bool], ...] = (
    ("odt", False),
    ("docx", False),
    ("html", False),
    ("json", False),
    ("odt", True),
    ("docx", True),
    ("html", True),
)
MADE_UP = "demo-xiaoanxin"


def written(store: Path) -> dict[tuple[str, bool], bytes]:
    """Each document of the year, the summaries too."""
    material = plan_views.material(store, YEAR)
    return {(format, summary): writers.write(material, format, summary=summary) for format, summary in DOCUMENTS}


def commanded(store: Path, folder: Path) -> dict[tuple[str, bool], bytes]:
    """The same as the command writes them."""
    found = {}
    for format, summary in DOCUMENTS:
        path = folder / "paper"
        more = ["--summary"] if summary else []
        told = ["report", "--year", "103", "--format", format, *more, "-o", str(path), "--db", str(store)]
        assert cli.main(told) == 0
        found[format, summary] = path.read_bytes()
    return found


def lock(store: Path) -> None:
    year_lock.lock(store, 103, reason="公布", by=BY)


def reach(store: Path) -> tuple[str | None, float | None]:
    """As the store is now: of a locked year what stands beside its figure."""
    board = views.board(store, YEAR)
    found = board.now.get("reach_per_post", board.results["reach_per_post"])
    return found.basis, found.figure.value if found.figure else None


def posts_file(*posts: dict[str, object]) -> Bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, POSTS_FILE, lineterminator="\n")
    writer.writeheader()
    writer.writerows(posts)
    return Bytes("貼文匯出.csv", out.getvalue().encode("utf-8-sig"))


def of_posts(store: Path) -> None:
    """A later export of the made-up page's posts of 103, with higher figures and a post more."""
    known = [one for one in current(store, "posts") if one["published_at"] < "2015"]
    assert len(known) > 200
    names = ("post_id", "page_id", "published_at", "type", "message", "permalink")
    new = dict(zip(names, (f"{MADE_UP}_99999", MADE_UP, "2014-11-03T10:00:00+08:00", "相片", "補登", ""), strict=True))
    seen_now = {"observed_at": "2016-03-01T09:00:00+08:00", "likes": 990, "reach": 9_900}
    outcome = upload.import_file(
        store, posts_file(*({name: one[name] for name in names} | seen_now for one in (*known, new))), by=BY
    )
    assert (outcome.rows, outcome.rejected) == (len(known) + 1, ())


def of_people(store: Path) -> None:
    """What a person may still change: rows of ledgers, their mark of completeness, a unit's name, a page's kind."""
    put(
        store,
        "activities",
        row("activities", activity_id="late", kind="training", held_on="2014-05-01", title="補登", sessions=70),
    )
    mark = {"indicator": "training_sessions", "period_from": "2014-01-01", "period_to": "2014-12-31"}
    entries.enter(store, BY_NAME["ledger_marks"], mark | {"state": "complete"}, reason="補登", by=BY)
    unit = {"unit": "section-1", "label": "檢驗一課", "kind": "unit", "implementing": "1", "position": "1"}
    entries.enter(store, BY_NAME["units"], unit, reason="改名", by=BY)
    page = next(one["page_id"] for one in current(store, "pages") if one["kind"] == "own")
    entries.enter(store, BY_NAME["pages"], {"page_id": page, "kind": "benchmark", "label": "改"}, reason="改", by=BY)


def of_years(store: Path) -> None:
    """The next year is opened, with its own targets, words and figures."""
    open_year.open_year(store, 104, {}, title="104 年度", reason="開立", by=BY)
    plan_texts.save(store, 104, "1.1.1.1", 1, "櫃檯整合完成。", seen=None, reason="填寫", by=BY)
    plan_texts.note_figure(store, "wifi_hotspots", "104", "增設。", by=BY)


def undone(store: Path) -> int:
    """Take back every batch that may be taken back, the newest first, and let every other one stand again."""
    with database.reading(store) as connection:
        query = "SELECT batch FROM imports WHERE undone_revision IS NULL ORDER BY batch DESC"
        batches = [batch for (batch,) in connection.execute(query)]
    taken = []
    for batch in batches:
        try:
            upload.undo(store, batch, by=BY, reason="試")
        except YearLocked:  # what the lock holds stays
            continue
        taken.append(batch)
    for batch in taken[::2]:
        upload.redo(store, batch, by=BY, reason="試")
    return len(taken)


@pytest.mark.parametrize(
    ("kind", "steps"), [("report", (of_people, of_years)), ("demo", (of_posts, of_people, of_years))]
)
def test_every_document_of_a_locked_year_stays_the_same_bytes(
    copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, steps: tuple[Callable[[Path], None], ...]
) -> None:
    store = copy(kind)
    plan_texts.note_figure(store, "fans", "103", "年底活動帶動。", by="首長")
    lock(store)
    printed = commanded(store, tmp_path)
    told = status_view.status(views.board(store, YEAR))
    assert {row["now"] for row in told["indicators"]} == {None}
    for step in steps:
        step(store)
        assert written(store) == printed, step.__name__
    later = status_view.status(views.board(store, YEAR))
    moved = {row["key"]: row["now"] for row in later["indicators"] if row["now"]}
    assert moved["training_sessions"]["value"] == (70 if kind == "report" else 125)
    assert [row | {"now": None} for row in later["indicators"]] == told["indicators"]
    assert (later["locked_at"], later["revision"]) == (told["locked_at"], told["revision"])
    assert undone(store) > 5
    monkeypatch.setattr(periods, "today", lambda: TODAY + timedelta(days=400))
    assert commanded(store, tmp_path) == printed


@pytest.fixture
def page(store: Path) -> Path:
    """The year 103 as reported, with the page's number known."""
    put(store, "pages", row("pages", page_id=PAGE, kind="own", label="小安心"))
    return store


WHOLE = "Dec-31-2013_Dec-31-2014_1234567890.csv"


def test_a_year_locked_as_reported_stays_so_though_an_export_covers_it_later(page: Path) -> None:
    lock(page)
    printed = written(page)
    upload.import_file(page, export(post(1), post(2), name=WHOLE), by=BY, answers=seen(10, 1, 2015))
    assert reach(page) == ("computed", 901.5)
    assert written(page) == printed


def test_a_year_locked_as_counted_stays_so_though_the_posts_gain_and_the_export_is_taken_back(page: Path) -> None:
    first = upload.import_file(page, export(post(1), post(2), name=WHOLE), by=BY, answers=seen(10, 1, 2015))
    lock(page)
    printed = written(page)
    assert "901.5 人" in printed["html", False].decode()
    upload.import_file(page, export(post(1, Reach=5_002), post(3)), by=BY, answers=seen(10, 3, 2015))
    assert reach(page) == ("computed", 2_269)
    assert written(page) == printed
    upload.undo(page, first.batch or 0, by=BY)
    assert reach(page)[0] == "reported"
    assert written(page) == printed


def test_a_pull_that_covers_the_year_only_after_the_lock_counts_only_after_it(page: Path) -> None:
    """A pull's parts are committed one by one: its list of posts may come before a lock and its end after it."""
    put(page, "posts", row("posts", post_id=f"{PAGE}_1", page_id=PAGE, published_at="2014-05-01T10:00:00+08:00"))
    put(page, "snapshots", row("snapshots", post_id=f"{PAGE}_1", observed_at="2015-01-10T09:00:00+08:00", reach=800))
    with gate.write(page, by="排程", reason="擷取貼文") as change:
        batch = save.open_batch(change, kind="pull", format="graph", file_name="Graph API 擷取 1")
    lock(page)
    printed = written(page)
    with database.reading(page) as connection:
        before = connection.execute("SELECT max(revision) FROM revisions").fetchone()[0]
    with gate.write(page, by="排程", reason="擷取貼文清單") as change:
        save.cover(change, batch, PAGE, "2014-01-01", "2014-12-31")
        change.note()
    with database.reading(page) as connection:  # open screens follow it
        assert connection.execute("SELECT max(revision) FROM revisions").fetchone()[0] == before + 1
    assert reach(page) == ("computed", 800)
    assert written(page) == printed


def test_a_dry_run_tells_that_the_year_is_locked(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock(store)
    path = tmp_path / "成果.csv"
    path.write_text("year,owner,number,text\n103,1.1.1.1,1,新的成果。\n", encoding="utf-8")
    told = []
    for more in (["--dry-run"], []):
        assert cli.main(["import", str(path), *more, "--db", str(store)]) == 1
        told.append(capsys.readouterr().err.strip().splitlines()[-1])
    assert told[0] == told[1]
    assert told[0].endswith("103 年度已鎖定，不能變更績效與成果，請先到計畫與成果的年度分頁解除鎖定並寫明原因。")
