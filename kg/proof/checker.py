"""Proof -> whether each of its steps follows: a second reading of the OWL 2 RL/RDF rules, apart from the reasoner's.

It shares with the reasoner the values of literals and nothing else: no table of rules, no search. A step is right if
the rule's premises, as the standard prints them, are the step's premises under one assignment of terms to variables,
none left over, and the conclusion is its fact; a leaf is right if a source states it.
Source: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import pyoxigraph as ox

from kg.names import STANDARD
from kg.proof import literals
from kg.proof.model import STATED, Fact, Proof, Term

# A line per rule: name, premises, `=>`, conclusion; a variable is one letter. `(l: .. y ..)` is the list l with y among
# its items, `(l: .. y .. z ..)` with z after y. Of the rules for lists of any length, see `_of_length`.
_RULES = """
eq-ref      any => s sameAs s
eq-sym      x sameAs y => y sameAs x
eq-trans    x sameAs y, y sameAs z => x sameAs z
eq-rep-s    s sameAs t, s p o => t p o
eq-rep-p    p sameAs q, s p o => s q o
eq-rep-o    o sameAs t, s p o => s p t
eq-diff1    x sameAs y, x differentFrom y => false
eq-diff2    x type AllDifferent, x members l, (l: .. y .. z ..), y sameAs z => false
eq-diff3    x type AllDifferent, x distinctMembers l, (l: .. y .. z ..), y sameAs z => false
prp-dom     p domain c, x p y => x type c
prp-rng     p range c, x p y => y type c
prp-fp      p type FunctionalProperty, x p y, x p z => y sameAs z
prp-ifp     p type InverseFunctionalProperty, x p y, z p y => x sameAs z
prp-irp     p type IrreflexiveProperty, x p x => false
prp-symp    p type SymmetricProperty, x p y => y p x
prp-asyp    p type AsymmetricProperty, x p y, y p x => false
prp-trp     p type TransitiveProperty, x p y, y p z => x p z
prp-spo1    p subPropertyOf q, x p y => x q y
prp-eqp1    p equivalentProperty q, x p y => x q y
prp-eqp2    p equivalentProperty q, x q y => x p y
prp-pdw     p propertyDisjointWith q, x p y, x q y => false
prp-adp     a type AllDisjointProperties, a members l, (l: .. p .. q ..), x p y, x q y => false
prp-inv1    p inverseOf q, x p y => y q x
prp-inv2    p inverseOf q, x q y => y p x
prp-npa1    n sourceIndividual x, n assertionProperty p, n targetIndividual y, x p y => false
prp-npa2    n sourceIndividual x, n assertionProperty p, n targetValue y, x p y => false
cls-nothing2 x type Nothing => false
cls-int2    c intersectionOf l, (l: .. d ..), y type c => y type d
cls-uni     c unionOf l, (l: .. d ..), y type d => y type c
cls-com     c complementOf d, x type c, x type d => false
cls-svf1    x someValuesFrom y, x onProperty p, u p v, v type y => u type x
cls-svf2    x someValuesFrom Thing, x onProperty p, u p v => u type x
cls-avf     x allValuesFrom y, x onProperty p, u type x, u p v => v type y
cls-hv1     x hasValue y, x onProperty p, u type x => u p y
cls-hv2     x hasValue y, x onProperty p, u p y => u type x
cls-maxc1   x maxCardinality 0, x onProperty p, u type x, u p y => false
cls-maxc2   x maxCardinality 1, x onProperty p, u type x, u p y, u p z => y sameAs z
cls-maxqc1  x maxQualifiedCardinality 0, x onProperty p, x onClass c, u type x, u p y, y type c => false
cls-maxqc2  x maxQualifiedCardinality 0, x onProperty p, x onClass Thing, u type x, u p y => false
cls-maxqc3  x maxQualifiedCardinality 1, x onProperty p, x onClass c, u type x, u p y, y type c, u p z, z type c \
    => y sameAs z
