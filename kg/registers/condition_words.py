"""How names of conditions are compared.

What is compared is a key: a name without what differs between spellings and says nothing (`plain`), or without what
differs between British and American, singular and plural (`spelled`). Both sides of a comparison go through the same
function, so a key need be no word of any language.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_GREEK = dict(
    zip(
        "\u03b1\u03b2\u03b3\u03b4\u03b5\u03ba\u03bb", "alpha beta gamma delta epsilon kappa lambda".split(), strict=True
    )
)
POSSESSIVE = re.compile(r"['\u2019\u2018\u00b4`]s\b|(?<=s)['\u2019\u2018\u00b4`](?=\s|$)")
_APART = re.compile(r"[^0-9a-z]+")
_BRITISH = re.compile(r"(i)s(e|ed|ing|ation)$")
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7"}
_NO_PLURAL = frozenset("rabies scabies diabetes herpes caries series species lens aids pancreas".split())


def ascii_of(text: str) -> str:
    """Return a text in lower case, Greek letters by name, without accents."""
    if text.isascii():
        return text.lower()
    text = "".join(_GREEK.get(character, character) for character in text.casefold())
    return "".join(
        character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character)
    )


def plain(name: str) -> str:
    """Return the key of a name: lower case, no accents, each run of other characters one space."""
    return _APART.sub(" ", ascii_of(name)).strip()


@lru_cache(maxsize=1 << 16)
def spelled(name: str) -> str:
    """Return the key that British and American, singular and plural, "Crohn's" and "Crohn" have in common."""
    words = _APART.sub(" ", POSSESSIVE.sub("", ascii_of(name))).split()
    if "type" in words:
        words = [ROMAN.get(word, word) if at and words[at - 1] == "type" else word for at, word in enumerate(words)]
    return " ".join(map(word_key, words))


@lru_cache(maxsize=1 << 16)
def word_key(word: str) -> str:
    """Return the key of one word in lower case."""
    if len(word) > 4 and word not in _NO_PLURAL:
        if word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith(("oses", "yses", "ases", "ises", "eses")) and not word.endswith(
            ("diseases", "eases", "cases")
        ):
            word = word[:-2] + "is"
        elif word.endswith("omata") or word.endswith(("sses", "xes")):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    word = word.replace("ae", "e").replace("oe", "e")
    return _BRITISH.sub(r"\1z\2", re.sub(r"our$", "or", word)).replace("sulph", "sulf") if len(word) > 5 else word


def is_abbreviation(name: str) -> bool:
    """Whether a name is short enough to be another word in lower case ("NET", "AIDS"): its case then counts."""
    return len(name) <= 5 and sum(character.isupper() for character in name) >= 2


HEADING_QUALIFIERS = frozenset(
    """
    advanced metastatic unresectable inoperable relapsed relapsing refractory recurrent severe moderate mild
    untreated active locally adult pediatric paediatric
    """.split()
)
"""Words that a condition term may begin with and still be the condition."""
