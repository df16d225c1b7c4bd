"""What FDA's downloads share: applications and their keys, classes of submissions, ingredients."""

from __future__ import annotations

import pytest

from kg.registers import fda


@pytest.mark.parametrize(
    ("kind", "number", "name", "key"),
    [
        ("NDA", "19010", "NDA019010", "US-NDA019010"),
        (" bla ", "125057", "BLA125057", "US-BLA125057"),
        ("BLA", "020563", "BLA020563", "US-NDA020563"),
        ("BLA", "208471", "BLA208471", "US-NDA208471"),
        ("BLA", "761028", "BLA761028", "US-BLA761028"),
        ("ANDA", "076133", "ANDA076133", "US-ANDA076133"),
        ("IND", "1", "", ""),
        ("NDA", "", "", ""),
        ("NDA", "1234567", "", ""),
        ("NDA", "19-010", "", ""),
    ],
)
def test_an_application_has_one_key_whatever_the_download(kind: str, number: str, name: str, key: str) -> None:
    assert fda.application(kind, number) == name
    assert (fda.key(name) if name else "") == key


@pytest.mark.parametrize(
    ("submission_class", "application_type"),
    [
        ("TYPE 1", "new-active-substance"),
        ("TYPE 1/4", "new-active-substance"),
        ("TYPE 2/3", "new-active-ingredient"),
        ("TYPE 3", "reformulation"),
        ("TYPE 3/4", "new-combination"),
        ("TYPE 4/5", "new-combination"),
        ("TYPE 5", "reformulation"),
        ("TYPE 7", "already-marketed"),
        ("TYPE 8", "otc-switch"),
        ("TYPE 6", "new-indication"),
        ("TYPE 10", "new-indication"),
        ("TYPE 9- BLA", "new-indication"),
        ("MEDGAS", "medical-gas"),
        ("UNKNOWN", ""),
        ("", ""),
    ],
)
def test_class_of_an_original(submission_class: str, application_type: str) -> None:
    original = fda.Submission("ORIG", "1", "AP", "2020-01-02", submission_class)
    products = {"001": fda.Presentation("001", "A", ("B",))}
    application = fda.Application("NDA000001", "", "", products, {"ORIG-1": original})
    event = application.record().events[0]
    extension = application_type == "new-indication"
    assert (event.kind, event.application_type) == (
        "LabelExtension" if extension else "InitialApproval",
        application_type,
    )


def test_ingredients_are_split_outside_brackets() -> None:
    assert fda.ingredients("PANCRELIPASE (AMYLASE;LIPASE;PROTEASE)") == ("PANCRELIPASE (AMYLASE;LIPASE;PROTEASE)",)
    assert fda.ingredients(" B;  A  C; B ") == ("B", "A C")
    assert fda.ingredients("") == ()
