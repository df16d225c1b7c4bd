"""Integers back to terms: triples of pyoxigraph, files, and single facts for messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, Triple, parse, serialize

from kg.errors import ReasonError
from kg.owl2rl.vocabulary import FIRST, PREFIXES, is_literal

if TYPE_CHECKING:
    from kg.owl2rl.workspace import Workspace

Ids = tuple[int, int, int]
_BATCH = 50_000


def triples(lines: Iterable[str]) -> Iterator[Triple]:
    """The triples of lines of N-Triples."""
    rest = iter(lines)
    while text := "\n".join(islice(rest, _BATCH)):
        for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES):
            yield quad.triple


def write(work: Workspace, path: str, *, stated: bool) -> None:
    """Write the derived facts, and the `stated` ones, to a file by its name: .nt, .nq (sorted lines) or .ttl.

    Each plain or .gz. Raises ReasonError for another name.
    """
    packed = path.endswith(".gz")
    name = path.removesuffix(".gz")
    if name.endswith((".nt", ".nq")):
        work.write_lines(path, packed, stated=stated, derived=True)
    elif name.endswith(".ttl"):
        lines = work.lines(stated=stated, derived=True)
        text = serialize(triples(lines), format=RdfFormat.TURTLE, prefixes=dict(PREFIXES)) or b""
        if packed:
            import gzip

            text = gzip.compress(text)
        with open(path, "wb") as stream:
            stream.write(text)
    else:
        raise ReasonError(f"{path}: unknown kind of file; write .nt, .nq or .ttl, plain or .gz")


class Decoder:
    """Single terms and facts, for messages."""

    def __init__(self, work: Workspace) -> None:
        self.work, self.equality = work, work.equality
        self._texts: dict[int, str] = {}

    def fetch(self, ids: Iterable[int]) -> None:
        """Have the texts of these terms at hand."""
        wanted = {number for number in ids if number not in self._texts}
        if wanted:
            self._texts.update(self.work.texts(wanted))

    def text(self, term: int) -> str:
        """Give a term as N-Triples writes it."""
        self.fetch([term])
        return self._texts[term]

    def triples(self, facts: Iterable[Ids]) -> tuple[Triple, ...]:
        """Those of `facts` that are RDF, in order."""
        kept = list(facts)
        self.fetch(number for fact in kept for number in fact)
        proper = [[self.text(number) for number in fact] for fact in kept if not is_literal(fact[0])]
        return tuple(triples(f"{' '.join(fact)} ." for fact in proper if fact[1][0] == "<"))

    def stated(self, s: int, p: int, o: int) -> Ids:
        """A stated fact that stands behind one over representatives; the fact itself if there is none."""
        groups = [self.equality.group(term) for term in (s, p, o)]
        if all(len(group) == 1 for group in groups):
            return (s, p, o)
        return self.work.first_stated(groups) or (s, p, o)

    def in_lists(self, members: list[int]) -> list[int]:
        """Those of `members` that are stated to be items of lists, by text."""
        return sorted({o for _, p, o in self.work.stated_with(members) if p == FIRST}, key=self.text)

    def literal_groups(self) -> list[list[tuple[int, str]]]:
        """The literals of each class that may differ in value, by text."""
        groups = self.equality.literal_groups()
        self.fetch(number for group in groups for number in group)
        texts = [[(number, self.text(number)) for number in group] for group in groups]
        return [sorted(group, key=lambda literal: literal[1]) for group in texts]

    def with_objects(self, terms: list[int]) -> list[Ids]:
        """The stated facts whose object is one of `terms`, sorted by text."""
        facts = self.work.stated_with(terms)
        self.fetch(number for fact in facts for number in fact)
        return sorted(facts, key=lambda fact: [self.text(number) for number in fact])
