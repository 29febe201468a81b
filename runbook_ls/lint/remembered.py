"""What was found out about an immutable part of a runbook, kept with that part and gone with it.

Versions of a runbook share their chunks and pages: what a keystroke leaves alone need not be looked at again, and a
document that is closed leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar, cast

T = TypeVar("T")

_NOTHING = object()


class Part(Protocol):
    """Something immutable that keeps what others find out about it."""

    @property
    def memo(self) -> dict[object, object]: ...


class Remembered(Generic[T]):
    """One kind of result about parts."""

    def get(self, part: Part, looks: object, make: Callable[[], T]) -> T:
        """What `make` gave for this part and these looks at it; made once."""
        key = self, looks
        result = part.memo.get(key, _NOTHING)
        if result is _NOTHING:
            result = part.memo[key] = make()
        return cast("T", result)
