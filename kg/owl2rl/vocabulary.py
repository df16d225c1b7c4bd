"""The terms the rules speak of, at fixed integers, so that a rule can name them in its SQL.

The order carries meaning: predicates of schema triples come first, then the classes whose members are
schema (a transitive property, say), then everything else. "Is this triple schema?" is then a comparison of
integers.
"""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD}

SCHEMA_PREDICATES = (
    "rdfs:subClassOf rdfs:subPropertyOf rdfs:domain rdfs:range rdf:first rdf:rest owl:equivalentClass "
    "owl:equivalentProperty owl:inverseOf owl:propertyDisjointWith owl:disjointWith owl:complementOf "
    "owl:intersectionOf owl:unionOf owl:oneOf owl:onProperty owl:someValuesFrom owl:allValuesFrom "
    "owl:hasValue owl:maxCardinality owl:maxQualifiedCardinality owl:onClass owl:propertyChainAxiom "
    "owl:hasKey owl:members owl:distinctMembers owl:sourceIndividual owl:assertionProperty "
    "owl:targetIndividual owl:targetValue"
).split()

SCHEMA_CLASSES = (
    "owl:Class owl:ObjectProperty owl:DatatypeProperty owl:FunctionalProperty "
    "owl:InverseFunctionalProperty owl:IrreflexiveProperty owl:SymmetricProperty owl:AsymmetricProperty "
    "owl:TransitiveProperty owl:AllDifferent owl:AllDisjointClasses owl:AllDisjointProperties"
).split()

ANNOTATION_PROPERTIES = (
    "rdfs:label rdfs:comment rdfs:seeAlso rdfs:isDefinedBy owl:deprecated owl:versionInfo owl:priorVersion "
    "owl:backwardCompatibleWith owl:incompatibleWith"
).split()

# OWL 2 RL, section 4.2; the axiomatic triples of dt-type1.
DATATYPES = (
    "rdf:PlainLiteral rdf:XMLLiteral rdfs:Literal xsd:decimal xsd:integer xsd:nonNegativeInteger "
    "xsd:nonPositiveInteger xsd:positiveInteger xsd:negativeInteger xsd:long xsd:int xsd:short xsd:byte "
    "xsd:unsignedLong xsd:unsignedInt xsd:unsignedShort xsd:unsignedByte xsd:float xsd:double xsd:string "
    "xsd:normalizedString xsd:token xsd:language xsd:Name xsd:NCName xsd:NMTOKEN xsd:boolean "
    "xsd:hexBinary xsd:base64Binary xsd:anyURI xsd:dateTime xsd:dateTimeStamp"
).split()
# Not in the profile's list, but in registers: their values are compared and checked all the same.
MORE_DATATYPES = (
    "xsd:date xsd:time xsd:gYear xsd:gYearMonth xsd:gMonth xsd:gMonthDay xsd:gDay "
    "xsd:duration xsd:dayTimeDuration xsd:yearMonthDuration rdf:langString"
).split()

_OTHERS = (
    "rdf:type owl:sameAs owl:differentFrom owl:Thing owl:Nothing rdf:nil rdf:Property "
    "owl:AnnotationProperty rdfs:Datatype"
).split()
_NAMES = ["", *SCHEMA_PREDICATES, *SCHEMA_CLASSES, *_OTHERS, *ANNOTATION_PROPERTIES, *DATATYPES, *MORE_DATATYPES]

IDS: dict[str, int] = {name: number for number, name in enumerate(_NAMES) if name}
"""Prefixed name to integer; `0` and `1` are the numbers, whichever literals of the graph have those values."""
FIRST_LITERAL = 201
"""From here on, odd integers are literals and even ones are not."""
ZERO, ONE = FIRST_LITERAL, FIRST_LITERAL + 2
IDS["0"], IDS["1"] = ZERO, ONE
FIRST_FREE = 206
"""The least integer given to a term of a source."""

LAST_SCHEMA_PREDICATE = IDS[SCHEMA_PREDICATES[-1]]
LAST_SCHEMA_CLASS = IDS[SCHEMA_CLASSES[-1]]
TYPE, SAME_AS, DIFFERENT_FROM = IDS["rdf:type"], IDS["owl:sameAs"], IDS["owl:differentFrom"]
THING, NOTHING, NIL = IDS["owl:Thing"], IDS["owl:Nothing"], IDS["rdf:nil"]
FIRST, REST = IDS["rdf:first"], IDS["rdf:rest"]


def is_literal(term: int) -> bool:
    """Whether an integer stands for a literal."""
    return term >= FIRST_LITERAL and term % 2 == 1


def expand(name: str) -> str:
    """The IRI of a prefixed name: `rdf:type` to `http://.../22-rdf-syntax-ns#type`."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def texts() -> dict[str, int]:
    """Each term of the vocabulary as it stands in N-Triples, with its integer."""
    return {f"<{expand(name)}>": number for name, number in IDS.items() if ":" in name}


def axioms() -> list[tuple[int, int, int, str]]:
    """The axiomatic triples of the rules without a premise, as (s, p, o, rule)."""
    kinds = [("prp-ap", ANNOTATION_PROPERTIES, "owl:AnnotationProperty")]
    kinds += [("cls-thing", ["owl:Thing"], "owl:Class"), ("cls-nothing1", ["owl:Nothing"], "owl:Class")]
    kinds += [("dt-type1", DATATYPES, "rdfs:Datatype")]
    return [(IDS[name], TYPE, IDS[kind], rule) for rule, names, kind in kinds for name in names]
