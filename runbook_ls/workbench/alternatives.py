"""Several suggestions for one intent, best first: what a completion list shows, and *Another suggestion* walks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runbook_ls.memory.examples import Candidate
from runbook_ls.suggest import analogy, guard
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.suggest import Answer, recall, suggest

_AT_MOST = 4


def alternatives(session: Session, intent: str, *, document: str = "") -> list[Answer]:
    """What `suggest` answers first, then up to three others with different texts; the first may be without a
    suggestion, and says then why there is none."""
    recalled = recall(session, intent) if intent.strip() else None
    first = suggest(session, intent, document=document, recalled=recalled)
    if first.suggestion is None or recalled is None:
        return [first]
    known = f"{intent}\n{document}"
    others = _others(intent, recalled.candidates, known, session.workspace)
    return [first, *(other for other in others if _differs(other, first))]


def after(answers: Sequence[Answer], text: str) -> Answer | None:
    """The answer that follows the one with this text, round and round; the first one if none has it. None if there
    is no other than that text."""
    offered = [answer for answer in answers if answer.suggestion is not None]
    texts = [answer.suggestion.text.strip() for answer in offered if answer.suggestion]
    if text.strip() in texts:
        offered = offered[texts.index(text.strip()) + 1 :] + offered[: texts.index(text.strip())]
    return offered[0] if offered else None


def _others(intent: str, candidates: Sequence[Candidate], known: str, workspace: str) -> list[Answer]:
    by_id = {candidate.example.id: candidate.example for candidate in candidates}
    answers: list[Answer] = []
    for suggestion in analogy.suggestions(intent, candidates, limit=_AT_MOST):
        examples = tuple(by_id[id_] for id_ in suggestion.examples if id_ in by_id)
        problems = guard.check_suggestion(suggestion, known=known, examples=examples, workspace=workspace)
        answers.append(Answer(replace(suggestion, problems=suggestion.problems + problems), examples))
    return answers


def _differs(one: Answer, other: Answer) -> bool:
    assert one.suggestion is not None
    assert other.suggestion is not None
    return one.suggestion.text.strip() != other.suggestion.text.strip()
