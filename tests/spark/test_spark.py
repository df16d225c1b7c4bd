"""Spark derives what DuckDB does, from files of every kind, and also when a worker or the driver is killed."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from kg.errors import KgError, ReasonError
from kg.owl2rl import SourceError, close, schema
from kg.owl2rl.equality import Equality
from kg.spark import close as spark_close
from kg.spark import equality
from kg.spark.equality import SparkEquality
from kg.spark.folder import Folder
from kg.spark.session import session
from tests.owl2rl.cases import CASES
from tests.owl2rl.graphs import PREFIXES
from tests.spark.conftest import needs_spark, written

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = needs_spark

A, B, C = (f"<http://x.org/{name}>" for name in "abc")


MASTER = "local[2]"

# Of each kind of join one: a plan of all takes Spark minutes, and the rules are those of DuckDB.
SOME = "eq-rep-s eq-diff1 prp-fp prp-spo2 prp-key cls-int1 cls-avf cax-sco cax-dw dt-not-type".split()


def cases(names: Container[str]) -> list[Triple]:
    """The facts that make these rules fire, each case in a namespace of its own, as one graph."""
    found = []
    for number, (_, fires, _, _) in enumerate(case for case in CASES if case[0] in names):
        text = PREFIXES.replace("http://example.org/", f"http://example.org/{number}/") + fires
        found += [quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)]
    return found


def test_both_engines_derive_the_same(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Contradictions included; small as it is, with the schema in tables and equal terms found by the workers."""
    monkeypatch.setattr(equality, "ON_DRIVER", 0)
    monkeypatch.setattr(schema, "SMALL", 0)
    facts = cases(SOME)
    tables = spark_close(spark, [], str(tmp_path / "work"), facts=facts)
    with close(facts) as expected:
        assert {found.rule for found in expected.contradictions} == {*SOME} & {*BREACHED}
        assert list(tables.derived()) == list(expected.derived())
        assert tables.counts == expected.counts
        assert tables.stated == expected.stated
        assert tables.contradictions == expected.contradictions


BREACHED = [rule for rule, _, _, conclusion in CASES if not conclusion]


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
    found = written(second, tmp_path / "more.nt")
    assert scoped(found) == scoped(out.read_bytes())
    assert len(set(re.findall(rb"_:(f\w+)\.", found))) == 2  # the blank nodes of two files are not the same


def scoped(lines: bytes) -> list[bytes]:
    """Lines without the names of blank nodes: what they are called beyond one file is not said."""
    return sorted(re.sub(rb"_:f\w+\.\w+", b"_:", line) for line in lines.splitlines())


@pytest.mark.parametrize(("name", "text", "message"), [
    ("g.nt", f"{A} {B}\n", "g.nt: .*in the line '<http://x.org/a>"),
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


def test_what_java_says_is_told_in_a_sentence(spark: SparkSession) -> None:
    with pytest.raises(ReasonError, match=r"Spark stopped: .*rows_of_nothing") as told, session():
        spark.sql("SELECT * FROM rows_of_nothing").collect()
    assert "\n" not in str(told.value)


def test_without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(KgError, match="needs Java 17 or newer, and there is none in JAVA_HOME"), session():
        pass
