"""Servers that really run, on the hand-written facts and a free port of this machine."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message

import pytest

import kg
from tests.conftest import FOUNDING

_START = """
import kg, sys
from kg.serve.bounds import Bounds
from kg.serve.server import serve
bounds = Bounds(**eval(sys.argv[1]))
serve(kg.open_store(*sys.argv[2:]), "127.0.0.1", 0, None, bounds, lambda address: print(address, flush=True))
"""


@dataclass(frozen=True)
class Reply:
    """What a server answered."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def media(self) -> str:
        return self.headers.get_content_type()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@dataclass(frozen=True)
class Client:
    """Asks one server; `pid` is the server's process."""

    address: str
    pid: int

    def __call__(
        self, path: str, body: bytes | None = None, *, method: str | None = None, seconds: float = 20, **headers: str
    ) -> Reply:
        """Request a path; `accept_charset="x"` is the header Accept-Charset."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, body, named, method=method)
        if body is not None and "content_type" not in headers:
            request.add_header("Content-Type", "application/x-www-form-urlencoded")
        try:
            with urllib.request.build_opener(_NoRedirects).open(request, timeout=seconds) as reply:
                return Reply(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())

    def query(self, sparql: str, accept: str = "*/*", **fields: str) -> Reply:
        """Send a query by GET."""
        return self(f"sparql?{urllib.parse.urlencode({'query': sparql, **fields})}", accept=accept)


@contextmanager
def serving(*sources: str, **bounds: float) -> Iterator[Client]:
    """Start a server on the hand-written facts and these sources, with these bounds, and end it."""
    command = [sys.executable, "-c", _START, repr(bounds), *FOUNDING, *sources]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address = process.stdout.readline().strip()
            assert address
            yield Client(address, process.pid)
        finally:
            process.terminate()
            assert process.wait(10) == 0


@pytest.fixture(scope="session")
def client(founding: kg.Store) -> Iterator[Client]:
    """Return a client of a server on the hand-written facts."""
    with serving(request=100_000) as client:
        yield client
