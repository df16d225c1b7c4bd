"""Names that registers print lead to substances: the rules, on a small file."""

from __future__ import annotations

import doctest
import gzip
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import LoadError
from kg.registers import names as spelling
from kg.registers import salts
from kg.registers.substances import METHODS, SSSOM_COLUMNS, Names, Resolver, Substance, sssom

# Made up to the pattern of the file; the codes are not UNIIs.
SMALL = """
AMLODIPINE of A1 AMLODIPINE
AMLODIPINE BESYLATE of A2 AMLODIPINE BESYLATE
AMLODIPINE BESILATE [INN] cn A2 AMLODIPINE BESYLATE
VALSARTAN of V1 VALSARTAN
BRANDIX bn V1 VALSARTAN
VV-77 cd V1 VALSARTAN
AMLODIPINE bn X9 AMLODIPINE AND OTHERS
SODIUM CHLORIDE of N1 SODIUM CHLORIDE
SODIUM of N2 SODIUM
CALCIUM CARBONATE of C1 CALCIUM CARBONATE
CALCIUM of C2 CALCIUM
FERROUS SULFATE of F1 FERROUS SULFATE
FERROUS SULFATE HEPTAHYDRATE cn F2 FERROUS SULFATE HEPTAHYDRATE
DEXAMETHASONE of D1 DEXAMETHASONE
DEXAMETHASONE SODIUM PHOSPHATE of D2 DEXAMETHASONE SODIUM PHOSPHATE
DEXAMETHASONE PHOSPHATE cn D3 DEXAMETHASONE PHOSPHATE
OCTREOTIDE of O1 OCTREOTIDE
OCTREOTIDE ACETATE of O2 OCTREOTIDE ACETATE
ABIRATERONE of AB1 ABIRATERONE
ABIRATERONE ACETATE of AB2 ABIRATERONE ACETATE
FLUTICASONE of FL1 FLUTICASONE
FLUTICASONE PROPIONATE of FL2 FLUTICASONE PROPIONATE
FLUTICASONE FUROATE of FL3 FLUTICASONE FUROATE
TENOFOVIR of T1 TENOFOVIR
TENOFOVIR DISOPROXIL cn T2 TENOFOVIR DISOPROXIL
TENOFOVIR DISOPROXIL FUMARATE of T3 TENOFOVIR DISOPROXIL FUMARATE
ALENDRONIC ACID of AL1 ALENDRONIC ACID
ALENDRONATE SODIUM of AL2 ALENDRONATE SODIUM
ATORVASTATIN of AT1 ATORVASTATIN
ATORVASTATIN CALCIUM of AT2 ATORVASTATIN CALCIUM TRIHYDRATE
ADALIMUMAB of AD1 ADALIMUMAB
IOBENGUANE I-131 of I1 IOBENGUANE I-131
CHLORAL cn CH1 CHLORAL
CHLORAL HYDRATE of CH2 CHLORAL HYDRATE
DICYCLOVERINE [INN] cn DI1 DICYCLOMINE
SULFAPYRIDINE of SU1 SULFAPYRIDINE
EITHERINE cn E1 EITHERINE A
EITHERINE cn E2 EITHERINE B
N,N-SOMETHING sys S1 N,N-SOMETHING
""".strip()


def unii_file(folder: Path, rows: str = SMALL, header: str = "Name\tTYPE\tUNII\tDisplay Name") -> Path:
    lines = [header]
    for row in rows.splitlines():
        found = re.fullmatch(r"(.+) (of|cn|bn|cd|sys) (\w+) (.+)", row)
        assert found
        lines.append("\t".join(found.groups()))
    path = folder / "names.txt.gz"
    path.write_bytes(gzip.compress("\r\n".join([*lines, ""]).encode()))
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Resolver:
    return Resolver(Names.from_unii(unii_file(tmp_path_factory.mktemp("unii"))))


