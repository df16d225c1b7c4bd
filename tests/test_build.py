"""A store on disk: built whole or not at all, gone on with after a kill, read while it is replaced; what goes wrong."""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg import kept, questions
from kg.errors import LoadError, StoreError
from kg.names import DERIVED
from tests.bench.kills import Kills
from tests.conftest import FOUNDING

KG = [sys.executable, "-m", "kg"]


def run(*arguments: Path | str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*KG, *map(str, arguments)], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def quads(store: kg.Store) -> set[str]:
    return set(map(str, store.quads))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> kg.Built:
    return kg.build(*FOUNDING, folder=tmp_path_factory.mktemp("built") / "new" / "store")


def test_a_build_is_what_the_cache_holds(built: kg.Built, founding: kg.Store) -> None:
    opened = kg.open_built(built.folder)
    assert quads(opened) == quads(founding)
    assert built.stated + built.derived == sum(
        1 for _ in opened.quads.quads_for_pattern(None, None, None, ox.DefaultGraph())
    )
    assert built.derived == sum(1 for _ in opened.quads.quads_for_pattern(None, None, None, ox.NamedNode(DERIVED)))


def test_a_build_says_what_it_is_made_of(built: kg.Built) -> None:
    (entry,) = built.folder.glob("build-*")
    about = json.loads((entry / "about.json").read_text())
    assert {each["graph"].rpartition("/")[2] for each in about["sources"]} >= {"article", "agencies", "terms"}
    assert all(len(each["sha256"]) == 64 and each["bytes"] for each in about["sources"])
    assert (about["kg"], about["stated"]) == (kg.__version__, built.stated)
    assert not list(built.folder.glob(".unfinished-*"))


