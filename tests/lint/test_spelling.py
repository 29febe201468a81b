"""What a misspelt word was meant to be is what rapidfuzz says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from runbook_ls.lint.spelling import nearest

_WORDS = st.text(alphabet="abc", max_size=8)


@given(_WORDS, st.lists(_WORDS, max_size=6))
def test_the_nearest_word(word: str, known: list[str]) -> None:
    allowed = 1 if len(word) < 6 else 2
    found = process.extractOne(word, known, scorer=DamerauLevenshtein.distance, score_cutoff=allowed)
    assert nearest(word, tuple(known)) == (found[0] if found else None)
