"""Random small ontologies with data, as lists of pieces of Turtle."""

from __future__ import annotations

from hypothesis import strategies as st

INDIVIDUALS = [f":i{k}" for k in range(5)]
CLASSES = [f":C{k}" for k in range(4)]
PROPERTIES = [f":p{k}" for k in range(4)]
# No two of one value: owlrl leaves dt-eq out.
LITERALS = ["5", "2", "true", '"x"', '"x"@en', '"2020-02-29"^^xsd:date']
ONE = '"1"^^xsd:nonNegativeInteger'

# Axioms that speak of the vocabulary itself.
SPECIAL = [
    "rdf:type rdfs:subPropertyOf :p0 .", ":p0 rdfs:subPropertyOf rdf:type .", ":p1 rdfs:subPropertyOf owl:sameAs .",
    ":p1 owl:inverseOf rdf:type .", ":p0 rdfs:subPropertyOf rdfs:subClassOf .", "owl:sameAs rdfs:subPropertyOf :p0 .",
    ":p0 rdfs:subPropertyOf rdfs:subPropertyOf .", "owl:Thing rdfs:subClassOf :C0 .", ":C0 owl:sameAs :C1 .",
    ":p0 owl:sameAs :p1 .", ":p2 rdfs:domain owl:Class .", ":C1 owl:equivalentClass owl:Thing .",
    ":p2 rdfs:range owl:TransitiveProperty . :i0 :p2 :p3 .", ":p2 owl:sameAs rdf:type .",
    ":C0 rdfs:subClassOf owl:TransitiveProperty . :i1 :i0 :i2 . :i2 :i0 :i3 . :i0 a :C0 .",
    ":p3 rdfs:subPropertyOf owl:inverseOf . :p1 :p3 :p2 .", ":p3 rdfs:subPropertyOf rdfs:domain . :p1 :p3 :C2 .",
]  # fmt: skip


@st.composite
def axioms(draw: st.DrawFn) -> str:
    """One axiom about classes or properties."""
    c, d = draw(st.permutations(CLASSES))[:2]
    p, q = draw(st.permutations(PROPERTIES))[:2]
    classes = " ".join(draw(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=3)))
    chain = " ".join(draw(st.lists(st.sampled_from(PROPERTIES), min_size=1, max_size=3)))
    items = " ".join(draw(st.lists(st.sampled_from(INDIVIDUALS), min_size=1, max_size=2)))
    i = draw(st.sampled_from(INDIVIDUALS))
    kind = draw(st.sampled_from(["Transitive", "Symmetric", "Functional", "InverseFunctional", "Object"]))
    filler = draw(st.sampled_from([*CLASSES, "owl:Thing"]))
    return draw(st.sampled_from([
        f"{c} rdfs:subClassOf {d} .", f"{c} owl:equivalentClass {d} .", f"{p} rdfs:subPropertyOf {q} .",
        f"{p} owl:equivalentProperty {q} .", f"{p} owl:inverseOf {q} .", f"{p} rdfs:domain {c} .",
        f"{p} rdfs:range {c} .", f"{p} a owl:{kind}Property .", f"{c} a owl:Class .",
        f"{p} owl:propertyChainAxiom ( {chain} ) .", f"{c} owl:intersectionOf ( {classes} ) .",
        f"{c} owl:unionOf ( {classes} ) .", f"{c} owl:oneOf ( {items} ) .",
        f"{c} owl:onProperty {p} ; owl:someValuesFrom {filler} .",
        f"{c} owl:onProperty {p} ; owl:allValuesFrom {d} .", f"{c} owl:onProperty {p} ; owl:hasValue {i} .",
        f"{c} rdfs:subClassOf [ owl:onProperty {p} ; owl:someValuesFrom {d} ] .",
        f"{c} owl:onProperty {p} ; owl:maxCardinality {ONE} .",
        f"{c} owl:onProperty {p} ; owl:maxQualifiedCardinality {ONE} ; owl:onClass {filler} .",
    ]))  # fmt: skip


def facts() -> st.SearchStrategy[str]:
    """One statement about individuals."""
    individual, prop = st.sampled_from(INDIVIDUALS), st.sampled_from(PROPERTIES)
    return st.one_of(
        st.builds("{} {} {} .".format, individual, prop, individual),
        st.builds("{} a {} .".format, individual, st.sampled_from(CLASSES)),
        st.builds("{} {} {} .".format, individual, prop, st.sampled_from(LITERALS)),
        st.builds("{} owl:sameAs {} .".format, individual, individual),
    )


def ontologies(special: bool) -> st.SearchStrategy[list[str]]:
    """Axioms and facts in any order, perhaps with an axiom about the vocabulary."""
    extra = st.lists(st.sampled_from(SPECIAL), max_size=1 if special else 0)
    parts = st.tuples(st.lists(axioms(), min_size=1, max_size=6), st.lists(facts(), min_size=1, max_size=9), extra)
    return parts.map(lambda lists: [*lists[0], *lists[1], *lists[2]]).flatmap(st.permutations)
