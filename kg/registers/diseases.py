"""Disease ontologies and mappings between them as facts: conditions in a hierarchy, with their matches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.registers import disease, sssom
from kg.registers.account import Account
from kg.registers.condition_index import Concept, Index
from kg.registers.conditions import triples


def read(paths: Sequence[Path], account: Account) -> Iterator[tuple[Concept, Index]]:
    """Yield each condition that the files describe together. Raises LoadError."""
    mappings = [path for path in paths if _is_mapping(path)]
    ontologies = [path for path in paths if not _is_mapping(path)]
    for path in mappings:
        account.read += (rows := len(sssom.read(path).rows))
        account.used += rows
    for path in ontologies:
        found = disease.read(path)
        account.read += len(found.terms) + sum(found.left_out.values())
        account.used += len(found.terms)
        for reason, count in found.left_out.items():
            for _ in range(count):
                account.reject(path.name, "", reason)
    index = Index.build(mappings=mappings, ontologies=ontologies)
    for concept in index:
        yield concept, index


def facts(described: tuple[Concept, Index]) -> Iterator[ox.Triple]:
    """Yield a condition as facts."""
    yield from triples(*described)


def _is_mapping(path: Path) -> bool:
    return path.name.lower().endswith((".tsv", ".tsv.gz"))
