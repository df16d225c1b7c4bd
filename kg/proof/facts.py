"""A closure as proofs see it: what stands in the store, what is stated, and what the reasoner knows and does not tell.

The reasoner leaves out what is said of the blank nodes of class expressions, among others (`kg.owl2rl.noise`). A proof
may need it. So it is found out again here: of a small graph all of it, of a large one what the schema gives; any other
such fact is not looked up but proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import chain

import pyoxigraph as ox

from kg.names import DERIVED
from kg.owl2rl import close, vocabulary
from kg.proof.literals import AXIOMS
from kg.proof.model import Fact, Term
from kg.store import Store

SMALL = 30_000
"""Facts of a graph that is closed again as a whole."""
_ONCE = ox.DefaultGraph()
_DERIVED = ox.NamedNode(DERIVED)
_FIRST, _REST, _NIL = (ox.NamedNode(vocabulary.RDF + name) for name in ("first", "rest", "nil"))
_TYPE = ox.NamedNode(f"{vocabulary.RDF}type")
_SCHEMA = dict.fromkeys(ox.NamedNode(vocabulary.expand(name)) for name in vocabulary.SCHEMA_PREDICATES)
_SCHEMA_CLASSES = [ox.NamedNode(vocabulary.expand(name)) for name in vocabulary.SCHEMA_CLASSES]
_REFLEXIVE = {
    ox.NamedNode(vocabulary.expand(name))
    for name in "owl:sameAs rdfs:subClassOf rdfs:subPropertyOf owl:equivalentClass owl:equivalentProperty".split()
}
_THING, _NOTHING = ox.NamedNode(f"{vocabulary.OWL}Thing"), ox.NamedNode(f"{vocabulary.OWL}Nothing")

Way = tuple[tuple[Term, ...], tuple[Fact, ...]]
"""The items of a list, and the facts that make it: first and rest of each of its nodes in turn."""


class _Index:
    """Facts by each of their terms."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._all = set(facts)
        self._by: tuple[dict[Term, list[Fact]], ...] = ({}, {}, {})
        for fact in self._all:
            for index, term in zip(self._by, fact, strict=True):
                index.setdefault(term, []).append(fact)

    def __contains__(self, fact: Fact) -> bool:
        return fact in self._all

    def match(self, *pattern: Term | None) -> Iterable[Fact]:
        """Return the facts of a pattern, None for any term."""
        given = [(at, term) for at, term in enumerate(pattern) if term is not None]
        if len(given) == 3:
            return [fact] if (fact := Fact(*pattern)) in self._all else []  # type: ignore[arg-type]
        some = min((self._by[at].get(term, []) for at, term in given), key=len) if given else list(self._all)
        return [fact for fact in some if all(fact[at] == term for at, term in given)]


class Facts:
    """The facts of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._quads = store.quads
        self.ways = lru_cache(maxsize=None)(self._ways)
        self._schema = lru_cache(maxsize=100_000)(
            lambda s, p, o: (*self._in_store(s, p, o), *self.hidden.match(s, p, o))
        )

    @cached_property
    def hidden(self) -> _Index:
        """What follows and is not told, as far as it is looked up."""
        small = sum(1 for _, _ in zip(self._quads, range(3 * SMALL + 1), strict=False)) <= 3 * SMALL
        if small:
            known = [quad.triple for quad in self._quads if self._states(quad)]
        else:
            known = [
                quad.triple
                for pattern in (*((p, None) for p in _SCHEMA), *((_TYPE, c) for c in _SCHEMA_CLASSES))
                for quad in self._quads.quads_for_pattern(None, *pattern, _ONCE)
            ]
        with close(known, full=True) as tables:
            return _Index(fact for found in tables.generalized() if not self._in_default(fact := Fact(*found)))

    def _in_default(self, fact: Fact) -> bool:
        s, p, o = fact
        return not isinstance(s, ox.Literal) and isinstance(p, ox.NamedNode) and ox.Quad(s, p, o) in self._quads

    @staticmethod
    def _states(quad: ox.Quad) -> bool:
        return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value != DERIVED

    def match(self, s: Term | None, p: Term | None, o: Term | None) -> Iterator[Fact]:
        """Yield the facts of a pattern, None for any term."""
        if p in _SCHEMA:
            return iter(self._schema(s, p, o))
        return chain(self._in_store(s, p, o), self.hidden.match(s, p, o))

    def _in_store(self, s: Term | None, p: Term | None, o: Term | None) -> Iterator[Fact]:
        if not isinstance(s, ox.Literal) and (p is None or isinstance(p, ox.NamedNode)):
            for quad in self._quads.quads_for_pattern(s, p, o, _ONCE):
                yield Fact(quad.subject, quad.predicate, quad.object)  # type: ignore[arg-type]

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact stands in the closure, told or not."""
        return self._in_default(fact) or fact in self.hidden

    def may_hold(self, fact: Fact) -> bool:
        """Tell whether a fact stands in the closure, or is of a kind that is not looked up and might follow."""
        s, p, o = fact
        hides = (
            isinstance(s, ox.Literal | ox.BlankNode)
            or isinstance(o, ox.Literal | ox.BlankNode)
            or (s == o and p in _REFLEXIVE)
            or o == _THING
            or s == _NOTHING
            or fact in AXIOMS
        )
        return isinstance(p, ox.NamedNode) and (hides or self.holds(fact))

    def stated(self, fact: Fact) -> bool:
        """Tell whether a source states a fact."""
        s, p, o = fact
        return self._in_default(fact) and ox.Quad(s, p, o, _DERIVED) not in self._quads  # type: ignore[arg-type]

    def graphs(self, fact: Fact) -> Iterator[ox.NamedNode]:
        """Yield the graphs of the sources that state a fact."""
        s, p, o = fact
        if isinstance(s, ox.Literal) or not isinstance(p, ox.NamedNode):
            return
        for quad in self._quads.quads_for_pattern(s, p, o, None):
            if self._states(quad):
                yield quad.graph_name  # type: ignore[misc]

    def about(self, term: Term) -> Iterator[Fact]:
        """Yield facts in which a term occurs: stated ones and axioms if there are any, for no rule makes a term."""
        patterns = ((term, None, None), (None, None, term), (None, term, None))
        first = [fact for pattern in patterns for fact in self._stated_about(pattern)]
        yield from first or (axiom for axiom in AXIOMS if term in axiom)
        if not first:
            for pattern in patterns:
                yield from self.match(*pattern)

    def _stated_about(self, pattern: tuple[Term | None, Term | None, Term | None]) -> Iterator[Fact]:
        s, p, o = pattern
        if not isinstance(s, ox.Literal) and (p is None or isinstance(p, ox.NamedNode)):
            for quad in self._quads.quads_for_pattern(s, p, o, None):
                if self._states(quad):
                    yield Fact(quad.subject, quad.predicate, quad.object)  # type: ignore[arg-type]
                    return

    def _ways(self, first: Term) -> tuple[Way, ...]:
        """Return each way through a list; a list has one, unless it is broken."""
        return tuple(self._walk(first, frozenset()))

    def _walk(self, node: Term, seen: frozenset[Term]) -> Iterator[Way]:
        if node == _NIL:
            yield (), ()
        if node in seen or isinstance(node, ox.Literal):
            return
        for item in list(self.match(node, _FIRST, None)):
            for rest in list(self.match(node, _REST, None)):
                for items, links in self._walk(rest.object, seen | {node}):
                    yield (item.object, *items), (item, rest, *links)
