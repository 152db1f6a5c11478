"""Parts of a run about the page itself: its counts now, its token.

``fans`` and ``followers`` of the node are kept under today's Taipei day; Meta's own history of followers comes under
its Pacific days beside them (:mod:`sqdash.jobs.pull_days`). Neither is ever summed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqdash import freshness, periods
from sqdash.errors import ClockWrong, GraphSetup, TokenError
from sqdash.graph.answers import PageNode, TokenState
from sqdash.jobs import pull_rules as rules
from sqdash.jobs import tokens
from sqdash.jobs.pull_record import Record
from sqdash.store import database, pulls
from sqdash.store.queries import pulls as queries

CLOCK_OFF = timedelta(minutes=15)
"""How far our clock may be from Graph's."""
DAYS = ("page_id", "day", "day_zone", "measure", "value")


def counts(run: Record, kind: str) -> None:
    """The page's row, if the store has none, and its counts as of now.

    :class:`ClockWrong` where our clock cannot say when that is; :class:`GraphSetup` where Meta answers with another
    page."""
    page = run.client.page(run.page_id)
    require_itself(page, run.page_id)
    _keeps_time(run.client.clock_ahead)
    day = run.now.astimezone(periods.TAIPEI).date().isoformat()
    found = {"fans": page.fans, "followers": page.followers}
    rows = [
        (None, run.page_id, day, periods.TAIPEI.key, measure, value)
        for measure, value in found.items()
        if value is not None
    ]
    with run.change("擷取專頁人數") as change:
        stage = run.stage(change)
        if not any(known == run.page_id for known, *_ in queries.pages(change.connection)):
            name = page.name or page.username or run.page_id
            stage.add("pages", ("page_id", "kind", "label", "url"), [(None, run.page_id, kind, name, page.link)])
        if rows:
            stage.add("page_days", DAYS, rows)
        brought = [run.put(change, stage)] if stage.given else []
        detail = "" if rows else "Meta 沒有提供這個專頁的粉絲與追蹤人數。"
        run.note(change, "page", "done" if rows else "error", brought, detail)


def require_itself(page: PageNode, asked: str) -> None:
    """:class:`GraphSetup` where the page goes by another number than it was asked for: its posts carry that one, so one
    page would stand in the store as two."""
    if page.id != asked:
        now = tokens.shown(page.id)
        raise GraphSetup(f"編號 {tokens.shown(asked)} 是專頁 {now} 的另一個名稱，請改用 {now} 設定專頁與權杖。")


def _keeps_time(ahead: timedelta | None) -> None:
    if ahead is not None and abs(ahead) > CLOCK_OFF:
        off = f"{'快' if ahead > timedelta(0) else '慢'} {freshness.span(abs(ahead))}"
        raise ClockWrong(f"本機的時鐘比 Meta {off}，擷取的數據會記錯日期，這次沒有擷取，請先校正本機的時間。")


def token(run: Record) -> None:
    """What Graph says of the token, once a day and of a new one at once; it says so only to an app's id and secret."""
    with database.reading(run.store) as connection:
        checked = queries.page_read(connection, run.page_id)["token_checked_at"]
    since = tokens.set_at(run.store, run.page_id)
    at = datetime.fromisoformat(checked) if checked else None
    if at and timedelta(0) <= run.now - at < rules.TOKEN_CHECK and not (since and at < since):
        return
    try:
        state = run.client.token_state()
    except (TokenError, GraphSetup):  # the token has just served: what Meta does not take is the app
        run.failed(
            "token", "error", "Meta 不接受應用程式編號與密鑰，請檢查 SQDASH_GRAPH_APP_ID 與 SQDASH_GRAPH_APP_SECRET。"
        )
        return
    with run.change("查驗權杖") as change:
        pulls.put_token(change, run.page_id, token_columns(state, periods.noted(run.now)))
        run.note(change, "token", "done", detail="" if state else "沒有應用程式編號與密鑰，Meta 不告知到期日。")


def token_columns(state: TokenState | None, checked_at: str) -> dict[str, object]:
    """A token's state as the store keeps it."""
    found: dict[str, object] = {"token_checked_at": checked_at}
    if state:
        found |= {
            "token_valid": int(state.valid),
            "token_expires_at": periods.noted(state.expires_at) if state.expires_at else None,
            "token_access_until": periods.noted(state.data_access_expires_at) if state.data_access_expires_at else None,
            "token_missing": " ".join(state.missing) or None,
        }
    return found
