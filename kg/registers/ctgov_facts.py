"""Studies of ClinicalTrials.gov become facts: the trial, its arms and endpoints, who may take part, what was found."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from kg.registers import ctgov_codes as codes
from kg.registers.account import Account
from kg.registers.ctgov_nodes import Endpoints, Groups
from kg.registers.ctgov_records import Arm, Outcome, Study
from kg.registers.ctgov_result_facts import Around, ResultFacts
from kg.registers.ctgov_things import (
    PLACEBO,
    Conditions,
    Substances,
    names_of,
    thing,
    without_type,
)
from kg.registers.described import Described, organization_of
from kg.registers.names import slug
from kg.registers.terms import LABEL, A, english, iri, moment, term, typed

_GIVEN = ("DRUG", "BIOLOGICAL", "COMBINATIONPRODUCT", "GENETIC", "DIETARYSUPPLEMENT")
"""Types of intervention whose names are looked up as substances."""
_REGISTRY = "https://clinicaltrials.gov/study/"
_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/"


class TrialFacts:
    """Writes studies as triples. Each thing that studies share (a company, a unit) is described once.

    `with_text` keeps the sponsors' own sentences; titles and labels are kept always.
    """

    def __init__(
        self,
        substances: Substances,
        conditions: Conditions,
        account: Account,
        *,
        with_text: bool = False,
        described: Described | None = None,
    ) -> None:
        self._substances = substances
        self._conditions = conditions
        self._with_text = with_text
        self._described = described or Described()
        self._results = ResultFacts(self._described, account, with_text=with_text)

    def of(self, study: Study) -> Iterator[ox.Triple]:
        """Yield the facts of a study."""
        trial = thing("trial", study.nct)
        yield from self._identity(trial, study)
        yield from self._design(trial, study)
        yield from self._people(trial, study)
        yield from self._about(trial, study)
        groups = Groups(study)
        regimens = dict(self._regimens(study))
        for node, arm in groups.arms:
            yield from self._arm(trial, node, arm, study)
            for name in dict.fromkeys(without_type(each).casefold() for each in arm.interventions):
                if name in regimens:
                    yield ox.Triple(node, term("kg:hasRegimen"), regimens[name][0].subject)
        for facts in regimens.values():
            yield from facts
        endpoints = Endpoints(study)
        for outcome in endpoints.outcomes:
            yield from self._endpoint(trial, outcome, endpoints)
        yield from self._eligibility(trial, study)
        yield from self._references(trial, study)
        if study.results:
            around = Around(study.nct, trial, groups.node, groups.control, endpoints.of)
            yield from self._results.of(study.results, around)
            yield from groups.facts(trial)

    def _identity(self, trial: ox.NamedNode, study: Study) -> Iterator[ox.Triple]:
        yield ox.Triple(trial, A, term("kg:ClinicalTrial" if study.interventional else "kg:ObservationalStudy"))
        yield ox.Triple(trial, LABEL, english(study.acronym or study.title))
        yield ox.Triple(trial, term("dcterms:title"), english(study.title))
        yield ox.Triple(trial, term("dcterms:identifier"), ox.Literal(study.nct))
        yield ox.Triple(trial, term("skos:exactMatch"), ox.NamedNode(_REGISTRY + study.nct))
        yield ox.Triple(trial, term("kg:locator"), ox.Literal(study.nct))
        if study.acronym:
            yield ox.Triple(trial, term("kg:acronym"), ox.Literal(study.acronym))
        if self._with_text:
            for words in study.texts:
                yield ox.Triple(trial, term("kg:sourceText"), ox.Literal(words))

    def _design(self, trial: ox.NamedNode, study: Study) -> Iterator[ox.Triple]:
        if study.status:
            yield ox.Triple(trial, term("kg:hasRecruitmentStatus"), iri("code", study.status))
        for phase in study.phases:
            yield ox.Triple(trial, term("kg:hasPhase"), iri("code", phase))
        features = list(study.features)
        if any(arm.role == "placebo-comparator" for arm in study.arms):
            features.append("placebo-controlled")
        for feature in features:
            yield ox.Triple(trial, term("kg:hasDesignFeature"), iri("code", feature))
        for name, date in study.dates:
            yield ox.Triple(trial, term(f"kg:{name}"), moment(date))
        if study.enrolment is not None:
            name = "plannedEnrolment" if study.enrolment_planned else "enrolment"
            yield ox.Triple(trial, term(f"kg:{name}"), typed(str(study.enrolment), "integer"))

    def _people(self, trial: ox.NamedNode, study: Study) -> Iterator[ox.Triple]:
        sponsors = [("kg:hasSponsor", study.sponsor)] if study.sponsor[0] else []
        for link, (name, kind) in [*sponsors, *(("kg:hasCollaborator", each) for each in study.collaborators)]:
            node = organization_of(name)
            yield ox.Triple(trial, term(link), node)
            yield from self._described.organization(name)
            if kind:
                kinds = ox.Triple(node, term("kg:hasSponsorClass"), iri("code", kind))
                yield from self._described.once(kinds, [kinds])

    def _about(self, trial: ox.NamedNode, study: Study) -> Iterator[ox.Triple]:
        """Yield the conditions that the sponsor names, and those that the library files the study under."""
        links = [("kg:forCondition", printed, mesh) for printed, mesh in study.conditions]
        links += [("kg:indexedUnder", heading, mesh) for heading, mesh in study.indexed]
        for link, printed, mesh in links:
            if link == "kg:forCondition":
                yield ox.Triple(trial, term("kg:conditionText"), ox.Literal(printed))
            match = self._conditions.heading(printed, mesh)
            found = [(iri("condition", concept.key), concept.label) for concept in match.concepts]
            for node, label in found or [(iri("condition", slug(printed)), printed)]:
                yield ox.Triple(trial, term(link), node)
                yield from self._described.condition(node, label, known=bool(found))

    def _arm(self, trial: ox.NamedNode, node: ox.NamedNode, arm: Arm, study: Study) -> Iterator[ox.Triple]:
        yield ox.Triple(trial, term("kg:hasArm" if study.interventional else "kg:hasCohort"), node)
        yield ox.Triple(node, A, term("kg:Arm" if study.interventional else "kg:Cohort"))
        yield ox.Triple(node, LABEL, english(arm.label))
        yield ox.Triple(node, term("kg:locator"), ox.Literal(f"{study.nct}, arm {arm.index}"))
        if arm.role:
            yield ox.Triple(node, term("kg:hasArmRole"), iri("code", arm.role))
        if arm.description and self._with_text:
            yield ox.Triple(node, term("kg:sourceText"), ox.Literal(arm.description))
        for printed in arm.interventions:
            yield ox.Triple(node, term("kg:interventionText"), ox.Literal(printed))

    def _regimens(self, study: Study) -> Iterator[tuple[str, list[ox.Triple]]]:
        """Yield what arms are given, by printed name; a name that is no known substance's may be none, and is left."""
        named = {without_type(each).casefold() for arm in study.arms for each in arm.interventions}
        for each in study.interventions:
            if each.kind not in _GIVEN or each.name.casefold() not in named or PLACEBO.search(each.name):
                continue
            tried = map(self._substances.resolve, names_of(each.name))
            if match := next((match for match in tried if match.method != "unmatched"), None):
                regimen = thing("regimen", f"{study.nct}-intervention-{each.index}")
                yield (
                    each.name.casefold(),
                    [
                        ox.Triple(regimen, A, term("kg:DosageRegimen")),
                        ox.Triple(regimen, term("kg:givesSubstance"), iri("drug", match.key)),
                        ox.Triple(regimen, term("kg:substanceText"), ox.Literal(each.name)),
                        ox.Triple(regimen, term("kg:hasMatchMethod"), iri("code", f"match-{match.method}")),
                        ox.Triple(regimen, term("kg:locator"), ox.Literal(f"{study.nct}, intervention {each.index}")),
                        *self._described.substance(match),
                    ],
                )

    def _endpoint(self, trial: ox.NamedNode, it: Outcome, known: Endpoints) -> Iterator[ox.Triple]:
        node, outcome = known.nodes(it)
        yield ox.Triple(trial, term(_ENDPOINTS.get(it.kind, "kg:hasEndpoint")), node)
        yield ox.Triple(node, A, term("kg:Endpoint"))
        yield ox.Triple(node, LABEL, english(it.title))
        yield ox.Triple(node, term("kg:measures"), outcome)
        yield ox.Triple(node, term("kg:locator"), ox.Literal(known.locator(it)))
        if it.time_frame:
            yield ox.Triple(node, term("kg:timeFrame"), ox.Literal(it.time_frame))
        if assessor := codes.assessor(it.title):
            yield ox.Triple(node, term("kg:assessedBy"), iri("code", assessor))
        if it.description and self._with_text:
            yield ox.Triple(node, term("kg:sourceText"), ox.Literal(it.description))
        if known.is_own(it):
            yield ox.Triple(outcome, A, term("kg:Outcome"))
            yield ox.Triple(outcome, LABEL, english(it.title))

    def _eligibility(self, trial: ox.NamedNode, study: Study) -> Iterator[ox.Triple]:
        for sex in study.sexes:
            yield ox.Triple(trial, term("kg:admitsSex"), iri("code", sex))
        if study.healthy is not None:
            yield ox.Triple(trial, term("kg:healthyVolunteers"), typed(str(study.healthy).lower(), "boolean"))
        if study.ages:
            node = thing("criterion", f"{study.nct}-age")
            yield ox.Triple(trial, term("kg:hasCriterion"), node)
            yield ox.Triple(node, A, term("kg:InclusionCriterion"))
            yield ox.Triple(node, LABEL, english(f"age: {study.ages.text}"))
            yield ox.Triple(node, term("kg:locator"), ox.Literal(f"{study.nct}, eligibility"))
            for name, years in (("minimumAge", study.ages.minimum), ("maximumAge", study.ages.maximum)):
                if years is not None:
                    yield ox.Triple(node, term(f"kg:{name}"), typed(str(years), "integer"))

    def _references(self, trial: ox.NamedNode, study: Study) -> Iterator[ox.Triple]:
        for reference in study.references:
            if not re.fullmatch(r"\d{1,9}", reference.pmid):
                continue
            node = thing("source", f"pubmed-{reference.pmid}")
            yield ox.Triple(trial, term(_REFERENCES.get(reference.kind, "dcterms:references")), node)
            yield ox.Triple(node, A, term("kg:JournalArticle"))
            yield ox.Triple(node, LABEL, english(f"PubMed {reference.pmid}"))
            yield ox.Triple(node, term("skos:exactMatch"), ox.NamedNode(f"{_PUBMED}{reference.pmid}/"))
            if self._with_text and reference.citation:
                yield ox.Triple(node, term("dcterms:bibliographicCitation"), ox.Literal(reference.citation))


_ENDPOINTS = {
    "primary": "kg:hasPrimaryEndpoint",
    "reported-primary": "kg:hasPrimaryEndpoint",
    "secondary": "kg:hasSecondaryEndpoint",
    "reported-secondary": "kg:hasSecondaryEndpoint",
}
_REFERENCES = {"result": "kg:reportedIn", "derived": "dcterms:isReferencedBy", "background": "dcterms:references"}
"""Derived references are articles that name the trial's number; the library found them, the sponsor did not."""
