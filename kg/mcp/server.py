"""Run the server on standard input and output, with its tools and the questions' SPARQL as resources."""

from __future__ import annotations

import asyncio
from pathlib import Path

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.resources import TextResource
from mcp.types import ToolAnnotations

from kg import __version__, questions
from kg.mcp.tools import Tools
from kg.serve.bounds import Bounds
from kg.serve.workers import Workers, folder_of
from kg.store import Store

INSTRUCTIONS = (
    "A knowledge graph of drugs, clinical trials and regulatory approvals. Each stated fact has its source, and each"
    " derived one a proof. Look for a stored question first (find_question, run_question); write SPARQL (query) only"
    " where none fits, with the terms that `vocabulary` gives. `not stated` and `not assessable` are answers: pass them"
    " on as they are. An answer that was cut says so."
)


def serve(store: Store, bounds: Bounds) -> None:
    """Serve a store until the client closes the input. Raises ServeError when no worker can be started."""
    with folder_of(store) as folder:
        asyncio.run(_run(folder, bounds))


async def _run(folder: Path, bounds: Bounds) -> None:
    async with Workers(folder, bounds) as workers:
        await server(workers).run_stdio_async()


def server(workers: Workers) -> MCPServer:
    """Return the server, not yet running."""
    made: MCPServer = MCPServer(
        "kg", "Drug approvals", instructions=INSTRUCTIONS, version=__version__, log_level="ERROR"
    )
    harmless = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in Tools(workers).all():
        made.add_tool(tool, annotations=harmless)
    for name in questions.names():
        question = questions.question(name)
        made.add_resource(
            TextResource(
                uri=f"kg://questions/{name}",
                name=name,
                title=question.title,
                description=question.text,
                mime_type="application/sparql-query",
                text=question.sparql,
            )
        )
    return made
