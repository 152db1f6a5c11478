"""``python -m sqdash``."""

import gc
import signal
import sys

# A command is over before its lasting objects (modules, rows) are worth looking through: at the usual threshold the
# collector takes a twentieth of a short import.
gc.set_threshold(50_000, 20, 20)

# Nothing is begun yet: whoever breaks off now gets no traceback of what was being loaded.
heeds = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if heeds:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from sqdash.cli import main  # noqa: E402

if heeds:
    signal.signal(signal.SIGINT, signal.default_int_handler)
code = main()
gc.freeze()  # all of it goes with the process: nothing need be looked through at the end
sys.exit(code)
