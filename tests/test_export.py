"""What is exported reads back as the same facts, digit for digit, by every reader at hand; and twice is the same."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st

import kg
from kg.bridge import from_rdflib
from kg.errors import ExportError, KgError, LoadError
from kg.export import jsonld, syntaxes
from kg.export.canonical import canonical_hash, canonical_lines
from kg.export.context import context, context_of
from kg.export.facts import Facts, facts_of, gather, in_store
from kg.export.profile import profile_of
from kg.export.release import SYNTAXES
from kg.names import BASE, DERIVED, KG, STANDARD
from kg.sources import FORMATS
from tests.conftest import FOUNDING

WITH_GRAPHS = ("trig", "nq", "jsonld")
RDF, XSD = STANDARD["rdf"], STANDARD["xsd"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the hand-written facts in every kind of file."""
    made = tmp_path_factory.mktemp("export")
    kg.export(*FOUNDING, output=made, kinds=[*SYNTAXES, "csv", "parquet", "trig.zst", "nt.gz"])
    return made


@pytest.fixture(scope="module")
def facts() -> Iterator[Facts]:
    with facts_of(gather(*FOUNDING)) as made:
        yield made


def canonical(quads: Iterable[ox.Quad], *, graphs: bool = True) -> list[str]:
    """Return quads as text with canonical labels, sorted: equal lists are equal graphs, term for term."""
    held = quads if graphs else (ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    dataset = ox.Dataset(held)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


@cache
def stated(kind: str) -> list[str]:
    return canonical(kg.load(*FOUNDING).quads, graphs=kind in WITH_GRAPHS)


def no_network(url: str, options: object) -> dict[str, Any]:
    raise AssertionError(f"a document from elsewhere was asked for: {url}")


def by_pyld(text: str) -> list[ox.Quad]:
    from pyld import jsonld as reference

    options = {"format": "application/n-quads", "documentLoader": no_network}
    return list(ox.parse(reference.to_rdf(json.loads(text), options).encode(), format=ox.RdfFormat.N_QUADS))


@pytest.mark.parametrize("kind", SYNTAXES)
def test_pyoxigraph_reads_the_same(kind: str, folder: Path) -> None:
    found = ox.parse(path=folder / f"graph.{kind}", format=FORMATS[f".{kind}"])
    assert canonical(found) == stated(kind)


@pytest.mark.parametrize("kind", SYNTAXES)
def test_rdflib_reads_the_same(kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    name = {"ttl": "turtle", "nq": "nquads", "jsonld": "json-ld", "rdf": "xml"}.get(kind, kind)
    graph = rdflib.Dataset() if kind in WITH_GRAPHS else rdflib.Graph()
    graph.parse(folder / f"graph.{kind}", format=name)
    assert canonical(from_rdflib(graph), graphs=kind in WITH_GRAPHS) == stated(kind)


def test_pyld_reads_the_same(folder: Path) -> None:
    assert canonical(by_pyld((folder / "graph.jsonld").read_text())) == stated("jsonld")


def test_kg_reads_what_it_wrote(folder: Path) -> None:
    assert len(kg.load(folder / "graph.trig", vocabulary=False)) == len(kg.load(*FOUNDING))


def test_digits_survive(folder: Path) -> None:
    """The store of the engine would write 62 and 0.7."""
    for kind in ("nq", "ttl", "jsonld", "rdf", "trig", "nt"):
        assert "62.0" in (folder / f"graph.{kind}").read_text(), kind


def test_json_ld_is_for_people(folder: Path) -> None:
    whole = json.loads((folder / "graph.jsonld").read_text())
    assert whole["@context"] == context()["@context"]
    things = {(graph["id"], each.get("id")): each for graph in whole["@graph"] for each in graph["@graph"]}
    ratio = things["graph:nejm-2025-392-653", "result:NCT03375320-epnet-pfs-hr"]
    assert ratio["type"] == "ComparativeResult"
    assert (ratio["value"], ratio["hasStatistic"]) == ("0.38", "code:hazard-ratio")
    assert things["graph:terms", "kg:Substance"]["label"] == "substance"
    chain = things["graph:terms", "kg:inDrugClass"]["owl:propertyChainAxiom"]
    assert chain == {"@list": [{"id": "kg:inDrugClass"}, {"id": "skos:broaderTransitive"}]}
    assert "_:" not in (folder / "graph.jsonld").read_text()


def test_a_context_is_made_of_the_ontology() -> None:
    terms = context()["@context"]
    assert terms["value"] == {"@id": "kg:value", "@type": "xsd:decimal"}
    assert terms["supports"] == {"@id": "kg:supports", "@type": "@id"}
    assert terms["Approval"] == "kg:Approval"
    assert "event" in terms
    assert "event" not in context(["event"])["@context"]


def test_a_thing_is_an_object() -> None:
    """What a page about a thing shows."""
    about = [quad for quad in kg.load(*FOUNDING).quads if str(quad.subject) == f"<{BASE}agency/EMA>"]
    (made,) = jsonld.thing(about, context_of())
    assert (made["id"], made["type"], made["label"]) == ("agency:EMA", "Agency", "European Medicines Agency")
    assert made["hasRole"] == ["code:evaluates", "code:recommends"]


# ------------------------------------------------------------------------------------------------------- any graph

LITERALS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6).map(ox.Literal),
    st.sampled_from(["007", "7", "-0", "1.50", "true", "1", "", "x"]).flatmap(
        lambda text: st.sampled_from(["integer", "decimal", "boolean", "date"]).map(
            lambda kind: ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
        )
    ),
    st.sampled_from([ox.Literal("a", language="en"), ox.Literal("a", language="de-at")]),
)
BLANK = st.integers(0, 5).map(lambda number: ox.BlankNode(f"b{number}"))
NAMED = st.sampled_from(
    [f"{KG}Approval", f"{RDF}nil", f"{BASE}event/1", "event:1", "urn:x:y", f"{BASE}drug/a/b", "https://example.org/é#ü"]
).map(ox.NamedNode)
PREDICATES = st.sampled_from(
    [f"{RDF}type", f"{RDF}first", f"{RDF}rest", f"{KG}value", f"{KG}supports", "https://example.org/p", "urn:p",
     f"{STANDARD['rdfs']}label"]
).map(ox.NamedNode)  # fmt: skip
TWO, NODE = ox.NamedNode("https://example.org/two"), ox.BlankNode("b0")
GRAPHS = st.sampled_from([ox.NamedNode(f"{BASE}graph/one"), TWO, NODE])
QUADS = st.lists(
    st.builds(ox.Quad, BLANK | NAMED, PREDICATES, BLANK | NAMED | LITERALS, GRAPHS), min_size=1, max_size=12
)


