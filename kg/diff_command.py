"""The command `kg diff`: what changed between two snapshots, and an account that adds up."""

from __future__ import annotations

from typing import Annotated

import typer

from kg import printing
from kg.diff import diff
from kg.names import SHIPPED
from kg.printing import FormatOption, IrisOption

HELP = f"""List what changed between two snapshots or versions of the data.

OLD and NEW are files or folders of facts, such as `kg import` writes, or `{SHIPPED}`. Approvals, withdrawals, refusals
and other events come first, then products, then what else is described. The account adds up: the things in old are
those gone, changed and the same; the things in new those added, changed and the same. The exit code is 0 also where
the two differ: a difference is no fault.
"""


def run_diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The earlier facts.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The later facts.")],
    account: Annotated[
        bool, typer.Option("--account", help="Print the account by kind of thing, and not the changes.")
    ] = False,
    kind: Annotated[
        list[str] | None, typer.Option(help='Only changes of this kind of thing, such as "initial approval".')
    ] = None,
    how: FormatOption = "table",
    iris: IrisOption = False,
) -> None:
    """Print the changes or the account; the account of all things as a remark."""
    with printing.status("comparing"):
        found = diff(old, new)
    shown = found.to_account() if account else found.to_answer(kind or ())
    printing.emit(shown, how, iris=iris, none="No changes.")
    printing.note(found.summary())
