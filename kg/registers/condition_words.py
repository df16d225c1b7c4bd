"""How names of conditions are compared, and which words of an indication say what it is for.

What is compared is a key: a name without what differs between spellings and says nothing (`plain`), or without what
differs between British and American, singular and plural (`spelled`). Both sides of a comparison go through the same
function, so a key need be no word of any language.

An indication is read from left to right. A condition counts only where the words before it say that the product is for
it ("treatment of .."), and where the words next to it cannot be part of its name: "ulcer" is not found in "diabetic
foot ulcer", nor "cancer" in "cancer pain". What stands after "in patients with", "associated with", "except" is not
what the product is for, until the next "treatment of".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "κ": "kappa", "λ": "lambda"}
_POSSESSIVE = re.compile(r"['\u2019\u2018\u00b4`]s\b|(?<=s)['\u2019\u2018\u00b4`](?=\s|$)")
_APART = re.compile(r"[^0-9a-z]+")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7"}
_NO_PLURAL = frozenset("rabies scabies diabetes herpes caries series species lens aids pancreas".split())


def _ascii(text: str) -> str:
    text = "".join(_GREEK.get(character, character) for character in text.casefold())
    return "".join(character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character))


def plain(name: str) -> str:
    """Return the key of a name: lower case, no accents, each run of other characters one space."""
    return _APART.sub(" ", _ascii(name)).strip()


def spelled(name: str) -> str:
    """Return the key that British and American, singular and plural, "Crohn's" and "Crohn" have in common."""
    words = _APART.sub(" ", _POSSESSIVE.sub("", _ascii(name))).split()
    return " ".join(
        _ROMAN.get(word, word) if at and words[at - 1] in ("type", "grade", "stage") else _word(word)
        for at, word in enumerate(words)
    )


def _word(word: str) -> str:
    if len(word) > 4 and word not in _NO_PLURAL:
        if word.endswith("ies"):
            word = word[:-3] + "y"
        elif word.endswith(("oses", "yses", "ases", "ises", "eses")) and not word.endswith(("diseases", "eases", "cases")):
            word = word[:-2] + "is"
        elif word.endswith("omata"):
            word = word[:-2]
        elif word.endswith(("sses", "xes")):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    word = word.replace("ae", "e").replace("oe", "e")
    return re.sub(r"our$", "or", word).replace("sulph", "sulf") if len(word) > 4 else word


def is_abbreviation(name: str) -> bool:
    """Whether a name is short enough to be another word in lower case ("NET", "AIDS"): it is compared letter by letter."""
    return len(name) <= 5 and sum(character.isupper() for character in name) >= 2


QUALIFIERS = frozenset(
    """
    a an the of adult adults child children pediatric adolescent adolescents patient patients person persons people
    individual individuals men man women woman male males female females infant infants neonate subject subjects with
    suffering from having diagnosed diagnosis known documented confirmed
    severe moderate mild moderately severely mildly active advanced locally metastatic unresectable inoperable resectable resected
    relapsed relapsing refractory recurrent persistent progressive untreated treated previously newly early late stage
    symptomatic symptom sign progressed progressing resistant intractable uncontrolled inadequately
    adequately poorly controlled following specified various certain different both all any some
    positive negative low intermediate high grade risk aggressive indolent
    hormone receptor her2 egfr alk ros1 braf kras brca msi ph philadelphia chromosome cd20 cd30 cd19 cd33 cd22 flt3 estrogen progesterone
    unspecified uncomplicated complicated life threatening serious stable unstable clinically significant
    radiographically proven histologically otherwise healthy ambulatory hospitalized elderly older
    established manifest overt prior current existing
    i ii iii iv iia iib iiia iiib 1 2 3 4
    """.split()
)
"""Words before a condition that leave it the same condition: whom it befell, how far it went, what was tried."""

SEPARATORS = frozenset(", / ( ) [ ] ; : . and or".split()) | {"and/or", "\n"}

CLOSERS = frozenset(
    """
    in who whom whose which that when where whenever if after following before during due caused associated secondary
    related complicated resulting despite while until because since by on at as to but
    except excluding exclude excluded without unless rather than not no nor non never
    undergoing receiving requiring taking using having under for including include included such eg ie especially
    concomitant concomitantly combination complication complications susceptible against via through between among
    whether accompanied accompanying attributable attributed characterized defined based irrespective regardless
    """.split()
)
"""Words after which a condition is the setting, the cause or the exception and no longer what the product is for."""

AFTER = CLOSERS | SEPARATORS | frozenset("with patient adult child pediatric be is are has have harboring expressing".split())
"""Words that may follow a condition; any other could be the rest of a longer name."""

_NEGATED = re.compile(
    r"\b(?:limitations? of use|is not|are not|not (?:be )?(?:indicated|recommended|approved|established|intended|for)|contraindicated"
    r"|should not|do not|has not|have not|except|excluding|with the exception|other than|but not)\b"
)
_LIMITS = re.compile(r"\blimitations? of use\b", re.IGNORECASE)
_RISK = re.compile(r"\b(?:risks? (?:of|for)|reduc\w+ (?:in )?(?:the )?(?:incidence|rate|frequency|likelihood|occurrence))\b")
_PURPOSE = (
    r"(?:treatments?|treating|treat|therapy|therapies|management|managing|manage|prevention|preventing|prevent|prophylaxis"
    r"|immuni[sz]ation|vaccination|diagnosis|diagnosing|detection|cure|eradication|palliation|amelioration|alleviation"
    r"|relief|control|suppression|remission|healing)"
)
_OPENER = re.compile(
    rf"\b{_PURPOSE}(?: (?:and|or|and/or) (?:the )?(?:\w+ )?{_PURPOSE})*(?: (?:of|for|against|in|to))?\b"
    r"|\b(?:indicated|approved|used|useful|effective|use|prescribed|drug|drugs|indication|indications) (?:for|in|against)\b"
    r"|\b(?:indicated|approved|used) (?:for|in|to) (?:the )?use (?:in|for)\b"
)
_REWRITES = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\[[a-z0-9]{1,2}\]|\(\d{1,2}\)", " . "),
        (r"\b(?:very )?(?:mild|moderate|moderately|mildly|low|intermediate)(?:,? ?| |-)(?:to|or)(?: |-)(?:very )?(severe|severely|moderate|high)\b", r"\1"),
        (r"\b(?:the )?(?:signs?|symptoms?|signs? (?:and|or|and/or|&) symptoms?|manifestations?|attacks?|episodes?|all forms|forms?|cases?) of\b", " "),
        (r"\b(?:first|second|third)[- ]line\b", " "),
        (r"\b(?:following|below) (?:conditions?|diseases?|infections?|indications?|disorders?)?:?", " , "),
        (r"\b(?:aged? )?(?:from )?\d+ (?:years?|months?)(?: of age| old)?(?: (?:and|or) (?:older|above|over))?", " "),
    )
)
_TOKEN = re.compile(r"[0-9A-Za-z]+|[.,;:/()\[\]\n]")


def phrases(text: str, known: Callable[[str, str], object], longest: int = 14) -> Iterator[tuple[str, object]]:
    """Yield (words as printed, what `known` returns for them) of each phrase that says what an indication is for.

    `known(printed, key)` returns None for a phrase that is no name of a condition.
    """
    text = _LIMITS.split(unicodedata.normalize("NFKC", text), maxsplit=1)[0]
    for sentence in re.split(r"(?<=[a-z0-9)\]])\.(?=\s|$|[A-Z])|\n\s*|;", _rewritten(text)):
        yield from _in_sentence(sentence, known, longest)


def _rewritten(text: str) -> str:
    text = _POSSESSIVE.sub("", text)
    for pattern, instead in _REWRITES:
        text = pattern.sub(instead, text)
    return _without_brackets(text)


def _without_brackets(text: str) -> str:
    """Take out what stands in brackets: an abbreviation, an exception, a remark; a bracket left open ends the sentence."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"[(\[][^()\[\]]*[)\]]", " ", text)
    return re.sub(r"[(\[]", " . ", text)


