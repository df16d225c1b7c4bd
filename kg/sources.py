"""Words of a user -> files: which RDF files a path, a folder or `shipped` stands for, and the graph each becomes."""

from __future__ import annotations

import os
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.errors import LoadError, did_you_mean
from kg.names import BASE, DERIVED, SHIPPED

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".turtle": ox.RdfFormat.TURTLE,
    ".n3": ox.RdfFormat.N3,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
"""File name ending -> syntax. Each may be followed by .gz."""

_ENDINGS = f"{', '.join(FORMATS)}, also with .gz"


OWN_GRAPH = (
    "it holds facts in graph:derived, the graph of what is inferred, where none can be stated. Give the facts that the"
    " closure was made from, or leave that graph out: it is derived again."
)
"""Why nothing may be stated in graph:derived, as `kg reason` writes it."""


def files(*sources: Path | str, vocabulary: bool = True) -> list[tuple[str, Path]]:
    """Return the files that `load` would read, each with the IRI of the graph it becomes. Raises LoadError."""
    paths = places.vocabulary() if vocabulary else []
    for source in sources:
        try:
            paths += _in_folder(_shipped(str(source))) if is_shipped(source) else _expand(source)
        except OSError as error:  # a name too long, a folder that may not be entered
            place = str(error.filename or source)[:200]
            raise LoadError(f"{place}: cannot be read ({error.strerror or error}).") from None
    each_once = {path.resolve(): path for path in reversed(paths)}
    return [(_graph(name, path), path) for name, path in _named(list(reversed(each_once.values())))]


def is_shipped(source: Path | str) -> bool:
    """Tell whether a source stands for facts that the package ships: "shipped", or a part as in "shipped/reference"."""
    return isinstance(source, str) and source.partition("/")[0] == SHIPPED


def _shipped(source: str) -> Path:
    part = source.partition("/")[2]
    parts = sorted(folder.name for folder in places.DATA.iterdir() if folder.is_dir())
    if part and part not in parts:
        known = ", ".join(f"{SHIPPED}/{name}" for name in parts)
        raise LoadError(f"{source}: the package ships no such part.{did_you_mean(part, parts)} There is: {known}.")
    return places.DATA / part


def syntax_of(path: Path) -> ox.RdfFormat:
    """Return the syntax that a file has by its name. Raises LoadError."""
    try:
        return FORMATS[_suffix(path)]
    except KeyError:
        raise LoadError(f"{path}: cannot tell the RDF syntax from the name. Use one of {_ENDINGS}.") from None


def _expand(source: Path | str) -> list[Path]:
    if not str(source).strip():
        raise LoadError(f"An empty name stands for no file. Write . for this folder, or `{SHIPPED}` for what ships.")
    path = Path(source)
    if path.is_dir():
        return _in_folder(path)
    if not path.exists():
        if path.is_symlink():
            raise LoadError(f"{path}: a link to {path.readlink()}, which does not exist. Link it anew.")
        siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        raise LoadError(f"{path}: no such file or folder.{did_you_mean(path.name, [*siblings, SHIPPED])}")
    if not path.is_file():
        raise LoadError(f"{path}: a pipe or device, and a source is read more than once. Write it to a file first.")
    syntax_of(path)
    return [path]


def _in_folder(folder: Path) -> list[Path]:
    found = sorted(path for path in _walk(folder) if path.is_file() and _suffix(path) in FORMATS)
    if not found:
        raise LoadError(f"{folder}: no RDF file in this folder. Looked for {_ENDINGS}.")
    return found


def _walk(folder: Path) -> Iterator[Path]:
    """Yield what lies in a folder, at any depth; links to folders are followed, each folder once."""

    def refuse(error: OSError) -> None:
        raise error

    entered: set[Path] = set()
    for parent, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        place = Path(parent).resolve()
        if place in entered:
            folders.clear()
            continue
        entered.add(place)
        folders.sort()
        yield from (Path(parent, name) for name in names)


def _suffix(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return name[name.rfind(".") :] if "." in name else ""


def _stem(path: Path) -> str:
    return path.name[: path.name.lower().rindex(_suffix(path))]


def _graph(name: str, path: Path) -> str:
    iri = f"{BASE}graph/{urllib.parse.quote(os.fsencode(name))}"
    if iri == DERIVED:
        raise LoadError(f"{path}: this name would make it graph:derived, the graph of what is inferred. Rename it.")
    return iri


def _named(paths: list[Path]) -> list[tuple[str, Path]]:
    """Give each file the shortest ending of its path that no other has; the file's own ending only where it is needed.

    Of a path, only what lies below the folder that the files of one name have in common is ever used.
    """
    parts = {path: (*path.parent.resolve().parts, _stem(path)) for path in paths}
    while True:
        count = Counter(parts.values())
        clashing = [path for path in paths if count[parts[path]] > 1]
        if not clashing:
            break
        parts |= {path: (*parts[path][:-1], path.name) for path in clashing}
    alike: dict[str, list[Path]] = {}
    for path in paths:
        alike.setdefault(parts[path][-1], []).append(path)
    names: dict[Path, str] = {}
    for group in alike.values():
        folders = sorted(parts[path][:-1] for path in group)
        common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(folders[0], folders[-1], strict=False)))
        endings = {path: [parts[path][start:] for start in range(common, len(parts[path]))][::-1] for path in group}
        shared = Counter(ending for each in endings.values() for ending in each)
        names |= {p: "/".join(next((e for e in each if shared[e] == 1), each[-1])) for p, each in endings.items()}
    assert len(set(names.values())) == len(paths)
    return [(names[path], path) for path in paths]
