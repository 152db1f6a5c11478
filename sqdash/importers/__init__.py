"""File formats: bytes in, rows out; a small module a format behind :mod:`sqdash.importers.registry`. Knows no store."""
