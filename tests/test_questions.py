"""Each stored question gives its answer, as it is stored, and in two engines."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg import bridge, lookup, questions
from kg.answer import Cell
from kg.ask import select
from kg.errors import ParameterError, QuestionError, UnknownQuestion, UnknownThing
from kg.names import PREFIXES
from kg.questions import Question
from kg.render import render_csv
from tests.conftest import ANSWERS

NAMES = questions.names()
COUNT = 69


def required(question: Question) -> dict[str, str]:
    return {param.name: param.example for param in question.params if param.required}


def test_questions_and_answers_are_paired() -> None:
    assert sorted(path.stem for path in ANSWERS.glob("*.csv")) == NAMES
    assert len(NAMES) == COUNT


@pytest.mark.parametrize("name", NAMES)
def test_question_gives_its_answer(name: str, founding: kg.Store, request: pytest.FixtureRequest) -> None:
    question = questions.question(name)
    answer = kg.ask(name, founding, **required(question))
    path = ANSWERS / f"{name}.csv"
    if request.config.getoption("--rewrite-answers"):
        path.write_text(render_csv(answer))
    assert render_csv(answer) == path.read_text()
    assert answer.columns == question.columns
    assert answer.rows or not question.expects_rows


@pytest.mark.parametrize("name", NAMES)
def test_file_runs_as_it_stands(name: str, founding: kg.Store) -> None:
    """A SPARQL editor gets the answer to the examples, without any of our code."""
    question = questions.question(name)
    found = founding.quads.query(question.sparql)
    assert isinstance(found, ox.QuerySolutions)
    rows = [tuple(row[column] for column in question.columns) for row in found]
    assert rows == list(kg.ask(name, founding, **required(question)).rows)


@pytest.mark.parametrize("name", NAMES)
def test_optional_parameters_bind(name: str, founding: kg.Store) -> None:
    """With every parameter at its example, the query still runs and says no more than without."""
    question = questions.question(name)
    terms = {}
    for param in question.params:
        with suppress(UnknownThing):  # an example from the registers
            terms[param.name] = lookup._term(founding, param, param.example)
    columns, rows = select(founding, question.bind(terms))
    assert columns == question.columns
    if all(param.required for param in question.params) and question.expects_rows:
        assert rows


@pytest.fixture(scope="module")
def in_rdflib(founding: kg.Store) -> rdflib.Dataset:
    """The named graphs of the closure in rdflib, whose engine shares no line with the one that answers."""
    named = (quad for quad in founding.quads if isinstance(quad.graph_name, ox.NamedNode))
    return bridge.to_rdflib(named)


@pytest.mark.parametrize(
    "name", [name for name in NAMES if not all(p.required for p in questions.question(name).params)]
)
def test_another_engine_agrees(name: str, founding: kg.Store, in_rdflib: rdflib.Dataset) -> None:
    """Where a parameter is left open; with all of them, a server of that engine is asked in test_remote.py."""
    question = questions.question(name)

    def plain(cell: object) -> object:
        if isinstance(cell, rdflib.Literal | ox.Literal) and str(cell.datatype).strip("<>").endswith("#decimal"):
            return Decimal(str(cell.value))
        if isinstance(cell, ox.NamedNode | ox.Literal):
            return cell.value
        return None if cell is None else str(cell)

    ours: list[tuple[Cell, ...]] = list(kg.ask(name, founding, **required(question)).rows)
    found = in_rdflib.query(question.sparql)
    assert tuple(map(str, found.vars or ())) == question.columns
    theirs = [tuple(row) for row in found if isinstance(row, rdflib.query.ResultRow)]
    assert Counter(tuple(map(plain, row)) for row in theirs) == Counter(tuple(map(plain, row)) for row in ours)


def test_a_value_stays_a_value(founding: kg.Store) -> None:
    """Text that looks like a query, or like another parameter, is looked for as it is."""
    for hostile in ('" } } DROP ALL #', "VALUES ?word { UNDEF }", "\\", '"""', "\n}"):
        assert len(kg.ask("vocabulary", founding, word=hostile)) == 0
    assert len(kg.ask("vocabulary", founding, word="cohort")) > 1


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("#+ titel: x", "line 1: expected"),
        ("#+ title: x", "the header needs one line `#+ "),
        ("#+ title: x\n#+ question: y\n#+ columns: a\n#+ expects: none", "rows or any"),
        ("#+ title: x\n#+ question: y\n#+ columns: a\n#+ expects: any\n#+ param: z", "not of the form"),
        ("#+ title: x\n#+ question: y\n#+ columns: a\n#+ expects: any\n#+ param: z xsd:date 1 | day", "no `VALUES ?z"),
        (
            "#+ title: x\n#+ question: y\n#+ columns: a\n#+ expects: any\n#+ param: z xsd:integer 1 | n\n"
            'SELECT * { VALUES ?z { "2"^^xsd:integer } }',
            "must hold",
        ),
    ],
)
def test_a_malformed_header_is_an_error(header: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.rq"
    path.write_text(header)
    with pytest.raises(QuestionError, match=r"broken\.rq") as caught:
        questions.read(path)
    assert complaint in str(caught.value)


def test_names_of_things_lead_to_terms(founding: kg.Store) -> None:
    spelled = ["cabozantinib", "CABOZANTINIB", "drug:cabozantinib", "1C39JW444G"]
    spelled += ["https://w3id.org/drug-approvals/drug/cabozantinib"]
    assert {lookup.find(founding, name).value for name in spelled} == {PREFIXES["drug"] + "cabozantinib"}


def test_a_missing_question_suggests_one() -> None:
    with pytest.raises(UnknownQuestion, match="Did you mean first-in-class"):
        questions.question("first-in-clas")


def test_a_missing_parameter_shows_an_example(founding: kg.Store) -> None:
    with pytest.raises(ParameterError, match="--substance drug:cabozantinib"):
        kg.ask("approvals-of-substance", founding)
