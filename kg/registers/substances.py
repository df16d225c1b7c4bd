"""One substance across registers: what a register prints leads to the UNII of the base substance.

    printed --names--> folded name --Names--> Substance --salts--> base --Resolver--> Match

Exact and official names come first; salts and hydrates go to their base (the rule is in `kg.registers.salts`); a
combination is split only where every part is found; a brand or code is the last resort. What is not found stays
unmatched: a wrong merge is worse than a missed one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.registers import antigens, salts
from kg.registers.curated import CURATED
from kg.registers.index import Names, Substance
from kg.registers.names import (
    NO_NAME,
    fold,
    near,
    one_off,
    reduced,
    respelled,
    segments,
    slug,
    tidy,
    without_parenthesis,
)

__all__ = ["METHODS", "SSSOM_COLUMNS", "Match", "Names", "Resolver", "Substance", "sssom"]

METHODS = (
    "exact",  # a name of the substance, as printed
    "salt-stripped",  # a salt, hydrate or solvate of it
    "remark-dropped",  # without what the register adds: "(genetical recombination)", a suffix such as -atto
    "base-and-salt",  # "BASE (BASE SALT)": both were found, and one says which substance is meant
    "spelling",  # INN, USAN and BAN spell it differently; isotopes, plurals
    "curated",  # looked up by hand (kg.registers.curated)
    "only-salt",  # the base has no UNII; the only salt that has one stands for it
    "misprint",  # one letter off the only official name that is so close
    "brand-or-code",  # a brand or code, and nobody's common name
    "antigen",  # of a vaccine, told by its kind, type and carrier (kg.registers.antigens)
    "combination-split",  # several substances, each found by one of the above
    "unmatched",
)
"""How a printed name was matched, the surest first."""

_ISOTOPE = re.compile(r"\d+m?[A-Z][a-z]?|[A-Z][a-z]?[ -]?\d+m?")


@dataclass(frozen=True, slots=True)
class Match:
    """What a printed name stands for: one substance, several (sorted by name), or none that was found."""

    printed: str
    method: str
    parts: tuple[Substance, ...]
    key: str
    label: str


Found = tuple[str, tuple[Substance, ...]]
"""A method, and the substances that it found."""


class Resolver:
    """Resolves printed names against one or several indexes, in their order; remembers every answer, and how often."""

    def __init__(self, *names: Names) -> None:
        self.names = names
        self.matches: dict[str, Match] = {}
        self.counts: Counter[str] = Counter()
        self._bases: dict[str, Substance] = {}
        self._near: dict[str, list[str]] = {}

    def resolve(self, printed: str, parts: Sequence[str] | None = None) -> Match:
        """Return what `printed` stands for; `parts` are its components where the register itself lists them.

        A register that prints nothing but the components has printed these: what is unmatched is called by them.
        """
        known = "; ".join(parts) if parts else printed
        self.counts[known] += 1
        if known not in self.matches:
            found = _together([self._any(part) for part in parts or [printed]]) or self._vaccine(known)
            self.matches[known] = _match(printed or known, found)
        return self.matches[known]

    def _any(self, printed: str) -> Found | None:
        text = tidy(printed)
        if "; " in (curated := CURATED.get(fold(text), "")):
            return _together([self._one(name) for name in curated.split("; ")])
        if fold(text) in NO_NAME:
            return None
        pieces = salts.rejoined(segments(text))
        if len(pieces) == 1:
            return self._one(pieces[0][0])
        best: list[list[Found] | None] = [*([None] * len(pieces)), []]
        for first in reversed(range(len(pieces))):
            for last in range(first, min(first + 4, len(pieces))):
                rest = best[last + 1]
                found = self._joined(pieces[first : last + 1]) if rest is not None else None
                if rest is not None and found and len(rest) + 1 < len(best[first] or range(len(pieces) + 1)):
                    best[first] = [found, *rest]
        whole = " ".join(text.split())
        return _together(best[0]) if best[0] else None if ";" in whole else self._one(whole)

    def _vaccine(self, printed: str) -> Found | None:
        """Resolve what is printed of a vaccine, if it can be read in one way only of which each part is found."""
        found = set()
        for names, others in antigens.readings(printed) if any(index.official for index in self.names) else ():
            each = [self._antigen(name) for name in names] + [self._one(piece) for piece in others]
            if together := _together(each):
                found.add(together)
        return found.pop() if len(found) == 1 else None

    def _antigen(self, name: str) -> Found | None:
        found = self._exactly(fold(name))
        return ("antigen", (found,)) if found else None

    def _joined(self, pieces: Sequence[tuple[str, str]]) -> Found | None:
        """Resolve adjacent pieces as one name; where a line broke, a salt may stand on the next line."""
        if len(pieces) == 1:
            return self._one(pieces[0][0])
        breaks = {sign for _, sign in pieces[:-1]}
        if any(";" in sign for sign in breaks):
            return None
        text = "".join(piece + sign for piece, sign in pieces)
        how = self._plainly if all(sign.isspace() and "\n" in sign for sign in breaks) else self._exactly
        found = next((found for name in (text, *reduced(text)) if (found := how(fold(name)))), None)
        return ("exact", (found,)) if found else None

    def _one(self, text: str) -> Found | None:
        """Resolve what is printed for one substance, by the surest method that finds it."""
        return next(((method, (found,)) for method, found in self._tries(text) if found), None)

    def _tries(self, text: str) -> Iterator[tuple[str, Substance | None]]:
        name = fold(text)
        if name in CURATED:
            yield "curated", self._plainly(fold(CURATED[name]))
        found = self.find(name)
        if found:
            base = self.base(found)
            yield "exact" if base == found else "salt-stripped", base
        yield "salt-stripped", self._plainly(name)
        for shorter in reduced(text):
            yield "remark-dropped", self._plainly(fold(shorter))
        yield "base-and-salt", self._base_and_salt(text)
        for variant in respelled(name) if len(name) > 4 else ():
            yield "spelling", self._plainly(variant)
        yield "only-salt", self._only_salt(name)
        yield "misprint", self._misprint(name)
        traded = next((several for index in self.names if (several := index.trade(name))), ())
        yield "brand-or-code", self.base(traded[0]) if len(traded) == 1 else None

    def find(self, name: str) -> Substance | None:
        """Return the substance of a folded name; of several that share it, the form that is not specified, if one."""
        several = next((found for index in self.names if (found := index.common(name))), ())
        if len(several) < 2:
            return several[0] if several else None
        plain = [one for one in several if "unspecified" in one.name or fold(one.name).startswith(f"{name} FREE")]
        if len(plain) == 1:
            return plain[0]
        bases = {self.base(one) for one in several}
        return bases.pop() if len(bases) == 1 else None

    def base(self, substance: Substance) -> Substance:
        """Return the substance whose salt, hydrate or solvate this is by its display name, or itself."""
        if (known := self._bases.get(substance.unii)) is not None:
            return known
        self._bases[substance.unii] = substance  # a name that several share may ask for this again
        chain = [substance]
        while (less := self._stripped(fold(chain[-1].name), but=chain[-1])) and less not in chain:
            chain.append(less)
        base = chain[-1] if less is None else min(chain[chain.index(less) :], key=lambda one: (len(one.name), one.unii))
        self._bases.update((one.unii, base) for one in chain)
        return base

    def _exactly(self, name: str) -> Substance | None:
        found = self.find(name)
        return self.base(found) if found else None

    def _plainly(self, name: str) -> Substance | None:
        found = self.find(name) or self._stripped(name)
        return found and self.base(found)

    def _stripped(self, name: str, but: Substance | None = None) -> Substance | None:
        """Return whose name is left first without salt words, other than that of `but` itself."""
        left = (self.find(candidate) for candidate in salts.stripped(name))
        return next((found for found in left if found and found != but), None)

    def _fairly(self, text: str) -> Substance | None:
        """Resolve a name by all but the least sure methods."""
        names = (fold(text), *(fold(shorter) for shorter in reduced(text)), *respelled(fold(text)))
        return next((found for name in names if (found := self._plainly(name))), None)

    def _base_and_salt(self, text: str) -> Substance | None:
        """Decide "BASE (BASE SALT)": the inner name says what is in it, if it is a name that is found."""
        both = without_parenthesis(text)
        if both is None:
            return None
        outer, inner = both
        outside = self._fairly(outer)
        within = {self._fairly(re.sub("^as ", "", name)) for name in re.split(r", | and ", inner)}
        only = within.pop() if len(within) == 1 and not _ISOTOPE.fullmatch(inner) else None
        if only and (outside or (self._plainly(fold(inner)) and "accine" not in outer)):
            return only
        same = set(fold(outer).split()) & set(fold(inner).split())
        traded = {one for index in self.names for one in index.trade(fold(inner))}
        return outside if same or salts.only_salt(fold(inner)) or outside in traded else None

    def _only_salt(self, name: str) -> Substance | None:
        """Return the salt of a base that has no UNII of its own."""
        forms = ("SODIUM", "POTASSIUM", "HYDROCHLORIDE", "ACETATE", "CHLORIDE", "BROMIDE", "TOSYLATE", "MESYLATE")
        found = {one for form in forms if (one := self._exactly(f"{name} {form}"))} if " " not in name[4:] else set()
        return found.pop() if len(found) == 1 else None

    def _misprint(self, name: str) -> Substance | None:
        """Return the substance of the only official name that is one letter off, for long names without digits."""
        if len(name) < 9 or not name.replace(" ", "").isalpha():
            return None
        if not self._near:
            for key in sorted(
                {key for index in self.names for key in index.official if key.replace(" ", "").isalpha()}
            ):
                for half in near(key):
                    self._near.setdefault(half, []).append(key)
        close = {key for half in near(name) for key in self._near.get(half, ()) if one_off(key, name)}
        found = {self._plainly(key) for key in close}
        return found.pop() if len(found) == 1 else None


def _together(each: Sequence[Found | None]) -> Found | None:
    """Join what was found for the parts of a combination, if all were; identical parts are one."""
    found = [one for one in each if one]
    if not found or len(found) < len(each):
        return None
    parts = {part.unii: part for _, several in found for part in several}
    if len(parts) > 1:
        return "combination-split", tuple(sorted(parts.values(), key=lambda part: (part.name, part.unii)))
    return max((method for method, _ in found), key=METHODS.index), tuple(parts.values())


def _match(printed: str, found: Found | None) -> Match:
    if not found:
        label = tidy(printed).replace("\n", " ")
        return Match(printed, "unmatched", (), slug(fold(label)), label)
    method, parts = found
    return Match(printed, method, parts, "_".join(p.key for p in parts), " + ".join(p.name for p in parts))


SSSOM_COLUMNS = "subject_label predicate_id object_id object_label mapping_justification mapping_tool comment".split()


def sssom(matches: Iterable[Match], *, tool: str = "kg.registers.substances") -> Iterator[list[str]]:
    """Yield the rows of a SSSOM table, its header first, sorted: a row per part; what is unmatched has a row too."""
    yield SSSOM_COLUMNS
    for match in sorted(matches, key=lambda match: match.printed):
        subject = " ".join(match.printed.split())
        how = [
            "semapv:ManualMappingCuration" if match.method == "curated" else "semapv:LexicalMatching",
            tool,
            match.method,
        ]
        predicate = "skos:exactMatch" if match.method == "exact" else "skos:closeMatch"
        for part in match.parts:
            yield [
                subject,
                predicate if len(match.parts) == 1 else "skos:relatedMatch",
                f"UNII:{part.unii}",
                part.name,
                *how,
            ]
        if not match.parts:
            yield [subject, "sssom:NoTermFound", "sssom:NoTermFound", "", *how]
