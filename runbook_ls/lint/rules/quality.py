"""RB4: what makes a runbook a good one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook_ls.document.lines import split_lines
from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.anchors import anchors_of
from runbook_ls.lint.commands import commands_to_run
from runbook_ls.lint.prose import passages, span_of, without_code
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.values import Fix, Severity, Span, TextEdit


def missing_intent(runbook: Runbook) -> Iterator[Spot]:
    """RB401."""
    for cell in runbook.cells:
        if cell.runnable and not cell.is_empty and cell.kind == "fence" and not cell.intent:
            span = Span.of(cell.start_line, cell.column, cell.start_line, cell.column + len(cell.fence))
            yield Spot(span, "Nothing says what this cell is for, so it cannot be suggested again.")


def broken_anchor(runbook: Runbook) -> Iterator[Spot]:
    """RB402."""
    if "](#" not in runbook.text:
        return
    known = _anchors(runbook)
    # `#tab/…` opens a tab of Microsoft Learn.
    for passage in passages(runbook):
        for match in _ANCHOR_LINK.finditer(without_code(passage.markdown)):
            anchor = match[1].lower()
            if anchor not in known and anchor != "top" and not anchor.startswith("tab/"):
                yield Spot(
                    span_of(runbook, passage, match), f"No heading of this file has the anchor #{match[1]}."
                )


def image_without_text(runbook: Runbook) -> Iterator[Spot]:
    """RB403."""
    for passage in passages(runbook) if "![" in runbook.text else ():
        for match in _IMAGE_WITHOUT_TEXT.finditer(without_code(passage.markdown)):
            yield Spot(
                span_of(runbook, passage, match), "This image has no text: who cannot see it misses the step."
            )


def unfinished_step(runbook: Runbook) -> Iterator[Spot]:
    """RB404."""
    if not _TODO.search(runbook.text):
        return
    for passage in passages(runbook):
        for match in _TODO.finditer(without_code(passage.markdown)):
            yield Spot(span_of(runbook, passage, match), f"{match[0]} is left in this step.")
    for cell in runbook.cells:
        commands = commands_to_run(cell.code) if _TODO.search(cell.body) else None
        for match in _TODO.finditer(commands.text) if commands else ():
            if commands and commands.quoting_at(match.start()) == "comment":
                span = cell.source_span(commands.span(*match.span()))
                yield Spot(span, f"{match[0]} is left in this step.")


def misspelt_expectation(runbook: Runbook) -> Iterator[Spot]:
    """RB405."""
    if "expected" not in runbook.text:
        return
    for number, line in enumerate(split_lines(runbook.text)):
        for match in _EXPECTATION.finditer(line):
            if match[1] == "expected_similarity" or runbook.cell_at(number):
                continue
            span = Span.of(number, match.start(1), number, match.end(1))
            message = f"`{match[1]}` is no tag that anybody checks; the tag is `expected_similarity`."
            fix = Fix("Write expected_similarity", (TextEdit(span, "expected_similarity"),))
            yield Spot(span, message, fix)


def unverified_change(runbook: Runbook) -> Iterator[Spot]:
    """RB406."""
    from runbook_ls.shell.risk import Risk, assess

    last: Spot | None = None
    for cell in runbook.cells:
        commands = commands_to_run(cell.code)
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
_ANCHOR_LINK = re.compile(r"(?<!\\)\[[^\]\n]*\]\(#([^)\s]+)\)")
_IMAGE_WITHOUT_TEXT = re.compile(r"!\[\s*\]\([^)\n]*\)")
_TODO = re.compile(r"\b(?:TODO|FIXME|TBD)\b")
_EXPECTATION = re.compile(r"<!--\s*(expect\w*[-_]?\w*)\s*=")
_ID = re.compile(r"""(?:\bid|\bname)\s*=\s*["']?([\w.:-]+)|\{[^}\n]*#([\w.:-]+)[^}\n]*\}""")


def _anchors(runbook: Runbook) -> set[str]:
    """Every anchor of the file in lower case: of headings, `<a id=…>`, `{#…}`."""
    counts: dict[str, int] = {}
    known: set[str] = set()
    for _, anchor in anchors_of(runbook.headings):
        number = counts.get(anchor, 0)
        counts[anchor] = number + 1
        known.add(f"{anchor}-{number}" if number else anchor)
    return known | {(match[1] or match[2]).lower() for match in _ID.finditer(runbook.text)}


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
        code="RB402",
        name="broken-anchor",
        severity=Severity.WARNING,
        summary="A link leads to an anchor that this file does not have.",
        why="In an incident nobody has the time to look for where it was meant to lead.",
        bad="# Restart\n\nSee [the checks](#checks).\n",
        good="# Restart\n\nSee [the checks](#checks).\n\n## Checks\n",
        runbook=broken_anchor,
    ),
    Rule(
        code="RB403",
        name="image-without-text",
        severity=Severity.INFO,
        summary="An image has no alternative text.",
        why="In a terminal, in an editor or for who cannot see it, the step is empty.",
        bad="![](dashboard.png)\n",
        good="![The dashboard shows no errors](dashboard.png)\n",
        runbook=image_without_text,
    ),
    Rule(
        code="RB404",
        name="unfinished-step",
        severity=Severity.WARNING,
        summary="TODO, FIXME or TBD is left in a step.",
        why="Whoever needs the step finds out at the worst time that it is missing.",
        bad="## Mitigation\n\nTODO\n",
        good="## Mitigation\n\nRestart the pod.\n",
        runbook=unfinished_step,
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