cls-maxqc4  x maxQualifiedCardinality 1, x onProperty p, x onClass Thing, u type x, u p y, u p z => y sameAs z
cls-oo      c oneOf l, (l: .. y ..) => y type c
cax-sco     c subClassOf d, x type c => x type d
cax-eqc1    c equivalentClass d, x type c => x type d
cax-eqc2    c equivalentClass d, x type d => x type c
cax-dw      c disjointWith d, x type c, x type d => false
cax-adc     a type AllDisjointClasses, a members l, (l: .. c .. d ..), x type c, x type d => false
scm-cls     c type Class => c subClassOf c
scm-cls     c type Class => c equivalentClass c
scm-cls     c type Class => c subClassOf Thing
scm-cls     c type Class => Nothing subClassOf c
scm-sco     c subClassOf d, d subClassOf e => c subClassOf e
scm-eqc1    c equivalentClass d => c subClassOf d
scm-eqc1    c equivalentClass d => d subClassOf c
scm-eqc2    c subClassOf d, d subClassOf c => c equivalentClass d
scm-op      p type ObjectProperty => p subPropertyOf p
scm-op      p type ObjectProperty => p equivalentProperty p
scm-dp      p type DatatypeProperty => p subPropertyOf p
scm-dp      p type DatatypeProperty => p equivalentProperty p
scm-spo     p subPropertyOf q, q subPropertyOf r => p subPropertyOf r
scm-eqp1    p equivalentProperty q => p subPropertyOf q
scm-eqp1    p equivalentProperty q => q subPropertyOf p
scm-eqp2    p subPropertyOf q, q subPropertyOf p => p equivalentProperty q
scm-dom1    p domain c, c subClassOf d => p domain d
scm-dom2    q domain c, p subPropertyOf q => p domain c
scm-rng1    p range c, c subClassOf d => p range d
scm-rng2    q range c, p subPropertyOf q => p range c
scm-hv      c hasValue i, c onProperty p, d hasValue i, d onProperty q, p subPropertyOf q => c subClassOf d
scm-svf1    c someValuesFrom y, c onProperty p, d someValuesFrom z, d onProperty p, y subClassOf z => c subClassOf d
scm-svf2    c someValuesFrom y, c onProperty p, d someValuesFrom y, d onProperty q, p subPropertyOf q => c subClassOf d
scm-avf1    c allValuesFrom y, c onProperty p, d allValuesFrom z, d onProperty p, y subClassOf z => c subClassOf d
scm-avf2    c allValuesFrom y, c onProperty p, d allValuesFrom y, d onProperty q, p subPropertyOf q => d subClassOf c
scm-int     c intersectionOf l, (l: .. d ..) => c subClassOf d
scm-uni     c unionOf l, (l: .. d ..) => d subClassOf c
"""

Assignment = dict[str, Term]
Derivation = Callable[[Proof], bool]

_IN = {
    **dict.fromkeys("type first rest nil".split(), STANDARD["rdf"]),
    **dict.fromkeys("domain range subClassOf subPropertyOf".split(), STANDARD["rdfs"]),
}


def _of_length(n: int) -> dict[str, tuple[list[str], str]]:
    """The three rules that take a whole list, for a list of n items; `(l: q1 q2)` is the list of just these."""
    numbers = range(1, n + 1)
    whole = f"(l: {' '.join(f'q{i}' for i in numbers)})"
    chain = [f"u{i - 1} q{i} u{i}" for i in numbers]
    keys = [f"{x} q{i} z{i}" for i in numbers for x in "xy"]
    classes = [f"y type q{i}" for i in numbers]
    return {
        "prp-spo2": (["p propertyChainAxiom l", whole, *chain], f"u0 p u{n}"),
        "prp-key": (["c hasKey l", whole, "x type c", "y type c", *keys], "x sameAs y"),
        "cls-int1": (["c intersectionOf l", whole, *classes], "y type c"),
    }


def _node(word: str) -> ox.NamedNode:
    return ox.NamedNode(_IN.get(word, STANDARD["owl"]) + word)


def _read() -> dict[str, list[tuple[list[str], str]]]:
    table: dict[str, list[tuple[list[str], str]]] = {}
    for line in _RULES.strip().splitlines():
        name, rule = line.split(maxsplit=1)
        body, head = rule.split(" => ")
        table.setdefault(name, []).append(([part.strip() for part in body.split(",")], head))
    return table


_TABLE = _read()
_VARIABLE = re.compile("[a-z][0-9]*")
_FIRST, _REST, _NIL, _SAME = map(_node, ("first", "rest", "nil", "sameAs"))


def faults(proof: Proof, stated: Callable[[Fact], bool], derivation: Derivation = lambda proof: False) -> list[str]:
    """Return what is wrong with a proof, a line for each wrong step; nothing for a proof that holds.

    `stated` tells whether a source states a fact; `derivation` judges the steps that are not OWL's.
    """
    found = []
    for step in proof.walk():
        if step.rule == STATED:
            if step.premises or step.fact is None or not stated(step.fact):
                found.append(f"{step.fact}: no source states it")
        elif step.rule.startswith("query "):
            if not derivation(step):
                found.append(f"{step.fact}: does not follow by {step.rule}")
        elif not follows(step.rule, [premise.fact for premise in step.premises], step.fact):
            found.append(f"{step.fact}: does not follow by {step.rule} from its premises")
    return found


def follows(rule: str, premises: Sequence[Fact | None], fact: Fact | None) -> bool:
    """Tell whether a fact, or None for a contradiction, follows by a rule from these premises, each of them needed."""
    given = tuple(premise for premise in premises if premise is not None)
    if len(given) < len(premises) or len(set(given)) < len(given):
        return False
    if not given:
        return fact is not None and literals.rule_of(fact) == rule
    if rule == "eq-ref":
        return fact is not None and len(given) == 1 and fact[0] in given[0] and fact == (fact[0], _SAME, fact[0])
    if rule == "dt-not-type":
        return fact is None and all(literals.ill_typed(each.object) or _mistyped(each) for each in given)
    forms = list(_TABLE.get(rule, ()))
    forms += [_of_length(n)[rule] for n in range(1, len(given) + 1) if rule in _of_length(n)]
    return any(
        set(used) == set(given)
        for body, head in forms
        if (fact is None) == (head == "false")
        for assignment in [_unified(head.split(), fact, {}) if fact else {}]
        if assignment is not None
        for used in _proved(body, given, assignment)
    )


def _mistyped(fact: Fact) -> bool:
    return isinstance(fact.subject, ox.Literal) and literals.rule_of(fact) is None


def _unified(words: Iterable[str], terms: Iterable[Term], assignment: Assignment) -> Assignment | None:
    new = dict(assignment)
    for word, term in zip(words, terms, strict=True):
        if word in ("0", "1"):
            if literals.value(term) != ("decimal", word):
                return None
        elif _VARIABLE.fullmatch(word):
            if new.setdefault(word, term) != term:
                return None
        elif _node(word) != term:
            return None
    return new


def _proved(body: Sequence[str], given: Sequence[Fact], assignment: Assignment) -> Iterator[tuple[Fact, ...]]:
    """Yield the premises that a rule's body uses, for each way of taking it."""
    if not body:
        yield ()
        return
    for found, used in _taken(body[0], given, assignment):
        for more in _proved(body[1:], given, found):
            yield (*used, *more)


