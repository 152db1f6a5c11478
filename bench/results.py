"""What a run of the measures found, as JSON, and beside it the run before.

A part that only prints is kept line by line; the numbers in its lines are told apart by :func:`read_line`.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bench.measure import Finding

LIBRARIES = ("streamlit", "starlette", "uvicorn", "pandas", "plotly", "pyarrow")
NOTABLE = 1.25
"""From this change of a ratio on a comparison names it: less is noise."""
_LINE = re.compile(
    r"(?P<name>.+?): (?P<least>[\d.]+)/(?P<median>[\d.]+)/(?P<most>[\d.]+) (?P<unit>ms|MB|%)"
    r"(?:; floor (?P<floor>.+?): (?P<a>[\d.]+)/(?P<b>[\d.]+)/(?P<c>[\d.]+) (?:ms|MB|%); × (?P<ratio>[\d.]+))?"
    r"(?:; goal (?P<goal>.+?):? (?P<met>met|MISSED))?"
)


def machine() -> dict[str, Any]:
    """What the figures depend on; nothing that names the machine or its folders."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
    }


def of_finding(found: Finding) -> dict[str, Any]:
    """A finding as it is kept."""
    figure, floor = found.figure, found.floor_figure
    return {
        "name": found.name,
        "unit": figure.unit,
        "least": _short(figure.least),
        "median": _short(figure.median),
        "most": _short(figure.most),
        "floor": found.floor or None,
        "floor_median": _short(floor.median) if floor else None,
        "ratio": None if found.ratio is None else round(found.ratio, 3),
        "goals": [asdict(goal) for goal in found.goals],
        "met": found.met,
    }


def read_line(line: str) -> dict[str, Any]:
    """A printed line as it is kept: with its numbers where it has them in the usual form, else as a text."""
    if not (found := _LINE.fullmatch(line)):
        return {"text": line}

    def number(group: str) -> float | None:
        return float(found[group]) if found[group] else None

    return {
        "name": found["name"],
        "unit": found["unit"],
        "least": number("least"),
        "median": number("median"),
        "most": number("most"),
        "floor": found["floor"],
        "floor_median": number("b"),
        "ratio": number("ratio"),
        "goals": [{"text": found["goal"]}] if found["goal"] else [],
        "met": {"met": True, "MISSED": False, None: None}[found["met"]],
    }


def save(path: Path, parts: Mapping[str, list[dict[str, Any]]], failed: Iterable[str], *, quick: bool) -> None:
    """Write the run: whole or not at all."""
    made = {"made_on": date.today().isoformat(), "quick": quick, "machine": machine()}
    whole = made | {"parts": dict(parts), "failed": list(failed)}
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.making")
    making.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
    making.replace(path)


def load(path: Path) -> dict[str, Any] | None:
    """A run that was saved; None where there is none that can be read."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "parts" in found else None


def compared(before: Mapping[str, Any], parts: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """What is otherwise than in the run before: goals lost and won, ratios that moved by a quarter."""
    known = {(part, row["name"]): row for part, rows in before["parts"].items() for row in rows if "name" in row}
    lines = []
    for part, rows in parts.items():
        for row in rows:
            old = known.get((part, row.get("name", "")))
            if old and (said := _moved(old, row)):
                lines.append(f"{part}: {row['name']}: {said}")
    return lines


def _moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    if old.get("met") is not None and old["met"] != new.get("met"):
        return f"goal {'met' if new['met'] else 'MISSED'}, before it was {'met' if old['met'] else 'missed'}"
    first, second = old.get("ratio"), new.get("ratio")
    if first and second and not 1 / NOTABLE < second / first < NOTABLE:
        return f"× {second:.2f}, before × {first:.2f}"
    return ""


def _short(value: float) -> float:
    return round(value, 3)
