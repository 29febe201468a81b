"""Several suggestions for one intent, best first: what a completion list shows, and *Another suggestion* walks."""

from __future__ import annotations

from collections.abc import Sequence

from runbook_ls.workbench.session import Session
from runbook_ls.workbench.suggest import Answer, suggestions

_AT_MOST = 4  # as many as a person looks through


def alternatives(session: Session, intent: str, *, document: str = "") -> list[Answer]:
    """What `suggest` answers first, then up to three others with different texts; the first may be without a
    suggestion, and says then why there is none."""
    return suggestions(session, intent, limit=_AT_MOST, document=document)


def after(answers: Sequence[Answer], text: str) -> Answer | None:
    """The answer that follows the one with this text, round and round; the first one if none has it. None if there
    is no other than that text."""
    offered = [answer for answer in answers if answer.suggestion is not None]
    texts = [answer.suggestion.text.strip() for answer in offered if answer.suggestion]
    if text.strip() in texts:
        offered = offered[texts.index(text.strip()) + 1 :] + offered[: texts.index(text.strip())]
    return offered[0] if offered else None
