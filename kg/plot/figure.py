"""A figure: a title, what was asked, the drawing, and below it notes and the sources it cites."""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from kg.plot.axis import Axis
from kg.plot.svg import FONTS, PAPER, clean, element, root, rule, text, width, wrap

WIDTH = 760
"""Units of a figure; one is a pixel of a screen at its natural size."""

NARROW = 560
"""Below this width labels stand above what they name, not beside it."""

MARGIN = 16.0


class Drawing(str):
    """A chart as SVG, which a notebook draws."""

    def _repr_svg_(self) -> str:
        return str(self)


class Figure:
    """Grows downwards: `y` is where the next thing goes. Sources are numbered as they are cited first.

    Where it is `embedded` it shows no title, which the page around it has, and no margin.
    """

    def __init__(self, title: str, subtitle: str, across: float = WIDTH, *, embedded: bool = False) -> None:
        self.title = clean(title)
        self.width = across
        margin = 0.0 if embedded else MARGIN
        self.left, self.right = margin, across - margin
        self.y = 12.0 if embedded else 30.0
        self.notes: list[str] = []
        self._sources: dict[str, int] = {}
        self.svg = root(across, class_="chart", role="img", font_family=FONTS)
        self._named = element(self.svg, "title"), element(self.svg, "desc")
        self._paper = element(self.svg, "rect", class_="paper", fill=PAPER, width=across)
        if not embedded:
            self.lines(self.title, size=17, bold=True)
            self.lines(subtitle, soft=True)
            self.y += 8

    @property
    def narrow(self) -> bool:
        """Whether there is no room for labels beside the drawing."""
        return self.width < NARROW

    def lines(self, content: str, *, size: float = 13, bold: bool = False, soft: bool = False) -> None:
        """Add a paragraph over the whole width."""
        for line in wrap(content, self.right - self.left, size, most=6):
            text(self.svg, self.left, self.y, line, size=size, bold=bold, soft=soft)
            self.y += size * 1.4

    def cite(self, sources: Iterable[str]) -> str:
        """Return the numbers of the sources, as `[1, 2]`."""
        numbers = sorted({self._sources.setdefault(source, len(self._sources) + 1) for source in sources if source})
        return f"[{', '.join(map(str, numbers))}]" if numbers else ""

    def axis(
        self,
        axis: Axis,
        left: float,
        right: float,
        blocks: Iterable[tuple[float, float]],
        origin: float | None = None,
        name: str = "",
    ) -> None:
        """Draw the axis at `y`, and the name of what it measures.

        Behind the blocks that were drawn above it, from top to bottom, run its grid and a line at `origin`.
        """
        behind = ET.Element("g", {"class": "grid"})
        self.svg.insert(list(self.svg).index(self._paper) + 1, behind)
        for top, bottom in blocks:
            for value, _ in axis.ticks:
                rule(behind, (x := axis.at(value, left, right)), top, x, bottom)
            if origin is not None:
                rule(behind, (x := axis.at(origin, left, right)), top, x, bottom, strong=True)
        rule(self.svg, left, self.y, right, self.y, strong=True)
        past = float("-inf")
        for value, written in axis.ticks:
            x = axis.at(value, left, right)
            rule(self.svg, x, self.y, x, self.y + 5, strong=True)
            half = width(written, 12) / 2
            if x - half > past:  # two labels do not run into each other
                text(self.svg, x, self.y + 18, written, size=12, anchor="middle", soft=True)
                past = x + half
        self.y += 36
        if name:
            text(self.svg, (left + right) / 2, self.y, name, size=12, anchor="middle", soft=True)
            self.y += 18

    def finish(self, description: str) -> Drawing:
        """Return the figure as an SVG document that ends in a newline; `description` is for who cannot see it."""
        if self.notes or self._sources:
            self.y += 4
            rule(self.svg, self.left, self.y, self.right, self.y)
            self.y += 18
        for note in self.notes:
            self.lines(note, size=12, soft=True)
        for source, number in self._sources.items():
            self.lines(f"[{number}] {source}", size=12, soft=True)
        height = self.y
        name = "chart-" + hashlib.sha256(f"{self.title}\n{description}\n{self.width}".encode()).hexdigest()[:10]
        title, told = self._named
        title.text, told.text = self.title, clean(description)
        title.set("id", f"{name}-title")
        told.set("id", f"{name}-desc")
        self._paper.set("height", f"{height:.0f}")
        self.svg.set("height", f"{height:.0f}")
        self.svg.set("viewBox", f"0 0 {self.width:.0f} {height:.0f}")
        self.svg.set("aria-labelledby", f"{name}-title {name}-desc")
        return Drawing(ET.tostring(self.svg, encoding="unicode") + "\n")
