"""The results of a study become facts. A number is stated where its text is a plain one; the text always is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from kg.registers import ctgov_codes as codes
from kg.registers.account import Account
from kg.registers.ctgov_results import Analysis, EventCount, Group, Measure, Measurement, Results
from kg.registers.ctgov_things import concept, concept_of, thing
from kg.registers.ctgov_values import Number, enum
from kg.registers.described import Described
from kg.registers.terms import A, iri, term, typed

_LONGEST_ROW = 60
"""Characters up to which the description of an analysis is a title (`Week 2`) and not a text."""


@dataclass(frozen=True)
class Around:
    """What results refer to: their trial, which node a group of it is, and how far that is a control."""

    nct: str
    trial: ox.NamedNode
    arm: Callable[[Group], ox.NamedNode]
    control: Callable[[Group], int | None]
    endpoint: Callable[[Measure], tuple[ox.NamedNode, ox.NamedNode]]
    """The endpoint that a measure reports, and the outcome that this measures."""


class ResultFacts:
    """Writes the results of studies as triples."""

    def __init__(self, described: Described, account: Account, *, with_text: bool) -> None:
        self._described = described
        self._account = account
        self._with_text = with_text

    def of(self, results: Results, around: Around) -> Iterator[ox.Triple]:
        """Yield the facts of a results section."""
        for measure in results.measures:
            endpoint, outcome = around.endpoint(measure)
            for measurement in measure.measurements:
                yield from self._measurement(measurement, measure, endpoint, outcome, around)
            for analysis in measure.analyses:
                yield from self._analysis(analysis, measure, endpoint, outcome, around)
        if results.threshold:
            yield ox.Triple(around.trial, term("kg:reportingThreshold"), typed(results.threshold, "decimal"))
        for event in results.events:
            yield from self._event(event, around)

    def _measurement(
        self, it: Measurement, measure: Measure, endpoint: ox.NamedNode, outcome: ox.NamedNode, around: Around
    ) -> Iterator[ox.Triple]:
        where = f"{around.nct}, outcome {measure.index}{it.place}, {it.group.id}"
        node = thing("result", _tail(where))
        yield from self._result(node, "ArmResult", endpoint, outcome, around, where)
        yield ox.Triple(node, term("kg:ofArm"), around.arm(it.group))
        if it.row:
            yield ox.Triple(node, term("kg:rowTitle"), ox.Literal(it.row))
        if it.analysed is not None:
            yield ox.Triple(node, term("kg:participants"), typed(str(it.analysed), "integer"))
        unit, statistic = codes.unit(measure.unit), codes.PARAMETERS.get(measure.parameter, "")
        if unit == "percent" and statistic == "number":
            statistic = "proportion"
        yield from self._kind(node, "kg:hasStatistic", "statistic", statistic, measure.parameter or "number")
        yield from self._kind(node, "kg:hasUnit", "unit", unit, measure.unit or "unit not stated")
        confidence = codes.is_confidence(measure.dispersion)
        level = codes.confidence_level(measure.dispersion)
        yield from self._point(node, it.value, where)
        if confidence:
            yield from self._interval(node, level, it.low, it.high, it.value, where)
        else:
            yield from self._dispersion(node, measure.dispersion, it.spread, it.low, it.high, where)
        limits = [it.low.text, it.high.text] if it.low.text or it.high.text else []
        beside = [it.spread.text] if it.spread.text else []
        reported = it.value.text
        if limits or beside:
            name = (f"{level}% CI" if level else "CI") if confidence else measure.dispersion
            told = "; ".join([*beside, " to ".join(limit or "not given" for limit in limits)] if limits else beside)
            reported += f" ({name} {told})"
        yield ox.Triple(node, term("kg:reportedText"), ox.Literal(reported))

    def _analysis(
        self, it: Analysis, measure: Measure, endpoint: ox.NamedNode, outcome: ox.NamedNode, around: Around
    ) -> Iterator[ox.Triple]:
        where = f"{around.nct}, outcome {measure.index}, analysis {it.index}"
        if not it.groups:
            self._account.remark("", where, "an analysis of no group that its measure has")
            return
        node = thing("result", _tail(where))
        tested = _tested(it.groups, around)
        yield from self._result(node, "ComparativeResult" if tested else "Result", endpoint, outcome, around, where)
        if tested:
            yield ox.Triple(node, term("kg:comparesArm"), around.arm(tested[0]))
            yield ox.Triple(node, term("kg:againstArm"), around.arm(tested[1]))
        else:
            for arm in dict.fromkeys(map(around.arm, it.groups)):
                yield ox.Triple(node, term("kg:involvesArm"), arm)
        if it.method:
            yield ox.Triple(node, term("kg:statisticalMethod"), ox.Literal(it.method))
        if it.description and len(it.description) <= _LONGEST_ROW:
            yield ox.Triple(node, term("kg:rowTitle"), ox.Literal(it.description))
        elif it.description and self._with_text:
            yield ox.Triple(node, term("kg:sourceText"), ox.Literal(it.description))
        yield from self._parameter(node, it, measure, where)
        yield from self._point(node, it.value, where)
        yield from self._interval(node, it.level, it.low, it.high, it.value, where)
        if (it.low.value or it.high.value) and it.one_sided is not None:
            yield ox.Triple(node, term("kg:oneSided"), typed(str(it.one_sided).lower(), "boolean"))
        if it.spread.text:
            yield from self._dispersion(node, it.spread_kind, it.spread, Number(""), Number(""), where)
        if it.p.value:
            yield ox.Triple(node, term("kg:pOperator"), ox.Literal(it.p.operator))
            yield ox.Triple(node, term("kg:pValue"), typed(it.p.value, "decimal"))
        elif it.p.text:
            self._account.remark("", where, "P that is no number from 0 to 1", it.p.text)
        if reported := _reported(it):
            yield ox.Triple(node, term("kg:reportedText"), ox.Literal(reported))

    def _parameter(self, node: ox.NamedNode, it: Analysis, measure: Measure, where: str) -> Iterator[ox.Triple]:
        """Yield statistic and unit. The registry names no unit: ratios have none, differences that of the measure."""
        statistic = codes.statistic(it.parameter) if it.parameter else "test"
        if statistic in codes.RATIOS and it.value.value.startswith("-"):
            self._account.remark(
                "", where, "a ratio below 0, perhaps its logarithm", f"{it.parameter}: {it.value.text}"
            )
            statistic = ""
        yield from self._kind(node, "kg:hasStatistic", "statistic", statistic, it.parameter)
        unit = ""
        if statistic == "test" or codes.is_pure(it.parameter):
            unit = "ratio"
        elif statistic in codes.DIFFERENCES and measure.unit:
            yield from self._kind(node, "kg:hasUnit", "unit", codes.unit(measure.unit), measure.unit)
            return
        yield from self._kind(node, "kg:hasUnit", "unit", unit or "unit-not-stated", "")

    def _result(
        self,
        node: ox.NamedNode,
        kind: str,
        endpoint: ox.NamedNode,
        outcome: ox.NamedNode,
        around: Around,
        where: str,
    ) -> Iterator[ox.Triple]:
        yield ox.Triple(around.trial, term("kg:hasResult"), node)
        yield ox.Triple(node, A, term(f"kg:{kind}"))
        yield ox.Triple(node, term("kg:measures"), outcome)
        yield ox.Triple(node, term("kg:answersEndpoint"), endpoint)
        yield ox.Triple(node, term("kg:locator"), ox.Literal(where))

    def _kind(self, node: ox.NamedNode, link: str, kind: str, code: str, printed: str) -> Iterator[ox.Triple]:
        """Yield a statistic or a unit: a code of the ontology, else the concept of the printed words."""
        if code:
            yield ox.Triple(node, term(link), iri("code", code))
        else:
            yield from self._concept(kind, printed, kind)
            yield ox.Triple(node, term(link), concept_of(kind, printed))

    def _point(self, node: ox.NamedNode, value: Number, where: str) -> Iterator[ox.Triple]:
        if value.value:
            yield ox.Triple(node, term("kg:value"), typed(value.value, "decimal"))
            if value.operator:
                yield ox.Triple(node, term("kg:valueOperator"), ox.Literal(value.operator))
        elif value.low:
            yield ox.Triple(node, term("kg:rangeLow"), typed(value.low, "decimal"))
            yield ox.Triple(node, term("kg:rangeHigh"), typed(value.high, "decimal"))
        elif not value.understood:
            self._account.remark("", where, "not a plain number", value.text)

    def _interval(
        self, node: ox.NamedNode, level: str, low: Number, high: Number, value: Number, where: str
    ) -> Iterator[ox.Triple]:
        if not self._usable(low, high, where):
            return
        if value.value and not _holds(low, value, high):
            self._account.remark("", where, "an estimate outside its confidence interval", value.text)
        if level and (low.value or high.value):
            datatype = "decimal" if "." in level else "integer"
            yield ox.Triple(node, term("kg:confidenceLevel"), typed(level, datatype))
        for name, limit in (("confidenceLow", low), ("confidenceHigh", high)):
            if limit.value:
                yield ox.Triple(node, term(f"kg:{name}"), typed(limit.value, "decimal"))

    def _dispersion(
        self, node: ox.NamedNode, kind: str, spread: Number, low: Number, high: Number, where: str
    ) -> Iterator[ox.Triple]:
        found = (("dispersion", spread), ("dispersionLow", low), ("dispersionHigh", high))
        if not self._usable(low, high, where) or not any(limit.value for _, limit in found):
            return
        yield from self._kind(
            node, "kg:hasDispersionKind", "statistic", codes.DISPERSIONS.get(enum(kind), ""), kind or "dispersion"
        )
        for name, limit in found:
            if limit.value and not limit.operator:
                yield ox.Triple(node, term(f"kg:{name}"), typed(limit.value, "decimal"))

    def _usable(self, low: Number, high: Number, where: str) -> bool:
        """Whether limits can be stated: as points, the lower one below."""
        if low.operator or high.operator:
            self._account.remark("", where, "a limit that is a bound", f"{low.text} to {high.text}")
            return False
        if low.value and high.value and Decimal(low.value) > Decimal(high.value):
            self._account.remark("", where, "limits in the wrong order", f"{low.text} to {high.text}")
            return False
        return True

    def _event(self, it: EventCount, around: Around) -> Iterator[ox.Triple]:
        node = thing("count", f"{around.nct}-{it.key}")
        yield ox.Triple(around.trial, term("kg:hasAdverseEventCount"), node)
        yield ox.Triple(node, A, term("kg:AdverseEventCount"))
        yield ox.Triple(node, term("kg:measures"), iri("code", _HARM[it.kind]))
        yield ox.Triple(node, term("kg:ofArm"), around.arm(it.group))
        yield ox.Triple(node, term("kg:affected"), typed(str(it.affected), "integer"))
        if it.at_risk is not None:
            yield ox.Triple(node, term("kg:participants"), typed(str(it.at_risk), "integer"))
        yield ox.Triple(node, term("kg:locator"), ox.Literal(f"{around.nct}, {it.locator}"))
        if it.term:
            event = concept_of("adverseevent", it.term)
            yield ox.Triple(node, term("kg:countsEvent"), event)
            yield from self._concept("adverseevent", it.term, "adverse-event")
            if it.system:
                system = concept_of("organsystem", it.system)
                broader = ox.Triple(event, term("skos:broader"), system)
                yield from self._concept("organsystem", it.system, "adverse-event")
                yield from self._described.once(broader, [broader])

    def _concept(self, kind: str, printed: str, scheme: str) -> Iterable[ox.Triple]:
        return self._described.once(concept_of(kind, printed), concept(kind, printed, scheme))


_HARM = {"serious": "serious-adverse-events", "other": "other-adverse-events", "death": "all-cause-mortality"}


def _tested(groups: tuple[Group, ...], around: Around) -> tuple[Group, Group] | None:
    """Return the group under test and the one it is set against, if their roles tell; the order of groups does not."""
    if len(groups) != 2 or around.arm(groups[0]) == around.arm(groups[1]):
        return None
    first, second = (around.control(group) for group in groups)
    if first == second or (None in (first, second) and 3 not in (first, second)):
        return None
    return groups if (second or 0) > (first or 0) else (groups[1], groups[0])


def _holds(low: Number, value: Number, high: Number) -> bool:
    point = Decimal(value.value)
    return (not low.value or Decimal(low.value) <= point) and (not high.value or point <= Decimal(high.value))


def _reported(it: Analysis) -> str:
    """Return the numbers of an analysis as printed, in the order in which papers give them."""
    beside = []
    if it.low.text or it.high.text:
        level = f"{it.level}% CI" if it.level else "CI"
        beside.append(f"{level} {it.low.text or 'not given'} to {it.high.text or 'not given'}")
    if it.spread.text:
        beside.append(f"{it.spread_kind} {it.spread.text}")
    if it.p.text:
        beside.append(it.p.text if it.p.text[0] in "Pp" else f"P {it.p.text}")
    told = "; ".join(beside)
    return f"{it.value.text} ({told})" if it.value.text and told else it.value.text or told


def _tail(where: str) -> str:
    """`NCT02210780, outcome 1, analysis 2` is result:NCT02210780-outcome-1-analysis-2."""
    return where.replace(", ", "-").replace(" ", "-")
