"""Builds killed at random moments: `python -m tests.bench.kills 50`.

A store is built anew over an old one in a process of its own, which is killed (SIGKILL, its threads with it) at a
random part of the time that an undisturbed build takes. After each kill the store must be the old one or the new one,
whole: every fact is read and compared. What the killed build left is gone on with by the next kill of the same content;
a build that ended before its kill is followed by one of the other content. Prints what was found.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Self

import kg
from tests.bench import copies


class Kills:
    """Two contents, `size` facts each, that take each other's place in one store."""

    def __init__(self, size: int) -> None:
        self._made = tempfile.TemporaryDirectory(prefix="kg-kills-")
        self._folder = Path(self._made.name)
        self.store = self._folder / "store"
        self._files = [self._folder / f"{name}.nt" for name in ("one", "other")]
        for add, path in enumerate(self._files):
            copies.write(size * (1 + add), path)
        self._facts, took = [], []
        for path in self._files:
            start = time.perf_counter()
            self._build(path).wait()
            took.append(time.perf_counter() - start)
            self._facts.append(self._read())
        self.seconds = max(took)
        assert self._facts[0] != self._facts[1]
        self._at = 1
        """Which content the store has."""

    def _build(self, path: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "kg", "build", "--store", str(self.store), "-g", str(path)]
        nowhere = subprocess.DEVNULL
        return subprocess.Popen(command, stdout=nowhere, stderr=nowhere)

    def _read(self) -> set[str]:
        return set(map(str, kg.open_built(self.store).quads))

    def once(self, part: float) -> str:
        """Kill a build of the other content after a part of the time it takes; return "old", "new", or "late".

        Late is a kill that found the build ended.

        Raises AssertionError for a store that is neither, KgError for one that cannot be opened.
        """
        process = self._build(self._files[1 - self._at])
        try:
            process.wait(timeout=part * self.seconds)
            assert process.returncode == 0
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        found = self._read()
        assert found in self._facts, f"{len(found):,} quads, of neither the old nor the new store"
        before, self._at = self._at, self._facts.index(found)
        return "late" if process.returncode == 0 else "old" if self._at == before else "new"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._made.cleanup()


def main() -> None:
    """Kill as often as asked, and print how often the store was the old and the new one."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with Kills(5_000) as kills:
        moments = random.Random(times)
        found: Counter[str] = Counter()
        while found["old"] + found["new"] < times:
            found[kills.once(moments.random())] += 1
    print(f"{times} kills within builds of {kills.seconds:.1f} s: {found['old']} old, {found['new']} new, all whole")
    print(f"{found['late']} builds more ended before their kill")


if __name__ == "__main__":
    main()
