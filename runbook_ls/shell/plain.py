"""Simple commands, read without a parser: most cells of most runbooks hold nothing else.

`read` gives what `syntax.parse` makes of the parser's tree, for a fraction of its cost and without loading it; or
None where a text may mean more than words between operators. `tests/shell/test_plain.py` compares the two. Pure.
"""

from __future__ import annotations

import re

from runbook_ls.shell.script import Assignment, Command, Redirect, Script
from runbook_ls.shell.syntax_words import Word, WordReader
from runbook_ls.values import Position, Span

# A name ends where its letters do (`(?!\w)`), else an open quote could be tried in as many ways as there are cuts.
_EXPANSION = r"\$\w+(?!\w)|\$\{\w+\}"
_SINGLE = r"'[^']*'"
# What is inside is read as a text of its own.
_SUBSTITUTION = (
    rf"""\$\((?!\()(?:[^()"'`\\#$\n<>]|{_EXPANSION}|{_SINGLE}|"(?:[^"\\`$]|\\.|{_EXPANSION})*"|\\.)*\)"""
)
_DOUBLE = rf'"(?:[^"\\`$]|\\.|{_EXPANSION}|{_SUBSTITUTION})*"'
_LETTER = r"[\w./:=@%,+~^*?-]"
_TOKEN = re.compile(
    rf"""(?:[ \t]+(?:\\\n[ \t]*)*)?
    (?:(?P<bare>[\w./:=@%,+^-]+(?![^ \t\n;|&]))
    | (?P<redirect>\d*(?:>>?|<)(?:&\d(?!\w)|[ \t]*(?:{_LETTER}|{_EXPANSION})+)(?![^ \t\n;|&]))
    | (?P<word>(?:{_LETTER} | {_EXPANSION} | {_SUBSTITUTION} | {_DOUBLE} | {_SINGLE} | \\[^ \t\n])+)
    | (?P<end>;|\n)
    | (?P<pipe>\|(?!\|))
    | (?P<either>&&|\|\|)
    | (?P<comment>\#[^\n]*)
    | (?P<nothing>))""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_PIECE = re.compile(
    rf"""(?P<bare>(?:[^"'\\$]|\\.)+) | (?P<double>{_DOUBLE}) | (?P<single>{_SINGLE}) | {_EXPANSION} | {_SUBSTITUTION}""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_SUBSTITUTIONS = re.compile(rf"\\.|({_SUBSTITUTION})", re.ASCII | re.DOTALL)
_UP_TO_EXPANSION = re.compile(r"(?:[^\\$]|\\.)*", re.DOTALL)
_REDIRECT = re.compile(r"(\d*)(>>|[<>]&?)[ \t]*(.+)", re.ASCII)
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=", re.ASCII)
_RESERVED = frozenset(
    "if then else elif fi for while until do done case esac in function select time coproc let".split()
)
_DECLARING = frozenset({"export", "declare", "typeset", "local", "readonly"})


def read(text: str) -> Script | None:
    """The script of a text that is words between `&&`, `||`, `|`, `;` and line ends, with comments, quotes, command
    substitutions and, behind the words, redirections.

    None for any other text, and for a few that would be simple to a reader. Spans as `syntax.parse` has them.
    """
    if not text.isascii() or "\r" in text:  # a line end of its own, even in quotes
        return None
    reading = _Reading(text)
    if not reading.is_simple():
        return None
    commands = reading.commands
    return Script(text, tuple(sorted(commands, key=_place) if "$(" in text else commands))


def _place(command: Command) -> Span:
    return command.span


class _Reading:
    """One pass over a text. The words of a command wait until something ends it.

    What a substitution holds is read as a text of its own: `base` surrounds its commands, and its first line is `line`
    of the whole, which began at its offset `line_start` (negative: before it).
    """

    def __init__(self, text: str, base: tuple[str, ...] = (), line: int = 0, line_start: int = 0) -> None:
        self.text = text
        self.commands: list[Command] = []
        self.line, self.line_start = line, line_start
        self.start: Position | None = None  # of the command that is being read
        self.end = Position(0, 0)  # of its last word
        self.words: list[Word] = []
        self.assignments: list[Assignment] = []
        self.redirects: list[Redirect] = []
        self.within = self.base = base
        self.piped_from: Span | None = None
        self.ended: Command | None = None  # the one before, of this text itself

    def is_simple(self) -> bool:
        """Read to the end, or to where something is not simple."""
        text, end = self.text, 0
        after_operator = after_word = False
        for token in _TOKEN.finditer(text):
            before, kind = end, token.lastgroup or ""
            start, end = token.span(kind)
            if start > before:
                if start - before > 1 and (lines := text.count("\n", before, start)):
                    self.next_line(lines, text.rindex("\n", before, start) + 1)
                after_word = False
            if kind == "bare" or kind == "word":
                raw = text[start:end]
                if kind == "bare" and "=" not in raw:
                    is_plain = self.bare(raw, start)
                else:
                    is_plain = self.word(raw, start, is_bare=kind == "bare")
                if not is_plain:
                    return False
                after_operator, after_word = False, True
            elif kind == "redirect":
                if not self.redirect(text[start:end], start):
                    return False
                after_word = True
            elif kind == "comment":
                if after_word or after_operator:
                    return False  # `a#b` is one word; after an operator the command goes on below
            elif kind == "nothing":
                if start == before and start < len(text):
                    return False
            elif kind == "pipe" and self.redirects:
                return False  # the parser may hang it elsewhere
            else:
                if self.start is not None:
                    self.command()
                elif after_operator or text[start] != "\n":
                    return False
                after_operator, after_word = kind != "end", False
                self.piped_from = self.ended.span if self.ended and kind == "pipe" else None
                if kind != "pipe":
                    self.within = (*self.base, "condition") if kind == "either" else self.base
                if text[start] == "\n":
                    self.next_line(1, end)
        if self.start is not None:
            self.command()
        return not after_operator

    def next_line(self, lines: int, start: int) -> None:
        self.line, self.line_start = self.line + lines, start

    def command(self) -> None:
        """End the command."""
        assert self.start is not None
        words, assignments, redirects = tuple(self.words), tuple(self.assignments), tuple(self.redirects)
        piped_from = self.piped_from if words else None
        self.ended = Command(
            words, assignments, redirects, Span(self.start, self.end), self.within, piped_from
        )
        self.commands.append(self.ended)
        self.words, self.assignments, self.redirects, self.start = [], [], [], None

    def bare(self, raw: str, start: int) -> bool:
        """One more word of the command, which is nothing but its letters. False if it is a reserved one."""
        if raw in _RESERVED or self.redirects:
            return False
        line, column = self.line, start - self.line_start
        begin, self.end = Position(line, column), Position(line, column + len(raw))
        self.words.append(Word(raw, raw, Span(begin, self.end), raw))
        self.start = self.start or begin
        return True

    def word(self, raw: str, start: int, *, is_bare: bool) -> bool:
        """One more word of the command. False if it means more to the shell than its letters."""
        assignment = _ASSIGNMENT.match(raw) if "=" in raw else None
        if raw in _RESERVED or self.redirects or ("=" in raw and assignment is None and not self.words):
            return False
        span = self.span(start, raw)
        if assignment is not None and not self.words:
            self.assignments.append(self.assignment(assignment, raw, span))
        elif is_bare:
            self.words.append(Word(raw, raw, span, raw))
        else:
            # Behind an assignment of its own the parser takes `export` for a program.
            declares = not self.assignments and bool(self.words) and self.words[0].value in _DECLARING
            self.words.append(_word(raw, span, is_declared=assignment is not None and declares))
        self.start, self.end = self.start or span.start, span.end
        if is_bare:
            return True
        if "$(" in raw and not self.substitutions(raw, start):
            return False
        if "\n" in raw:
            self.next_line(raw.count("\n"), start + raw.rindex("\n") + 1)
        return True

    def span(self, start: int, raw: str) -> Span:
        line, column = self.line, start - self.line_start
        if "\n" in raw:
            end = Position(line + raw.count("\n"), len(raw) - raw.rindex("\n") - 1)
        else:
            end = Position(line, column + len(raw))
        return Span(Position(line, column), end)

    def assignment(self, match: re.Match[str], raw: str, span: Span) -> Assignment:
        value = raw[match.end() :]
        if not value:
            return Assignment(match[1], None, span)
        begin = Position(span.start.line, span.start.column + match.end())  # no name holds a line end
        return Assignment(match[1], _word(value, Span(begin, span.end)), span)

    def redirect(self, raw: str, start: int) -> bool:
        """A redirection of the command, after its last word."""
        match = _REDIRECT.fullmatch(raw)
        if match is None or not self.words:
            return False
        target = _word(match[3], self.span(start + match.start(3), match[3]))
        span = self.span(start, raw)
        self.redirects.append(Redirect(match[2], match[1] or None, target, span))
        self.end = span.end
        return True

    def substitutions(self, raw: str, start: int) -> bool:
        """Read the commands that are substituted in a word. False if one of them is not simple."""
        for piece in _PIECE.finditer(raw):
            if piece.lastgroup in ("bare", "single"):
                continue
            for match in _SUBSTITUTIONS.finditer(raw, *piece.span()):
                if match[1] is None:
                    continue
                inside = match.start() + 2
                begin = self.span(start, raw[:inside]).end
                reading = _Reading(
                    raw[inside : match.end() - 1],
                    (*self.within, "substitution"),
                    begin.line,
                    -begin.column,
                )
                if not reading.is_simple() or not reading.commands:
                    return False
                self.commands += reading.commands
        return True


def _word(raw: str, span: Span, *, is_declared: bool = False) -> Word:
    """The word that is written like this; `NAME=value` after `export` is not split."""
    reader = WordReader()
    for piece in _PIECE.finditer(raw):
        kind = piece.lastgroup
        if kind == "bare":
            reader.unquoted(piece[0])
        elif kind == "single":
            reader.quoted(piece[0][1:-1])
        elif kind == "double":
            text = piece[0][1:-1]
            before = _UP_TO_EXPANSION.match(text)
            assert before is not None
            reader.in_double_quotes(before[0])
            if before.end() < len(text):
                reader.known = False
                # As the parser's words have it: `"$@"` becomes several.
                reader.splits = reader.splits or any("@" in found for found in _SUBSTITUTIONS.findall(text))
        else:
            reader.known, reader.splits = False, not is_declared
    return reader.word(raw, span)
