"""How intents and commands are compared: content words, and the keys under which two texts count as the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
_EDGES = "\"'`“”‘’.,:;!?()[]{}*"

# Function words only: they say nothing about what is wanted, and half of all intents have them.
_FUNCTION_WORD_LIST = """
    a about all also an and any are as at be been but by can could do does each for from get has have how i if
    in into is it its let lets me my need of on or our out please should so some than that the their them then
    there these they this those to under up us use using want was we were what when where which will with would
    you your
"""
_FUNCTION_WORDS = frozenset(_FUNCTION_WORD_LIST.split())


def content_words(text: str) -> frozenset[str]:
    """The words of `text` that carry meaning: case folded, plural s dropped, function words left out.

    A text of function words only keeps them all, so that it can still be found.
    """
    words = [word.casefold() for word in _WORD.findall(text)]
    telling = [word for word in words if word not in _FUNCTION_WORDS]
    return frozenset(_singular(word) for word in telling or words)


def overlap(left: Iterable[str], right: Iterable[str]) -> float:
    """How many words two sets share (Dice's coefficient): 0 for none, 1 for the same words."""
    left, right = frozenset(left), frozenset(right)
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def same_intent_key(intent: str, salt: bytes) -> bytes:
    """Sixteen bytes that are equal for intents that differ only in case, white space or punctuation at the edges
    of words. Punctuation inside a word counts: `v1.2` is not `v12`."""
    words = (word.strip(_EDGES) for word in intent.casefold().split())
    return _digest(" ".join(word for word in words if word), salt)


def same_command_key(command: str, salt: bytes) -> bytes:
    """Sixteen bytes that are equal for commands that differ only in white space between words.

    Line ends and indentation count: they mean something in scripts.
    """
    lines = []
    for line in command.strip("\r\n").splitlines():
        indentation = line[: len(line) - len(line.lstrip())]
        lines.append(indentation + " ".join(line.split()))
    return _digest("\n".join(lines).strip(), salt)


def _digest(text: str, salt: bytes) -> bytes:
    """Hashed, so that the keys, unlike the texts, need not be forgotten, and take little room in an index."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=salt).digest()


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
