"""Pages as they are sent: whole, escaped, under a strict policy, with what each kind of page owes its reader."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import kg
import kg.serve
from kg import questions
from kg.names import STANDARD
from kg.render import render_csv
from kg.serve.html import POLICY, address, linked_data
from tests.serve.conftest import Client, serving

PAGES = {
    "start": "",
    "search": "search?q=neuro",
    "nothing found": "search?q=cabozantinb",
    "drug": "drug/cabozantinib.html",
    "trial": "trial/NCT03375320.html",
    "indication": "indication/EU-cabozantinib-NET.html",
    "agency": "agency/FDA.html",
    "condition": "condition/neuroendocrine-tumour.html",
    "question": "questions/hazard-ratios?condition=NET",
    "question at first": "questions/timeline",
    "sparql": "query?query=SELECT%20%3Ft%20%7B%20%3Ft%20a%20kg%3APivotalTrial%20%7D",
    "graph": "query?query=DESCRIBE%20agency%3AFDA",
    "ontology": "ontology.html",
}
BLOCK = r"(?<=VALUES \?)(\w+) \{[^{}]*\}"
VOID = {"meta", "link", "input", "img", "br", "option"}


class Read(HTMLParser):
    """Reads a page: its elements in order, and whether each that was opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.data: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.data.setdefault(self.open[-1] if self.open else "", []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def attacked(founding: kg.Store) -> Iterator[Client]:
    """Return a client of a server whose graph holds scripts wherever a graph can hold text."""
    with serving(str(Path(__file__).parent / "attacks.ttl")) as client:
        yield client


def read(client: Client, path: str, status: int = 200) -> Read:
    reply = client(path, accept="text/html")
    assert (reply.status, reply.media) == (status, "text/html")
    assert reply.headers["content-security-policy"] == POLICY
    return Read(reply.text)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_is_whole_and_fit_for_everyone(path: str, client: Client) -> None:
    page = read(client, path)
    assert page.open == []
    assert page.all("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {attributes.get("for") for attributes in page.all("label")}
    assert {attributes.get("id") for attributes in page.all("input") + page.all("textarea")} <= labelled
    for _, attributes in page.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        for name in ("aria-labelledby", "aria-describedby", "list"):
            assert set((attributes.get(name) or "").split()) <= set(ids)
        for name in ("href", "src", "action"):
            assert re.match(r"(https?:/)?/[^/]|#|/$", attributes.get(name) or "/"), attributes
    skip = page.all("a")[0]
    assert skip == {"class": "skip", "href": "#main"}
    for table in page.all("svg"):
        assert table["role"] == "img"
    assert len(page.all("svg")) // 2 <= len(page.all("table"))  # a table behind each chart, in two widths


def test_every_link_of_a_dossier_leads_somewhere(client: Client) -> None:
    page = read(client, "trial/NCT03375320.html")
    for link in {attributes["href"] for attributes in page.all("a")}:
        assert link
        if link.startswith("/"):
            assert client(link[1:], accept="text/html").status in (200, 303), link


@pytest.mark.parametrize("name", questions.names())
def test_each_question_has_a_page(name: str, client: Client, founding: kg.Store) -> None:
    page = read(client, f"questions/{name}")
    question = questions.question(name)
    assert {each["name"] for each in page.all("input")} == {"q", *(param.name for param in question.params)}
    assert re.sub(BLOCK, "", "".join(page.data["pre"])) == re.sub(BLOCK, "", question.sparql)


def test_the_query_of_a_page_gives_its_answer(client: Client, founding: kg.Store) -> None:
    """What stands there holds the values of the form, so it runs elsewhere as it stands."""
    (sparql,) = read(client, "questions/timeline?substance=cabozantinib&asOf=2025-04-01").data["pre"]
    answer = kg.ask("timeline", founding, substance="cabozantinib", asOf="2025-04-01")
    assert kg.query(sparql, founding).rows == answer.rows
    assert len(answer) == 1


def test_an_answer_as_csv_and_json_is_that_of_the_command(client: Client, founding: kg.Store) -> None:
    answer = kg.ask("hazard-ratios", founding, condition="NET")
    assert client("questions/hazard-ratios.csv?condition=NET").text == render_csv(answer)
    rows = json.loads(client("questions/hazard-ratios.json?condition=NET").text)["rows"]
    assert [row["hazardRatio"] for row in rows] == [0.23, 0.38]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("questions/hazard-ratios?condition=nowhere", 404, "no kg:Condition called 'nowhere'"),
        ("questions/approvals-since?since=yesterday", 400, "must be an xsd:date"),
        ("questions/hazard-ratio", 404, "Did you mean hazard-ratios"),
        ("questions/hazard-ratios.pdf", 404, "hazard-ratios.csv or hazard-ratios.json"),
        ("query?query=SELECT", 400, "malformed"),
        ("query?query=SELECT%20*%20%7B%20SERVICE%20%3Chttp://x%3E%20%7B%7D%20%7D", 403, "SERVICE"),
        ("drug/cabozantinb", 404, "Did you mean cabozantinib"),
        ("static/../app.py", 404, "nothing called"),
        ("static/site.scss", 404, "no file"),
    ],
)
def test_what_cannot_be_had_is_told_on_a_page(path: str, status: int, says: str, client: Client) -> None:
    page = read(client, path, status)
    assert says in "".join(page.data["p"])


