"""Content exports through the whole import: again, later, earlier, damaged, with rows left out, covering a year."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sqdash import periods, status_view, views
from sqdash.errors import DataError, RowsRejected, Unanswered
from sqdash.importers.base import Answers, Layout
from sqdash.importers.sources import Bytes
from sqdash.jobs import export as exporting
from sqdash.jobs import upload
from sqdash.jobs.outcomes import Outcome
from sqdash.store import database, originals
from sqdash.store.queries import rows as row_queries
from sqdash.tables import BY_NAME, TABLES
from tests.importers.workbook_files import xlsx
from tests.jobs.meta_files import HEAD, PAGE, export, key, post, seen, stored
from tests.making import current, is_one_sentence, looking, put, revisions, row

Copy = Callable[[str], Path]
BY = "小編"
FIGURES = ("reach", "reactions", "comments", "shares")


@pytest.fixture
def store(copy: Copy) -> Path:
    path = copy("empty")
    put(path, "pages", row("pages", page_id=PAGE, kind="own", label="小安心"))
    return path


def bring(store: Path, file: Bytes, answers: Answers, **more: Any) -> Outcome:
    return upload.import_file(store, file, by=BY, answers=answers, **more)


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.rows, outcome.added, outcome.changed, outcome.unchanged


def now(store: Path, *columns: str) -> list[tuple[Any, ...]]:
    with looking(store) as connection:
        return connection.execute(f"SELECT {', '.join(columns)} FROM post_now ORDER BY post_id").fetchall()


def data_rows(store: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every version of every row, and everything worked out of them."""
    names = [table.name for table in TABLES] + [
        "post_now",
        "post_months",
        "post_groups",
        "post_values",
        "post_aged",
        "post_texts",
    ]
    with looking(store) as connection:
        return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


# --- the first time


def test_an_export_becomes_posts_figures_and_a_line_of_the_import_log(store: Path) -> None:
    file = export(post(1), post(2, Reach="", Reactions="0"))
    outcome = bring(store, file, seen(1))
    assert counts(outcome) == (2, 2, 0, 0)
    assert (outcome.format, outcome.encoding, outcome.rejected, outcome.warnings) == ("meta_posts", "utf-8-sig", (), ())
    first, second = current(store, "posts")
    assert (first["post_id"], first["page_id"], first["message"]) == (key(1), PAGE, "貼文 1")
    assert (first["published_at"], first["published_text"]) == ("2014-10-03T09:00:00+08:00", "10/02/2014 18:00")
    assert (first["type"], first["permalink"]) == ("相片", f"https://www.facebook.com/{PAGE}/posts/1")
    assert second["post_id"] == key(2)
    assert now(store, "post_id", "observed_at", *FIGURES) == [
        (key(1), stored(1), 901, 51, 3, 2),
        (key(2), stored(1), None, 0, 3, 2),
    ]
    with looking(store) as connection:
        log = dict(zip(row_queries.IMPORT_COLUMNS, row_queries.imports(connection)[0], strict=True))
    digest = hashlib.sha256(file.open().read()).hexdigest()
    assert log["sha256"] == digest
    assert (log["observed_at"], log["zone"], log["by"]) == (stored(1), "America/Los_Angeles", BY)
    assert (log["file_name"], log["rows"], log["added"], log["rejected"]) == ("貼文.csv", 2, 2, 0)
    assert originals.read(store, digest) == file.open().read()


def test_the_zone_that_a_person_names_is_used_and_kept(store: Path) -> None:
    bring(store, export(post(1)), seen(1, zone="Asia/Taipei"))
    assert now(store, "published_at") == [("2014-10-02T18:00:00+08:00",)]
    with looking(store) as connection:
        assert connection.execute("SELECT zone FROM imports ORDER BY batch DESC").fetchone() == ("Asia/Taipei",)


