"""Checked runbooks: does a cell print what its runbook says, and writing what it printed back into the runbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runbook_ls.document.edits import replace_body
from runbook_ls.document.expectations import expectation
from runbook_ls.document.lines import apply_edits
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.execute import expected
from runbook_ls.execute.expected import Comparison, Expected
from runbook_ls.execute.output import without_colours
from runbook_ls.files import replace_file
from runbook_ls.shell.secrets import is_redacted
from runbook_ls.values import RunbookError, TextEdit
from runbook_ls.workbench.run import Performed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says about one cell. `line` is the 0-based line of the block with its expected output, None where
    the runbook does not say what it prints; then the exit code alone decides."""

    passed: bool
    why: str = ""
    diff: str = ""
    line: int | None = None


def judge(runbook: Runbook, cell: Cell, done: Performed) -> Verdict:
    """Compare what a cell printed on stdout, and its exit code, with what `runbook` says of it.

    Raises RunbookError if what it says cannot be understood.
    """
    wanted = _expected(runbook, cell)
    line = wanted[0].start_line if wanted else None
    code = done.run.exit_code
    if code != 0:
        ended = "it did not finish" if code is None else f"exit {code}"
        return Verdict(False, ended, line=line)
    if wanted is None:
        return Verdict(True)
    if done.execution.truncated:
        return Verdict(False, "it printed more than can be compared", line=line)
    found = _compare(wanted[1], done)
    return Verdict(found.agrees, found.why, done.hide(found.diff), line)


def update(runbook: Runbook, cell: Cell, done: Performed) -> tuple[TextEdit, ...]:
    """The edits of `runbook` that make the expected output of `cell` what it printed, secrets redacted. None where the
    two agree, where nothing is expected, or where the cell failed or printed more than is kept."""
    wanted = _expected(runbook, cell)
    if wanted is None or done.run.exit_code != 0 or done.execution.truncated:
        return ()
    block, text = wanted
    if _compare(text, done).agrees:
        return ()
    printed = done.hide(without_colours(done.execution.stdout))
    return replace_body(runbook, block, expected.updated(text, printed))


def _compare(text: Expected, done: Performed) -> Comparison:
    """With what was printed; or, where an update wrote a redacted output, with that."""
    found = expected.compare(text, done.execution.stdout)
    if not found.agrees and is_redacted(text.text):
        redacted = expected.compare(text, done.hide(done.execution.stdout))
        return redacted if redacted.agrees else found
    return found


def _expected(runbook: Runbook, cell: Cell) -> tuple[Cell, Expected] | None:
    found = expectation(runbook, cell)
    if found is None:
        return None
    if found.fault:
        raise RunbookError(
            f"the output expected of cell {cell.name} (line {found.block.start_line + 1}): {found.fault}."
        )
    return found.block, Expected(found.block.body, found.similarity, found.pattern)


def write(file: Path, before: str, edits: Mapping[int, tuple[TextEdit, ...]]) -> bool:
    """Apply the edits, by the line of their cell, to `file`, which must still hold the text `before`; False if there
    are none. The file is replaced at once, with the same mode; a link stays a link.

    Raises RunbookError if the file has changed or cannot be written.
    """
    flat = [edit for line in sorted(edits) for edit in edits[line]]
    if not flat:
        return False
    try:
        if file.read_bytes() != before.encode():
            raise RunbookError(f"{file} was changed while its cells ran; nothing was updated. Run it again.")
        replace_file(file, apply_edits(before, flat).encode())
    except OSError as error:
        raise RunbookError(f"{file} cannot be updated: {error.strerror}.") from error
    return True
