"""The anchors that headings get, as GitHub and most readers make them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runbook_ls.document.cell import Heading

_DROPPED = re.compile(r"[^\w\- ]")


def anchor_of(text: str) -> str:
    """The anchor of a heading with this plain text: `Check the disks!` → `check-the-disks`.

    Source: github-slugger (the algorithm GitHub uses): lower case, punctuation dropped, blanks to hyphens.
    """
    return _DROPPED.sub("", text.strip().lower()).replace(" ", "-")


def anchors_of(headings: Iterable[Heading]) -> Iterator[tuple[Heading, str]]:
    """Each heading with its anchor, before duplicates are told apart by `-1`, `-2`."""
    return ((heading, anchor_of(heading.text)) for heading in headings)
