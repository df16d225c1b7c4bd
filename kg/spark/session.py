"""A Spark session: what it needs, how it is started and stopped, and how its errors are told.

PySpark is an optional package and needs Java. What the JVM prints goes to a file of its own: what is wrong is told in a
sentence, and where that file is.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kg.errors import ReasonError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
"""The master when none is named: all cores of this machine."""

_SETTINGS = {
    "spark.app.name": "kg",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "WARN",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
    # A join with one value on half of its rows, a popular object say, is cut into several tasks.
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.skewJoin.enabled": "true",
    # The rows of the schema go to every worker, so that no fact is moved to be joined with them: most have rdf:type.
    "spark.sql.autoBroadcastJoinThreshold": "16MB",
}
"""What a session has unless its caller says otherwise."""
BRIEF = {
    f"spark.{each}.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" for each in ("driver", "executor")
}
"""Settings for a small graph: the second compiler takes more time than it saves in a minute or two."""
_MEMORY = re.compile(r"(\d+)\s*([kmgt])i?b?", re.IGNORECASE)


@contextmanager
def session(
    master: str | None = None, settings: Mapping[str, str] | None = None, memory: str | None = None
) -> Iterator[SparkSession]:
    """Start a session on `master` ("local[4]", "spark://host:7077", "yarn"), and stop it in the end.

    Within spark-submit, or where a session is already active, that one is used, and left running. `memory` ("4GB") is
    for each executor, and in local mode for the one process there is. Raises ReasonError where there is no PySpark or
    no Java, and for what Spark reports while the session is open.
    """
    _need()
    from pyspark.sql import SparkSession

    with told():
        active = SparkSession.getActiveSession()
        if active is not None:
            yield active.newSession()
            return
    with tempfile.TemporaryDirectory(prefix="kg-spark-") as folder:
        log = Path(folder) / "spark.log"
        spark = _start(_chosen(master, settings or {}, memory), log)
        try:
            with told(), _quiet():
                yield spark
        finally:
            _stop(spark)


@contextmanager
def told() -> Iterator[None]:
    """Tell what Spark reports, a page of Java, in a sentence. Raises ReasonError."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, ConnectionError) as error:
        raise ReasonError(f"Spark stopped: {_cause(str(error))} A rerun goes on from the last step.") from None


def _need() -> None:
    try:
        with _quiet():
            import pyarrow  # noqa: F401
            import pyspark  # noqa: F401
    except ImportError as error:
        raise ReasonError(
            f"Spark needs the package {error.name}, which is an extra: pip install 'kg-drug-approvals[spark]'"
        ) from None
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if "PYSPARK_GATEWAY_PORT" not in os.environ and java is None:
        where = f"there is none in JAVA_HOME ({home})" if home else "none is found"
        raise ReasonError(f"Spark needs Java 17 or newer, and {where}. Install one, or set JAVA_HOME.")


def _chosen(master: str | None, settings: Mapping[str, str], memory: str | None) -> dict[str, str]:
    chosen = {**_SETTINGS, **settings}
    # Within spark-submit the master is chosen there.
    if master or "PYSPARK_GATEWAY_PORT" not in os.environ:
        chosen["spark.master"] = master or chosen.get("spark.master", LOCAL)
        if chosen["spark.master"].startswith("local"):
            chosen.setdefault("spark.ui.enabled", "false")  # it opens a port
    if memory:
        match = _MEMORY.fullmatch(memory.strip())
        if match is None:
            raise ReasonError(f"{memory}: not an amount of memory. Write a number and a unit, such as 4GB.")
        local = chosen.get("spark.master", "").split("[")[0] == "local"
        chosen["spark.driver.memory" if local else "spark.executor.memory"] = f"{match[1]}{match[2].lower()}"
    return chosen


def _start(chosen: Mapping[str, str], log: Path) -> SparkSession:
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    conf = SparkConf(loadDefaults=False).setAll(list(chosen.items()))
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    before = signal.getsignal(signal.SIGINT)
    with log.open("w") as stream, _quiet():
        try:
            gateway = cast("Any", launch_gateway)(conf, {"stderr": stream, "stdout": stream})
            context = SparkContext(gateway=gateway, conf=SparkConf(_jvm=gateway.jvm).setAll(list(chosen.items())))
        except (PySparkException, OSError, Exception) as error:
            _forget()
            raise ReasonError(f"Spark cannot be started: {_cause(log.read_text() + str(error))}") from None
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)  # Spark has put its own in place
        return SparkSession(context)


def _stop(spark: SparkSession) -> None:
    """End the session and the JVM, also where the JVM is gone already."""
    process = getattr(spark.sparkContext._gateway, "proc", None)
    with suppress(Exception):
        spark.sparkContext.cancelAllJobs()
    with suppress(Exception), _quiet():
        spark.stop()
    _forget()
    if process is not None:
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _forget() -> None:
    """Let the next session start a JVM of its own."""
    from pyspark import SparkContext

    with suppress(Exception):
        if SparkContext._gateway is not None:
            SparkContext._gateway.shutdown()
    SparkContext._gateway = SparkContext._jvm = None


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _cause(text: str) -> str:
    """The line of a report that tells most: the last cause, else the first error."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    errors = [
        line for line in lines if re.match(r"(Exception in|Error|java\.|org\.apache\.)|.*(Error|Exception): ", line)
    ]
    told = (causes[-1:] or errors[:1] or lines[:1] or ["no reason was given"])[0]
    if "UnsupportedClassVersionError" in text:
        told = "this Java is too old. Install Java 17 or newer, or set JAVA_HOME"
    told = re.sub(r"^(?:Exception in thread \"[^\"]*\" )?(?:[\w$]+\.)+([\w$]+): ", r"\1: ", told)
    return told[:400].rstrip(". ") + "."


def settings(given: Iterable[str]) -> dict[str, str]:
    """Settings of Spark that were given as KEY=VALUE. Raises ReasonError."""
    found = dict(each.partition("=")[::2] for each in given)
    wrong = [name for name in found if not name.startswith("spark.") or not found[name]]
    if wrong:
        raise ReasonError(f"{wrong[0]}: not a setting of Spark. Write KEY=VALUE, such as spark.executor.memory=8g.")
    return found


def cores(spark: SparkSession) -> int:
    """How many tasks run at a time, as far as is known."""
    found: Any = spark.sparkContext.defaultParallelism
    return max(int(found), 1)
