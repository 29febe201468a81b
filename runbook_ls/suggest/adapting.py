"""One example, adapted to a new intent: its slots found, filled from the intent, and written back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runbook_ls.memory.examples import Candidate
from runbook_ls.shell.kinds import Kind
from runbook_ls.shell.words import Role, skeleton, split
from runbook_ls.suggest import alignment, suggestion
from runbook_ls.suggest.sentence import Part, parts
from runbook_ls.suggest.slots import PLACES, Edit, Slot, may_fill, mentions, refill, slots


@dataclass(frozen=True, slots=True)
class Adaptation:
    """An example adapted to an intent.

    `edits` lead from the taught command to `text`. `found` are the slots of the example, by index of their part:
    `fillers` gives the part of the new intent that fills it, `open` holds those that nothing fills. `shared` pairs
    the parts that both intents have, taught → new; `used` are the parts of the new intent that found their place.
    """

    intent: str
    candidate: Candidate
    text: str
    edits: tuple[Edit, ...]
    found: Mapping[int, Slot]
    fillers: Mapping[int, Part]
    open: frozenset[int]
    shared: Mapping[int, int]
    used: frozenset[int]

    @property
    def unused(self) -> tuple[str, ...]:
        """The values of the new intent that found no place, as they are written there."""
        return tuple(
            p.unit.text for p in parts(self.intent) if p.unit.is_literal and p.index not in self.used
        )


def adapt(intent: str, candidate: Candidate, vocabulary: frozenset[str] = frozenset()) -> Adaptation:
    """Fill the slots of the candidate's example from `intent`. Words whose stems are in `vocabulary` are hardly
    names. Never raises; what cannot be filled stays as it was taught and is marked as not grounded."""
    example = candidate.example
    taught, new = parts(example.intent), parts(intent)
    found = {slot.part.index: slot for slot in slots(example.intent, example.command)}
    shared = alignment.same_parts(taught, new)
    used = set(shared.values())
    wanting = [slot for index, slot in found.items() if index not in shared]
    free = [part for part in new if part.name > 0.15 and part.index not in used]
    scores = [[_likeness(slot, part, vocabulary) for part in free] for slot in wanting]
    given = alignment.assign(scores)
    fillers = {slot.part.index: free[j] for slot, j in zip(wanting, given, strict=True) if j >= 0}
    open_ = [slot for slot in wanting if slot.part.index not in fillers and slot.must_be_filled]
    edits = [
        refill(found[index], site, part) for index, part in fillers.items() for site in found[index].sites
    ]
    edits += [_as_taught(example.command, site.start, site.end) for slot in open_ for site in slot.sites]
    edits += [_as_taught(example.command, *match.span()) for match in _REDACTED.finditer(example.command)]
    text, kept = _applied(example.command, edits)
    used |= {part.index for part in fillers.values()}
    said = mentions(text)
    used |= {
        p.index
        for p in new
        if p.unit.is_literal and (p.unit.value in said or PLACES.get(p.unit.value, _NOWHERE) & said)
    }
    return Adaptation(
        intent,
        candidate,
        text,
        kept,
        found,
        fillers,
        frozenset(slot.part.index for slot in open_),
        shared,
        frozenset(used),
    )


_NOWHERE: frozenset[str] = frozenset()
_REDACTED = re.compile(r"«redacted:[^»]*»")


def _as_taught(command: str, start: int, end: int) -> Edit:
    return Edit(start, end, command[start:end], grounded=False)


def _likeness(slot: Slot, new: Part, vocabulary: frozenset[str]) -> float:
    if not may_fill(slot, new):
        return -1.0
    score = alignment.likeness(slot.part, new)
    if not new.unit.is_literal:
        score += 0.0 if slot.stands_alone else -0.6
        if new.stem in vocabulary:
            score -= 1.0
    return score


def _applied(command: str, edits: Sequence[Edit]) -> tuple[str, tuple[Edit, ...]]:
    """The text after the edits, and those that were made: where two overlap, the first."""
    out: list[str] = []
    kept: list[Edit] = []
    at = 0
    for edit in sorted(edits, key=lambda e: (e.start, -e.end)):
        if edit.start >= at:
            out += [command[at : edit.start], edit.text]
            at = edit.end
            kept.append(edit)
    return "".join(out) + command[at:], tuple(kept)


def filled_slots(command: str, edits: Sequence[Edit]) -> tuple[suggestion.Slot, ...]:
    """The slots of the suggestion that `edits`, in order, make of `command`."""
    out: list[suggestion.Slot] = []
    shift = 0
    for edit in edits:
        taught = command[edit.start : edit.end]
        start = edit.start + shift
        out.append(suggestion.Slot(start, start + len(edit.text), taught, edit.text, edit.grounded))
        shift += len(edit.text) - len(taught)
    return tuple(out)


def undecided(adaptation: Adaptation, others: Sequence[Candidate]) -> tuple[Edit, ...]:
    """The adaptation's edits and, not grounded, the values that no intent speaks of and on which examples of the
    same command differ: `--project=acme-dev` here, `--project=acme-prod` there."""
    example = adaptation.candidate.example
    own = unspoken(example.intent, example.command)
    shape = skeleton(example.command)
    doubtful = set()
    for other in others:
        if skeleton(other.example.command) == shape:
            theirs = unspoken(other.example.intent, other.example.command)
            doubtful |= {n for n in own.keys() & theirs.keys() if own[n].text != theirs[n].text}
    extra = [own[n] for n in doubtful]
    taken = adaptation.edits
    extra = [e for e in extra if all(e.end <= t.start or e.start >= t.end for t in taken)]
    return tuple(sorted([*taken, *extra], key=lambda edit: edit.start))


def unspoken(intent: str, command: str) -> dict[int, Edit]:
    """The values of `command` by word number that its intent does not mention."""
    spoken = {site.word.start for slot in slots(intent, command) for site in slot.sites}
    words = [word for word in split(command) if word.role is not Role.COMMENT]
    return {
        n: _as_taught(command, word.varies, word.end)
        for n, word in enumerate(words)
        if word.varies < word.end and word.start not in spoken
    }


def vocabulary(candidates: Sequence[Candidate]) -> frozenset[str]:
    """The stems of plain words that two intents or more use without their commands showing them."""
    once: set[str] = set()
    twice: set[str] = set()
    seen: set[str] = set()
    for candidate in candidates:
        example = candidate.example
        if example.intent in seen:
            continue
        seen.add(example.intent)
        shown = {slot.part.stem for slot in slots(example.intent, example.command)}
        stems = {part.stem for part in parts(example.intent) if part.unit.kind is Kind.WORD} - shown
        twice |= once & stems
        once |= stems
    return frozenset(twice)
