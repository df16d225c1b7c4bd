"""The cache: a second call does not reason, a changed fact does, and concurrent first calls do no harm."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg import places, sources, store
from kg.errors import LoadError
from kg.names import BASE, DERIVED
from kg.reason import A_DAY, reason_files
from tests.conftest import FOUNDING, PREFIXES


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("KG_CACHE", str(folder))
    return folder


def reasoned(*given: Path | str) -> tuple[kg.Store, bool]:
    calls: list[str] = []
    return kg.open_store(*given, on_reasoning=calls.append), bool(calls)


def test_the_second_call_does_not_reason(cache: Path, turtle: Callable[[str], Path]) -> None:
    path = turtle(":x a kg:Agency .")
    first, fresh = reasoned(path)
    second, again = reasoned(path)
    assert (fresh, again) == (True, False)
    assert sorted(map(str, first.quads)) == sorted(map(str, second.quads))


def test_a_changed_fact_reasons_anew(cache: Path, turtle: Callable[[str], Path]) -> None:
    reasoned(turtle(":x a kg:Agency ."))
    changed, fresh = reasoned(turtle(":x a kg:Organization ."))
    assert fresh
    assert kg.query("ASK { ?x a kg:Agency FILTER(CONTAINS(STR(?x), 'example')) }", changed).to_dicts() == [
        {"answer": False}
    ]


def test_contradictions_are_kept(cache: Path, turtle: Callable[[str], Path]) -> None:
    path = turtle(":x a kg:Refusal , kg:Withdrawal .")
    first, _ = reasoned(path)
    second, fresh = reasoned(path)
    assert not fresh
    assert first.contradictions == second.contradictions
    assert len(first.contradictions) == 1


def test_a_damaged_cache_is_built_anew(cache: Path, turtle: Callable[[str], Path]) -> None:
    path = turtle(":x a kg:Agency .")
    reasoned(path)
    (entry,) = (path for path in cache.iterdir() if path.name[0] != ".")
    (entry / "about.json").write_text("{")
    _, fresh = reasoned(path)
    _, again = reasoned(path)
    assert (fresh, again) == (True, False)
    assert [folder.name for folder in cache.iterdir() if folder.name[0] != "."] == [entry.name]


def test_a_cache_that_cannot_be_written_is_no_error(
    tmp_path: Path, turtle: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "file"))
    opened, fresh = reasoned(turtle(":x a kg:Agency ."))
    assert fresh
    assert len(kg.query("SELECT ?x { ?x a kg:Agency }", opened)) == 1


def test_concurrent_first_calls_all_answer(cache: Path) -> None:
    """Eight processes start with no cache; each answers, and one whole entry is left."""
    graphs = [word for folder in FOUNDING for word in ("-g", str(folder))]
    command = [sys.executable, "-m", "kg", "ask", "trial-cohorts", "--format", "json", *graphs]

    def run(_: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(run, range(8)))
    assert {process.returncode for process in done} == {0}
    assert len({process.stdout for process in done}) == 1
    assert len(json.loads(done[0].stdout)["rows"]) == 2
    (entry,) = (path for path in cache.iterdir() if path.name[0] != ".")
    assert (entry / "about.json").is_file()
    assert "reasoning" not in run(0).stderr


def test_old_entries_go(cache: Path, turtle: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "KEPT", 2)
    for number in range(3):
        reasoned(turtle(f":x{number} a kg:Agency ."))
    assert len([path for path in cache.iterdir() if path.name[0] != "."]) == 2


def test_an_entry_in_use_stays(cache: Path, turtle: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A server starts workers on it for as long as it runs."""
    monkeypatch.setattr(store, "KEPT", 1)
    folder = kg.open_store(turtle(":x0 a kg:Agency .")).folder
    assert folder
    with store.held(folder):
        for number in (1, 2):
            kg.open_store(turtle(f":x{number} a kg:Agency ."))
        assert (folder / "about.json").is_file()
    kg.open_store(turtle(":x3 a kg:Agency ."))
    assert not folder.exists()


