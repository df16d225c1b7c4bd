"""What the data set says of itself: VoID, DCAT, Croissant, and the context of its JSON-LD.

A profile of the graph is counted once, when somebody first asks, and kept beside the closure.
"""

from __future__ import annotations

import json

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kg import __version__, kept
from kg.export import context, croissant, describe
from kg.export.facts import facts_of, in_store
from kg.export.profile import Profile, profile_of
from kg.serve.negotiate import GRAPHS, JSON_LD, Form, choose
from kg.serve.replies import Refusal
from kg.serve.site import FRESH, Site, unchanged
from kg.store import Store

_KEY = f"profile {__version__}"
_DESCRIBED = {"void": describe.void, "dcat": describe.dcat}
PATHS = (*_DESCRIBED, "croissant.json", "context.jsonld")
"""Where the descriptions are."""


def profile(store: Store) -> Profile:
    """Return the counts of the graph, and what it says of its sources."""
    try:
        return Profile.of_json(kept.find_bytes(store.folder, _KEY) or b"")
    except (ValueError, KeyError, TypeError):
        with facts_of(in_store(store)) as facts:
            found = profile_of(facts)
        kept.keep_bytes(store.folder, _KEY, found.to_json().encode())
        return found


def described(_: Store, counted: Profile, name: str, form: Form, address: str) -> bytes:
    """Return the description of that name, as it is published at an address."""
    if name == "context.jsonld":
        return _json(context.context())
    if name == "croissant.json":
        return _json(croissant.croissant(counted, (), address))
    facts = set(_DESCRIBED[name](counted, address, endpoint=f"{address}sparql"))
    return ox.serialize(sorted(facts, key=str), format=GRAPHS[form], prefixes=describe.SPACES) or b""


def _json(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


async def description(site: Site, request: Request) -> Response:
    """Give a description, VoID and DCAT in the form that the client likes best."""
    name = request.url.path.rpartition("/")[2]
    offered = list(GRAPHS) if name in _DESCRIBED else [JSON_LD]
    form = choose(", ".join(request.headers.getlist("accept")), offered)
    if form is None and name in _DESCRIBED:
        raise Refusal(406, f"This description can be had as {', '.join(each.media for each in offered)}.")
    form = form or JSON_LD
    tag = site.tag("described", name, form.media)
    if same := unchanged(request, tag):
        return same
    if not (held := site.answers.find(tag)):
        counted = await site.once(profile)
        content = await site.ask(request, described, counted, name, form, site.address)
        held = content, {"etag": tag, "cache-control": FRESH}, form.content_type
        site.answers.keep(tag, held)
    return site.response(*held)


async def well_known(site: Site, request: Request) -> Response:
    """Lead to VoID from where the world looks for it."""
    return Response(status_code=302, headers={"location": f"{site.root}void", "cache-control": FRESH})


async def dataset(site: Site, request: Request) -> Response:
    """Lead from the data set, which is a thing, to its description."""
    return Response(status_code=303, headers={"location": f"{site.root}dcat", "cache-control": FRESH})
