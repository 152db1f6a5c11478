"""Contributions planned, handed over and back, linked and cancelled; meetings and decisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sqdash import periods
from sqdash.contributions import Contribution
from sqdash.errors import BadCell, DataError
from sqdash.jobs import entries, rota, upload
from sqdash.jobs.rota import Slot
from sqdash.store import database
from sqdash.store.queries import rota as queries
from sqdash.tables import BY_NAME
from tests.making import current, is_one_sentence, last_import, looking, put, revisions, row

JULY = periods.month_period("2014-07")
LINES = [
    Slot(date(2014, 7, 1), "第一課", "標識", "FB 工作小組"),
    Slot(date(2014, 7, 8), "section-2"),
]


def one(store: Path, contribution_id: str = "a") -> Contribution:
    with database.reading(store) as connection:
        found = queries.contributions(connection, periods.parse_period("103"))
    return next(slot for slot in found if slot.contribution_id == contribution_id)


@pytest.fixture
def planned(store: Path) -> Path:
    """One slot, and two posts of our own page."""
    put(store, "contributions", row("contributions", contribution_id="a", due_on="2014-07-05", unit="section-1",
                                    title="標識", state="planned"))  # fmt: skip
    put(store, "pages", row("pages", page_id="88", kind="own", label="我們"))
    for number in (1, 2):
        put(
            store,
            "posts",
            row(
                "posts",
                post_id=f"88_{number}",
                page_id="88",
                published_at=f"2014-07-1{number}T09:00:00+08:00",
                permalink=f"https://www.facebook.com/ours/posts/title-{number}/{number}",
            ),
        )
    return store


def moved(store: Path, *states: str) -> Contribution:
    for to in states:
        rota.move(store, one(store), to, by="甲", on=date(2014, 7, 4))
    return one(store)


def test_a_month_is_planned_as_one_batch_that_undo_takes_back(store: Path) -> None:
    batch = rota.plan(store, JULY, LINES, by="甲")
    found = current(store, "contributions")
    assert [(f["due_on"], f["unit"], f["title"], f["role"], f["state"]) for f in found] == [
        ("2014-07-01", "section-1", "標識", "FB 工作小組", "planned"),
        ("2014-07-08", "section-2", None, None, "planned"),
    ]
    assert last_import(store, "batch", "by", "rows", "added") == (batch, "甲", 2, 2)
    upload.undo(store, batch, by="甲", reason="試排")
    assert current(store, "contributions") == []


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ([], "沒有任何一列供稿可以存入"),
        ([Slot(date(2014, 8, 1), "第一課")], "不在 103 年 7 月"),
        ([Slot(date(2014, 7, 1), "第一課"), Slot(date(2014, 7, 1), "第一課")], "第 1 列與第 2 列的供稿相同"),
        ([Slot(date(2014, 7, 1), "第九十課")], "第九十課"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_whole(store: Path, slots: list[Slot], said: str) -> None:
    before = revisions(store)
    with pytest.raises(DataError, match=said) as caught:
        rota.plan(store, JULY, slots, by="甲")
    assert is_one_sentence(caught.value)
    assert revisions(store) == before


def test_a_line_that_stands_already_and_has_moved_on_is_named(store: Path) -> None:
    rota.plan(store, JULY, LINES, by="甲")
    (second,) = [one["contribution_id"] for one in current(store, "contributions") if one["unit"] == "section-2"]
    rota.move(store, one(store, second), "submitted", by="甲", on=date(2014, 7, 4))
    with pytest.raises(DataError) as raised:
        rota.plan(store, JULY, [*LINES, Slot(date(2014, 7, 15), "section-3")], by="甲")
    assert str(raised.value) == (
        "第 2 列的供稿已有供稿日、供稿單位、主題都相同的一列；"
        "要更正請到設定的更正單列，確為另一筆請填不同的主題或編號。"
    )


def test_a_role_that_is_a_telephone_is_refused(store: Path) -> None:
    with pytest.raises(BadCell, match="電話"):
        rota.plan(store, JULY, [Slot(date(2014, 7, 1), "第一課", role="0912-345-678")], by="甲")


def test_submitting_notes_the_day_and_going_back_to_planned_forgets_it(planned: Path) -> None:
    assert moved(planned, "submitted").submitted_on == date(2014, 7, 4)
    rota.move(planned, one(planned), "first_review", by="乙")
    rota.move(planned, one(planned), "submitted", by="乙", reason="圖片不清楚")
    assert one(planned).submitted_on == date(2014, 7, 4)
    rota.move(planned, one(planned), "planned", by="乙", reason="重寫")
    assert (one(planned).state, one(planned).submitted_on) == ("planned", None)
    with looking(planned) as connection:
        last = connection.execute("SELECT by, reason FROM revisions ORDER BY revision DESC LIMIT 1").fetchone()
    assert last == ("乙", "供稿狀態：已供稿 → 已排定（重寫）")


def test_a_submission_cannot_be_in_the_future(planned: Path) -> None:
    with pytest.raises(DataError, match="實際供稿日無法採用：還沒到"):
        rota.move(planned, one(planned), "submitted", by="甲", on=date(2900, 1, 1))


@pytest.mark.parametrize(
    ("to", "reason", "said"),
    [
        ("meeting", "", "目前是「已供稿」，不能直接改為「審稿會議」，請先改為「初審」。"),
        ("submitted", "", "已是「已供稿」"),
        ("planned", " ", "退回前一步須寫明原因"),
        ("burnt", "", "沒有「burnt」這種供稿狀態"),
    ],
)
def test_an_illegal_move_is_one_sentence_and_changes_nothing(planned: Path, to: str, reason: str, said: str) -> None:
    seen = moved(planned, "submitted")
    before = revisions(planned)
    with pytest.raises(DataError, match=said) as caught:
        rota.move(planned, seen, to, by="甲", reason=reason)
    assert is_one_sentence(caught.value)
    assert revisions(planned) == before


def test_what_somebody_else_moved_meanwhile_is_not_moved_again(planned: Path) -> None:
    seen = one(planned)
    moved(planned, "submitted")
    with pytest.raises(DataError, match="已由別人更動"):
        rota.move(planned, seen, "submitted", by="乙")


@pytest.mark.parametrize(
    "post", ["88_1", "https://www.facebook.com/ours/posts/title-1/1", "https://m.facebook.com/x/posts/1?ref=a"]
)
def test_publishing_links_the_post_by_id_or_address(planned: Path, post: str) -> None:
    seen = moved(planned, "submitted", "first_review", "meeting")
    rota.move(planned, seen, "published", by="甲", post=post)
    assert (one(planned).post_id, one(planned).published_on) == ("88_1", date(2014, 7, 11))


def test_a_post_can_be_linked_later_and_going_back_unlinks_it(planned: Path) -> None:
    with pytest.raises(DataError, match="請先改為「已刊登」"):
        rota.link(planned, one(planned), "88_2", by="甲")
    seen = moved(planned, "submitted", "first_review", "meeting", "published")
    assert seen.post_id is None
    rota.link(planned, seen, "88_2", by="甲")
    assert one(planned).post_id == "88_2"
    rota.move(planned, one(planned), "meeting", by="甲", reason="誤登")
    assert one(planned).post_id is None


@pytest.mark.parametrize("post", ["99_5", "https://www.facebook.com/theirs/posts/5"])
def test_another_page_s_post_is_not_what_a_unit_s_work_became(planned: Path, post: str) -> None:
    put(planned, "pages", row("pages", page_id="99", kind="benchmark", label="標竿"))
    link = "https://www.facebook.com/theirs/posts/5"
    values = {"post_id": "99_5", "page_id": "99", "published_at": "2014-07-11T09:00:00+08:00", "permalink": link}
    put(planned, "posts", row("posts", **values))
    seen = moved(planned, "submitted", "first_review", "meeting")
    with pytest.raises(DataError, match="本分局的專頁裡找不到貼文「"):
        rota.move(planned, seen, "published", by="甲", post=post)


def test_linking_nothing_asks_for_a_post(planned: Path) -> None:
    seen = moved(planned, "submitted", "first_review", "meeting", "published")
    with pytest.raises(DataError, match="還沒有選貼文"):
        rota.link(planned, seen, " ", by="甲")


def test_a_post_that_is_not_known_is_named(planned: Path) -> None:
    seen = moved(planned, "submitted", "first_review", "meeting")
    with pytest.raises(DataError, match="找不到貼文「88_9」") as caught:
        rota.move(planned, seen, "published", by="甲", post="88_9")
    assert is_one_sentence(caught.value)


def test_a_slot_is_cancelled_with_a_reason_unless_it_is_published(planned: Path) -> None:
    with pytest.raises(DataError, match="原因"):
        rota.cancel(planned, one(planned), reason="", by="甲")
    published = moved(planned, "submitted", "first_review", "meeting", "published")
    with pytest.raises(DataError, match="已刊登的供稿不能取消"):
        rota.cancel(planned, published, reason="x", by="甲")
    rota.move(planned, published, "meeting", by="甲", reason="誤登")
    rota.cancel(planned, one(planned), reason="與他課重複", by="甲")
    assert current(planned, "contributions") == []


def test_a_slot_that_moved_on_meanwhile_is_not_cancelled(planned: Path) -> None:
    seen = one(planned)
    moved(planned, "submitted", "first_review", "meeting", "published")
    with pytest.raises(DataError, match="已由別人更動，請重新整理"):
        rota.cancel(planned, seen, reason="重複", by="甲")
    assert one(planned).state == "published"


def test_a_role_or_note_that_another_wrote_meanwhile_is_not_lost(planned: Path) -> None:
    seen = one(planned)
    rota.describe(planned, seen, title="標識", role="小編", note="附圖", by="乙")
    with pytest.raises(DataError, match="已由別人更動，請重新整理"):
        rota.describe(planned, seen, title="標識", role="", note="我的", by="甲")
    assert (one(planned).role, one(planned).note) == ("小編", "附圖")


def test_decisions_are_numbered_within_their_meeting_and_marked_done_once(store: Path) -> None:
    rota.hold(store, date(2014, 7, 25), "", attendees="9", by="甲")
    with database.reading(store) as connection:
        (meeting,) = queries.meetings(connection, JULY)
    assert (meeting.title, meeting.attendees) == ("7 月審稿會議", 9)
    rota.decide(store, meeting.meeting, "附圖解", unit="第六課", due_on=date(2014, 8, 31), by="甲")
    rota.decide(store, meeting.meeting, "標題精簡", by="甲")
    with database.reading(store) as connection:
        (first, second) = queries.meetings(connection, JULY)[0].decisions
    assert (first.number, first.unit, second.number, second.unit) == (1, "section-6", 2, None)
    rota.finish(store, first, date(2014, 8, 1), by="乙")
    with pytest.raises(DataError, match="已由別人更動"):
        rota.finish(store, first, date(2014, 8, 2), by="丙")
    assert [d["done_on"] for d in current(store, "meeting_decisions")] == ["2014-08-01", None]


def test_of_earlier_meetings_only_decisions_that_are_not_done_are_left_over(store: Path) -> None:
    for day in (date(2014, 6, 27), date(2014, 7, 25), date(2014, 8, 1)):
        rota.hold(store, day, "", by="甲")
    held = {
        one["held_on"]: one["activity_id"] for one in current(store, "activities") if one["kind"] == "review_meeting"
    }
    for day, words in (("06-27", "一"), ("07-25", "二"), ("07-25", "三"), ("08-01", "四")):
        rota.decide(store, held[f"2014-{day}"], words, by="甲")
    with database.reading(store) as connection:
        done = queries.meetings(connection, JULY)[0].decisions[0]
    rota.finish(store, done, date(2014, 8, 1), by="乙")
    with database.reading(store) as connection:
        left = queries.left_over(connection, periods.parse_period("103-08"))
        assert [[one.decision for one in meeting.decisions] for meeting in left] == [["三"], ["一"]]
        assert queries.left_over(connection, periods.parse_period("103H1")) == []


def decided(store: Path) -> tuple[queries.Meeting, queries.Decision]:
    """A meeting of 25 July, and what it decided."""
    rota.hold(store, date(2014, 7, 25), "", by="甲")
    with database.reading(store) as connection:
        (meeting,) = queries.meetings(connection, JULY)
    rota.decide(store, meeting.meeting, "附圖解", by="甲")
    with database.reading(store) as connection:
        (meeting,) = queries.meetings(connection, JULY)
    (decision,) = meeting.decisions
    return meeting, decision


def test_a_decision_cannot_be_done_before_its_meeting(store: Path) -> None:
    _, decision = decided(store)
    with pytest.raises(DataError) as raised:
        rota.finish(store, decision, date(2014, 7, 24), by="乙")
    assert str(raised.value) == ("審稿會議決議「完成日」的值「103/07/24」早於會議當天（103/07/25），請改正日期或會議。")
    rota.finish(store, decision, date(2014, 7, 25), by="乙")


def test_a_meeting_is_not_moved_to_a_day_after_its_decision_was_done(store: Path) -> None:
    meeting, decision = decided(store)
    rota.finish(store, decision, date(2014, 7, 30), by="乙")
    texts = {"activity_id": meeting.meeting, "kind": "review_meeting", "title": meeting.title, "sessions": "1"}
    table = BY_NAME["activities"]
    with pytest.raises(DataError) as raised:
        entries.enter(store, table, texts | {"held_on": "103/07/31"}, reason="改期", by="甲")
    assert str(raised.value) == (
        "活動紀錄「日期」的值「103/07/31」晚於決議 1 的完成日（103/07/30），請改正日期，或先改正決議。"
    )
    entries.enter(store, table, texts | {"held_on": "103/07/30"}, reason="改期", by="甲")


def test_a_decision_of_no_meeting_is_refused(store: Path) -> None:
    with pytest.raises(DataError, match="會議編號"):
        rota.decide(store, "nowhere", "附圖解", by="甲")


def test_the_month_is_found_by_the_index_of_days(made: Callable[[str], Path]) -> None:
    with database.reading(made("demo")) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT 1 FROM contributions WHERE closed_revision IS NULL AND due_on BETWEEN ? AND ?",
            ("2015-07-01", "2015-07-31"),
        ).fetchall()
        found = queries.contributions(connection, periods.month_period("2015-07"))
    assert "contributions_day" in plan[0][3]
    assert len(found) == 8
    assert [slot.due_on for slot in found] == sorted(slot.due_on for slot in found)
