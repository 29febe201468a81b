"""What a runbook's text is made of: headings, prose and code, in chunks. See `chunks.read_chunks`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from runbook_ls.document.cell import Code


class Title(NamedTuple):
    """A heading as written: raw markdown, level 1 to 6, line."""

    markdown: str
    level: int
    line: int


class Prose(NamedTuple):
    """A paragraph or a list item's text: raw markdown, first line, line after the last.

    `depth` counts the containers around it. `aside` tells the quote or admonition that holds it (-1: none) from
    the others of the same chunk.
    """

    markdown: str
    line: int
    end_line: int
    depth: int
    aside: int


class CodeBlock(NamedTuple):
    """A cell's code, and as for prose what it stands in."""

    code: Code
    depth: int
    aside: int


Block = Title | Prose | CodeBlock


# Not frozen but in type: a runbook has hundreds, and a frozen one takes three times as long to make.
@dataclass(slots=True)
class Chunk:
    """A top-level block and what follows it up to the next: so many lines and code points of the text.

    What others find out about it is kept in `memo`.
    """

    lines: Final[int]
    size: Final[int]
    blocks: Final[tuple[Block, ...]]
    memo: Final[dict[object, object]] = field(default_factory=dict, compare=False, repr=False)
