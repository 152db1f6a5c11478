"""Blocks of 資料來源 about days and posts: gaps in the calendar, posts that are gone, figures that disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

from sqdash import formats, periods
from sqdash.jobs import page_gaps, page_state
from sqdash.tables import MEASURES
from sqdash.ui import blocks, frame, loads, tables
from sqdash.ui.frame import Screen
from sqdash.ui.panels.sources import Source

_LONGEST = 60
_CLOCKS = {periods.PACIFIC.key: "Meta 日", periods.TAIPEI.key: "臺北日"}


def gaps(screen: Screen, source: Source) -> None:
    """Per measure the days missing in each of the last 12 months, and which they are."""
    blocks.section("每日紀錄")
    newest = loads.page_newest(screen.store, screen.state, source.page)
    if not newest:
        frame.nothing_yet("這個專頁的每日數據")
        return
    places = [measure for measure, _ in MEASURES]
    ordered = sorted(newest, key=lambda row: (places.index(row["measure"]), row["day_zone"] == periods.PACIFIC.key))
    found = dict(zip(_labels(ordered), (_gaps(screen, source.page, row) for row in ordered), strict=True))
    tables.show(
        [
            {"數據": label, "缺漏": _total(one)}
            | {f"{int(month[5:])} 月": _cell(missing) for month, missing in one.months.items()}
            for label, one in found.items()
        ],
        whole=("數據", "缺漏", *(f"{number} 月" for number in range(1, 13))),
        alt="每項每日數據最近 12 個月各月缺漏的天數",
    )
    months = list(next(iter(found.values())).months)
    st.caption(
        f"{periods.roc_month(months[0])}–{periods.roc_month(months[-1])}，最近 12 個月。"
        "✓：該月應有的每一天都有數據；數字：缺漏的天數；—：第一筆之前。Meta 的每日數據以美國太平洋時間為日界，"
        "並扣除正常的落後；當天還沒過完不算缺漏。"
    )
    alike: dict[tuple[date, ...], list[str]] = {}
    for label, one in found.items():
        if one.missing:
            alike.setdefault(one.missing, []).append(label)
    for missing, labels in alike.items():
        with st.expander(f"{'、'.join(labels)}：缺漏 {len(missing):,} 天"):
            st.markdown(tables.plain(found[labels[0]].spans))
            st.caption("可在「資料登錄與上傳」上傳 Meta 匯出檔補上；Meta 日在兩年內者，擷取時也會自動補。")


def _labels(rows: Sequence[dict[str, Any]]) -> list[str]:
    """What each is called; whose days they are where a measure has those of more than one clock."""
    found = [page_state.measure_label(row["measure"], row["day_zone"]) for row in rows]
    alike = Counter(found)
    return [
        f"{label}（{_CLOCKS.get(row['day_zone'], row['day_zone'])}）" if alike[label] > 1 else label
        for label, row in zip(found, rows, strict=True)
    ]


def _gaps(screen: Screen, page: str, row: dict[str, Any]) -> page_gaps.Gaps:
    meta = row["day_zone"] == periods.PACIFIC.key
    today = periods.now().astimezone(periods.PACIFIC if meta else periods.TAIPEI).date()
    since = f"{page_gaps.window(today)[0]}-01"
    days = loads.page_day_set(screen.store, screen.state, page, row["measure"], row["day_zone"], since)
    return page_gaps.of(days, row["first"], today, meta=meta)


def _total(found: page_gaps.Gaps) -> str:
    return f"{len(found.missing):,} 天" if found.missing else "✓ 無" if found.due else "—"


def _cell(missing: int | None) -> str:
    return "—" if missing is None else "✓" if not missing else str(missing)


def disagreements(screen: Screen, source: Source) -> None:
    """Days of which a person and a pull say different things: which figure counts, and the other."""
    blocks.section("人工與擷取不一致")
    st.caption("人工登錄（更正）的數字優先，其餘以較晚觀測的為準；兩者都保留。")
    tables.show(
        [
            {
                "數據": page_state.measure_label(row["measure"], row["day_zone"]),
                "日期": periods.roc_day(date.fromisoformat(row["day"])),
                "採用": f"{row['counts']:,}",
                "採用的出處": row["counts_from"],
                "另一個": f"{row['other']:,}",
                "另一個的出處": row["other_from"],
            }
            for row in loads.disagreements(screen.store, screen.state, source.page)
        ],
        right=("採用", "另一個"),
        whole=("數據", "採用", "另一個"),
        alt="人工與擷取數字不同的日子、採用的數字與另一個數字",
        empty="沒有不一致的數字。",
    )


def gone(source: Source) -> None:
    """Posts that Facebook no longer has; their figures stay."""
    blocks.section("Facebook 上已不存在的貼文")
    tables.show(
        [
            {
                "發現": periods.roc_day(datetime.fromisoformat(at).astimezone(periods.TAIPEI).date()),
                "內容": _short(message),
            }
            for at, message, _ in source.gone
        ],
        whole=("發現",),
        alt="Facebook 上已不存在的貼文與發現的日子",
        empty="沒有。貼文若在 Facebook 刪除，這裡會列出，歷史數據仍保留。",
    )


def _short(message: str | None) -> str:
    return formats.shortened(" ".join((message or "（沒有文字）").split()), _LONGEST)
