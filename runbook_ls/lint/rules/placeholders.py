"""RB104 and RB105: values that are still to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook_ls.document.runbook import Cell
from runbook_ls.lint.commands import Commands
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.shell.placeholders import Placeholder
from runbook_ls.values import Severity


def redirect_placeholder(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB104."""
    for one in commands.placeholders:
        if one.kind == "redirect":
            yield Spot(commands.place(cell, one.start, one.end), _what_the_shell_does(commands.text, one))


def unresolved_placeholder(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB105."""
    for one in commands.placeholders:
        if one.kind != "redirect":
            mild = one.kind == "word" and re.fullmatch(_MAY_BE_MEANT, one.text)
            message = f"The placeholder `{one.text}` is still to be filled in."
            yield Spot(
                commands.place(cell, one.start, one.end), message, severity=Severity.INFO if mild else None
            )


_MAY_BE_MEANT = r"(?i:.*example\.(?:com|org|net)|my[-_].*)"
# The next word, if it is one that can be told: no quote, no expansion.
_TARGET = re.compile(r"(?:[ \t]|\\\n)*([^\s;&|<>()`$\"'\\]+)(?![`$\"'\\])")


def _what_the_shell_does(text: str, one: Placeholder) -> str:
    """What would happen if this ran as it stands."""
    source = re.split(r"[\s|]", one.text[1:-1])[0]
    target = _TARGET.match(text, one.end)
    if target is None and re.match(r"(?:[ \t]|\\\n)*[^\s;&|<>()]", text[one.end :]):
        return (
            f"Fill in `{one.text}`: the shell reads the file `{source}` and overwrites the file that follows."
        )
    if target is None:
        return f"Fill in `{one.text}`: the shell takes it for redirections and stops with a syntax error."
    return f"Fill in `{one.text}`: the shell reads the file `{source}` and overwrites the file `{target[1]}`."


RULES = (
    Rule(
        code="RB104",
        name="redirect-placeholder",
        severity=Severity.ERROR,
        summary="A placeholder in angle brackets is not quoted, so the shell reads and overwrites files.",
        why="`kubectl -n <namespace> get pods` is valid: where a file `namespace` exists it runs `kubectl -n pods`, "
        "exits 0 and overwrites a file called `get`.",
        bad="```sh\nkubectl -n <namespace> get pods\n```\n",
        good='```sh\nkubectl -n "$NAMESPACE" get pods\n```\n',
        shell=redirect_placeholder,
        needs=("<",),
    ),
    Rule(
        code="RB105",
        name="unresolved-placeholder",
        severity=Severity.WARNING,
        summary="A value is still to be filled in: `YOUR_PROJECT`, `CHANGEME`, `[CLUSTER]`.",
        why="The command runs as it stands, against something that does not exist or, worse, does.",
        bad="```sh\ngcloud config set project YOUR_PROJECT\n```\n",
        good='```sh\ngcloud config set project "$PROJECT"\n```\n',
        shell=unresolved_placeholder,
    ),
)
