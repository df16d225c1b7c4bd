"""Charts: places agree with values, texts are the sources' own, and what cannot be drawn is told."""

from __future__ import annotations

import math
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg import questions
from kg.answer import Answer
from kg.errors import KgError, ParameterError, PlotError, QuestionError, UnknownThing
from kg.plot import THINGS, charted, png
from kg.plot.axis import linear_axis, log_axis, time_axis
from kg.plot.svg import clean, width, wrap
from kg.plot.symbols import KINDS
from tests.test_cli import run
from tests.test_questions import required

SVG = "{http://www.w3.org/2000/svg}"
CHARTED = [name for name in questions.names() if questions.question(name).chart]
COUNT = 21
WITHOUT_NUMBERS = set(
    """
    approval-lag-by-class approval-lag-by-year approvals-under-provision label-extensions match-methods
    orphan-designations refused-or-withdrawn special-provisions
    """.split()
)
"""Questions to which the hand-written facts give nothing that can be drawn."""

RATIO = ("trial", "outcome", "arm", "against", "cohort", "hazardRatio", "low", "high", "reported", "source")


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in drawn(svg).iter(f"{SVG}text")]


def ratios(*rows: tuple[str, str | None, str | None, str | None], across: float = 760) -> str:
    """Draw hazard ratios: cohort, estimate, low, high."""
    cells = [
        tuple(None if text is None else ox.Literal(text) for text in ("T", "OS", "A", "B", *row, f"as {row[1]}", "src"))
        for row in rows
    ]
    return charted(questions.question("hazard-ratios"), Answer("hazard-ratios", "t", RATIO, tuple(cells)), across)


def groups(svg: str) -> dict[str, ET.Element]:
    """Return the rows of a chart by their titles."""
    return {
        group.findtext(f"{SVG}title", ""): group for group in drawn(svg).iter(f"{SVG}g") if group.get("class") is None
    }


def places(svg: str) -> dict[str, float]:
    """Return the place of each tick of the axis by its text."""
    return {
        node.text or "": float(node.get("x", ""))
        for node in drawn(svg).iter(f"{SVG}text")
        if node.get("text-anchor") == "middle" and re.fullmatch(r"[\d.,-]+", node.text or "")
    }


def centre(group: ET.Element) -> float:
    rect = group.find(f"{SVG}rect")
    assert rect is not None
    return float(rect.get("x", "")) + float(rect.get("width", "")) / 2


def test_the_questions_with_a_chart_are_counted() -> None:
    assert len(CHARTED) == COUNT


@pytest.mark.parametrize("name", CHARTED)
def test_each_is_drawn_or_says_why_not(name: str, founding: kg.Store) -> None:
    """Embedded in a page it needs no style, no script and no other file, and says in words what it shows."""
    values = required(questions.question(name))
    if name in WITHOUT_NUMBERS:
        with pytest.raises(PlotError, match=r"nothing to draw|no row has"):
            kg.plot(name, founding, **values)
        return
    svg = kg.plot(name, founding, **values)
    assert svg == kg.plot(name, founding, **values)
    root = drawn(svg)
    named = {node.get("id"): node.text for node in root if node.tag in (f"{SVG}title", f"{SVG}desc")}
    assert list(named) == (root.get("aria-labelledby") or "").split()
    assert all(named.values())
    assert root.get("role") == "img"
    tags = {node.tag.removeprefix(SVG) for node in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "rect", "line", "path", "circle", "text"}
    attributes = {attribute for node in root.iter() for attribute in node.attrib}
    assert not {each for each in attributes if each == "style" or each.startswith("on") or "href" in each}
    _, _, across, down = map(float, (root.get("viewBox") or "").split())
    for node in root.iter(f"{SVG}text"):
        assert 0 <= float(node.get("x", "")) <= across
        assert 0 <= float(node.get("y", "")) <= down


def test_places_agree_with_values_on_the_log_axis(founding: kg.Store) -> None:
    svg = kg.plot("CABINET", founding)
    ticks = places(svg)
    decade = (ticks["1"] - ticks["0.1"]) / 1.0
    assert ticks["0.2"] - ticks["0.1"] == pytest.approx(decade * math.log10(2), abs=0.05)
    for row in kg.ask("hazard-ratios", founding, trial="CABINET"):
        group = next(group for title, group in groups(svg).items() if row["reported"] in title)
        place = {
            value: ticks["1"] + decade * math.log10(value) for value in (row["hazardRatio"], row["low"], row["high"])
        }
        assert centre(group) == pytest.approx(place[row["hazardRatio"]], abs=0.05)
        line = group.find(f"{SVG}line")
        assert line is not None
        assert float(line.get("x1", "")) == pytest.approx(place[row["low"]], abs=0.05)
        assert float(line.get("x2", "")) == pytest.approx(place[row["high"]], abs=0.05)