def test_a_post_that_the_file_repeats_is_counted_once_and_said(store: Path) -> None:
    outcome = bring(store, export(post(1), post(2), post(1)), seen(1))
    assert counts(outcome) == (2, 2, 0, 0)
    assert "1 列重複（內容相同），只計一次。" in outcome.notes


def test_when_it_was_exported_is_asked_and_nothing_is_written(store: Path) -> None:
    before = store.read_bytes()
    with pytest.raises(Unanswered, match="什麼時候匯出") as raised:
        bring(store, export(post(1)), Answers())
    assert [question.option for question in raised.value.questions] == ["observed_at"]
    assert is_one_sentence(raised.value)
    assert (store.read_bytes(), originals.folder(store).exists()) == (before, False)


def test_which_page_is_asked_where_the_file_does_not_say(store: Path) -> None:
    head = [name for name in HEAD if name not in ("Page ID", "Page name")]
    with pytest.raises(Unanswered) as raised:
        bring(store, export(post(1), head=head), seen(1))
    (question,) = raised.value.questions
    assert (question.option, question.choices) == ("page", ((PAGE, "小安心"),))
    bring(store, export(post(1), head=head), seen(1, page=PAGE))
    assert now(store, "post_id") == [(key(1),)]


def test_an_unknown_page_cannot_be_the_answer(store: Path) -> None:
    head = [name for name in HEAD if name != "Page ID"]
    with pytest.raises(DataError, match="沒有專頁「12345」") as raised:
        bring(store, export(post(1), head=head), seen(1, page="12345"))
    assert is_one_sentence(raised.value)


def test_posts_of_an_unknown_page_are_kept_under_its_name_and_count_in_nothing(store: Path) -> None:
    outcome = bring(store, export(post(1, **{"Page ID": "100064000000002", "Page name": "別的專頁"})), seen(1))
    assert outcome.added == 1
    assert outcome.warnings == ("粉絲專頁「別的專頁」還沒有登記，先列為未歸類；在設定標為本分局或標竿專頁後才會計入。",)
    pages = {page["page_id"]: (page["kind"], page["label"]) for page in current(store, "pages")}
    assert pages["100064000000002"] == ("unassigned", "別的專頁")
    assert value(store, "likes_per_post", 103)["n"] in (None, 0)
    assert bring(store, export(post(2, **{"Page ID": "100064000000002"})), seen(1)).warnings == ()


def value(store: Path, indicator: str, year: int) -> dict[str, Any]:
    board = views.board(store, periods.year_period(year), date(2026, 1, 1))
    (found,) = [one for one in status_view.status(board)["indicators"] if one["key"] == indicator]
    return found


# --- again


def test_the_same_bytes_again_name_the_earlier_batch_under_whatever_name(store: Path) -> None:
    first = bring(store, export(post(1), post(2)), seen(1))
    before = store.read_bytes()
    for name, answers in (("貼文.csv", seen(1)), ("另存.csv", seen(1)), ("貼文.csv", seen(9)), ("貼文.csv", Answers())):
        again = bring(store, export(post(1), post(2), name=name), answers)
        assert (again.file, again.batch, again.again) == (name, first.batch, True)
        assert counts(again) == (0, 0, 0, 0)
    assert store.read_bytes() == before


@pytest.mark.parametrize("day", [1, 9], ids=["at the same time", "later"])
def test_the_same_rows_in_another_file_change_no_data_row(store: Path, day: int) -> None:
    posts = [post(n) for n in range(1, 6)]
    bring(store, export(*posts), seen(1))
    before = data_rows(store)
    outcome = bring(store, export(*posts, ending="\n"), seen(day))
    assert counts(outcome) == (5, 0, 0, 5)
    assert data_rows(store) == before
    again = bring(store, export(*reversed(posts), encoding="utf-16"), seen(day))
    assert counts(again) == (5, 0, 0, 5)
    assert data_rows(store) == before


# --- later and earlier


