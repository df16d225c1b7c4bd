"""Why a fact holds, found by a worker: as a page shows it, as JSON and as PROV-O."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import ParameterError
from kg.proof import told
from kg.proof.model import STATED, Fact, Proof
from kg.proof.origins import Origin, Origins
from kg.serve.bounds import TooLarge
from kg.serve.negotiate import HTML, TURTLE, Form
from kg.store import Store
from kg.why import Explanation, why_fact, why_row

JSON = Form("application/json", "json")
FORMS = (HTML, JSON, TURTLE)


@dataclass(frozen=True)
class Step:
    """A fact, the rule that gives it in name and words, and what the rule rests on; of a stated one, who states it.

    A term is its text, and its IRI if it has one. `again` is set where the proof stands above.
    """

    terms: tuple[tuple[str, str | None], ...]
    rule: str
    words: str = ""
    premises: tuple[Step, ...] = ()
    origins: tuple[Origin, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class Told:
    """What was explained, the sums that were done again for it, and a tree for each fact it rests on."""

    title: str
    computed: tuple[str, ...]
    steps: tuple[Step, ...]


def of_fact(store: Store, form: Form, most: int, *terms: str) -> Told | bytes:
    """Return why the fact of three terms, each as N-Triples writes it, holds.

    Raises ParameterError, ProofError where it does not hold, TooLarge.
    """
    return _in(form, most, why_fact(_fact(terms), store))


def of_row(store: Store, form: Form, most: int, name: str, row: str, values: dict[str, str]) -> Told | bytes:
    """Return why the answer to a stored question has a row, counted from 1. Raises what `why_row` raises, TooLarge."""
    if not (row.isascii() and row.isdecimal() and len(row) < 10):
        raise ParameterError(f"row counts from 1; {row[:20]!r} is no row. Example: row=1")
    return _in(form, most, why_row(name, int(row), store, **values))


def _fact(terms: tuple[str, ...]) -> Fact:
    try:
        (quad,) = ox.parse(f"{' '.join(terms)} .", format=ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError):
        quad = None
    if quad is None or isinstance(quad.object, ox.Triple) or not all(terms):
        raise ParameterError(
            's, p and o are the terms of a fact as N-Triples writes them, such as <https://..> or "5".'
        )
    assert isinstance(quad.subject, ox.NamedNode | ox.BlankNode)
    return Fact(quad.subject, quad.predicate, quad.object)


def _in(form: Form, most: int, found: Explanation) -> Told | bytes:
    if form == HTML:
        said: set[Fact] = set()
        return Told(found.title, found.computed, tuple(_step(each, found.origins, said) for each in found.proofs))
    content = (found.to_json() if form == JSON else found.to_prov()).encode()
    if len(content) > most:
        raise TooLarge(f"The proof has more than {most:,} bytes.")
    return content


def _step(proof: Proof, origins: Origins, said: set[Fact]) -> Step:
    """Return a step with those below it; what was proved above is not proved again, and a list is told as one."""
    fact = proof.fact
    if fact is None:
        return Step((), proof.rule)
    terms = tuple((origins.expressions.term(term), _iri(term)) for term in fact)
    if proof.rule == STATED:
        return Step(terms, STATED, origins=tuple(origins.of(fact)))
    if fact in said:
        return Step(terms, proof.rule, again=True)
    said.add(fact)
    links = [each.fact for each in proof.premises if told.is_link(each) and each.fact]
    premises = [_step(each, origins, said) for each in proof.premises if not told.is_link(each)]
    if links:
        items = [(origins.expressions.term(link.object), _iri(link.object)) for link in links if told.is_item(link)]
        premises.append(Step((("the list (", None), *items, (")", None)), STATED, origins=tuple(origins.of(links[0]))))
    return Step(terms, proof.rule, told.words(proof.rule), tuple(premises))


def _iri(term: object) -> str | None:
    return term.value if isinstance(term, ox.NamedNode) else None
