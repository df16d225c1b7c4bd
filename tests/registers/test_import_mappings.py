"""Tables that tell no approvals: mappings between vocabularies, and mechanisms of action."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.registers.importing import BASE, CHEMBL, DCTERMS, SSSOM, Run, balanced, counts, objects


def test_a_mapping_table(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "m.tsv").write_text(SSSOM + "mesh:D2\t\tskos:exactMatch\tnothing\tx\n")
    told = counts(kg("import", "sssom", "m.tsv", "--date", "2025-10", "-o", "m.ttl", "-f", "csv"))
    assert (told["read"], told["used"]) == (4, 2)
    assert told["rejected: a prefix whose meaning is not known"] == 1
    assert told["rejected: not a prefix and an identifier"] == 1
    skos = "http://www.w3.org/2004/02/skos/core#"
    subject = "http://id.nlm.nih.gov/mesh/D1"
    assert objects(tmp_path / "m.ttl", f"{skos}exactMatch", subject) == ["https://identifiers.org/drugbank:DB1"]
    assert objects(tmp_path / "m.ttl", f"{skos}closeMatch", subject) == ["http://identifiers.org/unii/1C39JW444G"]
    assert objects(tmp_path / "m.ttl", "locator", subject) == ["lines 6 to 7"]
    assert objects(tmp_path / "m.ttl", f"{DCTERMS}license", f"{BASE}graph/m") == ["https://example.org/licence"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("mesh:D2\tskos:exactMatch\tmesh:D3\tNot", "says that the two do not match"),
        ("mesh:D2\tskos:exactMatch\tsssom:NoTermFound\t", "says that there is no match"),
        ("mesh:D2\tskos:exactMatch\tmesh:a b\t", "not a prefix and an identifier"),
        ("mesh:D2\tno:thing\tmesh:D3\t", "a prefix whose meaning is not known"),
        ("mesh:D2\t\tmesh:D3\t", "not a prefix and an identifier"),
    ],
)
def test_a_mapping_that_is_not_used(kg: Run, tmp_path: Path, row: str, reason: str) -> None:
    head = "subject_id\tpredicate_id\tobject_id\tpredicate_modifier\nmesh:D1\tskos:exactMatch\tmesh:D9\t\n"
    (tmp_path / "m.tsv").write_text(f"{head}{row}\n")
    told = counts(kg("import", "sssom", "m.tsv", "--date", "2025-10", "-o", "m.ttl", "-f", "csv"))
    assert (told["used"], told[f"rejected: {reason}"]) == (1, 1)


def test_mechanisms_are_classes_of_molecules(kg: Run, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(CHEMBL)
    (tmp_path / "t.csv").write_text("target_chembl_id,target_name,uniprot_acc\nCHEMBL261,Carbonic anhydrase I,P00915\n")
    told = counts(kg("import", "chembl", "m.csv", "t.csv", "--date", "2026", "-o", "m.ttl", "-f", "csv"))
    assert balanced(told)
    assert (told["read"], told["used"]) == (5, 2)
    node = f"{BASE}drugclass/moa-carbonic-anhydrase-i-inhibitor"
    skos = "http://www.w3.org/2004/02/skos/core#"
    assert objects(tmp_path / "m.ttl", "inDrugClass", f"{BASE}drug/chembl-CHEMBL19") == [node]
    assert objects(tmp_path / "m.ttl", f"{skos}inScheme", node) == [f"{BASE}scheme/mechanism-of-action"]
    target = "https://identifiers.org/chembl.target:CHEMBL261"
    assert objects(tmp_path / "m.ttl", f"{skos}related", node) == [target]
    assert objects(tmp_path / "m.ttl", "http://www.w3.org/2000/01/rdf-schema#label", target) == ["Carbonic anhydrase I"]
    checked = kg("check", "m.ttl", ROOT / "kg" / "data" / "reference")
    assert checked.code == 0, checked
