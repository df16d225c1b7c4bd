"""The json of a study of ClinicalTrials.gov becomes a record: codes where the registry codes, its words elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.registers import dates
from kg.registers.ctgov_codes import FEATURES, MASKING, PHASES, ROLES, SEXES, SPONSORS, STATUSES, Coded, Remark
from kg.registers.ctgov_results import Results, results
from kg.registers.ctgov_values import Json, at, enum, items, text, texts, whole
from kg.registers.dates import Dated


class NotAStudy(ValueError):
    """Json that is not a study of which facts can be stated: the reason, and the evidence."""

    def __init__(self, reason: str, evidence: str) -> None:
        super().__init__(reason)
        self.reason, self.evidence = reason, evidence


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm as planned; of an observational study, a cohort. `interventions` are as printed: `Drug: Dupilumab`."""

    index: int
    label: str
    role: str
    interventions: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is given or done. Its `kind` is folded (DRUG, DEVICE, ..)."""

    index: int
    kind: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """An endpoint as planned; `kind` is primary, secondary or other."""

    kind: str
    index: int
    title: str
    time_frame: str
    description: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A publication that the record names: background, result, or derived (found by the library, by the number)."""

    kind: str
    pmid: str
    citation: str


@dataclass(frozen=True, slots=True)
class Ages:
    """Ages in completed years, where the record gives years; `text` as it prints them."""

    text: str
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Study:
    """One study. Codes are tails of `code:` IRIs; `dates` has the name of a property of the ontology with each date."""

    nct: str
    interventional: bool
    title: str
    acronym: str
    version: str
    updated: str
    status: str
    phases: tuple[str, ...]
    features: tuple[str, ...]
    dates: tuple[tuple[str, Dated], ...]
    enrolment: int | None
    enrolment_planned: bool
    sponsor: tuple[str, str]
    collaborators: tuple[tuple[str, str], ...]
    conditions: tuple[tuple[str, str | None], ...]
    """Printed name, and the MeSH id of a heading of that name."""
    indexed: tuple[tuple[str, str], ...]
    """MeSH heading and id under which the library files the study."""
    arms: tuple[Arm, ...]
    interventions: tuple[Intervention, ...]
    outcomes: tuple[Outcome, ...]
    sexes: tuple[str, ...]
    ages: Ages | None
    healthy: bool | None
    references: tuple[Reference, ...]
    texts: tuple[str, ...]
    """Summary, description and eligibility criteria, in the sponsor's words."""
    results: Results | None


_DATES = (
    ("startDate", "startDateStruct"),
    ("primaryCompletionDate", "primaryCompletionDateStruct"),
    ("endDate", "completionDateStruct"),
    ("resultsPostedDate", "resultsFirstPostDateStruct"),
)
_EXPECTED = ("ESTIMATED", "ANTICIPATED")
_KINDS = (("primary", "primaryOutcomes"), ("secondary", "secondaryOutcomes"), ("other", "otherOutcomes"))


class Identity(NamedTuple):
    """What a study must tell to be one."""

    nct: str
    interventional: bool
    title: str
    acronym: str


def identity(json: Json) -> Identity:
    """Tell which study it is. Raises NotAStudy."""
    protocol = at(json, "protocolSection")
    module, design = at(protocol, "identificationModule"), at(protocol, "designModule")
    nct, kind = text(module, "nctId"), enum(text(design, "studyType"))
    if not re.fullmatch(r"NCT\d{8}", nct):
        raise NotAStudy("no NCT number" if not nct else "not the form of an NCT number", nct or ", ".join(json))
    if kind not in ("INTERVENTIONAL", "OBSERVATIONAL"):
        reason = "expanded access, not a study" if kind == "EXPANDEDACCESS" else "no study type that is known"
        raise NotAStudy(reason, f"{nct}: {text(design, 'studyType')}")
    title = text(module, "briefTitle") or text(module, "officialTitle")
    if not title:
        raise NotAStudy("no title", nct)
    return Identity(nct, kind == "INTERVENTIONAL", title, text(module, "acronym"))


