"""What makes a salt or a hydrate of a substance, and what is never taken off a name.

The rule, in the order in which it is applied:

1. *Salts, hydrates, solvates and bases are one substance.* Words of `ACIDS`, `CATIONS` and `WATERS` are taken off,
   as long as what is left is itself a name of a substance.
2. *A simple salt is its ions.* Sodium chloride, calcium carbonate, ferrous sulfate: when every word is an ion
   (`IONS`), or a metal does the work (`METALS`), only water is taken off.
3. *An ester, ether or other prodrug is a substance of its own* (fluticasone furoate, tenofovir disoproxil,
   testosterone undecanoate): its words are in no list here, so they stay. The regulators themselves disagree: for
   the FDA's active moiety (21 CFR 314.3) an ester's appended part does not count, while INNs and ATC often tell
   esters apart. Two that are kept apart can still be joined; two that were merged cannot be told apart.
4. *Acids that form both* (`EITHER`: acetates, phosphates, ..) make esters of hydroxy compounds: `makes_ester` says
   of which. The ester stays, its own salts go: dexamethasone sodium phosphate is dexamethasone phosphate.
5. *A base known only as one ester* is that ester in short (abiraterone, ulipristal: `SHORTHAND`): the two are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

ACIDS = frozenset(
    """
    HYDROCHLORIDE CHLORHYDRATE HCL CHLORIDE HYDROBROMIDE HBR BROMIDE HYDROIODIDE IODIDE METHYLBROMIDE
    MESYLATE MESILATE METHANESULFONATE METHANESULPHONATE ESYLATE ESILATE EDISYLATE EDISILATE ISETHIONATE ISETIONATE
    BESYLATE BESILATE BENZENESULFONATE TOSYLATE TOSILATE TOLUENESULFONATE CAMSYLATE CAMSILATE NAPSYLATE NAPSILATE
    CLOSYLATE CLOSILATE METHYLSULFATE METHYLSULPHATE METILSULFATE METHOSULFATE BISULFATE BISULPHATE PERSULFATE
    MALEATE FUMARATE MALATE TARTRATE BITARTRATE CITRATE OXALATE MALONATE ADIPATE GLUTAMATE ASPARTATE PYROGLUTAMATE
    PIDOLATE OROTATE GLUCONATE GLUCEPTATE LACTOBIONATE SACCHARATE GLUCURONATE HIPPURATE MANDELATE PAMOATE EMBONATE
    XINAFOATE NAPADISYLATE NAPADISILATE TEOCLATE THEOCLATE TANNATE RESINATE POLISTIREX HYCLATE TRIFENATATE
    TRIPHENYLACETATE TRIFLUOROACETATE TRIFLUTATE FENDIZOATE HYBENZATE HIBENZATE FORMATE BIPHOSPHATE
    DICHLORIDE CYCLAMATE SACCHARINATE THIOCYANATE PERCHLORATE ETHANEDISULFONATE EDAMINE
    """.split()
)
"""Acids that make salts only, as their salts are named."""

EITHER = frozenset(
    "ACETATE PHOSPHATE SULFATE SULPHATE SUCCINATE NITRATE LACTATE BENZOATE SALICYLATE CARBONATE STEARATE".split()
)
"""Acids that make salts of amines and esters of alcohols."""

CATIONS = frozenset(
    """
    SODIUM POTASSIUM CALCIUM MAGNESIUM LITHIUM AMMONIUM MEGLUMINE TROMETHAMINE TROMETAMOL OLAMINE ETHANOLAMINE DIOLAMINE
    DIETHANOLAMINE TROLAMINE TRIETHANOLAMINE DIETHYLAMINE EPOLAMINE ERBUMINE TERTBUTYLAMINE LYSINE ARGININE CHOLINE
    BENZATHINE PROCAINE BENETHAMINE HYDRABAMINE PIPERAZINE CYCLOHEXYLAMMONIUM NATRIUM KALIUM
    """.split()
)
"""Bases that make salts of a drug that is an acid. Zinc is not among them: it is a medicine itself."""

WATERS = frozenset(
    """
    HYDRATE HYDRATED ANHYDROUS ANHYDRATE SOLVATE ACETONATE ACETONE METHANOLATE ETHANOLATE ISOPROPANOLATE PROPANEDIOL
    PROPYLENEGLYCOL PROPYLENEGLYCOLATE DMSO HYDROGEN HYDROUS SALT BASE
    UNSPECIFIED FORM HEMI BETADEX FREEBASE FREEACID DIMETHYLSULFOXIDE
    FUMARICACID LPROLINE LPYROGLUTAMICACID
    """.split()
)
"""Water and other solvents of a crystal, and words that say 'salt' or 'base'."""

IONS = frozenset(
    """
    CHLORIDE BROMIDE IODIDE FLUORIDE OXIDE HYDROXIDE PEROXIDE CARBONATE BICARBONATE SULFATE SULPHATE SULFITE BISULFITE
    METABISULFITE SULFIDE THIOSULFATE THIOSULPHATE NITRATE NITRITE PHOSPHATE BIPHOSPHATE PYROPHOSPHATE GLYCEROPHOSPHATE
    ACETATE LACTATE CITRATE GLUCONATE GLUBIONATE GLUCEPTATE GLUCOHEPTONATE LACTOBIONATE LEVULINATE ASPARTATE PIDOLATE
    OROTATE SUCCINATE FUMARATE MALATE TARTRATE BITARTRATE BENZOATE OXALATE BORATE TETRABORATE SILICATE TRISILICATE
    FORMATE PROPIONATE STEARATE SALICYLATE SACCHARATE GLUTAMATE PERCHLORATE PERMANGANATE SELENITE SELENATE
    MOLYBDATE CHOLINE THIOCYANATE
    BIOXIDE ACID MONOBASIC DIBASIC TRIBASIC HYDROGEN DIHYDROGEN EFFERVESCENT LIQUID DRIED EXSICCATED AND
    """.split()
)
"""With a cation, these are a simple salt; choline chloride is one too."""

METALS = frozenset(
    """
    ALUMINUM ALUMINIUM FERROUS FERRIC IRON ZINC COPPER CUPRIC CUPROUS MANGANESE MANGANOUS COBALT COBALTOUS CHROMIC
    CHROMIUM CHROMOUS SILVER GOLD BISMUTH BARIUM STRONTIUM RADIUM LANTHANUM THALLOUS THALLIUM GALLIUM INDIUM RUBIDIUM
    LEAD BERYLLIUM TECHNETIUM SAMARIUM LUTETIUM YTTRIUM CESIUM AMMONIA ARSENIC ANTIMONY SELENIUM SELENIOUS
    TITANIUM STANNOUS TIN NICKEL
    MERCURY MERCURIC PHENYLMERCURIC ZIRCONIUM CERIUM PLATINUM GADOLINIUM XENON KRYPTON NITROGEN XENATE BORIC
    """.split()
)
"""Where one of these stands, the metal is the medicine or part of it."""

NEVER = re.compile(
    r"""^(CHLORAL|TERPIN|BROMAL)\ |^(METHYL|ETHYL|BENZYL|DIMETHYL|AMYL|BUTYL|PHENYL|ISOPROPYL|CETYL|LAURYL|VINYL)\ \w+$
    |POLYSTYRENE|SULFONATED|\bEDETATE\b.*\bCALCIUM\b|\bCALCIUM\b.*\bEDETATE\b|\bPENTETATE\b|\bTETRADECYL\b|\bLAURYL\b
    |\bDEXTRAN\b|\bCHONDROITIN\b|\bHEPARAN\b|\bDERMATAN\b|\bPROTAMINE\b.*\bINSULIN\b|\bVACCINE\b
    |\bTOXOID\b|\bCELLULOSE\b|\bCONJUGATED\b|\bESTERIFIED\b|\bCOMPLEX\b|\bTETRAHYDROBIOPTERIN\b|\bETHIODIZED\b
    |^TROLAMINE\b|\bETHANOLAMINE\ OLEATE\b|\bBENZALKONIUM\b|\bBENZETHONIUM\b|\bCETYLPYRIDINIUM\b
    |\bCETRIMONIUM\b|\bDEQUALINIUM\b|\bCOAL\ TAR\b""",
    re.VERBOSE,
)
"""Names that only look like salts, and salts whose counterion does the work (a resin's, a chelate's)."""

SHORTHAND = frozenset(
    """
    ABIRATERONE ULIPRISTAL MEGESTROL MEDROXYPROGESTERONE CYPROTERONE NOMEGESTROL CHLORMADINONE SEGESTERONE FLUDARABINE
    ESTRAMUSTINE
    """.split()
)
"""Bases in medical use as one ester only, whose INN serves for both (EMA: INN abiraterone, substance its acetate)."""

_ESTER_BASE = re.compile(
    r"""(?:
    SONE|LONE|STERONE|TERONE|GESTROL|GESTRONE|PRISTAL|DIOL|DRONE|NORETHISTERONE|MADINONE|ESTRONE|DRENE
    |TOCOPHEROL|TOCOPHERYL|RETINOL|VITAMIN\ [AE]|METHADYL|ESLICARBAZEPINE|ROXATIDINE|ZUCLOPENTHIXOL
    |PENTHIXOL|FLUPHENAZINE|PERPHENAZINE|CLINDAMYCIN|LINCOMYCIN|AMPHENICOL|TROLEANDOMYCIN|OLEANDOMYCIN
    |ETOPOSIDE|FLUDARABINE|ESTRAMUSTINE|TEDIZOLID|TOLVAPTAN|RIBOFLAVIN|PSILOCYBIN|DICHLOROBENZYL
    |PYRIDOXAL|TAFLUPOSIDE|COMBRETASTATIN|FOSTEMSAVIR|MIPROXIFENE|FOSFLUCONAZOLE|CARBOXYMALTOSE|GLYCERYL
    |PENTAERYTHRITOL|PENTAERYTHRITYL|ERYTHRITYL|MANNITOL|PROPATYL|ISOSORBIDE|NITROGLYCERIN|SUCROSE|STARCH
    |DEXPANTHENOL|ARTEMISININ|MENTHYL|GUAIACOL|TESTOSTERONE|NANDROLONE|BOLDENONE|TRENBOLONE|STANOLONE
    |GESTONE|CORTAVE|BISOXATIN|FLUNISOLIDE|PREDONE|PREDNIVAL|LAPAQUISTAT|PRISTONE|MIDECAMYCIN|SPIRAMYCIN
    |NISTERIME|OXYPHENISATIN|GESTANOL|RALANITEN|METRONIDAZOLE|ACETONIDE|TRICIRIBINE|PYRIDOXAMINE
    |TREPROSTINIL|BENFURODIL|ESTRIOL|HYDROXYDIONE|BUTOCTAMIDE|SORBITAN|GLYCOL|VALOMACICLOVIR|LODENAFIL
    |STERYL|LAURETH\ \d+|OXAZEPAM|CHOLECALCIFEROL|ADENOSINE|URIDINE|CYTIDINE|VIDARABINE|INOSINE|THYMIDINE
    |PREDNISOLONE|SIROLIMUS|LEVOMENTHOL
    )$""",
    re.VERBOSE,
)
"""Ends of the names of bases that are alcohols, of which acetates, phosphates, .. are esters."""


def makes_ester(base: str) -> bool:
    """Say whether an acid of `EITHER` is bound to this base as an ester: steroids, retinol, clindamycin, ..

    >>> makes_ester("HYDROCORTISONE"), makes_ester("OCTREOTIDE")
    (True, False)
    """
    return bool(_ESTER_BASE.search(base))


SAME = {
    "DIVALPROEX SODIUM": "VALPROIC ACID",
    "OXTRIPHYLLINE": "THEOPHYLLINE",
    "GLYCOPYRROLATE": "GLYCOPYRRONIUM",
    "PATIROMER SORBITEX CALCIUM": "PATIROMER",
    "TELOTRISTAT ETIPRATE": "TELOTRISTAT ETHYL",
    "BACITRACIN ZINC": "BACITRACIN",
    "BORTEZOMIB D MANNITOL": "BORTEZOMIB",
    "BORTEZOMIB MANNITOL BORONIC ESTER": "BORTEZOMIB",
}
"""Salts and the like whose name does not show it."""

_AMINES = frozenset("LYSINE ARGININE PIPERAZINE PROCAINE BENZATHINE TROMETHAMINE".split())
"""Cations that are medicines too: lysine hydrochloride is lysine."""

_PHRASES = re.compile(
    r"(?<= )(?:PROPYLENE GLYCOL(?:ATE)?|FREE BASE|FREE ACID|DIMETHYL SULFOXIDE|FUMARIC ACID|L PROLINE"
    r"|L PYROGLUTAMIC ACID)(?= |$)"
)
_ISOTOPE = re.compile(r"\d+[A-Z]{0,2}|[A-Z]{1,2}\d*")
_COUNT = re.compile(
    r"^(?:MONO|DI|TRI|TETRA|PENTA|HEXA|HEPTA|OCTA|NONA|DECA|DODECA|HEMI|SEMI|SESQUI|BIS|BI|HEMIHEPTA|HEMIPENTA)"
)


_MANY = re.compile(r"(?:DI|TRI|TETRA|PENTA|HEXA|OCTA)(?:ACETATE|NITRATE|BENZOATE)")
"""Several of these are esters: uridine triacetate, isosorbide dinitrate."""


@cache
def kind(word: str) -> str:
    """Return what a word of a folded name is: 'acid', 'either', 'cation', 'water', or '' for a part of the name.

    >>> [kind(word) for word in "RISEDRONATE SODIUM HEMIPENTAHYDRATE".split()]
    ['', 'cation', 'water']
    """
    if _MANY.fullmatch(word):
        return ""
    for _ in range(3):
        for found, words in (("water", WATERS), ("acid", ACIDS), ("either", EITHER), ("cation", CATIONS)):
            if word in words:
                return found
        shorter = _COUNT.sub("", word)
        if shorter == word:
            break
        word = shorter
    return ""


def stripped(name: str) -> Iterator[str]:
    """Yield what can be left of a folded name without its salt and hydrate words, the longest first.

    >>> list(stripped("CABOZANTINIB S MALATE"))
    ['CABOZANTINIB']
    >>> list(stripped("MAGNESIUM SULFATE HEPTAHYDRATE"))
    ['MAGNESIUM SULFATE']
    >>> list(stripped("ALENDRONATE SODIUM TRIHYDRATE"))
    ['ALENDRONATE SODIUM', 'ALENDRONIC ACID', 'ALENDRONATE']
    """
    if name in SAME:
        yield SAME[name]
    if not name or NEVER.search(name):
        return
    words = _PHRASES.sub(lambda found: found[0].replace(" ", ""), name).split()
    kinds = [kind(word) for word in words]
    simple = is_simple(words, kinds)
    if simple:
        kinds = ["" if word.endswith("HYDROGEN") else is_a for word, is_a in zip(words, kinds, strict=True)]
    seen = {name}
    for wanted, keep_first in (
        (("water",), False),
        (("cation", "water"), False),
        (("acid", "either", "cation", "water"), False),
        (("acid", "either", "cation", "water"), words[0] in _AMINES),
    ):
        if simple and len(wanted) > 1:
            break
        left = _left(words, kinds, wanted, keep_first)
        candidate = " ".join(left)
        named = simple or keep_first or any(word in left for word, is_a in zip(words, kinds, strict=True) if not is_a)
        if candidate in seen or not candidate or not named:
            continue
        seen.add(candidate)
        if candidate.endswith("ATE") and any(
            k == "cation" and w not in left for w, k in zip(words, kinds, strict=True)
        ):
            yield f"{candidate[:-3]}IC ACID"
        yield candidate


def is_simple(words: list[str], kinds: list[str]) -> bool:
    """Say whether a name is that of a simple salt: nothing but ions, or a metal that is the medicine."""
    if any(word in METALS for word in words):
        return True
    minerals = {"SODIUM", "POTASSIUM", "CALCIUM", "MAGNESIUM", "LITHIUM", "AMMONIUM", "CHOLINE"}
    return all(
        word in IONS or kind == "water" or _ISOTOPE.fullmatch(word) or _COUNT.sub("", word) in minerals | IONS
        for word, kind in zip(words, kinds, strict=True)
    )


def _left(words: list[str], kinds: list[str], wanted: tuple[str, ...], keep_first: bool) -> list[str]:
    left: list[str] = []
    dropped = False
    for place, (word, is_a) in enumerate(zip(words, kinds, strict=True)):
        drop = is_a in wanted and not (keep_first and place == 0)
        if drop and is_a == "either":
            drop = not makes_ester(" ".join(left)) or " ".join(left) in SHORTHAND
        if drop:
            while left and left[-1] in {"L", "S", "R", "D", "DL", "RR", "P"} and len(left) > 1:
                left.pop()  # the S of S-malate
        elif dropped and word.isdigit():
            continue  # the (1:1) of a salt
        else:
            left.append(word)
        dropped = drop
    return left


def only_salt(name: str) -> bool:
    """Say whether a folded name has salt and hydrate words only, as in clopidogrel (as hydrogen sulfate)."""
    return all(kind(word) or word == "AS" for word in name.split())


def rejoined(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Put a piece that is only the end of a salt's name back to what stands before it.

    >>> rejoined([("tenofovir alafenamide", ";"), ("fumarate", "")])
    [('tenofovir alafenamide fumarate', '')]
    """
    joined: list[tuple[str, str]] = []
    for piece, sign in pieces:
        words = piece.upper().split()
        kinds = [kind(word) for word in words]
        if (
            joined
            and all(kinds)
            and (len(words) == 1 or kinds[0] != "cation")
            and (kinds[0] != "cation" or "\n" in joined[-1][1])
        ):
            joined[-1] = (f"{joined[-1][0]} {piece}", sign)
        else:
            joined.append((piece, sign))
    return joined
