"""Vaccines: what a register tells of an antigen leads to the name that UNII has for it.

UNII names an antigen by species, type and strain, and by what it is bound to or how it was killed; registers tell some
of that, in many words. Here words become names of UNII, and nothing is guessed: of several ways to read a text, one
must be the only one of which UNII has every name. A pertussis toxoid, which UNII has in three ways, stays unmatched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CARRIERS = {
    "DIPHTHERIA CRM197 PROTEIN": r"CRM ?19",
    "TETANUS TOXOID": r"tetanus",
    "DIPHTHERIA TOXOID": r"diphtheria toxoid",
    "PROTEIN D": r"protein D\b",
    "MENINGOCOCCAL OUTER MEMBRANE PROTEIN": r"OMPC|outer membrane",
}
"""What a polysaccharide is bound to, in UNII's words -> as registers print it."""
_TYPE = r"\d{1,2}[A-Z]?"
_PNEUMOCOCCUS = re.compile(r"pneumococcal (?:poly|oligo)sacc?haride", re.IGNORECASE)
_MENINGOCOCCUS = re.compile(r"mening", re.IGNORECASE)
_CONJUGATE = re.compile(r"conjugat", re.IGNORECASE)
_DISEASES = re.compile(
    r"measles|mumps|rubella|varicella|polio|pertussis|haemophilus|meningit|meningoc|pneumococ|papilloma|rotavirus|hepatitis"
    r"|(?:diphtheria|tetanus)(?! toxoid| tox[oi]+[nd]| CRM| protein)",
    re.IGNORECASE,
)
_STRAIN = re.compile(r"\b([AB]) ?/ ?([A-Z][A-Za-z ]+)/ ?(\d+)/ ?(\d{4})")

