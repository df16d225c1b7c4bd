"""The OWL 2 RL/RDF rules: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules

One row per rule, under the standard's name and in the order of its tables 4 to 8; table 9 is in
`schema_rules`. Bodies are in the notation of `patterns`: schema atoms are matched once into a table of rows,
data atoms are joined with it round by round. A rule written for one list length stands for all of them.
"""

from __future__ import annotations

from functools import cache

from kg.owl2rl.patterns import Rule

_BY_REPRESENTATIVE = "equal terms share one integer and are told apart on the way out (equality, decode)"

# The members of a group are all the same: each is paired with the least, not each with each.
_STAR = (
    "SELECT g.least AS s, {same} AS p, f.{other} AS o FROM ("
    "SELECT f.{key}, f.p, min(f.{other}) AS least FROM facts f JOIN (SELECT DISTINCT p FROM {rows}) r USING (p)"
    "{{ SEMI JOIN {fresh} d ON d.{key} = f.{key} AND d.p = f.p}} GROUP BY f.{key}, f.p HAVING count(*) > 1"
    ") g JOIN facts f ON f.{key} = g.{key} AND f.p = g.p WHERE f.{other} <> g.least"
)
_FUNCTIONAL = _STAR.replace("{key}", "s").replace("{other}", "o")
_INVERSE_FUNCTIONAL = _STAR.replace("{key}", "o").replace("{other}", "s")

# At most one value: the members' values (of the class, where one is named) are all the same.
_AT_MOST_ONE = (
    "WITH value AS (SELECT DISTINCT r.x, r.p, u.s, f.o FROM {rows} r "
    "JOIN facts u ON u.p = {type} AND u.o = r.x JOIN facts f ON f.s = u.s AND f.p = r.p{of_class}) "
    "SELECT g.least AS s, {same} AS p, v.o FROM (SELECT x, p, s, min(o) AS least FROM value "
    "GROUP BY x, p, s HAVING count(*) > 1) g JOIN value v USING (x, p, s) WHERE v.o <> g.least"
)
_AT_MOST_ONE_OF_ANY = _AT_MOST_ONE.replace("{of_class}", "")
_AT_MOST_ONE_OF_CLASS = _AT_MOST_ONE.replace(
    "{of_class}", " JOIN facts t ON t.s = f.o AND t.p = {type} AND t.o = r.c"
)

_ALL_OF_LIST = (
    "SELECT h.s, {type} AS p, r.c AS o FROM ("
    "SELECT DISTINCT r.l_path, d.s FROM {rows} r JOIN {fresh} d ON d.o = r.ci AND d.p = {type}) h "
    "JOIN {rows} r ON r.l_path = h.l_path JOIN facts f ON f.s = h.s AND f.p = {type} AND f.o = r.ci "
    "GROUP BY h.s, h.l_path, r.c, r.n HAVING count(r.i) = r.n"
)

TABLE_4 = [
    Rule("eq-ref", 4, "?s ?p ?o", "?s owl:sameAs ?s", "Each term is the same as itself.", held="evaluate"),
    Rule("eq-sym", 4, "?x owl:sameAs ?y", "?y owl:sameAs ?x", "Sameness goes both ways.",
         held=_BY_REPRESENTATIVE),
    Rule("eq-trans", 4, "?x owl:sameAs ?y . ?y owl:sameAs ?z", "?x owl:sameAs ?z", "Sameness carries on.",
         held=_BY_REPRESENTATIVE),
    Rule("eq-rep-s", 4, "?s owl:sameAs ?t . ?s ?p ?o", "?t ?p ?o", "What is said of one is said of the same.",
         held=_BY_REPRESENTATIVE),
    Rule("eq-rep-p", 4, "?p owl:sameAs ?q . ?s ?p ?o", "?s ?q ?o", "A property stands for the same property.",
         held=_BY_REPRESENTATIVE),
    Rule("eq-rep-o", 4, "?o owl:sameAs ?t . ?s ?p ?o", "?s ?p ?t", "A value stands for the same value.",
         held=_BY_REPRESENTATIVE),
    Rule("eq-diff1", 4, "?x owl:sameAs ?y . ?x owl:differentFrom ?y", "",
         "Two terms are the same and different."),
    Rule("eq-diff2", 4, "?x rdf:type owl:AllDifferent . ?x owl:members ?l . ?l list:item ?y ?i . "
         "?l list:item ?z ?j . ?i < ?j . ?y owl:sameAs ?z", "",
         "Two members of an AllDifferent are the same."),
    Rule("eq-diff3", 4, "?x rdf:type owl:AllDifferent . ?x owl:distinctMembers ?l . ?l list:item ?y ?i . "
         "?l list:item ?z ?j . ?i < ?j . ?y owl:sameAs ?z", "",
         "Two distinct members of an AllDifferent are the same."),
]

