"""Names that registers print lead to substances: the share found, and a sample that was checked by hand."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.registers import ema as ema_table
from kg.registers import health_canada as health_canada_tables
from kg.registers.account import Account
from kg.registers.atc import ALTERED
from kg.registers.substances import Match, Names, Resolver
from tests.shared import DOWNLOADS, real

HERE = Path(__file__).parent
UNII = DOWNLOADS / "xref" / "UNII_Names_2025-06.txt.gz"


@pytest.fixture(scope="module")
def official() -> Resolver:
    return Resolver(Names.from_unii(UNII))


def sample() -> list[dict[str, str]]:
    with (HERE / "substances_sample.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def spelled_out(match: Match) -> str:
    return " + ".join(f"{part.name} [{part.unii}]" for part in match.parts)


@real
def test_the_sample_checked_by_hand_is_right(official: Resolver) -> None:
    rows = sample()
    assert len(rows) == 260
    assert {row["verdict"] for row in rows} == {"right", "wrong"}
    printed = [re.sub(r"\\(.)", lambda e: {"n": "\n", "t": "\t"}.get(e[1], e[1]), row["printed"]) for row in rows]
    wrong = [
        row for row, name in zip(rows, printed, strict=True) if spelled_out(official.resolve(name)) != row["expected"]
    ]
    assert len(wrong) <= 2, wrong


def ema() -> Iterator[tuple[str, ...]]:
    for record in ema_table.read([DOWNLOADS / "ema/medicines_output_medicines_en_2025-03.csv"], Account()):
        if record.product:
            yield record.product.substance, record.product.common_name


def cder() -> Iterator[tuple[str, ...]]:
    with (DOWNLOADS / "fda/cder_nme_and_new_biologic_approvals_1985-2024.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        yield from ((row["Active Ingredient/Moiety"],) for row in csv.DictReader(file))


def drugs_at_fda() -> Iterator[tuple[str, ...]]:
    with zipfile.ZipFile(DOWNLOADS / "fda/drugsatfda_2019-07-02.zip") as archive:
        lines = io.TextIOWrapper(archive.open("Products.txt"), encoding="cp1252")
        next(lines)
        yield from ((line.split("\t")[6],) for line in lines)


def pmda() -> Iterator[tuple[str, ...]]:
    with (DOWNLOADS / "pmda/pmda_approvals.csv").open(encoding="utf-8", newline="") as file:
        yield from ((row["Active Ingredient (underlined: new active ingredient)"],) for row in csv.DictReader(file))


def health_canada() -> Iterator[tuple[str, ...]]:
    folder = DOWNLOADS / "health_canada/dpd_2022-01"
    with (folder / "drug.txt").open(encoding="utf-8", newline="") as file:
        human = {row[0] for row in csv.reader(file) if row[2] == "Human"}
    with (folder / "ingred.txt").open(encoding="utf-8", newline="") as file:
        yield from ((row[2],) for row in csv.reader(file) if row[0] in human)


@real
@pytest.mark.parametrize(
    ("register", "rows", "distinct", "weighted"),
    [
        (ema, 2_095, 0.95, 0.96),  # the rest: vaccines and cell therapies that UNII does not have in one name
        (cder, 1_341, 0.99, 0.99),
        (drugs_at_fda, 39_473, 0.98, 0.99),
        (pmda, 2_381, 0.95, 0.97),  # the rest: vaccines, blood products, extracts
        (health_canada, 15_740, 0.96, 0.99),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_most_names_of_a_register_are_resolved(
    official: Resolver, register: object, rows: int, distinct: float, weighted: float
) -> None:
    assert callable(register)
    no_name = re.compile(r"N/A|\(combination|\(Underlined")
    cells = [cell for cell in register() if any(re.search(r"\w{3}", name) and not no_name.match(name) for name in cell)]
    assert len(cells) == rows
    found = {cell: any(official.resolve(name).parts for name in cell if name.strip()) for cell in set(cells)}
    assert sum(found[cell] for cell in cells) / len(cells) >= weighted
    assert sum(found.values()) / len(found) >= distinct


@real
def test_each_alteration_of_an_atc_code_is_shown_by_the_registers(official: Resolver) -> None:
    """One row of a substance has the old code, another the new one; no alteration is known from elsewhere."""
    tables = sorted(path for path in (DOWNLOADS / "ema").iterdir() if "orphan" not in path.name)
    printed: dict[str, set[str]] = {}
    for reader, path in (
        (health_canada_tables, DOWNLOADS / "health_canada" / "dpd_2022-01"),
        *((ema_table, path) for path in tables),
    ):
        for record in reader.read([path], Account()):
            assert record.product
            match = official.resolve(record.product.substance, record.product.components or None)
            for code in record.product.atc:
                printed.setdefault(code, set()).add(match.key)
    assert [old for old, new in ALTERED.items() if not printed[old] & printed[new]] == []
