"""貼文成效: likes and reach a post against their targets, why they fell short, what would help, which did well."""

from sqdash.ui import below, blocks, folds, forms, frame
from sqdash.ui.panels import posts, posts_list, posts_numbers, reasons

KEYS = ("likes_per_post", "reach_per_post")

screen = frame.start("posts")
forms.said()
blocks.draw(reasons.ask(screen, KEYS, posts_numbers.targets(screen, KEYS)))
posts.unassigned(screen)
posts.none_yet(screen, KEYS)
if panels := posts.panels(screen, KEYS) | posts_list.panels(screen):
    folds.tabs(panels, posts_list.TABS, screen)
posts.review(screen)
below.draw(screen, [*KEYS, "review_meetings"])
