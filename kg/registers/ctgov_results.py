"""The results section of a study: what was measured in which group, what was compared, and who was harmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.registers.ctgov_values import Json, Number, at, enum, items, number, p_value, text, texts, whole


@dataclass(frozen=True, slots=True)
class Group:
    """A group for which results are reported; `id` counts within its table."""

    id: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number for a group. `row` holds the titles of its rows; `place` tells class and category in a locator."""

    group: Group
    place: str
    row: str
    value: Number
    spread: Number
    low: Number
    high: Number
    analysed: int | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """A comparison, or a test, of groups."""

    index: int
    groups: tuple[Group, ...]
    method: str
    parameter: str
    value: Number
    p: Number
    level: str
    low: Number
    high: Number
    one_sided: bool | None
    spread: Number
    spread_kind: str
    description: str


@dataclass(frozen=True, slots=True)
class Measure:
    """An outcome measure as reported."""

    index: int
    kind: str
    title: str
    time_frame: str
    description: str
    parameter: str
    dispersion: str
    unit: str
    measurements: tuple[Measurement, ...]
    analyses: tuple[Analysis, ...]


@dataclass(frozen=True, slots=True)
class EventCount:
    """In how many participants of a group an adverse event was seen; no term for all events of a kind together."""

    key: str
    locator: str
    group: Group
    kind: Literal["serious", "other", "death"]
    term: str
    system: str
    affected: int
    at_risk: int | None


@dataclass(frozen=True, slots=True)
class Results:
    """What the results section says."""

    started: tuple[tuple[Group, int], ...]
    measures: tuple[Measure, ...]
    events: tuple[EventCount, ...]
    threshold: str


def results(json: Json) -> Results:
    """Read a results section."""
    measures = enumerate(items(at(json, "outcomeMeasuresModule"), "outcomeMeasures"), 1)
    harm = at(json, "adverseEventsModule")
    return Results(
        tuple(_started(at(json, "participantFlowModule"))),
        tuple(_measure(index, measure) for index, measure in measures),
        tuple(_events(harm)),
        number(text(harm, "frequencyThreshold"), percent=True).value,
    )


def _groups(json: Json, key: str = "groups") -> dict[str, Group]:
    found = (Group(text(each, "id"), text(each, "title"), text(each, "description")) for each in items(json, key))
    return {group.id: group for group in found if group.id and group.title}


def _started(flow: Json) -> Iterator[tuple[Group, int]]:
    """Yield who started, of a flow of one period; several can mix, repeat and regroup the participants."""
    groups, periods = _groups(flow), items(flow, "periods")
    for period in periods if len(periods) == 1 else ():
        for milestone in items(period, "milestones"):
            if enum(text(milestone, "type")) == "STARTED":
                for achieved in items(milestone, "achievements"):
                    group, started = groups.get(text(achieved, "groupId")), whole(achieved, "numSubjects")
                    if group and started is not None:
                        yield group, started


def _measure(index: int, json: Json) -> Measure:
    groups = _groups(json)
    percent = "percent" in text(json, "unitOfMeasure").lower() or text(json, "unitOfMeasure") == "%"
    return Measure(
        index,
        enum(text(json, "type")),
        text(json, "title"),
        text(json, "timeFrame"),
        text(json, "description"),
        enum(text(json, "paramType")),
        text(json, "dispersionType"),
        text(json, "unitOfMeasure"),
        tuple(_measurements(json, groups, percent)),
        tuple(_analysis(number, each, groups) for number, each in enumerate(items(json, "analyses"), 1)),
    )


def _measurements(json: Json, groups: Mapping[str, Group], percent: bool) -> Iterator[Measurement]:
    overall = _analysed(json)
    classes = items(json, "classes")
    for number_of_class, class_ in enumerate(classes, 1):
        analysed = overall | _analysed(class_)
        categories = items(class_, "categories")
        for number_of_category, category in enumerate(categories, 1):
            row = " / ".join(filter(None, (text(class_, "title"), text(category, "title"))))
            place = f", class {number_of_class}" if len(classes) > 1 else ""
            place += f", category {number_of_category}" if len(categories) > 1 else ""
            for each in items(category, "measurements"):
                group = groups.get(text(each, "groupId"))
                if group and text(each, "value"):
                    value, spread, low, high = (
                        number(text(each, key), percent=percent)
                        for key in ("value", "spread", "lowerLimit", "upperLimit")
                    )
                    yield Measurement(group, place, row, value, spread, low, high, analysed.get(group.id))


def _analysed(json: Json) -> dict[str, int]:
    """Group -> participants analysed; what is counted in other units (eyes, lesions) is left out."""
    return {
        text(count, "groupId"): found
        for denominator in items(json, "denoms")
        if enum(text(denominator, "units")) == "PARTICIPANTS"
        for count in items(denominator, "counts")
        if (found := whole(count, "value")) is not None
    }


def _analysis(index: int, json: Json, groups: Mapping[str, Group]) -> Analysis:
    sides = enum(text(json, "ciNumSides"))
    return Analysis(
        index,
        tuple(groups[each] for each in texts(json, "groupIds") if each in groups),
        text(json, "statisticalMethod"),
        text(json, "paramType"),
        number(text(json, "paramValue")),
        p_value(text(json, "pValue")),
        number(text(json, "ciPctValue"), percent=True).value,
        number(text(json, "ciLowerLimit")),
        number(text(json, "ciUpperLimit")),
        None if not sides else sides.startswith("ONE") or sides.startswith("1"),
        number(text(json, "dispersionValue")),
        text(json, "dispersionType"),
        text(json, "groupDescription"),
    )


def _events(json: Json) -> Iterator[EventCount]:
    groups = _groups(json, "eventGroups")
    for each in items(json, "eventGroups"):
        if group := groups.get(text(each, "id")):
            for kind, prefix in (("serious", "serious"), ("other", "other"), ("death", "deaths")):
                affected = whole(each, f"{prefix}NumAffected")
                if affected is not None:
                    at_risk = whole(each, f"{prefix}NumAtRisk")
                    place = f"adverse event group {group.id}, {kind}"
                    yield EventCount(f"{kind}-{group.id}", place, group, kind, "", "", affected, at_risk)  # type: ignore[arg-type]
    for kind in ("serious", "other"):
        for index, event in enumerate(items(json, f"{kind}Events"), 1):
            for each in items(event, "stats"):
                group, affected = groups.get(text(each, "groupId")), whole(each, "numAffected")
                if group and affected is not None and text(event, "term"):
                    yield EventCount(
                        f"{kind}-{index}-{group.id}",
                        f"{kind} event {index}, {group.id}",
                        group,
                        kind,  # type: ignore[arg-type]
                        text(event, "term"),
                        text(event, "organSystem"),
                        affected,
                        whole(each, "numAtRisk"),
                    )
