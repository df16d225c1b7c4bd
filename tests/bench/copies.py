"""The hand-written facts in as many copies as fill a size: drugs, trials, approvals and results in the real vocabulary.

`python -m tests.bench.copies 100000 facts.nt` writes one file of N-Triples; the same size gives the same bytes. Each
copy has drugs, trials, indications and results of its own, and days of its own; conditions, drug classes and companies
serve GROUP copies. The first copy is what is shipped, so the examples of the stored questions are in it. Agencies and
jurisdictions are not copied: ask the file together with `shipped/reference`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pyoxigraph as ox

import kg
from kg import places
from kg.names import BASE, STANDARD

GROUP = 20
SPREAD = 9_000
"""Days over which the copies' dates lie."""
OWN = frozenset(
    """
    adverseevent arm claim cohort count coverage criterion drug endpoint event indication outcome population product
    regimen requirement result statistic stop trial
    """.split()
)
SHARED = frozenset({"condition", "drugclass", "organization"})
NAMES = {
    *(STANDARD["skos"] + name for name in ("altLabel", "notation")),
    STANDARD["rdfs"] + "label",
    STANDARD["dcterms"] + "identifier",
    f"{BASE}ontology#acronym",
}
_DAY = STANDARD["xsd"] + "date"
_FROM = ox.NamedNode(STANDARD["prov"] + "wasDerivedFrom")
_COPIED = (
    places.DATA / "cabinet",
    places.DATA / "reference" / "conditions.ttl",
    places.DATA / "reference" / "substances.ttl",
)


def lines(size: int, graph: str) -> Iterator[str]:
    """Yield about `size` facts, at least those of one copy, as lines of N-Triples for the named graph they will be."""
    quads = kg.load(*_COPIED, vocabulary=False).quads
    facts = [quad.triple for quad in dict.fromkeys(quads) if quad.predicate != _FROM]
    source = min(str(quad.object) for quad in quads if quad.predicate == _FROM)
    yield f"<{BASE}graph/{graph}> {_FROM} {source} .\n"
    first = [f"{' '.join(map(str, fact))} .\n" for fact in facts]
    yield from first
    copied = [fact for fact in facts if _kind(fact.subject) in OWN]
    shared = [fact for fact in facts if _kind(fact.subject) in SHARED]
    written, copy = len(first), 0
    own_forms, shared_forms = ([_form(fact) for fact in each] for each in (copied, shared))
    while written < size:
        copy += 1
        group = copy // GROUP
        here = own_forms if copy % GROUP else [*shared_forms, *own_forms]
        back = timedelta(days=copy * 37 % SPREAD)
        for form, day in here:
            shown = (day - back).isoformat() if day else ""
            yield form.format(own=f"-{copy}", shared=f"-{group}" if group else "", day=shown)
        written += len(here)


def _kind(term: object) -> str:
    """Return the kind of thing that an IRI of this project names."""
    return term.value.removeprefix(BASE).partition("/")[0] if isinstance(term, ox.NamedNode) else ""


def _form(fact: ox.Triple) -> tuple[str, date | None]:
    """Return a fact's line with places for a copy's number, its group's and its day; and the day in the original."""
    suffix = "{own}" if _kind(fact.subject) in OWN else "{shared}"
    value, day = fact.object, None
    if isinstance(value, ox.Literal) and fact.predicate.value in NAMES:
        told = _braced(str(ox.Literal("", language=value.language) if value.language else ox.Literal("")))
        shown = _braced(str(ox.Literal(value.value)))[:-1] + suffix + told[1:]
    elif isinstance(value, ox.Literal) and value.datatype.value == _DAY:
        day = date.fromisoformat(value.value)
        shown = f'"{{day}}"^^<{_DAY}>'
    else:
        shown = _renamed(value)
    return f"{_renamed(fact.subject)} {fact.predicate} {shown} .\n", day


def _renamed(term: object) -> str:
    kind = _kind(term)
    suffix = "{own}" if kind in OWN else "{shared}" if kind in SHARED else ""
    text = _braced(str(term))
    return text[:-1] + suffix + ">" if suffix else text


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def write(size: int, path: Path) -> None:
    """Write a file of about `size` facts."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(lines(size, path.stem))


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
