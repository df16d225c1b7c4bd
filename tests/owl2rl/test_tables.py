"""What a caller holds: adding to a closure, order, files, errors, what is left out."""

from __future__ import annotations

import gzip
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, serialize

from kg.errors import KgError
from kg.owl2rl import ClosedError, SourceError, close, in_memory, small
from tests.bench.generate import approvals
from tests.owl2rl.graphs import PATHS, closed, everything, on_path, read
from tests.owl2rl.strategies import ontologies

FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(parts=ontologies(special=True), cuts=st.lists(st.integers(0, 14), min_size=1, max_size=3))
def test_adding_equals_closing_the_whole(parts: list[str], cuts: list[int]) -> None:
    triples = read("\n".join(parts))
    places = [0, *sorted(cuts), len(triples)]
    for path in PATHS:
        with on_path(path):
            _grows_to_the_whole(triples, places)


def _grows_to_the_whole(triples: list[Triple], places: list[int]) -> None:
    with close(triples) as whole, close(triples[: places[1]]) as grown:
        for start, end in pairwise(places[1:]):
            grown.add(triples[start:end])
        assert list(grown.derived()) == list(whole.derived())
        assert grown.stated == whole.stated
        assert [str(found) for found in grown.contradictions] == [str(found) for found in whole.contradictions]
        assert sum(grown.counts.values()) == grown.count_derived() == len(list(grown.derived()))


LISTS = """
    :C owl:intersectionOf ( :D :E ) , ( :F :G ) . :K owl:intersectionOf ( :E :F :H ) . :U owl:unionOf ( :C :K ) .
    :df a :D , :F . :de a :D , :E . :fg a :G , :F . :efh a :E , :F , :H . :all a :D , :E , :F , :G .
    :U owl:hasKey ( :p ) , ( :q ) , ( :p :r ) . :de :p 1 ; :q 2 . :fg :p 2 ; :q 1 . :efh :p 1 . :all :q 3 .
    :s owl:propertyChainAxiom ( :p2 :q2 ) , ( :q2 :r2 ) . :de :p2 :fg . :fg :q2 :efh . :efh :r2 :all ."""


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("seed", range(3))
def test_lists_that_come_in_pieces(seed: int, path: str) -> None:
    """Each addition may complete a list before those that are known: what follows from them must not mix."""
    triples = read(LISTS)
    Random(seed).shuffle(triples)
    with on_path(path):
        _grows_to_the_whole(triples, [0, 1, *range(9, len(triples), 9), len(triples)])


@FEW
@given(parts=ontologies(special=True), data=st.data())
def test_order_of_arrival_does_not_matter(parts: list[str], data: st.DataObject) -> None:
    triples = read("\n".join(parts))
    shuffled = data.draw(st.permutations(triples))
    with close(triples) as one, close(shuffled) as other:
        assert list(one.derived()) == list(other.derived())
        assert [str(found) for found in one.contradictions] == [str(found) for found in other.contradictions]


@FEW
@given(parts=ontologies(special=True), full=st.booleans())
def test_every_path_gives_the_same(parts: list[str], full: bool) -> None:
    triples = read("\n".join(parts))
    found = []
    for path in PATHS:
        with on_path(path), close(triples, full=full) as tables:
            found.append((list(tables.derived()), tables.counts, tables.contradictions))
    assert found[0] == found[1]
    # The schema's tables may name another rule for a fact that two rules give.
    assert found[0][0] == found[2][0]
    assert found[0][2] == found[2][2]