_KNOWN = (
    (r"(?:sero)?group b .*fhbp.* fusion", "NEISSERIA MENINGITIDIS GROUP B FHBP FUSION PROTEIN ANTIGEN"),
    (r"(?:sero)?group b .*nadA", "NEISSERIA MENINGITIDIS GROUP B NADA PROTEIN ANTIGEN"),
    (r"(?:sero)?group b .*nhba fusion", "NEISSERIA MENINGITIDIS GROUP B NHBA FUSION PROTEIN ANTIGEN"),
    (r"meningitidis.*nz ?98/254", "NEISSERIA MENINGITIDIS GROUP B STRAIN NZ98/254 OUTER MEMBRANE VESICLE ANTIGEN"),
    # LP2086 is the factor H binding protein; its variants A05 and B01 stand for the subfamilies A and B.
    (
        r"(?:group|grp) b (?:.*fhbp.*|.*lipoprotein 2086.*) subfamily a\b",
        "NEISSERIA MENINGITIDIS GROUP B RECOMBINANT LP2086 A05 PROTEIN VARIANT ANTIGEN",
    ),
    (
        r"(?:group|grp) b (?:.*fhbp.*|.*lipoprotein 2086.*) subfamily b\b",
        "NEISSERIA MENINGITIDIS GROUP B RECOMBINANT LP2086 B01 PROTEIN VARIANT ANTIGEN",
    ),
    (r"measles virus enders.* edmonston", "MEASLES VIRUS STRAIN ENDERS' ATTENUATED EDMONSTON LIVE ANTIGEN"),
    (r"mumps virus.*jeryl lynn", "MUMPS VIRUS STRAIN B LEVEL JERYL LYNN LIVE ANTIGEN"),
    (r"rubella virus.*wistar ra ?27/3", "RUBELLA VIRUS STRAIN WISTAR RA 27/3 LIVE ANTIGEN"),
    (r"varicella.zoster virus.*oka/merck", "VARICELLA-ZOSTER VIRUS STRAIN OKA/MERCK LIVE ANTIGEN"),
    (r"vaccinia virus.*lc16m8", "VACCINIA VIRUS STRAIN LC16M8 LIVE ANTIGEN"),
    (r"cholerae.*cvd ?103-?hgr", "VIBRIO CHOLERAE CVD 103-HGR STRAIN LIVE ANTIGEN"),
    (
        r"cholerae inaba .*classical.*heat inact",
        "VIBRIO CHOLERAE O1 INABA, CLASSICAL BIOTYPE ANTIGEN (HEAT INACTIVATED)",
    ),
    (
        r"cholerae ogawa .*classical.*heat inact",
        "VIBRIO CHOLERAE O1 OGAWA, CLASSICAL BIOTYPE ANTIGEN (HEAT INACTIVATED)",
    ),
    (
        r"cholerae ogawa .*classical.*formal\w+ inact",
        "VIBRIO CHOLERAE O1 OGAWA, CLASSICAL BIOTYPE ANTIGEN (FORMALIN INACTIVATED)",
    ),
    (
        r"cholerae inaba .*el tor.*formal\w+ inact",
        "VIBRIO CHOLERAE O1 INABA EL TOR STRAIN ANTIGEN (FORMALDEHYDE INACTIVATED)",
    ),
    (
        r"(?=.*inact)japanese.encephal\w+ virus.*sa ?14-14-2|(?=.*sa ?14-14-2)inact\W+japanese.encephal",
        "JAPANESE ENCEPHALITIS VIRUS STRAIN SA 14-14-2 ANTIGEN (FORMALDEHYDE INACTIVATED)",
    ),
    (
        r"inactivated tick-borne encephalitis virus",
        "TICK-BORNE ENCEPHALITIS PURIFIED ANTIGEN (FORMALDEHYDE INACTIVATED)",
    ),
    (r"salmonella typhi vi capsular polysaccharide", "SALMONELLA TYPHI TY2 VI POLYSACCHARIDE ANTIGEN"),
    (r"bacillus (?:of )?calmette.*russian bcg-i", "BACILLUS CALMETTE-GUERIN SUBSTRAIN RUSSIAN BCG-I LIVE ANTIGEN"),
    (r"bacillus (?:of )?calmette.*connaught", "BACILLUS CALMETTE-GUERIN SUBSTRAIN CONNAUGHT LIVE ANTIGEN"),
    (
        r"respiratory syncytial virus\W*(?:subgroup )?a\b.*prefusion f protein",
        "RECOMBINANT STABILIZED RSV A PREFUSION F ANTIGEN",
    ),
    (
        r"respiratory syncytial virus\W*(?:subgroup )?b\b.*prefusion f protein",
        "RECOMBINANT STABILIZED RSV B PREFUSION F ANTIGEN",
    ),
    (
        r"respiratory syncytial virus.*rsvpref3|respiratory syncytial virus pref3 antigen",
        "RECOMBINANT RESPIRATORY SYNCYTIAL VIRUS PRE-FUSION F PROTEIN ANTIGEN",
    ),
)
"""What one antigen is called by registers, as a pattern -> its name in UNII. Where UNII has one of its kind only."""
KNOWN = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _KNOWN)


Reading = tuple[tuple[str, ...], tuple[str, ...]]
"""Names of antigens as UNII has them; and parts of the vaccine that no rule is about, as they are printed."""


def readings(printed: str) -> Iterator[Reading]:
    """Yield the ways to read a cell of a vaccine.

    >>> list(readings("measles virus Enders' Edmonston strain (live); mumps virus Jeryl Lynn strain"))[0][0][1]
    'MUMPS VIRUS STRAIN B LEVEL JERYL LYNN LIVE ANTIGEN'
    >>> list(readings("hepatitis B surface antigen; vibrio cholerae, strain cvd 103-hgr, live"))
    [(('VIBRIO CHOLERAE CVD 103-HGR STRAIN LIVE ANTIGEN',), ('hepatitis B surface antigen',))]
    >>> list(readings("cabozantinib"))
    []
    """
    whole = " ".join(printed.split())
    for way in (_pneumococci, _papillomaviruses):
        yield from ((names, ()) for names in way(whole))
    for sign in (";",) if ";" in printed else ("", "\n", " / "):
        pieces = [" ".join(piece.split()) for piece in (printed.split(sign) if sign else [printed]) if piece.strip()]
        each = {piece: _antigens(piece) for piece in pieces}
        others = tuple(piece for piece, names in each.items() if not names)
        if len(others) < len(each) and (sign == ";" or not others):
            yield tuple(dict.fromkeys(name for names in each.values() for name in names)), others
            return


