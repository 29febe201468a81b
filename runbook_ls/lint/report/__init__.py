"""The formats of a lint report, one a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from runbook_ls.lint.finding import Finding
from runbook_ls.lint.report import github, json, sarif, text

FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "text": text.render,
    "json": json.render,
    "sarif": sarif.render,
    "github": github.render,
}
"""What `--format` takes, and what writes it. `text.render` also takes `colour=True`."""
