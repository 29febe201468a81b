"""Text → Runbook."""

from __future__ import annotations

from runbook_ls.document.chunks import read_chunks
from runbook_ls.document.flavour import Flavour
from runbook_ls.document.front_matter import read_head
from runbook_ls.document.pages import make_pages
from runbook_ls.document.runbook import Runbook


def parse(text: str, flavour: Flavour = "auto") -> Runbook:
    """The runbook that `text`, one markdown file, is. Never raises: what is wrong is in its `problems`."""
    head = read_head(text)
    chunks = read_chunks(text[head.size :], flavour, at_start=not head.size)
    return Runbook(text, flavour, head, make_pages(chunks))
