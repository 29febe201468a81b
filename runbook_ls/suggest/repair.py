"""Repair without a model: what corrected the same failure before corrects it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.shell.literals import masked
from runbook_ls.shell.words import Role, Word, split
from runbook_ls.suggest import analogy
from runbook_ls.suggest.prompt import Failure
from runbook_ls.suggest.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Correction:
    """A command that failed, how, and what the user ran instead. `example` is where it was learned."""

    failure: Failure
    executed: str
    example: Example


def repair(failure: Failure, corrections: Sequence[Correction]) -> Suggestion | None:
    """What the likeliest of past corrections makes of a command that failed in the same way; None if none fits.

    First the same edits are tried (`log` became `logs`, `--project=p` was added); then the old command is taken for
    the intent of the new one, so that values move from one to the other.
    """
    alike = sorted(
        (correction for correction in corrections if _same_failure(correction.failure, failure)),
        key=lambda correction: -_likeness(correction.failure, failure),
    )
    for correction in alike:
        text = _edited(failure.command, correction.failure.command, correction.executed)
        if text is not None and text.strip() != failure.command.strip():
            return Suggestion(
                text, "analogy", round(_likeness(correction.failure, failure), 4), (correction.example.id,)
            )
    candidates = [
        Candidate(Example(c.example.id, c.failure.command, c.executed), _likeness(c.failure, failure), 1.0)
        for c in alike
    ]
    found = analogy.suggest(failure.command, candidates)
    return found if found is not None and found.text.strip() != failure.command.strip() else None


_ALIKE = 0.6  # of the last lines that two failures of the same kind print


def _same_failure(past: Failure, now: Failure) -> bool:
    return (
        past.exit_code == now.exit_code
        and _program(past.command) == _program(now.command) != ""
        and _said_alike(past, now) >= _ALIKE
    )


def _program(command: str) -> str:
    return next((word.text for word in split(command) if word.role is Role.PROGRAM), "")


def _said_alike(past: Failure, now: Failure) -> float:
    """How alike the last lines are that they printed, values aside (0 to 1); 0.6 if one is not known."""
    from rapidfuzz import fuzz

    said = [masked(_last_line(failure.error)) for failure in (past, now)]
    return fuzz.ratio(*said) / 100 if all(said) else _ALIKE


def _likeness(past: Failure, now: Failure) -> float:
    """How alike two failures are (0 to 1): the commands, and what they printed."""
    from rapidfuzz import fuzz

    return 0.5 * fuzz.token_sort_ratio(past.command, now.command) / 100 + 0.5 * _said_alike(past, now)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:300] if lines else ""


def _edited(command: str, failed: str, executed: str) -> str | None:
    """The edits from `failed` to `executed`, made to `command`; None if one has no place there.

    A replaced or removed word must stand in `command`; an added one goes behind the word that it was added behind.
    """
    from rapidfuzz.distance import Levenshtein

    old, new, mine = split(failed), split(executed), list(split(command))
    edits: list[tuple[int, int, str]] = []
    for step in Levenshtein.opcodes([w.text for w in old], [w.text for w in new]):
        if step.tag == "equal":
            continue
        before = old[step.src_start : step.src_end]
        after = (
            executed[new[step.dest_start].start : new[step.dest_end - 1].end]
            if step.dest_end > step.dest_start
            else ""
        )
        if before:
            place = _find(mine, before)
        else:
            anchor = _find(mine, old[step.src_start - 1 : step.src_start]) if step.src_start else (0, 0)
            place = (anchor[1], anchor[1]) if anchor else None
            gap = "" if after[:1] == "\n" or after[-1:] == "\n" else " "
            after = f"{gap}{after}" if step.src_start else f"{after}{gap}"
        if place is None:
            return None
        start, end = place
        if not after:  # the blank before a removed word goes with it
            start = len(command[:start].rstrip(" "))
        edits.append((start, end, after))
    for start, end, text in sorted(edits, reverse=True):
        command = command[:start] + text + command[end:]
    return command


def _find(words: Sequence[Word], wanted: Sequence[Word]) -> tuple[int, int] | None:
    """Where the wanted words stand one after the other: code points from start to end."""
    texts = [word.text for word in wanted]
    for n in range(len(words) - len(texts) + 1):
        if [word.text for word in words[n : n + len(texts)]] == texts:
            return words[n].start, words[n + len(texts) - 1].end
    return None
