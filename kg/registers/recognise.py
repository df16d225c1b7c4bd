"""Which register a file was downloaded from, told by its content."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from kg.registers import tables
from kg.registers.catalogue import REGISTERS

BEGINNING = 1 << 16


def recognise(path: Path) -> str | None:
    """Return the name of the register a file is from, or None if it is none that is known.

    A table is told by its header, a zip file by the names in it, JSON and RDF by the words near their beginning.
    """
    beginning = _beginning(path)
    if beginning.startswith(b"PK\x03\x04"):
        try:
            names = {Path(name).name.lower() for name in zipfile.ZipFile(path).namelist()}
        except (zipfile.BadZipFile, OSError):
            return None
        for register in REGISTERS.values():
            if register.members and register.members <= names:
                return register.name
    text = beginning.decode("utf-8", "replace")
    for register in REGISTERS.values():
        if any(all(re.search(each, text) for each in signature) for signature in register.signatures):
            return register.name
    for register in REGISTERS.values():
        if (known := getattr(register.reader, "COLUMNS", None)) and tables.has_header(path, known):
            return register.name
    return None


def _beginning(path: Path) -> bytes:
    try:
        if path.suffix.lower() == ".gz":
            import gzip

            with gzip.open(path) as stream:
                return stream.read(BEGINNING)
        with path.open("rb") as stream:
            return stream.read(BEGINNING)
    except (OSError, EOFError):
        return b""
