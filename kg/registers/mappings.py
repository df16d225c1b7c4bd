"""Any mapping table in SSSOM tsv as facts: which concept of one vocabulary is the same as which of another.

The format is that of `kg.registers.sssom`; here rows are read as they come, and one that cannot be used is rejected.
A prefix means what the file's own curie_map says, else what `known_prefixes` does.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pyoxigraph as ox

from kg.errors import ImportFault
from kg.names import PREFIXES, STANDARD
from kg.registers import sssom, tables
from kg.registers.account import Account
from kg.registers.tables import Row
from kg.registers.terms import LABEL, english, term

COLUMNS = tables.columns(
    required={"subject": ["subject_id"], "predicate": ["predicate_id"], "object": ["object_id"]},
    optional={
        "subject_label": ["subject_label"],
        "object_label": ["object_label"],
        "modifier": ["predicate_modifier"],
    },
)
LICENCES = {"pharmgkb": "https://creativecommons.org/licenses/by-sa/4.0/"}
"""Of publishers whose tables do not say it themselves: what a table's subjects begin with -> licence."""
OBO = "CHEBI CHMO CL DOID FOODON GO HP MONDO NCIT OBI OMIT PR UBERON".split()
IDENTIFIERS = """
    atc bindingdb cas chembl chembl.compound chembl.target chemspider clinicaltrials drugbank drugbank.metabolite ec efo
    ensembl genbank hgnc hmdb icd10 icd10cm inchikey iuphar.ligand kegg.compound kegg.drug loinc meddra ndc ndfrt
    ncbigene omim orphanet pdb.ligand pharmgkb.disease pharmgkb.drug pharmgkb.gene pharmgkb.pathways pubchem.compound
    pubchem.substance pubmed reactome rxnorm snomedct umls uniprot wikidata
""".split()
"""Prefixes of https://bioregistry.io that are read as `https://identifiers.org/<prefix>:<id>`."""


@cache
def known_prefixes() -> dict[str, str]:
    """Return the meaning of prefixes, in lower case, where a file has none of its own."""
    known = {prefix: f"https://identifiers.org/{prefix}:" for prefix in IDENTIFIERS}
    known |= {prefix.lower(): f"{STANDARD['obo']}{prefix}_" for prefix in OBO}
    known |= {prefix.lower(): namespace for prefix, namespace in PREFIXES.items()}
    return known | {"oboinowl": "http://www.geneontology.org/formats/oboInOwl#"}


@dataclass(frozen=True, slots=True)
class Mapped:
    """A concept and what it is mapped to, in rows that stand together."""

    subject: ox.NamedNode
    label: str
    objects: tuple[tuple[ox.NamedNode, ox.NamedNode, str], ...]
    """Predicate, object, and its label or ''."""
    locator: str


@dataclass(frozen=True, slots=True)
class _Usable:
    """A row, and the IRIs of its subject, predicate and object."""

    row: Row
    subject: ox.NamedNode
    predicate: ox.NamedNode
    object: ox.NamedNode


def read(paths: Sequence[Path], account: Account) -> Iterator[Mapped]:
    """Yield each concept with its mappings."""
    for path in paths:
        prefixes = known_prefixes() | {name.lower(): iri for name, iri in _header(path)[1].items()}
        usable = _usable(path, prefixes, account)
        for subject, group in itertools.groupby(usable, key=lambda each: each.subject):
            rows = list(group)
            account.used += len(rows)
            first, last = rows[0].row, rows[-1].row
            place = first.locator if first is last else f"lines {first.number} to {last.number}"
            objects = tuple((each.predicate, each.object, each.row["object_label"]) for each in rows)
            yield Mapped(subject, first["subject_label"], objects, place)


