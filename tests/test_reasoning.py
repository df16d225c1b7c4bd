"""One test for each axiom that the ontology relies on, with a twin that must not be inferred."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg.errors import LoadError, ReasonError
from kg.names import DERIVED, compact, expand
from kg.reason import A_DAY, REASONERS, format_of, reason_files
from tests.conftest import FOUNDING, PREFIXES, ROOT

EVENT = """
:a a kg:Approval ; kg:grantedBy agency:EC ; kg:forProduct :brand ; kg:approvesIndication :label ;
    kg:supportedBy :trial ; kg:sortDate "2020-01-01"^^xsd:date .
:brand a kg:MedicinalProduct ; kg:hasSubstance :drug .
:drug a kg:Substance ; kg:inDrugClass :narrow .
:narrow a kg:DrugClass ; skos:broader :middle . :middle skos:broader :wide .
:label a kg:Indication ; kg:forCondition condition:pancreatic-neuroendocrine-tumour .
:trial a kg:ClinicalTrial ; kg:hasCohort :cohort ; kg:hasResult :whole ; kg:hasPrimaryEndpoint :end .
:cohort a kg:Cohort ; kg:hasResult :part .
:whole a kg:ArmResult . :part a kg:ComparativeResult .
:opinion a kg:ScientificOpinion ; kg:issuedBy agency:CHMP ; kg:forIndication :label .
:other a kg:ClinicalTrial ; kg:hasCohort :others . :others kg:hasResult :elsewhere .
:us a kg:Approval ; kg:grantedBy agency:FDA ; kg:approvesIndication :wideLabel .
:wideLabel a kg:Indication ; kg:forCondition condition:neuroendocrine-tumour .
"""

CASES = {
    "chain: region from agency": (":a kg:inJurisdiction jurisdiction:EU", ":a kg:inJurisdiction jurisdiction:US"),
    "chain reaches opinions, which stay opinions": (
        ":opinion kg:inJurisdiction jurisdiction:EU",
        ":opinion a kg:Approval",
    ),
    "subproperty: granted is issued": (":a kg:issuedBy agency:EC", ":opinion kg:grantedBy agency:CHMP"),
    "subproperty: approved indication": (":a kg:forIndication :label", ":opinion kg:approvesIndication :label"),
    "chain: substance of the product": (":a kg:forSubstance :drug", ":opinion kg:forSubstance :drug"),
    "chain: approved for its condition": (
        ":a kg:approvedFor condition:pancreatic-neuroendocrine-tumour",
        ":a kg:approvedFor condition:neuroendocrine-tumour",
    ),
    "chain: rolls up": (":a kg:approvedWithin condition:neoplasm", ":us kg:approvedFor condition:neoplasm"),
    "chain: never rolls down": (
        ":us kg:approvedWithin condition:neuroendocrine-tumour",
        ":us kg:approvedWithin condition:pancreatic-neuroendocrine-tumour",
    ),
    "subproperty: approved for is within": (
        ":a kg:approvedWithin condition:pancreatic-neuroendocrine-tumour",
        ":a kg:approvedWithin condition:extra-pancreatic-neuroendocrine-tumour",
    ),
    "transitive: broader": (
        "condition:pancreatic-neuroendocrine-tumour skos:broaderTransitive condition:neoplasm",
        "condition:pancreatic-neuroendocrine-tumour skos:broader condition:neoplasm",
    ),
    "transitive: part of": ("jurisdiction:DE kg:partOf jurisdiction:EEA", "jurisdiction:GB kg:partOf jurisdiction:EU"),
    "agencies are part of agencies, not of places": (
        "agency:CHMP kg:partOf agency:EMA",
        "agency:CHMP kg:partOf jurisdiction:EU",
    ),
    "subclass: agency": ("agency:EC a kg:Organization", "jurisdiction:EU a kg:Organization"),
    "chain: class at every level": (":drug kg:inDrugClass :wide", ":wide kg:inDrugClass :drug"),
    "hasValue and intersection: EU approval": (":a a kg:EUApproval", ":us a kg:EUApproval"),
    "hasValue and intersection: US approval": (":us a kg:USApproval", ":opinion a kg:EUApproval"),
    "inverse: supports": (":trial kg:supports :a", ":a kg:supports :trial"),
    "someValuesFrom: pivotal trial": (":trial a kg:PivotalTrial", ":other a kg:PivotalTrial"),
    "long chain: evidence by cohort": (":a kg:hasEvidence :part", ":a kg:hasEvidence :elsewhere"),
    "chain: evidence of the whole trial": (":a kg:hasEvidence :whole", ":us kg:hasEvidence :whole"),
    "subproperty: primary endpoint": (":trial kg:hasEndpoint :end", ":trial kg:hasSecondaryEndpoint :end"),
    "subclass: result": (":part a kg:Result", ":part a kg:ArmResult"),
}

DISJOINT = [
    ("ScientificOpinion", "Approval"),
    ("ScientificOpinion", "Refusal"),
    ("ScientificOpinion", "Withdrawal"),
    ("ScientificOpinion", "OrphanDesignation"),
    ("Approval", "Refusal"),
    ("Approval", "Withdrawal"),
    ("Approval", "OrphanDesignation"),
    ("Refusal", "Withdrawal"),
    ("InitialApproval", "IndicationExtension"),
    ("InclusionCriterion", "ExclusionCriterion"),
    ("ArmResult", "ComparativeResult"),
    ("ArmResult", "Finding"),
    ("ComparativeResult", "Finding"),
]

COMPATIBLE = [("Approval", "InitialApproval"), ("ClinicalTrial", "PivotalTrial"), ("Agency", "Organization")]


@pytest.fixture(scope="module", params=REASONERS)
def closure(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> kg.Closure:
    path = tmp_path_factory.mktemp("reasoning") / "event.ttl"
    path.write_text(PREFIXES + EVENT)
    return kg.reason(kg.load(path, ROOT / "kg" / "data" / "reference"), request.param)


@pytest.fixture(scope="module")
def facts(closure: kg.Closure) -> rdflib.Dataset:
    return closure.to_rdflib()


def holds(facts: rdflib.Dataset, statement: str) -> bool:
    query = PREFIXES.split("<>")[0].replace("@prefix", "PREFIX").replace(" .\n", "\n") + f"ASK {{ {statement} }}"
    return bool(facts.query(query).askAnswer)


@pytest.mark.parametrize("name", CASES)
def test_axiom_gives_its_inference_and_not_its_twin(name: str, facts: rdflib.Dataset) -> None:
    follows, does_not = CASES[name]
    assert holds(facts, follows)
    assert not holds(facts, does_not)


def test_nothing_derived_was_stated(closure: kg.Closure) -> None:
    stated = {quad.triple for quad in closure.stated.quads}
    assert closure.derived
    assert stated.isdisjoint(closure.derived)
    assert list(closure.derived) == sorted(closure.derived, key=str)


def test_derived_facts_are_worth_reading(closure: kg.Closure) -> None:
    """No x sameAs x, no membership in everything, no blank nodes of class expressions, no literal as subject."""
    for triple in closure.derived:
        assert triple.subject != triple.object
        assert not str(triple.object).endswith(("#Thing>", "#Resource>"))
        assert not str(triple.subject).startswith(("_:", '"'))
        assert not str(triple.object).startswith("_:")


@pytest.mark.parametrize("reasoner", REASONERS)
def test_disjoint_classes_contradict(reasoner: str, turtle: Callable[[str], Path]) -> None:
    pairs = "".join(f":x{n} a kg:{one} , kg:{other} ." for n, (one, other) in enumerate(DISJOINT))
    closure = kg.reason(kg.load(turtle(pairs)), reasoner)
    told = "".join(map(str, closure.contradictions))
    assert {contradiction.rule for contradiction in closure.contradictions} == {"cax-dw"}
    for n, (one, other) in enumerate(DISJOINT):
        assert f"<https://example.org/x{n}> rdf:type kg:{one}" in told, (one, other)


@pytest.mark.parametrize(("one", "other"), COMPATIBLE)
def test_compatible_classes_do_not(one: str, other: str, turtle: Callable[[str], Path]) -> None:
    assert kg.reason(kg.load(turtle(f":x a kg:{one} , kg:{other} ."))).contradictions == ()


def test_a_contradiction_names_the_facts_at_fault(turtle: Callable[[str], Path]) -> None:
    (found,) = kg.reason(kg.load(turtle(":x a kg:Refusal , kg:Withdrawal ."))).contradictions
    assert str(found).startswith("cax-dw: ")
    assert "<https://example.org/x> rdf:type kg:Refusal" in str(found)
    assert "kg:Refusal owl:disjointWith kg:Withdrawal" in str(found)


def test_an_rdflib_graph_goes_in_unchanged_and_comes_out_closed() -> None:
    graph = rdflib.Graph().parse(data=PREFIXES + ":p a owl:TransitiveProperty . :x :p :y . :y :p :z .", format="turtle")
    before = set(graph)
    closed = kg.reason(graph).to_rdflib()
    x, p, z = (rdflib.URIRef(f"https://example.org/{name}") for name in "xpz")
    assert (x, p, z) in closed.graph(rdflib.URIRef(DERIVED))
    assert set(graph) == before


def test_an_unknown_reasoner_is_an_error(turtle: Callable[[str], Path]) -> None:
    with pytest.raises(ReasonError, match="owlrl"):
        kg.reason(kg.load(turtle("")), "owlr")


def test_both_reasoners_find_the_same_in_the_founding_facts() -> None:
    """Term by term, and without any normalisation but that of each engine's own noise."""
    stated = kg.load(*FOUNDING)
    ours, reference = (kg.reason(stated, reasoner) for reasoner in REASONERS)
    assert ours.derived == reference.derived
    assert len(ours.derived) == sum(ours.counts.values()) > 100
    assert ours.contradictions == reference.contradictions == ()


