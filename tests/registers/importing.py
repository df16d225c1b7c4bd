"""`kg import` in a test: small downloads of each register, the command, and what it wrote."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from kg.sources import FORMATS
from tests.registers.tables_written import table

KG = "https://w3id.org/drug-approvals/ontology#"
BASE = "https://w3id.org/drug-approvals/"
DCTERMS = "http://purl.org/dc/terms/"
SENTENCE = "Treatment of a most peculiar kind of lung cancer, in words of the agency's own"

EMA = [
    {
        "Category": "Human",
        "Name of medicine": f"Examplia {number}",
        "EMA product number": f"EMEA/H/C/00000{number}",
        "Medicine status": "Authorised",
        "Active substance": substance,
        "Marketing authorisation date": f"26/03/202{number}",
        "ATC code (human)": atc,
        "Therapeutic area (MeSH)": areas,
    }
    for number, substance, atc, areas in (
        (1, "cabozantinib", "L01EX07", "Lung Neoplasms"),
        (2, "not a substance at all", "none", "A heading nobody knows"),
        (3, "cabozantinib; nivolumab", "", ""),
    )
]
VETERINARY = {**EMA[0], "Category": "Veterinary", "EMA product number": "EMEA/V/C/000009"}
ORPHAN = {
    "Active substance": "cabozantinib",
    "Date of designation / refusal": "19/10/2020",
    "Intended use": SENTENCE,
    "EU designation number": "EU/3/20/2347",
    "Status": "Positive",
    "First published date": "16/12/2020",
}
UNII = (
    "Name\tTYPE\tUNII\tDisplay Name\nCABOZANTINIB\tof\t1C39JW444G\tCABOZANTINIB\nXL184\tcd\t1C39JW444G\tCABOZANTINIB\n"
)
SSSOM = (
    "#curie_map:\n#  MONDO: http://purl.obolibrary.org/obo/MONDO_\n#license: https://example.org/licence\n"
    "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\n"
    "EX:1\tone\tskos:exactMatch\tchembl:CHEMBL1\tsemapv:LexicalMatching\n"
    "mesh:D1\ttwo\tskos:exactMatch\tdrugbank:DB1\tsemapv:LexicalMatching\n"
    "mesh:D1\ttwo\tskos:closeMatch\tunii:1C39JW444G\tsemapv:LexicalMatching\n"
)
CHEMBL = (
    "action_type,mechanism_of_action,molecule_chembl_id,target_chembl_id\n"
    "INHIBITOR,Carbonic anhydrase I inhibitor,CHEMBL19,CHEMBL261\n"
    "INHIBITOR,Carbonic anhydrase I inhibitor,CHEMBL19,CHEMBL261\n"
    "INHIBITOR,,CHEMBL20,CHEMBL261\nINHIBITOR,It,molecule,CHEMBL261\n"
)
OPENFDA: dict[str, Any] = {
    "meta": {"last_updated": "2025-07-09"},
    "results": [
        {
            "application_number": "NDA208692",
            "sponsor_name": "EXELIXIS",
            "products": [
                {
                    "product_number": "001",
                    "brand_name": "CABOMETYX",
                    "active_ingredients": [{"name": "CABOZANTINIB S-MALATE"}],
                }
            ],
            "submissions": [
                {
                    "submission_type": "ORIG",
                    "submission_number": "1",
                    "submission_status": "AP",
                    "submission_status_date": "20160425",
                }
            ],
        }
    ],
}
DPD = {
    "drug": '"1","","Human","02000001","EXAMPLIA","","N","","1"\n',
    "ingred": '"1","42","CABOZANTINIB","I","20","MG"\n',
    "comp": '"1","EX1","9","EXAMPLE CANADA INC","DIN OWNER","Y"\n',
    "status": '"1","N","APPROVED","26-MAR-2019","X"\n"1","Y","MARKETED","01-MAY-2019","X"\n',
    "ther": '"1","L01EX07","CABOZANTINIB","10:00.00","ANTINEOPLASTIC AGENTS"\n',
}
STUDY = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A trial of an example"},
        "statusModule": {"overallStatus": "COMPLETED", "startDateStruct": {"date": "2020-01"}},
        "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE3"]},
    },
    "derivedSection": {"miscInfoModule": {"versionHolder": "2025-05-07"}},
    "hasResults": False,
}


class Done(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Done]


def triples(path: Path) -> set[ox.Triple]:
    """The facts of a file, of whatever syntax."""
    name = path.name.removesuffix(".gz")
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return {quad.triple for quad in ox.parse(content, FORMATS[name[name.rindex(".") :]])}


def objects(path: Path, predicate: str, subject: str | None = None) -> list[str]:
    name = predicate if "://" in predicate else KG + predicate
    return sorted(
        fact.object.value  # type: ignore[union-attr]
        for fact in triples(path)
        if fact.predicate.value == name and subject in (None, str(fact.subject).strip("<>"))
    )


def counts(done: Done) -> dict[str, int]:
    assert done.code == 0, done.err
    return {row["what"]: int(row["number"]) for row in csv.DictReader(io.StringIO(done.out))}


def balanced(told: Mapping[str, int]) -> bool:
    rejected = sum(number for what, number in told.items() if what.startswith("rejected: "))
    return told["read"] == told["used"] + rejected


def dump(folder: Path) -> dict[str, Path]:
    """One small file of each kind, and what is none; register -> file."""
    folder.mkdir()
    (folder / "dpd_2022-01").mkdir()
    for name, text in DPD.items():
        (folder / "dpd_2022-01" / f"{name}.txt").write_text(text)
    made = {
        "ema": table(folder / "medicines_2025-03.csv", EMA),
        "ema-orphan": table(folder / "orphan_2025-03.csv", [ORPHAN]),
        "health-canada": folder / "dpd_2022-01" / "drug.txt",
    }
    for register, name, text in (
        ("unii", "UNII_Names_2025-06.txt", UNII),
        ("sssom", "mappings_2025-10.sssom.tsv", SSSOM),
        ("chembl", "mechanisms_2026-05.csv", CHEMBL),
        ("openfda", "answer.json", json.dumps(OPENFDA)),
        ("ctgov", "studies_2025-05-07.json", json.dumps([STUDY])),
        ("disease", "mondo_2026-08.sssom.tsv", SSSOM.replace("EX:1", "MONDO:1")),
    ):
        made[register] = folder / name
        made[register].write_text(text)
    (folder / "README.md").write_text("# none of them")
    (folder / "junk.bin").write_bytes(bytes(range(256)) * 20)
    (folder / "empty.csv").write_text("")
    (folder / "page.csv").write_text("<!DOCTYPE html><html><body>Access denied</body></html>")
    return made


def refused(kg: Run, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    """One message, the exit code 2, and nothing written."""
    before = sorted(path.name for path in folder.rglob("*"))
    done = kg("import", *arguments)
    assert (done.code, done.out) == (2, ""), done
    assert done.err.startswith("kg: ")
    assert done.err.count("\n") == 1, done.err
    assert told in done.err
    assert sorted(path.name for path in folder.rglob("*")) == before
