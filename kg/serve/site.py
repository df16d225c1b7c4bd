"""What the handlers of requests share: the workers, the bounds, the address of the site, and how they answer."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.errors import KgError
from kg.names import BASE
from kg.serve import replies
from kg.serve.bounds import Bounds, Busy, Failed
from kg.serve.connection import MOST_HEAD
from kg.serve.workers import Workers

Value = TypeVar("Value")
FRESH = "public, max-age=300"
"""The graph does not change while the server runs, and seldom at all."""
LONG = 900
"""Seconds that a job may take that is done once."""
SOON = 0.05
"""Seconds. Whose answer takes longer is watched, so that the worker is free once they go."""
PIECE = 64 * 1024
AROUND = 1000
"""Bytes that an answer takes in memory beside its body."""
HEARD_OUT = 8
"""How many times what it may have a request can have and still be read to its end, so that the client hears why not."""


Answer: TypeAlias = "Callable[[Site, Request], Awaitable[Response]]"
"""What answers the requests to an address."""


class Answers:
    """Answers given before, by their tag, up to so many bytes; those not asked for longest go first."""

    def __init__(self, most: int) -> None:
        self._held: OrderedDict[str, tuple[bytes, dict[str, str], str]] = OrderedDict()
        self._left = most

    def find(self, tag: str) -> tuple[bytes, dict[str, str], str] | None:
        """Return the body, the headers and the media type kept under a tag."""
        if found := self._held.get(tag):
            self._held.move_to_end(tag)
        return found

    def keep(self, tag: str, answer: tuple[bytes, dict[str, str], str]) -> None:
        """Keep an answer."""
        if tag not in self._held:
            self._left -= len(answer[0]) + AROUND
            self._held[tag] = answer
        while self._left < 0 and self._held:
            _, (gone, _, _) = self._held.popitem(last=False)
            self._left += len(gone) + AROUND


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
    unsent: int = field(default=0, init=False)
    answers: Answers = field(init=False)
    _once: dict[Callable[..., object], asyncio.Future[Any]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.root = "/" + self.address.split("/", 3)[3]
        self.answers = Answers(self.bounds.kept)

    def path(self, iri: str) -> str | None:
        """Return the path at which a thing of the graph is found; None for what is at home elsewhere."""
        return self.root + iri.removeprefix(BASE) if iri.startswith(BASE) else None

    def tag(self, *parts: object) -> str:
        """Return the entity tag of what depends on the graph and `parts`; weak, for rows may come in any order."""
        return f'W/"{hashlib.sha256(repr((self.edition, parts)).encode()).hexdigest()[:24]}"'

    async def ask(self, request: Request, job: Callable[..., Value], *arguments: object, public: bool = False) -> Value:
        """Return what a job returns (see `Workers.call`), for as long as the client waits for it."""
        asked: asyncio.Future[Any] = asyncio.ensure_future(self.workers.call(job, *arguments, public=public))
        try:
            done, _ = await asyncio.wait({asked}, timeout=SOON)
            if not done:
                gone = asyncio.ensure_future(_gone(request))
                done, _ = await asyncio.wait({asked, gone}, return_when=asyncio.FIRST_COMPLETED)
                gone.cancel()
            if asked not in done:
                raise ClientGone("The client has gone.")
            return asked.result()  # type: ignore[no-any-return]
        finally:
            asked.cancel()

    async def once(self, job: Callable[..., Value]) -> Value:
        """Return what a long job returns. It runs once for all who want to know, in a process of its own.

        Raises Busy where that takes longer than a query may; it goes on, and the next who asks may have it.
        """
        known = self._once.get(job)
        if known is None or (known.done() and (known.cancelled() or known.exception())):
            known = self._once[job] = asyncio.ensure_future(self._alone(job))
        done, _ = await asyncio.wait({known}, timeout=self.bounds.seconds)
        if not done:
            raise Busy("The graph is being counted. Try again in a minute.")
        return known.result()  # type: ignore[no-any-return]

    async def _alone(self, job: Callable[..., object]) -> object:
        async with Workers(self.workers.folder, replace(self.bounds, workers=1, seconds=LONG)) as own:
            return await own.call(job)

    def response(self, content: bytes, headers: Mapping[str, str], media_type: str) -> Response:
        """Return a response that is sent no faster than the client takes it. Raises Busy."""
        if self.unsent + len(content) > self.bounds.unsent:
            raise Busy("Too many large answers are being sent. Try again in a moment.")
        return _Paced(self, content, headers, media_type)


class Endpoint:
    """The application behind one address: it takes these methods, and its errors are responses."""

    def __init__(self, site: Site, answer: Answer, methods: tuple[str, ...]) -> None:
        self.site, self.answer, self.methods = site, answer, methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._response(Request(scope, receive, send))
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        accept = request.headers.get("accept", "")
        allowed = ", ".join(self.methods)
        try:
            _refuse_tricks(request)
            if request.method not in self.methods:
                raise replies.Refusal(405, f"Use one of {allowed}.", {"allow": allowed})
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"allow": allowed, **replies.preflight(allowed)})
            return await self.answer(self.site, request)
        except KgError as error:
            return replies.of_error(error, accept, self.site.root)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:
            sys.stderr.write(f"kg: {request.method} {request.scope['path']!r:.200}: {type(error).__name__}: {error}\n")
            return replies.of_error(Failed("The server failed. Its log says why."), accept, self.site.root)


def _refuse_tricks(request: Request) -> None:
    """Raise Refusal for a head that is too large, or that may be read as one request or two."""
    close = {"connection": "close"}
    if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > MOST_HEAD:
        raise replies.Refusal(414, f"The address has more than {MOST_HEAD:,} bytes. Send the query by POST.", close)
    if sum(len(name) + len(value) for name, value in request.scope["headers"]) > MOST_HEAD:
        raise replies.Refusal(431, f"The headers have more than {MOST_HEAD:,} bytes.", close)
    if request.scope["http_version"] == "1.1" and len(request.headers.getlist("host")) != 1:
        raise replies.Refusal(400, "A request names its host once.", close)
    if "transfer-encoding" in request.headers and "content-length" in request.headers:
        raise replies.Refusal(400, "The request tells its length in two ways. Tell it in one.", close)


class ClientGone(KgError):
    """Nobody waits for the answer any more."""


class _Paced(Response):
    """A body in pieces: the next is sent when the client has taken the last, and none when it takes too long."""

    def __init__(self, site: Site, content: bytes, headers: Mapping[str, str], media_type: str) -> None:
        super().__init__(content, headers=headers, media_type=media_type)
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = len(self.body)
        if size <= PIECE:
            return await super().__call__(scope, receive, send)
        self.site.unsent += size
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            for start in range(0, size, PIECE):
                piece = bytes(self.body[start : start + PIECE])
                async with asyncio.timeout(self.site.bounds.stall):
                    await send({"type": "http.response.body", "body": piece, "more_body": start + PIECE < size})
                await asyncio.sleep(0)  # let the loop see that a client has gone
        except TimeoutError:
            return None  # the server sees that the answer is not whole, and ends the connection
        finally:
            self.site.unsent -= size


async def _gone(request: Request) -> None:
    """Return when the client has gone; its request has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def unchanged(request: Request, tag: str) -> Response | None:
    """Return 304 for a client that has what the tag names."""
    held = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    return Response(status_code=304, headers={"etag": tag, "cache-control": FRESH}) if tag in held else None


async def body(request: Request, bounds: Bounds) -> bytes:
    """Return the body of a request. Raises Refusal for one that is too large or comes too slowly."""
    parts: list[bytes] = []
    size = 0
    stream = request.stream()
    patient = "expect" not in request.headers
    declared = request.headers.get("content-length", "0")
    size_told = int(declared) if declared.isdecimal() else 0
    while patient or size_told <= bounds.request:
        try:
            async with asyncio.timeout(bounds.stall):
                part = await anext(stream)
        except StopAsyncIteration:
            if size > bounds.request:
                break
            return b"".join(parts)
        except TimeoutError:
            raise replies.Refusal(408, "The rest of the request did not come.", {"connection": "close"}) from None
        size += len(part)
        if size > HEARD_OUT * bounds.request:
            break
        if size <= bounds.request:
            parts.append(part)
    raise replies.Refusal(413, f"The request has more than {bounds.request:,} bytes.", {"connection": "close"})
