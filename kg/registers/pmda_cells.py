"""Cells of PMDA's lists, as they come from PDFs: brands with their applicants, kinds of approval, remarks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_COMPANY = re.compile(
    r"\b(Co\b|Inc\b|Ltd\b|Corp|Company|GK\b|G\.K|LLC|GmbH|KGaA|AG\b|AB\b|Pharma|Limited|Laborator|Institut|Foundation"
    r"|Organization|Universit|Kagaku|Pasteur|Japan\b|Kaketsuken)|K\.\s?K|\bKK\b",
    re.IGNORECASE,
)
"""What tells an applicant in brackets from a part of a brand's name, such as (H5N1), (Solution) or (Fuso)."""

_BRACKETS = str.maketrans({"\uff08": "(", "\uff09": ")", "\u1ca2": "(", "\u1ca3": ")", "\u2013": "-"})
"""Full-width brackets, and the Georgian letters into which the extraction turned some."""

_KIND = re.compile(r"(?:Supplemental|Partial)\s+Change|Supplemental|Partial|Change|(?:Emergency\s+)?Approval", re.I)


@dataclass(frozen=True)
class Brand:
    """A brand as printed, with its strength, and who applied for it."""

    name: str
    companies: tuple[str, ...] = ()


def kinds(cell: str) -> list[str]:
    """Return 'approval' or 'change' for each brand that the cell speaks of: `Change\\nChange\\nApproval`."""
    return ["approval" if "pproval" in found[0].lower() else "change" for found in _KIND.finditer(cell)]


def brands(cell: str, count: int) -> list[Brand] | None:
    """Return the brands of a cell, or None where they cannot be told apart.

    They can where one way of cutting the cell, by lines and by the word that brands begin with, gives as many brands as
    there are kinds of approval; or, if the row prints one kind for all (count 1), where two ways agree, and each brand
    has its strength.
    """
    parts = list(_parts(cell))
    ways = [
        [Brand(name, companies) for text, companies in parts for name in cut(text)]
        for cut in (_by_line_and_word, _by_word, _by_line)
    ]
    if count == 1 and ways[0] == ways[1] and all(re.search(r"\d", brand.name) for brand in ways[0]):
        return [Brand(_bare(brand.name), brand.companies) for brand in ways[0]]
    way = next((way for way in ways if len(way) == count), None)
    return _with_their_companies(way, _numbered_companies(cell)) if way else None


def _with_their_companies(found: list[Brand], numbered: dict[int, str]) -> list[Brand]:
    """Give each brand its applicant where one bracket has several: by the number of its place, or the printed one."""
    printed = [int(number[1]) if (number := re.match(r"\((\d+)\)", brand.name)) else 0 for brand in found]
    numbers = list(range(1, len(found) + 1)) if len(numbered) == len(found) else printed
    return [
        Brand(_bare(brand.name), (numbered[number],) if number in numbered else brand.companies)
        for brand, number in zip(found, numbers, strict=True)
    ]


def whole(cell: str) -> Brand:
    """Return all that a cell says as one brand."""
    parts = list(_parts(cell))
    companies = dict.fromkeys(company for _, each in parts for company in each)
    return Brand(_line(" ".join(text for text, _ in parts)), tuple(companies))


def applicant(cell: str) -> str | None:
    """Return the applicant if the cell has nothing else: it is that of the rows above."""
    parts = list(_parts(cell))
    return parts[0][1][0] if len(parts) == 1 and not parts[0][0] and len(parts[0][1]) == 1 else None


def without_number(cell: str) -> str:
    """Return the cell without the number of the row, which older lists have before the first brand."""
    return re.sub(r"^\s*\d{1,3}(\s+|$)", "", cell)


def remarks(words: str) -> tuple[str, list[str]]:
    """Return the words without the remarks in brackets on how the drug was reviewed, and the remarks."""
    found = [_line(match[0]).strip("[]<>. ") for match in _REMARK.finditer(words)]
    return _line(_REMARK.sub(" ", words)), found


_REVIEW = r"orphan|review|priority|sakigake|conditional|emergency|public\s+knowledge|off.label|specific\s+use"
_REMARK = re.compile(
    rf"\[(?=[^\]]*({_REVIEW}))[^\]]*(\]|$)|<(?=[^>]*({_REVIEW}))[^>]*(>|$)"
    r"|\s(Expedited|Priority|Prompt) review\.?(?=\s*$)",
    re.IGNORECASE,
)


