"""Pages for people: the start, search, dossiers, questions, SPARQL and the ontology. All work without a script."""

from __future__ import annotations

import urllib.parse
from collections import OrderedDict
from collections.abc import Callable
from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from kg import questions
from kg.errors import KgError, UnknownQuestion, UnknownThing
from kg.names import BASE, KG, PREFIXES
from kg.render import render_csv, render_json
from kg.serve import jobs, page_jobs, proofs
from kg.serve.html import HEADERS, HERE, address, page
from kg.serve.negotiate import CSV, GRAPHS, HTML, JSON, choose
from kg.serve.page_data import described
from kg.serve.replies import Refusal, status_of
from kg.serve.site import FRESH, Site, body, unchanged

_MEDIA = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}
_EXAMPLES = {
    "Pivotal trials and what rests on them": """SELECT ?trial ?approval {
  ?trial a kg:PivotalTrial ; kg:supports ?approval
}
ORDER BY ?approval""",
    "Approvals by jurisdiction": """SELECT ?jurisdiction (COUNT(?approval) AS ?approvals) {
  ?approval a kg:Approval ; kg:inJurisdiction ?jurisdiction
}
GROUP BY ?jurisdiction
ORDER BY DESC(?approvals)""",
    "Who states a fact": """SELECT ?enrolled ?source {
  GRAPH ?file { trial:NCT03375320 kg:enrolment ?enrolled }
  ?file prov:wasDerivedFrom ?source
}""",
}
"""Title -> query."""

_COUNTED = {
    KG + "Substance": "substances", KG + "Approval": "approvals", KG + "ClinicalTrial": "trials",
    KG + "Condition": "conditions", KG + "DrugClass": "drug classes", KG + "Source": "sources",
}  # fmt: skip
"""Class -> its name in the plural, for the counts on the start page."""

_KEPT = 200
"""Pages kept as they were sent: the graph does not change while the server runs."""
_kept: OrderedDict[str, bytes] = OrderedDict()


async def start(site: Site, request: Request) -> Response:
    """Show the search, the questions, and what the graph holds."""
    tag = site.tag("start")
    if held := _held(site, request, tag):
        return held
    told = await site.ask(request, page_jobs.first_page)
    return _page(site, "start", tag, told=told, groups=_groups(), counted=_COUNTED)


async def search(site: Site, request: Request) -> Response:
    """Show the things and the questions that a text names."""
    text = " ".join(request.query_params.get("q", "").split())[:200]
    tag = site.tag("search", text)
    if held := _held(site, request, tag):
        return held
    found, near = await site.ask(request, page_jobs.search, text, public=True)
    wanted = text.casefold().strip()
    asked = [each for each in _questions() if wanted and wanted in f"{each.name} {each.title} {each.text}".casefold()]
    links = [(each, address(each.iri, site.root)) for each in found]
    return _page(site, "search", tag, text=text, links=links, near=near, questions=asked)


async def dossier(site: Site, request: Request, iri: str) -> Response:
    """Show all about a thing; of the ontology itself, its terms."""
    tag = site.tag("dossier", iri)
    if held := _held(site, request, tag):
        return held
    if iri == BASE + "ontology":
        terms = await site.ask(request, page_jobs.answered, "vocabulary", {})
        return _page(site, "ontology", tag, terms=terms, prefixes=PREFIXES)
    told = await site.ask(request, page_jobs.dossier, iri)
    split = [[row for row in told.facts.rows if (_iri(row[0]) == iri) is about] for about in (True, False)]
    return _page(
        site, "dossier", tag, told=told, about=split[0], pointing=split[1], most=page_jobs.POINTING,
        path=address(iri, site.root) or "", data=described(told), why=f"{site.root}why",
    )  # fmt: skip


def _values(asked: questions.Question, request: Request) -> dict[str, str]:
    return {param.name: request.query_params.get(param.name, "").strip() for param in asked.params}


def _iri(cell: object) -> str | None:
    return getattr(cell, "value", None)


async def question(site: Site, request: Request) -> Response:
    """Show a stored question as a form, with its answer; with `.csv` or `.json` behind its name, the answer alone."""
    name, dot, ending = request.path_params["name"].partition(".")
    each = questions.question(name)
    given = _values(each, request)
    if not request.query_params:  # whoever comes first sees an example
        given |= {param.name: param.example for param in each.params if param.required}
    values = {key: value for key, value in given.items() if value}
    if dot:
        if ending not in ("csv", "json"):
            raise UnknownQuestion(f"An answer can be had as {name}.csv or {name}.json, not as .{ending[:20]}.")
        answer = await site.ask(request, page_jobs.answered, name, values, public=True)
        text = render_csv(answer) if ending == "csv" else render_json(answer)
        media = "text/csv; charset=utf-8" if ending == "csv" else "application/json"
        return site.response(text.encode(), {"cache-control": FRESH}, media)
    tag = site.tag("question", name, values)
    if held := _held(site, request, tag):
        return held
    choices = await site.ask(request, page_jobs.choices, name)
    told, fault = None, None
    try:
        told = await site.ask(request, page_jobs.asked, name, values, public=True)
    except KgError as error:
        if request.query_params:  # of an example that this graph does not have nobody needs to hear
            fault = error
    shared = f"{site.root}questions/{name}"
    return _page(
        site, "question", tag, fault, question=each, given=given, choices=choices, told=told, shared=shared,
        query=urllib.parse.urlencode(values),
    )  # fmt: skip


async def why(site: Site, request: Request) -> Response:
    """Prove the fact of the terms s, p and o. Raises what `proofs.of_fact` raises."""
    return await _proved(site, request, proofs.of_fact, *(request.query_params.get(name, "") for name in "spo"))