def chain(*names: str) -> list[ox.Quad]:
    """Blank nodes, each of which names the next."""
    nodes = map(ox.BlankNode, names)
    return [ox.Quad(one, ox.NamedNode("urn:p"), next_, TWO) for one, next_ in pairwise(nodes)]


@settings(max_examples=30, deadline=None)
@given(QUADS)
@example(chain("a", "b", "a"))
@example([*chain("x", *(f"n{number}" for number in range(60)))])
def test_any_graph_comes_back(quads: list[ox.Quad]) -> None:
    """In each syntax, with control characters, ill-typed literals, lists within lists, and what names itself."""
    with facts_of(quads) as made:
        for kind in ("ttl", "trig", "nt", "nq", "jsonld"):
            written = _written(made, kind)
            found = list(ox.parse(written, format=FORMATS[f".{kind}"]))
            assert canonical(found) == canonical(quads, graphs=kind in WITH_GRAPHS), kind
        assert canonical(by_pyld(written.decode())) == canonical(quads)
        try:
            in_xml = _written(made, "rdf")
        except ExportError:  # what XML has no character or no name for
            in_xml = None
        if in_xml is not None:
            assert canonical(ox.parse(in_xml, format=ox.RdfFormat.RDF_XML)) == canonical(quads, graphs=False)
        assert [line.removesuffix(" .\n") for line in canonical_lines(made, graphs=True)] == canonical(quads)


def _written(facts: Facts, kind: str) -> bytes:
    stream = io.BytesIO()
    if kind == "jsonld":
        jsonld.write(facts, stream)
    else:
        syntaxes.write(facts, stream, FORMATS[f".{kind}"])
    return stream.getvalue()


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (
            ox.Quad(TWO, ox.NamedNode("https://example.org/p/"), TWO),
            "no name for the property <https://example.org/p/>",
        ),
        (ox.Quad(TWO, TWO, ox.Literal("a\fb")), "cannot hold a control character"),
        (ox.Quad(TWO, TWO, ox.Literal("a\x01b")), "cannot hold a control character"),
    ],
)
def test_what_xml_cannot_hold_is_told(fact: ox.Quad, message: str) -> None:
    with facts_of([fact]) as made, pytest.raises(ExportError, match=message):
        _written(made, "rdf")


def test_xml_keeps_what_looks_like_a_control_character() -> None:
    fact = ox.Quad(TWO, TWO, ox.Literal("\\u0001 \\b\r\n\t"))
    with facts_of([fact]) as made:
        (found,) = ox.parse(_written(made, "rdf"), format=ox.RdfFormat.RDF_XML)
    assert found == fact


# ------------------------------------------------------------------------------------------------ tables


