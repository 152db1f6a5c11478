"""Topics assigned by people: many posts in one batch, undone as one, and nothing else of the posts touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.errors import DataError
from sqdash.jobs import entries, topics, upload
from sqdash.records import KEEP
from sqdash.tables import BY_NAME
from tests.making import current, is_one_sentence, last_import, put, row

BY = "測試員"
Copy = Callable[[str], Path]


@pytest.fixture
def posts(copy: Copy) -> Path:
    """A store with three posts; the second has a topic."""
    path = copy("empty")
    put(path, "pages", row("pages", page_id="1", kind="own", label="本分局"))
    put(
        path,
        "posts",
        *(
            row("posts", at=n, post_id=f"1_{n}", page_id="1", published_at=f"2014-03-0{n}T09:00:00+08:00", topic=topic)
            for n, topic in ((2, None), (3, "度量衡"), (4, None))
        ),
    )
    return path


def told(store: Path) -> dict[str, str | None]:
    return {found["post_id"]: found["topic"] for found in current(store, "posts")}


def test_many_posts_are_one_batch_that_can_be_undone(posts: Path) -> None:
    batch, changed = topics.assign(posts, {"1_2": "商品安全", "1_3": "商品安全"}, reason="依規則", by=BY)
    assert changed == 2
    assert told(posts) == {"1_2": "商品安全", "1_3": "商品安全", "1_4": None}
    assert last_import(posts, "batch", "kind", "file_name", "note", "changed") == (
        batch,
        "entry",
        "人工標註：貼文主題",
        "依規則",
        2,
    )
    upload.undo(posts, batch, by=BY, reason="標錯")
    assert told(posts) == {"1_2": None, "1_3": "度量衡", "1_4": None}


def test_nothing_but_the_topic_is_stated_so_a_later_file_still_changes_the_text(posts: Path) -> None:
    topics.assign(posts, {"1_2": "商品安全"}, reason="依規則", by=BY)
    put(
        posts,
        "posts",
        row("posts", post_id="1_2", page_id="1", published_at="2014-03-02T09:00:00+08:00", message="新的", topic=KEEP),
    )
    (found,) = (post for post in current(posts, "posts") if post["post_id"] == "1_2")
    assert (found["message"], found["topic"]) == ("新的", "商品安全")


def test_a_topic_can_be_taken_away(posts: Path) -> None:
    topics.assign(posts, {"1_3": " "}, reason="不是這個主題", by=BY)
    assert told(posts)["1_3"] is None


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({}, "沒有選任何貼文"),
        ({"1_9": "商品安全"}, "貼文「1_9」已不在資料庫"),
        ({"1_2": "長" * 41}, "超過 40 個字"),
        ({"1_2": "0912-345-678"}, "看起來是電話"),
        ({"1_2": "商品\u202e安全"}, "主題含有看不見的控制字元，請刪去後再標註"),
        ({"1_3": "度量衡"}, "沒有變更"),
        (dict.fromkeys(map(str, range(501)), "商品安全"), "最多標 500 篇"),
    ],
)
def test_what_cannot_be_assigned_is_one_sentence_and_changes_nothing(
    posts: Path, wanted: dict[str, str], says: str
) -> None:
    before = posts.read_bytes()
    with pytest.raises(DataError, match=says) as raised:
        topics.assign(posts, wanted, reason="依規則", by=BY)
    assert is_one_sentence(raised.value)
    assert posts.read_bytes() == before


@pytest.mark.parametrize("topic", ["商品安全", "長" * 40])
def test_a_topic_that_can_be_given_has_nothing_against_it(topic: str) -> None:
    assert topics.against(topic) is None


@pytest.mark.parametrize(("topic", "says"), [("長" * 41, "超過 40 個字"), ("0912-345-678", "看起來是電話")])
def test_what_is_against_a_topic_is_one_sentence(topic: str, says: str) -> None:
    found = topics.against(topic)
    assert found is not None
    assert says in found
    assert is_one_sentence(found)


def test_a_rule_of_a_topic_that_no_post_could_be_given_is_refused(posts: Path) -> None:
    before = posts.read_bytes()
    rule = {"topic": "長" * 41, "phrase": "電鍋"}
    with pytest.raises(DataError) as raised:
        entries.enter(posts, BY_NAME["topic_rules"], rule, reason="新增主題規則", by=BY)
    assert str(raised.value) == "這一列的主題無法採用：超過 40 個字，請縮短。"
    assert posts.read_bytes() == before


def test_a_reason_must_be_given(posts: Path) -> None:
    with pytest.raises(DataError, match="須寫明原因"):
        topics.assign(posts, {"1_2": "商品安全"}, reason=" ", by=BY)
