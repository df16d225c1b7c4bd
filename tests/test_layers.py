"""Data flows one way, so imports do: a module imports only modules that stand before it here."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kg
from kg.places import PACKAGE

ORDER = """
    errors garbage places names contradiction
    owl2rl
    sources bridge load
    spark
    reason reason_owlrl reason_spark
    packing
    derive fill store kept built
    registers import_spark
    questions endpoint lookup
    answer
    sparql ask build
    check show diff
    proof why
    export remote
    render
    plot
    serve
    mcp
    limits printing why_command ask_command plot_command import_command diff_command export_command check_command
    reason_command build_command load_remote_command serve_command mcp_command cli
    __init__ __main__
""".split()
"""The first module of the package to the last."""

REASONER = """
    errors vocabulary patterns rules schema_rules compile
    lists memory sources datatypes demand equality schema workspace
    literals evaluate noise
    pairs small told in_memory
    database output relational relations terms statement in_tables
    decode contradictions
    tables __init__
""".split()
"""The rooms of `kg.owl2rl`, likewise: the notation, the schema, the evaluation, the way in and out, the face."""

REGISTERS = """
    account dates tables snapshot shelf
    records terms
    names described curated salts index antigens substances atc
    sssom disease condition_words condition_wordings condition_phrases condition_concept condition_build
    condition_index conditions
    ema ema_orphan fda fda_cder drugs_at_fda openfda fda_orphan pmda_cells pmda health_canada_tables health_canada
    ctgov_values ctgov_codes ctgov_results ctgov_records ctgov_things ctgov_nodes ctgov_result_facts ctgov_facts ctgov
    unii diseases mappings facts chembl
    catalogue recognise
    writing imports resume folder partitions
    __init__
""".split()
"""The rooms of `kg.registers`: rows, records, a reader for each register."""

PLOT = "svg axis figure png rows symbols bar forest timeline __init__".split()
"""The rooms of `kg.plot`: what a drawing is made of, the kinds of chart, the face."""

SERVE = """
    bounds confine connection worker workers negotiate jobs lists html replies site
    page_jobs page_data proofs pages
    protocol description dataset crawling things app server
    __init__
""".split()
"""The rooms of `kg.serve`: processes and jobs, then what answers requests."""

MCP = "bounded jobs tools server __init__".split()
"""The rooms of `kg.mcp`: an answer in bounds, what workers do, the tools, the way in and out."""

PROOF = """
    model literals facts backward scopes queried search checker near falsity
    expressions origins told
    arithmetic row
    __init__
""".split()
"""The rooms of `kg.proof`: the rules backwards, the search, the checker, what is told."""
EXPORT = """
    facts context
    syntaxes blank jsonld canonical profile tables
    describe croissant
    release
    __init__
""".split()
"""The rooms of `kg.export`: the table of facts, the syntaxes and tables it is written in, its descriptions."""

SPARK = """
    session folder sending workers reading dictionary equality schema literals in_spark tables
    __init__
""".split()
"""The rooms of `kg.spark`: the session and its files, the way in, what grows with the facts, the face."""

PACKAGES = {
    "owl2rl": REASONER, "spark": SPARK, "registers": REGISTERS, "proof": PROOF, "export": EXPORT, "plot": PLOT,
    "serve": SERVE,
    "mcp": MCP,
}  # fmt: skip

LATE = {("reason_owlrl", "reason")}
"""Imports against the order, inside a function: (what, by). The door to the engines knows them all."""

LIGHT = {"pyoxigraph", "typer", "rich", "platformdirs"}
"""Packages from elsewhere that a module may import at its top; others wait for the call that needs them."""

HEAVY = {"bridge", "reason_owlrl"}
"""Modules that stand for a heavy package, and are themselves imported late."""


def file_of(name: str) -> Path:
    return PACKAGE / name / "__init__.py" if name in PACKAGES else PACKAGE / f"{name}.py"


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
    packages = [path.parent.name for path in PACKAGE.glob("*/__init__.py")]
    assert sorted([*(path.stem for path in PACKAGE.glob("*.py")), *packages]) == sorted(ORDER)
    for package, rooms in PACKAGES.items():
        assert sorted(path.stem for path in (PACKAGE / package).glob("*.py")) == sorted(rooms)


@pytest.mark.parametrize("name", REASONER)
def test_imports_within_the_reasoner_look_one_way(name: str) -> None:
    for module, _ in imports(PACKAGE / "owl2rl" / f"{name}.py"):
        if module.startswith("kg.owl2rl."):
            part = module.split(".")[2]
            assert REASONER.index(part) < REASONER.index(name), f"owl2rl.{name} imports {part}"
        elif module.startswith("kg."):
            assert module.split(".")[1] in ("errors", "contradiction", "owl2rl"), f"owl2rl.{name} imports {module}"


@pytest.mark.parametrize(
    ("package", "name"),
    [
        (each, name)
        for each in ("spark", "registers", "proof", "export", "plot", "serve", "mcp")
        for name in PACKAGES[each]
    ],
)
def test_imports_within_a_package_look_one_way(package: str, name: str) -> None:
    rooms = PACKAGES[package]
    for module, _ in imports(PACKAGE / package / f"{name}.py"):
        if module.startswith(f"kg.{package}."):
            assert rooms.index(module.split(".")[2]) < rooms.index(name), f"{package}.{name} imports {module}"
        elif module.startswith("kg.") and (part := module.split(".")[1]) in ORDER:
            assert ORDER.index(part) <= ORDER.index(package), f"{package}.{name} imports {module}"


def test_the_checker_knows_nothing_of_the_reasoner() -> None:
    """Beyond the values of literals: no table of rules, no search, no store."""
    named = {module for module, _ in imports(PACKAGE / "proof" / "checker.py") if module.startswith("kg.")}
    assert named <= {"kg.names", "kg.proof", "kg.proof.literals", "kg.proof.model"}


@pytest.mark.parametrize("name", ORDER)
def test_imports_look_one_way(name: str) -> None:
    for module, _ in imports(file_of(name)):
        if module.startswith("kg.") and (part := module.split(".")[1]) in ORDER and name not in ("__init__", part):
            late = (part, name) in LATE
            assert late or ORDER.index(part) < ORDER.index(name), f"{name} imports {part}"


@pytest.mark.parametrize("name", ORDER)
def test_heavy_packages_are_imported_late(name: str) -> None:
    import sys

    for module, at_top in imports(file_of(name)):
        package = module.split(".")[0]
        if at_top and name not in HEAVY and package not in sys.stdlib_module_names and package != "kg":
            assert package in LIGHT, f"{name} imports {package} at its top"


def test_what_the_package_offers() -> None:
    assert kg.__all__ == [
        "Answer",
        "Built",
        "Closure",
        "Difference",
        "Endpoint",
        "Explanation",
        "Exported",
        "KgError",
        "Report",
        "Stated",
        "Store",
        "ask",
        "build",
        "check",
        "diff",
        "export",
        "load",
        "open_built",
        "open_store",
        "plot",
        "query",
        "reason",
        "show",
        "why",
        "why_not",
    ]
    for name in kg.__all__:
        assert getattr(kg, name).__doc__, name


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_a_module_fits_in_a_look(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300
