"""Looking for any of many words at once."""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds the first of the words. It tries their common beginnings once, and begins with a set of
    letters, which Python's engine skips to: ten times as fast as `a|b|c` in any case (`(?i:…)`), so for that let it
    look at `lower(text)`.
    """
    return re.compile(_alternatives(sorted(words)))


def _alternatives(words: list[str]) -> str:
    if "" in words:
        return ""
    heads: dict[str, list[str]] = {}
    for word in words:
        heads.setdefault(word[0], []).append(word[1:])
    parts = [re.escape(head) + _alternatives(tails) for head, tails in heads.items()]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def has_any(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds something in a text if one of the words is in it.

    It looks for a rare character of each word, and there for what stands around it: for many words that begin with many
    letters, as tokens do, this is twice as fast as `any_of`.
    """
    around: dict[str, dict[tuple[int, str], list[str]]] = {}
    for word in sorted(set(words)):
        at = min(range(len(word)), key=lambda at: f"{_RARE}{word[at]}".index(word[at]))
        around.setdefault(word[at], {}).setdefault((at, word[at + 1 :]), []).append(word[: at + 1])
    return re.compile("|".join(re.escape(rare) + _there(pieces) for rare, pieces in around.items()))


def _there(pieces: dict[tuple[int, str], list[str]]) -> str:
    """Behind the rare character: any of its pieces stands before it (of one length each), and what belongs to it after."""
    found = [
        (f"(?<={_alternatives(before)})" if at else "") + re.escape(after)
        for (at, after), before in pieces.items()
    ]
    return "" if "" in found else f"(?:{'|'.join(found)})"


# What commands and their output have little of, and tokens begin with: the first of these that a word has.
_RARE = "~_.KJVXBHGA:-"


def lower(text: str) -> str:
    """The text in lower case, of the same length: `İ` would grow."""
    return text.lower() if text.isascii() or "İ" not in text else text.replace("İ", "I").lower()
