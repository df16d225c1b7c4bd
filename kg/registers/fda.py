"""What FDA's downloads share: keys that name an application alike in each of them, and how its submissions are read."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.registers import dates
from kg.registers.records import Event, Product, Record

UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)
"""What a zip or gz file raises that is cut short, damaged, encrypted, or packed in a way that Python does not know."""

APPLICATION_TYPES = ("NDA", "ANDA", "BLA")

CLASSES = {
    "1": "new-active-substance",
    "2": "new-active-ingredient",
    "4": "new-combination",
    "7": "already-marketed",
    "8": "otc-switch",
    "3": "reformulation",
    "5": "reformulation",
}
"""Chemical types of an NDA -> code. Of several types ("TYPE 2/4") the one named first here counts."""

NEW_INDICATION = {"6", "9", "10"}
"""Types of an application for a new indication of what its sponsor has in another application."""

LEFT_OUT = {
    "LABELING": "labeling supplement",
    "MANUF (CMC)": "manufacturing supplement",
    "REMS": "REMS supplement",
    "BIOEQUIV": "bioequivalence supplement",
}
"""Classes of supplements that widen no label."""

MARKETED = {"prescription", "over-the-counter"}
STATUSES = {"discontinued": "discontinued", "none (tentative approval)": "tentatively-approved"}


def application(kind: str, number: str) -> str:
    """Return an application as FDA writes it, type and six digits ("BLA125057"); '' if it is none."""
    kind, number = kind.strip().upper(), number.strip()
    return f"{kind}{number:0>6}" if kind in APPLICATION_TYPES and re.fullmatch(r"[0-9]{1,6}", number) else ""


def key(application: str) -> str:
    """Return the key of an application's product.

    Biologics approved as NDAs became BLAs on 2020-03-23 and kept their numbers (insulin: NDA020563, then BLA020563).
    The type by which they were approved stays in their key, so that a download from before has the same one.
    """
    kind, number = application[:-6], application[-6:]
    deemed = kind == "BLA" and number[0] in "02"  # BLAs proper are numbered 10xxxx, 125xxx and 76xxxx.
    return f"US-{'NDA' if deemed else kind}{number}"


@dataclass
class Presentation:
    """A product of an application: one strength of one form."""

    number: str
    name: str
    ingredients: tuple[str, ...]
    statuses: set[str] = field(default_factory=set)
    """Marketing statuses in FDA's words, in lower case."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission to an application, in FDA's words: ORIG or SUPPL, AP or TA, "TYPE 1", "EFFICACY"."""

    kind: str
    number: str
    status: str
    date: str
    submission_class: str = ""
    priority: str = ""
    orphan: bool = False

    @property
    def name(self) -> str:
        """What the submission is called: ORIG-1."""
        return f"{self.kind}-{self.number}"

    @property
    def types(self) -> set[str]:
        """The chemical types of its class: TYPE 1/4 has 1 and 4."""
        found = re.match(r"TYPE\s*(\d+(?:/\d+)*)", self.submission_class)
        return set(found[1].split("/")) if found else set()

    @property
    def fault(self) -> str:
        """Why the submission is no approval of a product or of a wider label; '' if it is one."""
        if self.kind not in ("ORIG", "SUPPL") or not re.fullmatch(r"\d+", self.number):
            return "neither an original nor a supplement"
        if self.status != "AP":
            return "tentative approval" if self.status == "TA" else "not approved"
        if self.kind == "SUPPL" and self.submission_class != "EFFICACY":
            return LEFT_OUT.get(self.submission_class, "supplement of another class or of none")
        return "" if dates.iso(self.date) else "approval without a date"


@dataclass
class Application:
    """An application with those of its products and submissions that are used; without products it is no record."""

    name: str
    sponsor: str
    locator: str
    products: dict[str, Presentation] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)
    pharmacologic_classes: tuple[str, ...] = ()
    unii: tuple[str, ...] = ()

    def record(self) -> Record:
        """Return the application as a record: its product and its approvals, in order of their dates."""
        return Record(self.locator, self._product(), tuple(self._events()))

    def _product(self) -> Product:
        """The product with the lowest number speaks for the application, which has them in several strengths."""
        listed = [self.products[number] for number in sorted(self.products)]
        first = listed[0]
        names = list(dict.fromkeys(product.name for product in listed if product.name))
        name = min((name for name in names if names[0].startswith(name)), key=len, default="")
        return Product(
            key=key(self.name),
            name=name or "; ".join(first.ingredients),
            substance="; ".join(first.ingredients),
            components=first.ingredients,
            identifiers=(self.name,),
            companies=(self.sponsor,) if self.sponsor else (),
            pharmacologic_classes=self.pharmacologic_classes,
            status=_status(listed),
            other_names=tuple(other for other in names if other != name),
            unii=self.unii,
        )

    def deviating(self) -> Iterator[Presentation]:
        """Yield the products that have other ingredients than the first, of which the record says nothing."""
        listed = [self.products[number] for number in sorted(self.products)]
        yield from (product for product in listed if sorted(product.ingredients) != sorted(listed[0].ingredients))

    def _events(self) -> Iterator[Event]:
        in_order = sorted(self.submissions.values(), key=lambda each: (_day(each), each.kind, int(each.number)))
        first = next((each for each in in_order if each.kind == "ORIG"), None)
        # What never competes does not begin to with a wider label.
        by_type = self._application_type(first) if first else ""
        competes_not = by_type if by_type in ("generic", "biosimilar") else ""
        for submission in in_order:
            provisions = ("priority-review",) if submission.priority == "PRIORITY" else ()
            yield Event(
                key=f"{key(self.name)}-{submission.name}",
                kind=self._kind(submission, submission is first),
                agency="FDA",
                date=dates.iso(submission.date),
                application_type=self._application_type(submission) or competes_not,
                provisions=(*provisions, "orphan-status") if submission.orphan else provisions,
                locator=f"{self.locator}, {submission.kind} {submission.number}",
            )

    def _kind(self, submission: Submission, first: bool) -> str:
        """A second original is another strength, a split decision, or a new indication; only the last has a class."""
        further = submission.types and submission.types <= NEW_INDICATION
        if submission.kind == "SUPPL" or further or (submission.submission_class == "EFFICACY" and not first):
            return "LabelExtension"
        return "InitialApproval" if first else "Approval"

    def _application_type(self, submission: Submission) -> str:
        if self.name.startswith("ANDA"):
            return "generic"
        if submission.kind == "SUPPL":
            return ""
        types = submission.types
        if self.name.startswith("BLA") and "1" not in types and _suffixed(self.products.values()):
            return "biosimilar"
        if submission.submission_class == "MEDGAS":
            return "medical-gas"
        if types and types <= NEW_INDICATION:
            return "new-indication"
        return next((code for number, code in CLASSES.items() if number in types), "")


def _day(submission: Submission) -> str:
    found = dates.iso(submission.date)
    return found.last_day if found else ""


def _suffixed(products: Iterable[Presentation]) -> bool:
    """Tell a biologic with one substance and a suffix of four letters (INFLIXIMAB-DYYB).

    New biologics have such a suffix too since 2017, and class TYPE 1; of other classes it is the mark of a biosimilar.
    """
    return any(
        len(product.ingredients) == 1 and re.search(r"-[A-Z]{4}$", product.ingredients[0].upper())
        for product in products
    )


def _status(listed: Iterable[Presentation]) -> str:
    """Marketed if any product is; otherwise the status that all products share."""
    statuses = {status for product in listed for status in product.statuses}
    if statuses & MARKETED:
        return "marketed"
    return STATUSES.get(next(iter(statuses)), "") if len(statuses) == 1 else ""


def ingredients(text: str) -> tuple[str, ...]:
    """Split active ingredients at the semicolons that stand outside brackets."""
    parts = re.split(r";(?![^()]*\))", text)
    return tuple(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
