"""The application: which address is answered by what."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.serve import crawling, dataset, description, pages, protocol, things
from kg.serve.replies import Headers
from kg.serve.site import Answer, Endpoint, Site

READING = ("GET", "HEAD", "OPTIONS")


def application(site: Site) -> Starlette:
    """Return the application of a site."""

    def route(path: str, answer: Answer, methods: tuple[str, ...] = READING) -> Route:
        return Route(path, Endpoint(site, answer, methods))

    routes = [
        route("/", pages.start),
        route("/search", pages.search),
        route("/questions/{name}/why", pages.why_row),
        route("/questions/{name}/why.{ending}", pages.why_row),
        route("/questions/{name}", pages.question),
        route("/why", pages.why),
        route("/why.{ending}", pages.why),
        route("/query", pages.sparql, ("GET", "HEAD", "OPTIONS", "POST")),
        route("/query.{ending}", pages.rows),
        route("/terms.txt", pages.terms),
        route("/static/{name}", pages.static),
        route("/sparql", _sparql, protocol.METHODS),
        route("/robots.txt", crawling.robots),
        route("/.well-known/void", dataset.well_known),
        route("/dataset", dataset.dataset),
        *(route(f"/{name}", dataset.description) for name in dataset.PATHS),
        route("/sitemap.xml", crawling.sitemaps),
        route("/sitemap/{kind}.xml", crawling.sitemap),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Headers)])
    app.router.default = Endpoint(site, things.answer, READING)
    app.router.redirect_slashes = False  # it would believe the Host header
    return app


async def _sparql(site: Site, request: Request) -> Response:
    if request.method == "POST" or request.scope["query_string"]:
        return await protocol.answer(site, request)
    if pages.wants(request):
        return await pages.sparql(site, request)
    return await description.answer(site, request)
