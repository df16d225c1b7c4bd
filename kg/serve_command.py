"""`kg serve`: the graph on the web."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import printing
from kg.printing import GraphOption

HELP = "Serve the graph on the web: SPARQL, and each thing at its own address."


def run_serve(
    graph: GraphOption = None,
    host: Annotated[
        str, typer.Option(help="The address to listen at; 0.0.0.0 is all of this machine's.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 is any free one.")] = 8000,
    base: Annotated[
        str | None, typer.Option(metavar="URL", help="The address that the world knows, if it is another.")
    ] = None,
) -> None:
    """Serve until Ctrl-C."""
    store = printing.open_graph(graph)
    from kg.serve.bounds import Bounds
    from kg.serve.server import serve

    serve(store, host, port, base, Bounds(), lambda address: printing.note(f"Serving at {address} (Ctrl-C ends it)"))
