"""Patterns that let Python's engine skip to a letter find what the plain ones find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_ls.lint.rules import safety
from runbook_ls.shell import placeholders

_PIECES = st.sampled_from(
    (
        *("rm", "dir", "i", "dd", "del", "kill", "halt", ">", "/dev/", ":()", "read", "-p", "confirm", "--dry-run", "d", "c"),
        *("curl x", "wget", "|", "sudo ", "-E ", "/bin/", "bash", "sh", "zsh", "<(", "$(", ")", '"', "-c", "eval", "perl"),
        *("<", "<a", "b>", ">", "?", "\\", " ", "_", "-", "\n", ";"),
    )
)  # fmt: skip
_SHELL = r"(?:sudo\s+(?:-\w+\s+)*)?(?:/bin/|/usr/bin/)?(?:ba|z|da|k)?sh\b"
_DOWNLOAD_AND_RUN = (
    rf"\b(?:curl|wget)\b[^\n;&|]*\|\s*(?:{_SHELL}|(?:sudo\s+)?(?:python3?|perl|ruby|node)\b(?!\s+-[mc]))"
    rf"|{_SHELL}\s+<\(\s*(?:curl|wget)\b[^\n)]*\)"
    rf"|(?:{_SHELL}\s+-c|eval)\s+\"?\$\(\s*(?:curl|wget)\b[^\n)]*\)\"?"
)


@pytest.mark.parametrize(
    ("quick", "plain"),
    [
        (safety._DESTROYING.pattern, r"\b(?:rm|rmi|rmdir|dd|del|kill|halt)\b|>\s*/dev/|:\(\)"),
        (safety._GUARDS, r"--dry-run|\bread\s+-\w*p|\bconfirm\b"),
        (placeholders._ANGLE, r"(?<![<\\?])<([A-Za-z0-9_\[{*.][^<>\n\\`;&\"'$]{0,80}?)>(?![>(&])"),
        (safety._DOWNLOAD_AND_RUN, _DOWNLOAD_AND_RUN),
    ],
)
@settings(deadline=None)
@given(pieces=st.lists(_PIECES, max_size=9))
def test_quick_patterns(quick: str, plain: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    assert [match.span() for match in re.finditer(quick, text)] == [
        match.span() for match in re.finditer(plain, text)
    ]


@pytest.mark.parametrize("part", ['bash -c "$(curl ', "curl x ", "bash <(wget "])
def test_a_line_of_many_downloads_is_read_once(part: str):
    assert not list(re.finditer(safety._DOWNLOAD_AND_RUN, part * 20_000))  # it would take a minute
