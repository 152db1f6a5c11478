"""Meta's codes and words become one class of ours each, as the table of its error handling has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sqdash import errors
from sqdash.errors import BadField, DeadMetric, DeadObject, GraphError, LimitReached, PermissionMissing, TokenError
from sqdash.graph.failures import Asked, classify
from sqdash.secret import Redactor, Secret
from tests.graph.clocks import START

TOKEN = "EAAcanary0123456789"


def sorted_out(status: int = 400, **error: Any) -> GraphError:
    resume_at = error.pop("resume_at", None)
    asked = error.pop("asked", Asked())
    return classify(status, error, now=START, redactor=Redactor([Secret(TOKEN)]), asked=asked, resume_at=resume_at)


@pytest.mark.parametrize(
    ("kind", "status", "error"),
    [
        ("TokenError", 400, {"code": 102}),
        ("TokenError", 400, {"code": 190, "error_subcode": 463}),
        ("TokenError", 401, {"code": 190, "is_transient": True}),
        ("ProofError", 400, {"code": 104, "message": "Incorrect signature"}),
        ("ProofError", 400, {"code": 100, "message": "Invalid appsecret_proof provided in the API argument"}),
        ("ProofError", 400, {"code": 100, "message": "API calls from the server require an appsecret_proof argument"}),
        ("PermissionMissing", 400, {"code": 3}),
        ("PermissionMissing", 400, {"code": 10}),
        ("PermissionMissing", 403, {"code": 200}),
        ("PermissionMissing", 403, {"code": 299}),
        ("PermissionMissing", 400, {"code": 100, "message": "Object does not exist. Requires pages_read_engagement"}),
        ("PermissionMissing", 400, {"code": 100, "error_subcode": 33, "message": "needs 'read_insights' permission"}),
        ("LimitReached", 400, {"code": 4, "is_transient": True}),
        ("LimitReached", 400, {"code": 17}),
        ("LimitReached", 400, {"code": 32}),
        ("LimitReached", 400, {"code": 341}),
        ("LimitReached", 400, {"code": 613, "error_subcode": 1996}),
        ("LimitReached", 400, {"code": 80001}),
        ("LimitReached", 400, {"code": 368}),
        ("LimitReached", 429, {}),
        ("DeadMetric", 400, {"code": 100, "message": "(#100) The value must be a valid insights metric"}),
        ("DeadObject", 400, {"code": 100, "error_subcode": 33, "message": "Unsupported get request."}),
        ("DeadObject", 404, {"code": 803}),
        ("BadField", 400, {"code": 100, "message": "(#100) Tried accessing nonexisting field (foo) on node"}),
        ("TooMuchData", 500, {"code": 1, "message": "Please reduce the amount of data you're asking for"}),
        ("TooMuchData", 500, {"code": 1, "error_subcode": 99, "message": "An unknown error occurred"}),
        ("TooMuchData", 500, {"code": 1, "message": "x", "error_user_msg": "Please reduce the amount of data"}),
        ("Transient", 500, {"code": 1}),
        ("Transient", 400, {"code": "2"}),
        ("Transient", 400, {"code": 12345, "is_transient": True}),
        ("Transient", 503, {}),
        ("Transient", 500, {"code": 99999}),
        ("Unreadable", 400, {"code": 100, "message": "After Cursor specified exceeds the max limit"}),
        ("GraphSetup", 400, {"code": 2500, "message": "Unknown path components: /x"}),
        ("GraphSetup", 400, {"code": 3001, "error_subcode": 1504028}),
        ("GraphSetup", 400, {"code": 21, "message": "(#21) Page ID 111 was migrated to page ID 222. Please update"}),
        ("GraphSetup", 400, {"code": 21}),
        ("GraphSetup", 400, {"code": 100, "message": "(#100) Param limit must be <= 100"}),
        ("GraphError", 400, {"code": 777}),
        ("GraphError", 400, {"code": None, "message": None}),
        ("GraphError", 400, {"code": True}),
    ],
)  # fmt: skip
def test_each_answer_has_its_class(kind: str, status: int, error: dict[str, Any]) -> None:
    found = sorted_out(status, **error)
    assert type(found) is getattr(errors, kind)
    assert str(found).endswith("。")
    assert str(found).count("。") == 1


@pytest.mark.parametrize(
    ("subcode", "word"),
    [(458, "移除"), (459, "安全檢查"), (460, "密碼"), (463, "過期"), (464, "確認"), (467, "無效"), (492, "職務")],
)
def test_each_subcode_of_a_dead_token_is_said_in_words(subcode: int, word: str) -> None:
    found = sorted_out(code=190, error_subcode=subcode)
    assert isinstance(found, TokenError)
    assert word in str(found)
    assert (found.code, found.subcode) == (190, subcode)


@pytest.mark.parametrize(
    ("message", "permission"),
    [
        ("(#10) This endpoint requires the 'pages_read_engagement' permission", "pages_read_engagement"),
        ("(#200) Requires read_insights permission", "read_insights"),
        ("requires the 'Page Public Content Access' feature", "Page Public Content Access"),
        ("(#10) Application does not have permission for this action", None),
    ],
)
def test_the_permission_is_named_where_meta_names_it(message: str, permission: str | None) -> None:
    found = sorted_out(code=10, message=message)
    assert isinstance(found, PermissionMissing)
    assert found.permission == permission
    assert found.detail == message
    assert permission is None or f"「{permission}」" in str(found)


def test_a_limit_without_a_time_holds_for_an_hour() -> None:
    found = sorted_out(code=80001)
    assert isinstance(found, LimitReached)
    assert found.resume_at == START + timedelta(minutes=60)


def test_a_limit_holds_until_the_time_that_the_headers_give() -> None:
    found = sorted_out(code=80001, resume_at=START + timedelta(minutes=19))
    assert isinstance(found, LimitReached)
    assert found.resume_at == START + timedelta(minutes=19)


def test_a_block_for_policy_holds_for_a_day() -> None:
    found = sorted_out(code=368)
    assert isinstance(found, LimitReached)
    assert found.resume_at == START + timedelta(hours=24)


def test_what_was_asked_is_named() -> None:
    asked = Asked("1_2", ("page_fans", "page_follows"))
    metric = sorted_out(code=100, message="must be a valid insights metric", asked=asked)
    gone = sorted_out(code=100, error_subcode=33, message="Unsupported get request", asked=asked)
    field = sorted_out(code=100, message="Tried accessing nonexisting field (fan_count) on node type (Page)")
    assert isinstance(metric, DeadMetric)
    assert metric.metrics == ("page_fans", "page_follows")
    assert str(metric) == "Meta 不提供數據「page_fans、page_follows」，將略過並於一週後再試。"
    assert isinstance(gone, DeadObject)
    assert gone.object_id == "1_2"
    assert "「1_2」" in str(gone)
    assert isinstance(field, BadField)
    assert field.field == "fan_count"


def test_words_that_nobody_knows_are_a_metrics_trouble_where_metrics_were_asked() -> None:
    found = sorted_out(code=100, message="(#100) The since param is odd", asked=Asked("1", ("page_follows",)))
    assert type(found) is GraphError
    assert str(found) == "Meta 不接受對數據「page_follows」的要求，將略過該數據，請通知維護人員。"


@pytest.mark.parametrize(("object_id", "named"), [("100_200", "「100_200」"), ("EAAcanary42", "要求的對象")])
def test_an_id_is_quoted_only_where_it_is_a_number(object_id: str, named: str) -> None:
    found = sorted_out(code=803, asked=Asked(object_id))
    assert str(found) == f"Meta 上找不到{named}，可能已刪除或無權讀取，請檢查編號與權限。"


def test_metas_own_words_and_trace_are_kept_without_the_token() -> None:
    found = sorted_out(
        code=190,
        message=f"Malformed access token {TOKEN}",
        error_user_title="Title",
        error_user_msg="See access_token=abc&x",
        fbtrace_id="AbC",
    )
    assert found.detail == "Malformed access token … Title See access_token=…&x"
    assert found.trace == "AbC"
    assert TOKEN not in str(found) + repr(found) + found.detail


@pytest.mark.parametrize("error", [{"code": 21}, {"code": 100, "error_subcode": 33}])
def test_a_page_that_became_another_is_told_with_the_new_number(error: dict[str, Any]) -> None:
    found = sorted_out(**error, message="(#21) Page ID 111 was migrated to page ID 222.  Please update your API calls.")
    assert isinstance(found, errors.GraphSetup)
    assert str(found) == "專頁 111 已併入專頁 222，這個編號不能再擷取，請改用編號 222 重新設定專頁與權杖。"
