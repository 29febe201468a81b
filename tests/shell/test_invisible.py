"""Characters that do not look like what they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_ls.shell.invisible import _is_of_emoji, _look_alikes, _unseen, escape, find


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("rm a\u202eb", "bidirectional", "RIGHT-TO-LEFT OVERRIDE"),
        ("ls\u200b", "invisible", "ZERO WIDTH SPACE"),
        ("kubectl\u00a0get", "space", "NO-BREAK SPACE"),
        ("ls \x1b[2K", "control", "ESCAPE"),
        ("rm -rf ~\rls", "control", "CARRIAGE RETURN"),
        ("l\u0455", "look-alike", "CYRILLIC SMALL LETTER DZE"),
        ("\uff4cs", "look-alike", "FULLWIDTH LATIN SMALL LETTER L"),
        ("rm \U000e0041", "invisible", "TAG LATIN CAPITAL LETTER A"),
        ("ls\ufe00", "invisible", "VARIATION SELECTOR-1"),
    ],
)
def test_found_by_name(text: str, kind: str, name: str):
    assert [(suspect.kind, suspect.name) for suspect in find(text)] == [(kind, name)]


@pytest.mark.parametrize(
    "text",
    [
        "plain\ttext\r\nwith line ends\n",
        "echo ✅ ⚠️ ❤️ 1️⃣ 👨‍👩‍👧",
        "echo naïve café → …",
        "echo привет, мир",
        "echo 完成，谢谢（你）",
        "echo می‌خواهم",
        "\ufeff# a byte order mark",
    ],
)
def test_honest_text_passes(text: str):
    assert find(text) == ()
    assert escape(text) == text


def test_what_is_shown_is_what_is_there():
    assert escape("rm -rf ~\r\x1b[2Kls\u202e") == r"rm -rf ~\x0d\x1b[2Kls\u202e"


_CHARACTERS = "a b1\r\n\t\u0455\uff4c\uff01\u200d\ufe0f\u00a0\u3000\u202e\ufeff\x1bÉ完❤👩привет"


@given(st.text(alphabet=st.sampled_from(_CHARACTERS)))
def test_the_characters_alone_tell_where_nothing_is(text: str):
    slow = sorted((*_unseen(text), *_look_alikes(text)), key=lambda suspect: suspect.offset)
    assert find(text) == tuple(slow)


@settings(deadline=None)
@given(st.text())
def test_nothing_suspicious_is_left_after_escaping(text: str):
    assert find(escape(text)) == ()


@given(st.characters() | st.sampled_from("0#*\u2190\u2bff\u2c00\ufe0f\u303d\U0001f000\U0001faff\U0001fb00"))
def test_what_an_emoji_has_is_told_as_a_pattern_tells_it(character: str):
    pattern = "[\U0001f000-\U0001faff\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f0-9#*©®™‼⁉ℹ]"
    assert _is_of_emoji(character) == (re.match(pattern, character) is not None)
    assert not _is_of_emoji("")
