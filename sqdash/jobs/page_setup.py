"""Setting a page up: its id and token tested step by step against Meta, then kept.

Each step says in one sentence what works or which permission is missing. The token is handed on and never said.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from sqdash import periods
from sqdash.errors import GraphError, PermissionMissing, SettingsError, SqdashError
from sqdash.graph import metrics
from sqdash.graph.access import Access
from sqdash.graph.answers import PageNode, TokenState
from sqdash.graph.client import Client
from sqdash.graph.clock import Clock, SystemClock
from sqdash.graph.transport import Bounds
from sqdash.jobs import entries, token_state, tokens
from sqdash.jobs.pull_page import require_itself, token_columns
from sqdash.jobs.token_state import permission
from sqdash.secret import Secret
from sqdash.settings import GraphSettings
from sqdash.store import database, gate, pulls
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME

_BOUNDS = Bounds(connect=5.0, read=15.0, total=20.0, retries=1, first_wait=0.5, longest_wait=2.0)
"""Somebody waits at the screen."""
_DAYS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One thing tested: ``ok`` None where it cannot be known and need not be."""

    name: str
    ok: bool | None
    sentence: str

    @property
    def text(self) -> str:
        """One line for people."""
        return f"{'–' if self.ok is None else '✔' if self.ok else '✖'} {self.name}：{self.sentence}"


@dataclass(slots=True)
class Trial:
    """What the steps found; ``usable`` once page and posts can be read, ``whole`` where nothing was lacking."""

    page_id: str
    steps: list[Step] = field(default_factory=list)
    page: PageNode | None = None
    token_state: TokenState | None = None
    usable: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing was refused."""
        return self.usable and all(step.ok is not False for step in self.steps)


def try_out(
    page_id: str, token: str, settings: GraphSettings, clock: Clock | None = None
) -> tuple[Trial, Iterator[Step]]:
    """The result, empty at first, and the steps that fill it; it stops where going on makes no sense."""
    found = Trial(page_id.strip())
    return found, _recorded(found, _steps(found, token.strip(), settings, clock or SystemClock()))


def _recorded(found: Trial, steps: Iterator[Step]) -> Iterator[Step]:
    for step in steps:
        found.steps.append(step)
        yield step


def _steps(found: Trial, token: str, settings: GraphSettings, clock: Clock) -> Iterator[Step]:
    try:
        tokens.path_of(Path("store"), found.page_id)  # the rule of ids
        access = Access(settings.base_url, settings.version, Secret(token), settings.app_id, settings.app_secret)
    except (SettingsError, GraphError) as error:
        yield Step("填寫的內容", False, str(error))
        return
    with Client(access, clock=clock, rng=random.Random(), limits=_BOUNDS) as client:  # noqa: S311 - jitter
        yield (step := _page(found, client))
        if not step.ok:
            return
        posts: list[str] = []
        yield (step := _told("讀取貼文", lambda: _posts(found, client, posts)))
        found.usable = bool(step.ok)
        if step.ok:
            yield _reactions(client, bool(posts))
        yield _told("每日數據", lambda: _days(client, found.page_id, clock))
        if posts:
            yield _told("貼文成效", lambda: _post_insights(client, posts[0], clock))
        yield _told("權杖效期與權限", lambda: _token(found, client, clock))


def _told(name: str, work: Callable[[], Step]) -> Step:
    """The step's own word, or why it failed."""
    try:
        return replace(work(), name=name)
    except PermissionMissing as error:
        wanted = permission(error.permission) if error.permission else ""
        return Step(name, False, f"缺少權限{f' {wanted}' if wanted else ''}，請重新取得權杖時勾選。")
    except GraphError as error:
        return Step(name, False, str(error))


def _page(found: Trial, client: Client) -> Step:
    def read() -> Step:
        page = client.page(found.page_id)
        require_itself(page, found.page_id)
        found.page = page
        fans = f"，粉絲 {page.fans:,} 人" if page.fans is not None else "，Meta 沒有提供粉絲人數"
        return Step("", True, f"「{page.name or page.id}」{fans}。")

    return _told("讀取專頁", read)


