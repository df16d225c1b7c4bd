"""HTML: templates, and how a term of the graph is written in them. Whatever comes from the graph is escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.answer import Answer, Cell
from kg.names import BASE, compact, expand
from kg.questions import spaced

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

HERE = Path(__file__).parent
MOST_ROWS = 500
"""Rows of a table on a page; the csv has them all."""

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""The content security policy of a page: nothing in it runs or styles but the site's own files."""

HEADERS = {"content-security-policy": POLICY}


@dataclass(frozen=True)
class Shown:
    """A term as a page shows it: its text, where it leads if anywhere, its language, whether it is a number."""

    text: str
    link: str | None = None
    language: str | None = None
    is_number: bool = False

    @property
    def look(self) -> str:
        """The class of the cell: what is a number, what must not be broken, what needs room."""
        if self.is_number:
            return "number"
        return "unbroken" if re.fullmatch(r"[\d-]{4,10}", self.text) else "long" if len(self.text) > 24 else ""


def shown(answer: Answer, cell: Cell, root: str) -> Shown:
    """Return a cell as a page shows it. Things of the graph lead to their dossier, http addresses where they say."""
    text = answer.text(cell)
    if isinstance(cell, ox.NamedNode):
        return Shown(text, address(cell.value, root))
    if not isinstance(cell, ox.Literal):
        return Shown(text)
    language = cell.language if cell.language and re.fullmatch(r"[A-Za-z0-9-]{1,35}", cell.language) else None
    link = text if re.fullmatch(r"https?://[^\s<>\"]+", text) else None
    return Shown(text, link, language, not isinstance(answer.python(cell), str | bool | date))


def address(iri: str, root: str) -> str | None:
    """Return where a link to a thing leads: to the site for its own, else only to the web."""
    own = iri.removeprefix(BASE)
    if own != iri and re.match(r"[a-z]", own):
        return root + own
    return iri if re.match(r"https?://[^/]", iri) else None


def page(template: str, root: str, **values: object) -> bytes:
    """Return a page of that kind; `root` is where the site's paths begin."""
    return _templates().get_template(f"{template}.html").render(root=root, **values).encode()


def prepare() -> None:
    """Compile the templates, for which the first reader of each page would wait."""
    for name in _templates().list_templates():
        _templates().get_template(name)


def linked_data(document: Mapping[str, Any]) -> str:
    """Return JSON-LD to stand in a script element: no character of it can end the element or begin another."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"spaced": _heading, "compact": compact, "drawn": Markup, "data": _data}
    made.globals |= {"shown": shown, "address": address, "expand": expand, "most_rows": MOST_ROWS}
    return made


def _data(document: Mapping[str, Any]) -> Markup:
    from markupsafe import Markup

    return Markup(linked_data(document))


def _heading(name: str) -> str:
    words = spaced(name)
    return words[:1].upper() + words[1:]
