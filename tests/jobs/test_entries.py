"""Rows typed by a person: each a batch with its reason, read as a file's cells are; strikes; what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.errors import BadCell, BadCells, BadReference, DataError
from sqdash.jobs import entries, open_year, restoring, topics, upload, year_lock
from sqdash.tables import BY_NAME
from tests.making import current, holidays_in, is_one_sentence, last_import, looking

Copy = Callable[[str], Path]
BY = "測試員"
HOLIDAYS, ACTIVITIES, CHECKS = (BY_NAME[name] for name in ("holidays", "activities", "checks"))


def enter(store: Path, reason: str = "新增", **texts: str) -> int:
    return entries.enter(store, HOLIDAYS, texts, reason=reason, by=BY)


def test_an_entry_is_a_batch_that_carries_its_reason(store: Path) -> None:
    batch = enter(store, "公告  新增\n一日", day="2014-01-01", label="元旦", working=" 0 ")
    assert last_import(store, "batch", "kind", "format", "file_name", "sha256", "note", "added") == (
        batch,
        "entry",
        "holidays",
        "人工登錄：假日",
        None,
        "公告 新增 一日",
        1,
    )
    assert current(store, "holidays") == [{"day": "2014-01-01", "label": "元旦", "working": 0}]


def test_a_correction_closes_the_old_version_and_can_be_undone(store: Path) -> None:
    enter(store, day="2014-02-28", label="和平紀念日", working="0")
    batch = enter(store, "名稱有誤", day="2014-02-28", label="二二八", working="0")
    with looking(store) as connection:
        found = connection.execute("SELECT label, closed_as FROM holidays ORDER BY version_id").fetchall()
    assert found == [("和平紀念日", "replaced"), ("二二八", None)]
    assert upload.undo(store, batch, by=BY, reason="改回") == {"holidays": 1}
    assert holidays_in(store) == {"2014-02-28": "和平紀念日"}


def test_an_entry_that_says_what_is_there_already_is_refused(store: Path) -> None:
    enter(store, day="2014-01-01", label="元旦", working="0")
    before = store.read_bytes()
    with pytest.raises(DataError, match="沒有變更") as raised:
        enter(store, day="2014-01-01", label="元旦", working="0")
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


def test_a_field_that_cannot_be_taken_is_named_as_the_screen_names_it(store: Path) -> None:
    with pytest.raises(BadCell) as raised:
        enter(store, day="明天", label="元旦", working="0")
    assert (raised.value.file, raised.value.column, raised.value.value) == ("假日", "日期", "明天")
    with pytest.raises(BadCell, match="必填") as missing:
        enter(store, day="2014-01-01", working="0")
    assert missing.value.column == "名稱"


def test_every_field_that_cannot_be_taken_is_named_at_once(store: Path) -> None:
    texts = {"held_on": "6/10", "kind": "training", "title": "0912345678", "sessions": "很多", "unit": "第一課"}
    with pytest.raises(BadCells) as raised:
        entries.enter(store, BY_NAME["activities"], texts, reason="新增", by=BY)
    assert [(one.column, one.value) for one in raised.value.cells] == [
        ("日期", "6/10"),
        ("名稱", "0912345678"),
        ("場次", "很多"),
    ]
    assert str(raised.value) == (
        "活動紀錄有 3 個欄位無法採用：「日期」的值「6/10」看不出是哪一天，請連年份寫完整，例如 103/11/22；"
        "「名稱」的值「0912345678」看起來是電話，本系統只存件數與人次，請改寫；"
        "「場次」的值「很多」不是數字，請只填數字，例如 1234。"
    )


def test_an_entry_that_names_something_unknown_is_refused(store: Path) -> None:
    texts = {"check_id": "c", "kind": "wifi", "checked_on": "2014-01-01", "unit": "nobody"}
    with pytest.raises(BadReference, match="「nobody」在已登錄的單位裡找不到，請改正名稱或編號"):
        entries.enter(store, BY_NAME["checks"], texts, reason="新增", by=BY)


def test_a_unit_that_would_stand_above_itself_is_refused(store: Path) -> None:
    texts = {"kind": "單位", "implementing": "1", "position": "6", "unit": "section-6", "label": "第六課"}
    for parent in ("第六課", "section-6"):
        with pytest.raises(BadReference) as raised:
            entries.enter(store, BY_NAME["units"], texts | {"parent": parent}, reason="改隸", by=BY)
        assert str(raised.value) == (
            "單位「上層單位」的值「第六課」是這個單位自己或它的下層單位，請改選別的單位或留空白。"
        )
    entries.enter(store, BY_NAME["units"], texts | {"parent": "第五課"}, reason="改隸", by=BY)
    texts |= {"unit": "section-5", "label": "第五課", "position": "5", "parent": "第六課"}
    with pytest.raises(BadReference, match="的值「第六課」是這個單位自己或它的下層單位"):
        entries.enter(store, BY_NAME["units"], texts, reason="改隸", by=BY)


def test_an_entry_that_the_store_would_refuse_is_refused_in_a_sentence(store: Path) -> None:
    texts = {"indicator": "fans", "period_from": "2014-01-01", "period_to": "2014-12-31", "moment": "result"}
    texts |= {"ordinal": "9", "low": "50", "high": "30", "basis": "reported", "source_place": "某處"}
    before = store.read_bytes()
    with pytest.raises(DataError) as raised:
        entries.enter(store, BY_NAME["readings"], texts, reason="新增", by=BY)
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


# --- reasons and strikes


@pytest.mark.parametrize(
    ("reason", "words"), [("", "須寫明原因"), (" \n\t　", "須寫明原因"), ("長" * 501, "超過 500 字")]
)
def test_a_change_by_hand_needs_a_reason_of_bearable_length(store: Path, reason: str, words: str) -> None:
    batch = enter(store, day="2014-01-01", label="元旦", working="0")
    before = store.read_bytes()
    attempts: list[Callable[[], object]] = [
        lambda: enter(store, reason, day="2014-02-28", label="和平紀念日", working="0"),
        lambda: entries.strike(store, HOLIDAYS, ["2014-01-01"], reason=reason, by=BY),
        lambda: upload.undo(store, batch, by=BY, reason=reason),
    ]
    for attempt in attempts:
        with pytest.raises(DataError, match=words) as raised:
            attempt()
        assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


def test_a_missing_reason_is_asked_for_in_the_words_of_what_was_to_be_done(store: Path) -> None:
    batch = enter(store, day="2014-01-01", label="元旦", working="0")
    attempts: dict[str, Callable[[], object]] = {
        "更正或刪列": lambda: entries.strike(store, HOLIDAYS, ["2014-01-01"], reason="", by=BY),
        "還原": lambda: upload.undo(store, batch, by=BY, reason=""),
        "恢復": lambda: upload.redo(store, batch, by=BY, reason=""),
        "鎖定年度": lambda: year_lock.lock(store, 103, reason="", by=BY),
        "標註主題": lambda: topics.assign(store, {"1": "商品安全"}, reason="", by=BY),
        "還原備份": lambda: restoring.restore(store, store, reason="", by=BY),
        "開立年度": lambda: open_year.open_year(store, 104, {}, title="甲", reason="", by=BY),
    }
    for what, attempt in attempts.items():
        with pytest.raises(DataError, match=f"^{what}須寫明原因，請補上。$"):
            attempt()


def test_a_reason_of_500_characters_is_taken_whole(store: Path) -> None:
    enter(store, "長" * 500, day="2014-01-01", label="元旦", working="0")
    assert last_import(store, "note") == ("長" * 500,)


def test_a_struck_row_is_gone_until_the_strike_is_undone(store: Path) -> None:
    enter(store, day="2014-01-01", label="元旦", working="0")
    batch = entries.strike(store, HOLIDAYS, ["2014-01-01"], reason="重複登錄", by=BY)
    assert holidays_in(store) == {}
    assert last_import(store, "batch", "kind", "file_name", "note") == (batch, "entry", "人工刪列：假日", "重複登錄")
    with looking(store) as connection:
        audit = connection.execute("SELECT by, action, subject, detail FROM audit_log ORDER BY id DESC").fetchone()
    assert audit == (BY, "strike", f"batch {batch}", "重複登錄")
    upload.undo(store, batch, by=BY)
    assert holidays_in(store) == {"2014-01-01": "元旦"}


def test_striking_a_row_that_is_not_there_leaves_no_batch(store: Path) -> None:
    before = store.read_bytes()
    with pytest.raises(DataError, match="可能已被更正"):
        entries.strike(store, HOLIDAYS, ["2014-01-01"], reason="重複", by=BY)
    assert store.read_bytes() == before


def test_a_text_that_binds_nothing_known_is_refused(store: Path) -> None:
    texts = {"year": "103", "owner": "1.1.1.1", "number": "1", "text": "共 {training}。"}
    with pytest.raises(BadReference) as raised:
        entries.enter(store, BY_NAME["result_texts"], texts, reason="試填", by=BY)
    assert str(raised.value) == "績效與成果「內容」的值「{training}」不是任何指標或數字的代碼，請從清單挑選。"


# --- written as people write


TRAINING = {"kind": "教育訓練", "held_on": "103年6月10日", "title": "商品檢驗法規研習", "unit": "嘉辦"}


@pytest.mark.parametrize("attendees", ["1,035 人次", "1,035人"])
def test_an_entry_is_read_as_a_files_cells_are(store: Path, attendees: str) -> None:
    texts = TRAINING | {"sessions": " １ 場次", "attendees": attendees}
    batch = entries.enter(store, ACTIVITIES, texts, reason="補登", by=BY)
    (found,) = [a for a in current(store, "activities") if a["kind"] == "training"]
    assert found == dict.fromkeys(ACTIVITIES.names) | {
        "activity_id": found["activity_id"],
        "kind": "training",
        "held_on": "2014-06-10",
        "title": "商品檢驗法規研習",
        "unit": "chiayi",
        "sessions": 1,
        "attendees": 1_035,
    }
    assert last_import(store, "batch", "added", "changed") == (batch, 1, 0)


def test_the_key_is_made_from_the_row(store: Path) -> None:
    entries.enter(store, ACTIVITIES, TRAINING, reason="補登", by=BY)
    entries.enter(store, ACTIVITIES, TRAINING | {"activity_id": "第二場"}, reason="同日另一場", by=BY)
    made, given = [a["activity_id"] for a in current(store, "activities") if a["kind"] == "training"]
    assert made.startswith("training-2014-06-10-")
    assert given == "第二場"


def test_the_same_event_typed_again_is_no_silent_correction(store: Path) -> None:
    entries.enter(store, ACTIVITIES, TRAINING, reason="補登", by=BY)
    before = store.read_bytes()
    again = TRAINING | {"held_on": "103/06/10", "attendees": "35"}
    with pytest.raises(DataError, match="活動紀錄已有名稱、日期、類別都相同的一列") as raised:
        entries.enter(store, ACTIVITIES, again, reason="又登", by=BY)
    assert str(raised.value).endswith("；要更正請到設定的更正單列，確為另一筆請填不同的名稱或編號。")
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


def test_an_event_that_stands_under_a_number_of_its_own_is_not_typed_beside_it(store: Path) -> None:
    entries.enter(store, ACTIVITIES, TRAINING | {"activity_id": "甲"}, reason="補登", by=BY)
    before = store.read_bytes()
    with pytest.raises(DataError, match="活動紀錄已有名稱、日期、類別都相同的一列"):
        entries.enter(store, ACTIVITIES, TRAINING, reason="又登", by=BY)
    assert store.read_bytes() == before


def test_an_event_is_not_typed_again_in_another_width(store: Path) -> None:
    entries.enter(store, ACTIVITIES, TRAINING | {"title": "6S 稽核研習（一）"}, reason="補登", by=BY)
    before = store.read_bytes()
    with pytest.raises(DataError, match="活動紀錄已有名稱、日期、類別都相同的一列"):
        entries.enter(store, ACTIVITIES, TRAINING | {"title": "6s稽核研習(一)"}, reason="又登", by=BY)
    assert store.read_bytes() == before
    entries.enter(store, ACTIVITIES, TRAINING | {"title": "6S 稽核研習（二）"}, reason="另一場", by=BY)


def test_a_correction_names_the_row_it_corrects(store: Path) -> None:
    entries.enter(store, ACTIVITIES, TRAINING, reason="補登", by=BY)
    [made] = [a["activity_id"] for a in current(store, "activities") if a["kind"] == "training"]
    entries.enter(store, ACTIVITIES, TRAINING | {"activity_id": made, "attendees": "35"}, reason="補人次", by=BY)
    assert [a["attendees"] for a in current(store, "activities") if a["activity_id"] == made] == [35]


def test_a_file_with_the_event_that_was_typed_changes_nothing(store: Path, tmp_path: Path) -> None:
    entries.enter(store, ACTIVITIES, TRAINING, reason="補登", by=BY)
    file = tmp_path / "訓練.csv"
    file.write_text("類別,日期,名稱,單位\n教育訓練,103/06/10,商品檢驗法規研習,嘉辦\n", encoding="utf-8")
    outcome = upload.import_file(store, file, by=BY)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 0, 1)


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("held_on", "6/10", "看不出是哪一天，請連年份寫完整，例如 103/11/22。"),
        ("held_on", "41912", "看不出是哪一天，請連年份寫完整，例如 103/11/22。"),
        ("held_on", "41000", "看不出是哪一天，請連年份寫完整，例如 103/11/22。"),
        ("attendees", "1.2萬", "請寫出完整的數字，例如 12000。"),
    ],
)
def test_what_a_file_would_be_asked_about_is_to_be_written_out(
    store: Path, column: str, text: str, reason: str
) -> None:
    before = store.read_bytes()
    with pytest.raises(BadCell) as raised:
        entries.enter(store, ACTIVITIES, TRAINING | {column: text}, reason="補登", by=BY)
    assert (raised.value.value, raised.value.reason) == (text, reason)
    assert is_one_sentence(raised.value)
    assert "--" not in str(raised.value)
    assert store.read_bytes() == before


READING = {
    "indicator": "櫃台服務滿意度",
    "period_from": "104/01/01",
    "period_to": "104/12/31",
    "moment": "結果",
    "ordinal": "1",
    "basis": "陳報",
    "source_place": "自行填報",
}


def test_a_typed_figure_is_in_the_unit_of_its_indicator(store: Path) -> None:
    entries.enter(store, BY_NAME["readings"], READING | {"value": "94.4%"}, reason="補登", by=BY)
    [found] = [r for r in current(store, "readings") if r["period_from"] == "2015-01-01"]
    assert found["value"] == 94.4
    for text, words in (("0.944", "無法判斷是比例還是百分比"), ("94 場次", "單位與這一欄不同")):
        with pytest.raises(BadCell, match=words) as raised:
            entries.enter(store, BY_NAME["readings"], READING | {"value": text}, reason="更正", by=BY)
        assert is_one_sentence(raised.value)


def test_a_row_of_the_demonstration_cannot_be_typed_into_a_real_store(store: Path) -> None:
    before = store.read_bytes()
    with pytest.raises(BadReference) as raised:
        entries.enter(store, ACTIVITIES, TRAINING | {"activity_id": "demo-1"}, reason="試登", by=BY)
    assert str(raised.value) == "活動紀錄「編號」的值「demo-1」是示範資料，不能放進正式資料庫。"
    assert store.read_bytes() == before


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": "120/05/07"}, "這一列的日期無法採用：是還沒到的日子，請檢查。"),
        ({"day": "88/05/07"}, "這一列的日期無法採用：早於 Facebook 啟用的 93/02/04，請檢查。"),
        (
            {"day_zone": "Taipei"},
            "這一列的日界時區無法採用：不是時區的名稱，請用 America/Los_Angeles 或 Asia/Taipei 之類的名稱。",
        ),
    ],
)
def test_a_day_of_the_page_that_cannot_be_is_refused(store: Path, changed: dict[str, str], sentence: str) -> None:
    day = {"page_id": "1", "day": "103/05/07", "day_zone": "Asia/Taipei", "measure": "fans", "value": "5"}
    with pytest.raises(DataError) as raised:
        entries.enter(store, BY_NAME["page_days"], day | changed, reason="補登", by=BY)
    assert str(raised.value) == sentence


def test_values_that_do_not_go_together_are_named_by_the_field(store: Path) -> None:
    with pytest.raises(DataError) as raised:
        entries.enter(store, ACTIVITIES, TRAINING | {"ended_on": "103/06/09"}, reason="補登", by=BY)
    assert str(raised.value) == "這一列的結束日無法採用：結束日早於開始日，請對調。"


def test_a_typed_post_of_a_page_that_nobody_knows_brings_the_page_as_unassigned(store: Path) -> None:
    texts = {"post_id": "77_1", "page_id": "77", "published_at": "103/11/22 09:00"}
    batch = entries.enter(store, BY_NAME["posts"], texts, reason="補登", by=BY)
    assert [(p["post_id"], p["published_at"]) for p in current(store, "posts")] == [
        ("77_1", "2014-11-22T09:00:00+08:00")
    ]
    assert {p["page_id"]: p["kind"] for p in current(store, "pages")}["77"] == "unassigned"
    upload.undo(store, batch, by=BY, reason="填錯")
    assert current(store, "posts") == []
    assert "77" not in {p["page_id"] for p in current(store, "pages")}


@pytest.mark.parametrize(
    ("text", "what"), [("A123456789", "身分證字號"), ("0912-345-678", "電話"), ("someone@example.org", "電子郵件")]
)
def test_a_person_is_not_stored_by_number_address_or_telephone(store: Path, text: str, what: str) -> None:
    before = store.read_bytes()
    with pytest.raises(BadCell, match=f"看起來是{what}") as raised:
        entries.enter(store, ACTIVITIES, TRAINING | {"note": text}, reason="補登", by=BY)
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before


def test_an_empty_field_is_named_without_a_value(store: Path) -> None:
    with pytest.raises(BadCell) as raised:
        entries.enter(store, ACTIVITIES, TRAINING | {"title": ""}, reason="補登", by=BY)
    assert str(raised.value) == "活動紀錄「名稱」無法採用：這一欄必填，請補上。"


def test_a_posts_topic_is_corrected_and_the_rest_still_follows_its_exports(store: Path) -> None:
    post = {"post_id": "77_1", "page_id": "77", "published_at": "103/11/05 09:00", "message": "開放日"}
    entries.enter(store, BY_NAME["posts"], post, reason="補登", by="測試")
    entries.enter(store, BY_NAME["posts"], {**post, "topic": "活動"}, reason="補主題", by="測試")
    with looking(store) as connection:
        (row,) = connection.execute("SELECT message, topic, given FROM posts WHERE closed_revision IS NULL").fetchall()
    names = BY_NAME["posts"].names
    assert row[:2] == ("開放日", "活動")
    assert row[2] == 1 << names.index("post_id") | 1 << names.index("topic")


LIKES = READING | {"indicator": "likes_per_post", "period_to": "104/06/30"}


def test_a_figure_is_typed_as_a_report_writes_it_like_in_a_file(store: Path) -> None:
    entries.enter(store, BY_NAME["readings"], LIKES | {"value": "約 60–70"}, reason="補登", by=BY)
    [found] = [r for r in current(store, "readings") if r["period_from"] == "2015-01-01"]
    assert (found["value"], found["low"], found["high"], found["qualifier"]) == (None, 60, 70, "約")


def test_a_figure_that_says_another_end_than_its_own_field_is_refused(store: Path) -> None:
    with pytest.raises(BadCell) as raised:
        entries.enter(store, BY_NAME["readings"], LIKES | {"value": "60–70", "high": "80"}, reason="補登", by=BY)
    assert (raised.value.column, raised.value.value) == ("上限", "80")
    assert str(raised.value) == "陳報值「上限」的值「80」無法採用：與「值」裡寫的不一致，請改正其中之一。"


@pytest.mark.parametrize(("figure", "column", "end"), [("55", "下限", "60"), ("75", "上限", "70")])
def test_a_figure_beyond_the_ends_of_its_interval_is_refused_like_in_a_file(
    store: Path, figure: str, column: str, end: str
) -> None:
    with pytest.raises(BadCell) as raised:
        entries.enter(
            store, BY_NAME["readings"], LIKES | {"value": figure, "low": "60", "high": "70"}, reason="補登", by=BY
        )
    assert (raised.value.column, raised.value.value) == (column, end)
