"""Run a site: bind, start the workers, tell where it is, end all of it on SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

import pyoxigraph as ox
import uvicorn

from kg.errors import ServeError
from kg.serve.app import application
from kg.serve.bounds import Bounds
from kg.serve.site import Site
from kg.serve.workers import Workers
from kg.store import Store


class _Server(uvicorn.Server):
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End orderly; at once when told twice."""
        self.force_exit = self.should_exit
        self.should_exit = True


def serve(
    store: Store, host: str, port: int, base: str | None, bounds: Bounds, on_ready: Callable[[str], None]
) -> None:
    """Serve a store until a signal ends it. `base` is the address that the world knows; `on_ready` is told it.

    Raises ServeError when the address cannot be had or is none.
    """
    with ExitStack() as held:
        listener = held.enter_context(_bound(host, port))
        if base is None:
            shown = f"[{host}]" if ":" in host else host
            base = f"http://{shown}:{listener.getsockname()[1]}/"
        folder = store.folder or Path(held.enter_context(tempfile.TemporaryDirectory(prefix="kg-serve-")))
        if not store.folder:
            copy = ox.Store(str(folder / "store"))
            copy.bulk_extend(store.quads)
            copy.flush()
            del copy
        edition = folder.name if store.folder else uuid.uuid4().hex
        asyncio.run(_run(folder, listener, base, edition, bounds, on_ready))


async def _run(
    folder: Path, listener: socket.socket, address: str, edition: str, bounds: Bounds, on_ready: Callable[[str], None]
) -> None:
    async with Workers(folder, bounds) as workers:
        config = uvicorn.Config(
            application(Site(workers, bounds, address, edition)),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            limit_concurrency=bounds.connections,
            timeout_graceful_shutdown=2,
        )
        on_ready(address)
        await _Server(config).serve([listener])


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError, UnicodeError) as error:
        told = getattr(error, "strerror", None) or error
        raise ServeError(
            f"{host}, port {port}: cannot be listened to ({told}). Is it taken? Name another with --port, or 0 for any."
        ) from None
