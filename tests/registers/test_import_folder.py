"""`kg import all`: each file is told by its content, and what belongs together is one snapshot."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from pathlib import Path

import pytest

from kg.registers import recognise
from kg.registers.catalogue import REGISTERS
from kg.registers.conditions import Index, Matcher
from kg.registers.imports import Dictionaries, import_files
from kg.registers.substances import Names, Resolver
from tests.conftest import ROOT
from tests.registers.importing import DCTERMS, DPD, EMA, UNII, Done, Run, counts, dump, objects, refused
from tests.registers.tables_written import table
from tests.shared import DOWNLOADS, real


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


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def imported_again(done: Done) -> list[str]:
    """The snapshots that a run did not leave as they were."""
    assert done.code == 0, done.err
    return [line.split(":")[0] for line in done.err.splitlines() if "rows read" in line]


def test_what_is_whole_is_not_imported_again(kg: Run, tmp_path: Path) -> None:
    made, out = dump(tmp_path / "downloads"), tmp_path / "out"
    first = kg("import", "all", "downloads", "-o", "out", "-f", "csv")
    written = everything(out)
    assert len(imported_again(first)) == len(made)

    second = kg("import", "all", "downloads", "-o", "out", "-f", "csv")
    assert imported_again(second) == []
    assert second.out == first.out
    assert second.err.count("whole already for the same files, not imported again") == len(made)
    assert everything(out) == written

    # What a run that was ended left undone, or what was changed since, is made anew: the same.
    (out / "openfda-2025-07-09.ttl.gz").unlink()
    (out / "ema-2025-03.ttl.gz").write_bytes(written["ema-2025-03.ttl.gz"][:-9])
    (out / "manifest.csv").unlink()
    again = kg("import", "all", "downloads", "-o", "out", "-f", "csv")
    assert imported_again(again) == ["ema-2025-03", "openfda-2025-07-09"]
    assert again.out == first.out
    assert everything(out) == written

    (out / "imported.json.gz").write_bytes(gzip.compress(b'{"ema-2025-03.ttl.gz": {"input": 7}}'))
    assert len(imported_again(kg("import", "all", "downloads", "-o", "out"))) == len(made)
    assert everything(out) == written


def test_another_input_or_option_is_imported_again(kg: Run, tmp_path: Path) -> None:
    dump(tmp_path / "downloads")
    assert kg("import", "all", "downloads", "-o", "out").code == 0
    table(tmp_path / "downloads" / "medicines_2025-03.csv", EMA[:2])
    told = imported_again(kg("import", "all", "downloads", "-o", "out"))
    assert told == ["ema-2025-03", "disease-2026-08", "unii-2025-06"], "and the names that it may have named"
    assert len(imported_again(kg("import", "all", "downloads", "-o", "out", "--concise"))) > len(told)
    (tmp_path / "downloads" / "UNII_Names_2025-06.txt").write_text(UNII + "FURTHER\tof\t1C39JW444G\tCABOZANTINIB\n")
    told = imported_again(kg("import", "all", "downloads", "-o", "out", "--concise"))
    assert "ema-2025-03" in told, "it is matched against other names"


def test_a_run_that_is_ended_leaves_whole_files_only(kg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dump(tmp_path / "downloads")
    taken = REGISTERS["openfda"].reader

    def ended(*given: object) -> object:
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setattr(taken, "read", ended)
    assert kg("import", "all", "downloads", "-o", "out").code != 0
    left = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert left == ["ema-2025-03.rejected.csv", "ema-2025-03.ttl.gz", "ema-orphan-2025-03.ttl.gz", "imported.json.gz"]
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert "ema-2025-03" not in imported_again(kg("import", "all", "downloads", "-o", "out"))


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


def test_the_folders_own_table_dates_its_files(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    for name in ("one", "two"):
        table(tmp_path / "d" / f"{name}.csv", EMA)
    (tmp_path / "d" / "MANIFEST.tsv").write_text(
        "path\tsnapshot_date\none.csv\t2025 (covers 1995-2024)\ntwo.csv\t2025-10 to 12\n"
    )
    assert kg("import", "all", "d", "-o", "out").code == 0
    assert sorted(path.name for path in (tmp_path / "out").glob("*.ttl.gz")) == [
        "ema-2025-10.ttl.gz",
        "ema-2025.ttl.gz",
    ]


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
