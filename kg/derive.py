"""closure -> closure: what follows by a query and not by OWL 2 RL, such as the earliest of several dates.

A derivation is a CONSTRUCT query in queries/derivations, with a `#+` header of title and definition. They run in the
order of their names, each over all facts once, and what they find stands in `graph:derived` like any derived fact.
"""

from __future__ import annotations

import pyoxigraph as ox

from kg import places
from kg.names import DERIVED


def derive(store: ox.Store) -> int:
    """Add to the store what the derivations find in its default graph; return the number of facts that are new."""
    derived = ox.NamedNode(DERIVED)
    before = len(store)
    for path in sorted((places.DERIVATIONS).glob("*.rq")):
        found = store.query(path.read_text(encoding="utf-8"))
        assert isinstance(found, ox.QueryTriples), path
        fresh = [triple for triple in found if ox.Quad(*triple, ox.DefaultGraph()) not in store]
        for graph in (ox.DefaultGraph(), derived):
            store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in fresh)
    return (len(store) - before) // 2
