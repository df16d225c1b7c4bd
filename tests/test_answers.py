"""An answer in every form: csv, json, markdown, html, a table, dicts, pandas and polars; and what `show` tells."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from decimal import Decimal

import pyoxigraph as ox
import pytest
from rich.console import Console

import kg
from kg import printing
from kg.answer import Answer
from kg.render import render, render_records, render_table


@pytest.fixture(scope="module")
def answer(founding: kg.Store) -> Answer:
    return kg.ask("hazard-ratios", founding)


def test_values_have_python_types(answer: Answer) -> None:
    first = next(iter(answer))
    assert first["trial"] == "CABINET"
    assert first["hazardRatio"] == Decimal("0.23")
    assert len(answer) == 2


def test_csv_has_labels_or_prefixed_names(answer: Answer) -> None:
    (labels, *_), (names, *_) = (
        list(csv.DictReader(io.StringIO(render(answer, "csv", iris=iris)))) for iris in (False, True)
    )
    assert labels["cohort"] == "pNET cohort"
    assert names["cohort"] == "cohort:NCT03375320-pnet"
    assert labels["hazardRatio"] == names["hazardRatio"] == "0.23"


def test_json_has_both(answer: Answer) -> None:
    whole = json.loads(render(answer, "json"))
    assert whole["question"] == "hazard-ratios"
    assert whole["rows"][0]["cohort"] == {
        "iri": "https://w3id.org/drug-approvals/cohort/NCT03375320-pnet",
        "label": "pNET cohort",
    }
    assert whole["rows"][0]["hazardRatio"] == 0.23


def test_parameters_are_told(founding: kg.Store) -> None:
    whole = json.loads(render(kg.ask("first-in-class", founding, jurisdiction="EU"), "json"))
    assert whole["parameters"] == {"jurisdiction": "European Union"}


def test_markdown_keeps_its_columns() -> None:
    odd = Answer.of_texts("x", "x", ("a", "b"), [["1 | 2", "two\nlines"]])
    assert render(odd, "markdown") == "| a | b |\n| --- | --- |\n| 1 \\| 2 | two lines |\n"


def test_html_escapes() -> None:
    assert "<script>" not in Answer.of_texts("x", "<script>", ("<script>",), [["<script>"]])._repr_html_()


def test_a_table_shows_every_cell(answer: Answer) -> None:
    console = Console(width=400, record=True, file=io.StringIO())
    console.print(render_table(answer))
    shown = console.export_text()
    for row in answer.rows:
        for cell in row:
            assert answer.text(cell) in shown


def test_markup_in_values_is_text() -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(render_table(Answer.of_texts("x", "x", ("a",), [["[red]not markup[/red]"]])))
    assert "[red]not markup[/red]" in console.export_text()


def test_pandas_and_polars(answer: Answer) -> None:
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    frame = answer.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == list(answer.columns)
    table = answer.to_polars()
    assert isinstance(table, polars.DataFrame)
    assert table["hazardRatio"].to_list() == [Decimal("0.23"), Decimal("0.38")]
    assert table.schema["cohort"] == polars.String


def test_an_answer_without_rows_keeps_its_columns(founding: kg.Store) -> None:
    empty = kg.ask("coverage", founding)
    assert list(empty) == []
    assert render(empty, "csv") == "jurisdiction,events,start,end,covered,source,licence\n"
    assert json.loads(render(empty, "json"))["rows"] == []


def test_show_tells_stated_from_derived(founding: kg.Store) -> None:
    rows = list(kg.show("cabozantinib", founding))
    said = {(row["predicate"], row["object"], row["standing"], row["source"]) for row in rows}
    named = "FDA page, 2025-03-26; Ipsen release, 2025-07-24"
    assert ("rdfs:label", "cabozantinib", "stated", named) in said
    assert ("for substance", "cabozantinib", "derived", "") in said
    assert {row["standing"] for row in rows} == {"stated", "derived"}
    assert all(bool(row["source"]) == (row["standing"] == "stated") for row in rows)


@pytest.mark.parametrize(
    "name", ["NCT03375320", "CABINET", "trial:NCT03375320", "<https://w3id.org/drug-approvals/trial/NCT03375320>"]
)
def test_show_finds_a_thing_by_any_name(name: str, founding: kg.Store) -> None:
    assert kg.show(name, founding).parameters == {"thing": "https://w3id.org/drug-approvals/trial/NCT03375320"}


def test_show_names_the_candidates(founding: kg.Store) -> None:
    with pytest.raises(kg.KgError, match=r"names 2 things: .*code:adult") as caught:
        kg.show("adult", _with_second_adult(founding))
    assert "Write one of them" in str(caught.value)


def _with_second_adult(founding: kg.Store) -> kg.Store:
    quads = ox.Store()
    quads.bulk_extend(founding.quads)
    thing = ox.NamedNode("https://example.org/adult")
    quads.add(ox.Quad(thing, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), ox.Literal("adult")))
    return kg.Store(quads)


def test_queries_of_every_form(founding: kg.Store) -> None:
    assert kg.query("ASK { ?x a kg:PivotalTrial }", founding).to_dicts() == [{"answer": True}]
    built = kg.query("CONSTRUCT { ?x rdf:type kg:Thing } WHERE { ?x a kg:PivotalTrial }", founding)
    assert built.columns == ("subject", "predicate", "object")
    assert len(built) == 1
    assert len(kg.query("DESCRIBE trial:NCT03375320", founding)) > 10


def _typed(text: str, datatype: str) -> Answer:
    kind = ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}")
    return Answer("x", "x", ("a",), ((ox.Literal(text, datatype=kind),),))


VALUES: dict[tuple[str, str], object] = {
    ("5", "integer"): 5,
    ("0.70", "decimal"): 0.7,
    ("true", "boolean"): True,
    ("five", "integer"): "five",
    ("1_000", "integer"): "1_000",
    ("١٢", "integer"): "١٢",
    ("9" * 5000, "integer"): "9" * 5000,
    ("", "decimal"): "",
    ("NaN", "decimal"): "NaN",
    ("0.12345678901234567890", "decimal"): "0.12345678901234567890",
    ("9" * 400 + ".5", "decimal"): "9" * 400 + ".5",
    ("maybe", "boolean"): "maybe",
    ("NaN", "double"): "NaN",
    ("INF", "double"): "INF",
}
"""A literal's text and datatype -> its value in json: the text where there is none, or none that is exact."""


