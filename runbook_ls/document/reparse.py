"""Runbook + edits → Runbook, at a cost set by the edit and not by the file.

Parsing starts again at the top-level block before the one that holds the edit's first line: a block's extent
depends on nothing above it, but an edit can join it to the block before. It stops at the first line past the edit
where the old and the new parse both begin a top-level block: from there on they are the same. An edit that changes
what everything below means, as an opened fence does, leaves the former parse at hand: one that takes it back, or does
the same elsewhere, stops where it meets that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from runbook_ls.document.chunks import read_chunks
from runbook_ls.document.front_matter import Head, read_head
from runbook_ls.document.lines import count_line_ends
from runbook_ls.document.pages import Place, before, boundaries, locate, splice
from runbook_ls.document.parse import parse
from runbook_ls.document.runbook import Former, Runbook
from runbook_ls.values import TextEdit

_MUCH = 10_000  # code points that an edit gave another meaning: what they were is worth keeping


def reparse(runbook: Runbook, edits: Sequence[TextEdit], text: str) -> Runbook:
    """What `parse(text)` gives, where `edits` led from `runbook.text` to `text`.

    The edits are in the order they were made, each in the coordinates of the text that the one before left, as
    LSP's didChange has them. Cells that did not change keep their `code` object.
    """
    if not edits and text == runbook.text:
        return runbook
    if not edits or not runbook.pages:
        return parse(text, runbook.flavour)
    first, last = _touched_lines(edits)
    head = runbook.head
    if head.lines is None or first <= head.lines:
        head = read_head(text)
        if (
            head.front_matter
            and text[head.size :] == runbook.text[runbook.head.size :]
            and runbook.front_matter
        ):
            return Runbook(text, runbook.flavour, head, runbook.pages, runbook.known, runbook.former)
        if text[: head.size] != runbook.text[: runbook.head.size]:
            return parse(text, runbook.flavour)
    return _replace_chunks(runbook, first, last, text, head)


def _touched_lines(edits: Sequence[TextEdit]) -> tuple[int, int]:
    """The first and last line, in the coordinates of the text before all edits, that they touch."""
    first = edits[0].span.start.line
    last = now = edits[0].span.end.line  # the last touched line before the edits, and where it is now
    for edit in edits:
        start, end = edit.span.start.line, edit.span.end.line
        first = min(first, start)
        if end > now:
            last, now = last + end - now, end
        now += start + count_line_ends(edit.text) - end
    # An edit between "\r" and "\n" counts one line more or less at each of its ends.
    return first, last + 2 * len(edits)


def _replace_chunks(runbook: Runbook, first: int, last: int, text: str, head: Head) -> Runbook:
    """The runbook of `text`, which differs from this one's between the lines `first` and `last` only."""
    pages, skipped = runbook.pages, runbook.head.size
    first, last = max(0, first - runbook.first_line), last - runbook.first_line
    growth = len(text) - len(runbook.text)
    start = before(pages, locate(pages, first))
    following = boundaries(pages, start)
    stop = next(place for place in following if place.line > last or place.page == len(pages))
    old = {stop.line: stop}
    this = Former(pages, runbook.known, len(runbook.text) - skipped - stop.offset)
    former = runbook.former and runbook.former._replace(tail=min(runbook.former.tail, this.tail))
    earlier: dict[int, Place] | None = None
    more = 1
    while True:
        for stop in islice(following, more):
            old[stop.line] = stop
        more *= 2
        window = text[skipped + start.offset : skipped + stop.offset + growth]
        chunks = read_chunks(window, runbook.flavour, at_start=not skipped and not start.offset)
        line = stop.line - sum(chunk.lines for chunk in chunks)
        for index, chunk in enumerate(chunks):
            # A block that begins before the window's end begins there in the whole text too.
            if index and line in old:
                spliced = splice(pages, start, old[line], chunks[:index])
                kept = this if old[line].offset - start.offset > _MUCH else former
                return Runbook(text, runbook.flavour, head, spliced, runbook.known, kept)
            line += chunk.lines
        if former is not None:
            earlier = _by_tail(former) if earlier is None else earlier
            left = len(text) - skipped - start.offset
            for index, chunk in enumerate(chunks):
                if index and left in earlier:
                    spliced = splice(pages, start, earlier[left], chunks[:index], former.pages)
                    known = {**former.known, **runbook.known}
                    return Runbook(text, runbook.flavour, head, spliced, known, this)
                left -= chunk.size
        if stop.page == len(pages):
            spliced = splice(pages, start, stop, chunks)
            kept = this if stop.offset - start.offset > _MUCH else former
            return Runbook(text, runbook.flavour, head, spliced, runbook.known, kept)


def _by_tail(former: Former) -> dict[int, Place]:
    """Where the blocks of a former version begin, by the code points from there to its end, as far as they are still
    what the text ends with."""
    size = sum(page.size for page in former.pages)
    places = boundaries(former.pages, Place(0, 0, 0, 0))
    return {size - place.offset: place for place in places if size - place.offset <= former.tail}
