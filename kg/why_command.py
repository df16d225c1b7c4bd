"""`kg why` and `kg why-not`: proofs on the terminal, as csv, JSON or PROV-O."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from kg import printing
from kg.errors import ParameterError
from kg.limits import stoppable
from kg.printing import GraphOption, StoreOption, TimeoutOption
from kg.why import Explanation, why, why_contradictions, why_not

CONTRADICTIONS = "contradictions"
Form = Literal["tree", "csv", "json", "turtle"]
FormOption = Annotated[Form, typer.Option("--format", "-f", help="How to print; turtle is PROV-O.")]
SubjectArgument = Annotated[str, typer.Argument(help=f"A thing of the graph; or the one word `{CONTRADICTIONS}`.")]
PredicateArgument = Annotated[str, typer.Argument(help="A property; `a` is rdf:type.")]
ObjectArgument = Annotated[str, typer.Argument(help="A thing of the graph, or a value.")]


def run_why(
    subject: SubjectArgument,
    predicate: PredicateArgument = "",
    object_: Annotated[str, typer.Argument(metavar="OBJECT", help="A thing of the graph, or a value.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Tell other proofs too, not the shortest alone.")] = False,
    how: FormOption = "tree",
    graph: GraphOption = None,
    built: StoreOption = None,
    timeout: TimeoutOption = None,
) -> None:
    """Print why a fact holds, from the rule down to what sources state."""
    if subject != CONTRADICTIONS and not (predicate and object_):
        raise ParameterError("A fact has a subject, a predicate and an object: kg why SUBJECT PREDICATE OBJECT")
    store = printing.open_graph(graph, built)
    with stoppable(timeout):
        if subject == CONTRADICTIONS and not predicate:
            found = why_contradictions(store)
        else:
            found = why(subject, predicate, object_, store, every=every)
        emit(found, how)


def run_why_not(
    subject: Annotated[str, typer.Argument(help="A thing of the graph.")],
    predicate: PredicateArgument,
    object_: Annotated[str, typer.Argument(metavar="OBJECT", help="A thing of the graph, or a value.")],
    how: FormOption = "tree",
    graph: GraphOption = None,
    built: StoreOption = None,
    timeout: TimeoutOption = None,
) -> None:
    """Print which rules come nearest to a fact that does not hold, and what they lack."""
    store = printing.open_graph(graph, built)
    with stoppable(timeout):
        emit(why_not(subject, predicate, object_, store), how)


def emit(found: Explanation, how: Form | printing.Format) -> None:
    """Print an explanation; as a table it is a tree."""
    from kg.render import visible

    if how in ("tree", "table"):
        for line in found.lines():
            typer.echo(visible(line))
    elif how == "csv" or how == "markdown":
        printing.emit(found.to_answer(), how)
    else:
        sys.stdout.write(found.to_json() if how == "json" else found.to_prov())