def test_a_page_is_kept_until_the_graph_changes(client: Client) -> None:
    first = client("drug/cabozantinib.html", accept="text/html")
    again = client("drug/cabozantinib.html", accept="text/html", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_a_dossier_describes_itself_in_schema_org(client: Client) -> None:
    page = read(client, "drug/cabozantinib.html")
    (text,) = page.data["script"]
    told = json.loads(text)
    assert (told["@type"], told["name"]) == ("Drug", "cabozantinib")
    assert told["@id"] == "https://w3id.org/drug-approvals/drug/cabozantinib"


def test_scripts_in_a_graph_stay_text(attacked: Client) -> None:
    """Nothing that the graph holds becomes an element, an attribute, a link that runs, or the end of a script."""
    for path in ("drug/evil.html", "event/evil.html", "questions/timeline?substance=drug%3Aevil", "search?q=script"):
        page = read(attacked, path)
        assert page.open == []
        assert all(each.get("type") == "application/ld+json" for each in page.all("script"))
        assert not page.all("img")
        assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
        links = [each["href"] or "" for each in page.all("a")]
        assert all(re.match(r"/[^/]|/$|#|https?://[^/]", link) for link in links), links
    assert "49" not in "".join(page.data.get("td", []))
    (text,) = read(attacked, "drug/evil.html").data["script"]
    assert json.loads(text)["name"].startswith("</title></script>")


def test_what_a_reader_writes_stays_text(client: Client) -> None:
    evil = "%3C/textarea%3E%3Cscript%3Ewindow.ran=1%3C/script%3E"
    for path in (f"search?q={evil}", f"query?query={evil}", f"questions/hazard-ratios?condition={evil}"):
        page = Read(client(path, accept="text/html").text)
        assert all(each.get("src", "").endswith("/static/editor.js") for each in page.all("script"))  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["</script>", "<!--", "<script", "]]>", "&lt;", "\u2028"])
def test_linked_data_cannot_leave_its_element(text: str) -> None:
    written = linked_data({"name": text})
    assert not set("<>&") & set(written)
    assert json.loads(written) == {"name": text}


@pytest.mark.parametrize(
    ("iri", "link"),
    [
        ("https://w3id.org/drug-approvals/drug/x", "/drug/x"),
        ("https://w3id.org/drug-approvals//elsewhere.example", None),
        ("https://w3id.org/drug-approvals/", None),
        (STANDARD["rdfs"] + "label", STANDARD["rdfs"] + "label"),
        ("javascript:alert(1)", None),
        ("urn:x", None),
    ],
)
def test_only_the_web_and_the_site_are_linked(iri: str, link: str | None) -> None:
    found = address(iri, "/")
    assert found == link or (link is None and found is not None and re.match(r"https?://[^/]", found))


def _luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    digits = "".join(each * 2 for each in colour) if len(colour) == 3 else colour
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_text_stands_out_from_what_is_behind_it(scheme: int) -> None:
    """WCAG 2 asks of text a contrast of 4.5 to 1 (AA)."""
    style = Path(kg.serve.__file__).with_name("static").joinpath("site.css").read_text()
    named = [dict(re.findall(r"--(\w+): #(\w+)", block)) for block in re.findall(r":root \{([^}]*)\}", style)]
    assert len(named) == 3
    colours = named[0] | named[scheme]
    for text in ("ink", "soft", "accent", "ending", "fault"):
        for behind in ("paper", "tint"):
            low, high = sorted(map(_luminance, (colours[text], colours[behind])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, behind)
