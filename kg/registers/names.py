"""Names of substances, normalised: the key under which a name is found, and the tail of an IRI.

>>> fold("Interferon beta-1a")
'INTERFERON BETA 1A'
>>> fold("β-carotène")
'BETA CAROTENE'
>>> slug("Amlodipine besylate (anhydrous)")
'amlodipine-besylate-anhydrous'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_GREEK = {
    ord(letter): f" {name} "
    for letter, name in zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        "ALPHA BETA GAMMA DELTA EPSILON ZETA ETA THETA IOTA KAPPA LAMBDA MU NU XI OMICRON PI RHO SIGMA TAU UPSILON PHI "
        "CHI PSI OMEGA".split(),
        strict=True,
    )
}
_LIGATURES = {ord(letter): pair for letter, pair in {"Æ": "AE", "Œ": "OE", "Ø": "O", "ẞ": "SS", "Ł": "L"}.items()}
_ASCII = {code: chr(code).upper() if chr(code).isalnum() else " " for code in range(128)} | {
    ord("'"): "",
    ord("&"): " AND ",
}
_SIGNS = (("(+/-)", " PLUS MINUS "), ("(+-)", " PLUS MINUS "), ("(+)", " PLUS "), ("(-)", " MINUS "))
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def to_ascii(name: str) -> str:
    """Return `name` without accents, ligatures and typographic signs; Greek letters are written out.

    >>> to_ascii("Calcitonine de saumon – 99ᵐTc")
    'Calcitonine de saumon - 99mTc'
    """
    if name.isascii():
        return name
    name = unicodedata.normalize("NFKD", name).translate(_GREEK).translate(_LIGATURES)
    name = re.sub("[\u2010-\u2015\u2212]", "-", name).replace("ß", "ss").replace("æ", "ae").replace("œ", "oe")
    name = name.replace("ø", "o").replace("ł", "l").translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
    return "".join(c if c.isascii() else "" if unicodedata.combining(c) else " " for c in name)


def fold(name: str) -> str:
    """Return the key of a name: upper case, ASCII, Greek letters written out, one space for all punctuation.

    The sign of an optical isomer is kept as a word, so that (+)-X and (-)-X stay two.

    >>> fold("(-)-menthol"), fold("Menthol")
    ('MINUS MENTHOL', 'MENTHOL')
    """
    if not name.isascii():
        name = to_ascii(name.replace("±", "+/-"))
    if "(+" in name or "(-)" in name:
        for sign, word in _SIGNS:
            name = name.replace(sign, word)
    return " ".join(name.translate(_ASCII).split())


def slug(name: str) -> str:
    """Return `name` as the tail of an IRI: lower case, digits, single hyphens; 'unnamed' if nothing is left.

    >>> slug("N/A"), slug(" - ")
    ('n-a', 'unnamed')
    """
    return _NOT_SLUG.sub("-", to_ascii(name).lower()).strip("-") or "unnamed"


_REMARK = re.compile(
    r"""\s*[(\[][^()\[\]]*\b(?:genetic(?:al)?\s*recombination|biosimilar|follow-on|r-?dna\s+origin|derived\s+from
    |new\s+active|as\s+an?\s|underlined)[^()\[\]]*[)\]]""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERING = re.compile(r"(?:^|(?<=\s)|(?<=[;/,]))(?:\(\d{1,2}\)|\d{1,2}\)|[①-⑳])[\s,]*|(?<=\))\(\d\)\s*")
_BREAK = re.compile(
    r"\s*(?:;|\n)\s*|\s*/\s*|\s+\+\s+|,\s+(?:and\s+)?|\s+(?:and|with|&|in combination with)\s+", re.IGNORECASE
)


def tidy(printed: str) -> str:
    """Return a printed name without line numbers, double spaces and odd brackets; line breaks stay."""
    text = printed.replace("\xa0", " ").replace("（", "(").replace("）", ")").replace("，", ", ").replace("、", ", ")
    text = text.replace("／", "/").replace("；", ";").replace("\r", "\n")
    text = _NUMBERING.sub("\n", text) if _NUMBERING.search(text) else text
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line).strip(" ;,/+")


def segments(text: str) -> tuple[list[str], list[bool]]:
    """Split at everything that can join substances, outside parentheses; say which breaks are sure (';').

    >>> segments("a; b (c, d) and e")
    (['a', 'b (c, d)', 'e'], [True, False])
    """
    pieces, sure, start, depth = [], [], 0, 0
    depths = []
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        depths.append(max(depth, 0))
    for found in _BREAK.finditer(text):
        if depths[found.start()] or found.start() <= start and not text[start : found.start()].strip():
            continue
        pieces.append(text[start : found.start()])
        sure.append(";" in found[0])
        start = found.end()
    return [piece.strip() for piece in (*pieces, text[start:])], sure


