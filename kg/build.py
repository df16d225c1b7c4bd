"""sources -> a store on disk with a name: built in steps that can be gone on with, and put in place as a whole.

A step begins on a copy of the last one's store, made of hard links, and its folder gets its name when it is whole; see
`kg.built` for what lies where. At last a file that names the build is replaced: a reader finds the old store or the new
one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg import questions
from kg.ask import ask
from kg.built import CURRENT, LAYOUT, UNFINISHED, about_of, contradictions_of
from kg.contradiction import Contradiction
from kg.derive import derive
from kg.errors import StoreError
from kg.fill import Files, OnReasoning, close_lines, put_derived, put_stated, tell
from kg.names import SHIPPED
from kg.reason import REASONERS
from kg.sources import files
from kg.store import Store, digests, key_of, lock, open_entry

STATED = "none"
"""In place of a reasoner's name: the store has what is stated alone."""
_LOCK = ".lock"


@dataclass(frozen=True)
class Built:
    """A store on disk: where, its numbers of stated and of derived facts, its size in bytes; `fresh` if just made."""

    folder: Path
    stated: int
    derived: int
    size: int
    fresh: bool
    contradictions: tuple[Contradiction, ...] = ()


@dataclass(frozen=True)
class _Work:
    """A build on its way: its folder of steps, what it reads, and what about.json will say."""

    folder: Path
    found: Files
    about: dict[str, Any]
    memory: str | None
    on_step: OnReasoning

    def step(self, name: str) -> Path:
        return self.folder / name

    def copied(self, name: str, target: Path) -> ox.Store:
        """Return a copy of the store that a step left."""
        ox.Store(str(self.step(name) / "store")).backup(str(target / "store"))
        return ox.Store(str(target / "store"))


def build(
    *sources: Path | str, folder: Path, stated: bool = False, memory: str | None = None, on_step: OnReasoning = None
) -> Built:
    """Make `folder` the store of the closure of files (see `kg.load`), or with `stated` of what they state alone.

    The folder has the old store, or none, until it has the new one; whoever reads the old one goes on. A build that was
    stopped is gone on with by the same call. `memory` ("4GB") bounds the reasoner's tables, which spill beyond it.
    Raises LoadError, ReasonError and StoreError.
    """
    found = files(*(sources or (SHIPPED,)))
    with _alone(folder):
        seen = _stamps(found)
        tell(on_step, f"looking at {len(found):,} files")
        content = digests(found)
        reasoner = STATED if stated else REASONERS[0]
        key = key_of(content, reasoner)
        entry = folder / f"build-{key}"
        unfinished = folder / f"{UNFINISHED}{key}"
        _forget_unfinished(folder, but=unfinished)
        if fresh := open_entry(entry) is None:
            about = {
                "layout": LAYOUT,
                "reasoner": reasoner,
                "engine": f"pyoxigraph {ox.__version__}",
                "sources": [
                    {"graph": name, "file": path.name, "bytes": seen[path][0], "sha256": sha256}
                    for (name, path), (_, sha256) in zip(found, content, strict=True)
                ],
            }
            _make(_Work(unfinished, found, about, memory, on_step), seen, entry)
        _publish(folder, entry.name)
        shutil.rmtree(unfinished, ignore_errors=True)
        _forget_builds(folder, but=entry)
        made = about_of(entry)
        return Built(folder, made["stated"], made["derived"], _size(entry), fresh, contradictions_of(made))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one build at a time work in a folder, made if need be; tell what the system says as StoreError."""
    from filelock import FileLock, Timeout

    try:
        if folder.is_dir() and (entries := {path.name for path in folder.iterdir()}) and _LOCK not in entries:
            raise StoreError(f"{folder}: a folder with other files in it, and no store. Name a new or an empty one.")
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / _LOCK, timeout=0):
            yield
    except Timeout:
        raise StoreError(f"{folder}: another build works in it. Wait for its end, or name another folder.") from None
    except OSError as error:
        raise StoreError(
            f"{folder}: the store cannot be written ({error.strerror or error}). What was there is as it was. Make"
            " room, or let the folder be written, and the same command goes on from the last finished step."
        ) from None


def _make(work: _Work, seen: dict[Path, tuple[int, int]], entry: Path) -> None:
    """Do the steps that are still to be done, and give the last one's folder its name."""
    work.folder.mkdir(exist_ok=True)
    steps: list[tuple[str, Callable[[_Work, Path], None]]] = [("stated", _stated)]
    if work.about["reasoner"] != STATED:
        steps += [("derived", _derived), ("closure", _closure), ("queried", _queried)]
    steps.append(("whole", _whole))
    for name, do in steps:
        if work.step(name).is_dir():
            continue
        aside = work.folder / "aside"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        do(work, aside)
        if name == "stated" and _stamps(work.found) != seen:
            raise StoreError("A source changed while it was read. Run the same command again.")
        _settle(aside)
        aside.rename(work.step(name))
        _sync(work.folder)
    if entry.is_dir():  # and cannot be opened
        shutil.rmtree(entry)
    work.step("whole").rename(entry)
    _sync(entry.parent)


