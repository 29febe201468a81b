"""Applying fixes to a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runbook_ls.document import parse
from runbook_ls.document.lines import apply_edits, split_lines
from runbook_ls.lint import engine
from runbook_ls.lint.engine import LintSettings
from runbook_ls.values import Problem, Span, TextEdit


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text after its fixes, and the problems whose fixes were applied."""

    text: str
    applied: tuple[Problem, ...]


def apply_fixes(text: str, problems: Iterable[Problem]) -> Fixed:
    """Apply the fixes of the problems of `text` that can be applied together."""
    edits, applied = choose_fixes(problems)
    return Fixed(apply_edits(text, edits), applied)


def choose_fixes(problems: Iterable[Problem]) -> tuple[tuple[TextEdit, ...], tuple[Problem, ...]]:
    """The edits that can be applied together, first come first served, and the problems that they mend.

    A fix that overlaps one already taken is left out as a whole; the same fix of several problems is applied once.
    """
    taken: list[TextEdit] = []
    applied: list[Problem] = []
    for problem in problems:
        if problem.fix is None or not problem.fix.edits:
            continue
        new = [edit for edit in problem.fix.edits if edit not in taken]
        if any(_overlap(edit.span, other.span) for edit in new for other in taken):
            continue
        taken += new
        applied.append(problem)
    return tuple(taken), tuple(applied)


def _overlap(one: Span, other: Span) -> bool:
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def fix_text(text: str, settings: LintSettings) -> Fixed:
    """Apply the fixes of the enabled rules until none is left; what one fix uncovers, the next round mends."""
    applied: list[Problem] = []
    for _ in range(_ROUNDS):
        fixed = apply_fixes(text, engine.check(parse(text), settings=settings))
        if not fixed.applied:
            break
        text = fixed.text
        applied += fixed.applied
    return Fixed(text, tuple(applied))


_ROUNDS = 10


def diff(file: str, before: str, after: str) -> str:
    """What changed, as a unified diff; "" if nothing did."""
    from difflib import unified_diff

    lines = unified_diff(split_lines(before), split_lines(after), f"a/{file}", f"b/{file}")
    return "".join(
        line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
