"""The analogy generator: one taught pair, adapted to a new intent. No network, no model.

    taught   fetch the logs for the image vscode-ext  →  … image="vscode-ext"
    asked    show the logs for the image caribou      →  … image="caribou"

The values of the command that come from the taught intent are slots (`slots.py`); the units of the new intent are
aligned with those of the taught one (`alignment.py`) and written into the slots in the form the command uses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.shell.literals import Kind
from runbook_ls.shell.words import split
from runbook_ls.suggest import alignment, language, ranking, slots
from runbook_ls.suggest.alignment import Part, parts
from runbook_ls.suggest.ranking import Fit
from runbook_ls.suggest.slots import Bound
from runbook_ls.suggest.suggestion import Slot, Suggestion



def suggest(intent: str, candidates: Sequence[Candidate]) -> Suggestion | None:
    """The best suggestion for `intent`, None if nothing among `candidates` fits well enough."""
    found = suggestions(intent, candidates, limit=1)
    return found[0] if found else None


def suggestions(intent: str, candidates: Sequence[Candidate], limit: int) -> list[Suggestion]:
    """Up to `limit` suggestions with different texts, best first; empty means: abstain."""
    common = _vocabulary(candidates)
    fits = [adapt(intent, candidate, common, _idf(candidates)) for candidate in candidates]
    return [
        Suggestion(fit.text, "analogy", confidence, ids, fit.slots, fit.unused)
        for fit, confidence, ids in ranking.rank(fits)[:limit]
    ]

def _idf(candidates):
    import math
    df = Counter()
    for c in candidates:
        df.update({p.stem for p in parts(c.example.intent)})
    n = len(candidates)
    return lambda w: math.log((n + 1) / (df[w] + 0.7)) if n > 1 else 1.0


def _vocabulary(candidates: Sequence[Candidate]) -> frozenset[str]:
    """The plain words that several examples use without their commands showing them: not names."""
    count: Counter[str] = Counter()
    for intent in {c.example.intent: c for c in candidates}.values():
        example = intent.example
        names = {b.part.stem for b in slots.bind(example.intent, example.command)}
        count.update({p.stem for p in parts(example.intent) if p.unit.kind is Kind.WORD} - names)
    return frozenset(stem for stem, n in count.items() if n >= 2)


def adapt(intent: str, candidate: Candidate, common: frozenset[str] = frozenset(), idf=lambda w: 1.0) -> Fit:
    """Refill the slots of the example from `intent`; words in `common` are never names."""
    example = candidate.example
    taught, new = parts(example.intent), parts(intent)
    bound = slots.bind(example.intent, example.command)
    same = _same_words(taught, new)
    used = set(same.values())
    wanting = [b for b in bound if b.part.index not in same]
    free = [p for p in new if p.index not in used and _may_fill(p, common)]
    scores = [[_slot_likeness(b, p) for p in free] for b in wanting]
    given = alignment.assign(scores) if free and wanting else [-1] * len(wanting)
    filler = {b.part.index: free[c] for b, c in zip(wanting, given, strict=True) if c >= 0}
    covered = set(same)
    edits: list[tuple[int, int, str, bool]] = []
    open_ = 0
    for b in bound:
        here = b.part.index
        if here in same:
            edits += [(s.start, s.end, example.command[s.start : s.end], True) for s in b.sites]
        elif here in filler:
            p = filler[here]
            used.add(p.index)
            covered.add(here)
            edits += [(*slots.place(slots.write(p.unit, s) or "", s, b.part, p), True) for s in b.sites]
        elif b.part.name >= 0.8 and b.part.unit.value not in {".", "/", "~"}:
            open_ += 1
            edits += [(s.start, s.end, example.command[s.start : s.end], False) for s in b.sites]
    text, placed = _apply(example.command, edits)
    here = {w.text.strip("'\"") for w in split(text)}
    used |= {p.index for p in new if slots.PLACES.get(p.unit.value, frozenset()) & here}
    left = [p for p in new if p.index not in used and p.unit.is_literal]
    return Fit(
        example.id,
        text,
        placed,
        tuple(p.unit.text for p in left),
        ranking.measure(intent, candidate, bound, filler, covered, used, open_, len(left), idf),
    )


def _may_fill(part: Part, common: frozenset[str]) -> bool:
    if part.unit.is_literal:
        return True
    return part.name > 0.15 and part.stem not in common


def _same_words(taught: Sequence[Part], new: Sequence[Part]) -> dict[int, int]:
    """Parts that stand in both sentences with the same meaning, the most alike first."""
    out: dict[int, int] = {}
    taken: set[int] = set()
    for alike in (_identical, _same_value, _same_meaning):
        for a in taught:
            if a.is_function or a.index in out:
                continue
            for b in new:
                if b.index not in taken and not b.is_function and alike(a, b):
                    out[a.index] = b.index
                    taken.add(b.index)
                    break
    return out


def _identical(a: Part, b: Part) -> bool:
    return a.unit.text == b.unit.text and a.comparison == b.comparison


def _same_value(a: Part, b: Part) -> bool:
    return a.unit.value == b.unit.value and a.unit.kind is b.unit.kind and a.comparison == b.comparison


def _same_meaning(a: Part, b: Part) -> bool:
    if a.is_verb and b.is_verb and language.operations(a.unit.value) & language.operations(b.unit.value):
        return True
    plain = {Kind.WORD, Kind.NAME}
    if a.unit.kind is b.unit.kind is Kind.WORD and len(a.stem) > 5 and OSA.distance(a.stem, b.stem, score_cutoff=1) <= 1:
        return True  # a slip of the pen
    return (a.stem == b.stem or a.unit.value == b.unit.value) and a.unit.kind in plain and b.unit.kind in plain and a.unit.quoted == b.unit.quoted


def _slot_likeness(bound: Bound, new: Part) -> float:
    if any(slots.write(new.unit, site) is None for site in bound.sites):
        return -5.0
    if new.unit.value in slots.PLACES and not bound.is_place:
        return -5.0
    if new.unit.kind is Kind.WORD and bound.part.unit.kind is Kind.GLOB and new.after != "file":
        return -5.0
    score = alignment.likeness(bound.part, new)
    if new.unit.is_literal:
        return score + 2.0
    return score + (0.3 if any(site.stands_alone for site in bound.sites) else -0.3)


def _apply(command: str, edits: list[tuple[int, int, str, bool]]) -> tuple[str, tuple[Slot, ...]]:
    out: list[str] = []
    placed: list[Slot] = []
    at = length = 0
    for start, end, value, grounded in sorted(edits):
        if start < at:
            continue
        out.append(command[at:start])
        length += start - at
        placed.append(Slot(length, length + len(value), command[start:end], value, grounded))
        out.append(value)
        length += len(value)
        at = end
    out.append(command[at:])
    return "".join(out), tuple(placed)


