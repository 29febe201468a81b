"""RB106 to RB108: characters that are not what they look like."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook_ls.document.lines import split_lines
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.commands import Commands, commands_to_run
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.shell import invisible
from runbook_ls.shell.invisible import Suspect
from runbook_ls.values import Fix, Severity, Span, TextEdit


def typographic_character(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB106."""
    for match in re.finditer(_TYPOGRAPHIC, commands.text):
        if commands.quoting_at(match.start()) == "bare":
            span, plain = commands.place(cell, *match.span()), _plain(match)
            if match[0][0] in _DASHES:
                message = f"`{match[0]}` begins with a typographic dash, so the shell does not read it as an option."
            else:
                message = f"Typographic quotes do not quote: the shell reads `{match[0]}` letter by letter."
            yield Spot(span, message, Fix(f"Write {plain}", (TextEdit(span, plain),)) if plain else None)


def invisible_character(cell: Cell) -> Iterator[Spot]:
    """RB107."""
    suspects = invisible.find(cell.body) if cell.runnable else ()
    if not suspects:
        return
    commands = commands_to_run(cell) or Commands(cell.body, cell.body)
    for suspect in suspects:
        span = commands.place(cell, suspect.offset, suspect.offset + 1)
        name = f"U+{ord(suspect.character):04X} ({suspect.name})"
        severity = Severity.ERROR if suspect.kind == "bidirectional" else None
        effect = _EFFECT.get(suspect.kind) or f"looks like `{suspect.looks_like}`"
        yield Spot(span, f"{name} {effect}.", _fix(suspect, span, commands), severity)


def carriage_return(runbook: Runbook) -> Iterator[Spot]:
    """RB108."""
    if "\r" not in runbook.text or runbook.text.count("\r") == runbook.text.count("\r\n"):
        return
    lines = split_lines(runbook.text)
    for number, line in enumerate(lines):
        if line.endswith("\r") and (cell := runbook.cell_at(number)) and cell.runnable:
            column = len(line) - 1
            yield Spot(
                Span.of(number, column, number, column + 1),
                "A carriage return stands here: a terminal hides what is before it, the shell does not.",
            )


_EFFECT = {
    "bidirectional": "changes the order in which the rest of the line is shown",
    "invisible": "cannot be seen",
    "control": "is a control character",
    "space": "looks like a blank, but the shell does not split words at it",
}


def _fix(suspect: Suspect, span: Span, commands: Commands) -> Fix | None:
    if commands.quoting_at(suspect.offset) != "bare":
        return None
    if suspect.kind == "space":
        return Fix("Write a blank", (TextEdit(span, " "),))
    return Fix("Remove it", (TextEdit(span, ""),)) if suspect.kind == "invisible" else None


_QUOTES = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_TYPOGRAPHIC = (
    rf"[\u201c\u201d\u201e\u201f](?P<double>[^\u201c\u201d\"\n]*)[\u201c\u201d]"
    rf"|[\u2018\u201a\u201b](?P<single>[^\u2018\u2019'\n]*)\u2019"
    rf"|[{_QUOTES}]"
    rf"|(?<=\s)(?P<dash>[{_DASHES}]+)(?P<option>\w[\w-]*)"
)


def _plain(match: re.Match[str]) -> str:
    """What was meant, or "" where nobody can be sure: `–la` may be `-la` or `--la`."""
    if match["double"] is not None:
        return f'"{match["double"]}"'
    if match["single"] is not None:
        return f"'{match['single']}'"
    if not match["dash"]:
        return ""
    option = match["option"]
    if len(match["dash"]) == 2 or (match["dash"] == "\u2014" and len(option) > 1):
        return f"--{option}"
    if len(option) == 1:
        return f"-{option}"
    return f"--{option}" if len(option) > 3 else ""


RULES = (
    Rule(
        code="RB106",
        name="typographic-character",
        severity=Severity.WARNING,
        summary="Quotes or dashes that a word processor made curly stand where the shell needs plain ones.",
        why="“ does not quote and – begins no option: the command gets other arguments than the reader sees.",
        bad="```sh\ngrep —recursive “disk full” /var/log\n```\n",
        good='```sh\ngrep --recursive "disk full" /var/log\n```\n',
        shell=typographic_character,
        needs=tuple(f"{_QUOTES}{_DASHES}"),
    ),
    Rule(
        code="RB107",
        name="invisible-character",
        severity=Severity.WARNING,
        summary="A cell has characters that cannot be seen, change the reading order, or look like others.",
        why="What runs is not what the reader sees; see CVE-2021-42574 (Trojan Source).",
        bad="```sh\nkubectl\u00a0get pods\n```\n",
        good="```sh\nkubectl get pods\n```\n",
        cell=invisible_character,
    ),
    Rule(
        code="RB108",
        name="carriage-return",
        severity=Severity.WARNING,
        summary="A carriage return stands in a command.",
        why="A terminal shows only what follows it, so `rm -rf ~` can hide before a harmless `ls`.",
        bad="```sh\nrm -rf ~\rls\n```\n",
        good="```sh\nls\n```\n",
        runbook=carriage_return,
    ),
)