def _antigens(piece: str) -> tuple[str, ...]:
    """Return the names of one piece, or none; a piece that tells of two diseases is none."""
    told = {
        found.lower() for found in _DISEASES.findall(piece if _CONJUGATE.search(piece) else piece.replace("toxoid", ""))
    }
    if len(told) > 1:
        return ()
    for several in (_meningococci, _polioviruses, _haemophilus, _dengue, _rotaviruses, _live_influenza):
        if names := several(piece):
            return names
    found = {name for pattern, name in KNOWN if pattern.search(piece)}
    return tuple(found) if len(found) == 1 else ()


def _carriers(text: str) -> list[str]:
    return [name for name, pattern in _CARRIERS.items() if re.search(pattern, text, re.IGNORECASE)]


def _pneumococci(whole: str) -> Iterator[tuple[str, ...]]:
    """Several serotypes in one cell; without a carrier named, any that UNII has for all of them."""
    if not _PNEUMOCOCCUS.search(whole):
        return
    pieces = [re.sub(r"CRM ?19\d?", "", piece) for piece in whole.split(";")]
    listed = re.fullmatch(rf".*serotypes ((?:{_TYPE}(?:,? and |, )?)+)\W*(?:conjugat.*)?", pieces[0])
    each = [re.fullmatch(rf"\W*pneumococcal .*serotype ({_TYPE})\b(.*)", piece, re.IGNORECASE) for piece in pieces]
    if len(pieces) == 1 and listed:
        types = re.findall(_TYPE, listed[1])
    else:
        types = [f"{'DEOAC' if 'de-o-ac' in one[2].lower() else ''}{one[1].upper()}" for one in each if one]
    if len(types) < max(2, len(pieces)) or len(set(types)) < len(types):
        return
    told = _carriers(whole)
    for carrier in told or ["", *_CARRIERS]:
        if len(told) < 2 and (carrier or not _CONJUGATE.search(whole)):
            bound = f"{carrier} CONJUGATE " if carrier else ""
            yield tuple(
                f"STREPTOCOCCUS PNEUMONIAE TYPE {each} CAPSULAR POLYSACCHARIDE {bound}ANTIGEN" for each in types
            )


def _papillomaviruses(whole: str) -> Iterator[tuple[str, ...]]:
    """Types of L1 proteins; of types 16 and 18 UNII has whole ones and others cut short."""
    if re.search(r"papilloma", whole, re.IGNORECASE) and (
        listed := re.findall(r"types? ((?:\d+(?:,? and |, )?)+)", whole)
    ):
        types = list(dict.fromkeys(re.findall(r"\d+", " ".join(listed))))
        for cut in ({}, {"16": " RESIDUES 2-471", "18": " RESIDUES 2-472"}):
            if not cut or set(types) <= set(cut):
                yield tuple(
                    f"HUMAN PAPILLOMAVIRUS TYPE {each} L1 CAPSID PROTEIN{cut.get(each, '')} ANTIGEN" for each in types
                )


def _meningococci(piece: str) -> tuple[str, ...]:
    """Groups A, C, W-135 and Y, bound to a carrier that is told; oligosaccharides UNII has with one carrier only."""
    if not _MENINGOCOCCUS.search(piece):
        return ()
    form = "OLIGOSACCHARIDE" if re.search("oligosacc", piece, re.IGNORECASE) else "POLYSACCHARIDE"
    told = _carriers(piece) if form == "POLYSACCHARIDE" else ["DIPHTHERIA CRM197 PROTEIN"]
    listed = re.search(r"groups? ((?:[ACWY](?:-?135)?(?:,? and |, |\b))+)", piece, re.IGNORECASE)
    groups = re.findall(r"[ACWY]", listed[1].upper().replace("AND", "")) if listed else []
    if not groups and re.search(r"quadrivalent|tetravalent", piece, re.IGNORECASE):
        groups = list("ACWY")
    if len(told) != 1:
        return ()
    return tuple(
        f"NEISSERIA MENINGITIDIS GROUP {'W-135' if group == 'W' else group} CAPSULAR {form} {told[0]} CONJUGATE ANTIGEN"
        for group in groups
    )


