"""`kg mcp`: the graph for assistants, by the Model Context Protocol."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import printing
from kg.errors import ServeError
from kg.limits import stoppable
from kg.printing import GraphOption, StoreOption

MCP_HELP = "Serve the graph to an assistant that speaks MCP, on standard input and output."


def run_mcp(
    graph: GraphOption = None,
    built: StoreOption = None,
    timeout: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="End a call that takes longer.")] = 30,
    memory: Annotated[int, typer.Option(min=64, metavar="MIB", help="Memory that a call may take.")] = 2048,
) -> None:
    """Serve until the client closes the input."""
    try:
        from kg.mcp.server import serve
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("mcp"):
            raise
        raise ServeError("kg mcp needs the package mcp. Install it: pip install 'kg-drug-approvals[mcp]'") from None
    from kg.serve.bounds import MEBIBYTE, Bounds

    store = printing.open_graph(graph, built)
    # All calls are one client's: none is cut short for another, and one of the two workers runs no query.
    bounds = Bounds(seconds=timeout, pressed=timeout, patience=timeout, workers=2, memory=memory * MEBIBYTE)
    with stoppable():  # a thread reads the input, and would keep the process until the client closes it
        serve(store, bounds)
