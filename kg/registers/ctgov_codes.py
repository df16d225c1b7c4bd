"""The lists that ClinicalTrials.gov codes by, and the words by which sponsors name outcomes, statistics and units.

Codes are tails of `code:` IRIs, in ontology/codes.ttl; '' is a value of a list that says nothing. The registry's values
are folded, see `ctgov_values.enum`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.registers.ctgov_values import enum

Remark = Callable[[str, str], None]
"""Is told why a part of a study is not used, and with what evidence."""


@dataclass(frozen=True)
class Coded:
    """Looks words of the registry up; a word that is not in its list is a remark."""

    remark: Remark

    def code(self, what: str, printed: str, known: Mapping[str, str]) -> str:
        """Return the code of a printed value, or '' where there is none."""
        found = known.get(enum(printed))
        if printed and found is None:
            self.remark(f"unknown {what}", printed)
        return found or ""


PHASES = {"EARLYPHASE1": "early-phase-1"} | {f"PHASE{number}": f"phase-{number}" for number in range(1, 5)}
STATUSES = {
    code.replace("-", "").upper(): f"trial-{code}"
    for code in """
        active-not-recruiting completed enrolling-by-invitation not-yet-recruiting recruiting suspended terminated
        withheld
    """.split()
} | {"WITHDRAWN": "trial-withdrawn-before-enrolment", "UNKNOWN": "trial-status-unknown"}
FEATURES = {
    "allocation": {"RANDOMIZED": "randomised", "NONRANDOMIZED": "non-randomised", "NA": ""},
    "interventionModel": {
        "SINGLEGROUP": "single-group",
        "PARALLEL": "parallel-groups",
        "CROSSOVER": "crossover-design",
        "FACTORIAL": "factorial",
        "SEQUENTIAL": "sequential",
    },
    "primaryPurpose": {"ECT": "purpose-education"}
    | {
        code.replace("-", "").upper(): f"purpose-{code}"
        for code in """
            treatment prevention diagnostic supportive-care screening health-services-research basic-science
            device-feasibility other
        """.split()
    },
    "observationalModel": {
        code.replace("-", "").upper(): f"model-{code}"
        for code in """
            cohort case-control case-only case-crossover ecologic-or-community family-based defined-population
            natural-history other
        """.split()
    },
    "timePerspective": {
        "RETROSPECTIVE": "retrospective",
        "PROSPECTIVE": "prospective",
        "CROSSSECTIONAL": "cross-sectional",
        "OTHER": "",
    },
}
MASKING = {
    "NONE": "open-label",
    "NONEOPENLABEL": "open-label",
    "SINGLE": "single-masked",
    "DOUBLE": "double-masked",
    "TRIPLE": "triple-masked",
    "QUADRUPLE": "quadruple-masked",
}
ROLES = {
    "EXPERIMENTAL": "experimental",
    "ACTIVECOMPARATOR": "active-comparator",
    "PLACEBOCOMPARATOR": "placebo-comparator",
    "SHAMCOMPARATOR": "sham-comparator",
    "NOINTERVENTION": "no-intervention",
    "OTHER": "other-role",
}
SPONSORS = {
    "NIH": "sponsor-nih",
    "FED": "sponsor-us-federal",
    "OTHERGOV": "sponsor-other-government",
    "INDIV": "sponsor-individual",
    "INDUSTRY": "sponsor-industry",
    "NETWORK": "sponsor-network",
    "OTHER": "sponsor-other",
    "AMBIG": "",
    "UNKNOWN": "",
}
SEXES = {"ALL": ("female", "male"), "FEMALE": ("female",), "MALE": ("male",)}

# ------------------------------------------------------------------------------------------------------------- outcomes

_OUTCOMES = {
    "progression-free-survival": r"(?:radiographic |radiological )?progression[- ]free[- ]survival|PFS\b(?!2)",
    "overall-survival": r"overall[- ]survival|OS$",
    "event-free-survival": r"event[- ]free[- ]survival|EFS$",
    "disease-free-survival": r"(?:invasive )?disease[- ]free[- ]survival|DFS$",
    "relapse-free-survival": r"(?:relapse|recurrence)[- ]free[- ]survival|RFS$",
    "metastasis-free-survival": r"(?:distant )?metastas[ie]s[- ]free[- ]survival|MFS$",
    "objective-response-rate": r"objective (?:tumou?r )?response|ORR$",
    "duration-of-response": r"duration of (?:overall |objective |complete |clinical )?(?:response|remission|CR\b)|DOR$",
    "time-to-response": r"time to (?:first |objective |overall )?response|TTR$",
    "time-to-progression": r"time to (?:disease |tumou?r )?progression|TTP$",
    "complete-response": r"complete (?:response|remission)",
    "pathological-complete-response": r"patholog(?:ic|ical) complete (?:response|remission)|pCR$",
    "disease-control-rate": r"disease control rate|DCR$",
    "dose-limiting-toxicity": r"dose[- ]limiting toxicit(?:y|ies)|DLTs?$",
    "maximum-tolerated-dose": r"maxim(?:um|al) tolerated dose|MTD$",
    "all-cause-mortality": r"all[- ]cause (?:mortality|death)s?",
    "quality-of-life": r"health[- ]related quality of life|HRQo?L$",
    "serious-adverse-events": r"(?:treatment[- ]emergent )?serious adverse events?(?=[ ,]*(?:\([^()]*\))?$)|SAEs?$",
    "adverse-events": r"(?:treatment[- ]emergent )?adverse events?(?=[ ,]*(?:\([^()]*\))?$)|(?:TE)?AEs?$",
}
_LEAD = re.compile(
    r"""(?:
    (?:phase|part|stage|arm|cohort)\s+[\w/]+\s*[:,-]\s*
    |(?:to\s+)?(?:compare|determine|evaluate|assess|estimate|measure|describe)\s+(?:the\s+)?
    |(?:the\s+)?(?:number|percentage|percent|proportion|rate|incidence|frequency|median|probability)\s+(?:of\s+)?
    |(?:the\s+)?duration\s+of\s+(?=.*survival)
    |(?:the\s+)?(?:participants|subjects|patients)\s+(?:with|achieving|who\s+achieved|experiencing|having)\s+(?:an?\s+)?
    |(?:\d+|one|two|three|five)[- ](?:year|month)s?\s+
    |(?:the|confirmed|median|investigator[- ]assessed)\s+
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_UNCLEAR = re.compile(
    r"\b(?:next|second|subsequent|correlat\w*|associat\w*|impact|predict\w*|prognos\w*|biomarkers?|vs|versus|and|or|"
    r"between|ratio|score|questionnaire|scale|by day|curve)\b|[+/&;]|PFS ?2",
    re.IGNORECASE,
)
_CODED = [(code, re.compile(pattern, re.IGNORECASE)) for code, pattern in _OUTCOMES.items()]


@lru_cache(maxsize=4096)
def outcome(title: str) -> str:
    """Return the code of the outcome that a title names in clear words, else ''.

    Words before it may say how it is counted, words after it how and when it is judged; a title that names something
    else as well is not clear.

    >>> outcome("Progression-free Survival (PFS) per RECIST v1.1"), outcome("Number of Participants With AEs")
    ('progression-free-survival', 'adverse-events')
    >>> outcome("Progression-free survival on next line of treatment"), outcome("Bladder-intact event-free survival")
    ('', '')
    """
    rest = title.rstrip(" .")
    while True:
        for code, pattern in _CODED:
            if match := pattern.match(rest):
                return "" if _UNCLEAR.search(rest[match.end() :]) else code
        lead = _LEAD.match(rest)
        if not lead:
            return ""
        rest = rest[lead.end() :]


def assessor(title: str) -> str:
    """Return the code of who judges the outcome, where a title says it in clear words."""
    found = re.search(r"blinded independent (?:central )?(?:review|radiolog)|\bBICR\b", title, re.IGNORECASE)
    return "blinded-independent-central-review" if found else ""


# ------------------------------------------------------------------------------------------------- statistics and units

PARAMETERS = {
    "MEAN": "mean",
    "MEDIAN": "median",
    "LEASTSQUARESMEAN": "least-squares-mean",
    "GEOMETRICMEAN": "geometric-mean",
    "GEOMETRICLEASTSQUARESMEAN": "geometric-least-squares-mean",
    "LOGMEAN": "log-mean",
    "NUMBER": "number",
    "COUNTOFPARTICIPANTS": "count",
    "COUNTOFUNITS": "count",
}
DISPERSIONS = {
    "STANDARDDEVIATION": "standard-deviation",
    "STANDARDERROR": "standard-error",
    "STANDARDERROROFMEAN": "standard-error",
    "STANDARDERROROFTHEMEAN": "standard-error",
    "INTERQUARTILERANGE": "inter-quartile-range",
    "FULLRANGE": "full-range",
    "GEOMETRICCOEFFICIENT": "geometric-coefficient-of-variation",
    "GEOMETRICCOEFFICIENTOFVARIATION": "geometric-coefficient-of-variation",
}
_ADJUSTED = r"(?:(?:adjusted|unadjusted|stratified|unstratified|cox|estimated)[ -]+)?"
_LS = r"(?:LS|least[- ]squares?)"
_STATISTICS = {
    "hazard-ratio": rf"{_ADJUSTED}hazard ratio(?: \(HR\))?|{_ADJUSTED}HR",
    "odds-ratio": rf"{_ADJUSTED}odds ratio(?: \(OR\))?|{_ADJUSTED}OR",
    "risk-ratio": rf"{_ADJUSTED}(?:risk ratio|relative risk)(?: \(RR\))?|{_ADJUSTED}RR",
    "risk-difference": rf"{_ADJUSTED}risk difference(?: \(RD\))?",
    "mean-difference": rf"{_ADJUSTED}mean difference(?: \((?:final values|net)\))?",
    "median-difference": rf"{_ADJUSTED}median difference(?: \((?:final values|net)\))?",
    "least-squares-mean-difference": rf"{_LS} means? difference|difference (?:in|of) {_LS} means?",
    "cox-proportional-hazard": r"cox proportional hazards?",
}
_KNOWN_STATISTICS = [(code, re.compile(pattern, re.IGNORECASE)) for code, pattern in _STATISTICS.items()]
RATIOS = frozenset({"hazard-ratio", "odds-ratio", "risk-ratio", "cox-proportional-hazard"})
DIFFERENCES = frozenset({"mean-difference", "median-difference", "least-squares-mean-difference"})
_PURE = re.compile(r"\b(?:(?i:ratio|chi[- ]?squared?|hazard)|F|t|z)\b")
_UNITS = {
    "percent": r"(?:%|percent|percentage)(?: of (?:all )?(?:participants|subjects|patients))?",
    "participants": r"(?:number of )?(?:participants|subjects|patients)",
    "days": r"days?",
    "weeks": r"weeks?",
    "months": r"months?",
    "years": r"years?",
    "ratio": r"ratio",
    "milligram": r"mg",
}
_KNOWN_UNITS = [
    (code, re.compile(pattern, 0 if code == "milligram" else re.IGNORECASE)) for code, pattern in _UNITS.items()
]


def statistic(parameter: str) -> str:
    """Return the code of the parameter of an analysis, else ''.

    >>> statistic("Hazard Ratio (HR)"), statistic("Adjusted OR"), statistic("Hazard Ratio, log")
    ('hazard-ratio', 'odds-ratio', '')
    """
    return next((code for code, pattern in _KNOWN_STATISTICS if pattern.fullmatch(parameter)), "")


def is_pure(parameter: str) -> bool:
    """Whether a parameter has no unit by its name: a ratio, or the statistic of a test."""
    return statistic(parameter) in RATIOS or bool(_PURE.search(parameter))


def unit(printed: str) -> str:
    """Return the code of a unit, else ''.

    >>> unit("Percentage of participants"), unit("Days"), unit("units on a scale")
    ('percent', 'days', '')
    """
    return next((code for code, pattern in _KNOWN_UNITS if pattern.fullmatch(printed)), "")


def confidence_level(dispersion: str) -> str:
    """Return the level of a confidence interval, in percent: of `95% Confidence Interval` or CONFIDENCE_975.

    >>> confidence_level("95% Confidence Interval"), confidence_level("CONFIDENCE_975"), confidence_level("Full Range")
    ('95', '97.5', '')
    """
    if match := re.search(r"(\d+(?:\.\d+)?) ?%", dispersion):
        return match[1]
    match = re.fullmatch(r"CONFIDENCE(\d\d)(\d?)", enum(dispersion))
    return "" if not match else f"{match[1]}.{match[2]}".rstrip(".")


def is_confidence(dispersion: str) -> bool:
    """Whether the limits beside a number are those of a confidence interval."""
    return "CONFIDENCE" in enum(dispersion)
