"""The newcomer's guide, followed to the letter in a copy of the source: what it promises is there afterwards."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sqdash.store.database import SCHEMA_VERSION
from tests.test_architecture import call_faults, import_faults
from tools.source import ROOT, module_of

GUIDE = ROOT / "docs" / "newcomers.md"
COPIED = (
    "sqdash",
    "pages",
    "data",
    "docs",
    "tools",
    "tests",
    ".streamlit",
    "dashboard.py",
    "run.py",
    "README.md",
    "pyproject.toml",
)
TESTS = (
    "tests/test_indicators.py",
    "tests/test_demo.py::test_ledgers_marked_complete[103]",
    "tests/test_docs.py::test_the_indicator_table_lists_every_indicator_as_it_is_defined",
    "tests/test_docs.py::test_every_format_that_is_no_table_of_ours_is_named_where_formats_are_listed",
    "tests/test_structure.py::test_the_picture_is_that_of_the_source",
    "tests/test_rights.py::test_the_tables_name_every_page_and_every_action",
    "tests/test_rights.py::test_the_readme_has_the_same_table",
    "tests/jobs/test_templates.py::test_there_is_a_template_for_every_table_that_people_fill_in",
    "tests/jobs/test_templates.py::test_every_template_has_its_expected_rows",
    "tests/jobs/test_templates.py::test_an_example_without_its_mark_is_taken_as_it_reads[volunteers-csv]",
    "tests/jobs/test_templates.py::test_a_workbook_has_the_form_and_its_explanation[volunteers]",
    "tests/store/test_schema.py::test_the_header_says_whose_file_it_is_and_of_which_version",
)
"""What would ask a newcomer for a step that was left out."""
VOLUNTEERS = "服務日期,服務項目,服務場次,服務人次\n103/06/14,櫃台引導,2 場,6\n103/07/05,認識商品檢驗標識,1,4\n"
HOTSPOTS = "連線日期,連線狀態\n103/06/02,正常\n103/06/03,中斷\n103/06/31,正常\n"
LOOKING = """
import json, sys
from streamlit.testing.v1 import AppTest
from sqdash.people import Person, Role
from sqdash.ui import folds, menu
folds.asked = lambda key, *, unfolded: True
app = AppTest.from_file("dashboard.py", default_timeout=60)
app.query_params["period"] = "103"
said, failed = {}, 0
for name in ("volunteers", "activities"):
    app.run()
    app.switch_page(f"pages/{name}.py").run()
    said[name] = [str(n.value) for n in app.main if n.type in ("title", "markdown", "caption", "error", "html")]
    failed += len(app.exception)
names = {role: [e.name for some in menu.open_to(Person("a", "甲", role, "account")).values() for e in some]
         for role in Role}
may = [role for role in Role if "volunteers" in names[role]]
json.dump({"said": said, "may": may, "failed": failed}, sys.stdout)
"""


@dataclass(frozen=True)
class Step:
    """A block of the guide: its language, the file named above it ("" for none), and its lines."""

    language: str
    path: str
    lines: tuple[str, ...]


def steps(text: str) -> Iterator[Step]:
    """The guide's blocks in order, each with the last file that was named before it."""
    path = ""
    for above, language, block in re.findall(r"((?:(?!```).*\n)*)```(\w+)\n((?:(?!```).*\n)*)```\n", text):
        path = (re.findall(r"`([\w./]+\.(?:py|md))`", above) or [path])[-1]
        yield Step(language, path, tuple(block.splitlines()))


def take(step: Step, root: Path) -> None:
    """Do in the copy what the block says."""
    if step.language == "sh":
        for line in step.lines:
            assert run(root, *line.removeprefix("python ").split()).returncode == 0
    elif step.language == "python":
        assert not (root / step.path).exists(), f"{step.path} is no new file"
        (root / step.path).write_text("\n".join(step.lines) + "\n", "utf-8")
    else:
        before = "\n".join(line[1:] for line in step.lines if line[:1] in " -")
        after = "\n".join(line[1:] for line in step.lines if line[:1] in " +")
        text = (root / step.path).read_text("utf-8")
        assert text.count(f"{before}\n") == 1, f"{step.path} does not have, or has twice:\n{before}"
        (root / step.path).write_text(text.replace(f"{before}\n", f"{after}\n"), "utf-8")