def test_trap_a_later_export_adds_snapshots_and_moves_the_figures_never_adding_them_up(store: Path) -> None:
    bring(store, export(post(1), post(2)), seen(1))
    outcome = bring(store, export(post(1, Reach=990, Reactions=60), post(2), post(3)), seen(9))
    assert counts(outcome) == (3, 1, 1, 1)
    assert outcome.warnings == ()
    assert now(store, "post_id", "observed_at", "reach", "reactions") == [
        (key(1), stored(9), 990, 60),
        (key(2), stored(1), 902, 52),
        (key(3), stored(9), 903, 53),
    ]
    assert [(s["post_id"], s["observed_at"], s["reach"]) for s in current(store, "snapshots")] == [
        (key(1), stored(1), 901),
        (key(1), stored(9), 990),
        (key(2), stored(1), 902),
        (key(3), stored(9), 903),
    ]
    with looking(store) as connection:
        months = connection.execute(
            "SELECT posts, total FROM post_months WHERE page_id = ? AND month = '2014-10' AND measure = 'reach'",
            (PAGE,),
        ).fetchall()
    assert months == [(3, 990 + 902 + 903)]


def test_a_later_export_is_shown_old_beside_new_before_it_is_taken(store: Path) -> None:
    bring(store, export(post(1)), seen(1))
    before = store.read_bytes()
    looked = upload.look(store, export(post(1, Reach=990), post(2)), seen(9))
    assert store.read_bytes() == before
    assert counts(looked.outcome) == (2, 1, 1, 0)
    assert [(c.number, c.table, c.row["message"], c.columns) for c in looked.changes] == [
        (2, "snapshots", "貼文 1", {"reach": (901, 990)})
    ]
    assert (looked.label, looked.zone, looked.observed_at) == (
        "Meta 內容匯出（每篇一列）",
        "America/Los_Angeles",
        stored(9),
    )
    assert (looked.first_day, looked.last_day) == ("2014-10-03", "2014-10-04")
    assert [shown["post_id"] for shown in looked.tables["posts"]] == [key(1), key(2)]
    assert [shown["reach"] for shown in looked.tables["snapshots"]] == [990, 902]


def test_an_earlier_export_is_kept_as_history_and_said_so(store: Path) -> None:
    bring(store, export(post(1, Reach=990)), seen(9))
    outcome = bring(store, export(post(1)), seen(1))
    assert outcome.warnings == (
        "1 篇貼文已有較晚觀測的數字，這份較早的數字只存作歷史，現行數字不變，文字只補上原先沒有的。",
    )
    assert now(store, "observed_at", "reach") == [(stored(9), 990)]
    assert [s["reach"] for s in current(store, "snapshots")] == [901, 990]


def test_an_export_from_before_unchanged_figures_were_seen_again_does_not_replace_them(store: Path) -> None:
    bring(store, export(post(1)), seen(1))
    bring(store, export(post(1), ending="\n"), seen(20))
    outcome = bring(store, export(post(1, Reach=880)), seen(9))
    assert "現行數字不變" in outcome.warnings[0]
    assert now(store, "reach") == [(901,)]


def test_what_export_wrote_of_posts_that_were_observed_again_comes_back_without_a_warning(
    store: Path, tmp_path: Path
) -> None:
    bring(store, export(post(1), post(2)), seen(1))
    bring(store, export(post(1, Reach=990), post(2), ending="\n"), seen(9))
    exporting.export(store, tmp_path)
    for name in ("snapshots", "posts"):
        outcome = upload.import_file(store, tmp_path / f"{name}.csv", by=BY)
        assert (outcome.added, outcome.changed, outcome.warnings) == (0, 0, ()), name


def test_totals_that_fall_are_told_with_row_and_figures(store: Path) -> None:
    bring(store, export(post(1), post(2)), seen(1))
    file = export(post(1), post(2, Reach=800, Reactions=10))
    outcome = bring(store, file, seen(9))
    assert outcome.warnings == ("1 篇貼文的累計數字比先前少（例如第 3 列「心情」52 → 10），請確認匯出時間與檔案。",)
    assert now(store, "reach") == [(901,), (800,)]


