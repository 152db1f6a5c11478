"""Texts of the report: stored as versions, handed in, approved; what cannot be taken loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sqdash import plan_views
from sqdash.errors import DataError
from sqdash.jobs import entries, plan_texts, upload
from sqdash.store import database
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME
from tests.making import is_one_sentence, revisions

KEY = ("1.1.1.1", 1)


def text(store: Path) -> str:
    return plan_views.desk(store, 103).texts[KEY]


def save(store: Path, new: str, *, seen: str | None = None) -> int:
    return plan_texts.save(store, 103, *KEY, new, seen=seen or text(store), reason="修訂", by="第六課")


def review(store: Path, state: Any, *, by: str = "研考", note: str = "") -> int:
    return plan_texts.review(store, 103, *KEY, state, seen=text(store), by=by, note=note)


def standing(store: Path) -> str:
    return plan_views.desk(store, 103).reviews[KEY].words


def test_a_text_shows_its_figures_and_keeps_its_history(store: Path) -> None:
    old = text(store)
    save(store, "全年辦理 {training_sessions}。\r\n次年持續。")
    assert text(store) == "全年辦理 {training_sessions}。\n次年持續。"
    method = next(m for m in plan_views.report(store, 103).methods if m.method == "1.1.1.1")
    assert method.result == "全年辦理 55 場次。\n次年持續。"
    with database.reading(store) as connection:
        versions = rows.history(connection, BY_NAME["result_texts"], (103, *KEY))
    assert [(v["text"], v["opened_by"], v["closed_as"]) for v in versions] == [
        ("全年辦理 {training_sessions}。\n次年持續。", "第六課", None),
        (old, "系統初始化", "replaced"),
    ]
    assert versions[0]["source_place"] == versions[1]["source_place"]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("辦理 {trainings}。", "「{trainings}」不是任何指標或數字的代碼，請從清單挑選。"),
        ("辦理 {Fans}。", "「{Fans}」不是任何指標或數字的代碼，請從清單挑選。"),
        ("辦理｛fans｝。", "「｛fans｝」的大括號是全形，請改用半形的 { }，或從清單挑選。"),
        ("辦理 {fans", "「{fans」不是任何指標或數字的代碼，請從清單挑選。"),
        ("辦理 {教育訓練}。", "「{教育訓練}」不是任何指標或數字的代碼，請從清單挑選。"),
        ("字" * 20_001, "內容有 20,001 字，最多 20,000 字，請縮短後再儲存。"),
        ("字" * 100_000, "內容有 100,000 字，最多 20,000 字，請縮短後再儲存。"),
        ("第一行\n二\x07行", "第 2 行第 2 個字是看不見的控制字元，請刪去後再儲存。"),
        (" \n　", "內容是空的，請填寫成果後再儲存。"),
    ],
)
def test_what_cannot_be_taken_is_one_sentence_and_changes_nothing(store: Path, new: str, told: str) -> None:
    before = text(store), revisions(store)
    with pytest.raises(DataError) as raised:
        save(store, new)
    assert str(raised.value) == told
    assert is_one_sentence(raised.value)
    assert (text(store), revisions(store)) == before


def test_twenty_thousand_characters_are_taken(store: Path) -> None:
    save(store, "字" * 20_000)
    assert len(text(store)) == 20_000


def test_markup_is_text_like_any_other(store: Path) -> None:
    save(store, "<b>粗</b> ![x](http://a.example/x.png)")
    assert text(store) == "<b>粗</b> ![x](http://a.example/x.png)"


def test_what_another_wrote_meanwhile_is_not_overwritten(store: Path) -> None:
    seen = text(store)
    save(store, "別人寫的。")
    with pytest.raises(DataError, match="剛被別人改過"):
        save(store, "我寫的。", seen=seen)
    assert text(store) == "別人寫的。"


def test_a_text_goes_from_draft_to_approved_and_a_change_makes_it_a_draft_again(store: Path) -> None:
    assert standing(store) == "草稿"
    review(store, "submitted", by="第六課")
    assert standing(store) == "已送審"
    review(store, "approved")
    assert standing(store) == "已核定"
    batch = save(store, "改了。")
    assert standing(store) == "草稿（已核定後內容已變更）"
    upload.undo(store, batch, by="研考", reason="改回")
    assert standing(store) == "已核定"


def test_sending_back_needs_a_note(store: Path) -> None:
    review(store, "submitted")
    with pytest.raises(DataError, match="退回須寫明意見"):
        review(store, "draft", note=" ")
    review(store, "draft", note="請補人次")
    found = plan_views.desk(store, 103).reviews[KEY]
    assert (found.words, found.note) == ("草稿", "請補人次")


@pytest.mark.parametrize(
    ("state", "told"),
    [("approved", "只有已送審的文字可以核定，請先送審。"), ("draft", "這段文字已經是草稿，不必退回。")],
)
def test_a_step_out_of_order_is_refused(store: Path, state: str, told: str) -> None:
    with pytest.raises(DataError) as raised:
        review(store, state, note="意見")
    assert str(raised.value) == told


def test_only_the_words_that_were_seen_are_approved(store: Path) -> None:
    seen = text(store)
    save(store, "換了。")
    with pytest.raises(DataError, match="剛被別人改過"):
        plan_texts.review(store, 103, *KEY, "submitted", seen=seen, by="研考")


def test_a_note_on_a_figure_goes_with_the_board_and_the_report(store: Path) -> None:
    plan_texts.note_figure(store, "fans", "103", "年底活動帶動。", by="首長")
    assert plan_views.report(store, 103).notes == {"fans": "年底活動帶動。"}


def test_a_text_stored_between_the_look_and_the_writing_is_not_covered(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, old = plan_texts.checked, text(store)

    def meanwhile(new: str, facts: frozenset[str]) -> str:
        monkeypatch.setattr(plan_texts, "checked", plain)
        save(store, "別人先存的。")
        return plain(new, facts)

    monkeypatch.setattr(plan_texts, "checked", meanwhile)
    with pytest.raises(DataError, match="已由別人更動"):
        save(store, "我的。", seen=old)
    assert text(store) == "別人先存的。"


def test_a_note_on_a_figure_is_printed_to_the_letter_so_it_takes_no_placeholder(store: Path) -> None:
    before = revisions(store)
    with pytest.raises(DataError) as raised:
        plan_texts.note_figure(store, "fans", "103", "達 {fans}。", by="首長")
    assert str(raised.value) == "註記照字面顯示，「{fans}」不會換成數字，請直接寫出內容。"
    assert revisions(store) == before


def test_a_text_whose_figure_was_taken_away_is_missing(store: Path) -> None:
    code = next(
        code
        for code in plan_views.desk(store, 103).facts
        if f"{{{code}}}" in "".join(plan_views.desk(store, 103).texts.values())
    )
    entries.strike(store, BY_NAME["facts"], (103, code), reason="誤植", by="研考")
    found = plan_views.completeness(store, 103)
    assert found.counts["unbound"] > 0
    assert any(f"「{{{code}}}」" in one.text for one in found.findings)
