"""What a worker may not do, by the system's word: speak to others, start programs, outlive its server, eat the memory.

Each holds where the system offers it (all of it on Linux). The text of a query is looked at beforehand everywhere.
"""

from __future__ import annotations

import ctypes
import platform
import signal
import struct
import sys
from contextlib import suppress
from pathlib import Path

_PARENT_DEATH_SIGNAL, _NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 1, 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _NOT_PERMITTED = 0x7FFF0000, 0x00050001
_CALLS = {
    "x86_64": (0xC000003E, (41, 53, 59, 322, 425)),  # socket, socketpair, execve, execveat, io_uring_setup
    "aarch64": (0xC00000B7, (198, 199, 221, 281, 425)),
}
"""Machine -> its name in linux/audit.h, and the numbers of the forbidden calls."""
_OTHER_NUMBERS = 0x40000000
"""From here on the calls of x86_64 are numbered once more (x32)."""


def confine() -> None:
    """Forbid this process, and the threads it will start, sockets and other programs; end it with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if platform.machine() not in _CALLS:
        return
    architecture, forbidden = _CALLS[platform.machine()]
    n = len(forbidden)
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, n + 3, architecture),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, n + 1, 0, _OTHER_NUMBERS),
        *((_EQUAL, n - index, 0, number) for index, number in enumerate(forbidden)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _NOT_PERMITTED),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    held = ctypes.create_string_buffer(code, len(code))
    whole = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(held)))
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.prctl(_SECCOMP, _FILTER, whole, 0, 0)


def limit_memory(more: int) -> None:
    """Let this process take `more` bytes than it has now; one that asks for more ends."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + more, held + more))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
