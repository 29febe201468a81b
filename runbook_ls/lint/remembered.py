"""What was found out about immutable things, kept by their identity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Remembered(Generic[T]):
    """Results by the identity of the immutable things they are about; the oldest half goes when it is full."""

    limit: int
    _results: dict[tuple[int, int], tuple[object, object, T]] = field(default_factory=dict)

    def get(self, thing: object, looks: object, make: Callable[[], T]) -> T:
        """What `make` gave for this thing and these looks at it."""
        key = id(thing), id(looks)
        known = self._results.get(key)
        if known is not None and known[0] is thing and known[1] is looks:
            return known[2]
        if len(self._results) >= self.limit:
            for old in list(self._results)[: self.limit // 2]:
                self._results.pop(old, None)  # another thread may have been here
        result = make()
        self._results[key] = thing, looks, result  # the references keep the identities from being used again
        return result
