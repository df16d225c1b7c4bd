"""The SPARQL 1.1 Protocol, spoken to a server that runs. The W3C's cases for queries are marked by their names."""

from __future__ import annotations

import csv
import io
import json
import urllib.parse
import xml.etree.ElementTree as ElementTree
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import SPARQLWrapper
from rdflib.plugins.stores.sparqlstore import SPARQLStore

import kg
from kg.names import BASE, PREFIXES
from kg.serve.site import Answers
from tests.serve.conftest import Client

AGENCIES = "SELECT ?agency ?label { ?agency a kg:Agency ; rdfs:label ?label } ORDER BY ?agency"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ABOUT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . FILTER(?s = agency:Swissmedic) }"
ARTICLE, CONDITIONS = f"{BASE}graph/article", f"{BASE}graph/conditions"
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


def count(reply_json: bytes) -> int:
    return int(json.loads(reply_json)["results"]["bindings"][0]["n"]["value"])


@pytest.fixture(scope="module")
def expected(founding: kg.Store) -> list[tuple[str, str]]:
    found = founding.quads.query(AGENCIES, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    rows = [(row["agency"].value, row["label"].value) for row in found]
    assert len(rows) > 5
    return rows


@pytest.mark.parametrize("way", ["query_get", "query_post_form", "query_post_direct"])
def test_the_three_ways_to_send_a_query(client: Client, expected: list[tuple[str, str]], way: str) -> None:
    if way == "query_get":
        reply = client.query(AGENCIES)
    elif way == "query_post_form":
        reply = client("sparql", urllib.parse.urlencode({"query": AGENCIES}).encode())
    else:
        reply = client("sparql", AGENCIES.encode(), content_type=f"{DIRECT}; charset=UTF-8")
    assert (reply.status, reply.media) == (200, "application/sparql-results+json")
    rows = json.loads(reply.body)["results"]["bindings"]
    assert [(row["agency"]["value"], row["label"]["value"]) for row in rows] == expected


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/*", "text/csv"),
        ("*/*;q=0.1, text/csv;q=0.5, application/sparql-results+xml;q=0.4", "text/csv"),
        ("*/*, application/sparql-results+json;q=0", "application/sparql-results+xml"),
        ("text/turtle, */*;q=0.1", "application/sparql-results+json"),
        ("image/png, text/csv", "text/csv"),
        ("nonsense;;q=x, TEXT/CSV", "text/csv"),
    ],
)
def test_rows_in_the_form_asked_for(client: Client, expected: list[tuple[str, str]], accept: str, media: str) -> None:
    reply = client.query(AGENCIES, accept)
    assert (reply.status, reply.media) == (200, media)
    assert reply.headers["Vary"] == "Accept"
    if media.endswith("json"):
        bindings = json.loads(reply.body)["results"]["bindings"]
        rows = [(row["agency"]["value"], row["label"]["value"]) for row in bindings]
    elif media.endswith("xml"):
        name = "{http://www.w3.org/2005/sparql-results#}"
        results = ElementTree.fromstring(reply.body).iter(f"{name}result")
        found = [{b.get("name"): b[0].text for b in result} for result in results]
        rows = [(row["agency"] or "", row["label"] or "") for row in found]
    elif media == "text/csv":
        rows = [(row[0], row[1]) for row in list(csv.reader(io.StringIO(reply.text)))[1:]]
    else:
        lines = [line.split("\t") for line in reply.text.splitlines()]
        assert lines[0] == ["?agency", "?label"]
        rows = [(line[0].strip("<>"), line[1].split('"')[1]) for line in lines[1:]]
    assert rows == expected


