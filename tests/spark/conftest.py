"""A session that the tests share: two workers, each a process, as on a cluster.

PySpark is no part of the tests' own packages: to install it takes longer than these tests. Without it, or without
Java, they are skipped by name: `pip install -e .[spark]` lets them run.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from kg.spark import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MASTER = "local-cluster[2,1,1024]"
# What runs for seconds is not worth the second compiler: it would take most of the processor's time.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

needs_spark = pytest.mark.skipif(
    not (find_spec("pyspark") and find_spec("pyarrow") and shutil.which("java")),
    reason="needs PySpark (the extra `spark`) and Java 17",
)


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    options = {f"spark.{each}.extraJavaOptions": JAVA for each in ("driver", "executor")}
    with session(MASTER, options) as found:
        yield found
