"""Which words of an indication say what it is for.

An indication is read from left to right. A condition counts only where the words before it say that the product is for
it ("treatment of .."), and where the words next to it cannot be part of its name: "ulcer" is not found in "diabetic
foot ulcer", nor "cancer" in "cancer pain". What stands after "in patients with", "associated with", "except" is not
what the product is for, until the next "treatment of".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from kg.registers.condition_words import POSSESSIVE, ROMAN, ascii_of, word_key

QUALIFIERS = frozenset(
    """
    a an the of adult adults child children pediatric adolescent adolescents patient patients person persons people
    individual individuals men man women woman male males female females infant infants neonate subject subjects with
    suffering from having diagnosed diagnosis known documented confirmed
    severe moderate mild moderately severely mildly active advanced locally metastatic unresectable inoperable
    resectable resected
    relapsed relapsing refractory recurrent untreated treated previously newly early late stage
    symptomatic symptom sign progressed progressing resistant intractable uncontrolled inadequately
    adequately poorly controlled specified various certain different both all any some
    positive negative low intermediate high grade risk
    hormone receptor her2 egfr alk ros1 braf kras brca msi ph philadelphia chromosome cd20 cd30 cd19 cd33 cd22 flt3
    estrogen progesterone
    unspecified uncomplicated complicated life threatening serious stable unstable clinically significant
    radiographically proven histologically otherwise healthy ambulatory hospitalized elderly older
    established manifest overt generalized generalised
    prior current existing recurrence relapse progression exacerbation onset
    i ii iii iv iia iib iiia iiib 1 2 3 4
    """.split()
)
"""Words before a condition that leave it the same condition: whom it befell, how far it went, what was tried."""

SEPARATORS = frozenset(", ( ) [ ] ; : . and or".split())

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

BARRIERS = frozenset(
    """
    undergoing receiving requiring taking following after during before despite who whose which because since
    preparation preparatory induced caused resulting
    """.split()
)
"""Words after which even "treatment of" tells what befell the patient, until a new part of the sentence begins."""

EXTENT = frozenset("metastatic advanced unresectable".split())
"""Words that no name of a condition in an indication begins with: "unresectable or metastatic melanoma" is melanoma."""

AFTER = (
    CLOSERS
    | SEPARATORS
    | frozenset(
        "with patient adult child pediatric be is are has have harboring expressing attack episode flare".split()
    )
)
"""Words that may follow a condition; any other could be the rest of a longer name."""

_NEGATED = re.compile(
    r"\b(?:limitations? of use|is not|are not|not (?:be )?(?:indicated|recommended|approved|established|intended|for)"
    r"|contraindicated|should not|do not|has not|have not|except|excluding|with the exception|other than|but not)\b"
)
_LIMITS = re.compile(r"\blimitations? of use\b", re.IGNORECASE)
_RISK = re.compile(
    r"\b(?:risks? (?:of|for)|reduc\w+ (?:in )?(?:the )?(?:incidence|rate|frequency|likelihood|occurrence))\b"
)
_PURPOSE = (
    r"(?:treatments?|treating|treat|therapy|therapies|management|managing|manage|prevention|preventing|prevent"
    r"|prophylaxis|immuni[sz]ation|vaccination|diagnosis|diagnosing|detection|cure|eradication|palliation"
    r"|amelioration|alleviation|relief|control|suppression|remission|healing)"
)
_OPENER = re.compile(
    rf"\b{_PURPOSE}(?: (?:and|or|and/or) (?:the )?(?:\w+ )?{_PURPOSE})*(?: (?:of|for|against|in|to))?\b"
    r"|\b(?:indicated|approved|used|useful|effective|use|prescribed|drug|drugs|indication|indications)"
    r" (?:for|in|against)\b"
    r"|\b(?:indicated|approved|used) (?:for|in|to) (?:the )?use (?:in|for)\b"
)
_MARKER = (
    r"(?:anaplastic lymphoma kinase|(?:human )?epidermal growth factor receptor(?: 2)?|c?-?ros(?:1|[ -]1)?"
    r"(?: oncogene 1)?|alk|egfr|her[ -]?2|k?ras|nras|braf|v600e?|g12c|met|ret|ntrk|pd-?l1|fgfr[123]?|brca[12]?|flt3"
    r"|idh[12]|(?:exon )?\d+ skipping"
    r"|hormone receptor|[oe]?estrogen receptor|philadelphia chromosome|ph|bcr-abl1?|cd\d\d|folate receptor alpha)"
)
_KNOWN = r"(?:confirmed|established|known|documented|suspected|clinical|definite)"
_REWRITES = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\[[a-z0-9]{1,2}\]|\(\d{1,2}\)", " . "),
        (
            r"\b(?:very )?(?:mild|moderate|moderately|mildly|low|intermediate)[ ,-]*(?:to|or)[ -]"
            r"(?:very )?(severe|severely|moderate|high)\b",
            r"\1",
        ),
        (
            r"\b(?:the )?(?:signs?|symptoms?|signs? (?:and|or|and/or|&) symptoms?|manifestations?|all forms"
            r"|forms?|cases?|(?:acute )?(?:attacks?|episodes?|exacerbations?)) of\b",
            " ",
        ),
        (r",\s+(types? [0-9a-z]{1,4}\b)", r" \1"),
        (rf"\bwith (?:an? )?(?:{_KNOWN} )?diagnosis of\b", "with"),
        (rf"\b{_KNOWN} diagnosis of\b", " "),
        (r"\b(?:first|second|third)[- ]line\b", " "),
        (
            rf"\b{_MARKER}(?:[ -]*(?:,|or|and|/)?[ -]*{_MARKER})*(?:[ -]*(?:rearranged|translocated|fusion|gene"
            r"|mutation|mutant|mutated|wild[ -]type|(?:over)?express\w+|amplified|positive|negative|low|high)\b)+",
            " ",
        ),
        (
            r"\bthe following\b|\b(?:following|below)(?: (?:condition|disease|infection|indication|disorder)s?:?|:)",
            " , ",
        ),
        (r"\b(?:aged? )?(?:from )?\d+ (?:years?|months?)(?: of age| old)?(?: (?:and|or) (?:older|above|over))?", " "),
    )
)
_LINKS = frozenset("for the as in also is are indicated used use".split())
_PARTICIPLES = frozenset("associated related induced caused attributed defined complicated".split())
_BY = frozenset("with to by as".split())
_HYPHENS = frozenset("-\u2010\u2011\u2013")
_NEVER_WITHIN = frozenset(".,;:()[]\n")
_TOKEN = re.compile(r"[0-9A-Za-z]+|[.,;:/()\[\]\n]")


def phrases(text: str, known: Callable[[str, str], object], longest: int = 14) -> Iterator[tuple[str, object]]:
    """Yield (words as printed, what `known` returns for them) of each phrase that says what an indication is for.

    `known(printed, key)` returns None for a phrase that is no name of a condition.
    """
    text = _LIMITS.split(unicodedata.normalize("NFKC", text), maxsplit=1)[0]
    for sentence in re.split(r"(?<=[a-z0-9)\]])\.(?=\s|$|[A-Z])|\n\s*|;", _rewritten(text)):
        yield from _in_sentence(sentence, known, longest)


def _rewritten(text: str) -> str:
    text = POSSESSIVE.sub("", text)
    for pattern, instead in _REWRITES:
        text = pattern.sub(instead, text)
    return _without_brackets(text)


def _without_brackets(text: str) -> str:
    """Take out what stands in brackets (abbreviation, exception, remark); a bracket left open ends the sentence."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"[(\[][^()\[\]]*[)\]]", " ", text)
    return re.sub(r"[(\[]", " . ", text)


