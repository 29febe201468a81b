"""Which adapted example is most likely right, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from rapidfuzz import fuzz

from runbook_ls.memory.examples import Candidate
from runbook_ls.shell.literals import Kind, masked
from runbook_ls.shell.words import Role, split
from runbook_ls.suggest import language
from runbook_ls.suggest.alignment import Part, kinship, parts
from runbook_ls.suggest.slots import Bound
from runbook_ls.suggest.suggestion import Slot


@dataclass(frozen=True, slots=True)
class Fit:
    """An example adapted to an intent. `measures` are what the ranking weighs."""

    example: str
    text: str
    slots: tuple[Slot, ...]
    unused: tuple[str, ...]
    measures: tuple[float, ...]


NAMES = ("bias similarity taught_covered new_covered taught_missing new_missing ops_missing ops_extra open left "
         "word_fills cross_fills strong_fills unbound flags same_mask unit_change side t_idf n_idf strain polarity ratio sorted kinds").split()
WEIGHTS: tuple[float, ...] = (3.0, 2.09, 0.56, 0.82, -0.78, -1.34, -0.77, -0.9, -0.98, -0.6, -0.34, -0.32, 0.06, -0.43, -0.15, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
THRESHOLD = 0.0


def measure(
    intent: str,
    candidate: Candidate,
    bound: Sequence[Bound],
    filler: Mapping[int, Part],
    covered: Set[int],
    used: Set[int],
    open_slots: int,
    left_over: int,
    idf,
) -> tuple[float, ...]:
    example = candidate.example
    taught, new = parts(example.intent), parts(intent)
    t_cov, t_miss = _covered(taught, covered)
    n_cov, n_miss = _covered(new, used)
    similarity = candidate.similarity or 0.3 + 0.6 * min(t_cov, n_cov)
    ops_t = [language.operations(p.unit.value) for p in taught if p.is_verb]
    ops_n = [language.operations(p.unit.value) for p in new if p.is_verb]
    missing = sum(1 for o in ops_n if o and not any(o & x for x in ops_t))
    extra = sum(1 for o in ops_t if o and not any(o & x for x in ops_n))
    kinds = {b.part.index: b.part.unit.kind for b in bound}
    word_fills = sum(1 for p in filler.values() if not p.unit.is_literal)
    cross = sum(1 for i, p in filler.items() if p.unit.is_literal and p.unit.kind is not kinds[i])
    of = {b.part.index: b.part for b in bound}
    units = sum(1 for i, p in filler.items() if p.unit.unit and of[i].unit.unit and p.unit.unit != of[i].unit.unit)
    sides = sum(1 for i, p in filler.items() if p.comparison != of[i].comparison)
    strain = sum(max(0.0, 2.0 - kinship(of[i].unit, p.unit)) for i, p in filler.items() if p.unit.is_literal)
    polarity = float(any(p.unit.value.lower() in language.NEGATIONS for p in taught) != any(p.unit.value.lower() in language.NEGATIONS for p in new))
    words = split(example.command)
    sites = {s.word.start for b in bound for s in b.sites}
    unbound = sum(1 for w in words if w.varies < w.end and w.start not in sites)
    flags = sum(1 for w in words if w.role is Role.FLAG or w.role is Role.PROGRAM)
    return (
        1.0, similarity, t_cov, n_cov, min(t_miss, 6), min(n_miss, 6), missing, extra, min(open_slots, 3), min(left_over, 3),
        word_fills, cross, len(filler) - word_fills - cross, min(unbound, 6), min(flags, 8), float(masked(intent).lower() == masked(example.intent).lower()), units, sides, sum(idf(p.stem) * (0.5 if p.is_verb else 1) for p in taught if not p.is_function and p.index not in covered), sum(idf(p.stem)*(.5 if p.is_verb else 1) for p in new if not p.is_function and p.index not in used), strain, polarity, fuzz.ratio(masked(intent).lower(),masked(example.intent).lower())/100, fuzz.token_sort_ratio(masked(intent).lower(),masked(example.intent).lower())/100, kinds_diff(taught,new),
    )


def kinds_diff(a,b):
    from collections import Counter
    x=Counter(p.unit.kind for p in a if p.unit.is_literal); y=Counter(p.unit.kind for p in b if p.unit.is_literal)
    return min(5, sum(((x-y)+(y-x)).values()))


def _covered(sentence: Sequence[Part], covered: Set[int]) -> tuple[float, float]:
    total = hit = 0.0
    for p in sentence:
        if p.is_function:
            continue
        weight = 0.5 if p.is_verb else 1.0
        total += weight
        if p.index in covered:
            hit += weight
    return (hit / total if total else 1.0), total - hit


def rank(fits: Sequence[Fit]) -> list[tuple[Fit, float, tuple[str, ...]]]:
    """The different texts of `fits`, best first, each with its confidence and the examples behind it."""
    groups: dict[str, list[tuple[float, Fit]]] = {}
    for fit in fits:
        score = math.exp(min(30.0, sum(w * m for w, m in zip(WEIGHTS, fit.measures, strict=True))))
        groups.setdefault(" ".join(fit.text.replace("'", '"').split()), []).append((score, fit))
    total = 1.0 + sum(score for group in groups.values() for score, _ in group)
    out = []
    for group in groups.values():
        group.sort(key=lambda pair: -pair[0])
        confidence = sum(score for score, _ in group) / total
        if confidence >= THRESHOLD:
            out.append((group[0][1], confidence, tuple(fit.example for _, fit in group)))
    out.sort(key=lambda item: -item[1])
    return out
