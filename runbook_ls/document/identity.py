"""Which cell is which: through the edits of an open runbook, and between two readings of a file.

A cell is known by its place while the runbook is open; later by its heading path, its name, its intent and how
much of its body is left. An `id` attribute is honoured where somebody wrote one; none is ever written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from runbook_ls.document.lines import count_line_ends
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.values import Position, TextEdit

_SAME = 0.55  # the least likeness of two cells that are taken for one
_ALL_PAIRS = 40_000  # above that many pairs, only cells with something in common are compared


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a cell is recognised by when its place is not known. Plain text, to be stored as it is."""

    id: str  # the `id` attribute, "" if none
    given_name: str  # "" if the runbook does not name it
    heading_path: tuple[str, ...]
    intent: str
    body: str


def fingerprint(cell: Cell) -> Fingerprint:
    """What to recognise this cell by later."""
    return Fingerprint(
        cell.attributes.get("id", ""), cell.code.given_name, cell.heading_path, cell.intent, cell.body
    )


def match(old: Sequence[Fingerprint], new: Sequence[Fingerprint]) -> list[int | None]:
    """For each of the new cells, the index of the old one that it is; None if it was not there before."""
    found: list[int | None] = [None] * len(new)
    _match_fingerprints(old, new, found)
    return found


def track(before: Runbook, after: Runbook, edits: Sequence[TextEdit]) -> list[int | None]:
    """For each cell of `after`, the index of the cell of `before` that it is; None if it is a new one.

    `edits` led from one text to the other, each in the coordinates that the one before it left. A cell whose
    opening line they left alone is the cell on that line; others are recognised by their content.
    """
    found: list[int | None] = [None] * len(after.cells)
    at = {cell.start_line: index for index, cell in enumerate(after.cells)}
    for index, cell in enumerate(before.cells):
        line = _line_after(cell.start_line, edits)
        place = at.get(line) if line is not None else None
        if place is not None and found[place] is None and after.cells[place].kind == cell.kind:
            found[place] = index
    old_left, new_left = _left(len(before.cells), found)
    if old_left and new_left:
        old = [fingerprint(before.cells[index]) for index in old_left]
        new = [fingerprint(after.cells[index]) for index in new_left]
        for place, known in zip(new_left, match(old, new), strict=True):
            found[place] = None if known is None else old_left[known]
    return found


def _line_after(line: int, edits: Iterable[TextEdit]) -> int | None:
    """Where the line stands after the edits; None if its beginning was replaced."""
    for edit in edits:
        here = Position(line, 0)
        if edit.span.end <= here:
            line += count_line_ends(edit.text) - (edit.span.end.line - edit.span.start.line)
        elif edit.span.start <= here:
            return None
    return line


def _left(old_count: int, found: Sequence[int | None]) -> tuple[list[int], list[int]]:
    """The old and the new cells that are not matched yet."""
    taken = set(found)
    return (
        [index for index in range(old_count) if index not in taken],
        [place for place, index in enumerate(found) if index is None],
    )


def _match_fingerprints(
    old: Sequence[Fingerprint], new: Sequence[Fingerprint], found: list[int | None]
) -> None:
    """What only one cell can be first: the same id, the same everything, the same name; then the likest."""
    keys: tuple[Callable[[Fingerprint], Hashable], ...] = (
        lambda cell: cell.id,
        lambda cell: cell,
        lambda cell: (cell.heading_path, cell.given_name) if cell.given_name else "",
        lambda cell: cell.given_name,
    )
    for key in keys:
        old_left, new_left = _left(len(old), found)
        waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
        for index in reversed(old_left):
            waiting[key(old[index])].append(index)
        for place in new_left:
            value = key(new[place])
            if value != "" and waiting[value]:
                found[place] = waiting[value].pop()
    old_left, new_left = _left(len(old), found)
    for _, _, index, place in sorted(_likenesses(old, new, old_left, new_left)):
        if found[place] is None and index in old_left:
            found[place] = index
            old_left.remove(index)


def _likenesses(
    old: Sequence[Fingerprint], new: Sequence[Fingerprint], old_left: Sequence[int], new_left: Sequence[int]
) -> Iterable[tuple[float, int, int, int]]:
    """(−likeness, distance, old index, new index) of the pairs that may be one cell."""
    compare_all = len(old_left) * len(new_left) <= _ALL_PAIRS
    partners: defaultdict[Hashable, list[int]] = defaultdict(list)
    if not compare_all:
        for index in old_left:
            for trait in _traits(old[index]):
                partners[trait].append(index)
    for place in new_left:
        candidates = (
            old_left if compare_all else {index for trait in _traits(new[place]) for index in partners[trait]}
        )
        for index in candidates:
            likeness = _likeness(old[index], new[place])
            if likeness >= _SAME:
                yield -likeness, abs(index - place), index, place


def _traits(cell: Fingerprint) -> tuple[Hashable, ...]:
    return (("intent", cell.heading_path, cell.intent), ("body", cell.body), ("first", cell.body[:40]))


def _likeness(old: Fingerprint, new: Fingerprint) -> float:
    """From 0 to 1: half by the body, the rest by where it stands and what it is for. Two names are two cells."""
    from rapidfuzz import fuzz

    if old.given_name and new.given_name and old.given_name != new.given_name:
        # A cell that was renamed keeps its body and its place.
        return (
            1.0
            if (old.body, old.intent, old.heading_path) == (new.body, new.intent, new.heading_path)
            else 0.0
        )
    body = fuzz.ratio(old.body, new.body) / 100 if old.body or new.body else 0.5
    intent = fuzz.ratio(old.intent, new.intent) / 100
    return 0.5 * body + 0.3 * intent + 0.2 * (old.heading_path == new.heading_path)
