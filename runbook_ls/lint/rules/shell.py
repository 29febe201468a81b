"""RB1: what shell cells say, and whether a shell can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook_ls.document.runbook import Cell
from runbook_ls.document.sessions import SESSION_LANGUAGES
from runbook_ls.lint import languages
from runbook_ls.lint.commands import Commands
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.values import Fix, Severity, Span, TextEdit


def syntax_error(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB101. A suspicion: `external.confirm` asks bash, and drops what bash accepts."""
    if cell.language not in languages.BASH_SYNTAX:
        return
    if not commands.is_session and (commands.printed or cell.language in SESSION_LANGUAGES):
        return  # without prompts nobody can tell what else is output
    if not commands.has_faults:
        return
    for fault in commands.script.faults[:1]:
        yield Spot(cell.source_span(fault.span), f"Shell syntax error: {fault.message.splitlines()[0]}.")


def shell_prompt(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB102 and its fix: take the prompts away."""
    if not commands.is_session or commands.printed or cell.language not in languages.SHELL_COMMANDS:
        return
    edits = tuple(
        TextEdit(cell.source_span(Span.of(line, 0, line, column)), "")
        for exchange in cell.session
        for line, column in enumerate(exchange.columns, exchange.line)
        if column
    )
    message = "The prompt is part of the cell, so the commands cannot be copied or run by other tools."
    fix = Fix("Remove the prompts of this cell", edits) if _is_clear(cell) else None
    yield Spot(edits[0].span, message, fix)


def _is_clear(cell: Cell) -> bool:
    """False if something that looks like a prompt would be left: `$ $ ls`, or a line that is a prompt and no more."""
    lines = dict(enumerate(cell.body.split("\n")))
    for exchange in cell.session:
        if re.match(r"\s*\$\s", exchange.command):
            return False
        for line in range(exchange.line, exchange.line + len(exchange.columns)):
            lines.pop(line, None)
    return all(not line.strip() or line.lstrip().startswith("#") for line in lines.values())


def mixed_with_output(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB103 and its fix: what has prompts is a `console` session."""
    if not commands.printed:
        return
    line = _line(cell, commands.printed[0])
    if not commands.is_session:
        yield Spot(line, "This looks like output; the shell would run it as a command.")
    elif cell.language in languages.SHELL_COMMANDS:
        message = f"This {cell.language} cell shows output among its commands: it is a `console` session."
        yield Spot(line, message, _call_it_console(cell))


def broken_continuation(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB109."""
    for match in _BACKSLASH_AND_BLANKS.finditer(commands.text):
        if commands.quoting_at(match.start()) == "bare":
            blanks = commands.place(cell, match.start(1), match.end(1))
            message = (
                "Blanks after the backslash: the command ends here and the next line is a command of its own."
            )
            yield Spot(blanks, message)  # no fix: it would run another command than before


def dangling_continuation(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB110."""
    match = _BACKSLASH_AT_END.search(commands.text)
    if match and commands.quoting_at(match.start()) == "bare":
        end = commands.place(cell, match.start(), match.start() + 1)
        yield Spot(end, "The backslash continues the command, but nothing follows: is a line missing?")


# A blank that is meant to be part of a file name (`cd My\ `) stands at the end of a text or before an operator.
_BACKSLASH_AND_BLANKS = re.compile(r"\\(?<!\\\\)(?:\\\\)*([ \t]+)\n(?=[ \t]*[^\s#])")
_BACKSLASH_AT_END = re.compile(r"\\(?<!\\\\)\s*\Z")


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


RULES = (
    Rule(
        code="RB101",
        name="syntax-error",
        severity=Severity.ERROR,
        summary="A shell cell does not parse.",
        why="The shell stops at the error, often after it has run what stands before it.",
        bad="```sh\nfor pod in a b; do\n  kubectl delete pod $pod\n```\n",
        good="```sh\nfor pod in a b; do\n  kubectl delete pod $pod\ndone\n```\n",
        shell=syntax_error,
    ),
    Rule(
        code="RB102",
        name="shell-prompt",
        severity=Severity.WARNING,
        summary="The commands of a shell cell stand behind prompts.",
        why="Copied as it is, the shell looks for a program called `$`. Sessions with output are `console` blocks.",
        bad="```sh\n$ uptime\n```\n",
        good="```sh\nuptime\n```\n",
        shell=shell_prompt,
    ),
    Rule(
        code="RB103",
        name="mixed-with-output",
        severity=Severity.WARNING,
        summary="A shell cell holds commands and what they printed.",
        why="Run as a script, the output is run too. A `console` block may hold both, behind prompts.",
        bad="```sh\n$ hostname\nweb-1\n```\n",
        good="```console\n$ hostname\nweb-1\n```\n",
        shell=mixed_with_output,
    ),
    Rule(
        code="RB109",
        name="broken-continuation",
        severity=Severity.WARNING,
        summary="Blanks follow the backslash that should continue a command.",
        why="The backslash then quotes a blank: the command ends, and the next line runs as another one.",
        bad="```sh\nkubectl get pods \\ \n  --all-namespaces\n```\n",
        good="```sh\nkubectl get pods \\\n  --all-namespaces\n```\n",
        shell=broken_continuation,
        needs=("\\",),
    ),
    Rule(
        code="RB110",
        name="dangling-continuation",
        severity=Severity.WARNING,
        summary="A cell ends in the middle of a command.",
        why="The last options got lost, or the next cell was cut off; the command runs without them.",
        bad="```sh\naz group create --name demo \\\n```\n",
        good="```sh\naz group create --name demo\n```\n",
        shell=dangling_continuation,
        needs=("\\",),
    ),
)
