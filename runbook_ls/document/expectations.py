"""Which block of a runbook says what a cell is to print.

The `output` block under a cell, with only blank lines between; or, as InnovationEngine has it, the next block of any
language where a comment `<!-- expected_similarity=0.8 -->` (or `="a regular expression"`) stands between the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from runbook_ls.document.edits import output_block
from runbook_ls.document.lines import split_lines
from runbook_ls.document.runbook import Cell, Runbook

_COMMENT = re.compile(r"<!--\s*(expected_\w+)\s*=\s*(?:\"(?P<pattern>[^\"]*)\"|(?P<number>[^\s\"]+))\s*-->")


@dataclass(frozen=True, slots=True)
class Expectation:
    """The block that holds the expected output, and how alike (0 to 1) or by which pattern it is compared.

    `fault` says, in one clause, why the comment cannot be understood; "" if it can.
    """

    block: Cell
    similarity: float | None = None
    pattern: str | None = None
    fault: str = ""


def expectation(runbook: Runbook, cell: Cell) -> Expectation | None:
    """What `cell` is to print; None where the runbook does not say."""
    following = runbook.cells[len(runbook.cells_before(cell)) + 1 :]
    if not following:
        return None
    between = "".join(split_lines(runbook.text)[cell.end_line + 1 : following[0].start_line])
    comments = list(_COMMENT.finditer(between))
    if not comments:
        block = output_block(runbook, cell)
        return Expectation(block) if block else None
    return _read(comments[-1], following[0])


def _read(comment: re.Match[str], block: Cell) -> Expectation:
    if comment[1] != "expected_similarity":
        return Expectation(block, fault=f"{comment[1]} is no tag; did you mean expected_similarity")
    if comment["pattern"] is not None:
        return Expectation(block, pattern=comment["pattern"])
    try:
        similarity = float(comment["number"])
    except ValueError:
        similarity = -1.0
    if not 0 <= similarity <= 1:
        return Expectation(block, fault=f"expected_similarity={comment['number']} is no number from 0 to 1")
    return Expectation(block, similarity)


def expected_blocks(runbook: Runbook) -> frozenset[int]:
    """The 0-based first lines of the blocks that say what the runnable cell above them prints: they do not run."""
    found = (expectation(runbook, cell) for cell in runbook.cells if cell.runnable)
    return frozenset(one.block.start_line for one in found if one is not None)
