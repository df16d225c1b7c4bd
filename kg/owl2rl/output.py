"""What goes out of relations: derived facts with equal terms told apart again, as proper RDF and without `noise`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.owl2rl.database import IS_SCHEMA
from kg.owl2rl.noise import AXIOMS, REFLEXIVE, SUBCLASS
from kg.owl2rl.schema_rules import NUMBERS
from kg.owl2rl.vocabulary import FIRST_LITERAL, NOTHING, SAME_AS, THING, TYPE

if TYPE_CHECKING:
    from kg.owl2rl.relations import Relations

_AXIOMATIC = " OR ".join(
    f"(o = {kind} AND s IN ({', '.join(str(s) for s, o in sorted(AXIOMS) if o == kind)}))"
    for kind in sorted({o for _, o in AXIOMS})
)
_NOISE = (
    f"(s = o AND p IN ({', '.join(map(str, sorted(REFLEXIVE)))})) OR (o = {THING} AND p IN ({TYPE}, {SUBCLASS})) "
    f"OR (s = {NOTHING} AND p = {SUBCLASS}) OR (p = {TYPE} AND ({_AXIOMATIC}))"
)
_NO_LITERAL = f"(s < {FIRST_LITERAL} OR s % 2 = 0)"
# One form for each class of equal literals, the same in whatever order they came.
_FORMS = (
    f"SELECT rep, min_by(member, text) AS form FROM same JOIN terms ON id = member GROUP BY rep "
    f"HAVING bool_and(member >= {FIRST_LITERAL} AND member % 2 = 1)"
)


def stated(work: Relations) -> str:
    """The stated facts (s, p, o), as they were read."""
    return "stated" if work.stated_apart else "(SELECT s, p, o FROM facts WHERE rule = 0)"


def derived(work: Relations) -> str:
    """A SELECT of the derived facts (s, p, o, rule), each once; rule is the number of its name."""
    noise = (
        "" if work.full else f" AND NOT ({_NOISE}) AND s NOT IN ({_spelling(work)}) AND o NOT IN ({_spelling(work)})"
    )
    unwritable = _unwritable(work)
    proper = f"{_NO_LITERAL}{f' AND p NOT IN ({unwritable})' if unwritable else ''}{noise}"
    if not work.stated_apart:
        return f"SELECT s, p, o, rule FROM facts WHERE rule > 0 AND {proper}"
    rows = _expanded(work) if work.equality else "SELECT s, p, o, rule FROM facts"
    fresh = f"SELECT * FROM (SELECT s, p, o, rule FROM ({rows}) WHERE {proper}) ANTI JOIN stated USING (s, p, o)"
    if work.full or not work.equality:
        return fresh
    by_value = f"SELECT s, p, form AS o FROM stated JOIN same ON o = member JOIN ({_FORMS}) USING (rep)"
    return f"SELECT * FROM ({fresh}) ANTI JOIN ({by_value}) USING (s, p, o)"


def _spelling(work: Relations) -> str:
    """A SELECT of the blank nodes that spell out class expressions, lists and axioms."""
    return f"SELECT s FROM {stated(work)} JOIN terms ON id = s WHERE left(text, 1) = '_' AND {IS_SCHEMA}"


def _expanded(work: Relations) -> str:
    """The facts for each member of a class of equal terms in place of its representative.

    Unless `full`, equal literals are told in one form.
    """
    forms = (
        f"(SELECT member, rep FROM same ANTI JOIN ({_FORMS}) USING (rep) UNION ALL SELECT form, rep FROM ({_FORMS}))"
    )
    values = "same" if work.full else forms
    same, trans = work.equality.rep(SAME_AS), NUMBERS["eq-trans"]
    number = (
        f"CASE WHEN rule > 0 THEN rule WHEN a.rep IS NOT NULL THEN {NUMBERS['eq-rep-s']} "
        f"WHEN b.rep IS NOT NULL THEN {NUMBERS['eq-rep-p']} ELSE {NUMBERS['eq-rep-o']} END"
    )
    facts = (
        "SELECT s, p, o, rule FROM facts" if work.demand.sameness else
        f"SELECT s, p, o, rule FROM facts WHERE NOT (p = {same} AND s = o) "
        f"UNION ALL SELECT DISTINCT rep, {same}, rep, {trans} FROM same"
    )  # fmt: skip
    return (
        f"SELECT coalesce(a.member, f.s) AS s, coalesce(b.member, f.p) AS p, coalesce(c.member, f.o) AS o, "
        f"{number} AS rule FROM ({facts}) f LEFT JOIN same a ON f.s = a.rep LEFT JOIN same b ON f.p = b.rep "
        f"LEFT JOIN {values} c ON f.o = c.rep"
    )


def _unwritable(work: Relations) -> str:
    """Blank nodes and literals that stand as predicates in the closure, joined by commas."""
    members = (
        "SELECT coalesce(m.member, f.p) AS id FROM (SELECT DISTINCT p FROM facts) f LEFT JOIN same m ON f.p = m.rep"
    )
    sql = f"SELECT id FROM ({members}) JOIN terms USING (id) WHERE left(text, 1) <> '<' ORDER BY id"
    return ", ".join(str(row[0]) for row in work.rows(sql))


def lines(work: Relations, stated_too: bool, derived_too: bool) -> str:
    """A SELECT of facts as lines of N-Triples, sorted by their terms' text."""
    parts = [f"SELECT s, p, o FROM {stated(work)}"] if stated_too else []
    parts += [f"SELECT s, p, o FROM ({derived(work)})"] if derived_too else []
    return (
        f"WITH d AS MATERIALIZED ({' UNION ALL '.join(parts)}), "
        "used AS (SELECT s AS id FROM d UNION SELECT p FROM d UNION SELECT o FROM d), "
        # Long texts with one beginning sort slowly: each is compared once, then by its rank.
        "ranked AS MATERIALIZED (SELECT id, text, row_number() OVER (ORDER BY text) AS rank "
        "FROM terms SEMI JOIN used USING (id)) "
        "SELECT concat(a.text, ' ', b.text, ' ', c.text, ' .') AS line FROM d JOIN ranked a ON a.id = s "
        "JOIN ranked b ON b.id = p JOIN ranked c ON c.id = o ORDER BY a.rank, b.rank, c.rank"
    )
