from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from runbook_ls.document.lines import split_lines, without_ending
from runbook_ls.lsp.convert import Columns
from runbook_ls.values import Position

ENCODINGS = ["utf-8", "utf-16", "utf-32"]
TEXTS = st.text(alphabet=st.sampled_from("ab é\u2028漢\f😀\r\n"))


def units(text: str, encoding: str) -> int:
    return (
        len(text.encode({"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]))
        // ({"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding])
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS)
def test_every_position_survives_the_way_there_and_back(encoding: str, text: str) -> None:
    lines = split_lines(text)
    columns = Columns(lines, encoding)
    for number, line in enumerate(lines):
        for column in range(len(without_ending(line)) + 1):
            there = columns.to_position(Position(number, column))
            assert there.character == units(line[:column], encoding)
            assert columns.position(there) == Position(number, column)


@pytest.mark.parametrize(
    ("text", "line", "character", "expected"),
    [
        ("abc", 0, 99, Position(0, 3)),
        ("abc\r\n", 0, 99, Position(0, 3)),
        ("abc\n", 1, 0, Position(1, 0)),
        ("abc\n", 7, 3, Position(1, 0)),
        ("abc", 7, 3, Position(0, 3)),
        ("", 0, 0, Position(0, 0)),
        ("", 3, 3, Position(0, 0)),
    ],
)
def test_a_place_past_the_end_is_the_end(text: str, line: int, character: int, expected: Position) -> None:
    assert Columns(split_lines(text), "utf-16").position(types.Position(line, character)) == expected
