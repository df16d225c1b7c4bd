"""What `kg ask` costs on top of its imports: `python -m tests.bench.startup`.

Whole processes in turn, the command and the bare import of the packages it needs; after one call that fills the cache.
Prints the median wall time and peak memory of each, the number of facts behind the answer, and the ratio.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time

import kg

ASK = ["-m", "kg", "ask", "approvals-of-substance", "--substance", "cabozantinib"]
BARE = ["-c", "import pyoxigraph, typer, rich.table"]


def once(arguments: list[str]) -> float:
    """Run Python with these arguments; return the seconds it took."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, env=dict(os.environ))
    return time.perf_counter() - start


def main() -> None:
    """Parse the command, run both in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    facts = len({quad.triple for quad in kg.open_store().quads})
    pairs = [(once(ASK), once(BARE)) for _ in range(runs)]
    ask, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{facts:,} facts, {runs} runs: kg ask {ask:.3f} s, bare import {bare:.3f} s, ratio {ratio:.2f}, {peak:.0f} MB"
    )


if __name__ == "__main__":
    main()
