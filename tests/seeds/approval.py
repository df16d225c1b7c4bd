"""Rows S01 to S10: the EU approval itself: who, what, for whom, and what is claimed of it."""

from __future__ import annotations

from tests.seeds.words import APPROVALS, ARTICLE, EPNET, EU, IPSEN, LABEL, PNET, Seed

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
        "first-in-class --jurisdiction EU --substance cabozantinib --scheme scheme:mechanism-of-action",
        "substance verdict reason",
        {("cabozantinib", "not assessable", "no drug class of the substance is stated at this level")},
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
]
