"""A profile -> what it says to those who look for data sets: VoID, and DCAT with PROV.

Every count, day, licence and source is the profile's; only the words that hold them are written here. `base` is where
the descriptions are published; the things described keep their IRIs wherever that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from kg import __version__
from kg.export.profile import Part, Profile, Use
from kg.names import BASE, DERIVED, STANDARD

Triples: TypeAlias = "Iterator[ox.Triple]"

TITLE = "Drug approvals"
DESCRIPTION = "A knowledge graph of drugs, trials and regulatory approvals, with the source of each fact."

SPACES = STANDARD | {
    "dcat": "http://www.w3.org/ns/dcat#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
"""The prefixes of a description."""
_IANA = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True)
class Distribution:
    """A file that holds the data set or a part: its name beside the description, media type, bytes and SHA-256."""

    name: str
    media_type: str
    size: int
    sha256: str
    packed: str = ""


def dataset(base: str = BASE) -> ox.NamedNode:
    """Return the IRI of the data set as a whole."""
    return ox.NamedNode(f"{base}dataset")


def void(profile: Profile, base: str = BASE, *, files: Iterable[Distribution] = (), endpoint: str = "") -> Triples:
    """Yield the data set and its graphs as void:Dataset, with counts of classes, properties and links."""
    about = _About(dataset(base))
    yield about("rdf:type", "void:Dataset")
    yield about("dcterms:title", TITLE)
    for name, number in _counts(profile):
        yield about(name, number)
    yield about("void:uriSpace", BASE)
    if profile.example:
        yield about("void:exampleResource", ox.NamedNode(profile.example))
    for prefix, namespace in sorted(SPACES.items()):
        if any(use.iri.startswith(namespace) for use in (*profile.classes, *profile.properties)):
            yield about("void:vocabulary", ox.NamedNode(SPACES[prefix]))
    if endpoint:
        yield about("void:sparqlEndpoint", ox.NamedNode(endpoint))
    for file in files:
        yield about("void:dataDump", ox.NamedNode(f"{base}{file.name}"))
    for number, use in enumerate(profile.classes, 1):
        yield from _partition(about, f"{base}dataset#class-{number}", "class", use)
    for number, use in enumerate(profile.properties, 1):
        yield from _partition(about, f"{base}dataset#property-{number}", "property", use)
    for part in profile.parts:
        each = _About(ox.NamedNode(part.graph))
        yield about("void:subset", each.node)
        yield each("rdf:type", "void:Dataset")
        yield each("void:triples", part.triples)
        yield each("void:distinctSubjects", part.subjects)
    for number, links in enumerate(profile.links, 1):
        each = _About(ox.NamedNode(f"{base}dataset#links-{number}"))
        yield about("void:subset", each.node)
        yield each("rdf:type", "void:Linkset")
        yield each("void:linkPredicate", ox.NamedNode(links.predicate))
        yield each("void:subjectsTarget", about.node)
        yield each("void:objectsTarget", ox.NamedNode(SPACES[links.prefix]))
        yield each("void:triples", links.triples)


def dcat(profile: Profile, base: str = BASE, *, files: Iterable[Distribution] = (), endpoint: str = "") -> Triples:
    """Yield the data set as dcat:Dataset with its distributions, and by PROV what it and its graphs come from."""
    about = _About(dataset(base))
    yield about("rdf:type", "dcat:Dataset")
    yield about("rdf:type", "prov:Entity")
    yield about("dcterms:title", ox.Literal(TITLE, language="en"))
    yield about("dcterms:description", ox.Literal(DESCRIPTION, language="en"))
    yield about("dcat:version", __version__)
    if profile.creator:
        yield about("dcterms:creator", profile.creator)
    if profile.canonical:
        yield about("dcterms:identifier", f"rdfc-1.0:sha256:{profile.canonical}")
    if profile.modified:
        yield about("dcterms:modified", _day(profile.modified))
    yield from _coverage(about, profile, base)
    yield from _terms(about, profile.parts)
    yield from _provenance(about, profile, base)
    for file in files:
        yield from _distribution(about, file, base)
    if endpoint:
        service = _About(ox.NamedNode(f"{base}dataset#sparql"))
        yield service("rdf:type", "dcat:DataService")
        yield service("dcat:endpointURL", ox.NamedNode(endpoint))
        yield service("dcat:servesDataset", about.node)
        yield service("dcterms:conformsTo", ox.NamedNode("http://www.w3.org/TR/sparql11-protocol/"))


@dataclass(frozen=True)
class _About:
    """Says things of a node: a prefixed name or an IRI as a thing, a number or a text as a literal."""

    node: ox.NamedNode

    def __call__(self, predicate: str, value: str | int | ox.NamedNode | ox.Literal) -> ox.Triple:
        if predicate == "rdf:type":
            value = _term(str(value))
        elif isinstance(value, int | str):
            value = ox.Literal(value)
        return ox.Triple(self.node, _term(predicate), value)


def _term(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(SPACES[prefix] + local)


def _day(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=_term("xsd:date"))


def _counts(profile: Profile) -> Iterator[tuple[str, int]]:
    yield "void:triples", profile.triples
    yield "void:distinctSubjects", profile.subjects
    yield "void:distinctObjects", profile.objects
    yield "void:classes", len(profile.classes)
    yield "void:properties", len(profile.properties)


def _partition(about: _About, iri: str, kind: str, use: Use) -> Triples:
    each = _About(ox.NamedNode(iri))
    yield about(f"void:{kind}Partition", each.node)
    yield each(f"void:{kind}", ox.NamedNode(use.iri))
    if kind == "class":
        yield each("void:entities", use.subjects)
    else:
        yield each("void:triples", use.triples)
        yield each("void:distinctSubjects", use.subjects)
        yield each("void:distinctObjects", use.objects)


def _coverage(about: _About, profile: Profile, base: str) -> Triples:
    for jurisdiction in profile.jurisdictions:
        yield about("dcterms:spatial", ox.NamedNode(jurisdiction))
    if profile.since:
        period = _About(ox.NamedNode(f"{base}dataset#period"))
        yield about("dcterms:temporal", period.node)
        yield period("rdf:type", "dcterms:PeriodOfTime")
        yield period("dcat:startDate", _day(profile.since))
        yield period("dcat:endDate", _day(profile.until))


def _terms(about: _About, parts: Iterable[Part]) -> Triples:
    """Yield the licences and rights of the graphs, each once for the whole: all of them apply to a part of it."""
    for licence in sorted({licence for part in parts for licence in part.licences}):
        yield about("dcterms:license", ox.NamedNode(licence))
    for words in sorted({words for part in parts for words in part.rights}):
        yield about("dcterms:rights", words)


def _provenance(about: _About, profile: Profile, base: str) -> Triples:
    software = _About(ox.NamedNode(f"{base}dataset#software"))
    yield software("rdf:type", "prov:SoftwareAgent")
    yield software("rdfs:label", f"kg {__version__}")
    export = _About(ox.NamedNode(f"{base}dataset#export"))
    yield export("rdf:type", "prov:Activity")
    yield export("prov:wasAssociatedWith", software.node)
    yield about("prov:wasGeneratedBy", export.node)
    for origin in profile.origins:
        source = _About(ox.NamedNode(origin.iri))
        yield about("prov:wasDerivedFrom", source.node)
        yield source("rdf:type", "prov:Entity")
        if origin.label:
            yield source("rdfs:label", ox.Literal(origin.label, language="en"))
        if origin.issued:
            kind = {4: "gYear", 7: "gYearMonth"}.get(len(origin.issued), "date")
            yield source("dcterms:issued", ox.Literal(origin.issued, datatype=_term(f"xsd:{kind}")))
        if origin.publisher:
            yield source("dcterms:publisher", ox.NamedNode(origin.publisher))
    for part in profile.parts:
        graph = _About(ox.NamedNode(part.graph))
        yield about("dcterms:hasPart", graph.node)
        yield graph("rdf:type", "prov:Entity")
        yield export("prov:used", graph.node)
        for iri in part.sources:
            yield graph("prov:wasDerivedFrom", ox.NamedNode(iri))
        yield from _terms(graph, [part])
    stated = [ox.NamedNode(part.graph) for part in profile.parts if not part.derived]
    if len(stated) < len(profile.parts):
        derived = _About(ox.NamedNode(DERIVED))
        reasoning = _About(ox.NamedNode(f"{base}dataset#reasoning"))
        yield reasoning("rdf:type", "prov:Activity")
        yield reasoning("prov:wasAssociatedWith", software.node)
        yield derived("prov:wasGeneratedBy", reasoning.node)
        for node in stated:
            yield derived("prov:wasDerivedFrom", node)


def _distribution(about: _About, file: Distribution, base: str) -> Triples:
    each = _About(ox.NamedNode(f"{base}dataset#{file.name}"))
    checksum = _About(ox.NamedNode(f"{base}dataset#{file.name}-checksum"))
    yield about("dcat:distribution", each.node)
    yield each("rdf:type", "dcat:Distribution")
    yield each("dcterms:title", file.name)
    yield each("dcat:downloadURL", ox.NamedNode(f"{base}{file.name}"))
    yield each("dcat:mediaType", ox.NamedNode(f"{_IANA}{file.media_type}"))
    if file.packed:
        yield each("dcat:compressFormat", ox.NamedNode(f"{_IANA}{file.packed}"))
    yield each("dcat:byteSize", ox.Literal(str(file.size), datatype=_term("xsd:nonNegativeInteger")))
    yield each("spdx:checksum", checksum.node)
    yield checksum("rdf:type", "spdx:Checksum")
    yield checksum("spdx:algorithm", _term("spdx:checksumAlgorithm_sha256"))
    yield checksum("spdx:checksumValue", ox.Literal(file.sha256, datatype=_term("xsd:hexBinary")))
