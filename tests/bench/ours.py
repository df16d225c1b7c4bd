"""One run of this project: `python ours.py graph.nt OUT MEMORY SPILL` prints its figures; OUT may be empty."""

import json
import resource
import sys

from kg.owl2rl import close


def ours(path: str, out: str, memory: str, spill: str) -> dict[str, float]:
    """One closure, written to `out` if given."""
    with close([path], memory_limit=memory, temp_directory=spill) as tables:
        stated, derived = tables.stated.triples, tables.count_derived()
        if out:
            tables.write(out)
        spent = dict(tables.timings)
    load = spent["parse"] + spent["encode"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"stated": stated, "derived": derived, "load": load, "reason": spent["rounds"], **spent, "MB": peak}


if __name__ == "__main__":
    print(json.dumps(ours(*sys.argv[1:])))
