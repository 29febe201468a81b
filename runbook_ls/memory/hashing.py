"""The embedder without a model: words and parts of words, hashed. Knows spelling, not meaning."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from runbook_ls.memory.wording import content_words

if TYPE_CHECKING:
    from runbook_ls.memory.embedder import Vectors

_SPACES = re.compile(r"\s+")


class HashingEmbedder:
    """Each feature adds to or takes from one place of the vector, by its hash (Weinberger et al., 2009)."""

    name = "hashing-512"
    dimension = 512

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for feature, weight in _features(text):
                place = zlib.crc32(feature.encode("utf-8", "surrogatepass"))
                vectors[row, place % self.dimension] += weight if place & 0x80000000 else -weight
            length = float(np.linalg.norm(vectors[row]))
            if length:
                vectors[row] /= length
            else:
                vectors[row, 0] = 1.0
        return vectors


def _features(text: str) -> list[tuple[str, float]]:
    words = content_words(text)
    plain = f" {_SPACES.sub(' ', text.casefold()).strip()} "
    parts = Counter(plain[i : i + size] for size in (3, 4) for i in range(len(plain) - size + 1))
    return [(f"word {word}", 2.0) for word in sorted(words)] + [
        (part, math.sqrt(count) * 0.5) for part, count in parts.items()
    ]
