"""Sources in: files or triples become lines of N-Triples, then integers, all but the parsing in DuckDB.

`terms` (id, text) holds each term once, as N-Triples writes it and with the lexical form it was read with. A line
of three terms is split by DuckDB, and a term that is not plainly canonical checked and rewritten by pyoxigraph;
every other line goes through pyoxigraph whole. Blank nodes of a file are named in the order they come, so that the same
file gives the same names.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from kg.owl2rl.database import engine, insert
from kg.owl2rl.errors import SourceError
from kg.owl2rl.vocabulary import FIRST_FREE, XSD, texts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Source = Iterable[Triple | Quad] | Iterable[str | os.PathLike[str]]

FORMATS = {
    ".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS, ".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG,
    ".owl": RdfFormat.RDF_XML, ".rdf": RdfFormat.RDF_XML, ".xml": RdfFormat.RDF_XML,
}  # fmt: skip
_BATCH = 200_000
_BLANK = re.compile(rb"^_:\S+|_:\S+(?= \.$)", re.MULTILINE)

# What certainly is canonical: common ASCII IRIs, literals without escapes. Other terms are asked of pyoxigraph.
_IRI = (
    r"<(?:https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~!$&()*+,;=:@/-]*)?|urn:[a-z0-9]+:[A-Za-z0-9._:/-]+)"
    r"(?:#[A-Za-z0-9._~:/-]*)?>"
)
_LITERAL = rf'"[^"\\\x00-\x1f\x7f]*"(?:@[a-z]{{2,3}}|\^\^{_IRI})?'
_PLAIN = f"{_IRI}|_:[A-Za-z][A-Za-z0-9]*|{_LITERAL}"
_STRING = f"^^<{XSD}string>"
_LONGEST_LINE = 100_000_000


def prepare(con: DuckDBPyConnection) -> None:
    """The dictionary with the vocabulary, and empty facts."""
    con.execute("CREATE TABLE terms (id INTEGER, text VARCHAR)")
    insert(con, "terms", [(number, text) for text, number in texts().items()])
    con.execute("CREATE TABLE facts (s INTEGER, p INTEGER, o INTEGER, rule UTINYINT)")
    _empty(con)


def _empty(con: DuckDBPyConnection) -> None:
    con.execute("CREATE OR REPLACE TABLE raw (s VARCHAR, p VARCHAR, o VARCHAR, odd VARCHAR)")


def stage(con: DuckDBPyConnection, source: Source, number: int) -> bool:
    """Read a source into `raw`; `number` tells the sources of one closure apart.

    Gives whether there are terms that pyoxigraph has not checked (see `encode`).

    Raises SourceError.
    """
    items = iter(source)
    first = next(items, None)
    if first is None:
        return False
    rest = _chain(first, items)
    if isinstance(first, (str, os.PathLike)):
        paths = [Path(os.fspath(path)) for path in rest]
        for at, path in enumerate(paths, 1):
            prefix = f"f{number}x{at}." if number > 1 or len(paths) > 1 else ""
            _stage_file(con, path, prefix)
        return any(".nt" in path.name.lower() for path in paths)
    _stage_triples(con, cast("Iterator[Triple | Quad]", rest))
    return False


def _chain(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _stage_file(con: DuckDBPyConnection, path: Path, prefix: str) -> None:
    packed = path.suffix.lower() == ".gz"
    kind = FORMATS.get((Path(path.stem) if packed else path).suffix.lower())
    if not path.is_file():
        raise SourceError(f"{path}: no such file")
    if kind is None:
        raise SourceError(f"{path}: unknown kind of file; give one of {', '.join(FORMATS)}, plain or .gz")
    try:
        if kind == RdfFormat.N_TRIPLES and not set("*?[") & set(str(path)):  # DuckDB would take those for patterns
            _stage_lines(con, path, prefix)
            return
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            _stage_stream(con, cast("IO[bytes]", stream), kind, prefix)
    except (SyntaxError, ValueError, OSError, EOFError) as error:
        raise SourceError(f"{path}: {error}") from error


def _stage_stream(con: DuckDBPyConnection, stream: IO[bytes], kind: RdfFormat, prefix: str) -> None:
    """Through pyoxigraph; blank nodes are named in order of appearance."""
    names: dict[bytes, bytes] = {}

    def name(match: re.Match[bytes]) -> bytes:
        return names.setdefault(match[0], b"_:%sb%d" % (prefix.encode(), len(names)))

    for lines in _serialized(parse(stream, format=kind)):
        _split(con, _BLANK.sub(name, lines) if b"_:" in lines else lines)


def _stage_triples(con: DuckDBPyConnection, triples: Iterable[Triple | Quad]) -> None:
    try:
        for lines in _serialized(triples):
            _split(con, lines)
    except (TypeError, AttributeError) as error:
        raise SourceError(f"a source is paths, or triples or quads of pyoxigraph: {error}") from error


def _serialized(triples: Iterable[Triple | Quad]) -> Iterator[bytes]:
    """Canonical N-Triples in batches; the names of graphs are dropped."""
    plain = (item.triple if isinstance(item, Quad) else item for item in triples)
    while lines := serialize(islice(plain, _BATCH), format=RdfFormat.N_TRIPLES):
        yield lines


def _split(con: DuckDBPyConnection, lines: bytes) -> None:
    """Canonical lines into `raw`: neither a subject nor a predicate has a space in it."""
    con.execute(
        "INSERT INTO raw SELECT line[:a - 1], line[a + 1:b - 1], line[b + 1:-3], NULL FROM ("
        "SELECT line, a, a + instr(line[a + 1:], ' ') AS b FROM ("
        "SELECT line, instr(line, ' ') AS a FROM (SELECT unnest(string_split($1, chr(10))) AS line)"
        ") WHERE a > 0)",
        [lines.decode()],
    )


def _stage_lines(con: DuckDBPyConnection, path: Path, prefix: str) -> None:
    """N-Triples, split by DuckDB; lines that are not three terms and a dot, one space between, go another way."""
    for most in (2_000_000, _LONGEST_LINE):  # long lines need large buffers, which are slow
        try:
            _read_lines(con, path, prefix, most)
            break
        except engine().InvalidInputException as error:
            if most == _LONGEST_LINE:
                raise SourceError(f"{path}: {error}") from error
    odd = con.execute("SELECT odd FROM raw WHERE odd IS NOT NULL").fetchall()
    if not odd:
        return
    con.execute("DELETE FROM raw WHERE odd IS NOT NULL")
    label = b"_:" + prefix.encode()
    text = "\n".join(row[0] for row in odd).encode()
    for lines in _serialized(parse(text, format=RdfFormat.N_TRIPLES)):
        _split(con, _BLANK.sub(lambda match: label + match[0][2:], lines) if prefix else lines)


def _read_lines(con: DuckDBPyConnection, path: Path, prefix: str, longest: int) -> None:
    """Lines into `raw`; one that is not three terms is left whole in the column `odd`."""
    s, p, o = (_renamed(x, prefix) if prefix and x != "p" else x for x in "spo")
    con.execute(
        f"INSERT INTO raw SELECT {s}, {p}, {o}, CASE WHEN ends_with(line, ' .') AND s[1] IN ('<', '_') AND p[1] = '<' "
        "AND o[1] IN ('<', '_', '\"') AND o[-1] <> ' ' THEN NULL ELSE line END FROM (SELECT *, "
        "substr(line, length(s) + length(p) + 3, length(line) - length(s) - length(p) - 4) AS o "
        "FROM (SELECT line, split_part(line, ' ', 1) AS s, split_part(line, ' ', 2) AS p FROM read_csv($1, "
        "columns = {'line': 'VARCHAR'}, delim = '', quote = '', escape = '', header = false, "
        f"auto_detect = false, max_line_size = {longest}) WHERE line <> ''))",
        [str(path)],
    )


def _renamed(column: str, prefix: str) -> str:
    return f"CASE WHEN {column}[1] = '_' THEN '_:{prefix}' || {column}[3:] ELSE {column} END"


def encode(con: DuckDBPyConnection, table: str, check: bool) -> int:
    """Number the new terms of `raw` and write its distinct triples to `table` (s, p, o); empties `raw`.

    `check` is for terms that pyoxigraph has not seen. Gives the first integer of the new terms.
    Raises SourceError.
    """
    (last,) = con.execute("SELECT max(id) FROM terms").fetchone() or (0,)
    since = max(last + 2 - last % 2, FIRST_FREE)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE new_terms AS SELECT DISTINCT text FROM (SELECT s AS text FROM raw UNION ALL "
        "SELECT DISTINCT p FROM raw UNION ALL SELECT o FROM raw) ANTI JOIN terms USING (text)"
    )
    dictionary = "terms"
    if check and _rewrite(con):
        dictionary = "(SELECT * FROM terms UNION ALL SELECT id, odd AS text FROM rewritten JOIN terms USING (text))"
    con.execute(
        f"INSERT INTO terms SELECT {since - 2} + 2 * row_number() OVER () + (text[1] = '\"')::INTEGER, text "
        "FROM new_terms"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT DISTINCT a.id AS s, b.id AS p, c.id AS o FROM raw "
        f"JOIN {dictionary} a ON a.text = raw.s JOIN {dictionary} b ON b.text = raw.p "
        f"JOIN {dictionary} c ON c.text = raw.o"
    )
    con.execute("DROP TABLE new_terms")
    _empty(con)
    return int(since)


def _rewrite(con: DuckDBPyConnection) -> bool:
    """Have pyoxigraph check the terms that are not plainly canonical; True if it writes any another way.

    Those are left in `rewritten` (odd, text), and put right in `new_terms`.
    """
    odd = [
        row[0] for row in con.execute(
            "SELECT text FROM new_terms WHERE NOT regexp_full_match(text, $1) OR ends_with(text, $2)", [_PLAIN, _STRING]
        ).fetchall()
    ]  # fmt: skip
    found: list[str] = []
    try:
        for start in range(0, len(odd), _BATCH):
            text = "".join(f"<a:a> <a:a> {term} .\n" for term in odd[start : start + _BATCH])
            found += [str(quad.object) for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES)]
    except SyntaxError as error:
        raise SourceError(f"not a term of N-Triples: {_culprit(odd)}: {error.msg}") from error
    pairs = [(old, new) for old, new in zip(odd, found, strict=True) if old != new]
    if not pairs:
        return False
    con.execute("CREATE OR REPLACE TEMP TABLE rewritten (odd VARCHAR, text VARCHAR)")
    insert(con, "rewritten", pairs)
    con.execute("DELETE FROM new_terms WHERE text IN (SELECT odd FROM rewritten)")
    con.execute(
        "INSERT INTO new_terms SELECT DISTINCT text FROM rewritten ANTI JOIN new_terms USING (text) "
        "ANTI JOIN terms USING (text)"
    )
    return True


def _culprit(terms: list[str]) -> str:
    for term in terms:
        try:
            list(parse(f"<a:a> <a:a> {term} .".encode(), format=RdfFormat.N_TRIPLES))
        except SyntaxError:
            return term
    return "unknown"