def without(*names: str) -> list[str]:
    return [name for name in HEAD if name not in names]


def test_a_later_export_without_a_column_erases_no_figure_and_comes_back_from_its_export(
    store: Path, tmp_path: Path
) -> None:
    bring(store, export(post(1, Reach=1200)), seen(1))
    head = [*without("Reach"), "Viewers"]
    bring(store, export(post(1, Viewers=700, Reactions=60), head=head), seen(9))
    assert now(store, "observed_at", "reach", "viewers", "reactions") == [(stored(9), 1200, 700, 60)]
    exporting.export(store, tmp_path / "out")
    before = data_rows(store)
    outcome = upload.import_file(store, tmp_path / "out" / "posts.csv", by=BY)
    assert (outcome.added, outcome.changed, outcome.unchanged, data_rows(store)) == (0, 0, 1, before)


def test_a_later_export_without_captions_links_and_types_erases_none(store: Path) -> None:
    bring(store, export(post(1)), seen(1))
    before = current(store, "posts")
    outcome = bring(store, export(post(1), head=without("Title", "Description", "Permalink", "Post type")), seen(9))
    assert (counts(outcome), current(store, "posts")) == ((1, 0, 0, 1), before)


def test_rows_of_one_post_that_contradict_each_other_are_all_left_out(store: Path) -> None:
    outcome = bring(store, export(post(1), post(2), post(1, Reach=990)), seen(1), skip_rejected=True)
    assert [(r.row, r.code) for r in outcome.rejected] == [(2, "duplicate"), (4, "duplicate")]
    assert now(store, "post_id") == [(key(2),)]


# --- sums of days


def daily(number: int, *reactions: int) -> list[dict[str, object]]:
    days = enumerate(reactions, 10)
    return [post(number, Date=f"10/{d}/2014", Reactions=n, Comments="", Shares="") for d, n in days]


def test_sums_of_days_never_lower_a_figure_of_the_whole_time(store: Path) -> None:
    bring(store, export(post(1, Reactions=50), post(2, Reactions=50)), seen(1))
    outcome = bring(store, export(*daily(1, 20, 29), *daily(2, 20, 31), *daily(3, 1, 1)), seen(9))
    assert outcome.warnings[1:] == ("1 篇的逐日加總比已存的總期間數字小，沒有採用。",)
    assert now(store, "post_id", "reactions", "comments") == [(key(1), 50, 3), (key(2), 51, 3), (key(3), 2, None)]


def test_sums_of_days_that_are_all_smaller_change_nothing(store: Path) -> None:
    bring(store, export(post(1, Reactions=50)), seen(1))
    before = data_rows(store)
    looked = upload.look(store, export(*daily(1, 20, 20)), seen(9))
    assert "1 篇的逐日加總比已存的總期間數字小，沒有採用。" in looked.outcome.warnings
    outcome = bring(store, export(*daily(1, 20, 20)), seen(9))
    assert (counts(outcome), outcome.warnings) == ((0, 0, 0, 0), looked.outcome.warnings)
    assert data_rows(store) == before


# --- undone


def test_undoing_the_later_export_restores_every_figure(store: Path) -> None:
    bring(store, export(post(1), post(2)), seen(1))
    before = now(store, "*"), current(store, "posts"), current(store, "snapshots")
    later = bring(store, export(post(1, Reach=990, Description="改過"), post(2), post(3)), seen(9))
    upload.undo(store, later.batch or 0, by=BY)
    assert (now(store, "*"), current(store, "posts"), current(store, "snapshots")) == before


def test_undoing_the_first_export_leaves_what_the_later_one_stated(store: Path) -> None:
    first = bring(store, export(post(1), post(2)), seen(1))
    bring(store, export(post(1, Reach=990), name="十一月.csv"), seen(9))
    sentence = upload.outlook(store, first.batch or 0).sentence
    assert "批次 3（十一月.csv）" in sentence
    assert is_one_sentence(sentence)
    upload.undo(store, first.batch or 0, by=BY)
    assert now(store, "post_id", "reach") == [(key(1), 990)]
    again = bring(store, export(post(1), post(2)), seen(1))
    assert again.again is False
    assert now(store, "post_id", "reach") == [(key(1), 990), (key(2), 902)]


