"""Patterns as in .gitignore, which anybody may have written. Source: gitignore(5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_STARS = re.compile(r"\*+")
_MOST_STARS = 4


def read_patterns(lines: Iterable[str]) -> GitIgnoreSpec:
    """What these lines match. One with more stars than people write is passed over: with five of them, a file name of
    250 letters already takes minutes (`*a*a*a*a*a*b`)."""
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(line for line in lines if len(_STARS.findall(line)) <= _MOST_STARS)
