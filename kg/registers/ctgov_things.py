"""What the facts of trials name: things of one trial, and concepts that trials share as they print the same words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

import pyoxigraph as ox

from kg.names import BASE
from kg.registers.described import Resolved, called
from kg.registers.names import slug
from kg.registers.terms import iri, short


class Substances(Protocol):
    """Finds substances by printed names."""

    def resolve(self, printed: str) -> Resolved:
        """Return what a printed name stands for."""


class Concept(Protocol):
    """A condition of the graph."""

    @property
    def key(self) -> str:
        """The tail of its IRI."""

    @property
    def label(self) -> str:
        """Its label."""


class Matched(Protocol):
    """The conditions that a heading names, if any was found."""

    @property
    def concepts(self) -> Sequence[Concept]:
        """The conditions."""

    @property
    def method(self) -> str:
        """How they were matched."""


class Conditions(Protocol):
    """Finds conditions by printed headings."""

    def heading(self, printed: str, mesh_id: str | None = None) -> Matched:
        """Return what a heading names."""


def thing(kind: str, tail: str) -> ox.NamedNode:
    """Return the IRI of a thing of one trial. Unlike `terms.iri` it is not remembered: there are too many."""
    return ox.NamedNode(f"{BASE}{kind}/{short(tail)}")


def lowered(printed: str) -> str:
    """Return words as they stand within a sentence: capitals stay where they are more than a beginning.

    >>> lowered("Score on a Scale"), lowered("COVID-19 Pneumonia"), lowered("mmHg")
    ('score on a scale', 'COVID-19 pneumonia', 'mmHg')
    """
    return re.sub(r"\b[A-Z](?=[a-z]{3})[a-z]+\b|^[A-Z](?=[a-z]{2,} )", lambda match: match[0].lower(), printed)


@lru_cache(maxsize=4096)
def concept_of(kind: str, printed: str) -> ox.NamedNode:
    """Return the IRI of a concept that is known by its words alone: the same words, the same concept.

    Words of which a slug would lose something carry a hash: 10^9/L is not 10^-9/L.
    """
    words = lowered(printed)
    tail = slug(words)
    if tail.replace("-", " ") != words:
        tail += "-" + hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()[:8]
    return iri(kind, tail)


def concept(kind: str, printed: str, scheme: str) -> Iterator[ox.Triple]:
    """Yield the facts of `concept_of(kind, printed)`."""
    return called(concept_of(kind, printed), "skos:Concept", lowered(printed), scheme)


class Keys:
    """Slugs within one trial: the same words get the same slug, other words another."""

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}

    def __call__(self, words: str) -> str:
        """Return the slug of words."""
        folded = words.casefold()
        tail, number = slug(words), 1
        while self._taken.setdefault(tail if number == 1 else f"{tail}-{number}", folded) != folded:
            number += 1
        return tail if number == 1 else f"{tail}-{number}"


CONTROLS: Mapping[str, int] = {
    "experimental": 1,
    "active-comparator": 2,
    "placebo-comparator": 3,
    "sham-comparator": 3,
    "no-intervention": 3,
}
"""How far an arm is the one that others are set against; roles that do not tell are left out."""
PLACEBO = re.compile(r"\b(?:placebos?|sham|vehicle)\b", re.IGNORECASE)


def without_type(intervention: str) -> str:
    """Return the name of an intervention as arms print it: `Drug: Dupilumab` names Dupilumab."""
    return intervention.partition(": ")[2] or intervention


_BESIDE = re.compile(
    r"""\(\s*[^()\d]{4,}\)\s*$
    |\b\d[\d.,]*\s*(?:mg|mcg|\u00b5g|ug|g|ml|iu|units?|%)(?!\w).*$
    |\b(?:tablets?|capsules?|injections?|infusions?|solution|suspension|oral|intravenous|iv|subcutaneous|sc
      |xr|er|sr|extended[ -]release|(?:high|mid|low|standard|reduced)[ -]dose|monotherapy)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def names_of(intervention: str) -> Iterator[str]:
    """Yield the name of an intervention as printed, then without dose, form and remark, if it has any.

    >>> list(names_of("Venlafaxine XR (Oral Antidepressant)")), list(names_of("Remdesivir"))
    (['Venlafaxine XR (Oral Antidepressant)', 'Venlafaxine'], ['Remdesivir'])
    """
    yield intervention
    bare = intervention
    while (shorter := " ".join(_BESIDE.sub(" ", bare).split())) != bare:
        bare = shorter
    if bare and bare != intervention:
        yield bare
