"""The examples' vectors, kept in the journal under the name of the model that made them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from runbook_ls.memory.journal import Journal

if TYPE_CHECKING:
    from runbook_ls.memory.embedder import Embedder, Vectors

_BATCH = 256
_LAST = 2**63 - 1


class Entry(NamedTuple):
    """An example in use, as an index sees it. `intent` is "" where `vector` is there."""

    number: int
    scope: str
    vector: bytes | None
    intent: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to the examples between two revisions, the latest change first; `gone` answer no more.

    `newest` is the highest revision read, 0 if there was none; `oldest` the lowest, 0 if nothing older is left.
    """

    newest: int
    oldest: int
    entries: list[Entry]
    gone: list[int]


def packed(vectors: Vectors) -> list[bytes]:
    """Each row as float16, little-endian: half the file, and no cosine moves by more than 0.001."""
    return [row.tobytes() for row in vectors.astype("<f2")]


def unpacked(blobs: Sequence[bytes], dimension: int) -> Vectors:
    """The rows that `packed` made, as float32."""
    import numpy as np

    return np.frombuffer(b"".join(blobs), "<f2").reshape(len(blobs), dimension).astype(np.float32)


def changes_between(
    journal: Journal, model: str, *, above: int = 0, below: int = _LAST, limit: int | None = None
) -> Changes:
    """What changed after revision `above` and before `below`, the newest `limit` of it, with the vectors of this
    model. Without bounds: every example in use. Takes microseconds when nothing changed."""
    with journal.reading() as connection:
        changed = connection.execute(
            """SELECT c.example, c.revision, e.scope, v.vector, iif(v.vector IS NULL, e.intent, '') AS intent
            FROM changes c
            LEFT JOIN examples e ON e.number = c.example AND e.superseded_by IS NULL
            LEFT JOIN vectors v ON v.example = e.number AND v.model = ?
            WHERE c.revision > ? AND c.revision < ? ORDER BY c.revision DESC LIMIT ?""",
            (model, above, below, -1 if limit is None else limit),
        ).fetchall()
    return Changes(
        int(changed[0]["revision"]) if changed else 0,
        int(changed[-1]["revision"]) if changed and len(changed) == limit else 0,
        [
            Entry(row["example"], row["scope"], row["vector"], row["intent"])
            for row in changed
            if row["scope"] is not None
        ],
        [int(row["example"]) for row in changed if row["scope"] is None],
    )


def embed_missing(
    journal: Journal, embedder: Embedder, on_progress: Callable[[int, int], None] | None = None
) -> int:
    """Embed every example in use that has no vector of this model yet, newest first, and keep the vectors.

    Commits batch by batch, so it may be stopped at any time. `on_progress` gets (done, total). Returns how many.
    """
    missing = [entry for entry in changes_between(journal, embedder.name).entries if entry.vector is None]
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        vectors = packed(embedder.embed([entry.intent for entry in batch]))
        with journal.writing() as writing:
            writing.store_vectors(embedder.name, [(e.number, v) for e, v in zip(batch, vectors, strict=True)])
        if on_progress is not None:
            on_progress(start + len(batch), len(missing))
    return len(missing)
