"""Conditions across registers: small files made by hand, and a sample of real matches that was judged by hand."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import places
from kg.errors import LoadError
from kg.names import BASE, KG, STANDARD
from kg.registers import disease, sssom
from kg.registers.condition_wordings import WORDINGS
from kg.registers.condition_words import is_abbreviation, plain, spelled
from kg.registers.conditions import METHODS, Index, Matcher, slug, triples

DATA = Path(os.environ.get("KG_DOWNLOADS") or Path(__file__).parents[3] / "shared" / "data")
"""The real downloads, beside the checkout or where KG_DOWNLOADS says."""
SAMPLE = Path(__file__).parent / "conditions_sample.tsv"

HEADER = """\
# curie_map:
#   MONDO: http://purl.obolibrary.org/obo/MONDO_
#   DOID: http://purl.obolibrary.org/obo/DOID_
#   ONCOTREE: http://example.org/ONCOTREE/
#   mesh: http://identifiers.org/mesh/
#   oboInOwl: http://www.geneontology.org/formats/oboInOwl#
#   skos: http://www.w3.org/2004/02/skos/core#
# license: https://creativecommons.org/publicdomain/zero/1.0/
subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification
"""
ROWS = """\
MONDO:0000001|disease|skos:exactMatch|DOID:4|disease
MONDO:0004992|cancer|skos:exactMatch|DOID:162|cancer
MONDO:0005070|neoplasm|skos:exactMatch|mesh:D009369|
MONDO:0007254|breast cancer|skos:exactMatch|DOID:1612|breast cancer
MONDO:0021100|breast neoplasm|skos:exactMatch|mesh:D001943|
MONDO:0008383|rheumatoid arthritis|skos:exactMatch|mesh:D001172|
MONDO:0005148|type 2 diabetes mellitus|skos:exactMatch|mesh:D003924|
MONDO:0005044|hypertensive disorder|skos:exactMatch|DOID:10763|hypertension
MONDO:0005233|non-small cell lung carcinoma|skos:exactMatch|DOID:3908|lung non-small cell carcinoma
MONDO:0005011|Crohn disease|skos:exactMatch|DOID:8778|Crohn's disease
MONDO:0018874|acute myeloid leukemia|skos:exactMatch|DOID:9119|acute myeloid leukemia
MONDO:0005300|chronic kidney disease|skos:exactMatch|mesh:D051436|
MONDO:0043839|ulcer disease|skos:exactMatch|DOID:77001|ulcer
MONDO:0009001|Waldenström's β-disease|skos:exactMatch|DOID:77002|
MONDO:0009002|twin name|skos:exactMatch|DOID:77003|
MONDO:0009003|twin-name|skos:exactMatch|DOID:77004|
MONDO:0005575|obsolete hyperuricemia|skos:exactMatch|DOID:1920|hyperuricemia
MONDO:0019954|pancreatic neuroendocrine tumor|skos:exactMatch|DOID:77005|
MONDO:0019496|neuroendocrine neoplasm|skos:exactMatch|DOID:169|neuroendocrine tumor
MONDO:0019954|pancreatic neuroendocrine tumor|oboInOwl:hasDbXref|ONCOTREE:PANET|
"""
OWL = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
    xmlns:owl="http://www.w3.org/2002/07/owl#" xmlns:oboInOwl="http://www.geneontology.org/formats/oboInOwl#">
  <owl:Class rdf:about="http://purl.obolibrary.org/obo/DOID_162"><rdfs:label>cancer</rdfs:label>
    <rdfs:subClassOf rdf:resource="http://purl.obolibrary.org/obo/DOID_4"/></owl:Class>
  <owl:Class rdf:about="http://purl.obolibrary.org/obo/DOID_1612"><rdfs:label>breast cancer</rdfs:label>
    <oboInOwl:hasExactSynonym>mammary cancer</oboInOwl:hasExactSynonym>
    <oboInOwl:hasDbXref>MESH:D999999</oboInOwl:hasDbXref>
    <rdfs:subClassOf rdf:resource="http://purl.obolibrary.org/obo/DOID_162"/>
    <rdfs:subClassOf><owl:Restriction/></rdfs:subClassOf></owl:Class>
  <owl:Class rdf:about="http://purl.obolibrary.org/obo/DOID_77010"><rdfs:label>breast sarcoma</rdfs:label>
    <rdfs:subClassOf rdf:resource="http://purl.obolibrary.org/obo/DOID_1612"/></owl:Class>
  <owl:Class rdf:about="http://purl.obolibrary.org/obo/DOID_77011"><rdfs:label>gone</rdfs:label>
    <owl:deprecated rdf:datatype="http://www.w3.org/2001/XMLSchema#boolean">true</owl:deprecated></owl:Class>
</rdf:RDF>
"""


