"""A row of an answer -> the facts it rests on, and the sums in it done again.

The query is taken apart by its selects, the outermost and those within. Each is asked for all its variables, with what
the row knows of them; the facts are those its patterns then name. What a filter found absent is no fact, so not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from kg.names import STANDARD
from kg.proof import arithmetic, scopes
from kg.proof.facts import Facts
from kg.proof.model import Fact, Term
from kg.proof.scopes import Select

Values = dict[str, Term]
_SUMMED = re.compile(r"\(\s*SUM\(\s*\?(\w+)\s*\)\s+AS\s+\?(\w+)\s*\)")
_MODIFIED = re.compile(
    r"(?:\s*(?:(?:GROUP|ORDER)\s+BY\s+(?:\?\w+\s*|(?:DESC|ASC)\([^)]*\)\s*)+"
    r"|HAVING\s*\((?:[^()]|\([^()]*\))*\)|(?:LIMIT|OFFSET)\s+\d+))+"
)
"""What stands after the braces of a select."""
_WHENCE = STANDARD["prov"] + "wasDerivedFrom"
MOST_ROWS = 200
"""Rows of a select within that are looked at; what a sum over more rests on is told in part."""


@dataclass
class Grounds:
    """What a row rests on: facts, each once, and the sums, as `name = expression = numbers = value`."""

    facts: dict[Fact, None] = field(default_factory=dict)
    computed: dict[str, None] = field(default_factory=dict)


def grounds(sparql: str, row: Values, facts: Facts) -> Grounds:
    """Return what a row of a query's answer rests on."""
    found = Grounds()
    bare = re.sub(r"(^|\s)#[^\n]*", r"\1", sparql)
    prologue = "\n".join(re.findall(r"PREFIX[^\n]*", bare))
    for select in scopes.selects(bare):
        _scope(select, prologue, row, facts, found, outermost=True)
    return found


def _scope(select: Select, prologue: str, row: Values, facts: Facts, found: Grounds, *, outermost: bool) -> None:
    body = select.body
    within = scopes.assigned(body)
    known = {name: term for name, term in row.items() if select.shows_all or name in select.shown}
    given = {name: term for name, term in known.items() if name not in within and not isinstance(term, ox.BlankNode)}
    first = " ".join(f"VALUES ?{name} {{ {term} }}" for name, term in given.items())
    last = " ".join(
        f"FILTER(?{name} = {term})" for name, term in known.items() if name in within and isinstance(term, ox.Literal)
    )
    solutions = facts.store.quads.query(f"{prologue}\nSELECT DISTINCT * WHERE {{ {first} {body} {last} }}")
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    rows = [
        {name: term for name in names if isinstance(term := each[name], ox.NamedNode | ox.BlankNode | ox.Literal)}
        for each, _ in zip(
            solutions, range(1 if outermost and not scopes.assigned(select.clause) else MOST_ROWS), strict=False
        )
    ]
    nested = list(scopes.selects(body))
    patterns = _patterns(prologue, _without(body, nested))
    for each in rows:
        for pattern in patterns:
            for fact in _instances(pattern, each, facts):
                found.facts[fact] = None
        for inner in nested:
            _scope(inner, prologue, {**row, **each}, facts, found, outermost=False)
        for name, expression in _bindings(body):
            _compute(name, expression, {**row, **each}, found)
    for summed, name in _SUMMED.findall(select.clause):
        terms = [each[summed] for each in rows if summed in each]
        numbers = [number for term in terms if isinstance(number := arithmetic.number(term), Decimal)]
        if numbers and len(numbers) == len(terms) and name in row and arithmetic.number(row[name]) == sum(numbers):
            written = " + ".join(term.value for term in terms if isinstance(term, ox.Literal))
            found.computed[f"{name} = SUM({summed}) = {written} = {sum(numbers)}"] = None


def _without(body: str, nested: list[Select]) -> str:
    for select in reversed(nested):
        rest = body[select.end :]
        modified = _MODIFIED.match(rest)
        body = body[: select.start] + rest[modified.end() if modified else 0 :]
    return body


@lru_cache(maxsize=100)
def _patterns(prologue: str, body: str) -> tuple[tuple[Any, Any, Any], ...]:
    """Return the triple patterns of a group, of its optional and alternative groups too, as rdflib has them."""
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery
    from rdflib.plugins.sparql.parserutils import CompValue

    def walk(node: Any) -> Iterator[tuple[Any, Any, Any]]:
        if isinstance(node, CompValue):
            if node.name in ("Builtin_NOTEXISTS", "Minus"):
                node = node.get("p1")
                yield from walk(node)
                return
            yield from node.get("triples") or () if node.name == "BGP" else ()
            node = [value for key, value in node.items() if key not in ("triples", "PV", "_vars")]
        if isinstance(node, list | tuple):
            for each in node:
                yield from walk(each)

    return tuple(walk(translateQuery(parseQuery(f"{prologue}\nSELECT * WHERE {{ {body} }}")).algebra))


def _instances(pattern: tuple[Any, Any, Any], row: Values, facts: Facts) -> Iterator[Fact]:
    """Yield the facts that a pattern names in a row; a path of several steps has several."""
    from rdflib.paths import AlternativePath, InvPath, SequencePath

    subject, path, value = pattern
    if isinstance(path, AlternativePath):
        for each in path.args:
            yield from _instances((subject, each, value), row, facts)
    elif isinstance(path, InvPath):
        yield from _instances((value, path.arg, subject), row, facts)
    elif isinstance(path, SequencePath) and len(path.args) == 2:
        one, other = path.args
        start, predicate = _term(subject, row), _term(one, row)
        if str(one) == _WHENCE:
            return
        for middle in facts.match(start, predicate, None) if start and predicate else ():
            ends = list(_instances((middle.object, other, value), row, facts))
            yield from (middle, *ends) if ends else ()
    else:
        terms = [_term(each, row) for each in pattern]
        if all(terms) and str(path) != _WHENCE:
            fact = Fact(*terms)  # type: ignore[arg-type]
            if facts.holds(fact):
                yield fact


def _term(term: Any, row: Values) -> Term | None:
    import rdflib

    from kg import bridge

    if isinstance(term, rdflib.Variable):
        return row.get(str(term))
    if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal):
        return term
    return bridge.term(term) if isinstance(term, rdflib.URIRef | rdflib.Literal) else None


def _bindings(body: str) -> Iterator[tuple[str, str]]:
    for start in re.finditer(r"\bBIND\s*\(", body):
        depth, at = 1, start.end()
        while depth and at < len(body):
            depth += {"(": 1, ")": -1}.get(body[at], 0)
            at += 1
        made = re.fullmatch(r"(.*)\s+AS\s+\?(\w+)\s*", body[start.end() : at - 1], re.DOTALL)
        if made:
            yield made[2], made[1]


def _compute(name: str, expression: str, values: Values, found: Grounds) -> None:
    for part in arithmetic.parts(expression):
        came = arithmetic.value(part, values)
        if came is not None and arithmetic.number(values.get(name)) == came:
            told = part.replace("?", "")
            found.computed[f"{name} = {told} = {arithmetic.with_values(part, values)} = {came}"] = None