def run(root: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """This Python in the copy, with nothing of the settings around the tests."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SQDASH_", "PYTHONPATH"))}
    return subprocess.run(
        [sys.executable, "-X", "utf8", *arguments],
        cwd=root,
        env=clean | {"PYTHONDONTWRITEBYTECODE": "1"} | env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def guide() -> list[Step]:
    text = GUIDE.read_text("utf-8").replace("NN", str(SCHEMA_VERSION + 1)).replace("MM", str(SCHEMA_VERSION))
    return list(steps(text))


@pytest.fixture(scope="module")
def followed(guide: list[Step], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source in which every step of the guide was taken."""
    root = tmp_path_factory.mktemp("newcomer")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.db*"))
        else:
            shutil.copy(ROOT / name, root / name)
    for step in guide:
        take(step, root)
    return root


@pytest.fixture(scope="module")
def store(followed: Path, made: Callable[[str], Path]) -> Path:
    """A store of before, brought up to date and given the files of the new formats."""
    path = followed / "store.db"
    shutil.copy(made("report"), path)
    done = run(followed, "-m", "sqdash", "init", "--db", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    return path


def imported(root: Path, store: Path, name: str, text: str, *options: str) -> dict[str, object]:
    """What the command says of such a file."""
    (root / name).write_text(text, "utf-8")
    done = run(root, "-m", "sqdash", "import", name, "--year", "103", "--db", str(store), "--json", *options)
    (found,) = json.loads(done.stdout)
    return dict(found)


def test_the_guide_has_steps_for_all_three_and_for_every_file_it_names(guide: list[Step]) -> None:
    assert [step.path for step in guide if step.language == "python"] == [
        "sqdash/importers/hotspot_log.py",
        "pages/volunteers.py",
    ]
    assert len([step for step in guide if step.language == "diff"]) == 17
    assert all(step.path for step in guide if step.language != "sh")


def test_a_store_of_before_takes_files_of_the_new_formats_and_counts_them(followed: Path, store: Path) -> None:
    found = imported(followed, store, "volunteers.csv", VOLUNTEERS)
    assert (found["format"], found["added"], found["error"]) == ("volunteers", 2, None)
    sparser = imported(followed, store, "again.csv", VOLUNTEERS.replace(",2 場,6", ",,6"))
    assert (sparser["changed"], sparser["unchanged"]) == (0, 2)
    refused = imported(followed, store, "hotspots.csv", HOTSPOTS)
    assert (refused["format"], refused["batch"]) == ("hotspot_log", None)
    assert [(one["row"], one["column"], one["value"]) for one in refused["rejected"]] == [(4, "連線日期", "103/06/31")]
    taken = imported(followed, store, "hotspots.csv", HOTSPOTS, "--skip-rejected")
    assert taken["added"] == 2
    status = json.loads(run(followed, "-m", "sqdash", "status", "--db", str(store), "--json").stdout)
    values = {one["key"]: (one["label"], one["unit"], one["value"], one["missing"]) for one in status["indicators"]}
    assert values["volunteer_services"] == ("志工服務", "場次", 3, None)
    assert values["wifi_checks"][2] == 2
    assert values["training_people"][:2] == ("教育訓練人次", "人次")
    said = json.loads(run(followed, "-c", LOOKING, SQDASH_DB=str(store)).stdout)
    page, of_group = (re.sub("<[^>]*>", "", "\n".join(said["said"][name])) for name in ("volunteers", "activities"))
    assert said["failed"] == 0
    assert page.startswith("志工服務 103 年")
    assert "櫃台與活動的服務都算" in page
    assert page.count("3 場次") > 1  # on the card and among the sources
    assert "volunteers.csv" in page
    assert "志工服務" in of_group
    assert "教育訓練人次" in of_group
    assert said["may"] == ["editor", "reviewer", "admin"]


def test_the_tests_that_know_each_indicator_format_and_page_are_content_afterwards(followed: Path) -> None:
    done = run(followed, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS)
    assert done.returncode == 0, done.stdout[-2000:]
    listed = (followed / "docs" / "indicators.md").read_text("utf-8")
    assert "| `volunteer_services` | 志工服務 | 場次 | 活動與訓練 | 合計 | activities／volunteer／sessions |" in listed


def test_new_files_of_the_guide_keep_the_house_rules(followed: Path, guide: list[Step]) -> None:
    for step in guide:
        if step.language == "python":
            module, source = module_of(followed / step.path, followed), (followed / step.path).read_text("utf-8")
            assert import_faults(module, source) + call_faults(module, source) == []
    tidy = run(followed, "-m", "ruff", "check", "sqdash", "pages", "tests")
    assert tidy.returncode == 0, tidy.stdout
    formed = run(followed, "-m", "ruff", "format", "--check", "sqdash", "pages", "tests")
    assert formed.returncode == 0, formed.stdout
