"""Which examples a later run has put right: the last word on an intent counts, not how often the former was said.

    taught      show the logs for the image vscode-ext  →  hydros logs vscode-ext        (and nine more)
    corrected   show the logs for the image redis       →  gcloud logging read … "redis"
    asked       show the logs for the image caribou     →  gcloud logging read … "caribou"

What was put right is still a candidate: it is offered as another suggestion, and never to a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runbook_ls.memory.examples import RUN, Candidate, Example
from runbook_ls.memory.wording import content_words, overlap
from runbook_ls.shell.words import skeleton
from runbook_ls.suggest.adapting import unspoken
from runbook_ls.suggest.sentence import parts
from runbook_ls.suggest.slots import slots

_ALIKE = 0.5  # of the words: an intent for which a rejected suggestion is wrong too


def outdated(intent: str, candidates: Sequence[Candidate]) -> frozenset[str]:
    """The ids of the candidates that a later run of the same workspace has put right.

    The latest run for an intent in the same words, whatever its values, puts right what does anything else. A run that
    corrected a suggestion puts right what leads to that suggestion, for any intent like its own. What is only written
    in a runbook is earlier than any run. What was taught for the very intent that is asked stays as it is: `restart
    the db` does, when `restart the api` has changed.
    """
    runs = [c for c in candidates if c.example.source in RUN]
    if not runs:
        return frozenset()
    asked = content_words(intent)
    words = {c.example.id: _words(c.example) for c in candidates}

    def latest_for(example: Example) -> Example:
        """The last run for an intent in the same words."""
        same = (c.example for c in runs if _are_same(words[c.example.id], words[example.id]))
        return max(same, key=lambda run: run.time, default=example)

    latest = {c.example.id: latest_for(c.example) for c in candidates}

    def is_put_right(example: Example, by: Candidate) -> bool:
        run = by.example
        if not _is_before(example, run):
            return False
        if run is latest[example.id]:
            return not _do_the_same(example, run)
        return (
            by.instead_of != ""
            and run is latest[run.id]
            and skeleton(example.command) == skeleton(by.instead_of)
            and overlap(words[example.id], words[run.id]) >= _ALIKE
        )

    return frozenset(
        c.example.id
        for c in candidates
        if content_words(c.example.intent) != asked and any(is_put_right(c.example, run) for run in runs)
    )


def _words(example: Example) -> dict[str, bool]:
    """The words of the example's intent, and whether each may be another one the next time: a value of its command."""
    values = {slot.part.index for slot in slots(example.intent, example.command)}
    sentence = [part for part in parts(example.intent) if not part.is_grammar]
    return {part.stem: part.unit.is_literal or part.index in values for part in sentence}


def _are_same(one: Mapping[str, bool], other: Mapping[str, bool]) -> bool:
    """Whether two intents are in the same words but for their values."""
    return (
        bool(one.keys() & other.keys())
        and all(one[word] for word in one.keys() - other.keys())
        and all(other[word] for word in other.keys() - one.keys())
    )


def _is_before(example: Example, run: Example) -> bool:
    """Whether `run` may put `example` right. What a team's server tells does so only for what it told before."""
    if example.id == run.id or (run.origin and not example.origin):
        return False
    if example.workspace and run.workspace and example.workspace != run.workspace:
        return False
    return example.source == "documented" or example.time < run.time


def _do_the_same(example: Example, run: Example) -> bool:
    """Whether two commands differ only in values that their intents speak of."""
    if skeleton(example.command) != skeleton(run.command):
        return False
    one, other = unspoken(example.intent, example.command), unspoken(run.intent, run.command)
    return all(one[n].text == other[n].text for n in one.keys() & other.keys())