def values(quads: Iterable[ox.Quad]) -> set[tuple[str, str, str]]:
    """Return thing, property and value of the facts about things that have a class outside OWL and RDF Schema."""
    plain = tuple(STANDARD[prefix] for prefix in ("owl", "rdf", "rdfs"))
    held = [(str(getattr(q.subject, "value", "")), q.predicate.value, q.object) for q in quads]
    typed = {
        (subject, value.value)
        for subject, predicate, value in held
        if predicate == f"{RDF}type" and isinstance(value, ox.NamedNode) and not value.value.startswith(plain)
    }
    things = {subject for subject, _ in typed}
    return {(s, p, str(getattr(o, "value", o))) for s, p, o in held if s in things}


def read_back(
    paths: Sequence[Path], columns: dict[str, dict[str, Any]], *, lists_as_json: bool
) -> set[tuple[str, str, Any]]:
    import duckdb

    listed: Callable[[Any], list[Any]] = json.loads if lists_as_json else list
    found = set()
    for path in paths:
        source = f"read_csv('{path}', all_varchar=true)" if lists_as_json else f"'{path}'"
        result = duckdb.execute(f"SELECT * FROM {source}")
        fields = columns[path.stem]
        names = [column[0] for column in result.description or ()]
        for row in result.fetchall():
            cells = dict(zip(names, row, strict=True))
            for name, cell in cells.items():
                if cell is None or name in ("id", "graph"):
                    continue
                several: list[Any] = listed(cell) if fields[name].get("repeated") else [cell]
                found |= {(cells["id"], fields[name]["equivalentProperty"], value) for value in several}
    return found


def described_columns(folder: Path) -> dict[str, dict[str, Any]]:
    described = json.loads((folder / "croissant.json").read_text())
    return {each["name"]: {field["name"]: field for field in each["field"]} for each in described["recordSet"]}


def test_csv_holds_the_same_texts(folder: Path) -> None:
    found = read_back(sorted(folder.glob("tables/*.csv")), described_columns(folder), lists_as_json=True)
    assert found == values(kg.load(*FOUNDING).quads)


def test_parquet_holds_the_same_values(folder: Path) -> None:
    from decimal import Decimal

    def told(value: object) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value.normalize()) if isinstance(value, Decimal) else str(value)

    columns = described_columns(folder)
    raw = read_back(sorted(folder.glob("tables/*.parquet")), columns, lists_as_json=False)
    decimals = {
        field["equivalentProperty"]
        for fields in columns.values()
        for field in fields.values()
        if field["dataType"] == "sc:Float"
    }
    expected = {
        (s, p, str(Decimal(o).normalize()) if p in decimals else o) for s, p, o in values(kg.load(*FOUNDING).quads)
    }
    assert {(s, p, told(value)) for s, p, value in raw} == expected
    assert any(isinstance(value, Decimal) for _, _, value in raw)


# ------------------------------------------------------------------------------------------- the same bytes, described


def test_the_same_facts_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg", "export", *reversed(FOUNDING), "-o", str(tmp_path / "again")]
    kinds = [*SYNTAXES, "csv", "parquet", "trig.zst", "nt.gz"]
    done = subprocess.run([*command, *(f"--as={kind}" for kind in kinds)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(tmp_path / "again") for path in tmp_path.rglob("*") if path.is_file())
    assert [name for name in names if (folder / name).read_bytes() != (tmp_path / "again" / name).read_bytes()] == []


def test_checksums_hold(folder: Path) -> None:
    lines = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in lines} == {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS"
    }
    for digest, name in lines:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_packed_files_hold_the_plain_ones(folder: Path) -> None:
    from kg.packing import zstd

    assert gzip.decompress((folder / "graph.nt.gz").read_bytes()) == (folder / "graph.nt").read_bytes()
    assert zstd().decompress((folder / "graph.trig.zst").read_bytes()) == (folder / "graph.trig").read_bytes()


def test_the_canonical_hash_is_that_of_the_standard(folder: Path, facts: Facts) -> None:
    lines = "".join(f"{line} .\n" for line in stated("nq"))
    assert canonical_hash(facts) == hashlib.sha256(lines.encode()).hexdigest()
    assert f"rdfc-1.0:sha256:{canonical_hash(facts)}" in (folder / "dcat.ttl").read_text()


def test_without_blank_nodes_the_canonical_form_is_the_file(tmp_path: Path) -> None:
    done = kg.export(*FOUNDING, output=tmp_path, kinds=["nq"], only=["agencies"])
    assert hashlib.sha256((tmp_path / "graph.nq").read_bytes()).hexdigest() == done.canonical


