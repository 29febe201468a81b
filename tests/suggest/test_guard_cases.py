"""Every case of fixtures/guard/ has the findings that stand under it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document.lines import apply_edits, split_lines
from runbook_ls.memory.examples import Example
from runbook_ls.suggest import guard
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.values import Problem, Span

FIXTURES = Path(__file__).parents[2] / "fixtures" / "guard"


@dataclass
class Case:
    place: str
    intent: str = ""
    runbook: list[str] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    findings: list[tuple[str, str, str | None]] = field(default_factory=list)


def characters(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def cases() -> Iterator[Case]:
    for path in sorted(FIXTURES.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        case = Case("")
        for number, line in enumerate([*lines, ""], 1):
            if not line.strip():
                if case.command:
                    yield case
                case = Case(f"{path.name}:{number + 1}")
            elif not line.startswith("#"):
                read(case, line)


def read(case: Case, line: str) -> None:
    word, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    if word == "intent":
        case.intent = rest
    elif word == "runbook":
        case.runbook.append(rest)
    elif word == "example":
        intent, _, command = rest.partition(" => ")
        case.examples.append(Example(f"e{len(case.examples)}", intent, command))
    elif word == "$":
        case.command.append(characters(rest))
    elif word != "fine":
        text, arrow, fix = rest.partition(" =>")
        case.findings.append((word, characters(text), characters(fix.strip()) if arrow else None))


CASES = list(cases())


def covered(text: str, span: Span | None) -> str:
    if span is None:
        return ""
    lines = split_lines(text)
    start = sum(map(len, lines[: span.start.line])) + span.start.column
    end = sum(map(len, lines[: span.end.line])) + span.end.column
    return text[start:end]


def findings(case: Case) -> list[Problem]:
    return list(
        guard.check_suggestion(
            Suggestion("\n".join(case.command), "llm", 0.5),
            intent=case.intent,
            document="\n".join(case.runbook),
            examples=case.examples,
            is_program=lambda name: not name.startswith("absent-"),
        )
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.place)
def test_findings(case: Case) -> None:
    text = "\n".join(case.command)
    found = findings(case)
    told = [(problem.code, covered(text, problem.span)) for problem in found]
    wanted = {code: span for code, span, _ in case.findings}
    told = [(code, "?" if wanted.get(code) == "?" else span) for code, span in told]
    assert sorted(told) == sorted((code, span) for code, span, _ in case.findings)
    for code, span, fix in case.findings:
        if fix is not None:
            (problem,) = [p for p in found if (p.code, covered(text, p.span)) == (code, span)]
            assert problem.fix is not None
            assert apply_edits(text, problem.fix.edits) == text.replace(span, fix, 1)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 80
    codes = {code for case in CASES for code, _, _ in case.findings}
    assert codes == {
        "shell-syntax", "placeholder", "placeholder-redirect", "redacted-value", "invisible-character",
        "destructive", "leaked-value", "invented-value", "not-on-path",
    }  # fmt: skip


@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=40))
def test_the_guard_takes_any_text(text: str, intent: str, taught: str) -> None:
    """Never raises; every span lies in the text and every message is one line."""
    examples = [Example("e", intent, taught), Example("f", taught, text)]
    found = guard.check_suggestion(
        Suggestion(text, "llm", 0.5), intent=intent, examples=examples, is_program=lambda _: False
    )
    lines = text.split("\n")
    for problem in found:
        if problem.span is not None:
            assert problem.span.start <= problem.span.end
            assert problem.span.end.line < len(lines) + text.count("\r")
