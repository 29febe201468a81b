"""The word that a misspelt one was probably meant to be.

What rapidfuzz says, without loading it: that takes longer than linting a hundred files, and there are few words to
choose from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from functools import lru_cache


@lru_cache(maxsize=256)
def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The word of `known` to which the fewest edits lead, and of those the first; None if it takes too many: two, or one
    where the word has fewer than six letters.

    An edit takes, adds or replaces a letter, or swaps two neighbours (Damerau and Levenshtein's distance).
    """
    allowed = 1 if len(word) < 6 else 2
    letters = Counter(word)
    alike = [
        other
        for other in known
        if abs(len(other) - len(word)) <= allowed and _differ_at_most(letters, Counter(other), allowed)
    ]
    if word in alike or not alike:
        return word if alike else None
    once = set(_edited(word, {letter for other in alike for letter in other}))
    for other in alike:
        if other in once:
            return other
    if allowed > 1:
        for other in alike:
            if not once.isdisjoint(_edited(other, letters.keys())):
                return other
    return None


def _differ_at_most(one: Counter[str], other: Counter[str], edits: int) -> bool:
    """False if the letters alone tell that it takes more edits: each makes one go and one come."""
    return max((one - other).total(), (other - one).total()) <= edits


def _edited(word: str, letters: Collection[str]) -> Iterator[str]:
    """All that one edit makes of a word; what it adds is one of the letters."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in letters:
            yield before + letter + after
            yield before + letter + after[1:]
