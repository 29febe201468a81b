"""Findings as GitLab's code quality report.

Source: GitLab docs, "Code Quality report format" (a subset of the Code Climate specification).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from runbook_ls.lint.catalogue import name_of
from runbook_ls.lint.finding import Finding, fingerprints
from runbook_ls.values import Severity

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "minor",
    Severity.INFO: "info",
    Severity.HINT: "info",
}


def render(findings: Sequence[Finding]) -> str:
    """A JSON array of issues. Fingerprints do not depend on line numbers, so that old findings stay old."""
    issues = []
    for finding, fingerprint in zip(findings, fingerprints(findings), strict=True):
        problem = finding.problem
        begin = problem.span.start.line + 1 if problem.span else 1
        issues.append(
            {
                "description": problem.message,
                "check_name": f"{problem.code} {name_of(problem.code)}".rstrip(),
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[problem.severity],
                "location": {"path": finding.file.removeprefix("./"), "lines": {"begin": begin}},
            }
        )
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"
