"""One substance across registers: what a register prints leads to the UNII of the base substance.

    printed --names--> folded name --Names--> Substance --salts--> base --Resolver--> Match

Exact and official names come first; salts and hydrates go to their base (the rule is in `kg.registers.salts`); a
combination is split only where every part is found; a brand or code is the last resort. What is not found stays
unmatched: a wrong merge is worse than a missed one.
"""

from __future__ import annotations

import gc
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import LoadError
from kg.names import KG, STANDARD
from kg.registers import salts
from kg.registers.names import fold, groups, reduced, respelled, segments, slug, tidy, without_parenthesis

METHODS = (
    "exact",  # a name of the substance, as printed
    "salt-stripped",  # a salt, hydrate or solvate of it
    "remark-dropped",  # without what the register adds: "(genetical recombination)", a suffix such as -atto
    "base-and-salt",  # "BASE (BASE SALT)": both were found, and one says which substance is meant
    "spelling",  # INN, USAN and BAN spell it differently; isotopes, plurals
    "misprint",  # one letter off the only official name that is so close
    "brand-or-code",  # a brand or code, and nobody's common name
    "combination-split",  # several substances, each found by one of the above
    "unmatched",
)
"""How a printed name was matched, the surest first."""

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


@dataclass(frozen=True, slots=True)
class Match:
    """What a printed name stands for: one substance, several (sorted by name), or none that was found."""

    printed: str
    method: str
    parts: tuple[Substance, ...]
    key: str
    label: str


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


class Resolver:
    """Resolves printed names against one or several indexes, in their order; remembers every answer."""

    def __init__(self, *names: Names) -> None:
        self.names = names
        self.matches: dict[str, Match] = {}
        self._bases: dict[str, Substance] = {}
        self._by_shape: dict[str, set[str]] | None = None

    def resolve(self, printed: str, parts: Sequence[str] | None = None) -> Match:
        """Return what `printed` stands for; `parts` are its components where the register itself lists them."""
        remembered = printed if parts is None else "; ".join(parts) or printed
        if remembered in self.matches:
            return self.matches[remembered]
        if parts is None:
            found = self._any(printed)
        else:
            each = [self._any(part) for part in parts]
            found = _together([one for one in each if one]) if all(each) else None
        self.matches[remembered] = match = _match(remembered, found)
        return match

    def _any(self, printed: str) -> tuple[str, tuple[Substance, ...]] | None:
        text = tidy(printed)
        pieces, forced = segments(text)
        if len(pieces) == 1:
            return self._one(pieces[0])
        for joined in groups(text, pieces, forced):
            each = [self._one(piece, lax=piece in pieces) for piece in joined]
            if all(each):
                return _together([one for one in each if one])
        return None

    def _one(self, text: str, *, lax: bool = True) -> tuple[str, tuple[Substance, ...]] | None:
        """Resolve what is printed for one substance; with `lax`, by the less sure methods too."""
        for method, found in self._tries(text, lax):
            if found:
                return method, (found,)
        return None

    def _tries(self, text: str, lax: bool) -> Iterator[tuple[str, Substance | None]]:
        name = fold(text)
        found = self.find(name)
        if found:
            base = self.base(found, name)
            yield "exact" if base == found else "salt-stripped", base
        yield "salt-stripped", self._stripped(name)
        for shorter in reduced(text):
            yield "remark-dropped", self._plainly(fold(shorter))
        yield "base-and-salt", self._base_and_salt(text)
        for variant in respelled(name):
            yield "spelling", self._plainly(variant)
        if lax:
            yield "misprint", self._misprint(name)
            traded = next((n.trade[name] for n in self.names if name in n.trade), None)
            yield "brand-or-code", self.base(traded) if isinstance(traded, Substance) else None

    def _plainly(self, name: str) -> Substance | None:
        found = self.find(name)
        return self.base(found, name) if found else self._stripped(name)

    def find(self, name: str) -> Substance | None:
        """Return the substance of a folded name; if several share it, their base if they have the same one."""
        for index in self.names:
            found = index.common.get(name)
            if isinstance(found, Substance):
                return found
            if found:
                bases = {self.base(one, name) for one in found}
                return bases.pop() if len(bases) == 1 else None
        return None

    def base(self, substance: Substance, name: str = "") -> Substance:
        """Return the substance whose salt, hydrate or solvate this is, or itself."""
        if substance.unii not in self._bases:
            self._bases[substance.unii] = substance  # ends a circle of names
            own = self._stripped(fold(substance.name)) or (self._stripped(name) if name else None)
            self._bases[substance.unii] = own or substance
        return self._bases[substance.unii]

    def _stripped(self, name: str) -> Substance | None:
        for candidate in salts.stripped(name):
            found = self.find(candidate)
            if found:
                return self.base(found)
        return None

    def _base_and_salt(self, text: str) -> Substance | None:
        """Decide "BASE (BASE SALT)": the inner name where it says more (an ester, a simple salt), else the outer."""
        both = without_parenthesis(text)
        if both is None:
            return None
        outer, inner = (fold(name) for name in both)
        outside = self._plainly(outer)
        inside = {self._plainly(fold(name)) for name in re.split(r", | AND ", both[1])}
        within = inside.pop() if len(inside) == 1 else None
        if within and (outside is None or within != outside) and salts.says_more(inner, outer):
            return within
        if outside and (within or salts.only_salt(inner)):
            return outside
        return None

    def _misprint(self, name: str) -> Substance | None:
        """Return the substance of the only official name that is one letter off, for long names without digits."""
        if len(name) < 9 or not name.replace(" ", "").isalpha():
            return None
        if self._by_shape is None:
            self._by_shape = {}
            for index in self.names:
                for key in index.official:
                    if len(key) > 7 and key.replace(" ", "").isalpha():
                        for shape in _shapes(key):
                            self._by_shape.setdefault(shape, set()).add(key)
        near = {key for shape in _shapes(name) for key in self._by_shape.get(shape, ()) if _one_off(key, name)}
        found = {self._plainly(key) for key in near}
        return found.pop() if len(found) == 1 else None


