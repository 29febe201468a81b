"""Embedders: what turns texts into vectors."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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


def load_embedder(name: EmbedderName = "minilm") -> Embedder:
    """The embedder of this name, loaded and ready.

    Raises RunbookError when it cannot be had here: the extra is not installed, or a model file is not the one that
    was published.
    """
    if name == "hashing":
        if importlib.util.find_spec("numpy") is None:
            raise RunbookError("numpy is not installed; install runbook-ls[full] to have memory by meaning")
        from runbook_ls.memory.hashing import HashingEmbedder

        return HashingEmbedder()
    from runbook_ls.memory.minilm import load_minilm

    return load_minilm()
