"""The page as it is served: language, headers, health, and the options that Streamlit really heeds."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import json
import logging
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sqdash.ui import parts
from sqdash.ui.server import LANGUAGE, TITLE
from tests.servers import ROOT, Answer, Server, serving

PAGE = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
NAMES = {
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
}


@pytest.fixture(scope="module")
def server(made: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard over the store of year 103."""
    with serving(made("report"), tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running


@pytest.fixture(scope="module")
def static(server: Server) -> str:
    """Path of a script that the page loads."""
    found = re.search(r'src="\.?(/static/js/[^"]+\.js)"', server.get("/", **PAGE).body.decode())
    assert found
    return found[1]


def decoded(answer: Answer) -> bytes:
    """The body as a client understands it from the headers."""
    encoding = answer.header("content-encoding")
    assert encoding in (None, "gzip")
    return gzip.decompress(answer.body) if encoding else answer.body


def test_health_is_one_word(server: Server) -> None:
    answer = server.get("/healthz")
    assert (answer.status, answer.body) == (200, b"ok")
    assert str(answer.header("content-type")).startswith("text/plain")


@pytest.mark.parametrize("path", ["/", "/settings", "/posts?period=103"])
def test_the_page_speaks_chinese_before_any_script_runs(server: Server, path: str) -> None:
    answer = server.get(path, **PAGE)
    page = answer.body.decode()
    assert answer.status == 200
    assert re.findall(r'<html[^>]*\slang="([^"]*)"', page) == [LANGUAGE] == ["zh-Hant-TW"]
    assert re.findall(r"<title>(.*?)</title>", page) == [TITLE]
    (words,) = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert "JavaScript" in words
    assert re.search(r"[\u4e00-\u9fff]", words)
    assert "You need to enable" not in page
    assert page.count("選擇檔案") == 1


def test_the_length_that_is_announced_is_the_length_that_comes(server: Server, static: str) -> None:
    for path in ("/", "/settings", "/healthz", static):
        answer = server.get(path, **PAGE)
        assert answer.header("content-length") == str(len(answer.body)), path


@pytest.mark.parametrize("path", ["/", "/settings", "/healthz", "/_stcore/health", "static", "/no/such/page"])
def test_every_answer_has_the_security_headers_once(server: Server, static: str, path: str) -> None:
    answer = server.get(static if path == "static" else path, **PAGE)
    for name in NAMES:
        assert answer.header(name), name
    policy = str(answer.header("content-security-policy"))
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy
    assert "https:" not in policy


def scripts(answer: Answer) -> list[str]:
    """What the policy allows to run."""
    return re.findall(r"script-src ([^;]*)", str(answer.header("content-security-policy")))[0].split()


def test_a_page_runs_its_own_scripts_and_no_other(server: Server) -> None:
    answer = server.get("/posts", **PAGE)
    inline = re.findall(rb"<script>(.*?)</script>", answer.body, re.DOTALL)
    digests = [f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in inline]
    assert len(digests) >= 2
    assert scripts(answer) == ["'self'", "'wasm-unsafe-eval'", *digests]


@pytest.mark.parametrize("path", ["/healthz", "/_stcore/health", "static"])
def test_what_is_no_page_allows_no_script_of_its_own(server: Server, static: str, path: str) -> None:
    assert scripts(server.get(static if path == "static" else path)) == ["'self'", "'wasm-unsafe-eval'"]


REFUSED = [
    ("GET", "/media/none.svg", 404),
    ("GET", "/media/%2e%2e/%2e%2e/etc/passwd", 400),
    ("GET", "/component/none/x.js", 404),
    ("GET", "/static/../../secrets.toml", 400),
    ("PUT", "/_stcore/upload_file/s/f", 403),
    ("DELETE", "/_stcore/upload_file/s/f", 403),
    ("POST", "/", 405),
    ("OPTIONS", "/_stcore/host-config", 405),
    ("POST", "/_stcore/agent/interact", 403),
]


@pytest.mark.parametrize(("method", "path", "status"), REFUSED)
def test_every_refusal_has_the_security_headers_once(server: Server, method: str, path: str, status: int) -> None:
    answer = server.ask(method, path, b"x" if method in ("PUT", "POST") else None)
    assert answer.status == status
    assert {name for name in NAMES if not answer.header(name)} == set()


def test_a_refused_live_connection_has_the_security_headers_too(server: Server) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
    key = {"Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Origin": "http://evil.example"}
    answer = server.ask("GET", "/_stcore/stream", **upgrade, **key)
    assert answer.status == 403
    assert {name for name in NAMES if not answer.header(name)} == set()


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("path", ["/", "/posts", "/nowhere", "/healthz", "/_stcore/health", "/media/x", "static"])
@pytest.mark.parametrize(
    "name", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "127.0.0.1@evil.example", ""]
)
def test_another_name_for_this_machine_gets_nothing_anywhere(
    server: Server, static: str, method: str, path: str, name: str
) -> None:
    answer = server.ask(method, static if path == "static" else path, Host=name.format(port=server.port), **PAGE)
    assert answer.status in (400, 403)
    assert b"<html" not in answer.body
    assert {header for header in NAMES if not answer.header(header)} == set()


