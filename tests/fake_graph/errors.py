"""Graph's error answers by our own short names: HTTP status, code, subcode and words as Meta gives them.

``ERRORS`` has every row of codes that a client must tell apart; ``Refused`` is how the routes give one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OAUTH, METHOD, API = "OAuthException", "GraphMethodException", "FacebookApiException"
READ_MORE = "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"
VALID_METRIC = "(#100) The value must be a valid insights metric"
SESSION = "Error validating access token: "


@dataclass(frozen=True)
class Fault:
    """One error answer. ``extra`` are optional keys (error_user_msg, is_transient …); ``headers`` go with it."""

    status: int
    code: int | None
    message: str
    subcode: int | None = None
    kind: str = OAUTH
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    def body(self, trace: str) -> str:
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code is not None:
            error["code"] = self.code
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return json.dumps({"error": {**error, **self.extra, "fbtrace_id": trace}}, separators=(",", ":"))


class Refused(Exception):
    """A route refuses the call."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def permission(name: str, code: int = 10) -> Fault:
    text = f"(#{code}) This endpoint requires the '{name}' permission or the 'Page Public Content Access' feature."
    return Fault(403 if code >= 200 else 400, code, text)


def unsupported(object_id: str, method: str = "get") -> Fault:
    text = (
        f"Unsupported {method} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        f"missing permissions, or does not support this operation. {READ_MORE}"
    )
    return Fault(400, 100, text, 33, METHOD)


def bad_field(name: str, node: str) -> Fault:
    return Fault(400, 100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({node})")


def bad_parameter(text: str) -> Fault:
    return Fault(400, 100, f"(#100) {text}")


def unknown_path(path: str) -> Fault:
    return Fault(400, 2500, f"Unknown path components: /{path}")


DEAD_METRIC = Fault(400, 100, VALID_METRIC)
PERMISSION_BY_100 = bad_parameter(
    "Object does not exist, cannot be loaded due to missing permission or reviewable feature, or does not support "
    "this operation. This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content "
    "Access' feature or the 'Page Public Metadata Access' feature."
)
TOKEN_UNREADABLE = Fault(400, 190, "Invalid OAuth access token - Cannot parse access token")
NO_TOKEN = Fault(400, 2500, "An active access token must be used to query information about the current user.")
NO_METRIC = Fault(400, 3001, "(#3001) Invalid query", 1504028, extra={"error_user_msg": "No metric was specified."})
PROOF_MISSING = Fault(400, 100, "API calls from the server require an appsecret_proof argument", kind=METHOD)
PROOF_WRONG = Fault(400, 100, "Invalid appsecret_proof provided in the API argument", kind=METHOD)
TOO_LARGE_BATCH = Fault(
    400, None, "Too many requests in batch message. Maximum batch size is 50", kind="GraphBatchException"
)
EXPIRED = Fault(
    400, 190, SESSION + "Session has expired on Tuesday, 24-Nov-26 04:00:00 PST. The current time is later.", 463
)
REDUCE = "Please reduce the amount of data you're asking for, then retry your request"

ERRORS: Mapping[str, Fault] = {
    # temporary
    "server_error": Fault(500, 1, "An unknown error occurred"),
    "service_down": Fault(503, 2, "Service temporarily unavailable", extra={"is_transient": True}),
    "transient_flag": Fault(400, 1999, "Something odd happened", extra={"is_transient": True}),
    "reduce_amount": Fault(500, 1, REDUCE),
    "reduce_amount_by_user_msg": Fault(500, 1, "Invalid request", 99, extra={"error_user_msg": REDUCE}),
    # limits
    "app_limit": Fault(400, 4, "(#4) Application request limit reached"),
    "user_limit": Fault(400, 17, "(#17) User request limit reached"),
    "page_limit_user": Fault(400, 32, "(#32) Page request limit reached"),
    "app_limit_341": Fault(400, 341, "(#341) Feed action request limit reached"),
    "custom_limit": Fault(400, 613, "(#613) Calls to this api have exceeded the rate limit."),
    "odd_traffic": Fault(400, 613, "(#613) Calls to this api have exceeded the rate limit.", 1996),
    "page_limit": Fault(
        400, 80001, "(#80001) There have been too many calls to this Page account. Wait a bit and try again."
    ),
    "blocked": Fault(400, 368, "The action attempted has been deemed abusive or is otherwise disallowed"),
    # permissions
    "capability": Fault(400, 3, "(#3) Application does not have the capability to make this API call."),
    "permission_10": permission("pages_read_engagement"),
    "permission_200": Fault(403, 200, "(#200) Permissions error: requires read_insights"),
    "permission_100": PERMISSION_BY_100,
    "reactions_refused": permission("pages_read_user_content"),
    "metric_refused": permission("read_insights", 200),
    # what is asked for
    "metric_dead": DEAD_METRIC,
    "joint_metrics_refused": DEAD_METRIC,
    "field_dead": bad_field("name", "Page"),
    "post_deleted": unsupported("0"),
    "alias_unknown": Fault(404, 803, "(#803) Some of the aliases you requested do not exist: example.branch"),
    "cursor_limit": bad_parameter("After Cursor specified exceeds the max limit"),
    "no_metric": NO_METRIC,
    "bad_path": unknown_path("nowhere"),
    # tokens
    "session_invalid": Fault(400, 102, "Session key invalid or no longer valid"),
    "proof_wrong": PROOF_WRONG,
    "proof_missing": PROOF_MISSING,
    "proof_104": Fault(400, 104, "Incorrect signature"),
    "token_invalid": TOKEN_UNREADABLE,
    "token_quoted": Fault(400, 190, "Malformed access token {token}"),
    "token_expired": EXPIRED,
    "token_app_removed": Fault(400, 190, SESSION + "The user has not authorized application 7700880099001122.", 458),
    "token_checkpoint": Fault(400, 190, SESSION + "The user must log in at www.facebook.com to correct this.", 459),
    "token_password": Fault(400, 190, SESSION + "The session has been invalidated: the password changed.", 460),
    "token_unconfirmed": Fault(400, 190, SESSION + "The session user is unconfirmed.", 464),
    "token_dead": Fault(400, 190, SESSION + "The access token is invalid.", 467),
    "token_role_lost": Fault(400, 190, SESSION + "The user is not an administrator of the Page.", 492),
    "page_token_wanted": Fault(400, 190, "(#190) This method must be called with a Page Access Token"),
}
