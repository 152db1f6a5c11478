"""What speaks against a row whose cells could each be read: cells that contradict each other or cannot be meant."""

from __future__ import annotations

from collections.abc import Sequence

from sqdash.importers import rules
from sqdash.importers.chunks import Chunk
from sqdash.importers.ids import Ids, is_post_number
from sqdash.records import Value

INTERVAL = frozenset({"low", "high"})


def spans_agree(chunk: Chunk) -> None:
    """A span says when it ends; a column of its own may say the same and nothing else."""
    begin, end = chunk.written.span
    stated = chunk.values.get(end, ())
    for place, (own, last) in enumerate(zip(stated, chunk.beside.get(end, ()), strict=False)):
        if place not in chunk.bad and own is not None and last is not None and own != last:
            heading, span = chunk.cell(place, begin)
            why = f"與「{heading}」的「{span.strip()[:40]}」不是同一天結束，請改成一致。"
            chunk.refuse(place, chunk.cell(place, end, own), why, "range")


def figures_agree(chunk: Chunk) -> None:
    """A figure and the ends of its interval in columns of their own must not say two things."""
    for name in sorted(INTERVAL & set(chunk.beside) & set(chunk.values)):
        for place, (end, own) in enumerate(zip(chunk.beside[name], chunk.values[name], strict=True)):
            figure = chunk.values["value"][place]
            if place not in chunk.bad and disagree(name, own, end, figure):
                why = f"與同一列的「{chunk.cell(place, name)[0]}」不一致，請改正其中之一。"
                chunk.refuse(place, chunk.cell(place, "value", figure), why, "contradiction")


def disagree(name: str, own: Value, said: Value, figure: Value) -> bool:
    """Whether a field of its own (low, high, qualifier) says another thing than was said with the figure, or the
    figure lies beyond it."""
    if isinstance(figure, float) and isinstance(own, float):
        return figure < own if name == "low" else figure > own
    return None not in (own, said) and own != said


def of_their_pages(chunk: Chunk) -> None:
    """A post whose id names another page than its row: nobody can tell which of the two is meant."""
    for place, (post, page) in enumerate(zip(chunk.values["post_id"], chunk.values["page_id"], strict=True)):
        said, _, number = str(post or "").rpartition("_")
        if place not in chunk.bad and said and page and said != page and is_post_number(f"{said}_{number}"):
            why = f"的前段不是這一列的專頁「{page}」，請改正其中之一，或只填底線後的貼文編號。"
            chunk.refuse(place, chunk.cell(place, "post_id", post), why, "other_page")


def undamaged(chunk: Chunk, ids: Ids, names: Sequence[str]) -> None:
    """An id that Excel damaged is no key; ``names`` are the columns of ids that are looked at."""
    for name in names:
        for place, value in enumerate(chunk.values.get(name, ())):
            if value is not None and place not in chunk.bad and ids.is_damaged(str(value)):
                why = "編號已被 Excel 改壞（只留 15 位數），請以文字格式重新填寫。"
                chunk.refuse(place, chunk.cell(place, name, value), why, "damaged_id")


def by_the_rules(chunk: Chunk) -> None:
    """The rules of the table, which hold whatever way a row comes."""
    table, now = chunk.written.table.name, chunk.task.known.now
    if not rules.has(table) or rules.surely_kept(table, chunk.values, now):
        return
    for place in chunk.good():
        row = {name: column[place] for name, column in chunk.values.items()}
        if broken := rules.broken(table, row, now):
            name, why, code = broken
            chunk.refuse(place, chunk.cell(place, name, row.get(name)), why, code)
