"""`kg import` through the command line: files in every syntax, accounts, options, and what is not a download."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest

from kg import cli, import_command
from kg.registers import recognise
from kg.registers.account import HELD, Account
from kg.registers.catalogue import REGISTERS
from kg.registers.conditions import Index, Matcher
from kg.registers.facts import Facts
from kg.registers.imports import Dictionaries, import_files
from kg.registers.names import slug
from kg.registers.records import Event, Product, Record
from kg.registers.substances import Names, Resolver
from kg.sources import FORMATS
from tests.conftest import PREFIXES, ROOT

DOWNLOADS = Path(os.environ.get("KG_DOWNLOADS", Path(__file__).parents[3] / "shared" / "data"))
real = pytest.mark.skipif(not DOWNLOADS.exists(), reason=f"no downloads in {DOWNLOADS}")

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


@pytest.fixture
def kg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, in a folder of its own; what the package knows is read once for all tests."""

    def run(*arguments: object) -> Done:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return Done(code, told.out, told.err)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Dictionaries, "shipped", classmethod(shipped_once))
    monkeypatch.setattr("signal.signal", lambda *given: None)
    return run


_shipped = Dictionaries.shipped
_known: dict[str, Dictionaries] = {}


def shipped_once(
    cls: type[Dictionaries], names: list[Path] | None = None, concepts: list[Path] | None = None
) -> object:
    if names or concepts:
        return _shipped(names or (), concepts or ())
    first = _known.setdefault("", _known.get("") or _shipped())
    return cls(Resolver(*first.substances.names), Matcher(first.conditions.index))


def table(path: Path, rows: list[dict[str, str]], **options: str) -> Path:
    with path.open("w", newline="", encoding=options.pop("encoding", "utf-8")) as stream:
        writer = csv.DictWriter(stream, list(rows[0]), **options)  # type: ignore[arg-type]
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def ema(tmp_path: Path) -> Path:
    return table(tmp_path / "medicines_2025-03.csv", [*EMA, VETERINARY])


@pytest.fixture
def orphan(tmp_path: Path) -> Path:
    return table(tmp_path / "orphan_2025-03.csv", [ORPHAN])


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


# ------------------------------------------------------------------------------------------------------------- output


@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "trig", "ttl.gz", "nq.gz"])
def test_each_syntax_holds_the_same_facts(kg: Run, ema: Path, tmp_path: Path, ending: str) -> None:
    for name in ("out.nt", f"out.{ending}"):
        done = kg("import", "ema", ema, "-o", name, "-f", "csv")
        assert done.code == 0, done.err
        assert counts(done)["facts written"] >= len(triples(tmp_path / name)) > 40
    assert triples(tmp_path / f"out.{ending}") == triples(tmp_path / "out.nt")
    loaded = kg("query", "SELECT (COUNT(*) AS ?n) { GRAPH graph:out { ?s ?p ?o } }", "-g", f"out.{ending}", "-f", "csv")
    assert loaded.out == f"n\n{len(triples(tmp_path / 'out.nt'))}\n"


@pytest.mark.parametrize("name", ["out.rdf", "out", "out.xlsx", "out.gz"])
def test_a_name_that_tells_no_syntax_is_refused(kg: Run, ema: Path, tmp_path: Path, name: str) -> None:
    done = kg("import", "ema", ema, "-o", name)
    assert done.code == 2
    assert ".ttl, .nt, .nq, .trig" in done.err
    assert not (tmp_path / name).exists()


