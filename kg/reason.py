"""stated -> closure: what follows from the stated facts by the OWL 2 RL rules, kept apart from them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import ReasonError, did_you_mean
from kg.load import Stated, load
from kg.names import DERIVED, PREFIXES, STANDARD, compact

if TYPE_CHECKING:
    from pathlib import Path

    import rdflib

REASONERS = ("owlrl",)
"""The engines, the default first."""

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


@dataclass(frozen=True)
class Contradiction:
    """A breach of one of the standard's "false" rules: its name, what it says, and the facts at fault."""

    rule: str
    message: str
    facts: tuple[ox.Triple, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}" + "".join(f"\n    {shown(fact)}" for fact in self.facts)


@dataclass(frozen=True)
class Closure:
    """Stated facts, the facts derived from them (sorted, none of them stated), and the contradictions found."""

    stated: Stated
    derived: tuple[ox.Triple, ...]
    contradictions: tuple[Contradiction, ...]

    def quads(self, *, derived_only: bool = False) -> Iterator[ox.Quad]:
        """Yield the stated quads in their graphs, then the derived facts in the graph `graph:derived`."""
        if not derived_only:
            yield from self.stated.quads
        graph = ox.NamedNode(DERIVED)
        for triple in self.derived:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)

    def write(self, path: Path, *, derived_only: bool = False) -> None:
        """Write the closure as N-Quads or TriG, or without its graphs as N-Triples or Turtle, as the name ends.

        The file appears whole or not at all. Raises ReasonError.
        """
        written = {
            ".nq": ox.RdfFormat.N_QUADS,
            ".trig": ox.RdfFormat.TRIG,
            ".nt": ox.RdfFormat.N_TRIPLES,
            ".ttl": ox.RdfFormat.TURTLE,
        }
        if (syntax := written.get(path.suffix)) is None:
            raise ReasonError(f"{path}: cannot tell the RDF syntax from the name. Use one of {', '.join(written)}.")
        quads = self.quads(derived_only=derived_only)
        facts = quads if syntax.supports_datasets else dict.fromkeys(quad.triple for quad in quads)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            ox.serialize(facts, aside, syntax, prefixes=PREFIXES)
            aside.replace(path)
        except OSError as error:
            raise ReasonError(f"{path}: cannot be written ({error.strerror or error}).") from None
        finally:
            aside.unlink(missing_ok=True)

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the closure as an rdflib Dataset, derived facts in the graph `graph:derived`."""
        from kg import bridge

        return bridge.to_rdflib(self.quads())


def reason(graph: Stated | rdflib.Graph | Path | str, reasoner: str = REASONERS[0]) -> Closure:
    """Return the OWL 2 RL closure of a stated graph, an rdflib graph, or a file. The input is left as it was.

    A path is read as it is, without this project's ontology. Raises LoadError and ReasonError.
    """
    stated = graph if isinstance(graph, Stated) else load(graph, vocabulary=False)
    if reasoner not in REASONERS:
        near = did_you_mean(reasoner, list(REASONERS))
        raise ReasonError(f"{reasoner!r} is not a reasoner.{near} There is: {', '.join(REASONERS)}.")
    from kg import reason_owlrl

    return reason_owlrl.close(stated)


def says_something(triple: ox.Triple, anonymous: set[ox.BlankNode]) -> bool:
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


def shown(triple: ox.Triple) -> str:
    """Return a fact as people write it, with prefixed names."""
    return " ".join(
        compact(term.value) if isinstance(term, ox.NamedNode) else str(term)
        for term in (triple.subject, triple.predicate, triple.object)
    )
