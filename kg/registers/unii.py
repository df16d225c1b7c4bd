"""FDA's UNII names as facts: a substance for each identifier, with the names under which it goes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.names import STANDARD
from kg.registers import tables
from kg.registers.account import Account
from kg.registers.substances import Substance
from kg.registers.tables import Row
from kg.registers.terms import LABEL, A, english, iri, term

COLUMNS = tables.columns(
    required={"name": ["Name"], "type": ["TYPE"], "unii": ["UNII"], "display": ["Display Name", "PT"]}, optional={}
)
KEPT = ("of", "cn")
"""Official and common names. Brands, codes and systematic names are no names to call a substance by."""
_TAG = re.compile(r" ?\[[^\]]*\]$")
_UNII = re.compile(r"[0-9A-Z]{10}")


@dataclass(frozen=True, slots=True)
class Named:
    """A substance and its names, without the tags that say who uses a name."""

    substance: Substance
    names: tuple[str, ...]
    locator: str


def read(paths: Sequence[Path], account: Account) -> Iterator[Named]:
    """Yield each substance; the rows of one stand together in the file."""
    for path in paths:
        rows = _valid(tables.read(path, COLUMNS, delimiter="\t", quoting=False), account)
        for unii, group in itertools.groupby(rows, key=lambda row: row["unii"]):
            first, *rest = group
            names = {_TAG.sub("", row["name"]): None for row in (first, *rest) if row["type"] in KEPT}
            account.used += 1 + len(rest)
            yield Named(Substance(unii, first["display"].lower()), tuple(names), f"UNII {unii}")


def _valid(rows: Iterable[Row], account: Account) -> Iterator[Row]:
    for row in rows:
        account.read += 1
        if not _UNII.fullmatch(row["unii"]) or not row["display"]:
            account.reject(row.file, row.locator, "no UNII of ten letters and digits", row["unii"] or row["name"])
        else:
            yield row


def facts(named: Named) -> Iterator[ox.Triple]:
    """Yield a substance as facts."""
    node = iri("drug", named.substance.key)
    yield ox.Triple(node, A, term("kg:Substance"))
    yield ox.Triple(node, LABEL, english(named.substance.name))
    yield ox.Triple(node, term("dcterms:identifier"), ox.Literal(named.substance.unii))
    yield ox.Triple(node, term("skos:exactMatch"), ox.NamedNode(STANDARD["unii"] + named.substance.unii))
    for name in named.names:
        if name.lower() != named.substance.name:
            yield ox.Triple(node, term("skos:altLabel"), ox.Literal(name.lower()))
    yield ox.Triple(node, term("kg:locator"), ox.Literal(named.locator))
