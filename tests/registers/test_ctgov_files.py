"""Files of ClinicalTrials.gov become studies, whatever their layout; broken ones are told."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kg.errors import ImportFault
from kg.registers import ctgov
from kg.registers.account import Account
from kg.registers.ctgov_facts import TrialFacts
from tests.registers.ctgov_studies import Known, about, study, triples, written


def numbers_of(paths: list[Path], account: Account) -> list[str]:
    found = [each.nct for each in ctgov.read(paths, account)]
    assert account.balanced
    return found


FIRST, SECOND = study("NCT00000001"), study("NCT00000002")
BOTH = ["NCT00000001", "NCT00000002"]
LAYOUTS = {
    "list": json.dumps([FIRST, SECOND]),
    "page": json.dumps({"totalCount": 2, "studies": [FIRST, SECOND], "nextPageToken": "x"}),
    "page that begins with its token": json.dumps(
        {"nextPageToken": "x", "more": [{"studies": 1}], "studies": [FIRST, SECOND]}
    ),
    "one study a line": json.dumps(FIRST) + "\n" + json.dumps(SECOND),
    "byte order mark": "\ufeff" + json.dumps([FIRST, SECOND]),
    "indented": json.dumps([FIRST, SECOND], indent=2),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("packed", ["json", "json.gz"])
def test_every_layout_gives_the_same_studies(layout: str, packed: str, tmp_path: Path) -> None:
    content = LAYOUTS[layout].encode()
    path = tmp_path / f"studies.{packed}"
    path.write_bytes(gzip.compress(content) if packed == "json.gz" else content)
    assert numbers_of([path], Account()) == BOTH
    assert ctgov.snapshot_date(path) == "2024-11-08"


def test_a_folder_and_a_zip_file_of_studies(tmp_path: Path) -> None:
    written(tmp_path / "b.json", SECOND)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "a.json.gz").write_bytes(gzip.compress(json.dumps(FIRST).encode()))
    (tmp_path / "notes.txt").write_text("not read")
    assert sorted(numbers_of([tmp_path], Account())) == BOTH
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ctg/NCT00000001.json", json.dumps(FIRST))
        archive.writestr("ctg/NCT00000002.json.gz", gzip.compress(json.dumps(SECOND).encode()))
    path = tmp_path / "all.zip"
    path.write_bytes(packed.getvalue())
    assert numbers_of([path], Account()) == BOTH


FAULTS = {
    "truncated": (json.dumps([FIRST, SECOND]).encode()[:-40], "not whole json .* Download it again"),
    "html": (b"\n<!DOCTYPE html><html>503</html>", "a page of HTML or XML, not json"),
    "empty": (b"", "the file is empty"),
    "windows-1252": (
        json.dumps([FIRST], ensure_ascii=False).replace("Flu", "Fl\xfc").encode("cp1252"),
        "Convert it to UTF-8",
    ),
    "utf-16": (json.dumps([FIRST]).encode("utf-16"), "not whole json"),
    "a number": (b"42", "no studies here"),
    "something else": (b'{"error": "too many requests"}', "no studies here .'error'.*Pass a study"),
    "classic api": (b'{"FullStudiesResponse": {}}', "from the classic API"),
    "two ends": (json.dumps([FIRST]).encode() + b"]", "not whole json"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_is_named_must_be_whole(fault: str, tmp_path: Path) -> None:
    content, message = FAULTS[fault]
    path = tmp_path / "studies.json"
    path.write_bytes(content)
    with pytest.raises(ImportFault, match=f"studies.json: .*{message}"):
        list(ctgov.read([path], Account()))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_file_in_a_folder_does_not_stop_the_rest(fault: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(FAULTS[fault][0])
    written(tmp_path / "b.json", SECOND)
    account = Account()
    assert "NCT00000002" in numbers_of([tmp_path], account)
    assert account.by_reason["not whole json of ClinicalTrials.gov"] == 1


def test_broken_packing_is_told(tmp_path: Path) -> None:
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(gzip.compress(json.dumps([FIRST]).encode())[:-30])
    no_zip = tmp_path / "cut.zip"
    no_zip.write_bytes(b"PK\x03\x04 and no more")
    for path in (cut, no_zip, tmp_path / "missing.json"):
        with pytest.raises(ImportFault, match=path.name):
            list(ctgov.read([path], Account()))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ImportFault, match="no json file in this folder"):
        list(ctgov.read([tmp_path / "empty"], Account()))


@pytest.mark.parametrize("depth", [50, 101, 1_000_000])
def test_deep_nesting_is_refused_before_it_takes_all_memory(depth: int, tmp_path: Path) -> None:
    """ijson keeps the path of each level; brackets within a text are none."""
    path = tmp_path / "studies.json"
    texts = study(identification={"nctId": "NCT00000001", "briefTitle": '[{"\\' * 50_000})
    path.write_text(f"[{json.dumps(texts)}, {'[' * depth}{']' * depth}]")
    account = Account()
    if depth < 100:
        assert numbers_of([path], account) == ["NCT00000001"]
        assert account.by_reason == {"not a study: no protocolSection": 1}
    else:
        with pytest.raises(ImportFault, match="nested deeper than 100 levels"):
            list(ctgov.read([path], account))


REJECTED: dict[str, object] = {
    "not a study: no protocolSection": {"hasResults": False},
    "no NCT number": study(""),
    "not the form of an NCT number": study("NCT123"),
    "expanded access, not a study": study(design={"studyType": "EXPANDED_ACCESS"}),
    "no study type that is known": study(design={}),
    "no title": study(identification={"nctId": "NCT00000003"}),
}


@pytest.mark.parametrize("reason", REJECTED)
def test_what_is_no_study_is_rejected_with_its_reason(reason: str, tmp_path: Path) -> None:
    account = Account()
    assert numbers_of([written(tmp_path / "studies.json", [FIRST, REJECTED[reason]])], account) == ["NCT00000001"]
    assert account.by_reason == {reason: 1}


@pytest.mark.parametrize("junk", [None, 1, "text", [], [[]], {"a": [1, None]}, True])
def test_a_module_of_another_shape_is_as_if_it_were_not_there(junk: Any) -> None:
    """Identity and design aside, anything may be missing."""
    modules = (
        "status",
        "sponsorCollaborators",
        "conditions",
        "armsInterventions",
        "outcomes",
        "eligibility",
        "references",
    )
    broken = study(**dict.fromkeys(modules, junk))
    broken["resultsSection"] = {"outcomeMeasuresModule": {"outcomeMeasures": junk}, "adverseEventsModule": junk}
    broken["derivedSection"] = junk
    said = about(triples(broken), "trial/NCT00000001")
    assert said["identifier" if "identifier" in said else "dcterms:identifier"] == "NCT00000001"


def test_of_two_versions_the_newer_file_counts(tmp_path: Path) -> None:
    old = written(tmp_path / "old.json", [study(version="2023-06-29"), SECOND])
    new = written(tmp_path / "new.json", study(version="2025-05-07"))
    account = Account()
    found = {each.nct: each.version for each in ctgov.read([old, new], account)}
    assert found == {"NCT00000001": "2025-05-07", "NCT00000002": "2024-11-08"}
    assert [(each.reason, each.evidence) for each in account.rejections] == [
        ("NCT number seen before", "this one is of 2023-06-29, the one kept of 2025-05-07")
    ]
    assert ctgov.snapshot_date(old) is None
    mixed = written(tmp_path / "mixed.json", [study(version="2023-06-29"), study(version="2025-05-07")])
    account = Account()
    assert [each.version for each in ctgov.read([mixed], account)] == ["2023-06-29"]
    assert account.by_reason == {"NCT number seen before, in an older version": 1}


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = tmp_path / f"{count}.json"
        path.write_text(json.dumps([study(f"NCT{index:08}") for index in range(count)]))
        tracemalloc.start()
        facts = TrialFacts(Known(), Known(), Account())
        seen = sum(1 for each in ctgov.read([path], Account()) for _ in facts.of(each))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert seen > 20 * count
        return most

    peak(10)
    assert peak(400) < peak(40) * 2