def _in_sentence(sentence: str, known: Callable[[str, str], object], longest: int) -> Iterator[tuple[str, object]]:
    folded = _fold_in_place(sentence)
    end = found.start() if (found := _NEGATED.search(folded)) else len(folded)
    openers = [match.span() for match in _OPENER.finditer(folded, 0, end)]
    risks = {match.end() for match in _RISK.finditer(folded, 0, end)}
    tokens = [match for match in _TOKEN.finditer(sentence) if match.start() < end]
    keys = [word_key(folded[token.start() : token.end()]) for token in tokens]
    lower = [folded[token.start() : token.end()] for token in tokens]
    keys = [ROMAN.get(w, w) if at and lower[at - 1] == "type" else keys[at] for at, w in enumerate(lower)]
    is_open, is_clean, is_barred, at = True, True, False, 0
    while at < len(tokens):
        start, word = tokens[at].start(), lower[at]
        while openers and openers[0][1] <= start:
            openers.pop(0)
        if openers and openers[0][0] <= start:
            before = next((w for w in reversed(lower[:at]) if w not in _LINKS), ",") if is_barred else ","
            if openers[0][0] == start and before in SEPARATORS:
                is_barred = False
            is_open = is_clean = not is_barred
            at += 1
            continue
        if tokens[at].end() in risks:
            is_open = False
        if (
            is_open
            and is_clean
            and word not in EXTENT
            and (found_here := _longest(at, tokens, keys, sentence, known, longest))
        ):
            printed, thing, after = found_here
            if _may_end(
                sentence,
                tokens[after - 1].end(),
                [*zip(lower[after : after + 2], keys[after : after + 2], strict=True)],
            ):
                yield printed, thing
            is_clean = False
            at = after
            continue
        if word in SEPARATORS:
            is_clean = True
        elif word in CLOSERS or word in BARRIERS:
            is_open, is_barred = False, is_barred or word in BARRIERS
        elif word != "/" and word not in QUALIFIERS and keys[at] not in QUALIFIERS:
            is_clean = False
        at += 1


def _may_end(sentence: str, at: int, rest: list[tuple[str, str]]) -> bool:
    """Whether a name can end there: "cancer-related" and "cancer associated pain" name something else."""
    if not rest:
        return True
    word, key = rest[0]
    if sentence[at : at + 1] in _HYPHENS or (word in _PARTICIPLES and (len(rest) < 2 or rest[1][0] not in _BY)):
        return False
    return word in AFTER or key in AFTER


def _longest(
    at: int,
    tokens: list[re.Match[str]],
    keys: list[str],
    sentence: str,
    known: Callable[[str, str], object],
    longest: int,
) -> tuple[str, object, int] | None:
    """Return the longest known name that begins at a token, what it names, and the token after it."""
    stop = next((to for to in range(at, len(tokens)) if tokens[to][0] in _NEVER_WITHIN), len(tokens))
    for after in range(min(stop, at + longest), at, -1):
        printed = sentence[tokens[at].start() : tokens[after - 1].end()]
        if (
            tokens[after - 1][0] != "/"
            and (thing := known(printed, " ".join(key for key in keys[at:after] if key != "/"))) is not None
        ):
            return printed, thing, after
    return None


def _fold_in_place(text: str) -> str:
    """Return the text in lower case and ASCII, each character in its place."""
    if text.isascii():
        return text.lower()
    return "".join(ascii_of(character)[:1] or " " for character in text)
