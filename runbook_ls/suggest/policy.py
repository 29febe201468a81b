"""When the model is asked, and which of two answers counts."""

from __future__ import annotations

from typing import Literal

from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.values import Severity

Mode = Literal["fallback", "always", "never"]


def wants_model(mode: Mode, learned: Suggestion | None) -> bool:
    """Whether to ask the model, after analogy found `learned` (guarded) or nothing.

    With `fallback` it is asked unless every slot of a learned answer was filled from the intent and the guard found
    no error: such an answer costs nothing and takes milliseconds.
    """
    if mode == "fallback":
        return (
            learned is None
            or not learned.grounded
            or any(problem.severity is Severity.ERROR for problem in learned.problems)
        )
    return mode == "always"
