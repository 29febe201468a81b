"""markdown-it's state of a parse, set up by whole lines where it looks at each character.

Importing this module imports markdown-it.
"""

from __future__ import annotations

from itertools import accumulate, repeat
from operator import add, sub

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock


class BlockState(StateBlock):
    """What `StateBlock` is for a text that ends with `\\n`, from the line on that begins at `offset`."""

    def __init__(self, text: str, offset: int, parser: MarkdownIt) -> None:
        super().__init__("", parser, {}, [])
        self.offset = offset
        self.src = source = text[offset:]
        lines = source[:-1].split("\n")
        widths = list(map(len, lines))
        self.bMarks = [0, *accumulate([width + 1 for width in widths])]
        self.eMarks = [*map(add, self.bMarks, widths), len(source)]
        self.tShift = [*map(sub, widths, map(len, map(str.lstrip, lines, repeat(" \t")))), 0]
        self.sCount = self.tShift.copy()
        if "\t" in source:
            blanks = [line[:shift].expandtabs(4) for line, shift in zip(lines, self.tShift, strict=False)]
            self.sCount[:-1] = map(len, blanks)
        self.bsCount = [0] * len(self.bMarks)
        self.lineMax = len(lines)
