"""What was found out about an immutable part of a runbook, kept with that part and gone with it.

Versions of a runbook share their chunks and pages: what a keystroke leaves alone need not be looked at again, and a
document that is closed leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")

_NOTHING = object()


class Part(Protocol):
    """Something immutable that keeps what others find out about it."""

    @property
    def memo(self) -> dict[object, Any]: ...


class Remembered(Generic[T]):
    """One kind of result about parts."""

    def get(self, part: Part, looks: object, make: Callable[[], T]) -> T:
        """What `make` gave for this part and these looks at it; made once."""
        key = self, looks
        result: T = part.memo.get(key, _NOTHING)
        if result is _NOTHING:
            result = part.memo[key] = make()
        return result
