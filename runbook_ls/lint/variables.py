"""Which shell variables a cell sets and reads, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from runbook_ls.lint.commands import Commands


class Variable(NamedTuple):
    """One setting or reading of a variable: code points `start` up to `end` of the body.

    `plain` is for a setting that is nothing but `NAME=value`; `deferred` for a reading inside a function, which
    happens when that is called.
    """

    name: str
    start: int
    end: int
    plain: bool = False
    deferred: bool = False


class Variables(NamedTuple):
    """What a text does to variables. `opaque_from` is the offset of the first command that may set variables nobody
    can see here (`source`, `eval`), None if there is none. `unsure` says that the text does not parse."""

    settings: tuple[Variable, ...] = ()
    readings: tuple[Variable, ...] = ()
    opaque_from: int | None = None
    unsure: bool = False


@lru_cache(maxsize=256)
def variables_of(commands: Commands) -> Variables:
    """The variables that commands set and read. Recent ones are remembered."""
    sets = _may_set(commands.meant)
    reads = "$" in commands.meant
    if not sets and not reads:
        return Variables()
    unsure = commands.has_faults
    return Variables(
        tuple(_settings(commands)) if sets or unsure else (),
        tuple(_readings(commands)) if reads else (),
        _may_set_anything(commands) if sets or unsure else None,
        unsure,
    )


def _may_set(text: str) -> bool:
    """False if the text surely sets no variable. Hints are looked for first: few texts need a search."""
    return ("=" in text and _MAY_ASSIGN.search(text) is not None) or (
        any(hint in text for hint in _HINTS) and _MAY_NAME.search(text) is not None
    )


def _settings(commands: Commands) -> Iterator[Variable]:
    """Assignments, `export`, `declare`, `read`, `mapfile`, `printf -v`, `for`, arithmetic, `${X:=…}`."""
    for command in commands.script.commands:
        for assignment in command.assignments:
            # `X=1 command` sets it for the command alone; who writes that does not read it later.
            yield Variable(assignment.name, *commands.offsets(assignment.span), plain=not command.words)
        if command.name in _SETTING:
            words = [word.value or word.raw for word in command.words]
            for name in _named_by(words):
                yield Variable(name, *commands.offsets(command.span))
    if commands.script.faults:  # the parser may have lost some
        yield from (
            Variable(match[1], *match.span(1)) for match in re.finditer(_ASSIGNMENT_LINE, commands.meant)
        )
    for match in _SET_IN_PASSING.finditer(commands.meant):
        if match["default"] or commands.quoting_at(match.start()) == "bare":
            yield Variable(match["loop"] or match["default"], *match.span())
    for part in commands.regions if "((" in commands.meant else ():
        if part.quoting == "arithmetic":
            for match in _SET_BY_ARITHMETIC.finditer(commands.meant, part.start, part.end):
                yield Variable(match[1], *match.span(1))


def _readings(commands: Commands) -> Iterator[Variable]:
    """`$X` and `${X}` outside single quotes, comments and quoted here-documents.

    Not `${X:-…}`, `${X:=…}`, `${X:?…}` and `${X+…}`, which say what happens when it is not set.
    """
    has_functions = _MAY_DEFINE.search(commands.meant) is not None
    functions = [commands.offsets(f.span) for f in commands.script.functions] if has_functions else []
    literal = _quoted_heredocs(commands) if "<<" in commands.meant else []
    for match in re.finditer(_READ, commands.meant):
        at = match.start()
        quoting = commands.quoting_at(at)
        if quoting in ("single", "comment") or (
            quoting == "heredoc" and any(a <= at < b for a, b in literal)
        ):
            continue
        if _is_escaped(commands.meant, at):
            continue
        name = match["plain"] or match["braced"]
        yield Variable(name, *match.span(), deferred=any(a <= at < b for a, b in functions))


def _may_set_anything(commands: Commands) -> int | None:
    return min(
        (commands.offsets(c.span)[0] for c in commands.script.commands if c.name in ("source", ".", "eval")),
        default=None,
    )


_NAME = r"[A-Za-z_]\w*"
_READ = rf"\$(?:(?P<plain>{_NAME})|\{{[#!]?(?P<braced>{_NAME})(?!\w|:?[-=?+]|\[[@*]\]:?[-+]))"
_SET_IN_PASSING = re.compile(rf"\b(?:for|select)\s+(?P<loop>{_NAME})\b|\$\{{(?P<default>{_NAME}):?[=?]")
_ASSIGNMENT_LINE = rf"(?m)^[ \t]*(?:export[ \t]+)?({_NAME})\+?="
_SET_BY_ARITHMETIC = re.compile(rf"(?<![\w$])({_NAME})\s*(?:[-+*/%&|^]?=(?!=)|\+\+|--|<<=|>>=)")
# No text without one of these sets a variable, and none without one of the others defines a function.
_MAY_ASSIGN = re.compile(  # where a command may begin, or after a redirection
    r"(?m)(?:^|[;&|(){}!`]|\b(?:if|then|elif|else|while|until|do|time|coproc)\b|[<>]\s*\S+\s)"
    rf"\s*{_NAME}(?:\[[^\]\n]*\])?\+?=|\$\{{\w+:?="
)
_SETTING = frozenset(
    "export declare typeset local readonly let read mapfile readarray getopts printf source eval for select".split()
)
_MAY_NAME = re.compile(rf"\(\(|(?m:(?:^|[\s;&|(`]))\.\s|\b(?:{'|'.join(sorted(_SETTING))})\b")
_HINTS = (*_SETTING, "((", ". ", ".\t", ".\n")
_MAY_DEFINE = re.compile(r"\bfunction\b|\([ \t]*\)")
_IDENTIFIER = rf"(?s)({_NAME})(?:\+?=.*|\[.*)?"
_OPTIONS_WITH_VALUE = {
    "read": ("-d", "-i", "-n", "-N", "-p", "-rp", "-sp", "-rsp", "-t", "-u"),
    "mapfile": ("-d", "-n", "-O", "-s", "-u", "-C", "-c"),
    "readarray": ("-d", "-n", "-O", "-s", "-u", "-C", "-c"),
}


def _named_by(words: list[str]) -> Iterator[str]:
    """The variables that the arguments of a builtin name."""
    command, arguments = words[0], words[1:]
    if command in ("export", "declare", "typeset", "local", "readonly", "let"):
        yield from (match[1] for word in arguments if (match := re.fullmatch(_IDENTIFIER, word)))
    elif command in ("read", "mapfile", "readarray", "getopts"):
        skip = False
        for word in arguments:
            takes_value = word in _OPTIONS_WITH_VALUE.get(command, ())
            if not skip and (match := re.fullmatch(_IDENTIFIER, word)):
                yield match[1]
            skip = takes_value
        if command == "read":
            yield "REPLY"
    elif command == "printf" and arguments[:1] == ["-v"]:
        yield from arguments[1:2]


def _quoted_heredocs(commands: Commands) -> list[tuple[int, int]]:
    """The here-documents in which nothing expands."""
    found: list[tuple[int, int]] = []
    before = 0
    for part in commands.regions:
        if part.quoting == "heredoc" and _QUOTED_DELIMITER.search(commands.meant, before, part.start):
            found.append((part.start, part.end))
        if part.quoting == "heredoc":
            before = part.end
    return found


_QUOTED_DELIMITER = re.compile(r"(?<!<)<<(?!<)-?[ \t]*['\"\\]")


def _is_escaped(text: str, at: int) -> bool:
    first = at
    while first and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1
