"""The tools of the server: what an assistant reads of each (its docstring and parameters), and the job that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent
from pydantic import Field

from kg import questions
from kg.errors import KgError
from kg.mcp import jobs
from kg.mcp.bounded import MOST_ROWS, Proofs, Table, Told
from kg.serve.workers import Workers

Rows = Annotated[int, Field(ge=1, le=MOST_ROWS, description="Rows to tell; the answer says where it was cut.")]
Words = Annotated[str, Field(max_length=200)]
Thing = Annotated[
    str, Field(min_length=1, max_length=1_000, description="An IRI, a prefixed name, an identifier or a label.")
]
Value = Annotated[
    str, Field(max_length=10_000, description="A thing, named like the subject, or the text of a literal.")
]
Property = Annotated[
    str, Field(min_length=1, max_length=1_000, description="A property, such as `inJurisdiction`; `a` is rdf:type.")
]
QuestionName = Annotated[str, Field(max_length=200, description="The name, as find_question gives it.")]
Parameters = Annotated[
    dict[str, str | int | float | bool],
    Field(max_length=20, description="Values by the parameter's name; a thing by its label, identifier or IRI."),
]
Kind = Literal["class", "relation", "attribute"]
TableResult = Annotated[CallToolResult, Table]
ProofResult = Annotated[CallToolResult, Proofs]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a stored question: its type is a class, such as kg:Substance, or an XSD type."""

    name: str
    type: str
    required: bool
    example: str
    about: str


@dataclass(frozen=True)
class Found:
    """A stored question: what it asks, what it takes and the columns of its answer."""

    name: str
    question: str
    parameters: list[Parameter]
    columns: list[str]


@dataclass(frozen=True)
class Tools:
    """The tools, on the workers that do their jobs. A KgError is an error of the tool, with its message."""

    workers: Workers

    def all(self) -> list[Callable[..., Any]]:
        """Return the tools in the order in which an assistant needs them."""
        return [
            self.find_question,
            self.run_question,
            self.why_row,
            self.find_thing,
            self.look_up,
            self.why,
            self.why_not,
            self.vocabulary,
            self.query,
        ]

    async def find_question(
        self, words: Annotated[Words, Field(description="Words to look for; none lists every question.")] = ""
    ) -> list[Found]:
        """Find stored questions by words of their name and text: those with all of the words, else with most of them.

        Start here: a stored question is tested, and its answer names the source of each row.
        """
        return [
            Found(
                each.name,
                each.text,
                [Parameter(p.name, p.type, p.required, p.example, p.about) for p in each.params],
                list(each.columns),
            )
            for each in questions.having(words)
        ]

    async def run_question(
        self, name: QuestionName, parameters: Parameters | None = None, rows: Rows = 100
    ) -> TableResult:
        """Answer a stored question. Parameters are typed and checked: an error says what is wanted, with an example."""
        return await self._call(jobs.answered, name, parameters or {}, rows)

    async def why_row(
        self,
        name: QuestionName,
        row: Annotated[int, Field(ge=1, description="The row of the question's answer, counted from 1.")],
        parameters: Parameters | None = None,
    ) -> ProofResult:
        """Tell what a row of a stored question's answer rests on: facts down to their sources, its sums done again."""
        return await self._call(jobs.row_proved, name, parameters or {}, row)

    async def find_thing(
        self,
        words: Annotated[Words, Field(min_length=2, description="A name, or a part of one.")],
        rows: Rows = 40,
    ) -> TableResult:
        """Find drugs, trials, conditions, agencies and other things whose name is, begins with or holds a text."""
        return await self._call(jobs.found, words, rows)

    async def look_up(self, name: Thing, rows: Rows = 100) -> TableResult:
        """Tell what is known of a thing, then what points to it: each fact stated, with its source, or derived."""
        return await self._call(jobs.shown, name, rows)

    async def why(
        self,
        subject: Thing,
        predicate: Property,
        value: Value,
        every: Annotated[bool, Field(description="Tell the proofs that differ in their last step too.")] = False,
    ) -> ProofResult:
        """Prove a fact: the rules by their OWL 2 RL names, down to stated facts, each with its source and licence."""
        return await self._call(jobs.proved, subject, predicate, value, every)

    async def why_not(self, subject: Thing, predicate: Property, value: Value) -> ProofResult:
        """Tell which rules come nearest to a fact that does not hold, and the premises that they lack."""
        return await self._call(jobs.lacking, subject, predicate, value)

    async def vocabulary(
        self,
        word: Annotated[Words, Field(description="A word of a term's label or definition; none tells all terms.")] = "",
        kind: Annotated[
            Literal["class", "relation", "attribute"] | None, Field(description="One kind of terms.")
        ] = None,
        rows: Rows = 100,
    ) -> TableResult:
        """Tell the graph's classes and properties with their definitions, to write a query with."""
        return await self._call(jobs.vocabulary, word, kind, rows)

    async def query(
        self, sparql: Annotated[str, Field(min_length=1, max_length=100_000)], rows: Rows = 100
    ) -> TableResult:
        """Run a SPARQL 1.1 query: SELECT, ASK, CONSTRUCT or DESCRIBE. Nothing is written, no other server is asked.

        The project's prefixes need no declaration. A query that takes too much time or memory is ended.
        """
        return await self._call(jobs.queried, sparql, rows, public=True)

    async def _call(self, job: Callable[..., Told], *arguments: object, public: bool = False) -> CallToolResult:
        try:
            told = await self.workers.call(job, *arguments, public=public)
        except KgError as error:
            raise ToolError(str(error)) from None
        return CallToolResult(
            content=[TextContent(type="text", text=told.text)], structured_content=asdict(told.content)
        )
