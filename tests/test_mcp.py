"""`kg mcp`, asked by the protocol's own client over the pipes of a process that really runs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

import kg
from kg import questions
from kg.answer import Answer
from tests.conftest import FOUNDING, ROOT

pytest.importorskip("mcp", reason="the MCP SDK is not installed")
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent, TextResourceContents

from kg.mcp.bounded import MOST_CELL, MOST_TEXT, told

GRAPH = [argument for source in FOUNDING for argument in ("-g", source)]
COMMAND = ["-m", "kg", "mcp", *GRAPH]
BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STRLEN(STR(?c)) + STRLEN(STR(?i)) > 1e9) }"


def session(use: Callable[[Client], Awaitable[None]], errors: Path, *options: str) -> None:
    """Start a server on the hand-written facts, let a client use it, and see that it wrote no traceback."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = StdioServerParameters(command=sys.executable, args=[*COMMAND, *options], env=environment, cwd=ROOT)

    async def run() -> None:
        with errors.open("w") as log, anyio.fail_after(60):
            async with Client(stdio_client(process, log)) as client:
                await use(client)

    anyio.run(run)
    assert "Traceback" not in errors.read_text()


def text(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def data(result: CallToolResult) -> Any:
    assert not result.is_error, text(result)
    return result.structured_content


def test_a_session(founding: kg.Store, tmp_path: Path) -> None:
    async def use(client: Client) -> None:
        call = client.call_tool

        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == [
            "find_question", "run_question", "why_row", "find_thing", "look_up",
            "why", "why_not", "vocabulary", "query",
        ]  # fmt: skip
        for tool in tools.values():
            assert tool.description
            assert tool.output_schema
            assert tool.annotations
            assert tool.annotations.read_only_hint
        assert tools["query"].input_schema["properties"]["rows"]["maximum"] == 1000

        found = data(await call("find_question", {"words": "hazard ratio"}))["result"]
        assert "hazard-ratios" in [each["name"] for each in found]
        assert all("hazard" in f"{each['name']} {each['question']}".lower() for each in found)
        (asked,) = [each for each in found if each["name"] == "hazard-ratios"]
        assert {"name", "type", "required", "example", "about"} == set(asked["parameters"][0])
        assert len(data(await call("find_question"))["result"]) == len(questions.names())

        result = await call("run_question", {"name": "hazard-ratios", "parameters": {"condition": "NET"}})
        expected = kg.ask("hazard-ratios", founding, condition="NET")
        assert [row["hazardRatio"] for row in data(result)["rows"]] == [0.23, 0.38]
        assert data(result)["complete"]
        assert [row["source"]["label"] for row in data(result)["rows"]] == [row["source"] for row in expected]
        assert "| 0.23 | 0.12 | 0.42 |" in text(result)
        one = data(await call("run_question", {"name": "hazard-ratios", "rows": 1}))
        assert (len(one["rows"]), one["complete"]) == (1, False)
        assert re.match(r"Cut: these are the first 1 rows of \d+;", one["remark"])

        why_row = await call("why_row", {"name": "risk-reduction", "row": 1, "parameters": {"trial": "CABINET"}})
        assert data(why_row)["computed"]
        why = await call("why", {"subject": "CABINET", "predicate": "a", "value": "kg:PivotalTrial"})
        assert text(why) == str(kg.why("CABINET", "a", "kg:PivotalTrial", founding)) + "\n"
        assert data(why)["proofs"][0]["premises"]
        lacks = await call("why_not", {"subject": "Japan", "predicate": "partOf", "value": "EU"})
        assert data(lacks)["proofs"] == []
        assert data(lacks)["near"] or "no rule" in text(lacks)

        terms = data(await call("vocabulary", {"word": "cohort", "kind": "class"}))["rows"]
        assert "kg:Cohort" in [row["term"] for row in terms]
        assert {row["kind"] for row in terms} == {"class"}
        assert all(row["definition"] for row in terms)

        things = data(await call("find_thing", {"words": "cabozan"}))["rows"]
        assert things[0]["label"] == "cabozantinib"
        about = data(await call("look_up", {"name": things[0]["iri"], "rows": 5}))
        assert (len(about["rows"]), about["complete"]) == (5, False)
        assert {row["standing"] for row in data(await call("look_up", {"name": "Swissmedic"}))["rows"]} == {
            "stated", "derived",
        }  # fmt: skip

        answer = await call("query", {"sparql": "SELECT ?trial { ?trial a kg:PivotalTrial }"})
        assert [row["trial"]["label"] for row in data(answer)["rows"]] == ["CABINET"]
        assert data(await call("query", {"sparql": "ASK { ?x a kg:PivotalTrial }"}))["rows"] == [{"answer": "true"}]
        graph = data(await call("query", {"sparql": "CONSTRUCT WHERE { ?s a kg:Agency }", "rows": 2}))
        assert (graph["columns"], len(graph["rows"])) == (["subject", "predicate", "object"], 2)

        listed = (await client.list_resources()).resources
        assert [str(each.uri) for each in listed] == [f"kg://questions/{name}" for name in questions.names()]
        (content,) = (await client.read_resource("kg://questions/hazard-ratios")).contents
        assert isinstance(content, TextResourceContents)
        assert content.text == questions.question("hazard-ratios").sparql

    session(use, tmp_path / "errors")


FAULTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "question": ("run_question", {"name": "hazard-ratio"}, "There is no question 'hazard-ratio'. Did you mean hazard-"),
    "parameter": ("run_question", {"name": "trial-arms", "parameters": {"tril": "x"}}, "has no parameter 'tril'"),
    "argument": ("run_question", {"name": "coverage", "parameters": {"graph": "/etc"}}, "has no parameter 'graph'"),
    "its own": ("why_row", {"name": "coverage", "row": 1, "parameters": {"row": 2}}, "no parameter 'row'"),
    "missing": ("run_question", {"name": "label-differences"}, "needs --"),
    "date": ("run_question", {"name": "approvals-since", "parameters": {"since": "soon"}}, "'soon' is not"),
    "thing": ("look_up", {"name": "cabozantinob"}, "Did you mean cabozantinib"),
    "fact": ("why", {"subject": "Japan", "predicate": "partOf", "value": "EU"}, "does not hold"),
    "row": ("why_row", {"name": "coverage", "row": 9999}, "There is no row 9999"),
    "syntax": ("query", {"sparql": "SELECT ?s { ?s ?p"}, "line 1"),
    "update": ("query", {"sparql": "INSERT DATA { <a:a> <a:a> <a:a> }"}, "update"),
    "elsewhere": ("query", {"sparql": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, "SERVICE"),
    "graph": ("query", {"sparql": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"}, "is no graph here"),
    "depth": ("query", {"sparql": f"ASK {{ FILTER({'(' * 9_000}1{')' * 9_000}) }}"}, "100 is the most"),
    "rows": ("query", {"sparql": "ASK {}", "rows": 100_000}, "less than or equal to 1000"),
    "tool": ("no_tool", {}, "no_tool"),
    "time": ("query", {"sparql": BOMB}, "The query took more than 1.5 seconds and was ended."),
    "sort": ("query", {"sparql": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c"}, "ended"),
}  # fmt: skip


def test_what_is_wrong_is_told_and_the_next_call_answered(founding: kg.Store, tmp_path: Path) -> None:
    async def use(client: Client) -> None:
        for name, (tool, arguments, message) in FAULTS.items():
            result = await client.call_tool(tool, arguments)
            assert result.is_error, name
            assert message in text(result), (name, text(result))
            assert "Traceback" not in text(result)
            after = await client.call_tool("query", {"sparql": "ASK {}"})
            assert data(after)["rows"] == [{"answer": "true"}], name

    session(use, tmp_path / "errors", "--timeout", "1.5", "--memory", "300")


def test_a_huge_answer_is_cut_and_says_so(founding: kg.Store, tmp_path: Path) -> None:
    doubled = " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(20))

    async def use(client: Client) -> None:
        for sparql in ("SELECT * { ?a ?b ?c . ?d ?e ?f }", "CONSTRUCT { ?a ?e ?c } WHERE { ?a ?b ?c . ?d ?e ?f }"):
            few = await client.call_tool("query", {"sparql": sparql, "rows": 3})
            assert (len(data(few)["rows"]), data(few)["complete"]) == (3, False)
            assert "these are the first 3 rows of more" in text(few)
        wide = await client.call_tool("query", {"sparql": "SELECT * { ?a ?b ?c . ?d ?e ?f }", "rows": 1000})
        assert 0 < len(data(wide)["rows"]) < 1000
        assert len(text(wide)) < 2 * MOST_TEXT
        assert f"over {MOST_TEXT:,} characters" in text(wide)
        long = await client.call_tool("query", {"sparql": f'SELECT ?s20 {{ BIND("a" AS ?s0) {doubled} }}'})
        assert data(long)["rows"] == [{"s20": "a" * MOST_CELL + " .."}]
        assert "Cut: 1 texts have more than" in text(long)
        assert not data(long)["complete"]

    session(use, tmp_path / "errors")


def test_a_whole_answer_is_not_said_to_be_cut() -> None:
    answer = Answer.of_texts("x", "X", ("a",), [["1"], ["2"]])
    assert told(answer, 2).content.remark == ""
    assert "first 1 rows of 2" in told(answer, 1).text
    assert "No rows" in told(Answer.of_texts("x", "X", ("a",), []), 1).text


def test_it_ends_with_its_input_and_by_a_signal(founding: kg.Store) -> None:
    for end in (None, signal.SIGTERM, signal.SIGINT):
        pipe = subprocess.PIPE
        with subprocess.Popen([sys.executable, *COMMAND], stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
            assert process.stdin
            assert process.stdout
            process.stdin.write('{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
            process.stdin.flush()
            assert '"id":1' in process.stdout.readline()
            if end is None:
                process.stdin.close()
            else:
                process.send_signal(end)
            began = time.monotonic()
            assert process.wait(10) == (0 if end is None else -end)
            assert time.monotonic() - began < 10
            assert process.stderr
            assert process.stderr.read() == ""


def test_without_the_sdk_it_says_what_to_install(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['mcp'] = None; sys.argv[1:] = ['mcp']; from kg.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", hidden], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "kg: kg mcp needs the package mcp. Install it: pip install 'kg-drug-approvals[mcp]'\n"