def _shapes(name: str) -> tuple[str, str]:
    """Return a head and a tail of a name; one misprint leaves one of the two as it was."""
    return f"{name[:5]}*", f"*{name[-5:]}"


def _one_off(one: str, other: str) -> bool:
    """Say whether one letter too few, too many, or another, or two swapped, makes one name of the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])


def _together(found: Sequence[tuple[str, tuple[Substance, ...]]]) -> tuple[str, tuple[Substance, ...]]:
    """Join what was found for the parts of a combination; identical parts are one."""
    parts = {part.unii: part for _, several in found for part in several}
    if len(parts) > 1:
        return "combination-split", tuple(sorted(parts.values(), key=lambda part: (part.name, part.unii)))
    return max((method for method, _ in found), key=METHODS.index), tuple(parts.values())


def _match(printed: str, found: tuple[str, tuple[Substance, ...]] | None) -> Match:
    if not found:
        label = tidy(printed)
        return Match(printed, "unmatched", (), slug(fold(label)), label)
    method, parts = found
    return Match(printed, method, parts, "_".join(p.key for p in parts), " + ".join(p.name for p in parts))


SSSOM_COLUMNS = [
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "mapping_tool",
    "comment",
]


def sssom(matches: Iterable[Match], *, tool: str = "kg.registers.substances") -> Iterator[list[str]]:
    """Yield the rows of a SSSOM table, its header first, sorted: a row per part; what is unmatched has a row too."""
    yield SSSOM_COLUMNS
    for match in sorted(matches, key=lambda match: match.printed):
        subject = " ".join(match.printed.split())
        for part in match.parts:
            predicate = "skos:exactMatch" if match.method == "exact" else "skos:closeMatch"
            if len(match.parts) > 1:
                predicate = "skos:relatedMatch"
            yield [
                subject,
                predicate,
                f"UNII:{part.unii}",
                part.name,
                "semapv:LexicalMatching",
                tool,
                match.method,
            ]
        if not match.parts:
            none = "sssom:NoTermFound"
            yield [subject, none, none, "", "semapv:LexicalMatching", tool, match.method]
