"""What a client may take: time, memory, bytes. Each holds for strangers; raise them for yourself."""

from __future__ import annotations

from dataclasses import dataclass

from kg.errors import KgError

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Bounds:
    """The limits of a server. Times are in seconds, sizes in bytes."""

    seconds: float = 30
    """For a query to run."""
    pressed: float = 2
    """For a query to run while others wait."""
    patience: float = 5
    """For a query to wait until a worker is free."""
    waiting: int = 64
    """Queries that wait at the same time."""
    workers: int = 3
    """Processes that answer. One of them answers no queries of strangers, so that things can always be looked up."""
    memory: int = 2048 * MEBIBYTE
    """For a worker, on top of what it has when it starts."""
    result: int = 32 * MEBIBYTE
    """For one answer."""
    kept: int = 64 * MEBIBYTE
    """For answers to queries, to be given again: the graph does not change."""
    unsent: int = 256 * MEBIBYTE
    """For all answers that are being sent."""
    request: int = 1 * MEBIBYTE
    """For the body of a request."""
    stall: float = 20
    """For a client to take or give no byte."""
    connections: int = 1000


class Busy(KgError):
    """All workers have work, and enough others wait."""


class TimeUp(KgError):
    """A query took longer than it may."""


class TooLarge(KgError):
    """An answer is larger than it may be."""


class Ended(KgError):
    """A query ended its worker: it took too much memory, or nested too deep for the engine."""


class Failed(KgError):
    """A job failed for a reason that is no fault of the client's."""