TABLE_5 = [
    Rule("prp-ap", 5, "", "?ap rdf:type owl:AnnotationProperty", "The standard's annotation properties.",
         held="vocabulary.axioms"),
    Rule("prp-dom", 5, "?p rdfs:domain ?c . ?x ?p ?y", "?x rdf:type ?c", "A subject is in the domain."),
    Rule("prp-rng", 5, "?p rdfs:range ?c . ?x ?p ?y", "?y rdf:type ?c", "A value is in the range."),
    Rule("prp-fp", 5, "?p rdf:type owl:FunctionalProperty . ?x ?p ?y1 . ?x ?p ?y2", "?y1 owl:sameAs ?y2",
         "A functional property has one value.", sql=_FUNCTIONAL),
    Rule("prp-ifp", 5, "?p rdf:type owl:InverseFunctionalProperty . ?x1 ?p ?y . ?x2 ?p ?y",
         "?x1 owl:sameAs ?x2", "An inverse functional property has one subject for a value.",
         sql=_INVERSE_FUNCTIONAL),
    Rule("prp-irp", 5, "?p rdf:type owl:IrreflexiveProperty . ?x ?p ?x", "",
         "An irreflexive property leads from a thing to itself."),
    Rule("prp-symp", 5, "?p rdf:type owl:SymmetricProperty . ?x ?p ?y", "?y ?p ?x",
         "A symmetric property goes both ways."),
    Rule("prp-asyp", 5, "?p rdf:type owl:AsymmetricProperty . ?x ?p ?y . ?y ?p ?x", "",
         "An asymmetric property goes both ways."),
    Rule("prp-trp", 5, "?p rdf:type owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z", "?x ?p ?z",
         "A transitive property carries on."),
    Rule("prp-spo1", 5, "?p1 rdfs:subPropertyOf ?p2 . ?x ?p1 ?y", "?x ?p2 ?y",
         "A narrower property implies the broader."),
    Rule("prp-spo2", 5, "?p owl:propertyChainAxiom ?l . ?l list:item ?p1 1 2 . ?l list:item ?p2 2 2 . "
         "?u1 ?p1 ?u2 . ?u2 ?p2 ?u3", "?u1 ?p ?u3", "A chain of properties implies the property."),
    Rule("prp-eqp1", 5, "?p1 owl:equivalentProperty ?p2 . ?x ?p1 ?y", "?x ?p2 ?y",
         "An equivalent property holds as well."),
    Rule("prp-eqp2", 5, "?p1 owl:equivalentProperty ?p2 . ?x ?p2 ?y", "?x ?p1 ?y",
         "An equivalent property holds as well, the other way."),
    Rule("prp-pdw", 5, "?p1 owl:propertyDisjointWith ?p2 . ?x ?p1 ?y . ?x ?p2 ?y", "",
         "Two disjoint properties join the same things."),
    Rule("prp-adp", 5, "?a rdf:type owl:AllDisjointProperties . ?a owl:members ?l . ?l list:item ?p1 ?i . "
         "?l list:item ?p2 ?j . ?i < ?j . ?x ?p1 ?y . ?x ?p2 ?y", "",
         "Two of several disjoint properties join the same things."),
    Rule("prp-inv1", 5, "?p1 owl:inverseOf ?p2 . ?x ?p1 ?y", "?y ?p2 ?x", "An inverse holds backwards."),
    Rule("prp-inv2", 5, "?p1 owl:inverseOf ?p2 . ?x ?p2 ?y", "?y ?p1 ?x",
         "An inverse holds backwards, the other way."),
    Rule("prp-key", 5, "?c owl:hasKey ?l . ?l list:item ?p1 1 1 . ?x rdf:type ?c . ?x ?p1 ?z1 . "
         "?y rdf:type ?c . ?y ?p1 ?z1", "?x owl:sameAs ?y", "Members of a class with equal keys are the same."),
    Rule("prp-npa1", 5, "?n owl:sourceIndividual ?i1 . ?n owl:assertionProperty ?p . "
         "?n owl:targetIndividual ?i2 . ?i1 ?p ?i2", "", "A fact is stated not to hold, and holds."),
    Rule("prp-npa2", 5, "?n owl:sourceIndividual ?i . ?n owl:assertionProperty ?p . ?n owl:targetValue ?v . "
         "?i ?p ?v", "", "A value is stated not to hold, and holds."),
]

