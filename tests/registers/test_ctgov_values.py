"""What studies print: numbers, P, titles of outcomes; each is stated only if it is clear."""

from __future__ import annotations

import doctest
import re
from typing import Any

import pytest

from kg import places
from kg.registers import ctgov_codes, ctgov_things, ctgov_values
from kg.registers.ctgov_values import number, p_value

NUMBERS = {
    "12": ("12", "", "", ""),
    "-.50": ("-0.50", "", "", ""),
    "+3.10": ("3.10", "", "", ""),
    "\u22124": ("-4", "", "", ""),
    "1e-3": ("0.001", "", "", ""),
    "<0.5": ("0.5", "<", "", ""),
    "\u2265 90": ("90", ">=", "", ""),
    "= 7": ("7", "", "", ""),
    "3 to 5": ("", "", "3", "5"),
    "3.0-5.5": ("", "", "3.0", "5.5"),
    "5-3": ("", "", "", ""),
    "NA": ("", "", "", ""),
    "1,234": ("", "", "", ""),
    "45%": ("", "", "", ""),
    "12 (3)": ("", "", "", ""),
    "": ("", "", "", ""),
}


@pytest.mark.parametrize("printed", NUMBERS)
def test_a_number_is_stated_only_if_it_is_one(printed: str) -> None:
    found = number(printed)
    assert (found.value, found.operator, found.low, found.high) == NUMBERS[printed]
    assert found.text == printed
    assert found.understood == (bool(found.value or found.low) or printed in ("NA", ""))
    assert number("45%", percent=True).value == "45"


P_VALUES = {
    "0.0568": ("=", "0.0568"),
    ".001": ("=", "0.001"),
    "<0.0001": ("<", "0.0001"),
    "= 0.003": ("=", "0.003"),
    "P < .05": ("<", "0.05"),
    "\u22640.001": ("<=", "0.001"),
    ">0.9999": (">", "0.9999"),
    "1.2E-5": ("=", "0.000012"),
    "NS": ("", ""),
    "0,03": ("", ""),
    "1.5": ("", ""),
    "-0.1": ("", ""),
    "0.05 (one-sided)": ("", ""),
}


@pytest.mark.parametrize("printed", P_VALUES)
def test_p_has_its_operator_and_lies_between_0_and_1(printed: str) -> None:
    found = p_value(printed)
    assert (found.operator, found.value) == P_VALUES[printed]


@pytest.mark.parametrize("module", [ctgov_values, ctgov_codes, ctgov_things], ids=lambda module: module.__name__)
def test_examples_in_docstrings_hold(module: Any) -> None:
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


OUTCOMES = {
    "Progression Free Survival (PFS)": "progression-free-survival",
    "To compare progression-free survival": "progression-free-survival",
    "PFS": "progression-free-survival",
    "PFS2": "",
    "Overall survival rate at 1 year": "overall-survival",
    "Number of participants with Overall Survival (OS)": "overall-survival",
    "Prognostic impact of malnutrition on overall survival": "",
    "Overall survival and progression-free survival": "",
    "GvHD-free, relapse-free survival (GRFS)": "",
    "Duration of event-free survival": "event-free-survival",
    "Part 1: Duration of Response (DOR) per iwCLL criteria": "duration-of-response",
    "The duration of CR": "duration-of-response",
    "Objective response rate: ORR": "objective-response-rate",
    "Overall response rate (ORR)": "",
    "MADRS Response Rate at Week 8": "",
    "Rate of Complete Remission (CR)": "complete-response",
    "Percentage of participants with serious adverse events (SAEs)": "serious-adverse-events",
    "Adverse events leading to discontinuation": "",
    "Number of Participants With Adverse Events": "adverse-events",
    "LISA implant survival rate": "",
}


@pytest.mark.parametrize("title", OUTCOMES)
def test_an_outcome_is_coded_on_clear_words_only(title: str) -> None:
    assert ctgov_codes.outcome(title) == OUTCOMES[title]


def test_every_code_is_declared() -> None:
    declared = set(re.findall(r"^code:(\S+)", (places.ONTOLOGY / "codes.ttl").read_text(), re.MULTILINE))
    lists = "PHASES STATUSES MASKING ROLES SPONSORS PARAMETERS DISPERSIONS".split()
    tables = [*(vars(ctgov_codes)[name] for name in lists), *ctgov_codes.FEATURES.values()]
    codes = {code for table in tables for code in table.values() if code}
    named = {code for name in ("_OUTCOMES", "_STATISTICS", "_UNITS") for code in vars(ctgov_codes)[name]}
    assert (len(codes), len(named)) == (75, 35)
    assert (codes | named) - declared == set()
