"""stated, stated -> Difference: what became of each thing between two snapshots of the same sources.

A thing is an IRI that facts are about, and it is the same thing in both: an approval goes by its number, a product by
its own, whatever file or row they stand in. What is said of the sources themselves (snapshots, their files, coverage
statements) is left out, and so are the place of a fact in its source and what only restates a date. Blank nodes have
no name to be found again by: facts about them, or that lead to them, are counted and not compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from kg import places
from kg.answer import Answer, Cell
from kg.errors import ParameterError, did_you_mean
from kg.load import read
from kg.names import KG, STANDARD
from kg.sources import files

Value: TypeAlias = "ox.NamedNode | ox.Literal"
Facts: TypeAlias = "dict[ox.NamedNode, set[Value]]"
_Change: TypeAlias = "tuple[str, str, ox.NamedNode, Cell, Cell, Cell, Cell, Cell, Cell, Cell]"
Sources: TypeAlias = "Path | str | Sequence[Path | str]"

_A = ox.NamedNode(STANDARD["rdf"] + "type")
_LABEL = ox.NamedNode(STANDARD["rdfs"] + "label")
_FROM = ox.NamedNode(STANDARD["prov"] + "wasDerivedFrom")
_SUBCLASS = ox.NamedNode(STANDARD["rdfs"] + "subClassOf")
_STATUS, _PRODUCT, _SUBSTANCE, _OWN_SUBSTANCE, _DATE, _PRECISION, _LOCATOR, _COVERAGE, _EVENT, _MEDICINE = (
    ox.NamedNode(KG + name)
    for name in "hasStatus forProduct forSubstance hasSubstance sortDate hasDatePrecision locator CoverageStatement"
    " RegulatoryEvent MedicinalProduct".split()
)
_NOT_COMPARED = {_LOCATOR, _DATE, _PRECISION}
"""The row, and what restates the dates of an event, which are compared themselves."""

COLUMNS = "change kind thing product substance date fact was is source".split()
STANDINGS = "gone added changed same".split()


@dataclass(frozen=True)
class Snapshot:
    """The facts of one side, by thing; `sources` has those of each thing, `uncompared` counts blank nodes' facts."""

    things: dict[ox.NamedNode, Facts]
    sources: dict[ox.NamedNode, set[ox.NamedNode]]
    labels: dict[str, str]
    uncompared: int


@dataclass(frozen=True)
class Difference:
    """What differs: `changes`, a row each under COLUMNS, and `account`: kind -> the number of things in each standing.

    Of each kind, and in all: the things in old are those gone, changed and the same; in new those added, changed and
    the same. A thing whose kind changed counts under its new one.
    """

    changes: tuple[tuple[Cell, ...], ...]
    account: Mapping[str, Mapping[str, int]]
    labels: Mapping[str, str] = field(default_factory=dict)
    uncompared: int = 0

    def to_answer(self, kinds: Iterable[str] = ()) -> Answer:
        """Return the changes, of some kinds only if any are named. Raises ParameterError for a kind that is not met."""
        wanted = set(kinds)
        for kind in sorted(wanted - self.account.keys()):
            raise ParameterError(
                f"Neither side has a thing of the kind {kind!r}.{did_you_mean(kind, list(self.account))}"
            )
        rows = tuple(row for row in self.changes if not wanted or _text(row[1]) in wanted)
        return Answer("diff", "Changes", tuple(COLUMNS), rows, self.labels)

    def to_account(self) -> Answer:
        """Return the account: a row for each kind of thing, and one for all."""
        rows = [[kind, *map(str, _counts(counts))] for kind, counts in sorted(self.account.items())]
        total = [str(sum(int(row[index]) for row in rows)) for index in range(1, 7)]
        columns = ("kind", "old", "new", *STANDINGS)
        number = ox.NamedNode(STANDARD["xsd"] + "integer")
        cells = (
            (ox.Literal(row[0]), *(ox.Literal(text, datatype=number) for text in row[1:]))
            for row in [*rows, ["all", *total]]
        )
        return Answer("diff", "Account", columns, tuple(cells))

    def _repr_html_(self) -> str:
        """Show the account in a notebook."""
        return self.to_account()._repr_html_()

    def summary(self) -> str:
        """Return the account of all things in one sentence, and what could not be compared."""
        gone, added, changed, same = (
            sum(counts[standing] for counts in self.account.values()) for standing in STANDINGS
        )
        told = (
            f"{gone + changed + same:,} things in old = {gone:,} gone + {changed:,} changed + {same:,} same; "
            f"{added + changed + same:,} in new = {added:,} added + {changed:,} changed + {same:,} same."
        )
        left = f" {self.uncompared:,} facts with blank nodes were not compared." if self.uncompared else ""
        return told + left