_MAX_0 = "?x owl:maxCardinality 0 . ?x owl:onProperty ?p . "
_MAX_1 = _MAX_0.replace(" 0 ", " 1 ")
_MAX_Q0 = "?x owl:maxQualifiedCardinality 0 . ?x owl:onProperty ?p . "
_MAX_Q1 = _MAX_Q0.replace(" 0 ", " 1 ")
_TWO_VALUES = "?u rdf:type ?x . ?u ?p ?y1 . ?u ?p ?y2"

TABLE_6 = [
    Rule("cls-thing", 6, "", "owl:Thing rdf:type owl:Class", "Thing is a class.", held="vocabulary.axioms"),
    Rule("cls-nothing1", 6, "", "owl:Nothing rdf:type owl:Class", "Nothing is a class.",
         held="vocabulary.axioms"),
    Rule("cls-nothing2", 6, "?x rdf:type owl:Nothing", "", "Something is in the empty class."),
    Rule("cls-int1", 6, "?c owl:intersectionOf ?l . ?l list:item ?ci ?i ?n . ?y rdf:type ?ci",
         "?y rdf:type ?c", "What is in all classes of an intersection is in it.", sql=_ALL_OF_LIST),
    Rule("cls-int2", 6, "?c owl:intersectionOf ?l . ?l list:item ?ci . ?y rdf:type ?c", "?y rdf:type ?ci",
         "What is in an intersection is in each of its classes."),
    Rule("cls-uni", 6, "?c owl:unionOf ?l . ?l list:item ?ci . ?y rdf:type ?ci", "?y rdf:type ?c",
         "What is in a class of a union is in the union."),
    Rule("cls-com", 6, "?c1 owl:complementOf ?c2 . ?x rdf:type ?c1 . ?x rdf:type ?c2", "",
         "Something is in a class and in its complement."),
    Rule("cls-svf1", 6, "?x owl:someValuesFrom ?y . ?x owl:onProperty ?p . ?u ?p ?v . ?v rdf:type ?y",
         "?u rdf:type ?x", "A value of the class puts the subject into the restriction."),
    Rule("cls-svf2", 6, "?x owl:someValuesFrom owl:Thing . ?x owl:onProperty ?p . ?u ?p ?v",
         "?u rdf:type ?x", "Any value puts the subject into a restriction on Thing."),
    Rule("cls-avf", 6, "?x owl:allValuesFrom ?y . ?x owl:onProperty ?p . ?u rdf:type ?x . ?u ?p ?v",
         "?v rdf:type ?y", "Each value of a member is in the class."),
    Rule("cls-hv1", 6, "?x owl:hasValue ?y . ?x owl:onProperty ?p . ?u rdf:type ?x", "?u ?p ?y",
         "A member has the value."),
    Rule("cls-hv2", 6, "?x owl:hasValue ?y . ?x owl:onProperty ?p . ?u ?p ?y", "?u rdf:type ?x",
         "The value puts the subject into the restriction."),
    Rule("cls-maxc1", 6, _MAX_0 + "?u rdf:type ?x . ?u ?p ?y", "", "There is a value where none may be."),
    Rule("cls-maxc2", 6, _MAX_1 + _TWO_VALUES, "?y1 owl:sameAs ?y2", "At most one value.",
         sql=_AT_MOST_ONE_OF_ANY),
    Rule("cls-maxqc1", 6, _MAX_Q0 + "?x owl:onClass ?c . ?u rdf:type ?x . ?u ?p ?y . ?y rdf:type ?c", "",
         "There is a value of a class where none may be."),
    Rule("cls-maxqc2", 6, _MAX_Q0 + "?x owl:onClass owl:Thing . ?u rdf:type ?x . ?u ?p ?y", "",
         "There is a value where no thing may be."),
    Rule("cls-maxqc3", 6, _MAX_Q1 + "?x owl:onClass ?c . " + _TWO_VALUES +
         " . ?y1 rdf:type ?c . ?y2 rdf:type ?c", "?y1 owl:sameAs ?y2", "At most one value of the class.",
         sql=_AT_MOST_ONE_OF_CLASS),
    Rule("cls-maxqc4", 6, _MAX_Q1 + "?x owl:onClass owl:Thing . " + _TWO_VALUES, "?y1 owl:sameAs ?y2",
         "At most one value that is a thing.", sql=_AT_MOST_ONE_OF_ANY),
    Rule("cls-oo", 6, "?c owl:oneOf ?l . ?l list:item ?y", "?y rdf:type ?c",
         "Each item of an enumeration is in it."),
]

