"""`kg import` writes facts: in every syntax, the same bytes each time, with their source and its date."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import ROOT
from tests.registers.importing import BASE, DCTERMS, EMA, KG, OPENFDA, UNII, Run, counts, objects, triples
from tests.registers.tables_written import table


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
