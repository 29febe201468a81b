"""A team's memory: a Chroma server that holds what its members chose to share. It belongs to its owner.

Every row names its author, and is queried where it is: nothing of it is copied here. When the server is away, the
user's own memory goes on, and what is to be shared or taken back waits in the journal.

Only for the worker process: chromadb reads a `.env` in the working directory.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from runbook_ls.memory import rows
from runbook_ls.memory.examples import Example, Source
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.vectors import unpacked
from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

    from runbook_ls.memory.embedder import Embedder, Vectors

_T = TypeVar("_T")

_HANGS_SECONDS = 5.0
_REST_SECONDS = 30.0  # before one that is away is tried again
_ROWS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Server:
    """Where a team's memory is, and how to speak to it. `author` is put on what this user shares; a `read_only`
    one is asked but never told. A suggestion waits `patience` seconds for it: the first connection alone takes about
    one, which somebody who types does not wait."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    read_only: bool = False
    author: str = ""
    patience: float = 0.3


@dataclass(frozen=True, slots=True)
class _Sending:
    """A call under way, with the ids of what it sends and what it takes back."""

    call: Future[None]
    examples: list[str]
    unwanted: list[str]


class TeamMemory:
    """A server in use, for the vectors of one model. One thread speaks to it, one call at a time; nothing here raises
    or waits for it long."""

    def __init__(self, server: Server, embedder: Embedder) -> None:
        self._server = server
        self._dimension = embedder.dimension
        self._model = embedder.name
        self._thread = ThreadPoolExecutor(1, "team-memory")
        self._collection: Collection | None = None
        self._call: Future[Any] | None = None
        self._called = 0.0
        self._failure = ""
        self._rests_until = 0.0
        self._sending: _Sending | None = None

    @property
    def trouble(self) -> str:
        """What is wrong with the server, as a sentence; "" if nothing is."""
        failure = "it does not answer" if self._hangs() else self._failure
        return (
            f"the team's memory at {self._server.url} is away ({failure}); yours is used alone"
            if failure
            else ""
        )

    def ask(self, vector: Vectors, limit: int) -> Future[list[tuple[Example, float]]] | None:
        """Begin to look for the nearest examples; `answer` gives them."""
        return self._begin(lambda collection: _query(collection, vector, limit, self._server.url))

    def answer(self, asked: Future[list[tuple[Example, float]]] | None) -> list[tuple[Example, float]]:
        """The examples with their cosines; none if the server is away or slow."""
        if asked is None:
            return []
        wait([asked], self._server.patience)
        return asked.result() if asked.done() and asked.exception() is None else []

    def exchange(self, journal: Journal) -> bool:
        """Send some of what is to be shared, and take back what is not to be, without waiting for the server: to be
        called again soon while it returns True. False: nothing to do, or the server is away."""
        if self._server.read_only or self._hangs():
            return False
        try:
            sending, self._sending = self._sending, None
            if sending is not None and not sending.call.done():
                self._sending = sending
                return True
            if sending is not None and sending.call.exception() is None:
                with journal.writing() as writing:
                    writing.sent(sending.examples, sending.unwanted)
            examples, vectors, unwanted = self._outbox(journal)
        except RunbookError:
            return False  # the journal keeps what waits
        if not examples and not unwanted:
            return False
        self._sending = self._send(examples, vectors, unwanted)
        return self._sending is not None or not self._rests()

    def _send(self, examples: list[Example], vectors: Vectors, unwanted: list[str]) -> _Sending | None:
        ids = [example.id for example in examples]

        def send(collection: Collection) -> None:
            if ids:
                collection.upsert(
                    ids=ids, embeddings=vectors, metadatas=[_metadata(each) for each in examples]
                )
            if unwanted:
                collection.delete(ids=unwanted)

        call = self._begin(send)
        return _Sending(call, ids, unwanted) if call is not None else None

    def _outbox(self, journal: Journal) -> tuple[list[Example], Vectors, list[str]]:
        with journal.reading() as connection:
            wanted = connection.execute(
                """SELECT e.*, v.vector FROM examples e JOIN vectors v ON v.example = e.number AND v.model = ?
                WHERE e.sharing = 'wanted' LIMIT ?""",
                (self._model, _ROWS_AT_ONCE),
            ).fetchall()
            unwanted = connection.execute(
                """SELECT id FROM examples WHERE sharing = 'unwanted'
                UNION ALL SELECT id FROM tombstones WHERE NOT taken_back LIMIT ?""",
                (_ROWS_AT_ONCE,),
            ).fetchall()
        examples = [rows.example(row) for row in wanted]
        return (
            [replace(example, author=example.author or self._server.author) for example in examples],
            unpacked([row["vector"] for row in wanted], self._dimension),
            [str(row["id"]) for row in unwanted],
        )

    def _begin(self, call: Callable[[Collection], _T]) -> Future[_T] | None:
        """Do this on the thread that speaks to the server; None while the server rests or another call goes on."""
        if self._rests() or (self._call is not None and not self._call.done()):
            return None

        def speak() -> _T:
            try:
                result = call(self._connected())
            except Exception as error:  # httpx's or chromadb's own: in each case the server is of no use now
                self._collection = None
                self._rests_until = time.monotonic() + _REST_SECONDS
                self._failure = " ".join(str(error).split())[:200] or type(error).__name__
                raise
            self._failure = ""
            return result

        self._called = time.monotonic()
        self._call = begun = self._thread.submit(speak)
        return begun

    def _rests(self) -> bool:
        return time.monotonic() < self._rests_until

    def _hangs(self) -> bool:
        return (
            self._call is not None
            and not self._call.done()
            and time.monotonic() - self._called > _HANGS_SECONDS
        )

    def _connected(self) -> Collection:
        if self._collection is None:
            import chromadb
            from chromadb.config import Settings

            client = chromadb.HttpClient(
                host=self._server.url,  # with its scheme and port
                headers=dict(self._server.headers),
                settings=Settings(anonymized_telemetry=False),
            )
            self._collection = client.get_or_create_collection(
                "runbook-ls-" + re.sub(r"[^A-Za-z0-9]+", "-", self._model).strip("-"),
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine"}},
            )
        return self._collection


def _query(collection: Collection, vector: Vectors, limit: int, url: str) -> list[tuple[Example, float]]:
    answer = collection.query(
        query_embeddings=vector.reshape(1, -1), n_results=limit, include=["metadatas", "distances"]
    )
    distances, metadatas = (answer["distances"] or [[]])[0], (answer["metadatas"] or [[]])[0]
    return [
        (_example(example_id, metadata, url), 1.0 - distance)
        for example_id, metadata, distance in zip(answer["ids"][0], metadatas, distances, strict=True)
    ]


def _metadata(example: Example) -> dict[str, str | int | float]:
    """Chroma takes valid Unicode only."""
    known = {name: value for name, value in asdict(example).items() if name not in ("id", "origin")}
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in known.items()
    }


def _example(example_id: str, metadata: Mapping[str, Any], url: str) -> Example:
    """Whatever a server says, an example comes of it: others may write there too."""
    texts = {
        name: str(metadata.get(name, "")) for name in ("intent", "command", "workspace", "file", "author")
    }
    numbers = {name: metadata.get(name, 0) for name in ("line", "time", "confirmations")}
    line, learned, confirmations = (
        value if isinstance(value, int | float) else 0 for value in numbers.values()
    )
    return Example(
        **texts,
        id=example_id,
        source=cast(Source, str(metadata.get("source", "taught"))),
        line=int(line),
        time=float(learned),
        confirmations=int(confirmations),
        origin=url,
    )
