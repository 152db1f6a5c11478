"""The tables of the plan: figures that a report states, and targets."""

from __future__ import annotations

from sqdash.importers.specs.spec import DATE_NOTE, Spec
from sqdash.indicators import VERSIONS
from sqdash.tables import BY_NAME

READINGS = Spec(
    "readings",
    "陳報值",
    BY_NAME["readings"],
    {
        "indicator": ("指標", "指標名稱"),
        "period_from": ("期間起",),
        "period_to": ("期間迄",),
        "moment": ("時點",),
        "ordinal": ("順序",),
        "value": ("數值", "值"),
        "low": ("下限",),
        "high": ("上限",),
        "qualifier": ("語氣",),
        "as_of": ("截至日",),
        "as_of_words": ("截至（文字）",),
        "basis": ("依據",),
        "note": ("備註",),
        "source_place": ("出處",),
    },
    telling=("期間起", "期間迄"),
    defaults={"moment": "result", "ordinal": "1", "basis": "reported"},
    examples=(
        {
            "indicator": "每篇平均按讚",
            "period_from": "103/01/01",
            "period_to": "103/12/31",
            "moment": "結果",
            "ordinal": "1",
            "value": "60–70",
            "basis": "陳報",
            "source_place": "103 年度成果報告",
        },
    ),
    notes=("數值可寫區間與語氣，例如 約 30–50、逾 1,000、已達 16,300；未陳報請不要填 0。", DATE_NOTE),
)
TARGETS = Spec(
    "targets",
    "目標與規律",
    BY_NAME["targets"],
    {
        "indicator": ("指標", "指標名稱"),
        "kind": ("目標種類", "種類"),
        "definition": ("定義版本",),
        "valid_from": ("生效日",),
        "valid_to": ("失效日",),
        "comparator": ("比較",),
        "value": ("目標值", "值"),
        "every_months": ("每幾個月",),
        "every_days": ("每幾日",),
        "words": ("說法",),
        "note": ("備註",),
        "source_place": ("出處",),
    },
    telling=("生效日", "比較"),
    defaults={"kind": "target", "definition": "1"},
    examples=(
        {
            "indicator": "粉絲人數",
            "kind": "目標",
            "definition": "1",
            "valid_from": "104/01/01",
            "valid_to": "104/12/31",
            "comparator": "至少",
            "value": "18,000",
        },
    ),
    notes=(
        "比較填「至少」或「超過」；規律填每幾個月或每幾日 1 次。",
        f"定義版本：{VERSIONS}；其他指標填 1。",
        DATE_NOTE,
    ),
)