def _usable(path: Path, prefixes: dict[str, str], account: Account) -> Iterator[_Usable]:
    for row in _rows(path):
        account.read += 1
        names = [row[name] for name in ("subject", "predicate", "object")]
        iris = [_iri(name, prefixes) for name in names]
        bad = next((name for name, iri in zip(names, iris, strict=True) if iri is None), None)
        if "sssom:NoTermFound" in names:
            account.reject(row.file, row.locator, "says that there is no match", " ".join(names))
        elif row["modifier"].lower() == "not":
            account.reject(row.file, row.locator, "says that the two do not match", " ".join(names))
        elif bad is not None and not re.fullmatch(r"[^:\s]+:\S+", bad):
            account.reject(row.file, row.locator, "not a prefix and an identifier", " ".join(names))
        elif bad is not None:
            account.reject(row.file, row.locator, "a prefix whose meaning is not known", bad)
        else:
            subject, predicate, object_ = (iri for iri in iris if iri)
            yield _Usable(row, subject, predicate, object_)


def facts(mapped: Mapped) -> Iterator[ox.Triple]:
    """Yield the mappings of a concept as facts."""
    if mapped.label:
        yield ox.Triple(mapped.subject, LABEL, english(mapped.label))
    for predicate, object_, label in mapped.objects:
        yield ox.Triple(mapped.subject, predicate, object_)
        if label:
            yield ox.Triple(object_, LABEL, english(label))
    yield ox.Triple(mapped.subject, term("kg:locator"), ox.Literal(mapped.locator))


def snapshot_date(path: Path) -> str | None:
    """Return the date that the header tells: its own, or that in the version of the mapping set."""
    metadata = _header(path)[0]
    told = " ".join(metadata.get(key, "") for key in ("mapping_date", "publication_date", "mapping_set_version"))
    found = re.search(r"(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)", told)
    return found[0] if found else None


def licence(path: Path) -> str | None:
    """Return the licence that the header tells, or that its publisher is known to give."""
    metadata = _header(path)[0]
    if told := metadata.get("license"):
        return told
    row = next(_rows(path), None)
    return next((known for start, known in LICENCES.items() if row and row["subject"].startswith(start)), None)


def _rows(path: Path) -> Iterator[Row]:
    with tables.unbroken(path):
        lines = tables.delimited(path.name, partial(tables.opened, path), delimiter="\t")
        yield from tables.under_header(path.name, _without_header(path.name, lines), COLUMNS)


def _without_header(
    file: str, lines: Iterator[tuple[int, Sequence[tables.Cell]]]
) -> Iterator[tuple[int, Sequence[tables.Cell]]]:
    """Leave out the lines of the header, so that however many there are, the column names come first."""
    below = itertools.dropwhile(lambda line: not line[1] or str(line[1][0]).startswith("#"), lines)
    for place, (number, cells) in enumerate(below):
        if place == 0 and not {"subject_id", "object_id"} <= set(cells):
            shown = ", ".join(repr(str(cell)) for cell in cells[:12])
            raise ImportFault(
                f"{file}, line {number}: unknown layout: no column 'subject_id', 'object_id' under the header. "
                f"It has: {shown}. A mapping table is tab-separated: https://mapping-commons.github.io/sssom/"
            )
        yield number, cells


def _header(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the metadata and the meaning of the prefixes."""
    lines = []
    with tables.unbroken(path), tables.opened(path) as stream:
        for line in stream:
            if not line.startswith((b"#", b"\xef\xbb\xbf#")):
                break
            lines.append(line.decode("utf-8-sig", "replace").rstrip("\r\n"))
    return sssom.header(path, lines)


def _iri(name: str, prefixes: dict[str, str]) -> ox.NamedNode | None:
    """Return the IRI of a CURIE, or None where its prefix is not known or it makes no IRI."""
    prefix, colon, local = name.partition(":")
    namespace = prefixes.get(prefix.lower())
    if not colon or not local or not namespace:
        return None
    try:
        return ox.NamedNode(namespace + local)
    except ValueError:
        return None
