"""Findings as GitHub's workflow commands, which annotate the lines of a pull request.

Source: GitHub docs, "Workflow commands for GitHub Actions", setting messages.
"""

from __future__ import annotations

from collections.abc import Sequence

from runbook_ls.lint.catalogue import name_of
from runbook_ls.lint.finding import Finding
from runbook_ls.shell.invisible import escape as visible
from runbook_ls.values import Severity

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
    Severity.HINT: "notice",
}


def render(findings: Sequence[Finding]) -> str:
    """One `::error file=…,line=…::message` a finding."""
    return "".join(f"{_command(finding)}\n" for finding in findings)


def _command(finding: Finding) -> str:
    problem = finding.problem
    properties = {"file": finding.file, "title": f"{problem.code} {name_of(problem.code)}".rstrip()}
    if problem.span is not None:
        start, end = problem.span.start, problem.span.end
        properties |= {"line": str(start.line + 1), "endLine": str(end.line + 1)}
        if start.line == end.line:  # GitHub drops annotations whose columns span lines
            properties |= {"col": str(start.column + 1), "endColumn": str(end.column + 1)}
    told = ",".join(f"{key}={_escape(value, ',:')}" for key, value in properties.items())
    return f"::{_LEVELS[problem.severity]} {told}::{_escape(visible(problem.message))}"


def _escape(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
