"""How the parts of a shell text are quoted: one letter a character shows it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_ls.shell.quoting import regions

_LETTERS = {"bare": ".", "single": "s", "double": "d", "comment": "c", "heredoc": "h", "arithmetic": "a"}


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        ("a 'b' c", "..sss.."),
        ('a "b $(c "d") e"', "..ddddd..dddddddd"[:5] + "dd..ddd" + "dddd"),
        ("a # b", "..ccc"),
        ("a#b $#", "......"),
        ("echo \\' b", "........."),
        ("it's", "..ss"),
        ("$'a\\'b' c", "sssssss.."),
        ("cat <<E\nx 'y\nE\nz", "........hhhhhh.."),
        ("cat <<-'E'\n\tx\n\tE\nz", "...........hhhhh.."),
        ("cat <<A <<B\n1\nA\n2\nB\nz", "............hhhhhhh.."),
        ("((a<<2)); b", "aaaaaa....."[:6] + "....."),
        ("$((1<<2)) b", "aaaaaaa...."),
        ("${a#b} # c", ".......ccc"),
        ('"${a:-"b"}" c', "ddddddddddd.."),
    ],
)
def test_regions(text: str, picture: str):
    drawn = "".join(_LETTERS[part.quoting] * (part.end - part.start) for part in regions(text))
    assert drawn == picture


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \n\t'\"`\\$(){}<>-#E;|&")))
def test_regions_cover_any_text(text: str):
    end = 0
    for part in regions(text):
        assert part.start == end < part.end
        end = part.end
    assert end == len(text)
