"""The house rules, held by reading the source: who imports what, what is never called, what is explained."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tools.source import ROOT, dotted, files, imports, module_of, within

FILES = files()
SCREENS = ("dashboard", "pages", "sqdash.ui")
MOST_PAGE_LINES = 60


SOURCES = {module_of(path): path.read_text("utf-8") for path in FILES}


# --- who imports what


@dataclass(frozen=True)
class Rule:
    """``what`` may be imported only in ``only``, or never in ``never``; ``but`` are pairs allowed by name."""

    what: tuple[str, ...]
    why: str
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    but: tuple[tuple[str, str], ...] = ()

    def forbids(self, module: str, imported: str) -> bool:
        if not within(imported, self.what):
            return False
        if any(within(module, (who,)) and fnmatchcase(imported, pattern) for who, pattern in self.but):
            return False
        return within(module, self.never) or bool(self.only and not within(module, self.only))


RULES = (
    Rule(("streamlit", "starlette"), "screens and their server only", only=SCREENS),
    Rule(("plotly",), "figures are plain dictionaries; the server's warm-up loads it", only=("sqdash.ui",)),
    Rule(("requests",), "one place speaks to the outside", only=("sqdash.graph", "sqdash.jobs.alert_webhook")),
    Rule(
        ("sqlite3", "sqlite_utils"),
        "the store alone knows what it is made of",
        only=("sqdash.store",),
    ),
    Rule(("pandas",), "slow to load; only Streamlit's tables need it", only=("sqdash.ui",)),
    Rule(
        ("streamlit", "pandas", "sqlite3", "sqlite_utils", "sqdash.store", "sqdash.jobs", "sqdash.ui"),
        "bytes in, records out",
        never=("sqdash.importers",),
    ),
    Rule(
        ("python_calamine", "xlsxwriter", "odfdo", "docx", "pptx", "lxml", "openpyxl"),
        "what is inside a workbook is known to its reader, in a process of its own, and to its writer",
        only=(
            "sqdash.importers.workbooks",
            *(f"sqdash.importers.workbooks_{part}" for part in ("child", "excel", "ods", "packed", "grid", "marks")),
            *(f"sqdash.jobs.sheets_{part}" for part in ("xlsx", "ods")),
            *(f"sqdash.report.{part}" for part in ("as_odt", "as_docx", "docx_pictures", "as_pptx")),
        ),
    ),
    Rule(("argon2",), "one place knows how passwords are kept", only=("sqdash.jobs.passwords",)),
    Rule(("sqdash.store", "sqdash.jobs", "sqdash.ui"), "frames in, values out", never=("sqdash.analysis",)),
    Rule(
        ("sqdash.store",),
        "a report is made of what it is given",
        never=("sqdash.report",),
        but=(("sqdash.report", "sqdash.store.queries.plan.[A-Z]*"),),  # the types of what it is given
    ),
    Rule(("sqdash.jobs", "sqdash.analysis", "sqdash.report", "sqdash.ui"), "lowest floor", never=("sqdash.store",)),
    Rule(("sqdash.store", "sqdash.jobs", "sqdash.ui"), "has never heard of a store", never=("sqdash.graph",)),
    Rule(
        ("sqdash.ui",),
        "commands work without a screen",
        never=("sqdash.cli", "sqdash.commands", "sqdash.__main__", "sqdash.jobs"),
    ),
    Rule(("sqdash.ui", "sqdash.store", "sqdash.jobs"), "plain text for anyone", never=("sqdash.formats",)),
    Rule(("sqdash.commands",), "the command line is nobody's library", only=("sqdash.cli", "sqdash.commands")),
    Rule(
        ("sqdash.store.swapping",),
        "the store is replaced in one place, after a backup",
        only=("sqdash.jobs.restoring", "sqdash.jobs.backup", "sqdash.store"),
    ),
    Rule(("sqdash.demo",), "never loaded for a real store", only=("sqdash.demo", "sqdash.jobs.setup")),
    Rule(("pages", "dashboard"), "pages use the package, not the other way round", never=("sqdash", "pages")),
)


def import_faults(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """Every import that a rule forbids."""
    return [
        f"{module}:{line} imports {name}: {rule.why}"
        for line, name in imports(module, source, is_package=is_package)
        for rule in RULES
        if rule.forbids(module, name)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_of(path))
def test_imports_keep_to_the_drawing(path: Path) -> None:
    assert import_faults(module_of(path), path.read_text("utf-8"), is_package=path.name == "__init__.py") == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("sqdash.views", "import streamlit as st"),
        ("sqdash.jobs.upload", "from starlette.responses import Response"),
        ("pages.fans", "import plotly.express as px"),
        ("sqdash.jobs.pull", "def go():\n    import requests"),
        ("sqdash.jobs.upload", "import sqlite3"),
        ("sqdash.jobs.health", "import sqlite_utils"),
        ("sqdash.jobs.accounts", "def go():\n    import argon2"),
        ("sqdash.ui.loads", "from sqlite_utils.db import Database"),
        ("sqdash.report.tree", "import pandas as pd"),
        ("sqdash.importers.native", "from sqdash.jobs import upload"),
        ("sqdash.importers.native", "from ..store import gate"),
        ("sqdash.importers.registry", "from sqdash.ui import tables"),
        ("sqdash.importers.registry", "import lxml.etree"),
        ("sqdash.jobs.templates", "def make():\n    import xlsxwriter"),
        ("sqdash.jobs.sheets", "from odfdo import Document"),
        ("sqdash.ui.panels.upload", "from python_calamine import CalamineWorkbook"),
        ("sqdash.analysis.results", "from sqdash import store"),
        ("sqdash.analysis.results", "from sqdash.store.queries import evidence"),
        ("sqdash.report.tree", "from sqdash.store.queries.plan import load"),
        ("sqdash.report.tree", "from sqdash.store import database"),
        ("sqdash.store.gate", "from sqdash.analysis import results"),
        ("sqdash.commands.status", "from sqdash.ui import cards"),
        ("sqdash.jobs.upload", "from sqdash.commands import common"),
        ("sqdash.cli", "import importlib\nimportlib.import_module('sqdash.ui.cards')"),
        ("sqdash.jobs.upload", "from sqdash import demo"),
        ("sqdash.jobs.upload", "from sqdash.store import swapping"),
        ("sqdash.commands.restore", "from sqdash.store.swapping import swap"),
        ("sqdash.ui.frame", "import pages.overview"),
        ("sqdash.graph.client", "import sqdash.store.gate"),
    ],
)
def test_a_forbidden_import_is_found(module: str, source: str) -> None:
    assert len(import_faults(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("sqdash.ui.cards", "import streamlit as st"),
        ("sqdash.jobs.passwords", "from argon2 import PasswordHasher"),
        ("sqdash.report.tree", "from sqdash.store.queries.plan import PlanRows"),
        ("sqdash.graph.client", "import requests"),
        ("sqdash.importers.workbooks_excel", "from python_calamine import CalamineWorkbook"),
        ("sqdash.jobs.sheets_ods", "from odfdo import Document"),
        ("sqdash.storekeeper", "import sqlite4, plotlyish"),
    ],
)
def test_an_allowed_import_is_left_alone(module: str, source: str) -> None:
    assert import_faults(module, source) == []


def test_relative_imports_are_resolved_from_the_package_they_stand_in() -> None:
    assert list(imports("sqdash.store", "from . import gate", is_package=True)) == [(1, "sqdash.store.gate")]
    assert list(imports("sqdash.store.save", "from . import gate")) == [(1, "sqdash.store.gate")]
    assert list(imports("sqdash.store.save", "from ..jobs import upload")) == [(1, "sqdash.jobs.upload")]


SLOW = ("argon2", "pandas", "streamlit", "plotly", "pyarrow", "sqlite_utils", "starlette")
OF_SCREENS = ("argon2", "pandas", "pyarrow", "sqlite_utils")
OF_WORKBOOKS = ("python_calamine", "xlsxwriter", "odfdo", "docx", "pptx", "lxml", "openpyxl")


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("sqdash.cli", SLOW + OF_WORKBOOKS),
        ("sqdash.commands.import_files", SLOW + OF_WORKBOOKS),
        ("sqdash.views", SLOW + OF_WORKBOOKS),
        ("sqdash.jobs.upload", SLOW + OF_WORKBOOKS),
        ("sqdash.jobs.accounts", SLOW + OF_WORKBOOKS),
        ("sqdash.jobs.templates", SLOW + OF_WORKBOOKS),
        ("sqdash.importers.registry", (*SLOW, *OF_WORKBOOKS, "sqlite3")),
        ("sqdash.importers.workbooks", (*SLOW, *OF_WORKBOOKS, "sqlite3")),
        ("sqdash.ui.frame, sqdash.ui.server", (*OF_SCREENS, *OF_WORKBOOKS)),
    ],
)
def test_commands_readers_and_the_server_begin_without_what_is_heavy(module: str, heavy: tuple[str, ...]) -> None:
    probe = f"import sys, {module}; print(*(set({heavy!r}) & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


# --- SQL stays in the store

_SQL = re.compile(
    r"\s*(?:SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|REPLACE\s+INTO|WITH\s+\w+\s*(?:\(|AS)"
    r"|(?:CREATE|DROP|ALTER)\s+(?:TABLE|INDEX|VIEW|TRIGGER|UNIQUE)|PRAGMA\s|BEGIN(?:\s+IMMEDIATE)?$|ATTACH\s)"
    r"|.*\bSELECT\b.+\bFROM\b",
    re.DOTALL,
)
_RUNS_SQL = {"execute", "executemany", "executescript"}


def sql_faults(module: str, source: str) -> list[str]:
    """Every text that reads as SQL and every call that would run some, outside the store."""
    if within(module, ("sqdash.store",)):
        return []
    tree = ast.parse(source)
    said = docstrings(tree)
    faults = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            if _SQL.match(node.value):
                faults.append(f"{module}:{node.lineno} writes SQL")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _RUNS_SQL:
            faults.append(f"{module}:{node.lineno} runs SQL")
    return faults


def docstrings(tree: ast.Module) -> set[int]:
    """Identities of the constants that are docstrings or bare notes."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


