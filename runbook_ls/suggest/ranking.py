"""Which adapted example is most likely right, and how sure that is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.shell.literals import masked
from runbook_ls.shell.words import Role, Word, split
from runbook_ls.suggest import language
from runbook_ls.suggest.adapting import Adaptation
from runbook_ls.suggest.sentence import Part, parts
from runbook_ls.suggest.slots import SIGNS, Slot


class Evidence(NamedTuple):
    """What speaks for and against an adapted example. The same type holds the weights."""

    similarity: float  # of the intents' vectors
    wording: float  # likeness of the two intents with their values masked, letter by letter
    same_wording: float  # 1 if they are masked to the same text
    explained: float  # share of the new intent that the taught one explains
    unexplained: float  # what is left of the new intent: words, the rarer among the candidates the heavier
    surplus: float  # words of the taught intent that the new one lacks
    operations: float  # verbs of one intent whose operation is not in the other
    other_verb: float  # 1 if the new intent's verb names no operation, and is not in the taught one
    other_object: (
        float  # 1 if the taught intent has nothing of what the new one's verb acts on: "a joke about pods"
    )
    wondering: float  # 1 if the new intent asks who, why, when or where, and the taught one does not
    negation: float  # 1 if one denies and the other does not
    open: float  # slots that the new intent does not fill
    left_over: float  # values of the new intent without a place
    weak: float  # slots filled by plain words
    other_side: float  # bounds turned: "older than" for "in the last"
    other_unit: float  # amounts in another unit
    other_kinds: float  # values of a kind that the other intent does not have
    unsigned: float  # bounds of the taught intent ("more than 7 days") that `find` is not told: -mtime 7
    fixed: float  # values of the command that its intent does not explain
    length: float  # programs and flags of the command
    unusual: float  # how little the command looks like those of the other candidates
    outdated: float  # 1 if a later run has put it right
    documented: float  # 1 if the example was read in a runbook: nobody here has run it


WEIGHTS = Evidence(
    similarity=4.2,
    wording=3.2,
    same_wording=1.55,
    explained=0.8,
    unexplained=-1.0,
    surplus=-0.5,
    operations=-0.3,
    other_verb=0.0,
    other_object=-0.3,
    wondering=0.0,
    negation=-0.65,
    open=-1.5,
    left_over=-1.6,
    weak=-1.45,
    other_side=-1.2,
    other_unit=-2.1,
    other_kinds=-0.2,
    unsigned=-0.6,
    fixed=-0.3,
    length=-0.15,
    unusual=-3.0,
    outdated=-6.0,
    documented=-0.5,
)
"""Fitted on one-shot transfer cases among some 5,000 stored pairs (conditional maximum likelihood with a ridge), except
`outdated` and `documented`, which are choices: one correction outweighs any number of what it corrected."""


NEARNESS = 5.0
"""How much more the nearer candidates count for what is usual: e to this power for one as alike as can be, against a
stranger."""


RELATED = Evidence(
    similarity=9.1,
    wording=3.2,
    same_wording=0.0,
    explained=3.7,
    unexplained=0.0,
    surplus=-0.1,
    operations=-0.4,
    other_verb=-2.2,
    other_object=-1.4,
    wondering=-2.3,
    negation=0.0,
    open=-1.7,
    left_over=-1.3,
    weak=-1.2,
    other_side=0.0,
    other_unit=0.0,
    other_kinds=-0.2,
    unsigned=0.0,
    fixed=0.0,
    length=0.0,
    unusual=0.0,
    outdated=0.0,
    documented=0.0,
)
RELATED_BASE, RELATED_BY_NUMBER = -6.1, 0.38
RELATED_AT_LEAST = 0.5
"""Below this likelihood of being related at all nothing is suggested. Fitted on which best candidates off-topic
intents, plain prose and intents of other operations find among one, a few and thousands of pairs."""

SLOPE, EVENNESS, LEVEL = 0.15, 3.6, 2.1
"""Confidence, fitted on which share of the answers was right."""


def rarity(candidates: Sequence[Candidate]) -> Callable[[str], float]:
    """How much a stem tells among these candidates: about 0 if all have it, 2.5 at most; 1 if there is a single
    candidate."""
    n = len(candidates)
    if n < 2:
        return lambda _: 1.0
    count = Counter(stem for c in candidates for stem in {part.stem for part in parts(c.example.intent)})
    return lambda stem: min(2.5, math.log((n + 1) / (count[stem] + 0.7)))


def custom(candidates: Sequence[Candidate]) -> Callable[[Example], float]:
    """How much an example's command looks like those of these candidates, the nearest counting most: from 0 to 1,
    which is all the same. What is done for most intents like this one is likelier than another spelling of it; but
    what is only written in a runbook says nothing against what somebody ran.
    """
    everywhere = [(math.exp(NEARNESS * c.similarity), _look(c.example.command)) for c in candidates]
    here = [look for c, look in zip(candidates, everywhere, strict=True) if c.example.source != "documented"]

    def likeness(example: Example) -> float:
        own = _look(example.command)
        others = everywhere if example.source == "documented" else here
        total = sum(weight for weight, _ in others)
        return sum(weight * _overlap(own, look) for weight, look in others) / total if others else 1.0

    return likeness


def _look(command: str) -> frozenset[str]:
    """What a command looks like whatever its values are."""
    return frozenset(masked(command).split())


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Jaccard's index: 1 for the same words, 0 for none in common."""
    return len(a & b) / len(a | b) if a or b else 1.0


