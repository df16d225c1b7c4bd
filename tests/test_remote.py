"""`kg load-remote`: the graph goes to servers of others, which then answer the stored questions as the store here does.

Oxigraph and rdflib-endpoint come with the test packages; the second reads a file, so it is only asked. Apache Jena
Fuseki is tried where KG_FUSEKI names its jar (fuseki-server.jar, or jena-fuseki-server-*.jar) and java is there.
"""

from __future__ import annotations

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import kg
from kg import questions, remote
from kg.errors import EndpointError
from kg.export.facts import facts_of
from kg.load import read
from kg.remote import PASSWORD, TOKEN, USER, Remote, authorization
from tests.conftest import FOUNDING
from tests.servers import oxigraph, rdflib_endpoint, serving, told

GRAPHS = [word for source in FOUNDING for word in ("-g", source)]


def load(url: str, *options: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kg", "load-remote", url, *options, "-f", "csv"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environ})


@pytest.fixture(scope="module", params=["oxigraph", "fuseki"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Start an empty server; return the URLs of its graph store and of its endpoint."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "oxigraph":
        with serving(lambda address: oxigraph(folder / "store", address), "/query") as url:
            yield f"{url}/store", f"{url}/query"
        return
    jar, java = os.environ.get("KG_FUSEKI"), shutil.which("java")
    if not jar or not java:
        pytest.skip("Apache Jena Fuseki: KG_FUSEKI does not name its jar, or there is no java")

    def fuseki(address: str) -> list[Path | str]:
        return [java, "-jar", jar, "--mem", "--localhost", "--port", address.rpartition(":")[2], "/kg"]

    with serving(fuseki, "/kg/query", folder) as url:
        yield f"{url}/kg/data", f"{url}/kg/query"


@pytest.fixture(scope="module")
def loaded(server: tuple[str, str]) -> str:
    """Load the hand-written facts twice, over what is there the second time; return the endpoint."""
    store, endpoint = server
    first, again = (load(store, "--endpoint", endpoint, *GRAPHS) for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert first.stdout == again.stdout
    counts = {row["graph"]: int(row["facts"]) for row in csv.DictReader(first.stdout.splitlines())}
    assert counts["default"] > counts["graph:derived"] > counts["graph:article"] > 0
    return endpoint


@pytest.fixture(scope="module")
def from_a_file(founding: kg.Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start rdflib-endpoint, which takes files alone, on the export of the hand-written facts; return the endpoint."""
    file = tmp_path_factory.mktemp("rdflib") / "facts.nq"
    done = subprocess.run(
        [sys.executable, "-m", "kg", "export", "-o", str(file), "--derived", *FOUNDING],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with serving(lambda address: rdflib_endpoint(file, address), "/") as url:
        yield f"{url}/"


@pytest.mark.parametrize("name", questions.names())
def test_a_server_that_was_loaded_answers_as_the_store_does(name: str, loaded: str, founding: kg.Store) -> None:
    assert told(name, kg.Endpoint(loaded)) == told(name, founding)


@pytest.mark.parametrize("name", questions.names())
def test_a_server_of_another_engine_answers_as_the_store_does(name: str, from_a_file: str, founding: kg.Store) -> None:
    """Rdflib shares no line with the engine that answers here; it tells groups of nothing as a row without values."""
    (ours, asked), (theirs, asked_there) = told(name, founding), told(name, kg.Endpoint(from_a_file))
    if isinstance(theirs, list):
        theirs = [row for row in theirs if set(row.values()) != {None}]
    assert (theirs, asked_there) == (ours, asked)


def test_only_what_is_stated(tmp_path: Path, turtle: Callable[[str], Path]) -> None:
    path = turtle(":x a kg:Agency .")
    with serving(lambda address: oxigraph(tmp_path / "store", address), "/query") as url:
        done = load(f"{url}/store", "--endpoint", f"{url}/query", "-g", str(path), "--stated")
        assert done.returncode == 0, done.stderr
        assert "graph:test,4" in done.stdout
        assert "derived" not in done.stdout
        built = kg.build(path, folder=tmp_path / "built")
        done = load(f"{url}/store", "--endpoint", f"{url}/query", "--store", str(built.folder))
        assert f"default,{built.stated + built.derived}" in done.stdout, done.stderr


def test_a_graph_of_many_parts_arrives_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blank nodes stay the same from one fact to the next, for they go in one part."""
    monkeypatch.setattr(remote, "PART", 1000)
    path = tmp_path / "facts.ttl"
    path.write_text("".join(f"<p:s> <p:p> {n} . _:a <p:q> {n} .\n" for n in range(500)))
    told: list[tuple[str, int]] = []
    with serving(lambda address: oxigraph(tmp_path / "store", address), "/query") as url:
        there = Remote(f"{url}/store", kg.Endpoint(f"{url}/query"))
        with facts_of(read(path, "https://example.org/facts")) as facts:
            counts = there.send(facts, lambda graph, count: told.append((graph, count)))
        nodes = there.endpoint.query("SELECT DISTINCT ?s { ?s <p:q> ?o }")
        assert len(list(nodes)) == 1  # type: ignore[arg-type]
    assert counts == {"https://example.org/facts": 1000, "default": 1000}
    assert len(told) > 20
    assert told[0][1] >= 500


@pytest.fixture
def failing() -> Iterator[Callable[..., tuple[str, list[str]]]]:
    """Start a server that answers requests with a list of statuses, the last one for ever; return its URL and log."""
    started: list[ThreadingHTTPServer] = []

    def start(*statuses: int) -> tuple[str, list[str]]:
        log: list[str] = []
        left = list(statuses)

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                log.append(self.headers.get("Authorization", ""))
                self.send_response(left.pop(0) if len(left) > 1 else left[0])
                self.send_header("Content-Length", "0")
                self.send_header("Location", "https://example.org/")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        started.append(server)
        return f"http://127.0.0.1:{server.server_port}/data", log

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("statuses", "tries", "message"),
    [
        ((401,), 1, "401 Unauthorized"),
        ((307,), 1, "moved .307.: https://example.org/"),
        ((503,), 4, "503 Service Unavailable"),
        ((503, 502, 413), 3, "413 "),
    ],
)
def test_what_may_pass_is_tried_again(
    statuses: tuple[int, ...],
    tries: int,
    message: str,
    failing: Callable[..., tuple[str, list[str]]],
    turtle: Callable[[str], Path],
) -> None:
    url, log = failing(*statuses)
    there = Remote(url, kg.Endpoint(url, headers={"Authorization": "Bearer x"}), pause=0.001)
    with facts_of(read(turtle(""), "https://example.org/facts")) as facts, pytest.raises(EndpointError, match=message):
        there.send(facts)
    assert log == ["Bearer x"] * tries


def test_a_server_that_keeps_less_is_told(failing: Callable[..., tuple[str, list[str]]], tmp_path: Path) -> None:
    """The graph store says yes, and the endpoint is that of another, empty server."""
    url, _ = failing(204)
    with serving(lambda address: oxigraph(tmp_path / "store", address), "/query") as empty:
        done = load(url, "--endpoint", f"{empty}/query", *GRAPHS, "--stated")
    assert (done.returncode, done.stdout) == (2, "")
    assert "facts and has 0" in done.stderr
    assert "Traceback" not in done.stderr


def test_passwords_come_from_the_environment() -> None:
    https, here = "https://example.org/data", "http://localhost:3030/kg/data"
    assert authorization({}, here) == {}
    assert authorization({TOKEN: "t"}, https) == {"Authorization": "Bearer t"}
    assert authorization({USER: "me", PASSWORD: "secret"}, here) == {"Authorization": "Basic bWU6c2VjcmV0"}
    with pytest.raises(EndpointError, match="https or to this machine alone"):
        authorization({TOKEN: "t"}, https, "http://example.org/query")
    with pytest.raises(EndpointError, match="KG_REMOTE_USER is not"):
        authorization({PASSWORD: "secret"}, here)


def test_the_example_in_help_runs(tmp_path: Path, turtle: Callable[[str, str], Path]) -> None:
    facts = turtle(":x a kg:Agency .", "my-facts.ttl")
    help_ = subprocess.run(
        [sys.executable, "-m", "kg", "load-remote", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    (example,) = re.findall(r"^ +kg load-remote (.+)$", help_.stdout, re.MULTILINE)
    with serving(lambda address: oxigraph(tmp_path / "store", address), "/query") as url:
        done = load(*shlex.split(example.replace("http://localhost:7878", url).replace("my-facts.ttl", str(facts))))
    assert done.returncode == 0, done.stderr


def test_what_is_no_url_is_refused() -> None:
    done = load("localhost:7878/store", "--endpoint", "http://localhost:7878/query")
    assert done.returncode == 2
    assert "no URL of a graph store" in done.stderr
