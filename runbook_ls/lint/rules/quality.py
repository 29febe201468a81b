"""RB4: what makes a runbook a good one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook_ls.document.lines import count_line_ends
from runbook_ls.document.outline import outline_of
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.commands import Commands, commands_to_run
from runbook_ls.lint.prose import without_code
from runbook_ls.lint.rule import Mark, Rule, Spot
from runbook_ls.values import Fix, Severity, Span, TextEdit


def missing_intent(runbook: Runbook) -> Iterator[Spot]:
    """RB401."""
    for cell in runbook.cells if _may_begin_with_code(runbook) else ():
        if cell.heading_path:
            return  # all that follow have one too
        if cell.lead or not cell.runnable or cell.is_empty or cell.kind != "fence":
            continue
        if not cell.intent:
            span = Span.of(cell.start_line, cell.column, cell.start_line, cell.column + len(cell.fence))
            yield Spot(span, "Nothing says what this cell is for, so it cannot be suggested again.")


def _may_begin_with_code(runbook: Runbook) -> bool:
    """False if no cell stands above all headings; told without the cells, which few other rules ask for."""
    for page in runbook.pages:
        outline = outline_of(page)
        if outline.code:
            return not outline.titles or outline.code[0][0] <= outline.titles[0][0]
        if outline.titles:
            return False
    return False


def image_without_text(markdown: str) -> Iterator[Mark]:
    """RB403."""
    for match in re.finditer(_IMAGE_WITHOUT_TEXT, without_code(markdown)):
        yield Mark(*match.span(), "This image has no text: who cannot see it misses the step.")


def unfinished_step(markdown: str) -> Iterator[Mark]:
    """RB404."""
    for match in re.finditer(_TODO, without_code(markdown)):
        yield Mark(*match.span(), f"{match[0]} is left in this step.")


def unfinished_cell(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB404, in comments."""
    for match in re.finditer(_TODO, commands.text):
        if commands.quoting_at(match.start()) == "comment":
            yield Spot(commands.place(cell, *match.span()), f"{match[0]} is left in this step.")


def misspelt_expectation(runbook: Runbook) -> Iterator[Spot]:
    """RB405."""
    text = runbook.text
    for match in re.finditer(_EXPECTATION, text) if "<!--" in text else ():
        number = count_line_ends(text[: match.start()])
        if match[1] == "expected_similarity" or runbook.cell_at(number):
            continue
        column = (
            match.start(1) - max(text.rfind("\n", 0, match.start(1)), text.rfind("\r", 0, match.start(1))) - 1
        )
        span = Span.of(number, column, number, column + len(match[1]))
        message = f"`{match[1]}` is no tag that anybody checks; the tag is `expected_similarity`."
        fix = Fix("Write expected_similarity", (TextEdit(span, "expected_similarity"),))
        yield Spot(span, message, fix)


def unverified_change(runbook: Runbook) -> Iterator[Spot]:
    """RB406."""
    from runbook_ls.shell.risk import Risk, assess

    last: Spot | None = None
    for cell in runbook.cells:
        commands = commands_to_run(cell)
        if commands is None:
            continue
        risk = assess(commands.meant).risk
        if risk is Risk.READ_ONLY:
            last = None
        elif risk in (Risk.CHANGING, Risk.DESTRUCTIVE):
            span = Span.of(cell.start_line, cell.column, cell.start_line, cell.column + len(cell.fence))
            last = Spot(span, "No cell after this one checks what it changed.")
    if last is not None:
        yield last


def no_owner(runbook: Runbook) -> Iterator[Spot]:
    """RB407."""
    if not any(cell.runnable for cell in runbook.cells):
        return
    data = {str(key).lower() for key in (runbook.front_matter.data if runbook.front_matter else ())}
    top = Span.of(0, 0, 0, 0)
    if not data & _OWNERS:
        yield Spot(top, "The front matter names no owner.")
    if not data & _REVIEWS:
        yield Spot(top, "The front matter does not say when this was last reviewed.")


_OWNERS = frozenset({"owner", "owners", "author", "authors", "team", "maintainer", "maintainers"})
_REVIEWS = frozenset({"last-reviewed", "last_reviewed", "reviewed", "ms.date", "date", "updated", "lastmod"})
_IMAGE_WITHOUT_TEXT = r"!\[\s*\]\([^)\n]*\)"
_UNFINISHED = ("TODO", "FIXME", "TBD")
_TODO = rf"\b(?:{'|'.join(_UNFINISHED)})\b"
_EXPECTATION = r"<!--[ \t]*(expect\w*[-_]?\w*)\s*="


RULES = (
    Rule(
        code="RB401",
        name="missing-intent",
        severity=Severity.INFO,
        summary="No prose and no heading says what a cell is for.",
        why="A reader has to read the command to know, and nothing can be learned from running it.",
        bad="```sh\ndf -h\n```\n",
        good="Show the free space of all disks:\n\n```sh\ndf -h\n```\n",
        runbook=missing_intent,
    ),
    Rule(
        code="RB403",
        name="image-without-text",
        severity=Severity.INFO,
        summary="An image has no alternative text.",
        why="In a terminal, in an editor or for who cannot see it, the step is empty.",
        bad="![](dashboard.png)\n",
        good="![The dashboard shows no errors](dashboard.png)\n",
        prose=image_without_text,
        needs=("![",),
    ),
    Rule(
        code="RB404",
        name="unfinished-step",
        severity=Severity.WARNING,
        summary="TODO, FIXME or TBD is left in a step.",
        why="Whoever needs the step finds out at the worst time that it is missing.",
        bad="## Mitigation\n\nTODO\n",
        good="## Mitigation\n\nRestart the pod.\n",
        shell=unfinished_cell,
        prose=unfinished_step,
        needs=_UNFINISHED,
    ),
    Rule(
        code="RB405",
        name="misspelt-expectation",
        severity=Severity.WARNING,
        summary="The tag of an expected output is misspelt.",
        why="Tools ignore a tag they do not know, so the output is never compared.",
        bad="<!-- expected_results=1.0 -->\n\n```output\nok\n```\n",
        good="<!-- expected_similarity=1.0 -->\n\n```output\nok\n```\n",
        runbook=misspelt_expectation,
    ),
    Rule(
        code="RB406",
        name="unverified-change",
        severity=Severity.INFO,
        summary="The last change of a runbook is not verified by a read-only cell.",
        why="A step is done when somebody has seen that it worked.",
        bad="Restart it:\n\n```sh\nkubectl rollout restart deployment/web\n```\n",
        good="Restart it:\n\n```sh\nkubectl rollout restart deployment/web\n```\n\nAll pods run again:\n\n"
        "```sh\nkubectl get pods\n```\n",
        runbook=unverified_change,
        default=False,
    ),
    Rule(
        code="RB407",
        name="no-owner",
        severity=Severity.INFO,
        summary="The front matter names no owner or no date of the last review.",
        why="Nobody can be asked, and nobody knows whether it still holds.",
        bad="# Restart\n\n```sh\nuptime\n```\n",
        good="---\nowner: storage\nlast-reviewed: 2026-01-01\n---\n\n# Restart\n\n```sh\nuptime\n```\n",
        runbook=no_owner,
        default=False,
    ),
)
