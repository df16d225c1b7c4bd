"""Approval graphs of any size, the same for the same size: substances, approvals, conditions, trials, classes.

`python -m tests.bench.generate 10000 graph.nt` writes one. The closure is about twice the size.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

KG = "https://w3id.org/drug-approvals/ontology#"
DATA = "https://w3id.org/drug-approvals/data/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"

ONTOLOGY = f"""
@prefix kg: <{KG}> .
@prefix skos: <{SKOS}> .
@prefix d: <{DATA}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
kg:Approval a owl:Class ; rdfs:subClassOf kg:Event . kg:FullApproval rdfs:subClassOf kg:Approval .
kg:ConditionalApproval rdfs:subClassOf kg:Approval ; owl:disjointWith kg:FullApproval .
kg:Substance rdfs:subClassOf kg:Thing . kg:SmallMolecule rdfs:subClassOf kg:Substance .
kg:Antibody rdfs:subClassOf kg:Substance . kg:ClinicalTrial rdfs:subClassOf kg:Study .
kg:Study rdfs:subClassOf kg:Event . kg:Substance owl:disjointWith kg:Event .
kg:inJurisdiction owl:propertyChainAxiom ( kg:grantedBy kg:hasJurisdiction ) .
kg:approvedFor owl:propertyChainAxiom ( kg:approvesIndication kg:forCondition ) .
kg:grantedBy rdfs:domain kg:Approval ; rdfs:range kg:Agency . kg:approves rdfs:range kg:Substance .
skos:broader rdfs:subPropertyOf skos:broaderTransitive .
skos:broaderTransitive a owl:TransitiveProperty . kg:partOf a owl:TransitiveProperty .
kg:supports owl:inverseOf kg:supportedBy . kg:hasCohort owl:inverseOf kg:cohortOf .
kg:PivotalTrial owl:equivalentClass [ owl:intersectionOf ( kg:ClinicalTrial
    [ owl:onProperty kg:supports ; owl:someValuesFrom kg:Approval ] ) ] .
kg:EUApproval owl:equivalentClass [ owl:onProperty kg:inJurisdiction ; owl:hasValue d:jurisdiction0 ] .
kg:registryNumber a owl:InverseFunctionalProperty .
"""
JURISDICTIONS, BRANCHING = 6, 6


def _iri(base: str, local: str) -> str:
    return f"<{base}{local}>"


def _schema() -> Iterator[str]:
    for quad in parse(ONTOLOGY.encode(), format=RdfFormat.TURTLE):
        # The parser names blank nodes at random; there are few, and their order is the file's.
        yield str(quad.triple)


def _fixed(lines: Iterator[str]) -> Iterator[str]:
    names: dict[str, str] = {}
    for line in lines:
        yield " ".join(
            names.setdefault(word, f"_:n{len(names)}") if word.startswith("_:") else word for word in line.split(" ")
        )


def lines(size: int) -> Iterator[str]:
    """About `size` triples as lines of N-Triples, without the dot."""
    count = 0
    for line in _fixed(_schema()):
        count += 1
        yield line
    conditions = max(BRANCHING, size // 60)
    agencies = max(JURISDICTIONS, size // 20_000)
    for agency in range(agencies):
        count += 1
        yield _fact(f"agency{agency}", "hasJurisdiction", f"jurisdiction{agency % JURISDICTIONS}")
    number = 0
    while count < size:
        for line in _record(number, conditions, agencies):
            count += 1
            yield line
        number += 1


def _fact(s: str, p: str, o: str) -> str:
    return f"{_iri(DATA, s)} {_iri(KG, p)} {_iri(DATA, o)}"


def _record(n: int, conditions: int, agencies: int) -> Iterator[str]:
    """One approval with its substance, indication, trial, cohort and result; new conditions as they come."""
    approval, trial, substance = f"approval{n}", f"trial{n}", f"substance{n // 3}"
    for at in range(n, n + 1):
        if at < conditions:
            parent = at // BRANCHING
            if at:
                broader = _iri(SKOS, "broader")
                yield f"{_iri(DATA, f'condition{at}')} {broader} {_iri(DATA, f'condition{parent}')}"
    kind = "ConditionalApproval" if n % 5 == 0 else "FullApproval"
    yield f"{_iri(DATA, approval)} <{TYPE}> {_iri(KG, kind)}"
    yield _fact(approval, "grantedBy", f"agency{(n * 7) % agencies}")
    yield _fact(approval, "approves", substance)
    yield _fact(approval, "approvesIndication", f"indication{n}")
    yield _fact(f"indication{n}", "forCondition", f"condition{(n * 31) % conditions}")
    yield (
        f"{_iri(DATA, approval)} {_iri(KG, 'approvalDate')} "
        f'"{1990 + n % 36}-{1 + n % 12:02d}-{1 + n % 28:02d}"^^<{XSD}date>'
    )
    if n % 3 == 0:
        yield f"{_iri(DATA, substance)} <{TYPE}> {_iri(KG, 'Antibody' if n % 2 else 'SmallMolecule')}"
        yield f'{_iri(DATA, substance)} {_iri(KG, "name")} "substance {n // 3}"@en'
    yield f"{_iri(DATA, trial)} <{TYPE}> {_iri(KG, 'ClinicalTrial')}"
    yield f'{_iri(DATA, trial)} {_iri(KG, "registryNumber")} "NCT{n:08d}"'
    if n % 2 == 0:
        yield _fact(approval, "supportedBy", trial)
    yield _fact(f"cohort{n}", "cohortOf", trial)
    yield _fact(f"cohort{n}", "partOf", trial)
    yield _fact(trial, "partOf", f"programme{n // 9}")
    yield f'{_iri(DATA, f"cohort{n}")} {_iri(KG, "hazardRatio")} "0.{100 + n % 900}"^^<{XSD}decimal>'


def approvals(size: int) -> Iterator[Triple]:
    """The same as triples."""
    for quad in parse("".join(f"{line} .\n" for line in lines(size)).encode(), format=RdfFormat.N_TRIPLES):
        yield quad.triple


def write(size: int, path: Path) -> None:
    """The same as a file of N-Triples."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(f"{line} .\n" for line in lines(size))


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