def node(code: str, name: str, *children: dict[str, object]) -> dict[str, object]:
    by_code = {str(child["code"]): child for child in children}
    return {"code": code, "name": name, "externalReferences": {"NCI": ["C1"]}, "children": by_code, "revocations": []}


ONCOTREE = {
    "TISSUE": node(
        "TISSUE",
        "Tissue",
        node("PANCREAS", "Pancreas", node("PANET", "Pancreatic Neuroendocrine Tumor", node("PX", "Odd Islet Tumor"))),
        node("LUNG", "Lung", node("MISC", "Miscellaneous Lung Tumor", node("MT", "Cancer"))),
    )
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disease")
    rows = "".join("\t".join((*line.split("|"), "semapv:X")) + "\n" for line in ROWS.splitlines())
    (folder / "small.sssom.tsv").write_text(HEADER + rows)
    (folder / "small.owl").write_text(OWL)
    (folder / "oncotree.json").write_text(json.dumps(ONCOTREE))
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> Index:
    return Index.build(
        mappings=[folder / "small.sssom.tsv"],
        ontologies=[folder / "small.owl", folder / "oncotree.json"],
        mesh_headings={"D001943": "Breast Neoplasms", "D000006937": "Hypercholesterolemia", "D012008": "Recurrence"},
    )


@pytest.fixture
def matcher(index: Index) -> Matcher:
    return Matcher(index)


# ---------------------------------------------------------------------------------------------------------------- files


def test_a_mapping_file_gives_its_header_and_its_rows(folder: Path) -> None:
    mappings = sssom.read(folder / "small.sssom.tsv")
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


def test_an_ontology_gives_terms_and_counts_what_it_left_out(folder: Path) -> None:
    ontology = disease.read(folder / "small.owl")
    assert ontology.terms["DOID:1612"] == disease.Term(
        "DOID:1612", "breast cancer", ("mammary cancer",), ("DOID:162",), ("MESH:D999999",)
    )
    assert ontology.left_out["deprecated"] == 1
    assert "DOID:77011" not in ontology.terms


def test_oncotree_gives_its_tree_and_tells_tissues_from_tumours(folder: Path) -> None:
    terms = disease.read(folder / "oncotree.json").terms
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


# ---------------------------------------------------------------------------------------------------------------- index


def test_a_concept_goes_by_the_first_vocabulary_that_has_it(index: Index) -> None:
    for curie, known_as in {
        "DOID:1612": "MONDO:0007254",
        "mesh:D001943": "MONDO:0021100",
        "DOID:1920": "DOID:1920",
        "ONCOTREE:PANET": "MONDO:0019954",
        "ONCOTREE:PX": "ONCOTREE:PX",
        "mesh:D000006937": "mesh:D006937",
        "mesh:D999999": "MONDO:0007254",
    }.items():
        concept = index.get(curie)
        assert concept is not None, curie
        assert concept.id == known_as
    assert index.get("DOID:4") is None
    assert index.get("mesh:D012008") is None


def test_what_is_broader_is_a_concept_and_never_in_a_circle(index: Index) -> None:
    sarcoma = index.concepts["DOID:77010"]
    assert [concept.id for concept in index.ancestors(sarcoma)] == [
        "MONDO:0007254",
        "MONDO:0004992",
        "MONDO:0021100",
        "MONDO:0005070",
    ]
    assert [concept.id for concept in index.ancestors(index.concepts["MONDO:0004992"])] == ["MONDO:0005070"]
    assert index.concepts["ONCOTREE:PX"].broader == ("MONDO:0019954",)
    assert all(concept not in index.ancestors(concept) for concept in index)


def test_keys_are_unique_and_say_where_the_label_lost_letters(index: Index) -> None:
    keys = Counter(concept.key for concept in index)
    assert max(keys.values()) == 1
    assert index.concepts["MONDO:0009001"].key == "waldenstrom-s-disease-mondo-0009001"
    assert index.concepts["MONDO:0009002"].key == "twin-name-mondo-0009002"
    assert index.concepts["MONDO:0009003"].key == "twin-name-mondo-0009003"
    assert index.concepts["MONDO:0007254"].key == slug("Breast, cancer") == "breast-cancer"


def test_conditions_of_the_project_keep_their_iri_and_label(index: Index) -> None:
    net = index.get("DOID:169")
    assert net is not None
    assert (net.key, net.label) == ("neuroendocrine-tumour", "neuroendocrine tumour")
    assert "neuroendocrine neoplasm" in net.synonyms
    pnet = index.concepts["MONDO:0019954"]
    assert pnet.key == "pancreatic-neuroendocrine-tumour"
    assert pnet.broader == ("MONDO:0019496",)
    assert index.concepts["condition:extra-pancreatic-neuroendocrine-tumour"].broader == ("MONDO:0019496",)


def test_a_concept_as_facts_and_back(index: Index) -> None:
    skos = STANDARD["skos"]
    facts = [triple for concept in index for triple in triples(concept, index)]
    net = ox.NamedNode(f"{BASE}condition/neuroendocrine-tumour")
    about = [(triple.predicate.value, triple.object) for triple in facts if triple.subject == net]
    assert (f"{STANDARD['rdf']}type", ox.NamedNode(f"{KG}Condition")) in about
    assert (f"{STANDARD['rdfs']}label", ox.Literal("neuroendocrine tumour", language="en")) in about
    assert (f"{skos}broader", ox.NamedNode(f"{BASE}condition/neoplasm")) in about
    assert (f"{skos}exactMatch", ox.NamedNode("http://purl.obolibrary.org/obo/MONDO_0019496")) in about
    assert (f"{skos}inScheme", ox.NamedNode(f"{BASE}scheme/condition")) in about
    again = Index.from_graph(ox.Quad(*triple) for triple in facts)
    for concept in index:
        if concept.id.startswith("ONCOTREE"):
            continue  # it has no IRI to match
        assert again.concepts[concept.id].key == concept.key
        assert again.concepts[concept.id].broader == concept.broader
    assert Matcher(again).heading("Arthritis, Rheumatoid").concepts[0].id == "MONDO:0008383"


def test_the_shipped_conditions_are_an_index() -> None:
    path = places.DATA / "reference" / "conditions.ttl"
    own = Index.from_graph(ox.parse(path=path, base_iri=f"{BASE}graph/conditions"))
    assert [concept.id for concept in own.ancestors(own.concepts["MONDO:0019954"])] == [
        "MONDO:0019496",
        "MONDO:0005070",
    ]
    assert Matcher(own).heading("pNET").concepts[0].key == "pancreatic-neuroendocrine-tumour"


# -------------------------------------------------------------------------------------------------------------- matcher


@pytest.mark.parametrize(
    ("printed", "mesh", "expected", "method"),
    [
        ("Breast cancer", None, "MONDO:0007254", "label"),
        ("hypertension", None, "MONDO:0005044", "mapped label"),
        ("Mammary Cancer", None, "MONDO:0007254", "synonym"),
        ("Breast Neoplasms", None, "MONDO:0021100", "synonym"),
        ("Whatever it is", "D000003924", "MONDO:0005148", "identifier"),
        ("acute myeloid leukaemias", None, "MONDO:0018874", "spelling"),
        ("Crohn\N{RIGHT SINGLE QUOTATION MARK}s disease", None, "MONDO:0005011", "mapped label"),
        ("Crohn diseases", None, "MONDO:0005011", "spelling"),
        ("Arthritis, Rheumatoid", None, "MONDO:0008383", "inverted"),
        ("Leukemia, Myeloid, Acute", None, "MONDO:0018874", "inverted"),
        ("Type2 Diabetes", None, "MONDO:0005148", "known wording"),
        ("Advanced Breast Cancer", None, "MONDO:0007254", "qualified"),
        ("Chronic Kidney Disease (CKD)", None, "MONDO:0005300", "qualified"),
        ("NET", None, "MONDO:0019496", "synonym"),
        ("Hypercholesterolemia", None, "mesh:D006937", "synonym"),
        ("net", None, None, "unmatched"),
        ("twin name", None, None, "unmatched"),
        ("disease", None, None, "unmatched"),
        ("Breast Neoplasms, Male", None, None, "unmatched"),
        ("Cancer Pain", None, None, "unmatched"),
        ("Immunization", None, None, "unmatched"),
    ],
)
def test_headings(matcher: Matcher, printed: str, mesh: str | None, expected: str | None, method: str) -> None:
    match = matcher.heading(printed, mesh)
    assert ([concept.id for concept in match.concepts], match.method) == ([expected] if expected else [], method)
    assert match.method in METHODS


WORDS: list[tuple[str, list[str]]] = [
    ("Treatment of breast cancer", ["breast cancer"]),
    ("Treatment of relapsed or refractory acute myeloid leukaemia.", ["acute myeloid leukemia"]),
    ("indicated for patients with moderate to severe Crohn's disease", ["Crohn disease"]),
    ("treatment of the signs and symptoms of rheumatoid arthritis, hypertension and cancer", ["RA", "hypertension"]),
    ("treatment of cancer", ["cancer"]),
    ("Prevention of rheumatoid arthritis in adults with chronic kidney disease", ["RA"]),
    ("to reduce the risk of breast cancer", []),
    ("treatment of hypertension, except chronic kidney disease", ["hypertension"]),
    ("treatment of hypertension. Not indicated for chronic kidney disease", ["hypertension"]),
    ("treatment of hypertension\nLimitations of use: chronic kidney disease", ["hypertension"]),
    ("treatment of diabetic foot ulcer", []),
    ("treatment of ulcer", ["ulcer"]),
    ("management of cancer pain", []),
    ("treatment of breast cancer-related lymphoedema", []),
    ("prevention of weight loss in patients with a confirmed diagnosis of breast cancer", []),
    ("for long-term use in patients with a confirmed diagnosis of breast cancer", ["breast cancer"]),
    ("treatment of patients with a confirmed diagnosis of breast cancer", ["breast cancer"]),
    ("diagnosis of breast cancer", ["breast cancer"]),
    ("treatment of cancer associated pain", []),
    ("treatment of hypertension associated with breast cancer", ["hypertension"]),
    ("control of nausea in patients receiving treatment for breast cancer", []),
    ("control of nausea after induction and consolidation treatment for breast cancer", []),
    ("treatment of adults who had surgery, and for the treatment of breast cancer", ["breast cancer"]),
    ("treatment of EGFR mutation-positive non-small cell lung carcinoma", ["NSCLC"]),
    ("treatment of large cell lung carcinoma", []),
    ("treatment of nausea (breast cancer)", []),
    ("[A] treatment of hypertension [B] treatment of Crohn disease", ["hypertension", "Crohn disease"]),
    ("treatment of hypertension/reperfusion injury", []),
    ("treatment of neuroendocrine tumours of the pancreas", []),
    ("treatment of extra-pancreatic neuroendocrine tumours", ["epNET"]),
    ("the net benefit of treatment", []),
    ("treatment of disease", []),
]
SHORT = {
    "breast cancer": "MONDO:0007254",
    "acute myeloid leukemia": "MONDO:0018874",
    "Crohn disease": "MONDO:0005011",
    "RA": "MONDO:0008383",
    "hypertension": "MONDO:0005044",
    "cancer": "MONDO:0004992",
    "ulcer": "MONDO:0043839",
    "NSCLC": "MONDO:0005233",
    "epNET": "condition:extra-pancreatic-neuroendocrine-tumour",
}


@pytest.mark.parametrize(("text", "expected"), WORDS, ids=[text[:60] for text, _ in WORDS])
def test_words_of_an_indication(matcher: Matcher, text: str, expected: list[str]) -> None:
    match = matcher.words(text)
    assert [concept.id for concept in match.concepts] == [SHORT[name] for name in expected]
    assert match.method == ("phrase" if expected else "unmatched")


def test_what_was_matched_is_remembered_and_counted(matcher: Matcher) -> None:
    for printed in ("Cancer", "Nothing known", "Nothing known", "Other"):
        matcher.heading(printed)
    assert len(matcher.matches) == 3
    assert matcher.unmatched() == [("Nothing known", 2), ("Other", 1)]


def test_keys_of_names() -> None:
    assert plain("Guillain-Barré  syndrome") == "guillain barre syndrome"
    assert spelled("Tumours of the oesophagus") == spelled("tumor of the esophagus")
    assert spelled("Parkinson's diseases, type II") == spelled("Parkinson disease type 2")
    assert spelled("necrotising metastases") == spelled("necrotizing metastasis")
    assert spelled("AIDS") != spelled("aid")
    assert [name for name in ("AIDS", "NET", "pNET", "gout", "Gout", "COVID-19") if is_abbreviation(name)] == [
        "AIDS",
        "NET",
        "pNET",
    ]


# ------------------------------------------------------------------------------------------------------ real downloads

needs_data = pytest.mark.skipif(not (DATA / "disease").is_dir(), reason=f"the real downloads are not at {DATA}")


@pytest.fixture(scope="module")
def real() -> Index:
    headings = {identifier: term for identifier, term, _ in _studies()}
    return Index.build(
        mappings=sorted((DATA / "disease").glob("*.sssom.tsv")),
        ontologies=[DATA / "disease" / "DO_cancer_slim.owl", DATA / "disease" / "oncotree_2025_10_03.json"],
        mesh_headings=headings,
    )


def _studies() -> Iterator[tuple[str, str, str]]:
    """Yield (MeSH id, term, list it stands in) of each study."""
    for path in sorted((DATA / "ctgov" / "api_v2").rglob("*.json")):
        waiting = [json.loads(path.read_text())]
        while waiting:
            item = waiting.pop()
            if isinstance(item, dict) and "conditionBrowseModule" in item:
                for name in ("meshes", "ancestors"):
                    for mesh in item["conditionBrowseModule"].get(name, ()):
                        yield mesh["id"], mesh["term"], name
            waiting.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())


