"""The closure by owlrl: slow (half a minute for 10,000 triples) and independent, so it serves as the reference."""

from __future__ import annotations

import re
from collections.abc import Iterable

import owlrl
import pyoxigraph as ox
import rdflib
from owlrl.Namespaces import ERRNS

from kg import bridge
from kg.contradiction import Contradiction
from kg.load import Stated
from kg.names import STANDARD
from kg.reason import Closure

RDF, RDFS, OWL, XSD = (STANDARD[prefix] for prefix in ("rdf", "rdfs", "owl", "xsd"))

_REFLEXIVE = {
    ox.NamedNode(OWL + "sameAs"),
    ox.NamedNode(OWL + "equivalentClass"),
    ox.NamedNode(OWL + "equivalentProperty"),
    ox.NamedNode(RDFS + "subClassOf"),
    ox.NamedNode(RDFS + "subPropertyOf"),
}
_EVERYTHING = {ox.NamedNode(OWL + "Thing"), ox.NamedNode(RDFS + "Resource")}
_NOTHING = ox.NamedNode(OWL + "Nothing")

_ERRORS = {
    "Lexical value": "dt-not-type",
    "'sameAs' and 'differentFrom'": "eq-diff1",
    "'sameAs' and 'AllDifferent'": "eq-diff2",
    "Irreflexive property": "prp-irp",
    "Erroneous usage of asymmetric": "prp-asyp",
    "Erroneous usage of disjoint properties": "prp-pdw",
    "Disjoint properties in an 'AllDisjointProperties'": "prp-adp",
    "Negative (object)": "prp-npa1",
    "Negative (datatype)": "prp-npa2",
    "is defined of type 'Nothing'": "cls-nothing2",
    "Violation of complementarity": "cls-com",
    "Violation of type restriction": "cls-avf",
    "Erroneous usage of maximum cardinality": "cls-maxc1",
    "Erroneous usage of maximum qualified": "cls-maxqc1",
    "Disjoint classes": "cax-dw",
}
"""How owlrl words an error -> the standard's rule behind it."""


def close(stated: Stated, *, full: bool = False) -> Closure:
    """Return the closure of the stated facts as owlrl computes it, without its scaffolding unless `full`."""
    triples = list(dict.fromkeys(quad.triple for quad in stated.quads))
    with bridge.quiet():
        graph = bridge.to_graph(triples)
        rules = owlrl.OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
        rules.closure()
    known = set(triples)
    anonymous = {
        term for triple in triples for term in (triple.subject, triple.object) if isinstance(term, ox.BlankNode)
    }
    anonymous -= _individuals(triples)
    errors = set(graph.subjects(rdflib.RDF.type, ERRNS.ErrorMessage))
    found = {
        triple
        for s, p, o in graph
        if s not in errors and (triple := bridge.triple(s, p, o)) is not None and triple not in known
    }
    derived = sorted((triple for triple in found if full or _says_something(triple, anonymous)), key=str)
    contradictions = tuple(_contradiction(str(message), known | found) for message in rules.error_messages)
    return Closure(stated, tuple(derived), contradictions)


def _individuals(triples: Iterable[ox.Triple]) -> set[ox.BlankNode]:
    """Blank nodes that stand for things in the data: those that no term of RDF or OWL describes, other than a type."""
    nodes = {t.subject for t in triples if isinstance(t.subject, ox.BlankNode)}
    structure = ("http://www.w3.org/2002/07/owl#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
    for triple in triples:
        term = triple.object if triple.predicate.value.endswith("#type") else triple.predicate
        if isinstance(term, ox.NamedNode) and term.value.startswith(structure):
            nodes.discard(triple.subject)
    return nodes


def _contradiction(message: str, closure: set[ox.Triple]) -> Contradiction:
    """Name the rule behind an error of owlrl, and the facts of the closure among the terms it mentions."""
    rule = next((rule for opening, rule in _ERRORS.items() if opening in message), "inconsistent")
    mentioned = set(re.findall(r"[a-z][a-z0-9+.-]*:[^\s,()'\"]+", message))
    facts = sorted(
        (t for t in closure if _name(t.object) in mentioned and (_name(t.subject) in mentioned)),
        key=str,
    )
    return Contradiction(rule, message, tuple(facts))


def _name(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def _says_something(triple: ox.Triple, anonymous: set[ox.BlankNode]) -> bool:
    """Tell a derived fact worth keeping from scaffolding.

    Not worth keeping: x sameAs x and its like, membership in everything, facts about the vocabulary of OWL itself,
    and facts about the blank nodes (`anonymous`) that spell out class expressions and lists.
    """
    s, p, o = triple.subject, triple.predicate, triple.object
    if p in _REFLEXIVE and (s in (o, _NOTHING) or o in _EVERYTHING):
        return False
    if o in _EVERYTHING and p.value == RDF + "type":
        return False
    if isinstance(s, ox.NamedNode) and s.value.startswith((RDF, RDFS, OWL, XSD)):
        return False
    return s not in anonymous and o not in anonymous
