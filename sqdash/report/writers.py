"""A period's report or its one-page summary, in whichever format is asked for."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Literal

from sqdash.report import as_html, as_json, contents
from sqdash.report import summary as _summary
from sqdash.report.contents import Material

Format = Literal["odt", "docx", "html", "json", "pptx"]
BINARY = frozenset({"odt", "docx", "pptx"})


def has_slides() -> bool:
    """Whether the library that writes ``pptx`` is installed."""
    return find_spec("pptx") is not None


def write(material: Material, format: Format, *, summary: bool = False) -> bytes:
    """The file; ``json`` is always the whole report, ``pptx`` always the summary."""
    if format == "json":
        return (json.dumps(as_json.write(material.tree), ensure_ascii=False, indent=2) + "\n").encode()
    if format == "pptx":
        from sqdash.report import as_pptx

        return as_pptx.write(material)
    document = _summary.build(material) if summary else contents.build(material)
    match format:
        case "html":
            return as_html.write(document, _summary.STYLE if summary else "").encode()
        case "docx":
            from sqdash.report import as_docx  # the libraries of formats are loaded where one is asked for

            return as_docx.write(document)
        case "odt":
            from sqdash.report import as_odt

            return as_odt.write(document)
