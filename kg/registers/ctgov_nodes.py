"""Which node stands for a group or an endpoint of a study: what its results name is looked for in its plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kg.registers import ctgov_codes as codes
from kg.registers.ctgov_records import Arm, Outcome, Study
from kg.registers.ctgov_results import Group, Measure
from kg.registers.ctgov_things import CONTROLS, PLACEBO, Keys, thing
from kg.registers.terms import LABEL, A, english, iri, term, typed


class Groups:
    """The arms of a study, and the groups that its results are told of: an arm of that name, or a group of its own."""

    def __init__(self, study: Study) -> None:
        self._nct = study.nct
        self._keys = Keys()
        kind = "arm" if study.interventional else "cohort"
        self._arms: dict[str, Arm] = {}
        for arm in study.arms:
            self._arms.setdefault(arm.label.casefold(), arm)
        self._of_arm = {label: thing(kind, f"{self._nct}-{self._keys(arm.label)}") for label, arm in self._arms.items()}
        self._found = self._arms if study.interventional else {}
        self._loose = _unique({_loosely(label): label for label in self._found}, self._found)
        self._own: dict[str, tuple[ox.NamedNode, Group]] = {}
        self._started = study.results.started if study.results else ()

    @property
    def arms(self) -> list[tuple[ox.NamedNode, Arm]]:
        """The arms as planned, each with its node; of two arms with one label, the first."""
        return [(self._of_arm[label], arm) for label, arm in self._arms.items()]

    def node(self, group: Group) -> ox.NamedNode:
        """Return the arm that a group is, or the node of a group of its own."""
        if label := self._label(group):
            return self._of_arm[label]
        folded = _loosely(group.title.casefold())
        if folded not in self._own:
            self._own[folded] = (thing("arm", f"{self._nct}-{self._keys(f'reported {group.title}')}"), group)
        return self._own[folded][0]

    def control(self, group: Group) -> int | None:
        """Return how far a group is what others are set against: 3 for placebo, or None if nothing tells."""
        label = self._label(group)
        if not label:
            return 3 if PLACEBO.search(group.title) and not _CHANGE.search(group.title) else None
        arm = self._arms[label]
        if arm.interventions and all(PLACEBO.search(each) for each in arm.interventions):
            return 3
        return CONTROLS.get(arm.role)

    def facts(self, trial: ox.NamedNode) -> Iterator[ox.Triple]:
        """Yield the groups of their own that were asked for, and how many participants started in each arm."""
        started: dict[ox.NamedNode, list[int]] = {}
        for group, count in self._started:
            started.setdefault(self.node(group), []).append(count)
        for node, group in self._own.values():
            yield ox.Triple(trial, term("kg:hasReportingGroup"), node)
            yield ox.Triple(node, A, term("kg:ReportingGroup"))
            yield ox.Triple(node, LABEL, english(group.title))
            yield ox.Triple(node, term("kg:locator"), ox.Literal(f"{self._nct}, group {group.id}"))
        for node, counts in started.items():
            if len(counts) == 1:
                yield ox.Triple(node, term("kg:participants"), typed(str(counts[0]), "integer"))

    def _label(self, group: Group) -> str | None:
        folded = group.title.casefold()
        return folded if folded in self._found else self._loose.get(_loosely(folded))


_CHANGE = re.compile(r"->|\u2192|\b(?:then|to|followed|switch\w*|crossed|open[- ]label|OL)\b", re.IGNORECASE)
"""In the name of a group that had placebo for a time only."""
_SET = re.compile(
    r"\((?:m?ITT|FAS|PPS?|SS|SAF|(?:full|safety|per[- ]protocol|intent(?:ion)?[- ]to[- ]treat)[- \w]*)\)", re.IGNORECASE
)
"""The set of participants analysed, beside the name of their arm."""


def _loosely(label: str) -> str:
    """Drop what does not tell arms apart: `Dupilumab arm (FAS)` and `dupilumab`, `A+ B` and `A + B` are one."""
    words = re.sub(r"[^\w<>=+%/.]|\b(?:arm|group)\b", " ", _SET.sub(" ", label))
    return " ".join(words.replace("+", " + ").split())


def _unique(loose: Mapping[str, str], labels: Mapping[str, Arm]) -> dict[str, str]:
    return dict(loose) if len(loose) == len(labels) else {}


class Endpoints:
    """The endpoints of a study as planned, and those that only its results have."""

    def __init__(self, study: Study) -> None:
        self._nct = study.nct
        self.outcomes = list(study.outcomes)
        self._of: dict[int, Outcome] = {}
        free = list(study.outcomes)
        for measure in study.results.measures if study.results else ():
            self._of[measure.index] = self._planned(measure, free) or self._reported(measure)
        self._own: dict[str, Outcome] = {}
        for it in self.outcomes:
            if not codes.outcome(it.title):
                self._own.setdefault(it.title.casefold(), it)

    def of(self, measure: Measure) -> tuple[ox.NamedNode, ox.NamedNode]:
        """Return the endpoint that a measure reports, and its outcome."""
        return self.nodes(self._of[measure.index])

    def nodes(self, it: Outcome) -> tuple[ox.NamedNode, ox.NamedNode]:
        """Return the nodes of an endpoint and of its outcome: a coded one, or that of the trial's own title."""
        code = codes.outcome(it.title)
        own = self._own.get(it.title.casefold(), it)
        return thing("endpoint", self._key(it)), iri("code", code) if code else thing("outcome", self._key(own))

    def locator(self, it: Outcome) -> str:
        """Return where an endpoint stands in its record."""
        planned = not it.kind.startswith("reported-")
        return f"{self._nct}, {it.kind} outcome {it.index}" if planned else f"{self._nct}, outcome {it.index}"

    def is_own(self, it: Outcome) -> bool:
        """Whether an endpoint is the one that its outcome is called by."""
        return self._own.get(it.title.casefold()) is it

    def _key(self, it: Outcome) -> str:
        return f"{self._nct}-{it.kind}-{it.index}"

    def _planned(self, measure: Measure, free: list[Outcome]) -> Outcome | None:
        kind = _KINDS.get(measure.kind, "other")
        same = [it for it in free if it.kind == kind and it.title.casefold() == measure.title.casefold()]
        found = next((it for it in same if it.time_frame == measure.time_frame), same[0] if same else None)
        if found:
            free.remove(found)
        return found

    def _reported(self, measure: Measure) -> Outcome:
        kind = _KINDS.get(measure.kind, "other")
        it = Outcome(f"reported-{kind}", measure.index, measure.title, measure.time_frame, measure.description)
        self.outcomes.append(it)
        return it


_KINDS = {"PRIMARY": "primary", "SECONDARY": "secondary"}
