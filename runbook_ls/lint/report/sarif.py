"""Findings as SARIF 2.1.0, for code scanning. Source: OASIS, Static Analysis Results Interchange Format 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import runbook_ls
from runbook_ls.lint.catalogue import DOCUMENTATION, page_of, rule_of
from runbook_ls.lint.finding import Finding, fingerprints
from runbook_ls.values import Severity, Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note", Severity.HINT: "note"}


def render(findings: Sequence[Finding]) -> str:
    """One run with the rules that were broken and a result a finding; columns count code points."""
    codes = sorted({finding.problem.code for finding in findings})
    run = {
        "tool": {
            "driver": {
                "name": "runbook-ls",
                "version": runbook_ls.__version__,
                "informationUri": DOCUMENTATION,
                "rules": [_rule(code) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, codes, name)
            for finding, name in zip(findings, fingerprints(findings), strict=True)
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(code: str) -> dict[str, Any]:
    rule = rule_of(code)
    page = page_of(code)
    identity = {"id": code, "helpUri": page} if page else {"id": code}
    if rule is None:
        return identity
    return identity | {
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary} {rule.why}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, codes: list[str], fingerprint: str) -> dict[str, Any]:
    problem = finding.problem
    artifact = {"uri": quote(PurePath(finding.file).as_posix())}
    location: dict[str, Any] = {"artifactLocation": artifact}
    if problem.span is not None:
        location["region"] = _region(problem.span)
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": _LEVELS[problem.severity],
        "message": {"text": problem.message},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"runbookLs/v1": fingerprint},
    }
    if problem.related:
        result["relatedLocations"] = [
            {
                "physicalLocation": {"artifactLocation": artifact, "region": _region(other.span)},
                "message": {"text": other.message},
            }
            for other in problem.related
        ]
    if problem.fix is not None:
        changes = [
            {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
            for edit in problem.fix.edits
        ]
        change = {"artifactLocation": artifact, "replacements": changes}
        result["fixes"] = [{"description": {"text": problem.fix.title}, "artifactChanges": [change]}]
    return result


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start.line + 1,
        "startColumn": span.start.column + 1,
        "endLine": span.end.line + 1,
        "endColumn": span.end.column + 1,
    }
