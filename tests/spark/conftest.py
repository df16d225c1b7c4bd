"""A session that the tests of a module share, on the master that it names.

PySpark is no part of the tests' own packages: to install it takes longer than these tests. Without it, or without
Java, they are skipped by name: `pip install -e .[spark]` lets them run.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.spark import SparkTables, session
from kg.spark.session import BRIEF

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


needs_spark = pytest.mark.skipif(
    not (find_spec("pyspark") and find_spec("pyarrow") and shutil.which("java")),
    reason="needs PySpark (the extra `spark`) and Java 17",
)


@pytest.fixture(scope="module")
def spark(request: pytest.FixtureRequest) -> Iterator[SparkSession]:
    with session(request.module.MASTER, BRIEF) as found:
        yield found


def written(tables: SparkTables, path: Path) -> bytes:
    """The parts of a closure written as N-Triples, one after the other."""
    tables.write(str(path))
    return b"".join(part.read_bytes() for part in sorted(path.glob("part-*")))
