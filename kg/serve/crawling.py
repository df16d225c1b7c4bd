"""For machines that walk the site: robots.txt, and maps of the things that have an address here."""

from __future__ import annotations

from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kg.errors import UnknownThing
from kg.serve import lists
from kg.serve.site import FRESH, Site

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


async def robots(site: Site, request: Request) -> Response:
    """Keep robots from queries and proofs, and show them the map."""
    kept_from = "".join(f"Disallow: {site.root}{path}\n" for path in ("sparql", "why", "questions/*/why"))
    return PlainTextResponse(f"User-agent: *\n{kept_from}\nSitemap: {site.address}sitemap.xml\n")


async def sitemaps(site: Site, request: Request) -> Response:
    """Return the index: a map for each class of things."""
    kinds = await site.ask(request, lists.kinds)
    entries = "".join(f"<sitemap><loc>{escape(site.address)}sitemap/{kind}.xml</loc></sitemap>\n" for kind in kinds)
    return _xml(site, f'<sitemapindex xmlns="{_SPACE}">\n{entries}</sitemapindex>\n')


async def sitemap(site: Site, request: Request) -> Response:
    """Return the map of a class: the address of each of its members, as far as a map may go."""
    kind = request.path_params["kind"]
    members = await site.ask(request, lists.members, kind)
    if not members:
        raise UnknownThing(f"There is no class kg:{kind} with members.")
    entries = "".join(f"<url><loc>{escape(site.address + path)}</loc></url>\n" for path in members)
    return _xml(site, f'<urlset xmlns="{_SPACE}">\n{entries}</urlset>\n')


def _xml(site: Site, text: str) -> Response:
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
    return site.response(content, {"cache-control": FRESH}, "application/xml")
