"""The page of indicators: ``python -m tools.indicators`` writes it from ``sqdash/indicators.py``."""

from __future__ import annotations

import sys
from pathlib import Path

from sqdash.indicators import GROUPS, INDICATORS, Indicator

PAGE = Path(__file__).resolve().parents[1] / "docs" / "indicators.md"
_HEAD = """# 指標表

每個指標只在 `sqdash/indicators.py` 定義一次；這張表由 `python -m tools.indicators` 寫成，由測試核對。

| 代碼 | 名稱 | 單位 | 類別 | 算法 | 登錄資料 |
| --- | --- | --- | --- | --- | --- |
"""
_ROLLUPS = {
    "last": "期末值",
    "mean_per_post": "每篇平均",
    "sum": "合計",
    "count": "筆數",
    "ratio": "總數相除",
    "attribution": "陳報",
}


def page() -> str:
    """The whole page, an indicator a row."""
    return _HEAD + "".join(f"{_row(indicator)}\n" for indicator in INDICATORS)


def _row(indicator: Indicator) -> str:
    ledger = indicator.ledger
    where = "／".join(part for part in (ledger.table, ledger.kind, ledger.measure) if part) if ledger else "—"
    cells = (f"`{indicator.key}`", indicator.label, indicator.unit, GROUPS[indicator.group], _ROLLUPS[indicator.rollup])
    return f"| {' | '.join(cells)} | {where} |"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
