"""The one line that every run gives: learned, confirmed, or why not."""

from __future__ import annotations

from runbook_ls.feedback.diff import Diff


def learned(difference: Diff | None, *, replaces: bool) -> str:
    """The receipt of a run that taught. `difference` is A→A′, None for a hand-written cell; `replaces` says that
    an older answer to the same intent was superseded."""
    if difference is None:
        text = "learned"
    elif not difference.changes:
        text = "confirmed"
    else:
        text = f"learned: {difference}"
    return f"{text} (replaces the earlier answer)" if replaces else text


def not_learned(reason: str) -> str:
    """The receipt of a run that did not teach, such as `not learned: exit 127`."""
    return f"not learned: {reason}"
