"""Problems that a runbook's author has said to ignore.

In markdown: `<!-- runbook-ls: ignore RB104 RB105 -->` on a line of its own holds for what follows (the next line,
the whole next cell), elsewhere for its own line; `ignore-next-line`, `ignore-cell` and `ignore-file` say it in so
many words; MDX has `{/* … */}` for its comments. In a cell: `# runbook-ls: ignore RB104` at the end of a line, or above one. Without codes, all rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from runbook_ls.document.lines import split_lines
from runbook_ls.document.runbook import Runbook
from runbook_ls.values import Fix, Problem, Severity, Span, TextEdit

UNUSED = "RB012"


class Ignore(NamedTuple):
    """One comment: its place, the words after it (codes, families or names; none for all), the lines it covers."""

    span: Span
    words: tuple[str, ...]
    first: int
    last: int

    def covers(self, problem: Problem, name: str) -> bool:
        """True if it silences this problem of the rule called `name`."""
        line = problem.span.start.line if problem.span else 0
        end = problem.span.end.line if problem.span else 0
        named = not self.words or any(
            problem.code.startswith(word.upper()) or word == name for word in self.words
        )
        return named and line <= self.last and end >= self.first


def read_ignores(runbook: Runbook) -> tuple[Ignore, ...]:
    """The comments of a runbook that silence rules, in order."""
    if "runbook-ls:" not in runbook.text:
        return ()
    return tuple(_read(runbook, split_lines(runbook.text)))


_COMMENT = (
    r"(?:(?:<!--|\{/\*)\s*runbook-ls:\s*(?P<form>ignore(?:-next-line|-cell|-file)?)\b(?P<words>[\w\s,-]*?)(?:-->|\*/\})"
    r"|#\s*runbook-ls:\s*(?P<hash>ignore)\b(?P<codes>[\w ,-]*))"
)


# A comment holds for what follows the other comments below it too.
_NOTHING_TO_IGNORE = re.compile(rf"[\s>]*|[ \t>*+-]*(?:{_COMMENT})\s*")


def _read(runbook: Runbook, lines: Sequence[str]) -> Iterator[Ignore]:
    for number, line in enumerate(lines):
        for match in re.finditer(_COMMENT, line):
            cell = runbook.cell_at(number)
            if (cell is None) == (match["form"] is None):
                continue  # a markdown comment in a cell is text, and so is a shell comment in prose
            words = tuple(re.split(r"[\s,]+", (match["words"] or match["codes"] or "").strip()))
            alone = line.strip().lstrip(" \t>*+-") == match[0].strip()
            first, last = _lines_covered(runbook, lines, number, match["form"] or "ignore", alone)
            span = Span.of(number, match.start(), number, len(match[0].rstrip()) + match.start())
            yield Ignore(span, tuple(word for word in words if word), first, last)


def _lines_covered(
    runbook: Runbook, lines: Sequence[str], number: int, form: str, alone: bool
) -> tuple[int, int]:
    if form == "ignore-file":
        return 0, len(lines)
    if form == "ignore-cell":
        following = next((cell for cell in runbook.cells if cell.start_line > number), None)
        return (following.start_line, following.end_line) if following else (number, number)
    if form == "ignore" and not alone:
        return number, number
    following_line = number + 1
    while following_line < len(lines) and _NOTHING_TO_IGNORE.fullmatch(lines[following_line]):
        following_line += 1
    cell = runbook.cell_at(following_line)
    if cell is not None and cell.start_line == following_line and form == "ignore":
        return cell.start_line, cell.end_line
    return number, following_line


def without_ignored(
    problems: Sequence[Problem], ignores: Sequence[Ignore], names: dict[str, str]
) -> tuple[list[Problem], list[Ignore]]:
    """The problems that are left, and the comments that silenced nothing. `names` has each code's rule name."""
    used: set[Ignore] = set()
    left: list[Problem] = []
    for problem in problems:
        silencing = [ignore for ignore in ignores if ignore.covers(problem, names.get(problem.code, ""))]
        used.update(silencing)
        if not silencing:
            left.append(problem)
    return left, [ignore for ignore in ignores if ignore not in used]


def unused(ignore: Ignore) -> Problem:
    """RB012 and its fix: remove the comment."""
    what = ", ".join(ignore.words) or "anything"
    fix = Fix("Remove the comment", (TextEdit(ignore.span, ""),))
    return Problem(
        UNUSED, Severity.WARNING, f"Nothing here breaks {what}: this comment is not needed.", ignore.span, fix
    )
