"""RB1: the commands in shell cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint import languages
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.lint.shell_cells import (
    PROMPT,
    command_cells,
    has_prompts,
    placeholders_of,
    regions_of,
    shell_cells,
    span_in,
    without_placeholders,
)
from runbook_ls.shell import invisible
from runbook_ls.shell.placeholders import Placeholder
from runbook_ls.shell.quoting import quoting_at
from runbook_ls.values import Fix, Severity, TextEdit


def syntax_error(runbook: Runbook) -> Iterator[Spot]:
    """RB101. A suspicion: `external.confirm` asks bash, and drops what bash accepts."""
    from runbook_ls.shell.syntax import parse

    for cell in shell_cells(runbook):
        if cell.language not in languages.BASH_SYNTAX or has_prompts(cell):
            continue
        for fault in parse(without_placeholders(cell.body)).faults[:1]:
            yield Spot(cell.source_span(fault.span), f"shell syntax error: {fault.message}")


def shell_prompt(runbook: Runbook) -> Iterator[Spot]:
    """RB102."""
    for cell in shell_cells(runbook):
        prompts = [match for match in PROMPT.finditer(cell.body) if _is_bare(cell, match.start(1))]
        fix = _remove_prompts(cell, prompts)
        for match in prompts:
            message = "the prompt `$ ` is part of the cell; the shell would look for a program called `$`"
            yield Spot(span_in(cell, *match.span(1)), message, fix)


def redirect_placeholder(runbook: Runbook) -> Iterator[Spot]:
    """RB104."""
    for cell in command_cells(runbook):
        for one in placeholders_of(cell.body):
            if one.kind == "redirect":
                yield Spot(span_in(cell, one.start, one.end), _what_bash_does(cell.body, one))


def unresolved_placeholder(runbook: Runbook) -> Iterator[Spot]:
    """RB105."""
    for cell in command_cells(runbook):
        for one in placeholders_of(cell.body):
            if one.kind != "redirect":
                mild = one.kind == "word" and _MAY_BE_MEANT.fullmatch(one.text)
                severity = Severity.INFO if mild else None
                message = f"the placeholder `{one.text}` is still to be filled in"
                yield Spot(span_in(cell, one.start, one.end), message, severity=severity)


def typographic_character(runbook: Runbook) -> Iterator[Spot]:
    """RB106."""
    for cell in command_cells(runbook):
        for match in _TYPOGRAPHIC.finditer(cell.body):
            if not _is_bare(cell, match.start()):
                continue
            span, plain = span_in(cell, *match.span()), _plain(match[0])
            what = "dash" if match[0][0] in _DASHES else "quote"
            message = f"typographic {what} `{match[0]}`: the shell takes it for a letter, not for `{plain}`"
            yield Spot(span, message, Fix(f"Write `{plain}`", (TextEdit(span, plain),)))


def invisible_character(runbook: Runbook) -> Iterator[Spot]:
    """RB107."""
    for cell in runbook.cells:
        if not cell.runnable:
            continue
        for suspect in invisible.find(cell.body):
            if suspect.character == "\r":
                continue
            span = span_in(cell, suspect.offset, suspect.offset + 1)
            what = f"{suspect.kind} character U+{ord(suspect.character):04X} ({suspect.name})"
            looks = f" looks like `{suspect.looks_like}`" if suspect.looks_like.strip() else ""
            severity = Severity.ERROR if suspect.kind == "bidirectional" else None
            yield Spot(span, f"{what}{looks}", severity=severity)


_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_TYPOGRAPHIC = re.compile(rf"[\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f]|(?<=[\s])[{_DASHES}]+(?=\w)")
_MAY_BE_MEANT = re.compile(r"(?i:.*example\.(?:com|org|net)|my[-_].*)")


def _plain(characters: str) -> str:
    if characters[0] in "\u2018\u2019\u201a\u201b":
        return "'"
    if characters[0] in "\u201c\u201d\u201e\u201f":
        return '"'
    return "--"


def _is_bare(cell: Cell, offset: int) -> bool:
    return quoting_at(regions_of(cell.body), offset) == "bare"


def _remove_prompts(cell: Cell, prompts: list[re.Match[str]]) -> Fix | None:
    """Take all prompts of the cell away, if no line of it can be output."""
    starts = {cell.body.count("\n", 0, match.start(1)) for match in prompts}
    continued = False
    for number, line in enumerate(cell.body.split("\n")):
        is_command = number in starts or continued or not line.strip() or line.lstrip().startswith("#")
        if not is_command:
            return None
        continued = line.endswith("\\")
    edits = tuple(TextEdit(span_in(cell, *match.span(1)), "") for match in prompts)
    return Fix("Remove the prompts of this cell", edits)


_TARGET = re.compile(r"[ \t]*([^\s;&|<>()]+)")


def _what_bash_does(body: str, one: Placeholder) -> str:
    """One sentence that says what would happen if this ran as it stands."""
    source = one.text[1:-1].split()[0].split("|")[0]
    target = _TARGET.match(body, one.end)
    if target is None:
        return f"fill in the placeholder `{one.text}`: the shell takes it for redirections and stops with an error"
    return (
        f"fill in the placeholder `{one.text}`: "
        f"the shell reads the file `{source}` and overwrites the file `{target[1]}`"
    )


RULES = (
    Rule(
        code="RB101",
        name="syntax-error",
        severity=Severity.ERROR,
        summary="A shell cell does not parse.",
        why="The shell stops at the error, often after it has run what stands before it.",
        bad="```sh\nfor pod in a b; do\n  kubectl delete pod $pod\n```\n",
        good="```sh\nfor pod in a b; do\n  kubectl delete pod $pod\ndone\n```\n",
        check=syntax_error,
    ),
    Rule(
        code="RB102",
        name="shell-prompt",
        severity=Severity.WARNING,
        summary="A command in a shell cell begins with the prompt `$ `.",
        why="The cell cannot be copied or run: `$` is then the command. Sessions with output are `console` blocks.",
        bad="```sh\n$ uptime\n```\n",
        good="```sh\nuptime\n```\n",
        check=shell_prompt,
    ),
    Rule(
        code="RB104",
        name="redirect-placeholder",
        severity=Severity.ERROR,
        summary="A placeholder in angle brackets is not quoted, so the shell reads and overwrites files.",
        why="`kubectl -n <namespace> get pods` is valid: where a file `namespace` exists it runs `kubectl -n pods`, "
        "exits 0 and overwrites a file called `get`.",
        bad="```sh\nkubectl -n <namespace> get pods\n```\n",
        good='```sh\nkubectl -n "$NAMESPACE" get pods\n```\n',
        check=redirect_placeholder,
    ),
    Rule(
        code="RB105",
        name="unresolved-placeholder",
        severity=Severity.WARNING,
        summary="A value is still to be filled in: `YOUR_PROJECT`, `CHANGEME`, `[CLUSTER]`.",
        why="The command runs as it stands, against something that does not exist or, worse, does.",
        bad="```sh\ngcloud config set project YOUR_PROJECT\n```\n",
        good='```sh\ngcloud config set project "$PROJECT"\n```\n',
        check=unresolved_placeholder,
    ),
    Rule(
        code="RB106",
        name="typographic-character",
        severity=Severity.WARNING,
        summary="Quotes or dashes that a word processor made curly stand where the shell needs plain ones.",
        why="“ does not quote and – begins no option: the command gets other arguments than the reader sees.",
        bad="```sh\ngrep –r “error” /var/log\n```\n",
        good='```sh\ngrep -r "error" /var/log\n```\n',
        check=typographic_character,
    ),
    Rule(
        code="RB107",
        name="invisible-character",
        severity=Severity.WARNING,
        summary="A cell has characters that cannot be seen, change the reading order, or look like others.",
        why="What runs is not what the reader sees; see CVE-2021-42574 (Trojan Source).",
        bad="```sh\nkubectl\u00a0get pods\n```\n",
        good="```sh\nkubectl get pods\n```\n",
        check=invisible_character,
    ),
)
