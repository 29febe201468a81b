"""Looking for any of many words at once."""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_between(words: Iterable[str], before: str, after: str) -> re.Pattern[str]:
    """A pattern that finds the first of the words behind a character of the class `before`, such as `[\\s/]`, and not
    before one of `after`.

    It begins with the former, to which Python's engine skips; no word at the very beginning of a text is found.
    """
    return re.compile(f"{before}{_alternatives(sorted(words))}(?!{after})")


def _alternatives(words: list[str]) -> str:
    """Any of the words; their common beginnings are tried once."""
    heads: dict[str, list[str]] = {}
    for word in words:
        if word:
            heads.setdefault(word[0], []).append(word[1:])
    parts = [re.escape(head) + _alternatives(tails) for head, tails in heads.items()]
    if len(parts) == 1 and "" not in words:
        return parts[0]
    return f"(?:{'|'.join(parts)}){'?' if '' in words else ''}" if parts else ""


def has_any(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds something in a text if one of the words is in it.

    It looks for a rare character of each word, to which Python's engine skips, and there for what stands around it: for
    many words that begin with many letters, as tokens do, this is many times as fast as `a|b|c`. It tells a word in any
    case if it looks at `lower(text)`; `(?i:…)` would be slow.
    """
    around: dict[str, dict[tuple[int, str], list[str]]] = {}
    for word in sorted(set(words)):
        at = next((word.index(rare) for rare in _RARE if rare in word), 0)
        around.setdefault(word[at], {}).setdefault((at, word[at + 1 :]), []).append(word[: at + 1])
    return re.compile("|".join(re.escape(rare) + _there(pieces) for rare, pieces in around.items()))


def _there(pieces: dict[tuple[int, str], list[str]]) -> str:
    """Behind the rare character: any of its pieces stands before it (of one length each), and what belongs to it after.

    First of all, one of the characters that end what stands before: most places have another one there.
    """
    alone = [re.escape(after) for (at, after) in pieces if not at]
    if "" in alone:
        return ""
    behind = [
        f"(?<={'|'.join(map(re.escape, before))}){re.escape(after)}"
        for (at, after), before in pieces.items()
        if at
    ]
    if behind:
        ends = sorted({piece[-2:] for (at, _), before in pieces.items() if at for piece in before})
        near = "".join(re.escape(end[0]) for end in ends)
        alone.append(f"(?<=[{near}]{re.escape(ends[0][1])})(?:{'|'.join(behind)})")
    return f"(?:{'|'.join(alone)})"


# What commands and their output have little of, and tokens begin with: the first of these that a word has.
_RARE = "~_.KJVXBHGA:-"


def lower(text: str) -> str:
    """The text in lower case, of the same length: `İ` would grow."""
    return text.lower() if text.isascii() or "İ" not in text else text.replace("İ", "I").lower()
