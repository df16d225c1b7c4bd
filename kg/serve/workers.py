"""The server's side of its workers: a job goes to one that is free, and one that takes too long is ended and replaced.

    rows = await workers.call(job, *arguments)

`job` is a function of a module, `job(store, *arguments)`; its arguments and its value must be what pickle takes. It
runs in a worker, where alone there is a store.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox

from kg.errors import ServeError
from kg.serve.bounds import MEBIBYTE, Bounds, Busy, Ended, TimeUp
from kg.serve.worker import LENGTH, packed
from kg.store import Store, held

Value = TypeVar("Value")
TICK = 0.1
"""Seconds by which a clock may be early."""
GRACE = 0.25
"""Seconds that a worker is left to end a job nobody waits for any more: to start another one costs as much."""

_BEGIN = "import sys; sys.path[:] = sys.argv.pop().split('\\n'); from kg.serve.worker import main;" \
         " main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))"  # fmt: skip


@contextmanager
def folder_of(store: Store) -> Iterator[Path]:
    """Keep a folder that workers can open a store from: its own in the cache, or a copy of it."""
    if store.folder:  # newer closures would push it out of the cache, and a new worker would find nothing
        with held(store.folder):
            yield store.folder
        return
    with tempfile.TemporaryDirectory(prefix="kg-serve-") as made:
        copy = ox.Store(str(Path(made) / "store"))
        copy.bulk_extend(store.quads)
        copy.flush()
        del copy
        yield Path(made)


class _Worker:
    """One process and the pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._process, self._to, self._from = process, process.stdin, process.stdout

    @classmethod
    async def start(cls, folder: Path, bounds: Bounds) -> _Worker:
        begin = (
            sys.executable,
            "-c",
            _BEGIN,
            str(folder),
            str(bounds.memory),
            str(bounds.seconds),
            "\n".join(sys.path),
        )
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        return cls(
            await asyncio.create_subprocess_exec(*begin, stdin=pipe, stdout=pipe, stderr=nowhere, limit=MEBIBYTE)
        )

    async def ask(self, job: Callable[..., object], arguments: tuple[object, ...]) -> tuple[bool, Any]:
        self._to.write(packed((job, arguments)))
        await self._to.drain()
        return await self.rest()

    async def rest(self) -> tuple[bool, Any]:
        """Return what the worker says next. Raises EOFError when it has ended."""
        (length,) = LENGTH.unpack(await self._from.readexactly(LENGTH.size))
        well, value = pickle.loads(await self._from.readexactly(length))
        return well, value

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()

    async def ended(self) -> int:
        return await self._process.wait()

    async def end(self) -> int:
        self.kill()
        self._to.close()
        return await self.ended()


