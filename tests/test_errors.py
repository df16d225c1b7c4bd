"""Bad input: each kind ends in one clear sentence and the exit code 2, and never in a traceback."""

from __future__ import annotations

import gzip
import io
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line in an empty folder and return its exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: str | bytes = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kg", *arguments])
        content = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        code: int | str | None = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code
        out, err = capsys.readouterr()
        assert isinstance(code, int)
        return code, out, err

    return run


BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "a missing dot": ("a.ttl", b"@prefix : <https://e.org/> .\n:a :b :c\n:d :e :f .", "a.ttl, line 3"),
    "an undeclared prefix": (
        "a.ttl",
        b"\nx:a x:b x:c .",
        "line 2: The prefix x: has not been declared in: x:a x:b x:c .",
    ),
    "a truncated file": ("a.ttl", b"@prefix : <https://e.org/> .\n:a :b ", "ends in the middle of a statement"),
    "a wrong encoding": ("a.ttl", '<a:b> <a:c> "é" .'.encode("latin-1"), "line 1: byte 0xe9 is not UTF-8"),
    "utf-16": ("a.ttl", "<a:b> <a:c> <a:d> .".encode("utf-16"), "is not UTF-8"),
    "an unknown ending": ("a.txt", b"", "cannot tell the RDF syntax"),
    "a csv file": ("a.csv", b"x,y\n", "Use one of .ttl"),
    "a broken gzip": ("a.ttl.gz", b"not gzip", "not a whole gzip file"),
    "a truncated gzip": ("a.ttl.gz", gzip.compress(b"<a:b> <a:c> <a:d> ." * 99)[:-9], "not a whole gzip file"),
    "a space in an IRI": ("a.nt", b"<http://e.org/a b> <http://e.org/c> <http://e.org/d> .", "line 1: Invalid IRI"),
    "a literal as subject": ("a.ttl", b'"x" <http://e.org/c> <http://e.org/d> .', "a.ttl, line 1"),
    "half a quad": ("a.nq", b"<http://e.org/a> <http://e.org/c> .\n", "a.nq, line 1"),
    "broken xml": ("a.rdf", b"<rdf:RDF", "a.rdf"),
    "an xml entity bomb": (
        "a.owl",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
        "an XML entity is defined by other entities",
    ),
    "json too deep": ("a.jsonld", b"[" * 5000, "nested more than 200 deep"),
    "broken json": ("a.jsonld", b'{"@id": ', "a.jsonld"),
    "a graph of inferred facts": (
        "a.nq",
        b"<a:b> <a:c> <a:d> <https://w3id.org/drug-approvals/graph/derived> .",
        "a.nq: it holds facts in graph:derived",
    ),
    "the name of that graph": ("derived.ttl", b"<a:b> <a:c> <a:d> .", "graph of what is inferred. Rename it"),
    "a triple term": ("a.nt", b"<a:b> <a:c> <<( <a:b> <a:c> <a:d> )>> .", "RDF 1.2 is not read"),
    "a reifier": ("a.ttl", b"<< <a:b> <a:c> <a:d> >> <a:c> <a:d> .", "one of its triple terms. State"),
    "a base direction": ("a.ttl", b'<a:b> <a:c> "x"@en--ltr .', "one of its base directions"),
    "a formula": ("a.n3", b"{ <a:b> <a:c> <a:d> } => { <a:b> <a:c> <a:e> } .", "a formula { .. } of N3 is not a fact"),
    "a bad language tag": ("a.ttl", b'<a:b> <a:c> "x"@1 .', "a.ttl, line 1"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
@pytest.mark.parametrize("command", ["ask", "reason"])
def test_a_bad_file(kind: str, command: str, run: Run, tmp_path: Path) -> None:
    name, content, expected = BAD_FILES[kind]
    (tmp_path / name).write_bytes(content)
    arguments = ["ask", "contents", "--graph", name] if command == "ask" else ["reason", name, "-o", "out.nq"]
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert expected in err
    assert name in err
    assert "Traceback" not in err
    assert not (tmp_path / "out.nq").exists()


BAD_LINES: dict[str, tuple[bytes, str]] = {
    "a missing dot": (b'<a:b> <a:c> "x"\n<a:b> <a:c> "y" .\n', "a.nt, line 2: Quads must be followed by a dot"),
    "a carriage return within": (b"<a:b> <a:c>\r<a:d> <a:e>\r\n", "a.nt, line "),
    "a triple term": (b"<a:b> <a:c> <<( <a:b> <a:c> <a:d> )>> .\n", "RDF 1.2 is not read"),
    "a base direction": (b'<a:b> <a:c> "x"@en--ltr .\n', "RDF 1.2 is not read"),
    "a wrong encoding": ('<a:b> <a:c> "é" .'.encode("latin-1"), "byte 0xe9 is not UTF-8"),
    "a wrong term": (b"<a:b> <a:c> <a b> .\n", "a.nt, line 1: Invalid IRI"),
}
"""Faults of N-Triples that DuckDB, which reads lines, would tell in a page of its own, or not at all."""


@pytest.mark.parametrize("kind", BAD_LINES)
def test_a_bad_line(kind: str, run: Run, tmp_path: Path) -> None:
    content, expected = BAD_LINES[kind]
    (tmp_path / "a.nt").write_bytes(content)
    code, out, err = run("reason", "a.nt", "-o", "out.nt")
    assert (code, out) == (2, "")
    assert err.startswith("kg: a.nt")
    assert expected in err
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.nt"]


BAD_ARGUMENTS: dict[str, tuple[list[str], str]] = {
    "an unknown question": (["ask", "first-in-clas"], "Did you mean first-in-class"),
    "a missing parameter": (["ask", "first-in-class"], "needs --jurisdiction"),
    "an unknown parameter": (["ask", "first-in-class", "--juristiction", "EU"], "No such option"),
    "an unknown thing": (
        ["ask", "first-in-class", "--jurisdiction", "Atlantis"],
        "no kg:Jurisdiction called 'Atlantis'",
    ),
    "a thing of the wrong kind": (
        ["ask", "first-in-class", "--jurisdiction", "drug:cabozantinib"],
        "no kg:Jurisdiction",
    ),
    "an injected parameter": (["ask", "first-in-class", "--jurisdiction", "jurisdiction:EU } #"], "no kg:Jurisdiction"),
    "an injected IRI": (["ask", "first-in-class", "--jurisdiction", "<http://e.org/> } #>"], "no kg:Jurisdiction"),
    "a misspelt thing": (
        ["ask", "approvals-of-substance", "--substance", "cabozantinb"],
        "no kg:Substance called 'cabozantinb'. Did you mean cabozantinib",
    ),
    "a wrong date": (
        ["ask", "approvals-since", "--since", "2025-02-30"],
        "--since must be an xsd:date, the first day to look at; '2025-02-30' is not. Example: 2025-01-01",
    ),
    "a date that is none": (["ask", "approvals-since", "--since", "March"], "must be an xsd:date"),
    "a wrong number": (["ask", "approvals-for-age", "--age", "twelve"], "must be an xsd:nonNegativeInteger"),
    "a number in other digits": (["ask", "approvals-for-age", "--age", "١٢"], "must be an xsd:nonNegativeInteger"),
    "an unknown format": (["ask", "contents", "--format", "pdf"], "pdf"),
    "a missing graph": (["ask", "contents", "--graph", "nowhere.ttl"], "nowhere.ttl: no such file or folder"),
    "an empty folder": (["ask", "contents", "--graph", "."], "no RDF file in this folder"),
    "nothing to show": (["show", "zzyzx"], "no thing called 'zzyzx'"),
    "an unknown IRI": (["show", "drug:zzyzx"], "The graph has no thing drug:zzyzx"),
    "an unknown reasoner": (["reason", "shipped", "-o", "x.nq", "--reasoner", "magic"], "'magic' is not a reasoner"),
    "an unknown output": (["reason", "shipped", "-o", "x.docx"], "cannot tell the RDF syntax"),
    "an output that cannot be written": (["reason", "shipped", "-o", "no/such/folder/x.nq"], "cannot be written"),
    "a memory limit that is none": (["reason", "shipped", "-o", "x.nq", "--memory", "foo"], "such as 4GB"),
    "too little memory": (["reason", "shipped", "-o", "x.nq", "--memory", "1MB"], "Give it more memory"),
    "a memory limit for owlrl": (
        ["reason", "shipped", "-o", "x.nq", "--reasoner", "owlrl", "--memory", "4GB"],
        "a limit of 4GB is for duckdb alone",
    ),
    "an output that is a folder": (["reason", "shipped", "-o", "folder.nq"], "folder.nq: a folder, pipe or device"),
    "an output that is a circle": (["reason", "shipped", "-o", "circle.nq"], "circle.nq: a link that leads nowhere"),
    "a graph that is a circle": (["ask", "contents", "-g", "circle.nq"], "circle.nq: a link to circle.nq"),
    "an output of too long a name": (["reason", "shipped", "-o", "x" * 300 + ".nq"], "cannot be written"),
    "a graph of too long a name": (["ask", "contents", "-g", "x" * 300 + ".nq"], "cannot be read (File name too long)"),
    "a graph without a name": (["ask", "contents", "-g", ""], "An empty name stands for no file"),
    "nothing to check": (["check", ""], "An empty name stands for no file"),
    "a pipe": (["ask", "contents", "-g", "pipe.ttl"], "pipe.ttl: a pipe or device"),
    "a dead link": (["ask", "contents", "-g", "link.ttl"], "link.ttl: a link to nowhere, which does not exist"),
    "the shipped facts misspelt": (["ask", "contents", "-g", "shiped"], "Did you mean shipped?"),
    "an IRI that is none": (["show", "http://[x"], "'http://[x' is no IRI (Invalid character '[' in host)"),
    "a badly escaped IRI": (["show", "drug:%zz"], "'drug:%zz' is no IRI"),
    "a name that is no text": (["show", "\udcff"], "which is not UTF-8"),
    "a word that is no text": (["ask", "vocabulary", "--word", "\udcff"], "--word must be an xsd:string"),
    "a query that is no text": (["query", "SELECT * { ?s ?p '\udcff' }"], "The query is not UTF-8"),
    "a query of too long a name": (["query", "x" * 5000], "xx..' is neither a file nor a query"),
    "a query file of another encoding": (["query", "latin.rq"], "latin.rq, line 2: byte 0xe9 is not UTF-8"),
    "a negative age": (["ask", "approvals-for-age", "--age", "-3"], "'-3' is not"),
    "a negative number of therapies": (
        ["ask", "prior-therapy-options", "--condition", "NET", "--prior-therapies", "-1"],
        "--prior-therapies must be an xsd:nonNegativeInteger",
    ),
    "a label against itself": (
        "ask label-differences --substance cabozantinib --jurisdiction EU --other jurisdiction:EU".split(),
        "--jurisdiction and --other are both jurisdiction:EU",
    ),
    "initials": (["ask", "first-in-class", "--jurisdiction", "UK"], "Did you mean United Kingdom"),
    "a misspelt code": (["ask", "trials", "--phase", "fase 3"], "phase 3, phase 4"),
    "a part of a code": (["ask", "trials", "--phase", "3"], "phase 3, phase 4"),
    "a code like none": (["ask", "trials", "--phase", "xxxx"], "called 'xxxx'. Known: PHASE1"),
    "a misspelt command": (["chek"], "Did you mean 'check'?"),
    "a question for a command": (["first-in-class"], "a question, not a command. Ask it: kg ask first-in-class"),
    "a time that is none": (["query", "ASK {}", "--timeout", "soon"], "Invalid value for '--timeout'"),
    "an unknown command": (["answer"], "No such command"),
    "an empty query": (["query", ""], "it ends too early"),
    "a query that is no query": (["query", "approvals"], "neither a file nor a query"),
}


@pytest.mark.parametrize("kind", BAD_ARGUMENTS)
def test_bad_arguments(kind: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder.nq").mkdir()
    (tmp_path / "circle.nq").symlink_to("circle.nq")
    (tmp_path / "link.ttl").symlink_to("nowhere")
    (tmp_path / "latin.rq").write_bytes("SELECT *\n{ ?s ?p 'é' }".encode("latin-1"))
    os.mkfifo(tmp_path / "pipe.ttl")
    arguments, expected = BAD_ARGUMENTS[kind]
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert expected in err
    assert "Traceback" not in err


BAD_QUERIES: dict[str, tuple[str, str]] = {
    "an open brace": ("SELECT * { ?s ?p ?o", "line 1, column 20: it ends too early"),
    "an undeclared prefix": ("SELECT *\n{ ?s drugs:x ?o }", "the prefix drugs: is not declared. Did you mean drug"),
    "a misspelt keyword": ("SELEC * { ?s ?p ?o }", "line 1, column "),
    "an update": ("INSERT DATA { <a:b> <a:c> 1 }", "This is an update. The graph is only read"),
    "a deletion": ("DELETE WHERE { ?s ?p ?o }", "This is an update"),
    "another server": ("SELECT * { SERVICE <http://e.org/> { ?s ?p ?o } }", "SERVICE is not followed"),
    "a nest of brackets": (f"SELECT * {{ FILTER({'(' * 3000}1{')' * 3000}) }}", "3002 brackets one within another"),
    "a huge query": ("SELECT * { }" + " " * 1_000_001, "1,000,000 is the most"),
    "a variable selected twice": (
        "SELECT ?x ?x { ?x ?p ?o }",
        "at line 1: duplicated variable name in SELECT, in: SELECT ?x ?x {",
    ),
    "a variable that is not grouped": (
        "SELECT ?s (COUNT(?o) AS ?n)\n{ ?s ?p ?o }",
        "contains a variable that is unbound",
    ),
    "a space in an IRI": ("SELECT * { ?s <a b> ?o }", "IRI parsing failed"),
    "nothing": (" ", "it ends too early"),
}


@pytest.mark.parametrize("kind", BAD_QUERIES)
def test_a_bad_query(kind: str, run: Run) -> None:
    query, expected = BAD_QUERIES[kind]
    code, out, err = run("query", stdin=query)
    assert (code, out) == (2, "")
    assert expected in err
    assert "Traceback" not in err


def test_a_query_of_another_encoding(run: Run) -> None:
    code, out, err = run("query", stdin="SELECT *\n{ ?s ?p 'é' }".encode("latin-1"))
    assert (code, out) == (2, "")
    assert "standard input, line 2: byte 0xe9 is not UTF-8" in err


def test_no_standard_input() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{shlex.quote(sys.executable)} -m kg query <&-"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "There is no standard input" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_byte_order_mark_is_no_part_of_a_query(run: Run, tmp_path: Path) -> None:
    query = "ASK { ?x a kg:PivotalTrial }".encode("utf-8-sig")
    (tmp_path / "q.rq").write_bytes(query)
    assert run("query", "q.rq", "-f", "csv") == run("query", "-f", "csv", stdin=query) == (0, "answer\ntrue\n", "")


def test_words_inside_strings_are_not_commands(run: Run) -> None:
    query = 'SELECT ?s { ?s rdfs:label "SERVICE ((((" . # SERVICE <x>\n }'
    code, _, err = run("query", query, "-f", "csv")
    assert code == 0, err


def test_the_kinds_are_many() -> None:
    assert [len(kinds) for kinds in (BAD_FILES, BAD_LINES, BAD_ARGUMENTS, BAD_QUERIES)] == [23, 6, 53, 12]


def test_faults_exit_with_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("@prefix kg: <https://w3id.org/drug-approvals/ontology#> .\n<a:x> a kg:Approval .")
    code, out, err = run("check", "a.ttl", "-f", "csv")
    assert code == 1
    assert "shape:Approval,<a:x>,An approval is kg:grantedBy an agency." in out
    assert "violations" in err
    assert "kg check a.ttl shipped" in err
    assert "kg check a.ttl shipped" not in run("check", "a.ttl", "shipped")[2]


def test_an_ill_typed_literal_is_told_without_a_traceback(run: Run, tmp_path: Path) -> None:
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    text = f'<a:x> <https://w3id.org/drug-approvals/ontology#participants> "x"^^{integer} .'
    (tmp_path / "a.nt").write_text(text)
    for command in (["check", "a.nt"], ["reason", "a.nt", "-o", "x.nq", "--reasoner", "owlrl"]):
        done = subprocess.run([sys.executable, "-m", "kg", *command], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "does not match its datatype" in done.stderr or "dt-not-type" in done.stdout
        assert "Traceback" not in done.stderr


def test_a_contradiction_exits_with_one_and_still_writes(run: Run, tmp_path: Path) -> None:
    prefix = "@prefix kg: <https://w3id.org/drug-approvals/ontology#> .\n"
    (tmp_path / "a.ttl").write_text(prefix + "<a:x> a kg:Refusal , kg:Withdrawal .")
    code, _, err = run("reason", "a.ttl", "--ontology", "-o", "out.nq")
    assert code == 1
    assert "Contradiction by cax-dw" in err
    assert (tmp_path / "out.nq").stat().st_size > 0


@pytest.mark.parametrize("reasoner", ["duckdb", "owlrl"])
@pytest.mark.parametrize("output", ["a.nt", "link.nt"])
def test_a_source_is_not_overwritten(reasoner: str, output: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<a:b> <a:c> <a:d> .\n")
    (tmp_path / "link.nt").symlink_to("a.nt")
    code, _, err = run("reason", "a.nt", "-o", output, "--reasoner", reasoner)
    assert code == 2
    assert f"{output}: a source, and it would be overwritten" in err
    assert (tmp_path / "a.nt").read_text() == "<a:b> <a:c> <a:d> .\n"
