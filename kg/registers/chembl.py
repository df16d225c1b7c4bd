"""ChEMBL's mechanisms of action and targets: molecules of ChEMBL in classes of scheme:mechanism-of-action.

A molecule is not joined to a substance of the registers. What is at hand to join them (PharmGKB's mappings, by ATC
code) reaches 18 substances; a class of which most members are missing would make any of these the first in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.registers import tables
from kg.registers.account import Account
from kg.registers.described import Described, called
from kg.registers.facts import drug_class
from kg.registers.names import slug
from kg.registers.terms import LABEL, english, iri, term

COLUMNS = tables.columns(
    required={
        "molecule": ["molecule_chembl_id", "Molecule ChEMBL ID", "Parent Molecule ChEMBL ID"],
        "mechanism": ["mechanism_of_action", "Mechanism of Action"],
    },
    optional={
        "action": ["action_type", "Action Type"],
        "target": ["target_chembl_id", "Target ChEMBL ID"],
    },
)
TARGETS = tables.columns(
    required={
        "target": ["target_chembl_id", "Target ChEMBL ID", "ChEMBL ID"],
        "name": ["target_name", "pref_name", "Name"],
    },
    optional={"uniprot": ["uniprot_acc", "accession", "UniProt Accessions"]},
)
_ID = re.compile(r"CHEMBL\d+")
COMPOUND, TARGET = "https://identifiers.org/chembl.compound:", "https://identifiers.org/chembl.target:"
UNIPROT = "https://identifiers.org/uniprot:"


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A molecule, and how it acts on what. A target that is not told is ''."""

    molecule: str
    mechanism: str
    action: str
    target: str
    locator: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a molecule acts on, and a protein that is it or is part of it."""

    target: str
    name: str
    uniprot: str
    locator: str


def read(paths: Sequence[Path], account: Account) -> Iterator[Mechanism | Target]:
    """Yield the mechanisms and the targets, each from a table of its own."""
    seen: dict[tuple[str, ...], str] = {}
    for path in paths:
        is_targets = tables.has_header(path, TARGETS) and not tables.has_header(path, COLUMNS)
        for row in tables.read(path, TARGETS if is_targets else COLUMNS):
            account.read += 1
            cells = (
                (row["target"], row["name"], row["uniprot"])
                if is_targets
                else (row["molecule"], row["mechanism"], row["action"], row["target"])
            )
            if not _ID.fullmatch(cells[0]) or (not is_targets and row["target"] and not _ID.fullmatch(row["target"])):
                account.reject(row.file, row.locator, "not an identifier of ChEMBL", " ".join(cells))
            elif not cells[1]:
                reason = "a target without a name" if is_targets else "no mechanism of action"
                account.reject(row.file, row.locator, reason, cells[0])
            elif cells in seen:
                account.reject(row.file, row.locator, "says what an earlier row says", f"first in {seen[cells]}")
            else:
                seen[cells] = row.locator
                account.used += 1
                where = f"{row.file} {row.locator}"
                yield Target(*cells, where) if len(cells) == 3 else Mechanism(*cells, where)


class MechanismFacts:
    """Writes mechanisms and targets as triples; each molecule, class and target is described once."""

    def __init__(self) -> None:
        self._once = Described().once

    def of(self, found: Mechanism | Target) -> Iterator[ox.Triple]:
        """Yield the facts of a row."""
        if isinstance(found, Target):
            target = ox.NamedNode(TARGET + found.target)
            yield from self._once(target, [ox.Triple(target, LABEL, english(found.name))])
            if re.fullmatch(r"[A-Z0-9]{6,10}(-\d+)?", found.uniprot):
                yield ox.Triple(target, term("rdfs:seeAlso"), ox.NamedNode(UNIPROT + found.uniprot))
            yield ox.Triple(target, term("kg:locator"), ox.Literal(found.locator))
            return
        molecule, made = iri("drug", f"chembl-{found.molecule}"), iri("drugclass", f"moa-{slug(found.mechanism)}")
        identity = [
            ox.Triple(molecule, term("dcterms:identifier"), ox.Literal(found.molecule)),
            ox.Triple(molecule, term("skos:exactMatch"), ox.NamedNode(COMPOUND + found.molecule)),
        ]
        yield from self._once(molecule, [*called(molecule, "kg:Substance", found.molecule), *identity])
        yield ox.Triple(molecule, term("kg:inDrugClass"), made)
        yield from self._once(made, drug_class(made, found.mechanism, "mechanism-of-action"))
        if found.action:
            yield ox.Triple(made, term("dcterms:type"), english(found.action.lower()))
        if found.target:
            yield ox.Triple(made, term("skos:related"), ox.NamedNode(TARGET + found.target))
        yield ox.Triple(molecule, term("kg:locator"), ox.Literal(found.locator))
