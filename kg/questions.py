"""Stored questions: a SPARQL file under a `#+` header, parsed once for the command line, the tests and the server.

The header's lines, each `#+ key: value`:

    title      a few words
    question   the question in plain words
    param      NAME TYPE EXAMPLE | what it is. TYPE is a class (kg:Substance) or an XSD type (xsd:date); a `?` after it
               says that the parameter may be left out. One line for each parameter.
    timeless   why the answer does not depend on a day; of questions without the parameter asOf, and of each of them
    evidence   the question that lists what a row of this one rests on: its parameters are columns or parameters of this
    columns    the names of the answer's columns, in order
    expects    rows (the shipped facts give at least one) or any
    chart      KIND COLUMN [as COLUMN] [in UNIT] by COLUMN.., if the answer can be drawn. forest: a ratio, with low and
               high; bar: a number; timeline: a kind of event, with date. `as` is the column of its text in the source,
               `by` what it belongs to: headings, and last the label of each row.

The query holds `VALUES ?NAME { .. }` wherever it needs a parameter: filled with the example if the parameter is
required, with UNDEF if it is not. So the file runs as it stands in any SPARQL editor. A value is put there as a term
that was checked and written by the RDF library; text from a user never becomes part of a query.

A date in whose query `VALUES ?NAMEEnd` stands beside `VALUES ?NAME` may be given as a month or a year as well: the one
is filled with its first day, the other with its last.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.errors import ParameterError, QuestionError, UnknownQuestion, did_you_mean

_HEADER = re.compile(r"#\+ (\w+): (.+)")
_PARAM = re.compile(r"(\w+) ((?:kg|skos|xsd):\w+)(\??) (\S+|\"[^\"]*\") \| (.+)")
_VALUES = re.compile(r"VALUES \?(\w+) \{([^{}]*)\}")
_CHART = re.compile(r"(forest|bar|timeline) (\w+)(?: as (\w+))?(?: in (\w+))? by (\w+(?: \w+)*)")
_NEEDS = {"forest": ["low", "high"], "bar": [], "timeline": ["date"]}
_ONCE = {"title", "question", "columns", "expects"}
_KEYS = _ONCE | {"param", "timeless", "chart", "evidence"}
_END = "End"
AS_OF = "asOf"
"""The parameter that asks about a day, in every question whose answer depends on one."""


@dataclass(frozen=True)
class Param:
    """A typed parameter. `type` is a prefixed name; `example` a prefixed name or a literal's text."""

    name: str
    type: str
    required: bool
    example: str
    about: str
    is_span: bool = False
    """Whether a date may also be a month or a year: the query takes its first and its last day."""

    @property
    def is_thing(self) -> bool:
        """Whether the value is a thing of the graph, and not a literal."""
        return not self.type.startswith("xsd:")


@dataclass(frozen=True)
class Chart:
    """How an answer is drawn: `value` is the column that is drawn, `by` the columns that say what it belongs to.

    `shown` is the column with the text of the value as its source has it, `value` itself if there is none; `unit` is
    the unit where no column has it.
    """

    kind: str
    value: str
    shown: str
    unit: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A stored question as its file says it. `name` is the file's stem, `sparql` the whole file."""

    name: str
    title: str
    text: str
    params: tuple[Param, ...]
    columns: tuple[str, ...]
    expects_rows: bool
    sparql: str
    timeless: str = ""
    """Why no day can be asked about."""
    evidence: str = ""
    """The question that lists what a row rests on."""
    chart: Chart | None = None

    def bind(self, terms: Mapping[str, ox.NamedNode | ox.Literal], *, editable: bool = False) -> str:
        """Return the query with `terms` in the VALUES of their parameters. Raises ParameterError for a missing one.

        VALUES that leave their parameter open say nothing, and engines plan better without them; an `editable` query
        has them, for a person to fill.
        """
        values: dict[str, ox.NamedNode | ox.Literal | None] = {}
        for param in self.params:
            values[param.name] = term = terms.get(param.name)
            if param.is_span:
                first, last = _days(term.value) if term else (None, None)
                values |= {param.name: first, f"{param.name}{_END}": last}
            if param.required and term is None:
                raise ParameterError(
                    f"{self.name} needs --{option(param.name)}, {param.about}."
                    f" Example: --{option(param.name)} {param.example}"
                )

        def filled(block: re.Match[str]) -> str:
            if block[1] not in values:
                return block[0]
            if (term := values[block[1]]) is None and not editable:
                return ""
            return f"VALUES ?{block[1]} {{ {'UNDEF' if term is None else term} }}"

        # In one pass over the file: a value is never looked at again, whatever text it holds.
        return _VALUES.sub(filled, self.sparql)


def _days(date: str) -> tuple[ox.Literal, ox.Literal]:
    """Return the first and the last day of a day, month or year in the form of ISO 8601."""
    year, month, *_ = *map(int, date.split("-")), 0
    last = date + {4: "-12-31", 7: f"-{monthrange(year, month or 1)[1]}", 10: ""}[len(date)]
    day = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")
    return ox.Literal(date + "0000-01-01"[len(date) :], datatype=day), ox.Literal(last, datatype=day)


