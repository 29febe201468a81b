"""The one line that every run gives: learned, confirmed, or why not."""

from __future__ import annotations

from runbook_ls.feedback.diff import Diff
from runbook_ls.memory.records import Outcome


def learned(outcome: Outcome, difference: Diff | None) -> str:
    """The receipt of a run that taught: what the journal made of it, and how A became A′ (`difference`, None for a
    hand-written cell)."""
    if outcome.kind == "confirmed":
        return "confirmed"
    text = f"learned: {difference}" if difference and difference.changes else "learned"
    return f"{text} (replaces the earlier answer)" if outcome.kind == "superseded" else text


def not_learned(reason: str) -> str:
    """The receipt of a run that did not teach, such as `not learned: exit 127`."""
    return f"not learned: {reason}"
