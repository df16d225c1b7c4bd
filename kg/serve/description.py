"""What the service says of itself: a SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from kg.names import PREFIXES, STANDARD
from kg.serve import jobs
from kg.serve.negotiate import GRAPHS, choose
from kg.serve.replies import Refusal
from kg.serve.site import FRESH, Site, unchanged

SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "JSON-LD", "N-Triples", "RDF_XML",
)  # fmt: skip


async def answer(site: Site, request: Request) -> Response:
    """Describe the service, in the form of a graph that the client likes best."""
    accept = ", ".join(request.headers.getlist("accept"))
    form = choose(accept, GRAPHS)
    if form is None:
        raise Refusal(406, f"The service description can be had as {', '.join(each.media for each in GRAPHS)}.")
    tag = site.tag("description", form.media)
    if same := unchanged(request, tag):
        return same
    graphs = await site.ask(request, jobs.graphs)
    prefixes = {"sd": SD, "formats": _FORMATS, "rdf": PREFIXES["rdf"]}
    content = ox.serialize(_facts(f"{site.address}sparql", graphs), format=GRAPHS[form], prefixes=prefixes)
    assert content is not None
    return site.response(content, {"etag": tag, "cache-control": FRESH}, form.content_type)


def _facts(endpoint: str, graphs: list[str]) -> Iterator[ox.Triple]:
    def fact(subject: ox.NamedNode | ox.BlankNode, property_: str, value: ox.NamedNode | ox.BlankNode) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(SD + property_), value)

    def a(subject: ox.NamedNode | ox.BlankNode, kind: str) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(STANDARD["rdf"] + "type"), ox.NamedNode(SD + kind))

    service, dataset, default = ox.NamedNode(endpoint), ox.BlankNode("dataset"), ox.BlankNode("default")
    yield a(service, "Service")
    yield fact(service, "endpoint", service)
    yield fact(service, "supportedLanguage", ox.NamedNode(SD + "SPARQL11Query"))
    yield fact(service, "feature", ox.NamedNode(SD + "UnionDefaultGraph"))
    for name in _RESULTS:
        yield fact(service, "resultFormat", ox.NamedNode(_FORMATS + name))
    yield fact(service, "defaultDataset", dataset)
    yield a(dataset, "Dataset")
    yield fact(dataset, "defaultGraph", default)
    yield a(default, "Graph")
    for number, name in enumerate(graphs):
        named, graph = ox.BlankNode(f"named{number}"), ox.BlankNode(f"graph{number}")
        yield fact(dataset, "namedGraph", named)
        yield a(named, "NamedGraph")
        yield fact(named, "name", ox.NamedNode(name))
        yield fact(named, "graph", graph)
        yield a(graph, "Graph")