def test_the_commands_ask_a_build(built: kg.Built) -> None:
    done = run("ask", "trial-cohorts", "-f", "csv", "--store", built.folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("CABINET") == 2
    both = run("query", "ASK {}", "--store", built.folder, "-g", "x.ttl")
    assert (both.returncode, "leave --graph out" in both.stderr) == (2, True)
    again = run("build", "--store", built.folder, *(word for each in FOUNDING for word in ("-g", each)), "-f", "json")
    assert (again.returncode, "there already" in again.stderr) == (0, True), again.stderr
    assert json.loads(again.stdout)["rows"][0]["stated"] == str(built.stated)


LINES = """
<https://example.org/a> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <https://example.org/b> .
<https://example.org/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/a> .
<https://example.org/x> <https://example.org/p> "0.700"^^<http://www.w3.org/2001/XMLSchema#decimal> .
<https://example.org/x> <https://example.org/q> "no line end at the end" ."""
BLANK = LINES + "\n_:n <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/a> ."


@pytest.mark.parametrize("lines", [LINES.lstrip(), BLANK.lstrip()], ids=["plain", "blank nodes"])
def test_n_triples_give_what_turtle_gives(lines: str, tmp_path: Path) -> None:
    """Whichever way they are loaded; a blank node is the same in all graphs."""
    stores = []
    for ending in ("nt", "ttl"):
        path = tmp_path / ending / f"facts.{ending}"
        path.parent.mkdir()
        path.write_text(lines)
        kg.build(path, folder=tmp_path / f"{ending}-store")
        stores.append(kg.open_built(tmp_path / f"{ending}-store"))
    assert quads(stores[0]) == quads(stores[1])
    assert len(list(stores[0].query("SELECT ?s { ?s a <https://example.org/b> }"))) == lines.count("#type")  # type: ignore[arg-type]


def test_only_what_is_stated(turtle: Callable[[str], Path], tmp_path: Path) -> None:
    done = kg.build(turtle(":x a kg:Agency ."), folder=tmp_path / "store", stated=True)
    opened = kg.open_built(done.folder)
    assert not list(opened.quads.quads_for_pattern(None, None, None, ox.NamedNode(DERIVED)))
    assert done.stated == sum(1 for _ in opened.quads.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    assert done.derived == 0


def test_what_takes_no_parameter_is_answered_by_the_build(
    turtle: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "SLOW", 0)
    kg.build(turtle(":x a kg:Agency ."), folder=tmp_path / "store")
    store = kg.open_built(tmp_path / "store")
    answered = {name for name in questions.names() if not questions.question(name).params}
    assert answered >= {"contents", "facts-by-source"}
    for name in answered:
        found = kept.find(store.folder, questions.question(name).bind({}))
        assert found is not None, name
        assert tuple(map(tuple, found)) == kg.ask(name, kg.Store(store.quads)).rows, name


def test_a_syntax_error_is_told_by_its_line_and_leaves_the_old_store(tmp_path: Path) -> None:
    path = tmp_path / "facts.nt"
    path.write_text(LINES.lstrip())
    kg.build(path, folder=tmp_path / "store")
    path.write_text(LINES.lstrip() + "\n<https://example.org/x> <https://example.org/p> nothing .\n")
    with pytest.raises(LoadError, match=r"facts.nt, line 5"):
        kg.build(path, folder=tmp_path / "store")
    assert len(list(kg.open_built(tmp_path / "store").query("SELECT ?s { ?s a <https://example.org/b> }"))) == 1  # type: ignore[arg-type]


def test_a_store_is_read_while_it_is_replaced(turtle: Callable[[str], Path], tmp_path: Path) -> None:
    """Who has the old one open keeps it; what nobody reads goes."""
    folder = tmp_path / "store"
    kg.build(turtle(":old a kg:Agency ."), folder=folder)
    old = kg.open_built(folder)
    kg.build(turtle(":new a kg:Agency ."), folder=folder)
    query = "SELECT ?x { ?x a kg:Agency FILTER(CONTAINS(STR(?x), 'example')) }"
    assert [row["x"].value for row in old.query(query)] == ["https://example.org/old"]  # type: ignore[union-attr]
    assert [row["x"].value for row in kg.open_built(folder).query(query)] == ["https://example.org/new"]  # type: ignore[union-attr]
    assert len(list(folder.glob("build-*"))) == 2
    del old
    kg.build(turtle(":newer a kg:Agency ."), folder=folder)
    assert len(list(folder.glob("build-*"))) == 1


def test_a_stopped_build_goes_on(
    turtle: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, path = tmp_path / "store", turtle(":x a kg:Agency .")
    with monkeypatch.context() as patched:
        patched.setattr(import_module("kg.build"), "derive", lambda store: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            kg.build(path, folder=folder)
    with pytest.raises(StoreError, match="was stopped"):
        kg.open_built(folder)
    steps: list[str] = []
    kg.build(path, folder=folder, on_step=steps.append)
    assert [step.split()[0] for step in steps] == ["looking", "asking", "putting", "asking"]
    assert quads(kg.open_built(folder)) == quads(kg.open_store(path))


def test_five_kills() -> None:
    """At random moments; `python -m tests.bench.kills` does fifty."""
    with Kills(300) as kills:
        for at in random.Random(1).choices(range(100), k=5):
            assert kills.once(at / 100) in ("old", "new", "late")


def test_two_builds_do_not_mix(built: kg.Built) -> None:
    from filelock import FileLock

    with FileLock(built.folder / ".lock"), pytest.raises(StoreError, match="another build works"):
        kg.build(*FOUNDING, folder=built.folder)


@pytest.fixture
def store(built: kg.Built, tmp_path: Path) -> Path:
    return shutil.copytree(built.folder, tmp_path / "store")


def damage(name: str, content: bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        next(folder.glob(name)).write_bytes(content)

    return write


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (shutil.rmtree, "no store. Build one"),
        (lambda folder: (folder / "current").unlink(), "no store. Build one"),
        (damage("current", b"../../etc"), "current names no build"),
        (damage("current", b"\xff\xfe"), "cannot be read"),
        (damage("build-*/about.json", b"{"), "the store is damaged"),
        (damage("build-*/about.json", b'{"layout": 99}'), "layout 99, and this version of kg reads 1"),
        (damage("build-*/store/CURRENT", b"nothing"), "the store is damaged"),
        (lambda folder: shutil.rmtree(next(folder.glob("build-*"))), "the store is damaged"),
    ],
)
def test_what_is_no_whole_store_is_told(change: Callable[[Path], None], message: str, store: Path) -> None:
    change(store)
    done = run("query", "ASK {}", "--store", store)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_damaged_block_is_told(store: Path) -> None:
    """RocksDB finds it when it reads it."""
    for path in store.glob("build-*/store/*.sst"):
        content = bytearray(path.read_bytes())
        if len(content) > 20_000:
            content[1000:1100] = bytes(100)
            path.write_bytes(content)
    done = run("query", "SELECT * { ?s ?p ?o }", "--store", store)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "damaged" in done.stderr or "failed while it ran" in done.stderr, done.stderr


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="other files in it"):
        kg.build(*FOUNDING, folder=tmp_path)
    with pytest.raises(StoreError, match="cannot be written"):
        kg.build(*FOUNDING, folder=tmp_path / "thesis.txt")


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """A limit on the size of files stands in for one, and the next build goes on."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = ("build", "--store", tmp_path / "store", "-g", FOUNDING[0])
    done = run(*command, preexec_fn=limit)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be written" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert run(*command).returncode == 0
