"""What the tests share: a cache of their own, and the closure of the shipped facts."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import kg
from kg.store import of

# A change is judged by the same examples each time; elsewhere each run looks for new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

# Scripts run in their background with Ctrl-C ignored, and what the tests start and stop would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent
FOUNDING = ["shipped/cabinet", "shipped/reference"]
ANSWERS = Path(__file__).parent / "answers"

PREFIXES = """
@prefix kg: <https://w3id.org/drug-approvals/ontology#> .
@prefix code: <https://w3id.org/drug-approvals/code/> .
@prefix condition: <https://w3id.org/drug-approvals/condition/> .
@prefix agency: <https://w3id.org/drug-approvals/agency/> .
@prefix jurisdiction: <https://w3id.org/drug-approvals/jurisdiction/> .
@prefix source: <https://w3id.org/drug-approvals/source/> .
@prefix scheme: <https://w3id.org/drug-approvals/scheme/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://example.org/> .
<> prov:wasDerivedFrom :source . :source a kg:Source ; rdfs:label "made for a test"@en .
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-answers", action="store_true", help="write tests/answers from what the questions give")


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache out of the tests; test processes share one."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    before = os.environ.get("KG_CACHE")
    os.environ["KG_CACHE"] = str(shared / "kg-cache")
    yield
    if before is None:
        del os.environ["KG_CACHE"]
    else:
        os.environ["KG_CACHE"] = before


@pytest.fixture(scope="session")
def shipped() -> kg.Store:
    """Return the closure of the facts the package ships."""
    return kg.open_store()


@pytest.fixture
def turtle(tmp_path: Path) -> Callable[[str], Path]:
    """Write Turtle under the usual prefixes, with a source, and return its path."""

    def write(text: str, name: str = "test.ttl") -> Path:
        path = tmp_path / name
        path.write_text(PREFIXES + text)
        return path

    return write


@pytest.fixture
def closed(turtle: Callable[[str], Path]) -> Callable[[str], kg.Store]:
    """Close Turtle together with the ontology and the reference facts it names."""

    def close(text: str) -> kg.Store:
        return of(kg.reason(kg.load(turtle(text), ROOT / "kg" / "data" / "reference")))

    return close


@pytest.fixture(scope="session")
def founding() -> kg.Store:
    """Return the closure of the hand-written facts: the founding article, its references, and what they name."""
    return kg.open_store(*FOUNDING)
