"""`kg check`: what is wrong with the stated facts."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import printing
from kg.check import check
from kg.limits import FOUND_FAULTS
from kg.names import SHIPPED
from kg.printing import FormatOption
from kg.sources import is_shipped

HELP = "Check facts against shapes and rules."


def run_check(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help=f"Files or folders; none means the shipped facts. Add `{SHIPPED}` if yours name agencies or other"
            " things that the package ships.",
        ),
    ] = None,
    how: FormatOption = "table",
) -> None:
    """Print what is wrong with the stated facts; exit with 1 if anything is."""
    with printing.status("checking"):
        report = check(*(files or []))
    if how != "table" or not report.conforms:
        printing.emit(report.to_answer(), how)
    printing.note(report.summary())
    if not report.conforms:
        if files and not any(map(is_shipped, files)):
            command = f"kg check {' '.join(files)} {SHIPPED}"
            printing.note(f"What the package ships was not looked at. If these name things of it: {command}")
        raise typer.Exit(FOUND_FAULTS)
