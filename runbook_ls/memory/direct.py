"""Memory in this process: for one-shot command lines, and inside the worker."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from runbook_ls.memory.embedder import EmbedderName, load_embedder
from runbook_ls.memory.exact import ExactIndex
from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.memory.index import ROWS_A_JOB, Index
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.retrieval import BY_MEANING, Meaning, Recollection, recall, shortened
from runbook_ls.memory.team import Server, TeamMemory
from runbook_ls.memory.topup import FollowingIndex
from runbook_ls.memory.wording import content_words, overlap
from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    from runbook_ls.memory.embedder import Embedder, Vectors
    from runbook_ls.memory.remote import Remote


_READ_A_JOB = 4_096  # rows: 20 ms
_EMBEDDED_A_JOB = 4  # intents: 30 ms, which a question may have to wait
_REST_SECONDS = 30.0


class DirectMemory:
    """Searches the journal's vectors exactly, after embedding up to `embed_at_most` new examples.

    The embedder is loaded at the first recall that needs it. Where it cannot be, or fails later as an endpoint may,
    search goes by words for half a minute, and a note says why. May be used from any thread; one recall goes on at a
    time. With `at_once=False` a recall searches by meaning what has been read so far, the newest, and `work` reads the
    rest in between.
    """

    def __init__(
        self,
        journal: Journal,
        embedder: EmbedderName | Remote = "minilm",
        *,
        embed_at_most: int = 256,
        at_once: bool = True,
    ) -> None:
        self._journal = journal
        self._which: EmbedderName | Remote = embedder
        self._embed_at_most = embed_at_most
        self._at_once = at_once
        self._lock = threading.Lock()
        self._embedder: Embedder | None = None
        self._following: FollowingIndex | None = None
        self._server: Server | None = None
        self._team: TeamMemory | None = None
        self._trouble = ""
        self._by_words = ""  # why, while it does
        self._rest_until = 0.0

    def recall(self, intent: str, *, workspace: str = "", limit: int = 24) -> Recollection:
        with self._lock:
            return self._recall(shortened(intent), workspace, limit)

    def weigh(self, intent: str, examples: Sequence[Example]) -> Recollection:
        """These examples alone, the nearest first; the journal is not read."""
        words = content_words(intent)
        with self._lock:
            cosines = [0.0] * len(examples)
            if examples and (embedder := self._ready()) is not None:
                try:
                    vectors = embedder.embed(
                        [shortened(intent), *(shortened(example.intent) for example in examples)]
                    )
                    cosines = (vectors[1:] @ vectors[0]).tolist()
                except RunbookError as error:
                    self._go_by_words(error)
        candidates = [
            Candidate(example, cosine, overlap(words, content_words(example.intent)))
            for example, cosine in zip(examples, cosines, strict=True)
        ]
        candidates.sort(
            key=lambda candidate: 0.7 * candidate.similarity + 0.3 * candidate.words, reverse=True
        )
        return Recollection(tuple(candidates), self._notes())

    def share(self) -> None:
        self.exchange()

    def close(self) -> None:
        """Keep the vectors that were made. The journal stays open."""
        with self._lock:
            if self._following is not None:
                self._following.save()

    # For the worker, between queries

    def load(self) -> None:
        """Load the embedder and read the newest vectors, so that the first recall need not."""
        with self._lock:
            if self._ready() is not None:
                self._follow().top_up()

    def work(self) -> bool:
        """Do one short job: read older vectors, embed a few examples, or keep vectors. False if all is done."""
        with self._lock:
            following = self._following
            if following is None:
                return False
            if following.deepen():
                return True
            if following.is_missing_some and self._ready() is not None:
                try:
                    following.embed(_EMBEDDED_A_JOB)
                except RunbookError as error:
                    self._go_by_words(error)
                else:
                    return True
            return following.save()

    def following(self, index: Index) -> FollowingIndex | None:
        """An empty index that can be filled job by job, and then put in place by `use`; None without embedder."""
        embedder = self._ready()
        if embedder is None:
            return None
        return FollowingIndex(self._journal, embedder, index, rows_a_job=ROWS_A_JOB)

    def join(self, server: Server) -> None:
        """From now on, ask the team's server too."""
        self._server = server

    def exchange(self) -> bool:
        """See `TeamMemory.exchange`."""
        return self._team is not None and self._team.exchange(self._journal)

    def use(self, following: FollowingIndex) -> None:
        """Search this index from now on."""
        with self._lock:
            if self._following is not None:
                self._following.save()
            self._following = following

    def note(self, trouble: str) -> None:
        """Say this with every answer from now on."""
        self._trouble = trouble

    def _recall(self, intent: str, workspace: str, limit: int) -> Recollection:
        meaning, others = None, None
        worth_it = self._server is not None or self._journal.has_examples()
        if worth_it and (embedder := self._ready()) is not None:
            following = self._follow()
            following.top_up()
            while self._at_once and following.deepen():
                pass
            vector = self._vector(following, intent)
            if vector is not None:
                if self._team is not None:
                    others = self._team.ask(vector, limit)
                neighbours = following.index.nearest({"", workspace}, vector, max(BY_MEANING, limit))
                meaning = Meaning(vector, embedder.name, neighbours)
        found = recall(
            self._journal,
            intent,
            workspace=workspace,
            limit=limit,
            meaning=meaning,
            others=self._team.answer(others) if self._team is not None else (),
        )
        return Recollection(found, self._notes())

    def _vector(self, following: FollowingIndex, intent: str) -> Vectors | None:
        try:
            return following.ask(intent, self._embed_at_most)
        except RunbookError as error:
            self._go_by_words(error)
            return None

    def _go_by_words(self, why: RunbookError) -> None:
        self._by_words = f"memory goes by words only: {why}"
        self._rest_until = time.monotonic() + _REST_SECONDS

    def _ready(self) -> Embedder | None:
        if time.monotonic() < self._rest_until:
            return None
        self._by_words = ""
        if self._embedder is None:
            try:
                self._embedder = load_embedder(self._which)
            except RunbookError as error:
                self._go_by_words(error)
        if self._team is None and self._server is not None and self._embedder is not None:
            self._team = TeamMemory(self._server, self._embedder)
        return self._embedder

    def _follow(self) -> FollowingIndex:
        if self._following is None:
            assert self._embedder is not None
            self._following = FollowingIndex(
                self._journal, self._embedder, ExactIndex(), rows_a_job=_READ_A_JOB
            )
        return self._following

    def _notes(self) -> tuple[str, ...]:
        troubles = (self._by_words, self._trouble, self._team.trouble if self._team is not None else "")
        return tuple(trouble for trouble in troubles if trouble)