@pytest.mark.parametrize("module", [spelling, salts], ids=lambda module: module.__name__)
def test_examples_in_docstrings_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize(
    ("printed", "method", "key"),
    [
        ("Amlodipine", "exact", "amlodipine"),
        ("amlodipine besilate", "salt-stripped", "amlodipine"),
        ("AMLODIPINE BESYLATE MONOHYDRATE", "salt-stripped", "amlodipine"),
        ("atorvastatin calcium", "salt-stripped", "atorvastatin"),
        ("alendronate sodium trihydrate", "salt-stripped", "alendronic-acid"),
        ("Sodium chloride", "exact", "sodium-chloride"),
        ("calcium carbonate", "exact", "calcium-carbonate"),
        ("Ferrous sulfate heptahydrate", "salt-stripped", "ferrous-sulfate"),
        ("chloral hydrate", "exact", "chloral-hydrate"),
        ("octreotide acetate", "salt-stripped", "octreotide"),
        ("abiraterone acetate", "salt-stripped", "abiraterone"),
        ("dexamethasone sodium phosphate", "salt-stripped", "dexamethasone-phosphate"),
        ("Dexamethasone (sodium phosphate)", "salt-stripped", "dexamethasone-phosphate"),
        ("fluticasone propionate", "exact", "fluticasone-propionate"),
        ("fluticasone furoate", "exact", "fluticasone-furoate"),
        ("tenofovir disoproxil fumarate", "salt-stripped", "tenofovir-disoproxil"),
        ("TENOFOVIR (TENOFOVIR DISOPROXIL FUMARATE)", "base-and-salt", "tenofovir-disoproxil"),
        ("AMLODIPINE (AMLODIPINE BESYLATE)", "base-and-salt", "amlodipine"),
        ("adalimumab-atto", "remark-dropped", "adalimumab"),
        ("Adalimumab (genetical\nrecombination) [adalimumab biosimilar 2]", "remark-dropped", "adalimumab"),
        ("valsartan 80 mg", "remark-dropped", "valsartan"),
        ("iobenguane I 131", "exact", "iobenguane-i-131"),
        ("iobenguane (131I)", "spelling", "iobenguane-i-131"),
        ("sulphapyridine", "spelling", "sulfapyridine"),
        ("dicyclovarine", "misprint", "dicyclomine"),
        ("BRANDIX", "brand-or-code", "valsartan"),
        ("VV 77", "brand-or-code", "valsartan"),
        ("valsartan;amlodipine (as amlodipine besilate)", "combination-split", "amlodipine_valsartan"),
        ("(1) Valsartan (2)\nAmlodipine\nbesilate", "combination-split", "amlodipine_valsartan"),
        ("amlodipine besylate/valsartan", "combination-split", "amlodipine_valsartan"),
        ("amlodipine and valsartan", "combination-split", "amlodipine_valsartan"),
        ("valsartan, amlodipine", "combination-split", "amlodipine_valsartan"),
        ("valsartan + amlodipine", "combination-split", "amlodipine_valsartan"),
        ("Amlodipine\nAmlodipine besilate", "salt-stripped", "amlodipine"),
        ("Amlodipine; nonsuch", "unmatched", "amlodipine-nonsuch"),
        ("Eitherine", "unmatched", "eitherine"),
        ("N/A", "unmatched", "n-a"),
        ("", "unmatched", "unnamed"),
    ],
)
def test_printed_names_lead_to_substances(small: Resolver, printed: str, method: str, key: str) -> None:
    match = small.resolve(printed)
    assert (match.method, match.key) == (method, key)
    assert match.printed == printed
    assert match.method in METHODS


def test_parts_that_the_register_lists_make_one_combination(small: Resolver) -> None:
    match = small.resolve("Exforge", ["VALSARTAN", "AMLODIPINE (AMLODIPINE BESYLATE)"])
    assert [part.name for part in match.parts] == ["amlodipine", "valsartan"]
    assert match.label == "amlodipine + valsartan"
    assert match == small.resolve("Exforge", ["VALSARTAN", "AMLODIPINE (AMLODIPINE BESYLATE)"])
    assert not small.resolve("x", ["VALSARTAN", "NONSUCH"]).parts