@pytest.mark.parametrize(("text", "datatype"), VALUES)
def test_a_literal_that_is_no_exact_number_stays_text(text: str, datatype: str) -> None:
    odd = _typed(text, datatype)
    value = VALUES[text, datatype]
    (found,) = json.loads(render(odd, "json"), parse_constant=pytest.fail)["rows"]
    assert found == {"a": value}
    assert type(found["a"]) is type(value)
    plain = odd.to_dicts()[0]["a"]
    assert plain == value or plain == Decimal(text)
    assert render_table(odd).row_count == 1


def test_what_would_steer_a_terminal_is_left_out() -> None:
    odd = Answer.of_texts("x", "x", ("a",), [["\x1b[2J\x9b31mred\x07\tx"]])
    assert render(odd, "markdown").splitlines()[-1] == "| [2J31mred x |"
    for rendered in (render_table(odd), render_records(odd)):
        console = Console(width=80, record=True, file=io.StringIO())
        console.print(rendered)
        assert "[2J31mred x" in console.export_text()


@pytest.mark.parametrize("text", ["a\rb", "a\nb", 'a"b', "a,b", " a ", ""])
def test_csv_is_read_as_it_was_written(text: str) -> None:
    written = render(Answer.of_texts("x", "x", ("a", "b"), [[text, "c"]]), "csv")
    assert list(csv.reader(io.StringIO(written, newline=""))) == [["a", "b"], [text, "c"]]
    assert not written.endswith("\r\n")


@pytest.mark.parametrize(("width", "folded"), [(400, False), (60, True)])
def test_a_narrow_terminal_gets_a_block_per_row(
    width: int, folded: bool, answer: Answer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    printing.emit(answer, "table")
    lines = [line.strip() for line in re.sub(r"\x1b\[\d*m", "", capsys.readouterr().out).splitlines()]
    assert ("hazardRatio  0.23" in lines) is folded
    assert all(len(line) <= width for line in lines)


def test_a_pipe_is_not_padded(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    printing.emit(answer, "table")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 + len(answer)
    assert lines == [line.strip() for line in lines]
