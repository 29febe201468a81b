"""The prose of a runbook, and where a piece of it stands in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from runbook_ls.document.blocks import Prose, Title
from runbook_ls.document.lines import split_lines
from runbook_ls.document.pages import all_chunks
from runbook_ls.document.runbook import Runbook
from runbook_ls.values import Span


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, an item or a heading: raw markdown, and its 0-based first line and line after the last."""

    markdown: str
    line: int
    end_line: int


def passages(runbook: Runbook) -> Iterator[Passage]:
    """The paragraphs, items and headings, in order."""
    line = runbook.first_line
    for chunk in all_chunks(runbook.pages):
        for block in chunk.blocks:
            if isinstance(block, Prose):
                yield Passage(block.markdown, line + block.line, line + block.end_line)
            elif isinstance(block, Title):
                yield Passage(block.markdown, line + block.line, line + block.line + 1)
        line += chunk.lines


def without_code(markdown: str) -> str:
    """The markdown with blanks for code spans and comments, place by place."""
    return _CODE_OR_COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), markdown)


def span_of(runbook: Runbook, passage: Passage, match: re.Match[str]) -> Span:
    """Where a match in the passage's markdown stands; its whole first line if it cannot be found again."""
    number = passage.line + match.string.count("\n", 0, match.start())
    lines = split_lines(runbook.text)
    if number >= len(lines):
        number = len(lines) - 1
    text = lines[number].rstrip("\r\n")
    wanted = match[0].split("\n")[0]
    begin = match.string.rfind("\n", 0, match.start()) + 1
    earlier = match.string.count(wanted, begin, match.start())  # the same words before it in this line
    at = -1
    for _ in range(earlier + 1):
        at = text.find(wanted, at + 1)
    return Span.of(number, at, number, at + len(wanted)) if at >= 0 else Span.of(number, 0, number, len(text))


_CODE_OR_COMMENT = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|<!--.*?-->", re.DOTALL)