@pytest.mark.parametrize("module", SOURCES)
def test_sql_is_written_and_run_only_in_the_store(module: str) -> None:
    assert sql_faults(module, SOURCES[module]) == []


@pytest.mark.parametrize(
    "source",
    [
        "q = 'SELECT 1'",
        "q = f'DELETE FROM {table}'",
        "q = 'WITH x AS (SELECT 1) '",
        "q = '''\n    UPDATE posts SET a = 1'''",
        "q = 'a sub (SELECT x FROM y)'",
        "connection.execute(q)",
    ],
)
def test_sql_outside_the_store_is_found(source: str) -> None:
    assert len(sql_faults("sqdash.jobs.upload", source)) == 1
    assert sql_faults("sqdash.store.save", source) == []


def test_the_store_does_hold_the_sql() -> None:
    written = [m for m, source in SOURCES.items() if sql_faults("elsewhere", source)]
    assert written
    assert all(within(module, ("sqdash.store",)) for module in written)


# --- what is never called

_BANNED_IN_STREAMLIT = {
    "exception": "shows a traceback to visitors",
    "html": "lets markup through; blocks escapes what it is given",
    "table": "reads each cell as markdown; tables.show does not",
    "write": "draws whatever it is given as markdown",
    "write_stream": "draws whatever it is given as markdown",
    "cache_data": "pickles and copies at every call; loads are kept by revision",
    "echo": "shows source code",
    "page_link": "is four elements; frame.way is a line of a block",
}
_BANNED_MODULES = ("pickle", "marshal", "shelve", "yaml", "streamlit.components")
_WRITES_ONLY = ("marshal.dumps",)
"""Of a banned module what runs nothing that it is given."""
_BETWEEN_OURSELVES = ("sqdash.jobs.apart", "pickle")
"""Two processes of this program talk by a pipe that nobody else writes into."""
_BANNED_NAMES = ("eval", "exec")
_NEEDS = {
    **dict.fromkeys(("plotly_chart", "image", "dataframe", "pdf", "iframe"), ("alt",)),
    "selectbox": ("placeholder",),
    "multiselect": ("placeholder", "select_all"),
}
"""What is said with each call: what stands in a picture's place for who does not see it, and the words of a box that is
empty, which Streamlit has in English alone; its line that takes everything cannot be worded and is left out."""
_BLOCKS = ("sqdash.ui.blocks", "html")
"""Where markup is made, with all that it is given escaped."""
_ENVIRONMENT = ("os.environ", "os.getenv", "os.environb")


