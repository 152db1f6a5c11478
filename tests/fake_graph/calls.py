"""What is asked and what is answered, apart from how either travels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NOTHING: Mapping[str, Mapping[str, Any]] = {}
EDGES = {"published_posts": "posts", "posts": "posts", "insights": "insights"}


@dataclass(slots=True)
class Call:
    """One Graph call: an HTTP request, or one item of a batch (``place`` is then its position).

    ``edge`` is batch, debug_token, page, posts, page_insights, post, post_insights, ids or unknown.
    """

    method: str
    version: str | None
    parts: tuple[str, ...]
    query: Mapping[str, str]
    token: str | None
    place: int | None = None
    own_token: bool = False
    quirks: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: NOTHING)
    planned: str | None = None  # the fault that a plan has for this HTTP call (faults.py)
    edge: str = field(init=False)
    object_id: str | None = field(init=False)

    def __post_init__(self) -> None:
        parts = self.parts
        self.object_id = parts[0] if parts else None
        if len(parts) == 4 and parts[1] == "insights":
            self.query = {**self.query, "metric": parts[2], "period": parts[3]}
            parts = parts[:2]
        self.edge = self._edge(parts)

    def _edge(self, parts: tuple[str, ...]) -> str:
        if not parts:
            return "batch" if self.method == "POST" and self.place is None else "ids"
        post = "_" in parts[0]
        if len(parts) == 1:
            return "debug_token" if parts[0] == "debug_token" else "post" if post else "page"
        edge = EDGES.get(parts[1]) if len(parts) == 2 else None
        if edge == "insights":
            return "post_insights" if post else "page_insights"
        return edge if edge and not post else "unknown"

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(self.query.get("metric", "").split(",")) if "metric" in self.query else ()

    @property
    def limit(self) -> int:
        given = self.query.get("limit", "")
        return int(given) if given.isdigit() else 25


@dataclass(slots=True)
class Answer:
    """Status, JSON text and the headers beyond those that every answer has."""

    status: int
    body: str
    headers: list[tuple[str, str]] = field(default_factory=list)
