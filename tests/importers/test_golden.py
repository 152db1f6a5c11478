"""Whole files as Meta and offices write them: file in, exact rows out. ``golden/<format>/`` has both."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sqdash.errors import DataError
from sqdash.importers import registry
from sqdash.importers.base import Answers
from sqdash.importers.sources import Bytes
from tests.importers.reading import KNOWN, Read, read_file
from tests.making import is_one_sentence

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("*/*.csv"))
OF_META = ("meta_posts", "meta_daily_posts", "meta_series", "creator_tables", "legacy_posts", "legacy_page", "imports")
TEMPLATES = ("posts_file", "fan_days", "activities", "petitions", "surveys", "checks", "readings", "targets")


def expected(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.with_suffix(".rows.json").read_text(encoding="utf-8"))
    return found


def answers(file: Path) -> Answers:
    said = dict(expected(file).get("answers", {}))
    if "observed_at" in said:
        said["observed_at"] = datetime.fromisoformat(said["observed_at"])
    return Answers(**said)


def outcome(read: Read) -> dict[str, Any]:
    found = read.findings
    whole = {
        "format": read.format,
        "rows": read.rows,
        "rejected": [list(cell) for cell in read.refused],
        "notes": found.notes,
        "warnings": found.warnings,
        "pages": found.pages,
        "coverage": [list(days) for days in found.coverage],
        "days": [found.first_day, found.last_day] if found.first_day else [],
        "zone": found.zone,
        "lost_ids": list(found.lost_ids),
    }
    return {name: value for name, value in whole.items() if value or name in ("format", "rows")}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.stem[:30]}")
def test_file_gives_exactly_these_rows_and_words(file: Path) -> None:
    wanted = {name: value for name, value in expected(file).items() if name != "answers"}
    assert outcome(read_file(file.name, file.read_bytes(), answers(file))) == wanted


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.stem[:30]}")
def test_file_has_exactly_one_claimant(file: Path) -> None:
    head = registry.look(Bytes(file.name, file.read_bytes()), answers(file), KNOWN).found.head
    assert [format.name for format in registry.FORMATS if format.claims(head)] == [file.parent.name]


def test_every_format_of_meta_and_every_template_has_a_file() -> None:
    assert {file.parent.name for file in FILES} >= {*OF_META, *TEMPLATES, "contributions"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.stem[:30]}")
def test_any_format_forced_upon_the_file_reads_it_or_refuses_it_in_one_sentence(file: Path) -> None:
    said: list[str] = []
    for format in registry.FORMATS:
        try:
            read_file(file.name, file.read_bytes(), answers(file)._replace(format=format.name))
        except DataError as error:
            said.append(str(error))
    assert said  # no file is every table
    assert [sentence for sentence in said if not is_one_sentence(sentence)] == []
