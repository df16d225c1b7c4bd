"""The W3C cases for OWL 2 RL/RDF: what follows is derived, what is inconsistent is named by its rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Store, Triple, parse

from kg.owl2rl import close
from tests.shared import SHARED

FOLDER = SHARED / "conformance" / "owl2rl-rules"
CASES = sorted(path for path in FOLDER.glob("*") if path.is_dir()) if FOLDER.is_dir() else []

# The rule that decides each inconsistency; the cases themselves do not name it.
DECIDED_BY = {
    "rdfbased-sem-bool-complement-inst": "cls-com",
    "rdfbased-sem-char-asymmetric-inst": "prp-asyp",
    "rdfbased-sem-char-asymmetric-term": "prp-asyp",
    "rdfbased-sem-char-irreflexive-inst": "prp-irp",
    "rdfbased-sem-class-nothing-ext": "cls-nothing2",
    "rdfbased-sem-eqdis-different-irrflxv": "eq-diff1",
    "rdfbased-sem-eqdis-different-sameas": "eq-diff1",
    "rdfbased-sem-eqdis-disclass-eqclass": "cax-dw",
    "rdfbased-sem-eqdis-disclass-inst": "cax-dw",
    "rdfbased-sem-eqdis-disclass-irrflxv": "cax-dw",
    "rdfbased-sem-eqdis-disprop-eqprop": "prp-pdw",
    "rdfbased-sem-eqdis-disprop-inst": "prp-pdw",
    "rdfbased-sem-eqdis-disprop-irrflxv": "prp-pdw",
    "rdfbased-sem-ndis-alldifferent-fw": "eq-diff2",
    "rdfbased-sem-ndis-alldifferent-fw-distinctmembers": "eq-diff3",
    "rdfbased-sem-ndis-alldisjointclasses-fw": "cax-adc",
    "rdfbased-sem-ndis-alldisjointproperties-fw": "prp-adp",
    "rdfbased-sem-npa-dat-fw": "prp-npa2",
    "rdfbased-sem-npa-ind-fw": "prp-npa1",
    "rdfbased-sem-restrict-maxcard-inst-obj-zero": "cls-maxc1",
    "rdfbased-sem-restrict-maxqcr-inst-obj-zero": "cls-maxqc1",
    "rdfbased-xtr-annotate-inconsistent": "cls-nothing2",
    "rdfbased-xtr-reflection-npa": "prp-npa1",
}


def kind_of(case: Path) -> str:
    match = re.search(r'"testcase.type">(\w+)<', next(case.glob("*.properties")).read_text())
    assert match
    return match[1]


def entails(closure: list[Triple], conclusion: list[Triple]) -> bool:
    """Whether `conclusion` is in `closure`, its blank nodes standing for anything."""
    if not conclusion:
        return True
    store = Store()
    store.bulk_extend(_quads(closure))

    def term(value: object) -> str:
        return f"?b{value.value}" if isinstance(value, BlankNode) else str(value)

    where = " ".join(f"{term(t.subject)} {t.predicate} {term(t.object)} ." for t in conclusion)
    return bool(store.query(f"ASK {{ {where} }}"))


def _quads(triples: list[Triple]) -> list:  # type: ignore[type-arg]
    from pyoxigraph import Quad

    return [Quad(*triple) for triple in triples]


@pytest.mark.skipif(not CASES, reason=f"the W3C cases are not in {FOLDER}; set KG_SHARED")
def test_all_cases_are_there() -> None:
    kinds = [kind_of(case) for case in CASES]
    assert len(CASES) == 117
    assert set(kinds) == {"POSITIVE_ENTAILMENT", "INCONSISTENCY"}
    assert {case.name for case, kind in zip(CASES, kinds, strict=True) if kind == "INCONSISTENCY"} == set(DECIDED_BY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    if kind_of(case) == "INCONSISTENCY":
        with close([next(case.glob("*.graph.ttl"))]) as tables:
            assert DECIDED_BY[case.name] in {found.rule for found in tables.contradictions}
        return
    with close([next(case.glob("*.premisegraph.ttl"))], full=True) as tables:
        closure = [*tables.stated_triples(), *tables.derived()]
    conclusion = [quad.triple for quad in parse(path=next(case.glob("*.conclusiongraph.ttl")))]
    assert entails(closure, conclusion)


def test_an_entailment_that_does_not_hold_is_not_found() -> None:
    """The comparison itself can fail: a conclusion outside the closure."""
    from tests.owl2rl.graphs import read

    assert entails(read(":a :p [] ."), read("[] :p [] ."))
    assert not entails(read(":a :p :b . :c :q :b ."), read("_:x :p :b . _:x :q :b ."))
