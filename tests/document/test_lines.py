from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document.lines import (
    apply_edits,
    count_line_ends,
    first_line_ending,
    line_ending,
    split_lines,
    without_ending,
)
from runbook_ls.values import Span, TextEdit
from tests.document.texts import examples


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a\n"]),
        ("a\r\nb\rc\nd", ["a\r\n", "b\r", "c\n", "d"]),
        ("\n\r\n\r", ["\n", "\r\n", "\r"]),
        ("a\fb\vc\x1cd\x85e\u2028f\u2029g\nh", ["a\fb\vc\x1cd\x85e\u2028f\u2029g\n", "h"]),
    ],
)
def test_split_lines(text: str, lines: list[str]) -> None:
    assert split_lines(text) == lines


@examples(100)
@given(st.text(alphabet="a\r\n\f\u2028", max_size=12))
def test_lines_join_to_the_text(text: str) -> None:
    lines = split_lines(text)
    assert lines == re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
    assert "".join(lines) == text
    assert all(
        line and "\n" not in without_ending(line) and "\r" not in without_ending(line) for line in lines
    )
    assert count_line_ends(text) == sum(1 for line in lines if line_ending(line))
    assert all(without_ending(line) + line_ending(line) == line for line in lines)


def test_first_line_ending() -> None:
    assert [first_line_ending(text) for text in ("a\r\nb\n", "a\rb", "a", "")] == ["\r\n", "\r", "\n", "\n"]


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([(0, 0, 0, 0, "x")], "xab\r\ncd"),
        ([(0, 1, 1, 1, "x")], "axd"),
        ([(0, 99, 0, 99, "x")], "abx\r\ncd"),
        ([(1, 99, 1, 99, "x")], "ab\r\ncdx"),
        ([(9, 0, 9, 0, "x")], "ab\r\ncdx"),
        ([(1, 0, 1, 1, "x"), (0, 0, 0, 1, "y")], "yb\r\nxd"),
        ([(0, 1, 0, 1, "1"), (0, 1, 0, 1, "2")], "a12b\r\ncd"),
        ([], "ab\r\ncd"),
    ],
)
def test_apply_edits(edits: list[tuple[int, int, int, int, str]], expected: str) -> None:
    assert apply_edits("ab\r\ncd", [TextEdit(Span.of(*span), text) for *span, text in edits]) == expected
