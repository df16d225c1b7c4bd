"""Files of vocabularies: mappings, ontologies, OncoTree; broken ones are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import LoadError
from kg.registers import disease, sssom
from tests.registers.vocabularies import ROWS


def test_a_mapping_file_gives_its_header_and_its_rows(vocabularies: Path) -> None:
    mappings = sssom.read(vocabularies / "small.sssom.tsv")
    assert mappings.metadata == {"license": "https://creativecommons.org/publicdomain/zero/1.0/"}
    assert mappings.curie_map["mesh"] == "http://identifiers.org/mesh/"
    assert len(mappings.rows) == len(ROWS.splitlines())
    assert mappings.rows[3].object_label == "breast cancer"
    assert [row.line for row in mappings.rows if not row.is_exact] == [29]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("subject_id\tpredicate_id\tobject_id\n", "line 1: the column mapping_justification is missing"),
        (
            "subject_id\tpredicate_id\tobject_id\tmapping_justification\tsubject_lable\n",
            "'subject_lable' is not a column of SSSOM. Did you mean subject_label",
        ),
        ("# curie_map:\n#   A: http://a/\n", "no row of column names below the header"),
        (
            "# curie_map:\n#   A: http://a/\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\nA:1\tA:2\tB:3\tA:4\n",
            "line 4: the prefix of 'B:3' is not in the curie_map",
        ),
        ("subject_id\tpredicate_id\tobject_id\tmapping_justification\nA:1\tA:2\n", "line 2: 2 cells under 4 columns"),
    ],
)
def test_a_mapping_file_that_breaks_the_format_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "broken.sssom.tsv"
    path.write_text(text)
    with pytest.raises(LoadError, match=r"broken\.sssom\.tsv") as error:
        sssom.read(path)
    assert message in str(error.value)


def test_a_negated_mapping_is_no_mapping(tmp_path: Path) -> None:
    path = tmp_path / "not.sssom.tsv"
    path.write_text(
        "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\n"
        "A:1\tskos:exactMatch\tNot\tB:1\tx:y\nA:1\tskos:exactMatch\t\tB:2\tx:y\n"
    )
    assert [row.object for row in sssom.read(path).rows] == ["B:2"]


def test_an_ontology_gives_terms_and_counts_what_it_left_out(vocabularies: Path) -> None:
    ontology = disease.read(vocabularies / "small.owl")
    assert ontology.terms["DOID:1612"] == disease.Term(
        "DOID:1612", "breast cancer", ("mammary cancer",), ("DOID:162",), ("MESH:D999999",)
    )
    assert ontology.left_out["deprecated"] == 1
    assert "DOID:77011" not in ontology.terms


def test_oncotree_gives_its_tree_and_tells_tissues_from_tumours(vocabularies: Path) -> None:
    terms = disease.read(vocabularies / "oncotree.json").terms
    assert terms["ONCOTREE:PANET"].parents == ("ONCOTREE:PANCREAS",)
    assert [curie for curie, term in terms.items() if term.grouping] == [
        "ONCOTREE:LUNG",
        "ONCOTREE:MISC",
        "ONCOTREE:PANCREAS",
        "ONCOTREE:TISSUE",
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.owl", "<rdf:RDF", "a.owl"),
        ("a.json", "[", "not JSON"),
        ("a.json", '{"T": {}}', "not the tree of OncoTree"),
    ],
)
def test_a_broken_ontology_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(LoadError, match=message):
        disease.read(tmp_path / name)
