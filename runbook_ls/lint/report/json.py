"""Findings for programs: the array of DESIGN §11, 1-based lines and columns in characters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from runbook_ls.lint.catalogue import name_of
from runbook_ls.lint.finding import Finding
from runbook_ls.values import Fix, Position, Span

_TOP = Span(Position(0, 0), Position(0, 0))


def render(findings: Sequence[Finding]) -> str:
    """A JSON array of `{file, line, column, end_line, end_column, code, name, severity, message, fix}`.

    `fix` is null or `{title, edits: [{line, column, end_line, end_column, text}]}`. A problem of the whole file
    stands at 1:1.
    """
    return json.dumps([_record(finding) for finding in findings], ensure_ascii=False, indent=2) + "\n"


def _record(finding: Finding) -> dict[str, Any]:
    problem = finding.problem
    return {
        "file": finding.file,
        **_place(problem.span or _TOP),
        "code": problem.code,
        "name": name_of(problem.code),
        "severity": problem.severity.value,
        "message": problem.message,
        "fix": _fix(problem.fix),
    }


def _place(span: Span) -> dict[str, int]:
    return {
        "line": span.start.line + 1,
        "column": span.start.column + 1,
        "end_line": span.end.line + 1,
        "end_column": span.end.column + 1,
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    return {"title": fix.title, "edits": [{**_place(edit.span), "text": edit.text} for edit in fix.edits]}
