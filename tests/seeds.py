"""The founding article, fact by fact: rows S01 to S48 as questions with their exact answers.

A seed asks a stored question on the command line, keeps the rows that have the values in `where`, and expects exactly
the given cells of the given columns: nothing missing, nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

IPSEN = "Ipsen release, 2025-07-24"
NEJM = "Chan et al., N Engl J Med 2025"
FDA = "FDA page, 2025-03-26"
REGISTRY = "ClinicalTrials.gov NCT03375320"
ARTICLE = "News article on the EU approval"
EU, US = "European Union", "United States of America"
PNET, EPNET = "pancreatic neuroendocrine tumour", "extra-pancreatic neuroendocrine tumour"
CABO, PLACEBO = "cabozantinib arm", "placebo arm"
PFS, ORR = "progression-free survival", "objective response rate"
NO_COHORT = "not assigned to a cohort"


@dataclass(frozen=True)
class Seed:
    row: str
    ask: str
    columns: str
    cells: set[tuple[str, ...]]
    where: dict[str, str] = field(default_factory=dict)


APPROVALS = "approvals-of-substance --substance cabozantinib"
LABEL = "indication-of-approval --substance cabozantinib --jurisdiction EU"
RESULTS = "trial-results-by-cohort --trial NCT03375320"
ELIGIBILITY = "trial-eligibility --trial CABINET"

SEEDS = [
    Seed("S01", APPROVALS, "agency source", {("European Commission", IPSEN)}, {"jurisdiction": EU}),
    Seed("S02", APPROVALS, "product company source", {("Cabometyx", "Ipsen", IPSEN)}, {"jurisdiction": EU}),
    Seed("S03", LABEL, "value source", {(PNET, IPSEN), (EPNET, IPSEN)}, {"attribute": "condition"}),
    Seed("S03", LABEL, "value source", {("well-differentiated", IPSEN)}, {"attribute": "differentiation"}),
    Seed(
        "S04", LABEL, "value source", {("unresectable", IPSEN), ("metastatic", IPSEN)}, {"attribute": "disease extent"}
    ),
    Seed("S05", LABEL, "value source", {("adults", IPSEN)}, {"attribute": "population"}),
    Seed(
        "S06",
        LABEL,
        "value source",
        {("progressed after at least 1 prior systemic therapy other than somatostatin analogues", IPSEN)},
        {"attribute": "prior therapy"},
    ),
    Seed(
        "S06",
        "prior-therapy-options --condition NET --jurisdiction EU",
        "minimum notCounted source",
        {("1", "somatostatin analogues", IPSEN)},
    ),
    Seed(
        "S07",
        "novelty-claims",
        "novelty substance jurisdiction therapy scope regardlessOf source",
        {
            (
                "first and only",
                "cabozantinib",
                EU,
                "systemic therapy",
                "previously treated, unresectable or metastatic neuroendocrine tumours",
                "prior systemic therapy other than somatostatin analogues; tumour grade; tumour site",
                ARTICLE,
            )
        },
    ),
    Seed(
        "S08",
        "novelty-of-substance --substance cabozantinib",
        "claimed source",
        {("no such claim", "")},
        {"novelty": "first in class"},
    ),
    Seed(
        "S08",
        "first-in-class --jurisdiction EU",
        "substance verdict reason",
        {("cabozantinib", "not assessable", "no drug class of the substance is stated")},
    ),
    Seed(
        "S09",
        APPROVALS,
        "decided announced precision source",
        {("not stated", "2025-07-24", "announced", IPSEN)},
        {"jurisdiction": EU},
    ),
    Seed(
        "S10",
        "pivotal-trials --substance cabozantinib",
        "acronym phase registryId source",
        {("CABINET", "phase 3", "NCT03375320", ARTICLE)},
        {"jurisdiction": EU},
    ),
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
    Seed(
        "S40",
        APPROVALS,
        "agency condition decided announced precision source",
        {
            ("U.S. Food and Drug Administration", condition, "2025-03", "2025-03-26", "month", FDA)
            for condition in (PNET, EPNET)
        },
        {"jurisdiction": US},
    ),
    Seed(
        "S40",
        "indication-of-approval --substance cabozantinib --jurisdiction US",
        "attribute value source",
        {
            ("condition", PNET, FDA),
            ("condition", EPNET, FDA),
            ("differentiation", "well-differentiated", FDA),
            ("disease extent", "unresectable", FDA),
            ("disease extent", "locally advanced", FDA),
            ("disease extent", "metastatic", FDA),
            ("population", "adults and patients 12 years and older", FDA),
            ("prior therapy", "previously treated", FDA),
        },
    ),
    Seed(
        "S40",
        "approvals-on-trial --trial NCT03375320",
        "trial agency source",
        {("CABINET", "U.S. Food and Drug Administration", f"{FDA}; {ARTICLE}")},
        {"jurisdiction": US},
    ),
    Seed(
        "S41",
        "approval-lag --substance cabozantinib",
        "firstAgency firstDate firstSource laterAgency laterDate laterSource days decisionLag",
        {
            (
                "U.S. Food and Drug Administration",
                "2025-03-26",
                FDA,
                "European Commission",
                "2025-07-24",
                IPSEN,
                "120",
                "unknown",
            )
        },
    ),
    Seed(
        "S42",
        "label-differences --substance cabozantinib --jurisdiction EU --other US",
        "attribute inJurisdiction source inOther otherSource",
        {
            ("population", "adults", IPSEN, "adults and patients 12 years and older", FDA),
            (
                "prior therapy",
                "progressed after at least 1 prior systemic therapy other than somatostatin analogues",
                IPSEN,
                "previously treated",
                FDA,
            ),
            ("disease extent", "metastatic; unresectable", IPSEN, "locally advanced; metastatic; unresectable", FDA),
        },
        {"difference": "differs"},
    ),
    Seed(
        "S43",
        "publications-of-trial --trial CABINET",
        "publication citation source",
        {
            (NEJM, "Chan JA, Geyer S, Zemla T, et al. N Engl J Med 2025;392(7):653-665", NEJM),
            ("ESMO Congress 2024", "", NEJM),
            (REGISTRY, "", REGISTRY),
        },
    ),
    Seed(
        "S44",
        "publications-of-trial --trial CABINET",
        "lastUpdated source",
        {("2025-06-12", REGISTRY)},
        {"kind": "registry record"},
    ),
    Seed(
        "S45",
        "approvals-on-trial --trial CABINET",
        "trial substance jurisdiction",
        {("CABINET", "cabozantinib", EU), ("CABINET", "cabozantinib", US)},
    ),
    Seed(
        "S46",
        "sources",
        "source citation doi lastUpdated accessed",
        {(IPSEN, "", "", "", "2025-07-24")},
        {"number": "1"},
    ),
    Seed(
        "S46",
        "sources",
        "source citation doi lastUpdated accessed",
        {
            (
                NEJM,
                "Chan JA, Geyer S, Zemla T, et al. N Engl J Med 2025;392(7):653-665",
                "10.1056/NEJMoa2403991",
                "",
                "2025-07-24",
            )
        },
        {"number": "2"},
    ),
    Seed(
        "S46",
        "sources",
        "source issued doi accessed",
        {(FDA, "2025-03-26", "", "2025-07-24")},
        {"number": "3"},
    ),
    Seed(
        "S46",
        "sources",
        "source link lastUpdated accessed",
        {(REGISTRY, "<https://clinicaltrials.gov/study/NCT03375320>", "2025-06-12", "2025-07-24")},
        {"number": "4"},
    ),
    Seed(
        "S47",
        "numbers-with-sources --trial CABINET",
        "number source",
        {("0.23", ARTICLE)},
        {"thing": "result:NCT03375320-pnet-pfs-hr", "property": "value"},
    ),
    Seed(
        "S47",
        "numbers-with-sources --trial CABINET",
        "number source",
        {("298", REGISTRY)},
        {"thing": "CABINET"},
    ),
    Seed(
        "S48",
        "approval-profile --substance cabozantinib --jurisdiction EU",
        "attribute value",
        {
            (attribute, "not stated")
            for attribute in (
                "opinion date",
                "decision date",
                "conditional",
                "orphan designation",
                "trial sponsor",
                "mechanism of action",
            )
        },
        {"source": ""},
    ),
]
