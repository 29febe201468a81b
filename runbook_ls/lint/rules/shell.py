"""RB1: the commands in shell cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook_ls.document.cell import Code
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.document.sessions import SESSION_LANGUAGES
from runbook_ls.lint import languages
from runbook_ls.lint.commands import Commands, commands_of
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.shell import invisible
from runbook_ls.shell.placeholders import Placeholder
from runbook_ls.values import Fix, Severity, Span, TextEdit


def syntax_error(code: Code) -> Iterator[Spot]:
    """RB101. A suspicion: `external.confirm` asks bash, and drops what bash accepts."""
    commands = commands_to_run(code)
    if commands is None or code.language not in languages.BASH_SYNTAX:
        return
    if not commands.is_session and (commands.printed or code.language in SESSION_LANGUAGES):
        return  # without prompts nobody can tell what else is output
    for fault in commands.script.faults[:1]:
        yield Spot(fault.span, f"shell syntax error: {fault.message}")


def shell_prompt(runbook: Runbook) -> Iterator[Spot]:
    """RB102 and its fix: take the prompts away."""
    for cell, commands in _sessions_in_shells(runbook):
        if commands.printed:
            continue
        edits = tuple(
            TextEdit(cell.source_span(Span.of(line, 0, line, column)), "")
            for exchange in cell.session
            for line, column in enumerate(exchange.columns, exchange.line)
            if column
        )
        message = "the prompt is part of the cell, so it cannot be copied or run by other tools"
        yield Spot(edits[0].span, message, Fix("Remove the prompts of this cell", edits))


def mixed_with_output(runbook: Runbook) -> Iterator[Spot]:
    """RB103 and its fix: what has prompts is a `console` session."""
    for cell, commands in _sessions_in_shells(runbook):
        if commands.printed:
            message = f"this {cell.language} cell shows output among its commands: it is a `console` session"
            yield Spot(_line(cell, commands.printed[0]), message, _call_it_console(cell))
    for cell in runbook.cells:
        found = commands_to_run(cell.code)
        if found and found.printed and not found.is_session:
            yield Spot(
                _line(cell, found.printed[0]), "this looks like output; the shell would run it as a command"
            )


def redirect_placeholder(code: Code) -> Iterator[Spot]:
    """RB104."""
    commands = commands_to_run(code)
    for one in commands.placeholders if commands else ():
        if commands and one.kind == "redirect":
            yield Spot(commands.span(one.start, one.end), _what_the_shell_does(commands.text, one))


def unresolved_placeholder(code: Code) -> Iterator[Spot]:
    """RB105."""
    commands = commands_to_run(code)
    for one in commands.placeholders if commands else ():
        if commands and one.kind != "redirect":
            mild = one.kind == "word" and _MAY_BE_MEANT.fullmatch(one.text)
            message = f"the placeholder `{one.text}` is still to be filled in"
            severity = Severity.INFO if mild else None
            yield Spot(commands.span(one.start, one.end), message, severity=severity)


def typographic_character(code: Code) -> Iterator[Spot]:
    """RB106."""
    commands = commands_to_run(code)
    for match in _TYPOGRAPHIC.finditer(commands.text) if commands else ():
        if commands and commands.quoting_at(match.start()) == "bare":
            span, plain = commands.span(*match.span()), _plain(match[0])
            what = "dash" if match[0][0] in _DASHES else "quote"
            message = f"typographic {what} `{match[0]}`: the shell takes it for a letter, not for `{plain}`"
            yield Spot(span, message, Fix(f"Write `{plain}`", (TextEdit(span, plain),)))


def invisible_character(code: Code) -> Iterator[Spot]:
    """RB107."""
    if not code.runnable:
        return
    place = Commands(code.body, code.body)
    for suspect in invisible.find(code.body):
        if suspect.character == "\r":
            continue
        what = f"{suspect.kind} character U+{ord(suspect.character):04X} ({suspect.name})"
        looks = f" looks like `{suspect.looks_like}`" if suspect.looks_like.strip() else ""
        severity = Severity.ERROR if suspect.kind == "bidirectional" else None
        yield Spot(place.span(suspect.offset, suspect.offset + 1), f"{what}{looks}", severity=severity)


def commands_to_run(code: Code) -> Commands | None:
    """The commands of a cell that somebody may run; None if it holds none."""
    if not code.runnable or not code.body or (code.fence and not code.closed):
        return None  # what follows an unclosed fence is prose
    return commands_of(code.language, code.body)


def _sessions_in_shells(runbook: Runbook) -> Iterator[tuple[Cell, Commands]]:
    """The cells that say they are a shell's and have prompts."""
    for cell in runbook.cells:
        commands = commands_to_run(cell.code)
        if commands and commands.is_session and cell.language in languages.SHELLS:
            yield cell, commands


