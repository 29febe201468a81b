"""The name under which a link finds a heading."""

from __future__ import annotations

import re


def anchor_of(text: str) -> str:
    """The anchor of a heading with this plain text: `Check the disks!` → `check-the-disks`.

    Source: github-slugger (the algorithm GitHub uses): lower case, punctuation dropped, blanks to hyphens.
    """
    return _DROPPED.sub("", text.strip().lower()).replace(" ", "-")


_DROPPED = re.compile(r"[^\w\- ]")
