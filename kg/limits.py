"""What ends a query that runs too long: Ctrl-C, the system, or a limit of time.

The engine answers without Python, so Python can neither raise KeyboardInterrupt meanwhile nor take a query back: the
process ends. That is for the command line alone; whoever imports the package keeps their process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

FOUND_FAULTS = 1
"""The exit code for facts with faults: a check that fails, a contradiction."""
BAD_INPUT = 2
"""The exit code for input that cannot be used, a query without end among it."""


@contextmanager
def stoppable(seconds: float | None = None) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the process at once, and the clock after `seconds`, with a message."""
    signals = [each for each in (signal.SIGINT, signal.SIGTERM) if callable(signal.getsignal(each))]  # not if ignored
    before = {each: signal.signal(each, signal.SIG_DFL) for each in signals}
    clock = threading.Timer(seconds or 0, _expire, [seconds])
    clock.daemon = True
    if seconds is not None:
        clock.start()
    try:
        yield
    finally:
        clock.cancel()
        for each, handler in before.items():
            signal.signal(each, handler)


def _expire(seconds: float) -> None:
    sys.stderr.write(f"kg: The query took more than {seconds:g} seconds. Narrow it, or raise --timeout.\n")
    sys.stderr.flush()
    os._exit(BAD_INPUT)
