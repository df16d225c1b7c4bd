"""The command: each help text has an example that runs, and output is fit for a pipe."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg import questions
from tests.conftest import ROOT

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

COMMANDS = [
    "questions",
    "query",
    "show",
    "why",
    "why-not",
    "diff",
    "import",
    "export",
    "check",
    "reason",
    "build",
    "load-remote",
    "serve",
    "mcp",
    "ask",
    "plot",
]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "200", **environment},
    )


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"kg {kg.__version__}\n")


def test_help_lists_the_commands() -> None:
    listed = run("--help").stdout.split("Commands:")[1].split("Exit codes")[0]
    assert re.findall(r"^  ([\w-]+) ", listed, re.MULTILINE) == COMMANDS


@pytest.mark.parametrize("command", [each for each in COMMANDS if each not in ("serve", "load-remote")])
def test_the_examples_in_help_run(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-facts.ttl").write_text(
        "@prefix kg: <https://w3id.org/drug-approvals/ontology#> .\n"
        "@prefix prov: <http://www.w3.org/ns/prov#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<> prov:wasDerivedFrom <my:notes> . <my:notes> a kg:Source ; rdfs:label "my notes"@en .'
    )
    for snapshot in ("ema-2023.ttl", "ema-2025.ttl"):
        shutil.copy(tmp_path / "my-facts.ttl", tmp_path / snapshot)
    (tmp_path / "medicines.csv").write_text(
        "Category,Name of medicine,EMA product number,Medicine status,Active substance,Marketing authorisation date\n"
        "Human,Novel,EMEA/H/C/000001,Authorised,novelium,01/02/2003\n"
    )
    text = run(command, "--help").stdout
    examples = re.findall(r"^ +(kg .+)$", text, re.MULTILINE)
    assert examples, text
    for example in examples:
        assert example.split()[1] == command
        done = run(*shlex.split(example.removeprefix("kg ")))
        assert done.returncode == 0, (example, done.stderr)


def test_the_examples_of_serve_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-facts.ttl").write_text("<x:s> <http://www.w3.org/ns/prov#wasDerivedFrom> <x:o> .")
    examples = re.findall(r"^ +(kg serve.*)$", run("serve", "--help").stdout, re.MULTILINE)
    assert len(examples) == 2
    for example in examples:
        command = [sys.executable, "-m", *shlex.split(example), "--port", "0"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr
            told = next((line for line in process.stderr if line.startswith("Serving at http://127.0.0.1:")), None)
            process.terminate()
            assert told
            assert process.wait(20) == 0


@pytest.mark.parametrize("name", questions.names())
def test_the_example_of_each_question_is_its_own(name: str) -> None:
    """The example in a question's help is made of its header; that it runs is tested with the answers."""
    from typer.testing import CliRunner

    from kg.ask_command import _quoted as shown
    from kg.cli import app

    done = CliRunner().invoke(app, ["ask", name, "--help"], env={"COLUMNS": "500"})
    assert done.exit_code == 0
    question = questions.question(name)
    told = re.sub(r"\s+", " ", done.output)
    assert question.text in told
    assert f"Examples: kg ask {name}" in told
    for param in question.params:
        assert f"--{questions.option(param.name)} {shown(param.example)}" in told
        assert param.about in told


def test_a_question_listed_is_a_question_asked() -> None:
    listed = run("questions", "-f", "csv").stdout.splitlines()[1:]
    assert [line.split(",")[0] for line in listed] == questions.names()
    found = run("questions", "first-in", "-f", "csv").stdout.splitlines()[1:]
    assert [line.split(",")[0] for line in found] == [name for name in questions.names() if "first-in" in name]


