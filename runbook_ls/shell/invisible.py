"""Characters that do not look like what they are: invisible, bidirectional, control and look-alike ones.

Sources: Unicode Standard Annex 9 (bidirectional controls), Technical Standard 39 (confusables, mixed scripts),
Annex 44 (Default_Ignorable_Code_Point), and "Trojan Source" (CVE-2021-42574).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["bidirectional", "invisible", "control", "space", "look-alike"]


class Suspect(NamedTuple):
    """The code point `offset` of a text. `name` is Unicode's, such as `RIGHT-TO-LEFT OVERRIDE`."""

    offset: int
    character: str
    kind: Kind
    name: str
    looks_like: str = ""  # the ASCII character it can be taken for


def find(text: str) -> tuple[Suspect, ...]:
    """The suspicious characters of a text, in order.

    Not suspicious: tab, line ends (a lone CR is), variation selectors and joiners within an emoji or a script that
    needs them, letters of other scripts in words of their own (a Cyrillic letter within a Latin word is).
    """
    if text.isascii():
        if _ASCII_CONTROL.search(text) is None:
            return ()
        return tuple(_suspect(match.start(), match[0], "control") for match in _ASCII_CONTROL.finditer(text))
    characters = set(text)  # most texts have none that is suspicious, whatever stands around it
    found: list[Suspect] = []
    if "\r" in characters or re.search(_UNSEEN, "".join(characters)):
        found += _unseen(text)
    if not characters.isdisjoint(_CONFUSABLE) or any("\uff01" <= one <= "\uff5e" for one in characters):
        found += _look_alikes(text)
    return tuple(sorted(found, key=lambda suspect: suspect.offset))


def escape(text: str) -> str:
    """`text` with every suspicious character written as `\\x1b` or `\\u202e`: what is shown is what is there."""
    suspects = () if text.isascii() and text.isprintable() else find(text)
    if not suspects:
        return text
    parts: list[str] = []
    position = 0
    for suspect in suspects:
        parts += (text[position : suspect.offset], _escaped(suspect.character))
        position = suspect.offset + 1
    return "".join((*parts, text[position:]))


_ASCII_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f](?<!\r(?=\n))")
_UNSEEN = (
    r"(?P<control>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|\r(?!\n))"
    "|(?P<bidirectional>[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])"
    "|(?P<space>[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\x85])"
    "|(?P<invisible>[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff])"
)
_JOINERS = "\u200c\u200d"
_EMOJI_ALONE = frozenset("\u3030\u303d\u3297\u3299\ufe0f0123456789#*©®™‼⁉ℹ")


def _suspect(offset: int, character: str, kind: Kind, looks_like: str = "") -> Suspect:
    name = unicodedata.name(character, "") or _CONTROL_NAMES.get(character, f"U+{ord(character):04X}")
    return Suspect(offset, character, kind, name, looks_like)


_CONTROL_NAMES = {
    "\x00": "NULL",
    "\x07": "BELL",
    "\x08": "BACKSPACE",
    "\x0b": "VERTICAL TAB",
    "\x0c": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}


def _unseen(text: str) -> Iterator[Suspect]:
    for match in re.finditer(_UNSEEN, text):
        offset, character = match.start(), match[0]
        before = text[offset - 1] if offset else ""
        if character == "\ufeff" and offset == 0:
            continue  # a byte order mark
        if "\ufe00" <= character <= "\ufe0f" and _is_of_emoji(before):
            continue
        if character in _JOINERS and before and (_is_of_emoji(before) or _is_foreign_letter(before)):
            continue
        if character == "\u3000" and _is_foreign_letter(before):
            continue
        kind: Kind = match.lastgroup  # type: ignore[assignment]  # the groups are named after the kinds
        yield _suspect(offset, character, kind, " " if kind == "space" else "")


def _is_of_emoji(character: str) -> bool:
    return (
        "\U0001f000" <= character <= "\U0001faff"
        or "\u2190" <= character <= "\u2bff"
        or character in _EMOJI_ALONE
    )


def _is_foreign_letter(character: str) -> bool:
    return character > "\u0590" and unicodedata.category(character)[0] in "LM"


# Confusables of ASCII letters (TS 39, confusables.txt): Cyrillic, Greek and Armenian letters that look Latin.
_CONFUSABLE = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХҮԌԚԜаеіјорсѕухһԁԛԝѵӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧονιյՏսօ",
        "ABESIJKMHOPCTYXYGQWaeijopcsyxhdqwvlABEZHIKMNOPTYXoviJSuo",
        strict=True,
    )
)
_MIXED_WORD = r"[^\W\d_]+"
# Full-width punctuation is at home beside Chinese or Japanese; letters and digits are suspicious anywhere.
_FULL_WIDTH = "[０-９Ａ-Ｚａ-ｚ]|(?:(?<=[\x00-\x7f])|(?<![\\s\\S]))[\uff01-\uff5e](?![^\x00-\x7f])"


def _look_alikes(text: str) -> Iterator[Suspect]:
    for match in re.finditer(_FULL_WIDTH, text):
        yield _suspect(match.start(), match[0], "look-alike", chr(ord(match[0]) - 0xFEE0))
    for word in re.finditer(_MIXED_WORD, text):
        if word[0].isascii() or not any("A" <= letter <= "z" for letter in word[0]):
            continue
        for index, letter in enumerate(word[0], word.start()):
            if letter in _CONFUSABLE:
                yield _suspect(index, letter, "look-alike", _CONFUSABLE[letter])


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