async def why_row(site: Site, request: Request) -> Response:
    """Prove a row of an answer. Raises what `proofs.of_row` raises."""
    each = questions.question(request.path_params["name"])
    values = _values(each, request)
    row = request.query_params.get("row", "")
    return await _proved(site, request, proofs.of_row, each.name, row, {k: v for k, v in values.items() if v})


async def _proved(site: Site, request: Request, job: Callable[..., proofs.Told | bytes], *asked: object) -> Response:
    """Give a proof in the form of the address's ending, else in the one that the client likes best."""
    ending, offered = request.path_params.get("ending"), proofs.FORMS
    accept = ", ".join(request.headers.getlist("accept"))
    form = next((each for each in offered if each.ending == ending), None) if ending else choose(accept, offered)
    if form is None:
        raise Refusal(404 if ending else 406, f"A proof can be had as {', '.join(each.media for each in offered)}.")
    tag = site.tag("why", job.__name__, asked, form.media)
    if held := _held(site, request, tag) if form == HTML else unchanged(request, tag):
        return held
    found = await site.ask(request, job, form, site.bounds.result, *asked, public=True)
    if isinstance(found, bytes):
        return site.response(found, {"etag": tag, "cache-control": FRESH}, form.content_type)
    path = site.root + request.url.path.removesuffix(f".{ending}").lstrip("/")
    here = {each.ending: f"{path}.{each.ending}?{request.url.query}" for each in offered}
    return _page(site, "why", tag, told=found, here=here)


async def sparql(site: Site, request: Request) -> Response:
    """Show a form for SPARQL, and the answer to a query that was sent with it."""
    text = request.query_params.get("query", "")
    if request.method == "POST":
        text = _field(await body(request, site.bounds), "query")
    told, fault = None, None
    if text.strip():
        try:
            told = await site.ask(request, page_jobs.queried, text, site.bounds.result, public=True)
        except KgError as error:
            fault = error
    return _page(
        site, "sparql", None, fault, text=text, told=told, prefixes=PREFIXES, examples=list(_EXAMPLES.items()),
        query=urllib.parse.urlencode({"query": text}),
    )  # fmt: skip


async def rows(site: Site, request: Request) -> Response:
    """Give the answer to a query as csv or json, at an address of its own. Raises what a query raises."""
    forms = {"csv": CSV, "json": JSON}
    if (form := forms.get(request.path_params["ending"])) is None:
        raise Refusal(404, "An answer can be had as query.csv or query.json.")
    text = request.query_params.get("query", "")
    arguments = text, (), (), form.media, site.bounds.result
    _, content, _ = await site.ask(request, jobs.sparql, *arguments, public=True)
    return site.response(content, {"cache-control": FRESH}, form.content_type)


async def terms(site: Site, request: Request) -> Response:
    """Give the terms of the ontology to the editor, a line each."""
    found = await site.ask(request, page_jobs.terms)
    return site.response("\n".join(found).encode(), {"cache-control": FRESH}, "text/plain; charset=utf-8")


async def static(site: Site, request: Request) -> Response:
    """Give a file of the site's own. Raises UnknownThing."""
    name = request.path_params["name"]
    if name not in _files():
        raise UnknownThing(f"The site has no file {name[:100]!r}.")
    tag = site.tag("static", name, _files()[name])
    if same := unchanged(request, tag):
        return same
    media = _MEDIA[name[name.rindex(".") :]]
    return site.response(_files()[name], {"etag": tag, "cache-control": FRESH}, media)


def wants(request: Request) -> bool:
    """Tell whether a client would rather have a page than anything else."""
    return choose(", ".join(request.headers.getlist("accept")), [*GRAPHS, HTML]) == HTML


@cache
def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (HERE / "static").iterdir() if path.suffix in _MEDIA}


@cache
def _questions() -> list[questions.Question]:
    return [questions.question(name) for name in questions.names()]


def _groups() -> list[tuple[str, list[questions.Question]]]:
    """Return the questions by what they ask for first: the class of their first parameter."""
    titles = {
        "kg:Substance": "Drugs", "kg:ClinicalTrial": "Trials", "kg:Jurisdiction": "Jurisdictions",
        "kg:Condition": "Conditions",
    }  # fmt: skip
    groups: dict[str, list[questions.Question]] = {title: [] for title in (*titles.values(), "All else")}
    for each in _questions():
        groups[titles.get(each.params[0].type, "All else") if each.params else "All else"].append(each)
    return list(groups.items())


def _field(content: bytes, name: str) -> str:
    fields = urllib.parse.parse_qs(content.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return fields.get(name, [""])[0]


def _held(site: Site, request: Request, tag: str) -> Response | None:
    """Return a page that was made before, or 304 for who has it."""
    if tag in _kept:
        _kept.move_to_end(tag)
        return unchanged(request, tag) or _sent(site, tag, _kept[tag])
    return None


def _page(site: Site, template: str, tag: str | None, fault: KgError | None = None, **values: object) -> Response:
    content = page(template, site.root, fault=fault, **values)
    if fault or not tag:
        headers = HEADERS | {"cache-control": "no-store"}
        response = site.response(content, headers, HTML.content_type)
        response.status_code = status_of(fault) if fault else 200
        return response
    _kept[tag] = content
    if len(_kept) > _KEPT:
        _kept.popitem(last=False)
    return _sent(site, tag, content)


def _sent(site: Site, tag: str, content: bytes) -> Response:
    return site.response(content, HEADERS | {"etag": tag, "cache-control": FRESH}, HTML.content_type)
