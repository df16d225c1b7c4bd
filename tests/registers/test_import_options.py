"""Options of `kg import`, and the account that it gives."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import import_command
from kg.registers.catalogue import REGISTERS
from tests.registers.importing import BASE, EMA, OPENFDA, SENTENCE, STUDY, UNII, Run, counts, objects, refused, triples
from tests.registers.tables_written import table


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


@pytest.mark.parametrize(("arguments", "told"), [
    ("pmda a.json -o a.nt --spark", "--spark imports openfda and ctgov, of which each file can be read by itself"),
    ("all . -o a.nt --spark", "--spark imports one register, ctgov or openfda: name it in place of `all`"),
    ("ctgov a.json --spark", "--spark needs -o with the folder to write: .nt, .nt.gz or .parquet"),
    ("ctgov a.json -o a.ttl --spark", "a.ttl: Spark writes folders of parts. Name it .nt, .nt.gz, .parquet"),
    ("ctgov a.json -o a.json --spark", "a.json: what is read would be written over"),
    ("openfda a.json -o a.nt --spark --concise", "--concise compares generics over the whole register"),
    ("ctgov a.json -o a.nt --spark --matches m.tsv", "--matches is written by one process"),
    ("ctgov a.json -o a.nt --spark --conf memory=8g", "memory: not a setting of Spark. Write KEY=VALUE"),
    ("ctgov a.json -o a.nt --master local", "--master, --conf and --work are for --spark alone"),
])  # fmt: skip
def test_what_spark_cannot_import_is_refused(arguments: str, told: str, kg: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([STUDY]))
    refused(kg, tmp_path, tuple(arguments.split()), told)