def test_numbers_stand_as_the_sources_wrote_them(founding: kg.Store) -> None:
    shown = texts(kg.plot("hazard-ratios", founding, condition="NET"))
    assert "0.23 (95% CI 0.12-0.42; P < .001) [1]" in shown
    assert "0.38 (95% CI 0.25-0.59; P < .001) [2]" in shown
    assert {"[1] News article on the EU approval", "[2] Chan et al., N Engl J Med 2025"} <= set(shown)
    assert "13.8" not in " ".join(texts(kg.plot("median-gain", founding)))  # the bar is the gain, not the median
    assert "9.4 months [1]" in texts(kg.plot("median-gain", founding))


def test_what_a_source_leaves_out_is_not_drawn_as_if_it_were_there() -> None:
    svg = ratios(
        ("both", "0.8", "0.001", "400"), ("none", "0.7", None, None), ("half", "1.2", None, "2.0"),
        ("reversed", "0.6", "1.9", "0.2"), ("zero", "0", "0", "1"), ("words", "not reached", None, None),
    )  # fmt: skip
    rows = {title.split(", ")[-1].split(":")[0]: group for title, group in groups(svg).items()}
    assert [name for name, row in rows.items() if row.find(f"{SVG}line") is not None] == ["both"]
    open_ = [
        name for name, row in rows.items() for rect in row.findall(f"{SVG}rect") if rect.get("class") == "mark open"
    ]
    assert open_ == ["none", "half", "reversed"]
    assert [name for name, row in rows.items() if row.find(f"{SVG}rect") is None] == ["zero", "words"]
    told = " ".join(texts(svg))
    assert "Not drawn, for no ratio above 0 is stated: 2 of 6 rows." in told
    assert "An arrow leads beyond the axis." in told
    assert "as not reached [1]" in told


def test_one_row_many_rows_and_long_labels_fit() -> None:
    assert groups(ratios(("only", "0.5", "0.3", "0.9")))
    many = ratios(*[(f"cohort {number}", f"0.{number + 10}", None, None) for number in range(80)])
    assert len(groups(many)) == 60
    assert "The first 60 of 80 rows, in the order of the answer." in texts(many)
    for across in (760, 343):
        for node in drawn(ratios(("long words " * 30, "0.5", "0.3", "0.9"), across=across)).iter(f"{SVG}text"):
            if node.get("text-anchor") is None:
                end = float(node.get("x", "")) + width(node.text or "", float(node.get("font-size", "")))
                assert end <= across + 14


def test_text_from_a_graph_stays_text() -> None:
    evil = "</title><script>alert(1)</script>\x00\x1b[31m\u202e\ufffe & \"'"
    svg = ratios((evil, "0.5", None, None))
    assert "<script" not in svg
    assert any("<script>alert(1)</script>" in text for text in texts(svg))
    assert clean(evil) == "</title><script>alert(1)</script>[31m & \"'"


def test_wrapped_text_is_all_there_or_says_that_it_is_cut() -> None:
    assert " ".join(wrap("one two three four", 60)) == "one two three four"
    assert "".join(wrap("日本人集団における全生存期間", 40, most=9)) == "日本人集団における全生存期間"
    cut = wrap("word " * 100, 60, most=2)
    assert len(cut) == 2
    assert cut[-1].endswith("…")


@pytest.mark.parametrize("points", [[1.0], [0.23, 0.38], [1e-9, 1e9], [1.01, 1.02], [50.0]])
def test_a_log_axis_holds_its_points_and_one(points: list[float]) -> None:
    axis = log_axis(points, [0.0001, 1000])
    assert all(axis.low < each < axis.high for each in [*points, 1])
    assert 2 <= len(axis.ticks) <= 9
    assert axis.at(math.sqrt(axis.low * axis.high), 0, 100) == pytest.approx(50)


@pytest.mark.parametrize("values", [[0.0], [-5.0, 3.0], [1e12], [0.001], [-2.0, -1.0]])
def test_a_linear_axis_holds_its_values_and_zero(values: list[float]) -> None:
    axis = linear_axis(values)
    assert all(axis.low <= each <= axis.high for each in [*values, 0.0])
    assert axis.ticks[0][0] == axis.low
    assert len(axis.ticks) <= 9


@pytest.mark.parametrize("days", [["2025-03-26"], ["1995-01-01", "2025-12-31"], ["0001-01-01", "9999-12-31"]])
def test_a_time_axis_has_few_ticks(days: list[str]) -> None:
    axis = time_axis(map(date.fromisoformat, days))
    assert 1 <= len(axis.ticks) <= 12
    assert all(axis.low <= date.fromisoformat(day).toordinal() <= axis.high for day in days)


def test_a_timeline_tells_what_a_date_leaves_open(founding: kg.Store) -> None:
    svg = kg.plot("cabozantinib", founding)
    titles = list(groups(svg))
    assert titles == [
        "United States of America, 2025-03: approval (FDA page, 2025-03-26)",
        "European Union, announced 2025-07-24: approval (Ipsen release, 2025-07-24)",
    ]
    dashed = [node for node in drawn(svg).iter(f"{SVG}line") if node.get("stroke-dasharray")]
    assert len(dashed) == 1


