"""What Meta's error answers mean: from JSON ``code`` and ``error_subcode`` to one class of the error tree.

The table is that of Meta's error handling guide, with what public recordings add; the HTTP status counts only where
there is no code. Sentences are for people; Meta's own words go into ``detail``, without secrets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqdash.errors import (
    BadField,
    DeadMetric,
    DeadObject,
    GraphError,
    GraphSetup,
    LimitReached,
    PermissionMissing,
    ProofError,
    TokenError,
    TooMuchData,
    Transient,
    Unreadable,
)
from sqdash.secret import Redactor

HOUR = timedelta(minutes=60)
"""How long to wait at a limit when Meta does not say."""
_BLOCKED_FOR = timedelta(hours=24)
_LIMITS = frozenset({4, 17, 32, 341, 613, 80001})
_DEAD_TOKEN = {
    458: "使用者已移除應用程式的授權，請重新授權並更新存取權杖",
    459: "帳號需要先到 Facebook 完成安全檢查，請登入後再取得新的存取權杖",
    460: "帳號的密碼已變更，請重新取得存取權杖",
    463: "存取權杖已過期，請重新取得粉絲專頁的權杖",
    464: "帳號尚未完成確認，請登入 Facebook 確認後再取得新的存取權杖",
    467: "存取權杖無效，請重新取得粉絲專頁的權杖",
    492: "取得權杖的人已沒有粉絲專頁的職務，請由有職務的人重新取得存取權杖",
}
_PERMISSION = re.compile(r"\b(pages_[a-z_]+|read_insights|business_management|ads_[a-z]+|Page Public \w+ Access)\b")
_SHOWN = re.compile(r"[0-9_]{1,80}")
"""Ids that sentences may quote: anything else could be a token that was put in the wrong place."""
_MIGRATED = re.compile(r"page id ([0-9]{1,40}) was migrated to page id ([0-9]{1,40})")
_FIELD = re.compile(r"nonexisting field \(?([\w.]+)")


class Asked(NamedTuple):
    """What a request was about, for the sentence: an object's id, the metrics asked for together."""

    object_id: str | None = None
    metrics: tuple[str, ...] = ()


NOTHING = Asked()


def classify(
    status: int,
    error: Mapping[str, Any],
    *,
    now: datetime,
    redactor: Redactor,
    asked: Asked = NOTHING,
    resume_at: datetime | None = None,
) -> GraphError:
    """The error of our tree for the ``error`` object of an answer.

    ``resume_at`` is when to go on by the usage headers; without, a limit holds for 60 minutes from ``now``.
    """
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    texts = [str(error[key]) for key in ("message", "error_user_title", "error_user_msg") if error.get(key)]
    said = redactor.clean(" ".join(texts))
    trace = error.get("fbtrace_id")
    meta = {"code": code, "subcode": subcode, "trace": redactor.clean(str(trace)) if trace else None, "detail": said}
    transient = status >= 500 or error.get("is_transient") is True
    return (
        _by_text(code, subcode, said.lower(), meta, asked)
        or _by_code(code, subcode, said, meta, asked, resume_at or now + HOUR)
        or _otherwise(status, code, transient, meta, asked, now, resume_at)
    )


def _by_text(
    code: int | None, subcode: int | None, said: str, meta: Mapping[str, Any], asked: Asked
) -> GraphError | None:
    """Errors that only their words tell apart."""
    if "reduce the amount of data" in said or (code == 1 and subcode == 99):
        return TooMuchData("一次要求的資料太多，Meta 沒有回覆，將減少每次的數量再試。", **meta)
    if code == 104 or (code in (100, 190, 200) and "appsecret_proof" in said):
        return ProofError(
            "應用程式密鑰與存取權杖不相符，請檢查 SQDASH_GRAPH_APP_SECRET 是否為同一個應用程式的。", **meta
        )
    if found := _MIGRATED.search(said):
        old, new = found[1], found[2]
        return GraphSetup(
            f"專頁 {old} 已併入專頁 {new}，這個編號不能再擷取，請改用編號 {new} 重新設定專頁與權杖。", **meta
        )
    if code != 100:
        return None
    if "valid insights metric" in said:
        names = "、".join(asked.metrics)
        return DeadMetric(f"Meta 不提供數據「{names}」，將略過並於一週後再試。", metrics=asked.metrics, **meta)
    if found := _FIELD.search(said):
        return BadField(f"Meta 沒有欄位「{found[1]}」，將略過該欄位。", field=found[1], **meta)
    if "after cursor" in said:
        return Unreadable("分頁超過 Meta 的上限，較舊的貼文請限定起始日期分段擷取。", **meta)
    return None


