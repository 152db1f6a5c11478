"""The list of components: every package of the lock with its version, licence and what it is there for.

``python -m tools.components`` writes ``docs/components.md``; with ``--cyclonedx FILE`` also a CycloneDX SBOM. Needs no
network: licences are those that the installed packages state.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, PAGE = ROOT / "requirements.lock", ROOT / "docs" / "components.md"
_PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;#]+)")
_HEAD = """# Components

Made by `python -m tools.components` from `requirements.lock`; a test compares the two. Licences as the packages state
them.

| package | version | asked for by | licence |
| --- | --- | --- | --- |
"""


@dataclass(frozen=True, slots=True)
class Component:
    """A package of the lock. ``use``: ``run``, ``test`` or ``indirect`` (another package needs it)."""

    name: str
    version: str
    use: str
    licence: str

    @property
    def purl(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{_canonical(self.name)}@{self.version}"


def pins(lock: Path = LOCK) -> list[tuple[str, str]]:
    """(name, version) of every line of the lock, in its order."""
    return [(found[1], found[2]) for line in lock.read_text("utf-8").splitlines() if (found := _PIN.match(line))]


def components() -> Iterator[Component]:
    """Every package of the lock."""
    run, test = _asked("requirements.txt"), _asked("requirements-dev.txt")
    for name, version in pins():
        key = _canonical(name)
        use = "run" if key in run else "test" if key in test else "indirect"
        yield Component(name, version, use, _licence(name))


def page(found: Sequence[Component]) -> str:
    """The list as a page."""
    return _HEAD + "".join(f"| {c.name} | {c.version} | {c.use} | {c.licence} |\n" for c in found)


def cyclonedx(found: Sequence[Component]) -> dict[str, object]:
    """The list as a CycloneDX 1.5 document."""
    listed = [
        {
            "type": "library",
            "bom-ref": c.purl,
            "name": c.name,
            "version": c.version,
            "purl": c.purl,
            "licenses": [{"license": {"name": c.licence}}],
        }
        for c in found
    ]
    about = {"component": {"type": "application", "name": "sqdash", "bom-ref": "sqdash"}}
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": about, "components": listed}


def _asked(file: str) -> set[str]:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    return {_canonical(found[0]) for line in lines if (found := re.match(r"[A-Za-z0-9._-]+", line))}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(name: str) -> str:
    """As the package states it, on one line; its classifiers where it only has the licence's whole text."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed here"
    stated = about.get("License-Expression") or about.get("License") or ""
    classified = [c.rsplit(" :: ", 1)[-1] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    one_line = stated.strip() if len(stated) <= 80 and "\n" not in stated.strip() else ""
    return (one_line or "; ".join(classified) or "see the package").replace("|", "/")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page and, where asked for, the SBOM."""
    parser = argparse.ArgumentParser(prog="python -m tools.components", description=__doc__)
    parser.add_argument("--cyclonedx", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    found = list(components())
    PAGE.write_text(page(found), "utf-8")
    if options.cyclonedx:
        options.cyclonedx.write_text(json.dumps(cyclonedx(found), indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
