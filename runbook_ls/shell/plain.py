"""Simple commands, read without a parser: most cells of most runbooks hold nothing else.

`read` gives what `syntax.parse` makes of the parser's tree, for a fraction of its cost and without loading it; or
None where a text may mean more than words between operators. `tests/shell/test_plain.py` compares the two. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache

from runbook_ls.shell.script import Assignment, Command, Script
from runbook_ls.shell.syntax_words import Word, WordReader
from runbook_ls.values import Position, Span

_TOKEN = re.compile(
    r"""(?P<blank>[ \t]+(?:\\\n[ \t]*)*)
    | (?P<bare>[\w./:=@%,+^-]+(?![^ \t\n;|&]))
    | (?P<word>(?:[\w./:=@%,+~^-] | \$\w+ | \$\{\w+\} | "(?:[^"\\`$\n]|\$\w+|\$\{\w+\})*" | '[^'\n]*' | \\[^ \t\n])+)
    | (?P<end>;|\n)
    | (?P<pipe>\|(?!\|))
    | (?P<either>&&|\|\|)
    | (?P<comment>\#[^\n]*)""",
    re.VERBOSE | re.ASCII,
)
_PIECE = re.compile(
    r"""(?P<bare>(?:[^"'\\$]|\\.)+)|"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\$\w+|\$\{\w+\}""", re.ASCII
)
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=", re.ASCII)
_RESERVED = frozenset(
    "if then else elif fi for while until do done case esac in function select time coproc".split()
)
_DECLARING = frozenset({"export", "declare", "typeset", "local", "readonly"})


@lru_cache(maxsize=512)
def read(text: str) -> Script | None:
    """The script of a text that is words between `&&`, `||`, `|`, `;` and line ends, with comments and quotes.

    None for any other text, and for a few that would be simple to a reader. Spans as `syntax.parse` has them.
    """
    if not text.isascii():
        return None
    reading = _Reading(text)
    return Script(text, tuple(reading.commands)) if reading.is_simple() else None


class _Reading:
    """One pass over a text. The words of a command wait until something ends it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.commands: list[Command] = []
        self.line = self.line_start = 0
        self.start: Position | None = None  # of the command that is being read
        self.end = Position(0, 0)  # of its last word
        self.words: list[Word] = []
        self.assignments: list[Assignment] = []
        self.within: tuple[str, ...] = ()
        self.piped_from: Span | None = None

    def is_simple(self) -> bool:
        """Read to the end, or to where something is not simple."""
        end = 0
        after_operator = after_word = False
        for token in _TOKEN.finditer(self.text):
            start = token.start()
            if start != end:
                return False
            end, kind = token.end(), token.lastgroup
            if kind == "blank":
                if end - start > 1 and (lines := self.text.count("\n", start, end)):
                    self.next_line(lines, self.text.rindex("\n", start, end) + 1)
                after_word = False
            elif kind == "bare" or kind == "word":
                if not self.word(token[0], start, is_bare=kind == "bare"):
                    return False
                after_operator, after_word = False, True
            elif kind == "comment":
                if after_word or after_operator:
                    return False  # `a#b` is one word; after an operator the command goes on below
            else:
                if self.start is not None:
                    self.command()
                elif after_operator or token[0] != "\n":
                    return False
                after_operator, after_word = kind != "end", False
                self.piped_from = self.commands[-1].span if kind == "pipe" else None
                if kind != "pipe":
                    self.within = ("condition",) if kind == "either" else ()
                if token[0] == "\n":
                    self.next_line(1, end)
        if self.start is not None:
            self.command()
        return end == len(self.text) and not after_operator

    def next_line(self, lines: int, start: int) -> None:
        self.line, self.line_start = self.line + lines, start

    def command(self) -> None:
        """End the command."""
        assert self.start is not None
        words, assignments, span = tuple(self.words), tuple(self.assignments), Span(self.start, self.end)
        piped_from = self.piped_from if words else None
        self.commands.append(Command(words, assignments, (), span, self.within, piped_from))
        self.words, self.assignments, self.start = [], [], None

    def word(self, raw: str, start: int, *, is_bare: bool) -> bool:
        """One more word of the command. False if it means more to the shell than its letters."""
        assignment = _ASSIGNMENT.match(raw) if "=" in raw else None
        if raw in _RESERVED or ("=" in raw and assignment is None and not self.words):
            return False
        begin = Position(self.line, start - self.line_start)
        self.end = Position(self.line, begin.column + len(raw))
        span = Span(begin, self.end)
        if assignment is not None and not self.words:
            self.assignments.append(self.assignment(assignment, raw, span))
        elif is_bare:
            self.words.append(Word(raw, raw, span, raw))
        else:
            # Behind an assignment of its own the parser takes `export` for a program.
            declares = not self.assignments and bool(self.words) and self.words[0].value in _DECLARING
            self.words.append(_word(raw, span, is_declared=assignment is not None and declares))
        self.start = self.start or begin
        return True

    def assignment(self, match: re.Match[str], raw: str, span: Span) -> Assignment:
        value = raw[match.end() :]
        if not value:
            return Assignment(match[1], None, span)
        begin = Position(span.start.line, span.start.column + match.end())
        return Assignment(match[1], _word(value, Span(begin, span.end)), span)


def _word(raw: str, span: Span, *, is_declared: bool = False) -> Word:
    """The word that is written like this; `NAME=value` after `export` is not split."""
    reader = WordReader()
    for piece in _PIECE.finditer(raw):
        if piece["bare"] is not None:
            reader.unquoted(piece["bare"])
        elif piece["single"] is not None:
            reader.quoted(piece["single"])
        elif piece["double"] is not None:
            before, expansion, _ = piece["double"].partition("$")
            reader.quoted(before)
            reader.known = reader.known and not expansion
        else:
            reader.known, reader.splits = False, not is_declared
    return reader.word(raw, span)
