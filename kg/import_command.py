"""The command `kg import`: a register's download becomes a file of facts, with an account of every row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg import printing
from kg.answer import Answer
from kg.errors import ImportFault
from kg.printing import ConfOption, FormatOption, MasterOption, WorkOption

if TYPE_CHECKING:
    from kg.registers.imports import Imported

HELP = """Make facts from what a register offers for download.

With --spark the files of ctgov or openfda may be addresses that Apache Spark reads (hdfs:///studies), also patterns,
and the output is a folder of parts there: the same facts, in the same order.

SOURCE is a register, or `all` for a folder of downloads, where each file is told by its content. The registers are:
ema, ema-orphan, fda-cder, drugs-at-fda, openfda, fda-orphan, pmda, health-canada, ctgov, disease, unii, sssom, chembl.
"""


def run_import(
    source: Annotated[str, typer.Argument(help="The register, or `all`.", metavar="SOURCE")],
    files: Annotated[list[str], typer.Argument(help="The files of one snapshot; a folder or zip where it is one.")],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="The file to write (.ttl, .nt, .nq, .trig, also .gz); a folder for `all`; of spark: .nt, .parquet.",
        ),
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="The day of the download, where neither the file nor its name tells it.")
    ] = None,
    with_text: Annotated[
        bool,
        typer.Option("--with-text", help="Keep the agency's own sentences. Check that its terms allow what you do."),
    ] = False,
    names: Annotated[
        list[Path] | None,
        typer.Option(help="Further names of substances: FDA's UNII names file, or RDF that `kg import unii` wrote."),
    ] = None,
    concepts: Annotated[
        list[Path] | None, typer.Option(help="Further conditions: RDF that `kg import disease` or `sssom` wrote.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Where to write the rows not used, as csv.")] = None,
    matches: Annotated[
        Path | None, typer.Option(help="Where to write how each name was matched, as an SSSOM table.")
    ] = None,
    newest: Annotated[bool, typer.Option("--newest", help="With `all`: only the newest snapshot of each.")] = False,
    concise: Annotated[
        bool, typer.Option("--concise", help="Leave out generics after the first of their substance.")
    ] = False,
    without: Annotated[
        list[str] | None, typer.Option(metavar="SOURCE", help="With `all`: leave this register out.")
    ] = None,
    spark: Annotated[bool, typer.Option("--spark", help="Read the files of ctgov or openfda on Apache Spark.")] = False,
    master: MasterOption = None,
    conf: ConfOption = None,
    work: WorkOption = None,
    how: FormatOption = "table",
) -> None:
    """Import and print the account: rows read, used, rejected by reason, facts written."""
    from kg.registers import folder, imports
    from kg.registers.imports import Dictionaries

    if not spark and (master or conf or work):
        raise ImportFault("--master, --conf and --work are for --spark alone.")
    target, paths = Path(output) if output else None, list(map(Path, files))
    with printing.counting("rows") as progress:
        options: dict[str, Any] = {"date": date, "with_text": with_text, "report": report, "progress": progress}
        if spark:
            from kg import import_spark
            from kg.spark.session import settings

            where = import_spark.refuse(source, files, output, report, concise=concise, matches=matches)
            options |= {"names": names or (), "concepts": concepts or (), "master": master, "work": work}
            done = [import_spark.import_files(source, files, where, settings=settings(conf or []), **options)]
        elif source == "all":
            if len(files) != 1 or target is None:
                raise ImportFault("`kg import all` takes one folder of downloads, and -o with the folder to write to.")
            done = folder.import_folder(
                paths[0], target, newest=newest, concise=concise, without=without or (), progress=progress
            )
        else:
            imports.refuse(source, paths, [path for path in (target, report, matches) if path])
            known = Dictionaries.shipped(names or [], concepts or [])
            options |= {"concise": concise, "matches": matches}
            done = [imports.import_files(source, paths, target, known, **options)]
    printing.emit(account(done), how)
    for imported in done:
        printing.note(imported.summary())


def account(done: list[Imported]) -> Answer:
    """Return the accounts as rows: for each snapshot what was read, used, and rejected for which reason."""
    rows = []
    for imported in done:
        key, counts = imported.snapshot.key, imported.account
        rows.append((key, "read", f"{counts.read}"))
        rows.append((key, "used", f"{counts.used}"))
        rows += [(key, f"rejected: {reason}", f"{count}") for reason, count in counts.by_reason.most_common()]
        rows += [(key, f"remark: {reason}", f"{count}") for reason, count in counts.remarks_by_reason.most_common()]
        rows.append((key, "facts written", f"{counts.facts}"))
    return Answer.of_texts("import", "Account", ("snapshot", "what", "number"), rows)
