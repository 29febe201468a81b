"""Runbook + edits → Runbook, at a cost set by the edit and not by the file.

Parsing starts again at the top-level block before the one that holds the edit's first line: a block's extent
depends on nothing above it, but an edit can join it to the block before. It stops at the first line past the edit
where the old and the new parse both begin a top-level block: from there on they are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from runbook_ls.document.blocks import read_chunks
from runbook_ls.document.front_matter import read_head
from runbook_ls.document.lines import count_line_ends
from runbook_ls.document.pages import Pages, before, boundaries, locate, splice
from runbook_ls.document.parse import parse
from runbook_ls.document.runbook import Runbook
from runbook_ls.values import TextEdit


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
            return Runbook(text, runbook.flavour, head, runbook.pages, runbook.known)
        if text[: head.size] != runbook.text[: runbook.head.size]:
            return parse(text, runbook.flavour)
    pages = _replace_chunks(runbook, first, last, text)
    return Runbook(text, runbook.flavour, head, pages, runbook.known)


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


def _replace_chunks(runbook: Runbook, first: int, last: int, text: str) -> Pages:
    """The pages for `text`, which differs from the runbook's own between the lines `first` and `last` only."""
    pages, skipped = runbook.pages, runbook.head.size
    first, last = max(0, first - runbook.first_line), last - runbook.first_line
    growth = len(text) - len(runbook.text)
    start = before(pages, locate(pages, first))
    following = boundaries(pages, start)
    stop = next(place for place in following if place.line > last or place.page == len(pages))
    old = {stop.line: stop}
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
                return splice(pages, start, old[line], chunks[:index])
            line += chunk.lines
        if stop.page == len(pages):
            return splice(pages, start, stop, chunks)
