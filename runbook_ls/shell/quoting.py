"""Which parts of a shell text are bare, quoted, commentary or the body of a here-document.

A scanner, not a parser: it is right on broken and half-written texts too, where a syntax tree is not, and it
is fast enough for every keystroke. Where it must know more than the characters say (`case` patterns inside a
command substitution) it may see a substitution end early; nothing worse.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal, NamedTuple

Quoting = Literal["bare", "single", "double", "comment", "heredoc", "arithmetic"]


class Region(NamedTuple):
    """Code points `start` up to `end` of a text that are quoted in one way, quote marks included."""

    start: int
    end: int
    quoting: Quoting


_MARKS = r"""\\|'|"|`|\$'|\$\(\(|\(\(|\$\(|\(|\)|\$\{|\}|\#|<<<|<<-?"""
_BARE = re.compile(_MARKS)
_BARE_OR_LINE_END = re.compile(rf"{_MARKS}|\n")  # where a here-document waits for the next line
_DOUBLE = re.compile(r"""\\|"|`|\$\(\(|\$\(|\$\{""")
_BRACE = re.compile(r"""\\|'|"|`|\$\(\(|\$\(|\$\{|\}""")
_ARITHMETIC = re.compile(r"\)\)|\(|\)|\n\n")
_WITHIN = {'"': _DOUBLE, "}": _BRACE, "))": _ARITHMETIC}
_DELIMITER = re.compile(r"""[ \t]*((?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s'"\\;&|<>()`])+)""")


def regions(text: str) -> tuple[Region, ...]:
    """The whole of `text`, cut where the quoting changes; offsets in code points. Never raises.

    Command substitutions are bare again inside double quotes, parameter expansions (`${x:-y}`) count as what
    surrounds them, an unclosed quote reaches to the end. Source: POSIX.1-2024 XCU 2.2, 2.3 and 2.7.4; bash's
    `$'…'` and `((…))`.
    """
    found: list[Region] = []
    begin = 0
    quoting: Quoting = "bare"
    stack: list[tuple[str, Quoting]] = []  # what closes the enclosing construct, and the quoting around it
    heredocs: list[tuple[str, bool]] = []
    position, end = 0, len(text)

    def change(at: int, to: Quoting) -> None:
        nonlocal begin, quoting
        if to != quoting:
            if at > begin:
                found.append(Region(begin, at, quoting))
            begin, quoting = at, to

    while position < end:
        closer = stack[-1][0] if stack else ""
        pattern = _WITHIN.get(closer) or (_BARE_OR_LINE_END if heredocs else _BARE)
        match = pattern.search(text, position)
        if match is None:
            break
        mark, at = match[0], match.start()
        position = match.end()
        if mark == "\\":
            position += 1
        elif mark == closer:
            around = stack.pop()[1]
            change(position if mark == '"' else at, around)
        elif mark in ("'", "$'"):
            if mark == "'" and quoting == "double":
                continue
            change(at, "single")
            position = _end_of_single(text, position, ansi=mark == "$'")
            change(position, "bare")
        elif mark in ('"', "`", "${"):
            stack.append((_CLOSES[mark], quoting))
            change(at if mark == '"' else position, quoting if mark == "${" else _inside(mark))
        elif mark in ("$((", "(("):
            if mark == "((" and not _command_position(text, at):
                position = at + 1
                stack.append((")", quoting))
                continue
            stack.append(("))", quoting))
            change(at, "arithmetic")
        elif mark in ("$(", "("):
            stack.append((")", quoting))
            change(position, "arithmetic" if closer == "))" else "bare")
        elif mark == "#":
            if _begins_word(text, at):
                change(at, "comment")
                newline = text.find("\n", at)
                position = end if newline < 0 else newline
                change(position, "bare")
        elif mark in ("<<", "<<-"):
            word = _DELIMITER.match(text, position)
            if word is not None:
                heredocs.append((re.sub(r"['\"\\]", "", word[1]), mark == "<<-"))
                position = word.end()
        elif mark == "\n":
            change(position, "heredoc")
            for delimiter, tabs in heredocs:
                position = _end_of_heredoc(text, position, delimiter, tabs=tabs)
            heredocs.clear()
            change(position, "bare")
        elif mark == "\n\n":  # no arithmetic spans an empty line: it was never closed
            stack.pop()
            change(at, "bare")
    if begin < end:
        found.append(Region(begin, end, quoting))
    return tuple(found)


def quoting_at(cut: tuple[Region, ...], offset: int) -> Quoting:
    """The quoting of the code point at `offset`, from what `regions` gave; bare outside the text."""
    index = bisect_right(cut, (offset + 1,)) - 1  # regions compare by where they begin
    return cut[index].quoting if index >= 0 and offset < cut[index].end else "bare"


_CLOSES = {'"': '"', "`": "`", "${": "}"}


def _inside(opener: str) -> Quoting:
    return "double" if opener == '"' else "bare"


def _begins_word(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in " \t\n;&|()`"


def _command_position(text: str, at: int) -> bool:
    """True where `((` begins an arithmetic command: not in `$(cmd ((` and not after a word."""
    before = text[:at].rstrip(" \t") if at < 400 else text[at - 400 : at].rstrip(" \t")
    return (
        not before
        or before[-1] in "\n;&|({!"
        or re.search(r"\b(?:if|while|until|for|do|then|else|elif)$", before) is not None
    )


def _end_of_single(text: str, position: int, *, ansi: bool) -> int:
    while True:
        close = text.find("'", position)
        if close < 0:
            return len(text)
        if not ansi or (close - len(text[position:close].rstrip("\\")) - position) % 2 == 0:
            return close + 1
        position = close + 1


def _end_of_heredoc(text: str, position: int, delimiter: str, *, tabs: bool) -> int:
    """The offset after the delimiter of a here-document whose body begins at `position`; its line end is not
    passed, so that a command after it is seen as a new one."""
    at = text.find(delimiter, position)
    while at >= 0:
        start = max(position, text.rfind("\n", position, at) + 1)
        newline = text.find("\n", at)
        line_end = len(text) if newline < 0 else newline
        line = text[start:line_end].rstrip("\r")
        if (line.lstrip("\t") if tabs else line) == delimiter:
            return line_end
        position = line_end + 1
        at = text.find(delimiter, position)
    return len(text)
