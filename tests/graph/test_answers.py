"""Nodes are read for what they say: absent, 0 and unreadable stay three things."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.errors import Unreadable
from sqdash.graph.answers import SCOPES, clean_text, moment, read_page, read_post, read_token
from sqdash.graph.fields import POST_FIELDS

ASKED = frozenset(POST_FIELDS)
POST: dict[str, Any] = {
    "id": "100200300400_9007199254740993",
    "created_time": "2026-11-20T02:15:00+0000",
    "updated_time": "2026-11-21T02:15:00+0000",
    "message": "開幕 🎉",
    "permalink_url": "https://www.facebook.com/111222333/posts/9007199254740993",
    "status_type": "added_photos",
    "is_published": True,
    "shares": {"count": 4},
    "reactions": {"data": [], "summary": {"total_count": 57, "viewer_reaction": "NONE"}},
    "like": {"data": [], "summary": {"total_count": 50}},
    "comments": {"data": [], "summary": {"order": "ranked", "total_count": 6, "can_comment": True}},
}


def post(**changes: Any) -> dict[str, Any]:
    """The post with keys changed, or left out where the change is None."""
    return {key: value for key, value in {**POST, **changes}.items() if value is not None}


def test_a_page_is_read_with_what_it_gave() -> None:
    page = read_page({"id": "1", "name": "示範分局", "fan_count": 0, "followers_count": 5333})
    assert (page.id, page.name, page.fans, page.followers) == ("1", "示範分局", 0, 5333)
    assert (page.username, page.talking_about, page.is_published) == (None, None, None)
    assert page.given == {"id", "name", "fan_count", "followers_count"}


def test_a_post_is_read_whole() -> None:
    node = read_post(POST, ASKED)
    assert node.id == "100200300400_9007199254740993"
    assert node.created_at == datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
    assert node.updated_at == datetime(2026, 11, 21, 2, 15, tzinfo=UTC)
    assert (node.message, node.permalink) == ("開幕 🎉", POST["permalink_url"])
    assert (node.type, node.status_type, node.is_published) == ("相片", "added_photos", True)
    assert (node.likes, node.reactions, node.comments, node.shares) == (50, 57, 6, 4)


def test_shares_left_out_are_0_only_when_they_were_asked_for() -> None:
    assert read_post(post(shares=None), ASKED).shares == 0
    assert read_post(post(shares=None), ASKED - {"shares"}).shares is None


def test_reactions_and_comments_left_out_are_unknown() -> None:
    node = read_post(post(reactions=None, like=None, comments=None), ASKED)
    assert (node.likes, node.reactions, node.comments) == (None, None, None)
    assert read_post(post(reactions={"data": []}), ASKED).reactions is None


@pytest.mark.parametrize(
    ("dropped", "columns"),
    [
        ({"is_published", "updated_time"}, set()),
        ({"message"}, {"message"}),
        ({"permalink_url"}, {"permalink", "type"}),
        ({"attachments"}, {"type"}),
        ({"status_type"}, {"type"}),
        ({"reactions", "like"}, {"reactions", "likes"}),
        ({"comments", "shares"}, {"comments", "shares"}),
    ],
    ids=lambda names: " ".join(sorted(names)) or "none",
)
def test_what_is_not_asked_for_is_not_given(dropped: set[str], columns: set[str]) -> None:
    everything = {"type", "message", "permalink", "likes", "reactions", "comments", "shares"}
    assert read_post(POST, ASKED - dropped).given == everything - columns


def test_a_reaction_count_of_0_is_0() -> None:
    assert read_post(post(reactions={"data": [], "summary": {"total_count": 0}}), ASKED).reactions == 0


def test_a_post_without_text_has_none() -> None:
    assert read_post(post(message=None), ASKED).message is None
    assert read_post(post(message=""), ASKED).message is None


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"attachments": {"data": [{"media_type": "photo"}]}, "status_type": "mobile_status_update"}, "相片"),
        ({"attachments": {"data": [{"media_type": "album"}]}}, "相片"),
        ({"attachments": {"data": [{"media_type": "video"}]}, "status_type": "shared_story"}, "影片"),
        ({"attachments": {"data": [{"media_type": "link"}]}, "status_type": "shared_story"}, "連結"),
        ({"attachments": {"data": [{"media_type": "event"}]}}, "活動"),
        ({"permalink_url": "https://www.facebook.com/reel/123/", "status_type": "added_video"}, "連續短片"),
        ({"status_type": "added_video"}, "影片"),
        ({"status_type": "created_event"}, "活動"),
        ({"status_type": "shared_story"}, "分享"),
        ({"status_type": "mobile_status_update"}, "文字"),
        ({"status_type": None}, "文字"),
        ({"status_type": None, "message": None}, "其他"),
        ({"status_type": "never_heard_of", "message": None}, "其他"),
        ({"attachments": {"data": [{"media_type": "hologram"}]}, "status_type": None}, "其他"),
        ({"attachments": {"data": []}, "status_type": "added_photos"}, "相片"),
    ],
)
def test_the_type_is_said_in_our_words(changes: dict[str, Any], kind: str) -> None:
    assert read_post(post(**changes), ASKED).type == kind


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 5},
        {"id": ""},
        {"created_time": ""},
        {"created_time": 1763604900},
        {"created_time": "2026-11-20T02:15:00"},
        {"created_time": "yesterday"},
        {"updated_time": "x"},
        {"message": ["x"]},
        {"is_published": "true"},
        {"shares": 4},
        {"shares": {"count": "4"}},
        {"shares": {"count": -1}},
        {"shares": {"count": True}},
        {"reactions": {"summary": {"total_count": 1.5}}},
        {"reactions": {"summary": []}},
        {"like": []},
        {"attachments": "x"},
    ],
    ids=str,
)
def test_another_shape_is_refused_by_the_name_of_the_key(changes: dict[str, Any]) -> None:
    with pytest.raises(Unreadable) as caught:
        read_post({**POST, **changes}, ASKED)
    key = next(iter(changes))
    named = {"shares": "count" if isinstance(changes[key], dict) else key}.get(key, key)
    if key == "reactions" and isinstance(changes[key]["summary"], dict):
        named = "total_count"
    assert str(caught.value) == f"Meta 的回覆中「{named}」的形式無法辨識，沒有採用，請通知維護人員。"


def test_a_post_that_is_none_is_refused() -> None:
    with pytest.raises(Unreadable):
        read_post("100_200", ASKED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(POST)), JSON)
def test_no_value_of_any_key_breaks_the_reading(key: str, value: Any) -> None:
    try:
        node = read_post({**POST, key: value}, ASKED)
    except Unreadable:
        return
    assert all(count is None or count >= 0 for count in (node.likes, node.reactions, node.comments, node.shares))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\nb\tc", "a\nb\tc"),
        ("a\0b\x1fc", "a b c"),
        ("cut \ud83c", "cut  "),
        ("🎉 測量", "🎉 測量"),
    ],
)
def test_texts_are_made_fit_for_every_store(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned
    cleaned.encode()


def test_moments_of_other_zones_become_utc() -> None:
    assert moment("2026-11-20T10:15:00+0800", "x") == datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
    assert moment("2026-11-20T10:15:00+0800", "x").tzinfo is UTC


def test_the_state_of_a_token_names_what_is_missing() -> None:
    data = {"is_valid": True, "type": "PAGE", "expires_at": 0, "data_access_expires_at": 1795075200}
    state = read_token({"data": {**data, "scopes": ["pages_show_list", "read_insights"]}})
    assert (state.valid, state.type, state.expires_at) == (True, "PAGE", None)
    assert state.data_access_expires_at == datetime(2026, 11, 19, 8, tzinfo=UTC)
    assert state.scopes == ("pages_show_list", "read_insights")
    assert state.missing == ("pages_read_engagement", "pages_read_user_content")
    assert read_token({"data": {**data, "scopes": [*SCOPES, "more"]}}).missing == ()


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"is_valid": "yes"}, {"is_valid": True, "scopes": "x"}, {"is_valid": True, "expires_at": 9e99}],
)
def test_a_state_that_says_nothing_is_refused(data: Any) -> None:
    with pytest.raises(Unreadable):
        read_token({"data": data})


@pytest.mark.parametrize("value", [2**63, 2.0**63, 1e300, float("inf"), float("nan")], ids=str)
def test_a_number_that_no_store_holds_is_unreadable(value: float) -> None:
    with pytest.raises(Unreadable):
        read_page({"id": "1", "fan_count": value})
    assert read_page({"id": "1", "fan_count": 2**63 - 1}).fans == 2**63 - 1
