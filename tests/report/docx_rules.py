"""What Word demands of a DOCX before it opens it without a word: parts, relationships, order of elements, tables.

The orders are those of the schema of ECMA-376 part 1 (annex A.1), for the elements that we write.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ORDERS = {
    "body": "p|tbl* sectPr",
    "p": "pPr r|fldSimple*",
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl spacing ind jc outlineLvl",
    "r": "rPr t|br|drawing*",
    "rPr": "rFonts b i color sz szCs lang",
    "fldSimple": "r",
    "tbl": "tblPr tblGrid tr*",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "tblGrid": "gridCol*",
    "tr": "trPr tc*",
    "trPr": "cantSplit|tblHeader*",
    "tc": "tcPr p*",
    "tcPr": "tcW gridSpan vMerge shd vAlign",
    "inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
    "pic": "nvPicPr blipFill spPr",
    "blipFill": "blip stretch",
    "spPr": "xfrm prstGeom",
}
NEVER_EMPTY = ("trPr", "tblGrid", "tr", "tc", "tblPr")
"""Elements whose schema wants something in them."""


def faults(data: bytes) -> Iterator[str]:
    """Everything that Word would repair or refuse, as words."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    yield from _types(parts)
    yield from _relationships(parts)
    for name in ("word/document.xml", "word/footer1.xml"):
        root = etree.fromstring(parts[name])
        yield from _orders(root)
        yield from _tables(root)
    yield from _ids(etree.fromstring(parts["word/document.xml"]))


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return packed.read(name)


def spoilt(data: bytes, name: str, content: bytes) -> bytes:
    """The same file with other contents of one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            new.writestr(one, content if one == name else old.read(one))
    return out.getvalue()


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _types(parts: dict[str, bytes]) -> Iterator[str]:
    root = etree.fromstring(parts["[Content_Types].xml"])
    endings = [one.get("Extension") for one in root if _local(one) == "Default"]
    named = [one.get("PartName").lstrip("/") for one in root if _local(one) == "Override"]
    yield from (f"type given twice: {one}" for one in {*endings, *named} if (endings + named).count(one) > 1)
    yield from (f"type of no part: {one}" for one in named if one not in parts)
    for name in parts:
        if name != "[Content_Types].xml" and name not in named and name.rpartition(".")[2] not in endings:
            yield f"part without a type: {name}"


def _relationships(parts: dict[str, bytes]) -> Iterator[str]:
    for name, content in parts.items():
        if not name.endswith(".rels"):
            continue
        folder, of = posixpath.split(name.replace("_rels/", "").removesuffix(".rels"))
        known = {one.get("Id"): one.get("Target") for one in etree.fromstring(content)}
        for target in known.values():
            path = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
            if path not in parts:
                yield f"{name}: {target} is not there"
        if of.endswith(".xml") and (source := posixpath.join(folder, of)) in parts:
            for element in etree.fromstring(parts[source]).iter():
                for key, value in element.attrib.items():
                    if key.startswith(R) and value not in known:
                        yield f"{source}: {value} leads nowhere"


def _orders(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        name = _local(element)
        if name in NEVER_EMPTY and not len(element):
            yield f"{name} is empty"
        if name not in ORDERS:
            continue
        steps, at = [step.rstrip("*").split("|") for step in ORDERS[name].split()], 0
        many = [step.endswith("*") for step in ORDERS[name].split()]
        for child in element:
            while at < len(steps) and _local(child) not in steps[at]:
                at += 1
            if at == len(steps):
                yield f"{_local(child)} does not stand there in {name}"
                break
            at += not many[at]


def _tables(root: etree._Element) -> Iterator[str]:
    """Rows as broad as the grid, cells that end in a paragraph, merges that a cell begins."""
    for table in root.iter(f"{W}tbl"):
        widths = [int(column.get(f"{W}w")) for column in table.find(f"{W}tblGrid")]
        above: list[bool] = [False] * len(widths)
        for row in table.findall(f"{W}tr"):
            at, merged = 0, [False] * len(widths)
            for cell in row.findall(f"{W}tc"):
                about = cell.find(f"{W}tcPr")
                span = about.find(f"{W}gridSpan")
                over = int(span.get(f"{W}val")) if span is not None else 1
                if abs(int(about.find(f"{W}tcW").get(f"{W}w")) - sum(widths[at : at + over])) > over:
                    yield f"a cell is not as broad as its {over} columns"
                if _local(cell[-1]) != "p":
                    yield "a cell without a paragraph at its end"
                merge = about.find(f"{W}vMerge")
                if merge is not None:
                    if merge.get(f"{W}val") != "restart" and not above[at]:
                        yield "a cell continues nothing"
                    merged[at] = True
                at += over
            if at != len(widths):
                yield f"a row of {at} columns in a table of {len(widths)}"
            above = merged
        following = table.getnext()
        if following is None or _local(following) != "p":
            yield "a table without a paragraph behind it"


def _ids(root: etree._Element) -> Iterator[str]:
    ids = [one.get("id") for one in root.iter() if _local(one) == "docPr"]
    yield from (f"docPr id {one} given twice" for one in set(ids) if ids.count(one) > 1)
    yield from (
        f"docPr {one.get('id')} without alternative text"
        for one in root.iter()
        if _local(one) == "docPr" and not one.get("descr")
    )
