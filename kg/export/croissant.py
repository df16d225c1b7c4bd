"""A profile and its tables -> Croissant, the schema.org description of a data set that machine learning reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from kg import __version__
from kg.export.describe import DESCRIPTION, TITLE, Distribution, dataset
from kg.export.profile import Profile
from kg.export.tables import Column, Table
from kg.names import BASE

CONFORMS = "http://mlcommons.org/croissant/1.0"
_CR = "http://mlcommons.org/croissant/"
_PARQUET = "application/x-parquet"  # the standard's word, older than the registered media type
_TYPES = {"BIGINT": "sc:Integer", "DATE": "sc:Date", "BOOLEAN": "sc:Boolean"}


def croissant(
    profile: Profile, tables: Sequence[tuple[Table, str]] = (), base: str = BASE, *, files: Iterable[Distribution] = ()
) -> dict[str, Any]:
    """Return the description as JSON-LD: the files, and the fields of each table with the file that holds it."""
    licences = sorted({licence for part in profile.parts for licence in (*part.licences, *part.rights)})
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": dataset(base).value,
        "conformsTo": CONFORMS,
        "name": TITLE,
        "description": DESCRIPTION,
        "url": dataset(base).value,
        "version": __version__,
        "license": licences,
    }
    if profile.creator:
        described["creator"] = {"@type": "sc:Organization", "name": profile.creator}
    if profile.modified:
        described["datePublished"] = profile.modified
    if profile.since:
        described["temporalCoverage"] = f"{profile.since}/{profile.until}"
    described["isBasedOn"] = [origin.iri for origin in profile.origins]
    described["distribution"] = [_file(file) for file in files]
    described["recordSet"] = [_records(table, name) for table, name in tables]
    return described


def text(description: dict[str, Any]) -> str:
    """Return the description as the text of a file."""
    return json.dumps(description, ensure_ascii=False, indent=1) + "\n"


def _file(file: Distribution) -> dict[str, str]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.size} B",
        "encodingFormat": _PARQUET if file.name.endswith(".parquet") else file.packed or file.media_type,
        "sha256": file.sha256,
    }


def _records(table: Table, file: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": f"A row for each of the {table.rows:,} things of the class <{table.iri}>.",
        "key": {"@id": f"{table.name}/id"},
        "field": [_field(table, column, file) for column in table.columns],
    }


def _field(table: Table, column: Column, file: str) -> dict[str, Any]:
    typed = file.endswith(".parquet")
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "dataType": "sc:URL" if column.things else _TYPES.get(column.type, "sc:Text"),
        "source": {"fileObject": {"@id": file}, "extract": {"column": column.name}},
    }
    if column.type.startswith("DECIMAL"):
        field["dataType"] = "sc:Float"
    if column.iri:
        field["equivalentProperty"] = column.iri
    if column.several and typed:
        field["repeated"] = True
    elif column.several:
        field |= {"dataType": "sc:Text", "description": "Several values: a list, as JSON."}
    return field


_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": _CR,
    "rai": f"{_CR}RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the standard asks each description to hold."""
