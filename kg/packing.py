"""A file that appears whole or not at all, packed as its name says: .gz, .zst, or plain."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from kg.reason import replacing

PACKED = (".gz", ".zst")
_PACKED = re.compile(r"\.(gz|zst)$", re.IGNORECASE)


def plain_name(name: str) -> str:
    """Return a file's name without the ending that tells how it is packed."""
    return _PACKED.sub("", name)


@contextmanager
def packed(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream to write to, which becomes the file when all went well; the same content gives the same bytes.

    Raises ReasonError when the file cannot be written.
    """
    ending = path.name[len(plain_name(path.name)) :].lower()
    with replacing(path) as aside, aside.open("wb") as raw:
        if ending == ".gz":
            with gzip.GzipFile("", "wb", 6, raw, mtime=0) as stream:
                yield cast("IO[bytes]", stream)
        elif ending == ".zst":
            with zstd().open(raw, "wb") as stream:
                yield stream
        else:
            yield raw


def zstd() -> Any:
    """Return the module for .zst: Python's own from 3.14 on, before that the same from elsewhere."""
    import sys

    if sys.version_info >= (3, 14):
        from compression import zstd as own

        return own
    from backports import zstd as other

    return other
