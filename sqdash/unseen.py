"""Signs that nobody sees and that make a text read otherwise than it is stored.

Refused where a person or a person's table says something, blanks in posts' texts, which are somebody else's. Control
characters break files; signs that turn or embed the direction of writing (as in ``txt.exe`` shown for ``exe.txt``) let
a text pretend to be another. Kept are those that stay where they are: marks that only join or part letters and emoji,
and left-to-right and right-to-left marks, which other systems put around names and days. What is compared or counted is
read without those.
"""

from __future__ import annotations

import re

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab, line feed and carriage return; embeddings, overrides and isolates of direction."""

WITHOUT_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Signs without any width: soft hyphens, joiners and their likes, marks of direction, the mark that begins a file."""


def is_text(given: str) -> bool:
    """Whether it is text throughout: halves of signs stand for bytes that were read in another encoding than theirs,
    and neither SQLite nor a file takes them."""
    try:
        given.encode()
    except UnicodeEncodeError:
        return False
    return True