def test_symbols_differ_without_colour() -> None:
    shapes = [symbol[:2] for kind, symbol in KINDS.items()]
    assert len(set(shapes)) == len(shapes)


def test_events_of_one_day_lie_beside_each_other() -> None:
    question = questions.question("timeline")
    kinds = ["initial approval", "label extension", "a kind of its own", "another"]
    rows = [
        [f"2020-0{month}-01", "day", kind, f"e{month}", "agency", "Atlantis", "yes", "src"]
        for month in (1, 2)
        for kind in kinds
    ]
    cells = tuple(tuple(ox.Literal(text) for text in row) for row in rows)
    svg = charted(question, Answer("timeline", "t", question.columns, cells))
    at = [path.get("transform") for group in groups(svg).values() for path in group.findall(f"{SVG}path")]
    assert len(at) == len(set(at)) == 8


@pytest.mark.parametrize(
    ("name", "values", "error", "says"),
    [
        ("CABINETT", {}, UnknownThing, "Did you mean CABINET"),
        ("hazard-ratio", {}, UnknownThing, "hazard-ratios"),
        ("FDA", {}, UnknownThing, "no kg:ClinicalTrial or kg:Substance or kg:Condition called 'FDA'"),
        ("sources", {}, PlotError, "sources has no chart. These questions have one: .*hazard-ratios"),
        ("condition:nowhere", {}, UnknownThing, "no kg:ClinicalTrial"),
        ("hazard-ratios", {"trial": "CABINETT"}, UnknownThing, "Known: CABINET"),
        ("timeline", {}, ParameterError, "needs --substance"),
    ],
)
def test_what_cannot_be_drawn(
    name: str, values: dict[str, str], error: type[KgError], says: str, founding: kg.Store
) -> None:
    with pytest.raises(error, match=says):
        kg.plot(name, founding, **values)


def test_a_drug_without_events_has_nothing_to_draw(closed: Callable[[str], kg.Store]) -> None:
    with pytest.raises(PlotError, match=r"has no row, so there is nothing to draw\. .* kg show 'examplinib'"):
        kg.plot("examplinib", closed(':x a kg:Substance ; rdfs:label "examplinib"@en .'))


def test_too_many_events_ask_for_a_narrower_question() -> None:
    question = questions.question("timeline")
    rows = tuple(
        tuple(ox.Literal(text) for text in (f"{year}-01-01", "day", kind, "e", "a", "j", "yes", "s"))
        for year in range(1500, 1901)
        for kind in ("x", "y")
    )
    with pytest.raises(PlotError, match=r"802 events are more .* Narrow the question"):
        charted(question, Answer("timeline", "t", question.columns, rows))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("pie hazardRatio by trial", "with forest, bar or timeline"),
        ("bar nothing by trial", "does not give: nothing"),
        ("timeline trial by cohort", "does not give: date"),
    ],
)
def test_the_header_of_a_chart_is_checked(line: str, says: str, tmp_path: Path) -> None:
    whole = questions.question("hazard-ratios").sparql
    path = tmp_path / "q.rq"
    path.write_text(re.sub(r"#\+ chart: .+", f"#+ chart: {line}", whole))
    with pytest.raises(QuestionError, match=says):
        questions.read(path)


def test_things_that_are_drawn_name_questions_and_their_parameters() -> None:
    for kind, (name, parameter) in THINGS.items():
        assert next(param for param in questions.question(name).params if param.name == parameter).type == kind


def test_the_command_writes_files(tmp_path: Path, founding: kg.Store) -> None:
    graph = ["-g", "shipped/cabinet", "-g", "shipped/reference"]
    for name in ("trial.svg", "trial.PNG"):
        done = run("plot", "CABINET", *graph, "-o", str(tmp_path / name))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "trial.svg").read_text() == kg.plot("CABINET", founding)
    picture = (tmp_path / "trial.PNG").read_bytes()
    across, down = (int.from_bytes(picture[start : start + 4]) for start in (16, 20))
    root = drawn((tmp_path / "trial.svg").read_text())
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert (across, down) == (2 * int(root.get("width", "")), 2 * int(root.get("height", "")))
    odd = run("plot", "CABINET", *graph, "-o", str(tmp_path / "trial.gif"))
    assert (odd.returncode, odd.stderr) == (
        2, f"kg: {tmp_path}/trial.gif: a chart is written as .svg or .png. Name the file so.\n"
    )  # fmt: skip
    assert "Missing option '--output'" in run("plot", "CABINET").stderr


def test_a_png_without_its_package_says_what_to_install(founding: kg.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(PlotError, match=r"pip install 'kg-drug-approvals\[png\]'"):
        png(kg.plot("CABINET", founding))
