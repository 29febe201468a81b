"""What of a shell cell is commands: its body with prompts and printed lines blanked out, place by place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from runbook_ls.document.runbook import Cell
from runbook_ls.document.sessions import is_session, read_session
from runbook_ls.lint import languages
from runbook_ls.shell import placeholders
from runbook_ls.shell.quoting import Quoting, Region, quoting_at, regions
from runbook_ls.shell.sound import is_sound
from runbook_ls.values import Span

if TYPE_CHECKING:
    from runbook_ls.shell.placeholders import Placeholder
    from runbook_ls.shell.syntax import Script


class Commands:
    """The commands of one body; never changed.

    `text` has the length and the lines of the body; blanks stand for what is no command: prompts of a session and
    `printed` lines (0-based). `is_session` says that the body has prompts. `placeholders` are those of `text`; `meant`
    is `text` with a word of the same length for each that the shell would take for redirections.
    """

    def __init__(
        self, body: str, text: str, printed: tuple[int, ...] = (), *, is_session: bool = False
    ) -> None:
        self.body = body
        self.text = text
        self.printed = printed
        self.is_session = is_session
        self.placeholders = placeholders.find(text, lambda: self.regions)
        self.meant = _with_words(text, [one for one in self.placeholders if one.kind == "redirect"])

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """How the parts of `text` are quoted."""
        return regions(self.text)

    @cached_property
    def is_sound(self) -> bool:
        """True if `meant` is surely valid; False says nothing."""
        return is_sound(self.meant)

    @cached_property
    def has_faults(self) -> bool:
        """True if `meant` does not parse: cheaper than `script`, and mostly told without a parser."""
        if self.is_sound:
            return False
        from runbook_ls.shell.syntax import has_faults

        return has_faults(self.meant)

    @cached_property
    def script(self) -> Script:
        """`meant`, parsed."""
        from runbook_ls.shell.syntax import parse

        return parse(self.meant)

    def quoting_at(self, offset: int) -> Quoting:
        """How the code point at `offset` is quoted."""
        return quoting_at(self.regions, offset)

    def place(self, cell: Cell, start: int, end: int) -> Span:
        """Where code points `start` up to `end` of the body stand in the text of the cell."""
        return Span(
            cell.source_position(*self._line_and_column(start)),
            cell.source_position(*self._line_and_column(end)),
        )

    def offsets(self, span: Span) -> tuple[int, int]:
        """The code points of the body at which a span of it begins and ends."""
        starts = self._line_starts
        return starts[span.start.line] + span.start.column, starts[span.end.line] + span.end.column

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.body.split("\n"))]

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        starts = self._line_starts
        line = bisect_right(starts, offset) - 1
        return line, offset - starts[line]


def _with_words(text: str, found: Sequence[Placeholder]) -> str:
    """The text with a word of the same length for each placeholder; they are in order."""
    if not found:
        return text
    parts: list[str] = []
    at = 0
    for one in found:
        parts += (text[at : one.start], "_" * (one.end - one.start))
        at = one.end
    return "".join((*parts, text[at:]))


def commands_to_run(cell: Cell) -> Commands | None:
    """The commands of a cell that somebody may run; None if it holds none."""
    code = cell.code
    if not code.runnable or not code.body or (code.fence and not code.closed):
        return None  # what follows an unclosed fence is prose
    return commands_of(code.language, code.body)


@lru_cache(maxsize=1024)
def commands_of(language: str, body: str) -> Commands | None:
    """The commands of a cell; None if its language is no shell and no shell session. Recent ones are remembered."""
    session = is_session(language, body)
    if not session and language not in languages.SHELL_COMMANDS:
        return None
    if session and any(any(exchange.columns) for exchange in read_session(body)):
        return _session(body)
    printed = tuple(_printed_lines(body))
    if not printed:
        return Commands(body, body)
    lines = body.split("\n")
    for number in printed:
        lines[number] = " " * len(lines[number])
    return Commands(body, "\n".join(lines), printed)


def _session(body: str) -> Commands:
    lines = body.split("\n")
    kept = [" " * len(line) for line in lines]
    printed: list[int] = []
    for exchange in read_session(body):
        for number, column in enumerate(exchange.columns, exchange.line):
            kept[number] = " " * column + lines[number][column:]
        if exchange.output:
            output = enumerate(map(str.lstrip, exchange.output.split("\n")), exchange.output_line)
            printed += (number for number, line in output if line and not line.startswith("#"))
    return Commands(body, "\n".join(kept), tuple(printed), is_session=True)


# Each begins with the line end above its line: Python's engine skips to that, and would try `^` everywhere.
_TABLE_HEAD = re.compile(
    r"\n[A-Z][A-Z0-9_()%/#-]*(?: [A-Z0-9_()%-]+)*(?:\t| {2,})[A-Z](?:[A-Z0-9 _()%/:#-]|\t(?=[A-Z]))*\s*$",
    re.MULTILINE,
)
_PRINTED = re.compile(
    r"""\n[^\S\n]*(?=\S)(?:[│├└┌╭╰─•✓✔✗●☸]                                # drawings and bullets
    | "[\w./-]+"[ ]?:[ ]                                                # JSON
    | \d{4}[-/]\d\d[-/]\d\d[Tt ]\d\d:\d\d | [IWEFiwef]\d{4}[ ]\d\d:\d\d:  # logs
    | (?i:error|fatal|warning|info|debug|notice)(?:\[\w+\])?:[ ]        # messages
    | [\w.-]+/[\w.-]+[ ](?i:created|configured|deleted|unchanged|patched|scaled|labeled|annotated|restarted)$
    | (?i:[a-z]+)[ ]"[\w.-]+"[ ](?i:created|deleted|force[ ]deleted)
    | (?i:time|ts|level)=[^ ]+[ ]\w+=                                   # logfmt
    | [A-Z][\w ]*:(?:[ ]|$)                                            # "API URL: …"
    )""",
    re.VERBOSE | re.MULTILINE,
)


def _printed_lines(body: str) -> Iterator[int]:
    """The lines of a body without prompts that can only be output: tables, logs, JSON, what kubectl says."""
    below = "\n" + body
    if not (_PRINTED.search(below) or _TABLE_HEAD.search(below)):
        return
    cut = regions(body)
    table = False
    offset = 0
    for number, line in enumerate(body.split("\n")):
        table = (table and line.strip() != "") or _TABLE_HEAD.fullmatch("\n" + line) is not None
        if table or _PRINTED.match("\n" + line):
            if quoting_at(cut, offset) == "bare":
                yield number
            else:
                table = False
        offset += len(line) + 1
