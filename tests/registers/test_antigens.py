"""What registers print of vaccines leads to antigens: in one way only, or not at all."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.registers import antigens
from kg.registers.substances import Names, Resolver

PNEUMOCOCCI = "STREPTOCOCCUS PNEUMONIAE TYPE {} CAPSULAR POLYSACCHARIDE{} ANTIGEN"
CRM197, PROTEIN_D = " DIPHTHERIA CRM197 PROTEIN CONJUGATE", " PROTEIN D CONJUGATE"
GROUP = "NEISSERIA MENINGITIDIS GROUP {} CAPSULAR POLYSACCHARIDE TETANUS TOXOID CONJUGATE ANTIGEN"
HPV = "HUMAN PAPILLOMAVIRUS TYPE {} L1 CAPSID PROTEIN{} ANTIGEN"
POLIO = "POLIOVIRUS TYPE {} ANTIGEN (FORMALDEHYDE INACTIVATED)"
HEPATITIS = "HEPATITIS B VIRUS HBSAG SURFACE PROTEIN ANTIGEN"
KNOWN = [
    *(PNEUMOCOCCI.format(each, "") for each in ("1", "4", "9V")),
    *(PNEUMOCOCCI.format(each, CRM197) for each in ("1", "4", "6A", "9V", "DEOAC15B")),
    *(PNEUMOCOCCI.format(each, PROTEIN_D) for each in ("1", "4")),
    *(GROUP.format(each) for each in ("A", "C", "W-135", "Y")),
    *(HPV.format(each, "") for each in ("6", "16", "18")),
    HPV.format("16", " RESIDUES 2-471"),
    HPV.format("18", " RESIDUES 2-472"),
    *(POLIO.format(each) for each in "123"),
    "INFLUENZA A VIRUS A/NORWAY/16606/2021 (H3N2) LIVE (ATTENUATED) ANTIGEN",
    "INFLUENZA B VIRUS B/AUSTRIA/1359417/2021 LIVE (ATTENUATED) ANTIGEN",
    "MUMPS VIRUS STRAIN B LEVEL JERYL LYNN LIVE ANTIGEN",
    "NEISSERIA MENINGITIDIS GROUP B RECOMBINANT LP2086 B01 PROTEIN VARIANT ANTIGEN",
    HEPATITIS,
]
Told = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return the antigens of a cell, by their names in a small table."""
    path = tmp_path_factory.mktemp("unii") / "names.txt"
    rows = [f"{name}\tof\tU{place}\t{name}" for place, name in enumerate(KNOWN)]
    rows.append(f"HEPATITIS B SURFACE ANTIGEN\tof\tU{len(KNOWN) - 1}\t{HEPATITIS}")
    path.write_text("\n".join(["Name\tTYPE\tUNII\tDisplay Name", *rows, ""]))
    resolver = Resolver(Names.from_unii(Path(path)))
    return lambda printed: sorted(part.name.upper() for part in resolver.resolve(printed).parts)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        pytest.param(
            "Pneumococcal polysaccharides of serotypes 1, 4,\n9V, and 6A conjugated to CRM197 carrier protein",
            [PNEUMOCOCCI.format(each, CRM197) for each in ("1", "4", "6A", "9V")],
            id="a list with its carrier",
        ),
        pytest.param(
            "Pneumococcal polysaccharide serotype 1;Pneumococcal polysaccharide serotype 6A",
            [PNEUMOCOCCI.format(each, CRM197) for each in ("1", "6A")],
            id="one carrier has both",
        ),
        pytest.param(
            "pneumococcal oligosaccharide serotype 1;Pneumococcal polysaccharide serotype 4", [], id="several have both"
        ),
        pytest.param(
            "pneumococcal polysaccharide serotype 4 conjugated to CRM197;"
            "pneumococcal polysaccharide serotype 15B de-O-acetylated conjugated to CRM197",
            [PNEUMOCOCCI.format(each, CRM197) for each in ("4", "DEOAC15B")],
            id="a changed one is another",
        ),
        pytest.param(
            "Neisseria meningitidis group A polysaccharide conjugated to tetanus toxoid;"
            "Neisseria meningitidis group W polysaccharide conjugated to tetanus toxoid;"
            "Neisseria meningitidis group B fHBP protein subfamily B",
            [GROUP.format("A"), GROUP.format("W-135"), KNOWN[-2]],
            id="groups",
        ),
        pytest.param(
            "Meningococcal quadrivalent vaccine (tetanus toxoid conjugate)",
            [GROUP.format(each) for each in ("A", "C", "W-135", "Y")],
            id="all four groups",
        ),
        pytest.param("meningococcal group A, C, W-135 and Y conjugate vaccine", [], id="a carrier that is not told"),
        pytest.param(
            "papillomavirus vaccine [types 6, 16, and 18]", [HPV.format(t, "") for t in ("16", "18", "6")], id="types"
        ),
        pytest.param("human papillomavirus types 16 and 18", [], id="types that are whole or cut short"),
        pytest.param("Inactivated poliomyelitis vaccine (Salk vaccine)", [POLIO.format(t) for t in "123"], id="Salk"),
        pytest.param("Inactivated poliovirus types 1-3 (Sabin strain)", [], id="Sabin"),
        pytest.param("INACTIVATED POLIOVIRUS TYPE III", [POLIO.format("3")], id="a Roman number"),
        pytest.param(
            "Adsorbed diphtheria-pertussis-tetanus-inactivated polio (salk vaccine)",
            [],
            id="more than the rule is about",
        ),
        pytest.param(
            "hepatitis B surface antigen;poliovirus (inactivated) type 1",
            [HEPATITIS, POLIO.format("1")],
            id="with others",
        ),
        pytest.param("pertussis toxoid;poliovirus (inactivated) type 1", [], id="with one that is not known"),
        pytest.param(
            "A/Darwin/9/2021 (H3N2) - like strain (A/Norway/16606/2021, MEDI 355293) / "
            "B/ Austria/1359417/2021 - like strain (B/ Austria/1359417/2021, MEDI 355292)",
            KNOWN[-5:-3],
            id="the strain that was used",
        ),
        pytest.param(
            "influenza virus A/Norway/16606/2021 (H3N2), inactivated", [], id="killed in a way that is not told"
        ),
        pytest.param("MUMPS VIRUS VACCINE LIVE (JERYL LYNN STRAIN)", [KNOWN[-3]], id="a strain"),
    ],
)
def test_a_vaccine_leads_to_its_antigens(told: Told, printed: str, expected: list[str]) -> None:
    assert told(printed) == sorted(expected)


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(antigens).attempted == 3
    assert doctest.testmod(antigens).failed == 0


def test_an_index_that_is_not_complete_decides_nothing() -> None:
    """In it, what is the only one that is known need not be the only one."""
    assert not Resolver(Names()).resolve("INACTIVATED POLIOVIRUS TYPE III").parts
