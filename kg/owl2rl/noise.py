"""What is derived and not told.

Left out by default: what has a literal as subject or no IRI as predicate (no RDF); the axiomatic triples; and what
is true of everything: x owl:sameAs x, c rdfs:subClassOf c or owl:Thing, owl:Nothing rdfs:subClassOf c, and so
on, x rdf:type owl:Thing; what is said of the blank nodes that spell out class expressions, lists and axioms; and a
stated value in another lexical form ("0.7" for "0.700"), which dt-eq and eq-rep-o give. With `full`, only what is no
RDF is left out.
"""

from __future__ import annotations

from kg.owl2rl.vocabulary import IDS, axioms

REFLEXIVE = frozenset(
    IDS[name] for name in ("owl:sameAs", "rdfs:subClassOf", "rdfs:subPropertyOf", "owl:equivalentClass",
                           "owl:equivalentProperty")
)  # fmt: skip
"""The properties that lead from each thing to itself."""
SUBCLASS = IDS["rdfs:subClassOf"]
AXIOMS = frozenset((s, o) for s, _, o, _ in axioms())
"""Subject and object of the axiomatic triples, whose predicate is rdf:type."""
