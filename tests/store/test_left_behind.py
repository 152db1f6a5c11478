"""Which rows of others would name what goes with a batch that is taken back, or with a row that is struck."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqdash.jobs import upload
from sqdash.store import database, left_behind
from sqdash.tables import BY_NAME
from tests.making import is_one_sentence, last_import, put, row

Copy = Callable[[str], Path]
PLACE = {"kind": "unit", "valid_from": "2026-01-01", "implementing": 0, "position": 99}


def unit(store: Path, code: str, **more: object) -> int:
    """A batch with one unit."""
    put(store, "units", row("units", unit=code, label=code, **PLACE | more))
    return int(last_import(store, "batch")[0])


def training(store: Path, code: str) -> None:
    put(
        store,
        "activities",
        row("activities", activity_id="1", kind="other", held_on="2026-02-01", title="x", unit=code),
    )


def test_rows_of_other_batches_that_name_what_goes_are_told(copy: Copy) -> None:
    store = copy("report")
    batch = unit(store, "new")
    training(store, "new")
    found = upload.outlook(store, batch)
    assert found.behind == (("activities", 1),)
    assert is_one_sentence(found.sentence)
    assert found.sentence == (
        f"還原批次 {batch} 將移除 1 列；活動紀錄 1 列提到移除的列，之後就找不到所指的內容，請一併還原或更正。"
    )


def test_posts_of_a_unit_that_goes_are_counted_each_once(copy: Copy) -> None:
    store = copy("report")
    batch = unit(store, "new")
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    for number, day, code in (("1", "2025-12-31", "new"), ("2", "2026-01-01", "new"), ("3", "2026-01-02", "section-6")):
        post = {"post_id": f"1_{number}", "page_id": "1", "published_at": f"{day}T09:00:00+08:00"}
        put(store, "posts", row("posts", **post, unit=code))
    assert upload.outlook(store, batch).behind == (("posts", 2),)


def test_nothing_is_left_behind_where_another_row_of_the_same_code_stays(copy: Copy) -> None:
    store = copy("report")
    unit(store, "new")
    renamed = unit(store, "new", valid_from="2026-07-01")
    training(store, "new")
    assert upload.outlook(store, renamed).behind == ()


def test_rows_of_the_batch_itself_and_rows_that_name_others_are_not_meant(copy: Copy) -> None:
    store = copy("report")
    batch = unit(store, "new")
    training(store, "section-6")
    assert upload.outlook(store, batch).behind == ()
    assert [upload.outlook(store, number).behind for number in (13, 17)] == [(), ()]


def test_parts_of_the_plan_are_told_in_the_catalogues_order(copy: Copy) -> None:
    assert upload.outlook(copy("report"), 8).behind == (
        ("method_units", 191),
        ("result_links", 12),
        ("method_indicators", 35),
    )


def struck(store: Path, table: str, *key: object) -> left_behind.Left:
    """What names a row of that key and would find it no more."""
    with database.reading(store) as connection:
        return left_behind.by_strike(connection, BY_NAME[table], key)


def test_rows_that_name_a_row_are_told_before_it_is_struck(copy: Copy) -> None:
    store = copy("report")
    unit(store, "new")
    training(store, "new")
    unit(store, "newer", parent="new")
    assert struck(store, "units", "new", "2026-01-01") == (("units", 1), ("activities", 1))
    assert left_behind.told(struck(store, "units", "new", "2026-01-01")) == "單位 1 列、活動紀錄 1 列"
    assert struck(store, "units", "newer", "2026-01-01") == ()
    assert struck(store, "activities", "1") == ()
    unit(store, "new", valid_from="2026-07-01")
    assert struck(store, "units", "new", "2026-01-01") == ()


def test_a_row_that_names_itself_is_none_of_them(copy: Copy) -> None:
    store = copy("report")
    unit(store, "new", parent="new")
    assert struck(store, "units", "new", "2026-01-01") == ()
