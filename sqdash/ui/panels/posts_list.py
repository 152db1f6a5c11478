"""The posts one by one: found, filtered and sorted, fifty at a time; one opened, or many given a topic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from sqdash import formats, periods
from sqdash.analysis.targets import meets
from sqdash.store.queries.post_list import PostFilter, Reached
from sqdash.ui import blocks, choices, drawn, loads, loads_posts, tables
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept
from sqdash.ui.palette import STATE_LOOK
from sqdash.ui.panels import posts_growth, posts_numbers, posts_topics

Row = dict[str, Any]
_ORDERS = {"published_at": "發布時間", **posts_growth.MEASURES, "engagement": "互動率"}
_OVER = {name: posts_growth.MEASURES[name] for name in ("reach", "viewers")}
_JUDGED = {
    "": "不限",
    "likes_met": "按讚達標",
    "likes_not": "按讚未達",
    "reach_met": "觸及達標",
    "reach_not": "觸及未達",
}
_NOT_GIVEN = "未註明"
_MANY = loads_posts.POSTS_A_SCREEN
_TOPIC_PIXELS = 120
"""What a topic of six characters takes: a grid measures its first rows, where the newest posts have no topic yet, and
cuts what is longer further down."""


TABS = "posts_tab"
"""What the page's tabs are called in the address."""
_LIST, _SEARCH = "貼文清單", "q"


def panels(screen: Screen) -> dict[str, Callable[[Screen], None]]:
    """The tab of the list, open where the address says what is looked for in it; none where there is no post."""
    offered = loads_posts.post_choices(screen.store, screen.state, screen.period.code)
    if not offered.types:
        return {}
    if _SEARCH in st.query_params:
        st.session_state.setdefault(TABS, _LIST)
    return {_LIST: listing}


def listing(screen: Screen) -> None:
    """Filters, the grid, what is done with the chosen rows; the topics of posts that have none."""
    _listed(screen)
    posts_topics.proposals(screen)