def groups(text: str, pieces: list[str], sure: list[bool], *, most: int = 3) -> Iterator[list[str]]:
    """Yield ways to join pieces that were split too far, the whole first; a sure break is never undone.

    >>> list(groups("a and b", ["a", "b"], [False]))
    [['a and b'], ['a', 'b']]
    """
    starts, at = [], 0
    for piece in pieces:
        at = text.index(piece, at)
        starts.append(at)
        at += len(piece)
    ends = [start + len(piece) for start, piece in zip(starts, pieces, strict=True)]

    def ways(first: int) -> Iterator[list[str]]:
        if first == len(pieces):
            yield []
        for last in range(min(first + most, len(pieces)) - 1, first - 1, -1):
            if not any(sure[first:last]):
                for rest in ways(last + 1):
                    yield [text[starts[first] : ends[last]].replace("\n", " "), *rest]

    if not any(sure):
        yield [text.replace("\n", " ")]
    yield pieces
    for number, way in enumerate(ways(0)):
        if number > 200:
            break
        if way != pieces:
            yield way


def without_parenthesis(text: str) -> tuple[str, str] | None:
    """Return the name before the first parenthesis and the name in it, or None if there are not both.

    >>> without_parenthesis("DOBUTAMINE (DOBUTAMINE HYDROCHLORIDE)")
    ('DOBUTAMINE', 'DOBUTAMINE HYDROCHLORIDE')
    """
    found = re.fullmatch(r"([^(\[]+?)\s*[(\[](.+)[)\]]\s*", text)
    return (found[1], found[2]) if found else None


_SUFFIX = re.compile(r"(?<=[a-z]{4})-[a-z]{4}$", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:ado|fam|ziv|tbo)-", re.IGNORECASE)
_WORDS = re.compile(
    r"\b(?:recombinant|human|purified|biosynthetic|synthetic|sterile|powdered|micronized|equivalent to|as the|as|"
    r"rdna origin|recombinant dna origin|r dna|extract|oil|preparation)\b",
    re.IGNORECASE,
)


def reduced(text: str) -> Iterator[str]:
    """Yield a name without what registers add to it: remarks, the suffix of a biologic, words of origin.

    >>> list(reduced("adalimumab-atto"))
    ['adalimumab']
    """
    seen = {text}
    plain = _REMARK.sub("", text)
    unprefixed = _PREFIX.sub("", plain)
    for shorter in (
        plain,
        _SUFFIX.sub("", plain),
        unprefixed,
        _SUFFIX.sub("", unprefixed),
        re.sub(r"\s*[(\[]\s*as\s+([^()]*)[)\]]", r" \1", plain),
        " ".join(re.sub(r"\b(?:recombinant|\(recombinant\)|biosynthetic|purified)\b", " ", plain, flags=re.I).split()),
        " ".join(_WORDS.sub(" ", plain).split()),
    ):
        if shorter not in seen and fold(shorter):
            seen.add(shorter)
            yield shorter


_SPELLINGS = [
    (re.compile(pattern), to)
    for pattern, to in (
        (r"SULPH", "SULF"), (r"SULF", "SULPH"), (r"OE", "E"), (r"AE", "E"), (r"CEPH", "CEF"), (r"CEF", "CEPH"),
        (r"PH", "F"), (r"F", "PH"), (r"Y", "I"), (r"I", "Y"), (r"TH", "T"), (r"T(?!H)", "TH"), (r"K", "C"), (r"C", "K"),
        (r"S$", ""), (r"S\b", ""), (r"(.)\1", r"\1"), (r" (?=\d)", ""), (r"(?<=[A-Z])(?=\d)", " "), (r"ALUMINIUM", "ALUMINUM"),
        (r"^L (?=\w{4})", ""), (r"^DL (?=\w{4})", ""), (r"^D (?=\w{4})", ""), (r"OUR", "OR"), (r"AMFET", "AMPHET"),
        (r"(\d+) ?([A-Z][A-Z]?)\b(?! \d)", r"\2 \1"), (r" ", ""),
    )
]  # fmt: skip


def respelled(name: str) -> Iterator[str]:
    """Yield other spellings of a folded name: British and American, INN and USAN, isotopes.

    >>> "SULFAPYRIDINE" in respelled("SULPHAPYRIDINE"), "FLUTEMETAMOL F 18" in respelled("FLUTEMETAMOL 18F")
    (True, True)
    """
    seen = {name}
    for pattern, to in _SPELLINGS:
        for variant in (pattern.sub(to, name), pattern.sub(to, name, count=1)):
            if variant not in seen and variant:
                seen.add(variant)
                yield variant
