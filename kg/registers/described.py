"""What records share (a substance, a company, a class) is described once, by the first record that names it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import pyoxigraph as ox

from kg.registers.names import slug
from kg.registers.terms import LABEL, A, english, iri, term

Shared = ox.NamedNode | ox.Triple
"""A thing that records share, or a fact that several of them state."""


class Part(Protocol):
    """A substance of the graph."""

    @property
    def key(self) -> str:
        """The tail of its IRI."""

    @property
    def name(self) -> str:
        """Its label."""


class Resolved(Protocol):
    """What a printed name of a substance stands for; `method` is `unmatched` where it was not found."""

    @property
    def key(self) -> str:
        """The tail of the IRI."""

    @property
    def label(self) -> str:
        """The label."""

    @property
    def method(self) -> str:
        """How the name was matched."""

    @property
    def parts(self) -> Sequence[Part]:
        """The substances of a combination."""


class Described:
    """Remembers what has been described."""

    def __init__(self) -> None:
        self._shared: set[Shared] = set()

    def once(self, shared: Shared, description: Iterable[ox.Triple]) -> Iterable[ox.Triple]:
        """Return the description the first time that it is asked for, and nothing later on."""
        before = len(self._shared)
        self._shared.add(shared)
        return description if len(self._shared) > before else ()

    def organization(self, name: str) -> Iterable[ox.Triple]:
        """Return the facts of `organization_of(name)`."""
        node = organization_of(name)
        return self.once(node, called(node, "kg:Organization", name))

    def substance(self, match: Resolved) -> Iterable[ox.Triple]:
        """Return the facts of a substance, and of those in it."""
        node = iri("drug", match.key)
        return self.once(node, self._substance(node, match))

    def _substance(self, node: ox.NamedNode, match: Resolved) -> Iterator[ox.Triple]:
        yield from called(node, "kg:Substance", match.label)
        for part in match.parts if len(match.parts) > 1 else ():
            component = iri("drug", part.key)
            yield ox.Triple(node, term("kg:hasComponent"), component)
            yield from self.once(component, called(component, "kg:Substance", part.name))

    def condition(self, node: ox.NamedNode, label: str, *, known: bool) -> Iterable[ox.Triple]:
        """Return the facts of a condition; one that no vocabulary knows is a concept of its own."""
        return self.once(node, called(node, "kg:Condition", label, "" if known else "condition"))


class Told(Described):
    """Tells also what each triple describes, for who finds out later which record was the first of all."""

    def __init__(self) -> None:
        super().__init__()
        self._describes: dict[ox.Triple, Shared] = {}

    def once(self, shared: Shared, description: Iterable[ox.Triple]) -> Iterable[ox.Triple]:
        """Return the description as `Described` does."""
        found = list(super().once(shared, description))
        for triple in found:
            self._describes.setdefault(triple, shared)
        return found

    def taken(self, triple: ox.Triple) -> Shared | None:
        """Return what a triple describes, once; None if it is no part of a description."""
        return self._describes.pop(triple, None)


def called(node: ox.NamedNode, kind: str, label: str, scheme: str = "") -> Iterator[ox.Triple]:
    """Yield the class of a thing, its label, and the scheme that it is of."""
    yield ox.Triple(node, A, term(kind))
    yield ox.Triple(node, LABEL, english(label))
    if scheme:
        yield ox.Triple(node, term("skos:inScheme"), iri("scheme", scheme))


def organization_of(name: str) -> ox.NamedNode:
    """Return the IRI of an organization by its printed name."""
    return iri("organization", slug(name))