def call_faults(module: str, source: str) -> list[str]:
    """Every use of something that is banned, and every picture, table or box of choices without the words it needs."""
    tree = ast.parse(source)
    known = _aliases(tree)
    on_screen = any(within(name, ("streamlit",)) for name in known.values())
    faults = []
    for line, name in imports(module, source):
        if within(name, _BANNED_MODULES) and name not in _WRITES_ONLY and (module, name) != _BETWEEN_OURSELVES:
            faults.append(f"{module}:{line} uses {name}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            faults += [f"{module}:{node.lineno} {fault}" for fault in _name_faults(module, dotted(node), known)]
        if isinstance(node, ast.Call):
            faults += [
                f"{module}:{node.lineno} passes {keyword.arg}"
                for keyword in node.keywords
                if _is_banned_argument(keyword)
            ]
            if on_screen:
                faults += [f"{module}:{node.lineno} {fault}" for fault in _drawing_faults(module, node, known)]
    return faults


def _is_banned_argument(keyword: ast.keyword) -> bool:
    """Markup let through; a certificate not looked at; a command line handed to a shell (whatever the value's form)."""
    value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
    if keyword.arg == "verify":
        return value is False
    return keyword.arg == "unsafe_allow_html" or (keyword.arg == "shell" and value is not False)


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Local name → what it stands for, of everything imported."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {
                a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names
            }
        elif isinstance(node, ast.ImportFrom):
            known |= {a.asname or a.name: f"{node.module or ''}.{a.name}" for a in node.names}
    return known


