"""Each thing of the graph at its own address: /drug/cabozantinib leads to a document about it, in many forms."""

from __future__ import annotations

import urllib.parse

from starlette.requests import Request
from starlette.responses import Response

from kg.errors import UnknownThing
from kg.names import compact
from kg.serve import jobs, lists
from kg.serve.negotiate import DATASETS, GRAPHS, HTML, Form, choose
from kg.serve.replies import Refusal
from kg.serve.site import FRESH, Site, unchanged


def forms(site: Site) -> list[Form]:
    """Return the forms of a document about a thing; the first is for who has no wish."""
    return [*GRAPHS, *DATASETS, *([HTML] if site.page else [])]


async def answer(site: Site, request: Request) -> Response:
    """Lead from a thing to a document about it (303), or give the document."""
    path = _path(request)
    if (types := await site.ask(request, jobs.known, site.iri(path))) is not None:
        return _see_document(site, request, path, types)
    stem, dot, ending = path.rpartition(".")
    form = next((form for form in forms(site) if dot and form.ending == ending), None)
    if form is None:
        near = await site.ask(request, lists.similar, site.iri(path))
        raise UnknownThing(f"The graph has nothing called {compact(site.iri(path))}.{near}")
    if form == HTML and site.page:
        return await site.page(site, request, site.iri(stem))
    tag = site.tag(path)
    if same := unchanged(request, tag):
        return same
    _, content = await site.ask(request, jobs.describe, site.iri(stem), form.ending, site.bounds.result)
    return site.response(content, {"etag": tag, "cache-control": FRESH}, form.content_type)


def _path(request: Request) -> str:
    """Return the path as an IRI has it: percent-encoded where the client encoded it, but for letters of all scripts."""
    raw = request.scope["raw_path"].decode("latin-1")
    return urllib.parse.quote(raw, safe="/%:@!$&'()*+,;=-._~")


def _see_document(site: Site, request: Request, path: str, types: list[str]) -> Response:
    offered = forms(site)
    form = choose(", ".join(request.headers.getlist("accept")), offered)
    if form is None:
        raise Refusal(406, f"Documents about things can be had as {', '.join(each.media for each in offered)}.")
    here = site.root + path.lstrip("/")
    links = [f'<{here}.{each.ending}>; rel="describedby"; type="{each.media}"' for each in offered]
    links.append(f'<{site.iri(path)}>; rel="cite-as"')
    links += [f'<{each}>; rel="type"' for each in types]
    headers = {"location": f"{here}.{form.ending}", "link": ", ".join(links), "cache-control": FRESH}
    return Response(status_code=303, headers=headers)
