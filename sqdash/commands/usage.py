"""How wrong usage is refused and help is said: argparse speaks English, and its sentences are replaced here."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

_HEADINGS = {
    "usage: ": "用法：",
    "positional arguments:": "參數：",
    "options:": "選項：",
    "show this help message and exit": "顯示這份說明",
}
_WRONG = {
    r"invalid choice: '?(?P<value>.*?)'?(?:, maybe you meant .*)? \(choose from (?P<known>.*)\)": (
        "{name}不能是「{value}」，請改用 {known} 之一"
    ),
    r"invalid int value: '?(?P<value>.*?)'?": "{name}不能是「{value}」，請改填整數",
    r"not allowed with argument (?P<other>.*)": "{name}不能和 {other} 一起用，請刪去其中一個",
    r"expected one argument": "{name}後面要有一個值，請補上",
    r"expected at least one argument": "{name}後面至少要有一個值，請補上",
    r"ignored explicit argument '?(?P<value>.*?)'?": "{name}後面不能有值，請刪去「{value}」",
    r"the following arguments are required: (?P<names>.*)": "缺少必填的「{names}」，請補上",
    r"one of the arguments (?P<names>.*) is required": "「{names}」須填其中一個，請補上",
    r"unrecognized arguments: (?P<value>.*)": "沒有「{value}」這個參數，請刪去或改正",
    r"ambiguous option: (?P<value>.*) could match (?P<names>.*)": ("「{value}」可能是「{names}」其中一個，請寫完整"),
}
"""What argparse says (after the argument's name, where it names one) → what we say."""


class Parser(argparse.ArgumentParser):
    """One that speaks Chinese; those of its commands are made of it too."""

    def format_help(self) -> str:
        """The help under our own headings."""
        text = super().format_help()
        for english, chinese in _HEADINGS.items():
            text = text.replace(english, chinese)
        return text

    def error(self, message: str) -> NoReturn:
        """Refuse in one sentence, with where the usage is said."""
        self.exit(2, f"{in_chinese(message)}；用法見 {self.prog} --help。\n")


def in_chinese(message: str) -> str:
    """What is wrong and what to do; the words of our own converters stay as they are."""
    named = re.fullmatch(r"argument ([^:]+): (.*)", message, re.DOTALL)
    name, wrong = named.groups() if named else ("", message)
    name += " " if name and name[-1].isascii() else ""
    for english, chinese in _WRONG.items():
        if found := re.fullmatch(english, wrong, re.DOTALL):
            return chinese.format(name=name, **{key: _said(key, text) for key, text in found.groupdict().items()})
    return name + wrong.rstrip("。")


def _said(key: str, text: str) -> str:
    """A value as it was given; several names or choices one after the other."""
    return "、".join(re.findall(r"[^\s,']+", text)) if key in ("names", "known") else text