@pytest.mark.parametrize(
    ("accept", "media", "format_"),
    [
        ("*/*", "text/turtle", "turtle"),
        ("text/turtle", "text/turtle", "turtle"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.8", "application/rdf+xml", "xml"),
    ],
)
def test_graphs_in_the_form_asked_for(client: Client, accept: str, media: str, format_: str) -> None:
    reply = client.query(ABOUT, accept)
    assert (reply.status, reply.media) == (200, media)
    graph = rdflib.Graph().parse(data=reply.body, format=format_)
    assert rdflib.Literal("Swissmedic", lang="en") in set(graph.objects(rdflib.URIRef(f"{BASE}agency/Swissmedic")))
    assert len(graph) == 8


@pytest.mark.parametrize(("sparql", "answer"), [("ASK {}", True), ("ASK { kg:no kg:no kg:no }", False)])
def test_ask(client: Client, sparql: str, answer: bool) -> None:
    assert json.loads(client.query(sparql).body)["boolean"] is answer
    assert f"<boolean>{str(answer).lower()}</boolean>" in client.query(sparql, "application/sparql-results+xml").text
    assert client.query(sparql, "text/csv").text.strip() == str(answer).lower()


TABLE_FORMS = {"application/sparql-results+xml", "application/sparql-results+json"}
GRAPH_FORMS = {"application/rdf+xml", "application/n-triples", "text/turtle"}


@pytest.mark.parametrize(
    ("sparql", "media"),
    [
        pytest.param("SELECT (1 AS ?value) {}", TABLE_FORMS, id="query_content_type_select"),
        pytest.param("ASK {}", TABLE_FORMS, id="query_content_type_ask"),
        pytest.param("DESCRIBE <http://example.org/>", GRAPH_FORMS, id="query_content_type_describe"),
        pytest.param("CONSTRUCT { <x:s> <x:p> 1 } WHERE {}", GRAPH_FORMS, id="query_content_type_construct"),
    ],
)
def test_the_media_type_is_one_of_the_query_form(client: Client, sparql: str, media: set[str]) -> None:
    for accept in sorted(media):
        reply = client.query(sparql, accept)
        assert (reply.status, reply.media) == (200, accept)
    assert client.query(sparql).media in media


def test_describe(client: Client) -> None:
    reply = client.query("DESCRIBE agency:Swissmedic", "application/n-triples")
    assert len(reply.text.splitlines()) == 8


def facts(store: kg.Store, *graphs: str) -> int:
    """Return the number of distinct facts in graphs."""
    return len({q.triple for g in graphs for q in store.quads.quads_for_pattern(None, None, None, ox.NamedNode(g))})


@pytest.mark.parametrize(
    ("how", "default", "named"),
    [
        pytest.param("get", [ARTICLE], [], id="query_dataset_default_graph"),
        pytest.param("get", [ARTICLE, CONDITIONS], [], id="query_dataset_default_graphs_get"),
        pytest.param("post", [ARTICLE, CONDITIONS], [], id="query_dataset_default_graphs_post"),
        pytest.param("get", [], [ARTICLE, CONDITIONS], id="query_dataset_named_graphs_get"),
        pytest.param("post", [], [ARTICLE, CONDITIONS], id="query_dataset_named_graphs_post"),
        pytest.param("get", [CONDITIONS], [ARTICLE], id="query_dataset_full"),
        pytest.param("post", [CONDITIONS], [ARTICLE], id="query_dataset_full by post"),
    ],
)
def test_the_dataset_of_the_request(
    client: Client, founding: kg.Store, how: str, default: list[str], named: list[str]
) -> None:
    def asked(sparql: str) -> int:
        fields = [("default-graph-uri", each) for each in default] + [("named-graph-uri", each) for each in named]
        sent = urllib.parse.urlencode([("query", sparql), *fields])
        return count((client(f"sparql?{sent}") if how == "get" else client("sparql", sent.encode())).body)

    assert asked(COUNT) == facts(founding, *default)
    assert asked("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == sum(facts(founding, each) for each in named)


@pytest.mark.parametrize("_", ["query_multiple_dataset"])
def test_the_request_decides_over_the_query(client: Client, founding: kg.Store, _: str) -> None:
    sparql = f"SELECT (COUNT(*) AS ?n) FROM <{CONDITIONS}> {{ ?s ?p ?o }}"
    assert facts(founding, ARTICLE) != facts(founding, CONDITIONS)
    assert count(client.query(sparql).body) == facts(founding, CONDITIONS)
    assert count(client.query(sparql, **{"default-graph-uri": ARTICLE}).body) == facts(founding, ARTICLE)


def test_from_names_graphs_of_the_data(client: Client, founding: kg.Store) -> None:
    for sparql in ("FROM graph:article { ?s ?p ?o }", f"FROM NAMED <{ARTICLE}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"):
        assert count(client.query(f"SELECT (COUNT(*) AS ?n) {sparql}").body) == facts(founding, ARTICLE)


def request_of(**changes: Any) -> dict[str, Any]:
    return {"path": "sparql", "body": None, **changes}


ENCODED = urllib.parse.quote("ASK {}")
REFUSED = {
    "bad_multi_query": (400, request_of(path=f"sparql?query={ENCODED}&query={ENCODED}")),
    "bad_query_method": (405, request_of(path=f"sparql?query={ENCODED}", method="PUT")),
    "delete": (405, request_of(method="DELETE")),
    "bad_query_wrong_media_type": (415, request_of(body=b"ASK {}", content_type="text/plain")),
    "bad_query_missing_form_type": (415, request_of(body=b"query=" + ENCODED.encode(), content_type="")),
    "bad_query_missing_direct_type": (415, request_of(body=b"ASK {}", content_type="")),
    "bad_query_non_utf8": (
        415,
        request_of(body="ASK {}".encode("utf-16"), content_type=f"{DIRECT}; charset=UTF-16"),
    ),
    "not utf-8": (400, request_of(body=b"ASK { ?s ?p '\xff' }", content_type=DIRECT)),
    "not utf-8, encoded": (400, request_of(path="sparql?query=ASK%20%7B%20%FF%20%7D")),
    "bad_query_syntax": (400, request_of(path="sparql?query=" + urllib.parse.quote("ASK {"))),
    "no query": (400, request_of(path="sparql?default-graph-uri=x:y")),
    "no query in a form": (400, request_of(body=b"")),
    "empty query": (400, request_of(path="sparql?query=")),
    "query twice": (400, request_of(path=f"sparql?query={ENCODED}", body=b"ASK {}", content_type=DIRECT)),
    "update": (403, request_of(body=b"update=CLEAR%20ALL")),
    "update in the address": (403, request_of(path="sparql?update=CLEAR%20ALL")),
    "direct update": (403, request_of(body=b"CLEAR ALL", content_type="application/sparql-update")),
    "update as query": (403, request_of(body=b"query=DROP%20ALL")),
    "load": (403, request_of(body=b"query=LOAD%20%3Chttp://127.0.0.1/%3E")),
    "service": (403, request_of(body=b"SELECT * { SERVICE <http://127.0.0.1/> {} }", content_type=DIRECT)),
    "graph from elsewhere": (403, request_of(body=b"ASK FROM <http://127.0.0.1/x> {}", content_type=DIRECT)),
    "dataset from elsewhere": (403, request_of(path=f"sparql?query={ENCODED}&default-graph-uri=http://127.0.0.1/x")),
    "rows as turtle": (406, request_of(path=f"sparql?query={ENCODED}", accept="text/turtle")),
    "too large": (413, request_of(body=b"query=" + b"x" * 100_000)),
    "too large by far": (413, request_of(body=b"query=" + b"x" * 700_000)),
    "nested": (400, request_of(body=b"query=ASK%7B" + b"%7B" * 5_000)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(client: Client, case: str) -> None:
    status, asked = REFUSED[case]
    reply = client(**asked)
    assert reply.status == status, reply.text
    assert reply.media == "text/plain"
    assert reply.text.strip()
    assert "Traceback" not in reply.text
    assert reply.headers["Cache-Control"] == "no-store"
    if status == 405:
        assert reply.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_fault_tells_its_place(client: Client) -> None:
    reply = client.query("SELECT ?s {\n  ?s kgg:forSubstance ?o }", "application/json")
    assert reply.media == "application/problem+json"
    problem = json.loads(reply.body)
    assert (problem["status"], problem["line"], problem["column"]) == (400, 2, 6), problem
    assert "the prefix kgg: is not declared. Did you mean kg?" in problem["detail"]


def test_a_term_that_is_none_is_remarked(client: Client) -> None:
    """No rows is the right answer to a property nobody uses, so the remark is a header."""
    reply = client.query("SELECT ?s { ?s kg:forSubstanc ?o }")
    assert reply.status == 200
    told = '199 - "kg:forSubstanc is no term of the vocabulary. Did you mean forSubstance'
    assert reply.headers["Warning"].startswith(told)
    assert client.query("SELECT ?s { ?s kg:forSubstance ?o }").headers["Warning"] is None
    fault = client.query("SELECT ?s { ?s kg:forSubstanc ?o")
    assert fault.status == 400
    assert "Did you mean forSubstance" in fault.text


def test_what_was_had_is_not_sent_again(client: Client) -> None:
    first = client.query(AGENCIES)
    tag = first.headers["ETag"]
    assert "max-age" in first.headers["Cache-Control"]
    path = f"sparql?{urllib.parse.urlencode({'query': AGENCIES})}"
    again = client(path, accept="*/*", if_none_match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert client(path, accept="text/csv", if_none_match=tag).status == 200
    assert client.query(AGENCIES.replace("label", "name")).headers["ETag"] != tag


def test_answers_given_before_are_kept_up_to_a_size() -> None:
    answers = Answers(3 * 2000)
    for number in range(5):
        answers.keep(str(number), (b"x" * 1000, {}, "text/csv"))
        assert answers.find("0")  # asked for each time, so others go first
    assert [number for number in range(5) if answers.find(str(number))] == [0, 3, 4]
    answers.keep("large", (b"x" * 10_000, {}, "text/csv"))
    assert answers.find("large") is None
    answers.keep("small", (b"", {}, "text/csv"))
    assert answers.find("small") == (b"", {}, "text/csv")


def test_an_answer_given_again_is_the_same(client: Client) -> None:
    first, again = client.query(AGENCIES, "text/csv"), client.query(AGENCIES, "text/csv")
    assert (first.body, first.media, first.headers["ETag"]) == (again.body, again.media, again.headers["ETag"])
    assert client.query(AGENCIES, "application/json").media == "application/sparql-results+json"


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_what_differs_each_time_is_not_kept(client: Client, function: str) -> None:
    reply = client.query(f"SELECT ({function} AS ?x) {{}}")
    assert reply.status == 200
    assert (reply.headers["ETag"], reply.headers["Cache-Control"]) == (None, "no-store")


def test_head_is_get_without_the_body(client: Client) -> None:
    path = f"sparql?{urllib.parse.urlencode({'query': AGENCIES})}"
    head, get = client(path, method="HEAD"), client(path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(get.body))
    assert head.headers["ETag"] == get.headers["ETag"]


def test_pages_from_elsewhere_may_read(client: Client) -> None:
    asked = client("sparql", method="OPTIONS", origin="https://example.org", access_control_request_method="POST")
    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Methods"] == asked.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    for reply in (asked, client.query("ASK {}"), client.query("ASK {")):
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
        assert reply.headers["Access-Control-Allow-Credentials"] is None


def test_sparqlwrapper(client: Client, expected: list[tuple[str, str]]) -> None:
    for method in (SPARQLWrapper.GET, SPARQLWrapper.POST):
        wrapper = SPARQLWrapper.SPARQLWrapper(client.address + "sparql", returnFormat=SPARQLWrapper.JSON)
        wrapper.setMethod(method)
        wrapper.setQuery(AGENCIES)
        rows: Any = wrapper.queryAndConvert()
        assert [row["agency"]["value"] for row in rows["results"]["bindings"]] == [iri for iri, _ in expected]
    wrapper.setQuery("SELECT ?s {")
    with pytest.raises(SPARQLWrapper.SPARQLExceptions.QueryBadFormed, match="line 1, column 12"):
        wrapper.query()


def test_sparqlstore_of_rdflib(client: Client, expected: list[tuple[str, str]]) -> None:
    graph = rdflib.Graph(SPARQLStore(client.address + "sparql"))
    rows = [(str(row[0]), str(row[1])) for row in graph.query(AGENCIES)]  # type: ignore[index]
    assert rows == expected
    kind = rdflib.URIRef(PREFIXES["kg"] + "Agency")
    assert len(set(graph.subjects(rdflib.RDF.type, kind))) == len(expected)


def test_the_service_describes_itself(client: Client, founding: kg.Store) -> None:
    """The cases returns-rdf and has-endpoint-triple; conforms-to-schema: each thing has what its class asks for."""
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    endpoint = rdflib.URIRef(client.address + "sparql")
    for accept, format_ in [("*/*", "turtle"), ("application/rdf+xml", "xml"), ("application/ld+json", "json-ld")]:
        reply = client("sparql", accept=accept)
        assert reply.status == 200
        graph = rdflib.Graph().parse(data=reply.body, format=format_)
        assert list(graph.subject_objects(sd.endpoint)) == [(endpoint, endpoint)]
        assert (endpoint, rdflib.RDF.type, sd.Service) in graph
        assert (endpoint, sd.supportedLanguage, sd.SPARQL11Query) in graph
        assert len(set(graph.objects(endpoint, sd.resultFormat))) == 8
        dataset = graph.value(endpoint, sd.defaultDataset)
        assert graph.value(dataset, sd.defaultGraph) is not None
        for kind, has in {sd.Service: sd.endpoint, sd.Dataset: sd.defaultGraph, sd.NamedGraph: sd.name}.items():
            members = list(graph.subjects(rdflib.RDF.type, kind))
            assert members
            assert all(len(list(graph.objects(each, has))) == 1 for each in members)
        for property_, kind in {
            sd.defaultDataset: sd.Dataset,
            sd.namedGraph: sd.NamedGraph,
            sd.graph: sd.Graph,
        }.items():
            assert all((each, rdflib.RDF.type, kind) in graph for each in graph.objects(None, property_))
        names = {str(graph.value(named, sd.name)) for named in graph.objects(dataset, sd.namedGraph)}
        assert names == {name.value for name in founding.quads.named_graphs()}
    assert client("sparql", accept="image/png").status == 406


def test_the_default_graph_is_the_union_it_is_said_to_be(client: Client) -> None:
    lacking = "ASK { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o } }"
    made_up = "ASK { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
    for sparql in (lacking, made_up):
        assert json.loads(client.query(sparql).body)["boolean"] is False