def test_the_same_file_gives_the_same_bytes_in_any_process(ema: Path, orphan: Path, tmp_path: Path) -> None:
    digests = set()
    for seed in ("1", "2"):
        made = []
        for register, source in (("ema", ema), ("ema-orphan", orphan)):
            out = tmp_path / f"{register}.ttl.gz"
            done = subprocess.run(
                [sys.executable, "-m", "kg", "import", register, source, "-o", out, "--matches", tmp_path / "m.tsv"],
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
            made += [out.read_bytes(), (tmp_path / "m.tsv").read_bytes()]
        made.append((tmp_path / "ema.rejected.csv").read_bytes())
        digests.add(hashlib.sha256(b"|".join(made)).hexdigest())
    assert len(digests) == 1


def test_a_graph_names_its_source(kg: Run, ema: Path, tmp_path: Path) -> None:
    assert kg("import", "ema", ema, "-o", "mine.ttl").code == 0
    out = tmp_path / "mine.ttl"
    graph, source = f"{BASE}graph/mine", f"{BASE}source/ema-2025-03"
    assert objects(out, "http://www.w3.org/ns/prov#wasDerivedFrom", graph) == [source]
    assert objects(out, f"{DCTERMS}rights", graph) == objects(out, f"{DCTERMS}rights", source)
    assert objects(out, f"{DCTERMS}rights", source) == ["EMA: reuse with acknowledgement of the source"]
    assert objects(out, f"{DCTERMS}issued", source) == ["2025-03"]
    assert objects(out, f"{DCTERMS}publisher", source) == [f"{BASE}agency/EMA"]
    assert objects(out, "checksum", source) == [f"sha256:{hashlib.sha256(ema.read_bytes()).hexdigest()} {ema.name}"]
    assert objects(out, "endDate", f"{BASE}coverage/ema-2025-03") == ["2025-03-01"]


def test_each_product_and_event_names_its_row(kg: Run, ema: Path, tmp_path: Path) -> None:
    assert kg("import", "ema", ema, "-o", "mine.ttl").code == 0
    facts = triples(tmp_path / "mine.ttl")
    located = {fact.subject for fact in facts if fact.predicate.value == f"{KG}locator"}
    described = {
        fact.subject
        for fact in facts
        if fact.predicate.value == f"{KG}grantedBy" or fact.object == ox.NamedNode(KG + "MedicinalProduct")
    }
    assert len(described) == 6
    assert described <= located
    assert set(objects(tmp_path / "mine.ttl", "locator")) == {"line 2", "line 3", "line 4"}


def test_what_was_imported_passes_the_checks(kg: Run, ema: Path, orphan: Path) -> None:
    for register, path in (("ema", ema), ("ema-orphan", orphan)):
        assert kg("import", register, path, "-o", f"{register}.ttl").code == 0
    done = kg("check", "ema.ttl", "ema-orphan.ttl", ROOT / "kg" / "data" / "reference")
    assert (done.code, "0 violations" in done.out + done.err) == (0, True), done


# --------------------------------------------------------------------------------------------------------------- date


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("table.csv", "2024-05-06", "2024-05-06"),
        ("table_2025-03.csv", "2024", "2024"),
        ("table_2025-03.csv", None, "2025-03"),
        ("table-2025_03_09.csv", None, "2025-03-09"),
        ("table.csv", None, "2023-03-26"),
        ("table_20250309.csv", None, "2023-03-26"),
    ],
)
def test_the_date_is_given_or_in_the_name_or_of_the_newest_event(
    kg: Run, tmp_path: Path, name: str, given: str | None, expected: str
) -> None:
    path = table(tmp_path / name, EMA)
    assert kg("import", "ema", path, *(("--date", given) if given else ()), "-f", "csv").code == 0
    assert (tmp_path / f"ema-{expected}.ttl").exists()
    assert objects(tmp_path / f"ema-{expected}.ttl", f"{DCTERMS}issued") == [expected]


def test_the_date_is_in_the_file(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "answer_2020-01-01.json").write_text(json.dumps(OPENFDA))
    assert kg("import", "openfda", "answer_2020-01-01.json").code == 0
    assert (tmp_path / "openfda-2025-07-09.ttl").exists()


