"""stated -> Report: what the stated facts get wrong, by shapes, by check queries and by contradiction.

A check is a query in queries/checks that must find nothing. Its `#+` header has a title, the fault it finds and the
cure; its first column is the thing at fault, the others are the evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kg import places
from kg.answer import Answer
from kg.ask import select
from kg.contradiction import shown
from kg.errors import QuestionError
from kg.load import Stated, load
from kg.names import SHIPPED, compact
from kg.reason import reason
from kg.store import Store, of

if TYPE_CHECKING:
    import rdflib

_HEADER = re.compile(r"#\+ (title|fault|cure): (.+)")


@dataclass(frozen=True)
class Rule:
    """A check query as its file says it."""

    name: str
    title: str
    fault: str
    cure: str
    sparql: str


@dataclass(frozen=True)
class Violation:
    """A fault: the rule it breaks (a shape, a check, or a rule of OWL 2 RL), the thing at fault, words and evidence."""

    rule: str
    thing: str
    message: str
    evidence: str


@dataclass(frozen=True)
class Report:
    """What was checked, and what was found wrong with it."""

    facts: int
    shapes: int
    checks: int
    violations: tuple[Violation, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.violations

    def summary(self) -> str:
        """Return one sentence with the counts."""
        found = f"{len(self.violations)} violation{'' if len(self.violations) == 1 else 's'}"
        return f"{self.facts:,} stated facts, {self.shapes} shapes, {self.checks} checks: {found}."

    def _repr_html_(self) -> str:
        """Show the violations in a notebook, and what was checked."""
        return f"<p>{self.summary()}</p>" + (self.to_answer()._repr_html_() if self.violations else "")

    def to_answer(self) -> Answer:
        """Return the violations as rows, to print or export as any answer."""
        columns = ("rule", "thing", "message", "evidence")
        rows = [[getattr(violation, name) for name in columns] for violation in self.violations]
        return Answer.of_texts("check", self.summary(), columns, rows)


def check(*sources: Path | str | rdflib.Graph) -> Report:
    """Check files, folders and rdflib graphs, or, with none, the facts the package ships.

    Shapes look at the stated facts alone; checks also see what follows from them. The snapshots of registers that the
    package ships are left out: they were checked when they were imported. Raises LoadError, ReasonError.
    """
    ours = [folder for folder in sorted(places.DATA.iterdir()) if folder.is_dir() and folder != places.REGISTERS]
    stated = load(*chain.from_iterable(ours if source == SHIPPED else [source] for source in sources or [SHIPPED]))
    rules = [read(path) for path in sorted(places.CHECKS.glob("*.rq"))]
    closure = reason(stated)
    store = of(closure)
    shapes, violations = _against_shapes(stated)
    for rule in rules:
        violations += _against(rule, store)
    for found in closure.contradictions:
        facts = "; ".join(shown(fact) for fact in found.facts)
        violations.append(Violation(found.rule, "", f"Contradiction: {found.message}", facts))
    ordered = sorted(set(violations), key=lambda violation: (violation.rule, violation.thing, violation.evidence))
    return Report(len(stated), shapes, len(rules), tuple(ordered))


def read(path: Path) -> Rule:
    """Parse a check's file. Raises QuestionError that says what its header lacks."""
    sparql = path.read_text(encoding="utf-8")
    headers = [match for line in sparql.splitlines() if (match := _HEADER.fullmatch(line))]
    fields = {match[1]: match[2] for match in headers}
    for key in ("title", "fault", "cure"):
        if key not in fields:
            raise QuestionError(f"{path}: the header of a check needs a line `#+ {key}: ..`.")
    return Rule(path.stem, fields["title"], fields["fault"], fields["cure"], sparql)


def _against(rule: Rule, store: Store) -> list[Violation]:
    columns, rows = select(store, rule.sparql)
    answer = Answer(rule.name, rule.title, columns, rows)
    found = []
    for row in rows:
        thing, *cells = (answer.text(cell, iris=True) for cell in row)
        evidence = ", ".join(f"{column} {cell}" for column, cell in zip(columns[1:], cells, strict=True))
        found.append(Violation(rule.name, thing, f"{rule.fault} {rule.cure}", evidence))
    return found


def _against_shapes(stated: Stated) -> tuple[int, list[Violation]]:
    import pyshacl
    from rdflib import RDF, SH, Graph, URIRef

    from kg import bridge

    shapes = Graph().parse(places.SHAPES, format="turtle")
    with bridge.quiet():
        data = bridge.to_graph(quad.triple for quad in stated.quads)
        _, results, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True)
    found = []
    for result in results.subjects(RDF.type, SH.ValidationResult):
        shape = results.value(result, SH.sourceShape)
        named = shape if isinstance(shape, URIRef) else next(shapes.subjects(None, shape), shape)
        path, value = results.value(result, SH.resultPath), results.value(result, SH.value)
        evidence = [
            text(node) for node in (path, value) if isinstance(node, URIRef) or (node is value and node is not None)
        ]
        found.append(
            Violation(
                rule=text(named),
                thing=text(results.value(result, SH.focusNode)),
                message=str(results.value(result, SH.resultMessage)),
                evidence=" ".join(evidence),
            )
        )
    return len(set(shapes.subjects(RDF.type, SH.NodeShape))), found


def text(node: object) -> str:
    """Return an rdflib node as people write it: a prefixed name, or the text of a literal."""
    from rdflib import URIRef

    return compact(str(node)) if isinstance(node, URIRef) else str(node)
