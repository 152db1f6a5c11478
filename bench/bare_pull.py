"""The floor of a first pull: the same calls by bare ``requests``, and a bare ``executemany`` into the same tables.

``python -m bench.bare_pull STORE URL PAGE TOKEN``. Checks nothing, keeps nothing but the figures.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import requests

from sqdash.graph.fields import PAGE_FIELDS, POST_FIELDS
from sqdash.graph.metrics import wanted

PACIFIC = ZoneInfo("America/Los_Angeles")
INSERT = "INSERT INTO {} ({}, batch, opened_revision) VALUES ({}, 1, 1)"


def insert(table: str, *columns: str) -> str:
    """The statement that puts a row into those columns."""
    return INSERT.format(table, ", ".join(columns), ", ".join("?" * len(columns)))


POST = insert("posts", "post_id", "page_id", "published_at", "type", "message", "permalink")
COUNTS = ("likes", "reactions", "comments", "shares", "viewers", "views", "clicks")
SNAPSHOT = insert("snapshots", "post_id", "observed_at", *COUNTS)
DAY = insert("page_days", "page_id", "day", "measure", "value", "day_zone")


def main(store: str, url: str, page: str, token: str) -> None:
    """Pull everything once, with as little as that can be done."""
    now = datetime.now(UTC)
    with requests.Session() as session, closing(sqlite3.connect(store, isolation_level=None)) as db:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("INSERT INTO revisions VALUES (1, ?, 'x', 'x')", (now.isoformat(),))
        db.execute(
            "INSERT INTO imports (batch, kind, format, file_name, at, by, revision) "
            "VALUES (1, 'pull', 'x', 'x', ?, 'x', 1)",
            (now.isoformat(),),
        )
        session.get(f"{url}/v25.0/{page}", params={"fields": ",".join(PAGE_FIELDS.values())}, timeout=60).json()
        names = {c.metric: c.measure for c in wanted("page", {}, now)}
        end = now.astimezone(PACIFIC).replace(hour=0, minute=0, second=0, microsecond=0)
        for _ in range(9):
            start = end - timedelta(days=81)
            query: dict[str, Any] = {
                "metric": ",".join(names),
                "period": "day",
                "since": int(start.timestamp()),
                "until": int(end.timestamp()),
            }
            answer = session.get(f"{url}/v25.0/{page}/insights", params=query, timeout=60).json()
            rows = [
                (page, v["end_time"][:10], names[s["name"]], v["value"], "America/Los_Angeles")
                for s in answer["data"]
                for v in s["values"]
            ]
            db.execute("BEGIN")
            db.executemany(DAY, rows)
            db.execute("COMMIT")
            end = start
        posts(session, db, url, page, f"{now:%Y-%m-%dT%H:%M:%S}+08:00")


def posts(session: requests.Session, db: sqlite3.Connection, url: str, page: str, seen: str) -> None:
    """Every post with its figures."""
    names = [c.metric for c in wanted("post", {}, datetime.now(UTC)) if c.metric != "post_clicks_by_type"]
    query: dict[str, Any] = {"fields": ",".join(POST_FIELDS.values()), "limit": 100}
    while True:
        answer = session.get(f"{url}/v25.0/{page}/published_posts", params=query, timeout=60).json()
        nodes, figures = answer["data"], {}
        for part in (nodes[:50], nodes[50:]):
            asks = [
                {"method": "GET", "relative_url": f"{n['id']}/insights?metric={','.join(names)}&period=lifetime"}
                for n in part
            ]
            items = session.post(
                f"{url}/v25.0/", data={"batch": json.dumps(asks), "include_headers": "false"}, timeout=60
            ).json()
            for node, item in zip(part, items, strict=True):
                found = {one["name"]: one["values"][0]["value"] for one in json.loads(item["body"])["data"]}
                figures[node["id"]] = [found.get(name) for name in names]
        db.execute("BEGIN")
        db.executemany(
            POST,
            [
                (
                    n["id"],
                    page,
                    n["created_time"][:19] + "+08:00",
                    n.get("status_type"),
                    n.get("message"),
                    n.get("permalink_url"),
                )
                for n in nodes
            ],
        )
        db.executemany(
            SNAPSHOT,
            [
                (
                    n["id"],
                    seen,
                    *(n[name]["summary"]["total_count"] for name in ("like", "reactions", "comments")),
                    n.get("shares", {}).get("count", 0),
                    *figures[n["id"]],
                )
                for n in nodes
            ],
        )
        db.execute("COMMIT")
        if "next" not in answer["paging"]:
            return
        query["after"] = answer["paging"]["cursors"]["after"]


if __name__ == "__main__":
    main(*sys.argv[1:])
