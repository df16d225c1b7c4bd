"""Spark imports what one process does: the same facts in the same order, the same account, the same rows left out."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg import import_spark
from kg.errors import ImportFault
from kg.registers import imports, partitions
from kg.registers.imports import Dictionaries, Imported
from kg.spark import tables
from tests.registers.ctgov_studies import Json, study, values, with_results, written
from tests.registers.importing import UNII
from tests.registers.test_openfda import ANSWER, RESULT
from tests.shared import DOWNLOADS, real
from tests.spark.conftest import needs_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = needs_spark

MASTER = "local[2]"


def zipped(path: Path, **members: object) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.json", content if isinstance(content, str) else json.dumps(content))


def about(nct: str, version: str, condition: str, sponsor: str) -> Json:
    """A study whose condition and sponsor are printed in a way of its own."""
    people = {"leadSponsor": {"name": sponsor, "class": "INDUSTRY"}}
    return study(nct, version, conditions={"conditions": [condition]}, sponsorCollaborators=people)


def studies(folder: Path) -> None:
    """A study, a page, a list, a zip file, a packed file, broken files, and what is not read; numbers come twice."""
    (folder / "deeper").mkdir(parents=True)
    written(folder / "alone [1].json", about("NCT00000001", "2024-11-08", "very rare FLU", "EXAMPLE pharma"))
    page = [study("NCT00000002", "2023-01-01"), {"some": "thing"}, study("NCT00000001", "2023-01-01")]
    written(folder / "page.json", {"studies": page, "nextPageToken": "x"})
    twice = [about("NCT00000003", "2025-02-01", "Very Rare Flu", "Example Pharma"), study("NCT00000003", "2025-02-02")]
    written(folder / "deeper" / "list.json", twice)
    newer = study("NCT00000002", "2025-05-05")
    results = with_results(values({"value": "1.5"}, {"value": "about 2"}, unitOfMeasure="Odd Units"))
    results["protocolSection"]["identificationModule"]["nctId"] = "NCT00000007"
    zipped(folder / "some.zip", old=study("NCT00000004", "2020-01-01"), new=[newer, study("NCT1", "2025-05-05")])
    (folder / "packed.json.gz").write_bytes(gzip.compress(json.dumps([results, newer]).encode()))
    (folder / "cut.json").write_text(json.dumps([study("NCT00000005", "2025-05-06"), study("NCT00000006")])[:-40])
    (folder / "page of html.json").write_text("<!DOCTYPE html><html>503</html>")
    (folder / "notes.txt").write_text("not read, but a file of the download")
    (folder / ".hidden").write_text("no file of the download")


def answers(folder: Path) -> None:
    """Two answers: an application comes in both, one twice in a file, and children are rejected."""
    folder.mkdir()
    other = {**RESULT, "application_number": "ANDA 20001", "sponsor_name": "Example"}
    broken = {"application_number": "NDA000009", "submissions": RESULT["submissions"]}
    written(folder / "one.json", {**ANSWER, "results": [RESULT, RESULT, {**RESULT, "application_number": "510K7"}]})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("bulk.json", json.dumps({**ANSWER, "results": [other, RESULT, broken, "text"]}))
    (folder / "two.json.zip").write_bytes(packed.getvalue())


def both(
    folder: Path, register: str, *sources: str, pattern: str = "", names: tuple[Path, ...] = (), with_text: bool = False
) -> Imported:
    """Import in one process and by Spark, and hold one against the other; gives what one process did."""
    (folder / "one").mkdir()
    (folder / "many").mkdir()
    known = Dictionaries.shipped(names)
    serial = imports.import_files(
        register, list(map(Path, sources)), folder / "one" / "out.nt", known, with_text=with_text
    )
    found = import_spark.import_files(
        register, [pattern] if pattern else sources, str(folder / "many" / "out.nt"), names=names, with_text=with_text
    )
    parts = sorted(Path(found.address).glob("part-*"))
    assert b"".join(part.read_bytes() for part in parts) == serial.output.read_bytes()
    assert found.snapshot == serial.snapshot
    assert (found.account.read, found.account.used) == (serial.account.read, serial.account.used)
    assert found.account.facts == serial.account.facts
    assert list(found.account.rejections) == list(serial.account.rejections)
    assert list(found.account.remarks) == list(serial.account.remarks)
    one, many = ({path.name: path for path in (folder / name).iterdir()} for name in ("one", "many"))
    assert one.keys() == many.keys()  # also: nothing is left beside the output
    if "out.rejected.csv" in one:
        assert many["out.rejected.csv"].read_bytes() == one["out.rejected.csv"].read_bytes()
    return serial


def test_studies_of_a_folder(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_PIECE", 8_000)  # several parts are written, each in its place
    folder, names = tmp_path / "studies_2025-06", tmp_path / "names.txt"
    studies(folder)
    names.write_text(UNII.replace("XL184", "EXAMPLINIB"))
    done = both(tmp_path, "ctgov", str(folder), names=(names,), with_text=True)
    assert len(list((tmp_path / "many" / "out.nt").glob("part-*"))) > 1
    assert (done.snapshot.date, len(done.snapshot.files)) == ("2025-06", 8)
    assert done.account.by_reason == {
        "NCT number seen before": 3,
        "NCT number seen before, in an older version": 1,
        "not a study: no protocolSection": 1,
        "not the form of an NCT number": 1,
        "not whole json of ClinicalTrials.gov": 2,
    }
    assert done.account.remarks_by_reason["not a plain number"] == 1
    facts = done.output.read_text()
    assert "/drug/cabozantinib>" in facts  # by the further names
    assert '"Very Rare Flu"@en' in facts  # as in the study that is read first, which is not in the first file
    assert '"very rare FLU"@en' not in facts


def test_answers_of_openfda(spark: SparkSession, tmp_path: Path) -> None:
    answers(tmp_path / "in")
    files = [str(tmp_path / "in" / name) for name in ("one.json", "two.json.zip")]
    done = both(tmp_path, "openfda", *files, pattern=f"file:{tmp_path}/in/*.json*")
    assert done.snapshot.date == "2025-07-09"
    assert done.account.by_reason["application seen before"] == 2
    assert done.account.by_reason["parent application not used"] > 4


@real
def test_real_studies(spark: SparkSession, tmp_path: Path) -> None:
    """Three studies, one of them twice, as a table of Parquet."""
    single = DOWNLOADS / "ctgov" / "api_v2" / "single"
    paths = [single / f"{nct}.json" for nct in ("NCT02210780", "NCT00273624", "NCT02181231")]
    known = Dictionaries.shipped()
    serial = imports.import_files("ctgov", [*paths, paths[0]], tmp_path / "out.nt", known, date="2026-01-01")
    done = import_spark.import_files(
        "ctgov", list(map(str, [*paths, paths[0]])), str(tmp_path / "out.parquet"), date="2026-01-01"
    )
    lines = [f"{row.s} {row.p} {row.o} ." for row in spark.read.parquet(str(tmp_path / "out.parquet")).collect()]
    assert sorted(lines) == sorted(serial.output.read_text().splitlines())
    assert (done.account.used, len(done.account.rejections), done.account.facts) == (3, 1, len(lines))
    assert list(done.account.rejections) == list(serial.account.rejections)
    assert list(done.account.remarks) == list(serial.account.remarks)


def test_what_was_done_is_not_done_again(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a date nothing is written; with it a run goes on from what workers read."""
    path = written(tmp_path / "study.json", study(version=""))
    output = tmp_path / "out.nt"
    with pytest.raises(ImportFault, match=r"study.json: the file does not tell when it was downloaded"):
        import_spark.import_files("ctgov", [str(path)], str(output))
    assert not output.exists()
    monkeypatch.delattr(partitions, "keys")
    monkeypatch.delattr(partitions, "facts")
    done = import_spark.import_files("ctgov", [str(path)], str(output), date="2025")
    assert done.account.facts == len(b"".join(part.read_bytes() for part in output.glob("part-*")).splitlines()) > 40
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.nt", "study.json"]


