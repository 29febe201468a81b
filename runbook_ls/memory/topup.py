"""An index that follows the journal: what any process teaches or forgets is in it before the next query."""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from runbook_ls.memory.index import Index
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.vectors import Changes, Entry, changes_between, packed, unpacked
from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    from runbook_ls.memory.embedder import Embedder, Vectors


class FollowingIndex:
    """`index`, kept up to date from `journal`.

    It holds what changed between two revisions: `top_up` takes in what is newer, `deepen` what is older, in jobs of
    at most `rows_a_job`. So a new one answers with the newest examples at once, and with all of them in time.
    """

    def __init__(self, journal: Journal, embedder: Embedder, index: Index, *, rows_a_job: int) -> None:
        self.index = index
        self._journal = journal
        self._embedder = embedder
        self._rows_a_job = rows_a_job
        self._newest = self._oldest = 0
        self._missing: list[Entry] = []  # not embedded yet, the newest first
        self._unsaved: list[tuple[int, bytes]] = []

    def top_up(self) -> None:
        """Take in all that changed since the last time; the first time, the newest."""
        first = self._newest == 0
        changes = changes_between(
            self._journal, self._embedder.name, above=self._newest, limit=self._rows_a_job if first else None
        )
        if changes.newest:
            self._newest = changes.newest
            self._oldest = changes.oldest if first else self._oldest
            self._take_in(changes, older=False)

    def deepen(self) -> bool:
        """Take in the next older ones. False if there are none."""
        if self._oldest == 0:
            return False
        changes = changes_between(
            self._journal, self._embedder.name, below=self._oldest, limit=self._rows_a_job
        )
        self._oldest = changes.oldest
        self._take_in(changes, older=True)
        return self._oldest > 0

    def embed(self, at_most: int) -> None:
        """Embed the newest of what has no vector yet. It is found from now on, and kept in the journal by `save`."""
        self._embed(at_most, [])

    def ask(self, question: str, embed_at_most: int) -> Vectors:
        """The vector of `question`; in one go with it, `embed` up to so many. Raises RunbookError if a remote embedder
        fails; nothing is lost then."""
        vector: Vectors = self._embed(embed_at_most, [question])[0]
        return vector

    @property
    def is_missing_some(self) -> bool:
        """Whether there are examples without a vector."""
        return bool(self._missing)

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

    def _embed(self, at_most: int, others: list[str]) -> Vectors:
        batch = self._missing[:at_most]
        rows = self._embedder.embed([*others, *(entry.intent for entry in batch)])
        self._missing = self._missing[at_most:]
        vectors = packed(rows[len(others) :])
        self._put([entry._replace(vector=vector) for entry, vector in zip(batch, vectors, strict=True)])
        self._unsaved += [(entry.number, vector) for entry, vector in zip(batch, vectors, strict=True)]
        return rows

    def _take_in(self, changes: Changes, *, older: bool) -> None:
        changed = {*changes.gone, *(entry.number for entry in changes.entries)}
        self._missing = [entry for entry in self._missing if entry.number not in changed]
        missing = [entry for entry in changes.entries if entry.vector is None]
        self._missing = [*self._missing, *missing] if older else [*missing, *self._missing]
        self.index.drop(changes.gone)
        self._put([entry for entry in changes.entries if entry.vector is not None])

    def _put(self, entries: list[Entry]) -> None:
        for scope, group in groupby(sorted(entries, key=attrgetter("scope")), key=attrgetter("scope")):
            shelf = list(group)
            vectors = unpacked([entry.vector for entry in shelf if entry.vector], self._embedder.dimension)
            self.index.put(scope, [entry.number for entry in shelf], vectors)
