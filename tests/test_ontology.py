"""The ontology keeps its own house rules, and every term of it is of use."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS

import kg
from kg import places
from kg.names import BASE, KG, PREFIXES
from tests.conftest import ROOT

TURTLE = sorted([*places.ONTOLOGY.glob("*.ttl"), *places.DATA.rglob("*.ttl")])


@pytest.fixture(scope="module")
def terms() -> rdflib.Graph:
    return rdflib.Graph().parse(places.ONTOLOGY / "terms.ttl", format="turtle", publicID=BASE)


def defined(terms: rdflib.Graph) -> dict[rdflib.term.Node, rdflib.term.Node]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    return {s: kind for kind in kinds for s in terms.subjects(RDF.type, kind) if str(s).startswith(KG)}


def test_names_tell_the_kind(terms: rdflib.Graph) -> None:
    found = defined(terms)
    assert len(found) > 100
    for term, kind in found.items():
        name = str(term).removeprefix(KG)
        assert re.fullmatch(r"[A-Z][A-Za-z]+" if kind == OWL.Class else r"[a-z][A-Za-z]+", name), name


def test_labels_and_definitions_read_as_one_author(terms: rdflib.Graph) -> None:
    seen: dict[str, str] = {}
    for term in defined(terms):
        label, definition = text_of(terms, term, RDFS.label), text_of(terms, term, SKOS.definition)
        for text in (label, definition):
            assert not text.endswith(".")
        assert seen.setdefault(str(label), str(term)) == str(term)
        name = str(term).removeprefix(KG).replace("Months", "InMonths")
        assert re.sub(r"[ -]", "", label).casefold() == name.casefold(), term


def text_of(terms: rdflib.Graph, term: rdflib.term.Node, property_: rdflib.URIRef) -> str:
    (text,) = terms.objects(term, property_)
    assert isinstance(text, rdflib.Literal)
    assert text.language == "en"
    return str(text)


def test_object_property_definitions_say_what_they_relate(terms: rdflib.Graph) -> None:
    for term, kind in defined(terms).items():
        relates = text_of(terms, term, SKOS.definition).startswith("relates ")
        assert relates == (kind == OWL.ObjectProperty), term


def test_every_term_is_of_use(terms: rdflib.Graph) -> None:
    """A term stands in a fact, a question, a check, a shape or an axiom on another term; else it goes."""
    texts = [path.read_text() for path in TURTLE if path.name != "terms.ttl"]
    texts += [path.read_text() for path in (ROOT / "queries").rglob("*.rq")]
    texts += [gzip.decompress(path.read_bytes()).decode() for path in places.REGISTERS.glob("*.ttl.gz")]
    texts.append("kg:sourceText")  # kept only in a graph that its user makes: kg import --with-text
    used = set(re.findall(r"kg:(\w+)", "".join(texts)))
    used |= {str(o).removeprefix(KG) for s, p, o in terms if str(o).startswith(KG) and s != o}
    assert {str(term).removeprefix(KG) for term in defined(terms)} - used == set()


def test_alignments_are_iris_only_and_start_from_our_terms() -> None:
    known = {str(term) for name in ("terms", "codes") for term in subjects(places.ONTOLOGY / f"{name}.ttl")}
    matches = list(ox.parse(path=str(places.ONTOLOGY / "alignments.ttl"), base_iri=BASE))
    aligned = [quad for quad in matches if quad.predicate.value.endswith("Match")]
    assert len(aligned) > 30
    for quad in aligned:
        assert isinstance(quad.object, ox.NamedNode)
        assert not quad.object.value.startswith(BASE)
        assert isinstance(quad.subject, ox.NamedNode)
        assert quad.subject.value in known


def subjects(path: Path) -> set[str]:
    return {
        quad.subject.value for quad in ox.parse(path=str(path), base_iri=BASE) if isinstance(quad.subject, ox.NamedNode)
    }


def test_every_namespace_has_its_prefix() -> None:
    """What the files abbreviate, the command line and the queries can too, in the same way."""
    for path in TURTLE:
        for prefix, namespace in re.findall(r"@prefix\s+(\w*):\s+<([^>]+)>", path.read_text()):
            if prefix not in ("biolink", "idmp"):
                assert PREFIXES.get(prefix) == namespace, (path.name, prefix)


def test_facts_use_declared_codes() -> None:
    codes = {iri for iri in subjects(places.ONTOLOGY / "codes.ttl") if iri.startswith(PREFIXES["code"])}
    used = {
        quad.object.value
        for path in places.DATA.rglob("*.ttl")
        for quad in ox.parse(path=str(path), base_iri=BASE)
        if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(PREFIXES["code"])
    }
    assert used <= codes


def test_the_ontology_describes_itself(terms: rdflib.Graph) -> None:
    (ontology,) = terms.subjects(RDF.type, OWL.Ontology)
    said = {str(p).rsplit("/", 1)[-1].rsplit("#", 1)[-1] for p in terms.predicates(ontology)}
    needed = {"title", "description", "license", "versionIRI", "creator", "preferredNamespacePrefix"}
    assert needed | {"preferredNamespaceUri"} <= said
    assert str(terms.value(ontology, OWL.versionInfo)) == kg.__version__


def test_nothing_shipped_contradicts_or_merges(shipped: kg.Store) -> None:
    assert shipped.contradictions == ()
    same = ox.NamedNode(str(OWL.sameAs))
    assert list(shipped.quads.quads_for_pattern(None, same, None, None)) == []
