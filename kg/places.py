"""Where things are: the one module that knows the checkout from the installed package, and the cache."""

import os
from pathlib import Path

PACKAGE = Path(__file__).parent


def _shared(name: str) -> Path:
    """`ontology` and `queries` stand beside the package in a checkout and inside it in a wheel."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


ONTOLOGY = _shared("ontology")
"""Terms, codes, alignments (read with every graph) and shapes (read by the check only)."""

QUESTIONS = _shared("queries") / "questions"
CHECKS = _shared("queries") / "checks"
DERIVATIONS = _shared("queries") / "derivations"

DATA = PACKAGE / "data"
"""The facts the package ships."""

SHAPES = ONTOLOGY / "shapes.ttl"


def vocabulary() -> list[Path]:
    """The ontology's files that are part of a graph: all but the shapes, which speak about graphs."""
    return sorted(path for path in ONTOLOGY.glob("*.ttl") if path != SHAPES)


def cache() -> Path:
    """The folder for closures computed before: KG_CACHE if set, else the user's cache folder."""
    if override := os.environ.get("KG_CACHE"):
        return Path(override)
    from platformdirs import user_cache_path

    return user_cache_path("kg-drug-approvals")
