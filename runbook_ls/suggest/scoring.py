"""When two commands count as the same, and how sure a share of right answers is."""

from __future__ import annotations

import math

from runbook_ls.shell.words import Role, split


def same(command: str, expected: str) -> bool:
    """Equal but for blanks around."""
    return command.strip() == expected.strip()


def equivalent(command: str, expected: str) -> bool:
    """Equal shell words: blanks between words, the style of quotes and comments aside."""
    return _normal(command) == _normal(expected)


def _normal(command: str) -> tuple[str, ...]:
    words = (word.text for word in split(command.strip()) if word.role is not Role.COMMENT)
    return tuple(_unquoted(word) for word in words)


def _unquoted(word: str) -> str:
    """Without quote marks; a backslash counts only where it keeps find's own grammar from the shell."""
    if len(word) > 1 and word[0] == "\\" and word[1] in ";()!":
        return word
    inner = word[1:-1] if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"" else word
    return inner.replace("'", "").replace('"', "").replace("\\", "")


def interval(right: float, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95% confidence interval (Wilson's) of a share: `right` of `of`, where `right` may be a fraction."""
    if not of:
        return 0.0, 1.0
    share = right / of
    scale = 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)
