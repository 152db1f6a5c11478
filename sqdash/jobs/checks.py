"""What staged rows must agree on with the store: references, ids and numbers that are found there, names of units, the
rest of a row, rows of the demonstration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqdash import periods
from sqdash.importers import rules
from sqdash.importers.base import Answers, Findings, Known
from sqdash.importers.headings import fold
from sqdash.jobs import layouts
from sqdash.store import database, staged_changes, staged_checks
from sqdash.store.queries import rows as row_queries
from sqdash.store.staging import Stage
from sqdash.tables import BY_NAME, POST_MEASURES, REFERENCES

NO_ANSWERS = Answers()
UNASSIGNED = "unassigned"
_PAGE_TABLES = ("posts", "page_days")
_MEASURES = dict(POST_MEASURES)


class Nowhere:
    """A sink for a single typed row, which is taken from its values instead."""

    def add(self, name: str, given: Sequence[str], rows: Iterable[Sequence[Any]], /) -> None:
        """Nothing is kept."""


def known(connection: database.Connection) -> Known:
    """What a file's reader must know of the store."""
    named_so = _by_name(row_queries.units(connection))
    return Known(
        now=periods.now(),
        units={name: codes[0] for name, codes in named_so.items()},
        pages=dict(row_queries.pages(connection)),
        layouts={one.signature: one.layout for one in layouts.known(connection)},
        shared={name: codes for name, codes in named_so.items() if len(codes) > 1},
    )


def _by_name(units: Sequence[tuple[str, str, str | None]]) -> dict[str, tuple[str, ...]]:
    """Folded name, short name or code → the units that it means, in order; a code means its own alone."""
    found: dict[str, set[str]] = {}
    codes = {fold(code): code for code, _, _ in units}
    for code, *names in units:
        for name in names:
            if name:
                found.setdefault(fold(name), set()).add(code)
    return {name: tuple(sorted(some)) for name, some in found.items()} | {name: (code,) for name, code in codes.items()}


def check(stage: Stage, findings: Findings) -> None:
    """Refuse staged rows that do not agree with the store, and tell what a person should know of the others."""
    if findings.lost_ids and "posts" in stage.given:
        _find_lost(stage, findings)
    for column, rows in findings.unsaid.items():
        staged_checks.keep_unsaid(stage, column, rows)
    _references(stage, findings)
    for name in stage.given:
        for number, key in staged_checks.generated(stage, name):
            heading = heading_of(findings, name, BY_NAME[name].key[0])
            findings.reject(number, heading, str(key), "demonstration", "是示範資料，不能放進正式資料庫。")
    _beside_others(stage, findings)
    _beside_what_stands(stage, findings)
    _texts(stage, findings)
    stage.drop_rows({rejected.row for rejected in findings.rejected})
    if findings.partial:
        _keep_lifetime(stage, findings)
    _pages(stage, findings)


def _find_lost(stage: Stage, findings: Findings) -> None:
    found, unfound = staged_checks.find_lost(stage)
    if found:
        findings.warnings.append(f"{found:,} 列的貼文編號已被 Excel 改壞，已用永久連結與發布時間找回原來的貼文。")
    for number in unfound:
        why = "編號已被 Excel 改壞（只留 15 位數），也找不到連結與時間相同的貼文，請從 Meta 重新匯出或改用 XLSX。"
        findings.reject(number, heading_of(findings, "posts", "post_id"), findings.lost_ids[number], "damaged_id", why)


def _keep_lifetime(stage: Stage, findings: Findings) -> None:
    """Sums of some days never take the place of a larger figure of the whole time."""
    if below := staged_changes.below(stage):
        stage.drop_rows(below)
        findings.warnings.append(f"{len(below):,} 篇的逐日加總比已存的總期間數字小，沒有採用。")


def _references(stage: Stage, findings: Findings) -> None:
    for (name, column), (other, wanted) in REFERENCES.items():
        if column in stage.given.get(name, ()):
            for number, value in staged_checks.unknown_values(stage, name, column, other, wanted):
                label = BY_NAME[other].label
                do = f"一格只填一個{label}" if "、" in str(value) else "請改正名稱或編號，或先建立"
                why = f"在已登錄的{label}裡找不到，{do}。"
                heading = heading_of(findings, name, column)
                findings.reject(number, heading, str(value), "unknown_reference", why)


