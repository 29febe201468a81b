"""Where the chunks, the code and the headings of a page are: read once, and remembered with the page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from runbook_ls.document.blocks import Chunk, Prose, Title
from runbook_ls.document.pages import Page
from runbook_ls.document.remembered import Remembered

Place = tuple[int, int, Chunk]
"""The line and the offset in its page at which a chunk begins, and the chunk."""


class Outline(NamedTuple):
    """The line and the offset in a page at which each of its chunks begins, the places of those that hold code, and the
    headings with their lines in the page."""

    lines: Sequence[int]
    starts: Sequence[int]
    code: Sequence[Place]
    titles: Sequence[tuple[int, Title]]


_outlines: Remembered[Outline] = Remembered()


def outline_of(page: Page) -> Outline:
    """The outline of a page; remembered."""
    return _outlines.get(page, None, partial(_read, page.chunks))


def _read(chunks: Sequence[Chunk]) -> Outline:
    lines: list[int] = []
    starts: list[int] = []
    code: list[Place] = []
    titles: list[tuple[int, Title]] = []
    line = start = 0
    for chunk in chunks:
        lines.append(line)
        starts.append(start)
        for block in chunk.blocks:
            if isinstance(block, Prose):
                continue
            if isinstance(block, Title):
                titles.append((line + block.line, block))
            elif not code or code[-1][2] is not chunk:
                code.append((line, start, chunk))
        line += chunk.lines
        start += chunk.size
    return Outline(lines, starts, code, titles)
