"""The registers that can be imported: who publishes each, under what licence, and what each is complete for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pyoxigraph as ox

from kg.errors import ImportFault, did_you_mean
from kg.registers import (
    chembl,
    ctgov,
    diseases,
    drugs_at_fda,
    ema,
    ema_orphan,
    fda_cder,
    fda_orphan,
    health_canada,
    mappings,
    openfda,
    pmda,
    unii,
)
from kg.registers.account import Account
from kg.registers.condition_concept import Concept
from kg.registers.condition_index import Index
from kg.registers.conditions import Matcher
from kg.registers.ctgov_facts import TrialFacts
from kg.registers.described import Described
from kg.registers.facts import Facts
from kg.registers.substances import Resolver

Describe = Callable[[Any], Iterable[ox.Triple]]
"""A record -> its facts."""


@dataclass(frozen=True)
class Context:
    """What the writing of facts leans on. `only_named`: of a dictionary, only what other registers have named."""

    substances: Resolver
    conditions: Matcher
    account: Account
    with_text: bool = False
    only_named: bool = False
    described: Described | None = None


def _written_by(write: type[Facts] | type[TrialFacts], context: Context) -> Describe:
    known, text, described = (context.substances, context.conditions), context.with_text, context.described
    return write(*known, context.account, with_text=text, described=described).of


def _substances(context: Context) -> Describe:
    named = {part.unii for match in context.substances.matches.values() for part in match.parts}

    def describe(found: unii.Named) -> Iterable[ox.Triple]:
        return unii.facts(found) if not context.only_named or found.substance.unii in named else ()

    return describe


def _conditions(context: Context) -> Describe:
    named = context.conditions.named()

    def describe(found: tuple[Concept, Index]) -> Iterable[ox.Triple]:
        if context.only_named and not wanted:
            index = found[1]
            for concept in index:
                if concept.id in named:
                    wanted.update({concept.id, *(above.id for above in index.ancestors(concept))})
        return diseases.facts(found) if not context.only_named or found[0].id in wanted else ()

    wanted: set[str] = set()
    return describe


def _mechanisms(context: Context) -> Describe:
    return chembl.MechanismFacts().of


def _mappings(context: Context) -> Describe:
    return mappings.facts


CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
CC_BY_SA_3 = "https://creativecommons.org/licenses/by-sa/3.0/"
PUBLIC_DOMAIN = "public domain"


@dataclass(frozen=True)
class Coverage:
    """What a register lists in full: initial approvals of a jurisdiction since a day, up to the snapshot or `until`."""

    jurisdiction: str
    since: str
    label: str
    events: str = "initial-approvals"
    until: str | None = None


@dataclass(frozen=True)
class Register:
    """One register: its name on the command line, its publisher, and the reader of its downloads."""

    name: str
    title: str
    publisher: str
    licence: str
    files: str
    """What to download, for people."""
    reader: ModuleType
    coverage: Coverage | None = None
    facts: Callable[[Context], Describe] = lambda context: _written_by(Facts, context)
    one_snapshot: Literal["file", "folder", "all"] = "file"
    """Which files make one snapshot together, where a folder is imported."""
    members: frozenset[str] = frozenset()
    """Names in the zip file by which a download is recognised."""
    signatures: tuple[tuple[str, ...], ...] = ()
    """Regular expressions that all match near the beginning of a file of it that is no table; several such sets."""
    dictionary: bool = False
    """Whether it describes what other registers name, and is written after them, as far as they name it."""

    def read(self, paths: Sequence[Path], account: Account) -> Iterator[Any]:
        """Yield the records of a download."""
        read: Callable[[Sequence[Path], Account], Iterator[Any]] = self.reader.read
        return read(paths, account)

    def snapshot_date(self, paths: Sequence[Path]) -> str | None:
        """Return the date that the files themselves tell, if they do."""
        tell: Callable[[Path], str | None] | None = getattr(self.reader, "snapshot_date", None)
        return next((found for path in paths if (found := tell(path))), None) if tell else None

    def licence_of(self, paths: Sequence[Path]) -> str:
        """Return the licence of a download: that of the register, or what the files themselves tell."""
        tell: Callable[[Path], str | None] | None = getattr(self.reader, "licence", None)
        told = dict.fromkeys(found for path in paths if (found := tell(path))) if tell else {}
        return next(iter(told)) if len(told) == 1 else "; ".join(told) or self.licence


_ALL = (
    Register(
        "ema",
        "EMA medicines table",
        "EMA",
        "EMA: reuse with acknowledgement of the source",
        "the table of medicines, xlsx or csv",
        ema,
        Coverage("EU", "1995-01-01", "centrally authorised medicines since 1995", "centralised-approvals"),
    ),
    Register(
        "ema-orphan",
        "EMA orphan designations",
        "EMA",
        "EMA: reuse with acknowledgement of the source",
        "the table of orphan designations, xlsx or csv",
        ema_orphan,
    ),
    Register(
        "fda-cder",
        "CDER compilation of new molecular entities and new biologics",
        "FDA",
        PUBLIC_DOMAIN,
        "the compilation, csv",
        fda_cder,
        Coverage(
            "US",
            "1985-01-01",
            "new molecular entities and new biologics approved by CDER, 1985 to 2024",
            "new-active-substances",
            "2024-12-31",
        ),
    ),
    Register(
        "drugs-at-fda",
        "Drugs@FDA",
        "FDA",
        PUBLIC_DOMAIN,
        "the zip of data files",
        drugs_at_fda,
        members=frozenset({"applications.txt", "products.txt", "submissions.txt"}),
    ),
    Register(
        "openfda",
        "openFDA drugsfda",
        "FDA",
        CC0,
        "drugsfda json: an answer of the API or the bulk file, also .zip, .gz",
        openfda,
        signatures=((r'"application_number"\s*:\s*"', r'"(submissions|products)"\s*:\s*\['),),
    ),
    Register(
        "fda-orphan",
        "FDA orphan designations",
        "FDA",
        PUBLIC_DOMAIN,
        "the list of designations, csv",
        fda_orphan,
    ),
    Register(
        "pmda",
        "PMDA list of approved products",
        "PMDA",
        "PMDA: public lists",
        "the lists as one csv",
        pmda,
        Coverage("JP", "2007-04-01", "products approved from fiscal year 2007 on"),
    ),
    Register(
        "health-canada",
        "Drug Product Database",
        "HC",
        "Open Government Licence - Canada",
        "the tables of an extract: drug, ingred, comp, status, ther",
        health_canada,
        one_snapshot="folder",
        members=frozenset({"drug.txt", "ingred.txt", "status.txt"}),
        signatures=(
            (r'^"\d+","[^"]*","(Human|Veterinary|Disinfectant|Radiopharmaceutical)","\d{8}"',),
            (r'^"\d+","\d+","[^"]+","[A-Z]","',),
            (r'^"\d+","[^"]*","\d+","[^"]+","DIN OWNER"',),
            (r'^"\d+","[YN]","[A-Z ]+","\d\d-[A-Z]{3}-\d{4}"',),
            (r'^"\d+","([A-Z]\d\d[A-Z0-9]*)?","[^"]*","[\d:.*]*"',),
        ),
    ),
    Register(
        "ctgov",
        "ClinicalTrials.gov",
        "",
        "ClinicalTrials.gov: public data, attribute the source",
        "json of the API v2: studies, lists, pages, a folder or zip of them",
        ctgov,
        facts=lambda context: _written_by(TrialFacts, context),
        one_snapshot="all",
        signatures=((r'"protocolSection"\s*:\s*\{',),),
    ),
    Register(
        "disease",
        "Disease ontologies and mappings",
        "",
        CC_BY,
        "OWL (RDF/XML), OncoTree json and SSSOM tables, together",
        diseases,
        facts=_conditions,
        one_snapshot="all",
        signatures=(
            (r"<rdf:RDF", r"http://www\.w3\.org/2002/07/owl#"),
            (r'"TISSUE"', r'"mainType"'),
            (r"\tobject_id\t", r"(?m)(^|\t)MONDO:\d"),
        ),
        dictionary=True,
    ),
    Register(
        "unii",
        "UNII names",
        "FDA",
        PUBLIC_DOMAIN,
        "the table of names, txt, also .gz",
        unii,
        facts=_substances,
        signatures=((r"^\ufeff?Name\tTYPE\tUNII\t",),),
        dictionary=True,
    ),
    Register(
        "sssom",
        "Mappings between vocabularies",
        "",
        "as the publisher of the mappings gives it; the file does not tell",
        "SSSOM tables, tsv, also .gz",
        mappings,
        facts=_mappings,
        signatures=((r"(?m)^\ufeff?subject_id\t", r"\tobject_id\t"),),
    ),
    Register(
        "chembl",
        "ChEMBL mechanisms of action",
        "",
        CC_BY_SA_3,
        "the tables of mechanisms and of targets, csv",
        chembl,
        facts=_mechanisms,
        signatures=((r"^\ufeff?target_chembl_id,(target_name|pref_name)",),),
    ),
)
REGISTERS = {register.name: register for register in _ALL}


def register(name: str) -> Register:
    """Return a register by its name. Raises ImportFault."""
    if name in REGISTERS:
        return REGISTERS[name]
    near = did_you_mean(name, list(REGISTERS))
    raise ImportFault(f"{name!r} is not a register.{near} There is: {', '.join(REGISTERS)}.")
