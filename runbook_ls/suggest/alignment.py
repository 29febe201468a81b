"""Which part of a new intent plays the role that a part of the taught intent played.

What both say in the same words is paired first. The rest is an assignment problem: pairs are as good as their kinds
and roles are alike, and the whole is made as good as it can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from runbook_ls.shell.kinds import QUANTITIES, Kind
from runbook_ls.shell.literals import Unit
from runbook_ls.suggest import language
from runbook_ls.suggest.sentence import Part


def same_parts(taught: Sequence[Part], new: Sequence[Part]) -> dict[int, int]:
    """The parts that both intents share, as indices taught → new; the most alike are paired first."""
    out: dict[int, int] = {}
    left = [part for part in taught if not part.is_grammar]
    right = [part for part in new if not part.is_grammar]
    for alike in (_identical, _same_value, _same_word):
        for a in left:
            for b in right:
                if alike(a, b):
                    out[a.index] = b.index
                    right.remove(b)
                    break
        left = [a for a in left if a.index not in out]
    return out


def clash(taught: Sequence[Part], new: Sequence[Part]) -> bool:
    """True if the two intents ask for different operations, at least one of which changes something: list and
    delete, start and stop. Where the taught verb is unknown and the new one only looks, the doubt counts as a clash."""
    a = [part for part in taught if part.is_verb]
    b = [part for part in new if part.is_verb]
    if a and b and all(part.operations & language.READING for part in b):
        first = a[0]
        if not first.operations and all(first.stem != part.stem for part in b):
            return True
    if any(language.reverses(x.stem, y.stem) for x in a for y in b):
        return True
    known_a, known_b = ([part.operations for part in side if part.operations] for side in (a, b))
    return bool(known_a and known_b) and (_lacks(known_a, known_b) or _lacks(known_b, known_a))


def _lacks(some: Sequence[frozenset[str]], others: Sequence[frozenset[str]]) -> bool:
    return any(not x & language.READING and all(not x & y for y in others) for x in some)


def _identical(a: Part, b: Part) -> bool:
    return a.unit.text == b.unit.text and a.side == b.side


def _same_value(a: Part, b: Part) -> bool:
    return a.unit.value == b.unit.value and a.unit.kind is b.unit.kind and a.side == b.side


def _same_word(a: Part, b: Part) -> bool:
    if a.operations & b.operations:
        return True
    if a.unit.kind not in _PLAIN or b.unit.kind not in _PLAIN or a.unit.quoted != b.unit.quoted:
        return False
    if a.stem == b.stem:
        return True
    if (
        a.unit.kind is not b.unit.kind
        or a.unit.kind is not Kind.WORD
        or min(len(a.stem), len(b.stem)) <= 5
        or a.stem[0] != b.stem[0]
    ):
        return False
    from rapidfuzz.distance import OSA

    return OSA.distance(a.stem, b.stem, score_cutoff=1) <= 1


_PLAIN = frozenset({Kind.WORD, Kind.NAME})


def likeness(taught: Part, new: Part) -> float:
    """How well `new` can stand where `taught` stood: kinds, then roles, then grammar. Not positive: it cannot."""
    score = _kinship(taught.unit, new.unit)
    if score <= _IMPOSSIBLE:
        return score
    if taught.unit.value.lower() == new.unit.value.lower():
        score += 5.0
    if {taught.before, taught.after} & {new.before, new.after} - {""}:
        score += 2.0
    if taught.governor == new.governor:
        score += 1.0 if taught.governor else 0.3
    if new.unit.is_literal:
        score += 2.0
    if Kind.WORD in {taught.unit.kind, new.unit.kind}:
        score += 1.5 * (taught.name + new.name - 1.2)
    # Squared, so that of two pairings of the same cost the one without a crossing wins.
    return score - 1.5 * (taught.position - new.position) ** 2


_IMPOSSIBLE = -5.0
_KINSHIP = {
    frozenset({Kind.NAME, Kind.TEXT}): 1.2,
    frozenset({Kind.NAME, Kind.ID}): 1.2,
    frozenset({Kind.NAME, Kind.VERSION}): 1.2,
    frozenset({Kind.NAME, Kind.HOST}): 1.2,
    frozenset({Kind.NAME, Kind.PATH}): 1.0,
    frozenset({Kind.URL, Kind.HOST}): 1.0,
    frozenset({Kind.URL, Kind.PATH}): 0.8,
    frozenset({Kind.NAME, Kind.GLOB}): 0.8,
    frozenset({Kind.PATH, Kind.GLOB}): 0.2,
    frozenset({Kind.NUMBER, Kind.DURATION}): 0.2,
    frozenset({Kind.NUMBER, Kind.SIZE}): 0.2,
    frozenset({Kind.NUMBER, Kind.ID}): 0.5,
    frozenset({Kind.NUMBER, Kind.VERSION}): 0.5,
    frozenset({Kind.NUMBER, Kind.NAME}): 0.5,
}


def _kinship(a: Unit, b: Unit) -> float:
    if a.kind is b.kind and a.kind in QUANTITIES:
        return 3.0
    if a.kind in QUANTITIES or b.kind in QUANTITIES:
        return _KINSHIP.get(frozenset({a.kind, b.kind}), _IMPOSSIBLE)
    if Kind.WORD in {a.kind, b.kind}:
        return 0.5
    score = 2.0 if a.kind is b.kind else _KINSHIP.get(frozenset({a.kind, b.kind}), 0.5)
    return score + 0.3 * (_shared_looks(a.value, b.value) - 2)


def _shared_looks(a: str, b: str) -> int:
    """In how many of five ways two names look alike."""
    return (
        (_ending(a) == _ending(b))
        + (("." in a) == ("." in b))
        + (("/" in a) == ("/" in b))
        + (a[:1].isupper() == b[:1].isupper())
        + (any(map(str.isdigit, a)) == any(map(str.isdigit, b)))
    )


_ENDING = re.compile(r"\.[A-Za-z]\w*$")


def _ending(value: str) -> str:
    match = _ENDING.search(value)
    return match.group().lower() if match else ""


def assign(scores: Sequence[Sequence[float]]) -> list[int]:
    """For each row the column given to it, -1 for none, so that the sum of the positive scores is greatest.

    Rows and columns are used at most once. (Hungarian method with potentials; one row is the common case.)
    """
    if not scores or not scores[0]:
        return [-1] * len(scores)
    if len(scores) == 1:
        best = max(range(len(scores[0])), key=scores[0].__getitem__)
        return [best if scores[0][best] > 0 else -1]
    columns = len(scores[0])
    costs = [
        [-score for score in row] + [0.0] * len(scores) for row in scores
    ]  # a column of none for each row
    given = _cheapest(costs)
    return [j if j < columns and scores[i][j] > 0 else -1 for i, j in enumerate(given)]


def _cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """A column for each row so that the sum of the costs is least; no fewer columns than rows."""
    width = len(costs[0])
    of_row, of_column = [0.0] * (len(costs) + 1), [0.0] * (width + 1)
    row_at, came_from = [0] * (width + 1), [0] * (width + 1)
    for i in range(1, len(costs) + 1):
        row_at[0], column = i, 0
        least, visited = [float("inf")] * (width + 1), [False] * (width + 1)
        while row_at[column]:
            visited[column] = True
            row, delta, nearest = row_at[column], float("inf"), 0
            for j in _unvisited(visited):
                cost = costs[row - 1][j - 1] - of_row[row] - of_column[j]
                if cost < least[j]:
                    least[j], came_from[j] = cost, column
                if least[j] < delta:
                    delta, nearest = least[j], j
            for j in range(width + 1):
                if visited[j]:
                    of_row[row_at[j]] += delta
                    of_column[j] -= delta
                else:
                    least[j] -= delta
            column = nearest
        while column:
            row_at[column], column = row_at[came_from[column]], came_from[column]
    given = [0] * len(costs)
    for j in range(1, width + 1):
        if row_at[j]:
            given[row_at[j] - 1] = j - 1
    return given


def _unvisited(visited: Sequence[bool]) -> Iterable[int]:
    return (j for j in range(1, len(visited)) if not visited[j])
