"""A cluster with daemons of its own, and files by addresses that only Hadoop knows."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from kg.owl2rl import close
from kg.spark.session import BRIEF
from tests.bench.generate import write
from tests.spark.conftest import needs_spark

pytestmark = needs_spark

_DAEMON = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m", "SPARK_NO_DAEMONIZE": "1"}
_MOST_SECONDS = 60


def daemon(log: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a daemon of Spark, as its own scripts do; what it prints goes to a file."""
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    spark = Path(found.origin).parent
    with log.open("wb") as stream:
        return subprocess.Popen(
            [spark / "bin" / "spark-class", *words],
            env={**os.environ, **_DAEMON, "SPARK_HOME": str(spark)},
            stdout=stream, stderr=stream, start_new_session=True,
        )  # fmt: skip


def wait(log: Path, words: str, times: int = 1) -> None:
    """Wait until a daemon has said something."""
    until = time.monotonic() + _MOST_SECONDS
    while log.read_text(errors="replace").count(words) < times:
        assert time.monotonic() < until, log.read_text(errors="replace")[-2000:]
        time.sleep(0.1)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a master, and its two workers."""
    folder = tmp_path_factory.mktemp("cluster")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"spark://127.0.0.1:{port}"
    options = ("--host", "127.0.0.1", "--webui-port", "0")
    started = [daemon(folder / "master", "org.apache.spark.deploy.master.Master", *options, "--port", port)]
    try:
        wait(folder / "master", "I have been elected leader")
        for name in ("one", "two"):
            room = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"{name}-work"))
            started.append(daemon(folder / name, "org.apache.spark.deploy.worker.Worker", *options, *room, address))
        wait(folder / "master", "Registering worker", 2)
        yield address, started[1:]
    finally:
        for each in started:
            with suppress(ProcessLookupError):
                os.killpg(each.pid, signal.SIGKILL)
            each.wait()


def reason(master: str, folder: Path, *words: str) -> subprocess.Popen[str]:
    """`kg reason` on a cluster; `viewfs://kg/data` is a folder of this machine, which no path of this machine tells."""
    settings = {
        **BRIEF,
        "spark.hadoop.fs.viewfs.mounttable.kg.link./data": folder.as_uri(),
        "spark.driver.host": "127.0.0.1",
    }
    chosen = [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]
    return subprocess.Popen(
        [sys.executable, "-m", "kg", "reason", "--reasoner", "spark", "--master", master, *chosen, *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"},
    )  # fmt: skip


def test_a_cluster_that_loses_a_machine(cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path) -> None:
    """The closure is that of DuckDB, although a worker is killed with all that it has started."""
    master, workers = cluster
    (tmp_path / "facts").mkdir()
    write(300, tmp_path / "facts" / "g.nt")
    with close([tmp_path / "facts" / "g.nt"]) as tables:
        tables.write(tmp_path / "closure.nt")
    at = "viewfs://kg/data"
    driver = reason(master, tmp_path, f"{at}/facts", "--work", f"{at}/rounds", "-o", f"{at}/out/closure.nt")
    while driver.poll() is None and not list(tmp_path.glob("rounds/checkpoint-00000[3-9].json")):
        time.sleep(0.05)
    assert driver.poll() is None, driver.communicate()
    os.killpg(workers[0].pid, signal.SIGKILL)
    _, said = driver.communicate(timeout=300)
    assert driver.returncode == 0, said
    parts = sorted((tmp_path / "out" / "closure.nt").glob("part-*"))
    assert b"".join(part.read_bytes() for part in parts) == (tmp_path / "closure.nt").read_bytes()
    assert not (tmp_path / "rounds").exists()
