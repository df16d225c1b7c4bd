"""`kg serve`: the graph on the web."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from kg import printing
from kg.printing import GraphOption, StoreOption

SERVE_HELP = "Serve the graph on the web: SPARQL, and each thing at its own address."


def run_serve(
    graph: GraphOption = None,
    built: StoreOption = None,
    host: Annotated[
        str, typer.Option(help="The address to listen at; 0.0.0.0 is all of this machine's.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 is any free one.")] = 8000,
    base: Annotated[
        str | None, typer.Option(metavar="URL", help="The address that the world knows, if it is another.")
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="End a query that takes longer.")] = 30,
    workers: Annotated[
        int, typer.Option(min=2, max=256, help="Processes that answer; one of them is kept free of SPARQL.")
    ] = max(2, os.cpu_count() or 2) + 1,
    memory: Annotated[int, typer.Option(min=64, metavar="MIB", help="Memory that a query may take.")] = 2048,
) -> None:
    """Serve until Ctrl-C."""
    store = printing.open_graph(graph, built)
    from kg.serve.bounds import MEBIBYTE, Bounds
    from kg.serve.server import serve

    bounds = Bounds(seconds=timeout, workers=workers, memory=memory * MEBIBYTE)
    serve(store, host, port, base, bounds, lambda address: printing.note(f"Serving at {address} (Ctrl-C ends it)"))
