"""A question, trial or drug -> SVG: forest plots, timelines and bars, drawn from what the stored questions answer.

    charted(question, answer) -> str       the chart that the question's header names
    plot(name, **parameters) -> str        of a question, or of one trial, condition or substance
    png(svg) -> bytes                      the same as a PNG (the extra `png`)

The same answer gives the same bytes.
"""

from __future__ import annotations

from kg import lookup, questions
from kg.answer import Answer
from kg.ask import ask
from kg.errors import PlotError, UnknownThing, did_you_mean
from kg.plot.bar import bar
from kg.plot.figure import WIDTH, Drawing, Figure
from kg.plot.forest import forest
from kg.plot.png import png
from kg.plot.timeline import timeline
from kg.questions import Question
from kg.store import Graph, store_of

THINGS = {
    "kg:ClinicalTrial": ("hazard-ratios", "trial"),
    "kg:Substance": ("timeline", "substance"),
    "kg:Condition": ("hazard-ratios", "condition"),
}
"""What of a thing is drawn: its class -> a question, and the parameter that the thing is."""

_CHARTS = {"forest": forest, "timeline": timeline, "bar": bar}


def plot(name: str, graph: Graph = None, **values: object) -> Drawing:
    """Return a chart as SVG: of a stored question with its parameters, or of a thing (see `kg.plot.THINGS`).

    `graph` is the shipped facts unless another is given.

    >>> import kg
    >>> kg.plot("CABINET")[:4]
    '<svg'

    Raises PlotError, UnknownThing and what `kg.ask` raises.
    """
    store = store_of(graph)
    if name in questions.names():
        question = questions.question(name)
        _chart_of(question)  # before the question is asked
        return charted(question, ask(name, store, **values))
    try:
        thing = lookup.find(store, name, *THINGS)
    except UnknownThing as error:
        near = did_you_mean(name, questions.names())
        raise UnknownThing(f"{error}{near.replace('Did you mean', 'Or the question')}") from None
    asked, parameter = next(THINGS[kind] for kind in THINGS if lookup.known(store, thing, kind))
    answer = ask(asked, store, **{parameter: thing.value}, **values)
    if not answer.rows:
        raise PlotError(
            f"{lookup.label(store, thing)}: the answer to {asked} has no row, so there is nothing to draw."
            f" See what is known: kg show {name!r}"
        )
    return charted(questions.question(asked), answer)


def charted(question: Question, answer: Answer, width: float = WIDTH, *, embedded: bool = False) -> Drawing:
    """Return an answer to a question as SVG of that width in pixels, without its title for a page that has it.

    Raises PlotError.
    """
    chart = _chart_of(question)
    if not answer.rows:
        raise PlotError(f"{question.name}: the answer has no row, so there is nothing to draw.")
    asked = " · ".join(f"{questions.spaced(name)}: {shown}" for name, shown in answer.parameters.items())
    figure = Figure(answer.title, asked or question.text, width, embedded=embedded)
    return figure.finish(_CHARTS[chart.kind](figure, answer, chart))


def _chart_of(question: Question) -> questions.Chart:
    if question.chart is None:
        drawn = [name for name in questions.names() if questions.question(name).chart]
        raise PlotError(f"{question.name} has no chart. These questions have one: {', '.join(drawn)}.")
    return question.chart


__all__ = ["THINGS", "charted", "plot", "png"]
