"""The text of inline markdown, told at a look, is what markdown-it says it is."""

from __future__ import annotations

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from runbook_ls.document.intents import _parsed, _without_plain_code, plain_text

_PIECES = st.sampled_from(
    (
        *("a", "b c", "é", "1", "-", ".", "’", "\xa0", "\0", "\t", "\r", "\n", " ", "  \n"),
        *("`", "``", "`a`", "` a `", "`a b`", "`\n", "_", "_a", "a_b", "*", "\\", "!"),
        *("[", "]", "[x]", "[x][y]", "(", "](", "<", "< ", "<a>", "&", "& ", "&amp;"),
    )
)


@given(st.lists(_PIECES, max_size=8).map("".join))
def test_what_has_no_markup_but_code(markdown: str) -> None:
    found = _without_plain_code(markdown)
    assume(found is not None)
    assert found
    assert _words(*found) == _words(*_parsed(markdown))


def _words(text: str, code: list[str]) -> list[str]:
    texts = iter(code)
    return re.sub("\0", lambda _: next(texts), text).split()


def test_references_to_links_are_their_text() -> None:
    assert (
        plain_text("Run [`az aks`][az-aks] on `a_b`,\nnot [x][y] <  5 & up")
        == "Run az aks on a_b, not x < 5 & up"
    )
