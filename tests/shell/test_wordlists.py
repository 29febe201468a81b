"""One pattern for many words finds what looking for each finds."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.shell.wordlists import any_between, has_any, lower

_WORDS = st.text(alphabet="aZb_-.(", min_size=1, max_size=4)


@given(st.lists(_WORDS, min_size=1, max_size=8), st.text(alphabet="aZb_-.(", max_size=12))
def test_has_any(words: list[str], text: str) -> None:
    assert (has_any(words).search(text) is not None) == any(word in text for word in words)


@given(st.lists(_WORDS, min_size=1, max_size=8), st.text(alphabet="aZb_-.(", max_size=12))
def test_any_between(words: list[str], text: str) -> None:
    slow = rf"(?<=[\s.])(?:{'|'.join(map(re.escape, words))})(?![\w-])"
    assert (any_between(words, r"[\s.]", r"[\w-]").search(text) is not None) == (
        re.search(slow, text) is not None
    )


@given(st.text())
def test_lower_keeps_the_length(text: str) -> None:
    assert len(lower(text)) == len(text)
