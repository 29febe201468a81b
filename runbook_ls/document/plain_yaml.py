"""YAML that a look tells to be a sound mapping: keys with values of one line, lists and maps of them, as most people
write front matter.

Who knows that may leave the reading of it for later, or for never: PyYAML takes longer to import than a hundred
runbooks take to parse.
"""

from __future__ import annotations

import re

_LONGEST = 5_000  # characters; has fewer values than anybody would call too many
_KEY = r"[A-Za-z][\w.-]{0,99}:"
_TEXT = r"(?:[A-Za-z/(]|<(?!<)|\.\.?/)(?![^\n]*(?::[ \n]|[ ]\#))[ -~]*"
_QUOTED = r""" "[ !#-\[\]-~]*" | '[ -&(-~]*' """
# No points, colons or small letters in them: PyYAML may take it for a number that it cannot make.
_NUMBER = r"-?[0-9][0-9A-Z]{0,99} | [0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
_DAY = r"(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8]) | (?:0[13-9]|1[0-2])-(?:29|30) | (?:0[13578]|1[02])-31"
_TIME = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[-+](?:0[0-9]|1[0-4]):[0-5][0-9])"
_WORD = r"(?:[A-Za-z][\w-]{0,99}|-?[0-9]{1,9})"
_LIST = rf"\[(?:{_WORD}(?:,[ ]?{_WORD})*)?\]"
_MAP = rf"\{{[A-Za-z]\w{{0,99}}:[ ](?:{_WORD}|\{{[A-Za-z]\w{{0,99}}:[ ]{_WORD}\}})\}}"
_VALUE = rf"""(?:
    {_TEXT} | (?:{_QUOTED} | {_NUMBER} | [12][0-9]{{3}}-(?:{_DAY})(?:{_TIME})? | {_LIST} | {_MAP})[ ]*
    )"""
# Each line by itself; and which line may follow which: lines at the same column, items, or keys two levels deep.
_LINES = re.compile(
    rf"(?:(?: [ ]*(?: (?:{_KEY}[ ]+ | -[ ]){_VALUE} | {_KEY}[ ]*) | \#[ -~]* )?\n)*", re.VERBOSE | re.ASCII
)
_KEY_AND_VALUE = rf"{_KEY}[ ]+[^ \n][^\n]*"
_ITEMS = r"(?=\n(?P<dash>[ ]{0,8}-[ ]))(?:\n(?P=dash)[^\n]*)+"
_LOWER = rf"(?=\n(?P<low>(?P=in)[ ]{{1,8}})[^ ])(?:\n(?P=low){_KEY_AND_VALUE})+"
_INNER = rf"(?=\n(?P<in>[ ]{{1,8}})[^ ])(?:\n(?P=in)(?:{_KEY_AND_VALUE} | {_KEY}[ ]*{_LOWER}))+"
_ORDER = re.compile(
    rf"(?:(?: {_KEY_AND_VALUE} | {_KEY}[ ]*(?:{_ITEMS} | {_INNER})? | \#[^\n]* )?\n)*", re.VERBOSE | re.ASCII
)


def is_plain_mapping(text: str) -> bool:
    """Whether `yaml.safe_load` surely makes a dict of `text`, or None; if False, only it knows. `text` has no line
    end but `\\n`."""
    if len(text) >= _LONGEST:
        return False
    text += "\n"
    return _LINES.fullmatch(text) is not None and _ORDER.fullmatch(text) is not None
