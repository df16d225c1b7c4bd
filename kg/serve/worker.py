"""A worker's own side: it opens the store, then does one job after another until its input ends.

A message is 8 bytes of length and a pickle. In: a function of a module and its arguments. Out: whether it went well,
and the value or the error. The function gets the store first.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from pathlib import Path
from typing import BinaryIO

from kg.errors import KgError

LENGTH = struct.Struct(">Q")


def packed(message: object) -> bytes:
    """Return a message as it goes through the pipe."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(content)) + content


def main(folder: str, memory: int, seconds: float) -> None:
    """Serve jobs on the store that is kept in `folder`."""
    from kg.serve.confine import confine, limit_memory

    confine()
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for taken in (0, 1):  # nothing that prints may come between
        os.dup2(nowhere, taken)
    import pyoxigraph as ox

    from kg.serve import jobs
    from kg.store import Store

    store = Store(ox.Store.read_only(str(Path(folder) / "store")), (), Path(folder))
    jobs.warm(store)
    limit_memory(memory)
    _tell(sink, True, None)
    from kg.serve import page_jobs  # noqa: F401 - the first page need not wait for it

    while head := source.read(LENGTH.size):
        (length,) = LENGTH.unpack(head)
        job, arguments = pickle.loads(source.read(length))
        _alarm(seconds + 1)  # should the server be gone meanwhile
        try:
            value = job(store, *arguments)
        except KgError as error:
            _tell(sink, False, error)
        except MemoryError:
            os._exit(1)
        except Exception as error:
            from kg.serve.bounds import Failed

            _tell(sink, False, Failed(f"{type(error).__name__}: {error}"))
        else:
            _tell(sink, True, value)
        _alarm(0)


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _tell(sink: BinaryIO, well: bool, value: object) -> None:
    sink.write(packed((well, value)))
    sink.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