def _taken(atom: str, given: Sequence[Fact], assignment: Assignment) -> Iterator[tuple[Assignment, tuple[Fact, ...]]]:
    if atom[0] == "(":
        name, _, items = atom[1:-1].partition(": ")
        words = [word for word in items.split() if word != ".."]
        yield from _list(assignment[name], words, given, assignment, gaps=".." in items, left=len(given))
        return
    for fact in given:
        if (found := _unified(atom.split(), fact, assignment)) is not None:
            yield found, (fact,)


def _list(
    node: Term, words: list[str], given: Sequence[Fact], assignment: Assignment, *, gaps: bool, left: int
) -> Iterator[tuple[Assignment, tuple[Fact, ...]]]:
    """Walk a list from a node and take its items; `left` ends the walk around a list in a circle."""
    if not words and (gaps or node == _NIL):
        yield assignment, ()
        return
    if not left or not words:
        return
    rests = [fact for fact in given if fact[:2] == (node, _REST)]
    for first in (fact for fact in given if fact[:2] == (node, _FIRST)):
        taken = _unified([words[0]], [first.object], assignment)
        if taken is None:
            continue
        if gaps and len(words) == 1:
            yield taken, (first,)
            continue
        for rest in rests:
            for found, used in _list(rest.object, words[1:], given, taken, gaps=gaps, left=left - 1):
                yield found, (first, rest, *used)
    for rest in rests if gaps else ():
        for found, used in _list(rest.object, words, given, assignment, gaps=gaps, left=left - 1):
            yield found, (rest, *used)
