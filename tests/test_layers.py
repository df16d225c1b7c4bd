"""Data flows one way, so imports do: a module imports only modules that stand before it here."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kg
from kg.places import PACKAGE

ORDER = """
    errors places names
    bridge load
    reason reason_owlrl
    store
    questions lookup
    answer
    ask
    check show
    render
    printing ask_command cli
    __init__ __main__
""".split()
"""The first module of the package to the last."""

LATE = {("bridge", "load")}
"""Imports inside a function, which save rdflib's import: (from, by)."""

LIGHT = {"pyoxigraph", "typer", "rich", "platformdirs"}
"""Packages from elsewhere that a module may import at its top; others wait for the call that needs them."""

HEAVY = {"bridge", "reason_owlrl"}
"""Modules that stand for a heavy package, and are themselves imported late."""


def imports(path: Path) -> list[tuple[str, bool]]:
    """Return the modules a file imports, and whether at its top."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom):
            names = [f"kg.{alias.name}" for alias in node.names] if node.module == "kg" else [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found += [(name, node in tree.body) for name in names]
    return found


def test_every_module_has_its_place() -> None:
    assert sorted(path.stem for path in PACKAGE.glob("*.py")) == sorted(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_imports_look_one_way(name: str) -> None:
    for module, _ in imports(PACKAGE / f"{name}.py"):
        if module.startswith("kg.") and (part := module.split(".")[1]) in ORDER and name != "__init__":
            late = (part, name) in LATE or (name, part) in {("reason", "reason_owlrl")}
            assert late or ORDER.index(part) < ORDER.index(name), f"{name} imports {part}"


@pytest.mark.parametrize("name", ORDER)
def test_heavy_packages_are_imported_late(name: str) -> None:
    import sys

    for module, at_top in imports(PACKAGE / f"{name}.py"):
        package = module.split(".")[0]
        if at_top and name not in HEAVY and package not in sys.stdlib_module_names and package != "kg":
            assert package in LIGHT, f"{name} imports {package} at its top"


def test_what_the_package_offers() -> None:
    assert kg.__all__ == [
        "Answer",
        "Closure",
        "KgError",
        "Report",
        "Stated",
        "Store",
        "ask",
        "check",
        "load",
        "open_store",
        "query",
        "reason",
        "show",
    ]
    for name in kg.__all__:
        assert getattr(kg, name).__doc__, name


@pytest.mark.parametrize("name", ORDER)
def test_a_module_fits_in_a_look(name: str) -> None:
    assert len((PACKAGE / f"{name}.py").read_text().splitlines()) <= 250