# --- rows that cannot be taken

FUTURE = {"Publish time": "01/01/2090 10:00"}


def test_a_file_with_a_row_that_cannot_be_taken_is_refused_whole(store: Path) -> None:
    before = store.read_bytes()
    with pytest.raises(RowsRejected) as raised:
        bring(store, export(post(1), post(2, **FUTURE), post(3, Reach="很多")), seen(1))
    assert [(r.row, r.column, r.value, r.code) for r in raised.value.rejected] == [
        (3, "Publish time", "01/01/2090 10:00", "future"),
        (4, "Reach", "很多", "not_number"),
    ]
    assert (store.read_bytes(), originals.folder(store).exists()) == (before, False)


def test_rows_left_out_on_a_persons_word_stay_in_the_log(store: Path) -> None:
    outcome = bring(store, export(post(1), post(2, **FUTURE)), seen(1), skip_rejected=True)
    assert counts(outcome) == (2, 1, 0, 0)
    assert now(store, "post_id") == [(key(1),)]
    with looking(store) as connection:
        assert row_queries.rejections(connection, outcome.batch or 0) == [
            (3, "Publish time", "01/01/2090 10:00", "future", "是還沒到的時間，請檢查。")
        ]
        assert connection.execute("SELECT rows, rejected FROM imports ORDER BY batch DESC").fetchone() == (2, 1)


# --- ids that Excel damaged


def damaged(number: int, **more: object) -> dict[str, object]:
    return post(number, **{"Post ID": "1.16E+15", **more})


def test_trap_damaged_ids_are_found_by_permalink_and_time_and_it_is_said(store: Path) -> None:
    bring(store, export(post(1), post(2)), seen(1))
    outcome = bring(store, export(damaged(1, Reach=990), damaged(2)), seen(9))
    assert counts(outcome) == (2, 0, 1, 1)
    assert outcome.warnings == ("2 列的貼文編號已被 Excel 改壞，已用永久連結與發布時間找回原來的貼文。",)
    assert now(store, "post_id", "reach") == [(key(1), 990), (key(2), 902)]


def test_ids_of_which_the_whole_file_lost_the_last_digit_are_found_by_permalink_and_time(store: Path) -> None:
    whole = [f"1221000000123{n}7" for n in range(10, 13)]
    bring(store, export(*(post(n, **{"Post ID": text}) for n, text in enumerate(whole))), seen(1))
    cut = [post(n, **{"Post ID": text[:-1] + "0", "Reach": 990}) for n, text in enumerate(whole)]
    outcome = bring(store, export(*cut), seen(9))
    assert counts(outcome) == (3, 0, 3, 0)
    assert outcome.warnings == ("3 列的貼文編號已被 Excel 改壞，已用永久連結與發布時間找回原來的貼文。",)
    assert now(store, "post_id", "reach") == [(f"{PAGE}_{text}", 990) for text in whole]


def test_a_damaged_id_that_cannot_be_found_is_refused(store: Path) -> None:
    bring(store, export(post(1)), seen(1))
    with pytest.raises(RowsRejected) as raised:
        bring(store, export(damaged(1), damaged(2)), seen(9))
    assert [(r.row, r.column, r.value, r.code) for r in raised.value.rejected] == [
        (3, "Post ID", "1.16E+15", "damaged_id")
    ]
    assert raised.value.rejected[0].reason == (
        "編號已被 Excel 改壞（只留 15 位數），也找不到連結與時間相同的貼文，請從 Meta 重新匯出或改用 XLSX。"
    )
    assert is_one_sentence(raised.value)
    outcome = bring(store, export(damaged(1), damaged(2)), seen(9), skip_rejected=True)
    assert counts(outcome) == (2, 0, 0, 1)
    assert now(store, "post_id") == [(key(1),)]


