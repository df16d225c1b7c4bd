"""Inputs that are heavy in one thing: a tree of classes, groups of equal resources; and a plain one beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

_BASE = "https://w3id.org/drug-approvals/data/"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_OWL, _RDFS = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#"
BRANCHING, GROUP = 6, 100


def _node(name: str) -> str:
    return f"<{_BASE}{name}>"


def tree(classes: int) -> Iterator[str]:
    """A tree of declared classes, with one member for each leaf or so."""
    for at in range(classes):
        yield f"{_node(f'C{at}')} {_TYPE} <{_OWL}Class> .\n"
        if at:
            yield f"{_node(f'C{at}')} <{_RDFS}subClassOf> {_node(f'C{(at - 1) // BRANCHING}')} .\n"
        yield f"{_node(f'i{at}')} {_TYPE} {_node(f'C{at}')} .\n"


def plain(resources: int) -> Iterator[str]:
    """Resources with two facts each, and a small ontology about them."""
    yield f"{_node('p')} <{_RDFS}subPropertyOf> {_node('q')} .\n"
    yield f"{_node('p')} <{_RDFS}domain> {_node('C')} .\n"
    for at in range(resources):
        yield f"{_node(f'r{at}')} {_node('p')} {_node(f'r{(at * 7 + 1) % resources}')} .\n"
        yield f"{_node(f'r{at}')} {_node('s')} {_node(f'v{at % 1000}')} .\n"


def equal(resources: int) -> Iterator[str]:
    """The plain graph with one resource in a hundred in a group of equal ones: of two, some of a hundred."""
    yield from plain(resources)
    heavy = resources // 1000  # in groups of a hundred
    for at in range(heavy):
        if at % GROUP:
            yield f"{_node(f'r{at - 1}')} <{_OWL}sameAs> {_node(f'r{at}')} .\n"
    for at in range(heavy, resources // 100 - 1, 2):
        yield f"{_node(f'r{at}')} <{_OWL}sameAs> {_node(f'r{at + 1}')} .\n"


def _writer(lines: Callable[[int], Iterator[str]]) -> Callable[[int, Path], None]:
    def write(size: int, path: Path) -> None:
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(lines(size))

    return write


SHAPES: dict[str, Callable[[int, Path], None]] = {
    "tree": _writer(tree), "plain": _writer(plain), "equal": _writer(equal),
}  # fmt: skip
