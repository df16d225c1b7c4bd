"""SPARQL servers of others, started for a test, and what a stored question tells of a graph."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import kg
from kg import questions
from kg.errors import KgError

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
_RDFLIB_ENDPOINT = """
import sys
import rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
graph = rdflib.Dataset(default_union=True)
graph.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=graph), host=sys.argv[2], port=int(sys.argv[3]), log_level="error")
"""


@contextmanager
def serving(command: Callable[[str], Sequence[Path | str]], path: str, cwd: Path | None = None) -> Iterator[str]:
    """Run a server while the block runs, at a free address given to `command`; give its URL once `path` answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command(address), stdout=nowhere, stderr=nowhere, cwd=cwd) as process:
        try:
            _wait_for(process, f"http://{address}{path}?query=ASK%7B%7D")
            yield f"http://{address}"
        finally:
            process.terminate()


def oxigraph(store: Path, address: str, how: str = "serve") -> list[Path | str]:
    """Return the command that serves a store by Oxigraph."""
    return [OXIGRAPH, how, "--location", str(store), "--bind", address]


def rdflib_endpoint(file: Path, address: str) -> list[Path | str]:
    """Return the command that serves N-Quads by rdflib-endpoint: rdflib's engine, in which the default graph is all."""
    return [sys.executable, "-c", _RDFLIB_ENDPOINT, str(file), *address.split(":")]


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(1200):
        try:
            with urllib.request.urlopen(url):
                return
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None, f"{process.args!r} ended"
            time.sleep(0.05)
    raise AssertionError(f"{url} does not answer")


def told(name: str, graph: kg.Store | kg.Endpoint) -> tuple[object, object]:
    """Ask with the example of each parameter; return the answer, or the error of what cannot be answered."""
    values = {param.name: param.example for param in questions.question(name).params}
    try:
        answer = kg.ask(name, graph, **values)
    except KgError as error:
        return type(error), str(error)
    return answer.to_dicts(), answer.parameters
