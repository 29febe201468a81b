"""The anchors that headings get, as GitHub and most readers make them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from runbook_ls.document.intents import plain_text
from runbook_ls.document.outline import outline_of
from runbook_ls.document.pages import Page
from runbook_ls.document.remembered import Remembered
from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.slug import anchor_of


class Anchor(NamedTuple):
    """A heading's anchor before duplicates are told apart by `-1`, `-2`; the heading's 0-based line and length."""

    name: str
    line: int
    width: int


_names: Remembered[tuple[str, ...]] = Remembered()


def anchors_of(runbook: Runbook) -> Iterator[Anchor]:
    """The anchors of all headings, in order."""
    above = runbook.first_line
    for page in runbook.pages:
        for name, (line, title) in zip(_names_of(page), outline_of(page).titles, strict=True):
            yield Anchor(name, above + line, len(title.markdown) + title.level + 1)
        above += page.lines


def doubled_anchors(runbook: Runbook) -> Iterator[tuple[Anchor, Anchor]]:
    """The anchors that an earlier heading has too, in order, each after the first with its name."""
    names = names_of_anchors(runbook)
    if len(names) == len(set(names)):
        return
    seen: dict[str, Anchor] = {}
    for anchor in anchors_of(runbook):
        first = seen.setdefault(anchor.name, anchor)
        if first is not anchor:
            yield first, anchor


def names_of_anchors(runbook: Runbook) -> list[str]:
    """The names of the anchors of all headings, in order."""
    return [name for page in runbook.pages for name in _names_of(page)]


def _names_of(page: Page) -> tuple[str, ...]:
    return _names.get(page, None, partial(_read_names, page))


def _read_names(page: Page) -> tuple[str, ...]:
    return tuple([_name_of(title.markdown) for _, title in outline_of(page).titles])


def _name_of(markdown: str) -> str:
    """The anchor of a heading. Most are a few words, without markup or anything that anchors leave out."""
    if len(markdown) < 200 and markdown.isascii() and markdown.replace(" ", "").replace("-", "").isalnum():
        return markdown.strip().lower().replace(" ", "-")
    return anchor_of(plain_text(markdown))