def _by_code(
    code: int | None, subcode: int | None, said: str, meta: Mapping[str, Any], asked: Asked, resume_at: datetime
) -> GraphError | None:
    """Errors that the code alone decides, and code 100 naming a permission."""
    if code in (102, 190):
        why = _DEAD_TOKEN.get(subcode or 0, "存取權杖無效，請重新取得粉絲專頁的權杖並更新設定")
        return TokenError(f"{why}。", **meta)
    if code in _LIMITS:
        return LimitReached("已達 Meta 的呼叫上限，將於恢復時間之後繼續擷取。", resume_at=resume_at, **meta)
    permission = _PERMISSION.search(said)
    if code is not None and (code in (3, 10) or 200 <= code <= 299 or (code == 100 and permission)):
        return _permission(permission[1] if permission else None, meta)
    if code == 803 or (code == 100 and subcode == 33):
        shown = _SHOWN.fullmatch(asked.object_id or "")
        name = f"「{shown[0]}」" if shown else "要求的對象"
        why = f"Meta 上找不到{name}，可能已刪除或無權讀取，請檢查編號與權限。"
        return DeadObject(why, object_id=asked.object_id, **meta)
    if code == 21:  # a page that became another, in words that do not say which
        return GraphSetup("這個專頁編號已改為別的編號，請在粉絲專頁的「關於」查看新的編號後重新設定。", **meta)
    if code in (2500, 3001):
        return GraphSetup("Meta 看不懂這個要求，請檢查 SQDASH_GRAPH_VERSION 與專頁編號。", **meta)
    return None


def _permission(name: str | None, meta: Mapping[str, Any]) -> PermissionMissing:
    wanted = f"「{name}」" if name else ""
    return PermissionMissing(f"存取權杖缺少權限{wanted}，請在取得權杖時勾選後更新設定。", permission=name, **meta)


def _otherwise(
    status: int,
    code: int | None,
    transient: bool,
    meta: Mapping[str, Any],
    asked: Asked,
    now: datetime,
    resume_at: datetime | None,
) -> GraphError:
    """Blocks, passing trouble, and codes that nobody has described."""
    if code == 368:
        until = max(now + _BLOCKED_FOR, resume_at or now)
        return LimitReached("帳號因 Meta 的政策暫時被限制，請到 Facebook 查看原因。", resume_at=until, **meta)
    if code in (1, 2) or transient:
        return Transient("Meta 的服務暫時異常，請稍後再更新。", **meta)
    if status == 429:
        return LimitReached(
            "已達 Meta 的呼叫上限，將於恢復時間之後繼續擷取。", resume_at=resume_at or now + HOUR, **meta
        )
    if code == 100 and asked.metrics:  # another metric, span or object may well be served
        names = "、".join(asked.metrics)
        return GraphError(f"Meta 不接受對數據「{names}」的要求，將略過該數據，請通知維護人員。", **meta)
    if code == 100:
        return GraphSetup("Meta 不接受這個要求的參數，請檢查設定並通知維護人員。", **meta)
    number = f"（代碼 {code}）" if code is not None else ""
    return GraphError(f"Meta 回覆未知的錯誤{number}，請稍後再試並通知維護人員。", **meta)


def _number(value: object) -> int | None:
    """Meta's numbers, also where they come as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value) else None