def study(json: Json, remark: Remark = lambda reason, evidence: None) -> Study:
    """Read one study. Raises NotAStudy; what else is not as the registry documents it is a remark."""
    protocol, derived = at(json, "protocolSection"), at(json, "derivedSection")
    status, design = at(protocol, "statusModule"), at(protocol, "designModule")
    told = identity(json)
    one = Coded(remark)
    version = text(at(derived, "miscInfoModule"), "versionHolder")
    people = at(protocol, "sponsorCollaboratorsModule")
    arms = at(protocol, "armsInterventionsModule")
    eligibility = at(protocol, "eligibilityModule")
    description = at(protocol, "descriptionModule")
    enrolment = at(design, "enrollmentInfo")
    meshes = {text(mesh, "term"): _mesh(text(mesh, "id")) for mesh in items(_browse(derived), "meshes")}
    healthy = eligibility.get("healthyVolunteers")
    return Study(
        nct=told.nct,
        interventional=told.interventional,
        title=told.title,
        acronym=told.acronym,
        version=version,
        updated=text(at(status, "lastUpdatePostDateStruct"), "date"),
        status=one.code("status", text(status, "overallStatus"), STATUSES),
        phases=_distinct(one.code("phase", each, PHASES | {"NA": ""}) for each in texts(design, "phases")),
        features=_distinct(_features(at(design, "designInfo"), one)),
        dates=tuple(_dates(status, version, remark)),
        enrolment=whole(enrolment, "count"),
        enrolment_planned=enum(text(enrolment, "type")) in _EXPECTED,
        sponsor=_sponsor(at(people, "leadSponsor"), one),
        collaborators=tuple(_sponsor(each, one) for each in items(people, "collaborators") if text(each, "name")),
        conditions=tuple(_conditions(texts(at(protocol, "conditionsModule"), "conditions"), meshes)),
        indexed=tuple((heading, id_) for heading, id_ in meshes.items() if heading and id_),
        arms=tuple(_arms(arms, one)),
        interventions=tuple(
            Intervention(index, enum(text(each, "type")), text(each, "name"), text(each, "description"))
            for index, each in enumerate(items(arms, "interventions"), 1)
            if text(each, "name")
        ),
        outcomes=tuple(
            Outcome(kind, index, text(each, "measure"), text(each, "timeFrame"), text(each, "description"))
            for kind, key in _KINDS
            for index, each in enumerate(items(at(protocol, "outcomesModule"), key), 1)
            if text(each, "measure")
        ),
        sexes=SEXES.get(enum(text(eligibility, "sex")), ()),
        ages=_ages(text(eligibility, "minimumAge"), text(eligibility, "maximumAge"), remark),
        healthy=healthy if isinstance(healthy, bool) else {"YES": True, "NO": False}.get(enum(str(healthy))),
        references=tuple(
            Reference(enum(text(each, "type")).lower(), text(each, "pmid"), text(each, "citation"))
            for each in items(at(protocol, "referencesModule"), "references")
        ),
        texts=tuple(
            found
            for module, key in (
                (description, "briefSummary"),
                (description, "detailedDescription"),
                (eligibility, "eligibilityCriteria"),
            )
            if (found := text(module, key))
        ),
        results=results(at(json, "resultsSection")) if at(json, "resultsSection") else None,
    )


def _distinct(codes: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code))


def _features(design: Json, one: Coded) -> Iterator[str]:
    for key, known in FEATURES.items():
        yield one.code(key, text(design, key), known)
    masking = at(design, "maskingInfo")
    yield one.code("masking", text(masking, "masking"), MASKING)
    if {"PARTICIPANT", "INVESTIGATOR"} <= set(map(enum, texts(masking, "whoMasked"))):
        yield "double-blinded"


def _dates(status: Json, version: str, remark: Remark) -> Iterator[tuple[str, Dated]]:
    """Yield dates that have come, and expected ones under another name. Without a type, the day of the record tells."""
    for name, key in _DATES:
        struct = at(status, key)
        printed, kind = text(struct, "date"), enum(text(struct, "type"))
        date = dates.iso(printed)
        if printed and not date:
            remark("not a date", f"{key}: {printed}")
        elif date and name == "resultsPostedDate":
            yield name, date
        elif date:
            expected = kind in _EXPECTED or (kind != "ACTUAL" and bool(version) and date.text > version)
            yield (f"expected{name[0].upper()}{name[1:]}" if expected else name), date


def _sponsor(json: Json, one: Coded) -> tuple[str, str]:
    return text(json, "name"), one.code("class of sponsor", text(json, "class"), SPONSORS)


def _browse(derived: Json) -> Json:
    return at(derived, "conditionBrowseModule")


def _mesh(printed: str) -> str:
    """Return a MeSH descriptor's id; the API pads it in some versions: D000007938 is D007938."""
    match = re.fullmatch(r"D0*(\d{1,9})", printed)
    return f"D{int(match[1]):06}" if match else printed


def _conditions(printed: list[str], meshes: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    folded = {heading.casefold(): id_ for heading, id_ in meshes.items() if id_}
    for name in dict.fromkeys(printed):
        yield name, folded.get(name.casefold())


def _arms(json: Json, one: Coded) -> Iterator[Arm]:
    for index, each in enumerate(items(json, "armGroups"), 1):
        if label := text(each, "label"):
            role = one.code("role of an arm", text(each, "type"), ROLES)
            yield Arm(index, label, role, tuple(texts(each, "interventionNames")), text(each, "description"))


def _ages(minimum: str, maximum: str, remark: Remark) -> Ages | None:
    if not minimum and not maximum:
        return None
    printed = f"{minimum or 'no minimum'} to {maximum or 'no maximum'}"
    return Ages(printed, _years(minimum, remark), _years(maximum, remark))


def _years(printed: str, remark: Remark) -> int | None:
    """Return years; months and less only where they make whole years, for 6 months are not 0 years."""
    match = re.fullmatch(r"(\d{1,3}) (Year|Month|Week|Day|Hour|Minute)s?", printed, re.IGNORECASE)
    if printed and not match and printed.upper() != "N/A":
        remark("not an age", printed)
    if not match or match[2].lower() not in ("year", "month"):
        return None
    count = int(match[1])
    if match[2].lower() == "year":
        return count if count <= 130 else None
    return count // 12 if count % 12 == 0 else None