TABLE_7 = [
    Rule("cax-sco", 7, "?c1 rdfs:subClassOf ?c2 . ?x rdf:type ?c1", "?x rdf:type ?c2",
         "A member of a class is a member of the broader class."),
    Rule("cax-eqc1", 7, "?c1 owl:equivalentClass ?c2 . ?x rdf:type ?c1", "?x rdf:type ?c2",
         "A member of a class is a member of the equivalent class."),
    Rule("cax-eqc2", 7, "?c1 owl:equivalentClass ?c2 . ?x rdf:type ?c2", "?x rdf:type ?c1",
         "A member of a class is a member of the equivalent class, the other way."),
    Rule("cax-dw", 7, "?c1 owl:disjointWith ?c2 . ?x rdf:type ?c1 . ?x rdf:type ?c2", "",
         "Something is in two disjoint classes."),
    Rule("cax-adc", 7, "?a rdf:type owl:AllDisjointClasses . ?a owl:members ?l . ?l list:item ?c1 ?i . "
         "?l list:item ?c2 ?j . ?i < ?j . ?x rdf:type ?c1 . ?x rdf:type ?c2", "",
         "Something is in two of several disjoint classes."),
]

TABLE_8 = [
    Rule("dt-type1", 8, "", "?dt rdf:type rdfs:Datatype", "The standard's datatypes.",
         held="vocabulary.axioms"),
    Rule("dt-type2", 8, "", "?lt rdf:type ?dt", "A literal is of each datatype that has its value.",
         held="literals"),
    Rule("dt-eq", 8, "", "?lt1 owl:sameAs ?lt2", "Literals of one value are the same.", held="literals"),
    Rule("dt-diff", 8, "", "?lt1 owl:differentFrom ?lt2", "Literals of two values are different.",
         held="literals"),
    Rule("dt-not-type", 8, "?lt rdf:type ?dt", "", "A literal's value is not in the datatype.",
         held="literals"),
]


@cache
def chain_rule(length: int) -> Rule:
    """prp-spo2 for chains of `length` properties."""
    items = [f"?l list:item ?p{i} {i} {length} . " for i in range(1, length + 1)]
    steps = [f"?u{i} ?p{i} ?u{i + 1}" for i in range(1, length + 1)]
    body = "?p owl:propertyChainAxiom ?l . " + "".join(items) + " . ".join(steps)
    return Rule("prp-spo2", 5, body, f"?u1 ?p ?u{length + 1}", "A chain of properties implies the property.")


@cache
def key_rule(length: int) -> Rule:
    """prp-key for keys of `length` properties; members of one group are paired with the least."""
    numbers = range(1, length + 1)
    items = "".join(f"?l list:item ?p{i} {i} {length} . " for i in numbers)
    data = " . ".join(f"?x ?p{i} ?z{i} . ?y ?p{i} ?z{i}" for i in numbers)
    values = ", ".join(f"k{i}.o AS z{i}" for i in numbers)
    joins = " ".join(f"JOIN facts k{i} ON k{i}.s = m.s AND k{i}.p = r.p{i}" for i in numbers)
    group = "c, l_path, " + ", ".join(f"z{i}" for i in numbers)
    sql = (
        f"WITH member AS (SELECT r.c, r.l_path, m.s, {values} FROM {{rows}} r "
        f"JOIN facts m ON m.p = {{type}} AND m.o = r.c {joins}) "
        f"SELECT g.least AS s, {{same}} AS p, m.s AS o FROM (SELECT {group}, min(s) AS least FROM member "
        f"GROUP BY {group} HAVING count(*) > 1) g JOIN member m USING ({group}) WHERE m.s <> g.least"
    )
    body = f"?c owl:hasKey ?l . {items}?x rdf:type ?c . ?y rdf:type ?c . {data}"
    words = "Members of a class with equal keys are the same."
    return Rule("prp-key", 5, body, "?x owl:sameAs ?y", words, sql=sql)
