"""Small vocabularies of diseases, made by hand."""

from __future__ import annotations

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