def test_descriptions_count_right(folder: Path) -> None:
    """Each count, asked of the facts themselves by another engine's query."""
    graph, described = ox.Store(), ox.Store()
    for quad in kg.load(*FOUNDING).quads:
        graph.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        graph.add(quad)
    for name in ("void.ttl", "dcat.ttl"):
        described.load(path=folder / name, format=ox.RdfFormat.TURTLE)

    def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
        spaces = "PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcat: <http://www.w3.org/ns/dcat#>"
        found = store.query(f"{spaces} {query}", prefixes=STANDARD)
        assert isinstance(found, ox.QuerySolutions)
        return sorted(tuple(term.value for term in row) for row in found)

    def whole(what: str) -> list[tuple[str, ...]]:
        return rows(described, f"SELECT ?n {{ <{BASE}dataset> {what} ?n }}")

    assert whole("void:triples") == rows(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert whole("void:distinctSubjects") == rows(graph, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")
    assert rows(described, "SELECT ?c ?n { ?x void:class ?c ; void:entities ?n }") == rows(
        graph, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c"
    )
    assert rows(described, "SELECT ?p ?n { ?x void:property ?p ; void:triples ?n }") == rows(
        graph, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"
    )
    subset = f"<{BASE}dataset> void:subset ?g . ?g void:distinctSubjects ?s"
    assert rows(described, f"SELECT ?g ?n {{ {subset} ; void:triples ?n }}") == rows(
        graph, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    )
    part = f"<{BASE}dataset> dcterms:hasPart ?g . ?g prov:wasDerivedFrom ?s"
    assert rows(described, f"SELECT ?g ?s {{ {part} }}") == rows(
        graph, "SELECT ?g ?s { GRAPH ?g { ?g prov:wasDerivedFrom ?s } }"
    )
    for file, size in rows(described, "SELECT ?f ?n { ?x dcat:downloadURL ?f ; dcat:byteSize ?n }"):
        assert (folder / file.removeprefix(BASE)).stat().st_size == int(size)


def test_an_open_store_is_described_the_same(founding: kg.Store, facts: Facts) -> None:
    with facts_of(in_store(founding)) as held:
        found = profile_of(held)
    own = {part.graph: part for part in profile_of(facts).parts}
    assert {part.graph: part for part in found.parts if not part.derived} == own
    assert found.triples > sum(1 for _ in own)


# ------------------------------------------------------------------------------------------------ what is chosen


def test_derived_facts_come_along_on_request(tmp_path: Path, founding: kg.Store) -> None:
    derived = ox.NamedNode(DERIVED)
    done = kg.export(*FOUNDING, output=tmp_path / "all.nq", derived=True)
    found = list(ox.parse(path=tmp_path / "all.nq", format=ox.RdfFormat.N_QUADS))
    assert {q.triple for q in found if q.graph_name == derived} == {
        quad.triple for quad in founding.quads.quads_for_pattern(None, None, None, derived)
    }
    assert canonical(quad for quad in found if quad.graph_name != derived) == stated("nq")
    assert done.facts == len({quad.triple for quad in found})


@pytest.mark.parametrize("name", ["fda-2025-03-26", "graph:fda-2025-03-26", "source:fda-2025-03-26"])
def test_one_source_is_exported_alone(name: str, tmp_path: Path) -> None:
    kg.export(*FOUNDING, output=tmp_path / "one.nq", only=[name])
    graphs = {quad.graph_name for quad in ox.parse(path=tmp_path / "one.nq", format=ox.RdfFormat.N_QUADS)}
    assert graphs == {ox.NamedNode(f"{BASE}graph/fda-2025-03-26")}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"output": "x.xyz"}, "written in the syntax of its name"),
        ({"output": "x.csv"}, "--as trig --as csv"),
        ({"output": ".", "kinds": ["trg"]}, "Did you mean trig"),
        ({"output": "x.nq", "only": ["fda-2025-03-27"]}, "Did you mean fda-2025-03-26"),
        ({"output": "x.nq", "only": ["agencies"], "derived": True}, "Leave out --derived"),
        ({"output": "x.nq", "memory": "lots"}, "a number and a unit"),
        ({"output": "none/x.nq"}, "cannot be written"),
        ({"output": "file", "kinds": ["nq"]}, "--as fills a folder"),
    ],
)
def test_what_cannot_be_written_is_told(
    options: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    output = Path(options.pop("output"))
    with pytest.raises(KgError, match=message):
        kg.export(*FOUNDING, output=output, **options)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_source_is_not_overwritten(tmp_path: Path) -> None:
    mine = tmp_path / "mine.ttl"
    mine.write_text("<x:a> <x:b> <x:c> .")
    with pytest.raises(ExportError, match="it would be overwritten"):
        kg.export(mine, output=mine)
    with pytest.raises(LoadError, match="no such file"):
        kg.export(tmp_path / "mime.ttl", output=tmp_path / "out.nq")
    assert mine.read_text() == "<x:a> <x:b> <x:c> ."