def _full(name: str, known: dict[str, str]) -> str:
    head, _, rest = name.partition(".")
    return ".".join(part for part in (known.get(head, head), rest) if part)


def _name_faults(module: str, name: str, known: dict[str, str]) -> list[str]:
    full = _full(name, known)
    if name in _BANNED_NAMES:
        return [f"uses {name}"]
    if within(full, _ENVIRONMENT) and full in _ENVIRONMENT and module != "sqdash.settings":
        return ["reads the environment; only settings does"]
    last = full.rpartition(".")[2]
    banned = last in _BANNED_IN_STREAMLIT and (module, last) != _BLOCKS
    if banned and within(full, ("streamlit",)) and full != "streamlit":
        return [f"uses st.{last}: {_BANNED_IN_STREAMLIT[last]}"]
    return []


def _drawing_faults(module: str, call: ast.Call, known: dict[str, str]) -> list[str]:
    """Faults of a call that draws, on ``st`` itself or on a container (never on an imported module of ours)."""
    full = _full(dotted(call.func), known)
    last = full.rpartition(".")[2]
    if not isinstance(call.func, ast.Attribute | ast.Name) or within(full, ("sqdash", "pandas")):
        return []
    container = isinstance(call.func, ast.Attribute) and not within(full, ("streamlit",))
    if container and dotted(call.func).split(".")[0] in known:
        return []  # a module that is not Streamlit
    faults = []
    if container and last in ("write", "html", "table", "exception"):
        faults.append(f"uses .{last} of a container")
    if container or within(full, ("streamlit",)):
        faults += [f"draws {last} without {needed}=" for needed in _NEEDS.get(last, ()) if not _is_said(call, needed)]
    return faults


def _is_said(call: ast.Call, needed: str) -> bool:
    given = next((keyword.value for keyword in call.keywords if keyword.arg == needed), None)
    if needed == "select_all":
        return isinstance(given, ast.Constant) and given.value is False
    return given is not None


@pytest.mark.parametrize("module", SOURCES)
def test_nothing_banned_is_called(module: str) -> None:
    assert call_faults(module, SOURCES[module]) == []