# --- days that are covered whole


@pytest.fixture
def reported(copy: Copy) -> Path:
    """The year 103 as reported, with the page's number known."""
    path = copy("report")
    put(path, "pages", row("pages", page_id=PAGE, kind="own", label="小安心"))
    return path


WHOLE = "Dec-31-2013_Dec-31-2014_1234567890.csv"


def coverage(store: Path) -> list[tuple[Any, ...]]:
    with looking(store) as connection:
        return connection.execute("SELECT page_id, day_from, day_to FROM coverage").fetchall()


def test_an_export_that_covers_the_whole_year_makes_the_reported_value_give_way(reported: Path) -> None:
    before = value(reported, "reach_per_post", 103)
    assert (before["basis"], before["low"], before["high"]) == ("reported", 700, 800)
    outcome = bring(reported, export(post(1), post(2), name=WHOLE), seen(10, 1, 2015))
    assert coverage(reported) == [(PAGE, "2014-01-01", "2014-12-31")]
    after = value(reported, "reach_per_post", 103)
    assert (after["basis"], after["value"], after["n"]) == ("computed", 901.5, 2)
    upload.undo(reported, outcome.batch or 0, by=BY)
    assert value(reported, "reach_per_post", 103) == before


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("貼文.csv", 10),
        ("Jan-01-2014_Dec-31-2014_1234567890.csv", 10),  # its first Taipei day is not whole
        ("Dec-31-2013_Dec-30-2014_1234567890.csv", 10),
    ],
    ids=["no days in the name", "from a day too late", "to a day too early"],
)
def test_days_that_are_not_covered_whole_leave_the_reported_value(reported: Path, name: str, day: int) -> None:
    bring(reported, export(post(1), post(2), name=name), seen(day, 1, 2015))
    assert value(reported, "reach_per_post", 103)["basis"] == "reported"


def test_a_name_that_promises_days_after_the_export_covers_nothing(reported: Path) -> None:
    bring(reported, export(post(1), name=WHOLE), seen(1, 12))
    assert coverage(reported) == []


def test_a_file_of_which_rows_were_left_out_covers_nothing(reported: Path) -> None:
    bring(reported, export(post(1), post(2, **FUTURE), name=WHOLE), seen(10, 1, 2015), skip_rejected=True)
    assert coverage(reported) == []
    assert value(reported, "reach_per_post", 103)["basis"] == "reported"


def test_two_exports_cover_a_year_together(reported: Path) -> None:
    bring(reported, export(post(1), name="Dec-31-2013_Jun-30-2014_1.csv"), seen(10, 1, 2015))
    assert value(reported, "reach_per_post", 103)["basis"] == "reported"
    bring(reported, export(post(2), name="Jun-30-2014_Dec-31-2014_1.csv"), seen(10, 1, 2015))
    found = value(reported, "reach_per_post", 103)
    assert (found["basis"], found["n"]) == ("computed", 2)


def test_every_own_page_with_posts_must_be_covered(reported: Path) -> None:
    other = "100064000000009"
    put(reported, "pages", row("pages", page_id=other, kind="own", label="第二專頁"))
    bring(reported, export(post(1, **{"Page ID": other})), seen(10, 1, 2015))
    bring(reported, export(post(1), name=WHOLE), seen(10, 1, 2015))
    assert value(reported, "reach_per_post", 103)["basis"] == "reported"


def test_a_page_that_began_later_leaves_earlier_years_as_they_were(reported: Path) -> None:
    other = "100064000000009"
    bring(reported, export(post(1), name=WHOLE), seen(10, 1, 2015))
    before = value(reported, "reach_per_post", 103)
    assert before["basis"] == "computed"
    put(reported, "pages", row("pages", page_id=other, kind="own", label="第二專頁"))
    later = {"Page ID": other, "Publish time": "05/02/2015 02:00"}
    bring(reported, export(post(9, **later)), seen(10, 7, 2015))
    assert value(reported, "reach_per_post", 103) == before


