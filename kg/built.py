"""A store on disk with a name, as `kg.build` makes it -> a store that can be asked.

    DIR/current           which build is the store: a file, for a folder cannot be replaced in one step on every system
    DIR/build-KEY/        store/, and about.json: its sources, counts, versions, day and contradictions
    DIR/.unfinished-KEY/  a folder for each finished step of a build that was stopped; the next one goes on from there
    DIR/.lock             held by the one build that runs

KEY is a hash of the sources' content and of the code. A build that is open stays while it is: the next build leaves it,
and the one after that removes it.
"""

from __future__ import annotations

import json
import re
import time
import weakref
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.contradiction import Contradiction
from kg.errors import StoreError
from kg.store import Store, held

LAYOUT = 1
"""Of the folder and what is in it; a store of another one is built anew."""
CURRENT, UNFINISHED = "current", ".unfinished-"
_BUILD = re.compile(r"build-[0-9a-f]{32}")
_TRIES, _PAUSE = 40, 0.05


def open_built(folder: Path | str) -> Store:
    """Return the store that `build` made in a folder; it stays there for as long as the object does.

    Raises StoreError for what is no such store, is damaged, or has the layout of another version.
    """
    folder = Path(folder)
    for _ in range(_TRIES):
        entry = folder / current(folder)
        with ExitStack() as kept:
            if kept.enter_context(held(entry)):
                try:
                    store = _opened(folder, entry)
                except StoreError:
                    if current(folder) == entry.name:
                        raise
                else:
                    weakref.finalize(store, kept.pop_all().close)
                    return store
        time.sleep(_PAUSE)  # another build is taking its place
    raise StoreError(f"{folder}: its store is being replaced over and over. Open it when no build runs.")


def _opened(folder: Path, entry: Path) -> Store:
    try:
        about = about_of(entry)
        if about["layout"] != LAYOUT:
            raise StoreError(
                f"{folder}: a store with layout {about['layout']}, and this version of kg reads {LAYOUT}."
                f" Build it again: kg build --store {folder}"
            )
        return Store(ox.Store.read_only(str(entry / "store")), contradictions_of(about), entry)
    except PermissionError as error:
        raise StoreError(f"{folder}: the store cannot be read ({error.strerror}). Who may read it?") from None
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{folder}: the store is damaged ({error}). Remove the folder, and build it again:"
            f" kg build --store {folder}"
        ) from None


def current(folder: Path) -> str:
    """Return the name of the build that is the store of a folder. Raises StoreError."""
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        if folder.is_dir() and any(folder.glob(f"{UNFINISHED}*")):
            raise StoreError(
                f"{folder}: no store yet; its build was stopped, or still runs. The same kg build goes on with it."
            ) from None
        raise StoreError(f"{folder}: no store. Build one: kg build --store {folder} -g my-facts.ttl") from None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{folder}: the store cannot be read ({getattr(error, 'strerror', None) or error}).") from None
    if not _BUILD.fullmatch(name):
        raise StoreError(
            f"{folder}: {CURRENT} names no build ({name[:80]!r}). Build it again: kg build --store {folder}"
        )
    return name


def about_of(entry: Path) -> dict[str, Any]:
    """Return what is said of a build."""
    about: dict[str, Any] = json.loads((entry / "about.json").read_text(encoding="utf-8"))
    return about


def contradictions_of(about: dict[str, Any]) -> tuple[Contradiction, ...]:
    """Return the contradictions that a build was found to have."""
    return tuple(map(Contradiction.of_json, about["contradictions"]))
