"""Run a site: bind, start the workers, tell where it is, end all of it on SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import logging
import socket
import urllib.parse
import uuid
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType

import uvicorn

from kg.errors import ServeError
from kg.names import expand
from kg.serve import html, pages
from kg.serve.app import application
from kg.serve.bounds import Bounds
from kg.serve.connection import protocol
from kg.serve.site import Site
from kg.serve.workers import Workers, folder_of
from kg.store import Store


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell so; signals are heeded by now."""
        await super().startup(sockets)
        self.on_ready()

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
    with ExitStack() as kept:
        listener = kept.enter_context(_bound(host, port))
        if base is None:
            near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
            shown = f"[{near}]" if ":" in near else near
            base = f"http://{shown}:{listener.getsockname()[1]}/"
        address = _address(base)
        _allow_connections(bounds.connections + 100)
        folder = kept.enter_context(folder_of(store))
        edition = folder.name if store.folder else uuid.uuid4().hex
        asyncio.run(_run(folder, listener, address, edition, bounds, on_ready))


async def _run(
    folder: Path, listener: socket.socket, address: str, edition: str, bounds: Bounds, on_ready: Callable[[str], None]
) -> None:
    prepared = asyncio.create_task(asyncio.to_thread(html.prepare))
    async with Workers(folder, bounds) as workers:
        await prepared
        config = uvicorn.Config(
            application(Site(workers, bounds, address, edition, pages.dossier)),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            http=protocol(bounds),
            timeout_graceful_shutdown=2,
        )
        for name in ("uvicorn", "uvicorn.error", "asyncio"):  # they would print a line for each client's fault
            logging.getLogger(name).addHandler(logging.NullHandler())
            logging.getLogger(name).propagate = False
        await _Server(config, lambda: on_ready(address)).serve([listener])


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError, UnicodeError) as error:
        told = getattr(error, "strerror", None) or error
        raise ServeError(
            f"{host}, port {port}: cannot be listened to ({told}). Is it taken? Name another with --port, or 0 for any."
        ) from None


def _address(base: str) -> str:
    """Return an address with a slash at its end. Raises ServeError for what is none."""
    parts = urllib.parse.urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment or not expand(base):
        raise ServeError(f"--base {base!r} is no address of a site. Example: --base https://example.org/drugs/")
    return base.rstrip("/") + "/"


def _allow_connections(number: int) -> None:
    """Let the process hold so many, where the system asks to be told."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if least < number:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(number, most), most))