def _line(cell: Cell, line: int) -> Span:
    """The span of a line of the body, without the blanks around."""
    text = cell.body.split("\n")[line]
    return cell.source_span(Span.of(line, len(text) - len(text.lstrip()), line, len(text.rstrip())))


def _call_it_console(cell: Cell) -> Fix | None:
    at = cell.info.lower().find(cell.language)
    if at < 0 or cell.info[:at].strip():
        return None
    start = cell.column + len(cell.fence) + at
    span = Span.of(cell.start_line, start, cell.start_line, start + len(cell.language))
    return Fix("Call it a `console` session", (TextEdit(span, "console"),))


_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_TYPOGRAPHIC = re.compile(rf"[\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f]|(?<=\s)[{_DASHES}]+(?=\w)")
_MAY_BE_MEANT = re.compile(r"(?i:.*example\.(?:com|org|net)|my[-_].*)")
_TARGET = re.compile(r"[ \t]*([^\s;&|<>()]+)")


def _plain(characters: str) -> str:
    if characters[0] in "\u2018\u2019\u201a\u201b":
        return "'"
    if characters[0] in "\u201c\u201d\u201e\u201f":
        return '"'
    return "--"


def _what_the_shell_does(text: str, one: Placeholder) -> str:
    """One sentence that says what would happen if this ran as it stands."""
    source = one.text[1:-1].split()[0].split("|")[0]
    target = _TARGET.match(text, one.end)
    if target is None:
        return f"fill in `{one.text}`: the shell takes it for redirections and stops with a syntax error"
    return f"fill in `{one.text}`: the shell reads the file `{source}` and overwrites the file `{target[1]}`"


RULES = (
    Rule(
        code="RB101",
        name="syntax-error",
        severity=Severity.ERROR,
        summary="A shell cell does not parse.",
        why="The shell stops at the error, often after it has run what stands before it.",
        bad="```sh\nfor pod in a b; do\n  kubectl delete pod $pod\n```\n",
        good="```sh\nfor pod in a b; do\n  kubectl delete pod $pod\ndone\n```\n",
        cell=syntax_error,
    ),
    Rule(
        code="RB102",
        name="shell-prompt",
        severity=Severity.WARNING,
        summary="The commands of a shell cell stand behind prompts.",
        why="Copied as it is, the shell looks for a program called `$`. Sessions with output are `console` blocks.",
        bad="```sh\n$ uptime\n```\n",
        good="```sh\nuptime\n```\n",
        runbook=shell_prompt,
    ),
    Rule(
        code="RB103",
        name="mixed-with-output",
        severity=Severity.WARNING,
        summary="A shell cell holds commands and what they printed.",
        why="Run as a script, the output is run too. A `console` block may hold both, behind prompts.",
        bad="```sh\n$ hostname\nweb-1\n```\n",
        good="```console\n$ hostname\nweb-1\n```\n",
        runbook=mixed_with_output,
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
        cell=redirect_placeholder,
    ),
    Rule(
        code="RB105",
        name="unresolved-placeholder",
        severity=Severity.WARNING,
        summary="A value is still to be filled in: `YOUR_PROJECT`, `CHANGEME`, `[CLUSTER]`.",
        why="The command runs as it stands, against something that does not exist or, worse, does.",
        bad="```sh\ngcloud config set project YOUR_PROJECT\n```\n",
        good='```sh\ngcloud config set project "$PROJECT"\n```\n',
        cell=unresolved_placeholder,
    ),
    Rule(
        code="RB106",
        name="typographic-character",
        severity=Severity.WARNING,
        summary="Quotes or dashes that a word processor made curly stand where the shell needs plain ones.",
        why="“ does not quote and – begins no option: the command gets other arguments than the reader sees.",
        bad="```sh\ngrep –r “error” /var/log\n```\n",
        good='```sh\ngrep --recursive "error" /var/log\n```\n',
        cell=typographic_character,
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
)
