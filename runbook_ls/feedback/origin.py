"""Which suggestion a cell's text came from, if any."""

from __future__ import annotations

from collections.abc import Iterable

from runbook_ls.feedback.diff import Diff, diff
from runbook_ls.memory.records import StoredSuggestion

# A suggestion of which more than this share of words was changed was not followed: the cell is hand-written.
BEYOND_RECOGNITION = 0.6


def origin(
    executed: str, intent: str, suggestions: Iterable[StoredSuggestion]
) -> tuple[StoredSuggestion, Diff] | None:
    """The suggestion that `executed` grew from, with the diff to it.

    `suggestions` are those that entered the cell's file, newest first. The last one that was put under the same
    intent counts; rewritten beyond recognition, it does not, and the cell is hand-written (None).
    """
    for suggestion in suggestions:
        if suggestion.intent == intent:
            difference = diff(suggestion.text, executed)
            return (suggestion, difference) if difference.distance <= BEYOND_RECOGNITION else None
    return None
