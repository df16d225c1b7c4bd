"""What the data set says of itself on the web, held against the graph."""

from __future__ import annotations

import json

import pytest
import rdflib

import kg
from kg.export.facts import facts_of, in_store
from kg.export.profile import Profile, profile_of
from tests.serve.conftest import Client

VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")


@pytest.fixture(scope="module")
def profile(founding: kg.Store) -> Profile:
    with facts_of(in_store(founding)) as facts:
        return profile_of(facts)


@pytest.mark.parametrize(("accept", "format_"), [("text/turtle", "turtle"), ("application/rdf+xml", "xml")])
def test_void_counts_the_graph(client: Client, profile: Profile, accept: str, format_: str) -> None:
    reply = client("void", accept=accept)
    assert (reply.status, reply.media) == (200, accept)
    graph = rdflib.Graph().parse(data=reply.body, format=format_)
    dataset = rdflib.URIRef(f"{client.address}dataset")
    assert graph.value(dataset, VOID.triples) == rdflib.Literal(profile.triples)
    assert graph.value(dataset, VOID.sparqlEndpoint) == rdflib.URIRef(f"{client.address}sparql")
    assert client("void", accept=accept, if_none_match=reply.headers["ETag"]).status == 304


def test_dcat_names_the_service(client: Client) -> None:
    graph = rdflib.Graph().parse(data=client("dcat", accept="application/ld+json").body, format="json-ld")
    service = graph.value(None, DCAT.endpointURL, rdflib.URIRef(f"{client.address}sparql"))
    assert graph.value(service, DCAT.servesDataset) == rdflib.URIRef(f"{client.address}dataset")
    assert client("dcat", accept="image/png").status == 406


def test_croissant_and_context_are_json_ld(client: Client, profile: Profile) -> None:
    for name in ("croissant.json", "context.jsonld"):
        reply = client(name)
        assert (reply.status, reply.media) == (200, "application/ld+json")
        assert "@context" in json.loads(reply.body)
    licences = json.loads(client("croissant.json").body)["license"]
    assert licences == sorted({each for part in profile.parts for each in (*part.licences, *part.rights)})


def test_where_the_world_looks_for_them(client: Client) -> None:
    for path, status, leads in ((".well-known/void", 302, "/void"), ("dataset", 303, "/dcat")):
        reply = client(path)
        assert (reply.status, reply.headers["Location"]) == (status, leads)
    for path in ("agency/Swissmedic", "agency/Swissmedic.ttl"):
        assert f'<{client.address}dataset>; rel="collection"' in client(path).headers["Link"]
    start = client("", accept="text/html").text
    assert all(f'href="/{name}"' in start for name in ("void", "dcat", "croissant.json", "context.jsonld"))


def test_a_profile_is_the_same_when_it_was_kept(profile: Profile) -> None:
    assert Profile.of_json(profile.to_json()) == profile
