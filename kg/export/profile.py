"""facts -> what can be counted of them, and what they say of their sources: all that a description needs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyoxigraph as ox

from kg.export.facts import A, Facts
from kg.names import DERIVED, KG, STANDARD

_DCTERMS = STANDARD["dcterms"]
_FROM = f"{STANDARD['prov']}wasDerivedFrom"


@dataclass(frozen=True)
class Part:
    """A named graph. `sources`, `licences` (IRIs) and `rights` (words) are what it says of itself."""

    graph: str
    triples: int
    subjects: int
    sources: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()

    @property
    def derived(self) -> bool:
        """Whether it holds what was inferred."""
        return self.graph == DERIVED


@dataclass(frozen=True)
class Origin:
    """A source: what the graph says of it, "" for what it does not say."""

    iri: str
    label: str = ""
    issued: str = ""
    publisher: str = ""


@dataclass(frozen=True)
class Use:
    """How much a class or property is used: a property's `triples`, and its things on either side.

    Of a class, `subjects` are its members.
    """

    iri: str
    triples: int
    subjects: int
    objects: int = 0


@dataclass(frozen=True)
class Links:
    """Matches of things with those of another vocabulary."""

    predicate: str
    prefix: str
    triples: int


@dataclass(frozen=True)
class Profile:
    """Counts of distinct facts, the graphs, sources, classes, properties and links, and what the coverage spans.

    `creator` is what the ontology's header says; `since` and `until` are days, "" where nothing tells them.
    """

    triples: int
    subjects: int
    objects: int
    parts: tuple[Part, ...]
    origins: tuple[Origin, ...]
    classes: tuple[Use, ...]
    properties: tuple[Use, ...]
    links: tuple[Links, ...]
    creator: str
    jurisdictions: tuple[str, ...]
    since: str = ""
    until: str = ""
    example: str = ""
    canonical: str = ""

    @property
    def modified(self) -> str:
        """The day of the newest source that has a day, "" if none has."""
        return max((origin.issued for origin in self.origins if len(origin.issued) == 10), default="")

    def to_json(self) -> str:
        """Return the profile as JSON, from which `of_json` makes it again."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of_json(cls, text: str | bytes) -> Profile:
        """Return the profile that `to_json` wrote. Raises ValueError, KeyError and TypeError for another text."""
        told = json.loads(text)
        kinds = {"parts": Part, "origins": Origin, "classes": Use, "properties": Use, "links": Links}
        made = {name: tuple(kind(**_frozen(each)) for each in told[name]) for name, kind in kinds.items()}
        return cls(**_frozen(told) | made)


def _frozen(told: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}


def profile_of(facts: Facts, *, canonical: str = "") -> Profile:
    """Count facts; `canonical` is their hash, if it is known."""
    triples, subjects, objects = next(
        facts.rows(f"SELECT count(*), count(DISTINCT s), count(DISTINCT o) FROM {facts.once}")
    )
    coverage = _said_of(facts, _members(facts, f"{KG}CoverageStatement"))
    covered = {
        name: {value for said in coverage.values() for value in said.get(f"{KG}{name}", ())}
        for name in ("startDate", "endDate", "coversJurisdiction")
    }
    return Profile(
        triples=triples,
        subjects=subjects,
        objects=objects,
        parts=tuple(_parts(facts)),
        origins=tuple(_origins(facts)),
        classes=tuple(_uses(facts, f"(SELECT s, o AS p, o FROM quads WHERE p = {facts.number(A)})")),
        properties=tuple(_uses(facts, "quads")),
        links=tuple(_links(facts)),
        creator=_creator(facts),
        jurisdictions=tuple(sorted(covered["coversJurisdiction"])),
        since=min(covered["startDate"], default=""),
        until=max(covered["endDate"], default=""),
        example=_example(facts),
        canonical=canonical,
    )


