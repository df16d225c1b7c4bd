"""Names of substances as UNII has them, in an index: folded name -> substance. Read from its file, or from a graph."""

from __future__ import annotations

import gc
import gzip
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import LoadError
from kg.names import KG, STANDARD
from kg.registers.names import fold, slug

_HEADER = ["Name", "TYPE", "UNII", "Display Name"]
_PLAIN = re.compile(r"[A-Za-z0-9 -]+")
_TAG = re.compile(r" \[[A-Z][^\]]*\]$")
_NAMES_OF_NOTE = ("[INN]", "[USAN]", "[JAN]", "[BAN]", "[USP]", "[EMA EPAR]", "[ORANGE BOOK]", "[PURPLE BOOK CDER]")


@dataclass(frozen=True, slots=True)
class Substance:
    """One UNII; the name is its display name in lower case."""

    unii: str
    name: str

    @property
    def key(self) -> str:
        """The tail of its IRI; display names that differ in signs only are told apart by the UNII."""
        return slug(self.name) if _PLAIN.fullmatch(self.name) else f"{slug(self.name)}-{self.unii.lower()}"


class Names:
    """An index: folded name -> substance. A name that several substances share leads to all of them."""

    def __init__(self) -> None:
        self.common: dict[str, Substance | tuple[Substance, ...]] = {}
        self.trade: dict[str, Substance | tuple[Substance, ...]] = {}
        self.official: set[str] = set()

    def _add(self, pairs: Iterable[tuple[str, Substance]], to: dict[str, Substance | tuple[Substance, ...]]) -> None:
        """Add names of one rank; those of a higher rank are there already and win."""
        fresh: dict[str, Substance | tuple[Substance, ...]] = {}
        for key, substance in pairs:
            if key in self.common or key in to:
                continue
            old = fresh.setdefault(key, substance)
            if old is not substance and substance not in (several := old if isinstance(old, tuple) else (old,)):
                fresh[key] = (*several, substance)
        to.update(fresh)

    @classmethod
    def from_unii(cls, path: Path) -> Names:
        """Read the FDA's UNII Names file: tab-separated name, type, UNII, display name; plain or gzipped."""
        collecting = gc.isenabled()
        gc.disable()  # half a million small objects that all stay: collecting them takes as long as making them
        try:
            return cls._from_unii(path)
        finally:
            if collecting:
                gc.enable()

    @classmethod
    def _from_unii(cls, path: Path) -> Names:
        substances: dict[str, Substance] = {}
        ranks: dict[str, list[tuple[str, Substance]]] = {rank: [] for rank in ("of", "note", "cn", "bn", "cd")}
        number = 0
        try:
            with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="\n") as lines:
                for number, line in enumerate(lines, 1):
                    row = line.rstrip("\r\n").split("\t")
                    if number == 1:
                        if [cell.lstrip("\ufeff") for cell in row] != _HEADER:
                            raise LoadError(
                                f"{path}, line 1: the header is {row}, not {_HEADER}. Is this the UNII Names file?"
                            )
                        continue
                    if len(row) != 4:
                        raise LoadError(f"{path}, line {number}: {len(row)} columns, not 4: {line[:80]!r}.")
                    name, kind, unii, display = row
                    substance = substances.get(unii)
                    if substance is None:
                        substance = substances[unii] = Substance(unii, display.lower())
                    if kind == "sys":
                        continue
                    if name[-1:] == "]" and (tag := _TAG.search(name)):
                        if kind == "cn" and tag[0][1:] in _NAMES_OF_NOTE:
                            kind = "note"
                        name = name[: tag.start()]
                    if kind not in ranks:
                        raise LoadError(f"{path}, line {number}: type {kind!r} is none of of, cn, bn, cd, sys.")
                    ranks[kind].append((fold(name), substance))
        except UnicodeDecodeError as error:
            raise LoadError(f"{path}, after line {number}: not UTF-8 ({error.reason}). Download it again.") from None
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise LoadError(f"{path}, after line {number}: the gzip is broken ({error}). Download it again.") from None
        except OSError as error:
            raise LoadError(f"{path}: {error.strerror or error}.") from None
        if number < 2:
            raise LoadError(f"{path}: no names after line {number}.")
        names = cls()
        names._add(((fold(s.name), s) for s in substances.values()), names.common)
        for rank in ("of", "note", "cn"):
            names._add(ranks[rank], names.common)
        for rank in ("bn", "cd"):
            names._add(ranks[rank], names.trade)
        names.official = {key for rank in ("of", "note") for key, _ in ranks[rank]}
        return names

    @classmethod
    def from_graph(cls, quads: Iterable[ox.Quad | ox.Triple]) -> Names:
        """Read the substances of a graph: kg:Substance with rdfs:label, dcterms:identifier (UNII), skos:altLabel."""
        a = ox.NamedNode(f"{STANDARD['rdf']}type")
        label, also = (f"{STANDARD['rdfs']}label", f"{STANDARD['skos']}altLabel")
        of_interest = {label, also, f"{STANDARD['dcterms']}identifier"}
        kinds: set[object] = set()
        said: dict[object, dict[str, list[str]]] = {}
        for quad in quads:
            predicate = quad.predicate.value
            if quad.predicate == a and quad.object == ox.NamedNode(f"{KG}Substance"):
                kinds.add(quad.subject)
            elif predicate in of_interest and isinstance(quad.object, ox.Literal):
                said.setdefault(quad.subject, {}).setdefault(predicate, []).append(quad.object.value)
        names = cls()
        known = [
            (Substance(min(facts[f"{STANDARD['dcterms']}identifier"]), min(facts[label]).lower()), facts)
            for subject, facts in said.items()
            if subject in kinds and label in facts and f"{STANDARD['dcterms']}identifier" in facts
        ]
        names._add(((fold(substance.name), substance) for substance, _ in known), names.common)
        names._add(((fold(name), s) for s, facts in known for name in facts.get(also, ())), names.common)
        names.official = set(names.common)
        return names
