"""One run of another reasoner, in the peers' own environment: `python peers.py sparq graph.nt` prints its figures."""

import json
import resource
import sys
import time
from pathlib import Path


def owlrl(path: str) -> dict[str, float]:
    """The reference."""
    import rdflib
    from owlrl import DeductiveClosure, OWLRL_Semantics

    start = time.perf_counter()
    graph = rdflib.Graph()
    graph.parse(path, format="nt")
    stated, middle = len(graph), time.perf_counter()
    DeductiveClosure(OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return _figures(stated, len(graph), start, middle)


def reasonable(path: str) -> dict[str, float]:
    """In Rust, from PyPI."""
    import reasonable as engine

    start = time.perf_counter()
    reasoner = engine.PyReasoner()
    turtle = Path(path).with_suffix(".ttl")  # it reads by suffix, and lines of N-Triples are Turtle
    if not turtle.exists():
        turtle.symlink_to(path)
    reasoner.load_file(str(turtle))
    with Path(path).open("rb") as stream:
        stated = sum(1 for _ in stream)
    middle = time.perf_counter()
    found = len(reasoner.reason())
    return _figures(stated, found, start, middle)


def sparq(path: str) -> dict[str, float]:
    """In Rust, from PyPI as sparq-rdf."""
    import sparq as engine

    start = time.perf_counter()
    graph = engine.Graph.load(Path(path))
    stated, middle = len(graph), time.perf_counter()
    graph.reason("owl")
    return _figures(stated, len(graph), start, middle)


def _figures(stated: int, closed: int, start: float, middle: float) -> dict[str, float]:
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "stated": stated, "derived": closed - stated, "load": middle - start, "reason": end - middle, "MB": peak,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps({"owlrl": owlrl, "reasonable": reasonable, "sparq": sparq}[sys.argv[1]](sys.argv[2])))
