"""What workers need of the driver: this package, and the files that they look things up in."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.places import PACKAGE

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SENT = ("*.py", "owl2rl/*.py", "spark/*.py", "registers/*.py")


def code() -> tuple[str, bytes]:
    """This package as workers need it: a digest, and a zip file."""
    paths = [path for pattern in _SENT for path in sorted(PACKAGE.glob(pattern))]
    return _packed((f"kg/{path.relative_to(PACKAGE)}", path) for path in paths)


def send(spark: SparkSession) -> None:
    """Give the workers this package: they run the code of the driver, whatever is installed with them."""
    path = _kept(*code())
    if not any(path.name in str(each) for each in spark.sparkContext._python_includes or ()):
        spark.sparkContext.addPyFile(str(path))


def send_files(spark: SparkSession, files: Iterable[tuple[str, Path]]) -> str:
    """Give the workers files by names; gives what `sent_files` finds them by."""
    path = _kept(*_packed(files))
    spark.sparkContext.addFile(str(path))
    return path.name


def sent_files(sent: str, folder: Path) -> list[Path]:
    """On a worker: unpack what was sent into a folder; gives the files in the order in which they were sent."""
    from pyspark import SparkFiles

    with zipfile.ZipFile(SparkFiles.get(sent)) as packed:
        return [Path(packed.extract(name, folder)) for name in packed.namelist()]


def _packed(files: Iterable[tuple[str, Path]]) -> tuple[str, bytes]:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, path in files:
            packed.writestr(zipfile.ZipInfo(name), path.read_bytes())
    return hashlib.sha256(content.getvalue()).hexdigest()[:16], content.getvalue()


def _kept(digest: str, content: bytes) -> Path:
    path = Path(tempfile.gettempdir()) / f"kg-{digest}.zip"
    path.write_bytes(content)
    return path
