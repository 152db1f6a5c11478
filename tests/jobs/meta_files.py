"""Small content exports as Meta Business Suite writes them, and answers to what they do not say."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqdash.importers.base import Answers
from sqdash.importers.sources import Bytes
from sqdash.periods import TAIPEI

PAGE = "100064000000001"
HEAD = (
    "Post ID",
    "Page ID",
    "Page name",
    "Title",
    "Description",
    "Publish time",
    "Permalink",
    "Post type",
    "Date",
    "Reach",
    "Reactions",
    "Comments",
    "Shares",
)
FIRST = datetime(2014, 10, 1, 18, 0)  # on the clock of the US west coast
Post = Mapping[str, object]


def post(number: int, **figures: object) -> dict[str, object]:
    """The ``number``-th post of the page, a day after the one before; ``figures`` replace what it would have."""
    at = FIRST + timedelta(days=number)
    given: dict[str, object] = {
        "Post ID": 1_160_000_000_000_000 + number * 7 + 1,
        "Page ID": PAGE,
        "Page name": "小安心",
        "Title": "",
        "Description": f"貼文 {number}",
        "Publish time": f"{at:%m/%d/%Y %H:%M}",
        "Permalink": f"https://www.facebook.com/{PAGE}/posts/{number}",
        "Post type": "Photos",
        "Date": "Lifetime",
        "Reach": 900 + number,
        "Reactions": 50 + number,
        "Comments": 3,
        "Shares": 2,
    }
    return given | figures


def key(number: int) -> str:
    """The id that the store gives the ``number``-th post."""
    return f"{PAGE}_{1_160_000_000_000_000 + number * 7 + 1}"


def export(
    *posts: Post, name: str = "貼文.csv", head: Sequence[str] = HEAD, ending: str = "", encoding: str = "utf-8-sig"
) -> Bytes:
    """The file; ``ending`` makes other bytes of the same rows."""
    out = io.StringIO()
    writer = csv.DictWriter(out, head, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(posts)
    return Bytes(name, (out.getvalue() + ending).encode(encoding))


def seen(day: int, month: int = 11, year: int = 2014, **more: Any) -> Answers:
    """What a person says: exported on that day at 9 in Taipei."""
    return Answers(observed_at=datetime(year, month, day, 9, tzinfo=TAIPEI), **more)


def stored(day: int, month: int = 11, year: int = 2014) -> str:
    """The moment of :func:`seen` as stored."""
    return f"{year}-{month:02d}-{day:02d}T09:00:00+08:00"
