"""What changed between two snapshots: each event is named, each changed fact told, and the account adds up."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

import kg
from kg.cli import app
from kg.errors import ParameterError
from kg.registers.imports import Dictionaries, import_files

DOWNLOADS = Path(os.environ.get("KG_DOWNLOADS", Path(__file__).parents[2] / "shared" / "data")) / "ema"
LAYOUTS = [
    DOWNLOADS / "Medicines_output_european_public_assessment_reports_2023-12-05.xlsx",
    DOWNLOADS / "medicines_output_medicines_en_2025-07-15.xlsx",
]

Changes = set[tuple[str, ...]]
Turtle = Callable[..., Path]


def told(found: kg.Difference, *columns: str) -> Changes:
    answer = found.to_answer()
    return {tuple("" if row[name] is None else str(row[name]) for name in columns) for row in answer}


def assert_it_adds_up(found: kg.Difference, old: Path, new: Path) -> None:
    """Hold the account against a count of the subjects of each file, without those that stand for its source."""
    account: dict[str, dict[str, Any]] = {row["kind"]: row for row in found.to_account()}
    for row in account.values():
        assert row["old"] == row["gone"] + row["changed"] + row["same"]
        assert row["new"] == row["added"] + row["changed"] + row["same"]
    for side, path in (("old", old), ("new", new)):
        triples = list(ox.parse(path=path, base_iri="https://example.org/file"))
        about = {"https://example.org/file"}
        for quad in triples:
            if quad.predicate.value.endswith("wasDerivedFrom") and isinstance(quad.object, ox.NamedNode):
                about |= {quad.subject.value, quad.object.value}
            if isinstance(quad.object, ox.NamedNode) and quad.object.value.endswith("#CoverageStatement"):
                about.add(quad.subject.value)
        things = {quad.subject.value for quad in triples if isinstance(quad.subject, ox.NamedNode)} - about
        assert account["all"][side] == len(things)
        assert sum(row[side] for kind, row in account.items() if kind != "all") == len(things)


OLD = """Category,Medicine name,Active substance,Product number,Authorisation status,ATC code,Orphan medicine,\
Marketing authorisation date,Date of refusal of marketing authorisation,Marketing authorisation holder/company name
Human,Stayon,cabozantinib,EMEA/H/C/000001,Authorised,L01EX07,no,2003-02-01,,Example B.V.
Human,Goneon,nivolumab,EMEA/H/C/000002,Authorised,,yes,2003-02-02,,Example B.V.
Human,Oldname,sitagliptin,EMEA/H/C/000003,Authorised,,no,2003-02-03,,Example B.V.
Human,Leftout,imatinib,EMEA/H/C/000004,Authorised,,no,2003-02-04,,Example B.V.
"""
NEW = """Category,Name of medicine,EMA product number,Medicine status,Active substance,ATC code (human),\
Orphan medicine,Marketing authorisation developer / applicant / holder,Marketing authorisation date,\
Refusal of marketing authorisation date,Withdrawal / expiry / revocation / lapse of marketing authorisation date
Human,Refuson,EMEA/H/C/000006,Refused,erlotinib,,No,Example B.V.,,06/03/2024,
Human,Newname,EMEA/H/C/000003,Authorised,sitagliptin,A10BH01,No,Other N.V.,13/02/2003,,
Human,Goneon,EMEA/H/C/000002,Withdrawn,nivolumab,,No,Example B.V.,02/02/2003,,05/04/2024
Human,Newon,EMEA/H/C/000005,Authorised,gefitinib,,No,Example B.V.,07/03/2024,,
Human,Stayon,EMEA/H/C/000001,Authorised,cabozantinib,L01EX07,No,Example B.V.,01/02/2003,,
"""


@pytest.fixture(scope="module")
def dictionaries() -> Dictionaries:
    return Dictionaries.shipped()


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory, dictionaries: Dictionaries) -> tuple[Path, Path]:
    """Two small tables as EMA printed them in 2023 and in 2025, with their rows in another order, imported."""
    folder = tmp_path_factory.mktemp("tables")
    for name, text, date in (("old", OLD, "2023-12-05"), ("new", NEW, "2025-07-15")):
        (folder / f"{name}.csv").write_text(text)
        import_files("ema", [folder / f"{name}.csv"], folder / f"{name}.ttl", dictionaries, date=date)
    return folder / "old.ttl", folder / "new.ttl"


def test_two_layouts_of_a_register(tables: tuple[Path, Path]) -> None:
    found = kg.diff(*tables)
    assert_it_adds_up(found, *tables)
    assert {row for row in told(found, "change", "kind", "product", "substance", "date") if row[2]} == {
        ("added", "initial approval", "Newon", "gefitinib", "2024-03-07"),
        ("added", "withdrawal", "Goneon", "nivolumab", "2024-04-05"),
        ("added", "refusal", "Refuson", "erlotinib", "2024-03-06"),
        ("gone", "initial approval", "Leftout", "imatinib", "2003-02-04"),
        ("changed", "initial approval", "Goneon", "nivolumab", "2003-02-02"),
        ("changed", "initial approval", "Newname", "sitagliptin", "2003-02-13"),
    }
    assert {row[1:] for row in told(found, "change", "kind", "thing", "fact", "was", "is") if row[0] == "changed"} == {
        ("initial approval", "event:EU-EMEA-H-C-000002-authorisation", "has provision", "orphan status", ""),
        ("initial approval", "event:EU-EMEA-H-C-000003-authorisation", "decision date", "2003-02-03", "2003-02-13"),
        ("medicinal product", "Goneon", "has status", "authorised", "withdrawn"),
        ("medicinal product", "Newname", "rdfs:label", "Oldname", "Newname"),
        ("medicinal product", "Newname", "has company", "Example B.V.", "Other N.V."),
        ("substance", "sitagliptin", "in drug class", "", "A10BH01"),
    }
    assert ("added", "medicinal product", "Newon", "has status", "", "authorised") in told(
        found, "change", "kind", "thing", "fact", "was", "is"
    )


def test_nothing_changed(tables: tuple[Path, Path], tmp_path: Path, dictionaries: Dictionaries) -> None:
    """The rows in another order, of another day, in another file: no thing differs."""
    head, *rows = NEW.splitlines()
    (tmp_path / "again.csv").write_text("\n".join([head, *reversed(rows)]) + "\n")
    again = tmp_path / "again.nq"
    import_files("ema", [tmp_path / "again.csv"], again, dictionaries, date="2025-08-15")
    found = kg.diff(tables[1], again)
    assert found.changes == ()
    assert found.to_account().to_dicts()[-1] | {"old": 0, "new": 0, "same": 0} == {
        "kind": "all", "old": 0, "new": 0, "gone": 0, "added": 0, "changed": 0, "same": 0
    }  # fmt: skip


def medicines(path: Path, number: str) -> dict[str, dict[str, str]]:
    """Read a workbook with nothing of ours: number of a human medicine -> its row."""
    from python_calamine import CalamineWorkbook

    rows = [
        [str(cell).strip() for cell in row]
        for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    ]
    start = next(index for index, row in enumerate(rows) if number in row)
    each = [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]
    return {row[number]: row for row in each if row["Category"] == "Human" and row[number]}


@pytest.mark.skipif(not all(path.exists() for path in LAYOUTS), reason=f"no EMA tables of 2023 and 2025 in {DOWNLOADS}")
def test_the_real_tables(tmp_path: Path, dictionaries: Dictionaries) -> None:
    files = [tmp_path / "old.ttl", tmp_path / "new.ttl"]
    for table, file in zip(LAYOUTS, files, strict=True):
        import_files("ema", [table], file, dictionaries)
    found = kg.diff(*files)
    assert_it_adds_up(found, *files)
    before, after = medicines(LAYOUTS[0], "Product number"), medicines(LAYOUTS[1], "EMA product number")
    was = {number: row["Authorisation status"] for number, row in before.items()}

    def newly(status: str) -> set[str]:
        return {number for number, row in after.items() if row["Medicine status"] == status != was.get(number)}

    expected = {
        "initial approval": {
            number
            for number in newly("Authorised")
            if after[number]["Marketing authorisation date"]
            and not before.get(number, {}).get("Marketing authorisation date")
        },
        "withdrawal": {
            number
            for number in newly("Withdrawn")
            if after[number]["Withdrawal / expiry / revocation / lapse of marketing authorisation date"]
        },
        "refusal": {number for number in newly("Refused") if after[number]["Refusal of marketing authorisation date"]},
    }
    assert {kind: len(numbers) > 1 for kind, numbers in expected.items()} == dict.fromkeys(expected, True)
    rows = found.to_answer().rows
    for kind, numbers in expected.items():
        named = {row[3] for row in rows if row[:2] == (ox.Literal("added"), ox.Literal(kind))}
        assert {_product(number) for number in numbers} <= named, kind
    # With or without a date, a new status is told: of a product that is new itself, or of one that had another.
    for status in ("Authorised", "Withdrawn", "Refused"):
        told = {row[2] for row in rows if row[8] == _node(f"code/{status.lower()}")}
        assert {_product(number) for number in newly(status)} <= told, status


def _node(tail: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://w3id.org/drug-approvals/{tail}")


def _product(number: str) -> ox.NamedNode:
    return _node(f"product/EU-{number.replace('/', '-')}")


def test_rows_and_sources_are_no_change(turtle: Turtle) -> None:
    fact = ":drug a kg:Substance ; rdfs:label 'drug'@en ; kg:locator '%s' . :source kg:accessDate '%s'^^xsd:date ."
    found = kg.diff(turtle(fact % (1, "2020-01-01"), "a.ttl"), turtle(fact % (2, "2021-01-01"), "b.ttl"))
    assert found.summary() == "1 things in old = 0 gone + 0 changed + 1 same; 1 in new = 0 added + 0 changed + 1 same."


def test_several_values_are_not_paired(turtle: Turtle) -> None:
    old = turtle(":drug a kg:Substance ; rdfs:label 'drug'@en ; skos:altLabel 'a', 'b' .", "a.ttl")
    new = turtle(":drug a kg:Substance ; rdfs:label 'drug'@en ; skos:altLabel 'c', 'b', 'd' .", "b.ttl")
    assert told(kg.diff(old, new), "thing", "fact", "was", "is") == {
        ("drug", "skos:altLabel", "a", ""),
        ("drug", "skos:altLabel", "", "c"),
        ("drug", "skos:altLabel", "", "d"),
    }


def test_a_thing_that_changed_its_kind(turtle: Turtle) -> None:
    old, new = turtle(":e a kg:Approval .", "a.ttl"), turtle(":e a kg:IndicationExtension .", "b.ttl")
    found = kg.diff(old, new)
    assert told(found, "kind", "fact", "was", "is") == {
        ("indication extension", "rdf:type", "approval", "indication extension")
    }
    assert_it_adds_up(found, old, new)


def test_blank_nodes_are_counted(turtle: Turtle) -> None:
    old = turtle(":drug a kg:Substance ; kg:hasComponent [ rdfs:label 'x'@en ] .", "a.ttl")
    found = kg.diff(old, turtle(":drug a kg:Substance .", "b.ttl"))
    assert found.changes == ()
    assert "2 facts with blank nodes were not compared" in found.summary()


def test_several_sources_on_a_side(turtle: Turtle) -> None:
    first, second = turtle(":a a kg:Substance .", "a.ttl"), turtle(":b a kg:Substance .", "b.ttl")
    assert told(kg.diff([first, second], second), "change", "thing", "source") == {
        ("gone", "<https://example.org/a>", "made for a test")
    }


def test_a_kind_that_is_not_met(turtle: Turtle) -> None:
    path = turtle(":e a kg:Withdrawal .")
    with pytest.raises(ParameterError, match=r"kind 'withdrawl'\. Did you mean withdrawal\?"):
        kg.diff(path, path).to_answer(["withdrawl"])


def test_the_command(tables: tuple[Path, Path]) -> None:
    def run(*options: str) -> str:
        done = CliRunner().invoke(app, ["diff", *map(str, tables), *options])
        assert done.exit_code == 0
        assert "things in old = " in done.stderr
        return done.stdout

    rows = list(csv.DictReader(io.StringIO(run("-f", "csv", "--kind", "withdrawal", "--kind", "refusal"))))
    assert [(row["kind"], row["product"]) for row in rows] == [("refusal", "Refuson"), ("withdrawal", "Goneon")]
    account = json.loads(run("-f", "json", "--account"))["rows"]
    assert account[-1]["kind"] == "all"
    assert account[-1]["old"] == account[-1]["gone"] + account[-1]["changed"] + account[-1]["same"]
