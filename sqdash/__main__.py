"""``python -m sqdash``."""

import gc
import sys

# A command is over before its lasting objects (modules, rows) are worth looking through: at the usual threshold the
# collector takes a twentieth of a short import.
gc.set_threshold(50_000, 20, 20)

from sqdash.cli import main  # noqa: E402

code = main()
gc.freeze()  # all of it goes with the process: nothing need be looked through at the end
sys.exit(code)
