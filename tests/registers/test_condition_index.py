"""Concepts of conditions: one for what several vocabularies have, with what is broader."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox

from kg import places
from kg.names import BASE, KG, STANDARD
from kg.registers.conditions import Index, Matcher, slug, triples


def test_a_concept_goes_by_the_first_vocabulary_that_has_it(index: Index) -> None:
    for curie, known_as in {
        "DOID:1612": "MONDO:0007254",
        "mesh:D001943": "MONDO:0021100",
        "DOID:1920": "DOID:1920",
        "ONCOTREE:PANET": "MONDO:0019954",
        "ONCOTREE:PX": "ONCOTREE:PX",
        "mesh:D000006937": "mesh:D006937",
        "mesh:D999999": "MONDO:0007254",
    }.items():
        concept = index.get(curie)
        assert concept is not None, curie
        assert concept.id == known_as
    assert index.get("DOID:4") is None
    assert index.get("mesh:D012008") is None


def test_what_is_broader_is_a_concept_and_never_in_a_circle(index: Index) -> None:
    sarcoma = index.concepts["DOID:77010"]
    assert [concept.id for concept in index.ancestors(sarcoma)] == [
        "MONDO:0007254",
        "MONDO:0004992",
        "MONDO:0021100",
        "MONDO:0005070",
    ]
    assert [concept.id for concept in index.ancestors(index.concepts["MONDO:0004992"])] == ["MONDO:0005070"]
    assert index.concepts["ONCOTREE:PX"].broader == ("MONDO:0019954",)
    assert all(concept not in index.ancestors(concept) for concept in index)


def test_keys_are_unique_and_say_where_the_label_lost_letters(index: Index) -> None:
    keys = Counter(concept.key for concept in index)
    assert max(keys.values()) == 1
    assert index.concepts["MONDO:0009001"].key == "waldenstrom-s-disease-mondo-0009001"
    assert index.concepts["MONDO:0009002"].key == "twin-name-mondo-0009002"
    assert index.concepts["MONDO:0009003"].key == "twin-name-mondo-0009003"
    assert index.concepts["MONDO:0007254"].key == slug("Breast, cancer") == "breast-cancer"


def test_conditions_of_the_project_keep_their_iri_and_label(index: Index) -> None:
    net = index.get("DOID:169")
    assert net is not None
    assert (net.key, net.label) == ("neuroendocrine-tumour", "neuroendocrine tumour")
    assert "neuroendocrine neoplasm" in net.synonyms
    pnet = index.concepts["MONDO:0019954"]
    assert pnet.key == "pancreatic-neuroendocrine-tumour"
    assert pnet.broader == ("MONDO:0019496",)
    assert index.concepts["condition:extra-pancreatic-neuroendocrine-tumour"].broader == ("MONDO:0019496",)


def test_a_concept_as_facts_and_back(index: Index) -> None:
    skos = STANDARD["skos"]
    facts = [triple for concept in index for triple in triples(concept, index)]
    net = ox.NamedNode(f"{BASE}condition/neuroendocrine-tumour")
    about = [(triple.predicate.value, triple.object) for triple in facts if triple.subject == net]
    assert (f"{STANDARD['rdf']}type", ox.NamedNode(f"{KG}Condition")) in about
    assert (f"{STANDARD['rdfs']}label", ox.Literal("neuroendocrine tumour", language="en")) in about
    assert (f"{skos}broader", ox.NamedNode(f"{BASE}condition/neoplasm")) in about
    assert (f"{skos}exactMatch", ox.NamedNode("http://purl.obolibrary.org/obo/MONDO_0019496")) in about
    assert (f"{skos}inScheme", ox.NamedNode(f"{BASE}scheme/condition")) in about
    again = Index.from_graph(ox.Quad(*triple) for triple in facts)
    for concept in index:
        if concept.id.startswith("ONCOTREE"):
            continue  # it has no IRI to match
        assert again.concepts[concept.id].key == concept.key
        assert again.concepts[concept.id].broader == concept.broader
    assert Matcher(again).heading("Arthritis, Rheumatoid").concepts[0].id == "MONDO:0008383"


def test_the_shipped_conditions_are_an_index() -> None:
    path = places.DATA / "reference" / "conditions.ttl"
    own = Index.from_graph(ox.parse(path=path, base_iri=f"{BASE}graph/conditions"))
    assert [concept.id for concept in own.ancestors(own.concepts["MONDO:0019954"])] == [
        "MONDO:0019496",
        "MONDO:0005070",
    ]
    assert Matcher(own).heading("pNET").concepts[0].key == "pancreatic-neuroendocrine-tumour"
