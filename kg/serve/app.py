"""The application: which address is answered by what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kg.serve import protocol, things
from kg.serve.replies import Headers
from kg.serve.site import Site


def application(site: Site) -> Starlette:
    """Return the application of a site."""

    def route(path: str, handle: Callable[[Site, Request], Awaitable[Response]], methods: list[str]) -> Route:
        return Route(path, site.handler(partial(handle, site)), methods=methods)

    routes = [
        route("/sparql", protocol.answer, ["GET", "HEAD", "POST", "OPTIONS"]),
        route("/robots.txt", _robots, ["GET"]),
        route("/{path:path}", things.answer, ["GET"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Headers)])


async def _robots(site: Site, request: Request) -> Response:
    return PlainTextResponse(f"User-agent: *\nDisallow: {site.root}sparql\nSitemap: {site.address}sitemap.xml\n")
