"""Spark derives what DuckDB does, from files of every kind, and also when a worker or the driver is killed."""

from __future__ import annotations

import gzip
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from kg.errors import KgError, ReasonError
from kg.owl2rl import SourceError, close
from kg.owl2rl.equality import Equality
from kg.spark import SparkTables, equality
from kg.spark import close as spark_close
from kg.spark.equality import SparkEquality
from kg.spark.folder import Folder
from kg.spark.session import session
from tests.bench.generate import write
from tests.owl2rl.cases import CASES
from tests.owl2rl.graphs import PREFIXES
from tests.spark.conftest import needs_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = needs_spark

A, B, C = (f"<http://x.org/{name}>" for name in "abc")


# Of each kind of join one: more take Spark minutes to plan, and the rules are those of DuckDB.
SOME = """
    eq-rep-s eq-diff1 eq-diff2 prp-fp prp-trp prp-spo2 prp-inv1 prp-key prp-pdw prp-npa1 cls-int1 cls-svf1 cls-avf
    cls-hv1 cls-maxc2 cls-oo cax-sco cax-dw dt-eq dt-not-type scm-int
""".split()


def cases(names: Container[str]) -> list[Triple]:
    """The facts that make these rules fire, each case in a namespace of its own, as one graph."""
    found = []
    for number, (_, fires, _, _) in enumerate(case for case in CASES if case[0] in names):
        text = PREFIXES.replace("http://example.org/", f"http://example.org/{number}/") + fires
        found += [quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)]
    return found


def test_both_engines_derive_the_same(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Contradictions included, and with classes of equal terms found by the workers, few as they are."""
    monkeypatch.setattr(equality, "ON_DRIVER", 0)
    facts = cases(SOME)
    tables = spark_close(spark, [], str(tmp_path / "work"), facts=facts)
    with close(facts) as expected:
        assert {found.rule for found in expected.contradictions} == {*SOME} & {*BREACHED}
        assert list(tables.derived()) == list(expected.derived())
        assert tables.counts == expected.counts
        assert tables.stated == expected.stated
        assert tables.contradictions == expected.contradictions


BREACHED = [rule for rule, _, _, conclusion in CASES if not conclusion]


def written(tables: SparkTables, path: Path) -> bytes:
    tables.write(str(path))
    return b"".join(part.read_bytes() for part in sorted(path.glob("part-*")))


def test_equal_terms_on_workers(spark: SparkSession, tmp_path: Path) -> None:
    """A long way, a term that many are equal to, and chance: the classes that union and find gives."""
    chance = random.Random(7)
    edges = [(n, n + 1) for n in range(1000, 1040)] + [(500, n) for n in range(2000, 2300)]
    edges += [(chance.randrange(3000, 3200), chance.randrange(3000, 3200)) for _ in range(120)]
    expected = Equality().union(edges)
    ordered = [(max(edge), min(edge)) for edge in edges if edge[0] != edge[1]]
    classes = SparkEquality(Folder(spark, str(tmp_path / "work")))
    stars = classes.stars(spark.createDataFrame(ordered, "a BIGINT, b BIGINT"))
    assert {row[0]: row[1] for row in stars.collect()} == expected


LINES = f"""
# a comment
{A}\t{B}  {C}.  # and one more
{A} {B} "x"^^<http://www.w3.org/2001/XMLSchema#string> .
{A} {B} "\\u00e9 . \\"{B}"@en-GB .
_:a {B} _:b .
_:b <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> {B} .
{B} <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> <http://x.org/sub> .
{A} {B} "07"^^<http://www.w3.org/2001/XMLSchema#int> , "7"^^<http://www.w3.org/2001/XMLSchema#integer> .
""".replace(" , ", f" .\n{A} {B} ")


def test_files_of_every_kind(spark: SparkSession, tmp_path: Path) -> None:
    """The lines are read and written as DuckDB does, byte for byte, and what Spark wrote is read again."""
    source, out, table, quads = (tmp_path / name for name in ("in.nt", "out.nt", "table.parquet", "in.nq.gz"))
    source.write_text(LINES)
    with close([source]) as expected:
        expected.write(out)
    first = spark_close(spark, [str(source)], str(tmp_path / "work"))
    assert written(first, tmp_path / "spark.nt") == out.read_bytes()
    first.write(str(table))
    assert spark.read.parquet(str(table)).where("rule IS NULL").count() == first.stated.triples
    quads.write_bytes(gzip.compress(f"{A} {B} {C} {C} .\n{B} {B} _:a {A} .\n".encode()))
    with close([out, quads]) as again:
        again.write(out)
    second = spark_close(spark, [str(table), str(quads)], str(tmp_path / "other"))
    assert scoped(written(second, tmp_path / "more.nt")) == scoped(out.read_bytes())


def scoped(lines: bytes) -> list[bytes]:
    """Lines whose blank nodes are told by the number of their file alone: how they are called beyond is not said."""
    return sorted(re.sub(rb"_:f(?:\dx)?(\d)\.\w+", rb"_:f\1", line) for line in lines.splitlines())


@pytest.mark.parametrize(("name", "text", "message"), [
    ("g.nt", f"{A} {B}\n", "g.nt: .*in the line: <http://x.org/a>"),
    ("g.nt", f"<a> {B} {B} .\n", "scheme"),
    ("g.nq", f'{A} {B} "x"@en--ltr {C} .\n', "RDF 1.2 is not read"),
    ("g.csv", "a,b", "no kind of file that workers can read"),
    ("", "", "no such file"),
])  # fmt: skip
def test_bad_files_are_named(name: str, text: str, message: str, spark: SparkSession, tmp_path: Path) -> None:
    if name:
        (tmp_path / name).write_text(text)
    with pytest.raises(SourceError, match=message):
        spark_close(spark, [str(tmp_path / (name or "missing.nt"))], str(tmp_path / "work"))


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
    jvm = spark.sparkContext._gateway.proc.pid  # type: ignore[union-attr]
    found = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
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


def test_what_java_says_is_told_in_a_sentence(spark: SparkSession) -> None:
    with pytest.raises(ReasonError, match=r"Spark stopped: .*rows_of_nothing") as told, session():
        spark.sql("SELECT * FROM rows_of_nothing").collect()
    assert "\n" not in str(told.value)


def test_without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(KgError, match="needs Java 17 or newer, and there is none in JAVA_HOME"), session():
        pass
