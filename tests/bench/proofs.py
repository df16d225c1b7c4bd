"""How long an explanation takes, on the shipped graph or a generated one: `python -m tests.bench.proofs [--size 10m]`.

Facts of each kind are proved, each in a search that knows the schema and no proof yet, and checked. The peer is the
reasoning itself: what it would take to derive the fact by closing the graph anew.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

import kg
from kg.names import DERIVED
from kg.proof import checker, queried
from kg.proof.facts import Facts
from kg.proof.model import Fact, Proof, shown
from kg.proof.search import Search
from kg.reason import reason_files
from tests.bench.generate import write
from tests.bench.reasoners import size_of

EACH = 20
T = TypeVar("T")


def main() -> None:
    """Print a line for each kind of derived fact."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--size", help="also a generated graph of so many facts, such as 1m")
    size = parser.parse_args().size
    if not size:
        report("shipped", kg.open_store())
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "facts.nt")
        write(size_of(size), path)
        started = time.perf_counter()
        derived = Path(folder, "derived.nt")
        reason_files([path], derived, derived_only=True)
        print(f"reasoning over {size}, the peer: {time.perf_counter() - started:.1f} s")
        store = ox.Store(str(Path(folder, "store")))
        for file, name in ((path, "http://example.org/graph"), (derived, DERIVED)):
            for graph in (ox.DefaultGraph(), ox.NamedNode(name)):
                store.bulk_load(path=file, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
        report(size, kg.Store(store))


def report(name: str, store: kg.Store) -> None:
    """Prove and check a sample of each kind of derived fact."""
    choose = random.Random(1)
    count: Counter[str] = Counter()
    kinds: dict[str, list[Fact]] = defaultdict(list)
    for quad in store.quads.quads_for_pattern(None, None, None, ox.NamedNode(DERIVED)):
        fact = Fact(quad.subject, quad.predicate, quad.object)  # type: ignore[arg-type]
        kind = shown(fact.object if fact.predicate.value.endswith("#type") else fact.predicate)
        count[kind] += 1
        # Each fact of a kind is in the sample with the same chance, and the others are not held.
        if len(sample := kinds[kind]) < EACH:
            sample.append(fact)
        elif (at := choose.randrange(count[kind])) < EACH:
            sample[at] = fact
    started = time.perf_counter()
    facts = Facts(store)
    Search(facts).rules  # noqa: B018
    print(f"{name}: {count.total():,} derived facts; schema read in {time.perf_counter() - started:.2f} s")
    print(f"{'kind':32} {'facts':>9} {'median ms':>10} {'most ms':>9} {'check ms':>9}")
    for kind, sample in sorted(kinds.items()):
        proofs = [timed(lambda fact=fact: Search(facts).prove(fact)) for fact in sample]  # type: ignore[misc]
        checks = [timed(lambda proof=proof: verify(proof, facts)) for _, proof in proofs]  # type: ignore[misc]
        assert all(right for _, right in checks), kind
        times = [1000 * seconds for seconds, _ in proofs]
        check = statistics.median(1000 * seconds for seconds, _ in checks)
        print(f"{kind:32} {count[kind]:9,} {statistics.median(times):10.2f} {max(times):9.2f} {check:9.2f}")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def verify(proof: Proof | None, facts: Facts) -> bool:
    """Tell whether the checker accepts a proof."""
    return proof is not None and not checker.faults(proof, facts.stated, lambda step: queried.follows(step, facts))


def timed(call: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds that a call takes, and what it gives."""
    started = time.perf_counter()
    value = call()
    return time.perf_counter() - started, value


if __name__ == "__main__":
    main()
