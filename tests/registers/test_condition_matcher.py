"""What registers print of conditions leads to concepts: headings and sentences."""

from __future__ import annotations

import pytest

from kg.registers.condition_words import is_abbreviation, plain, spelled
from kg.registers.conditions import METHODS, Matcher


@pytest.mark.parametrize(
    ("printed", "mesh", "expected", "method"),
    [
        ("Breast cancer", None, "MONDO:0007254", "label"),
        ("hypertension", None, "MONDO:0005044", "mapped label"),
        ("Mammary Cancer", None, "MONDO:0007254", "synonym"),
        ("Breast Neoplasms", None, "MONDO:0021100", "synonym"),
        ("Whatever it is", "D000003924", "MONDO:0005148", "identifier"),
        ("acute myeloid leukaemias", None, "MONDO:0018874", "spelling"),
        ("Crohn\N{RIGHT SINGLE QUOTATION MARK}s disease", None, "MONDO:0005011", "mapped label"),
        ("Crohn diseases", None, "MONDO:0005011", "spelling"),
        ("Arthritis, Rheumatoid", None, "MONDO:0008383", "inverted"),
        ("Leukemia, Myeloid, Acute", None, "MONDO:0018874", "inverted"),
        ("Type2 Diabetes", None, "MONDO:0005148", "known wording"),
        ("Advanced Breast Cancer", None, "MONDO:0007254", "qualified"),
        ("Chronic Kidney Disease (CKD)", None, "MONDO:0005300", "qualified"),
        ("NET", None, "MONDO:0019496", "synonym"),
        ("Hypercholesterolemia", None, "mesh:D006937", "synonym"),
        ("net", None, None, "unmatched"),
        ("twin name", None, None, "unmatched"),
        ("disease", None, None, "unmatched"),
        ("Breast Neoplasms, Male", None, None, "unmatched"),
        ("Cancer Pain", None, None, "unmatched"),
        ("Immunization", None, None, "unmatched"),
    ],
)
def test_headings(matcher: Matcher, printed: str, mesh: str | None, expected: str | None, method: str) -> None:
    match = matcher.heading(printed, mesh)
    assert ([concept.id for concept in match.concepts], match.method) == ([expected] if expected else [], method)
    assert match.method in METHODS


WORDS: list[tuple[str, list[str]]] = [
    ("Treatment of breast cancer", ["breast cancer"]),
    ("Treatment of relapsed or refractory acute myeloid leukaemia.", ["acute myeloid leukemia"]),
    ("indicated for patients with moderate to severe Crohn's disease", ["Crohn disease"]),
    ("treatment of the signs and symptoms of rheumatoid arthritis, hypertension and cancer", ["RA", "hypertension"]),
    ("treatment of cancer", ["cancer"]),
    ("Prevention of rheumatoid arthritis in adults with chronic kidney disease", ["RA"]),
    ("to reduce the risk of breast cancer", []),
    ("treatment of hypertension, except chronic kidney disease", ["hypertension"]),
    ("treatment of hypertension. Not indicated for chronic kidney disease", ["hypertension"]),
    ("treatment of hypertension\nLimitations of use: chronic kidney disease", ["hypertension"]),
    ("treatment of diabetic foot ulcer", []),
    ("treatment of ulcer", ["ulcer"]),
    ("management of cancer pain", []),
    ("treatment of breast cancer-related lymphoedema", []),
    ("prevention of weight loss in patients with a confirmed diagnosis of breast cancer", []),
    ("for long-term use in patients with a confirmed diagnosis of breast cancer", ["breast cancer"]),
    ("treatment of patients with a confirmed diagnosis of breast cancer", ["breast cancer"]),
    ("diagnosis of breast cancer", ["breast cancer"]),
    ("treatment of cancer associated pain", []),
    ("treatment of hypertension associated with breast cancer", ["hypertension"]),
    ("control of nausea in patients receiving treatment for breast cancer", []),
    ("control of nausea after induction and consolidation treatment for breast cancer", []),
    ("treatment of adults who had surgery, and for the treatment of breast cancer", ["breast cancer"]),
    ("treatment of EGFR mutation-positive non-small cell lung carcinoma", ["NSCLC"]),
    ("treatment of large cell lung carcinoma", []),
    ("treatment of nausea (breast cancer)", []),
    ("[A] treatment of hypertension [B] treatment of Crohn disease", ["hypertension", "Crohn disease"]),
    ("treatment of hypertension/reperfusion injury", []),
    ("treatment of neuroendocrine tumours of the pancreas", []),
    ("treatment of extra-pancreatic neuroendocrine tumours", ["epNET"]),
    ("the net benefit of treatment", []),
    ("treatment of disease", []),
]
SHORT = {
    "breast cancer": "MONDO:0007254",
    "acute myeloid leukemia": "MONDO:0018874",
    "Crohn disease": "MONDO:0005011",
    "RA": "MONDO:0008383",
    "hypertension": "MONDO:0005044",
    "cancer": "MONDO:0004992",
    "ulcer": "MONDO:0043839",
    "NSCLC": "MONDO:0005233",
    "epNET": "condition:extra-pancreatic-neuroendocrine-tumour",
}


@pytest.mark.parametrize(("text", "expected"), WORDS, ids=[text[:60] for text, _ in WORDS])
def test_words_of_an_indication(matcher: Matcher, text: str, expected: list[str]) -> None:
    match = matcher.words(text)
    assert [concept.id for concept in match.concepts] == [SHORT[name] for name in expected]
    assert match.method == ("phrase" if expected else "unmatched")


def test_what_was_matched_is_remembered_and_counted(matcher: Matcher) -> None:
    for printed in ("Cancer", "Nothing known", "Nothing known", "Other"):
        matcher.heading(printed)
    assert len(matcher.matches) == 3
    assert matcher.unmatched() == [("Nothing known", 2), ("Other", 1)]


def test_keys_of_names() -> None:
    assert plain("Guillain-Barré  syndrome") == "guillain barre syndrome"
    assert spelled("Tumours of the oesophagus") == spelled("tumor of the esophagus")
    assert spelled("Parkinson's diseases, type II") == spelled("Parkinson disease type 2")
    assert spelled("necrotising metastases") == spelled("necrotizing metastasis")
    assert spelled("AIDS") != spelled("aid")
    assert [name for name in ("AIDS", "NET", "pNET", "gout", "Gout", "COVID-19") if is_abbreviation(name)] == [
        "AIDS",
        "NET",
        "pNET",
    ]
