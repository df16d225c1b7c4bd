"""Sources in, where DuckDB holds them: lines of N-Triples, then integers, all but the parsing in DuckDB.

`terms` (id, text) holds each term once, as N-Triples writes it and with the lexical form it was read with. A file of
N-Triples is split by DuckDB, and a term that is not plainly canonical checked and rewritten by pyoxigraph; every other
source goes through pyoxigraph whole (see `sources`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from kg.owl2rl.database import engine, insert
from kg.owl2rl.errors import SourceError
from kg.owl2rl.sources import BATCH, BLANK, IRI, LITERAL, STRING, Source, file_lines, kind_of, labelled
from kg.owl2rl.vocabulary import FIRST_FREE, texts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PLAIN = f"{IRI}|{BLANK}|{LITERAL}"
"""A term that certainly is canonical, but for one that ends in STRING."""
SPLIT = (
    "SELECT *, substr(line, length(s) + length(p) + 3, length(line) - length(s) - length(p) - 4) AS o "
    "FROM (SELECT *, split_part(line, ' ', 1) AS s, split_part(line, ' ', 2) AS p FROM {} WHERE line <> '')"
)
"""Lines (line) to (s, p, o) as they are written, in the SQL that DuckDB and Spark share."""
ODD = (
    "CASE WHEN right(line, 2) = ' .' AND left(s, 1) IN ('<', '_') AND left(p, 1) = '<' "
    "AND left(o, 1) IN ('<', '_', '\"') AND right(o, 1) <> ' ' THEN NULL ELSE line END AS odd"
)
"""A line that is not three terms and a dot, one space between."""
_LONGEST_LINE = 100_000_000


def prepare(con: DuckDBPyConnection) -> None:
    """The dictionary with the vocabulary, and empty facts."""
    con.execute("CREATE TABLE terms (id INTEGER, text VARCHAR)")
    insert(con, "terms", [(number, text) for text, number in texts().items()])
    con.execute("CREATE TABLE facts (s INTEGER, p INTEGER, o INTEGER, rule TINYINT)")
    _empty(con)


def _empty(con: DuckDBPyConnection) -> None:
    con.execute("CREATE OR REPLACE TABLE raw (s VARCHAR, p VARCHAR, o VARCHAR, odd VARCHAR)")


def stage(con: DuckDBPyConnection, source: Source) -> bool:
    """Read a source into `raw`; gives whether there are terms that pyoxigraph has not checked (see `encode`).

    Raises SourceError.
    """
    unchecked = False
    for path, prefix in zip(source.paths, source.prefixes, strict=True):
        # DuckDB would take some names for patterns.
        if kind_of(path)[0] == RdfFormat.N_TRIPLES and not set("*?[") & set(path):
            try:
                _stage_lines(con, path, prefix)
            except (SyntaxError, ValueError, OSError) as error:
                raise SourceError(f"{path}: {error}") from error
            unchecked = True
        else:
            for lines in file_lines(path, prefix):
                _split(con, lines)
    if not source.paths:
        for lines in source.lines():
            _split(con, lines)
    return unchecked


def _split(con: DuckDBPyConnection, lines: bytes) -> None:
    """Canonical lines into `raw`: neither a subject nor a predicate has a space in it."""
    con.execute(
        "INSERT INTO raw SELECT line[:a - 1], line[a + 1:b - 1], line[b + 1:-3], NULL FROM ("
        "SELECT line, a, a + instr(line[a + 1:], ' ') AS b FROM ("
        "SELECT line, instr(line, ' ') AS a FROM (SELECT unnest(string_split($1, chr(10))) AS line)"
        ") WHERE a > 0)",
        [lines.decode()],
    )


def _stage_lines(con: DuckDBPyConnection, path: str, prefix: str) -> None:
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
    for lines in labelled("\n".join(row[0] for row in odd).encode(), prefix):
        _split(con, lines)


def _read_lines(con: DuckDBPyConnection, path: str, prefix: str, longest: int) -> None:
    """Lines into `raw`; one that is not three terms is left whole in the column `odd`."""
    s, p, o = (_renamed(x, prefix) if prefix and x != "p" else x for x in "spo")
    con.execute(
        f"INSERT INTO raw SELECT {s}, {p}, {o}, {ODD} FROM ({SPLIT}".format(
            "read_csv($1, columns = {'line': 'VARCHAR'}, delim = '', quote = '', escape = '', header = false, "
            f"auto_detect = false, max_line_size = {longest})"
        )
        + ")",
        [path],
    )


def _renamed(column: str, prefix: str) -> str:
    return renamed(column, f"'{prefix}'")


def renamed(column: str, prefix: str) -> str:
    """A term with `prefix` (an expression) before the label of a blank node, in the SQL of both."""
    return f"CASE WHEN left({column}, 1) = '_' THEN concat('_:', {prefix}, substr({column}, 3)) ELSE {column} END"


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
            "SELECT text FROM new_terms WHERE NOT regexp_full_match(text, $1) OR ends_with(text, $2)", [PLAIN, STRING]
        ).fetchall()
    ]  # fmt: skip
    found: list[str] = []
    for start in range(0, len(odd), BATCH):
        found += canonical(odd[start : start + BATCH])
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


def canonical(terms: list[str]) -> list[str]:
    """Terms as pyoxigraph writes them. Raises SourceError for what is none."""
    text = "".join(f"<a:a> <a:a> {term} .\n" for term in terms)
    try:
        return [str(quad.object) for quad in parse(text.encode(), format=RdfFormat.N_TRIPLES)]
    except SyntaxError as error:
        raise SourceError(f"not a term of N-Triples: {_culprit(terms)}: {error.msg}") from error


def _culprit(terms: list[str]) -> str:
    for term in terms:
        try:
            list(parse(f"<a:a> <a:a> {term} .".encode(), format=RdfFormat.N_TRIPLES))
        except SyntaxError:
            return term
    return "unknown"