def _polioviruses(piece: str) -> tuple[str, ...]:
    """Inactivated ones of a type; the vaccine of Salk has all three."""
    if not re.search(r"polio", piece, re.IGNORECASE) or not re.search(r"inact", piece, re.IGNORECASE):
        return ()
    if re.search(r"sabin", piece, re.IGNORECASE):
        return ()  # UNII's are of the strains that Salk chose
    types = re.findall(r"type\W?\s?([123]|I{1,3})\b", piece, re.IGNORECASE)
    if not types and re.search(r"\bsalk\b", piece, re.IGNORECASE):
        types = ["1", "2", "3"]
    return tuple(
        f"POLIOVIRUS TYPE {len(each) if each[0] in 'Ii' else each} ANTIGEN (FORMALDEHYDE INACTIVATED)" for each in types
    )


def _haemophilus(piece: str) -> tuple[str, ...]:
    """Type b, alone or bound to a carrier; of those bound to tetanus toxoid UNII has two."""
    if not re.match(r"\W*haemophilus influenzae type b\b", piece, re.IGNORECASE):
        return ()
    name, told = "HAEMOPHILUS INFLUENZAE TYPE B CAPSULAR POLYSACCHARIDE", _carriers(piece)
    if len(told) == 1:
        return (f"{name} {told[0]} CONJUGATE ANTIGEN",)
    alone = re.search(r"polysaccharide|-PRP$", piece, re.IGNORECASE) and not _CONJUGATE.search(piece)
    return (name,) if alone and not told else ()


def _dengue(piece: str) -> tuple[str, ...]:
    found = re.match(r"chimeric yellow fever dengue virus serotype ([1-4])\b", piece, re.IGNORECASE)
    return (f"DENGUE-YELLOW FEVER CHIMERIC VIRUS SEROTYPE {found[1]} LIVE (ATTENUATED) ANTIGEN",) if found else ()


def _rotaviruses(piece: str) -> tuple[str, ...]:
    """The reassortants with a bovine virus, told by G1 to G4 and P1, or with that of the rhesus monkey."""
    if re.fullmatch(r"rotavirus (?:serotype (?:G1|G2|G3|G4|P1)(?:, )?){5}", piece, re.IGNORECASE):
        strains = {"G1P7(5)": "WI79", "G2P7(5)": "SC2", "G3P7(5)": "WI78", "G4P7(5)": "BRB", "G6P1A(8)": "WI79"}
        return tuple(f"HUMAN ROTAVIRUS A TYPE {kind} STRAIN {name} LIVE ANTIGEN" for kind, name in strains.items())
    if re.fullmatch(r"(?:,? ?rotavirus serotype \d (?:reassortant|rhesus)){4}", piece, re.IGNORECASE):
        human = (
            "HUMAN ROTAVIRUS D (VP7 SEROTYPE G1)",
            "HUMAN ROTAVIRUS DS-1 (VP7 SEROTYPE G2)",
            "HUMAN ROTAVIRUS ST-3 (VP7 SEROTYPE G4)",
        )
        mixed = tuple(f"RHESUS ROTAVIRUS MMU1B006 X {each} LIVE ANTIGEN" for each in human)
        return (*mixed, "RHESUS ROTAVIRUS MMU1B006 (VP7 SEROTYPE G3) LIVE ANTIGEN")
    return ()


def _live_influenza(piece: str) -> tuple[str, ...]:
    """Strains of a live vaccine; the strain used stands in brackets after the one that it is like."""
    if not re.search(r"influenza|like strain", piece, re.IGNORECASE) or not re.search(r"live|MEDI \d", piece):
        return ()
    used = re.findall(r"like strain \(([^()]+)\)", piece) or [piece]
    subtypes = re.findall(r"\((H\dN\d)\)", piece)
    strains = [found for text in used for found in _STRAIN.findall(text)]
    if len(subtypes) != sum(kind == "A" for kind, *_ in strains):
        return ()
    left = iter(subtypes)
    return tuple(
        f"INFLUENZA {kind} VIRUS {kind}/{place.upper()}/{number}/{year} "
        f"{f'({next(left)}) ' if kind == 'A' else ''}LIVE (ATTENUATED) ANTIGEN"
        for kind, place, number, year in strains
    )