@pytest.mark.parametrize(
    "source",
    [
        "import streamlit as st\nst.exception(ValueError())",
        "import streamlit as st\nst.html('<b>')",
        "import streamlit as st\nst.sidebar.write('x')",
        "import streamlit\nstreamlit.write('x')",
        "from streamlit import write as show\nshow('x')",
        "import streamlit as st\ncolumn = st.container()\ncolumn.write('x')",
        "import streamlit as st\n@st.cache_data\ndef load(): ...",
        "import streamlit as st\n@st.cache_data(ttl=3)\ndef load(): ...",
        "import streamlit as st\nst.markdown('<b>', unsafe_allow_html=True)",
        "import streamlit.components.v1 as components",
        "from streamlit.components.v1 import html",
        "requests.get('https://x', verify=False)",
        "subprocess.run('ls', shell=True)",
        "subprocess.run('ls', shell=wanted)",
        "import yaml",
        "from yaml import load",
        "import pickle",
        "from pickle import loads",
        "eval('1')",
        "exec('1')",
        "import os\nos.environ['SQDASH_DB']",
        "from os import getenv\ngetenv('X')",
        "import streamlit as st\nst.plotly_chart({})",
        "import streamlit as st\nst.columns(2)[0].image('x')",
        "import streamlit as st\nst.dataframe([])",
        "import streamlit as st\nst.table([])",
        "import streamlit as st\nst.columns(2)[0].table([])",
        "import streamlit as st\nst.selectbox('x', [])",
        "import streamlit as st\nst.container().selectbox('x', [], index=None)",
        "import streamlit as st\nst.multiselect('x', [], select_all=False)",
        "import streamlit as st\nst.multiselect('x', [], placeholder='x')",
        "import streamlit as st\nst.multiselect('x', [], placeholder='x', select_all=100)",
    ],
)
def test_a_banned_call_is_found(source: str) -> None:
    assert len(call_faults("sqdash.ui.cards", source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import streamlit as st\nst.plotly_chart({}, alt='x')",
        "from sqdash.report import as_json\nimport streamlit as st\nas_json.write(1)",
        "import streamlit as st\nst.markdown('x')",
        "import streamlit as st\nst.selectbox('x', [], placeholder='x')",
        "import streamlit as st\nst.multiselect('x', [], placeholder='x', select_all=False)",
        "requests.get('https://x', verify=bundle)\nsubprocess.run(['ls'], shell=False)",
        "import logging\nimport streamlit as st\nlog = logging.getLogger()\nlog.error('x')",
    ],
)
def test_a_harmless_call_is_left_alone(source: str) -> None:
    assert call_faults("sqdash.ui.cards", source) == []


def test_markup_is_drawn_where_texts_are_escaped() -> None:
    assert call_faults("sqdash.ui.blocks", "import streamlit as st\nst.html('<b>')") == []


