"""Embedders: what turns texts into vectors."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from runbook_ls.shell.literals import masked
from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from runbook_ls.memory.remote import Remote

    Vectors = NDArray[np.float32]

EmbedderName = Literal["minilm", "hashing"]


class Embedder(Protocol):
    """`name` goes with every stored vector: vectors of different names are never compared."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 (L2) for each text, in order: float32, shape (len(texts), dimension)."""
        ...


class IntentEmbedder:
    """Embeds intents: what they say, and how they say it whatever the values are.

    A row is the mean of the vector of the intent and that of the intent with its values masked. Two intents that
    differ in a path or a name are near each other then, though names weigh much in a text of ten words.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name = f"{embedder.name}+masked"
        self.dimension = embedder.dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        wordings = [masked(text) for text in texts]
        different = [row for row, text in enumerate(texts) if wordings[row] != text]
        rows = self._embedder.embed([*texts, *(wordings[row] for row in different)])
        vectors = rows[: len(texts)]
        vectors[different] += rows[len(texts) :]
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def load_embedder(which: EmbedderName | Remote = "minilm") -> Embedder:
    """The embedder of this name, or at this endpoint, for intents, loaded and ready.

    Raises RunbookError when it cannot be had here: the extra is not installed, a model file is not the one that
    was published, or the endpoint gives no vector.
    """
    if not isinstance(which, str):
        from runbook_ls.memory.remote import RemoteEmbedder

        return IntentEmbedder(RemoteEmbedder(which))
    if which == "hashing":
        if importlib.util.find_spec("numpy") is None:
            raise RunbookError("numpy is not installed; install runbook-ls[full] to have memory by meaning")
        from runbook_ls.memory.hashing import HashingEmbedder

        return IntentEmbedder(HashingEmbedder())
    from runbook_ls.memory.minilm import load_minilm

    return IntentEmbedder(load_minilm())