# --- layouts

UNKNOWN = "場次名稱,哪一天,誰辦的,來了幾人\n商品安全講座,103/06/10,嘉辦,35\n"
ASSIGNED = Layout(
    "activities",
    {"場次名稱": "title", "哪一天": "held_on", "誰辦的": "unit", "來了幾人": "attendees"},
    {"kind": "業務推廣活動"},
)


def test_an_assignment_of_columns_is_remembered_by_the_headings_and_said(copy: Copy) -> None:
    store = copy("report")
    before = store.read_bytes()
    with pytest.raises(DataError, match="指定每一欄的意思"):
        upload.import_file(store, Bytes("一月.csv", UNKNOWN.encode()), by=BY)
    assert store.read_bytes() == before
    first = upload.import_file(store, Bytes("一月.csv", UNKNOWN.encode()), by=BY, answers=Answers(layout=ASSIGNED))
    assert (first.format, first.added) == ("activities", 1)
    head, line = "來了幾人,誰辦的,哪一天,場次名稱", "40,第六課,103/07/01,度量衡講座"
    second = upload.import_file(store, Bytes("二月.csv", f"{head}\n{line}\n".encode()), by=BY)
    assert (second.format, second.added) == ("activities", 1)
    assert "沿用上次為這種欄名指定的欄位對應。" in second.notes
    found = [(a["title"], a["kind"], a["unit"], a["attendees"]) for a in current(store, "activities")]
    assert ("商品安全講座", "outreach", "chiayi", 35) in found
    assert ("度量衡講座", "outreach", "section-6", 40) in found


def test_an_assignment_is_not_remembered_from_a_look_or_a_refused_file(copy: Copy) -> None:
    store = copy("report")
    answers = Answers(layout=ASSIGNED)
    upload.look(store, Bytes("一月.csv", UNKNOWN.encode()), answers)
    with pytest.raises(RowsRejected):
        upload.import_file(store, Bytes("壞.csv", UNKNOWN.replace("35", "多").encode()), by=BY, answers=answers)
    with looking(store) as connection:
        assert connection.execute("SELECT count(*) FROM layouts").fetchone() == (0,)


# --- a whole export comes back


@pytest.mark.parametrize("kind", ["report", "demo"])
def test_every_file_that_export_wrote_changes_nothing_when_it_is_imported(
    copy: Copy, tmp_path: Path, kind: str
) -> None:
    store = copy(kind)
    written = exporting.export(store, tmp_path / "out")
    before = data_rows(store)
    with looking(store) as connection:
        batches = [b for (b,) in connection.execute("SELECT batch FROM imports")]
    for name in written:
        outcome = upload.import_file(store, tmp_path / "out" / name, by=BY)
        assert (name, outcome.added, outcome.changed, outcome.error, outcome.rejected) == (name, 0, 0, None, ())
        if name != "imports.csv":
            assert outcome.unchanged == written[name]
    assert data_rows(store) == before
    filled = [name for name, rows in written.items() if rows and name != "imports.csv"]
    assert revisions(store) == len(batches) + len(filled)


def test_posts_in_a_store_come_back_from_their_own_export(store: Path, tmp_path: Path) -> None:
    bring(store, export(post(1), post(2)), seen(1))
    bring(store, export(post(1, Reach=990), post(2), ending="\n"), seen(9))
    exporting.export(store, tmp_path / "out")
    before = data_rows(store)
    for name in ("posts.csv", "snapshots.csv", "pages.csv"):
        outcome = upload.import_file(store, tmp_path / "out" / name, by=BY)
        assert (name, outcome.added, outcome.changed) == (name, 0, 0)
    assert data_rows(store) == before


