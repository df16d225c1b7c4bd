"""An answer in every form: csv, json, markdown, html, a table, dicts, pandas and polars; and what `show` tells."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from datetime import date
from decimal import Decimal

import pyoxigraph as ox
import pytest
from rich.console import Console

import kg
from kg import printing
from kg.answer import Answer
from kg.render import render, render_records, render_table
from tests.conftest import ROOT


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


def _literals(*texts: tuple[str, str] | None) -> list[ox.Literal | None]:
    kind = "http://www.w3.org/2001/XMLSchema#"
    return [text and ox.Literal(text[0], datatype=ox.NamedNode(kind + text[1])) for text in texts]


TYPED = {
    "count": _literals(("5", "integer"), None),
    "ratio": _literals(("0.23", "decimal"), ("1", "integer")),
    "day": _literals(("2025-07-23", "date"), None),
    "holds": _literals(("true", "boolean"), ("false", "boolean")),
    "text": _literals(("x", "string"), None),
    "mixed": _literals(("5", "integer"), ("2025-07", "gYearMonth")),
    "large": _literals(("1" * 30, "integer"), None),
    "never": _literals(("2025-02-30", "date"), None),
    "nothing": _literals(None, None),
}
"""Columns of two rows: the types a column can have, and what no type holds."""


@pytest.fixture(scope="module")
def typed() -> Answer:
    return Answer("x", "x", tuple(TYPED), tuple(zip(*TYPED.values(), strict=True)))


def test_pandas_has_a_type_for_each_column(typed: Answer) -> None:
    frame = pytest.importorskip("pandas").DataFrame(typed.to_pandas())
    types = "Int64 Float64 datetime64[s] boolean string string string string string".split()
    assert frame.dtypes.astype(str).to_dict() == dict(zip(TYPED, types, strict=True))
    assert frame["ratio"].tolist() == [0.23, 1.0]
    assert frame["mixed"].tolist() == ["5", "2025-07"]
    assert frame["large"][0] == "1" * 30
    assert frame["day"].isna().tolist() == [False, True]
    assert frame["day"].dt.month[0] == 7


def test_polars_has_a_type_for_each_column(typed: Answer) -> None:
    polars = pytest.importorskip("polars")
    table = typed.to_polars()
    text = polars.String
    types = [polars.Int64, polars.Decimal(scale=2), polars.Date, polars.Boolean, text, text, text, text, text]
    assert [kind.base_type() for kind in table.dtypes] == [kind.base_type() for kind in types]
    assert table.rows() == [
        (5, Decimal("0.23"), date(2025, 7, 23), True, "x", "5", "1" * 30, "2025-02-30", None),
        (None, Decimal(1), None, False, None, "2025-07", None, None, None),
    ]


def test_tables_keep_the_columns_of_an_answer(answer: Answer, founding: kg.Store) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    for each in (answer, kg.ask("coverage", founding)):
        assert list(each.to_pandas().columns) == list(each.to_polars().columns) == list(each.columns)
        assert len(each.to_pandas()) == len(each.to_polars()) == len(each)


def test_a_notebook_shows_what_it_is_given(founding: kg.Store) -> None:
    ElementTree.fromstring(kg.plot("CABINET", founding)._repr_svg_())
    fact = ("event:EU-cabozantinib-NET", "inJurisdiction", "EU")
    proof = kg.why(*fact, founding)._repr_html_()
    shown = {
        "row EC": proof,
        "prp-spo2": proof,
        "lacks": kg.why_not("event:US-cabozantinib-NET", "a", "kg:EUApproval", founding)._repr_html_(),
        "0 violations": kg.check(ROOT / "kg" / "data" / "reference")._repr_html_(),
        "same": kg.diff("shipped/reference", "shipped/reference")._repr_html_(),
    }
    for words, told in shown.items():
        ElementTree.fromstring(f"<div>{told}</div>".replace("<details open>", "<details>"))
        assert words in told


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
