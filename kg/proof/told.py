"""Proofs as people and programs read them: lines of a tree, JSON, rows, and PROV-O."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html import escape
from typing import Any

import pyoxigraph as ox

from kg.derive import derivations
from kg.names import BASE, STANDARD
from kg.owl2rl.schema_rules import WORDS
from kg.proof.model import STATED, Fact, Proof, Term
from kg.proof.origins import Origin, Origins
from kg.proof.queried import PREFIX

_LINKS = tuple(ox.NamedNode(STANDARD["rdf"] + name) for name in ("first", "rest"))
_TYPE, _STATEMENT = ox.NamedNode(STANDARD["rdf"] + "type"), ox.NamedNode(STANDARD["rdf"] + "Statement")


def words(rule: str) -> str:
    """Return what a rule means: the words of the reasoner's tables, or a derivation's definition."""
    if rule.startswith(PREFIX):
        return next((each.definition for each in derivations() if PREFIX + each.name == rule), "")
    return WORDS.get(rule, "")


def lines(proof: Proof, origins: Origins, indent: str = "", said: set[Fact] | None = None) -> Iterator[str]:
    """Yield a proof as the lines of a tree. What was proved above is not proved again; a list is told as one."""
    said = set() if said is None else said
    yield f"{indent}{origins.text(proof.fact)}"
    inner = f"{indent}    "
    if proof.fact in said and proof.rule != STATED:
        yield f"{inner}(see above)"
        return
    if proof.fact:
        said.add(proof.fact)
    if proof.rule == STATED:
        for origin in origins.of(proof.fact) if proof.fact else ():
            yield f"{inner}stated by {origin}"
        return
    yield f"{inner}by {proof.rule}: {words(proof.rule)}"
    links = [premise for premise in proof.premises if is_link(premise)]
    for premise in proof.premises:
        if premise not in links:
            yield from lines(premise, origins, inner, said)
    if links:
        items = [link.fact.object for link in links if link.fact and is_item(link.fact)]
        yield f"{inner}in the list ( {' '.join(map(origins.expressions.term, items))} )"
        for origin in origins.of(links[0].fact) if links[0].fact else ():
            yield f"{inner}    stated by {origin}"


def is_link(proof: Proof) -> bool:
    """Tell whether a proof is of a link of a list, of which people see the list."""
    return proof.rule == STATED and proof.fact is not None and proof.fact.predicate in _LINKS


def is_item(link: Fact) -> bool:
    """Tell whether a link of a list is to what it lists, not to its rest."""
    return link.predicate == _LINKS[0]


def json(proof: Proof, origins: Origins) -> dict[str, Any]:
    """Return a proof as a dict for JSON: fact, rule, words, premises; of a stated fact its sources."""
    told: dict[str, Any] = {"fact": origins.text(proof.fact), "rule": proof.rule}
    if proof.fact:
        told["terms"] = [str(term) for term in proof.fact]
    if proof.rule == STATED:
        return told | {"sources": [vars(origin) for origin in origins.of(proof.fact)] if proof.fact else []}
    return told | {"words": words(proof.rule), "premises": [json(each, origins) for each in proof.premises]}


def html(proof: dict[str, Any]) -> str:
    """Return a proof, as `json` tells it, as a tree of HTML that folds."""
    fact = escape(proof["fact"])
    if proof["rule"] == STATED:
        sources = "".join(
            f"<div><small>stated by {escape(str(Origin(**each)))}</small></div>" for each in proof["sources"]
        )
        return f"<li>{fact}{sources}</li>"
    below = "".join(html(each) for each in proof["premises"])
    rule = f"by {escape(proof['rule'])}: {escape(proof['words'])}"
    return f"<li>{fact}<details open><summary><small>{rule}</small></summary><ul>{below}</ul></details></li>"


COLUMNS = ("proof", "depth", "fact", "rule", "words", "source", "date", "locator", "licence")


def rows(proof: Proof, origins: Origins, number: int, depth: int = 0) -> Iterator[tuple[str, ...]]:
    """Yield a row for each step of a proof, and for each source of a stated fact."""
    start = (str(number), str(depth), origins.text(proof.fact), proof.rule)
    if proof.rule == STATED:
        for origin in origins.of(proof.fact) if proof.fact else ():
            yield (*start, "", origin.label, origin.date, origin.locator, origin.licence)
        return
    yield (*start, words(proof.rule), "", "", "", "")
    for premise in proof.premises:
        yield from rows(premise, origins, number, depth + 1)


def prov(proof: Proof, origins: Origins) -> list[ox.Triple]:
    """Return a proof in PROV-O: a statement is an entity derived from others by an activity whose plan is the rule."""
    made: dict[ox.Triple, None] = {}

    def add(subject: ox.NamedNode, predicate: str, value: Term) -> None:
        prefix, _, name = predicate.partition(":")
        made[ox.Triple(subject, ox.NamedNode(STANDARD[prefix] + name), value)] = None

    def statement(each: Proof) -> ox.NamedNode:
        node = _node("statement", str(each.fact or [str(premise.fact) for premise in each.premises]))
        add(node, "rdf:type", _STATEMENT)
        add(node, "rdf:type", _prov("Entity"))
        for name, term in zip(("subject", "predicate", "object"), each.fact or (), strict=False):
            add(node, f"rdf:{name}", term)
        if each.rule == STATED and each.fact:
            for origin in origins.of(each.fact):
                source = next((t for t in _sources(origins, origin.source)), None)
                if source:
                    add(node, "prov:hadPrimarySource", source)
            return node
        step, plan = _node("step", f"{each.rule} {each.fact}"), _node("rule", each.rule)
        add(node, "prov:wasGeneratedBy", step)
        add(step, "rdf:type", _prov("Activity"))
        qualified = _node("association", f"{each.rule} {each.fact}")
        add(step, "prov:qualifiedAssociation", qualified)
        add(qualified, "rdf:type", _prov("Association"))
        add(qualified, "prov:agent", ox.NamedNode(f"{BASE}ontology"))
        add(qualified, "prov:hadPlan", plan)
        add(plan, "rdf:type", _prov("Plan"))
        add(plan, "rdfs:label", ox.Literal(each.rule))
        add(plan, "rdfs:comment", ox.Literal(words(each.rule), language="en"))
        for premise in each.premises:
            used = statement(premise)
            add(step, "prov:used", used)
            add(node, "prov:wasDerivedFrom", used)
        return node

    statement(proof)
    return list(made)


def _prov(name: str) -> ox.NamedNode:
    return ox.NamedNode(STANDARD["prov"] + name)


def _node(kind: str, text: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}proof/{kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}")


def _sources(origins: Origins, name: str) -> Iterator[ox.NamedNode]:
    from kg.names import expand

    if iri := expand(name):
        yield ox.NamedNode(iri)
