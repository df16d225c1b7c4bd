"""IRIs of what registers name: as they are named, or, where that is too long, told by a hash."""

from __future__ import annotations

import doctest

import pytest

from kg.registers import terms
from kg.registers.ctgov_things import thing
from kg.registers.terms import LONGEST, iri, short


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(terms).attempted == 2
    assert doctest.testmod(terms).failed == 0


@pytest.mark.parametrize("length", [1, 30, LONGEST])
def test_a_tail_that_fits_is_as_it_was(length: int) -> None:
    assert short("a" * length) == "a" * length


def test_a_longer_one_is_cut_and_told_by_its_hash() -> None:
    antigens = [f"streptococcus-pneumoniae-type-{each}-capsular-polysaccharide-antigen" for each in range(1, 24)]
    one, other = "_".join(antigens), "_".join([*antigens[:-1], "another"])
    assert short(one) != short(other)
    assert short(one)[:100] == short(other)[:100] == one[:100]
    for tail in (one, other, "a-" * LONGEST):
        assert len(short(tail)) <= LONGEST
        assert short(short(tail)) == short(tail)
        assert iri("drug", tail) == thing("drug", tail) == iri("drug", short(tail))
