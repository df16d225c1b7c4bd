"""What goes out: derived facts with equal terms told apart again, as proper RDF and without noise.

Left out by default: what has a literal as subject or no IRI as predicate (no RDF); the axiomatic triples; and what
is true of everything: x owl:sameAs x, c rdfs:subClassOf c or owl:Thing, owl:Nothing rdfs:subClassOf c, and so
on, x rdf:type owl:Thing; what is said of the blank nodes that spell out class expressions, lists and axioms; and a
stated value in another lexical form ("0.7" for "0.700"), which dt-eq and eq-rep-o give. With `full`, only what is no
RDF is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.owl2rl.database import IS_SCHEMA
from kg.owl2rl.schema_rules import NAMES, NUMBERS
from kg.owl2rl.vocabulary import FIRST_LITERAL, IDS, NOTHING, SAME_AS, THING, TYPE, axioms

if TYPE_CHECKING:
    from kg.owl2rl.evaluate import Evaluation

_REFLEXIVE = ", ".join(
    str(IDS[name]) for name in ("owl:sameAs", "rdfs:subClassOf", "rdfs:subPropertyOf", "owl:equivalentClass",
                                "owl:equivalentProperty")
)  # fmt: skip
_SUBCLASS = IDS["rdfs:subClassOf"]
_AXIOMS = ", ".join(f"({s}, {o})" for s, _, o, _ in axioms())
NOISE = (
    f"(s = o AND p IN ({_REFLEXIVE})) OR (o = {THING} AND p IN ({TYPE}, {_SUBCLASS})) "
    f"OR (s = {NOTHING} AND p = {_SUBCLASS}) OR (p = {TYPE} AND (s, o) IN ({_AXIOMS}))"
)
_NO_LITERAL = f"(s < {FIRST_LITERAL} OR s % 2 = 0)"
# One form for each class of equal literals, the same in whatever order they came.
_FORMS = (
    f"SELECT rep, arg_min(member, text) AS form FROM same JOIN terms ON id = member GROUP BY rep "
    f"HAVING bool_and(member >= {FIRST_LITERAL} AND member % 2 = 1)"
)


def stated(evaluation: Evaluation) -> str:
    """The stated facts (s, p, o), as they were read."""
    return "stated" if evaluation.stated_apart else "(SELECT s, p, o FROM facts WHERE rule = 0)"


def derived(evaluation: Evaluation, full: bool) -> str:
    """A SELECT of the derived facts (s, p, o, rule), each once; rule is the number of its name."""
    noise = (
        ""
        if full
        else f" AND NOT ({NOISE}) AND s NOT IN ({_spelling(evaluation)}) AND o NOT IN ({_spelling(evaluation)})"
    )
    unwritable = _unwritable(evaluation)
    proper = f"{_NO_LITERAL}{f' AND p NOT IN ({unwritable})' if unwritable else ''}{noise}"
    if not evaluation.stated_apart:
        return f"SELECT s, p, o, rule FROM facts WHERE rule > 0 AND {proper}"
    rows = _expanded(evaluation, full) if evaluation.equality else "SELECT s, p, o, rule FROM facts"
    fresh = f"SELECT * FROM (SELECT s, p, o, rule FROM ({rows}) WHERE {proper}) ANTI JOIN stated USING (s, p, o)"
    if full or not evaluation.equality:
        return fresh
    by_value = f"SELECT s, p, form AS o FROM stated JOIN same ON o = member JOIN ({_FORMS}) USING (rep)"
    return f"SELECT * FROM ({fresh}) ANTI JOIN ({by_value}) USING (s, p, o)"


def _spelling(evaluation: Evaluation) -> str:
    """A SELECT of the blank nodes that spell out class expressions, lists and axioms."""
    return f"SELECT s FROM {stated(evaluation)} JOIN terms ON id = s WHERE text[1] = '_' AND {IS_SCHEMA}"


def _expanded(evaluation: Evaluation, full: bool) -> str:
    """The facts for each member of a class of equal terms in place of its representative.

    Unless `full`, equal literals are told in one form.
    """
    forms = (
        f"(SELECT member, rep FROM same ANTI JOIN ({_FORMS}) USING (rep) UNION ALL SELECT form, rep FROM ({_FORMS}))"
    )
    values = "same" if full else forms
    same, trans = evaluation.resolve(SAME_AS), NUMBERS["eq-trans"]
    number = (
        f"CASE WHEN rule > 0 THEN rule WHEN a.rep IS NOT NULL THEN {NUMBERS['eq-rep-s']} "
        f"WHEN b.rep IS NOT NULL THEN {NUMBERS['eq-rep-p']} ELSE {NUMBERS['eq-rep-o']} END"
    )
    facts = (
        "SELECT s, p, o, rule FROM facts" if evaluation.demand.sameness else
        f"SELECT s, p, o, rule FROM facts WHERE NOT (p = {same} AND s = o) "
        f"UNION ALL SELECT DISTINCT rep, {same}, rep, {trans} FROM same"
    )  # fmt: skip
    return (
        f"SELECT coalesce(a.member, f.s) AS s, coalesce(b.member, f.p) AS p, coalesce(c.member, f.o) AS o, "
        f"{number} AS rule FROM ({facts}) f LEFT JOIN same a ON f.s = a.rep LEFT JOIN same b ON f.p = b.rep "
        f"LEFT JOIN {values} c ON f.o = c.rep"
    )


def _unwritable(evaluation: Evaluation) -> str:
    """Blank nodes and literals that stand as predicates in the closure, joined by commas."""
    members = (
        "SELECT coalesce(m.member, f.p) AS id FROM (SELECT DISTINCT p FROM facts) f LEFT JOIN same m ON f.p = m.rep"
    )
    sql = f"SELECT id FROM ({members}) JOIN terms USING (id) WHERE text[1] <> '<' ORDER BY id"
    return ", ".join(str(row[0]) for row in evaluation.con.execute(sql).fetchall())


def counts(evaluation: Evaluation, full: bool) -> dict[str, int]:
    """Derived facts by the rule that gave them first, in the standard's order; they add up to all."""
    sql = f"SELECT rule, count(*) FROM ({derived(evaluation, full)}) GROUP BY rule"
    found: dict[int, int] = dict(evaluation.con.execute(sql).fetchall())
    # Sameness has a rule of its own only for the pair that joined two classes; the rest follows by eq-trans.
    trans = NUMBERS["eq-trans"]
    for rule, count in evaluation.joined.items():
        given = min(count, found.get(trans, 0))
        found[trans] = found.get(trans, 0) - given
        found[rule] = found.get(rule, 0) + given
    return {name: found[number] for number, name in enumerate(NAMES, 1) if found.get(number)}
