"""The one block of 經營總覽: targets, counts, what needs attention, service."""

from collections.abc import Iterator

from markupsafe import Markup

from sqdash.indicators import INDICATORS
from sqdash.records import Alert
from sqdash.ui import blocks, cards, drawn, loads
from sqdash.ui.frame import Screen

POSTS = ("likes_per_post", "reach_per_post")
COUNTS = {
    "training_sessions": "教育訓練",
    "outreach_events": "業務推廣",
    "seminars": "座談、研討會",
    "company_visits": "企業訪視",
    "press_releases": "新聞稿",
    "improvement_reports": "業務改善報告",
}
SERVICE = [i.key for i in INDICATORS if i.group in ("satisfaction", "petitions") and i.key != "surveys_held"]
KEYS = ["fans", *POSTS, *COUNTS, *SERVICE]
"""Every indicator on the page."""


def targets(screen: Screen) -> Iterator[Markup]:
    """The three targets of the fan page, each with the way to what is behind it."""
    yield cards.indicator(
        screen,
        "fans",
        below=cards.gained(screen),
        onward=cards.onward(screen, "fans", "看來源與走勢"),
        trend=loads.fans_by_month(screen.store, screen.state, screen.period.code),
    )
    for key in POSTS:
        yield cards.indicator(
            screen,
            key,
            below=cards.before_after(screen, key),
            onward=cards.onward(screen, "posts", "看貼文與原因"),
            trend=cards.monthly_means(screen.result(key), screen.period),
        )


@drawn.kept
def glance(screen: Screen, standing: tuple[Alert, ...]) -> Markup:
    """All of the page that is seen at once, with the alerts that stand."""
    lines = cards.matters(screen, standing)
    return Markup().join(
        (
            blocks.thirds(*targets(screen)),
            blocks.section_head("活動與訓練", cards.onward(screen, "activities", "看各月、各單位與逐筆")),
            cards.counts(screen, COUNTS, across=6, labels=COUNTS),
            blocks.beside(cards.attention(screen, lines), cards.service(screen, SERVICE)),
        )
    )
