"""Which unit of a new intent plays the part that a unit of the taught intent played.

Each unit of a sentence is described by what stands around it (its *role*): the nouns beside it, the preposition or
naming word that governs it, and how much its grammar makes it a name. Units are then paired so that the total
likeness of kinds and roles is greatest (an assignment problem, solved exactly).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from runbook_ls.shell.literals import QUANTITIES, Kind, Unit, units
from runbook_ls.suggest import language


@dataclass(frozen=True, slots=True)
class Part:
    """A unit with its role in the sentence.

    `stem` compares plain words; `is_function` marks words of grammar, `is_verb` those that command an operation.
    `before` and `after` are the stems of the nouns beside it ("container" in "the container named X" and in "the X
    container"); `governor` is the preposition or naming word that introduces it ("in", "from", "named");
    `comparison` is "more" or "less" for an amount that is a bound ("older than 3 days", "in the last hour");
    `name` (0 to 1) tells how likely its grammar makes it a name rather than vocabulary; `position` runs from 0 to 1.
    """

    index: int
    unit: Unit
    stem: str
    is_function: bool
    is_verb: bool
    before: str
    after: str
    governor: str
    comparison: str
    name: float
    position: float

    @property
    def is_content(self) -> bool:
        return not self.is_function and not self.is_verb


# How well a value of one kind stands where one of another stood (2 for the same kind).
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
}
_BREAK = re.compile(r"[,;:.!?()\n]")


@lru_cache(maxsize=8192)
def parts(prose: str) -> tuple[Part, ...]:
    """The parts of a sentence, in order."""
    found = _alternatives(units(prose), prose)
    lower = [u.value.lower() for u in found]
    function = [
        u.kind is Kind.WORD
        and language.is_function(word)
        for u, word in zip(found, lower, strict=True)
    ]
    breaks = [
        not i or bool(_BREAK.search(prose[found[i - 1].end : found[i].start])) for i in range(len(found))
    ]
    verb = _verbs(found, lower, function, breaks)
    owner = [prose[u.end : u.end + 2] in {"'s", "’s"} for u in found]
    return tuple(_part(i, found, lower, function, verb, breaks, owner[i]) for i in range(len(found)))


_TWO_WORDS = re.compile(r"([A-Za-z]{3,})/([a-z]{3,})")


def _alternatives(found: Sequence[Unit], prose: str) -> list[Unit]:
    """In "regular/normal files" the slash is an "or"; in "the image backend/otter" it is not."""
    out: list[Unit] = []
    for i, unit in enumerate(found):
        match = _TWO_WORDS.fullmatch(unit.text)
        after = found[i + 1] if i + 1 < len(found) else None
        noun_follows = (
            after is not None
            and after.kind is Kind.WORD
            and after.start == unit.end + 1
            and not language.is_function(after.value.lower())
        )
        if match and (noun_follows or language.stem(match[2]) in language.PATH_NOUNS):
            middle = unit.start + match.end(1)
            out.append(Unit(Kind.WORD, match[1], match[1], unit.start, middle))
            out.append(Unit(Kind.WORD, match[2], match[2], middle + 1, unit.end))
        else:
            out.append(unit)
    return out


def _verbs(found: Sequence[Unit], lower: list[str], function: list[bool], breaks: list[bool]) -> list[bool]:
    """The words that command: what opens a clause, if it is not a value."""
    out = [False] * len(found)
    opening = True
    for i, unit in enumerate(found):
        if breaks[i] or lower[i] in language.CLAUSE_OPENERS:
            opening = True
        if lower[i] in language.DETERMINERS:
            opening = False
        if function[i] or lower[i] in language.CLAUSE_OPENERS:
            continue
        if language.is_adverb(lower[i]):
            continue
        if opening and not unit.is_literal and (not any(out) or language.operations(unit.value)):
            out[i] = True
        opening = False
    return out


def _part(
    i: int,
    found: Sequence[Unit],
    lower: list[str],
    function: list[bool],
    verb: list[bool],
    breaks: list[bool],
    owner: bool,
) -> Part:
    unit = found[i]
    before = after = governor = ""
    nouns = 0
    j = i
    while j > 0 and not breaks[j] and i - j < 5:
        j -= 1
        word = lower[j]
        if verb[j] or found[j].is_literal:
            break
        if word in language.NAMING:
            governor = governor or "named"
            if word == "name":
                break
        elif word in language.PREPOSITIONS:
            governor = governor or word
            break
        elif not function[j]:
            nouns += 1
            before = before or language.stem(word)
            if nouns == 2:
                break
        elif word not in language.DETERMINERS and word not in {"is", "are"}:
            break
    if i + 1 < len(found) and not breaks[i + 1] and not function[i + 1] and not found[i + 1].is_literal:
        after = language.stem(lower[i + 1])
    return Part(
        i,
        unit,
        language.stem(unit.value),
        function[i],
        verb[i],
        before,
        after,
        governor,
        _comparison(i, lower, breaks) if unit.kind in QUANTITIES else "",
        _name(i, found, lower, function, verb, breaks, before, after, owner),
        i / max(1, len(found) - 1),
    )


def _comparison(i: int, lower: list[str], breaks: list[bool]) -> str:
    found = ""
    for j in range(i, max(-1, i - 9), -1):
        if not found and i - j <= 4 and lower[j] in language.MORE | language.LESS:
            found = "more" if lower[j] in language.MORE else "less"
        if found and lower[j] in {"not", "never", "no"}:  # "not used in the last 3 days" is longer ago than that
            return "less" if found == "more" else "more"
        if breaks[j]:
            break
    return found


def _name(
    i: int,
    found: Sequence[Unit],
    lower: list[str],
    function: list[bool],
    verb: list[bool],
    breaks: list[bool],
    before: str,
    after: str,
    owner: bool,
) -> float:
    """English needs a determiner before a countable noun: a bare singular, or a noun set beside another, is a name."""
    if found[i].is_literal:
        return 1.0
    word = lower[i]
    previous = "" if breaks[i] else lower[i - 1]
    if function[i] or verb[i] or language.stem(word) in language.PATH_NOUNS or word in language.NAMING:
        return 0.0
    if previous in language.NAMING or (previous in {"is", "of"} and i > 1 and lower[i - 2] == "name"):
        return 1.0
    if i + 1 < len(found) and found[i + 1].is_literal and not breaks[i + 1]:
        return 0.1  # it tells what the literal is: "commit 48434d2"
    if language.is_adverb(word):
        return 0.0
    plural = word.endswith("s") and not word.endswith("ss")
    if owner and previous not in language.DETERMINERS:
        return 0.9
    if after:
        return 0.4 if plural else 0.6
    if previous in language.DETERMINERS or not previous:
        return 0.1
    if previous in language.PREPOSITIONS or verb[i - 1]:
        return 0.4 if plural else 0.8
    if before and not function[i - 1]:
        return 0.5 if plural else 0.7
    return 0.2


def likeness(taught: Part, new: Part) -> float:
    """How well `new` can stand where `taught` stood: kinds, then roles, then grammar. Not positive: it cannot."""
    a, b = taught.unit, new.unit
    score = kinship(a, b)
    if score <= -4:
        return score
    if a.value == b.value:
        score += 5.0
    elif a.value.lower() == b.value.lower():
        score += 4.0
    nouns_a = {taught.before, taught.after} - {""}
    nouns_b = {new.before, new.after} - {""}
    if nouns_a & nouns_b:
        score += 2.0
    if taught.governor == new.governor:
        score += 1.0 if taught.governor else 0.3
    if Kind.WORD in {a.kind, b.kind}:
        score += 1.5 * (taught.name + new.name - 1.2)
    return score - 1.5 * (taught.position - new.position) ** 2


def kinship(a: Unit, b: Unit) -> float:
    if a.kind in QUANTITIES or b.kind in QUANTITIES:
        if a.kind is b.kind:
            return 3.0
        pair = {a.kind, b.kind}
        if pair <= {Kind.NUMBER, Kind.DURATION} or pair <= {Kind.NUMBER, Kind.SIZE}:
            return 0.2
        if pair <= {Kind.NUMBER, Kind.ID, Kind.VERSION, Kind.NAME}:
            return 0.5
        return -5.0
    if Kind.WORD in {a.kind, b.kind}:
        return 0.5
    score = 2.0 if a.kind is b.kind else _KINSHIP.get(frozenset({a.kind, b.kind}), 0.5)
    return score + 0.3 * (_shape(a.value, b.value) - 2)


def _shape(a: str, b: str) -> int:
    """In how many of five ways two names look alike."""
    return sum(
        (
            _suffix(a) == _suffix(b),
            ("." in a) == ("." in b),
            ("/" in a) == ("/" in b),
            a[:1].isupper() == b[:1].isupper(),
            any(c.isdigit() for c in a) == any(c.isdigit() for c in b),
        )
    )


def _suffix(value: str) -> str:
    match = re.search(r"\.[A-Za-z]\w*$", value)
    return match.group().lower() if match else ""


def assign(scores: Sequence[Sequence[float]]) -> list[int]:
    """For each row the column given to it, -1 for none, so that the sum of positive scores is greatest.

    Rows and columns are used at most once. (Hungarian method with potentials, O(rows² · columns).)
    """
    rows = len(scores)
    columns = len(scores[0]) if rows else 0
    width = columns + rows  # a column of its own for each row that stays empty
    infinity = float("inf")
    u = [0.0] * (rows + 1)
    v = [0.0] * (width + 1)
    match = [0] * (width + 1)
    way = [0] * (width + 1)
    for i in range(1, rows + 1):
        match[0] = i
        j0 = 0
        least = [infinity] * (width + 1)
        used = [False] * (width + 1)
        while True:
            used[j0] = True
            i0, delta, j1 = match[j0], infinity, 0
            row = scores[i0 - 1]
            for j in range(1, width + 1):
                if used[j]:
                    continue
                cost = -row[j - 1] if j <= columns else 0.0
                current = cost - u[i0] - v[j]
                if current < least[j]:
                    least[j], way[j] = current, j0
                if least[j] < delta:
                    delta, j1 = least[j], j
            for j in range(width + 1):
                if used[j]:
                    u[match[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            j0 = j1
            if match[j0] == 0:
                break
        while j0:
            j1 = way[j0]
            match[j0] = match[j1]
            j0 = j1
    out = [-1] * rows
    for j in range(1, columns + 1):
        if match[j] and scores[match[j] - 1][j - 1] > 0:
            out[match[j] - 1] = j - 1
    return out