@pytest.mark.parametrize("reasoner", REASONERS)
def test_the_full_set_of_the_standard_is_an_option(reasoner: str, turtle: Callable[[str], Path]) -> None:
    path = turtle(":x a :C . :C a owl:Class .")
    brief, full = (kg.reason(path, reasoner, full=full) for full in (False, True))
    said = {" ".join(map(str, triple)) for triple in full.derived}
    x, same = "<https://example.org/x>", "<http://www.w3.org/2002/07/owl#sameAs>"
    assert f"{x} {same} {x}" in said
    assert brief.derived == ()


def test_an_open_store_can_be_closed(founding: kg.Store) -> None:
    again = kg.reason(founding)
    assert {triple.predicate for triple in again.derived} == {
        triple.predicate for triple in kg.reason(kg.load(*FOUNDING)).derived
    }


def facts_in(path: Path) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=path)}


@pytest.mark.parametrize("ending", ["nq", "trig", "nt", "ttl"])
def test_files_are_closed_without_being_held(ending: str, closure: kg.Closure, tmp_path: Path) -> None:
    """The way for files of any size writes what the way through Python objects writes."""
    source, out = tmp_path / "in.nt", tmp_path / f"out.{ending}"
    kg.Closure(closure.stated, (), ()).write(source)
    steps: list[str] = []
    done = reason_files([source], out, memory="1GB", progress=lambda step, new: steps.append(step))
    assert (done.stated, done.derived) == (len(closure.stated), len(closure.derived))
    assert steps
    assert len(facts_in(out)) == done.stated + done.derived
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.nt", out.name]


