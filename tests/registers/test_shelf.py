"""A shelf is a dictionary that keeps few things in memory."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.registers.shelf import Shelf

ACTS = st.lists(st.tuples(st.sampled_from(["put", "get", "pop", "grow"]), st.sampled_from("abcdefgh"), st.integers()))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ACTS, st.integers(2, 5))
def test_it_is_a_dictionary_that_keeps_its_order(acts: list[tuple[str, str, int]], held: int) -> None:
    shelf, model = Shelf[list[int]](held), dict[str, list[int]]()
    for act, key, number in acts:
        if act == "put":
            shelf.put(key, [number])
            model[key] = [number]
        elif act == "pop":
            assert shelf.pop(key) == model.pop(key, None)
        else:
            found = shelf.get(key)
            assert found == model.get(key)
            if found is not None and act == "grow":
                found.append(number)
                model[key].append(number)
        assert (key in shelf) == (key in model)
    assert list(shelf.values()) == list(model.values()) == list(shelf.values())


@pytest.mark.parametrize("steps", [(1, 1), (1, 7)], ids=["in order", "across"])
def test_memory_does_not_grow_with_what_is_kept(steps: tuple[int, int]) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        shelf = Shelf[bytearray](100)
        for step in steps:
            for place in range(count):
                key = str(place * step % count)
                shelf.put(key, bytearray(2_000))
        assert sum(1 for _ in shelf.values()) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(3_000) < peak(600) * 1.5
