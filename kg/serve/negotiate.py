"""Media types, and which of them a client likes best by its Accept header."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox


@dataclass(frozen=True)
class Form:
    """A form that an answer can take: its media type, the ending of its addresses, other names clients give it."""

    media: str
    ending: str
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type with its encoding where it has one."""
        return f"{self.media}; charset=utf-8" if self.media.startswith("text/") else self.media


JSON = Form("application/sparql-results+json", "srj", ("application/json", "text/json"))
XML = Form("application/sparql-results+xml", "srx", ("application/xml", "text/xml"))
CSV = Form("text/csv", "csv")
TSV = Form("text/tab-separated-values", "tsv")
TABLES = {
    JSON: ox.QueryResultsFormat.JSON,
    XML: ox.QueryResultsFormat.XML,
    CSV: ox.QueryResultsFormat.CSV,
    TSV: ox.QueryResultsFormat.TSV,
}
"""What SELECT and ASK give; the first is for who has no wish."""

TURTLE = Form("text/turtle", "ttl", ("application/x-turtle", "text/plain"))
JSON_LD = Form("application/ld+json", "jsonld", ("application/json",))
N_TRIPLES = Form("application/n-triples", "nt")
RDF_XML = Form("application/rdf+xml", "rdf", ("application/xml", "text/xml"))
GRAPHS = {
    TURTLE: ox.RdfFormat.TURTLE,
    JSON_LD: ox.RdfFormat.JSON_LD,
    N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    RDF_XML: ox.RdfFormat.RDF_XML,
}
"""What CONSTRUCT and DESCRIBE give."""

TRIG = Form("application/trig", "trig", ("application/x-trig",))
N_QUADS = Form("application/n-quads", "nq", ("text/x-nquads",))
DATASETS = {TRIG: ox.RdfFormat.TRIG, N_QUADS: ox.RdfFormat.N_QUADS}
"""Those that tell the graph of each fact."""

HTML = Form("text/html", "html", ("application/xhtml+xml",))


def choose(accept: str, offered: Iterable[Form]) -> Form | None:
    """Return the form that a client likes best, the first offered among equals; None if it takes none.

    A form is worth what its most specific mention says; a mention by an alias is worth a little less than by its name.
    """
    ranges = list(_ranges(accept)) or [("*/*", 1.0)]
    best, worth = None, 0.0
    for form in offered:
        if (quality := _quality(form, ranges)) > worth:
            best, worth = form, quality
    return best


def _quality(form: Form, ranges: list[tuple[str, float]]) -> float:
    for names in ((form.media,), form.aliases, (f"{form.media.partition('/')[0]}/*",), ("*/*",)):
        for name, quality in ranges:
            if name in names:
                return quality - (0.0001 if names == form.aliases and quality > 0.0001 else 0)
    return 0.0


def _ranges(accept: str) -> Iterable[tuple[str, float]]:
    """Yield the media ranges of an Accept header, each with its q; what is malformed is passed over."""
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if "/" not in name:
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        yield name, quality if quality == quality else 0.0
