"""records -> facts: what a register says, in the words of the ontology."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

import pyoxigraph as ox

from kg.registers.account import Account
from kg.registers.atc import ALTERED, COMBINATIONS
from kg.registers.conditions import ConditionMatch, Matcher
from kg.registers.described import Described, called, organization_of
from kg.registers.names import slug
from kg.registers.records import Event, Product, Record
from kg.registers.substances import Match, Resolver
from kg.registers.terms import LABEL, A, dated, english, iri, term, typed

_ATC = re.compile(r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?")
_ATC_LEVELS = (1, 3, 4, 5, 7)
"""Length of an ATC code at each level."""


class Facts:
    """Writes records as triples. Each thing that records share (a substance, a class) is described once.

    `with_text` keeps the agency's own sentences. Unusable details of a row are remarks in the account.
    """

    def __init__(
        self,
        substances: Resolver,
        conditions: Matcher,
        account: Account,
        *,
        with_text: bool = False,
        described: Described | None = None,
    ) -> None:
        self._substances = substances
        self._conditions = conditions
        self._account = account
        self._with_text = with_text
        self._described = described or Described()

    def of(self, record: Record) -> Iterator[ox.Triple]:
        """Yield the facts of a record."""
        where = ox.Literal(record.locator)
        product = None
        if record.product:
            product = iri("product", record.product.key)
            yield ox.Triple(product, A, term("kg:MedicinalProduct"))
            yield from self._product(product, record.product, record.locator)
            yield ox.Triple(product, term("kg:locator"), where)
        for event in record.events:
            node = iri("event", event.key)
            yield ox.Triple(node, A, term(f"kg:{event.kind}"))
            if product:
                yield ox.Triple(node, term("kg:forProduct"), product)
            yield from self._event(node, event, bool(product))
            yield ox.Triple(node, term("kg:locator"), ox.Literal(event.locator) if event.locator else where)

    def _product(self, node: ox.NamedNode, product: Product, locator: str) -> Iterator[ox.Triple]:
        yield ox.Triple(node, LABEL, english(product.name or product.substance))
        for name in product.other_names:
            yield ox.Triple(node, term("skos:altLabel"), english(name))
        for identifier in product.identifiers:
            yield ox.Triple(node, term("dcterms:identifier"), ox.Literal(identifier))
        if product.status:
            yield ox.Triple(node, term("kg:hasStatus"), iri("code", product.status))
        yield from self._companies(node, product.companies)
        if product.substance or product.components:
            match = self._match(product)
            substance = iri("drug", match.key)
            yield ox.Triple(node, term("kg:hasSubstance"), substance)
            yield ox.Triple(node, term("kg:substanceText"), ox.Literal(match.printed))
            yield ox.Triple(node, term("kg:hasMatchMethod"), iri("code", f"match-{match.method}"))
            yield from self._described.substance(match)
            yield from self._classes(substance, product, locator, single=len(match.parts) == 1)
        for area in product.areas:
            for concept in self._named(area):
                yield from concept.described
                yield ox.Triple(node, term("kg:hasTherapeuticArea"), concept.node)

    def _match(self, product: Product) -> Match:
        match = self._substances.resolve(product.substance, product.components or None)
        if match.parts or not product.common_name:
            return match
        other = self._substances.resolve(product.common_name)
        return other if other.parts else match

    def _event(self, node: ox.NamedNode, event: Event, has_product: bool) -> Iterator[ox.Triple]:
        by = "kg:grantedBy" if event.kind in _APPROVALS else "kg:issuedBy"
        yield ox.Triple(node, term(by), iri("agency", event.agency))
        if event.date:
            yield from dated(node, event.date)
        if event.status:
            yield ox.Triple(node, term("kg:hasStatus"), iri("code", event.status))
        if event.application_type:
            yield ox.Triple(node, term("kg:hasApplicationType"), iri("code", event.application_type))
        for provision in event.provisions:
            yield ox.Triple(node, term("kg:hasProvision"), iri("code", provision))
        for identifier in event.identifiers:
            yield ox.Triple(node, term("dcterms:identifier"), ox.Literal(identifier))
        yield from self._companies(node, event.companies)
        if event.substance and not has_product:
            match = self._substances.resolve(event.substance)
            substance = iri("drug", match.key)
            yield ox.Triple(node, term("kg:forSubstance"), substance)
            yield from self._described.substance(match)
        yield from self._indication(node, event)

    def _indication(self, node: ox.NamedNode, event: Event) -> Iterator[ox.Triple]:
        concepts: dict[ox.NamedNode, _Concept] = {}
        for concept in chain.from_iterable(map(self._named, event.headings)):
            concepts.setdefault(concept.node, concept)  # of one node, only the first is described
        if event.words:
            for concept in self._known(self._conditions.words(event.words)):
                concepts.setdefault(concept.node, concept)
        if not concepts and not (self._with_text and event.words):
            return
        indication = iri("indication", event.key)
        link = "kg:approvesIndication" if event.kind in _APPROVALS else "kg:forIndication"
        yield ox.Triple(node, term(link), indication)
        yield ox.Triple(indication, A, term("kg:Indication"))
        named = ", ".join(concept.label for concept in concepts.values())
        yield ox.Triple(indication, LABEL, english(named or "as its source words it"))
        for concept in concepts.values():
            yield from concept.described
            yield ox.Triple(indication, term("kg:forCondition"), concept.node)
        if self._with_text and event.words:
            yield ox.Triple(indication, term("kg:sourceText"), ox.Literal(event.words))

    def _companies(self, node: ox.NamedNode, names: Iterable[str]) -> Iterator[ox.Triple]:
        for name in names:
            yield ox.Triple(node, term("kg:hasCompany"), organization_of(name))
            yield from self._described.organization(name)

    def _classes(self, substance: ox.NamedNode, product: Product, locator: str, *, single: bool) -> Iterator[ox.Triple]:
        for code in dict.fromkeys(ALTERED.get(printed, printed) for printed in product.atc):
            if not _ATC.fullmatch(code):
                self._account.remark("", locator, "not the form of an ATC code", code)
                continue
            if single and COMBINATIONS.match(code):
                self._account.remark("", locator, "ATC code of a combination on one substance", code)
                continue
            levels = [code[:length] for length in _ATC_LEVELS if length <= len(code)]
            yield ox.Triple(substance, term("kg:inDrugClass"), iri("drugclass", f"atc-{code}"))
            for number, (level, above) in enumerate(zip(levels, [None, *levels], strict=False), 1):
                node = iri("drugclass", f"atc-{level}")
                broader = iri("drugclass", f"atc-{above}") if above else None
                depth = ox.Triple(node, term("kg:classLevel"), typed(str(number), "integer"))
                yield from self._described.once(node, chain(drug_class(node, level, "atc", broader), [depth]))
        for name in product.pharmacologic_classes:
            node = iri("drugclass", f"epc-{slug(name)}")
            yield ox.Triple(substance, term("kg:inDrugClass"), node)
            yield from self._described.once(node, drug_class(node, name, "established-pharmacologic-class"))

    def _named(self, heading: str) -> list[_Concept]:
        """The concepts of a heading; one that no vocabulary knows is a concept of its own, without matches."""
        match = self._conditions.heading(heading)
        if match.concepts:
            return self._known(match)
        node = iri("condition", slug(heading))
        return [_Concept(node, heading, list(self._described.condition(node, heading, known=False)))]

    def _known(self, match: ConditionMatch) -> list[_Concept]:
        found = []
        for concept in match.concepts:
            node = iri("condition", concept.key)
            described = list(self._described.condition(node, concept.label, known=True))
            found.append(_Concept(node, concept.label, described))
        return found


class _Concept(NamedTuple):
    """A condition as an indication refers to it; `described` is empty when an earlier fact describes it."""

    node: ox.NamedNode
    label: str
    described: list[ox.Triple]


_APPROVALS = {"Approval", "InitialApproval", "LabelExtension", "IndicationExtension"}


def drug_class(node: ox.NamedNode, name: str, scheme: str, broader: ox.NamedNode | None = None) -> Iterator[ox.Triple]:
    """Yield the facts of a drug class; an ATC class is called by its code, since its names are not free."""
    yield from called(node, "kg:DrugClass", name, scheme)
    if scheme == "atc":
        yield ox.Triple(node, term("skos:notation"), ox.Literal(name))
    if broader:
        yield ox.Triple(node, term("skos:broader"), broader)
