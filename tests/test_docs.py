"""Documents that code can contradict: the indicator table, the command table, the named dependencies."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sqdash import logs
from sqdash.cli import ANOTHER_LEADS, parser
from sqdash.importers.registry import FORMATS
from sqdash.importers.specs import BY_SPEC
from sqdash.jobs import attempts, backup_rules, passwords, sessions
from sqdash.store import audit
from sqdash.tables import BY_NAME
from tools import indicators

ROOT = Path(__file__).resolve().parents[1]


def _required(file: str) -> list[str]:
    """The names that a list of requirements has."""
    return re.findall(r"^([A-Za-z][A-Za-z0-9-]*)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_the_indicator_table_lists_every_indicator_as_it_is_defined() -> None:
    assert indicators.PAGE.read_text(encoding="utf-8") == indicators.page(), "run python -m tools.indicators"


def test_readme_names_every_command_and_no_other() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("## 命令", 1)[1].split("\n## ", 1)[0]
    named = {match[1] for match in re.finditer(r"^\| `(\w+)", table, re.MULTILINE)}
    help_text = parser().format_help()
    known = set(re.findall(r"^    (\w+) ", help_text, re.MULTILINE))
    assert known
    assert named == known


def test_readme_names_every_dependency_with_its_reason() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    required = [name.lower() for name in _required("requirements.txt")]
    listed = dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+) \|$", text, re.MULTILINE))
    assert required
    assert [name for name in required if not listed.get(name)] == []


def test_readme_names_every_setting_once() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.split("## 設定\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `SQDASH_")]
    named = [name for row in rows for name in re.findall(r"`(SQDASH_[A-Z_]+)`", row)]
    files = [*(ROOT / "docs").glob("*.md"), *(ROOT / "sqdash").rglob("*.py"), ROOT / "run.py"]
    known = {
        name
        for file in files
        for name in re.findall(r"SQDASH_[A-Z_]*[A-Z](?![A-Z_])", file.read_text(encoding="utf-8"))
    }
    assert sorted(named) == sorted(known)


def test_every_document_is_in_their_index() -> None:
    text = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [page.name for page in (ROOT / "docs").glob("*.md") if page.name != "README.md"]
    assert pages
    assert [page for page in pages if f"({page})" not in text] == []


def test_every_format_that_is_no_table_of_ours_is_named_where_formats_are_listed() -> None:
    text = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
    own = {*BY_NAME} - {*BY_SPEC}
    assert [one.name for one in FORMATS if one.name not in own and f"`{one.name}`" not in text] == []


def test_every_page_that_a_document_leads_to_is_there() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        led = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        assert [to for to in led if not (page.parent / to).exists()] == [], page.name


def test_readme_shows_the_two_commands_and_a_picture_first() -> None:
    head = (ROOT / "README.md").read_text(encoding="utf-8").split("---", 1)[0]
    assert "python3 run.py " in head
    assert "python3 run.py test" in head
    assert "](docs/overview.png)" in head
    assert (ROOT / "docs" / "overview.png").stat().st_size > 20_000


def test_what_tests_install_has_every_optional_library_in_the_same_range() -> None:
    dev = (ROOT / "requirements-dev.txt").read_text("utf-8").splitlines()
    optional = [path.read_text("utf-8").split() for path in ROOT.glob("requirements-*.txt") if "-dev" not in path.name]
    assert len(optional) == 2
    assert [line for lines in optional for line in lines if line not in dev] == []


def test_the_lock_pins_every_requirement() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    for file in sorted(path.name for path in ROOT.glob("requirements*.txt")):
        for name in _required(file):
            assert re.search(rf"^{name.lower()}==", lock, re.MULTILINE), name


def test_readme_tells_how_long_things_are_kept_as_the_program_keeps_them() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("**留多久。**", 1)[1].split("\n\n", 2)[1]
    rows = {line.split(" | ")[0].strip("| "): line for line in text.splitlines()[2:]}
    (accounts, sessions_row, log_of_people, backups, logs_row) = (
        next(row for name, row in rows.items() if name.startswith(start))
        for start in ("帳號", "登入紀錄", "稽核紀錄", "備份", "程式紀錄")
    )
    assert f"最近 {passwords.NOT_AGAIN} 次" in accounts
    assert f"結束後 {sessions._KEPT.days} 天；登入失敗的次數 {attempts.LOCK.seconds // 60} 分鐘" in sessions_row
    assert f"{audit.KEEP.days // 365} 年；未滿 {audit.LEAST_DAYS} 天的列，資料庫不接受刪除" in log_of_people
    hours, days, months = backup_rules.HOURS, backup_rules.DAYS, backup_rules.MONTHS
    assert f"每小時的 {hours} 小時、每日的 {days} 天、每月的 {months} 個月" in backups
    assert f"手動的 {hours} 小時，升級與還原前的 {days} 天" in backups
    assert f"{logs.LARGEST // 1_000_000} MB 一個檔、{logs.KEPT + 1} 個檔" in logs_row


@pytest.mark.parametrize("unit", sorted((ROOT / "docs" / "server").glob("*.service")), ids=lambda path: path.stem)
def test_a_service_runs_commands_that_there_are_and_writes_where_the_data_is(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    ran = re.findall(r"^Exec\w+=/opt/sqdash/\.venv/bin/python -m (\S+) (.*)$", text, re.MULTILINE)
    assert ran
    for program, arguments in ran:
        given = arguments.split()
        if program == "sqdash":
            assert parser(given[0]).parse_args(given).command
        else:
            assert (program, given[:2]) == ("streamlit", ["run", "dashboard.py"])
    said = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    assert said["ReadWritePaths"] == "/var/lib/sqdash"
    assert said["EnvironmentFile"] == "/etc/sqdash.env"
    assert said["RestartPreventExitStatus"] == str(ANOTHER_LEADS)
