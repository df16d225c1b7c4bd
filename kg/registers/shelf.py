"""Things by their key, as many as there are: the last ones used in memory, the others in a temporary file."""

from __future__ import annotations

import pickle
import sqlite3
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

HELD = 30_000
"""Things that are held in memory: all of today's registers, which takes half the time of fetching them again."""

T = TypeVar("T")


class Shelf(Generic[T]):
    """Keeps things in the order in which their keys came. What `get` returned last may be changed in place.

    A register's tables are joined by a number, and stand in much the same order: who reads one after the other finds
    most of what belongs together in memory.
    """

    def __init__(self, held: int = HELD) -> None:
        self._held = held
        self._near: OrderedDict[str, tuple[int, T]] = OrderedDict()
        self._count = 0
        self._far: sqlite3.Connection | None = None

    def __contains__(self, key: str) -> bool:
        return key in self._near or self._fetched(key)

    def get(self, key: str) -> T | None:
        """Return the thing of a key, or None."""
        if key not in self:
            return None
        self._near.move_to_end(key)
        return self._near[key][1]

    def put(self, key: str, thing: T) -> None:
        """Keep a thing; under a key that is known, in place of the one before."""
        place = self._near[key][0] if key in self else self._count
        self._count += place == self._count
        self._keep(key, place, thing)

    def pop(self, key: str) -> T | None:
        """Return the thing of a key and keep it no longer, or None."""
        if key not in self:
            return None
        if self._far:
            self._far.execute("DELETE FROM thing WHERE key = ?", (key,))
        return self._near.pop(key)[1]

    def values(self) -> Iterator[T]:
        """Yield the things in the order of their keys' first coming. Changes to them are lost."""
        if self._far:
            self._lay_down(0)
            for (thing,) in self._far.execute("SELECT thing FROM thing ORDER BY place"):
                yield pickle.loads(thing)
        else:
            yield from (thing for _, thing in sorted(self._near.values(), key=lambda each: each[0]))

    def _keep(self, key: str, place: int, thing: T) -> None:
        self._near[key] = (place, thing)
        self._near.move_to_end(key)
        if len(self._near) > self._held:
            self._lay_down(self._held // 2)

    def _fetched(self, key: str) -> bool:
        """Bring a thing near, if it is far."""
        found = self._far and self._far.execute("SELECT place, thing FROM thing WHERE key = ?", (key,)).fetchone()
        if found:
            self._keep(key, found[0], pickle.loads(found[1]))
        return bool(found)

    def _lay_down(self, left: int) -> None:
        """Put away the things that were not used for the longest time, until so many are left near."""
        if self._far is None:
            self._far = sqlite3.connect("", isolation_level=None, check_same_thread=False)  # a file without a name
            weakref.finalize(self, self._far.close)
            self._far.execute("PRAGMA journal_mode = OFF")
            self._far.execute("CREATE TABLE thing (place INTEGER PRIMARY KEY, key TEXT UNIQUE, thing BLOB)")
        away = [self._near.popitem(last=False) for _ in range(len(self._near) - left)]
        self._far.execute("BEGIN")
        self._far.executemany(
            "INSERT OR REPLACE INTO thing VALUES (?, ?, ?)",
            ((place, key, pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)) for key, (place, thing) in away),
        )
        self._far.execute("COMMIT")