def diff(old: Sources, new: Sources) -> Difference:
    """Compare what two sources, or two lists of them, state (see `kg.load` for what a source may be).

    Nothing is inferred: two snapshots are compared as they were written. Raises LoadError.
    """
    before, after = _snapshot(old), _snapshot(new)
    words = _words()
    kinds = {
        node: _kind(after.things.get(node) or before.things[node], words.labels)
        for node in before.things.keys() | after.things.keys()
    }
    account: defaultdict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STANDINGS, 0))
    changes: list[_Change] = []
    for node, kind in kinds.items():
        was, now = before.things.get(node), after.things.get(node)
        side = after if now is not None else before
        found = list(_changes(was, now))
        standing = "gone" if now is None else "added" if was is None else "changed" if found else "same"
        account[kind][standing] += 1
        about, cited = _about(node, side), _cited(side.sources[node], side.labels)
        changes += [(standing, kind, node, *about, *change, cited) for change in found]
    labels = {**words.labels, **before.labels, **after.labels}
    events = {labels[event] for event in words.events}

    def place(change: _Change) -> tuple[object, ...]:
        standing, kind, _ = change[:3]
        rank = 0 if kind in events else 1 if kind == labels[_MEDICINE.value] else 2
        return rank, kind, STANDINGS.index(standing), *map(_text, change[5:1:-1]), *map(_text, change[6:9])

    rows = tuple(
        (ox.Literal(standing), ox.Literal(kind), *cells) for standing, kind, *cells in sorted(changes, key=place)
    )
    return Difference(rows, account, labels, before.uncompared + after.uncompared)


def _counts(counts: Mapping[str, int]) -> tuple[int, ...]:
    gone, added, changed, same = (counts[standing] for standing in STANDINGS)
    return gone + changed + same, added + changed + same, gone, added, changed, same


def _snapshot(sources: Sources) -> Snapshot:
    given = [sources] if isinstance(sources, Path | str) else sources
    things: defaultdict[ox.NamedNode, Facts] = defaultdict(lambda: defaultdict(set))
    graphs: defaultdict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    origins: defaultdict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    uncompared = 0
    for name, path in files(*given, vocabulary=False):
        for quad in read(path, name):
            node, graph = quad.subject, quad.graph_name
            if isinstance(node, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                uncompared += 1
                continue
            assert isinstance(node, ox.NamedNode)
            assert isinstance(quad.object, ox.NamedNode | ox.Literal)
            things[node][quad.predicate].add(quad.object)
            if isinstance(graph, ox.NamedNode):
                graphs[node].add(graph)
            if quad.predicate == _FROM and isinstance(quad.object, ox.NamedNode):
                origins[node].add(quad.object)
    labels = _labels(things)
    about_sources = {*origins, *(source for each in origins.values() for source in each)}
    about_sources |= {node for node, facts in things.items() if _COVERAGE in facts[_A]}
    for node in about_sources:
        things.pop(node, None)
    cited = {node: {source for graph in graphs[node] for source in origins[graph]} for node in things}
    return Snapshot(dict(things), cited, labels, uncompared)


@dataclass(frozen=True)
class _Words:
    """What the ontology calls its classes and codes, and the hand-written facts agencies and regions."""

    labels: dict[str, str]
    events: set[str]


def _words() -> _Words:
    things: defaultdict[ox.NamedNode, Facts] = defaultdict(lambda: defaultdict(set))
    for path in [*places.vocabulary(), *sorted((places.DATA / "reference").glob("*.ttl"))]:
        for quad in read(path, f"{KG}words"):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
                things[quad.subject][quad.predicate].add(quad.object)
    events: set[ox.NamedNode] = {_EVENT}
    while more := {node for node, facts in things.items() if facts[_SUBCLASS] & events} - events:
        events |= more
    return _Words(_labels(things), {event.value for event in events})


def _labels(things: Mapping[ox.NamedNode, Facts]) -> dict[str, str]:
    found = {}
    for node, facts in things.items():
        if named := sorted((o for o in facts.get(_LABEL, ()) if isinstance(o, ox.Literal)), key=_english_first):
            found[node.value] = named[0].value
    return found


def _english_first(literal: ox.Literal) -> tuple[bool, str]:
    return literal.language != "en", literal.value


def _kind(facts: Facts, labels: Mapping[str, str]) -> str:
    kinds = sorted(labels.get(kind.value, kind.value) for kind in facts.get(_A, ()))
    return "; ".join(kinds) or "not stated"


def _about(node: ox.NamedNode, side: Snapshot) -> tuple[Cell, Cell, Cell]:
    """Return the product, the substance and the date of an event, or the substance of a product."""
    facts = side.things[node]
    product = _one(facts, _PRODUCT)
    of_product = side.things.get(product, {}) if isinstance(product, ox.NamedNode) else facts
    return product, _one(facts, _SUBSTANCE) or _one(of_product, _OWN_SUBSTANCE), _one(facts, _DATE)


def _one(facts: Facts, property_: ox.NamedNode) -> Value | None:
    return min(facts.get(property_, ()), key=_text, default=None)


def _changes(was: Facts | None, now: Facts | None) -> Iterator[tuple[Cell, Cell, Cell]]:
    """Yield (fact, was, is): for a thing on one side only its status, if it has one; else a row for each change.

    One value in place of another is one row; where there are several, none is said to have become another.
    """
    if was is None or now is None:
        status = _one(was or now or {}, _STATUS)
        yield _STATUS if status else None, status if now is None else None, status if was is None else None
        return
    for property_ in sorted((was.keys() | now.keys()) - _NOT_COMPARED, key=_text):
        before, after = was.get(property_, set()), now.get(property_, set())
        gone, added = (sorted(values, key=_text) for values in (before - after, after - before))
        if len(gone) == len(added) == 1:
            yield property_, gone[0], added[0]
        else:
            yield from ((property_, value, None) for value in gone)
            yield from ((property_, None, value) for value in added)


def _text(cell: Cell) -> str:
    return "" if cell is None else cell.value


def _cited(sources: Iterable[ox.NamedNode], labels: Mapping[str, str]) -> Cell:
    named = sorted(labels.get(source.value, source.value) for source in sources)
    return ox.Literal("; ".join(named)) if named else None
