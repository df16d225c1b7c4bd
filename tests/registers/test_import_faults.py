"""What is no download, or cannot be read or written: one message, and nothing is changed."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from kg.registers.catalogue import REGISTERS
from tests.registers.importing import EMA, Run, refused
from tests.registers.tables_written import table


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