def test_completion_offers_questions_and_options() -> None:
    def complete(words: str) -> list[str]:
        asked = {"_KG_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()))}
        command = Path(sys.executable).with_name("kg")
        done = subprocess.run([command], capture_output=True, text=True, check=False, env={**os.environ, **asked})
        return done.stdout.split()

    assert "first-in-class" in complete("kg ask ")
    assert "check" in complete("kg ")


@pytest.mark.parametrize("how", ["table", "csv", "json", "markdown"])
def test_a_pipe_gets_no_colour_and_no_folding(how: str) -> None:
    done = run("ask", "hazard-ratios", "-f", how)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "0.23 (95% CI 0.12-0.42; P < .001)" in done.stdout


def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"{shlex.quote(sys.executable)} -m kg ask numbers-with-sources -f csv | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "thing,property,number,reported,source\n"


def test_files_of_ones_own_are_asked(tmp_path: Path) -> None:
    mine = tmp_path / "mine.ttl"
    mine.write_text(
        "@prefix kg: <https://w3id.org/drug-approvals/ontology#> .\n"
        "@prefix drug: <https://w3id.org/drug-approvals/drug/> .\n"
        '@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . drug:novel a kg:Substance ; rdfs:label "novelium"@en .'
    )
    query = "SELECT ?s { ?s a kg:Substance } ORDER BY ?s"
    assert run("query", query, "-g", str(mine), "-f", "csv").stdout == "s\nnovelium\n"
    asked = run("ask", "contents", "-g", str(mine))
    assert "graph:mine names no source" in asked.stderr
    assert "names no source" not in run("ask", "contents").stderr
    assert "cabozantinib" in run("query", query, "-g", "shipped", "-f", "csv").stdout.splitlines()
    both = run("query", query, "-g", str(mine), "-g", "shipped/cabinet", "-f", "csv")
    assert {"cabozantinib", "novelium"} <= set(both.stdout.splitlines())


def test_a_query_comes_from_a_file_or_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text("SELECT ?x { ?x a kg:PivotalTrial }")
    assert run("query", str(path), "-f", "csv").stdout == "x\nCABINET\n"
    assert "CABINET" in run("query", "DESCRIBE trial:NCT03375320", "-f", "csv").stdout
    piped = subprocess.run(
        [sys.executable, "-m", "kg", "query", "-f", "csv"],
        input=path.read_text(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert piped.stdout == "x\nCABINET\n"


ENDLESS = """SELECT (COUNT(*) AS ?n)
{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(STRLEN(STR(?c)) + STRLEN(STR(?f)) + STRLEN(STR(?i)) > 5) }"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_query_without_end_can_be_stopped(sent: signal.Signals) -> None:
    """The shell shows the end by a signal as 128 and its number: 130 for Ctrl-C."""
    kg.open_store()
    command = [sys.executable, "-m", "kg", "query", ENDLESS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        time.sleep(3)
        running.send_signal(sent)
        assert running.communicate(timeout=10) == ("", "")
    assert running.returncode in (-sent, 128 + sent)  # in the query, or just before


def _wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("one minute has passed")


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("command", ["reason big.nt -o out.nt", "reason big.nt -o out.nq", "ask contents -g big.nt"])
def test_stopped_reasoning_leaves_nothing(command: str, sent: signal.Signals, code: int, tmp_path: Path) -> None:
    chain = "".join(f"<http://e.org/{n}> <http://e.org/p> <http://e.org/{n + 1}> .\n" for n in range(2000))
    transitive = "<http://www.w3.org/2002/07/owl#TransitiveProperty>"
    (tmp_path / "big.nt").write_text(f"{chain}<http://e.org/p> a {transitive} .".replace(" a ", f" <{RDF}type> "))
    started = [sys.executable, "-m", "kg", *command.split()]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(started, cwd=tmp_path, env=path, stderr=subprocess.PIPE, text=True) as running:
        if command.startswith("ask"):
            assert running.stderr
            assert running.stderr.readline().startswith("First use")
        else:
            _wait_for(lambda: len(list(tmp_path.iterdir())) > 1)
        time.sleep(1)
        running.send_signal(sent)
        _, err = running.communicate(timeout=30)
    assert running.returncode == code
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["big.nt"]


def test_a_query_has_a_limit_of_time() -> None:
    done = run("query", ENDLESS, "--timeout", "0.5")
    assert (done.returncode, done.stdout) == (2, "")
    assert "The query took more than 0.5 seconds" in done.stderr.splitlines()[-1]
    assert run("query", "ASK {}", "--timeout", "60", "-f", "csv").stdout == "answer\ntrue\n"
    assert "CABINET" in run("ask", "trials", "--timeout", "60").stdout


def test_an_output_that_is_full_is_an_error() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kg", "questions"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr == "kg: the output: cannot be written (No space left on device).\n"


def test_a_pipe_gets_utf8_whatever_the_locale() -> None:
    done = run("ask", "trials", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "─" in done.stdout


def test_what_is_required_is_marked() -> None:
    told = re.sub(r"\s+", " ", run("ask", "prior-therapy-options", "--help").stdout)
    assert "with all that is narrower (required)" in told
    assert "--graph PATH" in told
    assert "list[str]" not in told


def test_words_that_no_question_has() -> None:
    done = run("questions", "zzz")
    assert done.stdout.startswith("0 questions\n")
    assert "No question has 'zzz' in its name or text" in done.stderr


def test_what_was_not_written_is_not_counted_as_written(tmp_path: Path) -> None:
    out = tmp_path / "out.nq"
    done = run("reason", "shipped/reference", "-o", str(out), "--derived-only")
    assert re.fullmatch(r"[\d,]+ derived, without the [\d,]+ stated: .*out.nq\n", done.stderr)
