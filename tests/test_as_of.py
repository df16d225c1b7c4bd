"""As of a day, a month or a year: what had happened, what still held, and what depends on a day that is not known."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import kg
from kg import places, questions
from kg.errors import ParameterError
from tests.test_cli import run

Close = Callable[[str], kg.Store]

PRECISION = {10: ("date", "day"), 7: ("gYearMonth", "month"), 4: ("gYear", "year")}
LAST = {10: "", 7: "-31", 4: "-12-31"}
"""What follows a date of that length on its last day; the months here have 31 days."""


def event(name: str, on: str, kind: str = "InitialApproval", more: str = "") -> str:
    """Return an event of the EU for the product :brand, as precise as its date."""
    datatype, precision = PRECISION[len(on)]
    by = "grantedBy" if kind.endswith(("Approval", "Extension")) else "issuedBy"
    return f"""
    :drug a kg:Substance ; rdfs:label "drug"@en .
    :brand a kg:MedicinalProduct ; rdfs:label "brand"@en ; kg:hasSubstance :drug ; kg:hasCompany :company .
    :company a kg:Organization ; rdfs:label "company"@en .
    :{name} a kg:{kind} ; rdfs:label "{name}"@en ; kg:{by} agency:EC ; kg:forProduct :brand ;
        kg:decisionDate "{on}"^^xsd:{datatype} ; kg:sortDate "{on}{LAST[len(on)]}"^^xsd:date ;
        kg:hasDatePrecision code:{precision} {more} .
    """


def indicated(name: str, condition: str) -> str:
    return f"""; kg:approvesIndication :{name}-label . :{name}-label a kg:Indication ; rdfs:label "{name}"@en ;
        kg:forCondition condition:{condition}"""


def holds(store: kg.Store, asOf: str | None = None, name: str = "approvals-of-substance", **values: str) -> list[str]:  # noqa: N803
    """Return whether each row holds, in order."""
    return [row["holds"] for row in kg.ask(name, store, asOf=asOf, **values)]


def of_drug(store: kg.Store, asOf: str | None = None) -> list[str]:  # noqa: N803
    return holds(store, asOf, substance="drug")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2024-03-09", []),
        ("2024-03-10", ["yes"]),
        ("2024-02", []),
        ("2024-03", ["possibly"]),
        ("2024-04", ["yes"]),
        ("2023", []),
        ("2024", ["possibly"]),
        ("2025", ["yes"]),
        (None, ["yes"]),
    ],
)
def test_an_approval_holds_from_its_day(asked: str | None, expected: list[str], closed: Close) -> None:
    assert of_drug(closed(event("approval", "2024-03-10")), asked) == expected


@pytest.mark.parametrize(
    ("on", "asked", "expected"),
    [
        ("2024-03", "2024-02-29", []),
        ("2024-03", "2024-03-01", ["possibly"]),
        ("2024-03", "2024-03-30", ["possibly"]),
        ("2024-03", "2024-03-31", ["yes"]),
        ("2024-03", "2024-03", ["possibly"]),
        ("2024-03", "2024-04", ["yes"]),
        ("2024-03", "2024", ["possibly"]),
        ("2024", "2023-12-31", []),
        ("2024", "2024-01-01", ["possibly"]),
        ("2024", "2024-12-30", ["possibly"]),
        ("2024", "2024-12-31", ["yes"]),
    ],
)
def test_the_day_of_an_approval_is_not_known(on: str, asked: str, expected: list[str], closed: Close) -> None:
    assert of_drug(closed(event("approval", on)), asked) == expected


WITHDRAWN = event("approval", "2020-05-01") + event("end", "2024-03-10", "Withdrawal")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2020-04-30", []),
        ("2020-05-01", ["yes"]),
        ("2024-03-09", ["yes"]),
        ("2024-03-10", []),
        ("2024-02", ["yes"]),
        ("2024-03", ["possibly"]),
        ("2024-04", []),
        (None, ["no"]),
    ],
)
def test_on_the_day_of_a_withdrawal_an_approval_holds_no_more(
    asked: str | None, expected: list[str], closed: Close
) -> None:
    assert of_drug(closed(WITHDRAWN), asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("2024-02-29", ["yes"]), ("2024-03-01", ["possibly"]), ("2024-03-30", ["possibly"]), ("2024-03-31", [])],
)
def test_the_day_of_a_withdrawal_is_not_known(asked: str, expected: list[str], closed: Close) -> None:
    store = closed(event("approval", "2020-05-01") + event("end", "2024-03", "Withdrawal"))
    assert of_drug(store, asked) == expected


def test_a_product_is_approved_again(closed: Close) -> None:
    store = closed(WITHDRAWN + event("again", "2025-01-01"))
    assert of_drug(store, "2024-12-31") == []
    assert of_drug(store, "2025-01-01") == ["yes"]
    assert of_drug(store) == ["no", "yes"]


def test_a_withdrawal_of_another_product_or_indication_ends_nothing(closed: Close) -> None:
    other = event("end", "2024-03-10", "Withdrawal").replace(":brand", ":other")
    assert of_drug(closed(event("approval", "2020-05-01") + other)) == ["yes"]
    one = event("end", "2024-03-10", "Withdrawal", "; kg:forIndication :b-label")
    two = event("a", "2020-05-01", more=indicated("a", "neoplasm"))
    two += event("b", "2021-05-01", "IndicationExtension", indicated("b", "neuroendocrine-tumour"))
    assert of_drug(closed(two + one)) == ["yes", "no"]


def test_of_two_withdrawals_the_first_proves_the_end(closed: Close) -> None:
    both = event("late", "2024-03", "Withdrawal") + event("soon", "2022-02-02", "Withdrawal")
    store = closed(event("approval", "2020-05-01") + both)
    for end in ("earliestEnd", "latestEnd"):
        (proof,) = kg.why("<https://example.org/approval>", end, "2022-02-02", store).proofs
        ends = {str(step.fact) for step in proof.walk() if "kg:endedBy" in str(step.fact)}
        assert ends == {"<https://example.org/approval> kg:endedBy <https://example.org/soon>"}


def test_a_suspension_leaves_it_open(closed: Close) -> None:
    store = closed(event("approval", "2020-05-01") + event("pause", "2024-03-10", "Suspension"))
    assert of_drug(store, "2024-03-09") == ["yes"]
    assert of_drug(store, "2024-03-10") == ["possibly"]
    assert of_drug(store) == ["possibly"]


@pytest.mark.parametrize(
    ("issued", "asked", "expected"),
    [
        ('"2024-03-10"^^xsd:date', "2020-04-30", []),
        ('"2024-03-10"^^xsd:date', "2020-05-01", ["possibly"]),
        ('"2024-03-10"^^xsd:date', "2024-03-09", ["possibly"]),
        ('"2024-03-10"^^xsd:date', "2024-03-10", []),
        ('"2024-12"^^xsd:gYearMonth', "2024-12-31", ["possibly"]),
        ('"2024-12"^^xsd:gYearMonth', "2025-01-01", []),
        ('"2024-03"^^xsd:gYearMonth', "2024-04-01", []),
        ('"2024"^^xsd:gYear', "2024-12-31", ["possibly"]),
        ('"2024"^^xsd:gYear', None, ["no"]),
    ],
)
def test_a_status_without_a_day_came_before_its_snapshot(
    issued: str, asked: str | None, expected: list[str], closed: Close
) -> None:
    status = f":brand kg:hasStatus code:withdrawn . :source dcterms:issued {issued} ."
    assert of_drug(closed(event("approval", "2020-05-01") + status), asked) == expected


def test_before_an_extension_only_the_earlier_indication(closed: Close) -> None:
    store = closed(
        event("approval", "2020-05-01", more=indicated("approval", "pancreatic-neuroendocrine-tumour"))
        + event("wider", "2024-03", "IndicationExtension", indicated("wider", "neuroendocrine-tumour"))
    )

    def approved(asOf: str) -> list[tuple[str, str]]:  # noqa: N803
        rows = kg.ask("approvals-within-condition", store, condition="NET", asOf=asOf)
        return [(row["approvedFor"], row["holds"]) for row in rows]

    first, second = "pancreatic neuroendocrine tumour", "neuroendocrine tumour"
    assert approved("2020-04-30") == []
    assert approved("2024-02-29") == [(first, "yes")]
    assert approved("2024-03-15") == [(first, "yes"), (second, "possibly")]
    assert approved("2024-03-31") == [(first, "yes"), (second, "yes")]
    assert holds(store, "2024-02-29", "label-extensions", substance="drug") == []
    assert holds(store, "2024-03-01", "label-extensions", substance="drug") == ["possibly"]


def test_events_are_told_once_they_may_have_happened(closed: Close) -> None:
    store = closed(WITHDRAWN + event("designation", "2019", "OrphanDesignation"))
    assert holds(store, "2018-12-31", "timeline", substance="drug") == []
    assert set(holds(store, "2019-06-01", "timeline", substance="drug")) == {"possibly"}
    assert set(holds(store, "2020-05-01", "timeline", substance="drug")) == {"yes"}
    assert holds(store, "2019-06", "orphan-designations") == ["possibly"]
    assert holds(store, "2024-03-09", "refused-or-withdrawn") == []
    assert holds(store, "2024-03-10", "refused-or-withdrawn") == ["yes"]


def test_a_withdrawn_approval_still_came_first(closed: Close) -> None:
    store = closed(WITHDRAWN)
    for name in ("first-approvals", "companies-by-first-approvals"):
        values = {"jurisdiction": "EU"}
        assert holds(store, "2020-04-30", name, **values) == []
        assert holds(store, "2020", name, **values) == ["possibly"]
        assert holds(store, "2024-03-10", name, **values) == ["yes"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("2025-02-28", []), ("2025-07-23", []), ("2025-07", ["possibly"]), ("2025-07-24", ["yes"]), (None, ["yes"])],
)
def test_two_approvals_hold_once_both_do(asked: str | None, expected: list[str], founding: kg.Store) -> None:
    """The EU approval is dated by its announcement alone, and counts from then on."""
    for name in ("approved-in-eu-and-us", "approval-lag"):
        assert list(dict.fromkeys(holds(founding, asked, name))) == expected
    differences = holds(founding, asked, "label-differences", substance="cabozantinib", jurisdiction="EU", other="US")
    assert list(dict.fromkeys(differences)) == expected


def test_a_membership_on_a_day(founding: kg.Store) -> None:
    def of_uk(asOf: str) -> list[str]:  # noqa: N803
        rows = kg.ask("members-of-jurisdiction", founding, union="EU", asOf=asOf)
        return [row["holds"] for row in rows if row["member"] == "United Kingdom"]

    assert (of_uk("2020-01-31"), of_uk("2020-02-01"), of_uk("2020-01"), of_uk("2020")) == (
        ["yes"], [], ["yes"], ["possibly"]
    )  # fmt: skip


@pytest.mark.parametrize("asked", ["2024-13", "24", "2024-02-30", "yesterday", "20240301", "2024-3", ""])
def test_what_is_no_day_month_or_year(asked: str, founding: kg.Store) -> None:
    with pytest.raises(ParameterError, match="--as-of must be a day, a month or a year"):
        kg.ask("timeline", founding, substance="cabozantinib", asOf=asked)


def test_the_command_takes_a_day_or_tells_why_not() -> None:
    graph = ("-g", "shipped/cabinet", "-g", "shipped/reference", "-f", "json")
    asked = run("ask", "approvals-of-substance", "--substance", "cabozantinib", "--as-of", "2025-03", *graph)
    assert asked.returncode == 0
    assert '"asOf": "2025-03"' in asked.stdout
    assert '"holds": "possibly"' in asked.stdout
    refused = run("ask", "vocabulary", "--as-of", "2025-03", *graph)
    assert refused.returncode == 2
    assert "vocabulary cannot be asked as of a day: the words of the ontology have no day." in refused.stderr


def test_each_question_takes_a_day_or_tells_why_not() -> None:
    for name in questions.names():
        question = questions.question(name)
        days = [param for param in question.params if param.name == questions.AS_OF]
        assert bool(days) != bool(question.timeless), name
        assert ("holds" in question.columns) == bool(days), name
        for param in days:
            assert param.is_span, name
            assert (param.type, param.required, param.about) == (
                "xsd:date",
                False,
                "the day, month or year asked about",
            )


def test_the_same_words_everywhere() -> None:
    """Whether an approval holds is worked out in many questions, and in the same way."""
    found = set()
    for path in places.QUESTIONS.glob("*.rq"):
        text = path.read_text()
        for block in re.findall(
            r"OPTIONAL \{ \?\w+ kg:earliestEnd \?mayEnd \}.*?\bAS \?(?:holds|stands)\)", text, re.DOTALL
        ):
            dated = re.search(r"COALESCE\(\?earliest, \?(\w+)\)", block)
            assert dated, path.stem
            thing = re.match(r"OPTIONAL \{ \?(\w+)", block)
            assert thing, path.stem
            same = re.sub(rf"\?{thing[1]}\b", "?thing", re.sub(rf"\?{dated[1]}\b", "?date", block))
            found.add(re.sub(r"\s+", " ", same).replace("?stands", "?holds"))
    assert len(found) == 1
