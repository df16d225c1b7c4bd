"""closure -> Explanation: why a fact holds, why one does not, and why a graph contradicts itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import pyoxigraph as ox

from kg import lookup, questions
from kg.answer import Answer
from kg.ask import ask
from kg.errors import ProofError, UnknownThing
from kg.names import PREFIXES, STANDARD, expand
from kg.proof import falsity, told
from kg.proof.backward import Pattern
from kg.proof.facts import Facts
from kg.proof.model import Fact, Proof, Term
from kg.proof.near import Near, nearest
from kg.proof.origins import Origins
from kg.proof.row import grounds
from kg.proof.search import Search
from kg.store import Graph, Store, store_of


@dataclass(frozen=True)
class Explanation:
    """Proofs of one fact, the shortest first, or of a graph's contradictions; or what comes near to a fact."""

    title: str
    proofs: tuple[Proof, ...]
    origins: Origins
    near: tuple[Near, ...] = ()
    computed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """Yield a tree for each proof, with its sources at the leaves."""
        if self.computed:
            yield "computed:"
            yield from (f"    {each}" for each in self.computed)
        said: set[Fact] = set()
        for number, proof in enumerate(self.proofs):
            if number:
                yield ""
            yield from told.lines(proof, self.origins, said=said)
        if self.near or not (self.proofs or self.computed):
            yield self.title
        for near in self.near:
            yield from self._lacking(near, "    ")

    def _lacking(self, near: Near, indent: str) -> Iterator[str]:
        yield f"{indent}{near.rule} would give it: {told.words(near.rule)}"
        for proof in near.held:
            if not told.is_link(proof):
                yield f"{indent}    holds:  {self.origins.text(proof.fact)}"
        for pattern in near.lacking:
            yield f"{indent}    lacks:  {self._written(pattern)}"
        if near.below:
            yield from self._lacking(near.below, f"{indent}        ")
        if not near.lacking:
            yield f"{indent}    and yet the query does not find it: another fact stands against it"

    def to_json(self) -> str:
        """Return the proofs, or what is lacking, as JSON."""
        content = [told.json(proof, self.origins) for proof in self.proofs]
        lacking = [self._near_json(near) for near in self.near]
        return (
            json.dumps(
                {"title": self.title, "proofs": content, "computed": self.computed, "near": lacking},
                ensure_ascii=False,
                indent=2,
            )
            + "\n"
        )

    def _repr_html_(self) -> str:
        """Show the proofs in a notebook as trees that fold; what is lacking as lines."""
        if self.near or not self.proofs:
            return f"<pre>{escape(str(self))}</pre>"
        sums = "".join(f"<p>{escape(each)}</p>" for each in self.computed)
        trees = "".join(told.html(told.json(proof, self.origins)) for proof in self.proofs)
        return f"<p>{escape(self.title)}</p>{sums}<ul>{trees}</ul>"

    def _written(self, pattern: Pattern) -> str:
        return " ".join(slot if isinstance(slot, str) else self.origins.expressions.term(slot) for slot in pattern)

    def _near_json(self, near: Near) -> dict[str, object]:
        return {
            "rule": near.rule,
            "words": told.words(near.rule),
            "holds": [self.origins.text(proof.fact) for proof in near.held],
            "lacks": [self._written(pattern) for pattern in near.lacking],
            "below": self._near_json(near.below) if near.below else None,
        }

    def to_answer(self) -> Answer:
        """Return a row for each step and each source, or for each premise that a rule has or lacks."""
        if self.near:
            rows = [
                (str(number), near.rule, standing, text)
                for number, near in enumerate(self.near, 1)
                for standing, texts in (
                    ("holds", [self.origins.text(proof.fact) for proof in near.held]),
                    ("lacks", [self._written(pattern) for pattern in near.lacking]),
                )
                for text in texts
            ]
            return Answer.of_texts("why-not", self.title, ("way", "rule", "standing", "premise"), rows)
        steps = (row for number, proof in enumerate(self.proofs, 1) for row in told.rows(proof, self.origins, number))
        sums = (("0", "0", each, "arithmetic", "", "", "", "", "") for each in self.computed)
        return Answer.of_texts("why", self.title, told.COLUMNS, (*sums, *steps))

    def to_prov(self) -> str:
        """Return the proofs in PROV-O, as Turtle."""
        facts = dict.fromkeys(each for proof in self.proofs for each in told.prov(proof, self.origins))
        return (ox.serialize(facts, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()


def why(subject: str, predicate: str, value: str, graph: Graph = None, *, every: bool = False) -> Explanation:
    """Return why a fact holds: its shortest proof, or with `every` the proofs that differ in their last step.

    Things are named as in `kg.show`; a property may go without its prefix, and `a` is rdf:type.

    >>> import kg
    >>> print(kg.why("kg:EUApproval", "rdfs:subClassOf", "kg:RegulatoryEvent", "shipped/reference").proofs[0].rule)
    scm-sco

    Raises UnknownThing, and ProofError where the fact does not hold.
    """
    store = store_of(graph)
    return why_fact(fact_of(store, subject, predicate, value), store, every=every)


def why_fact(fact: Fact, graph: Graph = None, *, every: bool = False) -> Explanation:
    """Return why a fact holds whose terms are known; see `why`. Raises ProofError where it does not hold."""
    search = _search(graph)
    origins = Origins(search.facts)
    shortest = search.prove(fact)
    if shortest is None:
        raise ProofError(f"{fact}\ndoes not hold, so there is no proof of it. Ask what it lacks: kg why-not ..")
    proofs = tuple(search.alternatives(fact)) if every else (shortest,)
    return Explanation(str(fact), proofs, origins)


def why_not(subject: str, predicate: str, value: str, graph: Graph = None) -> Explanation:
    """Return which rules are closest to giving a fact that does not hold, and the premises they lack.

    Raises UnknownThing, and ProofError where the fact holds.
    """
    search = _search(graph)
    fact = fact_of(search.facts.store, subject, predicate, value)
    if search.facts.holds(fact):
        raise ProofError(f"{fact}\nholds. Ask for its proof: kg why ..")
    near = tuple(nearest(fact, search))
    title = f"{fact}\nis not stated, and " + ("does not follow:" if near else "no rule comes near to it.")
    return Explanation(title, (), Origins(search.facts), near)


def why_contradictions(graph: Graph = None) -> Explanation:
    """Return a proof of each contradiction in a graph. Raises ProofError where there is none."""
    search = _search(graph)
    found = [falsity.prove(each, search) for each in search.facts.store.contradictions]
    proofs = tuple(proof for proof in found if proof)
    if not proofs:
        raise ProofError("The graph does not contradict itself.")
    return Explanation("Contradictions", proofs, Origins(search.facts))


def why_row(name: str, row: int, graph: Graph = None, **values: object) -> Explanation:
    """Return why a stored question's answer has a row, counted from 1: the facts it rests on, and its sums done again.

    Raises what `kg.ask` raises, and ProofError where there is no such row.
    """
    search = _search(graph)
    store = search.facts.store
    answer = ask(name, store, **values)
    if not 1 <= row <= len(answer.rows):
        raise ProofError(f"There is no row {row}: {name} has {len(answer.rows)} rows here, counted from 1.")
    cells = dict(zip(answer.columns, answer.rows[row - 1], strict=True))
    question = questions.question(name)
    given = {key: str(value) for key, value in values.items() if value is not None}
    sparql = question.bind(lookup.terms(store, question, given))
    found = grounds(sparql, {column: cell for column, cell in cells.items() if cell is not None}, search.facts)
    proofs = tuple(proof for fact in found.facts if (proof := search.prove(fact)))
    text = ", ".join(f"{column} {answer.text(cell)}" for column, cell in cells.items() if cell is not None)
    return Explanation(f"{answer.title}, row {row}: {text}", proofs, Origins(search.facts), (), tuple(found.computed))


def evidence(name: str, row: int, graph: Graph = None, **values: object) -> Answer | None:
    """Return what the question that another one names as its evidence tells of a row; None where it names none."""
    other = questions.question(name).evidence
    if not other:
        return None
    store = store_of(graph)
    answer = ask(name, store, **values)
    cells = dict(zip(answer.columns, answer.rows[row - 1], strict=True))
    known = {key: cell.value for key, cell in cells.items() if cell is not None}
    wanted = {param.name for param in questions.question(other).params}
    given = {key: value for key, value in {**known, **values}.items() if key in wanted and value is not None}
    if len(given) < len(wanted):
        return None  # a row without a class, say, has no evidence of one
    return ask(other, store, **given)


_ONCE = ox.DefaultGraph()
_LAST: list[Search] = []


def _search(graph: Graph) -> Search:
    """Return a search over a graph; the last one is kept, with what it has found."""
    store = store_of(graph)
    if not _LAST or _LAST[0].facts.store is not store:
        _LAST[:] = [Search(Facts(store))]
    return _LAST[0]


def fact_of(store: Store, subject: str, predicate: str, value: str) -> Fact:
    """Return the fact that three names write. Raises UnknownThing."""
    thing, link = lookup.find(store, subject), _property(store, predicate)
    if expand(value) is None:
        literals = [
            quad.object
            for quad in store.quads.quads_for_pattern(thing, link, None, _ONCE)
            if isinstance(quad.object, ox.Literal) and value in (quad.object.value, str(quad.object))
        ]
        if literals:
            return Fact(thing, link, literals[0])
    return Fact(thing, link, _value(store, value))


def _property(store: Store, name: str) -> ox.NamedNode:
    if name == "a":
        return ox.NamedNode(STANDARD["rdf"] + "type")
    if (iri := expand(name) or expand(f"kg:{name}")) and any(
        store.quads.quads_for_pattern(ox.NamedNode(iri), None, None, _ONCE)
    ):
        return ox.NamedNode(iri)
    if iri and any(store.quads.quads_for_pattern(None, ox.NamedNode(iri), None, _ONCE)):
        return ox.NamedNode(iri)
    return lookup.find(store, name)


def _value(store: Store, name: str) -> Term:
    try:
        return lookup.find(store, name)
    except UnknownThing:
        if expand(name) is None:
            return ox.Literal(name)
        raise