def _stated(work: _Work, aside: Path) -> None:
    store = ox.Store(str(aside / "store"))
    lines = None if work.about["reasoner"] == STATED else aside / "stated.nt"
    put_stated(store, work.found, lines, work.on_step)
    store.flush()


def _derived(work: _Work, aside: Path) -> None:
    done = close_lines(work.step("stated") / "stated.nt", aside / "derived.nt", work.on_step, memory=work.memory)
    found = [each.to_json() for each in done.contradictions]
    _write_json(aside / "counts.json", {"stated": done.stated, "derived": done.derived, "contradictions": found})


def _closure(work: _Work, aside: Path) -> None:
    tell(work.on_step, "indexing what follows")
    store = work.copied("stated", aside)
    put_derived(store, work.step("derived") / "derived.nt")
    store.flush()


def _queried(work: _Work, aside: Path) -> None:
    tell(work.on_step, "asking what follows by queries")
    store = work.copied("closure", aside)
    counts = json.loads((work.step("derived") / "counts.json").read_text(encoding="utf-8"))
    counts["derived"] += derive(store)
    store.flush()
    _write_json(aside / "counts.json", counts)


def _whole(work: _Work, aside: Path) -> None:
    from kg import __version__

    tell(work.on_step, "putting the store in order")
    closed = work.about["reasoner"] != STATED
    store = work.copied("queried" if closed else "stated", aside)
    if closed:
        counts = json.loads((work.step("queried") / "counts.json").read_text(encoding="utf-8"))
    else:
        counts = {"stated": _count(store), "derived": 0, "contradictions": []}
    store.optimize()
    store.flush()
    tell(work.on_step, "asking what has one answer")
    for name in questions.names():
        if not questions.question(name).params:
            ask(name, Store(store, folder=aside))  # a slow answer is kept beside the store: it counts every fact
    day = datetime.now(UTC).isoformat(timespec="seconds")
    _write_json(aside / "about.json", {**work.about, "kg": __version__, "built": day, **counts})


def _count(store: ox.Store) -> int:
    found = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert isinstance(found, ox.QuerySolutions)
    return int(next(found)["n"].value)


def _publish(folder: Path, name: str) -> None:
    """Make a build the store, in one step."""
    aside = folder / f".{CURRENT}"
    with aside.open("w", encoding="utf-8") as stream:
        stream.write(f"{name}\n")
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(folder / CURRENT)
    _sync(folder)


def _forget_unfinished(folder: Path, but: Path) -> None:
    """Remove what builds of other content left that were stopped."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if left != but:
            shutil.rmtree(left, ignore_errors=True)


def _forget_builds(folder: Path, but: Path) -> None:
    """Remove the builds that nobody reads any more."""
    for entry in folder.glob("build-*"):
        if entry != but:
            with lock(entry, exclusive=True) as free:
                if free:
                    shutil.rmtree(entry, ignore_errors=True)


def _stamps(found: Files) -> dict[Path, tuple[int, int]]:
    """Return the size of each file and when it was last written."""
    stats = {path: path.stat() for _, path in found}
    return {path: (stat.st_size, stat.st_mtime_ns) for path, stat in stats.items()}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _settle(folder: Path) -> None:
    """Have the disk hold what is in a folder, so that no power cut leaves a name without its content."""
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _sync(path: Path) -> None:
    with suppress(*[PermissionError] if os.name == "nt" else []):  # Windows opens no folder
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
