"""Arithmetic of a query's own, done again by hand: `(1 - ?hazardRatio) * 100` with the numbers of a row, and its value.

Numbers are decimals, exact; a date less a date is a number of days. Nothing of the query's engine is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, DecimalException

import pyoxigraph as ox

from kg.proof.model import Term

Number = Decimal | date
_TOKEN = re.compile(r"\s*(\?\w+|\d+(?:\.\d+)?(?![\w:])|[-+*/()]|\"[^\"]*\"|[^\s()?\"]+)")
_OPERATORS = set("+-*/")


def parts(expression: str) -> Iterator[str]:
    """Yield the longest pieces of an expression that are arithmetic: variables, numbers, operators, their brackets."""
    tokens = _TOKEN.findall(expression)
    at = 0
    while at < len(tokens):
        end = next((to for to in range(len(tokens), at, -1) if _is_arithmetic(tokens[at:to])), at)
        if end > at:
            first, last = at, end
            while tokens[first] == "(" and _is_arithmetic(tokens[first + 1 : last - 1]):
                first, last = first + 1, last - 1
            yield " ".join(tokens[first:last]).replace("( ", "(").replace(" )", ")")
        at = max(end, at + 1)


def _is_arithmetic(tokens: list[str]) -> bool:
    if not _OPERATORS & set(tokens):
        return False
    depth, operand_due = 0, True
    for token in tokens:
        if token == "(" and operand_due:
            depth += 1
        elif token == ")" and not operand_due and depth:
            depth -= 1
        elif token in _OPERATORS and not operand_due:
            operand_due = True
        elif operand_due and (token[0] == "?" or token[0].isdigit()):
            operand_due = False
        else:
            return False
    return not depth and not operand_due


def number(term: Term | None) -> Number | None:
    """Return the number or the day that a literal writes, or None."""
    if not isinstance(term, ox.Literal):
        return None
    try:
        return Decimal(term.value)
    except DecimalException:
        pass
    try:
        return date.fromisoformat(term.value)
    except ValueError:
        return None


def with_values(expression: str, values: Mapping[str, Term]) -> str:
    """Return an expression with the values of its variables, as the sources write them."""
    return re.sub(r"\?(\w+)", lambda name: _lexical(values.get(name[1]), name[0]), expression)


def _lexical(term: Term | None, otherwise: str) -> str:
    return term.value if isinstance(term, ox.Literal) else otherwise


def value(expression: str, values: Mapping[str, Term]) -> Decimal | None:
    """Return what an expression of `parts` comes to, or None where something in it has no number."""
    tokens = _TOKEN.findall(expression)
    try:
        found, rest = _sum(tokens, values)
    except (LookupError, TypeError, DecimalException):
        return None
    return found if not rest and isinstance(found, Decimal) else None


def _sum(tokens: list[str], values: Mapping[str, Term]) -> tuple[Number, list[str]]:
    left, rest = _product(tokens, values)
    while rest and rest[0] in "+-":
        right, after = _product(rest[1:], values)
        if isinstance(left, date) and isinstance(right, date) and rest[0] == "-":
            left = Decimal((left - right).days)
        elif isinstance(left, Decimal) and isinstance(right, Decimal):
            left = left + right if rest[0] == "+" else left - right
        else:
            raise TypeError
        rest = after
    return left, rest


def _product(tokens: list[str], values: Mapping[str, Term]) -> tuple[Number, list[str]]:
    left, rest = _operand(tokens, values)
    while rest and rest[0] in "*/":
        right, after = _operand(rest[1:], values)
        if not (isinstance(left, Decimal) and isinstance(right, Decimal)):
            raise TypeError
        left = left * right if rest[0] == "*" else left / right
        rest = after
    return left, rest


def _operand(tokens: list[str], values: Mapping[str, Term]) -> tuple[Number, list[str]]:
    first, *rest = tokens
    if first == "(":
        inner, after = _sum(rest, values)
        return inner, after[1:]
    found = number(values.get(first[1:])) if first[0] == "?" else Decimal(first)
    if found is None:
        raise LookupError(first)
    return found, rest
