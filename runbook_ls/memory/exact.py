"""Exact search: the cosine with every vector. The yardstick of recall, and the index where there is no Chroma."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from runbook_ls.memory.embedder import Vectors


class ExactIndex:
    """An `Index` in memory. A query reads all of a shelf: 0.3 ms at 10,000 vectors, 8 ms at 100,000."""

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}
        self._scopes: dict[int, str] = {}

    def put(self, scope: str, numbers: Sequence[int], vectors: Vectors) -> None:
        self.drop([number for number in numbers if number in self._scopes])
        shelf = self._shelves.setdefault(scope, _Shelf(vectors.shape[1]))
        shelf.append(numbers, vectors)
        self._scopes.update(dict.fromkeys(numbers, scope))

    def drop(self, numbers: Collection[int]) -> None:
        for number in numbers:
            scope = self._scopes.pop(number, None)
            if scope is not None:
                self._shelves[scope].remove(number)

    def nearest(self, scopes: Collection[str], vector: Vectors, limit: int) -> dict[int, float]:
        found: dict[int, float] = {}
        for scope in scopes:
            if scope in self._shelves:
                found.update(self._shelves[scope].nearest(vector, limit))
        return found

    def __len__(self) -> int:
        return len(self._scopes)


class _Shelf:
    """Rows in the order they came, with room to grow; a removed row gives its place to the last one."""

    def __init__(self, dimension: int) -> None:
        import numpy as np

        self._rows: Vectors = np.empty((64, dimension), np.float32)
        self._numbers: NDArray[np.int64] = np.empty(64, np.int64)
        self._places: dict[int, int] = {}

    def append(self, numbers: Sequence[int], vectors: Vectors) -> None:
        import numpy as np

        used, needed = len(self._places), len(self._places) + len(numbers)
        if needed > len(self._numbers):
            room = max(needed, 2 * used)
            self._rows = np.resize(self._rows, (room, self._rows.shape[1]))
            self._numbers = np.resize(self._numbers, room)
        self._rows[used:needed] = vectors
        self._numbers[used:needed] = numbers
        self._places.update(zip(numbers, range(used, needed), strict=True))

    def remove(self, number: int) -> None:
        last = len(self._places) - 1
        place = self._places.pop(number)
        if place != last:
            self._rows[place] = self._rows[last]
            self._numbers[place] = self._numbers[last]
            self._places[int(self._numbers[last])] = place

    def nearest(self, vector: Vectors, limit: int) -> dict[int, float]:
        import numpy as np

        used = len(self._places)
        cosines = self._rows[:used] @ vector
        best = np.argpartition(cosines, -limit)[-limit:] if used > limit else np.arange(used)
        return dict(zip(self._numbers[best].tolist(), cosines[best].tolist(), strict=True))
