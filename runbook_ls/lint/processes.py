"""Doing many things at once, in processes that are forks of this one: they know all that it knows, and start in a
few milliseconds. Where there is no fork, or threads that would not survive one, it is all done here.
"""

from __future__ import annotations

import marshal
import os
import sys
import threading
from collections.abc import Callable, Sequence
from itertools import accumulate, groupby
from typing import Any, TypeVar

T = TypeVar("T")

_SHARE = 5_000  # of the weight, for each turn of a process
_MOST_TURNS = 4_000  # their numbers wait in a pipe: 16 KB at least, on every system
_MOST_PROCESSES = 8
_NUMBER = 4  # bytes


def spread(
    do: Callable[[int], T],
    weights: Sequence[int],
    *,
    worth: int,
    pack: Callable[[T], Any],
    unpack: Callable[[int, Any], T],
) -> list[T]:
    """`do(0)`, `do(1)` … for each of the weights, in order.

    Other processes help if the weights add up to `worth`. Each takes the next numbers that nobody has taken yet; what
    one that died took is done here. What they did comes as the plain values that `pack` makes of it, and `unpack` makes
    it of these and its number again.
    """
    total = sum(weights)
    processes = min(_processors(), _MOST_PROCESSES) if total >= worth and _can_fork() else 1
    if processes < 2 or len(weights) < 2:
        return [do(number) for number in range(len(weights))]
    turns = _turns(weights, max(_SHARE, total // _MOST_TURNS))
    taking, giving = os.pipe()
    for turn in range(len(turns)):
        os.write(giving, turn.to_bytes(_NUMBER, "big"))
    helpers = [
        _start(lambda number: pack(do(number)), turns, taking, giving)
        for _ in range(min(processes, len(turns)) - 1)
    ]
    os.close(giving)
    done: dict[int, T] = {}
    try:
        done |= _take_turns(do, turns, taking)
    finally:
        os.close(taking)
        for process, answer in helpers:
            told = _answer_of(answer)
            done |= {number: unpack(number, plain) for number, plain in told.items()}
            os.waitpid(process, 0)
    return [done[number] if number in done else do(number) for number in range(len(weights))]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _can_fork() -> bool:
    return hasattr(os, "fork") and threading.active_count() == 1


def _turns(weights: Sequence[int], share: int) -> list[list[int]]:
    """The numbers of the weights in runs of about one share each, the heavy ones first: who takes the last ends soon."""
    before = accumulate(weights, initial=0)
    numbered = zip(range(len(weights)), before, strict=False)
    turns = [[number for number, _ in run] for _, run in groupby(numbered, key=lambda pair: pair[1] // share)]
    return sorted(turns, key=lambda turn: -sum(weights[number] for number in turn))


def _start(do: Callable[[int], T], turns: list[list[int]], taking: int, giving: int) -> tuple[int, int]:
    """A helper: its process and the pipe with its answer."""
    answer, told = os.pipe()
    process = os.fork()
    if process:
        os.close(told)
        return process, answer
    status = 1
    try:
        os.close(giving)
        done = marshal.dumps(_take_turns(do, turns, taking))
        with os.fdopen(told, "wb") as pipe:
            pipe.write(done)
        status = 0
    finally:
        os._exit(status)  # nothing of this program's end is a helper's to do


def _take_turns(do: Callable[[int], T], turns: list[list[int]], taking: int) -> dict[int, T]:
    done: dict[int, T] = {}
    while turn := os.read(taking, _NUMBER):
        done.update((number, do(number)) for number in turns[int.from_bytes(turn, "big")])
    return done


def _answer_of(answer: int) -> dict[int, Any]:
    """What a helper has done; nothing if it died."""
    with os.fdopen(answer, "rb") as pipe:
        told = pipe.read()
    try:
        return dict(marshal.loads(told))  # noqa: S302 (from a fork of this very program)
    except (EOFError, ValueError, TypeError):
        return {}