def ingredients(cell: str, found: Sequence[Brand]) -> list[str]:
    """Return the ingredients of each brand, as printed; '' where the cell does not tell them.

    One name, or several of a combination, is of all brands. Several names for brands of several families are theirs in
    turn if there are as many of both, or by the numbers that the cell has for the places of the brands.
    """
    cell = cell.translate(_BRACKETS)
    if re.match(r"\s*(N/A|\(combination drug\))", cell):
        return [""] * len(found)
    cell = re.sub(r"^\s*A combination drug of ", "", cell)
    families = list(dict.fromkeys(_family(brand.name) for brand in found))
    numbered = re.findall(r"((?:[(\[]\d+[)\]][\s,\-]*)+)([^(\[]+)", cell)
    if re.match(r"\d[:)]|except", cell.strip(), re.IGNORECASE) or (numbered and (len(families) > 1 or _places(cell))):
        by_place = {place: _line(name) for numbers, name in numbered for place in _expand(numbers)}
        # Some lists number the applications, of several brands each: such numbers are not places.
        places = range(1, len(found) + 1)
        return [by_place[place] if set(by_place) == set(places) else "" for place in places]
    names = _names(re.sub(r"(^|\s)[(\[]\d[)\]]", "\n", cell))
    if len(names) > 1 and len(families) > 1:
        by_family = dict(zip(families, names, strict=True)) if len(families) == len(names) else {}
        return [by_family.get(_family(brand.name), "") for brand in found]
    return [re.sub(r"\s*/( */)*\s*", " / ", " / ".join(names))] * len(found)


def _family(name: str) -> str:
    word = _WORD.match(name)
    return word[0].lower() if word else ""


def _places(cell: str) -> bool:
    """Whether numbers stand for places of brands, several to a name, and not each for an ingredient."""
    return bool(re.search(r"[)\]][\s,\-]*[(\[]\d", cell))


def _names(cell: str) -> list[str]:
    """Return the names in a cell, one a line, with those put together that go on in the next line."""
    names: list[str] = []
    for line in filter(None, map(_line, cell.splitlines())):
        goes_on = re.match(r"[^A-Z]|(Hydrochloride|Sodium|Hydrate)$", line)
        if names and (goes_on or names[-1].endswith(("/", "-", ",")) or names[-1].count("(") > names[-1].count(")")):
            names[-1] += line if names[-1].endswith("-") else f" {line}"
        else:
            names.append(line)
    return names


def slug(text: str) -> str:
    """Return a name as the tail of an IRI: letters and digits, with hyphens between."""
    plain = unicodedata.normalize("NFKD", text.replace("µ", "u").replace("μ", "u")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _parts(cell: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (text with brands, their applicants): an applicant in brackets stands after its brands."""
    cell = cell.translate(_BRACKETS)
    start = 0
    for opening, closing in _groups(cell):
        inside = _line(cell[opening + 1 : closing])
        if _COMPANY.search(inside):
            each = re.split(r"(?:[(\[]\d+[)\]][\s,\-]*)+", inside)
            companies = tuple(name.strip(" ,").replace("..", ".") for name in each if name.strip(" ,"))
            yield cell[start:opening].strip(), companies
            start = closing + 1
    if rest := cell[start:].strip(" \n\t,."):
        yield rest, ()


def _groups(cell: str) -> Iterator[tuple[int, int]]:
    """Yield where each outermost pair of brackets opens and closes; one that is never closed ends with the cell."""
    depth = opening = 0
    for place, sign in enumerate(cell):
        if sign == "(":
            opening = opening if depth else place
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
            if not depth:
                yield opening, place
    if depth:
        yield opening, len(cell)


def _numbered_companies(cell: str) -> dict[int, str]:
    """Return place of brand -> applicant where one bracket holds several: ((1) (2) Fuji Pharma Co., Ltd. (3) ..)."""
    cell = cell.translate(_BRACKETS)
    found: dict[int, str] = {}
    for opening, closing in _groups(cell):
        inside = _line(cell[opening + 1 : closing])
        if re.match(r"[(\[]\d", inside):
            for numbers, name in re.findall(r"((?:[(\[]\d+[)\]][\s,\-]*)+)([^()\[\]]+)", inside):
                found |= dict.fromkeys(_expand(numbers), name.strip(" ,"))
    return found


def _expand(numbers: str) -> list[int]:
    """Read (1) (2), (1)-(3) and [1] - [3]."""
    each = [int(number) for number in re.findall(r"\d+", numbers)]
    return list(range(each[0], each[-1] + 1)) if re.search(r"[)\]]\s*-\s*[(\[]", numbers) else each


def _by_line_and_word(text: str) -> list[str]:
    return _clean(name for line in text.splitlines() for name in _at_first_word(_line(line)))


def _by_word(text: str) -> list[str]:
    return _clean(_at_first_word(_line(text)))


def _by_line(text: str) -> list[str]:
    return _clean(text.splitlines())


def _at_first_word(line: str) -> list[str]:
    """Cut `Livalo Tablets 1 mg Livalo Tablets 2 mg` where the word that it begins with comes again."""
    word = _WORD.match(_bare(line))
    return re.split(rf"(?<=[\s,])(?<!\d\)\s)(?=(?:\(\d+\)\s*)*{re.escape(word[0])}(?![a-z]))", line) if word else [line]


_WORD = re.compile(r"\d-\w+|[^\W\d_]{3,}|\S+")
"""The word by which brands of one family are known: Livalo, Ciproxan of Ciproxan-I.V.200, 5-FU."""


def _clean(names: Iterable[str]) -> list[str]:
    plain = (_line(name).strip(" ,;") for name in names)
    return [name for name in plain if re.search(r"\w", _bare(name))]


def _bare(name: str) -> str:
    """Return a name without the numbers in brackets before it."""
    return re.sub(r"^(\(\d+\)[\s,\-]*)+", "", name)


def _line(text: str) -> str:
    return " ".join(text.split())
