"""openFDA: each rule and each fault on small samples."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kg.registers import dates, openfda
from kg.registers.account import Account
from tests.registers.fda_reading import events, fault, run

RESULT: dict[str, Any] = {
    "application_number": "NDA019010",
    "sponsor_name": "EXAMPLE",
    "openfda": {"pharm_class_epc": ["Kinase Inhibitor [EPC]", "Kinase Inhibitor [EPC]"], "unii": ["53AXN4NNHX"]},
    "products": [
        {
            "product_number": "001",
            "brand_name": "EXAMPLIX",
            "active_ingredients": [{"name": "EXAMPLINIB", "strength": "1MG"}],
            "marketing_status": "Prescription",
        }
    ],
    "submissions": [
        {
            "submission_type": "SUPPL",
            "submission_number": "5",
            "submission_status": "AP",
            "submission_status_date": "19900203",
            "submission_class_code": "EFFICACY",
            "review_priority": "PRIORITY",
            "submission_property_type": [{"code": "Orphan", "id": "5"}],
        },
        {
            "submission_type": "ORIG",
            "submission_number": "1",
            "submission_status": "AP",
            "submission_status_date": "19850409",
            "submission_class_code": "TYPE 1",
        },
        {
            "submission_type": "SUPPL",
            "submission_number": "6",
            "submission_status": "AP",
            "submission_status_date": "19910409",
            "submission_class_code": "LABELING",
        },
    ],
}
ANSWER = {"meta": {"last_updated": "2025-07-09", "results": {"total": 1}}, "results": [RESULT]}


def written(folder: Path, content: Any, name: str = "answer.json") -> Path:
    path = folder / name
    text = json.dumps(content).encode()
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text))
    elif name.endswith(".zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as opened:
            opened.writestr("drug-drugsfda-0001-of-0001.json", text)
        path.write_bytes(packed.getvalue())
    else:
        path.write_bytes(text)
    return path


def test_openfda_application_is_a_product_and_its_approvals(tmp_path: Path) -> None:
    path = written(tmp_path, ANSWER)
    records, account = run(openfda, path)
    assert (account.read, account.used, account.by_reason) == (5, 4, {"labeling supplement": 1})
    assert account.rejections[0].row == "result 1, submission 3"
    product = records[0].product
    assert product
    assert (product.key, product.name, product.components) == ("US-NDA019010", "EXAMPLIX", ("EXAMPLINIB",))
    assert (product.pharmacologic_classes, product.unii) == (("Kinase Inhibitor",), ("53AXN4NNHX",))
    assert product.status == "marketed"
    assert [(event.key, event.kind, event.date, event.provisions) for event in events(records).values()] == [
        ("US-NDA019010-ORIG-1", "InitialApproval", dates.Dated("1985-04-09"), ()),
        ("US-NDA019010-SUPPL-5", "LabelExtension", dates.Dated("1990-02-03"), ("priority-review", "orphan-status")),
    ]
    assert records[0].locator == "application_number NDA019010"
    assert openfda.snapshot_date(path) == "2025-07-09"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.json", [RESULT]),
        ("record.json", RESULT),
        ("late.json", {"results": [RESULT], "meta": {"last_updated": "2025-07-09"}}),
        ("packed.json.gz", ANSWER),
        ("bulk.json.zip", ANSWER),
    ],
)
def test_openfda_comes_in_many_wrappings(tmp_path: Path, name: str, content: Any) -> None:
    path = written(tmp_path, content, name)
    assert run(openfda, path)[0] == run(openfda, written(tmp_path, ANSWER))[0]
    assert openfda.snapshot_date(path) == ("2025-07-09" if content is ANSWER else None)


def test_openfda_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = written(tmp_path, ANSWER)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(run(openfda, path)[0]) == 1


def test_openfda_results_that_are_not_used(tmp_path: Path) -> None:
    results = [
        RESULT,
        RESULT,
        {**RESULT, "application_number": "510K7"},
        {"application_number": "NDA000009"},
        "text",
        {"application_number": "BLA000010", "products": [7, {"product_number": "1"}]},
        {
            "application_number": "NDA 11",
            "openfda": None,
            "sponsor_name": 3,
            "products": RESULT["products"] * 2,
            "submissions": [{}, "x", *RESULT["submissions"][1:2] * 2],
        },
        {**RESULT, "application_number": "NDA000012", "products": None},
    ]
    records, account = run(openfda, written(tmp_path, {"results": results}))
    assert [record.locator for record in records] == ["application_number NDA019010", "application_number NDA000011"]
    assert account.by_reason == {
        "labeling supplement": 1,
        "application seen before": 1,
        "no application number of an NDA, ANDA or BLA": 2,
        "parent application not used": 11,
        "application without products": 3,
        "no product number": 1,
        "product without an active ingredient": 1,
        "product seen before": 1,
        "neither an original nor a supplement": 2,
        "submission seen before": 1,
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"error": {"code": "NOT_FOUND", "message": "No matches found!"}}, "NOT_FOUND: No matches found!"),
        ({"$schema": "x", "properties": {}}, "no results in it, but $schema, properties"),
        ({"results": [{"id": "1", "set_id": "2"}]}, "no application of drugsfda: id, set_id"),
        ({"results": ["a"]}, "no application of drugsfda: str"),
        ("text", "neither a json object nor a list"),
    ],
)
def test_openfda_faults(tmp_path: Path, content: Any, said: str) -> None:
    assert said in fault(openfda, written(tmp_path, content))


@pytest.mark.parametrize("name", ["cut.json", "cut.json.gz", "cut.json.zip"])
def test_openfda_cut_short(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, ANSWER, name)
    path.write_bytes(path.read_bytes()[:-200])
    assert "Download it again" in fault(openfda, path)


def test_openfda_other_faults(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    for content, said in ((b"", "empty"), (b"<html>", "not whole"), (b'{"results": ["\xff"]}', "not whole")):
        path.write_bytes(content)
        assert said in fault(openfda, path)
    assert "cannot be read" in fault(openfda, tmp_path / "none.json")
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "x")
    assert "not one json file in it, but readme.txt" in fault(openfda, path)


def test_openfda_holds_one_record_at_a_time(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "bulk.json.gz"
    one = json.dumps(RESULT)[1:]
    with gzip.open(path, "wt") as stream:
        stream.write('{"meta": {}, "results": [')
        stream.write(",".join('{"x": "%s", ' % ("x" * 5_000) + one.replace("019010", f"{n:06}") for n in range(2_000)))
        stream.write("]}")
    account = Account()
    tracemalloc.start()
    count = sum(1 for _ in openfda.read([path], account))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, account.balanced) == (2_000, True)
    assert peak < 4_000_000  # of 11 MB of json
