"""Rows S40 to S48: the US approval beside it, the publications, the sources and what is not stated."""

from __future__ import annotations

from tests.seeds.words import APPROVALS, ARTICLE, EPNET, EU, FDA, IPSEN, NEJM, PNET, REGISTRY, US, Seed

SEEDS = [
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
        "indication-of-approval --substance cabozantinib --jurisdiction US --within NET",
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
        "approval-profile --substance cabozantinib --jurisdiction EU --within NET",
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