def test_the_default_graph_holds_each_fact_once(cache: Path, turtle: Callable[[str, str], Path]) -> None:
    """A fact of two sources has two graphs, and counts once."""
    one, two = turtle(":x kg:participants 5 .", "one.ttl"), turtle(":x kg:participants 5 .", "two.ttl")
    opened = kg.open_store(one, two)
    counted = kg.query(
        "SELECT (COUNT(*) AS ?n) (SUM(?size) AS ?sum) { :x kg:participants ?size }".replace(
            ":x", "<https://example.org/x>"
        ),
        opened,
    )
    assert counted.to_dicts() == [{"n": 1, "sum": 5}]
    graphs = kg.query("SELECT ?g { GRAPH ?g { <https://example.org/x> kg:participants 5 } } ORDER BY ?g", opened)
    assert [graphs.text(row[0]) for row in graphs.rows] == ["graph:one", "graph:two"]


def test_derived_facts_stand_apart(founding: kg.Store) -> None:
    derived = {quad.triple for quad in founding.quads.quads_for_pattern(None, None, None, ox.NamedNode(DERIVED))}
    stated = {
        quad.triple
        for quad in founding.quads
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value != DERIVED
    }
    everything = {quad.triple for quad in founding.quads.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    assert derived
    assert derived.isdisjoint(stated)
    assert derived | stated == everything


def test_files_of_one_name_keep_their_graphs(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "facts.ttl").write_text(PREFIXES + f":{folder} a kg:Agency .")
    stated = kg.load(tmp_path, vocabulary=False)
    names = {str(quad.graph_name).rsplit("graph/", 1)[1].rstrip(">") for quad in stated.quads}
    assert names == {"a/facts", "b/facts"}


def test_rdflib_graphs_can_be_asked(cache: Path) -> None:
    graph = rdflib.Graph().parse(data=PREFIXES + ":x a kg:Agency .", format="turtle")
    assert [str(row["x"]) for row in kg.query("SELECT ?x { ?x a kg:Organization }", graph)] == [
        "<https://example.org/x>"
    ]
    assert not cache.exists()


def test_everything_shipped_is_read() -> None:
    shipped = {path.name for path in places.vocabulary()}
    shipped |= {path.name for ending in ("ttl", "ttl.gz") for path in places.DATA.rglob(f"*.{ending}")}
    assert {path.name for _, path in sources.files("shipped")} == shipped


@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "trig"])
@pytest.mark.parametrize("output", ["out.nq", "out.nt"])
def test_a_gzipped_file_is_read_as_the_plain_one(ending: str, output: str, tmp_path: Path) -> None:
    facts = b"<http://e.org/A> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e.org/B> .\n"
    facts += b"<http://e.org/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e.org/A> .\n"
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    for folder in (plain, packed):
        folder.mkdir()
    (plain / f"ema.{ending}").write_bytes(facts)
    (packed / f"ema.{ending.upper()}.gz").write_bytes(gzip.compress(facts))
    assert kg.load(packed) == kg.load(plain)
    for folder in (plain, packed):
        assert reason_files([folder], folder / output).derived == 1
    assert (packed / output).read_bytes() == (plain / output).read_bytes()


