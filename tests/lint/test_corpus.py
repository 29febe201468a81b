"""The promises of lint on real runbooks. They are not part of this project."""

from __future__ import annotations

import shutil
import subprocess
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runbook_ls.document import parse
from runbook_ls.document.lines import split_lines, without_ending
from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.engine import LintSettings, check
from runbook_ls.lint.external import confirm
from runbook_ls.lint.files import find_files, read_runbook
from runbook_ls.lint.fixes import apply_fixes, fix_text
from runbook_ls.values import Problem

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus is not at {CORPUS}")


@pytest.fixture(scope="module")
def runbooks() -> dict[str, Runbook]:
    return {file: parse(read_runbook(file)) for file in find_files([str(CORPUS)])[0]}


def commands(runbook: Runbook) -> list[list[str]]:
    """What each runnable cell runs, blank lines and comments apart."""
    return [
        [line for line in cell.script.split("\n") if line.strip() and not line.lstrip().startswith("#")]
        for cell in runbook.cells
        if cell.runnable
    ]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_no_valid_bash_is_called_a_syntax_error(runbooks: dict[str, Runbook]):
    only = LintSettings(select=("RB101",))
    wrong = []
    for file, runbook in runbooks.items():
        for problem in confirm(runbook, check(runbook, settings=only)):
            cell = runbook.cell_at(problem.span.start.line)
            done = subprocess.run(["bash", "-n"], input=cell.script.encode(), capture_output=True)
            if done.returncode == 0 and b"here-document" not in done.stderr:
                wrong.append((file, problem))
    assert wrong == []


def test_fixes_leave_nothing_to_fix_and_every_cell_runs_the_same(runbooks: dict[str, Runbook]):
    for file, runbook in runbooks.items():
        fixed = parse(fix_text(runbook.text, LintSettings()).text)
        assert not [p for p in check(fixed, settings=LintSettings()) if p.fix], file
        if any(problem.code in ("RB001", "RB002") for problem in runbook.problems):
            continue  # closing a fence takes prose out of a cell
        assert commands(fixed) == commands(runbook), file


def test_text_outside_the_fixes_is_untouched(runbooks: dict[str, Runbook]):
    for file, runbook in runbooks.items():
        fixed = apply_fixes(runbook.text, check(runbook, settings=LintSettings()))
        edits = {edit for problem in fixed.applied for edit in (problem.fix.edits if problem.fix else ())}
        touched = {line for edit in edits for line in range(edit.span.start.line, edit.span.end.line + 1)}
        kept = [line for number, line in enumerate(runbook.text.split("\n")) if number not in touched]
        position = 0
        for line in kept:
            position = fixed.text.find(line, position)
            assert position >= 0, (file, line)
            position += len(line)


FILES = find_files([str(CORPUS)])[0] if CORPUS.is_dir() else ("",)
# What authors do wrong, to be put at the beginning or the end of any line.
SLIPS = (
    "$ ",
    "“x” ",
    " –l",
    "\u00a0",
    " \u200b",
    "\r",
    "```bsah\nls\n```\n",
    "```\n",
    '```sh {name="a b", cwd=/}\n',
)


def offsets(text: str, problems: tuple[Problem, ...]) -> list[tuple[int, int, str]]:
    """Where the edits of the fixes begin and end in the text, and what they put there."""
    starts = [0, *accumulate(len(line) for line in split_lines(text))]
    edits = {edit for problem in problems for edit in (problem.fix.edits if problem.fix else ())}
    return sorted(
        (starts[e.span.start.line] + e.span.start.column, starts[e.span.end.line] + e.span.end.column, e.text)
        for e in edits
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(FILES), st.randoms(use_true_random=False))
def test_any_choice_of_fixes_changes_what_it_says_and_nothing_else(file: str, random: Random):
    text = read_runbook(file)
    found = [problem for problem in check(parse(text), settings=LintSettings()) if problem.fix]
    chosen = [problem for problem in found if random.random() < 0.6]
    fixed = apply_fixes(text, chosen)
    edits = offsets(text, fixed.applied)
    assert all(one[1] <= other[0] for one, other in pairwise(edits))
    expected, position = "", 0
    for start, end, new in edits:
        expected += text[position:start] + new
        position = end
    assert fixed.text == expected + text[position:]
    if not {problem.code for problem in fixed.applied} & ANOTHER_COMMAND:
        assert commands(parse(fixed.text)) == commands(parse(text))


# Closing a fence takes prose out of a cell; a language that was misspelt (`output$`) says anew what runs; a character
# that no shell reads as it was meant becomes one that it does.
ANOTHER_COMMAND = {"RB001", "RB002", "RB004", "RB106", "RB107"}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.sampled_from(SLIPS)), min_size=1, max_size=4),
)
def test_whatever_slips_in_fixing_ends_and_every_cell_runs_the_same(
    file: str, slips: list[tuple[float, bool, str]]
):
    lines = split_lines(read_runbook(file))
    for where, at_end, slip in slips:
        number = min(int(where * len(lines)), len(lines) - 1)
        bare = without_ending(lines[number])
        ending = lines[number][len(bare) :]
        lines[number] = f"{bare}{slip}{ending}" if at_end else f"{slip}{lines[number]}"
    text = "".join(lines)
    fixed = fix_text(text, LintSettings())
    assert not [p for p in check(parse(fixed.text), settings=LintSettings()) if p.fix]
    assert fix_text(fixed.text, LintSettings()).text == fixed.text
    if not {problem.code for problem in fixed.applied} & ANOTHER_COMMAND:
        assert commands(parse(fixed.text)) == commands(parse(text))
