"""Prose as rules look at it."""

from __future__ import annotations

import re


def without_code(markdown: str) -> str:
    """The markdown with blanks for code spans and comments, place by place."""
    if "`" not in markdown and "<!--" not in markdown:
        return markdown
    return re.sub(_CODE_OR_COMMENT, _blank, markdown)


def _blank(match: re.Match[str]) -> str:
    return "\n".join([" " * len(line) for line in match[0].split("\n")])


_CODE_OR_COMMENT = r"(?s)(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|<!--.*?-->"
