"""Text → Runbook. Pure: no I/O, no LSP types.

Importing this package is light: markdown-it loads with the first block that is not plain, YAML with the first
look into what front matter says.
"""

from __future__ import annotations

from runbook_ls.document.parse import parse
from runbook_ls.document.reparse import reparse

__all__ = ["parse", "reparse"]
