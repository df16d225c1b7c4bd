"""Names of substances as UNII has them, in an index: folded name -> substance. Read from its file, or from a graph."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import LoadError
from kg.garbage import uncollected
from kg.names import KG, STANDARD
from kg.registers.names import fold, fold_all, slug

_HEADER = ["Name", "TYPE", "UNII", "Display Name"]
_RANKS = ("display", "of", "note", "cn", "bn", "cd")
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


Pairs = Iterable[tuple[str, str]]
"""Folded names with their UNIIs."""


class Names:
    """An index: folded name -> substance. A name that several substances share leads to all of them."""

    def __init__(self) -> None:
        self._displays: dict[str, str] = {}
        self._common: dict[str, str] = {}
        self._trade: dict[str, str] = {}
        self.official: set[str] = set()  # against these, misprints are read

    def common(self, key: str) -> tuple[Substance, ...]:
        """Return whose official or common name this is; names of a higher rank hide those of a lower."""
        return self._substances(self._common.get(key))

    def trade(self, key: str) -> tuple[Substance, ...]:
        """Return whose brand or code this is, if it is nobody's common name."""
        return self._substances(self._trade.get(key))

    def __len__(self) -> int:
        """The number of substances."""
        return len(self._displays)

    def _substances(self, uniis: str | None) -> tuple[Substance, ...]:
        return tuple(Substance(unii, self._displays[unii].lower()) for unii in uniis.split()) if uniis else ()

    def _add(self, pairs: Pairs, to: dict[str, str]) -> None:
        """Add names of one rank; those of a higher rank are there already and win."""
        common, fresh = self._common, dict[str, str]()
        for key, unii in pairs:
            if key in common or key in to:
                continue
            old = fresh.setdefault(key, unii)
            if old != unii and unii not in old.split():
                fresh[key] = f"{old} {unii}"
        to.update(fresh)

    @classmethod
    def from_unii(cls, path: Path) -> Names:
        """Read the FDA's UNII Names file: tab-separated name, type, UNII, display name; plain or gzipped."""
        names = cls()
        ranks: dict[str, tuple[list[str], list[str]]] = {rank: ([], []) for rank in _RANKS}
        number = 0
        try:
            with (
                uncollected(),
                (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="\n") as lines,
            ):
                for number, line in enumerate(lines, 1):
                    try:
                        name, kind, unii, display = line.split("\t")
                    except ValueError:
                        raise LoadError(f"{path}, line {number}: not the 4 columns {_HEADER}: {line[:80]!r}.") from None
                    if number == 1:
                        names._check_header(path, line)
                        continue
                    names._displays[unii] = display = display.rstrip()
                    if name == display:
                        kind = "display"
                    elif kind == "sys":
                        continue
                    elif name[-1] == "]" and (tag := _TAG.search(name)):
                        if kind == "cn" and tag[0][1:] in _NAMES_OF_NOTE:
                            kind = "note"
                        name = name[: tag.start()]
                    if kind not in ranks:
                        raise LoadError(f"{path}, line {number}: type {kind!r} is none of of, cn, bn, cd, sys.")
                    found, uniis = ranks[kind]
                    found.append(name)
                    uniis.append(unii)
        except UnicodeDecodeError as error:
            raise LoadError(f"{path}, after line {number}: not UTF-8 ({error.reason}). Download it again.") from None
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise LoadError(f"{path}, after line {number}: the gzip is broken ({error}). Download it again.") from None
        except OSError as error:
            raise LoadError(f"{path}: {error.strerror or error}.") from None
        if number < 2:
            raise LoadError(f"{path}: no names after line {number}. Is this the UNII Names file?")
        for rank, (found, uniis) in ranks.items():
            keys = fold_all(found) if found else []
            names._add(zip(keys, uniis, strict=True), names._trade if rank in ("bn", "cd") else names._common)
            names.official.update(keys if rank in ("of", "note") else ())
        return names

    @staticmethod
    def _check_header(path: Path, line: str) -> None:
        header = line.lstrip("\ufeff").rstrip("\r\n").split("\t")
        if header != _HEADER:
            raise LoadError(f"{path}, line 1: the header is {header}, not {_HEADER}. Is this the UNII Names file?")

    @classmethod
    def from_graph(cls, quads: Iterable[ox.Quad | ox.Triple]) -> Names:
        """Read the substances of a graph: kg:Substance with rdfs:label, dcterms:identifier (UNII), skos:altLabel."""
        a, substance = ox.NamedNode(f"{STANDARD['rdf']}type"), ox.NamedNode(f"{KG}Substance")
        of_interest = {f"{STANDARD['rdfs']}label", f"{STANDARD['dcterms']}identifier", f"{STANDARD['skos']}altLabel"}
        kinds: set[object] = set()
        said: dict[object, dict[str, list[str]]] = {}
        for quad in quads:
            if quad.predicate == a and quad.object == substance:
                kinds.add(quad.subject)
            elif quad.predicate.value in of_interest and isinstance(quad.object, ox.Literal):
                said.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object.value)
        names = cls()
        labels: list[tuple[str, str]] = []
        others: list[tuple[str, str]] = []
        for subject, facts in said.items():
            label, unii, also = (sorted(facts.get(predicate, ())) for predicate in sorted(of_interest, key=_order))
            if subject in kinds and label and unii:
                names._displays[unii[0]] = label[0]
                labels.append((fold(label[0]), unii[0]))
                others.extend((fold(name), unii[0]) for name in (*label, *also))
        names._add(labels, names._common)
        names._add(others, names._common)
        return names  # nothing is official: in an index that is not complete, one letter off may be another medicine


def _order(predicate: str) -> int:
    return [predicate.endswith(end) for end in ("#label", "/identifier", "#altLabel")].index(True)
