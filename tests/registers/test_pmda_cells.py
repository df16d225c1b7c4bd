"""Cells of PMDA's lists: several brands, applicants and ingredients in one."""

from __future__ import annotations

import pytest

from kg.registers.pmda_cells import Brand, applicant, brands, ingredients, kinds, remarks, slug, without_number


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Approval", ["approval"]),
        ("Change Change\nApproval", ["change", "change", "approval"]),
        ("Supplemental\nChange", ["change"]),
        ("Partial\nPartial\nApproval", ["change", "change", "approval"]),
        ("Emergency approval", ["approval"]),
        ("", []),
    ],
)
def test_kinds_of_a_cell(cell: str, expected: list[str]) -> None:
    assert kinds(cell) == expected


@pytest.mark.parametrize(
    ("cell", "count", "names"),
    [
        ("Livalo 1 mg\nLivalo 2 mg Livalo 4 mg (Kowa Company, Ltd.)", 3, ["Livalo 1 mg", "Livalo 2 mg", "Livalo 4 mg"]),
        ("Ciproxan-I.V.200 Ciproxan 100", 2, ["Ciproxan-I.V.200", "Ciproxan 100"]),
        ("5-FU Injection 250 mg 5-FU Injection 1000 mg", 2, ["5-FU Injection 250 mg", "5-FU Injection 1000 mg"]),
        ("Eylea 40 mg/mL, Eylea Kit", 2, ["Eylea 40 mg/mL", "Eylea Kit"]),
        ("Vaccine (H5N1)\nfor Injection (Kaketsuken)", 1, ["Vaccine (H5N1) for Injection"]),
        ("Ethanol (Fuso)", 1, ["Ethanol (Fuso)"]),
        ("Herceptin 60\nHerceptin 150", 1, ["Herceptin 60", "Herceptin 150"]),
        ("Femara\nFemara 2.5 mg Tablet", 2, ["Femara", "Femara 2.5 mg Tablet"]),
        ("(1) Rapa Granules\n(2) Rapa Tablets (Nobelpharma Inc.)", 2, ["Rapa Granules", "Rapa Tablets"]),
        ("Narusus 2 mg Narusus 6 mg Narurapid 1 mg", 3, None),
    ],
)  # fmt: skip
def test_brands_of_a_cell(cell: str, count: int, names: list[str] | None) -> None:
    found = brands(cell, count)
    assert (None if found is None else [brand.name for brand in found]) == names


@pytest.mark.parametrize(
    ("cell", "companies"),
    [
        ("A 1 mg (X Inc.) B 1 mg\n(Y K.K.)", ["X Inc.", "Y K.K."]),
        ("A 1 mg\n\u1ca2X Corporation\u1ca3 B 1 mg\uff08Y Inc.\uff09", ["X Corporation", "Y Inc."]),
        ("A 1 mg\nB 1 mg (Y Inc., LTD.", ["Y Inc., LTD."] * 2),
        ("A 1 mg\nB 1 mg\n((1) X Co., Ltd. (2) Y Pharma Inc.)", ["X Co., Ltd.", "Y Pharma Inc."]),
        ("(1) A 1 mg\n(1) A 2 mg\n(2) B 1 mg\n((1) X Co., Ltd., (2) Y Inc.)", ["X Co., Ltd.", "X Co., Ltd.", "Y Inc."]),
        ("A 1 mg\nA 2 mg\nB 1 mg ((1)-(2) X Co., Ltd. (3) Y Inc.)", ["X Co., Ltd.", "X Co., Ltd.", "Y Inc."]),
        ("A 1 mg", [""]),
    ],
)  # fmt: skip
def test_applicants_of_a_cell(cell: str, companies: list[str]) -> None:
    found = brands(cell, len(companies))
    assert found is not None
    assert [", ".join(brand.companies) for brand in found] == companies


@pytest.mark.parametrize(
    ("cell", "names", "expected"),
    [
        ("Rituximab (genetical\nrecombination)", ["A 1", "A 2"], ["Rituximab (genetical recombination)"] * 2),
        ("Moxifloxacin\nHydrochloride", ["A"], ["Moxifloxacin Hydrochloride"]),
        ("Trifluridine\nTipiracil hydrochloride", ["Lonsurf"], ["Trifluridine / Tipiracil hydrochloride"]),
        ("(1) Clopidogrel sulfate\n(2) Aspirin", ["Complavin"], ["Clopidogrel sulfate / Aspirin"]),
        ("Daclatasvir\nAsunaprevir", ["Daklinza", "Sunvepra"], ["Daclatasvir", "Asunaprevir"]),
        ("Omeprazole\nAmoxicillin", ["Aaa 1", "Bbb 1", "Ccc 1"], ["", "", ""]),
        ("(1)-(2) Omeprazole (3) Aspirin", ["Aaa 1", "Aaa 2", "Ccc 1"], ["Omeprazole", "Omeprazole", "Aspirin"]),
        ("(1) Omeprazole (4) Amoxicillin", ["Aaa 1", "Bbb 1"], ["", ""]),
        ("N/A for this combination drug", ["Aaa"], [""]),
        ("A combination drug of Tegafur, Gimeracil", ["Aaa"], ["Tegafur, Gimeracil"]),
    ],
)  # fmt: skip
def test_ingredients_of_brands(cell: str, names: list[str], expected: list[str]) -> None:
    assert ingredients(cell, [Brand(name) for name in names]) == expected


def test_small_parts_of_cells() -> None:
    assert applicant("(Example Co., Ltd. )") == "Example Co., Ltd."
    assert applicant("Ethanol (Example Co., Ltd.)") is None
    assert without_number("36\nAmigrand") == "Amigrand"
    assert without_number("5-FU injection") == "5-FU injection"
    assert slug("Amitiza 24 μg “NK” 0.5%") == "amitiza-24-ug-nk-0-5"
    assert remarks("x [HBs] y") == ("x [HBs] y", [])
