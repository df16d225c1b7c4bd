"""What the tests of the registers share."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kg import cli
from kg.registers.conditions import Index, Matcher
from kg.registers.imports import Dictionaries
from kg.registers.substances import Resolver
from tests.registers.importing import EMA, ORPHAN, VETERINARY, Done, Run
from tests.registers.tables_written import table
from tests.registers.vocabularies import HEADER, ONCOTREE, OWL, ROWS


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


@pytest.fixture
def ema(tmp_path: Path) -> Path:
    return table(tmp_path / "medicines_2025-03.csv", [*EMA, VETERINARY])


@pytest.fixture
def orphan(tmp_path: Path) -> Path:
    return table(tmp_path / "orphan_2025-03.csv", [ORPHAN])


@pytest.fixture(scope="session")
def vocabularies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disease")
    rows = "".join("\t".join((*line.split("|"), "semapv:X")) + "\n" for line in ROWS.splitlines())
    (folder / "small.sssom.tsv").write_text(HEADER + rows)
    (folder / "small.owl").write_text(OWL)
    (folder / "oncotree.json").write_text(json.dumps(ONCOTREE))
    return folder


@pytest.fixture(scope="session")
def index(vocabularies: Path) -> Index:
    return Index.build(
        mappings=[vocabularies / "small.sssom.tsv"],
        ontologies=[vocabularies / "small.owl", vocabularies / "oncotree.json"],
        mesh_headings={"D001943": "Breast Neoplasms", "D000006937": "Hypercholesterolemia", "D012008": "Recurrence"},
    )


@pytest.fixture
def matcher(index: Index) -> Matcher:
    return Matcher(index)
