"""Findings as JUnit XML, which most CI systems show: a suite a file, a failed case a finding.

Source: the schema of Jenkins' xUnit plugin (junit-10.xsd).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from runbook_ls.lint.catalogue import name_of
from runbook_ls.lint.finding import Finding
from runbook_ls.lint.report.text import cut
from runbook_ls.shell.invisible import escape as visible


def render(findings: Sequence[Finding]) -> str:
    """XML text. A run without findings is one suite with one passed case, which some readers insist on."""
    suites = [
        _suite(file, list(group)) for file, group in groupby(findings, key=lambda finding: finding.file)
    ]
    if not suites:
        suites = [
            '  <testsuite name="runbook-ls" tests="1" failures="0">\n    <testcase name="lint"/>\n  </testsuite>\n'
        ]
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="runbook-ls">\n{"".join(suites)}</testsuites>\n'


def _suite(file: str, findings: Sequence[Finding]) -> str:
    cases = "".join(_case(finding) for finding in findings)
    head = f'name={quoteattr(visible(file))} tests="{len(findings)}" failures="{len(findings)}"'
    return f"  <testsuite {head}>\n{cases}  </testsuite>\n"


def _case(finding: Finding) -> str:
    problem = finding.problem
    line, column = (problem.span.start.line + 1, problem.span.start.column + 1) if problem.span else (1, 1)
    source = "".join(cut(finding.source, column - 1, column))  # thousands of findings may be in one long line
    name = quoteattr(f"{problem.code} {name_of(problem.code)} at {line}:{column}")
    message = visible(problem.message)
    text = escape(visible(f"{finding.file}:{line}:{column}: {problem.message}\n") + source)
    return (
        f"    <testcase name={name} classname={quoteattr(visible(finding.file))}>\n"
        f"      <failure type={quoteattr(problem.severity.value)} message={quoteattr(message)}>{text}</failure>\n"
        f"    </testcase>\n"
    )
