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
_ASCII = bytes(
    code if code == 10 else ord(chr(code).upper()) if code < 128 and chr(code).isalnum() else 32 for code in range(256)
)
_SIGNS = (("(+/-)", " PLUS MINUS "), ("(+-)", " PLUS MINUS "), ("(+)", " PLUS "), ("(-)", " MINUS "), ("&", " AND "))
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def to_ascii(name: str) -> str:
    """Return `name` without accents, ligatures and typographic signs; Greek letters are written out.

    >>> to_ascii("Iobenguane (¹³¹I), Bacillus Calmette-Guérin")
    'Iobenguane (131I), Bacillus Calmette-Guerin'
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
    return fold_all([name])[0]


def fold_all(names: list[str]) -> list[str]:
    """Fold many names at once, which takes a third of the time.

    >>> fold_all(["Interferon beta-1a", "(+)-catechin"])
    ['INTERFERON BETA 1A', 'PLUS CATECHIN']
    """
    if not names:
        return []
    text = "\n".join(names)
    if text.count("\n") >= len(names) or not text.isascii():
        plain = (name if name.isascii() else to_ascii(name.replace("\u00b1", "+/-")) for name in names)
        text = "\n".join([name.replace("\n", " ") for name in plain])
    for sign, word in _SIGNS:
        text = text.replace(sign, word)
    text = text.encode("ascii").translate(_ASCII, b"'").decode("ascii")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace(" \n", "\n").replace("\n ", "\n").strip(" ").split("\n")


def slug(name: str) -> str:
    """Return `name` as the tail of an IRI: lower case, digits, single hyphens; 'unnamed' if nothing is left.

    >>> slug("N/A"), slug(" - ")
    ('n-a', 'unnamed')
    """
    return _NOT_SLUG.sub("-", to_ascii(name).lower()).strip("-") or "unnamed"


_NUMBERING = re.compile(
    r"^Except \(\d\):|^\[JP\]|(?:^|(?<=[\s;/,)]))(?:\(\d{1,2}\)|\d{1,2}\)|\[\d\](?: - \[\d\])?)[\s,:-]*"
)
_BREAK = re.compile(
    r"\s*(?:[;\n/]\s*)+|:\s+|\s+\+\s+|,\s+(?:and\s+)?|(?<=[a-z]{4}),(?=[a-z]{4})|\s+(?:and|with|&)\s+",
    re.IGNORECASE,
)
_WIDE = str.maketrans(
    {
        "\xa0": " ",
        "\uff08": "(",
        "\uff09": ")",
        "\uff0c": ",",
        "\u3001": ",",
        "\uff0f": "/",
        "\uff1b": ";",
        "\u1ca2": "(",
        "\u1ca3": ")",
        "\u1cfd": "\n",
    }
)


NO_NAME = frozenset(("", "N A", "NA", "NONE", "NIL", "NOT APPLICABLE", "NOT STATED", "UNKNOWN"))
"""Folded cells that name no substance."""


def tidy(printed: str) -> str:
    """Return a printed name without line numbers, double spaces and odd brackets; line breaks stay."""
    text = _NUMBERING.sub("\n", printed.translate(_WIDE).replace("\r", "\n"))
    text = re.sub(
        r"[\d,]+ J?AU/mL|\(co-packaged\)|^(?:a )?combination drug (?:of|containing)\b", "", text, flags=re.IGNORECASE
    )
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line).replace("\n(", " (").replace("\n[", " [").strip(" ;,/+")


def segments(text: str) -> list[tuple[str, str]]:
    """Split at everything that can join substances, outside parentheses: (piece, the break after it).

    >>> segments("a; b (c, d) and e")
    [('a', '; '), ('b (c, d)', ' and '), ('e', '')]
    """
    depths, depth = [], 0
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        depths.append(depth)
    pieces, start = [], 0
    for found in _BREAK.finditer(text):
        if depths[found.start()] <= 0 and text[start : found.start()].strip():
            pieces.append((text[start : found.start()].strip(), found[0]))
            start = found.end()
    return [*pieces, (text[start:].strip(), "")]


def without_parenthesis(text: str) -> tuple[str, str] | None:
    """Return the name before the first parenthesis and the name in it, or None if there are not both.

    >>> without_parenthesis("DOBUTAMINE (DOBUTAMINE HYDROCHLORIDE)")
    ('DOBUTAMINE', 'DOBUTAMINE HYDROCHLORIDE')
    """
    found = re.fullmatch(r"([^(\[]+?)\s*[(\[](.+)[)\]]\s*", text)
    return (found[1], found[2]) if found else None


_REMARK = re.compile(
    r"""[\s(\[]+genetic(?:al|ally)?\b.*$|\s*[(\[][^()\[\]]*\b(?:biosimilar|r-?dna|former|underlined|from\shuman\surine)\b[^()\[\]]*[)\]]""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SUFFIX = re.compile(r"(?<=[a-z]{4})-[a-z]{4}$", re.IGNORECASE)
_STRENGTH = re.compile(r"[\s,]+\d[\d.,]*\s*(?:mg|g|mcg|kg|ml|l|iu|mbq|units?|%)(?![a-z])(?:\s*/.*)?$", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:ado|fam|ziv|tbo)-", re.IGNORECASE)
_ORIGIN = re.compile(
    r"[(\[]?\b(?:recombinant|biosynthetic|purified|sterile|microni[sz]ed|liposomal)\b[)\]]?", re.IGNORECASE
)
_ALLERGEN = re.compile(r"^(?:standardized )?(.*\b(?:pollen|dermatophagoides \w+)) extract\b.*", re.IGNORECASE)
"""UNII calls an allergen's extract by its source."""
_MAKING = re.compile(r"\b(?:freeze-dried|lyophilized|concentrated?|kit|adsorbed|micronis?ed|crystal)\b", re.IGNORECASE)


def reduced(text: str) -> Iterator[str]:
    """Yield a name without what registers add to it: remarks, the suffix of a biologic, words of origin.

    >>> list(reduced("adalimumab-atto")), list(reduced("Infliximab (genetical recombination)"))
    (['adalimumab'], ['Infliximab'])
    """
    seen = {text}
    plain = _STRENGTH.sub("", _REMARK.sub("", text))
    unprefixed = _PREFIX.sub("", plain)
    unqualified = " ".join(_ORIGIN.sub(" ", plain).split()).strip(" ,")
    for shorter in (
        plain,
        _SUFFIX.sub("", plain),
        unprefixed,
        _SUFFIX.sub("", unprefixed),
        re.sub(r"\s*[(\[]\s*as\s+([^()]*)[)\]]", r" \1", plain),
        unqualified,
        " ".join(_MAKING.sub(" ", unqualified).split()),
        _ALLERGEN.sub(r"\1", plain),
    ):
        if shorter not in seen and fold(shorter):
            seen.add(shorter)
            yield shorter


_NORMAL = r"^(?=.*\bHUMAN\b)(?=.*\b(?:NORMAL|TREATED)\b)(?=.*\bIMMUNOGLOBULIN\b)(?!.*\bANTI\b).*$"
_SPELLINGS = [
    (re.compile(pattern), to)
    for pattern, to in (
        (r"SULPH", "SULF"), (r"SULF", "SULPH"), (r"OE", "E"), (r"AE", "E"), (r"CEPH", "CEF"), (r"CEF", "CEPH"),
        (r"PH", "F"), (r"F", "PH"), (r"Y", "I"), (r"I", "Y"), (r"TH", "T"), (r"T(?!H)", "TH"), (r"K", "C"),
        (r"C", "K"), (r"S\b", ""), (r"(.)\1", r"\1"), (r" (?=\d)", ""), (r"(?<=[A-Z])(?=\d)", " "), (r" ", ""),
        (r"(?<=\d)(?=[A-Z]{4})", " "),
        (r"(?:^| )(?:L|D|DL) (?=\w{4})", " "), (r"^PARA ", "P "), (r"AMFET", "AMPHET"), (r"ALUMINIUM", "ALUMINUM"),
        (r"\b(\d{1,3}M?) ?([A-Z][A-Z]?)\b(.*)", r"\2 \1\3"), (r"\b(\d{1,3}M?) ?([A-Z][A-Z]?)\b(.*)", r"\3 \2 \1"),
        (r" FUMARIC ACID$", " FUMARATE"), (r"HYDROGEN CARBONATE", "BICARBONATE"),
        (r"IMMUNOGLOBULIN", "IMMUNE GLOBULIN"),
        (r"^(.+) IMMUNOGLOBULIN HUMAN$", r"HUMAN \1 IMMUNE GLOBULIN"), (r"^HUMAN COAGULATION", "COAGULATION"),
        (r"^(.+) IMMUNOGLOBULIN HUMAN$", r"HUMAN \1 VIRUS IMMUNE GLOBULIN"), (r"GONADOTROPHIN", "GONADOTROPIN"),
        (_NORMAL, "HUMAN IMMUNOGLOBULIN G"),
    )
]  # fmt: skip


def respelled(name: str) -> Iterator[str]:
    """Yield other spellings of a folded name: British and American, INN and USAN, isotopes, immunoglobulins.

    >>> "SULFAPYRIDINE" in respelled("SULPHAPYRIDINE")
    True
    >>> "LUTETIUM CHLORIDE LU 177" in respelled("LUTETIUM 177LU CHLORIDE")
    True
    """
    seen = {name}
    for pattern, to in _SPELLINGS:
        for count in (0, 1):
            variant = " ".join(pattern.sub(to, name, count=count).split())
            if variant and variant not in seen:
                seen.add(variant)
                yield variant


def near(name: str) -> tuple[str, str]:
    """Return a head and a tail of a name; one misprint leaves one of the two as it was."""
    return f"{name[:5]}*", f"*{name[-5:]}"


def one_off(one: str, other: str) -> bool:
    """Say whether a letter too few, too many or another, or two swapped, but not the first, makes one the other.

    >>> one_off("CLOFARBINE", "CLOFARABINE"), one_off("SIMETHICONE", "DIMETHICONE")
    (True, False)
    """
    if one[:1] != other[:1] or one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
