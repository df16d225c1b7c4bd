"""Contradictions: each rule whose conclusion is "false", with the facts at fault.

Looked for once the closure is made. Facts are told as they stand in the closure; of several equal terms, the one
a stated fact uses where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.contradiction import Contradiction
from kg.owl2rl.datatypes import DATATYPE_IDS, has_value
from kg.owl2rl.decode import Decoder
from kg.owl2rl.literals import value_of_text
from kg.owl2rl.patterns import Rule, Slot
from kg.owl2rl.schema_rules import RULES, WORDS
from kg.owl2rl.vocabulary import SAME_AS, TYPE, is_literal

if TYPE_CHECKING:
    from kg.owl2rl.evaluate import Evaluation

FALSE_RULES = [rule for rule in RULES if not rule.head and not rule.held]
_SYMMETRIC = {"prp-asyp": ("x", "y")}


def find(evaluation: Evaluation) -> list[Contradiction]:
    """All contradictions of a closure, sorted by rule and facts."""
    finder = _Finder(evaluation)
    found = [each for rule in FALSE_RULES for each in finder.by_rule(rule)]
    found += [*finder.unequal_values(), *finder.wrong_types(), *finder.ill_typed()]
    order = {name: at for at, name in enumerate(WORDS)}
    return sorted(set(found), key=lambda c: (order[c.rule], [str(fact) for fact in c.facts], c.message))


class _Finder:
    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation, self.work = evaluation, evaluation.work
        self.decoder = Decoder(evaluation.work)
        self.resolve = evaluation.resolve

    def by_rule(self, rule: Rule) -> Iterable[Contradiction]:
        names, rows = self.work.witnesses(rule, self.evaluation.schema, self.resolve)
        found = [dict(zip(names, values, strict=True)) for values in rows]
        # At once: each question apart may take a cluster a second.
        slots = {slot for fact in rule.parsed.written for slot in fact if isinstance(slot, str)}
        terms = {row[rule.parsed.same.get(slot, slot)] for row in found for slot in slots}
        self.evaluation.equality.fetch(terms)
        self.decoder.fetch(terms)
        for row in found:
            left, right = _SYMMETRIC.get(rule.name, ("", ""))
            if left and row[left] > row[right]:
                continue
            yield self._told(rule, row)

    def _told(self, rule: Rule, row: dict[str, int]) -> Contradiction:
        parsed = rule.parsed

        def value(slot: Slot) -> int:
            return self.resolve(slot) if isinstance(slot, int) else row[parsed.same.get(slot, slot)]

        facts: list[tuple[int, int, int]] = []
        for s, p, o in parsed.written:
            if p != SAME_AS:
                facts.append(self.decoder.stated(value(s), value(p), value(o)))
        if rule.name == "eq-diff1":
            ((s, _, o),) = facts
            facts.insert(0, (s, SAME_AS, o))
        if parsed.same and rule.name != "eq-diff1":
            facts += self._same_members(row)
        return Contradiction(rule.name, WORDS[rule.name], self.decoder.triples(dict.fromkeys(facts)))

    def _same_members(self, row: dict[str, int]) -> list[tuple[int, int, int]]:
        """Which two members of an AllDifferent are the same: as the stated list has them."""
        members = self.evaluation.equality.group(row["y"])
        pair = self.decoder.in_lists(members)
        return [(pair[0], SAME_AS, pair[1])] if len(pair) > 1 else [(row["y"], SAME_AS, row["y"])]

    def unequal_values(self) -> Iterable[Contradiction]:
        """Literals of different values that are the same (dt-diff, eq-diff1)."""
        groups = self.decoder.literal_groups()
        for literals in groups:
            first: dict[object, int] = {}
            for literal, text in literals:
                value, ill = value_of_text(text)
                if value is not None and not ill:
                    first.setdefault(value, literal)
            if len(first) > 1:
                ids = list(first.values())
                names = [self.decoder.text(number) for number in ids]
                facts = self.decoder.triples(self.decoder.with_objects(ids))
                note = f"{' and '.join(sorted(names))} are the same, and differ in value by dt-diff"
                yield Contradiction("eq-diff1", f"{WORDS['eq-diff1']} {note}.", facts)

    def wrong_types(self) -> Iterable[Contradiction]:
        """Literals that are said to be of a datatype without their value."""
        datatypes = {self.resolve(number) for number in DATATYPE_IDS}
        for member, datatype in self.work.typed_as(self.resolve(TYPE), datatypes):
            name = DATATYPE_IDS.get(datatype)
            for literal in filter(is_literal, self.evaluation.equality.group(member)):
                text = self.decoder.text(literal)
                value, ill = value_of_text(text)
                if name and value is not None and not ill and not has_value(name, value):
                    facts = self.decoder.triples(self.decoder.with_objects([literal]))
                    yield Contradiction("dt-not-type", f"{WORDS['dt-not-type']} {text} is no {name}.", facts)

    def ill_typed(self) -> Iterable[Contradiction]:
        """Literals whose lexical form has no value in their own datatype."""
        for literal in self.evaluation.literals.ill_typed:
            facts = self.decoder.triples(self.decoder.with_objects([literal]))
            words = WORDS["dt-not-type"]
            yield Contradiction("dt-not-type", f"{words} {self.decoder.text(literal)} has no value.", facts)
