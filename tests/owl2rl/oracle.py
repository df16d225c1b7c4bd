"""owlrl as the oracle, and the one normalisation under which the two are compared.

`normal` keeps, of a closure, what both engines must agree on. It drops
- what is no RDF: a literal as subject, a predicate that is no IRI;
- what is true of everything, as `kg.owl2rl.output` does by default, and c owl:disjointWith or similar axioms of
  owlrl's own about the vocabulary: any triple whose subject is a term of RDF, RDFS, OWL or XSD;
- what is said of the blank nodes that spell out class expressions, lists and axioms (see `kg.owl2rl.output`);
- owlrl's error reports.

Where owlrl differs from the standard (the standard's rule decides):
- dt-eq: owlrl leaves it out, so a value in another lexical form stays apart (`1` and `01`);
- dt-type1, dt-type2: owlrl has other datatypes, so what is said of datatypes is only compared in axioms;
- scm-eqc1, scm-eqp1: owlrl does not apply them to a class or property that is equivalent to itself;
- prp-key: owlrl equates members whose keys differ;
- eq-diff2, eq-diff3, prp-adp, dt-diff: owlrl does not report these contradictions.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.owl2rl.datatypes import SUPPORTED
from kg.owl2rl.vocabulary import OWL, RDF, RDFS, SCHEMA_CLASSES, SCHEMA_PREDICATES, XSD, expand

ERROR = "http://www.daml.org/2002/03/agents/agent-ont#error"
_VOCABULARY = (RDF, RDFS, OWL, XSD)
_REFLEXIVE = {
    OWL + "sameAs", RDFS + "subClassOf", RDFS + "subPropertyOf", OWL + "equivalentClass",
    OWL + "equivalentProperty",
}  # fmt: skip


def normal(triples: Iterable[Triple], spelling: frozenset[BlankNode] = frozenset()) -> set[str]:
    """The triples both engines must agree on, as lines; none about the blank nodes in `spelling`."""
    kept = (triple for triple in triples if triple.subject not in spelling and triple.object not in spelling)
    return {str(triple) for triple in kept if not _dropped(triple)}


def spelling(triples: Iterable[Triple]) -> frozenset[BlankNode]:
    """The blank nodes of a stated graph that spell out class expressions, lists and axioms."""
    schema = {expand(name) for name in SCHEMA_PREDICATES}
    classes = {expand(name) for name in SCHEMA_CLASSES}
    return frozenset(
        s
        for s, p, o in triples
        if isinstance(s, BlankNode)
        and isinstance(p, NamedNode)
        and (p.value in schema or (p.value == RDF + "type" and isinstance(o, NamedNode) and o.value in classes))
    )


def _dropped(triple: Triple) -> bool:
    s, p, o = triple
    if isinstance(s, Literal) or not isinstance(p, NamedNode) or p.value == ERROR:
        return True
    if isinstance(s, NamedNode) and s.value.startswith(_VOCABULARY):
        return True
    if isinstance(o, NamedNode) and o.value.startswith("http://www.daml.org/"):
        return True
    datatype = isinstance(o, NamedNode) and (o.value in SUPPORTED or o.value in (RDF + "HTML", RDFS + "Datatype"))
    if datatype and (p.value == RDF + "type" or not p.value.startswith(_VOCABULARY)):
        return True
    thing = isinstance(o, NamedNode) and o.value == OWL + "Thing"
    return (s == o and p.value in _REFLEXIVE) or (thing and p.value in (RDF + "type", RDFS + "subClassOf"))


def owlrl_closure(triples: Iterable[Triple]) -> set[str]:
    """The normal closure that owlrl makes of the same triples."""
    stated = list(triples)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # owlrl and rdflib warn about themselves
        import rdflib
        from owlrl import DeductiveClosure, OWLRL_Semantics

        graph = rdflib.Graph()
        for triple in stated:
            graph.add(tuple(_to_rdflib(term) for term in triple))  # type: ignore[arg-type]
        DeductiveClosure(OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False).expand(
            graph
        )
        found: set[Triple] = set()
        for s, p, o in graph:
            if isinstance(p, rdflib.URIRef) and not isinstance(s, rdflib.Literal):
                found.add(Triple(_to_oxigraph(s), _to_oxigraph(p), _to_oxigraph(o)))  # type: ignore[arg-type]
    return normal(found, spelling(stated))


def _to_rdflib(term: object) -> object:
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    plain = term.datatype.value == XSD + "string"
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value), normalize=False)


def _to_oxigraph(term: object) -> NamedNode | BlankNode | Literal:
    import rdflib

    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(str(term.datatype or XSD + "string")))
    return BlankNode(str(term)) if isinstance(term, rdflib.BNode) else NamedNode(str(term))
