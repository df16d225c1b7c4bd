"""The text of a query: what is refused before the engine sees it, and what the engine's complaints mean."""

from __future__ import annotations

import re
from collections.abc import Collection

import pyoxigraph as ox

from kg.errors import QueryError, QueryRefused, did_you_mean
from kg.names import PREFIXES

MOST_NESTED = 100
"""Brackets in a query. A few thousand of them overflow the parser's stack and would end the process."""

MOST_LONG = 1_000_000
"""Characters in a query."""

_SKIPPED = re.compile(
    r"'''.*?'''|\"\"\".*?\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|<[^\s<>\"{}|^`\\]*>|#[^\n]*", re.DOTALL
)
_ESCAPES = "".join(rf"(?:{c}|\\u00{ord(c):x}|\\u00{ord(c) - 32:x}|\\U000000{ord(c):x}|\\U000000{ord(c) - 32:x})"
                   for c in "service")  # fmt: skip
_SERVICE = re.compile(_ESCAPES, re.IGNORECASE)
"""The word anywhere, its letters as they are or as codepoint escapes."""

_KEYWORD = re.compile(r"(?<![\w?$:@-])SERVICE\b(?!:)", re.IGNORECASE)


def refuse_traps(sparql: str) -> None:
    """Raise QueryError for a query that is too long or too deep for the parser, QueryRefused for one with SERVICE.

    The engine cannot be told to leave other servers alone, and no reading of the text but its own parser's is sure to
    agree with that parser on what is a string or a comment. So each `service`, in whatever role, becomes another word:
    where the text still parses, none of them was the keyword.
    """
    if len(sparql) > MOST_LONG:
        raise QueryError(
            f"The query has {len(sparql):,} characters; {MOST_LONG:,} is the most. Put the data into a file."
        )
    try:
        sparql.encode()
    except UnicodeEncodeError:
        raise QueryError("The query is not UTF-8. Write it in that encoding.") from None
    depth = deepest = 0
    for bracket in re.findall(r"[(){}\[\]]", words(sparql)):
        depth += 1 if bracket in "({[" else -1
        deepest = max(deepest, depth)
    if deepest > MOST_NESTED:
        raise QueryError(
            f"The query has {deepest} brackets one within another; {MOST_NESTED} is the most. Simplify it."
        )
    if _SERVICE.search(sparql):
        try:
            ox.Store().query(_SERVICE.sub("xervice", sparql), prefixes=PREFIXES)
        except SyntaxError as error:
            if _KEYWORD.search(words(sparql)):
                raise QueryRefused(
                    "SERVICE is not followed: this graph asks no other server. Query the other endpoint by itself."
                ) from None
            raise explained(sparql, error) from None


def words(sparql: str) -> str:
    """Blank out strings, IRIs and comments, so that what is left are the query's own words and brackets."""
    return _SKIPPED.sub(lambda match: " " * len(match[0]), sparql)


def graphs_named(sparql: str) -> list[str]:
    """Return the IRIs of FROM and FROM NAMED, as far as they are written out or by a prefix."""
    bare = words(sparql)
    declared = {
        match[1]: match[2]
        for match in re.finditer(r"\bPREFIX\s+([\w.-]*)\s*:\s*<([^<>\s]*)>", sparql, re.IGNORECASE)
        if bare[match.start() : match.start(1)] == sparql[match.start() : match.start(1)]
    }
    found = []
    for clause in re.finditer(r"(?<![\w?$:@-])FROM\b(?:\s+NAMED\b)?", bare, re.IGNORECASE):
        written = re.compile(r"\s*(?:<([A-Za-z][\w+.-]*:[^<>\s]*)>|([\w.-]*):([\w./-]*))").match(sparql, clause.end())
        if written and written[1]:
            found.append(written[1])
        elif written and (namespace := {**PREFIXES, **declared}.get(written[2])):
            found.append(namespace + written[3])
    return found


def unknown_terms(sparql: str, known: Collection[str]) -> str:
    """Return a sentence for each term of this project's vocabulary in a query that it does not have, or ''."""
    used = dict.fromkeys(re.findall(r"(?<![\w?$@:_-])kg:([A-Za-z]\w*)", words(sparql)))
    unknown = [name for name in used if name not in known][:3]
    if not unknown or re.search(r"\bPREFIX\s+kg\s*:\s*(?!<https://w3id\.org/drug-approvals/ontology#>)", sparql, re.I):
        return ""
    return " ".join(f"kg:{name} is no term of the vocabulary.{did_you_mean(name, sorted(known))}" for name in unknown)


def explained(sparql: str, error: SyntaxError) -> QueryError:
    """Turn the parser's complaint into one sentence with the line, the evidence and a next step."""
    message = str(error)
    bare = words(sparql)
    if re.search(r"\b(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD)\b", bare, re.IGNORECASE) and not re.search(
        r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", bare, re.IGNORECASE
    ):
        return QueryRefused("This is an update. The graph is only read: use SELECT, ASK, CONSTRUCT or DESCRIBE.")
    place = re.search(r"error at (\d+):(\d+)", message)
    if place is None:
        return QueryError(f"The query is malformed: {message.splitlines()[0][:200]}.")
    line, column = int(place[1]), int(place[2])
    lines = sparql.splitlines()
    declared = re.findall(r"\bPREFIX\s+([\w-]*)\s*:", bare, re.IGNORECASE)
    used = [prefix for prefix in re.findall(r"(?<![\w?$@:_-])([A-Za-z][\w-]*):(?!//)", bare) if prefix not in declared]
    unknown = [prefix for prefix in used if prefix not in PREFIXES]
    if "Prefix not found" in message and unknown:
        if line <= len(lines) and (before := lines[line - 1][:column].rfind(f"{unknown[0]}:")) >= 0:
            column = before + 1  # the parser tells where the name ends
        what = f"the prefix {unknown[0]}: is not declared.{did_you_mean(unknown[0], list(PREFIXES))}"
        return QueryError(f"The query is malformed at line {line}, column {column}: {what}", line, column)
    return QueryError(_what(lines, message, line, column), line, column)


def _what(lines: list[str], message: str, line: int, column: int) -> str:
    shown = lines[line - 1].strip()[:120] if line <= len(lines) else ""
    if meant := re.search(r"(?:one of |, )([A-Z][A-Za-z]* [A-Za-z* ]+ [A-Za-z]+)", message):
        told = meant[1].replace("not authorized", "not possible")
        told = told[0].lower() + told[1:] if told[1].islower() else told
        return f"The query is malformed at line {line}: {told}, in: {shown}"
    ends = line >= len(lines) and column > len(lines[-1].rstrip()) if lines else True
    what = "it ends too early" if ends else f"unexpected text in: {shown}"
    return f"The query is malformed at line {line}, column {column}: {what}. Are a bracket, a dot or a keyword missing?"
