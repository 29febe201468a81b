"""Forks share the work, and whatever becomes of them, all of it is done once and told in order."""

from __future__ import annotations

import os

import pytest

from runbook_ls.lint import processes
from runbook_ls.lint.processes import spread


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
