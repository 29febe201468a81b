"""The values of a parsed shell text; made by `syntax.parse`."""

from __future__ import annotations

from typing import NamedTuple

from runbook_ls.shell.syntax_words import Word
from runbook_ls.values import Span


class SyntaxFault(NamedTuple):
    """A place where the text is not shell. `message` is one clause for the reader, without the place."""

    span: Span
    message: str


class Assignment(NamedTuple):
    """`name=value` before a command or on its own. `value` is None for an array or an element of one."""

    name: str
    value: Word | None
    span: Span


class Redirect(NamedTuple):
    """One redirection. `operator` is `>`, `>>`, `<`, `>&`, `&>`, `>|`, `<&`, `<<`, `<<-`, `<<<` and the like.

    `body` is the text of a here-document (raw, without its end line); `quoted` says that its delimiter is quoted,
    so nothing in it expands. `target` is None for a here-document and for `2>&-`.
    """

    operator: str
    descriptor: str | None
    target: Word | None
    span: Span
    body: str | None = None
    quoted: bool = False


class Command(NamedTuple):
    """One simple command. `words[0]` is the command word; there are none in a plain assignment or redirection.

    `export`, `declare` and the like, `unset`, `[[` and `[` are commands here too, and what sets a variable in passing
    (`for x in …`, `${x:=y}`, `((x = 1))`) stands here as an assignment. `within` names what surrounds it,
    outermost first (`function`, `loop`, `condition`, `substitution`, `subshell`, `background`). `piped_from` is
    the text span of the pipeline stage that feeds its standard input.
    """

    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...]
    redirects: tuple[Redirect, ...]
    span: Span
    within: tuple[str, ...] = ()
    piped_from: Span | None = None

    @property
    def name(self) -> str | None:
        """The literal command word; None when it is computed (`$c`, `"$(which ls)"`) or absent."""
        return self.words[0].value if self.words else None

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words after the command word."""
        return self.words[1:]


class Function(NamedTuple):
    """A function definition: its name, where it stands, and what surrounds it (as for a command)."""

    name: str
    span: Span
    within: tuple[str, ...] = ()


class Script(NamedTuple):
    """A parsed shell text. `commands` stand in the order of the text.

    `redirects` are those of compound commands (`{ …; } > file`); a simple command has its own. `functions` are the
    definitions in the text. `opaque` are expansions that run code no parser sees (`${x@P}`). `evaluated` are the places
    where a value that is not surely a number is evaluated as one: `$((n + 1))` runs what stands in `n='a[$(rm x)]'`.
    """

    text: str
    commands: tuple[Command, ...] = ()
    faults: tuple[SyntaxFault, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    functions: tuple[Function, ...] = ()
    opaque: tuple[Span, ...] = ()
    evaluated: tuple[Span, ...] = ()
