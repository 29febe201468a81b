"""Chroma and exact search give the same answers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_ls.memory.exact import ExactIndex
from runbook_ls.memory.index import ChromaIndex, Index

SIZE = 16


def rows(*numbers: int) -> np.ndarray:
    """A vector for each number, always the same."""
    vectors = np.stack([np.random.default_rng(number).normal(size=SIZE) for number in numbers]).astype(
        np.float32
    )
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module", params=[ExactIndex, ChromaIndex])
def make(request: pytest.FixtureRequest) -> Callable[[], Index]:
    return request.param


def test_nearest(make: Callable[[], Index]) -> None:
    index = make()
    numbers = list(range(1, 201))
    index.put("", numbers, rows(*numbers))
    assert len(index) == 200
    found = index.nearest([""], rows(7)[0], 5)
    cosines = rows(*numbers) @ rows(7)[0]
    expected = sorted(numbers, key=lambda number: -cosines[number - 1])[:5]
    assert sorted(found, key=lambda number: -found[number]) == expected
    assert found == pytest.approx({number: cosines[number - 1] for number in expected}, abs=1e-3)


def test_shelves(make: Callable[[], Index]) -> None:
    index = make()
    index.put("", [1], rows(1))
    index.put("/w", [2], rows(2))
    index.put("/other", [3], rows(3))
    assert set(index.nearest(["", "/w", "/unknown"], rows(1)[0], 5)) == {1, 2}
    assert index.nearest(["/unknown"], rows(1)[0], 5) == {}


def test_replace_and_drop(make: Callable[[], Index]) -> None:
    index = make()
    index.put("", [1, 2], rows(1, 2))
    index.put("", [1], rows(9))
    assert index.nearest([""], rows(9)[0], 1) == pytest.approx({1: 1.0}, abs=1e-3)
    index.drop([1, 77])
    assert set(index.nearest([""], rows(9)[0], 5)) == {2}
    index.drop([2])
    assert index.nearest([""], rows(9)[0], 5) == {}
    assert len(index) == 0


@given(st.lists(st.tuples(st.sampled_from(["put", "drop"]), st.integers(0, 150)), max_size=300))
@settings(max_examples=30, deadline=None)
def test_exact_search_forgets_nothing_as_rows_come_and_go(steps: list[tuple[str, int]]) -> None:
    index, expected = ExactIndex(), {}
    for step, number in steps:
        if step == "put":
            index.put("", [number], rows(number))
            expected[number] = rows(number)[0]
        else:
            index.drop([number])
            expected.pop(number, None)
    query = rows(1_000)[0]
    cosines = {number: float(vector @ query) for number, vector in expected.items()}
    assert index.nearest([""], query, 1_000) == pytest.approx(cosines, abs=1e-5)
