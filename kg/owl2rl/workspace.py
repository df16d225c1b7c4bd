"""Where a closure is made: what the evaluation asks of `in_memory`, for small graphs, and of `in_tables`, for others.

Only for reading and for the type checker. A term is an integer everywhere, see `vocabulary`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from kg.owl2rl.compile import Resolve
from kg.owl2rl.demand import Demand
from kg.owl2rl.equality import Changed, Equality, Pairs
from kg.owl2rl.memory import Derived, Triple
from kg.owl2rl.patterns import Rule
from kg.owl2rl.schema import Schema
from kg.owl2rl.sources import Source

if TYPE_CHECKING:
    from kg.owl2rl.evaluate import Evaluation
    from kg.owl2rl.literals import Literals


class Workspace(Protocol):
    """Terms and facts, and of the facts those that are fresh: new in the last round."""

    full: bool
    """Whether what is true of everything is told."""
    demand: Demand

    @property
    def equality(self) -> Equality:
        """The classes of equal terms."""

    everything: bool
    """All facts count as fresh."""

    @property
    def fresh(self) -> Any:
        """The last round's facts: all of them while everything is to be joined; in tables, the name of theirs."""

    found: dict[int, int]
    """How many fresh facts there are of each property."""
    found_schema: bool
    """Whether any of them is schema."""

    # Sources

    def read(self, source: Source) -> None:
        """Read a source; what was read before stays as it is. Raises SourceError, and TooLarge."""

    def encode(self) -> int:
        """Give integers to what was read; the first that is new. Raises SourceError."""

    def take(self) -> None:
        """Add what was read to the facts; it is fresh."""

    # Terms

    def literals(self) -> Literals:
        """What the datatype rules know of these terms."""

    def texts(self, terms: Iterable[int]) -> dict[int, str]:
        """Terms as N-Triples writes them."""

    def numbers(self, texts: Iterable[str]) -> dict[str, int]:
        """Those of `texts` that are terms."""

    def typed_literals(self, since: int) -> Iterable[tuple[int, str]]:
        """Literals that name a datatype, from integer `since` on."""

    def used_literals(self, since: int) -> Iterable[tuple[int, str]]:
        """Literals that are objects of facts or equal to something, from integer `since` on."""

    # Facts

    def schema(self, rules: Sequence[Rule], resolve: Resolve) -> Schema:
        """The schema of these facts."""

    def schema_triples(self, most: int, table: str = "") -> list[Triple]:
        """The schema triples among what is fresh, or in a table, up to `most`."""

    def count(self) -> None:
        """Bring `found` and `found_schema` up to date."""

    def add(self, rows: Sequence[Derived] | str, same: int) -> Pairs:
        """Add conclusions, or a table of them; those that say two terms are the `same` (s, o, rule)."""

    def same_pairs(self, same: int, more: Pairs = ()) -> Pairs:
        """The fresh facts that say two terms are the `same` (s, o, rule), and `more` pairs."""

    def round(self, schema: Schema, resolve: Resolve) -> bool:
        """One round: what is concluded is added and fresh. False if there was nothing to do. Raises TooLarge."""

    def keep(self, evaluation: Evaluation) -> None:
        """A round has ended, and the evaluation may go on from here another time."""

    def keep_stated(self) -> None:
        """Put the stated facts aside as they are, before any is rewritten or taken for derived."""

    def rewrite(self, changed: Changed, idle: int | None) -> None:
        """Put changed terms right; what is new by it is fresh. Of property `idle`, x of x is dropped for new x."""

    # Answers

    def size(self) -> tuple[int, int]:
        """The numbers of stated facts and of terms."""

    def rule_counts(self) -> dict[int, int]:
        """The derived facts that are told, by the number of the rule that gave them first."""

    def lines(self, *, stated: bool, derived: bool) -> Iterable[str]:
        """Facts as lines of N-Triples, sorted by subject, predicate and object."""

    def write_lines(self, path: str, packed: bool, *, stated: bool, derived: bool) -> None:
        """The same to a file."""

    def witnesses(
        self, rule: Rule, schema: Schema, resolve: Resolve
    ) -> tuple[Sequence[str], Iterable[tuple[int, ...]]]:
        """Where a contradiction's premise holds: the names of its variables, and a row for each place."""

    def first_stated(self, groups: Sequence[Sequence[int]]) -> Triple | None:
        """The least stated fact with subject, predicate and object from these groups."""

    def stated_with(self, objects: Sequence[int]) -> list[Triple]:
        """The stated facts with one of these objects."""

    def typed_as(self, kind: int, datatypes: Iterable[int]) -> list[tuple[int, int]]:
        """Members of these datatypes that are literals or equal to something, each with the datatype."""

    def close(self) -> None:
        """Give the memory back."""
