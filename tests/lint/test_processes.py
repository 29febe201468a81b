"""Forks share the work, and whatever becomes of them, all of it is done once and told in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

from runbook_ls.lint import processes

T = TypeVar("T")


def spread(do: Callable[[int], T], weights: Sequence[int], worth: int) -> list[T]:
    """Plain values need no packing, and show here where they come from."""
    return processes.spread(
        do, weights, worth=worth, pack=lambda done: [done], unpack=lambda number, plain: plain[0]
    )


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_processors", lambda: 3)
    monkeypatch.setattr(processes, "_can_fork", lambda: hasattr(os, "fork"))


WEIGHTS = [30_000, 0, 60_000, 1, 200_000, 5] * 20


def test_all_is_told_in_order() -> None:
    assert spread(lambda number: [number, "é\ud800"], WEIGHTS, worth=0) == [
        [number, "é\ud800"] for number in range(len(WEIGHTS))
    ]


def test_little_work_stays_here() -> None:
    here = os.getpid()
    assert set(spread(lambda _: os.getpid(), WEIGHTS, worth=10**9)) == {here}
    assert spread(lambda number: number, [], worth=0) == []
    assert spread(lambda number: number, [1], worth=0) == [0]


def test_what_a_helper_took_that_died_is_done_here() -> None:
    here = os.getpid()

    def work(number: int) -> int:
        if os.getpid() != here:
            os._exit(9)
        return number

    assert spread(work, WEIGHTS, worth=0) == list(range(len(WEIGHTS)))


def test_an_error_is_raised_here() -> None:
    def work(number: int) -> int:
        raise ValueError(number)

    with pytest.raises(ValueError, match=r"\d"):
        spread(work, WEIGHTS, worth=0)


def test_more_than_a_pipe_holds() -> None:
    assert spread(lambda number: number, [50_000] * 20_000, worth=0) == list(range(20_000))


def test_long_answers() -> None:
    assert spread(lambda number: "x" * 100_000, [50_000] * 12, worth=0) == ["x" * 100_000] * 12


def test_what_a_helper_did_is_packed_with_its_number() -> None:
    here = os.getpid()

    def work(number: int) -> list[object]:
        return [number, os.getpid() == here]

    def unpack(number: int, plain: tuple[int, bool]) -> list[object]:
        assert plain == (number * 2, False)
        return [number, False]

    done = processes.spread(
        work, WEIGHTS, worth=0, pack=lambda done: (int(str(done[0])) * 2, done[1]), unpack=unpack
    )
    assert [number for number, _ in done] == list(range(len(WEIGHTS)))


def test_the_heavy_turns_come_first() -> None:
    weights = [1, 2, 900, 300, 40, 5_000, 100]
    assert processes._turns(weights, 1_000) == [[4, 5], [0, 1, 2, 3], [6]]
