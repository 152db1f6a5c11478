"""Topics: given to chosen posts at once, proposed by the team's rules, the rules themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from sqdash.analysis.topics import Proposal, Rule, propose_all
from sqdash.importers.rules import LONGEST_TOPIC
from sqdash.jobs import entries, topics
from sqdash.people import Action
from sqdash.store.queries.post_list import PostFilter
from sqdash.tables import BY_NAME
from sqdash.ui import blocks, folds, forms, loads, loads_posts, refusals, tables, who
from sqdash.ui.frame import Screen

_RULES = BY_NAME["topic_rules"]
_NONE = "（取消主題）"


def rules(screen: Screen) -> list[Rule]:
    """The team's rules as they stand."""
    return [Rule(row["topic"], row["phrase"]) for row in loads.current_rows(screen.store, screen.state, _RULES.name)]


def _known(screen: Screen) -> list[str]:
    """Topics that posts of the period or rules have."""
    used = [t for t, _ in loads_posts.post_choices(screen.store, screen.state, screen.period.code).topics if t]
    return list(dict.fromkeys((*used, *sorted(rule.topic for rule in rules(screen) if not topics.against(rule.topic)))))


def assign(screen: Screen, chosen: Sequence[Mapping[str, Any]]) -> None:
    """One topic for all chosen posts."""
    if not who.may(Action.TOPICS):
        who.without(Action.TOPICS)
        return
    name = f"topic_{forms.round_()}"
    with st.form(key=name, border=True):
        topic = st.selectbox(
            f"把選取的 {len(chosen):,} 篇標為主題",
            [*_known(screen), _NONE],
            index=None,
            accept_new_options=True,
            key=f"{name}_topic",
            placeholder="選一個，或輸入新主題",
        )
        pressed = st.form_submit_button("標註主題", type="primary")
    if pressed and topic is None:
        st.error("還沒有選主題，請選一個或輸入新主題再按標註。")
    elif pressed:
        given = "" if topic is None or topic == _NONE else topic
        _save(screen, {row["post_id"]: given for row in chosen}, "人工選取後標註主題")


def _save(screen: Screen, wanted: Mapping[str, str], reason: str) -> None:
    with refusals.told():
        batch, changed = topics.assign(screen.store, wanted, reason=reason, by=who.acting(Action.TOPICS))
        forms.done(f"已標註 {changed:,} 篇貼文的主題（批次 {batch}，可在「資料登錄與上傳」還原）。")


def proposals(screen: Screen) -> None:
    """Posts without a topic for which a rule proposes one, to be looked at and then taken; below, the rules."""
    choices = loads_posts.post_choices(screen.store, screen.state, screen.period.code)
    bare = dict(choices.topics).get(None, 0)
    known = rules(screen)
    label = f"主題：{bare:,} 篇未標，{len(known):,} 條規則"
    place, asked = folds.fold(label, "topics", icon=":material/label:")
    if not asked:
        return
    with place:
        if not who.may(Action.TOPICS):
            who.without(Action.TOPICS)
        elif bare:
            _proposed(screen, known)
        else:
            st.caption("這個期間的貼文都有主題。")
        _rules(screen)


def _proposed(screen: Screen, known: Sequence[Rule]) -> None:
    rows, _ = loads_posts.posts(
        screen.store, screen.state, PostFilter(screen.period, topics=(None,)), limit=loads_posts.POSTS_A_SCREEN
    )
    for why in {rule.topic: why for rule in known if (why := topics.against(rule.topic))}.values():
        st.warning(tables.plain(f"有規則不能建議主題：{why}"))
    usable = [rule for rule in known if not topics.against(rule.topic)]
    found = propose_all([(row["post_id"], row["message"]) for row in rows], usable)
    if not found:
        st.caption(f"最新 {len(rows):,} 篇未標主題的貼文都不含規則裡的詞句；可在下面加規則，或在清單選取後標註。")
        return
    st.markdown(f"最新 {len(rows):,} 篇未標主題的貼文中，{len(found):,} 篇含有規則裡的詞句；看過再採用。")
    shown = [row for row in rows if row["post_id"] in found]
    name = f"proposed_{forms.round_()}_{screen.state}"  # ticks belong to rows, which a change may move
    with st.form(key=name, border=False):
        edited = st.data_editor(
            tables.frame([_proposal(row, found[row["post_id"]]) for row in shown]),
            hide_index=True,
            disabled=["發布", "內容", "建議主題", "依據詞句", "也符合"],
            key=f"{name}_table",
            alt="未標主題的貼文與規則建議的主題",
        )
        if st.form_submit_button("採用勾選的建議", type="primary"):
            taken = [row for row, yes in zip(shown, edited["採用"], strict=True) if yes]
            _save(screen, {r["post_id"]: found[r["post_id"]].topic for r in taken}, "採用主題規則的建議")


def _proposal(row: Mapping[str, Any], proposal: Proposal) -> dict[str, Any]:
    return {
        "採用": not proposal.others,  # where rules contradict each other a person decides
        "發布": forms.moment(row["published_at"]),
        "內容": " ".join((row["message"] or "").split())[:80],
        "建議主題": proposal.topic,
        "依據詞句": proposal.phrase,
        "也符合": "、".join(proposal.others),
    }


def _rules(screen: Screen) -> None:
    """The rules, one more, or one less."""
    blocks.section("規則：貼文含有詞句就建議主題")
    rows = loads.current_rows(screen.store, screen.state, _RULES.name)
    by_topic: dict[str, list[str]] = {}
    for row in rows:
        by_topic.setdefault(row["topic"], []).append(row["phrase"])
    tables.show(
        [{"主題": topic, "詞句": "、".join(phrases)} for topic, phrases in by_topic.items()],
        alt="主題規則",
        whole=("主題",),
        empty="還沒有規則；加一條，例如主題「商品安全」、詞句「延長線」。",
    )
    if not who.may(Action.TOPICS):
        return
    name = f"rule_{forms.round_()}"
    with st.form(key=name, border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        topic = st.text_input("主題", key=f"{name}_topic", max_chars=LONGEST_TOPIC, width=160)
        phrase = st.text_input("貼文裡的詞句", key=f"{name}_phrase", max_chars=60, width=200)
        add = st.form_submit_button("加規則")
    if add:
        with refusals.told():
            _enter(screen, topic, phrase)
            forms.done(tables.plain(f"已加規則：含「{phrase}」建議「{topic}」。"))
    if rows:
        _strike(screen, rows)


def _enter(screen: Screen, topic: str, phrase: str) -> None:
    cells = {"topic": topic, "phrase": phrase}
    entries.enter(screen.store, _RULES, cells, reason="新增主題規則", by=who.acting(Action.TOPICS))


def _strike(screen: Screen, rows: Sequence[Mapping[str, Any]]) -> None:
    name = f"rule_out_{forms.round_()}_{screen.state}"  # as above
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.selectbox(
            "停用一條規則",
            range(len(rows)),
            index=None,
            format_func=lambda n: f"{rows[n]['topic']}：{rows[n]['phrase']}",
            key=name,
            placeholder="請選擇",
            width=280,
        )
        out = st.button("停用", key=f"{name}_go", disabled=place is None)
    if out and place is not None:
        key = (rows[place]["topic"], rows[place]["phrase"])
        with refusals.told():
            entries.strike(screen.store, _RULES, key, reason="停用主題規則", by=who.acting(Action.TOPICS))
            forms.done("已停用這條規則。")
