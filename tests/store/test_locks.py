"""A locked year: nothing gets into it, by whatever way; other years and what only repeats it do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.errors import DataError, YearLocked
from sqdash.importers.sources import Bytes
from sqdash.jobs import entries, plan_texts, upload, year_lock
from sqdash.store import database, locks
from sqdash.tables import BY_NAME
from tests.making import is_one_sentence, put, revisions, row

BY = "研考"
TARGET = {
    "indicator": "seminars",
    "kind": "target",
    "definition": "1",
    "comparator": ">=",
    "value": "10",
}
READING = {"indicator": "seminars", "moment": "result", "ordinal": "9", "value": "10", "basis": "reported"}


@pytest.fixture
def locked(store: Path) -> Path:
    year_lock.lock(store, 103, reason="成果報告已公布", by=BY)
    return store


def enter(store: Path, table: str, **texts: str) -> int:
    return entries.enter(store, BY_NAME[table], texts, reason="試", by=BY)


def period(start: str, end: str) -> dict[str, str]:
    return {"period_from": start, "period_to": end}


WRITES: dict[str, Callable[[Path], object]] = {
    "成果": lambda s: plan_texts.save(s, 103, "1.1.1.1", 2, "新。", seen=None, reason="試", by=BY),
    "目標": lambda s: enter(s, "targets", **TARGET, valid_from="103/07/01", valid_to="104/06/30"),
    "陳報值": lambda s: enter(s, "readings", **READING, **period("103/01/01", "103/03/31"), source_place="試"),
    "當年某日的陳報值": lambda s: enter(
        s, "readings", **READING, **period("104/01/01", "104/12/31"), as_of="103/12/31", source_place="試"
    ),
    "原因": lambda s: enter(
        s, "explanations", indicator="fans", kind="reason", ordinal="1", text="因。", **period("103/01/01", "103/12/31")
    ),
    "註記": lambda s: plan_texts.note_figure(s, "fans", "103", "好。", by=BY),
    "審核": lambda s: plan_texts.review(s, 103, "1.1.1.1", 1, "submitted", seen=_text(s), by=BY),
    "檔案": lambda s: put(
        s,
        "explanations",
        row(
            "explanations",
            indicator="fans",
            kind="reason",
            ordinal=1,
            text="因",
            period_from="2014-01-01",
            period_to="2014-12-31",
        ),
    ),
    "刪列": lambda s: entries.strike(s, BY_NAME["result_texts"], (103, "1.1.1.1", 1), reason="試", by=BY),
    "還原": lambda s: upload.undo(s, _batch_of(s, "result_texts"), by=BY, reason="試"),
}


def _text(store: Path) -> str:
    with database.reading(store) as connection:
        query = "SELECT text FROM result_texts WHERE owner = '1.1.1.1' AND closed_revision IS NULL"
        return str(connection.execute(query).fetchone()[0])


def _batch_of(store: Path, table: str) -> int:
    with database.reading(store) as connection:
        return int(connection.execute(f"SELECT batch FROM {table} LIMIT 1").fetchone()[0])


@pytest.mark.parametrize("way", WRITES)
def test_what_would_change_a_locked_year_is_refused_in_one_sentence(locked: Path, way: str) -> None:
    before = revisions(locked)
    with pytest.raises(YearLocked, match=r"^103 年度已鎖定，不能變更.+，請先到.+解除鎖定") as raised:
        WRITES[way](locked)
    assert is_one_sentence(raised.value)
    assert revisions(locked) == before


@pytest.mark.parametrize("way", WRITES)
def test_the_same_goes_in_once_the_year_is_open_again(locked: Path, way: str) -> None:
    year_lock.unlock(locked, 103, reason="更正誤植", by=BY)
    before = revisions(locked)
    WRITES[way](locked)
    assert revisions(locked) == before + 1


def test_other_years_and_ledgers_go_on(locked: Path) -> None:
    before = revisions(locked)
    enter(locked, "targets", **TARGET, valid_from="104/01/01", valid_to="104/12/31")
    enter(locked, "readings", **READING, **period("104/01/01", "104/12/31"), source_place="試")
    stood = READING | {"moment": "before"}
    enter(
        locked,
        "readings",
        **stood,
        **period("104/01/01", "104/12/31"),
        as_of="103/12/31",
        source_place="前一年底的情形",
    )
    enter(locked, "activities", kind="training", held_on="103/05/01", title="講習", sessions="1")
    assert revisions(locked) == before + 4


def test_a_target_without_an_end_may_be_ended_after_the_locked_year(store: Path) -> None:
    enter(store, "targets", **TARGET, valid_from="103/01/01")
    year_lock.lock(store, 103, reason="公布", by=BY)
    enter(store, "targets", **TARGET, valid_from="103/01/01", valid_to="103/12/31")
    with pytest.raises(YearLocked, match="目標與規律"):
        enter(store, "targets", **TARGET, valid_from="103/01/01", valid_to="103/06/30")


def test_the_lock_is_taken_off_only_by_unlocking(store: Path) -> None:
    batch = year_lock.lock(store, 103, reason="公布", by=BY)
    with pytest.raises(YearLocked, match="不能用還原批次變更"):
        upload.undo(store, batch, by=BY, reason="試")
    with pytest.raises(DataError, match="原因"):
        year_lock.unlock(store, 103, reason=" ", by=BY)
    with database.reading(store) as connection:
        assert list(locks.locked(connection)) == [103]


def test_what_a_lock_refuses_to_take_back_is_foretold(store: Path) -> None:
    enter(store, "activities", kind="training", held_on="103/05/01", title="講習", sessions="1")
    enter(store, "targets", **TARGET, valid_from="103/01/01")
    year_lock.lock(store, 103, reason="公布", by=BY)
    enter(store, "targets", **TARGET, valid_from="103/01/01", valid_to="103/12/31")
    enter(store, "targets", **TARGET, valid_from="104/01/01")
    with database.reading(store) as connection:
        batches = [batch for (batch,) in connection.execute("SELECT batch FROM imports ORDER BY batch DESC")]
    foretold = {batch: upload.outlook(store, batch).refused for batch in batches}
    assert foretold == {batch: _refused(store, batch) for batch in batches}
    assert [bool(foretold[batch]) for batch in batches[:5]] == [False, False, True, False, False]
    assert len(set(foretold.values())) > 5  # and those of the report's own files
    batch = year_lock.unlock(store, 103, reason="更正", by=BY)
    assert upload.outlook(store, batch).refused == _refused(store, batch) != ""


def _refused(store: Path, batch: int) -> str:
    """What undoing says that is refused; what is not is let stand again."""
    try:
        upload.undo(store, batch, by=BY, reason="試")
    except YearLocked as error:
        return str(error)
    upload.redo(store, batch, by=BY, reason="試")
    return ""


LOCKS = BY_NAME["year_locks"]
AROUND: dict[str, Callable[[Path], object]] = {
    "刪列": lambda s: entries.strike(s, LOCKS, (103,), reason="試", by=BY),
    "再鎖一次": lambda s: enter(s, "year_locks", year="103", state="locked", note="改註"),
    "解除而不寫原因": lambda s: enter(s, "year_locks", year="103", state="open"),
    "檔案解除": lambda s: put(s, "year_locks", row("year_locks", year=103, state="open", note="試")),
    "檔案再鎖": lambda s: put(s, "year_locks", row("year_locks", year=103, state="locked", note="試")),
}


@pytest.mark.parametrize("way", AROUND)
def test_a_lock_that_stands_is_neither_taken_off_nor_moved_by_another_way(locked: Path, way: str) -> None:
    with database.reading(locked) as connection:
        before = locks.locked(connection)
    with pytest.raises(YearLocked, match=r"^103 年度已鎖定，不能另外變更鎖定，請先到.+解除鎖定並寫明原因。$"):
        AROUND[way](locked)
    with database.reading(locked) as connection:
        assert locks.locked(connection) == before


@pytest.mark.parametrize(
    ("act", "year", "told"),
    [
        (year_lock.lock, 103, "103 年度已經鎖定，不必再鎖定。"),
        (year_lock.lock, 104, "資料庫裡沒有 104 年度的計畫，請改選有計畫的年度再鎖定。"),
        (year_lock.unlock, 104, "104 年度沒有鎖定，不必解除。"),
    ],
)
def test_a_lock_out_of_place_is_refused(locked: Path, act: Callable[..., int], year: int, told: str) -> None:
    with pytest.raises(DataError) as raised:
        act(locked, year, reason="試", by=BY)
    assert str(raised.value) == told


def text_file(year: int, text: str) -> Bytes:
    return Bytes("成果.csv", f"year,owner,number,text\n{year},1.1.1.1,1,{text}\n".encode())


def reading_file(year: int) -> Bytes:
    head = "指標,期間起,期間迄,時點,序,數值,依據,出處"
    days = f"{year}/01/01,{year}/12/31"
    return Bytes("陳報值.csv", f"{head}\nseminars,{days},result,9,10,reported,試\n".encode())


def target_file(end: str) -> Bytes:
    head = "indicator,kind,definition,valid_from,valid_to,comparator,value"
    return Bytes("targets.csv", f"{head}\nseminars,target,1,2014-01-01,{end},>=,10\n".encode())


@pytest.mark.parametrize("file", [text_file(103, "新。"), reading_file(103)])
def test_a_look_at_a_file_tells_that_its_year_is_locked(store: Path, file: Bytes) -> None:
    assert upload.look(store, file).locked is None
    year_lock.lock(store, 103, reason="公布", by=BY)
    before = revisions(store)
    told = upload.look(store, file).locked
    assert told is not None
    assert is_one_sentence(told)
    with pytest.raises(YearLocked) as raised:
        upload.import_file(store, file, by=BY)
    assert str(raised.value) == told
    assert revisions(store) == before


def test_a_look_at_what_repeats_a_locked_year_or_is_of_another_tells_nothing(locked: Path) -> None:
    assert upload.look(locked, text_file(103, _text(locked))).locked is None
    assert upload.look(locked, reading_file(104)).locked is None


def test_a_look_knows_that_a_target_may_be_ended_after_the_year(store: Path) -> None:
    enter(store, "targets", **TARGET, valid_from="103/01/01")
    year_lock.lock(store, 103, reason="公布", by=BY)
    assert upload.look(store, target_file("2014-12-31")).locked is None
    assert "目標與規律" in str(upload.look(store, target_file("2014-06-30")).locked)
