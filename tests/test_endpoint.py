"""The stored questions, asked of a SPARQL server; and servers that answer otherwise than they should."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox
import pytest

import kg
from kg.errors import EndpointError, UnknownThing
from tests.conftest import FOUNDING
from tests.servers import OXIGRAPH, oxigraph, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve what `kg export` writes of the hand-written facts by Oxigraph; return the URL of its endpoint."""
    folder = tmp_path_factory.mktemp("server")
    for name in ("graphs.nq", "once.nt"):
        kg.export(*FOUNDING, output=folder / name, derived=True)
    files = ["--file", str(folder / "graphs.nq"), "--file", str(folder / "once.nt")]
    subprocess.run([OXIGRAPH, "load", "--location", str(folder / "store"), *files], check=True, capture_output=True)
    with serving(lambda address: oxigraph(folder / "store", address, "serve-read-only"), "/query") as url:
        yield f"{url}/query"


def test_names_are_looked_up_at_the_server(server: str) -> None:
    answer = kg.ask("trial-results-by-cohort", kg.Endpoint(server), trial="CABINET", outcome="PFS")
    assert "0.23 (95% CI 0.12-0.42; P < .001)" in [row["reported"] for row in answer]
    with pytest.raises(UnknownThing, match=r"CABINET[.,]"):
        kg.ask("trial-results-by-cohort", kg.Endpoint(server), trial="CABINETT", outcome="PFS")


def test_the_command_asks_a_server(server: str) -> None:
    command = [sys.executable, "-m", "kg", "ask", "hazard-ratios", "--condition", "NET", "-f", "csv"]
    asked = [
        subprocess.run([*command, *where], capture_output=True, text=True, check=False).stdout
        for where in (["--endpoint", server], ["-g", FOUNDING[0], "-g", FOUNDING[1]])
    ]
    assert asked[0] == asked[1]
    assert asked[0].count("\n") > 1
    both = subprocess.run([*command, "--endpoint", server, "-g", "x.ttl"], capture_output=True, text=True, check=False)
    assert (both.returncode, both.stdout) == (2, "")
    assert "leave --graph out" in both.stderr


Answering = Callable[..., kg.Endpoint]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Start a server that gives one answer to every request; return the endpoint."""
    started: list[ThreadingHTTPServer] = []

    def start(
        status: int = 200,
        content: bytes = b"",
        kind: str = "application/sparql-results+json",
        headers: tuple[tuple[str, str], ...] = (),
        wait: float = 0,
        missing: int = 0,
        **limits: float,
    ) -> kg.Endpoint:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(wait)
                self.send_response(status)
                for name, value in (("Content-Type", kind), ("Content-Length", str(len(content) + missing)), *headers):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                with suppress(ConnectionError):
                    super().handle()

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        started.append(server)
        return kg.Endpoint(f"http://127.0.0.1:{server.server_port}/sparql", **limits)  # type: ignore[arg-type]

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


EMPTY = b'{"head":{"vars":["x"]},"results":{"bindings":[]}}'
DEEP = b'{"type":"triple","value":{"subject":' * 300


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"status": 500, "content": b"out of\nmemory"}, "500 Internal Server Error: out of memory"),
        ({"status": 403}, "403 Forbidden: without a word"),
        (
            {"status": 301, "headers": (("Location", "https://example.org/new"),)},
            "moved .301.: https://example.org/new",
        ),
        ({"content": b"<html>Welcome</html>", "kind": "text/html"}, "answers text/html, .*<html>Welcome"),
        ({"content": b"{}"}, "no SPARQL results in JSON"),
        ({"content": EMPTY[:-20]}, "no SPARQL results in JSON"),
        ({"content": EMPTY, "missing": 7}, "broke off, 7 bytes before its end"),
        ({"content": EMPTY + b" " * 200, "most": 100}, "more than 0 MB"),
        ({"content": b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":' + DEEP}, "nested more than"),
        ({"content": EMPTY, "wait": 1.0, "seconds": 0.2}, "no answer within 0.2 seconds"),
    ],
)
def test_what_a_server_does_wrong_is_told(answer: dict[str, object], message: str, answering: Answering) -> None:
    with pytest.raises(EndpointError, match=message):
        answering(**answer).query("SELECT ?x { }")


def test_an_error_keeps_no_rows(answering: Answering) -> None:
    """Garbage is collected in any thread, and rows may be dropped in their own alone."""
    broken = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"a"}},{"x":'
    with pytest.raises(EndpointError) as told:
        answering(content=broken).query("SELECT ?x { }")
    at = told.tb
    while at.tb_next:
        at = at.tb_next
        assert not [each for each in at.tb_frame.f_locals.values() if isinstance(each, ox.QuerySolutions)]


def test_what_a_server_does_right_is_read(answering: Answering) -> None:
    rows = answering(content=EMPTY, kind="application/json; charset=utf-8").query("SELECT ?x { }")
    assert isinstance(rows, ox.QuerySolutions)
    assert list(rows) == []
    more = EMPTY[:-1] + b',"metadata":{"httpRequests":0}}'
    assert list(answering(content=more).query("SELECT ?x { }")) == []  # type: ignore[arg-type]
    assert not answering(content=b'{"head":{},"boolean":false}').query("ASK { }")


def test_nobody_there() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        with pytest.raises(EndpointError, match="Connection refused"):
            kg.Endpoint(f"http://127.0.0.1:{unheard.getsockname()[1]}/").query("ASK { }")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://x/y", "localhost:7878", "http://", "http://x y/", "http://x:99999/", "http://é/"],
)
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(EndpointError, match="no URL of a SPARQL endpoint"):
        kg.Endpoint(url)


def test_a_password_is_not_sent() -> None:
    with pytest.raises(EndpointError, match="user name"):
        kg.Endpoint("https://me:secret@example.org/sparql")