def test_what_was_exported_makes_the_same_store_again(store: Path, made: Copy, tmp_path: Path) -> None:
    bring(store, export(post(1), post(2)), seen(1))
    bring(store, export(post(1, Reach=990), post(2)), seen(9))
    exporting.export(store, tmp_path / "out")
    (tmp_path / "other").mkdir()
    other = Path(shutil.copy(made("empty"), tmp_path / "other" / "store.db"))
    for table in ("pages", "posts", "snapshots"):
        upload.import_file(other, tmp_path / "out" / f"{table}.csv", by=BY)
    wanted = [name for name in BY_NAME["posts"].names if name != "published_text"]
    assert [{n: p[n] for n in wanted} for p in current(other, "posts")] == [
        {n: p[n] for n in wanted} for p in current(store, "posts")
    ]
    assert current(other, "snapshots") == current(store, "snapshots")


# --- several at once


def test_the_same_file_twice_at_once_is_one_batch(store: Path) -> None:
    file = export(*(post(n) for n in range(1, 60)))
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: bring(store, file, seen(31, 12)), range(4)))
    assert sorted(outcome.again for outcome in outcomes) == [False, True, True, True]
    assert {outcome.batch for outcome in outcomes} == {2}
    assert len(now(store, "post_id")) == 59


def test_files_at_once_all_go_in_and_the_newest_observation_counts(store: Path) -> None:
    def one(day: int) -> Outcome:
        return bring(store, export(post(1, Reach=1_000 + day)), seen(day))

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(one, (9, 3, 7, 5)))
    assert sorted(outcome.batch or 0 for outcome in outcomes) == [2, 3, 4, 5]
    assert now(store, "reach") == [(1_009,)]
    assert [s["reach"] for s in current(store, "snapshots")] == [1_003, 1_005, 1_007, 1_009]


def test_a_reader_during_an_import_sees_the_old_state(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen_by_reader: list[int] = []
    keep = originals.keep

    def looked(*given: Any) -> None:
        with database.reading(store) as connection:
            seen_by_reader.append(connection.execute("SELECT count(*) FROM posts").fetchone()[0])
        keep(*given)

    monkeypatch.setattr(originals, "keep", looked)
    bring(store, export(post(1)), seen(1))
    assert seen_by_reader == [0]
    assert now(store, "post_id") == [(key(1),)]


def test_two_sheets_of_one_workbook_are_two_imports(store: Path) -> None:
    def fill(book: Any) -> None:
        for name, month in (("上半年", "103/06"), ("下半年", "103/12")):
            sheet = book.add_worksheet(name)
            for at, cells in enumerate((("月份", "受理件數", "辦結件數"), (month, "18", "18"))):
                sheet.write_row(at, 0, cells)

    book = Bytes("陳情.xlsx", xlsx(fill))
    first, second = bring(store, book, Answers()), bring(store, book, Answers(sheet="下半年"))
    assert [row["month"] for row in current(store, "petitions")] == ["2014-06", "2014-12"]
    assert (first.added, second.added) == (1, 1)
    assert bring(store, book, Answers(sheet="下半年")).batch == second.batch
    assert bring(store, book, Answers()).batch == first.batch


def test_a_number_and_the_whole_id_of_the_same_post_stand_once_in_a_file(store: Path) -> None:
    lines = ["貼文編號,專頁編號,發布時間,觀測時間,按讚"]
    lines += [f"{post},9001,103/06/01 09:00,103/06/02 09:00,5" for post in ("101", "9001_101")]
    outcome = bring(store, Bytes("貼文.csv", "\n".join(lines).encode()), Answers())
    assert (counts(outcome), now(store, "post_id")) == ((1, 1, 0, 0), [("9001_101",)])
    assert "1 列重複（內容相同），只計一次。" in outcome.notes
    with pytest.raises(RowsRejected) as raised:
        bring(store, Bytes("貼文.csv", "\n".join([*lines, lines[1].replace(",5", ",6")]).encode()), Answers())
    assert [(r.row, r.code) for r in raised.value.rejected] == [(row, "duplicate") for row in (2, 3, 4)]