NAMED = {
    "endings that differ": (["x/a.ttl", "x/a.nt", "y/a.ttl", "y/a.nt"], ["x/a.ttl", "x/a.nt", "y/a.ttl", "y/a.nt"]),
    "a stem that is a name": (["a.ttl", "a.nt", "a.ttl.ttl"], ["a.ttl", "a.nt", "a.ttl.ttl"]),
    "plain and packed": (["a.ttl", "a.ttl.gz"], ["a.ttl", "a.ttl.gz"]),
    "one above the other": (["a.ttl", "x/a.ttl", "x/y/x/a.ttl"], ["a", "x/a", "y/x/a"]),
    "one name": (["x/z/a.ttl", "y/z/a.ttl", "b.ttl"], ["x/z/a", "y/z/a", "b"]),
}


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("relative", [True, False])
def test_every_file_has_a_graph_of_its_own(
    kind: str, relative: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the files are given, none is dropped, and no name tells where they lie on this machine."""
    monkeypatch.chdir(tmp_path)
    given, expected = NAMED[kind]
    for name in given:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = sources.files(*(name if relative else tmp_path / name for name in given), vocabulary=False)
    assert [iri.removeprefix(f"{BASE}graph/") for iri, _ in found] == expected


def test_blank_nodes_of_two_files_never_share_a_name(tmp_path: Path) -> None:
    """Nor do those of files whose names differ only in what a label cannot hold."""
    for name in ("a-b.ttl", "ab.ttl", "a b.ttl", "a_b.ttl"):
        (tmp_path / name).write_text("[] <p:p> [ <p:q> [] ] .")
    stated = kg.load(tmp_path, vocabulary=False)
    nodes = {node for quad in stated.quads for node in (quad.subject, quad.object) if isinstance(node, ox.BlankNode)}
    assert (len(stated.quads), len(nodes)) == (8, 12)


def test_links_to_folders_are_followed_once(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    for folder in (outside, inside):
        folder.mkdir()
    (outside / "a.turtle").write_text("<p:a> <p:b> 1 .")
    (outside / "b.n3").write_text("<p:a> <p:b> 2 .")
    for link, target in ((inside / "link", outside), (inside / "again", outside), (outside / "back", inside)):
        link.symlink_to(target)
    assert [iri.rsplit("/", 1)[1] for iri, _ in sources.files(inside, vocabulary=False)] == ["a", "b"]
    assert len(kg.load(inside, vocabulary=False)) == 2


def test_a_cache_that_is_only_read_is_used(
    cache: Path, turtle: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = turtle(":x a kg:Agency .")
    reasoned(path)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    _, fresh = reasoned(path)
    assert not fresh


def test_what_a_killed_process_left_in_the_cache_goes(cache: Path, turtle: Callable[[str], Path]) -> None:
    for name, age in (("old", 2), ("new", 0)):
        (cache / f".building-{name}").mkdir(parents=True)
        os.utime(cache / f".building-{name}", (time.time() - age * A_DAY,) * 2)
    reasoned(turtle(":x a kg:Agency ."))
    assert [path.name for path in cache.glob(".building-*")] == [".building-new"]


def test_the_key_knows_the_code_behind_a_closure() -> None:
    """Every module that `reason` and what it rests on are made of, but the reasoner's, which are all taken."""
    import ast

    known, todo = set(store._CODE), ["store"]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name in found or not (places.PACKAGE / f"{name}.py").is_file():
            continue
        found.add(name)
        for node in ast.walk(ast.parse((places.PACKAGE / f"{name}.py").read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kg"):
                todo += [alias.name for alias in node.names] if node.module == "kg" else [str(node.module)[3:]]
    assert {f"{name}.py" for name in found} - known <= {"errors.py", "places.py"}


def test_several_sources_are_asked_as_one(turtle: Callable[[str, str], Path]) -> None:
    paths = [turtle(":x a kg:Agency .", "one.ttl"), turtle(":y a kg:Agency .", "two.ttl")]
    query = "SELECT ?x { ?x a kg:Agency FILTER(CONTAINS(STR(?x), 'example')) }"
    assert len(kg.query(query, paths)) == len(kg.query(query, tuple(paths))) == 2
    assert len(kg.query(query, kg.reason(kg.load(*paths)))) == 2
    with pytest.raises(LoadError, match="empty list"):
        kg.query(query, [])
    with pytest.raises(LoadError, match="5 is not a source"):
        kg.query(query, 5)  # type: ignore[arg-type]