def _listed(screen: Screen) -> None:
    offered = loads_posts.post_choices(screen.store, screen.state, screen.period.code)
    wanted, order, descending = _filters(screen, offered)
    spot = f"{hash((wanted, order, descending)) & 0xFFFFFFFF:x}"
    pages = st.session_state.get(f"posts_page_{spot}", 1)
    rows, found = _page(screen, wanted, order, descending, pages)
    if not found:
        st.info("沒有符合的貼文，請放寬條件或換個詞句。", icon=":material/search_off:")
        return
    blocks.note(
        f"符合 {found:,} 篇，每頁 {_MANY} 篇；"
        "互動率＝（心情或按讚＋留言＋分享）÷ 觸及或瀏覽者，來源未提供的項目不含在內，註在分母旁。"
    )
    chosen = tables.browse(
        _cells(screen, wanted, order, descending, pages),
        told=(screen.told, wanted, order, descending, pages),
        alt=f"貼文清單，依{_ORDERS[order]}由{'大到小' if descending else '小到大'}排列，共 {found:,} 篇",
        config=_CONFIG,
        choose=f"posts_grid_{spot}_{pages}_{screen.state}",
        noted=False,
    )
    _note(screen, wanted, order, descending, found)
    if found > _MANY:
        st.pagination(-(-found // _MANY), key=f"posts_page_{spot}")
    _chosen(screen, rows, chosen, spot=f"{spot}_{pages}_{screen.state}")


def _page(screen: Screen, wanted: PostFilter, order: str, descending: bool, number: int) -> tuple[Sequence[Row], int]:
    """The posts of a page of the list, from 1, and how many there are on all."""
    return loads_posts.posts(
        screen.store, screen.state, wanted, order, descending, limit=_MANY, offset=(number - 1) * _MANY
    )


@Kept
def _cells(screen: Screen, wanted: PostFilter, order: str, descending: bool, number: int) -> list[Row]:
    return [_shown(screen, row) for row in _page(screen, wanted, order, descending, number)[0]]


def _note(screen: Screen, wanted: PostFilter, order: str, descending: bool, found: int) -> None:
    """For the page's file: all posts that the filters leave, read when the file is made, up to the bound it states."""
    store, most = screen.store, loads_posts.POSTS_A_FILE

    def load() -> list[Row]:
        return [
            {"貼文編號": row["post_id"]} | _shown(screen, row)
            for row in loads_posts.posts_for_a_file(store, wanted, order, descending)
        ]

    more = f"只列前 {most:,} 篇，共 {found:,} 篇，其餘請縮小條件另行下載" if found > most else f"共 {found:,} 篇"
    drawn.add(_LIST, load, note=f"依{_ORDERS[order]}由{'大到小' if descending else '小到大'}，{more}")


def _filters(screen: Screen, offered: Any) -> tuple[PostFilter, str, bool]:
    with st.grid(4, min_column_width=160, gap="small"):
        search = st.text_input(
            "找內容", key=_SEARCH, bind="query-params", placeholder="詞句，不分全形半形大小寫", max_chars=60
        )
        types = _several("類型", offered.types, "types")
        topics = _several("主題", offered.topics, "topics")
        names = loads.units_called(screen.store, screen.state, screen.period.end.isoformat())
        units = _several("供稿單位", offered.units, "units", names)
        judged = st.selectbox(
            "對照目標", _judged(screen), format_func=_JUDGED.__getitem__, key="judged", placeholder="不限"
        )
        order = st.selectbox("排序", list(_ORDERS), format_func=_ORDERS.__getitem__, key="order", placeholder="請選擇")
        way = st.segmented_control("方向", ["大到小", "小到大"], default="大到小", key="direction", required=True)
    wanted = PostFilter(screen.period, (search or "").strip(), types, topics, units, _reached(screen, judged or ""))
    return wanted, order or "published_at", way != "小到大"


def _several(
    label: str, found: Sequence[tuple[str | None, int]], key: str, names: dict[str, str] | None = None
) -> tuple[str | None, ...]:
    counts = dict(found)

    def words(value: str | None) -> str:
        name = _NOT_GIVEN if value is None else (names or {}).get(value, value)
        return f"{name}（{counts.get(value, 0):,}）"

    labels = choices.apart({value: words(value) for value in counts})
    return tuple(
        st.multiselect(
            label, list(labels), format_func=labels.__getitem__, key=key, placeholder="不限", select_all=False
        )
    )


def _judged(screen: Screen) -> list[str]:
    """What posts can be filtered by: without a target that holds there is nothing to compare with."""
    return [choice for choice in _JUDGED if not choice or _reached(screen, choice)]


def _reached(screen: Screen, judged: str) -> Reached | None:
    measure, _, met = judged.partition("_")
    result = screen.result(f"{measure}_per_post") if measure else None
    goal = posts_numbers.goal(result) if result else None
    if result is None or goal is None or result.posts is None:
        return None
    return Reached(result.posts.measure, goal.comparator, goal.value, met == "met")


def _shown(screen: Screen, row: Row) -> Row:
    over = "reach" if row["reach"] is not None else "viewers" if row["viewers"] is not None else None
    return {
        "發布": _moment(row),
        "內容": " ".join((row["message"] or "").split()),
        "類型": row["type"],
        "主題": row["topic"],
        "供稿單位": row["unit"],
        "天數": _age(row["published_at"], row["observed_at"]),
        "按讚": row["likes"],
        "按讚對照目標": _against(screen, "likes_per_post", row),
        "觸及或瀏覽者": row[over] if over else None,
        "計法": _OVER[over] if over else None,
        "觸及對照目標": _against(screen, "reach_per_post", row),
        "心情": row["reactions"],
        "留言": row["comments"],
        "分享": row["shares"],
        "互動率": None if row["engagement"] is None else row["engagement"] * 100,
        "互動率分母": rate_of(row),
        "付費推廣": None if row["boosted"] is None else "💰 是" if row["boosted"] else "否",
        "連結": tables.post_link(row["permalink"]),
        "數據截至": periods.roc_day_of(row["observed_at"][:10]) if row["observed_at"] else None,
        "來源": tables.source_text(row),
    }


_CONFIG = {
    "連結": st.column_config.LinkColumn("連結", display_text="開啟"),
    "內容": st.column_config.TextColumn("內容", width="large"),
    "主題": st.column_config.TextColumn("主題", width=_TOPIC_PIXELS),
    "天數": st.column_config.NumberColumn("天數", help="發布到這次數據的天數", format="localized"),
    "互動率": st.column_config.NumberColumn("互動率", format="%.1f%%"),
    **{
        name: st.column_config.NumberColumn(name, format="localized")
        for name in ("按讚", "觸及或瀏覽者", "心情", "留言", "分享")
    },
}


def rate_of(row: Row) -> str | None:
    """What the engagement rate is over, and which interactions the source did not give: they are unknown, not none."""
    if row["engagement"] is None:
        return None
    given = {"心情或按讚": (row["reactions"], row["likes"]), "留言": (row["comments"],), "分享": (row["shares"],)}
    lacking = "、".join(name for name, values in given.items() if all(value is None for value in values))
    return _OVER.get(row["engagement_over"] or "", "") + (f"（未含{lacking}）" if lacking else "")


def _moment(row: Row) -> str:
    return periods.roc_moment(datetime.fromisoformat(row["published_at"]))


def _age(published: str, observed: str | None) -> int | None:
    """Whole days from publishing to the observation."""
    return (datetime.fromisoformat(observed) - datetime.fromisoformat(published)).days if observed else None


def _against(screen: Screen, key: str, row: Row) -> str | None:
    """達標 or 未達 with its sign; no word where no target holds, 未提供 where the figure is not given."""
    result = screen.result(key)
    goal = posts_numbers.goal(result)
    if goal is None or result.posts is None:
        return None
    value = row[result.posts.measure]
    if value is None:
        return "– 未提供"
    state = "reached" if meets(value, goal.comparator, goal.value) else "missed"
    return f"{STATE_LOOK[state][0]} {formats.STATES[state]}"  # type: ignore[index]


def _chosen(screen: Screen, rows: Sequence[Row], in_grid: Sequence[int], *, spot: str) -> None:
    """The rows of the grid's boxes and those picked by name, which works by keyboard and screen reader too.

    Both are places in the list, which a change of the store may give to other posts: ``spot`` holds its state, so that
    a choice is made anew then.
    """
    labels = choices.apart(
        {place: f"{_moment(row)} {' '.join((row['message'] or '').split())[:24]}" for place, row in enumerate(rows)}
    )
    picked = st.multiselect(
        "選取貼文（也可點清單左側的方格）",
        list(labels),
        format_func=labels.__getitem__,
        key=f"posts_picked_{spot}",
        placeholder="選一篇看細節，選多篇可一次標主題",
        select_all=False,
    )
    chosen = [rows[place] for place in dict.fromkeys((*in_grid, *picked))]
    if len(chosen) == 1:
        opened(screen, chosen[0])
    if chosen:
        posts_topics.assign(screen, chosen)


def gone(screen: Screen, post_id: str) -> str:
    """That Facebook no longer has the post, in place of a link that leads nowhere; nothing of one that it has."""
    since = loads_posts.gone_since(screen.store, post_id)
    if since is None:
        return ""
    day = periods.roc_day(datetime.fromisoformat(since).astimezone(periods.TAIPEI).date())
    return f"Facebook 上已不存在這篇貼文（{day} 發現），已有的數據保留，不再更新。"


def opened(screen: Screen, row: Row) -> None:
    """One post: its text as it is, its figures, how they grew, where they came from."""
    with st.container(border=True, key="post"):
        blocks.draw(blocks.heading(2, f"{_moment(row)} 發布的貼文"))
        st.text(row["message"] or "（沒有文字）")
        facts = {k: v for k, v in _shown(screen, row).items() if k not in ("內容", "發布", "連結") and v is not None}
        facts |= {"互動率": f"{facts['互動率']:.1f}%"} if "互動率" in facts else {}
        tables.show(
            [{"項目": name, "內容": f"{v:,}" if isinstance(v, int) else v} for name, v in facts.items()],
            alt="這篇貼文的數據與來源",
            whole=("項目",),
        )
        if word := gone(screen, row["post_id"]):
            st.warning(word, icon=":material/link_off:")
        elif link := tables.post_link(row["permalink"]):
            st.link_button("到 Facebook 看這篇", link, icon=":material/open_in_new:")
        elif row["permalink"]:
            st.text(f"來源給的連結不是 Facebook 網址，不能點開：{row['permalink']}")
        posts_growth.growth(screen, row)