def _posts(found: Trial, client: Client, posts: list[str]) -> Step:
    for nodes in client.posts(found.page_id, limit=5):
        posts += [node.id for node in nodes]
        break
    return Step("", True, "可以讀取。" if posts else "可以讀取，目前沒有貼文。")


def _reactions(client: Client, any_post: bool) -> Step:
    refused = [name for name, why in client.dropped_fields.items() if isinstance(why, PermissionMissing)]
    if refused:
        return Step("心情與留言數", False, f"缺少權限 {permission('pages_read_user_content')}，這些數據不會擷取。")
    return Step("心情與留言數", True if any_post else None, "可以讀取。" if any_post else "沒有貼文可以試讀。")


def _days(client: Client, page_id: str, clock: Clock) -> Step:
    newest: date = clock.now().astimezone(periods.PACIFIC).date() - timedelta(days=1)
    names = [candidate.metric for candidate in metrics.wanted("page", {}, clock.now())]
    outcomes = client.page_insights(page_id, names, newest - timedelta(days=_DAYS), newest)
    return _served([outcome.status for outcome in outcomes.values()])


def _post_insights(client: Client, post: str, clock: Clock) -> Step:
    names = [candidate.metric for candidate in metrics.wanted("post", {}, clock.now())]
    for _, insights in client.post_insights([post], names):
        if isinstance(insights, GraphError):
            raise insights
        return _served([outcome.status for outcome in insights.values()])
    return Step("", None, "沒有貼文可以試讀。")


def _served(statuses: list[str]) -> Step:
    given = sum(status in ("ok", "empty") for status in statuses)
    if not given and "not_permitted" in statuses:
        return Step("", False, f"缺少權限 {permission('read_insights')}，請重新取得權杖時勾選。")
    if not given:
        return Step("", False, "Meta 目前不提供任何一項，請稍後再試。")
    left = len(statuses) - given
    return Step("", True, f"可以讀取 {given} 項" + (f"，另有 {left} 項 Meta 未提供。" if left else "。"))


def _token(found: Trial, client: Client, clock: Clock) -> Step:
    found.token_state = state = client.token_state()
    if state is None:
        return Step("", None, "未設定應用程式編號與密鑰，Meta 不告知到期日，不影響擷取。")
    if not state.valid:
        return Step("", False, "Meta 表示權杖已無效，請重新取得。")
    if state.missing:
        lacking = "、".join(permission(name) for name in state.missing)
        return Step("", False, f"缺少權限 {lacking}，請重新取得權杖時勾選。")
    lines, _ = token_state.ends(token_columns(state, ""), clock.now())
    return Step("", True, lines[0])


def save(store: Path, tested: Trial, token: str, *, by: str) -> None:
    """Keep the token in a file of its own and make a page that nobody has classed ours.

    :class:`SettingsError` where the file cannot be written; nothing else is changed then.
    """
    tokens.keep(store, tested.page_id, token)
    with gate.write(store, by=by, reason=f"設定專頁權杖：{tested.page_id}") as change:
        state = tested.token_state
        pulls.put_token(change, tested.page_id, token_columns(state, periods.noted(periods.now())) if state else {})
        change.audit("token", f"page {tested.page_id}", "設定權杖")
    with suppress(SqdashError):  # a name that reads like personal data: the first pull brings the page's row
        _own(store, tested, by)


def _own(store: Path, tested: Trial, by: str) -> None:
    table = BY_NAME["pages"]
    with database.reading(store) as connection:
        stands = next((r for r in rows.current(connection, table) if r["page_id"] == tested.page_id), None)
    if stands is None and tested.page is not None:
        page = tested.page
        name = page.name or page.username or page.id
        given = {"page_id": page.id, "kind": "own", "label": name, "url": page.link or ""}
    elif stands is not None and stands["kind"] == "unassigned":
        given = {name: str(stands[name]) for name in table.names if stands[name] is not None} | {"kind": "own"}
    else:
        return
    entries.enter(store, table, given, reason="設定擷取", by=by)


def remove(store: Path, page_id: str, *, by: str) -> None:
    """Take the page's token file away; what was pulled stays."""
    tokens.forget(store, page_id)
    with gate.write(store, by=by, reason=f"移除專頁權杖：{page_id}") as change:
        pulls.put_token(change, page_id, {})
        change.audit("token", f"page {page_id}", "移除權杖")