def weigh(
    adaptation: Adaptation,
    rare: Callable[[str], float],
    usual: Callable[[Example], float],
    old: Collection[str] = (),
) -> Evidence:
    """The evidence for an adapted example; `rare` and `usual` tell of all candidates (`rarity`, `custom`), and `old`
    holds the ids of the outdated ones."""
    from rapidfuzz import fuzz

    example = adaptation.candidate.example
    taught, new = parts(example.intent), parts(adaptation.intent)
    met = {*adaptation.shared, *adaptation.fillers}
    rest = [part for part in new if not part.is_grammar and part.index not in adaptation.used]
    total = sum(_weight(part) for part in new if not part.is_grammar)
    explained = 1 - sum(map(_weight, rest)) / total if total else 1.0
    wordings = masked(adaptation.intent).lower(), masked(example.intent).lower()
    pairs = [(adaptation.found[index].part, part) for index, part in adaptation.fillers.items()]
    words = split(example.command)
    shown = {site.word.start for slot in adaptation.found.values() for site in slot.sites}
    return Evidence(
        similarity=adaptation.candidate.similarity or 0.3 + 0.6 * explained,
        wording=fuzz.ratio(*wordings) / 100,
        same_wording=float(wordings[0] == wordings[1]),
        explained=explained,
        unexplained=sum(_weight(part) * rare(part.stem) for part in rest),
        surplus=min(
            6.0, sum(_weight(part) for part in taught if not part.is_grammar and part.index not in met)
        ),
        operations=_other_operations(taught, new),
        other_verb=float(_other_verb(taught, new)),
        other_object=float(_other_object(new, adaptation.shared.values())),
        wondering=float(_wonders(new) and not _wonders(taught)),
        negation=float(_denies(taught) != _denies(new)),
        open=min(3, len(adaptation.open)),
        left_over=min(3, len(adaptation.unused)),
        weak=sum(not part.unit.is_literal for part in adaptation.fillers.values()),
        other_side=sum(a.side != b.side for a, b in pairs),
        other_unit=sum(bool(a.unit.unit and b.unit.unit) and a.unit.unit != b.unit.unit for a, b in pairs),
        other_kinds=_other_kinds(taught, new),
        unsigned=_unsigned(adaptation.found.values(), words),
        fixed=min(6, sum(word.varies < word.end and word.start not in shown for word in words)),
        length=min(8, sum(word.role in {Role.FLAG, Role.PROGRAM} for word in words)),
        unusual=1 - usual(example),
        outdated=float(example.id in old),
        documented=float(example.source == "documented"),
    )


def _weight(part: Part) -> float:
    return 0.5 if part.is_verb else 1.0


def _other_operations(taught: Sequence[Part], new: Sequence[Part]) -> float:
    a, b = ([part.operations for part in side if part.is_verb] for side in (taught, new))
    return sum(bool(x) and not any(x & y for y in b) for x in a) + sum(
        bool(y) and not any(x & y for x in a) for y in b
    )


def _other_verb(taught: Sequence[Part], new: Sequence[Part]) -> bool:
    verb = next((part for part in new if part.is_verb), None)
    return verb is not None and not verb.operations and all(verb.stem != part.stem for part in taught)


def _other_object(new: Sequence[Part], shared: Collection[int]) -> bool:
    acted_on = [part.index for part in new if part.is_object]
    return bool(acted_on) and not any(index in shared for index in acted_on)


def _wonders(sentence: Sequence[Part]) -> bool:
    return bool(sentence) and sentence[0].unit.value.lower() in language.WONDERING


def _unsigned(found: Iterable[Slot], words: Sequence[Word]) -> float:
    if not any(word.role is Role.PROGRAM and word.text == "find" for word in words):
        return 0.0
    bounds = [(site.word.text, slot.part.side) for slot in found if slot.part.side for site in slot.sites]
    return min(2, sum(not text.startswith(SIGNS[side]) for text, side in bounds))


def _denies(sentence: Sequence[Part]) -> bool:
    return any(part.unit.value.lower() in language.NEGATIONS for part in sentence)


def _other_kinds(taught: Sequence[Part], new: Sequence[Part]) -> float:
    a, b = (Counter(p.unit.kind for p in side if p.unit.is_literal) for side in (taught, new))
    return min(5, (a - b).total() + (b - a).total())


def score(evidence: Evidence) -> float:
    """How an adapted example compares with the other candidates: the higher, the likelier it is the right one."""
    return _sum(WEIGHTS, evidence)


def related(evidence: Evidence, candidates: int) -> float:
    """How likely the two intents ask for the same thing at all (0 to 1), whichever text is right.

    What the command looks like does not count here; and as the best of many strangers looks better than a lone one,
    more is asked of the best of many.
    """
    return _logistic(
        _sum(RELATED, evidence) + RELATED_BASE - RELATED_BY_NUMBER * math.log(max(1, candidates))
    )


def confidence(best: float, share: float) -> float:
    """How likely the best of the candidates is right as it stands (0 to 1), from its score and its share of the
    likelihood of all."""
    return _logistic(SLOPE * best + EVENNESS * math.log(max(share, 1e-9)) + LEVEL)


def _sum(weights: Evidence, evidence: Evidence) -> float:
    return sum(weight * value for weight, value in zip(weights, evidence, strict=True))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))
