"""Findings about what the store holds and what brings it: content, kept files, pulls, alerts, backups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqdash import freshness, periods
from sqdash import settings as all_settings
from sqdash.errors import StoreError, StoreMissing
from sqdash.jobs import alerts as alert_jobs
from sqdash.jobs import backup_folder, backup_state, leader, page_state, setup, sources, token_state, tokens, way_out
from sqdash.jobs.backup_folder import Places
from sqdash.jobs.backup_state import Noted
from sqdash.jobs.health import Finding, Level, finding
from sqdash.settings import GraphSettings
from sqdash.store import database, notes
from sqdash.store import originals as kept
from sqdash.store.queries import base
from sqdash.store.queries import pulls as queries

_STATES: dict[str, Level] = {"done": "good", "running": "good", "partly": "notice", "limited": "notice"}
_ALERTS_LATE = timedelta(hours=3)
_TEST = "在「備份與還原」測試最新的備份，或以命令列的 backup 測試它。"
_TEST_LATE = timedelta(days=3)


def content(store: Path) -> Iterator[Finding]:
    """Whose data, how much of it and how new."""
    with database.reading(store) as connection:
        kind = "示範資料" if base.kind(connection) == "demonstration" else "正式資料"
        years = "、".join(str(year) for year in reversed(base.years(connection))) or "無"
        yield finding("內容", f"{kind}；修訂 {base.revision(connection)}；年度 {years}")
        days = [periods.roc_day_of(day) if day else "無" for day in base.newest_days(connection)]
        yield finding("來源", f"粉絲數最新 {days[0]}；貼文數據最新 {days[1]}")


def originals(store: Path) -> Iterator[Finding]:
    """Whether the file of every standing import is still kept; the opening data come with the program."""
    with database.reading(store) as connection:
        files = base.standing_files(connection, setup.BY)
    missing = [(batch, name) for batch, name, sha256 in files if not kept.has(store, sha256)]
    if not missing:
        yield finding("原始檔", f"{len(files):,} 個匯入批次的原始檔都在" if files else "還沒有匯入過檔案")
        return
    first = f"例如批次 {missing[0][0]}「{missing[0][1][:40]}」"
    found = f"{len(files):,} 個匯入批次中有 {len(missing):,} 個的原始檔不在（{first}）；數字不受影響，但不能再下載"
    yield finding("原始檔", found, notice=f"從備份的 originals 資料夾把檔案複製回「{kept.folder(store)}」。")


def pulls(store: Path) -> Iterator[Finding]:
    """The last pull of each page, and whether a process pulls at intervals."""
    graph = all_settings.load().graph
    with database.reading(store) as connection:
        if base.kind(connection) == "demonstration":
            yield finding("擷取", "示範資料庫不擷取")
            return
        lasts = {page: next(iter(queries.runs(connection, page, 1)), None) for page, _, _ in queries.pages(connection)}
    ran = {page: run for page, run in lasts.items() if run}
    if not tokens.configured(store, graph) and not ran:
        yield finding("擷取", "沒有設定粉絲專頁與權杖，數據由檔案上傳")
        return
    names = page_state.pages(store, graph)
    for page, run in ran.items():
        at = periods.roc_moment(datetime.fromisoformat(run["started_at"]))
        state = "broken" if sources.broken_off(store, page) else run["state"]
        level = _STATES.get(state, "bad")
        why = f"：{run['error'].rstrip('。')}" if run["error"] and level != "good" else ""
        remedy = (
            "" if level == "good" else "到「資料來源」頁面看原因，處理後按「立即更新」，或執行 python -m sqdash pull。"
        )
        shown = f"{names.get(page, page)[:40]}，{at}，{sources.STATES[state]}{why}"
        yield Finding("最近擷取", level, shown, remedy)
    if not ran:
        yield finding(
            "最近擷取",
            "已設定但還沒有擷取過",
            notice="到「資料來源」頁面按「立即更新」，或執行 python -m sqdash pull。",
        )
    yield from _tokens(store, graph, names)
    who = leader.current(store)
    found = f"程序 {who.pid} 每 {freshness.span(timedelta(seconds=who.every))}擷取一次" if who and who.every else ""
    remedy = "" if found else "啟動定時擷取的服務（每 30 分鐘一次），或以 run.py 開啟儀表板，見 docs/running.md。"
    yield finding("定時擷取", found or "目前沒有定時擷取的程序", notice=remedy)


def _tokens(store: Path, graph: GraphSettings, names: Mapping[str, str]) -> Iterator[Finding]:
    """Tokens with which a page cannot be pulled, or not for long: one that was never pulled has no run that says so.
    What the last run said is not told again."""
    for page, name in names.items():
        known = page_state.facts(store, page, 1)
        token = token_state.facts(store, page, graph, known["read"], known["runs"])
        said = known["runs"][0]["error"] if known["runs"] else None
        if token.there and token.level == "stale" and token.lines[0] != said:
            shown = f"{name[:40]}，{token.word}：{token.lines[0].rstrip('。')}"
            level: Level = "bad" if token.left is None else "notice"
            yield Finding("權杖", level, shown, "依訊息處理，或到「資料來源」頁面換上新的權杖。")


def alerts(store: Path) -> Iterator[Finding]:
    """When alerts were last evaluated, and how many stand."""
    said, standing = notes.get(store, alert_jobs.SUBJECT), len(alert_jobs.standing(store))
    try:
        at = datetime.fromisoformat(said["at"])
    except (KeyError, TypeError, ValueError):
        remedy = "執行 python -m sqdash alerts，或啟動定時擷取的服務，它每小時檢查一次。"
        yield finding("提醒檢查", f"沒有檢查過的紀錄；未解除 {standing:,} 則", notice=remedy)
        return
    shown = f"{periods.roc_moment(at)} 檢查；未解除 {standing:,} 則"
    if error := str(said.get("error") or ""):
        yield finding(
            "提醒檢查", f"{shown}；最近一次沒有完成：{error.rstrip('。')}", bad="依訊息處理，下一小時會再試。"
        )
    elif periods.now() - at > _ALERTS_LATE:
        late = f"{shown}；已 {freshness.span(periods.now() - at)}沒有檢查"
        yield finding("提醒檢查", late, notice="啟動定時擷取的服務，它每小時檢查一次。")
    else:
        yield finding("提醒檢查", shown)


def backups(store: Path) -> Iterator[Finding]:
    """How much could be lost, whether the newest backup restores, whether the second folder got its copy."""
    places = backup_folder.places(store)
    folder = places.first
    found = backup_folder.listed(folder)
    try:
        loss = backup_state.could_be_lost(store)
        remedy = "" if loss.good else "按「立即備份」，或執行 python -m sqdash backup，並確認定時備份的服務在運作。"
        yield finding("備份", loss.sentence, bad=remedy)
    except StoreMissing:  # nothing is lost that has not been made
        if found:
            yield finding(
                "備份", f"最近的備份是 {found[0].name}", notice=f"要找回先前的資料，請{way_out.words(store)}。"
            )
    except StoreError as error:  # which backup there is matters all the more
        newest = f"最近的備份是 {found[0].name}" if found else "沒有任何備份"
        yield finding("備份", f"{newest}；{error}", bad=f"{way_out.words(store) or '還原備份'}。")
    yield from _restores(store, places, needed=bool(found))


def _restores(store: Path, places: Places, *, needed: bool) -> Iterator[Finding]:
    tested, second = backup_state.tested(places.first, store), backup_state.second(places.first, store)
    if tested:
        late = periods.now() - tested.at > _TEST_LATE
        bad = "" if tested.good else "立即再備份並測試一次，仍不通過請檢查磁碟。"
        yield finding("還原測試", _said(tested), bad=bad, notice=_TEST if late else "")
    elif needed:
        yield finding("還原測試", "還沒有做過", notice=_TEST)
    if second and second.good and places.second and backup_state.of_one_disk(store, places.second):
        found = f"{_said(second).rstrip('。')}，但它和資料庫在同一個磁碟"
        remedy = "確認網路資料夾已經掛上，或把 SQDASH_BACKUP_COPY 改到另一個磁碟。"
        yield finding("第二份備份", found, notice=remedy)
    elif second:
        yield finding("第二份備份", _said(second), bad="" if second.good else "檢查第二個備份資料夾能否寫入。")


def _said(noted: Noted) -> str:
    return f"{periods.roc_moment(noted.at)}，{noted.found}"