class Workers:
    """A fixed number of processes on one store. Use it as an async context manager."""

    def __init__(self, folder: Path, bounds: Bounds) -> None:
        self.folder, self.bounds = folder, bounds
        self._idle: deque[_Worker] = deque()
        self._lines: dict[bool, deque[asyncio.Future[_Worker]]] = {False: deque(), True: deque()}
        self._public = bounds.workers - 1
        self._clocks: dict[asyncio.Timeout, float] = {}
        self._started: set[_Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Workers:
        try:
            await self._start()  # one that can open the store is enough to begin with
            for _ in range(self.bounds.workers - 1):
                self._soon(self._start_in_the_end())
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in list(self._started)))

    async def call(self, job: Callable[..., Value], *arguments: object, public: bool = False) -> Value:
        """Return what the job returns, and raise the KgError it raises; also Busy, TimeUp, Ended.

        `public` is for what a stranger wrote: one worker is kept free of it. If the caller is cancelled, the worker has
        a moment to finish and is ended then.
        """
        worker = await self._free(public)
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self.bounds.seconds) as clock:
                if public:
                    self._clocks[clock] = began + self.bounds.pressed
                    self._press()
                well, value = await worker.ask(job, arguments)
        except TimeoutError:
            self._replace(worker, public)
            if asyncio.get_running_loop().time() < began + self.bounds.seconds - TICK:
                raise Busy(
                    f"The query was ended after {self.bounds.pressed:g} seconds, for others wait. Narrow it, or try"
                    " again later."
                ) from None
            raise TimeUp(
                f"The query took more than {self.bounds.seconds:g} seconds and was ended. Narrow it, or add a LIMIT."
            ) from None
        except (EOFError, OSError):
            self._replace(worker, public)
            raise Ended(
                f"The query ended its worker: it took more than {self.bounds.memory // MEBIBYTE} MiB of memory, or"
                " nests too deep for the engine. Narrow it."
            ) from None
        except BaseException:
            self._soon(self._drain(worker, public))
            raise
        finally:
            self._clocks.pop(clock, None)
        self._release(worker, public)
        if well:
            return value  # type: ignore[no-any-return]
        raise value

    async def _free(self, public: bool) -> _Worker:
        """Return a worker that has nothing to do, waiting for one if need be. Raises Busy."""
        line = self._lines[public]
        if sum(map(len, self._lines.values())) >= self.bounds.waiting:
            raise Busy("Too many queries wait for an answer. Try again in a moment.")
        turn: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        line.append(turn)
        self._hand_out()
        self._press()
        try:
            async with asyncio.timeout(self.bounds.patience):
                return await turn
        except BaseException as error:
            if turn in line:
                line.remove(turn)
            elif turn.done() and not turn.cancelled():
                self._release(turn.result(), public)
            if isinstance(error, TimeoutError):
                raise Busy(f"No worker was free for {self.bounds.patience:g} seconds. Try again in a moment.") from None
            raise

    def _press(self) -> None:
        """While strangers wait, let the queries of others run no longer than is fair."""
        if self._lines[True]:
            for clock, fair in self._clocks.items():
                if (end := clock.when()) is not None and end > fair:
                    clock.reschedule(fair)

    def _hand_out(self) -> None:
        """Give idle workers to those who wait, first come first served, the server's own needs before strangers'."""
        while self._idle:
            public = not self._lines[False]
            if not self._lines[public] or (public and not self._public):
                return
            turn = self._lines[public].popleft()
            if not turn.done():
                self._public -= public
                turn.set_result(self._idle.popleft())

    def _release(self, worker: _Worker | None, public: bool) -> None:
        self._public += public
        if worker:
            self._idle.append(worker)
        self._hand_out()

    async def _watch(self, worker: _Worker) -> None:
        """Replace a worker that ends while it has nothing to do; one at work is missed by who waits for its answer."""
        await worker.ended()
        if worker in self._idle:
            self._idle.remove(worker)
            self._replace(worker, public=False)

    def _replace(self, worker: _Worker, public: bool) -> None:
        """End a worker and start another."""

        async def replace() -> None:
            await worker.end()
            self._started.discard(worker)
            await self._start_in_the_end()

        worker.kill()
        self._release(None, public)
        self._soon(replace())

    async def _drain(self, worker: _Worker, public: bool) -> None:
        try:
            async with asyncio.timeout(GRACE):
                await worker.rest()
        except (TimeoutError, EOFError, OSError):
            self._replace(worker, public)
        else:
            self._release(worker, public)

    async def _start_in_the_end(self) -> None:
        pause = 0.1
        while True:
            with suppress(ServeError, OSError):
                return await self._start()
            await asyncio.sleep(pause)
            pause = min(2 * pause, 10)

    async def _start(self) -> None:
        """Add a worker. Raises ServeError when it ends before it is ready."""
        worker = await _Worker.start(self.folder, self.bounds)
        self._started.add(worker)
        try:
            await worker.rest()
        except (EOFError, OSError):
            self._started.discard(worker)
            code = await worker.end()
            raise ServeError(f"A worker ended while it opened {self.folder} (code {code}).") from None
        self._release(worker, public=False)
        self._soon(self._watch(worker))

    def _soon(self, work: Any) -> None:
        if self._closed:
            work.close()
            return
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
