"""A problem of a file, as lint reports it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from runbook_ls.values import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """`file` as the path was given; `source` is the line of the text in which the problem begins."""

    file: str
    problem: Problem
    source: str = ""


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """A name for each finding that stays the same when lines are added or removed elsewhere: 64 hex digits.

    Made of file, code, message and source line; equal ones are numbered in order.
    """
    from hashlib import sha256

    seen: Counter[str] = Counter()
    names: list[str] = []
    for finding in findings:
        problem = finding.problem
        what = f"{finding.file.removeprefix('./')}:{problem.code}:{problem.message}:{finding.source.strip()}"
        seen[what] += 1
        names.append(sha256(f"{what}:{seen[what]}".encode("utf-8", "replace")).hexdigest())
    return names
