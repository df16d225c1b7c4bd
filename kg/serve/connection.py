"""A connection that does not wait for ever: not for the head of a request, nor for a client to take an answer."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.serve.bounds import Bounds

_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def protocol(bounds: Bounds) -> type[H11Protocol]:
    """Return uvicorn's protocol with bounds. Of its two parsers h11 is the one that limits the size of headers."""

    class Bounded(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.quiet_since = self.loop.time()
            self.watch = self.loop.call_later(bounds.stall, self.look)
            if len(self.connections) > bounds.connections:
                transport.write(_FULL)
                transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            self.watch.cancel()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if not self.transport.is_closing():
                super().data_received(data)

        def on_response_complete(self) -> None:
            self.quiet_since = self.loop.time()
            super().on_response_complete()

        def look(self) -> None:
            """End a connection on which nothing is being answered, and nothing else happens either."""
            answering = self.cycle is not None and not self.cycle.response_complete
            left = self.quiet_since + bounds.stall - self.loop.time()
            if self.transport.is_closing() or (not answering and left <= 0):
                self.transport.abort()
            else:
                self.watch = self.loop.call_later(max(left, 1.0), self.look)

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.quiet_since = 0.0

    return Bounded
