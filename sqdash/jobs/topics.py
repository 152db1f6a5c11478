"""Topics of posts as the team assigns them: any number of posts at once, one batch that can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqdash.errors import DataError
from sqdash.importers import personal
from sqdash.importers.base import Findings
from sqdash.importers.rules import LONGEST_TOPIC
from sqdash.jobs import checks
from sqdash.jobs.entries import reason_of
from sqdash.store import database, gate, save
from sqdash.store.queries import rows
from sqdash.store.staging import Stage
from sqdash.tables import BY_NAME
from sqdash.unseen import CONTROL

POSTS = BY_NAME["posts"]
MOST = 500
"""Posts of one batch: what a person can have looked at."""


def assign(store: Path, topics: Mapping[str, str], *, reason: str, by: str) -> tuple[int, int]:
    """Give each post (id → topic; "" takes the topic away) its topic; the batch and how many posts changed.

    Only the topic is stated, so whatever else a source says of the posts later still counts. :class:`DataError` for no
    or too many posts, a topic that is too long or looks like a person's data, a post that is gone, or no change at all.
    """
    why = reason_of(reason, of="標註主題")
    if not topics:
        raise DataError("沒有選任何貼文，請先選貼文再標主題。")
    if len(topics) > MOST:
        raise DataError(f"一次最多標 {MOST} 篇貼文的主題，請分次處理。")
    wanted = {post: _topic(topic) for post, topic in topics.items()}
    with database.reading(store) as connection:
        for post in wanted:
            if not rows.has(connection, POSTS, post):
                raise DataError(f"貼文「{post[:60]}」已不在資料庫，請重新整理後再選。")
    with gate.write(store, by=by, reason=why) as change:
        stage = Stage(change.connection)
        stage.add(POSTS.name, ("post_id", "topic"), [(None, post, topic) for post, topic in wanted.items()])
        checks.check(stage, Findings())
        batch = save.open_batch(change, kind="entry", format=POSTS.name, file_name="人工標註：貼文主題", note=why)
        counts = save.put_staged(change, stage, batch, by_source_row=False)
        if not counts.changed:
            raise DataError("這些貼文的主題原本就是這樣，沒有變更。")
        save.close_batch(change, batch, counts)
    return batch, counts.changed


def against(topic: str) -> str | None:
    """Why no post can be given the topic, in a sentence; None where it can be."""
    try:
        _topic(topic)
    except DataError as error:
        return str(error)
    return None


def _topic(text: str) -> str | None:
    topic = " ".join(text.split())
    if len(topic) > LONGEST_TOPIC:
        raise DataError(f"主題「{topic[:20]}…」超過 {LONGEST_TOPIC} 個字，請縮短。")
    if CONTROL.search(topic):
        raise DataError("主題含有看不見的控制字元，請刪去後再標註。")
    if what := personal.looks_like(topic):
        raise DataError(f"主題「{topic}」看起來是{what}，本系統不存個人資料，請改寫。")
    return topic or None