FAULTS = {
    "broken": ("a.json", b'[{"protocolSection": ', "a.json: not whole json"),
    "no study": ("a.json", b'[{"other": 1}]', "a.json: no row could be used. 1 rows: not a study"),
    "hidden": ("_a.json", b"[]", "_a.json: Spark reads no file whose name begins so"),
    "no json": ("a.txt", b"", "no json file in this folder"),
    "large": ("a.json", b" " * 1001, "1,001 bytes, and Spark hands a worker a file of at most 1,000 as a whole"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_name_the_file(fault: str, spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_spark, "_LARGEST", 1000)
    name, content, message = FAULTS[fault]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(content)
    source = tmp_path / "in" / name if fault in ("broken", "no study") else tmp_path / "in"
    with pytest.raises(ImportFault, match=re.escape(message)) as found:
        import_spark.import_files("ctgov", [str(source)], str(tmp_path / "out.nt"), date="2025")
    assert str(found.value).startswith(str(tmp_path / "in") if fault != "broken" else "a.json")
    assert [each.name for each in tmp_path.iterdir()] == ["in"]


def test_a_file_that_is_not_there(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match=r"x/\*.json: no such file"):
        import_spark.import_files("openfda", [str(tmp_path / "x" / "*.json")], str(tmp_path / "out.nt"))