def _beside_others(stage: Stage, findings: Findings) -> None:
    """What a row cannot say because of what other rows say."""
    if "units" in stage.given:
        for number, parent in staged_checks.above_themselves(stage):
            why = "是這個單位自己或它的下層單位，請改選別的單位或留空白。"
            findings.reject(number, heading_of(findings, "units", "parent"), parent, "rule", why)
    if "held_on" in stage.given.get("activities", ()):
        for number, held, decision, done in staged_checks.moved_past(stage):
            why = f"晚於決議 {decision} 的完成日（{periods.roc_day_of(done)}），請改正日期，或先改正決議。"
            findings.reject(
                number, heading_of(findings, "activities", "held_on"), periods.roc_day_of(held), "rule", why
            )
    if "done_on" in stage.given.get("meeting_decisions", ()):
        for number, done, held in staged_checks.done_early(stage):
            why = f"早於會議當天（{periods.roc_day_of(held)}），請改正日期或會議。"
            findings.reject(
                number, heading_of(findings, "meeting_decisions", "done_on"), periods.roc_day_of(done), "rule", why
            )


def _beside_what_stands(stage: Stage, findings: Findings) -> None:
    """A row of which the file says a part must go together with the rest of it, that stands."""
    for table in stage.tables:
        if not rules.combines(table.name) or (len(stage.given[table.name]) == len(table.names) and not findings.unsaid):
            continue
        for number, row in staged_checks.merged(stage, table.name):
            if wrong := rules.contradictory(table.name, row):
                value = row[wrong.column]
                if value and table.column(wrong.column).type == "date":
                    value = periods.roc_day_of(value)
                heading = heading_of(findings, table.name, wrong.column)
                findings.reject(number, heading, str(value or ""), wrong.code, wrong.why)


def heading_of(findings: Findings, name: str, column: str) -> str:
    """What the column is called in the file, or else on screen."""
    return findings.headings.get(column) or BY_NAME[name].column(column).label


def _texts(stage: Stage, findings: Findings) -> None:
    """A text of the report may bind indicators and facts only."""
    if "text" not in stage.given.get("result_texts", ()):
        return
    from sqdash.report import binding  # with all of the report behind it: few files have such texts

    facts = {str(fact) for fact in row_queries.current_values(stage.connection, "facts", "fact")}
    for row in stage.first("result_texts", -1):
        if wrong := binding.unknown(str(row["text"]), facts):
            why = f"{binding.fault(wrong)}，{binding.remedy(wrong)}"
            heading = heading_of(findings, "result_texts", "text")
            findings.reject(row["source_row"], heading, str(wrong), "unknown_binding", why)


def _pages(stage: Stage, findings: Findings) -> None:
    """A page that nobody knows yet is kept as 未歸類: its figures count in nothing until someone says whose it is.

    The file states a page that is still unassigned too, so that undoing the batch that brought it first does not take
    it from under the others.
    """
    named = {
        page
        for name in _PAGE_TABLES
        if "page_id" in stage.given.get(name, ())
        for page in stage.values(name, "page_id")
    }
    if not named:
        return
    known = {row["page_id"]: row for row in row_queries.current(stage.connection, BY_NAME["pages"])}
    unknown = {page: findings.pages.get(page) or page for page in sorted(named - set(known))}
    again = {page: known[page]["label"] for page in sorted(named & set(known)) if known[page]["kind"] == UNASSIGNED}
    if rows := [(None, page, UNASSIGNED, label) for page, label in (unknown | again).items()]:
        stage.add("pages", ("page_id", "kind", "label"), rows)
    if unknown:
        shown = "、".join(f"「{label[:30]}」" for label in unknown.values())
        findings.warnings.append(f"粉絲專頁{shown}還沒有登記，先列為未歸類；在設定標為本分局或標竿專頁後才會計入。")


def _named_alike(stage: Stage, findings: Findings) -> None:
    """Units that would share a name: whoever writes it means one of them, and nobody can tell which."""
    come, stay = staged_checks.units_to_be(stage)
    for codes in dict.fromkeys(codes for codes in _by_name([*come, *stay]).values() if len(codes) > 1):
        if mine := next((label for code, label, _ in come if code in codes), None):
            which = "、".join(codes)
            findings.warnings.append(
                f"單位「{mine}」的名稱或簡稱是 {which} 共用的，之後以名稱填寫會被拒收，請改用不同的名稱。"
            )


def warn(stage: Stage, findings: Findings) -> None:
    """Tell what the comparison with the store brings to light."""
    if "units" in stage.given:
        _named_alike(stage, findings)
    if findings.repeated:
        findings.notes.append(f"{findings.repeated:,} 列重複（內容相同），只計一次。")
    if falling := staged_changes.falling(stage):
        number, measure, old, new = falling[0]
        findings.warnings.append(
            f"{len({n for n, *_ in falling}):,} 篇貼文的累計數字比先前少"
            f"（例如第 {number} 列「{_MEASURES[measure]}」{old:,} → {new:,}），請確認匯出時間與檔案。"
        )
    if late := staged_changes.late(stage):
        findings.warnings.append(
            f"{late:,} 篇貼文已有較晚觀測的數字，這份較早的數字只存作歷史，現行數字不變，文字只補上原先沒有的。"
        )
