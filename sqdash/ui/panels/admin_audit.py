"""帳號."""

from sqdash.ui.frame import Screen


def show(screen: Screen) -> None:
    """Later."""
