"""A connection that does not wait for ever: not for the head of a request, nor for a client to take an answer."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kg.serve.bounds import Bounds

MOST_HEAD = 60_000
"""Bytes of an address, and of headers. (From 65,536 on the parser takes an address for malformed.)"""
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def protocol(bounds: Bounds) -> type[HttpToolsProtocol]:
    """Return uvicorn's protocol with bounds."""

    class Bounded(HttpToolsProtocol):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.quiet_since = self.loop.time()
            self.in_head = 0

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            # Or the body of an answer, written after its head, waits for the client to acknowledge that: 40 ms.
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.watch = self.loop.call_later(bounds.stall, self.look)
            if len(self.connections) > bounds.connections:
                transport.write(_FULL)
                transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            self.watch.cancel()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self.transport.is_closing():
                return
            self.in_head += len(data)
            super().data_received(data)
            if self.in_head > 4 * MOST_HEAD:  # of a head that is not whole yet
                self.transport.abort()

        def on_headers_complete(self) -> None:
            super().on_headers_complete()
            self.in_head = 0

        def on_body(self, body: bytes) -> None:
            self.in_head = 0
            super().on_body(body)

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

    return Bounded
