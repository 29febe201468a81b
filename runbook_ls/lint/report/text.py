"""Findings for people: place, code, message, and the line with a caret under it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from runbook_ls.lint.finding import Finding
from runbook_ls.shell.invisible import escape
from runbook_ls.values import Severity

_COLOURS = {"error": "31", "warning": "33", "info": "36", "hint": "2"}
_WIDTH = 110


def render(findings: Sequence[Finding], *, colour: bool = False) -> str:
    """One block of lines a finding. Control and invisible characters of the source are shown escaped."""
    return "".join(_block(finding, colour) for finding in findings)


def summary(findings: Sequence[Finding], files: int) -> str:
    """`3 errors, 1 warning in 12 files (2 can be fixed with --fix)`."""
    counts = Counter(finding.problem.severity.value for finding in findings)
    words = [severity.value for severity in Severity]
    told = ", ".join(_plural(counts[word], word) for word in words if counts[word] and word != "info")
    infos = counts["info"]
    told = ", ".join(part for part in (told, f"{infos} info" if infos else "") if part) or "nothing found"
    fixable = sum(finding.problem.fix is not None for finding in findings)
    return f"{told} in {_plural(files, 'file')}" + (f" ({fixable} fixable with --fix)" if fixable else "")


def statistics(findings: Sequence[Finding]) -> str:
    """A line a rule: how often, code, the first sentence that was said; the most frequent first."""
    counts = Counter(finding.problem.code for finding in findings)
    first = {finding.problem.code: finding.problem.message for finding in reversed(findings)}
    width = len(str(max(counts.values(), default=0)))
    return "".join(
        f"{number:>{width}}  {code}  {escape(first[code])}\n" for code, number in counts.most_common()
    )


def _plural(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _plain(text: str, _: str) -> str:
    return text


def _block(finding: Finding, colour: bool) -> str:
    problem = finding.problem
    paint = _painted if colour else _plain
    file = paint(escape(finding.file).replace("\n", "\\n"), "1")
    severity = problem.severity.value
    hue = _COLOURS[severity]
    head = f"{paint(severity, hue)} {paint(problem.code, '1')} {escape(problem.message)}\n"
    if problem.span is None:
        return f"{file}: {head}"
    (line, column), (end_line, end_column) = problem.span
    before, marked, after = cut(
        finding.source, column, end_column if end_line == line else len(finding.source)
    )
    said = f"{file}:{line + 1}:{column + 1}: {head}"
    if not (before + marked + after).strip():
        return said
    number = str(line + 1)
    gutter = " " * len(number)
    carets = paint("^" * max(1, _columns(marked)), hue)
    said += f"  {paint(f'{number} |', '2')} {before}{marked}{after}\n"
    said += f"  {paint(f'{gutter} |', '2')} {' ' * _columns(before)}{carets}\n"
    if problem.fix is not None:
        said += f"  {paint(f'{gutter} =', '2')} fix: {escape(problem.fix.title)}\n"
    return said


def cut(source: str, start: int, end: int) -> tuple[str, str, str]:
    """The line as it is shown, in three parts, cut to about `_WIDTH` characters around the middle one."""
    # Of a very long line only what may be shown is looked at: it may have a finding in every place.
    before = source[max(0, start - _WIDTH - 1) : start]
    marked = source[start : min(end, start + _WIDTH + 1)]
    after = source[end : end + _WIDTH + 1]
    near = before + marked + after
    if not (near.isascii() and near.isprintable()):
        before, marked, after = (
            escape(part.replace("\t", "    ").rstrip("\r\n")) for part in (before, marked, after)
        )
    if len(before) + len(marked) + len(after) > _WIDTH:
        marked = marked if len(marked) <= 60 else marked[:59] + "…"
        before = before if len(before) <= 40 else "…" + before[-39:]
        room = _WIDTH - len(before) - len(marked)
        after = after if len(after) <= room else after[: room - 1] + "…"
    return before, marked, after


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
