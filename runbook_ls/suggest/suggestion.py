"""What a generator returns: a body proposed for a cell, with its provenance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from runbook_ls.values import Problem


@dataclass(frozen=True, slots=True)
class Slot:
    """A value of the suggestion that its example had differently or that must be filled in.

    `start` and `end` are code-point offsets in the suggestion's text. `taught` is what the example had there,
    `value` what stands there now. A slot that is not `grounded` still holds the example's value: a tab stop where
    the client has snippets, a problem otherwise.
    """

    start: int
    end: int
    taught: str
    value: str
    grounded: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion (A). `confidence` is 0 to 1; `examples` are the ids of the examples used, the main one first;
    `unused` are the values of the intent that found no place in the text, as they are written there. `remarks` are
    sentences for its explanation, such as what the model did not see."""

    text: str
    generator: Literal["analogy", "llm"]
    confidence: float
    examples: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    unused: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def grounded(self) -> bool:
        """True if every slot was filled from the intent and every value of the intent found its place."""
        return not self.unused and all(slot.grounded for slot in self.slots)
