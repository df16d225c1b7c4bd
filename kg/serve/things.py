"""Each thing of the graph at its own address: /drug/cabozantinib leads to a document about it, in many forms."""

from __future__ import annotations

import re
import urllib.parse

from starlette.requests import Request
from starlette.responses import Response

from kg.errors import UnknownThing
from kg.names import BASE, compact
from kg.serve import jobs, lists
from kg.serve.negotiate import DATASETS, GRAPHS, HTML, Form, choose
from kg.serve.replies import Refusal
from kg.serve.site import FRESH, Site, unchanged

_SAFE = "/%:@!$&'()*+,;=-._~"
"""What of an address stays as it is; all else is percent-encoded."""


def forms(site: Site) -> list[Form]:
    """Return the forms of a document about a thing; the first is for who has no wish."""
    return [*GRAPHS, *DATASETS, *([HTML] if site.page else [])]


async def answer(site: Site, request: Request) -> Response:
    """Lead from a thing to a document about it (303), or give the document."""
    path = request.scope["raw_path"].decode("latin-1").removeprefix("/")
    if (found := await site.ask(request, jobs.known, spellings(path))) is not None:
        return _see_document(site, request, path, *found)
    stem, dot, ending = path.rpartition(".")
    form = next((form for form in forms(site) if dot and form.ending == ending), None)
    found = await site.ask(request, jobs.known, spellings(stem)) if form else None
    if form is None or found is None:
        asked = spellings(stem if form else path)[0]
        near = await site.ask(request, lists.similar, asked)
        raise UnknownThing(f"The graph has nothing called {compact(asked):.300}.{near}")
    iri, types = found
    if form == HTML and site.page:
        return await site.page(site, request, iri)
    tag = site.tag(path)
    if same := unchanged(request, tag):
        return same
    content, licences = await site.ask(request, jobs.describe, iri, form.ending, site.bounds.result)
    links = [_link(iri, "describes"), *(_link(each, "license") for each in licences), *_said(site, iri, types)]
    headers = {"etag": tag, "cache-control": FRESH, "link": ", ".join(links)}
    return site.response(content, headers, form.content_type)


def spellings(path: str) -> tuple[str, ...]:
    """Return the IRIs that a path may stand for: as it is written, and with the letters of all scripts as they are."""
    written = urllib.parse.quote(path, safe=_SAFE)
    read = re.sub(r"(?:%[89A-F][0-9A-F])+", _decoded, written, flags=re.IGNORECASE)
    return tuple(dict.fromkeys((BASE + written, BASE + read)))


def _decoded(match: re.Match[str]) -> str:
    try:
        return urllib.parse.unquote(match[0], errors="strict")
    except UnicodeDecodeError:
        return match[0]


def _see_document(site: Site, request: Request, path: str, iri: str, types: list[str]) -> Response:
    offered = forms(site)
    form = choose(", ".join(request.headers.getlist("accept")), offered)
    if form is None:
        raise Refusal(406, f"Documents about things can be had as {', '.join(each.media for each in offered)}.")
    here = site.root + urllib.parse.quote(path, safe=_SAFE)
    links = [f'{_link(f"{here}.{each.ending}", "describedby")}; type="{each.media}"' for each in offered]
    headers = {
        "location": f"{here}.{form.ending}",
        "link": ", ".join([*links, *_said(site, iri, types)]),
        "cache-control": FRESH,
    }
    return Response(status_code=303, headers=headers)


def _said(site: Site, iri: str, types: list[str]) -> list[str]:
    return [
        _link(iri, "cite-as"),
        _link(f"{site.address}dataset", "collection"),
        *(_link(each, "type") for each in types),
    ]


def _link(target: str, relation: str) -> str:
    """Return an entry of a Link header (https://signposting.org/FAIR)."""
    return f'<{urllib.parse.quote(target, safe=f"{_SAFE}#?[]")}>; rel="{relation}"'
