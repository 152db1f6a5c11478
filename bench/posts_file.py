"""A content export of any size, made up but shaped like a real one: 35 columns, captions over several lines."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

HEAD = (
    "Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Caption type,Permalink,Is crosspost,"
    "Is share,Post type,Languages,Custom labels,Funded content status,Data comment,Date,Views,Reach,"
    '"Reactions, Comments and Shares",Reactions,Comments,Shares,Total clicks,Other Clicks,Link Clicks,'
    "Matched Audience Targeting Consumption (Photo Click),Matched Audience Targeting Consumption (Video Click),"
    "Negative feedback from users: Hide all,Seconds viewed,Average Seconds viewed,Views from Organic posts,"
    "Views from Boosted posts,Reach from Organic posts,Reach from Boosted posts"
)
WORDS = (
    "商品",
    "安全",
    "度量衡",
    "檢驗",
    "標識",
    "選購",
    "捕蚊燈",
    "玩具",
    "插座",
    "計程車",
    "油量計",
    "磅秤",
    "小安心",
    "提醒您",
    "請認明",
    "合格",
    "標章",
    "😀",
    "注意",
)


def write(path: Path, rows: int, *, seed: int = 103, blank_last: bool = False) -> None:
    """``rows`` posts over ten years; the same seed gives the same posts. ``blank_last`` makes other bytes of them."""
    rng = random.Random(seed)  # noqa: S311 - made-up figures
    head = next(csv.reader([HEAD]))
    first = datetime(2016, 1, 1)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        for number in range(rows):
            writer.writerow(_row(rng, number, first + timedelta(minutes=number * (5_256_000 // max(rows, 1)))))
        if blank_last:
            file.write("\n")


def _row(rng: random.Random, number: int, at: datetime) -> list[str | int]:
    text = "".join(rng.choices(WORDS, k=18)) + "\n" + "".join(rng.choices(WORDS, k=14))
    post = 100_000_000_000_000_000 + number * 7 + 1
    reach = int(rng.lognormvariate(6.5, 0.5))
    reactions, comments, shares = int(reach * 0.08), int(reach * 0.004), int(reach * 0.01)
    views = int(reach * 1.4)
    return [
        post, 1_000_000_000_001, "小安心", text, "", 0, f"{at:%m/%d/%Y %H:%M}", "N/A",
        f"https://www.facebook.com/1000000000001/posts/{post}", 0, 0, "Photos", "", "", "", "", "Lifetime",
        views, reach, reactions + comments + shares, reactions, comments, shares, int(reach * 0.05), 3, 2, 1, 0, 0, 0,
        0, views, 0, reach, 0,
    ]  # fmt: skip
