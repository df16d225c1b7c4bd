"""What of the graph is listed: the things that have an address on the site, by class, and those of a similar name."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache

import pyoxigraph as ox

from kg.errors import did_you_mean
from kg.names import BASE, KG, STANDARD
from kg.store import Store

MOST_LISTED = 50_000
"""Addresses in a map, by the protocol of site maps."""
MOST_COMPARED = 5_000
"""Names that a misspelt one is compared with, letter by letter."""
_TYPE = ox.NamedNode(STANDARD["rdf"] + "type")
_EACH_ONCE = ox.DefaultGraph()


@cache
def kinds(store: Store) -> list[str]:
    """Return the names of the ontology's classes that have members with an address here, sorted."""
    classes = store.quads.quads_for_pattern(None, _TYPE, ox.NamedNode(STANDARD["owl"] + "Class"), _EACH_ONCE)
    names = [quad.subject.value for quad in classes if isinstance(quad.subject, ox.NamedNode)]
    return sorted(name.removeprefix(KG) for name in names if name.startswith(KG) and members(store, name[len(KG) :], 1))


def members(store: Store, kind: str, most: int = MOST_LISTED) -> list[str]:
    """Return the paths of the members of a class, sorted; of more than `most`, so many of them."""
    found: list[str] = []
    try:
        class_ = ox.NamedNode(KG + kind)
    except ValueError:
        return found
    for quad in store.quads.quads_for_pattern(None, _TYPE, class_, _EACH_ONCE):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(BASE):
            found.append(quad.subject.value.removeprefix(BASE))
            if len(found) == most:
                break
    return sorted(found)


def similar(store: Store, iri: str) -> str:
    """Return a clause that names things of a similar IRI, or ''."""
    folder, _, name = iri.removeprefix(BASE).rpartition("/")
    names = _names(store, folder)
    if len(names) > MOST_COMPARED:  # then those next to it in the alphabet
        place = bisect_left(names, name)
        names = names[max(0, place - 50) : place + 50]
    return did_you_mean(name, names) if name else ""


@lru_cache(maxsize=64)
def _names(store: Store, folder: str) -> list[str]:
    """Return the last part of the paths in a folder, sorted: of the classes whose first member stands there."""
    start = f"{folder}/"
    named = [kind for kind in kinds(store) if members(store, kind, 1)[0].startswith(start)]
    paths = {path for kind in named for path in members(store, kind)}
    return sorted(path.removeprefix(start) for path in paths if path.startswith(start))
