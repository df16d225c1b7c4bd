"""Each thing at its own address: a 303 to a document, in the form asked for; maps for machines; headers for safety."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg.names import BASE, DERIVED
from kg.serve.negotiate import DATASETS, GRAPHS
from kg.serve.things import spellings
from tests.serve.conftest import Client

FORMS = {form.media: form for form in (*GRAPHS, *DATASETS)}
THING = rdflib.URIRef(f"{BASE}agency/Swissmedic")


@pytest.mark.parametrize("media", FORMS)
def test_a_thing_leads_to_its_document(client: Client, media: str) -> None:
    see = client("agency/Swissmedic", accept=media)
    assert (see.status, see.headers["Location"]) == (303, f"/agency/Swissmedic.{FORMS[media].ending}")
    assert see.headers["Vary"] == "Accept"
    document = client(see.headers["Location"].lstrip("/"))
    assert (document.status, document.media) == (200, media)
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=document.body, format={"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nq": "nquads"}.get(
        FORMS[media].ending, FORMS[media].ending))  # fmt: skip
    assert (THING, rdflib.RDFS.label, rdflib.Literal("Swiss Agency for Therapeutic Products", lang="en")) in dataset
    assert len(set(dataset.triples((THING, None, None)))) == 8
    pointing = set(dataset.triples((None, None, THING)))
    assert all(predicate != rdflib.RDF.type for _, predicate, _ in pointing)
    tag = document.headers["ETag"]
    assert client(see.headers["Location"].lstrip("/"), if_none_match=tag).status == 304


def test_the_graphs_of_a_document_say_who_stated_it(client: Client, founding: kg.Store) -> None:
    quads = list(ox.parse(client("agency/Swissmedic.nq").body, format=ox.RdfFormat.N_QUADS))
    about = {quad for quad in quads if quad.subject == ox.NamedNode(THING)}
    in_store = set(founding.quads.quads_for_pattern(ox.NamedNode(THING), None, None))
    assert about == {quad for quad in in_store if quad.graph_name != ox.DefaultGraph()}
    for graph in {quad.graph_name for quad in about} - {ox.NamedNode(DERIVED)}:
        assert [q for q in quads if q.subject == graph and q.predicate.value.endswith("wasDerivedFrom")]


def test_links_for_machines(client: Client) -> None:
    links = client("agency/Swissmedic").headers["Link"]
    for form in FORMS.values():
        assert f'</agency/Swissmedic.{form.ending}>; rel="describedby"; type="{form.media}"' in links
    assert f'<{THING}>; rel="cite-as"' in links
    assert f'<{BASE}ontology#Agency>; rel="type"' in links
    links = client("agency/Swissmedic.ttl").headers["Link"]
    assert f'<{THING}>; rel="describes"' in links
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in links


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("agency/Swissmedi", "agency:Swissmedi. Did you mean Swissmedic"),
        ("agency/Swissmedi.ttl", "Did you mean Swissmedic"),
        ("agency/Swissmedi.html", "Swissmedi"),
        ("nothing/at/all", "nothing called"),
        ("agency/%00", "nothing called"),
        ("agency/%0d%0aX-Evil:%20yes", "nothing called"),
        ("agency/../../etc/passwd", "nothing called"),
        ("agency/" + "x" * 5000, "nothing called"),
        ("agency/%ff%fe", "nothing called"),
        ("sitemap/Nothing.xml", "no class"),
    ],
)
def test_what_there_is_not(client: Client, path: str, told: str) -> None:
    reply = client(path)
    assert reply.status == 404
    assert told in reply.text
    assert reply.headers["X-Evil"] is None


def test_a_thing_in_no_form_that_there_is(client: Client) -> None:
    assert client("agency/Swissmedic", accept="image/png").status == 406
    assert client("agency/Swissmedic", body=b"x").status == 405


def test_every_thing_on_the_maps_is_there(client: Client) -> None:
    robots = client("robots.txt").text
    place = re.search(r"^Sitemap: (.+)$", robots, re.MULTILINE)
    assert place
    assert "Disallow: /sparql" in robots

    def places(path: str) -> list[str]:
        reply = client(path)
        assert reply.media == "application/xml"
        found = [each.text or "" for each in ElementTree.fromstring(reply.body).iter() if each.tag.endswith("loc")]
        assert all(each.startswith(client.address) for each in found)
        return [each.removeprefix(client.address) for each in found]

    maps = places(place[1].removeprefix(client.address))
    assert "sitemap/Approval.xml" in maps
    assert len(maps) > 20
    for path in maps[::4]:
        things = places(path)
        assert client(things[0]).status == client(things[-1]).status == 303, things


def test_a_path_may_be_encoded_or_not() -> None:
    assert spellings("drug/a%20b") == (f"{BASE}drug/a%20b",)
    assert spellings("drug/%C3%A9") == (f"{BASE}drug/%C3%A9", f"{BASE}drug/\u00e9")
    assert spellings("drug/%FF") == (f"{BASE}drug/%FF",)
    assert spellings('drug/<">\r\n') == (f"{BASE}drug/%3C%22%3E%0D%0A",)


def test_the_ontology_is_at_its_own_address(client: Client) -> None:
    """Its terms are kg:X with a hash, so one document tells of them all."""
    graph = rdflib.Graph().parse(data=client("ontology.ttl").body, format="turtle")
    labels = set(graph.subjects(rdflib.RDFS.label))
    assert rdflib.URIRef(f"{BASE}ontology#PivotalTrial") in labels
    assert client("ontology").headers["Location"] == "/ontology.ttl"


@pytest.mark.parametrize("path", ["sparql", "agency/Swissmedic", "agency/Swissmedic.ttl", "robots.txt", "nothing"])
def test_headers_for_safety(client: Client, path: str) -> None:
    headers = client(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Server"] is None
    assert headers["Set-Cookie"] is None


@pytest.mark.parametrize("path", ["sparql", "agency/Swissmedic", "robots.txt", "sitemap.xml", "sparql/", "agency/"])
def test_the_host_header_is_not_believed(client: Client, path: str) -> None:
    reply = client(path, host="evil.example", x_forwarded_host="evil.example", x_forwarded_proto="gopher")
    assert "evil" not in str(reply.headers)
    assert b"evil" not in reply.body


def test_a_range_is_not_served_apart(client: Client) -> None:
    whole = client("agency/Swissmedic.nt")
    assert client("agency/Swissmedic.nt", range="bytes=0-3").body == whole.body
