"""What the handlers of requests share: the workers, the bounds, the address of the site, and how they answer."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from kg.errors import KgError
from kg.names import BASE
from kg.serve import replies
from kg.serve.bounds import Bounds
from kg.serve.workers import Workers

Value = TypeVar("Value")
Handler = Callable[[Request], Awaitable[Response]]
FRESH = "public, max-age=300"
"""The graph does not change while the server runs, and seldom at all."""


@dataclass
class Site:
    """One server's parts.

    `address` is where the world finds it, with a slash at its end, and `root` the path of that. `edition` names the
    graph. `page` gives the document about a thing, by its IRI, that people read.
    """

    workers: Workers
    bounds: Bounds
    address: str
    edition: str
    page: Callable[[Site, Request, str], Awaitable[Response]] | None = None
    root: str = field(init=False)

    def __post_init__(self) -> None:
        self.root = "/" + self.address.split("/", 3)[3]

    def iri(self, path: str) -> str:
        """Return the IRI that a path of the site stands for."""
        return BASE + path.lstrip("/")

    def path(self, iri: str) -> str | None:
        """Return the path at which a thing of the graph is found; None for what is at home elsewhere."""
        return self.root + iri.removeprefix(BASE) if iri.startswith(BASE) else None

    def tag(self, *parts: object) -> str:
        """Return the entity tag of what depends on the graph and `parts`; weak, for rows may come in any order."""
        return f'W/"{hashlib.sha256(repr((self.edition, parts)).encode()).hexdigest()[:24]}"'

    def handler(self, handle: Handler) -> Handler:
        """Return a handler whose errors are responses, and that ends when the client goes."""

        async def handled(request: Request) -> Response:
            try:
                return await while_connected(request, handle(request))
            except KgError as error:
                return replies.of_error(error, request.headers.get("accept", ""))

        return handled


def unchanged(request: Request, tag: str) -> Response | None:
    """Return 304 for a client that has what the tag names."""
    held = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    return Response(status_code=304, headers={"etag": tag, "cache-control": FRESH}) if tag in held else None


async def body(request: Request, bounds: Bounds) -> bytes:
    """Return the body of a request. Raises Refusal for one that is too large or comes too slowly."""
    too_large = replies.Refusal(413, f"The request has more than {bounds.request:,} bytes.")
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > bounds.request:
        raise too_large
    parts: list[bytes] = []
    size = 0
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(bounds.stall):
                part = await anext(stream)
        except StopAsyncIteration:
            return b"".join(parts)
        except TimeoutError:
            raise replies.Refusal(408, "The rest of the request did not come.", {"connection": "close"}) from None
        size += len(part)
        if size > bounds.request:
            raise too_large
        parts.append(part)


async def while_connected(request: Request, work: Awaitable[Value]) -> Value:
    """Await `work`, and cancel it when the client goes."""
    return await work
