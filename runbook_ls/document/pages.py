"""The chunks of a runbook, in pages: finding a line and replacing a few chunks costs the same in every runbook.

A page holds some hundred chunks and knows how many lines and code points they take, so that a search passes over
whole pages and a replacement copies one. Pages and chunks are immutable; runbooks share them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from runbook_ls.document.blocks import Chunk

_PAGE = 128  # chunks; pages of half to twice as many are left as they are


class Page:
    """Consecutive chunks, and how many lines and code points they take. A page equals itself only."""

    __slots__ = ("chunks", "lines", "memo", "size")

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self.chunks: Final = tuple(chunks)
        self.lines: Final = sum([chunk.lines for chunk in chunks])
        self.size: Final = sum([chunk.size for chunk in chunks])
        self.memo: Final[dict[object, object]] = {}


class Place(NamedTuple):
    """Where a chunk begins: the numbers of its page and of itself there, its line, and its offset in code points."""

    page: int
    chunk: int
    line: int
    offset: int


Pages = tuple[Page, ...]


def make_pages(chunks: Sequence[Chunk]) -> Pages:
    """The chunks in pages of equal length."""
    return tuple(Page(chunks[start : start + _PAGE]) for start in range(0, len(chunks), _PAGE))


def locate(pages: Pages, line: int) -> Place:
    """The chunk that holds `line` (counted from the first chunk's), or the last one. There must be a chunk."""
    above, offset = 0, 0
    for number, page in enumerate(pages):
        if line < above + page.lines or number == len(pages) - 1:
            for index, chunk in enumerate(page.chunks):
                if line < above + chunk.lines or index == len(page.chunks) - 1:
                    return Place(number, index, above, offset)
                above += chunk.lines
                offset += chunk.size
        above += page.lines
        offset += page.size
    raise ValueError("there are no chunks")


def before(pages: Pages, place: Place) -> Place:
    """The chunk before this one; the first has none and is returned itself."""
    if place.chunk:
        page, index = place.page, place.chunk - 1
    elif place.page:
        page = place.page - 1
        index = len(pages[page].chunks) - 1
    else:
        return place
    chunk = pages[page].chunks[index]
    return Place(page, index, place.line - chunk.lines, place.offset - chunk.size)


def boundaries(pages: Pages, place: Place) -> Iterator[Place]:
    """The places after this one, in order; the last is the end of all, with the number of pages as its page."""
    line, offset = place.line, place.offset
    for number in range(place.page, len(pages)):
        chunks = pages[number].chunks
        for index in range(place.chunk if number == place.page else 0, len(chunks)):
            line += chunks[index].lines
            offset += chunks[index].size
            if index + 1 < len(chunks):
                yield Place(number, index + 1, line, offset)
            else:
                yield Place(number + 1, 0, line, offset)


def splice(
    pages: Pages, start: Place, stop: Place, chunks: Iterable[Chunk], below: Pages | None = None
) -> Pages:
    """The pages with the chunks from `start` up to, but not including, `stop` replaced. `stop` is a place in `below`,
    if that is given, and what follows comes from there."""
    below = pages if below is None else below
    last = stop.page
    middle = [*pages[start.page].chunks[: start.chunk], *chunks]
    if stop.chunk:
        middle += below[last].chunks[stop.chunk :]
        last += 1
    while len(middle) < _PAGE // 2 and last < len(below):
        middle += below[last].chunks
        last += 1
    parts = make_pages(middle) if len(middle) > 2 * _PAGE else (Page(middle),) if middle else ()
    return pages[: start.page] + parts + below[last:]


def all_chunks(pages: Pages) -> Iterator[Chunk]:
    """The chunks of all pages, in order."""
    for page in pages:
        yield from page.chunks
