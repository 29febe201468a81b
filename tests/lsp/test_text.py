from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document.lines import apply_edits, split_lines
from runbook_ls.lsp.text import splice
from runbook_ls.values import Position, Span, TextEdit

TEXTS = st.text(alphabet=st.sampled_from("ab\r\n\f\u2028é😀"), max_size=30)
PLACES = st.builds(Position, st.integers(0, 8), st.integers(0, 8))


@given(text=TEXTS, edits=st.lists(st.tuples(PLACES, PLACES, TEXTS), max_size=5))
def test_splicing_lines_is_editing_the_text(text: str, edits: list[tuple[Position, Position, str]]) -> None:
    lines = split_lines(text)
    for one, other, new in edits:
        span = Span(min(one, other), max(one, other))
        text = apply_edits(text, [TextEdit(span, new)])
        splice(lines, span, new)
        assert lines == split_lines(text)
