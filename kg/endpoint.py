"""A SPARQL endpoint elsewhere, asked as a store is: a query goes out by HTTP, its answer comes back as JSON.

The queries and their results are those of the SPARQL 1.1 protocol, so any store that speaks it serves. Its default
graph must hold every fact once, derived ones too, and each stated fact must stand in the graph of its source as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

from kg.errors import EndpointError
from kg.load import MOST_NESTED, too_deep

if TYPE_CHECKING:
    from http.client import HTTPResponse

MOST_BYTES = 256 << 20
"""Bytes of an answer: about a million rows. More is a query gone wrong, or work for an export."""
SECONDS = 60.0
"""How long to wait for the next bytes."""
BATCH = 500
"""Things whose labels are asked for at once."""
_JSON = "application/sparql-results+json"
_PLAIN_JSON = "application/json"  # what some endpoints call it


@dataclass(frozen=True)
class Endpoint:
    """An endpoint by its URL. `seconds` is how long to wait for the next bytes, `most` how many may come in all.

    `headers` are sent along, such as an authorization.
    """

    url: str
    seconds: float = SECONDS
    most: int = MOST_BYTES
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Raise EndpointError for what is no URL of an endpoint."""
        refuse_url(self.url, "a SPARQL endpoint", "https://example.org/sparql or http://localhost:7878/query")

    @property
    def folder(self) -> Path | None:
        """No folder keeps its answers: they may be others tomorrow."""
        return None

    def query(self, sparql: str) -> ox.QuerySolutions | ox.QueryBoolean:
        """Return the answer to a SELECT or ASK. Raises EndpointError."""
        content = self._post(sparql)
        if too_deep(content):
            raise EndpointError(f"{self.url}: JSON nested more than {MOST_NESTED} deep is no SPARQL result.")
        content = _results_alone(content)
        try:
            found = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
            if isinstance(found, ox.QuerySolutions):
                for _ in found:  # to the end: a part of an answer is none
                    pass
                found = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            found = None  # rows must be dropped by the thread that read them, and the error keeps what is here
            raise EndpointError(
                f"{self.url}: no SPARQL results in JSON ({error}). It begins: {shown(content)}"
            ) from None
        assert isinstance(found, ox.QuerySolutions | ox.QueryBoolean)
        return found

    def objects(self, nodes: Iterable[ox.NamedNode], predicate: ox.NamedNode) -> Iterator[tuple[ox.NamedNode, Any]]:
        """Yield the values of a property for each of the things, in a few queries. Raises EndpointError."""
        rest = iter(nodes)
        while batch := list(islice(rest, BATCH)):
            things = " ".join(map(str, batch))
            rows = self.query(
                f"SELECT DISTINCT ?node ?value {{ VALUES ?node {{ {things} }} ?node {predicate} ?value }}"
            )
            assert isinstance(rows, ox.QuerySolutions)
            for row in rows:
                if isinstance(node := row["node"], ox.NamedNode):
                    yield node, row["value"]

    def _post(self, sparql: str) -> bytes:
        headers = {
            "Accept": f"{_JSON}, {_PLAIN_JSON};q=0.5",
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            **self.headers,
        }
        with exchange("POST", self.url, urlencode({"query": sparql}).encode(), headers, self.seconds) as response:
            return self._content(response)

    def _content(self, response: HTTPResponse) -> bytes:
        refuse_failure(self.url, response)
        kind = response.headers.get_content_type()
        if kind not in (_JSON, _PLAIN_JSON):
            said = shown(response.read(2000))
            raise EndpointError(
                f"{self.url}: answers {kind}, not {_JSON}: {said}. Is this the URL of the endpoint itself?"
            )
        content = response.read(self.most + 1)
        if len(content) > self.most:
            raise EndpointError(f"{self.url}: more than {self.most >> 20:,} MB in one answer. Narrow the question.")
        if response.length:
            raise EndpointError(
                f"{self.url}: the answer broke off, {response.length:,} bytes before its end. Ask again."
            )
        return content


def _results_alone(content: bytes) -> bytes:
    """Leave out what some servers tell after the rows, where the parser expects nothing."""
    if content[-200:].find(b'"metadata"') < 0:
        return content
    with suppress(ValueError, KeyError, TypeError):
        told = json.loads(content)
        return json.dumps({"head": told["head"], "results": {"bindings": told["results"]["bindings"]}}).encode()
    return content


def shown(content: bytes) -> str:
    """Return the beginning of what an endpoint said, as one line of text."""
    return " ".join(content.decode("utf-8", "replace").split())[:200]


def refuse_url(url: str, what: str, examples: str) -> None:
    """Raise EndpointError for what is no URL to send to."""
    try:
        parts = urlsplit(url)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or (parts.port or 1) < 1
    except ValueError:
        wrong = True
    if wrong or not re.fullmatch(r"[!-~]+", url):
        raise EndpointError(f"{url!r} is no URL of {what}. Example: {examples}")
    if parts.username is not None:
        raise EndpointError("A URL with a user name in it is not sent. Leave it out of the URL.")


@contextmanager
def exchange(
    method: str, url: str, content: bytes | IO[bytes], headers: Mapping[str, str], seconds: float
) -> Iterator[HTTPResponse]:
    """Send a request and give its response, whatever its status. Raises EndpointError where there is none."""
    from http.client import HTTPException
    from urllib.error import URLError
    from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

    from kg import __version__

    opener = OpenerDirector()  # with no handler for redirects, files or ftp
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    request = Request(url, content, {"User-Agent": f"kg/{__version__}", **headers}, method=method)
    try:
        with opener.open(request, timeout=seconds) as response:
            yield response
    except TimeoutError:
        raise EndpointError(f"{url}: no answer within {seconds:g} seconds. Is the endpoint busy?") from None
    except (URLError, HTTPException, OSError) as error:
        cause = getattr(error, "reason", error)
        if isinstance(cause, TimeoutError):
            raise EndpointError(f"{url}: no connection within {seconds:g} seconds.") from None
        told = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
        raise EndpointError(f"{url}: cannot be reached ({told}). Does the endpoint run, and there?") from None


def refuse_failure(url: str, response: HTTPResponse) -> None:
    """Raise EndpointError for a response that tells no success; a redirect is not followed."""
    if 300 <= response.status < 400:
        where = response.headers.get("Location") or "it does not say where"
        raise EndpointError(f"{url}: the endpoint moved ({response.status}): {where}. Give that URL.")
    if not 200 <= response.status < 300:
        said = shown(response.read(2000))
        raise EndpointError(f"{url}: {response.status} {response.reason}: {said or 'without a word'}")