def plain(text: str) -> str:
    """Return the IRI, or the text of the literal, that N-Triples writes so."""
    if text[0] == "<":
        return text[1:-1]
    (quad,) = ox.parse(f"<x:s> <x:p> {text} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    return str(quad.object.value)


def _members(facts: Facts, iri: str) -> str:
    """A SELECT of the members of a class."""
    return f"SELECT s FROM quads WHERE p = {facts.number(A)} AND o = {facts.number(f'<{iri}>')}"


def _said_of(facts: Facts, subjects: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return what is said of each thing that a SELECT gives, if anything is: thing -> property -> values, sorted."""
    table = f"(SELECT DISTINCT s, p, o FROM quads WHERE s IN ({subjects}))"
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for subject, predicate, value in facts.texts("s p o", table, "f.s, f.p, f.o"):
        said = found.setdefault(plain(subject), {})
        said[plain(predicate)] = (*said.get(plain(predicate), ()), plain(value))
    return found


def _parts(facts: Facts) -> Iterator[Part]:
    said = _said_of(facts, "SELECT g FROM quads")
    counts = (
        "SELECT text, n, subjects FROM (SELECT g, count(*) AS n, count(DISTINCT s) AS subjects FROM quads GROUP BY g)"
        " JOIN terms ON id = g ORDER BY g"
    )
    for text, triples, subjects in facts.rows(counts):
        about = said.get(plain(text), {})
        yield Part(
            graph=plain(text),
            triples=triples,
            subjects=subjects,
            sources=about.get(_FROM, ()),
            licences=about.get(f"{_DCTERMS}license", ()),
            rights=about.get(f"{_DCTERMS}rights", ()),
        )


def _origins(facts: Facts) -> Iterator[Origin]:
    graphs = _said_of(facts, "SELECT g FROM quads")
    sources = f"SELECT o FROM quads WHERE p = {facts.number(f'<{_FROM}>')} AND s IN (SELECT g FROM quads)"
    said = _said_of(facts, sources)
    for iri in sorted({source for about in graphs.values() for source in about.get(_FROM, ())}):
        about = said.get(iri, {})
        days = [about.get(name, ()) for name in (f"{_DCTERMS}issued", f"{_DCTERMS}modified", f"{KG}accessDate")]
        yield Origin(
            iri=iri,
            label=_first(about.get(f"{STANDARD['rdfs']}label", ())),
            issued=next((values[0] for values in days if values), ""),
            publisher=_first(about.get(f"{_DCTERMS}publisher", ())),
        )


def _first(values: Sequence[str]) -> str:
    return values[0] if values else ""


def _uses(facts: Facts, table: str) -> Iterator[Use]:
    counts = (
        f"SELECT text, count(*), count(DISTINCT s), count(DISTINCT o) FROM (SELECT DISTINCT s, p, o FROM {table})"
        " JOIN terms ON id = p WHERE text[1] = '<' GROUP BY id, text ORDER BY id"
    )
    return (Use(plain(text), *numbers) for text, *numbers in facts.rows(counts))


def _links(facts: Facts) -> Iterator[Links]:
    """Count the matches that lead into each vocabulary that has a prefix here."""
    counts = (
        "SELECT predicate, namespace, count(*) FROM (SELECT of_p.text AS predicate,"
        " regexp_extract(of_o.text, '^<(.*[/#])', 1) AS namespace FROM (SELECT DISTINCT s, p, o FROM quads) AS f"
        " JOIN terms AS of_p ON of_p.id = p JOIN terms AS of_o ON of_o.id = o WHERE regexp_matches(of_p.text, ?))"
        " GROUP BY ALL ORDER BY ALL"
    )
    prefixes = {namespace: prefix for prefix, namespace in STANDARD.items()}
    for predicate, namespace, count in facts.rows(counts, f"^<{STANDARD['skos']}[a-z]+Match>$"):
        if namespace in prefixes:
            yield Links(plain(predicate), prefixes[namespace], count)


def _creator(facts: Facts) -> str:
    said = _said_of(facts, _members(facts, f"{STANDARD['owl']}Ontology"))
    return next((_first(about.get(f"{_DCTERMS}creator", ())) for about in said.values()), "")


def _example(facts: Facts) -> str:
    """Return the first approval by its IRI, "" if there is none."""
    approval = f"({_members(facts, f'{KG}Approval')} ORDER BY s LIMIT 1)"
    return next((plain(text) for (text,) in facts.texts("s", approval, "f.s") if text[0] == "<"), "")