# --- how long a page is


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_pages_are_short_scripts(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < MOST_PAGE_LINES


def option_faults(module: str, source: str) -> list[str]:
    """Texts that name an option of the command line: a screen has none, so only the command line's own parts may."""
    tree = ast.parse(source)
    explained = docstrings(tree)
    return [
        f"{module}:{node.lineno} names {found[0]}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained
        if (found := re.search(r"--[a-z]+", node.value)) and found[0] != node.value  # an argument of a child's own
    ]


@pytest.mark.parametrize("module", [m for m in SOURCES if not within(m, ("sqdash.commands", "sqdash.errors"))])
def test_no_sentence_names_an_option(module: str) -> None:
    assert option_faults(module, SOURCES[module]) == []


def test_a_button_that_a_sentence_names_is_on_a_screen_under_that_name() -> None:
    buttons = set(re.findall(r"button\(\s*\"([^\"]+)\"", "\n".join(SOURCES.values())))
    named = {name for text in SOURCES.values() for name in re.findall(r"按「([^」]+)」", text)}
    assert len(named) > 3
    assert named - buttons == set()


def test_a_sentence_that_names_an_option_is_found() -> None:
    assert option_faults("m", 'say(f"請以 --page 指定 {page}。")') == ["m:1 names --page"]
    assert option_faults("m", '"""See ``--page``."""') == []


# --- who writes

_ACTING = "sqdash.ui.who.acting"
_OWN_ACCOUNT = ("sqdash.ui.sign_in",)  # there a person's own token says who it is
_NOBODYS = ("sqdash.jobs.alerts.evaluate",)  # keeps a log up to date that says nothing of a person
_GATE = ("sqdash.store.gate.write", "sqdash.store.gate.change")


def author_faults(module: str, source: str) -> list[str]:
    """Names to write under that a screen did not ask for at that moment, and jobs that write without any."""
    if not within(module, SCREENS) or within(module, _OWN_ACCOUNT):
        return []
    tree = ast.parse(source)
    known = _aliases(tree)
    faults = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        if "by" in named and not _asked_for(named["by"], known):
            faults.append(f"{module}:{call.lineno} writes under a name that was not asked for")
        job = _full(dotted(call.func), known)
        if job in WRITERS and "by" not in named and job not in _NOBODYS:
            faults.append(f"{module}:{call.lineno} calls {job} under no name")
    return faults


def _asked_for(value: ast.expr, known: dict[str, str]) -> bool:
    return isinstance(value, ast.Call) and _full(dotted(value.func), known) == _ACTING


def writers(sources: dict[str, str]) -> set[str]:
    """Every function of a job that goes through the write gate, by itself or through another."""
    calls: dict[str, set[str]] = {}
    for module, source in sources.items():
        if within(module, ("sqdash.jobs",)):
            tree = ast.parse(source)
            own = {node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}
            known = _aliases(tree) | own
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    used = (n for n in ast.walk(node) if isinstance(n, ast.Call | ast.Name | ast.Attribute))
                    calls[own[node.name]] = {_full(dotted(one), known) for one in used}
    found: set[str] = set()
    while more := {name for name, used in calls.items() if used & {*found, *_GATE}} - found:
        found |= more
    return found


WRITERS = writers(SOURCES)


@pytest.mark.parametrize("module", [m for m in SOURCES if within(m, SCREENS)])
def test_a_screen_writes_only_under_a_name_asked_for_at_that_moment(module: str) -> None:
    assert author_faults(module, SOURCES[module]) == []


@pytest.mark.parametrize(
    "source",
    [
        "from sqdash.jobs import upload\nupload.undo(store, 1, by='本機')",
        "from sqdash.jobs import upload\nupload.undo(store, 1, by=person.signature)",
        "from sqdash.jobs import upload\nfrom sqdash.ui import who\nupload.undo(store, 1, by=who.current())",
        "from sqdash.jobs import upload\nupload.undo(store, 1)",
        "from sqdash.jobs.year_lock import lock\nlock(store, 103, reason='x')",
        "from sqdash.jobs import rota\nrota.move(store, seen, 'published')",
    ],
)
def test_a_write_under_another_name_or_none_is_found(source: str) -> None:
    assert len(author_faults("sqdash.ui.panels.upload", source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from sqdash.jobs import upload\nfrom sqdash.ui import who\nupload.undo(store, 1, by=who.acting(action))",
        "from sqdash.jobs import upload\nupload.look(store, source)",
    ],
)
def test_a_write_under_the_persons_name_and_a_look_are_left_alone(source: str) -> None:
    assert author_faults("sqdash.ui.panels.upload", source) == []


def test_jobs_that_write_are_known_through_whatever_they_call() -> None:
    named = {"upload.import_file", "upload.undo", "entries.enter", "entries.strike", "rota.move", "topics.assign"}
    assert {f"sqdash.jobs.{name}" for name in named} <= WRITERS
    assert not {"sqdash.jobs.upload.look", "sqdash.jobs.upload.outlook", "sqdash.jobs.alerts.in_force"} & WRITERS


def test_the_whole_source_is_looked_at() -> None:
    assert {"dashboard", "pages.overview", "sqdash", "sqdash.ui.server", "sqdash.store.queries.plan"} <= set(SOURCES)


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_every_page_ends_with_its_tables_as_a_file(path: Path) -> None:
    assert path.read_text("utf-8").splitlines()[-1].startswith("below.draw(screen")
