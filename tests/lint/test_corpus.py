"""The promises of lint on real runbooks. They are not part of this project."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from runbook_ls.document import parse
from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.engine import LintSettings, check
from runbook_ls.lint.external import confirm
from runbook_ls.lint.files import find_files, read_runbook
from runbook_ls.lint.fixes import apply_fixes, fix_text

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
    settings = LintSettings(select=("RB101",))
    wrong = []
    for file, runbook in runbooks.items():
        for problem in confirm(runbook, check(runbook, settings=settings)):
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
