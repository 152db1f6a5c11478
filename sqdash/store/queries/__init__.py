"""Every SELECT that a screen, a report or a command needs, with bound parameters only.

One module a subject; each function takes an open reading connection and gives records, rows or frames.
"""
