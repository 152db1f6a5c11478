"""``python -m sqdash``."""

import sys

from sqdash.cli import main

sys.exit(main())
