"""One suggestion for an intent: recall examples, adapt one, guard what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from runbook_ls.document import parse
from runbook_ls.lint.files import read_runbook
from runbook_ls.memory.direct import DirectMemory
from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.memory.records import new_id
from runbook_ls.memory.retrieval import Recollection
from runbook_ls.suggest import analogy, guard
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.values import RunbookError
from runbook_ls.workbench.session import Offer, Session

_RECALLED = 64


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: a guarded suggestion and the examples it was made from, or why there is none.

    `reason` is one sentence, "" when there is a suggestion. `notes` are things the user should know, such as that
    the embedder is missing.
    """

    suggestion: Suggestion | None
    examples: tuple[Example, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()


def recall(session: Session, intent: str) -> Recollection:
    """What this user's runs and runbooks taught that is like the intent."""
    return session.memory.recall(intent, workspace=session.workspace, limit=_RECALLED)


def suggest(
    session: Session, intent: str, *, document: str = "", recalled: Recollection | None = None
) -> Answer:
    """A suggestion for `intent` from what this user's runs and runbooks taught. `document` is the text around it:
    values that stand there are known; `recalled` is what `recall` gave, if it was asked already."""
    if not intent.strip():
        return Answer(None, reason="Write above the cell what it should do, then ask again.")
    recalled = recalled or recall(session, intent)
    answer = from_candidates(intent, recalled.candidates, document=document, workspace=session.workspace)
    return replace(answer, notes=tuple(recalled.notes))


def suggest_from(memory: DirectMemory, intent: str, pairs: Sequence[tuple[str, str]]) -> Answer:
    """A suggestion for `intent` from these (intent, command) pairs alone; the journal is not
    read."""
    examples = [Example(f"given-{n}", known, command) for n, (known, command) in enumerate(pairs, start=1)]
    weighed = memory.weigh(intent, examples)
    return replace(from_candidates(intent, weighed.candidates), notes=tuple(weighed.notes))


def read_intent(file: Path, line: int, intent: str | None) -> tuple[str, str]:
    """The intent for the cell at the 0-based `line` of `file` (the given one, if any), and the file's text.

    Raises RunbookError if the file cannot be read or has no cell there.
    """
    text = read_runbook(str(file))
    cell = parse(text).cell_at(line)
    if cell is None:
        raise RunbookError(f"{file}: there is no cell at line {line + 1}.")
    return intent or cell.intent, text


def from_candidates(
    intent: str, candidates: Sequence[Candidate], *, document: str = "", workspace: str = ""
) -> Answer:
    """A suggestion for `intent` from these examples alone."""
    suggestion = analogy.suggest(intent, candidates)
    if suggestion is None:
        return Answer(None, reason=_NOTHING_YET)
    by_id = {candidate.example.id: candidate.example for candidate in candidates}
    examples = tuple(by_id[id_] for id_ in suggestion.examples if id_ in by_id)
    problems = guard.check_suggestion(
        suggestion, known=f"{intent}\n{document}", examples=examples, workspace=workspace
    )
    return Answer(replace(suggestion, problems=suggestion.problems + problems), examples)


def offer(session: Session, uri: str, intent: str, suggestion: Suggestion) -> Offer:
    """Remember that this suggestion was shown for a cell, so that it is known when it enters the document."""
    for shown in session.offers:
        if (shown.uri, shown.intent, shown.suggestion.text) == (uri, intent, suggestion.text):
            return shown
    shown = Offer(new_id(), uri, intent, suggestion)
    session.offers.append(shown)
    return shown


_NOTHING_YET = (
    "Nothing yet: no run and no runbook has taught this. Write the command, run it, and it is learned."
)