def _in_sentence(sentence: str, known: Callable[[str, str], object], longest: int) -> Iterator[tuple[str, object]]:
    folded = _fold_in_place(sentence)
    end = found.start() if (found := _NEGATED.search(folded)) else len(folded)
    opened = {match.end() for match in _OPENER.finditer(folded, 0, end)}
    inside = [range(*match.span()) for match in _OPENER.finditer(folded, 0, end)]
    closed_at = {match.end() for match in _RISK.finditer(folded, 0, end)}
    tokens = [match for match in _TOKEN.finditer(sentence) if match.start() < end]
    keys = [spelled(token[0]) or token[0] for token in tokens]
    lower = [folded[token.start() : token.end()] for token in tokens]
    is_open, is_clean, at = True, True, 0
    while at < len(tokens):
        place = tokens[at]
        if any(place.start() in span for span in inside):
            is_open = is_clean = place.end() in opened or any(place.end() in span for span in inside)
            at += 1
            continue
        if place.end() in closed_at:
            is_open = False
        if is_open and is_clean:
            for length in range(min(longest, len(tokens) - at), 0, -1):
                last = tokens[at + length - 1]
                printed = sentence[place.start() : last.end()]
                if (thing := known(printed, spelled(printed))) is not None:
                    if at + length == len(tokens) or _may_follow(lower, keys, at + length, opened, tokens):
                        yield printed, thing
                    at += length
                    is_clean = False
                    break
            else:
                length = 0
            if length:
                continue
        word = lower[at]
        if word in SEPARATORS:
            is_clean = True
        elif word in QUALIFIERS or keys[at] in QUALIFIERS:
            pass
        elif word in CLOSERS:
            is_open = False
        else:
            is_clean = False
        at += 1


def _may_follow(lower: list[str], keys: list[str], at: int, opened: set[int], tokens: list[re.Match[str]]) -> bool:
    return lower[at] in AFTER or keys[at] in AFTER


def _fold_in_place(text: str) -> str:
    """Return the text in lower case and ASCII, each character in its place."""
    return "".join(_ascii(character)[:1] or " " for character in text)


HEADING_QUALIFIERS = frozenset(
    """
    advanced metastatic unresectable inoperable relapsed relapsing refractory recurrent severe moderate mild
    untreated active locally adult pediatric paediatric
    """.split()
) 
"""Words that a condition term may begin with and still be the condition."""

WORDINGS: dict[str, tuple[str, ...]] = {}
