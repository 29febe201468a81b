"""Indexes: which examples' vectors are nearest. Derived from the journal, and rebuilt from it at any time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Protocol

from runbook_ls.memory.records import new_id
from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection as ChromaCollection

    from runbook_ls.memory.embedder import Vectors

ROWS_A_JOB = 32
"""Chroma's `add` holds the interpreter lock: 32 rows stall another thread 10 ms, 512 rows 100 ms."""


class Index(Protocol):
    """Vectors under example numbers, on shelves: one for each scope ("" or a workspace), so that what answers only
    in its workspace costs nobody else a filter."""

    def put(self, scope: str, numbers: Sequence[int], vectors: Vectors) -> None:
        """Add vectors (rows of length 1), or replace those of the same numbers."""
        ...

    def drop(self, numbers: Collection[int]) -> None:
        """Remove vectors; unknown numbers are passed over."""
        ...

    def nearest(self, scopes: Collection[str], vector: Vectors, limit: int) -> dict[int, float]:
        """The cosine of up to `limit` nearest vectors on each of these shelves, by number."""
        ...

    def __len__(self) -> int: ...


class ChromaIndex:
    """An in-memory Chroma collection for each shelf.

    Only for a process that is ours alone and stands in a directory of ours: Chroma reads a `.env` in the working
    directory, and its `add` stalls every other thread. Raises RunbookError if chromadb cannot be loaded.
    """

    def __init__(self) -> None:
        try:
            import chromadb
            from chromadb.config import Settings
        except Exception as error:  # anything may go wrong in 500 MB of dependencies
            raise RunbookError(f"chromadb cannot be loaded ({error}); memory searches without it") from error
        self._client: ClientAPI = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
        self._shelves: dict[str, ChromaCollection] = {}
        self._scopes: dict[int, str] = {}

    def put(self, scope: str, numbers: Sequence[int], vectors: Vectors) -> None:
        shelf = self._shelves.get(scope)
        if shelf is None:
            shelf = self._shelves[scope] = self._client.create_collection(
                new_id(),  # all clients of one process share a store
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": 128}},
            )
        for start in range(0, len(numbers), ROWS_A_JOB):
            part = slice(start, start + ROWS_A_JOB)
            shelf.upsert(ids=[str(number) for number in numbers[part]], embeddings=vectors[part])
        self._scopes.update(dict.fromkeys(numbers, scope))

    def drop(self, numbers: Collection[int]) -> None:
        for number in numbers:
            scope = self._scopes.pop(number, None)
            if scope is not None:
                self._shelves[scope].delete(ids=[str(number)])

    def nearest(self, scopes: Collection[str], vector: Vectors, limit: int) -> dict[int, float]:
        found: dict[int, float] = {}
        for scope in scopes:
            shelf = self._shelves.get(scope)
            if shelf is None:
                continue
            answer = shelf.query(
                query_embeddings=vector.reshape(1, -1), n_results=limit, include=["distances"]
            )
            distances = (answer["distances"] or [[]])[0]
            found.update(
                {
                    int(name): 1.0 - distance
                    for name, distance in zip(answer["ids"][0], distances, strict=True)
                }
            )
        return found

    def __len__(self) -> int:
        return len(self._scopes)
