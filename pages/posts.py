"""貼文成效: likes and reach a post against their targets, why they fell short, which posts did well."""

import streamlit as st

from sqdash.ui import cards, frame
from sqdash.ui.panels import posts

KEYS = ["likes_per_post", "reach_per_post"]

screen = frame.start("posts")
for column, key in zip(st.columns(2, gap="small"), KEYS, strict=True):
    with column:
        cards.indicator(screen, key, below=cards.before_after(screen, key))
        posts.why(screen, key)
posts.figures(screen, KEYS)
posts.listing(screen)
posts.review(screen)
posts.unassigned(screen)
frame.sources(screen, [*KEYS, "review_meetings"])
