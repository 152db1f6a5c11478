"""sqdash: service-quality dashboard of the Tainan branch, Bureau of Standards, Metrology and Inspection."""

__version__ = "1.0.0"
