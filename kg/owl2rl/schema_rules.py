"""Table 9, the semantics of schema vocabulary, and the list of all rules.

Source: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from __future__ import annotations

from kg.owl2rl.patterns import Rule
from kg.owl2rl.rules import TABLE_4, TABLE_5, TABLE_6, TABLE_7, TABLE_8


def _several(name: str, body: str, heads: list[str], words: str) -> list[Rule]:
    """A rule with several conclusions, one row each."""
    return [Rule(name, 9, body, head, words) for head in heads]


_PROPERTY = ["?p rdfs:subPropertyOf ?p", "?p owl:equivalentProperty ?p"]
_ON_1 = " . ?c1 owl:onProperty ?p1 . "
_ON_2 = " . ?c2 owl:onProperty ?p2 . ?p1 rdfs:subPropertyOf ?p2"

TABLE_9 = [
    *_several("scm-cls", "?c rdf:type owl:Class",
              ["?c rdfs:subClassOf ?c", "?c owl:equivalentClass ?c", "?c rdfs:subClassOf owl:Thing",
               "owl:Nothing rdfs:subClassOf ?c"], "A class lies between Nothing and Thing."),
    Rule("scm-sco", 9, "?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c3 . ?c1 != ?c2 . ?c2 != ?c3",
         "?c1 rdfs:subClassOf ?c3", "Subclass carries on."),
    *_several("scm-eqc1", "?c1 owl:equivalentClass ?c2",
              ["?c1 rdfs:subClassOf ?c2", "?c2 rdfs:subClassOf ?c1"],
              "Equivalent classes are subclasses of each other."),
    Rule("scm-eqc2", 9, "?c1 rdfs:subClassOf ?c2 . ?c2 rdfs:subClassOf ?c1", "?c1 owl:equivalentClass ?c2",
         "Subclasses of each other are equivalent."),
    *_several("scm-op", "?p rdf:type owl:ObjectProperty", _PROPERTY, "A property is its own subproperty."),
    *_several("scm-dp", "?p rdf:type owl:DatatypeProperty", _PROPERTY, "A property is its own subproperty."),
    Rule("scm-spo", 9,
         "?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p3 . ?p1 != ?p2 . ?p2 != ?p3",
         "?p1 rdfs:subPropertyOf ?p3", "Subproperty carries on."),
    *_several("scm-eqp1", "?p1 owl:equivalentProperty ?p2",
              ["?p1 rdfs:subPropertyOf ?p2", "?p2 rdfs:subPropertyOf ?p1"],
              "Equivalent properties are subproperties of each other."),
    Rule("scm-eqp2", 9, "?p1 rdfs:subPropertyOf ?p2 . ?p2 rdfs:subPropertyOf ?p1",
         "?p1 owl:equivalentProperty ?p2", "Subproperties of each other are equivalent."),
    Rule("scm-dom1", 9, "?p rdfs:domain ?c1 . ?c1 rdfs:subClassOf ?c2", "?p rdfs:domain ?c2",
         "A broader class is a domain too."),
    Rule("scm-dom2", 9, "?p2 rdfs:domain ?c . ?p1 rdfs:subPropertyOf ?p2", "?p1 rdfs:domain ?c",
         "A narrower property has the domain too."),
    Rule("scm-rng1", 9, "?p rdfs:range ?c1 . ?c1 rdfs:subClassOf ?c2", "?p rdfs:range ?c2",
         "A broader class is a range too."),
    Rule("scm-rng2", 9, "?p2 rdfs:range ?c . ?p1 rdfs:subPropertyOf ?p2", "?p1 rdfs:range ?c",
         "A narrower property has the range too."),
    Rule("scm-hv", 9, "?c1 owl:hasValue ?i" + _ON_1 + "?c2 owl:hasValue ?i" + _ON_2,
         "?c1 rdfs:subClassOf ?c2", "The same value of a narrower property makes a narrower class."),
    Rule("scm-svf1", 9, "?c1 owl:someValuesFrom ?y1 . ?c1 owl:onProperty ?p . ?y1 rdfs:subClassOf ?y2 . "
         "?c2 owl:someValuesFrom ?y2 . ?c2 owl:onProperty ?p", "?c1 rdfs:subClassOf ?c2",
         "Some value of a narrower class makes a narrower class."),
    Rule("scm-svf2", 9, "?c1 owl:someValuesFrom ?y" + _ON_1 + "?c2 owl:someValuesFrom ?y" + _ON_2,
         "?c1 rdfs:subClassOf ?c2", "Some value of a narrower property makes a narrower class."),
    Rule("scm-avf1", 9, "?c1 owl:allValuesFrom ?y1 . ?c1 owl:onProperty ?p . ?y1 rdfs:subClassOf ?y2 . "
         "?c2 owl:allValuesFrom ?y2 . ?c2 owl:onProperty ?p", "?c1 rdfs:subClassOf ?c2",
         "All values from a narrower class make a narrower class."),
    Rule("scm-avf2", 9, "?c1 owl:allValuesFrom ?y" + _ON_1 + "?c2 owl:allValuesFrom ?y" + _ON_2,
         "?c2 rdfs:subClassOf ?c1", "All values of a broader property make a narrower class."),
    Rule("scm-int", 9, "?c owl:intersectionOf ?l . ?l list:item ?ci", "?c rdfs:subClassOf ?ci",
         "An intersection is narrower than its classes."),
    Rule("scm-uni", 9, "?c owl:unionOf ?l . ?l list:item ?ci", "?ci rdfs:subClassOf ?c",
         "A union is broader than its classes."),
]

RULES: list[Rule] = [*TABLE_4, *TABLE_5, *TABLE_6, *TABLE_7, *TABLE_8, *TABLE_9]
"""Every rule in the standard's order; a rule with several conclusions has a row for each."""

NAMES: list[str] = list(dict.fromkeys(rule.name for rule in RULES))
"""The standard's names; the position plus one is the rule's number in the tables, zero means stated."""
NUMBERS: dict[str, int] = {name: number for number, name in enumerate(NAMES, 1)}
WORDS: dict[str, str] = {rule.name: rule.words for rule in RULES}
