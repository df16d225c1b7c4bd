"""Errors as responses, and the headers that every response carries."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response

from kg.errors import KgError, ProofError, QueryError, QueryRefused, UnknownQuestion, UnknownThing
from kg.serve.bounds import Busy, Ended, Failed, TimeUp, TooLarge
from kg.serve.html import HEADERS, page
from kg.serve.jobs import NotAcceptable
from kg.serve.negotiate import HTML, JSON, choose

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATUS: dict[type[KgError], int] = {
    QueryRefused: 403,
    QueryError: 400,
    UnknownThing: 404,
    UnknownQuestion: 404,
    ProofError: 404,
    NotAcceptable: 406,
    TooLarge: 500,
    Ended: 500,
    Failed: 500,
    Busy: 503,
    TimeUp: 504,
    KgError: 400,
}
"""Error -> status; the protocol has 500 for a service that refuses to go on with a legal query."""

ALWAYS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Location, Retry-After, Warning",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "vary": "Accept",
    "x-content-type-options": "nosniff",
}
"""Headers of each response that does not set them itself. There is nothing private here, so all may read."""


class Refusal(KgError):
    """A request that is answered by a status of HTTP."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers or {}


def preflight(allowed: str) -> dict[str, str]:
    """Return what a browser is told that asks what a page from elsewhere may send."""
    return {
        "access-control-allow-methods": allowed,
        "access-control-allow-headers": "Accept, Content-Type, If-None-Match",
        "access-control-max-age": "86400",
    }


def status_of(error: KgError) -> int:
    """Return the status that an error is answered with."""
    if isinstance(error, Refusal):
        return error.status
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def of_error(error: KgError, accept: str, root: str) -> Response:
    """Return an error as plain text, as a page for a browser, or as a problem of RFC 9457 for who reads json."""
    status = status_of(error)
    headers = {"cache-control": "no-store"}
    if isinstance(error, Refusal):
        headers |= error.headers
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = "2"
    if choose(accept, [JSON, HTML]) == HTML:
        content = page("error", root, fault=error, phrase=HTTPStatus(status).phrase)
        return Response(content, status, HEADERS | headers, HTML.content_type)
    if "json" not in accept:
        return PlainTextResponse(f"{error}\n", status, headers)
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(error),
    }
    if isinstance(error, QueryError) and error.line:
        problem |= {"line": error.line, "column": error.column}
    return JSONResponse(problem, status, headers, "application/problem+json")


class Headers:
    """Puts the headers that every response carries on each that lacks them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with more headers."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                have = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), value.encode()) for name, value in ALWAYS.items() if name.encode() not in have),
                ]
            await send(message)

        await self.app(scope, receive, sent if scope["type"] == "http" else send)
