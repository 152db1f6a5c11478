"""列印: the report of the year, or of the half, quarter or month shown, as a file; also as known on a past day."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import streamlit as st

from sqdash import periods, plan_views
from sqdash.errors import SqdashError
from sqdash.report import writers
from sqdash.report.contents import Material
from sqdash.store import wholeness
from sqdash.ui import blocks, loads, tables
from sqdash.ui.frame import Screen
from sqdash.ui.panels import plan, plan_check

# Format → what the button says, the file's type.
FORMATS: dict[writers.Format, tuple[str, str]] = {
    "odt": ("下載 ODT（公文格式）", "application/vnd.oasis.opendocument.text"),
    "docx": ("下載 DOCX（Word）", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "html": ("下載 HTML（列印或存成 PDF）", "text/html"),
    "json": ("下載資料交換檔 JSON", "application/json"),
    "pptx": ("下載 PPTX（投影片）", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
WHOLE: tuple[writers.Format, ...] = ("odt", "docx", "html", "json")
SUMMARY: tuple[writers.Format, ...] = ("odt", "docx", "html")


def draw(screen: Screen) -> None:
    """What would still be missing, as of which day, and a button a format."""
    year = screen.period.roc_year
    if why := plan_views.no_report(screen.period, "上方的期間"):
        st.error(tables.plain(why))
        return
    missing = loads.completeness(screen.store, screen.state, year, periods.today())
    if not missing.complete:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{plan_check.lacking(len(missing.findings))}，仍可先下載", width="content")
            st.button("看缺什麼", key="plan_to_check", on_click=_to_check, icon=":material/checklist:")
    typed = st.text_input(
        "以過去某一天結束時所知道的內容列印（可空白）", key="plan_known", placeholder="例如 103/12/31", width=320
    ).strip()
    try:
        known = periods.parse_day(typed) if typed else None
        material = loads.material(screen.store, screen.state, screen.period.code, periods.today(), known)
    except SqdashError as error:
        st.error(tables.plain(error))
        return
    plan.lock_mark(material.tree)
    day = f"，{periods.roc_day(known)} 結束時所知" if known else ""
    st.text(material.tree.title)
    if material.period.kind != "year":
        st.info(
            f"文字是 {material.tree.year} 年度全年成果，並逐項列出 {material.period.label}的數字；"
            "要印全年，請把上方的期間改為全年。",
            icon=":material/date_range:",
        )
    blocks.section("全份報告")
    st.caption(f"{len(material.tree.methods)} 項執行方法，附指標總表與粉絲專頁圖表{day}")
    _files(screen.store, material, known, summary=False)
    blocks.section("一頁摘要")
    st.caption(f"三項目標、落後的原因與下一步，供主管會議使用{day}")
    _files(screen.store, material, known, summary=True)


def _to_check() -> None:
    """Open the tab that lists what is missing."""
    st.session_state["plan_tab"] = "完整性"


def _files(store: Path, material: Material, known: date | None, *, summary: bool) -> None:
    """A button a format; the file is written when it is asked for, not when the page is drawn."""
    name = file_name(material, known, summary=summary)
    slides: tuple[writers.Format, ...] = ("pptx",) if summary and writers.has_slides() else ()
    with st.container(horizontal=True):
        for ending in (*(SUMMARY if summary else WHOLE), *slides):
            label, mime = FORMATS[ending]
            st.download_button(
                label.replace("下載", "下載摘要", 1) if summary else label,
                partial(_written, store, material, ending, summary=summary),
                file_name=f"{name}.{ending}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
                key=f"plan_download_{'summary_' if summary else ''}{ending}",
            )


def file_name(material: Material, known: date | None, *, summary: bool) -> str:
    """What the file is called, without its ending: what it is, of which period, as known on which day."""
    mark = "示範_" if material.demonstration else ""
    what = "成果摘要" if summary else "提升服務品質成果報告"
    day = f"_{periods.roc_day(known).replace('/', '')}所知" if known else ""
    return f"{mark}{what}_{material.period.code.replace('..', '_')}{day}"


def _written(store: Path, material: Material, ending: writers.Format, *, summary: bool) -> bytes:
    """A file leaves the house only after the whole store was looked through."""
    wholeness.require(store, whole=True)
    return writers.write(material, ending, summary=summary)
