from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from runbook_ls.document.lines import apply_edits, split_lines
from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.text import narrowed, splice
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


@given(text=TEXTS, one=PLACES, other=PLACES, new=TEXTS)
def test_a_narrowed_replacement_comes_to_the_same(
    text: str, one: Position, other: Position, new: str
) -> None:
    columns = Columns(split_lines(text), "utf-32")
    start, end = (columns.position(types.Position(p.line, p.column)) for p in sorted((one, other)))
    narrow = narrowed(columns.lines, Span(start, end), new)
    assert start <= narrow.span.start <= narrow.span.end <= end
    assert apply_edits(text, [narrow]) == apply_edits(text, [TextEdit(Span(start, end), new)])


def test_a_whole_document_that_is_sent_for_one_line_changes_that_line() -> None:
    lines = ["a\n", "b\r\n", "c\n", "d"]
    assert narrowed(lines, Span.of(0, 0, 4, 0), "a\nb\r\nx\nd") == TextEdit(Span.of(2, 0, 3, 0), "x\n")
    assert narrowed(lines, Span.of(0, 0, 4, 0), "".join(lines)) == TextEdit(Span.of(4, 0, 4, 0), "")
    assert narrowed(lines, Span.of(0, 0, 4, 0), "") == TextEdit(Span.of(0, 0, 4, 0), "")
