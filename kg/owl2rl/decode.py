"""Integers back to terms: triples of pyoxigraph, and files."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, Triple, parse, serialize

from kg.errors import ReasonError
from kg.owl2rl.vocabulary import FIRST, PREFIXES, is_literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from kg.owl2rl.evaluate import Evaluation

Ids = tuple[int, int, int]
_BATCH = 50_000


def lines(rows: str) -> str:
    """A SELECT of the N-Triples lines of `rows` (s, p, o), sorted by their terms' text."""
    return (
        f"WITH d AS MATERIALIZED ({rows}), "
        "used AS (SELECT s AS id FROM d UNION SELECT p FROM d UNION SELECT o FROM d), "
        # Long texts with one beginning sort slowly: each is compared once, then by its rank.
        "ranked AS MATERIALIZED (SELECT id, text, row_number() OVER (ORDER BY text) AS rank "
        "FROM terms SEMI JOIN used USING (id)) "
        "SELECT concat(a.text, ' ', b.text, ' ', c.text, ' .') AS line FROM d JOIN ranked a ON a.id = s "
        "JOIN ranked b ON b.id = p JOIN ranked c ON c.id = o ORDER BY a.rank, b.rank, c.rank"
    )


def triples(con: DuckDBPyConnection, rows: str) -> Iterator[Triple]:
    """The triples of `rows` (s, p, o), sorted."""
    cursor = con.cursor()
    cursor.execute(lines(rows))
    while batch := cursor.fetchmany(_BATCH):
        text = "\n".join(line for (line,) in batch)
        for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES):
            yield quad.triple


def write(con: DuckDBPyConnection, rows: str, path: Path) -> None:
    """Write `rows` (s, p, o) to a file, by its name: .nt, .nq (sorted lines) or .ttl, plain or .gz.

    Raises ReasonError for another name.
    """
    packed = path.suffix == ".gz"
    kind = Path(path.stem).suffix if packed else path.suffix
    if kind in (".nt", ".nq"):
        target = str(path).replace("'", "''")
        con.execute(
            f"COPY ({lines(rows)}) TO '{target}' (FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '', "
            f"COMPRESSION {'gzip' if packed else 'none'})"
        )
    elif kind == ".ttl":
        text = serialize(triples(con, rows), format=RdfFormat.TURTLE, prefixes=dict(PREFIXES))
        with gzip.open(path, "wb") if packed else path.open("wb") as stream:
            stream.write(text or b"")
    else:
        raise ReasonError(f"{path}: unknown kind of file; write .nt, .nq or .ttl, plain or .gz")


class Decoder:
    """Single terms and facts, for messages."""

    def __init__(self, evaluation: Evaluation, stated: str) -> None:
        self.con = evaluation.con
        self._equality, self._stated = evaluation.equality, stated
        self._texts: dict[int, str] = {}

    def fetch(self, ids: Iterable[int]) -> None:
        """Have the texts of these terms at hand."""
        wanted = sorted({number for number in ids if number not in self._texts})
        if wanted:
            sql = "SELECT id, text FROM terms WHERE id IN (SELECT unnest($1))"
            self._texts.update(self.con.execute(sql, [wanted]).fetchall())

    def text(self, term: int) -> str:
        """Give a term as N-Triples writes it."""
        self.fetch([term])
        return self._texts[term]

    def triples(self, facts: Iterable[Ids]) -> tuple[Triple, ...]:
        """Those of `facts` that are RDF, in order."""
        kept = list(facts)
        self.fetch(number for fact in kept for number in fact)
        proper = [[self.text(number) for number in fact] for fact in kept if not is_literal(fact[0])]
        text = "\n".join(f"{' '.join(fact)} ." for fact in proper if fact[1][0] == "<")
        return tuple(quad.triple for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES))

    def stated(self, s: int, p: int, o: int) -> Ids:
        """A stated fact that stands behind one over representatives; the fact itself if there is none."""
        members = self._equality.members
        if not any(term in members for term in (s, p, o)):
            return (s, p, o)
        groups = [members.get(term, [term]) for term in (s, p, o)]
        sql = (
            f"SELECT s, p, o FROM {self._stated} WHERE s IN (SELECT unnest($1)) AND p IN (SELECT unnest($2)) "
            f"AND o IN (SELECT unnest($3)) ORDER BY s, p, o LIMIT 1"
        )
        found = self.con.execute(sql, groups).fetchone()
        return (int(found[0]), int(found[1]), int(found[2])) if found else (s, p, o)

    def in_lists(self, members: list[int]) -> list[int]:
        """Those of `members` that are stated to be items of lists, by text."""
        sql = f"SELECT DISTINCT o FROM {self._stated} WHERE p = {FIRST} AND o IN (SELECT unnest($1))"
        return sorted((row[0] for row in self.con.execute(sql, [members]).fetchall()), key=self.text)

    def literal_groups(self) -> list[list[tuple[int, str]]]:
        """The literals of each class of equal terms that has two or more."""
        groups = [sorted(filter(is_literal, group)) for group in self._equality.members.values()]
        return [[(number, self.text(number)) for number in group] for group in groups if len(group) > 1]

    def with_objects(self, terms: list[int]) -> list[Ids]:
        """The stated facts whose object is one of `terms`, sorted by text."""
        sql = f"SELECT s, p, o FROM {self._stated} WHERE o IN (SELECT unnest($1))"
        facts = self.con.execute(sql, [terms]).fetchall()
        self.fetch(number for fact in facts for number in fact)
        return sorted(facts, key=lambda fact: [self.text(number) for number in fact])
