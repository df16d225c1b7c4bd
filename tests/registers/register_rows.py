"""A register of a few rows, made for the questions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import kg

BOTH = {"jurisdiction": "US", "other": "EU"}
AGENCY = {"US": "FDA", "EU": "EC", "JP": "MHLW"}


def event(name: str, where: str, day: str, *, of_: str, kind: str = "InitialApproval", more: str = "") -> str:
    """Return an event of one substance, whose product is that of the substance in the jurisdiction."""
    by = "grantedBy" if kind.endswith(("Approval", "Extension")) else "issuedBy"
    dated = f'kg:decisionDate "{day}"^^xsd:date ; kg:sortDate "{day}"^^xsd:date ;' if day else ""
    product = f":{of_}-{where}"
    return f"""
    :{of_} a kg:Substance ; rdfs:label "{of_}"@en .
    {product} a kg:MedicinalProduct ; rdfs:label "{of_.upper()}" ; kg:hasSubstance :{of_} .
    :{name} a kg:{kind} ; kg:{by} agency:{AGENCY[where]} ; kg:forProduct {product} ; {dated}
        kg:hasDatePrecision code:day ; kg:locator "row {name}" {more} .
    """


def covers(where: str, start: str, end: str) -> str:
    return f"""
    :covers-{where} a kg:CoverageStatement ; rdfs:label "all of {where}"@en ;
        kg:coversJurisdiction jurisdiction:{where} ; kg:coversEvents code:initial-approvals ;
        kg:startDate "{start}"^^xsd:date ; kg:endDate "{end}"^^xsd:date ; kg:restsOnSource :source .
    """


REGISTER = "\n".join(
    [
        ':source dcterms:rights "free" .',
        covers("US", "2000-01-01", "2020-12-31"),
        covers("EU", "2000-01-01", "2020-12-31"),
        ':level-one a kg:DrugClass ; rdfs:label "one"@en ; skos:inScheme scheme:atc ; kg:classLevel 1 .',
        ':level-two a kg:DrugClass ; rdfs:label "two"@en ; skos:inScheme scheme:atc ; kg:classLevel 2 ;',
        "  skos:broader :level-one .",
        ":early kg:inDrugClass :level-two . :late kg:inDrugClass :level-two . :same kg:inDrugClass :level-one .",
        ":far kg:inDrugClass :level-two . :old kg:inDrugClass :level-one . :generic kg:inDrugClass :level-one .",
        # Four lags that compare: 10, -5, 0 and 1000 days.
        event("e-us", "US", "2010-01-01", of_="early"),
        event("e-eu", "EU", "2010-01-11", of_="early", more="; kg:hasProvision code:conditional-approval"),
        event("l-us", "US", "2010-03-06", of_="late", more="; kg:hasProvision code:orphan-status"),
        event("l-eu", "EU", "2010-03-01", of_="late"),
        event("s-us", "US", "2011-05-05", of_="same"),
        event("s-eu", "EU", "2011-05-05", of_="same"),
        event("f-us", "US", "2010-01-01", of_="far"),
        event("f-eu", "EU", "2012-09-27", of_="far"),
        # Before the coverage; follow-on first; no date at all; in one jurisdiction only.
        event("o-us", "US", "1990-01-01", of_="old"),
        event("o-eu", "EU", "2012-01-01", of_="old"),
        event("g-us", "US", "2012-01-01", of_="generic", more="; kg:hasApplicationType code:generic"),
        event("g-eu", "EU", "2013-01-01", of_="generic"),
        event("u-us", "US", "", of_="undated"),
        event("u-eu", "EU", "2013-06-01", of_="undated"),
        # Two on one day, of which one follows on: the other stands for the day. A second product comes later.
        event("t-1", "JP", "2015-01-01", of_="tied", more="; kg:hasApplicationType code:generic"),
        event("t-2", "JP", "2015-01-01", of_="tied"),
        event("t-3", "JP", "2015-02-01", of_="tied", kind="IndicationExtension"),
        event(
            "t-4", "JP", "2014-02-01", of_="late", kind="LabelExtension", more="; kg:hasProvision code:orphan-status"
        ),
        event("t-5", "JP", "2014-03-01", of_="late", kind="IndicationExtension"),
        event("r-1", "EU", "2014-01-01", of_="never", kind="Refusal"),
        event("r-2", "EU", "2019-01-01", of_="early", kind="Withdrawal"),
        event("r-3", "EU", "2018-01-01", of_="late", kind="Suspension"),
        ":r-4 a kg:ApplicationWithdrawal ; kg:issuedBy agency:EMA .",
        event("d-1", "EU", "2009-01-01", of_="late", kind="OrphanDesignation", more="; kg:forIndication :rare"),
        event("d-2", "US", "2008-01-01", of_="never", kind="OrphanDesignation", more='; dcterms:identifier "D2"'),
        ':rare a kg:Indication ; rdfs:label "rare"@en ; kg:forCondition condition:neuroendocrine-tumour .',
        ':one-inc a kg:Organization ; rdfs:label "One Inc"@en . :two-inc a kg:Organization ; rdfs:label "Two Inc"@en .',
        ":early-EU kg:hasCompany :one-inc . :late-EU kg:hasCompany :one-inc . :same-EU kg:hasCompany :two-inc .",
        ":generic-US kg:hasCompany :two-inc . :early-US kg:hasCompany :two-inc .",
        ':early-EU kg:hasMatchMethod code:match-exact ; kg:substanceText "early" .',
        ':late-EU kg:hasMatchMethod code:match-misprint ; kg:substanceText "latte" .',
        ':regimen kg:hasMatchMethod code:match-misprint ; kg:substanceText "eraly" ; kg:givesSubstance :early .',
        ':trial a kg:ClinicalTrial ; rdfs:label "T"@en ; dcterms:identifier "NCT1" ; kg:hasArm :arm ;',
        "  kg:hasPrimaryEndpoint :endpoint ; kg:hasResult :result-1 , :result-2 , :result-3 .",
        ":arm a kg:Arm ; kg:hasRegimen :regimen . :endpoint a kg:Endpoint ; kg:measures code:overall-survival .",
        ":result-1 a kg:ArmResult ; kg:measures code:overall-survival .",
        ":result-2 a kg:ArmResult ; kg:measures code:overall-survival .",
        ':result-3 a kg:ArmResult ; kg:measures :pain . :pain a kg:Outcome ; rdfs:label "Pain at rest"@en .',
        ':silent a kg:ClinicalTrial ; rdfs:label "S"@en ; dcterms:identifier "NCT2" .',
        ":silent kg:hasPrimaryEndpoint :endpoint .",
    ]
)


def cells(store: kg.Store, name: str, columns: str, **values: object) -> list[tuple[object, ...]]:
    """Return the rows of an answer, cut to some columns; numbers without a fraction as int, days as text."""
    answer = kg.ask(name, store, **values)

    def plain(cell: object) -> object:
        if isinstance(cell, date):
            return cell.isoformat()
        return int(cell) if isinstance(cell, Decimal) and cell == int(cell) else cell

    return [tuple(plain(row[column]) for column in columns.split()) for row in answer]
