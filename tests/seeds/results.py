"""Rows S11 to S24: the trial's cohorts, results and endpoints."""

from __future__ import annotations

from tests.seeds.words import (
    ARTICLE,
    CABO,
    EPNET,
    IPSEN,
    NEJM,
    NO_COHORT,
    ORR,
    PFS,
    PLACEBO,
    PNET,
    REGISTRY,
    RESULTS,
    US,
    Seed,
)

SEEDS = [
    Seed(
        "S11",
        "trial-cohorts --trial CABINET",
        "condition participants source",
        {(PNET, "95", f"{NEJM}; {IPSEN}"), (EPNET, "203", f"{NEJM}; {IPSEN}")},
    ),
    Seed(
        "S12",
        "trial-enrolment --trial CABINET",
        "enrolled source sumOfCohorts consistent",
        {("298", REGISTRY, "298", "yes")},
    ),
    Seed(
        "S13",
        "trial-enrolment --trial CABINET",
        "jurisdiction enrolledThere thereSource",
        {(US, "298", REGISTRY)},
    ),
    Seed(
        "S14",
        RESULTS,
        "value low high pOperator pValue reported source",
        {("0.23", "0.12", "0.42", "<", "0.001", "0.23 (95% CI 0.12-0.42; P < .001)", ARTICLE)},
        {"cohort": "pNET cohort", "outcome": PFS, "statistic": "hazard ratio"},
    ),
    Seed(
        "S15",
        RESULTS,
        "value low high pOperator pValue reported source",
        {("0.38", "0.25", "0.59", "<", "0.001", "0.38 (95% CI 0.25-0.59; P < .001)", NEJM)},
        {"cohort": "epNET cohort", "outcome": PFS, "statistic": "hazard ratio"},
    ),
    Seed(
        "S16",
        "risk-reduction --trial CABINET",
        "cohort computedPercent reportedPercent reportedSource agrees",
        {
            ("pNET cohort", "77", "77", f"{NEJM}; {IPSEN}", "yes"),
            ("epNET cohort", "62", "62", f"{NEJM}; {IPSEN}", "yes"),
        },
    ),
    Seed(
        "S17",
        RESULTS,
        "arm value unit low high reported source",
        {
            (CABO, "13.8", "months", "9.2", "18.5", "13.8 months (95% CI 9.2-18.5)", ARTICLE),
            (PLACEBO, "4.4", "months", "3", "5.9", "4.4 months (3.0-5.9)", ARTICLE),
        },
        {"cohort": "pNET cohort", "outcome": PFS, "statistic": "median"},
    ),
    Seed(
        "S18",
        RESULTS,
        "arm value unit low high reported source",
        {
            (CABO, "8.4", "months", "7.6", "12.7", "8.4 months (95% CI 7.6-12.7)", NEJM),
            (PLACEBO, "3.9", "months", "3", "5.7", "3.9 months (3.0-5.7)", NEJM),
        },
        {"cohort": "epNET cohort", "outcome": PFS, "statistic": "median"},
    ),
    Seed(
        "S19",
        "median-gain --trial CABINET",
        "cohort gain unit",
        {("pNET cohort", "9.4", "months"), ("epNET cohort", "4.5", "months")},
    ),
    Seed(
        "S20",
        "response-rates --trial CABINET",
        "cohort percent confirmed reported source",
        {("epNET cohort", "5", "yes", "5%", ARTICLE), ("pNET cohort", "19", "yes", "19%", ARTICLE)},
        {"arm": CABO},
    ),
    Seed(
        "S21",
        "response-rates --trial CABINET",
        "cohort percent reported source",
        {(NO_COHORT, "0", "0%", ARTICLE)},
        {"arm": PLACEBO},
    ),
    Seed(
        "S22",
        "immature-results --trial CABINET",
        "outcome maturity value possibleConfounder source",
        {("overall survival", "not mature", "not stated", "crossover", IPSEN)},
    ),
    Seed(
        "S23",
        "endpoints-of-trial --trial CABINET",
        "outcome assessor source",
        {(PFS, "blinded independent central review", f"{REGISTRY}; {IPSEN}")},
        {"role": "primary"},
    ),
    Seed(
        "S24",
        "endpoints-of-trial --trial CABINET",
        "outcome source",
        {(outcome, f"{REGISTRY}; {IPSEN}") for outcome in (ORR, "overall survival", "safety")},
        {"role": "secondary"},
    ),
]
