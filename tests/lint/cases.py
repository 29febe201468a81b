"""The cases of fixtures/lint: one file a rule, so that anyone can add one without writing Python.

    == A title
    the runbook
    .
    what the rule says about it, one line each; nothing for a negative case
    .
    the runbook with all fixes of this rule applied; left out if it has none
    .

A line of what it says is `line:column-column severity message`, or `line:column-line:column …` if it spans lines.
`\\u{202e}` and `\\r` at the end of a line stand for characters that an editor would not show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from runbook_ls.lint.engine import LintSettings
from runbook_ls.lint.files import lint_text
from runbook_ls.lint.finding import Finding
from runbook_ls.lint.fixes import apply_fixes

FOLDER = Path(__file__).parents[2] / "fixtures" / "lint"


@dataclass(frozen=True)
class Case:
    code: str
    title: str
    text: str
    expected: list[str]
    fixed: str | None


def read_cases(path: Path) -> list[Case]:
    blocks = re.split(r"^== ", path.read_bytes().decode(), flags=re.MULTILINE)
    return [_case(path.stem, block) for block in blocks if block.strip()]


def _case(code: str, block: str) -> Case:
    title, _, rest = block.partition("\n")
    text, expected, *fixed = re.split(r"^\.\n", rest, flags=re.MULTILINE)[:-1]
    return Case(code, title, decode(text), expected.splitlines(), decode(fixed[0]) if fixed else None)


def outcome(code: str, text: str) -> tuple[list[str], str | None]:
    """What the rule says about a text, and the text with its fixes applied (None if it has none)."""
    findings = lint_text(text, str(FOLDER / "runbook.md"), LintSettings(extend=(code,), ignore=("SC",)))
    findings = tuple(finding for finding in findings if finding.problem.code == code)
    problems = [finding.problem for finding in findings]
    fixed = apply_fixes(text, problems).text if any(problem.fix for problem in problems) else None
    return [_line(finding) for finding in findings], fixed


def _line(finding: Finding) -> str:
    problem = finding.problem
    assert problem.span is not None
    start, end = problem.span.start, problem.span.end
    last = f"{end.column + 1}" if end.line == start.line else f"{end.line + 1}:{end.column + 1}"
    return f"{start.line + 1}:{start.column + 1}-{last} {problem.severity.value} {problem.message}"


def decode(text: str) -> str:
    text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"(?<!\\)\\r$", "\r", text, flags=re.MULTILINE)


def encode(text: str) -> str:
    text = re.sub(r"\r$", r"\\r", text, flags=re.MULTILINE).replace("\r", r"\u{d}")
    return re.sub(
        "[\u00a0\u00ad\u0430-\u045f\u200b-\u200f\u202a-\u202e\u2066-\u2069]",
        lambda m: f"\\u{{{ord(m[0]):x}}}",
        text,
    )