def test_no_date_anywhere(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text(UNII)
    done = kg("import", "unii", "names.txt")
    assert done.code == 2
    assert done.err == "kg: names.txt: the file does not tell when it was downloaded. Say so: --date 2025-07-15\n"


@pytest.mark.parametrize("date", ["15.7.2025", "2025-13", "2025-02-31", "soon"])
def test_a_date_that_is_none(kg: Run, ema: Path, date: str) -> None:
    done = kg("import", "ema", ema, "--date", date)
    assert done.code == 2
    assert f"not {date!r}" in done.err


# ------------------------------------------------------------------------------------------------------------ options


def test_the_agencys_sentences_are_kept_only_when_asked_for(kg: Run, orphan: Path, tmp_path: Path) -> None:
    assert kg("import", "ema-orphan", orphan, "-o", "without.ttl").code == 0
    assert kg("import", "ema-orphan", orphan, "-o", "with.ttl", "--with-text").code == 0
    assert "peculiar" not in (tmp_path / "without.ttl").read_text()
    assert objects(tmp_path / "with.ttl", "sourceText") == [SENTENCE]
    assert triples(tmp_path / "without.ttl") < {
        ox.Triple(ox.NamedNode(fact.subject.value.replace("graph/with", "graph/without")), fact.predicate, fact.object)
        for fact in triples(tmp_path / "with.ttl")
        if isinstance(fact.subject, ox.NamedNode)
    }


def test_the_report_has_each_row_that_was_not_used(kg: Run, ema: Path, tmp_path: Path) -> None:
    done = kg("import", "ema", ema, "-o", "a.ttl", "-f", "csv")
    told = counts(done)
    assert told.pop("facts written") > 40
    assert told == {
        "read": 4,
        "used": 3,
        "rejected: not a human medicine": 1,
        "remark: not the form of an ATC code": 1,
    }
    assert kg("import", "ema", ema, "-o", "b.ttl", "--report", "elsewhere.csv").code == 0
    assert (tmp_path / "elsewhere.csv").read_bytes() == (tmp_path / "a.rejected.csv").read_bytes()
    assert not (tmp_path / "b.rejected.csv").exists()
    with (tmp_path / "a.rejected.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["kind"], row["file"], row["row"], row["evidence"]) for row in rows] == [
        ("rejected", ema.name, "line 5", "Veterinary: Examplia 1"),
        ("remark", ema.name, "line 3", "none"),
    ]


def test_a_report_of_an_earlier_import_does_not_stay(kg: Run, ema: Path, orphan: Path, tmp_path: Path) -> None:
    assert kg("import", "ema", ema, "-o", "a.ttl").code == 0
    assert (tmp_path / "a.rejected.csv").exists()
    assert kg("import", "ema-orphan", orphan, "-o", "a.ttl").code == 0
    assert not (tmp_path / "a.rejected.csv").exists()


def test_matches_tell_how_each_name_was_found(kg: Run, ema: Path, tmp_path: Path) -> None:
    assert kg("import", "ema", ema, "-o", "a.ttl", "--matches", "m.sssom.tsv").code == 0
    with (tmp_path / "m.sssom.tsv").open() as stream:
        rows = [
            (row["subject_label"], row["predicate_id"], row["object_id"], row["comment"])
            for row in csv.DictReader(stream, delimiter="\t")
        ]
    assert ("cabozantinib", "skos:exactMatch", "UNII:1C39JW444G", "exact") in rows
    assert ("not a substance at all", "sssom:NoTermFound", "sssom:NoTermFound", "unmatched") in rows
    assert len([row for row in rows if row[0] == "cabozantinib; nivolumab" and row[1] == "skos:relatedMatch"]) == 2


def test_the_account_is_printed_in_each_form(kg: Run, ema: Path) -> None:
    shown = {
        how: kg("import", "ema", ema, "-o", "a.ttl", "-f", how).out for how in ("table", "csv", "json", "markdown")
    }
    rows = list(csv.reader(io.StringIO(shown["csv"])))
    assert rows[0] == ["snapshot", "what", "number"]
    assert {row[0] for row in rows[1:]} == {"ema-2025-03"}
    for text in shown.values():
        assert all(cell in text for row in rows for cell in row)
    assert isinstance(json.loads(shown["json"]), (dict, list))


def test_the_summary_is_on_the_error_stream(kg: Run, ema: Path) -> None:
    done = kg("import", "ema", ema, "-o", "a.ttl")
    assert re.fullmatch(
        r"ema-2025-03: 4 rows read, 3 used, 1 rejected; \d+ facts in a\.ttl \(\d+\.\d s\)\n", done.err
    ), done.err


def test_concise_leaves_out_later_generics(kg: Run, tmp_path: Path) -> None:
    (first,) = OPENFDA["results"]
    results = [json.loads(json.dumps(first)) for _ in range(4)]
    for result, (number, day) in zip(
        results,
        (("NDA000001", "2016"), ("ANDA000003", "2023"), ("ANDA000001", "2021"), ("ANDA000002", "2022")),
        strict=True,
    ):
        result["application_number"] = number
        result["submissions"][0]["submission_status_date"] = f"{day}0425"
    (tmp_path / "a.json").write_text(json.dumps({**OPENFDA, "results": results}))
    told = counts(kg("import", "openfda", "a.json", "-o", "all.ttl", "-f", "csv"))
    concise = counts(kg("import", "openfda", "a.json", "-o", "concise.ttl", "--concise", "-f", "csv"))
    assert told["used"] == concise["used"] == 12
    assert concise["remark: a generic after the first of its substance: not written"] == 2
    for name, years in (("all.ttl", ["2016", "2021", "2022", "2023"]), ("concise.ttl", ["2016", "2021"])):
        assert [day[:4] for day in objects(tmp_path / name, "sortDate")] == years


def test_further_names_and_conditions(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text(UNII.replace("CABOZANTINIB", "ZZEXAMPLINIB"))
    table(tmp_path / "t_2025-03.csv", [{**EMA[0], "Active substance": "zzexamplinib"}])
    assert kg("import", "unii", "names.txt", "--date", "2025-06", "-o", "names.ttl").code == 0
    for names in ("names.txt", "names.ttl"):
        assert kg("import", "ema", "t_2025-03.csv", "-o", "a.ttl", "--names", names).code == 0
        assert objects(tmp_path / "a.ttl", "hasMatchMethod") == [f"{BASE}code/match-exact"]
    assert kg("import", "ema", "t_2025-03.csv", "-o", "a.ttl").code == 0
    assert objects(tmp_path / "a.ttl", "hasMatchMethod") == [f"{BASE}code/match-unmatched"]


def test_the_help_names_every_register() -> None:
    listed = import_command.HELP.split("The registers are:")[1].rstrip().rstrip(".")
    assert [name.strip() for name in listed.split(",")] == list(REGISTERS)


# ------------------------------------------------------------------------------------------------- all, and recognise


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


def test_files_are_recognised_by_their_content(tmp_path: Path) -> None:
    made = dump(tmp_path / "downloads")
    odd = tmp_path / "odd.txt"
    for register, path in made.items():
        assert recognise.recognise(path) == register
        odd.write_bytes(path.read_bytes())
        assert recognise.recognise(odd) == register
        if path.suffix != ".tsv":
            packed = tmp_path / f"odd{path.suffix}.gz"
            packed.write_bytes(gzip.compress(path.read_bytes()))
            assert recognise.recognise(packed) == register
    for name in ("README.md", "junk.bin", "empty.csv", "page.csv"):
        assert recognise.recognise(tmp_path / "downloads" / name) is None
    for name, cut in (("cut.xlsx", b"PK\x03\x04" + b"\0" * 50), ("cut.gz", gzip.compress(UNII.encode())[:30])):
        (tmp_path / name).write_bytes(cut)
        assert recognise.recognise(tmp_path / name) is None


def test_all_imports_a_folder(kg: Run, tmp_path: Path) -> None:
    made = dump(tmp_path / "downloads")
    table(tmp_path / "downloads" / "medicines_2023-12.csv", EMA[:1])
    for out, newest in (("every", ()), ("again", ()), ("newest", ("--newest",))):
        done = kg("import", "all", "downloads", "-o", out, *newest, "-f", "csv")
        assert done.code == 0, done.err
        keys = {row["snapshot"].rsplit("-20")[0] for row in csv.DictReader(io.StringIO(done.out))}
        assert keys == set(made)
        with (tmp_path / out / "manifest.csv").open() as stream:
            rows = list(csv.DictReader(stream))
        assert {row["register"] for row in rows} == set(made)
        assert all(int(row["read"]) == int(row["used"]) + int(row["rejected"]) for row in rows)
        assert sum(row["register"] == "health-canada" for row in rows) == 5
        assert ((tmp_path / out / "ema-2023-12.ttl.gz").exists(), newest != ()) in ((True, False), (False, True))
    files = sorted(path.name for path in (tmp_path / "every").iterdir())
    assert [(tmp_path / "every" / name).read_bytes() for name in files] == [
        (tmp_path / "again" / name).read_bytes() for name in files
    ]
    checked = kg("check", "newest", ROOT / "kg" / "data" / "reference")
    assert checked.code == 0, checked


def test_a_folder_is_a_snapshot(kg: Run, tmp_path: Path) -> None:
    dump(tmp_path / "downloads")
    packed = tmp_path / "dpd_2022-01.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in DPD.items():
            archive.writestr(f"{name}.txt", text)
    for source in ("downloads/dpd_2022-01", packed):
        assert kg("import", "health-canada", source, "-o", "out.ttl").code == 0
        assert (tmp_path / "out.ttl").exists()
        files = objects(tmp_path / "out.ttl", "checksum")
        assert len(files) == (1 if source == packed else 5)
        assert objects(tmp_path / "out.ttl", f"{DCTERMS}issued") == ["2022-01"]
        (tmp_path / "out.ttl").unlink()


def test_files_of_one_day_are_one_snapshot(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    table(tmp_path / "d" / "a_2025-03.csv", EMA[:2])
    table(tmp_path / "d" / "b_2025-03.csv", EMA[1:])
    told = counts(kg("import", "all", "d", "-o", "out", "-f", "csv"))
    assert (told["read"], told["used"], told["rejected: product number seen before"]) == (4, 3, 1)
    assert len(objects(tmp_path / "out" / "ema-2025-03.ttl.gz", "checksum")) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("all", "nowhere", "-o", "out"), "nowhere: no such folder."),
        (("all", ".", "-o", "out"), "no file of a known register. Known: ema,"),
        (("all", "."), "-o with the folder to write to"),
        (("all", ".", ".", "-o", "out"), "takes one folder"),
        (("emma", "x.csv"), "'emma' is not a register. Did you mean ema"),
        (("zzz", "x.csv"), "'zzz' is not a register. There is: ema,"),
        (("ema", "nowhere.csv"), "nowhere.csv: cannot be read (No such file or directory)."),
        (("ema", "."), ": cannot be read (Is a directory)."),
        (("unii", ".", "--date", "2025"), "cannot be read (Is a directory)."),
        (("openfda", ".", "--date", "2025"), "cannot be read (Is a directory)."),
        (("drugs-at-fda", ".", "--date", "2025"), "cannot be read (Is a directory)."),
        (("health-canada", ".", "--date", "2025"), "no table drug.txt"),
        (("ctgov", ".", "--date", "2025"), "no json file in this folder"),
    ],
)
def test_what_cannot_be_begun(kg: Run, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    refused(kg, tmp_path, arguments, told)


def refused(kg: Run, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    """One message, the exit code 2, and nothing written."""
    before = sorted(path.name for path in folder.rglob("*"))
    done = kg("import", *arguments)
    assert (done.code, done.out) == (2, ""), done
    assert done.err.startswith("kg: ")
    assert done.err.count("\n") == 1, done.err
    assert told in done.err
    assert sorted(path.name for path in folder.rglob("*")) == before


# ----------------------------------------------------------------------------------------------- what is no download


def xlsx(rows: int = 40) -> bytes:
    """A workbook of one sheet, as bytes."""
    cell = '<c t="inlineStr"><is><t>a value</t></is></c>'
    cells = f"<row>{cell * 3}</row>" * rows
    made = io.BytesIO()
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
        )
    return made.getvalue()


def bomb() -> bytes:
    """A zip that says it unpacks to more than anybody has memory for."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as out,
    ):
        for _ in range(1100):
            out.write(b"\0" * (1 << 20))
    return made.getvalue()


HTML = b"<!DOCTYPE html>\n<html><head><title>Access denied</title></head><body>Sign in, please</body></html>\n"
JUNK = bytes(range(256)) * 40
HEADER = ",".join(EMA[0])


@pytest.mark.parametrize("register", [name for name in REGISTERS if name != "disease"])
@pytest.mark.parametrize(("name", "content"), [("junk.csv", JUNK), ("page.csv", HTML), ("empty.csv", b"")])
def test_no_register_takes_what_is_no_download(
    kg: Run, tmp_path: Path, register: str, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    refused(kg, tmp_path, (register, name, "--date", "2025", "-o", "out.ttl"), "")


BROKEN: dict[str, tuple[bytes | None, str]] = {
    "cut.xlsx": (xlsx()[:900], "cut.xlsx: not a whole xlsx workbook"),
    "zip.xlsx": (b"PK\x03\x04nothing", "zip.xlsx: not a whole xlsx workbook"),
    "other.xlsx": (xlsx(), "unknown layout: no column 'category'"),
    "bomb.xlsx": (None, "unpacked it would be 1,153,433,600 bytes"),
    "cut.csv.gz": (gzip.compress((HEADER + "\n").encode() * 900)[:40], "cut.csv.gz: not a whole gzip file"),
    "flipped.csv.gz": (gzip.compress(JUNK)[:20] + b"\xff" * 60, "flipped.csv.gz: not a whole gzip file"),
    "no.csv.gz": (b"no gzip", "no.csv.gz: not a whole gzip file (Not a gzipped file"),
    "junk.csv": (JUNK, "junk.csv: not a text file."),
    "page.csv": (HTML, "page.csv: unknown layout: no column 'category'"),
    "empty.csv": (b"", "empty.csv: the file is empty."),
    "header.csv": (HEADER.encode(), "no row could be used"),
    "utf16.csv": (HEADER.encode("utf-16"), "utf16.csv: not a text file."),
    "bytes.csv": (HEADER.encode() + b"\nx,\x81\xff", "bytes.csv, line 2: byte 0x81 is neither UTF-8 nor"),
    "quote.csv": (HEADER.encode() + b'\n"' + b"x" * (1 << 24) + b"x", "quote.csv, line 2: field larger than"),
    "renamed.csv": (
        HEADER.replace("Active substance", "Activ substances").encode() + b"\na,b",
        "no column 'active substance'. Did you mean activ substances? The likeliest header, row 1, has: ",
    ),
}
"""Broken files by name: their content, and what is said of them."""


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_broken(kg: Run, tmp_path: Path, name: str) -> None:
    content, told = BROKEN[name]
    (tmp_path / name).write_bytes(bomb() if content is None else content)
    refused(kg, tmp_path, ("ema", name, "--date", "2025-03", "-o", "out.ttl"), told)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_text_in_either_encoding(kg: Run, tmp_path: Path, encoding: str) -> None:
    table(tmp_path / "t_2025-03.csv", [{**EMA[0], "Name of medicine": "Éxamplia"}], encoding=encoding)
    assert kg("import", "ema", "t_2025-03.csv", "-o", "a.ttl").code == 0
    assert '"Éxamplia"@en' in (tmp_path / "a.ttl").read_text("utf-8")


@pytest.mark.parametrize("register", ["drugs-at-fda", "health-canada", "openfda", "ctgov"])
def test_a_zip_that_is_broken(kg: Run, tmp_path: Path, register: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("Applications.txt", "drug.txt", "drug-drugsfda-0001-of-0001.json"):
            archive.writestr(name, os.urandom(3000))
    (tmp_path / "cut.zip").write_bytes(made.getvalue()[:3000])
    refused(kg, tmp_path, (register, "cut.zip", "--date", "2025", "-o", "out.ttl"), "File is not a zip file")


def test_an_output_that_cannot_be_written(kg: Run, ema: Path, tmp_path: Path) -> None:
    for out in ("nowhere/out.ttl", f"{ema.name}/out.ttl"):
        refused(kg, tmp_path, ("ema", ema.name, "-o", out), "cannot be written")
    (tmp_path / "folder.ttl").mkdir()
    refused(kg, tmp_path, ("ema", ema.name, "-o", "folder.ttl"), "a folder, pipe or device")
    refused(kg, tmp_path, ("all", ".", "-o", ema.name), "cannot be made")


@pytest.mark.parametrize("option", ["-o", "--report", "--matches"])
def test_the_input_is_never_written_over(kg: Run, tmp_path: Path, option: str) -> None:
    path = table(tmp_path / "t_2025-03.ttl", EMA)
    before = path.read_bytes()
    refused(
        kg,
        tmp_path,
        ("ema", path.name, option, path.name, *(() if option == "-o" else ("-o", "x.ttl"))),
        "would be written over",
    )
    assert path.read_bytes() == before


def test_a_report_that_cannot_be_written_is_told_before_the_work(kg: Run, ema: Path, tmp_path: Path) -> None:
    refused(
        kg, tmp_path, ("ema", ema.name, "-o", "x.ttl", "--report", "nowhere/r.csv"), "nowhere/r.csv: cannot be written"
    )


def test_what_stood_there_stays_when_the_import_fails(kg: Run, ema: Path, tmp_path: Path) -> None:
    assert kg("import", "ema", ema, "-o", "a.ttl").code == 0
    before = (tmp_path / "a.ttl").read_bytes()
    text = ema.read_bytes()
    ema.write_bytes(text + b'"' + b"x" * (1 << 24) + b"x")  # breaks off after facts were written
    refused(kg, tmp_path, ("ema", ema.name, "-o", "a.ttl"), "field larger than field limit")
    assert (tmp_path / "a.ttl").read_bytes() == before


# --------------------------------------------------------------------------------------------------- sssom and chembl


def test_a_mapping_table(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "m.tsv").write_text(SSSOM + "mesh:D2\t\tskos:exactMatch\tnothing\tx\n")
    told = counts(kg("import", "sssom", "m.tsv", "--date", "2025-10", "-o", "m.ttl", "-f", "csv"))
    assert (told["read"], told["used"]) == (4, 2)
    assert told["rejected: a prefix whose meaning is not known"] == 1
    assert told["rejected: not a prefix and an identifier"] == 1
    skos = "http://www.w3.org/2004/02/skos/core#"
    subject = "http://id.nlm.nih.gov/mesh/D1"
    assert objects(tmp_path / "m.ttl", f"{skos}exactMatch", subject) == ["https://identifiers.org/drugbank:DB1"]
    assert objects(tmp_path / "m.ttl", f"{skos}closeMatch", subject) == ["http://identifiers.org/unii/1C39JW444G"]
    assert objects(tmp_path / "m.ttl", "locator", subject) == ["lines 6 to 7"]
    assert objects(tmp_path / "m.ttl", f"{DCTERMS}license", f"{BASE}graph/m") == ["https://example.org/licence"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("mesh:D2\tskos:exactMatch\tmesh:D3\tNot", "says that the two do not match"),
        ("mesh:D2\tskos:exactMatch\tsssom:NoTermFound\t", "says that there is no match"),
        ("mesh:D2\tskos:exactMatch\tmesh:a b\t", "not a prefix and an identifier"),
        ("mesh:D2\tno:thing\tmesh:D3\t", "a prefix whose meaning is not known"),
        ("mesh:D2\t\tmesh:D3\t", "not a prefix and an identifier"),
    ],
)
def test_a_mapping_that_is_not_used(kg: Run, tmp_path: Path, row: str, reason: str) -> None:
    head = "subject_id\tpredicate_id\tobject_id\tpredicate_modifier\nmesh:D1\tskos:exactMatch\tmesh:D9\t\n"
    (tmp_path / "m.tsv").write_text(f"{head}{row}\n")
    told = counts(kg("import", "sssom", "m.tsv", "--date", "2025-10", "-o", "m.ttl", "-f", "csv"))
    assert (told["used"], told[f"rejected: {reason}"]) == (1, 1)


def test_mechanisms_are_classes_of_molecules(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(CHEMBL)
    (tmp_path / "t.csv").write_text("target_chembl_id,target_name,uniprot_acc\nCHEMBL261,Carbonic anhydrase I,P00915\n")
    told = counts(kg("import", "chembl", "m.csv", "t.csv", "--date", "2026", "-o", "m.ttl", "-f", "csv"))
    assert balanced(told)
    assert (told["read"], told["used"]) == (5, 2)
    node = f"{BASE}drugclass/moa-carbonic-anhydrase-i-inhibitor"
    skos = "http://www.w3.org/2004/02/skos/core#"
    assert objects(tmp_path / "m.ttl", "inDrugClass", f"{BASE}drug/chembl-CHEMBL19") == [node]
    assert objects(tmp_path / "m.ttl", f"{skos}inScheme", node) == [f"{BASE}scheme/mechanism-of-action"]
    target = "https://identifiers.org/chembl.target:CHEMBL261"
    assert objects(tmp_path / "m.ttl", f"{skos}related", node) == [target]
    assert objects(tmp_path / "m.ttl", "http://www.w3.org/2000/01/rdf-schema#label", target) == ["Carbonic anhydrase I"]
    checked = kg("check", "m.ttl", ROOT / "kg" / "data" / "reference")
    assert checked.code == 0, checked


# -------------------------------------------------------------------------------------------------- account and facts


def test_an_account_of_any_length_is_read_back(tmp_path: Path) -> None:
    account = Account()
    rows = 2 * HELD + 5
    for number in range(rows):
        account.reject("a,b", f"line {number}", "odd" if number % 2 else 'e"ven', "x\ny" * (number % 3))
    assert len(account.rejections) == rows
    assert account.by_reason == {"odd": HELD + 2, 'e"ven': HELD + 3}
    assert [each.row for each in account.rejections] == [f"line {number}" for number in range(rows)]
    account.reject("f", "later", "odd")
    read = list(csv.reader(io.StringIO("".join(account.report()))))
    assert len(read) == rows + 2
    assert read[3] == ["rejected", "a,b", "line 2", 'e"ven', "x yx y"]
    assert account.rejections[-1].row == "later"


NAMED = """
@prefix drug: <https://w3id.org/drug-approvals/drug/> .
drug:cabozantinib a kg:Substance ; rdfs:label "cabozantinib"@en ; dcterms:identifier "1C39JW444G" .
drug:nivolumab a kg:Substance ; rdfs:label "nivolumab"@en ; dcterms:identifier "31YO63LBSN" .
"""


def described(record: Record) -> tuple[set[tuple[str, str, str]], Account]:
    """The facts of a record by the tails of their IRIs, with two substances known and no condition."""
    account = Account()
    names = Names.from_graph(ox.parse((PREFIXES + NAMED).replace("<>", ":x"), ox.RdfFormat.TURTLE))
    facts = Facts(Resolver(names), Matcher(Index.from_graph([])), account)

    def tail(value: str) -> str:
        return value.rsplit("#")[-1].removeprefix(BASE)

    return {
        (tail(fact.subject.value), tail(fact.predicate.value), tail(fact.object.value))  # type: ignore[union-attr]
        for fact in facts.of(record)
    }, account


def product(**said: object) -> Record:
    return Record("line 2", Product("XX-1", "Examplia", **said))  # type: ignore[arg-type]


def test_a_combination_has_components() -> None:
    facts, _ = described(product(substance="nivolumab + cabozantinib", atc=("L01EX07",)))
    both = "drug/cabozantinib_nivolumab"
    assert ("product/XX-1", "hasSubstance", both) in facts
    assert ("product/XX-1", "hasMatchMethod", "code/match-combination-split") in facts
    assert {row[2] for row in facts if row[:2] == (both, "hasComponent")} == {"drug/cabozantinib", "drug/nivolumab"}
    assert {row[0] for row in facts if row[1] == "inDrugClass"} == {both}


def test_components_that_the_register_lists() -> None:
    facts, _ = described(product(components=("CABOZANTINIB", "NIVOLUMAB")))
    assert ("product/XX-1", "hasSubstance", "drug/cabozantinib_nivolumab") in facts


def test_one_part_unknown_leaves_the_whole_unmatched() -> None:
    facts, _ = described(product(substance="cabozantinib + unheardofium"))
    assert ("product/XX-1", "hasMatchMethod", "code/match-unmatched") in facts
    assert ("product/XX-1", "substanceText", "cabozantinib + unheardofium") in facts
    assert not [row for row in facts if row[1] == "hasComponent"]


@pytest.mark.parametrize("code", ["L01E7", "l01ex07", "L01EX7", "QL01EX07", "none", "L01EX071", "L01 EX07"])
def test_an_atc_code_that_is_none_is_remarked(code: str) -> None:
    facts, account = described(product(substance="cabozantinib", atc=(code,)))
    assert not [row for row in facts if row[1] == "inDrugClass"]
    assert [(each.row, each.evidence) for each in account.remarks] == [("line 2", code)]


@pytest.mark.parametrize(("code", "levels"), [("L", 1), ("L01", 2), ("L01E", 3), ("L01EX", 4), ("L01EX07", 5)])
def test_an_atc_code_has_all_levels_above(code: str, levels: int) -> None:
    facts, account = described(product(substance="cabozantinib", atc=(code,)))
    assert sorted(int(row[2]) for row in facts if row[1] == "classLevel") == list(range(1, levels + 1))
    assert len([row for row in facts if row[1].endswith("broader")]) == levels - 1
    assert ("drug/cabozantinib", "inDrugClass", f"drugclass/atc-{code}") in facts
    assert not account.remarks


def test_established_pharmacologic_classes() -> None:
    facts, _ = described(product(substance="cabozantinib", pharmacologic_classes=("Kinase Inhibitor",)))
    node = "drugclass/epc-kinase-inhibitor"
    assert ("drug/cabozantinib", "inDrugClass", node) in facts
    assert (node, "inScheme", "scheme/established-pharmacologic-class") in facts
    assert (node, "label", "Kinase Inhibitor") in facts


def test_a_heading_that_no_vocabulary_knows_is_a_condition_of_its_own() -> None:
    event = Event("XX-1-a", "InitialApproval", "EC", None, headings=("Examplosis, Rare",), words=SENTENCE)
    facts, _ = described(Record("line 2", Product("XX-1", "Examplia"), (event,)))
    node = f"condition/{slug('Examplosis, Rare')}"
    assert ("indication/XX-1-a", "forCondition", node) in facts
    assert ("event/XX-1-a", "approvesIndication", "indication/XX-1-a") in facts
    assert (node, "type", "Condition") in facts
    assert (node, "label", "Examplosis, Rare") in facts
    assert not [row for row in facts if SENTENCE in row]


# --------------------------------------------------------------------------------------------------- the real downloads

FILES = {
    "chembl": 2,
    "ctgov": 35,
    "disease": 6,
    "drugs-at-fda": 1,
    "ema": 3,
    "ema-orphan": 1,
    "fda-cder": 1,
    "fda-orphan": 1,
    "health-canada": 5,
    "openfda": 1,
    "pmda": 1,
    "sssom": 1,
    "unii": 1,
}
"""Files of each register among the downloads. The others are schemas, and tables for reference."""


@real
def test_every_download_is_recognised() -> None:
    found: dict[str, int] = {}
    others = []
    for path in sorted(DOWNLOADS.rglob("*")):
        if path.is_file():
            name = recognise.recognise(path)
            found[name or ""] = found.get(name or "", 0) + 1
            others += [] if name else [path.name]
    assert others == [
        "MANIFEST.tsv",
        "README.md",
        "ctgov_api_v2_enums.json",
        "ctgov_api_v2_studies_metadata.json",
        "openfda_drugsfda_schema.json",
        "agencies.tsv",
        "jurisdictions.tsv",
    ]
    del found[""]
    assert found == FILES


@real
@pytest.mark.parametrize("register", [name for name in FILES if name not in ("drugs-at-fda", "unii", "health-canada")])
def test_every_download_imports_with_its_account(register: str, tmp_path: Path) -> None:
    """Each file by itself, where a file makes a snapshot; the three largest are counted by their readers' own tests."""
    source = REGISTERS[register]
    paths = [path for path in sorted(DOWNLOADS.rglob("*")) if path.is_file() and recognise.recognise(path) == register]
    assert len(paths) == FILES[register]
    first = Dictionaries(Resolver(Names()), Matcher(Index.from_graph([])))
    for group in [paths] if source.one_snapshot == "all" else [[path] for path in paths]:
        done = import_files(register, group, tmp_path / "out.nq", first, date="2026-01-01")
        assert done.account.balanced
        assert done.account.used > 0
        assert done.account.facts == (tmp_path / "out.nq").read_bytes().count(b"\n")
        with (tmp_path / "out.rejected.csv").open() if len(done.account.rejections) else io.StringIO() as stream:
            rejected = [row for row in csv.DictReader(stream) if row["kind"] == "rejected"]
        assert len(rejected) == len(done.account.rejections)
        assert all(row["reason"] for row in rejected)
