"""A mapping file in SSSOM tsv -> its metadata and its rows.

The format is https://mapping-commons.github.io/sssom/: a header of `#` lines in YAML, then a table with a row for each
pair of concepts. Only the part of YAML is read that these headers use: `key: value`, and one level of nested pairs.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from kg.errors import LoadError, did_you_mean

REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
KNOWN = frozenset(
    REQUIRED
    + tuple(
        """
    subject_label subject_category subject_type subject_source subject_source_version subject_match_field
    subject_preprocessing object_label object_category object_type object_source object_source_version
    object_match_field object_preprocessing predicate_label predicate_modifier predicate_type author_id author_label
    reviewer_id reviewer_label creator_id creator_label license mapping_source mapping_cardinality
    cardinality_scope mapping_tool mapping_tool_id mapping_tool_version mapping_provider mapping_date
    publication_date review_date confidence reviewer_agreement curation_rule curation_rule_text match_string
    similarity_score similarity_measure issue_tracker_item see_also other comment record_id
    """.split()
    )
)
"""The columns that the standard gives a mapping, https://mapping-commons.github.io/sssom/Mapping/."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row: two concepts by CURIE, and how the one relates to the other. A label that is not given is ''."""

    subject: str
    subject_label: str
    predicate: str
    object: str
    object_label: str
    line: int

    @property
    def is_exact(self) -> bool:
        """Whether the two are said to be the same concept."""
        return self.predicate == "skos:exactMatch"


@dataclass(frozen=True, slots=True)
class MappingSet:
    """One file: what it says of itself, the meaning of its prefixes, and its rows without the negated ones."""

    path: Path
    metadata: dict[str, str]
    curie_map: dict[str, str]
    rows: tuple[Mapping, ...]


def read(path: Path) -> MappingSet:
    """Read one file. Raises LoadError, with the line, for what the format does not allow."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise LoadError(f"{path}: cannot be read ({error.strerror or error}).") from None
    except UnicodeDecodeError as error:
        raise LoadError(f"{path}: byte {error.start} is not UTF-8, the encoding of SSSOM.") from None
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    metadata, curie_map = header(path, lines[:start])
    rows = list(csv.reader(lines[start:], delimiter="\t"))
    if not rows:
        raise LoadError(f"{path}: no row of column names below the header. Is the file whole?")
    columns = _columns(path, rows[0], start + 1)
    mappings = []
    for line, row in enumerate(rows[1:], start + 2):
        if len(row) != len(rows[0]):
            raise LoadError(
                f"{path}, line {line}: {len(row)} cells under {len(rows[0])} columns: {' | '.join(row)[:120]}"
            )
        cells = {name: row[at].strip() for name, at in columns.items()}
        mapping = Mapping(
            cells["subject_id"],
            cells.get("subject_label", ""),
            cells["predicate_id"],
            cells["object_id"],
            cells.get("object_label", ""),
            line,
        )
        for curie in (mapping.subject, mapping.predicate, mapping.object):
            prefix, colon, _ = curie.partition(":")
            if not colon or (curie_map and prefix not in curie_map):
                raise LoadError(f"{path}, line {line}: the prefix of {curie!r} is not in the curie_map of the header.")
        if cells.get("predicate_modifier", "") != "Not":
            mappings.append(mapping)
    return MappingSet(path, metadata, curie_map, tuple(mappings))


def header(path: Path, lines: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the metadata and the meaning of the prefixes in the `#` lines of a file. Raises LoadError."""
    metadata: dict[str, str] = {}
    nested: dict[str, dict[str, str]] = {}
    parent = ""
    for number, line in enumerate(lines, 1):
        text = line.removeprefix("#")
        if not text.strip() or text.strip().startswith("- "):
            continue
        key, colon, value = text.strip().partition(":")
        if not colon:
            raise LoadError(f"{path}, line {number}: expected `key: value` in the header, found: {line[:80]}")
        value = value.strip().strip("\"'")
        if parent and text.startswith(("   ", "\t")):
            nested[parent][key.strip("\"'")] = value
        elif value:
            parent, metadata[key] = "", value
        else:
            parent, nested[key] = key, {}
    return metadata, nested.get("curie_map", {})


def _columns(path: Path, names: list[str], line: int) -> dict[str, int]:
    """Return column -> place, or raise for a column that the standard does not know, or for one that lacks."""
    for name in names:
        if name not in KNOWN:
            close = did_you_mean(name, sorted(KNOWN))
            raise LoadError(f"{path}, line {line}: {name!r} is not a column of SSSOM.{close}")
    if missing := [name for name in REQUIRED if name not in names]:
        raise LoadError(f"{path}, line {line}: the column {', '.join(missing)} is missing. Found: {', '.join(names)}")
    if len(set(names)) != len(names):
        raise LoadError(f"{path}, line {line}: a column stands twice. Found: {', '.join(names)}")
    return {name: at for at, name in enumerate(names)}
