"""The diff A → A′: which words of a command were replaced, added or removed, and how far apart the two are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from runbook_ls.shell import words

_PARTS = re.compile(r"[\w.:/@-]+|\s+|.", re.DOTALL)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One edit: `old` became `new`. "" for `old` is an addition, "" for `new` a removal."""

    old: str
    new: str

    def __str__(self) -> str:
        if not self.old:
            return f"+ {_short(self.new)}"
        if not self.new:
            return f"- {_short(self.old)}"
        old, new = _differing(self.old, self.new)
        return f"{_short(old)} → {_short(new)}"


@dataclass(frozen=True, slots=True)
class Diff:
    """The changes in order, and the distance: 0 for the same words, 1 for nothing in common."""

    changes: tuple[Change, ...]
    distance: float

    def __str__(self) -> str:
        """At most three changes, for a receipt."""
        shown = ", ".join(map(str, self.changes[:_SHOWN]))
        more = len(self.changes) - _SHOWN
        return f"{shown} and {more} more" if more > 0 else shown


def diff(suggested: str, executed: str) -> Diff:
    """Compare two whole scripts by shell words; white space between words does not count, except that a line
    break is a word of its own."""
    from rapidfuzz.distance import Levenshtein

    old = [word.text for word in words.split(suggested)]
    new = [word.text for word in words.split(executed)]
    changes: list[Change] = []
    for step in Levenshtein.opcodes(old, new):
        before, after = old[step.src_start : step.src_end], new[step.dest_start : step.dest_end]
        if before != after:
            changes += [Change(x, y) for x, y in zip_longest(before, after, fillvalue="")]
    return Diff(tuple(changes), Levenshtein.normalized_distance(old, new))


def _differing(old: str, new: str) -> tuple[str, str]:
    """The parts of two words that differ: `--freshness=1d` and `--freshness=3d` give `1d` and `3d`."""
    a, b = _PARTS.findall(old), _PARTS.findall(new)
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    inner_old, inner_new = "".join(a[start : len(a) - end]), "".join(b[start : len(b) - end])
    return (inner_old, inner_new) if inner_old and inner_new else (old, new)


def _short(text: str, limit: int = 40) -> str:
    text = text.replace("\n", "⏎")
    return text if len(text) <= limit else text[: limit - 1] + "…"
