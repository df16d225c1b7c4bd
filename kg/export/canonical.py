"""facts -> the hash of their canonical form (W3C RDF Dataset Canonicalization, RDFC-1.0, with SHA-256).

It is the same for the same facts in whatever syntax, order and with whatever labels of blank nodes. The labels depend
on the facts that have blank nodes alone; only those are held in memory, and the others are sorted in their table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from heapq import merge

import pyoxigraph as ox

from kg.export.facts import Facts
from kg.export.syntaxes import parsed


def canonical_hash(facts: Facts, *, graphs: bool = True) -> str:
    """Return the SHA-256 of the canonical N-Quads, in hexadecimal; without `graphs`, of the facts in the default graph.

    Where no fact has a blank node, that is the SHA-256 of the N-Quads file that `kg export` writes.
    """
    digest = hashlib.sha256()
    for line in canonical_lines(facts, graphs=graphs):
        digest.update(line.encode())
    return digest.hexdigest()


def canonical_lines(facts: Facts, *, graphs: bool) -> Iterator[str]:
    """Yield the lines of canonical N-Quads, in the order of their code points."""
    columns, table = ("s p o g", "quads") if graphs else ("s p o", facts.once)
    blank = "(SELECT id FROM terms WHERE text[1] = '_')"
    has = " OR ".join(f"{name} IN {blank}" for name in columns.replace("p", "").split())
    dataset = ox.Dataset(parsed(facts.texts(columns, f"(SELECT * FROM {table} WHERE {has})", "f.s, f.p, f.o")))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    order = ", ".join(f"f.{name}" for name in columns.split())
    others = facts.texts(columns, f"(SELECT * FROM {table} WHERE NOT ({has}))", order)
    relabelled = sorted(
        f"{quad.triple}{'' if isinstance(quad.graph_name, ox.DefaultGraph) else f' {quad.graph_name}'} .\n"
        for quad in dataset
    )
    yield from merge(relabelled, (f"{' '.join(row)} .\n" for row in others))
