"""Findings as plain values, for the cache's file and for other processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runbook_ls.lint.finding import Finding
from runbook_ls.values import Fix, Problem, Related, Severity, Span, TextEdit

Row = list[Any]
"""Code, severity, message, span, fix, related places."""


def to_row(finding: Finding) -> Row:
    """A finding without its file and source line."""
    problem = finding.problem
    fix = problem.fix and [
        problem.fix.title,
        [[*_numbers(edit.span), edit.text] for edit in problem.fix.edits],
    ]
    span = problem.span and _numbers(problem.span)
    related = [[*_numbers(other.span), other.message] for other in problem.related]
    return [problem.code, problem.severity.value, problem.message, span, fix, related]


def of_row(file: str, row: Row, source: str) -> Finding:
    """The finding of `file` that a row stands for, at this line of its text. Raises KeyError, TypeError, ValueError
    or IndexError if it stands for none."""
    code, severity, message, span, fix, others = row
    mended = fix and Fix(fix[0], tuple(TextEdit(Span.of(*edit[:4]), edit[4]) for edit in fix[1]))
    related = tuple(Related(Span.of(*other[:4]), other[4]) for other in others) if others else ()
    place = Span.of(*span) if span else None
    return Finding(file, Problem(code, _SEVERITIES[severity], message, place, mended, related), source)


_SEVERITIES = {severity.value: severity for severity in Severity}


def source_of(row: Row, lines: Sequence[str]) -> str:
    """The line in which the finding begins, of all lines of its text."""
    number = row[3][0] if row[3] else 0
    return lines[number] if number < len(lines) else ""


def quotes_secret(rows: Sequence[Row]) -> bool:
    """True if a message or a fix holds what looks like a secret."""
    from runbook_ls.shell import secrets

    told = [row[2] for row in rows]
    told += [edit[4] for row in rows if row[4] for edit in row[4][1]]
    return bool(secrets.find("\n".join(told)))


def _numbers(span: Span) -> list[int]:
    return [span.start.line, span.start.column, span.end.line, span.end.column]
