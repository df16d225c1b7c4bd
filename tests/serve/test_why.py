"""Proofs on the web: each leaf with its source, what does not hold refused with a reason, all of it escaped."""

from __future__ import annotations

import json
import urllib.parse
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg.names import DERIVED, KG, STANDARD
from kg.proof.model import STATED, Fact, shown
from kg.proof.told import is_link
from kg.why import why_fact
from tests.serve.conftest import Client, serving
from tests.serve.test_pages import Read, read

TYPE = ox.NamedNode(STANDARD["rdf"] + "type")
PIVOTAL = ox.NamedNode(KG + "PivotalTrial")
ROW = "questions/timeline/why{}?substance=cabozantinib&row={}"


@pytest.fixture(scope="module")
def fact(founding: kg.Store) -> Fact:
    """Return a derived fact that rests on stated ones."""
    quad = next(founding.quads.quads_for_pattern(None, TYPE, PIVOTAL, ox.NamedNode(DERIVED)))
    assert isinstance(quad.subject, ox.NamedNode)
    return Fact(quad.subject, TYPE, PIVOTAL)


def path(fact: Fact, ending: str = "") -> str:
    return f"why{ending}?{urllib.parse.urlencode(dict(zip('spo', map(str, fact), strict=True)))}"


def test_a_proof_names_each_source(client: Client, fact: Fact, founding: kg.Store) -> None:
    page = read(client, path(fact))
    assert page.open == []
    said = "".join(text for texts in page.data.values() for text in texts)
    explained = why_fact(fact, founding)
    stated = [each.fact for each in explained.proofs[0].walk() if each.rule == STATED and not is_link(each)]
    assert stated
    for leaf in filter(None, stated):
        assert shown(leaf.predicate) in said
        for origin in explained.origins.of(leaf):
            assert all(text in said for text in (origin.label, origin.date, origin.locator, origin.licence))
    links = [each["href"] or "" for each in page.all("a")]
    for link in links:
        if link.startswith("/"):
            assert client(link[1:], accept="text/html").status in (200, 303), link
    assert {link.partition("?")[0] for link in links} >= {"/why.json", "/why.ttl"}


def test_a_dossier_leads_to_proofs(client: Client) -> None:
    links = [each["href"] or "" for each in read(client, "trial/NCT03375320.html").all("a")]
    proofs = [link for link in links if link.startswith("/why?")]
    assert len(proofs) > 3
    for link in proofs:
        assert read(client, link[1:]).all("details")


def test_a_proof_as_json_and_prov_is_that_of_the_command(client: Client, fact: Fact, founding: kg.Store) -> None:
    told = why_fact(fact, founding)
    as_json, as_turtle = client(path(fact, ".json")), client(path(fact, ".ttl"))
    assert (as_json.status, as_json.media, as_json.text) == (200, "application/json", told.to_json())
    assert (as_turtle.media, as_turtle.text) == ("text/turtle", told.to_prov())
    graph = rdflib.Graph().parse(data=as_turtle.body, format="turtle")
    assert list(graph.subject_objects(rdflib.PROV.hadPrimarySource))
    assert client(path(fact), accept="text/turtle").body == as_turtle.body
    assert client(path(fact), accept="image/png").status == 406


def test_each_row_of_an_answer_leads_to_its_proof(client: Client, founding: kg.Store) -> None:
    rows = kg.ask("timeline", founding, substance="cabozantinib").rows
    page = read(client, "questions/timeline?substance=cabozantinib")
    links = [each["href"] or "" for each in page.all("a") if "/why?" in (each["href"] or "")]
    assert [link.rpartition("row=")[2] for link in links] == [str(number) for number in range(1, len(rows) + 1)]
    for link in links:
        assert read(client, link[1:]).all("li")
    told = json.loads(client(ROW.format(".json", 1)).body)
    assert told["title"].startswith(kg.ask("timeline", founding, substance="cabozantinib").title)
    assert told["proofs"]


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        (path(Fact(PIVOTAL, TYPE, PIVOTAL)), 404, "does not hold"),
        ("why", 400, "N-Triples"),
        (f"why?s={urllib.parse.quote(f'{PIVOTAL} {TYPE}')}&o=x", 400, "N-Triples"),
        ("why?s=kg:PivotalTrial&p=a&o=%22%0A", 400, "N-Triples"),
        (f"why?s={urllib.parse.quote(f'{PIVOTAL} {TYPE} {PIVOTAL} .#')}&p=%3Cp:%3E&o=%0A", 400, "N-Triples"),
        ("why.pdf?s=1", 404, "text/turtle"),
        (ROW.format("", 99), 404, "There is no row 99"),
        (ROW.format("", "x"), 400, "counts from 1"),
        ("questions/timelines/why?row=1", 404, "Did you mean timeline"),
        ("questions/timeline/why?row=1&graph=x", 400, "substance"),
    ],
)
def test_what_cannot_be_proved_is_told(asked: str, status: int, says: str, client: Client) -> None:
    reply = client(asked)
    assert (reply.status, says in reply.text) == (status, True), reply.text
    assert read(client, asked, status).open == []


def test_scripts_in_a_proof_stay_text() -> None:
    with serving(str(Path(__file__).parent / "attacks.ttl")) as attacked:
        dossier = read(attacked, "drug/evil.html")
        stated = Fact(
            ox.NamedNode("https://w3id.org/drug-approvals/drug/evil"),
            ox.NamedNode(STANDARD["rdfs"] + "seeAlso"),
            ox.Literal("javascript:window.ran='literal'"),
        )
        links = [each["href"] or "" for each in dossier.all("a") if (each["href"] or "").startswith("/why?")]
        for asked in (*(link[1:] for link in links), path(stated)):
            page = Read(attacked(asked, accept="text/html").text)
            assert page.open == []
            assert not page.all("script")
            assert not page.all("img")
            assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
        assert "<script>window.ran = 'source'</script>" in "".join(page.data["a"])
