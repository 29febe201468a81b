"""The formats of a lint report, one a file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import cast

from runbook_ls.lint.finding import Finding

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit")
"""What `--format` takes. Each is a module here with `render(findings) -> str`, loaded when it is asked for."""


def render(findings: Sequence[Finding], form: str) -> str:
    """The findings in one of `FORMATS`."""
    return cast(str, import_module(f"runbook_ls.lint.report.{form}").render(findings))
