"""Bytes of a program become text that is safe to show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.execute.output import Bounded, Cleaner, without_colours


def clean(*chunks: bytes) -> str:
    cleaner = Cleaner()
    return "".join([*(cleaner.feed(chunk) for chunk in chunks), cleaner.feed(b"", final=True)])


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"plain\ttext\n", "plain\ttext\n"),
        ("é 😀".encode(), "é 😀"),
        (b"a\xffb\xc3", "a\\xffb\\xc3"),
        (b"\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        (b"\x1b[38;5;196mx\x1b[38:2::1:2:3my\x1b[m", "\x1b[38;5;196mx\x1b[38:2::1:2:3my\x1b[m"),
        (b"\x1b]0;title\x07a", "a"),
        (b"\x1b]52;c;Y2xpcA==\x1b\\a", "a"),
        (b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        (b"\x1bP1$r0m\x1b\\a", "a"),
        (b"\x1b[2J\x1b[H\x1b[2Ka\x1b[1A", "a"),
        (b"\x1b[?25l\x1b[?1049ha", "a"),
        (b"\x1bc\x1b(B\x1b7a", "a"),
        (b"a\x07b\x08c\x00d", "abcd"),
        ("a\x9b31mb\x9dtitle\x9cc".encode(), "abc"),
        (b"50%\r100%\r\n", "50%\r100%\r\n"),
        (b"\x1b", ""),
        (b"a\x1b[", "a"),
        (b"a\x1b]0;never ended", "a"),
        (b"\x1b[31", ""),
    ],
)
def test_control_sequences_are_dropped_and_colours_kept(written: bytes, shown: str):
    assert clean(written) == shown


def test_a_sequence_that_never_ends_does_not_hide_the_rest():
    assert clean(b"\x1b]0;" + b"x" * 10_000 + b"\nvisible\n").endswith("visible\n")


PIECES = st.sampled_from(
    [
        b"a",
        b"\n",
        b"\x1b",
        b"[",
        b"]",
        b"3",
        b"1",
        b"m",
        b";",
        b"\x07",
        b"\\",
        b"\xc3",
        b"\xa9",
        b"\xff",
        b"K",
        b"P",
    ]
)


@given(st.lists(PIECES, max_size=30), st.data())
def test_chunks_make_no_difference(pieces: list[bytes], data: st.DataObject):
    whole = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    chunks = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]

    assert clean(*chunks) == clean(whole)


@given(st.binary(max_size=60))
def test_nothing_but_text_and_colours_comes_out(written: bytes):
    shown = without_colours(clean(written))

    assert all(
        character.isprintable() or character in "\t\n\r" or ord(character) > 0x9F for character in shown
    )


@given(st.lists(st.text("abc", max_size=8), max_size=40))
def test_head_and_tail_are_kept(pieces: list[str]):
    kept = Bounded(10)
    for piece in pieces:
        kept.add(piece)
    whole = "".join(pieces)

    if len(whole) <= 20:
        assert (kept.text(), kept.truncated) == (whole, False)
    else:
        assert kept.truncated
        assert kept.text() == f"{whole[:10]}\n… {len(whole) - 20:,} characters left out …\n{whole[-10:]}"
