"""One module per command of ``python -m sqdash``: ``declare`` its options, ``run`` it; loaded for that command only."""