def _column(path: str, column: str) -> list[str]:
    with (DATA / path).open(encoding="utf-8-sig", newline="") as stream:
        return [row[column] for row in csv.DictReader(stream)]


TEXTS = {
    "ema-orphan": ("ema/medicines_output_orphan_designations_en_2025-03.csv", "Intended use"),
    "fda-orphan": ("fda/fda_orphan_designations_approved_2022-07.csv", "Orphan Designation"),
    "cder": ("fda/cder_nme_and_new_biologic_approvals_1985-2024.csv", "Abbreviated Indication(s)"),
    "pmda": ("pmda/pmda_approvals.csv", "Indications"),
}


@needs_data
def test_the_real_index_has_no_circle_and_unique_keys(real: Index) -> None:
    assert len(real) > 17_000
    assert max(Counter(concept.key for concept in real).values()) == 1
    assert all(concept not in real.ancestors(concept) for concept in real)
    assert real.left_out["deprecated"] == 324


@needs_data
def test_each_wording_is_of_a_concept(real: Index) -> None:
    assert [curie for curie in WORDINGS if curie not in real.concepts] == []


@needs_data
def test_the_sample_judged_by_hand(real: Index) -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert len(rows) == 150
    verdicts = Counter(row["verdict"] for row in rows)
    assert verdicts == {"right": 146, "near": 2, "wrong": 2}
    matcher = Matcher(real)
    texts = {register: _column(*place) for register, place in TEXTS.items()}
    otherwise = []
    for row in rows:
        if row["kind"] == "words":
            text = texts[row["register"]][int(row["row"]) - 1]
            matcher.words(text)
            found = [c.id for printed, c in matcher.places[text] if " ".join(printed.split()) == row["printed"]]
        else:
            found = [concept.id for concept in matcher.heading(row["printed"], row["row"] or None).concepts]
        if row["expected"] not in found and (row["expected"] or found):
            otherwise.append((row["printed"], row["expected"], found))
    assert len(otherwise) / len(rows) <= 0.01, otherwise


@needs_data
@pytest.mark.parametrize(
    ("register", "least"), [("ema-orphan", 0.81), ("fda-orphan", 0.69), ("cder", 0.46), ("pmda", 0.55)]
)
def test_the_share_of_indications_with_a_condition(real: Index, register: str, least: float) -> None:
    matcher = Matcher(real)
    texts = [text for text in _column(*TEXTS[register]) if text.strip()]
    assert sum(bool(matcher.words(text).concepts) for text in texts) / len(texts) >= least


@needs_data
def test_the_share_of_therapeutic_areas_with_a_condition(real: Index) -> None:
    matcher = Matcher(real)
    path = "ema/medicines_output_medicines_en_2025-03.csv"
    areas = [
        area.strip()
        for category, cell in zip(_column(path, "Category"), _column(path, "Therapeutic area (MeSH)"), strict=True)
        for area in cell.split(";")
        if category == "Human" and area.strip()
    ]
    found = [bool(matcher.heading(area).concepts) for area in areas]
    assert sum(found) / len(found) >= 0.87
    assert sum(bool(match.concepts) for match in matcher.matches.values()) / len(matcher.matches) >= 0.75
