"""貼文成效: likes and reach a post against their targets, why they fell short, what would help, which did well."""

import streamlit as st

from sqdash.ui import blocks, cards, forms, frame, screen_export
from sqdash.ui.panels import posts, posts_groups, posts_list, posts_numbers, posts_topics, reasons

KEYS = ["likes_per_post", "reach_per_post"]

screen = frame.start("posts")
forms.said()
alone = posts_numbers.alone(screen, KEYS)
for column, key in zip(st.columns(2, gap="small"), KEYS, strict=True):
    with column:
        blocks.draw(cards.indicator(screen, key, below=cards.before_after(screen, key)))
        if key != alone:
            posts_numbers.way(screen, key)
            reasons.block(screen, key)
if alone:
    for column, draw in zip(st.columns(2, gap="small"), (posts_numbers.way, reasons.block), strict=True):
        with column:
            draw(screen, alone)
posts.unassigned(screen)
basis = posts_numbers.statistics(screen, KEYS)
posts.figures(screen, KEYS)
posts_groups.breakdown(screen, KEYS, basis)
posts_list.listing(screen)
posts_topics.proposals(screen)
posts.review(screen)
frame.sources(screen, [*KEYS, "review_meetings"])
screen_export.offer(screen)