@pytest.mark.parametrize("accept", [PAGE["Accept"], "text/html", "*/*"])
@pytest.mark.parametrize("encoding", ["gzip", "gzip, deflate, br", "identity"])
def test_the_page_is_ours_and_readable_whatever_the_client_can_unpack(
    server: Server, accept: str, encoding: str
) -> None:
    answer = server.get("/", Accept=accept, Accept_Encoding=encoding)
    page = decoded(answer).decode()
    assert answer.header("content-length") == str(len(answer.body))
    assert f'lang="{LANGUAGE}"' in page
    assert page.rstrip().endswith("</html>")


def test_streamlits_script_comes_with_the_pages_word_in_it_to_whom_it_comes_packed(server: Server, static: str) -> None:
    packed, whole = (server.get(static, Accept_Encoding=encoding) for encoding in ("gzip", "identity"))
    assert whole.header("content-encoding") is None
    assert decoded(packed) == parts.hooked(whole.body) != whole.body


def test_the_page_is_never_answered_with_not_modified(server: Server) -> None:
    later = {"If_Modified_Since": "Fri, 31 Dec 2100 00:00:00 GMT", "If_None_Match": "*"}
    answer = server.get("/", **PAGE, **later)
    assert answer.status == 200
    assert f'lang="{LANGUAGE}"' in answer.body.decode()


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [("/overview", "/"), ("/nowhere", "/"), ("/overview?period=103H2", "/?period=103H2")],
)
def test_an_address_of_no_page_leads_to_the_first_page(server: Server, path: str, leads_to: str) -> None:
    answer = server.get(path, **PAGE)
    assert (answer.status, answer.header("location")) == (307, leads_to)
    assert {name for name, _ in answer.headers} >= NAMES


@pytest.mark.parametrize("path", ["/", "/posts", "/sources", "/settings?period=103"])
def test_an_address_of_a_page_is_answered_with_it(server: Server, path: str) -> None:
    assert server.get(path, **PAGE).status == 200


def test_a_question_for_the_head_alone_does_not_tell_a_wrong_length(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("HEAD", "/", headers=PAGE)
    answer = connection.getresponse()
    told, status = answer.getheader("content-length"), answer.status
    connection.close()
    whole = server.get("/", **PAGE)
    assert status == 405 or told in (None, whole.header("content-length"))


def talk(server: Server, host: str) -> int:
    """Status of an attempt to open the live connection that a screen needs, under a host name."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Host": host, "Origin": f"http://{host}"}
    try:
        connection.request("GET", "/_stcore/stream", headers=upgrade | key)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_talked_to_under_each_of_its_names(server: Server, name: str) -> None:
    assert talk(server, f"{name}:{server.port}") == 101


def test_another_host_name_is_refused(server: Server) -> None:
    assert talk(server, f"evil.example:{server.port}") == 403


# --- faults


def _known_fault() -> None:
    from sqdash.errors import DataError
    from sqdash.ui import server

    server.on_script_error(DataError("第 2 列不能採用，請改正。"))


def _unforeseen_fault() -> None:
    from sqdash.ui import server

    server.on_script_error(ValueError("/srv/path/and/token-123"))


def test_an_expected_fault_is_its_own_sentence() -> None:
    screen = AppTest.from_function(_known_fault, default_timeout=30).run()
    assert [e.value for e in screen.error] == ["第 2 列不能採用，請改正。"]


def test_an_unforeseen_fault_is_a_sentence_with_a_code_that_the_log_has_too(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="sqdash.server"):
        screen = AppTest.from_function(_unforeseen_fault, default_timeout=30).run()
    (error,) = screen.error
    found = re.search(r"代碼 ([0-9a-f]{8})", error.value)
    assert found
    assert "token-123" not in error.value
    assert "ValueError" not in error.value
    (record,) = (r for r in caplog.records if r.name == "sqdash.server")
    assert found[1] in record.getMessage()
    assert record.exc_info
    assert "token-123" in str(record.exc_info[1])


# --- options


def flat(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted names and values of a TOML table."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


GIVEN = dict(flat(tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))))


@pytest.fixture(scope="module")
def in_force() -> dict[str, Any]:
    """Every option that Streamlit knows in this folder, with its value."""
    probe = (
        "import json; from streamlit import config;"
        "print(json.dumps({k: config.get_option(k) for k in config.get_config_options()}, default=str))"
    )
    found = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "not a valid config option" not in found.stderr + found.stdout
    options: dict[str, Any] = json.loads(found.stdout)
    return options


@pytest.mark.parametrize("option", GIVEN)
def test_every_option_is_known_to_streamlit_and_in_force(in_force: dict[str, Any], option: str) -> None:
    assert in_force[option] == GIVEN[option]


def test_the_options_that_protect_and_speed_are_set() -> None:
    wanted = {
        "server.address": "127.0.0.1",
        "server.fileWatcherType": "none",
        "runner.postScriptGC": False,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
    }
    assert {name: GIVEN.get(name) for name in wanted} == wanted