def test_equal_values_are_not_said_twice(turtle: Callable[[str], Path]) -> None:
    """By dt-eq 5, 5.0 and 5.00 are one value; a stated value is not derived again in another form."""
    closure = kg.reason(turtle(":x :p 5 . :y :p 5.0 . :z :p 5.00 . :p rdfs:subPropertyOf :q ."))
    derived = [triple for triple in closure.derived if triple.predicate.value.startswith("https://example.org/")]
    assert [triple.predicate.value for triple in derived] == ["https://example.org/q"] * 3


def test_digits_survive_to_the_output(turtle: Callable[[str], Path], tmp_path: Path) -> None:
    """A store would write 0.700 as 0.7; the closure is written from what was parsed."""
    out = tmp_path / "out.nq"
    kg.reason(turtle(":x kg:value 0.700 .")).write(out)
    assert '"0.700"' in out.read_text()


@pytest.mark.parametrize("ending", ["nq", "trig", "nt", "ttl"])
def test_written_closures_read_back(ending: str, closure: kg.Closure, tmp_path: Path) -> None:
    out = tmp_path / f"out.{ending}"
    closure.write(out)
    first = out.read_bytes()
    closure.write(out)
    assert out.read_bytes() == first
    assert len(facts_in(out)) == len(closure.stated) + len(closure.derived)
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_a_closure_is_no_source(closure: kg.Closure, tmp_path: Path) -> None:
    """What is derived would pass for stated, or stated facts for derived; what was closed can be closed again."""
    closure.write(str(tmp_path / "closure.nq"))
    for source in (tmp_path / "closure.nq", closure.to_rdflib()):
        with pytest.raises(LoadError, match=r"facts in graph:derived.* Give the facts that the closure was made from"):
            kg.reason(source)


@pytest.mark.parametrize("name", ["out.NT", "out.Ttl", "out.NQ"])
def test_an_output_that_is_a_link_is_written_through(name: str, turtle: Callable[[str], Path], tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link, target = tmp_path / name, tmp_path / "elsewhere" / "kept"
    link.symlink_to(target)
    for _ in range(2):
        done = reason_files([turtle(":x :p :y . :p rdfs:subPropertyOf :q .")], link)
        assert link.is_symlink()
        written = ox.parse(target.read_bytes(), format=format_of(link))
        assert len({quad.triple for quad in written}) == done.stated + done.derived
    assert [path.name for path in target.parent.iterdir()] == ["kept"]


def test_what_a_killed_run_left_goes_when_it_is_old(turtle: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    for name, age in ((".1-x.nq.nq", 2), (".2-x.nq.nq", 0), (".1-y.nq.nq", 2), (".git-x.nq.nq", 2)):
        (folder / name).touch()
        os.utime(folder / name, (time.time() - age * A_DAY,) * 2)
    reason_files([turtle(":x :p :y .")], folder / "x.nq")
    assert sorted(path.name for path in folder.iterdir()) == [".1-y.nq.nq", ".2-x.nq.nq", ".git-x.nq.nq", "x.nq"]


def test_names_round_trip() -> None:
    for name in ("kg:Approval", "drug:cabozantinib", "rdf:type", "obo:MONDO_0019954"):
        assert compact(expand(name) or "") == name
    assert compact("https://example.org/a b") == "<https://example.org/a b>"
    assert expand("no such name") is None