def option(name: str) -> str:
    """Return the command line's spelling of a parameter's name: asOf -> as-of."""
    return spaced(name, "-")


def spaced(name: str, space: str = " ") -> str:
    """Return the words of a name in camel case: asOf -> as of."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda match: f"{space}{match[1].lower()}", name)


def names(folder: Path = places.QUESTIONS) -> list[str]:
    """Return the names of the stored questions, sorted."""
    return sorted(path.stem for path in folder.glob("*.rq"))


def having(words: str = "") -> list[Question]:
    """Return the stored questions by the words in their name or text: those with all, else those with most of them."""
    wanted = set(words.lower().split())
    found: dict[int, list[Question]] = {}
    for name in names():
        each = question(name)
        text = f"{name} {each.text}".lower()
        found.setdefault(sum(word in text for word in wanted), []).append(each)
    most = max(found)
    return found[most] if most or not wanted else []


@cache
def question(name: str, folder: Path = places.QUESTIONS) -> Question:
    """Return the stored question of that name. Raises UnknownQuestion, QuestionError."""
    if name not in (known := names(folder)):
        raise UnknownQuestion(
            f"There is no question {name!r}.{did_you_mean(name, known)} `kg questions` lists them all."
        )
    return read(folder / f"{name}.rq")


def read(path: Path) -> Question:
    """Parse a question's file. Raises QuestionError that names the file, the line and what was expected."""
    sparql = path.read_text(encoding="utf-8")
    fields: dict[str, list[str]] = {key: [] for key in _KEYS}
    for number, line in enumerate(sparql.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        match = _HEADER.fullmatch(line.rstrip())
        if match is None or match[1] not in _KEYS:
            raise QuestionError(
                f"{path}, line {number}: expected `#+ key: value` with one of {', '.join(sorted(_KEYS))}."
            )
        fields[match[1]].append(match[2])
    for key in _ONCE:
        if len(fields[key]) != 1:
            raise QuestionError(f"{path}: the header needs one line `#+ {key}: ..`, it has {len(fields[key])}.")
    if fields["expects"][0] not in ("rows", "any"):
        raise QuestionError(f"{path}: `#+ expects:` is rows or any, not {fields['expects'][0]!r}.")
    params = tuple(_param(path, line, sparql) for line in fields["param"])
    if len(fields["timeless"]) + sum(param.name == AS_OF for param in params) != 1:
        raise QuestionError(f"{path}: the header needs the parameter {AS_OF}, or one line `#+ timeless: why not`.")
    return Question(
        name=path.stem,
        title=fields["title"][0],
        text=fields["question"][0],
        params=params,
        columns=tuple(fields["columns"][0].split()),
        expects_rows=fields["expects"] == ["rows"],
        sparql=sparql,
        timeless="".join(fields["timeless"]),
        evidence="".join(fields["evidence"]),
        chart=_chart(path, fields["chart"], fields["columns"][0].split()),
    )


def _chart(path: Path, lines: list[str], columns: list[str]) -> Chart | None:
    if not lines:
        return None
    match = _CHART.fullmatch(lines[0])
    if match is None or len(lines) > 1:
        raise QuestionError(f"{path}: one line `#+ chart: KIND COLUMN by COLUMN..`, with forest, bar or timeline.")
    chart = Chart(match[1], match[2], match[3] or match[2], match[4] or "", tuple(match[5].split()))
    needs = [chart.value, chart.shown, *chart.by, *_NEEDS[chart.kind]]
    if missing := [column for column in needs if column not in columns]:
        raise QuestionError(f"{path}: `#+ chart:` needs columns that the query does not give: {', '.join(missing)}.")
    return chart


def _param(path: Path, line: str, sparql: str) -> Param:
    match = _PARAM.fullmatch(line)
    if match is None:
        raise QuestionError(f"{path}: `#+ param: {line}` is not of the form NAME TYPE EXAMPLE | what it is.")
    name, type_, optional, example, about = match.groups()
    filled = _VALUES.findall(sparql)
    ends = [held for variable, held in filled if variable == f"{name}{_END}"]
    if not (blocks := [held for variable, held in filled if variable == name]):
        raise QuestionError(f"{path}: the query has no `VALUES ?{name} {{ .. }}` for the parameter {name}.")
    literal = example if example.startswith('"') else f'"{example}"'
    written = f"{literal}^^{type_}" if type_.startswith("xsd:") else example
    expected = "UNDEF" if optional else literal if type_ == "xsd:string" else written
    if any(block.strip() != expected for block in blocks + ends):
        raise QuestionError(f"{path}: `VALUES ?{name}` must hold {expected}, as the header has it.")
    return Param(name, type_, not optional, example.strip('"'), about, bool(ends))