def test_what_is_printed_as_components_only_keeps_its_name(small: Resolver) -> None:
    match = small.resolve("", ["VALSARTAN", "THISLESS"])
    assert (match.printed, match.key, match.label) == (
        "VALSARTAN; THISLESS",
        "valsartan-thisless",
        "VALSARTAN; THISLESS",
    )
    assert small.resolve("", ["THISLESS"]).key != small.resolve("", ["THATLESS"]).key
    assert small.resolve("", ["AMLODIPINE BESYLATE"]).printed == "AMLODIPINE BESYLATE"


def test_a_name_is_remembered(small: Resolver) -> None:
    assert small.resolve("valsartan") is small.resolve("valsartan")
    assert small.matches["valsartan"].key == "valsartan"


def test_keys_tell_substances_apart() -> None:
    assert Substance("1C39JW444G", "cabozantinib").key == "cabozantinib"
    assert Substance("A1", "interferon beta-1a").key == "interferon-beta-1a"
    assert Substance("A2", ".alpha.-tocopherol").key == "alpha-tocopherol-a2"


def test_a_graph_serves_as_an_index() -> None:
    turtle = """
    @prefix kg: <https://w3id.org/drug-approvals/ontology#> . @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix : <https://example.org/> .
    :c a kg:Substance ; rdfs:label "Cabozantinib"@en ; dcterms:identifier "1C39JW444G" ; skos:altLabel "XL 184"@en .
    :d a kg:Substance ; rdfs:label "no code"@en . :e rdfs:label "no substance" ; dcterms:identifier "E1" .
    """
    resolver = Resolver(Names.from_graph(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE)))
    assert resolver.resolve("cabozantinib S-malate").parts == (Substance("1C39JW444G", "cabozantinib"),)
    assert resolver.resolve("XL-184").key == "cabozantinib"
    assert not resolver.resolve("no code").parts
    assert not resolver.resolve("cabozantinip").parts


def test_sssom_has_a_row_for_each_part_and_each_name_without_one(small: Resolver) -> None:
    matches = [small.resolve(name) for name in ("valsartan, amlodipine", "nonsuch", "valsartan")]
    header, *rows = sssom(matches)
    assert header == SSSOM_COLUMNS
    assert [row[:4] for row in rows] == [
        ["nonsuch", "sssom:NoTermFound", "sssom:NoTermFound", ""],
        ["valsartan", "skos:exactMatch", "UNII:V1", "valsartan"],
        ["valsartan, amlodipine", "skos:relatedMatch", "UNII:A1", "amlodipine"],
        ["valsartan, amlodipine", "skos:relatedMatch", "UNII:V1", "valsartan"],
    ]


def test_a_broken_file_is_refused_with_its_line(tmp_path: Path) -> None:
    good = unii_file(tmp_path).read_bytes()
    path = tmp_path / "x.txt.gz"
    for content, says in (
        (gzip.compress(b"Name\tKind\tUNII\tDisplay Name\nA\tof\tB\tC\n"), "line 1: the header is"),
        (gzip.compress(b"Name\tTYPE\tUNII\tDisplay Name\nA\tof\tB\n"), "line 2: not the 4 columns"),
        (gzip.compress(b"Name\tTYPE\tUNII\tDisplay Name\nA\tzz\tB\tC\n"), "line 2: type 'zz'"),
        (gzip.compress(b"Name\tTYPE\tUNII\tDisplay Name\nCAF\xc9\tof\tB\tC\n"), "not UTF-8"),
        (gzip.compress(b""), "no names"),
        (good[: len(good) // 2], "the gzip is broken"),
        (b"Name\tTYPE\tUNII\tDisplay Name\n", "the gzip is broken"),
    ):
        path.write_bytes(content)
        with pytest.raises(LoadError, match=re.escape(says)):
            Names.from_unii(path)
    with pytest.raises(LoadError, match="No such file"):
        Names.from_unii(tmp_path / "nowhere.txt")
