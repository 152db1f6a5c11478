"""貼文成效: likes and reach a post against their targets, why they fell short, what would help, which did well."""

import streamlit as st

from sqdash.ui import blocks, cards, folds, forms, frame, screen_export
from sqdash.ui.panels import posts, posts_list, posts_numbers, reasons

KEYS = ["likes_per_post", "reach_per_post"]

screen = frame.start("posts")
forms.said()
alone = posts_numbers.alone(screen, KEYS)
for column, key in zip(st.columns(2, gap="small"), KEYS, strict=True):
    with column:
        card = cards.indicator(screen, key, below=cards.before_after(screen, key))
        if key == alone:
            blocks.draw(card)
        else:
            blocks.draw(card, posts_numbers.way(screen, key))
            reasons.block(screen, key)
if alone:
    left, right = st.columns(2, gap="small")
    with left:
        blocks.draw(posts_numbers.way(screen, alone))
    with right:
        reasons.block(screen, alone)
posts.unassigned(screen)
posts.none_yet(screen, KEYS)
if panels := posts.panels(screen, KEYS) | posts_list.panels(screen):
    folds.tabs(panels, "posts_tab", screen)
posts.review(screen)
frame.sources(screen, [*KEYS, "review_meetings"])
screen_export.offer(screen)
