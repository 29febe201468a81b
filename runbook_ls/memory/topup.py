"""An index that follows the journal: what any process teaches or forgets is in it before the next query."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

from runbook_ls.memory.index import ROWS_A_JOB, Index
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.vectors import Entry, changes_since, packed, unpacked
from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    from runbook_ls.memory.embedder import Embedder


class FollowingIndex:
    """`index`, topped up from `journal`. `missing` are the examples that wait to be embedded, newest first."""

    def __init__(self, journal: Journal, embedder: Embedder, index: Index) -> None:
        self.index = index
        self.missing: list[Entry] = []
        self._journal = journal
        self._embedder = embedder
        self._revision = 0
        self._unsaved: list[tuple[int, bytes]] = []

    def top_up(self, embed_at_most: int = ROWS_A_JOB) -> None:
        """Take in all that changed, and embed the newest of what has no vector yet."""
        for _ in self.jobs():
            pass
        if self.missing:
            self.embed(embed_at_most)

    def jobs(self) -> Iterator[None]:
        """The same without embedding, as jobs of at most 32 rows, the newest first. Queries may come between."""
        changes = changes_since(self._journal, self._revision, self._embedder.name)
        self._revision = changes.revision
        if changes.gone or self.missing:
            changed = {*changes.gone, *(entry.number for entry in changes.entries)}
            self.missing = [entry for entry in self.missing if entry.number not in changed]
        self.index.drop(changes.gone)
        ready = [entry for entry in changes.entries if entry.vector is not None]
        self.missing[:0] = [entry for entry in changes.entries if entry.vector is None]
        for start in range(0, len(ready), ROWS_A_JOB):
            self._put(ready[start : start + ROWS_A_JOB])
            yield

    def embed(self, at_most: int) -> None:
        """Embed the newest of what is missing. The vectors are found at once, and kept by `save`."""
        batch, self.missing = self.missing[:at_most], self.missing[at_most:]
        vectors = packed(self._embedder.embed([entry.intent for entry in batch]))
        self._put([entry._replace(vector=vector) for entry, vector in zip(batch, vectors, strict=True)])
        self._unsaved += [(entry.number, vector) for entry, vector in zip(batch, vectors, strict=True)]

    def save(self) -> bool:
        """Keep in the journal what was embedded since the last time. False if there was nothing.

        A journal that cannot be written is no trouble here: vectors are only saved time.
        """
        if not self._unsaved:
            return False
        unsaved, self._unsaved = self._unsaved, []
        with suppress(RunbookError), self._journal.writing() as writing:
            writing.store_vectors(self._embedder.name, unsaved)
        return True

    def _put(self, entries: list[Entry]) -> None:
        for scope, group in groupby(
            sorted(entries, key=lambda entry: entry.scope), key=lambda entry: entry.scope
        ):
            shelf = list(group)
            vectors = unpacked([entry.vector for entry in shelf if entry.vector], self._embedder.dimension)
            self.index.put(scope, [entry.number for entry in shelf], vectors)
