"""Answers that took long, kept beside the closure they come from: it never changes, so neither do they."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | None"
SLOW = 0.2
"""Seconds. What is answered sooner is asked again."""
KEPT = 200
"""Answers kept of one closure; the oldest go first."""
_JSON = ox.QueryResultsFormat.JSON


def find(folder: Path | None, sparql: str) -> ox.QuerySolutions | None:
    """Return the rows kept for a query to the store in a folder, if there are any."""
    with suppress(ValueError, SyntaxError):
        found = ox.parse_query_results(find_bytes(folder, sparql) or b"", _JSON)
        return found if isinstance(found, ox.QuerySolutions) else None
    return None


def keep(folder: Path | None, sparql: str, columns: Sequence[str], rows: Iterable[Sequence[Term]]) -> None:
    """Keep an answer. A cache that cannot be written is no error."""
    if not folder:
        return
    bindings = [
        {column: _json(term) for column, term in zip(columns, row, strict=True) if term is not None} for row in rows
    ]
    content = {"head": {"vars": list(columns)}, "results": {"bindings": bindings}}
    keep_bytes(folder, sparql, json.dumps(content).encode())


def find_bytes(folder: Path | None, key: str) -> bytes | None:
    """Return what is kept under a key beside the store in a folder, if there is anything."""
    if folder:
        with suppress(OSError):
            return _path(folder, key).read_bytes()
    return None


def keep_bytes(folder: Path | None, key: str, content: bytes) -> None:
    """Keep what depends on the store and the key alone. A cache that cannot be written is no error."""
    if not folder:
        return
    path = _path(folder, key)
    aside = path.with_name(f".{os.getpid()}-{path.name}")
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        aside.write_bytes(content)
        aside.replace(path)
        for old in sorted(path.parent.iterdir(), key=lambda each: each.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)


def _json(term: Term) -> dict[str, str]:
    """Return a term as the SPARQL results format in JSON writes it."""
    if isinstance(term, ox.Literal):
        kind = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
        return {"type": "literal", "value": term.value, **kind}
    assert term is not None
    return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}


def _path(folder: Path, key: str) -> Path:
    return folder / "answers" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"
