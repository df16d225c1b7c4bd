"""facts -> a SPARQL server elsewhere, by the Graph Store Protocol, so that it answers as a store here does.

Each graph is put anew and so takes the place of what the server had under that name; other graphs are left alone. The
default graph gets every fact once, each source's graph what it states, and graph:derived what follows. A large graph
goes in parts. Facts with blank nodes go in the first, for a server names them anew in each: so a part can be sent again
after a failure, and what arrives is the same. In the end the server counts what it has.
"""

from __future__ import annotations

import base64
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TypeAlias
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from kg.endpoint import SECONDS, Endpoint, exchange, refuse_failure, refuse_url
from kg.errors import EndpointError
from kg.export.facts import Facts

PART = 16 << 20
"""Bytes of a part of a graph, about 100,000 facts."""
TRIES = 4
_PASSING = (429, 500, 502, 503, 504)
"""What a server may say that will do it later."""
USER, PASSWORD, TOKEN = "KG_REMOTE_USER", "KG_REMOTE_PASSWORD", "KG_REMOTE_TOKEN"
_BLANK = "starts_with(of_s.text, '_:') OR starts_with(of_o.text, '_:')"

Sent: TypeAlias = "Callable[[str, int], None] | None"
"""Is told the graph and how many of its facts have arrived so far."""


@dataclass(frozen=True)
class Remote:
    """A server: the URL of its graph store and of its endpoint for queries."""

    url: str
    endpoint: Endpoint
    seconds: float = SECONDS
    pause: float = 1.0

    def __post_init__(self) -> None:
        """Raise EndpointError for what is no URL of a graph store."""
        refuse_url(self.url, "a graph store", "https://example.org/data or http://localhost:7878/store")

    def send(self, facts: Facts, sent: Sent = None) -> dict[str, int]:
        """Put every graph, and the default graph; return the number of facts in each, "default" for that one.

        Raises EndpointError, also when the server then counts otherwise.
        """
        numbers = {text[1:-1]: facts.number(text) for text in facts.graphs()}
        tables = {name: f"(SELECT s, p, o FROM quads WHERE g = {number})" for name, number in numbers.items()}
        counts = {}
        for name, table in {**tables, "default": facts.once}.items():
            rows = facts.texts("s p o", table, f"({_BLANK}) DESC, f.s, f.p, f.o")
            counts[name] = self._put(name, (f"{s} {p} {o} .\n".encode() for s, p, o in rows), sent)
        for name, count in counts.items():
            self._check(name, count)
        return counts

    def _put(self, name: str, lines: Iterator[bytes], sent: Sent) -> int:
        target = f"{self.url}{'&' if urlsplit(self.url).query else '?'}"
        target += "default" if name == "default" else f"graph={quote(name, safe='')}"
        method, count = "PUT", 0
        for part, number in _parts(lines):
            self._send(method, target, part)
            method, count = "POST", count + number
            if sent:
                sent(name, count)
        return count

    def _send(self, method: str, target: str, part: IO[bytes]) -> None:
        headers = {
            "Content-Type": "application/n-triples",
            "Content-Length": str(part.seek(0, os.SEEK_END)),
            **self.endpoint.headers,
        }
        for left in reversed(range(TRIES)):
            part.seek(0)
            answered = False
            try:
                with exchange(method, target, part, headers, self.seconds) as response:
                    answered = response.status not in _PASSING
                    refuse_failure(target, response)
                    return
            except EndpointError:
                if answered or not left:
                    raise
            time.sleep(self.pause * 2 ** (TRIES - 1 - left))

    def _check(self, name: str, count: int) -> None:
        facts = "?s ?p ?o" if name == "default" else f"GRAPH {ox.NamedNode(name)} {{ ?s ?p ?o }}"
        rows = self.endpoint.query(f"SELECT (COUNT(*) AS ?n) {{ {facts} }}")
        assert isinstance(rows, ox.QuerySolutions)
        (found,) = (row["n"].value for row in rows)
        if int(found) != count:
            union = " Does it take the union of the others for it?" if name == "default" else ""
            raise EndpointError(
                f"{self.endpoint.url}: the graph {name} was sent {count:,} facts and has {int(found):,}.{union}"
            )


def authorization(environ: Mapping[str, str], *urls: str) -> dict[str, str]:
    """Return the header for the token, or the user and password, that the environment names, if it does.

    Raises EndpointError for a password without a user, and rather than send one for all to read.
    """
    token, user, password = (environ.get(name) for name in (TOKEN, USER, PASSWORD))
    if not token and not user:
        if password:
            raise EndpointError(f"{PASSWORD} is set, and {USER} is not. Set both, or neither.")
        return {}
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise EndpointError(f"{url}: a password or token is sent to https or to this machine alone. Use https.")
    if token:
        return {"Authorization": f"Bearer {token}"}
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password or str()}'.encode()).decode()}"}


def _parts(lines: Iterator[bytes]) -> Iterator[tuple[IO[bytes], int]]:
    """Yield files of lines and how many each has; all lines with blank nodes, which come first, are in the first."""
    line, first = next(lines, None), True
    while line is not None:
        with tempfile.TemporaryFile() as part:
            number = 0
            while line is not None and (part.tell() < PART or (first and _has_blank(line))):
                part.write(line)
                line, number = next(lines, None), number + 1
            yield part, number
        first = False


def _has_blank(line: bytes) -> bool:
    return line.startswith(b"_:") or b" _:" in line
