"""A worker is killed in the middle of a round, and the driver after one: the result is the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.owl2rl import close
from kg.spark import close as spark_close
from tests.bench.generate import write
from tests.spark.conftest import needs_spark, written

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = needs_spark

MASTER = "local-cluster[2,1,1024]"
"""Two workers, each a process, as on a cluster."""


@pytest.fixture(scope="module")
def approvals(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A graph that takes several rounds, and its closure by DuckDB."""
    folder = tmp_path_factory.mktemp("approvals")
    write(300, folder / "g.nt")
    with close([folder / "g.nt"]) as tables:
        tables.write(folder / "closure.nt")
    return folder / "g.nt", (folder / "closure.nt").read_bytes()


def workers_of(spark: SparkSession) -> list[int]:
    """The processes that run tasks: children of the driver's JVM."""
    gateway: Any = spark.sparkContext._gateway
    jvm = gateway.proc.pid
    found = subprocess.run(["ps", "-ewwo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in found.splitlines()[1:]]
    return [int(pid) for pid, parent, args in rows if int(parent) == jvm and "CoarseGrainedExecutorBackend" in args]


def test_a_worker_killed_in_the_middle_of_a_round(
    spark: SparkSession, approvals: tuple[Path, bytes], tmp_path: Path
) -> None:
    source, wanted = approvals
    killed: list[int] = []

    def kill() -> None:
        while not (active := spark.sparkContext.statusTracker().getActiveStageIds()):
            time.sleep(0.01)
        killed.extend([workers_of(spark)[0], *active])
        os.kill(killed[0], signal.SIGKILL)

    def progress(step: str, new: int) -> None:
        if step == "round 1":
            threading.Thread(target=kill).start()

    tables = spark_close(spark, [str(source)], str(tmp_path / "work"), progress=progress)
    assert written(tables, tmp_path / "out.nt") == wanted
    assert killed
    assert killed[0] not in workers_of(spark)


DRIVER = """
import sys
from kg.spark import close, session
with session("local[1]") as spark:
    close(spark, [sys.argv[1]], sys.argv[2])
"""


def test_the_driver_killed(spark: SparkSession, approvals: tuple[Path, bytes], tmp_path: Path) -> None:
    """A rerun makes no round again that has ended, and gives the same."""
    source, wanted = approvals
    work = tmp_path / "work"
    driver = subprocess.Popen([sys.executable, "-c", DRIVER, str(source), str(work)], start_new_session=True)
    try:
        while driver.poll() is None and not any(work.glob("checkpoint-00000[3-9].json")):
            time.sleep(0.02)
    finally:
        os.killpg(driver.pid, signal.SIGKILL)
    assert driver.wait() == -signal.SIGKILL
    steps: list[str] = []
    tables = spark_close(spark, [str(source)], str(work), progress=lambda step, _: steps.append(step))
    assert tables.resumed >= 2
    assert f"round {tables.resumed}" not in steps
    assert written(tables, tmp_path / "out.nt") == wanted
