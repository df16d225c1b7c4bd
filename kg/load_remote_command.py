"""`kg load-remote`: the graph into a SPARQL server elsewhere, which then answers `kg ask --endpoint`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Annotated

import pyoxigraph as ox
import typer

from kg import printing
from kg.answer import Answer
from kg.build_command import ClosureOption
from kg.endpoint import SECONDS, Endpoint
from kg.names import DERIVED, compact
from kg.printing import FormatOption, GraphOption, StoreOption

LOAD_REMOTE_HELP = """Load the graph into a SPARQL server, by the Graph Store Protocol.

Each of its graphs, and the default graph, takes the place of what the server has there. A token is read from
KG_REMOTE_TOKEN, or a user and password from KG_REMOTE_USER and KG_REMOTE_PASSWORD. In the end the server counts what it
has. For a server that reads files: kg export --derived -o graphs.nq, and once more -o once.nt for its default graph.
"""


def run_load_remote(
    url: Annotated[str, typer.Argument(help="The server's address for the Graph Store Protocol.")],
    endpoint: Annotated[str, typer.Option("--endpoint", metavar="URL", help="Its address for queries.")],
    graph: GraphOption = None,
    built: StoreOption = None,
    closure: ClosureOption = True,
    memory: Annotated[str, typer.Option(help="Memory for the table of facts; beyond it, it spills to disk.")] = "1GB",
    timeout: Annotated[
        float, typer.Option("--timeout", min=0, metavar="SECONDS", help="How long to wait for the next answer.")
    ] = SECONDS,
    how: FormatOption = "table",
) -> None:
    """Load, and print the graphs with the number of facts in each."""
    from kg.export.facts import facts_of, gather, in_store
    from kg.remote import Remote, authorization

    headers = authorization(os.environ, url, endpoint)
    remote = Remote(url, Endpoint(endpoint, timeout, headers=headers), timeout)
    if built:
        derived = ox.NamedNode(DERIVED)
        held = in_store(printing.open_graph(graph, built))
        quads: Iterator[ox.Quad] = (quad for quad in held if closure or quad.graph_name != derived)
    else:
        quads = gather(*(graph or []), derived=closure, on_reasoning=printing.first_use)
    with printing.counting("facts") as progress, facts_of(quads, memory=memory, progress=progress) as facts:
        counts = remote.send(facts, progress)
    rows = [(name if name == "default" else compact(name), str(count)) for name, count in counts.items()]
    printing.emit(Answer.of_texts("load-remote", f"Graphs at {url}", ("graph", "facts"), rows), how)
