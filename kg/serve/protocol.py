"""The SPARQL 1.1 Protocol, for queries: /sparql."""

from __future__ import annotations

import re
import urllib.parse

from starlette.requests import Request
from starlette.responses import Response

from kg.errors import QueryRefused
from kg.serve import jobs
from kg.serve.replies import Refusal
from kg.serve.site import FRESH, Site, body, unchanged
from kg.sparql import words

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)


async def answer(site: Site, request: Request) -> Response:
    """Answer a request to the endpoint."""
    fields, query = await _asked(site, request)
    default, named = tuple(fields.get("default-graph-uri", ())), tuple(fields.get("named-graph-uri", ()))
    accept = ", ".join(request.headers.getlist("accept"))
    tag = site.tag(query, default, named, accept)
    lasting = not _VOLATILE.search(words(query))
    if lasting and request.method != "POST" and (same := unchanged(request, tag)):
        return same
    if lasting and (held := site.answers.find(tag)):
        return site.response(*held)
    form, content, remark = await site.ask(
        request, jobs.sparql, query, default, named, accept, site.bounds.result, public=True
    )
    headers = {"etag": tag, "cache-control": FRESH} if lasting else {"cache-control": "no-store"}
    if remark:
        headers["warning"] = f'199 - "{remark}"'
    if lasting:
        site.answers.keep(tag, (content, headers, form.content_type))
    return site.response(content, headers, form.content_type)


async def _asked(site: Site, request: Request) -> tuple[dict[str, list[str]], str]:
    """Return the fields of a request and its one query. Raises Refusal."""
    in_address = _fields(request.scope["query_string"])
    if request.method != "POST":
        return in_address, _one(in_address)
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    media = media.strip().lower()
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Refusal(415, f"The request is in {charset[1]}. Send it in UTF-8.")
    if media == "application/sparql-update":
        raise QueryRefused("This is an update. The graph is only read.")
    if media not in (FORM, DIRECT):
        raise Refusal(415, f"A POST has {FORM} or {DIRECT}, not {media[:100] or 'nothing'!r}, as its Content-Type.")
    content = await body(request, site.bounds)
    if media == FORM:
        fields = _fields(content)
        return fields, _one(fields)
    if "query" in in_address:
        raise Refusal(400, "The query is in the address and in the body. Send it once.")
    try:
        return in_address, content.decode()
    except UnicodeDecodeError:
        raise Refusal(400, "The query is not UTF-8. Write it in that encoding.") from None


def _fields(encoded: bytes) -> dict[str, list[str]]:
    try:
        fields = urllib.parse.parse_qs(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000
        )
    except ValueError:  # a UnicodeDecodeError is one
        raise Refusal(400, "The request is not UTF-8 in percent-encoding, or has too many fields.") from None
    if "update" in fields:
        raise QueryRefused("This is an update. The graph is only read.")
    return fields


def _one(fields: dict[str, list[str]]) -> str:
    queries = fields.get("query", [])
    if len(queries) != 1:
        raise Refusal(400, f"A request has one query, this one has {len(queries)}. Send one.")
    return queries[0]
