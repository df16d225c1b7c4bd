"""Rows S25 to S39: the trial's design, eligibility, harms and findings."""

from __future__ import annotations

from tests.seeds.words import ARTICLE, CABO, ELIGIBILITY, FDA, IPSEN, NO_COHORT, PFS, PLACEBO, REGISTRY, Seed

SEEDS = [
    Seed(
        "S25",
        "trial-design --trial CABINET",
        "value source",
        {(value, REGISTRY) for value in ("multicentre", "randomised", "double-blinded", "placebo-controlled")},
        {"aspect": "feature"},
    ),
    Seed(
        "S25",
        "trial-design --trial CABINET",
        "value source",
        {("2", REGISTRY), ("2", ARTICLE)},
        {"aspect": "number of cohorts"},
    ),
    Seed(
        "S26",
        "trial-design --trial CABINET",
        "value source",
        {("2:1, cabozantinib arm to placebo arm", REGISTRY)},
        {"aspect": "allocation"},
    ),
    Seed("S27", "trial-arms --trial CABINET", "arm patients", {(CABO, "not stated"), (PLACEBO, "not stated")}),
    Seed(
        "S28",
        "trial-arms --trial CABINET",
        "substance dose unit route frequency source",
        {("cabozantinib", "60", "mg", "oral", "once daily", REGISTRY)},
        {"arm": CABO},
    ),
    Seed(
        "S29",
        "trial-design --trial CABINET",
        "value source",
        {("no: randomised and analysed independently per cohort", REGISTRY)},
        {"aspect": "cohorts analysed together"},
    ),
    Seed(
        "S30",
        "early-stops --trial CABINET",
        "analysis reason outcome cohort source",
        {
            ("interim analysis", "statistically significant gain", PFS, cohort, REGISTRY)
            for cohort in ("pNET cohort", "epNET cohort")
        },
    ),
    Seed(
        "S31",
        ELIGIBILITY,
        "details source",
        {("moderately differentiated; well-differentiated", REGISTRY)},
        {"criterion": "well or moderately differentiated tumour"},
    ),
    Seed(
        "S31",
        "trial-against-label --trial CABINET --jurisdiction EU",
        "value inTrial inLabel comparison",
        {
            ("moderately differentiated", "yes", "no", "label narrower than trial"),
            ("well-differentiated", "yes", "yes", "same"),
        },
        {"attribute": "differentiation"},
    ),
    Seed(
        "S32",
        ELIGIBILITY,
        "details source",
        {("gastrointestinal; lung; other; pancreas; thymus; unknown", REGISTRY)},
        {"criterion": "primary site in pancreas, gastrointestinal tract, lung, thymus, other or unknown"},
    ),
    Seed(
        "S33",
        ELIGIBILITY,
        "details source",
        {("RECIST 1.1; radiographic; within 12 months before enrolment", REGISTRY)},
        {"criterion": "radiographic progression by RECIST 1.1 within 12 months before enrolment"},
    ),
    Seed("S33", ELIGIBILITY, "details", {("CT; MRI",)}, {"criterion": "measurable disease by CT or MRI"}),
    Seed("S33", ELIGIBILITY, "details", {("progressed on it",)}, {"criterion": "progressed on prior treatment"}),
    Seed(
        "S34",
        ELIGIBILITY,
        "details source",
        {("locally advanced; metastatic; unresectable", REGISTRY)},
        {"criterion": "locally advanced/unresectable or metastatic disease"},
    ),
    Seed(
        "S35",
        ELIGIBILITY,
        "criterion source",
        {
            ("active brain metastases", REGISTRY),
            ("cranial epidural disease", REGISTRY),
            ("prior cabozantinib", REGISTRY),
            ("features that raise the risk of gastrointestinal bleeding or perforation", REGISTRY),
        },
        {"kind": "exclusion criterion"},
    ),
    Seed(
        "S36",
        "adverse-events --trial CABINET",
        "cohort arm reported low high source",
        {(NO_COHORT, CABO, "62-65%", "62", "65", FDA), (NO_COHORT, PLACEBO, "23-27%", "23", "27", FDA)},
        {"outcome": "grade 3 or higher adverse events"},
    ),
    Seed(
        "S37",
        "adverse-events --trial CABINET",
        "reported source",
        {
            (f"most common: {event}", ARTICLE)
            for event in ("hypertension", "fatigue", "diarrhoea", "thromboembolic events")
        },
        {"outcome": "grade 3 or higher treatment-related adverse events"},
    ),
    Seed(
        "S38",
        "trial-findings --trial CABINET",
        "finding source",
        {("no new safety signals", IPSEN)},
        {"outcome": "safety"},
    ),
    Seed(
        "S39",
        "trial-findings --trial CABINET",
        "finding presentedAt source",
        {("maintained or improved", "2025 ASCO Annual Meeting", IPSEN)},
        {"outcome": "health-related quality of life"},
    ),
]