@pytest.mark.parametrize("steps", [0, 30, 2000])
def test_rounds_too_large_for_memory(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    triples = list(approvals(400))
    with close(triples) as expected:
        monkeypatch.setattr(small, "STEPS", steps)
        with close(triples) as tables:
            assert list(tables.derived()) == list(expected.derived())
            assert tables.counts == expected.counts


@pytest.mark.parametrize("limit", ["stated", "closure", "conclusions"])
def test_a_closure_that_outgrows_memory(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    triples = list(approvals(400))
    module, name, size = {
        "stated": (in_memory, "FACTS", 250), "closure": (in_memory, "MOST", 400), "conclusions": (small, "STEPS", 300),
    }[limit]  # fmt: skip
    monkeypatch.setattr(module, name, size)
    _grows_to_the_whole(triples, [0, 100, 200, 300, len(triples)])


def test_triples_given_once_outgrow_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What had been read of an iterator is not lost."""
    triples = list(approvals(400))
    monkeypatch.setattr(in_memory, "FACTS", 100)
    with close(iter(triples)) as tables:
        assert set(tables.stated_triples()) == set(triples)
    with close([]) as tables:
        tables.add(iter(triples[:50])).add(iter(triples[50:]))
        assert set(tables.stated_triples()) == set(triples)


A, B, C = (f"<http://x.org/{name}>" for name in "abc")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("text", "lines"), [
    ("", []),
    (f"{A} {B} {C} .\n", [f"{A} {B} {C} ."]),
    (f"{A} {B} {C} .", [f"{A} {B} {C} ."]),
    (f"{A} {B} {C} .\r\n{A} {B} {A} .\r\n", [f"{A} {B} {A} .", f"{A} {B} {C} ."]),
    (f"# a comment\n\n  {A}\t{B}  {C}.  # and one more\n", [f"{A} {B} {C} ."]),
    (f'{A} {B} "x"^^<http://www.w3.org/2001/XMLSchema#string> .\n', [f'{A} {B} "x" .']),
    (f'{A} {B} "\\u00e9 . \\"{B}"@en-GB .\n', [f'{A} {B} "é . \\"{B}"@en-gb .']),
    (f"_:a {B} _:b .\n_:b {B} _:a .\n", [f"_:a {B} _:b .", f"_:b {B} _:a ."]),
    (f"{A} {B}\n{C} .\n", None),
    (f"{A} {B}\n{B} {C} .\n", None),
    (f"{A} {B} {C}\n{A} {B} {C} .\n", None),
    (f'"x" {B} {C} .\n', None),
    (f"{A} _:b {C} .\n", None),
    (f'{A} {B} "x" {C} .\n', None),
    ("<a> <b> <c> .\n", None),
])  # fmt: skip
def test_lines_of_every_kind(text: str, lines: list[str] | None, path: str, tmp_path: Path) -> None:
    """Whether read as it stands, by DuckDB or by the parser, a file of N-Triples says the same."""
    source, out = tmp_path / "in.nt", tmp_path / "out.nt"
    source.write_bytes(text.encode())
    with on_path(path):
        if lines is None:
            with pytest.raises(SourceError, match="in.nt" if path == "all in memory" else None):
                close([source])
            return
        with close([source]) as tables:
            tables.write(out)
    assert out.read_text().splitlines() == lines


def test_nothing_in_nothing_out() -> None:
    with close([]) as tables:
        assert tables.count_derived() == 0
        assert tables.counts == {}
        assert tables.contradictions == []
        assert tables.stated.triples == 0


def test_stated_facts_stay_apart() -> None:
    with closed(":C rdfs:subClassOf :D . :a a :C , :D .") as tables:
        assert list(tables.derived()) == []
        assert tables.stated.triples == 3
        tables.add(read(":b a :C ."))
        assert list(tables.derived()) == read(":b a :D .")
        tables.add(read(":b a :D ."))
        assert list(tables.derived()) == []


def test_no_noise_and_proper_rdf() -> None:
    turtle = ":C a owl:Class . :a a :C ; :p 5 . :q owl:inverseOf :p . _:x owl:inverseOf :p . :p rdfs:range :D ."
    with closed(turtle) as tables:
        assert list(tables.derived()) == []
    with closed(turtle, full=True) as tables:
        full = set(tables.derived())
    assert set(read(":a a owl:Thing ; owl:sameAs :a . :C rdfs:subClassOf :C , owl:Thing .")) <= full


def test_lexical_forms_are_kept() -> None:
    with closed(':p rdfs:subPropertyOf :q . :a :p "0.700"^^xsd:decimal , "x\\ny\\u00e9"@EN .') as tables:
        assert list(tables.derived()) == sorted(read(':a :q "0.700"^^xsd:decimal , "x\\ny\\u00e9"@en .'), key=str)


@pytest.mark.parametrize("turtle", [
    ":C owl:unionOf _:a . _:a rdf:first :D ; rdf:rest _:a . :x a :D .",
    ":C owl:unionOf _:a . _:a rdf:first :D ; rdf:rest _:b . _:b rdf:rest rdf:nil . :x a :D .",
    ":C owl:unionOf _:a . _:a rdf:first :D . :x a :D .",
    ":C owl:unionOf 5 . :x a :D .",
    ":C owl:unionOf () . :x a :D .",
], ids=["cycle", "no item", "no end", "a literal", "empty"])  # fmt: skip
def test_ill_formed_list_says_nothing(turtle: str) -> None:
    with closed(turtle) as tables:
        assert not set(read(":x a :C .")) & set(tables.derived())


def test_a_branching_list_is_several() -> None:
    turtle = """:C owl:unionOf _:a . _:a rdf:first :D , :E ; rdf:rest _:b , rdf:nil .
        _:b rdf:first :F ; rdf:rest rdf:nil . :x a :D . :y a :E . :z a :F ."""
    with closed(turtle) as tables:
        assert set(read(":x a :C . :y a :C . :z a :C .")) <= set(tables.derived())


def test_a_list_of_ten_thousand() -> None:
    members = " ".join(f":i{n}" for n in range(10_000))
    with closed(f":C owl:oneOf ( {members} ) .") as tables:
        assert tables.counts == {"cls-oo": 10_000}


TURTLE = (
    ':p rdfs:subPropertyOf :q . :a :p [] , _:b0 , _:z , "é\\\\ \\"", "x"@en , 1.50 , <http://x.org/é%20> . _:z :p :a .'
)


@pytest.mark.parametrize("name", ["g.nt", "g.nq", "g.ttl", "g.trig", "g.rdf", "g.nt.gz", "g.ttl.gz"])
def test_files_of_every_kind(name: str, tmp_path: Path) -> None:
    formats = {"nt": RdfFormat.N_TRIPLES, "nq": RdfFormat.N_QUADS, "ttl": RdfFormat.TURTLE,
               "trig": RdfFormat.TRIG, "rdf": RdfFormat.RDF_XML}  # fmt: skip
    data = serialize(read(TURTLE), format=formats[name.split(".")[1]])
    assert data is not None
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    with close([path]) as tables, close(read(TURTLE)) as expected:
        assert tables.stated == expected.stated
        assert tables.count_derived() == expected.count_derived() == 8
        assert not set(map(_plain, tables.derived())) ^ set(map(_plain, expected.derived()))


def _plain(triple: Triple) -> tuple[str, ...]:
    return tuple("_" if str(term).startswith("_:") else str(term) for term in triple)


def test_blank_nodes_of_two_files_differ(tmp_path: Path) -> None:
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text(f"_:x <http://x.org/{name[0]}> _:y .\n")
    with close([tmp_path / "a.nt", tmp_path / "b.nt"]) as tables:
        assert len({triple.subject for triple in tables.stated_triples()}) == 2


@pytest.mark.parametrize("name", ["out.nt", "out.nq", "out.ttl", "out.nt.gz"])
def test_written_files_read_back(name: str, tmp_path: Path) -> None:
    with closed(":p rdfs:subPropertyOf :q . :a :p :b , 'it''s'@en .".replace("it''s", "its")) as tables:
        tables.write(tmp_path / name)
        tables.write(tmp_path / ("d" + name), derived_only=True)
        with close([tmp_path / name]) as again:
            assert set(again.stated_triples()) == everything(tables)
        with close([tmp_path / ("d" + name)]) as again:
            assert set(again.stated_triples()) == set(tables.derived())


def test_same_input_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "g.ttl"
    source.write_bytes(serialize(read(TURTLE + ":a :same [] . [] :same :a ."), format=RdfFormat.TURTLE) or b"")
    for name in ("one.nt", "two.nt"):
        with close([source]) as tables:
            tables.write(tmp_path / name)
    assert (tmp_path / "one.nt").read_bytes() == (tmp_path / "two.nt").read_bytes()


@pytest.mark.parametrize(("name", "text", "message"), [
    ("g.nt", "<http://x.org/a> <http://x.org/b> .", "g.nt"),
    ("g.nt", "<a> <http://x.org/b> <http://x.org/b> .", "scheme"),
    ("g.ttl", "@prefix", "g.ttl"),
    ("g.csv", "a,b", "unknown kind"),
    ("g", "a,b", "unknown kind"),
])  # fmt: skip
def test_bad_files_are_named(name: str, text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError, match=message):
        close([tmp_path / name])
    with pytest.raises(KgError, match="no such file"):
        close([tmp_path / "missing.nt"])


def test_a_failed_addition_leaves_the_closure(tmp_path: Path) -> None:
    (tmp_path / "g.nt").write_text("<http://x.org/a> <http://x.org/b> .")
    with closed(":p rdfs:subPropertyOf :q . :a :p :b .") as tables:
        before = list(tables.derived())
        with pytest.raises(SourceError):
            tables.add([tmp_path / "g.nt"])
        assert list(tables.derived()) == before
        assert tables.stated.triples == 2


def test_closed_tables_say_so() -> None:
    tables = closed(":a :p :b .")
    tables.close()
    tables.close()
    for use in (lambda: tables.counts, lambda: list(tables.derived()), lambda: tables.contradictions):
        with pytest.raises(ClosedError):
            use()


def test_progress_and_timings() -> None:
    seen: list[tuple[str, int]] = []
    with close(
        read(":C rdfs:subClassOf :D . :a a :C ."), progress=lambda step, new: seen.append((step, new))
    ) as tables:
        assert seen[0] == ("round 1", 1)
        list(tables.derived())
        assert {"parse", "encode", "rounds", "decode"} <= set(tables.timings)
